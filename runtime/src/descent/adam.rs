//! Steps measured by the running size of each derivative.

use super::first_order::{self, FirstOrder, Rule};
use super::units::in_units;
use super::{Bounds, Course, Descent, DescentError, Method, Observer, Schedule};
use crate::ErrorFunction;

/// Adam: running means of the gradient and of its squares, each parameter with a step of its own length.
///
/// Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1. Steps are about as long as
/// the schedule says, in the units of the parameters, whatever the units of E.
///
/// **Requirements**: a gradient. **Cost**: one per iteration, O(n) besides.
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
/// use hesse_runtime::descent::{Adam, Method};
///
/// let found = Adam::default().minimize(&Bowl, &[3.0, 1.0])?;
/// assert!(found.converged() && (found.minimizer[0] - 1.0).abs() < 1e-4);
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// The length of steps; by default half a cosine from 0.01 to 0 over 20,000 steps, after 20 of warm-up.
    pub schedule: Schedule,
    /// The decay of the running mean of gradients; 0.9 by default.
    pub first_decay: f64,
    /// The decay of the running mean of their squares; 0.999 by default.
    pub second_decay: f64,
    /// What is added to the root of that mean; 10⁻⁸ by default.
    pub floor: f64,
    /// The number of steps after which to give up; 20,000 by default.
    pub max_iterations: usize,
    /// Converged when ‖b‖ ≤ tolerance·‖b₀‖; 10⁻⁶ by default.
    pub tolerance: f64,
}

impl Default for Adam {
    fn default() -> Self {
        let course = Course::Cosine { steps: 20_000, last: 0.0 };
        Self {
            schedule: Schedule { rate: 0.01, warm_up: 20, course },
            first_decay: 0.9,
            second_decay: 0.999,
            floor: 1e-8,
            max_iterations: 20_000,
            tolerance: 1e-6,
        }
    }
}

impl FirstOrder for Adam {
    fn schedule(&self) -> Option<Schedule> {
        Some(self.schedule)
    }

    fn max_iterations(&self) -> usize {
        self.max_iterations
    }

    fn tolerance(&self) -> f64 {
        self.tolerance
    }

    fn rule(&self, n: usize) -> Result<Rule, DescentError> {
        let Self { first_decay, second_decay, floor, .. } = *self;
        for (name, value) in [("first_decay", first_decay), ("second_decay", second_decay)] {
            if !(0.0..1.0).contains(&value) {
                let expected = "a number from 0 to 1, without 1";
                return Err(DescentError::Setting { name, value, expected });
            }
        }
        let (mut means, mut squares) = (vec![0.0; n], vec![0.0; n]);
        let (mut first, mut second) = (1.0, 1.0);
        Ok(Box::new(move |w, gradient, rate| {
            first *= first_decay;
            second *= second_decay;
            for (((w, mean), square), b) in w.iter_mut().zip(&mut means).zip(&mut squares).zip(gradient) {
                *mean += (1.0 - first_decay) * (b - *mean);
                *square += (1.0 - second_decay) * (b * b - *square);
                *w -= rate * (*mean / (1.0 - first)) / ((*square / (1.0 - second)).sqrt() + floor);
            }
        }))
    }
}

impl<E: ErrorFunction + ?Sized> Method<E> for Adam {
    fn descend(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        in_units(&error, start, bounds, observer, |error, observer| {
            first_order::run(self, error, start, bounds, observer)
        })
    }
}
