//! `hesse stationary`: all stationary points in a box, with proof.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use hesse_runtime::certify::{Progress, Settings, StationaryPoints, stationary_points};

use super::Answer;
use crate::args::{Format, Stationary};
use crate::failure::Failure;
use crate::input::{duration, problem};
use crate::interrupt;
use crate::render::certified;
use crate::terminal::Meter;

pub(super) fn run(args: &Stationary) -> Result<Answer, Failure> {
    let problem = problem(&args.source)?;
    let names = problem.surface.parameter_names();
    let domain = problem.region("--box", args.region.as_deref())?;
    let budget = duration("--budget", &args.budget)?;
    let mut settings = Settings::default();
    settings.resolution = args.resolution.unwrap_or(settings.resolution);
    interrupt::watch();
    let search = Search { start: Instant::now(), budget, meter: Meter::share(" boxes") };
    let found =
        stationary_points(problem.surface.whole()?, &domain, &settings, |progress| search.goes_on(progress));
    drop(search);
    let found: StationaryPoints = found.map_err(Failure::input)?;
    let text = match args.format {
        Format::Json => certified::json(names, &found),
        Format::Text => certified::text(names, &found),
    };
    let failure = interrupt::pressed().is_break().then(|| {
        Failure::Interrupted(
            "interrupted: what was found so far is printed, the rest as undecided boxes".to_owned(),
        )
    });
    Ok(Answer { text, failure })
}

/// A search until its time is over or somebody has seen enough.
struct Search {
    start: Instant,
    budget: Duration,
    meter: Meter,
}

impl Search {
    fn goes_on(&self, progress: &Progress) -> ControlFlow<()> {
        let share = (progress.decided.clamp(0.0, 1.0) * 1e6) as u64;
        self.meter.set(share, format!("{} points, {}", progress.points, progress.boxes));
        if self.start.elapsed() > self.budget { ControlFlow::Break(()) } else { interrupt::pressed() }
    }
}
