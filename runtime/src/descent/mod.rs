//! Walking down an error function: what all methods share, and a file per method.

mod gradient_descent;
mod observer;
mod status;
mod subproblem;
mod trust_region;

pub use gradient_descent::GradientDescent;
pub use observer::{Observer, Progress};
pub use status::Status;
pub use trust_region::TrustRegion;

use crate::ErrorFunction;

/// Where a method came to rest, and why.
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
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
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
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * a.iter().map(|x| (x / largest) * (x / largest)).sum::<f64>().sqrt()
}
