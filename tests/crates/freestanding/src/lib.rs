//! Error functions without the standard library, and parts that other crates use.

#![no_std]
#![deny(warnings, missing_docs, unreachable_pub, unsafe_code, clippy::all, clippy::pedantic)]

use hesse::{Parameters, derivatives, derive_hessian, differentiable};
pub use levels::level;

/// A decay with an offset.
#[derive(Parameters, Clone, PartialEq, Debug)]
pub struct Decay {
    /// The value at the beginning, above the offset.
    pub amplitude: f64,
    /// How fast it decays, and how this changes with time.
    pub rates: [f64; 2],
}

/// What a decay is at time `t`.
#[must_use]
#[differentiable(uses(Decay, damping))]
pub fn decay(model: &Decay, t: f64) -> f64 {
    model.amplitude * damping(model.rates, t)
}

/// By what a decay has fallen.
#[differentiable]
fn damping(rates: [f64; 2], t: f64) -> f64 {
    // The square of t, without a function that `core` lacks.
    1.0 / (1.0 + rates[0] * t + rates[1] * t * t)
}

/// The sum of squares of what a decay leaves over.
#[must_use]
#[derive_hessian(uses(Decay, decay))]
pub fn misfit(model: &Decay, t: &[f64], y: &[f64]) -> f64 {
    let mut total = 0.0;
    for (t, y) in t.iter().zip(y) {
        let r = y - decay(model, *t);
        total += r * r;
    }
    total
}

/// A chain of any length, in single precision.
#[must_use]
#[derive_hessian(wrt(w))]
pub fn chain<const N: usize>(w: &[f32; N], stiffness: &[f32; N]) -> f32 {
    let mut total = 0.0;
    for i in 0..N - 1 {
        let d = w[i + 1] - w[i];
        total += stiffness[i] * d * d;
    }
    total
}

/// The step of Newton's method along the amplitude: code of this crate, while generated functions wait for calls.
#[must_use]
#[inline(never)]
pub fn newton_step(model: &Decay, t: &[f64], y: &[f64]) -> f64 {
    let (_, gradient, hessian) = misfit::value_gradient_hessian(model, t, y);
    -gradient.amplitude / hessian[0][0]
}

mod levels {
    use super::{derivatives, differentiable};

    /// The level that is reached after `x`.
    #[must_use]
    #[differentiable(uses(step))]
    pub fn level(height: f64, x: f64) -> f64 {
        height * step(x)
    }

    #[derivatives(crate::levels::slope, curvature)]
    fn step(x: f64) -> f64 {
        x / (1.0 + x)
    }

    fn slope(x: f64) -> f64 {
        1.0 / ((1.0 + x) * (1.0 + x))
    }

    fn curvature(x: f64) -> f64 {
        -2.0 / ((1.0 + x) * (1.0 + x) * (1.0 + x))
    }
}
