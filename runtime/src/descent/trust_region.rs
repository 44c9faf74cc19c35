//! Newton's method within a trust region.

use super::regions::{Regions, Shape};
use super::{Bounds, Descent, DescentError, Method, Observer, curvature};
use crate::ErrorFunction;

/// Newton's method within a trust region: each step minimizes the local quadratic model exactly within
/// a ball, whatever the signs of the curvatures.
///
/// The ball is measured in parameters scaled by D, the square roots of the Hessian's diagonal (see Moré,
/// "The Levenberg–Marquardt algorithm", Lecture Notes in Mathematics 630 (1978), §6), so the units of the
/// parameters do not matter. The subproblem is solved after Moré and Sorensen, "Computing a trust region
/// step", SIAM J. Sci. Stat. Comput. 4 (1983), in the principal axes of D⁻¹HD⁻¹. Trial points where E is
/// not finite shrink the ball. Once the Newton step is small, undamped Newton steps follow for as long as
/// they shrink, which brings the parameters to the accuracy that rounding allows.
///
/// **Requirements**: second derivatives that are continuous. **Cost**: per iteration a Hessian and one
/// eigen decomposition, O(n³).
///
/// ```
/// use hesse_runtime::ErrorFunction;
/// use hesse_runtime::descent::{Method, TrustRegion};
///
/// /// Rosenbrock's function, (1 − x)² + 100 (y − x²)².
/// struct Rosenbrock;
///
/// impl ErrorFunction for Rosenbrock {
///     fn dimension(&self) -> usize {
///         2
///     }
///     fn value(&self, w: &[f64]) -> f64 {
///         (1.0 - w[0]).powi(2) + 100.0 * (w[1] - w[0] * w[0]).powi(2)
///     }
///     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
///         let d = w[1] - w[0] * w[0];
///         gradient.copy_from_slice(&[-2.0 * (1.0 - w[0]) - 400.0 * w[0] * d, 200.0 * d]);
///         self.value(w)
///     }
///     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
///         let d = w[1] - w[0] * w[0];
///         hessian.copy_from_slice(&[2.0 + 800.0 * w[0] * w[0] - 400.0 * d, -400.0 * w[0], 200.0]);
///         self.value_gradient(w, gradient)
///     }
///     fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
///         let (mut gradient, mut hessian) = ([0.0; 2], [0.0; 3]);
///         self.value_gradient_hessian(w, &mut gradient, &mut hessian);
///         hesse_runtime::packed::multiply(&hessian, v, product);
///     }
/// }
///
/// let descent = TrustRegion::default().minimize(&Rosenbrock, &[-1.2, 1.0])?;
/// assert!(descent.converged());
/// assert!(descent.minimizer.iter().all(|w| (w - 1.0).abs() < 1e-14));
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrustRegion {
    /// The number of steps, taken or refused, after which to give up; 10,000 by default.
    pub max_iterations: usize,
    /// Converged when |pᵢ| ≤ tolerance·|wᵢ| throughout, for the Newton step p; 10⁻⁸ by default.
    pub tolerance: f64,
    /// The first radius as a multiple of ‖Dw‖ at the start; 0.1 by default.
    pub initial_radius: f64,
}

impl Default for TrustRegion {
    fn default() -> Self {
        Self { max_iterations: 10_000, tolerance: 1e-8, initial_radius: 0.1 }
    }
}

impl<E: ErrorFunction + ?Sized> Method<E> for TrustRegion {
    fn descend(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        let Self { max_iterations, tolerance, initial_radius } = *self;
        let regions = Regions { max_iterations, tolerance, initial_radius, shape: Shape::Ball };
        regions.run(&error, &curvature::hessian(error), start, bounds, observer)
    }
}
