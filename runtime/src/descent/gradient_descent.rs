//! Gradient descent whose step comes from the curvature.

use super::{Descent, DescentError, Observer, Progress, Status, check_gradient, check_start, dot, norm};
use crate::ErrorFunction;
use std::ops::ControlFlow;

/// Steps along −b, of the length that minimizes the local quadratic model on that line.
///
/// That length is η = bᵀb / bᵀHb, one Hessian-vector product (Nocedal and Wright, "Numerical Optimization",
/// 2nd ed., eq. 3.26). Where the curvature along b is not positive η doubles instead. Either way it is
/// halved until E decreases by 10⁻⁴·η·bᵀb (Armijo's condition, their eq. 3.4). The iterates converge
/// linearly, at a rate of (κ − 1)/(κ + 1) for the condition number κ: [`TrustRegion`](super::TrustRegion) is
/// the method for getting there, this one shows what the condition number costs.
///
/// **Requirements**: a continuous gradient, a finite Hessian. **Cost**: per iteration a gradient, a
/// Hessian-vector product and a few values, O(n) besides.
///
/// ```
/// # use hesse_runtime::ErrorFunction;
/// # struct Bowl;
/// # impl ErrorFunction for Bowl {
/// #     fn dimension(&self) -> usize { 2 }
/// #     fn value(&self, w: &[f64]) -> f64 { 0.5 * (w[0] - 1.0).powi(2) + 2.0 * w[1] * w[1] }
/// #     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
/// #         gradient.copy_from_slice(&[w[0] - 1.0, 4.0 * w[1]]);
/// #         self.value(w)
/// #     }
/// #     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
/// #         hessian.copy_from_slice(&[1.0, 0.0, 4.0]);
/// #         self.value_gradient(w, gradient)
/// #     }
/// #     fn hessian_vector(&self, _: &[f64], v: &[f64], product: &mut [f64]) {
/// #         product.copy_from_slice(&[v[0], 4.0 * v[1]]);
/// #     }
/// # }
/// use hesse_runtime::descent::GradientDescent;
///
/// // E = ½(w₀ − 1)² + 2w₁²
/// let descent = GradientDescent::default().minimize(&Bowl, &[3.0, 1.0])?;
/// assert!(descent.converged());
/// assert!((descent.minimizer[0] - 1.0).abs() < 1e-7 && descent.minimizer[1].abs() < 1e-7);
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientDescent {
    /// The number of steps after which to give up; 10,000 by default.
    pub max_iterations: usize,
    /// Converged when ‖b‖ ≤ tolerance·‖b₀‖, b₀ being the gradient at the start; 10⁻⁸ by default.
    pub tolerance: f64,
}

impl Default for GradientDescent {
    fn default() -> Self {
        Self { max_iterations: 10_000, tolerance: 1e-8 }
    }
}

/// The share of the decrease promised by the gradient that a step must achieve.
const ARMIJO: f64 = 1e-4;

impl GradientDescent {
    /// Walks from `start` downhill.
    ///
    /// # Errors
    /// A start of the wrong dimension or where E or its gradient is not finite, or a setting out of range.
    /// Not to converge is no error but a [`Status`].
    pub fn minimize<E: ErrorFunction + ?Sized>(
        &self,
        error: &E,
        start: &[f64],
    ) -> Result<Descent, DescentError> {
        self.minimize_observed(error, start, &mut ())
    }

    /// Walks from `start` downhill and shows every iterate to `observer`.
    ///
    /// # Errors
    /// As [`minimize`](Self::minimize).
    pub fn minimize_observed<E: ErrorFunction + ?Sized>(
        &self,
        error: &E,
        start: &[f64],
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        if !(self.tolerance > 0.0 && self.tolerance.is_finite()) {
            let expected = "a positive number";
            return Err(DescentError::Setting { name: "tolerance", value: self.tolerance, expected });
        }
        check_start(error, start)?;
        let mut w = start.to_vec();
        let mut gradient = vec![0.0; w.len()];
        let mut value = error.value_gradient(&w, &mut gradient);
        if !value.is_finite() {
            return Err(DescentError::Value { value });
        }
        check_gradient(&gradient)?;
        let target = self.tolerance * norm(&gradient);
        let mut step_length = 0.0;
        let mut iterations = 0;
        let status = loop {
            let progress =
                Progress { iteration: iterations, w: &w, value, gradient: &gradient, radius: step_length };
            if observer.observe(&progress) == ControlFlow::Break(()) {
                break Status::Stopped;
            }
            let slope = norm(&gradient);
            if slope <= target {
                break Status::Converged;
            }
            if iterations == self.max_iterations {
                break Status::IterationLimit;
            }
            iterations += 1;
            step_length = proposed_length(error, &w, &gradient, step_length);
            let Some((length, next)) = backtrack(error, &w, value, &gradient, step_length) else {
                let hidden = step_length * slope * slope <= 16.0 * f64::EPSILON * value.abs();
                break if hidden { Status::AlmostConverged } else { Status::Stalled };
            };
            step_length = length;
            let mut next_gradient = vec![0.0; w.len()];
            let next_value = error.value_gradient(&next, &mut next_gradient);
            check_gradient(&next_gradient)?;
            (w, value, gradient) = (next, next_value, next_gradient);
            if value < -1e300 {
                break Status::Unbounded;
            }
        };
        Ok(Descent { minimizer: w, value, gradient, status, iterations })
    }
}

/// bᵀb / bᵀHb where that is positive and finite, else twice the last length, else one that moves w by its
/// own size.
fn proposed_length<E: ErrorFunction + ?Sized>(error: &E, w: &[f64], gradient: &[f64], last: f64) -> f64 {
    let slope = norm(gradient);
    // The direction is normalized so that neither product under- or overflows.
    let direction: Vec<f64> = gradient.iter().map(|b| b / slope).collect();
    let mut product = vec![0.0; w.len()];
    error.hessian_vector(w, &direction, &mut product);
    let length = 1.0 / dot(&direction, &product);
    if length > 0.0 && length.is_finite() {
        length
    } else if last > 0.0 {
        2.0 * last
    } else {
        norm(w).max(1.0) / slope
    }
}

/// Halves the length until Armijo's condition holds; `None` once w no longer moves.
fn backtrack<E: ErrorFunction + ?Sized>(
    error: &E,
    w: &[f64],
    value: f64,
    gradient: &[f64],
    mut length: f64,
) -> Option<(f64, Vec<f64>)> {
    let slope = norm(gradient);
    loop {
        let next: Vec<f64> = w.iter().zip(gradient).map(|(w, b)| w - length * b).collect();
        if next == w {
            return None;
        }
        let decrease = value - error.value(&next);
        // A NaN or infinite value fails the comparison or the test for it.
        if decrease >= ARMIJO * length * slope * slope && decrease.is_finite() {
            return Some((length, next));
        }
        length *= 0.5;
    }
}
