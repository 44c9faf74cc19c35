//! The numeric core and the surface analysis of Hesse.
//!
//! Without features the crate is `no_std`: the elementary functions that generated code calls
//! ([`math`], and [`lanes`] for many rows at a time), the trait it implements ([`ErrorFunction`]) and
//! the layout of its Hessians ([`packed`]).
//! The feature `std` takes the elementary functions from the platform, `lanes` picks the instructions of the
//! processor at run time, `sparse` puts sparse Hessians into compressed columns, `parallel` evaluates blocks of rows
//! on several threads ([`blocks`]), `basin3` and `argmin` lend error functions to the solvers of these libraries (`adapters`). The feature `analysis`, on by
//! default, adds what second derivatives are good for:
//!
//! | question | answer |
//! |---|---|
//! | what kind of point is this? | [`Analyze::analyze`], [`Kind`], [`StationaryClass`] |
//! | which axes are stiff, which flat? | [`Spectrum`], [`QuadraticModel`] |
//! | where is the minimum? | [`descent::TrustRegion`] and other methods of [`descent`] |
//! | where are all stationary points in a box, with proof? | [`certify::stationary_points`] |
//! | what of a Hessian too large to be formed? | [`krylov`] |
//! | how certain are the fitted parameters? | [`FitStatistics`], [`profile_interval`]; [`LikelihoodStatistics`], [`likelihood_interval`] |
//!
//! ```
//! use hesse_runtime::descent::{Method, TrustRegion};
//! use hesse_runtime::{Analyze, ErrorFunction, packed};
//!
//! /// Himmelblau's function, (x² + y − 11)² + (x + y² − 7)², written out by hand.
//! struct Himmelblau;
//!
//! impl ErrorFunction for Himmelblau {
//!     fn dimension(&self) -> usize {
//!         2
//!     }
//!     fn value(&self, w: &[f64]) -> f64 {
//!         (w[0] * w[0] + w[1] - 11.0).powi(2) + (w[0] + w[1] * w[1] - 7.0).powi(2)
//!     }
//!     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
//!         let (r, s) = (w[0] * w[0] + w[1] - 11.0, w[0] + w[1] * w[1] - 7.0);
//!         gradient.copy_from_slice(&[4.0 * w[0] * r + 2.0 * s, 2.0 * r + 4.0 * w[1] * s]);
//!         r * r + s * s
//!     }
//!     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
//!         let (r, s) = (w[0] * w[0] + w[1] - 11.0, w[0] + w[1] * w[1] - 7.0);
//!         hessian.copy_from_slice(&[
//!             8.0 * w[0] * w[0] + 4.0 * r + 2.0,
//!             4.0 * (w[0] + w[1]),
//!             8.0 * w[1] * w[1] + 4.0 * s + 2.0,
//!         ]);
//!         self.value_gradient(w, gradient)
//!     }
//!     fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
//!         let (mut gradient, mut hessian) = ([0.0; 2], [0.0; 3]);
//!         self.value_gradient_hessian(w, &mut gradient, &mut hessian);
//!         packed::multiply(&hessian, v, product);
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let descent = TrustRegion::default().minimize(&Himmelblau, &[4.0, 3.0])?;
//! let analysis = Himmelblau.analyze(&descent.minimizer)?;
//! assert_eq!(analysis.kind().as_str(), "minimum");
//! assert!((descent.minimizer[0] - 3.0).abs() < 1e-14 && (descent.minimizer[1] - 2.0).abs() < 1e-14);
//! assert!((analysis.condition_number() - 3.2).abs() < 0.1);
//! # Ok(())
//! # }
//! ```
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(not(feature = "analysis"), allow(rustdoc::broken_intra_doc_links))]

#[cfg(any(feature = "argmin", feature = "basin3"))]
pub mod adapters;
#[cfg(feature = "std")]
#[doc(hidden)]
pub mod agreement;
#[cfg(feature = "analysis")]
mod analysis;
pub mod blocks;
#[cfg(feature = "analysis")]
pub mod certify;
#[cfg(feature = "analysis")]
mod chi_squared;
#[cfg(feature = "analysis")]
mod degeneracy;
#[cfg(feature = "analysis")]
pub mod descent;
#[cfg(feature = "analysis")]
mod diagnostics;
#[doc(hidden)]
pub mod dual;
mod error_function;
#[cfg(feature = "analysis")]
mod flat;
#[cfg(feature = "analysis")]
mod inertia;
#[cfg(feature = "analysis")]
mod information;
#[cfg(feature = "std")]
pub mod interval;
#[cfg(feature = "std")]
mod interval_error_function;
#[cfg(feature = "analysis")]
mod kink;
#[cfg(feature = "analysis")]
pub mod krylov;
pub mod lanes;
#[cfg(feature = "analysis")]
mod likelihood;
pub mod math;
#[cfg(feature = "analysis")]
mod one_sided;
pub mod packed;
mod parameters;
#[cfg(feature = "analysis")]
mod prediction;
#[cfg(feature = "analysis")]
mod profile;
#[cfg(feature = "analysis")]
mod quadratic_model;
#[cfg(feature = "analysis")]
mod random;
mod row_error_function;
#[cfg(feature = "analysis")]
mod scaling;
#[cfg(feature = "std")]
mod slice;
#[cfg(feature = "sources")]
pub mod sources;
#[cfg(feature = "std")]
pub mod sparse;
mod sparse_error_function;
#[cfg(feature = "sparse")]
mod sparse_hessian;
#[cfg(feature = "analysis")]
mod spectrum;
#[cfg(feature = "analysis")]
mod stationary;
#[cfg(feature = "analysis")]
mod statistics;
#[cfg(feature = "analysis")]
mod student;
#[cfg(feature = "analysis")]
mod symmetry;

#[cfg(feature = "analysis")]
pub use analysis::{Analysis, AnalysisError, Analyze};
#[cfg(feature = "parallel")]
pub use blocks::Parallel;
#[cfg(feature = "analysis")]
pub use degeneracy::{Degeneracy, LeadingTerm, Verdict};
#[cfg(feature = "analysis")]
pub use diagnostics::{Outlier, ResidualDiagnostics, Runs};
pub use error_function::{ErrorFunction, ResidualKind, SumOfSquares};
#[cfg(feature = "analysis")]
pub use inertia::Inertia;
#[cfg(feature = "std")]
pub use interval_error_function::IntervalErrorFunction;
#[cfg(feature = "analysis")]
pub use kink::Kink;
#[cfg(feature = "analysis")]
pub use likelihood::LikelihoodStatistics;
pub use parameters::Parameters;
#[cfg(feature = "analysis")]
pub use profile::{likelihood_interval, profile_interval, profile_interval_within};
#[cfg(feature = "analysis")]
pub use quadratic_model::QuadraticModel;
pub use row_error_function::RowErrorFunction;
#[cfg(feature = "std")]
pub use slice::Slice;
pub use sparse_error_function::SparseErrorFunction;
#[cfg(feature = "analysis")]
pub use spectrum::{Spectrum, SpectrumError};
#[cfg(feature = "analysis")]
pub use stationary::{Kind, StationaryClass, Tolerance};
#[cfg(feature = "analysis")]
pub use statistics::{FitStatistics, StatisticsError};
#[cfg(feature = "analysis")]
pub use symmetry::{Symmetry, SymmetryKind};
