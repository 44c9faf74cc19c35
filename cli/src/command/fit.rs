//! `hesse fit`: least squares, with standard errors and the curvature at the optimum.

use hesse_runtime::{FitStatistics, StatisticsError};

use super::analyze::Report;
use super::minimize::{bare, descend, failure};
use super::{Answer, refuse_latex};
use crate::args::{Format, From, Method};
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
    let descent = descend(args, &problem, Method::LeastSquares, &mut ())?;
    let report = match Report::at(&problem, &descent.minimizer) {
        Ok(report) => report,
        Err(failure) => return Ok(bare(args, &problem, &descent, failure)),
    };
    let statistics = match FitStatistics::of(&squares, &descent.minimizer) {
        Ok(statistics) => statistics,
        Err(error) => {
            let text = match args.format {
                Format::Json => json::document(json::minimum(&report, &descent)),
                Format::Text | Format::Latex => text::minimum(&report, &descent),
            };
            let failure =
                failure(&descent).unwrap_or_else(|| explain(error, problem.surface.parameter_names()));
            return Ok(Answer { text, failure: Some(failure) });
        }
    };
    let text = match args.format {
        Format::Json => json::document(json::fit(&report, &descent, &statistics)),
        Format::Text | Format::Latex => text::fit(&report, &descent, &statistics),
    };
    Ok(Answer { text, failure: failure(&descent) })
}

/// Why there are no standard errors, with the parameter by name.
fn explain(error: StatisticsError, names: &[String]) -> Failure {
    match error {
        StatisticsError::Singular { parameter } => Failure::computation(format!(
            "the data do not determine `{}` beside the other parameters: fix one of them, or add data",
            names.get(parameter).map_or("?", String::as_str)
        )),
        other => Failure::computation(other),
    }
}
