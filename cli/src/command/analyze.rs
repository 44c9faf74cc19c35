//! `hesse analyze`: what second derivatives say about a point.

use hesse_runtime::descent::{Bounds, Descent};
use hesse_runtime::{Analysis, Analyze};

use super::Answer;
use super::eval::Evaluation;
use crate::args::{At, Format};
use crate::failure::Failure;
use crate::input::{Problem, problem};
use crate::render::{json, text};

/// A point with its derivatives and their analysis.
pub(crate) struct Report {
    pub(crate) evaluation: Evaluation,
    pub(crate) analysis: Analysis,
    /// The names of the parameters that a bound holds: E falls beyond it.
    pub(crate) held: Vec<String>,
}

pub(super) fn run(args: &At) -> Result<Answer, Failure> {
    let problem = problem(&args.source)?;
    let point = problem.point("--at", args.at.as_deref())?;
    let report = Report::at(&problem, &point)?;
    let text = match args.format {
        Format::Json => json::document(json::analysis(&report)),
        Format::Text => text::analysis(&report),
    };
    Ok(text.into())
}

impl Report {
    pub(super) fn at(problem: &Problem, point: &[f64]) -> Result<Report, Failure> {
        let evaluation = Evaluation::at(problem, point)?;
        let analysis =
            problem.surface.analyze(point).map_err(|error| problem.explain(Failure::computation(error)))?;
        Ok(Report { evaluation, analysis, held: Vec::new() })
    }

    /// The same for the end of a descent within bounds.
    pub(super) fn within(problem: &Problem, descent: &Descent, bounds: &Bounds) -> Result<Report, Failure> {
        let report = Report::at(problem, &descent.minimizer)?;
        let free = bounds.free(&descent.minimizer, &descent.gradient);
        let names = problem.surface.parameter_names().iter().zip(free);
        let held = names.filter(|(_, free)| !free).map(|(name, _)| name.clone()).collect();
        Ok(Report { held, ..report })
    }
}
