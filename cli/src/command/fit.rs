//! `hesse fit`: least squares, with standard errors and the curvature at the optimum.

use super::Answer;
use super::analyze::Report;
use super::fitted::{Target, Unknown};
use super::minimize::{bare, failure, outcome};
use crate::args::{Errors, Fit as Args, Format};
use crate::failure::Failure;
use crate::input::problem;
use crate::render::{json, statistics, text};

pub(super) fn run(args: &Args) -> Result<Answer, Failure> {
    args.estimates.check()?;
    let written = problem(&args.from.source)?;
    if args.estimates.noise.errors != Errors::Likelihood && !written.is_sum_of_squares() {
        return Err(Failure::input(
            "the error function is no sum of squares, so it has no residuals to make standard errors from: write it as `sum(i, (y[i] - …)^2)`, add `--errors likelihood` where it is −ln of a likelihood, or use `hesse minimize`",
        ));
    }
    let target = Target::of(written, &args.estimates.noise)?;
    let problem = target.problem();
    let descent = target.descend(&args.from, &mut ())?;
    let bounds = problem.bounds("--bounds", args.from.bounds.as_deref())?;
    let report = match Report::within(problem, &descent, &bounds) {
        Ok(report) => report,
        Err(failure) => return Ok(bare(&args.from, problem, &descent, Some(failure))),
    };
    let format = args.from.format;
    let (fit, unknown) = match target.fit(&args.estimates, &descent, &bounds) {
        Ok(fit) => (fit, None),
        Err(Unknown::Errors(reason)) => (None, Some(reason)),
        Err(Unknown::Interval(reason)) => return Err(Failure::computation(reason)),
    };
    let text = match (format, &fit) {
        (Format::Json, Some(fit)) => json::document(statistics::json(&report, &descent, fit)),
        (Format::Text, Some(fit)) => statistics::text(&report, &descent, fit),
        (Format::Json, None) => json::document(json::minimum(&report, &descent)),
        (Format::Text, None) => text::minimum(&report, &descent),
    };
    let failure = match unknown {
        Some(reason) => Some(failure(&descent).unwrap_or_else(|| Failure::computation(reason))),
        None => outcome(&descent, &report),
    };
    Ok(Answer { text, failure })
}
