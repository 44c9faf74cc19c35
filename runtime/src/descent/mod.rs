//! Walking down an error function: what all methods share, and a file per method.
//!
//! | method | asks for | memory | good for |
//! |---|---|---|---|
//! | [`TrustRegion`] | H | n² | anything of up to some hundreds of parameters |
//! | [`CubicRegularization`], [`Newton`], [`SaddleFreeNewton`] | H | n² | the same, by other roads |
//! | [`LeastSquares`] | H, and J or JᵀJ, of a sum of squares | mn or n² | fits |
//! | [`LevenbergMarquardt`] | J or JᵀJ of a sum of squares | mn or n² | fits with small residuals |
//! | `SparseNewton` (feature `sparse`) | sparse H | its entries | chains, bands, grids |
//! | [`Steihaug`] | H·v | n | many parameters, ill-conditioned |
//! | [`LimitedMemory`], [`ConjugateGradients`] | ∇E | n | many parameters |
//! | [`GradientDescent`], [`Momentum`], [`Adam`] | ∇E | n | comparison, and [`MiniBatches`] of data |
//! | [`Multistart`] | any of them | | many minima |

mod adam;
mod bounds;
mod conjugate_gradients;
mod cubic_regularization;
mod curvature;
mod directions;
mod first_order;
mod gradient_descent;
mod iterate;
mod least_squares;
mod levenberg_marquardt;
mod limited_memory;
mod line_search;
mod method;
mod mini_batches;
mod momentum;
mod multistart;
mod newton;
mod observer;
mod regions;
mod rest;
mod schedule;
mod singular;
#[cfg(feature = "sparse")]
mod sparse_factor;
#[cfg(feature = "sparse")]
mod sparse_newton;
mod status;
mod steihaug;
mod subproblem;
mod trust_region;
mod units;

pub use adam::Adam;
pub use bounds::Bounds;
pub use conjugate_gradients::ConjugateGradients;
pub use cubic_regularization::CubicRegularization;
pub use first_order::{FirstOrder, Rule};
pub use gradient_descent::GradientDescent;
pub use least_squares::LeastSquares;
pub use levenberg_marquardt::LevenbergMarquardt;
pub use limited_memory::LimitedMemory;
pub use line_search::LineSearch;
pub use method::Method;
pub use mini_batches::MiniBatches;
pub use momentum::Momentum;
pub use multistart::Multistart;
pub use newton::{Newton, SaddleFreeNewton};
pub use observer::{Observer, Progress};
pub use schedule::{Course, Schedule};
#[cfg(feature = "sparse")]
pub use sparse_newton::SparseNewton;
pub use status::Status;
pub use steihaug::Steihaug;
pub use trust_region::TrustRegion;

use iterate::Iterate;

use crate::ErrorFunction;

/// Where a method came to rest, and why.
///
/// ```
/// use hesse_runtime::descent::{Method, TrustRegion};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// let descent = TrustRegion::default().minimize(&Bowl, &[3.0, 1.0])?;
/// assert!(descent.converged() && descent.iterations > 0);
/// assert!(descent.gradient.iter().all(|slope| slope.abs() < 1e-6));
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Descent {
    /// The last iterate, of the smallest value met up to E's rounding error.
    #[doc(alias = "argmin")]
    pub minimizer: Vec<f64>,
    /// E at the minimizer.
    pub value: f64,
    /// ∇E at the minimizer.
    pub gradient: Vec<f64>,
    /// The reason to stop.
    pub status: Status,
    /// The number of steps taken or refused.
    pub iterations: usize,
}

impl Descent {
    /// Whether the status means that a minimizer was found, to full or to reduced accuracy.
    #[must_use]
    pub fn converged(&self) -> bool {
        self.status.converged()
    }
}

/// Why a descent could not begin or go on.
///
/// ```
/// use hesse_runtime::descent::{Method, TrustRegion};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// let refused = TrustRegion::default().minimize(&Bowl, &[3.0]).unwrap_err();
/// assert_eq!(refused.to_string(), "the start has 1 coordinates, expected 2");
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DescentError {
    /// The start does not have one coordinate per parameter.
    #[error("the start has {found} coordinates, expected {expected}")]
    Dimension {
        /// The number of parameters.
        expected: usize,
        /// The number of coordinates given.
        found: usize,
    },
    /// A coordinate of the start is NaN or infinite.
    #[error("coordinate {index} of the start is {value}, expected a finite number")]
    Start {
        /// The index of the parameter.
        index: usize,
        /// What was given.
        value: f64,
    },
    /// E is NaN or infinite at the start.
    #[error("the error function is {value} at the start, expected a finite number")]
    Value {
        /// What E returned.
        value: f64,
    },
    /// A component of ∇E is NaN or infinite where E itself is finite.
    #[error("component {index} of the gradient is {value}, expected a finite number")]
    Gradient {
        /// The index of the parameter.
        index: usize,
        /// What E returned.
        value: f64,
    },
    /// The Hessian has no spectrum, most likely because an entry is NaN or infinite.
    #[error("the Hessian cannot be decomposed: {0}")]
    Hessian(#[from] crate::SpectrumError),
    /// A residual or a derivative of one is NaN or infinite where E itself is finite.
    #[error("a residual or a derivative of one is {value}, expected finite numbers")]
    Residuals {
        /// What E returned.
        value: f64,
    },
    /// The bounds are not as many as the parameters.
    #[error("there are bounds for {found} parameters, expected {expected}")]
    BoundCount {
        /// The number of parameters.
        expected: usize,
        /// The number of bounds given.
        found: usize,
    },
    /// A lower bound is above the upper one, or a bound is NaN.
    #[error("the bounds of parameter {index} are {lower} and {upper}, expected the lower one first")]
    Bound {
        /// The index of the parameter.
        index: usize,
        /// The lower bound given.
        lower: f64,
        /// The upper bound given.
        upper: f64,
    },
    /// The pattern of the sparse Hessian is no lower triangle.
    #[cfg(feature = "sparse")]
    #[error("the pattern of the Hessian is wrong: {0}")]
    Pattern(crate::sparse::PatternError),
    /// A setting of the method is out of range.
    #[error("`{name}` is {value}, expected {expected}")]
    Setting {
        /// The name of the field.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it should be.
        expected: &'static str,
    },
}

/// Refuses a start of the wrong dimension or with a coordinate that is not finite.
fn check_start<E: ErrorFunction + ?Sized>(error: &E, start: &[f64]) -> Result<(), DescentError> {
    if start.len() != error.dimension() {
        return Err(DescentError::Dimension { expected: error.dimension(), found: start.len() });
    }
    match start.iter().position(|coordinate| !coordinate.is_finite()) {
        Some(index) => Err(DescentError::Start { index, value: start[index] }),
        None => Ok(()),
    }
}

/// Refuses a gradient with a component that is not finite.
fn check_gradient(gradient: &[f64]) -> Result<(), DescentError> {
    match gradient.iter().position(|component| !component.is_finite()) {
        Some(index) => Err(DescentError::Gradient { index, value: gradient[index] }),
        None => Ok(()),
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn norm(a: &[f64]) -> f64 {
    // Scaled by the largest component, because squares overflow long before the components do.
    let largest = a.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    if a.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * a.iter().map(|x| (x / largest) * (x / largest)).sum::<f64>().sqrt()
}
