//! The loop of all methods that search along one direction at a time.

use super::bounds::masked;
use super::line_search::Line;
use super::rest::{extend, is_short};
use super::{Bounds, Descent, DescentError, Iterate, LineSearch, Observer, Status, dot, norm};
use crate::ErrorFunction;
use std::ops::ControlFlow;

/// Where to go from an iterate.
pub(super) trait Directions {
    /// The next direction, zero where `free` is false, with the length to try first; `gradient` is zero there too.
    fn next(
        &mut self,
        at: &Iterate,
        gradient: &[f64],
        free: &[bool],
    ) -> Result<(Vec<f64>, f64), DescentError>;

    /// Learns of a step that was taken.
    fn moved(&mut self, from: &Iterate, to: &Iterate);

    /// Forgets what it has learned; whether there was anything.
    fn forget(&mut self) -> bool;
}

/// What such a method needs to know besides its directions.
pub(super) struct Settings {
    pub(super) max_iterations: usize,
    pub(super) tolerance: f64,
    pub(super) search: LineSearch,
    pub(super) end: End,
}

/// When such a method has converged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The step to where the model of E is lowest is short beside w.
    Step,
    /// The gradient is small beside what it was at the start.
    Gradient,
    /// Both, for methods whose model knows one direction alone.
    Both,
}

impl Settings {
    pub(super) fn check(&self) -> Result<(), DescentError> {
        check_positive("tolerance", self.tolerance)?;
        match self.search {
            LineSearch::StrongWolfe { curvature } if !(curvature > 1e-4 && curvature < 1.0) => {
                let expected = "a number between 0.0001 and 1";
                Err(DescentError::Setting { name: "curvature", value: curvature, expected })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn run(
        &self,
        error: &dyn ErrorFunction,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
        directions: &mut dyn Directions,
    ) -> Result<Descent, DescentError> {
        self.check()?;
        let mut at = Iterate::start(error, start, bounds)?;
        let (mut iterations, mut length) = (0, 0.0);
        let mut reach = vec![0.0; start.len()];
        let mut free = bounds.free(&at.w, &at.gradient);
        let target = self.tolerance * norm(&masked(&at.gradient, &free));
        let status = loop {
            if observer.observe(&at.progress(iterations, length)) == ControlFlow::Break(()) {
                break Status::Stopped;
            }
            let fresh = bounds.free(&at.w, &at.gradient);
            if fresh != free {
                directions.forget();
                free = fresh;
            }
            let gradient = masked(&at.gradient, &free);
            let steepness = norm(&gradient);
            if steepness == 0.0 || (self.end == End::Gradient && steepness <= target) {
                break Status::Converged;
            }
            let (mut direction, mut first) = directions.next(&at, &gradient, &free)?;
            bounds.restrict(&at.w, &mut direction);
            let mut slope = dot(&direction, &gradient);
            if !(slope < 0.0 && slope.is_finite()) {
                // Forgetting turns every method to one that goes downhill, or else nothing does.
                if directions.forget() {
                    continue;
                }
                direction = gradient.iter().map(|b| -b).collect();
                bounds.restrict(&at.w, &mut direction);
                slope = dot(&direction, &gradient);
                first = norm(&at.w).max(1.0) / steepness;
            }
            extend(&mut reach, &at.w);
            let short = is_short(direction.iter().map(|d| first * d), &at.w, &reach, self.tolerance);
            if short && (self.end == End::Step || (self.end == End::Both && steepness <= target)) {
                // One more step costs little and brings quadratic convergence to its end.
                let line = Line { error, bounds, from: &at, direction: &direction };
                if let Some((_, next)) = line.search(LineSearch::Armijo, first)
                    && next.is_finite()
                {
                    at = next;
                    iterations += 1;
                }
                break Status::Converged;
            }
            if iterations == self.max_iterations {
                break Status::IterationLimit;
            }
            iterations += 1;
            let line = Line { error, bounds, from: &at, direction: &direction };
            let Some((found, next)) = line.search(self.search, first) else {
                if directions.forget() {
                    continue;
                }
                let hidden = -slope * first <= 16.0 * f64::EPSILON * at.value.abs();
                break if hidden { Status::AlmostConverged } else { Status::Stalled };
            };
            length = found;
            directions.moved(&at, &next);
            at = next;
            if at.value < -1e300 {
                break Status::Unbounded;
            }
        };
        let Iterate { w, value, gradient } = at;
        Ok(Descent { minimizer: w, value, gradient, status, iterations })
    }
}

/// Refuses a setting that is not positive and finite.
pub(super) fn check_positive(name: &'static str, value: f64) -> Result<(), DescentError> {
    if !(value > 0.0 && value.is_finite()) {
        return Err(DescentError::Setting { name, value, expected: "a positive number" });
    }
    Ok(())
}

/// A first length for a direction of unknown scale: where the parabola of a Hessian-vector product is lowest, or
/// else one that moves w by its own size.
pub(super) fn parabola(
    error: &dyn ErrorFunction,
    at: &Iterate,
    gradient: &[f64],
    direction: &[f64],
    last: f64,
) -> f64 {
    let size = norm(direction);
    // The direction is normalized so that neither product under- or overflows.
    let unit: Vec<f64> = direction.iter().map(|d| d / size).collect();
    let mut product = vec![0.0; at.w.len()];
    error.hessian_vector(&at.w, &unit, &mut product);
    let length = -dot(&unit, gradient) / dot(&unit, &product) / size;
    if length > 0.0 && length.is_finite() {
        length
    } else if last > 0.0 {
        2.0 * last
    } else {
        norm(&at.w).max(1.0) / size
    }
}
