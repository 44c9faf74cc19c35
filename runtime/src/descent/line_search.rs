//! How far to go along a direction.

use super::Iterate;
use super::bounds::Bounds;
use super::dot;
use crate::ErrorFunction;

/// The condition that a step along a direction must meet.
///
/// ```
/// use hesse_runtime::descent::{LimitedMemory, LineSearch, Method};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// let search = LineSearch::StrongWolfe { curvature: 0.9 };
/// let descent = LimitedMemory { search, ..LimitedMemory::default() }.minimize(&Bowl, &[3.0, 1.0])?;
/// assert!(descent.converged());
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum LineSearch {
    /// E falls by at least 10⁻⁴ of what its slope promises; shorter steps are tried by quadratic interpolation (Nocedal
    /// and Wright, "Numerical Optimization", 2nd ed., eq. 3.4 and §3.5).
    Armijo,
    /// Armijo's condition, and the slope is at most `curvature` times what it was, in magnitude (their algorithms 3.5
    /// and 3.6): the strong Wolfe conditions.
    StrongWolfe {
        /// Between 10⁻⁴ and 1; 0.9 for Newton-like directions, 0.1 for conjugate gradients.
        curvature: f64,
    },
}

/// The share of the decrease promised by the slope that a step must achieve.
const DECREASE: f64 = 1e-4;
/// The most points tried on a line.
const TRIALS: usize = 60;

/// A point on the line, with the slope along it.
struct Trial {
    length: f64,
    slope: f64,
    iterate: Iterate,
}

/// The line through an iterate.
pub(super) struct Line<'a> {
    pub(super) error: &'a dyn ErrorFunction,
    pub(super) bounds: &'a Bounds,
    pub(super) from: &'a Iterate,
    pub(super) direction: &'a [f64],
}

impl Line<'_> {
    /// A point that meets the condition, with the length of the step; `None` if there is none to be found.
    pub(super) fn search(&self, condition: LineSearch, first: f64) -> Option<(f64, Iterate)> {
        let slope = dot(self.direction, &self.from.gradient);
        let reach = self.bounds.reach(&self.from.w, self.direction);
        let found = match condition {
            LineSearch::Armijo => self.armijo(slope, first.min(reach)),
            LineSearch::StrongWolfe { curvature } => self.wolfe(slope, first.min(reach), reach, curvature),
        };
        found.map(|trial| (trial.length, trial.iterate))
    }

    fn armijo(&self, slope: f64, mut length: f64) -> Option<Trial> {
        for _ in 0..TRIALS {
            let trial = self.trial(length)?;
            if self.decreases(&trial, slope) {
                return Some(trial);
            }
            let fall = self.from.fall_to(&trial.iterate);
            // The parabola through value, slope and the new value; NaN falls back to a tenth.
            let lowest = -slope * length * length / (2.0 * (-fall - slope * length));
            length = if lowest > 0.1 * length { lowest.min(0.5 * length) } else { 0.1 * length };
        }
        None
    }

    fn wolfe(&self, slope: f64, first: f64, reach: f64, curvature: f64) -> Option<Trial> {
        let origin = || Trial { length: 0.0, slope, iterate: self.from.clone() };
        let (mut low, mut length) = (origin(), first);
        for _ in 0..TRIALS {
            let trial = self.trial(length)?;
            let lower = low.iterate.fall_to(&trial.iterate) > 0.0;
            if !self.decreases(&trial, slope) || (low.length > 0.0 && !lower) {
                return self.zoom(slope, curvature, low, trial);
            }
            if trial.slope.abs() <= -curvature * slope || length >= reach {
                return Some(trial);
            }
            if trial.slope >= 0.0 {
                return self.zoom(slope, curvature, trial, low);
            }
            // A slope that still falls: at least twice as far, or to where the slopes seem to vanish.
            let secant = length + trial.slope * (length - low.length) / (low.slope - trial.slope);
            let next = if secant > 2.0 * length { secant.min(10.0 * length) } else { 2.0 * length };
            length = next.min(reach);
            low = trial;
        }
        // Falling without end.
        Some(low)
    }

    /// Narrows the bracket between a point that meets Armijo's condition and one beyond the minimum.
    fn zoom(&self, slope: f64, curvature: f64, mut low: Trial, mut high: Trial) -> Option<Trial> {
        for _ in 0..TRIALS {
            let width = high.length - low.length;
            let length = low.length + width * share(&low, &high);
            let Some(trial) = self.trial(length) else { break };
            let lower = low.iterate.fall_to(&trial.iterate) > 0.0;
            if !self.decreases(&trial, slope) || !lower {
                high = trial;
            } else {
                if trial.slope.abs() <= -curvature * slope {
                    return Some(trial);
                }
                if trial.slope * width >= 0.0 {
                    high = low;
                }
                low = trial;
            }
        }
        // The best point known is no worse than one that Armijo's condition alone would give.
        (low.length > 0.0).then_some(low)
    }

    fn decreases(&self, trial: &Trial, slope: f64) -> bool {
        trial.iterate.is_finite() && self.from.fall_to(&trial.iterate) >= -DECREASE * trial.length * slope
    }

    /// The point at this length; `None` where it is the same as the start.
    fn trial(&self, length: f64) -> Option<Trial> {
        let step = self.from.w.iter().zip(self.direction);
        let mut w: Vec<f64> = step.map(|(w, d)| w + length * d).collect();
        self.bounds.project(&mut w);
        if w == self.from.w {
            return None;
        }
        let iterate = Iterate::at(self.error, w);
        Some(Trial { length, slope: dot(self.direction, &iterate.gradient), iterate })
    }
}

/// Where between two points, as a share of the way, the cubic through values and slopes is lowest; kept off both ends.
fn share(low: &Trial, high: &Trial) -> f64 {
    let width = high.length - low.length;
    let rise = -low.iterate.fall_to(&high.iterate);
    let (a, b) = (low.slope * width, high.slope * width);
    let sum = a + b - 3.0 * rise;
    let root = (sum * sum - a * b).sqrt();
    let lowest = 1.0 - (b + root - sum) / (b - a + 2.0 * root);
    // NaN, where a value or the root is none, is bisected.
    if lowest.is_nan() { 0.5 } else { lowest.clamp(0.1, 0.9) }
}
