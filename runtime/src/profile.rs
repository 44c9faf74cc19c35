//! How far one parameter can move while the others make up for it.

use crate::descent::{Bounds, DescentError, Method, TrustRegion};
use crate::{ErrorFunction, FitStatistics, LikelihoodStatistics, SumOfSquares};

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
/// A parameter that does not exist, or `deviations` that are no positive number.
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
    profile_interval_within(error, w, statistics, parameter, deviations, &Bounds::none())
}

/// The same within bounds, in which the other parameters stay as well; an end that meets a bound is that bound.
///
/// Where E has no value before it has risen by so much, that end is NaN: it is open.
///
/// ```
/// use hesse_runtime::descent::Bounds;
/// use hesse_runtime::{FitStatistics, profile_interval_within};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/mean.rs"));
/// # }
/// # use surface::*;
///
/// let statistics = FitStatistics::of(&Mean, &[3.0])?;
/// let bounds = Bounds::new(&[2.9], &[f64::INFINITY])?;
/// let [from, to] = profile_interval_within(&Mean, &[3.0], &statistics, 0, 2.0, &bounds)?;
/// assert!(from == 2.9 && to > 3.1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`profile_interval`], and for a parameter that is held and has no standard error, or bounds that are not as many as the
/// parameters.
pub fn profile_interval_within<E: SumOfSquares + ?Sized>(
    error: &E,
    w: &[f64],
    statistics: &FitStatistics,
    parameter: usize,
    deviations: f64,
    bounds: &Bounds,
) -> Result<[f64; 2], DescentError> {
    let first = check(error, w, &statistics.standard_errors, parameter, deviations, bounds)?;
    let level = deviations * statistics.sigma();
    let profile =
        Profile { error, scale: error.scale(), w, parameter, level, lowest: error.value(w), bounds };
    Ok(profile.interval(deviations * first))
}

/// The interval of a parameter in which E = −ln L, with all others refitted within bounds, is at most `deviations`²/2 above its
/// minimum: for 1.96 deviations that is 1.92, and the interval one of 95 % (Wilks' theorem).
///
/// Ends are found, and may be infinite or open, as those of [`profile_interval_within`].
///
/// # Errors
/// As [`profile_interval_within`].
///
/// ```
/// use hesse_runtime::descent::Bounds;
/// use hesse_runtime::{LikelihoodStatistics, likelihood_interval};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/mean.rs"));
/// # }
/// # use surface::*;
///
/// let statistics = LikelihoodStatistics::of(&Mean, &[3.0])?;
/// let [from, to] = likelihood_interval(&Mean, &[3.0], &statistics, 0, 2.0, &Bounds::none())?;
/// // E = 14 + 4(w − 3)² has risen by 2.
/// assert!((from - (3.0 - 0.5_f64.sqrt())).abs() < 1e-5 && (to - (3.0 + 0.5_f64.sqrt())).abs() < 1e-5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn likelihood_interval<E: ErrorFunction + ?Sized>(
    error: &E,
    w: &[f64],
    statistics: &LikelihoodStatistics,
    parameter: usize,
    deviations: f64,
    bounds: &Bounds,
) -> Result<[f64; 2], DescentError> {
    let first = check(error, w, &statistics.standard_errors, parameter, deviations, bounds)?;
    let profile =
        Profile { error, scale: 0.5, w, parameter, level: deviations, lowest: error.value(w), bounds };
    Ok(profile.interval(deviations * first))
}

/// The standard error of the parameter, where all that is given fits together.
fn check<E: ErrorFunction + ?Sized>(
    error: &E,
    w: &[f64],
    standard_errors: &[f64],
    parameter: usize,
    deviations: f64,
    bounds: &Bounds,
) -> Result<f64, DescentError> {
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
    bounds.check(n)?;
    match standard_errors.get(parameter) {
        Some(first) if parameter < n && !first.is_nan() => Ok(first.max(f64::MIN_POSITIVE)),
        _ => {
            let expected = "the index of a parameter with a standard error";
            Err(DescentError::Setting { name: "parameter", value: parameter as f64, expected })
        }
    }
}

/// The doublings of the distance after which an end counts as infinite.
const DOUBLINGS: usize = 40;
/// The halvings of the distance after which E has no value on.
const HALVINGS: usize = 40;
/// The relative accuracy of an end.
const ACCURACY: f64 = 1e-7;

/// One parameter moved, the others refitted.
struct Profile<'a, E: ?Sized> {
    error: &'a E,
    /// E is so many times what rises by `level`².
    scale: f64,
    w: &'a [f64],
    parameter: usize,
    level: f64,
    lowest: f64,
    bounds: &'a Bounds,
}

impl<E: ErrorFunction + ?Sized> Profile<'_, E> {
    /// From a first guess of the distance to either end.
    fn interval(&self, first: f64) -> [f64; 2] {
        let at = self.w[self.parameter];
        let (lower, upper) = self.bounds.side(self.parameter);
        [at + self.end(-first, lower - at), at + self.end(first, upper - at)]
    }

    /// √((E − E*)/s) − `level` at a distance, from a fit that starts at `at` and leaves its minimizer there; `None` where E
    /// has no value.
    fn height(&self, distance: f64, at: &mut Vec<f64>) -> Option<f64> {
        let n = self.w.len();
        let (mut lower, mut upper): (Vec<f64>, Vec<f64>) = (0..n).map(|i| self.bounds.side(i)).unzip();
        let place = (self.w[self.parameter] + distance).clamp(lower[self.parameter], upper[self.parameter]);
        (lower[self.parameter], upper[self.parameter]) = (place, place);
        let bounds = Bounds::new(&lower, &upper).ok()?;
        let fit = TrustRegion::default().minimize_within(self.error, at, &bounds).ok()?;
        let rise = (fit.value - self.lowest) / self.scale;
        *at = fit.minimizer;
        Some(rise.max(0.0).sqrt() - self.level)
    }

    /// The distance at which √((E − E*)/s) reaches `level`; `most` where it does not up to there, NaN where E ends before.
    fn end(&self, first: f64, most: f64) -> f64 {
        let mut at = self.w.to_vec();
        let (mut near, mut below) = (0.0, -self.level);
        let mut far = if first.abs() < most.abs() { first } else { most };
        let mut above = None;
        for _ in 0..DOUBLINGS {
            match self.height(far, &mut at) {
                Some(height) if height >= 0.0 => {
                    above = Some(height);
                    break;
                }
                Some(_) if far == most => return most,
                Some(height) => {
                    (near, below) = (far, height);
                    far = if 2.0 * far.abs() < most.abs() { 2.0 * far } else { most };
                }
                None => {
                    above = self.inside(near, &mut far, &mut at);
                    if above.is_none() {
                        return f64::NAN;
                    }
                    break;
                }
            }
        }
        let Some(above) = above else { return far.signum() * f64::INFINITY };
        self.root((near, below), (far, above), &mut at)
    }

    /// A height above the level between a distance where E has a value and one where it has none, which moves there.
    fn inside(&self, near: f64, far: &mut f64, at: &mut Vec<f64>) -> Option<f64> {
        let (mut near, mut beyond) = (near, *far);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (near + beyond);
            match self.height(middle, at) {
                Some(height) if height >= 0.0 => {
                    *far = middle;
                    return Some(height);
                }
                Some(_) => near = middle,
                None => beyond = middle,
            }
        }
        None
    }

    /// The root between a distance below the level and one above it: nearly linear in most cases, so regula falsi (in the
    /// Illinois form) is at home; where the bracket does not shrink by that, it is halved.
    fn root(&self, low: (f64, f64), high: (f64, f64), at: &mut Vec<f64>) -> f64 {
        let ((mut near, mut below), (mut far, mut above)) = (low, high);
        let (mut last, mut side) = ([f64::INFINITY; 3], 0.0);
        for step in 0..200 {
            let width = (far - near).abs();
            if width <= ACCURACY * far.abs() {
                break;
            }
            let slow = width > 0.5 * last[step % 3];
            last[step % 3] = width;
            let secant = far - above * (far - near) / (above - below);
            let middle = if slow { 0.5 * (near + far) } else { secant };
            let Some(value) = self.height(middle, at) else { return f64::NAN };
            if value.abs() <= ACCURACY * self.level {
                return middle;
            }
            // An end that stays for a second time counts for half.
            let share = if value.signum() == side { 0.5 } else { 1.0 };
            side = value.signum();
            if value >= 0.0 {
                (far, above, below) = (middle, value, share * below);
            } else {
                (near, below, above) = (middle, value, share * above);
            }
        }
        far
    }
}
