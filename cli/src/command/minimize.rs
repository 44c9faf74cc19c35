//! `hesse minimize`: the way down, and what is there.

use hesse_runtime::descent::{self, Descent, Method as _, Multistart, Observer, Progress, Status};
use hesse_runtime::{Kind, Verdict};

use super::Answer;
use super::analyze::Report;
use super::watch::Watch;
use crate::args::{Format, From, Method};
use crate::failure::Failure;
use crate::input::{Problem, problem_of_any_size};
use crate::render::{json, text};
use crate::terminal;

/// How far from the given start others are drawn, as a multiple of its magnitude, where there are no bounds.
const SPREAD: f64 = 10.0;

pub(super) fn run(args: &From) -> Result<Answer, Failure> {
    let problem = problem_of_any_size(&args.source)?;
    if problem.is_large() {
        return large(args, &problem);
    }
    let descent = descend(args, &problem, Method::TrustRegion, &mut ())?;
    let bounds = problem.bounds("--bounds", args.bounds.as_deref())?;
    let report = match Report::within(&problem, &descent, &bounds) {
        Ok(report) => report,
        Err(failure) => return Ok(bare(args, &problem, &descent, Some(failure))),
    };
    let text = match args.format {
        Format::Json => json::document(json::minimum(&report, &descent)),
        Format::Text => text::minimum(&report, &descent),
    };
    Ok(Answer { text, failure: outcome(&descent, &report) })
}

/// The way down without a Hessian, and the point alone: to say what is there would take one.
fn large(args: &From, problem: &Problem) -> Result<Answer, Failure> {
    let method = args.method.unwrap_or(Method::LimitedMemory);
    if method.forms_hessian() {
        return Err(Failure::input(
            "the formula has too many parameters for a dense Hessian: use `--method limited-memory`, `conjugate-gradients` or `steihaug`",
        ));
    }
    let descent = descend(args, problem, Method::LimitedMemory, &mut ())?;
    terminal::note("too many parameters for a dense Hessian: what kind of point this is remains open");
    let answer = bare(args, problem, &descent, None);
    Ok(Answer { failure: failure(&descent), ..answer })
}

/// The best point alone, where it cannot be analyzed.
pub(super) fn bare(args: &From, problem: &Problem, descent: &Descent, failure: Option<Failure>) -> Answer {
    let names = problem.surface.parameter_names();
    let text = match args.format {
        Format::Json => json::document(json::point(names, descent)),
        Format::Text => text::point(names, descent),
    };
    Answer { text, failure }
}

/// The way down from the start that is given.
pub(super) fn descend(
    args: &From,
    problem: &Problem,
    default: Method,
    observer: &mut dyn Observer,
) -> Result<Descent, Failure> {
    let start = problem.point("--from", args.from.as_deref())?;
    descend_from(&start, args, problem, default, observer)
}

/// The same from another start.
pub(super) fn descend_from(
    start: &[f64],
    args: &From,
    problem: &Problem,
    default: Method,
    observer: &mut dyn Observer,
) -> Result<Descent, Failure> {
    if let Some(tolerance) = args.tolerance
        && !(tolerance.is_finite() && tolerance > 0.0)
    {
        return Err(Failure::input(format!("`--tolerance` is {tolerance}, expected a positive number")));
    }
    if args.starts == 0 {
        return Err(Failure::input("`--starts` is 0, expected at least 1"));
    }
    let bounds = problem.bounds("--bounds", args.bounds.as_deref())?;
    let squares = || {
        problem.surface.least_squares().ok_or_else(|| {
            Failure::input(
                "the error function is no sum of squares: write it as `sum(i, (y[i] - …)^2)`, or use another `--method`",
            )
        })
    };
    let mut watch = Watch::new(problem, args.starts, args.format == Format::Json);
    let mut both = |progress: &Progress<'_>| {
        watch.observe(progress)?;
        observer.observe(progress)
    };
    macro_rules! descend {
        ($error:expr, $settings:expr) => {{
            let mut method = $settings;
            method.max_iterations = args.max_iterations.unwrap_or(method.max_iterations);
            method.tolerance = args.tolerance.unwrap_or(method.tolerance);
            let several = Multistart { method, starts: args.starts, spread: SPREAD, seed: args.seed };
            several.descend($error, start, &bounds, &mut both)
        }};
    }
    let surface = &problem.surface;
    let descent = match args.method.unwrap_or(default) {
        Method::TrustRegion => descend!(surface, descent::TrustRegion::default()),
        Method::LevenbergMarquardt => descend!(&squares()?, descent::LevenbergMarquardt::default()),
        Method::LeastSquares => descend!(&squares()?, descent::LeastSquares::default()),
        Method::CubicRegularization => descend!(surface, descent::CubicRegularization::default()),
        Method::Steihaug => descend!(surface, descent::Steihaug::default()),
        Method::Newton => descend!(surface, descent::Newton::default()),
        Method::SaddleFreeNewton => descend!(surface, descent::SaddleFreeNewton::default()),
        Method::LimitedMemory => descend!(surface, descent::LimitedMemory::default()),
        Method::ConjugateGradients => descend!(surface, descent::ConjugateGradients::default()),
        Method::GradientDescent => descend!(surface, descent::GradientDescent::default()),
        Method::Momentum => descend!(surface, descent::Momentum::default()),
        Method::Nesterov => {
            descend!(surface, descent::Momentum { nesterov: true, ..descent::Momentum::default() })
        }
        Method::Adam => descend!(surface, descent::Adam::default()),
    };
    descent.map_err(|error| problem.explain(Failure::computation(error)))
}

/// Why the descent did not get there, if it did not.
pub(super) fn failure(descent: &Descent) -> Option<Failure> {
    let advice = match descent.status {
        Status::IterationLimit => "start elsewhere, or raise `--max-iterations`",
        Status::Stalled => {
            "start elsewhere, try `--method limited-memory`, or look for a mistake in the formula"
        }
        _ => "start elsewhere, or look for a mistake in the formula",
    };
    (!descent.converged()).then(|| {
        Failure::computation(format!(
            "not converged after {} iterations ({}): the best point so far is printed; {advice}",
            descent.iterations, descent.status
        ))
    })
}

/// The same where the end has been analyzed: on a kink its one-sided slopes say more than the last steps.
pub(super) fn outcome(descent: &Descent, report: &Report) -> Option<Failure> {
    let verdict = report.analysis.degeneracy.as_ref().map(|degeneracy| degeneracy.verdict);
    if descent.status == Status::AlmostConverged
        && report.analysis.kind() == Kind::NotStationary
        && report.held.is_empty()
    {
        return Some(Failure::computation(format!(
            "not converged after {} iterations: E still slopes where it no longer changes, perhaps on the way to infinity; \
             keep the parameters within `--bounds`, or start elsewhere",
            descent.iterations
        )));
    }
    let is_over = descent.converged() || descent.status == Status::Stalled;
    if report.analysis.kind() != Kind::Kink || !is_over {
        return failure(descent);
    }
    match verdict {
        Some(Verdict::Minimum) => None,
        // Where a bound holds a parameter E may fall beyond it alone.
        Some(Verdict::Saddle | Verdict::Maximum) if report.held.is_empty() => {
            Some(Failure::computation(format!(
                "stalled on a kink after {} iterations: the best point so far is printed, and E falls on from it; try \
                 `--method limited-memory`, or start elsewhere",
                descent.iterations
            )))
        }
        _ => failure(descent),
    }
}
