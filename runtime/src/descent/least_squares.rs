//! Two roads to a least-squares fit.

use super::{Bounds, Descent, DescentError, LevenbergMarquardt, Method, Observer, TrustRegion};
use crate::SumOfSquares;

/// The default for fits: [`LevenbergMarquardt`] and [`TrustRegion`] both walk from the start, and the lower end counts.
///
/// Far from a minimum the Gauss–Newton matrix often leads past false valleys, at the end of which parameters run to
/// infinity, and near one the full Hessian has the last digits where residuals are large. Some problems yield to one of
/// them alone, hardly any to neither. The end found by the first is refined by the second.
///
/// **Requirements**: a sum of squares. **Cost**: that of both. [`LevenbergMarquardt`] has an example of such a function.
///
/// ```
/// use hesse_runtime::descent::{LeastSquares, Method};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/mean.rs"));
/// # }
/// # use surface::*;
///
/// let descent = LeastSquares::default().minimize(&Mean, &[0.0])?;
/// assert_eq!((descent.converged(), descent.minimizer[0]), (true, 3.0));
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeastSquares {
    /// The number of steps, taken or refused, after which each gives up; 10,000 by default.
    pub max_iterations: usize,
    /// Converged when ‖Dp‖ ≤ tolerance·‖Dw‖ for the Newton step p; 10⁻⁸ by default.
    pub tolerance: f64,
}

impl Default for LeastSquares {
    fn default() -> Self {
        Self { max_iterations: 10_000, tolerance: 1e-8 }
    }
}

/// Ends this near to each other in height are of the same height.
const LEVEL: f64 = 1e-9;

impl<E: SumOfSquares + ?Sized> Method<E> for LeastSquares {
    fn descend(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        let Self { max_iterations, tolerance } = *self;
        let newton = TrustRegion { max_iterations, tolerance, ..TrustRegion::default() };
        let gauss = LevenbergMarquardt { max_iterations, tolerance, ..LevenbergMarquardt::default() };
        let direct = newton.descend(error, start, bounds, observer)?;
        // Whatever is wrong with the start has been said; a failure on the way leaves the other road.
        let Ok(first) = gauss.descend(error, start, bounds, observer) else { return Ok(direct) };
        let steps = direct.iterations + first.iterations;
        let refined = newton.descend(error, &first.minimizer, bounds, observer).ok();
        let refined = refined.filter(|refined| refined.value <= first.value);
        let other = refined.map_or(first, |end| end);
        let mut end = if lower(&other, &direct) { other } else { direct };
        end.iterations = steps;
        Ok(end)
    }
}

fn lower(a: &Descent, b: &Descent) -> bool {
    if a.converged() != b.converged() {
        return a.converged();
    }
    a.value < b.value - LEVEL * b.value.abs()
}
