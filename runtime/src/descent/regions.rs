//! The loop of all methods that minimize a model of E as a whole, within a region where they trust it.

use super::bounds::masked;
use super::curvature::{self, Curvature, Local};
use super::directions::check_positive;
use super::rest::{extend, is_short};
use super::subproblem::Step;
use super::{
    Bounds, Descent, DescentError, Iterate, Observer, Status, check_gradient, check_start, dot, norm,
};
use crate::ErrorFunction;
use std::ops::ControlFlow;

/// What keeps steps short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// ‖Dp‖ ≤ Δ.
    Ball,
    /// A term ‖Dp‖³/3Δ in the model.
    Cubic,
}

/// The settings of such a method.
pub(super) struct Regions {
    pub(super) max_iterations: usize,
    pub(super) tolerance: f64,
    pub(super) initial_radius: f64,
    pub(super) shape: Shape,
}

/// The share of the predicted reduction below which a step is refused.
const ACCEPT: f64 = 1e-4;
/// The share below which the region shrinks, and that above which it may grow.
const POOR: f64 = 0.25;
const GOOD: f64 = 0.75;
/// The reduction, relative to E, that no longer makes any difference to E.
const INVISIBLE: f64 = f64::EPSILON * f64::EPSILON;
/// The step, relative to the largest the parameters have been, that counts as none: ε^(3/2). What stops at
/// minimizers at the origin, where steps never become small beside the parameters.
const NEGLIGIBLE: f64 = 3.3e-24;
/// The steps after which E must have halved where reductions are invisible beside what E has been.
const PATIENCE: usize = 50;
/// The most Newton steps that polish the end.
const POLISHING_STEPS: usize = 20;

impl Regions {
    pub(super) fn run(
        &self,
        error: &dyn ErrorFunction,
        local: Local<'_>,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        check_positive("tolerance", self.tolerance)?;
        check_positive("initial_radius", self.initial_radius)?;
        check_start(error, start)?;
        bounds.check(start.len())?;
        let mut w = start.to_vec();
        bounds.project(&mut w);
        let mut point = Point::at(local, w, bounds);
        if !point.iterate.value.is_finite() {
            return Err(DescentError::Value { value: point.iterate.value });
        }
        point.check()?;
        let mut region = Region::new(start.len(), self.shape);
        let mut iterations = 0;
        let status = 'outer: loop {
            region.rescale(&point);
            if iterations == 0 {
                let size = region.size(&point.iterate.w);
                region.radius = self.initial_radius * if size > 0.0 { size } else { 1.0 };
            }
            let (gradient, curvature) = region.model(&point);
            let subproblem = curvature.subproblem(&gradient, &point.free)?;
            loop {
                let progress = point.iterate.progress(iterations, region.radius);
                if observer.observe(&progress) == ControlFlow::Break(()) {
                    break 'outer Status::Stopped;
                }
                let mut step = match self.shape {
                    Shape::Ball => subproblem.solve(region.radius),
                    Shape::Cubic => subproblem.solve_cubic(region.radius),
                };
                if let Some(status) = self.verdict(&point, &region, &step) {
                    break 'outer status;
                }
                if self.rests(&point, &mut region, &step, iterations) {
                    break 'outer Status::AlmostConverged;
                }
                if iterations == self.max_iterations {
                    break 'outer Status::IterationLimit;
                }
                iterations += 1;
                let mut trial = region.trial(&point.iterate.w, &step);
                let length = norm(&step.step);
                if bounds.project(&mut trial) {
                    step = region.clipped(&point, &trial, &gradient, &curvature);
                }
                if trial == point.iterate.w {
                    break 'outer region.exhausted(&point);
                }
                let share = if step.predicted_reduction > 0.0 {
                    point.iterate.reduction(error, &trial, step.predicted_reduction)
                        / step.predicted_reduction
                } else {
                    f64::NAN
                };
                region.resize(share, length);
                if share > ACCEPT {
                    let next = Point::at(local, trial, bounds);
                    // Derivatives that are not finite where E is: an edge of the domain, not to be crossed.
                    if next.check().is_ok() {
                        point = next;
                        break;
                    }
                    region.shrink(length);
                }
            }
            if point.iterate.value < -1e300 {
                break Status::Unbounded;
            }
        };
        if status.converged() {
            polish(error, &mut point, &region, bounds);
        }
        let Iterate { w, value, gradient } = point.iterate;
        Ok(Descent { minimizer: w, value, gradient, status, iterations })
    }

    /// Whether the descent has come to rest by rounding: E has not halved for long, and nothing in sight beside what E
    /// has been would change that.
    fn rests(&self, point: &Point, region: &mut Region, step: &Step, iteration: usize) -> bool {
        if point.iterate.value.abs() < 0.5 * region.mark.1 || iteration == 0 {
            region.mark = (iteration, point.iterate.value.abs());
        }
        let invisible = step.predicted_reduction <= INVISIBLE * region.height;
        invisible && iteration - region.mark.0 >= PATIENCE
    }

    /// Whether the step at hand says that there is no more to gain.
    fn verdict(&self, point: &Point, region: &Region, step: &Step) -> Option<Status> {
        let length = norm(&step.step);
        let negligible = length <= NEGLIGIBLE * region.size(&region.reach);
        let reduction = step.predicted_reduction;
        let short = || is_short(region.displacements(step), &point.iterate.w, &region.reach, self.tolerance);
        if step.newton && (negligible || short()) {
            Some(Status::Converged)
        } else if reduction.is_nan() {
            Some(Status::Stalled)
        } else if reduction <= INVISIBLE * point.iterate.value.abs() {
            Some(Status::AlmostConverged)
        } else {
            negligible.then(|| region.exhausted(point))
        }
    }
}

/// An iterate with everything known there.
struct Point {
    iterate: Iterate,
    curvature: Curvature,
    /// Which parameters may move, and the gradient of those.
    free: Vec<bool>,
    slope: Vec<f64>,
}

impl Point {
    fn at(local: Local<'_>, w: Vec<f64>, bounds: &Bounds) -> Self {
        let mut gradient = vec![0.0; w.len()];
        let (value, curvature) = local(&w, &mut gradient);
        let free = bounds.free(&w, &gradient);
        let slope = masked(&gradient, &free);
        Self { iterate: Iterate { w, value, gradient }, curvature, free, slope }
    }

    fn check(&self) -> Result<(), DescentError> {
        check_gradient(&self.iterate.gradient)?;
        self.curvature.check(self.iterate.w.len())
    }
}

/// Where the model is trusted, in parameters scaled by D.
struct Region {
    shape: Shape,
    factors: Vec<f64>,
    radius: f64,
    /// The largest magnitude of each parameter so far.
    reach: Vec<f64>,
    /// The largest |E| so far.
    height: f64,
    /// When |E| last halved, and what it was then.
    mark: (usize, f64),
}

impl Region {
    fn new(n: usize, shape: Shape) -> Self {
        Self {
            shape,
            factors: vec![0.0; n],
            radius: f64::INFINITY,
            reach: vec![0.0; n],
            height: 0.0,
            mark: (0, f64::INFINITY),
        }
    }

    /// Lets the factors follow the curvature up at once, but down by no more than half, lest one flat spot on
    /// the way stretches the ball without bound.
    fn rescale(&mut self, point: &Point) {
        self.height = self.height.max(point.iterate.value.abs());
        extend(&mut self.reach, &point.iterate.w);
        let fresh = point.curvature.factors(point.iterate.w.len());
        for ((factor, fresh), w) in self.factors.iter_mut().zip(fresh).zip(&point.iterate.w) {
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
            norm(&point.slope.iter().zip(&self.factors).map(|(b, factor)| b / factor).collect::<Vec<_>>());
        let spent = slope * self.size(&self.reach) <= f64::EPSILON * self.height;
        if spent { Status::AlmostConverged } else { Status::Stalled }
    }

    /// D⁻¹b and D⁻¹HD⁻¹.
    fn model(&self, point: &Point) -> (Vec<f64>, Curvature) {
        let gradient = point.slope.iter().zip(&self.factors).map(|(b, factor)| b / factor).collect();
        (gradient, point.curvature.scaled(&self.factors, &point.free))
    }

    /// w + D⁻¹s.
    fn trial(&self, w: &[f64], step: &Step) -> Vec<f64> {
        w.iter().zip(self.displacements(step)).map(|(w, change)| w + change).collect()
    }

    /// D⁻¹s.
    fn displacements<'a>(&'a self, step: &'a Step) -> impl Iterator<Item = f64> + 'a {
        step.step.iter().zip(&self.factors).map(|(s, factor)| s / factor)
    }

    /// The step to a trial point that bounds have moved, with what the model promises there.
    fn clipped(&self, point: &Point, trial: &[f64], gradient: &[f64], curvature: &Curvature) -> Step {
        let moved = trial.iter().zip(&point.iterate.w).zip(&self.factors);
        let step: Vec<f64> = moved.map(|((to, from), factor)| (to - from) * factor).collect();
        let change = dot(&step, gradient) + 0.5 * curvature.along(&step);
        Step { step, predicted_reduction: -change, newton: false }
    }

    /// Shrinks after a poor step (a NaN share included), grows after a good one that filled the region.
    fn resize(&mut self, share: f64, length: f64) {
        if share >= GOOD {
            self.radius = match self.shape {
                Shape::Ball => self.radius.max(2.0 * length),
                Shape::Cubic => 4.0 * self.radius,
            };
        } else if share < POOR || share.is_nan() {
            self.shrink(length);
        }
    }

    fn shrink(&mut self, length: f64) {
        self.radius = match self.shape {
            Shape::Ball => 0.25 * length,
            // The length of a step grows like the root of the radius at worst.
            Shape::Cubic => 0.0625 * self.radius.min(length),
        };
    }
}

/// Undamped Newton steps with the true Hessian for as long as each is markedly shorter than the one before.
fn polish(error: &dyn ErrorFunction, point: &mut Point, region: &Region, bounds: &Bounds) {
    let local = curvature::hessian(error);
    let newton = |region: &Region, point: &Point| {
        let (gradient, curvature) = region.model(point);
        let step = curvature.subproblem(&gradient, &point.free).ok()?.solve(f64::INFINITY);
        step.newton.then_some(step)
    };
    let exact = Point::at(&local, point.iterate.w.clone(), bounds);
    if exact.check().is_err() {
        return;
    }
    *point = exact;
    let Some(mut step) = newton(region, point) else { return };
    for _ in 0..POLISHING_STEPS {
        let mut trial = region.trial(&point.iterate.w, &step);
        if bounds.project(&mut trial) {
            return;
        }
        let next = Point::at(&local, trial, bounds);
        if !next.iterate.value.is_finite() || next.check().is_err() {
            return;
        }
        let Some(next_step) = newton(region, &next) else { return };
        if norm(&next_step.step) > 0.5 * norm(&step.step) {
            return;
        }
        *point = next;
        step = next_step;
    }
}
