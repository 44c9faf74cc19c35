//! `hesse stationary`: all stationary points in a box, with proof.

use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use hesse_runtime::certify::{Progress, Settings, StationaryPoints, stationary_points};

use super::{Answer, refuse_latex};
use crate::args::{Format, Stationary};
use crate::failure::Failure;
use crate::input::{duration, problem};
use crate::render::certified;

pub(super) fn run(args: &Stationary) -> Result<Answer, Failure> {
    refuse_latex(args.format)?;
    let problem = problem(&args.source)?;
    let names = problem.surface.parameter_names();
    let domain = problem.region("--box", args.region.as_deref())?;
    let budget = duration("--budget", &args.budget)?;
    let mut settings = Settings::default();
    settings.resolution = args.resolution.unwrap_or(settings.resolution);
    let mut bar = Bar { start: Instant::now(), budget, is_shown: io::stderr().is_terminal(), width: 0 };
    let found = stationary_points(&problem.surface, &domain, &settings, |progress| bar.show(progress));
    bar.clear();
    let found: StationaryPoints = found.map_err(Failure::input)?;
    let text = match args.format {
        Format::Json => certified::json(names, &found),
        Format::Text | Format::Latex => certified::text(names, &found),
    };
    Ok(text.into())
}

/// A line on the terminal that says how far the search has come; the end of its time.
struct Bar {
    start: Instant,
    budget: Duration,
    is_shown: bool,
    width: usize,
}

impl Bar {
    fn show(&mut self, progress: &Progress) -> ControlFlow<()> {
        const AFTER: Duration = Duration::from_secs(1);
        const CELLS: usize = 30;
        let elapsed = self.start.elapsed();
        if self.is_shown && elapsed > AFTER {
            let full = (progress.decided.clamp(0.0, 1.0) * CELLS as f64) as usize;
            let line = format!(
                "[{}{}] {} points, {} boxes, {} s",
                "=".repeat(full),
                " ".repeat(CELLS - full),
                progress.points,
                progress.boxes,
                elapsed.as_secs()
            );
            self.width = self.width.max(line.chars().count());
            // A closed stream is no reason to stop.
            let _ = write!(io::stderr(), "\r{line}");
        }
        if elapsed > self.budget { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn clear(&self) {
        if self.width > 0 {
            let _ = write!(io::stderr(), "\r{}\r", " ".repeat(self.width));
        }
    }
}
