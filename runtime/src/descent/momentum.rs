//! Gradient descent that keeps part of its velocity.

use super::first_order::{self, FirstOrder, Rule};
use super::units::in_units;
use super::{Bounds, Descent, DescentError, Method, Observer, Schedule};
use crate::ErrorFunction;

/// Steps v ← μv − ηb, w ← w + v: the heavy ball of Polak, or the accelerated gradient of Nesterov.
///
/// Nesterov's variant (Sutskever and others, "On the importance of initialization and momentum in deep learning", ICML
/// 2013) steps by μv − ηb after v has been updated, which takes the gradient where the velocity leads to.
///
/// **Requirements**: a continuous gradient. **Cost**: a gradient per iteration, O(n) besides.
///
/// ```
/// # use hesse_runtime::ErrorFunction;
/// # struct Bowl;
/// # impl ErrorFunction for Bowl {
/// #     fn dimension(&self) -> usize { 2 }
/// #     fn value(&self, w: &[f64]) -> f64 { 0.5 * (w[0] - 1.0).powi(2) + 50.0 * w[1] * w[1] }
/// #     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
/// #         gradient.copy_from_slice(&[w[0] - 1.0, 100.0 * w[1]]);
/// #         self.value(w)
/// #     }
/// #     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
/// #         hessian.copy_from_slice(&[1.0, 0.0, 100.0]);
/// #         self.value_gradient(w, gradient)
/// #     }
/// #     fn hessian_vector(&self, _: &[f64], v: &[f64], product: &mut [f64]) {
/// #         product.copy_from_slice(&[v[0], 100.0 * v[1]]);
/// #     }
/// # }
/// use hesse_runtime::descent::{GradientDescent, Method, Momentum, Schedule};
///
/// // E = ½(w₀ − 1)² + 50w₁², of condition number 100
/// let fast = Momentum { nesterov: true, ..Default::default() }.minimize(&Bowl, &[3.0, 1.0])?;
/// let schedule = Some(Schedule::constant(0.01));
/// let slow = GradientDescent { schedule, ..Default::default() }.minimize(&Bowl, &[3.0, 1.0])?;
/// assert!(fast.converged() && slow.converged());
/// assert!(3 * fast.iterations < slow.iterations);
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Momentum {
    /// The length η of steps; `None` by default, for 1/λ with the largest curvature at the start.
    pub schedule: Option<Schedule>,
    /// The part μ of the velocity that is kept; 0.9 by default.
    pub momentum: f64,
    /// Whether to step as Nesterov does; not by default.
    pub nesterov: bool,
    /// The number of steps after which to give up; 100,000 by default.
    pub max_iterations: usize,
    /// Converged when ‖b‖ ≤ tolerance·‖b₀‖; 10⁻⁸ by default.
    pub tolerance: f64,
}

impl Default for Momentum {
    fn default() -> Self {
        Self { schedule: None, momentum: 0.9, nesterov: false, max_iterations: 100_000, tolerance: 1e-8 }
    }
}

impl FirstOrder for Momentum {
    fn schedule(&self) -> Option<Schedule> {
        self.schedule
    }

    fn max_iterations(&self) -> usize {
        self.max_iterations
    }

    fn tolerance(&self) -> f64 {
        self.tolerance
    }

    fn rule(&self, n: usize) -> Result<Rule, DescentError> {
        let Self { momentum, nesterov, .. } = *self;
        if !(0.0..1.0).contains(&momentum) {
            let expected = "a number from 0 to 1, without 1";
            return Err(DescentError::Setting { name: "momentum", value: momentum, expected });
        }
        let mut velocity = vec![0.0; n];
        Ok(Box::new(move |w, gradient, rate| {
            for ((w, v), b) in w.iter_mut().zip(&mut velocity).zip(gradient) {
                *v = momentum * *v - rate * b;
                *w += if nesterov { momentum * *v - rate * b } else { *v };
            }
        }))
    }
}

impl<E: ErrorFunction + ?Sized> Method<E> for Momentum {
    fn descend(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        if self.schedule.is_some() {
            return first_order::run(self, &error, start, bounds, observer);
        }
        in_units(&error, start, bounds, observer, |error, observer| {
            first_order::run(self, error, start, bounds, observer)
        })
    }
}
