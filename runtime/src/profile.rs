//! How far one parameter can move while the others make up for it.

use crate::descent::{Bounds, DescentError, Method, TrustRegion};
use crate::{FitStatistics, SumOfSquares};

/// The interval of a parameter in which the fit is no worse than a multiple of its noise, all others refitted.
///
/// Where the model is linear this is the estimate ± `deviations` standard errors; where it is not, the interval shows
/// it: lopsided, or infinite to a side on which the data set no limit. For many data, 1.96 deviations make an interval of
/// 95 % (profile likelihood; Bates and Watts, "Nonlinear regression analysis and its applications", §6.1).
///
/// `w` is the minimizer, `statistics` is what [`FitStatistics::of`] makes of it. An end is where RSS has risen by
/// `deviations`²·σ², to about six digits; a fit of all other parameters is made for each of some ten trials.
///
/// # Errors
/// A parameter that does not exist, `deviations` that are no positive number, or derivatives that are not finite.
///
/// ```
/// # use hesse_runtime::{ErrorFunction, SumOfSquares};
/// # struct Mean;
/// # const DATA: [f64; 4] = [1.0, 2.0, 3.0, 6.0];
/// # impl ErrorFunction for Mean {
/// #     fn dimension(&self) -> usize { 1 }
/// #     fn value(&self, w: &[f64]) -> f64 { DATA.iter().map(|x| (w[0] - x).powi(2)).sum() }
/// #     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
/// #         gradient[0] = DATA.iter().map(|x| 2.0 * (w[0] - x)).sum();
/// #         self.value(w)
/// #     }
/// #     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
/// #         hessian[0] = 8.0;
/// #         self.value_gradient(w, gradient)
/// #     }
/// #     fn hessian_vector(&self, _: &[f64], v: &[f64], product: &mut [f64]) { product[0] = 8.0 * v[0]; }
/// # }
/// # impl SumOfSquares for Mean {
/// #     fn scale(&self) -> f64 { 1.0 }
/// #     fn residual_count(&self) -> usize { 4 }
/// #     fn gauss_newton(&self, w: &[f64], matrix: &mut [f64]) -> f64 {
/// #         matrix[0] = 4.0;
/// #         self.value(w)
/// #     }
/// # }
/// use hesse_runtime::{FitStatistics, profile_interval};
///
/// // The mean of 1, 2, 3 and 6
/// let statistics = FitStatistics::of(&Mean, &[3.0])?;
/// let [from, to] = profile_interval(&Mean, &[3.0], &statistics, 0, 2.0)?;
/// let error = statistics.standard_errors[0];
/// assert!((from - (3.0 - 2.0 * error)).abs() < 1e-5 && (to - (3.0 + 2.0 * error)).abs() < 1e-5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn profile_interval<E: SumOfSquares + ?Sized>(
    error: &E,
    w: &[f64],
    statistics: &FitStatistics,
    parameter: usize,
    deviations: f64,
) -> Result<[f64; 2], DescentError> {
    if !(deviations > 0.0 && deviations.is_finite()) {
        return Err(DescentError::Setting {
            name: "deviations",
            value: deviations,
            expected: "a positive number",
        });
    }
    let n = error.dimension();
    if w.len() != n {
        return Err(DescentError::Dimension { expected: n, found: w.len() });
    }
    let Some(&first) = statistics.standard_errors.get(parameter).filter(|_| parameter < n) else {
        let expected = "the index of a parameter";
        return Err(DescentError::Setting { name: "parameter", value: parameter as f64, expected });
    };
    let first = first.max(f64::MIN_POSITIVE);
    let level = deviations * statistics.residual_standard_deviation;
    let down = end(error, w, parameter, level, -deviations * first)?;
    let up = end(error, w, parameter, level, deviations * first)?;
    Ok([w[parameter] + down, w[parameter] + up])
}

/// The doublings of the distance after which an end counts as infinite.
const DOUBLINGS: usize = 40;
/// The relative accuracy of an end.
const ACCURACY: f64 = 1e-7;

/// The distance at which √(RSS − RSS*) reaches `level`.
fn end<E: SumOfSquares + ?Sized>(
    error: &E,
    w: &[f64],
    parameter: usize,
    level: f64,
    first: f64,
) -> Result<f64, DescentError> {
    let lowest = error.value(w);
    let mut at = w.to_vec();
    let mut height = |distance: f64| -> Result<f64, DescentError> {
        let (mut lower, mut upper) = (vec![f64::NEG_INFINITY; w.len()], vec![f64::INFINITY; w.len()]);
        (lower[parameter], upper[parameter]) = (w[parameter] + distance, w[parameter] + distance);
        let fit = TrustRegion::default().minimize_within(error, &at, &Bounds::new(&lower, &upper)?)?;
        let rise = (fit.value - lowest) / error.scale();
        at = fit.minimizer;
        Ok(rise.max(0.0).sqrt() - level)
    };
    // The root is nearly linear in the distance, so regula falsi (in the Illinois form) is at home.
    let (mut near, mut below) = (0.0, -level);
    let mut far = first;
    let mut above = height(far)?;
    for _ in 0..DOUBLINGS {
        if above >= 0.0 {
            break;
        }
        (near, below) = (far, above);
        far *= 2.0;
        above = height(far)?;
    }
    if above < 0.0 {
        return Ok(far.signum() * f64::INFINITY);
    }
    for _ in 0..100 {
        if (far - near).abs() <= ACCURACY * far.abs() || above == 0.0 {
            break;
        }
        let middle = far - above * (far - near) / (above - below);
        let value = height(middle)?;
        let moved = if value >= 0.0 { far - middle } else { middle - near };
        if moved.abs() <= ACCURACY * far.abs() {
            return Ok(middle);
        }
        if value >= 0.0 {
            (far, above, below) = (middle, value, 0.5 * below);
        } else {
            (near, below, above) = (middle, value, 0.5 * above);
        }
    }
    Ok(far)
}
