//! `hesse minimize`: the way down, and what is there.

use hesse_runtime::descent::{self, Descent, Multistart, Status};
use hesse_symbolic::evaluate::Surface;

use descent::Method as _;

use super::analyze::Report;
use super::{Answer, refuse_latex};
use crate::args::{Format, From, Method};
use crate::failure::Failure;
use crate::input::{Problem, problem};
use crate::render::{json, text};

/// How far from the given start others are drawn, as a multiple of its magnitude, where there are no bounds.
const SPREAD: f64 = 10.0;

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
    if args.starts == 0 {
        return Err(Failure::input("`--starts` is 0, expected at least 1"));
    }
    let bounds = problem.bounds("--bounds", args.bounds.as_deref())?;
    let descent = match args.method {
        Method::LevenbergMarquardt => {
            let squares = problem.surface.least_squares().ok_or_else(|| {
                Failure::input(
                    "the error function is no sum of squares: write it as `sum(i, (y[i] - …)^2)`, or use another `--method`",
                )
            })?;
            let mut method = descent::LevenbergMarquardt::default();
            method.max_iterations = args.max_iterations.unwrap_or(method.max_iterations);
            method.tolerance = args.tolerance.unwrap_or(method.tolerance);
            several(args, method).descend(&squares, &start, &bounds, &mut ())
        }
        _ => several(args, method(args)).descend(&problem.surface, &start, &bounds, &mut ()),
    };
    descent.map_err(Failure::computation)
}

fn several<M>(args: &From, method: M) -> Multistart<M> {
    Multistart { method, starts: args.starts, spread: SPREAD, seed: args.seed }
}

/// The method of that name, with its own settings where none are given.
fn method(args: &From) -> Box<dyn descent::Method<Surface>> {
    macro_rules! method {
        ($settings:expr) => {{
            let mut method = $settings;
            method.max_iterations = args.max_iterations.unwrap_or(method.max_iterations);
            method.tolerance = args.tolerance.unwrap_or(method.tolerance);
            Box::new(method)
        }};
    }
    match args.method {
        Method::TrustRegion | Method::LevenbergMarquardt => method!(descent::TrustRegion::default()),
        Method::CubicRegularization => method!(descent::CubicRegularization::default()),
        Method::Steihaug => method!(descent::Steihaug::default()),
        Method::Newton => method!(descent::Newton::default()),
        Method::SaddleFreeNewton => method!(descent::SaddleFreeNewton::default()),
        Method::LimitedMemory => method!(descent::LimitedMemory::default()),
        Method::ConjugateGradients => method!(descent::ConjugateGradients::default()),
        Method::GradientDescent => method!(descent::GradientDescent::default()),
        Method::Momentum => method!(descent::Momentum::default()),
        Method::Nesterov => method!(descent::Momentum { nesterov: true, ..Default::default() }),
        Method::Adam => method!(descent::Adam::default()),
    }
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
