//! Gradient descent, with steps that come from the curvature or from a schedule.

use super::directions::{Directions, End, Settings, parabola};
use super::first_order::{self, FirstOrder, Rule};
use super::units::in_units;
use super::{Bounds, Descent, DescentError, Iterate, LineSearch, Method, Observer, Schedule, norm};
use crate::ErrorFunction;

/// Steps along −b, of the length that minimizes the local quadratic model on that line, or as a schedule says.
///
/// Without a schedule the length is η = bᵀb / bᵀHb, one Hessian-vector product (Nocedal and Wright, "Numerical
/// Optimization", 2nd ed., eq. 3.26). Where the curvature along b is not positive η doubles instead. Either way it is
/// shortened until E decreases by 10⁻⁴·η·bᵀb (Armijo's condition, their eq. 3.4). The iterates converge
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
/// use hesse_runtime::descent::{GradientDescent, Method};
///
/// // E = ½(w₀ − 1)² + 2w₁²
/// let descent = GradientDescent::default().minimize(&Bowl, &[3.0, 1.0])?;
/// assert!(descent.converged());
/// assert!((descent.minimizer[0] - 1.0).abs() < 1e-7 && descent.minimizer[1].abs() < 1e-7);
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientDescent {
    /// The length of steps; `None` by default, for the curvature along each step.
    pub schedule: Option<Schedule>,
    /// The number of steps after which to give up; 10,000 by default.
    pub max_iterations: usize,
    /// Converged when ‖b‖ ≤ tolerance·‖b₀‖, b₀ being the gradient at the start; 10⁻⁸ by default.
    pub tolerance: f64,
}

impl Default for GradientDescent {
    fn default() -> Self {
        Self { schedule: None, max_iterations: 10_000, tolerance: 1e-8 }
    }
}

impl FirstOrder for GradientDescent {
    fn schedule(&self) -> Option<Schedule> {
        self.schedule
    }

    fn max_iterations(&self) -> usize {
        self.max_iterations
    }

    fn tolerance(&self) -> f64 {
        self.tolerance
    }

    fn rule(&self, _n: usize) -> Result<Rule, DescentError> {
        Ok(Box::new(|w, gradient, rate| w.iter_mut().zip(gradient).for_each(|(w, b)| *w -= rate * b)))
    }
}

impl<E: ErrorFunction + ?Sized> Method<E> for GradientDescent {
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
        let Self { max_iterations, tolerance, .. } = *self;
        let settings = Settings { max_iterations, tolerance, search: LineSearch::Armijo, end: End::Gradient };
        in_units(&error, start, bounds, observer, |error, observer| {
            let mut steepest = Steepest { error, length: 0.0 };
            settings.run(error, start, bounds, observer, &mut steepest)
        })
    }
}

struct Steepest<'a> {
    error: &'a dyn ErrorFunction,
    /// The length of the last step, as a multiple of the gradient.
    length: f64,
}

impl Directions for Steepest<'_> {
    fn next(
        &mut self,
        at: &Iterate,
        gradient: &[f64],
        _free: &[bool],
    ) -> Result<(Vec<f64>, f64), DescentError> {
        let direction: Vec<f64> = gradient.iter().map(|b| -b).collect();
        let length = parabola(self.error, at, gradient, &direction, self.length);
        Ok((direction, length))
    }

    fn moved(&mut self, from: &Iterate, to: &Iterate) {
        let step: Vec<f64> = from.w.iter().zip(&to.w).map(|(from, to)| to - from).collect();
        self.length = norm(&step) / norm(&from.gradient);
    }

    fn forget(&mut self) -> bool {
        false
    }
}
