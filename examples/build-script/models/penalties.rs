//! Functions whose derivatives the build script writes beside them.

use hesse::derive_hessian;

/// Keeps amplitude and rate positive.
#[derive_hessian(only(value, gradient, hessian))]
pub fn barrier(a: f64, b: f64) -> f64 {
    // It grows without bound on the way to zero.
    -(a.ln() + b.ln())
}
