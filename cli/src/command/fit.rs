//! `hesse fit`: least squares, with standard errors and the curvature at the optimum.

use hesse_runtime::FitStatistics;

use super::analyze::Report;
use super::minimize::{descend, failure};
use super::{Answer, refuse_latex};
use crate::args::{Format, From};
use crate::failure::Failure;
use crate::input::problem;
use crate::render::{json, text};

pub(super) fn run(args: &From) -> Result<Answer, Failure> {
    refuse_latex(args.format)?;
    let problem = problem(&args.source)?;
    let Some(squares) = problem.surface.least_squares() else {
        return Err(Failure::input(
            "the error function is no sum of squares, so it has no standard errors: write it as `sum(i, (y[i] - …)^2)`, or use `hesse minimize`",
        ));
    };
    let descent = descend(args, &problem)?;
    let report = Report::at(&problem, &descent.minimizer)?;
    let statistics = FitStatistics::of(&squares, &descent.minimizer).map_err(Failure::computation)?;
    let text = match args.format {
        Format::Json => json::document(json::fit(&report, &descent, &statistics)),
        Format::Text | Format::Latex => text::fit(&report, &descent, &statistics),
    };
    Ok(Answer { text, failure: failure(&descent) })
}
