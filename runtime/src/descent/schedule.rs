//! Step lengths that are set beforehand.

use super::DescentError;
use super::directions::check_positive;

/// The length of the steps of a method that does not search for it, by the number of steps taken.
///
/// ```
/// use hesse_runtime::descent::{Course, Schedule};
///
/// let schedule = Schedule { rate: 0.1, warm_up: 5, course: Course::Cosine { steps: 105, last: 0.01 } };
/// assert_eq!(schedule.at(0), 0.02);
/// assert_eq!(schedule.at(5), 0.1);
/// assert!((schedule.at(55) - 0.055).abs() < 1e-15);
/// assert!((schedule.at(105) - 0.01).abs() < 1e-15);
/// assert_eq!(Schedule::constant(0.5).at(1000), 0.5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule {
    /// The length at its largest.
    pub rate: f64,
    /// The number of steps during which the length grows linearly to `rate`; 0 for none.
    pub warm_up: usize,
    /// How it goes on from there.
    pub course: Course,
}

/// How the length of steps changes after the warm-up.
///
/// ```
/// use hesse_runtime::descent::{Course, Schedule};
///
/// let schedule = Schedule { rate: 1.0, warm_up: 0, course: Course::Decaying { half: 10.0 } };
/// assert_eq!(schedule.at(10), 0.5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Course {
    /// It does not.
    Constant,
    /// As rate/(1 + k/`half`) after k steps: half as long after `half` steps.
    Decaying {
        /// The number of steps after which half is left.
        half: f64,
    },
    /// Along half a cosine from `rate` to `last`, reached after `steps` steps in all, warm-up included.
    Cosine {
        /// The number of steps after which the length stays at `last`.
        steps: usize,
        /// The last length.
        last: f64,
    },
}

impl Schedule {
    /// Steps of the same length throughout.
    #[must_use]
    pub const fn constant(rate: f64) -> Self {
        Self { rate, warm_up: 0, course: Course::Constant }
    }

    /// The length of the step after `steps` others.
    #[must_use]
    pub fn at(&self, steps: usize) -> f64 {
        if steps < self.warm_up {
            return self.rate * (steps + 1) as f64 / self.warm_up as f64;
        }
        let since = (steps - self.warm_up) as f64;
        match self.course {
            Course::Constant => self.rate,
            Course::Decaying { half } => self.rate / (1.0 + since / half),
            Course::Cosine { steps, last } => {
                let span = steps.saturating_sub(self.warm_up).max(1) as f64;
                let angle = core::f64::consts::PI * (since / span).min(1.0);
                last + 0.5 * (self.rate - last) * (1.0 + angle.cos())
            }
        }
    }

    pub(super) fn check(&self) -> Result<(), DescentError> {
        check_positive("rate", self.rate)?;
        match self.course {
            Course::Constant => Ok(()),
            Course::Decaying { half } => check_positive("half", half),
            Course::Cosine { last: 0.0, .. } => Ok(()),
            Course::Cosine { last, .. } => check_positive("last", last),
        }
    }
}
