//! Functions whose derivatives the build script writes beside them.

use hesse::{derive_hessian, differentiable};

/// Keeps amplitude and rate positive.
#[derive_hessian(only(value, gradient, hessian), uses(wall))]
pub fn barrier(a: f64, b: f64) -> f64 {
    wall(a) + wall(b)
}

/// Grows without bound on the way to zero.
#[differentiable]
fn wall(x: f64) -> f64 {
    -x.ln()
}
