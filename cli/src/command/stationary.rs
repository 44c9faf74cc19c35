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
    let search = Search { start: Instant::now(), budget, meter: Meter::boxes() };
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
    let is_proved = !found.points.is_empty() || found.undecided.is_empty();
    let failure = failure.or_else(|| {
        (!is_proved).then(|| {
            Failure::computation(
                "nothing is proved: all that was found are undecided boxes; raise `--budget`, or take a smaller `--box`",
            )
        })
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
        let elapsed = self.start.elapsed();
        let left = self.budget.saturating_sub(elapsed).as_secs();
        self.meter.set(
            progress.boxes as u64,
            format!("{}, at most {left}s left", told(progress.points, progress.decided)),
        );
        if elapsed > self.budget { ControlFlow::Break(()) } else { interrupt::pressed() }
    }
}

/// Points and what is undecided: the volume shrinks long before the boxes around a point or a kink do, so that no time
/// can be told from it.
fn told(points: usize, decided: f64) -> String {
    let undecided = 100.0 * (1.0 - decided).clamp(0.0, 1.0);
    let share = match undecided {
        // Volumes are added up with rounding.
        _ if undecided < 1e-9 => "less than 1e-9".to_owned(),
        _ if undecided < 0.1 => format!("{undecided:.0e}"),
        _ => format!("{undecided:.1}"),
    };
    let noun = if points == 1 { "point" } else { "points" };
    format!("{points} {noun}, {share} % of the box undecided")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_never_claims_to_be_done() {
        assert_eq!(told(0, 0.25), "0 points, 75.0 % of the box undecided");
        assert_eq!(told(1, 1.0 - 3e-6), "1 point, 3e-4 % of the box undecided");
        assert_eq!(told(2, 1.0), "2 points, less than 1e-9 % of the box undecided");
    }
}
