//! `hesse minimize`: the way down, and what is there.

use hesse_runtime::descent::{Descent, DescentError, GradientDescent, Status, TrustRegion};

use super::analyze::Report;
use super::{Answer, refuse_latex};
use crate::args::{Format, From, Method};
use crate::failure::Failure;
use crate::input::{Problem, problem};
use crate::render::{json, text};

pub(super) fn run(args: &From) -> Result<Answer, Failure> {
    refuse_latex(args.format)?;
    let problem = problem(&args.source)?;
    let descent = descend(args, &problem)?;
    let report = match Report::at(&problem, &descent.minimizer) {
        Ok(report) => report,
        Err(failure) => return Ok(bare(args, &problem, &descent, failure)),
    };
    let text = match args.format {
        Format::Json => json::document(json::minimum(&report, &descent)),
        Format::Text | Format::Latex => text::minimum(&report, &descent),
    };
    Ok(Answer { text, failure: failure(&descent) })
}

/// The best point alone, where it cannot be analyzed.
pub(super) fn bare(args: &From, problem: &Problem, descent: &Descent, failure: Failure) -> Answer {
    let names = problem.surface.parameter_names();
    let text = match args.format {
        Format::Json => json::document(json::point(names, descent)),
        Format::Text | Format::Latex => text::point(names, descent),
    };
    Answer { text, failure: Some(failure) }
}

pub(super) fn descend(args: &From, problem: &Problem) -> Result<Descent, Failure> {
    let start = problem.point("--from", args.from.as_deref())?;
    if let Some(tolerance) = args.tolerance
        && !(tolerance.is_finite() && tolerance > 0.0)
    {
        return Err(Failure::input(format!("`--tolerance` is {tolerance}, expected a positive number")));
    }
    let descent = match args.method {
        Method::TrustRegion => {
            let mut method = TrustRegion::default();
            method.max_iterations = args.max_iterations.unwrap_or(method.max_iterations);
            method.tolerance = args.tolerance.unwrap_or(method.tolerance);
            method.minimize(&problem.surface, &start)
        }
        Method::GradientDescent => {
            let mut method = GradientDescent::default();
            method.max_iterations = args.max_iterations.unwrap_or(method.max_iterations);
            method.tolerance = args.tolerance.unwrap_or(method.tolerance);
            method.minimize(&problem.surface, &start)
        }
    };
    descent.map_err(|error: DescentError| Failure::computation(error))
}

/// Why the descent did not get there, if it did not.
pub(super) fn failure(descent: &Descent) -> Option<Failure> {
    let advice = match descent.status {
        Status::IterationLimit => "start elsewhere, or raise `--max-iterations`",
        _ => "start elsewhere, or look for a mistake in the formula",
    };
    (!descent.converged()).then(|| {
        Failure::computation(format!(
            "not converged after {} iterations ({}): the best point so far is printed; {advice}",
            descent.iterations, descent.status
        ))
    })
}
