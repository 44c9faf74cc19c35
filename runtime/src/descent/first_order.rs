//! The loop of all methods whose steps are made of gradients alone.

use super::bounds::masked;
use super::directions::check_positive;
use super::{Bounds, Descent, DescentError, Iterate, Observer, Schedule, Status, norm};
use crate::ErrorFunction;
use crate::krylov::Lanczos;
use std::ops::ControlFlow;

/// How a method of first order makes a step of a gradient.
///
/// Such a method also runs on part of the data at a time, see [`MiniBatches`](super::MiniBatches).
///
/// ```
/// use hesse_runtime::descent::{DescentError, FirstOrder, Rule, Schedule};
///
/// /// Steps of one length, whatever the slope.
/// struct Signs;
///
/// impl FirstOrder for Signs {
///     fn schedule(&self) -> Option<Schedule> {
///         Some(Schedule::constant(0.01))
///     }
///     fn max_iterations(&self) -> usize {
///         100
///     }
///     fn tolerance(&self) -> f64 {
///         1e-6
///     }
///     fn rule(&self, _n: usize) -> Result<Rule, DescentError> {
///         Ok(Box::new(|w, gradient, rate| {
///             w.iter_mut().zip(gradient).for_each(|(w, slope)| *w -= rate * slope.signum());
///         }))
///     }
/// }
///
/// let mut w = [1.0, 1.0];
/// Signs.rule(2)?(&mut w, &[5.0, -1.0], 0.5);
/// assert_eq!(w, [0.5, 1.5]);
/// # Ok::<(), DescentError>(())
/// ```
pub trait FirstOrder {
    /// The length of steps; `None` stands for 1/λ, λ being the largest curvature at the start in magnitude.
    fn schedule(&self) -> Option<Schedule>;

    /// The number of steps after which to give up.
    fn max_iterations(&self) -> usize;

    /// Converged when ‖b‖ ≤ tolerance·‖b₀‖.
    fn tolerance(&self) -> f64;

    /// The rule by which steps follow each other, for `n` parameters.
    ///
    /// # Errors
    /// A setting out of range.
    fn rule(&self, n: usize) -> Result<Rule, DescentError>;
}

/// Changes parameters by a gradient and a length of step; what it remembers, it keeps.
pub type Rule = Box<dyn FnMut(&mut [f64], &[f64], f64)>;

/// E beyond this multiple of what it was at the start counts as diverged.
const DIVERGED: f64 = 1e8;

/// Steps by the rule of `method` with whole gradients.
pub(super) fn run(
    method: &dyn FirstOrder,
    error: &dyn ErrorFunction,
    start: &[f64],
    bounds: &Bounds,
    observer: &mut dyn Observer,
) -> Result<Descent, DescentError> {
    let first = Iterate::start(error, start, bounds)?;
    let schedule = schedule(method, error, &first)?;
    let mut rule = method.rule(start.len())?;
    let mut course = Way::new(method, first, bounds)?;
    let status = loop {
        if let Some(status) = course.verdict(observer, bounds) {
            break status;
        }
        let mut w = course.at.w.clone();
        rule(&mut w, &course.at.gradient, schedule.at(course.iterations));
        bounds.project(&mut w);
        course.step(Iterate::at(error, w));
    };
    Ok(course.end(status))
}

/// The schedule of a method, or steps as long as the stiffest axis at the start allows.
pub(super) fn schedule(
    method: &dyn FirstOrder,
    error: &dyn ErrorFunction,
    start: &Iterate,
) -> Result<Schedule, DescentError> {
    if let Some(schedule) = method.schedule() {
        schedule.check()?;
        return Ok(schedule);
    }
    let lanczos = Lanczos { basis: 12, max_products: 48, tolerance: 0.01, ..Lanczos::default() };
    let spectrum = lanczos.extremes(error, &start.w).ok();
    let ends = spectrum.iter().flat_map(|spectrum| spectrum.lowest.iter().chain(&spectrum.highest));
    let stiffest = ends.map(|pair| pair.value.abs()).fold(0.0, f64::max);
    let rate = if stiffest > 0.0 { 1.0 / stiffest } else { 1.0 };
    Ok(Schedule::constant(rate))
}

/// The way of a method that may go uphill: where it is, and the best it has met.
pub(super) struct Way {
    pub(super) at: Iterate,
    best: Iterate,
    pub(super) iterations: usize,
    max_iterations: usize,
    target: f64,
    limit: f64,
}

impl Way {
    pub(super) fn new(
        method: &dyn FirstOrder,
        start: Iterate,
        bounds: &Bounds,
    ) -> Result<Self, DescentError> {
        check_positive("tolerance", method.tolerance())?;
        let free = bounds.free(&start.w, &start.gradient);
        Ok(Self {
            target: method.tolerance() * norm(&masked(&start.gradient, &free)),
            limit: DIVERGED * start.value.abs().max(1.0),
            best: start.clone(),
            at: start,
            iterations: 0,
            max_iterations: method.max_iterations(),
        })
    }

    /// Shows the iterate, and says whether it is the last one.
    pub(super) fn verdict(&self, observer: &mut dyn Observer, bounds: &Bounds) -> Option<Status> {
        if observer.observe(&self.at.progress(self.iterations, 0.0)) == ControlFlow::Break(()) {
            return Some(Status::Stopped);
        }
        let free = bounds.free(&self.at.w, &self.at.gradient);
        if !self.at.is_finite() || self.at.value > self.limit {
            Some(Status::Diverged)
        } else if self.at.value < -1e300 {
            Some(Status::Unbounded)
        } else if norm(&masked(&self.at.gradient, &free)) <= self.target {
            Some(Status::Converged)
        } else {
            (self.iterations >= self.max_iterations).then_some(Status::IterationLimit)
        }
    }

    pub(super) fn step(&mut self, next: Iterate) {
        self.iterations += 1;
        if next.is_finite() && next.value <= self.best.value {
            self.best = next.clone();
        }
        self.at = next;
    }

    /// The end of the way: where it converged, or else the best iterate.
    pub(super) fn end(self, status: Status) -> Descent {
        let Iterate { w, value, gradient } = if status == Status::Converged { self.at } else { self.best };
        Descent { minimizer: w, value, gradient, status, iterations: self.iterations }
    }
}
