//! Least squares with the Gauss–Newton matrix.

use super::regions::{Regions, Shape};
use super::{Bounds, Descent, DescentError, Method, Observer, curvature};
use crate::SumOfSquares;

/// The method of Levenberg and Marquardt in the form of Moré, "The Levenberg–Marquardt algorithm", Lecture Notes in
/// Mathematics 630 (1978): the Gauss–Newton model within a ball that is measured in parameters scaled by D.
///
/// It shares all but the matrix with [`TrustRegion`](super::TrustRegion), which takes the full Hessian and is the better
/// method where residuals stay large. At the end the full Hessian polishes the parameters here too.
///
/// Where [`residuals`](SumOfSquares::residuals) and [`jacobian`](SumOfSquares::jacobian) are known, the model is minimized by a QR
/// decomposition of J and the singular values of R, so that JᵀJ, whose condition number is the square of that of J, is never
/// formed; directions that no residual sees are left alone. Elsewhere, and for Jacobians of more than 2¹⁶ entries, JᵀJ is
/// decomposed.
///
/// **Requirements**: a sum of squares. **Cost**: per iteration J and its decomposition, O(mn² + n³), or JᵀJ and O(n³).
///
/// ```
/// # use hesse_runtime::{ErrorFunction, SumOfSquares, packed};
/// # struct Decay;
/// # const DATA: [(f64, f64); 3] = [(0.0, 4.0), (1.0, 2.0), (2.0, 1.0)];
/// # impl Decay {
/// #     fn each(&self, w: &[f64], mut see: impl FnMut(f64, [f64; 2], [f64; 3])) {
/// #         for (x, y) in DATA {
/// #             let e = (-w[1] * x).exp();
/// #             see(w[0] * e - y, [e, -w[0] * x * e], [0.0, -x * e, w[0] * x * x * e]);
/// #         }
/// #     }
/// # }
/// # impl ErrorFunction for Decay {
/// #     fn dimension(&self) -> usize { 2 }
/// #     fn value(&self, w: &[f64]) -> f64 {
/// #         self.value_gradient(w, &mut [0.0; 2])
/// #     }
/// #     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
/// #         self.value_gradient_hessian(w, gradient, &mut [0.0; 3])
/// #     }
/// #     fn value_gradient_hessian(&self, w: &[f64], b: &mut [f64], h: &mut [f64]) -> f64 {
/// #         let mut sum = 0.0;
/// #         (b.fill(0.0), h.fill(0.0));
/// #         self.each(w, |r, j, second| {
/// #             sum += r * r;
/// #             (0..2).for_each(|k| b[k] += 2.0 * r * j[k]);
/// #             for (at, pair) in [(0, (0, 0)), (1, (1, 0)), (2, (1, 1))] {
/// #                 h[at] += 2.0 * (j[pair.0] * j[pair.1] + r * second[at]);
/// #             }
/// #         });
/// #         sum
/// #     }
/// #     fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
/// #         let mut h = [0.0; 3];
/// #         self.value_gradient_hessian(w, &mut [0.0; 2], &mut h);
/// #         packed::multiply(&h, v, product);
/// #     }
/// # }
/// # impl SumOfSquares for Decay {
/// #     fn scale(&self) -> f64 { 1.0 }
/// #     fn residual_count(&self) -> usize { 3 }
/// #     fn gauss_newton(&self, w: &[f64], matrix: &mut [f64]) -> f64 {
/// #         let mut sum = 0.0;
/// #         matrix.fill(0.0);
/// #         self.each(w, |r, j, _| {
/// #             sum += r * r;
/// #             (0..2).for_each(|k| matrix[2 * k] += j[k] * j[k]);
/// #             matrix[1] += j[0] * j[1];
/// #         });
/// #         sum
/// #     }
/// # }
/// use hesse_runtime::descent::{LevenbergMarquardt, Method};
///
/// // E = Σ (a·exp(−kx) − y)², through (0, 4), (1, 2), (2, 1)
/// let fit = LevenbergMarquardt::default().minimize(&Decay, &[1.0, 0.1])?;
/// assert!(fit.converged() && (fit.minimizer[1] - 2.0_f64.ln()).abs() < 1e-12);
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevenbergMarquardt {
    /// The number of steps, taken or refused, after which to give up; 10,000 by default.
    pub max_iterations: usize,
    /// Converged when |pᵢ| ≤ tolerance·|wᵢ| throughout, for the Gauss–Newton step p; 10⁻⁸ by default.
    pub tolerance: f64,
    /// The first radius as a multiple of ‖Dw‖ at the start; 0.1 by default.
    pub initial_radius: f64,
}

impl Default for LevenbergMarquardt {
    fn default() -> Self {
        Self { max_iterations: 10_000, tolerance: 1e-8, initial_radius: 0.1 }
    }
}

impl<E: SumOfSquares + ?Sized> Method<E> for LevenbergMarquardt {
    fn descend(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        let Self { max_iterations, tolerance, initial_radius } = *self;
        let regions = Regions { max_iterations, tolerance, initial_radius, shape: Shape::Ball };
        regions.run(&error, &curvature::gauss_newton(error), start, bounds, observer)
    }
}
