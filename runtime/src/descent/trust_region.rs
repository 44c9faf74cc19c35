//! Newton's method within a trust region.

use super::subproblem::{Step, Subproblem};
use super::{Descent, DescentError, Observer, Progress, Status, check_gradient, check_start, norm};
use crate::scaling::{equilibrate, scaled};
use crate::spectrum::check_packed;
use crate::{ErrorFunction, Spectrum, packed};
use std::ops::ControlFlow;

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
/// use hesse_runtime::{ErrorFunction, descent::TrustRegion};
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
    /// The number of steps, taken or refused, after which to give up; 1000 by default.
    pub max_iterations: usize,
    /// Converged when ‖Dp‖ ≤ tolerance·‖Dw‖ for the Newton step p; 10⁻⁸ by default.
    pub tolerance: f64,
    /// The first radius as a multiple of ‖Dw‖ at the start; 0.1 by default.
    pub initial_radius: f64,
}

impl Default for TrustRegion {
    fn default() -> Self {
        Self { max_iterations: 1000, tolerance: 1e-8, initial_radius: 0.1 }
    }
}

/// The share of the predicted reduction below which a step is refused.
const ACCEPT: f64 = 1e-4;
/// The share below which the region shrinks, and that above which it may grow.
const POOR: f64 = 0.25;
const GOOD: f64 = 0.75;
/// The reduction, relative to E, below which it is found by the gradients instead of by subtraction.
const CANCELS: f64 = 1e-8;
/// The reduction, relative to E, that no longer makes any difference to E.
const INVISIBLE: f64 = f64::EPSILON * f64::EPSILON;
/// The step, relative to the largest the parameters have been, that counts as none: ε^(3/2). What stops at
/// minimizers at the origin, where steps never become small beside the parameters.
const NEGLIGIBLE: f64 = 3.3e-24;
/// The most Newton steps that polish the end.
const POLISHING_STEPS: usize = 20;

impl TrustRegion {
    /// Walks from `start` to a minimizer.
    ///
    /// # Errors
    /// A start of the wrong dimension or where E or its derivatives are not finite, or a setting out of
    /// range. Not to converge is no error but a [`Status`].
    pub fn minimize<E: ErrorFunction + ?Sized>(
        &self,
        error: &E,
        start: &[f64],
    ) -> Result<Descent, DescentError> {
        self.minimize_observed(error, start, &mut ())
    }

    /// Walks from `start` to a minimizer and shows every iterate to `observer`.
    ///
    /// # Errors
    /// As [`minimize`](Self::minimize).
    pub fn minimize_observed<E: ErrorFunction + ?Sized>(
        &self,
        error: &E,
        start: &[f64],
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        self.check()?;
        check_start(error, start)?;
        let mut point = Point::at(error, start.to_vec());
        if !point.value.is_finite() {
            return Err(DescentError::Value { value: point.value });
        }
        point.check()?;
        let mut region = Region::new(start.len());
        let mut iterations = 0;
        let status = 'outer: loop {
            region.rescale(&point);
            if iterations == 0 {
                let size = region.size(&point.w);
                region.radius = self.initial_radius * if size > 0.0 { size } else { 1.0 };
            }
            let (gradient, hessian) = region.model(&point);
            let spectrum = Spectrum::of_packed(start.len(), &hessian)?;
            let subproblem = Subproblem::new(&spectrum, &gradient);
            loop {
                if observer.observe(&point.progress(iterations, region.radius)) == ControlFlow::Break(()) {
                    break 'outer Status::Stopped;
                }
                let step = subproblem.solve(region.radius);
                if let Some(status) = self.verdict(&point, &region, &step) {
                    break 'outer status;
                }
                if iterations == self.max_iterations {
                    break 'outer Status::IterationLimit;
                }
                iterations += 1;
                let trial = region.trial(&point.w, &step);
                if trial == point.w {
                    break 'outer region.exhausted(&point);
                }
                let share = actual_reduction(error, &point, &trial, step.predicted_reduction)
                    / step.predicted_reduction;
                region.resize(share, norm(&step.step));
                if share > ACCEPT {
                    let next = Point::at(error, trial);
                    // Derivatives that are not finite where E is: an edge of the domain, not to be crossed.
                    if next.check().is_ok() {
                        point = next;
                        break;
                    }
                    region.radius = 0.25 * norm(&step.step);
                }
            }
            if point.value < -1e300 {
                break Status::Unbounded;
            }
        };
        if status.converged() {
            polish(error, &mut point, &region);
        }
        let Point { w, value, gradient, .. } = point;
        Ok(Descent { minimizer: w, value, gradient, status, iterations })
    }

    /// Whether the step at hand says that there is no more to gain.
    fn verdict(&self, point: &Point, region: &Region, step: &Step) -> Option<Status> {
        let length = norm(&step.step);
        let negligible = length <= NEGLIGIBLE * region.size(&region.reach);
        let reduction = step.predicted_reduction;
        if step.newton && (negligible || length <= self.tolerance * region.size(&point.w)) {
            Some(Status::Converged)
        } else if reduction.is_nan() {
            Some(Status::Stalled)
        } else if reduction <= INVISIBLE * point.value.abs() {
            Some(Status::AlmostConverged)
        } else {
            negligible.then(|| region.exhausted(point))
        }
    }

    fn check(&self) -> Result<(), DescentError> {
        for (name, value) in [("tolerance", self.tolerance), ("initial_radius", self.initial_radius)] {
            if !(value > 0.0 && value.is_finite()) {
                return Err(DescentError::Setting { name, value, expected: "a positive number" });
            }
        }
        Ok(())
    }
}

/// An iterate with everything known there.
struct Point {
    w: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
    hessian: Vec<f64>,
}

impl Point {
    fn at<E: ErrorFunction + ?Sized>(error: &E, w: Vec<f64>) -> Self {
        let (mut gradient, mut hessian) = (vec![0.0; w.len()], vec![0.0; packed::length(w.len())]);
        let value = error.value_gradient_hessian(&w, &mut gradient, &mut hessian);
        Self { w, value, gradient, hessian }
    }

    fn check(&self) -> Result<(), DescentError> {
        check_gradient(&self.gradient)?;
        Ok(check_packed(self.w.len(), &self.hessian)?)
    }

    fn progress(&self, iteration: usize, radius: f64) -> Progress<'_> {
        Progress { iteration, w: &self.w, value: self.value, gradient: &self.gradient, radius }
    }
}

/// The ball ‖Dp‖ ≤ Δ.
struct Region {
    factors: Vec<f64>,
    radius: f64,
    /// The largest magnitude of each parameter so far.
    reach: Vec<f64>,
    /// The largest |E| so far.
    height: f64,
}

impl Region {
    fn new(n: usize) -> Self {
        Self { factors: vec![0.0; n], radius: f64::INFINITY, reach: vec![0.0; n], height: 0.0 }
    }

    /// Lets the factors follow the curvature up at once, but down by no more than half, lest one flat spot on
    /// the way stretches the ball without bound.
    fn rescale(&mut self, point: &Point) {
        self.height = self.height.max(point.value.abs());
        for (reach, w) in self.reach.iter_mut().zip(&point.w) {
            *reach = reach.max(w.abs());
        }
        let fresh = equilibrate(point.w.len(), &point.hessian);
        for ((factor, fresh), w) in self.factors.iter_mut().zip(fresh).zip(&point.w) {
            *factor = fresh.max(0.5 * *factor);
            if *factor == 0.0 {
                // No curvature yet: the parameter's own size is the only unit known.
                *factor = if *w == 0.0 { 1.0 } else { 1.0 / w.abs() };
            }
        }
    }

    /// ‖Dw‖.
    fn size(&self, w: &[f64]) -> f64 {
        norm(&w.iter().zip(&self.factors).map(|(w, factor)| w * factor).collect::<Vec<_>>())
    }

    /// Why no step is left: the slope is spent, or it is not and E does not follow it.
    fn exhausted(&self, point: &Point) -> Status {
        let slope =
            norm(&point.gradient.iter().zip(&self.factors).map(|(b, factor)| b / factor).collect::<Vec<_>>());
        let spent = slope * self.size(&self.reach) <= f64::EPSILON * self.height;
        if spent { Status::AlmostConverged } else { Status::Stalled }
    }

    /// D⁻¹b and D⁻¹HD⁻¹.
    fn model(&self, point: &Point) -> (Vec<f64>, Vec<f64>) {
        let gradient = point.gradient.iter().zip(&self.factors).map(|(b, factor)| b / factor).collect();
        (gradient, scaled(point.w.len(), &point.hessian, &self.factors))
    }

    /// w + D⁻¹s.
    fn trial(&self, w: &[f64], step: &Step) -> Vec<f64> {
        w.iter().zip(self.displacements(step)).map(|(w, change)| w + change).collect()
    }

    /// D⁻¹s.
    fn displacements<'a>(&'a self, step: &'a Step) -> impl Iterator<Item = f64> + 'a {
        step.step.iter().zip(&self.factors).map(|(s, factor)| s / factor)
    }

    /// Shrinks after a poor step (a NaN share included), grows after a good one that filled the ball.
    fn resize(&mut self, share: f64, length: f64) {
        if share >= GOOD {
            self.radius = self.radius.max(2.0 * length);
        } else if share < POOR || share.is_nan() {
            self.radius = 0.25 * length;
        }
    }
}

/// E(w) − E(trial).
///
/// Where the difference would drown in the rounding errors of E it is integrated from the gradients, by the
/// trapezoidal rule, which is exact but for terms of third order in a step that is then small.
fn actual_reduction<E: ErrorFunction + ?Sized>(
    error: &E,
    point: &Point,
    trial: &[f64],
    predicted: f64,
) -> f64 {
    if predicted > CANCELS * point.value.abs() {
        return point.value - error.value(trial);
    }
    let mut gradient = vec![0.0; trial.len()];
    let value = error.value_gradient(trial, &mut gradient);
    if !value.is_finite() {
        return f64::NAN;
    }
    let terms = point.w.iter().zip(trial).zip(point.gradient.iter().zip(&gradient));
    terms.map(|((from, to), (b, c))| 0.5 * (from - to) * (b + c)).sum()
}

/// Undamped Newton steps for as long as each is markedly shorter than the one before.
fn polish<E: ErrorFunction + ?Sized>(error: &E, point: &mut Point, region: &Region) {
    let newton = |point: &Point| {
        let (gradient, hessian) = region.model(point);
        let spectrum = Spectrum::of_packed(gradient.len(), &hessian).ok()?;
        let step = Subproblem::new(&spectrum, &gradient).solve(f64::INFINITY);
        step.newton.then_some(step)
    };
    let Some(mut step) = newton(point) else { return };
    for _ in 0..POLISHING_STEPS {
        let next = Point::at(error, region.trial(&point.w, &step));
        if !next.value.is_finite() || next.check().is_err() {
            return;
        }
        let Some(next_step) = newton(&next) else { return };
        if norm(&next_step.step) > 0.5 * norm(&step.step) {
            return;
        }
        *point = next;
        step = next_step;
    }
}
