//! A descent as people see it: how far it is, and the best point if they have seen enough.

use std::ops::ControlFlow;

use hesse_runtime::descent::{Observer, Progress};

use crate::input::Problem;
use crate::interrupt::{self, Best};
use crate::render::number::number;
use crate::terminal::Meter;

/// Shows the steps of a descent, and keeps its best point for whoever interrupts it.
pub(super) struct Watch<'a> {
    names: &'a [String],
    meter: Meter,
    is_json: bool,
    /// Rows that are read at every step have a meter of their own.
    is_streamed: bool,
    starts: usize,
    start: usize,
    steps: u64,
}

impl<'a> Watch<'a> {
    pub(super) fn new(problem: &'a Problem, starts: usize, is_json: bool) -> Watch<'a> {
        interrupt::watch();
        interrupt::forget();
        Watch {
            names: problem.surface.parameter_names(),
            meter: if starts > 1 { Meter::share("") } else { Meter::steps() },
            is_json,
            is_streamed: problem.surface.is_streamed(),
            starts,
            start: 0,
            steps: 0,
        }
    }
}

impl Observer for Watch<'_> {
    fn observe(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
        // Each start begins with the step 0.
        self.start += usize::from(progress.iteration == 0);
        self.steps += 1;
        if progress.value.is_finite() {
            interrupt::remember(Best {
                names: self.names.to_vec(),
                w: progress.w.to_vec(),
                value: progress.value,
                iterations: progress.iteration,
                is_json: self.is_json,
            });
        }
        if !self.is_streamed {
            let value = number(progress.value, 6);
            if self.starts > 1 {
                let share = (self.start.saturating_sub(1) * 1_000_000 / self.starts) as u64;
                self.meter.set(share, format!("start {} of {}, E = {value}", self.start, self.starts));
            } else {
                self.meter.set(self.steps, format!("iteration {}, E = {value}", progress.iteration));
            }
        }
        interrupt::pressed()
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        interrupt::forget();
    }
}
