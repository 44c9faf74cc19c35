//! The functions over groups of eight lanes: y = f(x) for each pair of groups, up to the shorter slice.
//!
//! The bits are those of the scalar functions.
//!
//! ```
//! use hesse_runtime::lanes::{self, Plain};
//!
//! let x = [[0.5; 8]; 3];
//! let mut y = [[0.0; 8]; 3];
//! lanes::groups::exp::<Plain>(&x, &mut y);
//! assert_eq!(y, [[lanes::exp::<Plain>(0.5); 8]; 3]);
//! ```

use super::Machine;
use super::logarithm::{ln_1p_inside, ln_normal};
use super::trigonometric::{REDUCIBLE, cos_near, sin_near};

macro_rules! branch_free {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        pub fn $name<M: Machine>(x: &[[f64; 8]], y: &mut [[f64; 8]]) {
            for (y, &x) in y.as_flattened_mut().iter_mut().zip(x.as_flattened()) {
                *y = super::$name::<M>(x);
            }
        }
    )*};
}

branch_free! {
    /// [`log2`](super::log2) of each lane.
    log2;
    /// [`log10`](super::log10) of each lane.
    log10;
    /// [`exp`](super::exp) of each lane.
    exp;
    /// [`exp2`](super::exp2) of each lane.
    exp2;
    /// [`exp_m1`](super::exp_m1) of each lane.
    exp_m1;
    /// [`tanh`](super::tanh) of each lane.
    tanh;
    /// [`sech`](super::sech) of each lane.
    sech;
    /// [`erf`](super::erf) of each lane.
    erf;
    /// [`erfc`](super::erfc) of each lane.
    erfc;
    /// [`ln_cosh`](super::ln_cosh) of each lane.
    ln_cosh;
    /// [`normal_pdf`](super::normal_pdf) of each lane.
    normal_pdf;
    /// [`normal_cdf`](super::normal_cdf) of each lane.
    normal_cdf;
    /// [`ln_normal_cdf`](super::ln_normal_cdf) of each lane.
    ln_normal_cdf;
    /// [`normal_hazard`](super::normal_hazard) of each lane.
    normal_hazard;
    /// [`normal_excess`](super::normal_excess) of each lane.
    normal_excess;
}

/// [`ln`](super::ln) of each lane.
#[inline(always)]
pub fn ln<M: Machine>(x: &[[f64; 8]], y: &mut [[f64; 8]]) {
    mostly(x, y, |x| (f64::MIN_POSITIVE..f64::INFINITY).contains(&x), ln_normal::<M>, super::ln::<M>);
}

/// [`ln_1p`](super::ln_1p) of each lane.
#[inline(always)]
pub fn ln_1p<M: Machine>(x: &[[f64; 8]], y: &mut [[f64; 8]]) {
    mostly(x, y, |x| (x > -1.0) & (x < f64::INFINITY), ln_1p_inside::<M>, super::ln_1p::<M>);
}

/// [`sin`](super::sin) of each lane.
#[inline(always)]
pub fn sin<M: Machine>(x: &[[f64; 8]], y: &mut [[f64; 8]]) {
    mostly(x, y, |x| x.abs() <= REDUCIBLE, sin_near::<M>, libm::sin);
}

/// [`cos`](super::cos) of each lane.
#[inline(always)]
pub fn cos<M: Machine>(x: &[[f64; 8]], y: &mut [[f64; 8]]) {
    mostly(x, y, |x| x.abs() <= REDUCIBLE, cos_near::<M>, libm::cos);
}

/// Computes all lanes by `fast`, then those outside its domain again by `rare`.
#[inline(always)]
fn mostly(
    x: &[[f64; 8]],
    y: &mut [[f64; 8]],
    inside: impl Fn(f64) -> bool,
    fast: impl Fn(f64) -> f64,
    rare: fn(f64) -> f64,
) {
    let mut all = true;
    for (y, &x) in y.as_flattened_mut().iter_mut().zip(x.as_flattened()) {
        all &= inside(x);
        *y = fast(x);
    }
    if !all {
        replace(x, y, inside, rare);
    }
}

#[cold]
#[inline(never)]
fn replace(x: &[[f64; 8]], y: &mut [[f64; 8]], inside: impl Fn(f64) -> bool, rare: fn(f64) -> f64) {
    for (y, &x) in y.as_flattened_mut().iter_mut().zip(x.as_flattened()) {
        if !inside(x) {
            *y = rare(x);
        }
    }
}
