//! Elementary functions for many rows at a time, compiled for the processor at hand.
//!
//! The functions of [`math`](crate::math) are calls, and a loop around a call stays scalar. Those here
//! are branch-free polynomials that inline into the caller's loop, so the compiler turns eight
//! iterations into the instructions of one. Which instructions depends on the features the loop is
//! compiled for; users compile for the baseline, so [`dispatch`] picks at run time among copies of a
//! [`Routine`] compiled for AVX-512, for AVX2 with FMA, and for the baseline (on AArch64 that is NEON).
//!
//! A routine is generic over its [`Machine`], which says whether multiply-add is one instruction:
//! [`Fused`] and [`Plain`] round differently, so each has bits of its own, and these bits depend on
//! nothing else: not on the width of the registers, nor on whether the scalar form or that of
//! [`groups`] was called.
//!
//! ```
//! use hesse_runtime::lanes::{self, Machine, Routine};
//!
//! /// Σ σ(xᵢ) over groups of eight rows.
//! struct SumOfSigmoids<'a>(&'a [[f64; 8]]);
//!
//! impl Routine for SumOfSigmoids<'_> {
//!     type Output = f64;
//!
//!     #[inline(always)] // or the body is compiled for the baseline
//!     fn run<M: Machine>(self, _: M) -> f64 {
//!         let mut total = [0.0; 8];
//!         for group in self.0 {
//!             for lane in 0..8 {
//!                 let e = lanes::exp::<M>(-group[lane].abs());
//!                 total[lane] += if group[lane] < 0.0 { e / (1.0 + e) } else { 1.0 / (1.0 + e) };
//!             }
//!         }
//!         total.iter().sum()
//!     }
//! }
//!
//! let x = [[-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0]; 2];
//! assert!((lanes::dispatch(SumOfSigmoids(&x)) - 8.0).abs() < 1e-14);
//! ```
//!
//! Accuracy is stated in units in the last place (ulp) of the exact result: the largest distance found
//! among a million points or so per function, ordinary and adversarial, for both machines, against
//! references of 70 digits.
#![allow(
    clippy::inline_always,
    reason = "a function that is not inlined is compiled for the baseline, whatever its caller is compiled for"
)]

mod dispatch;
mod exponential;
mod gauss;
pub mod groups;
mod hyperbolic;
mod logarithm;
mod machine;
mod normal;
mod panels;
mod products;
mod radius;
mod rows;
mod trigonometric;
#[cfg(all(feature = "lanes", any(target_arch = "x86", target_arch = "x86_64")))]
mod wide;

pub use dispatch::{Routine, dispatch, is_fused};
pub use exponential::{exp, exp_m1, exp2};
pub use gauss::{erf, erfc};
pub use hyperbolic::{ln_cosh, sech, tanh};
pub use logarithm::{ln, ln_1p, log2, log10};
pub use machine::{Fused, Machine, Plain, Vectors};
pub use normal::{ln_normal_cdf, normal_cdf, normal_excess, normal_hazard, normal_pdf};
pub use panels::{
    Aligned, add_totals, clear, clear_around, columns, folded, opaque, total, window, window_mut,
};
pub use products::{add_products, add_products_to, totals};
pub use radius::hypot;
pub use rows::add_rows;
pub use trigonometric::{cos, sin, spherical_bessel};
