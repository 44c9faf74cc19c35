//! Newton's method with a cubic term.

use super::regions::{Regions, Shape};
use super::{Bounds, Descent, DescentError, Method, Observer};
use crate::ErrorFunction;

/// Newton's method with the model E + bᵀp + ½pᵀHp + ‖Dp‖³/3Δ, minimized as a whole, whatever the signs of the curvatures.
///
/// Cartis, Gould and Toint, "Adaptive cubic regularisation methods for unconstrained optimization", Math. Program. 127
/// (2011). Δ grows and shrinks by how well the model predicts E, as the radius of a [`TrustRegion`](super::TrustRegion)
/// does, with which it shares all else: the scaling D, the exact solution in principal axes, the polished end.
///
/// **Requirements**: continuous second derivatives. **Cost**: per iteration a Hessian and an eigen decomposition, O(n³).
/// [`Method`] has an example.
///
/// ```
/// use hesse_runtime::descent::{CubicRegularization, Method};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// let descent = CubicRegularization::default().minimize(&Bowl, &[3.0, 1.0])?;
/// assert!(descent.converged() && descent.value < 1e-12);
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CubicRegularization {
    /// The number of steps, taken or refused, after which to give up; 1000 by default.
    pub max_iterations: usize,
    /// Converged when ‖Dp‖ ≤ tolerance·‖Dw‖ for a step p that is all but Newton's; 10⁻⁸ by default.
    pub tolerance: f64,
    /// The first Δ as a multiple of ‖Dw‖ at the start; 1 by default.
    pub initial_radius: f64,
}

impl Default for CubicRegularization {
    fn default() -> Self {
        Self { max_iterations: 1000, tolerance: 1e-8, initial_radius: 1.0 }
    }
}

impl<E: ErrorFunction + ?Sized> Method<E> for CubicRegularization {
    fn descend(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        let Self { max_iterations, tolerance, initial_radius } = *self;
        let regions = Regions { max_iterations, tolerance, initial_radius, shape: Shape::Cubic };
        let curvature = |w: &[f64], b: &mut [f64], h: &mut [f64]| error.value_gradient_hessian(w, b, h);
        regions.run(&error, &curvature, start, bounds, observer)
    }
}
