//! `hesse fit`: least squares, with standard errors and the curvature at the optimum.

use hesse_runtime::descent::Descent;
use hesse_runtime::{
    FitStatistics, ResidualDiagnostics, StatisticsError, SumOfSquares, profile_interval_within,
};
use hesse_symbolic::evaluate;

use super::Answer;
use super::analyze::Report;
use super::minimize::{bare, descend, failure, outcome};
use crate::args::{Fit as Args, Format, Intervals, Loss, Method, Sigma};
use crate::failure::Failure;
use crate::input::{Problem, problem};
use crate::render::{json, statistics, text};

/// The statistics of a fit, as they are printed.
pub(crate) struct Fit {
    pub(crate) statistics: FitStatistics,
    /// `wald` or `profile`, and the level of confidence.
    pub(crate) intervals: (&'static str, f64),
    /// Lower and upper end for each parameter; infinite where the data set no limit, NaN where E ends before it has risen
    /// enough, and for a parameter that is held by a bound.
    pub(crate) ends: Vec<[f64; 2]>,
    pub(crate) diagnostics: Option<ResidualDiagnostics>,
}

pub(super) fn run(args: &Args) -> Result<Answer, Failure> {
    check(args)?;
    let written = problem(&args.from.source)?;
    let Some(squares) = written.surface.least_squares() else {
        return Err(Failure::input(
            "the error function is no sum of squares, so it has no standard errors: write it as `sum(i, (y[i] - …)^2)`, or use `hesse minimize`",
        ));
    };
    let robust = match (args.loss, args.width) {
        (Some(loss), Some(width)) => {
            let whole = written.surface.whole()?.least_squares();
            let forms = whole.map(|squares| squares.robust(named(loss), width)).transpose();
            forms.map_err(Failure::computation)?
        }
        _ => None,
    };
    // The surface to go down is the robust one, where there is one.
    let Some([surface, squared]) = robust else {
        let descent = descend(&args.from, &written, Method::LeastSquares, &mut ())?;
        let bounds = written.bounds("--bounds", args.from.bounds.as_deref())?;
        let free = bounds.free(&descent.minimizer, &descent.gradient);
        let statistics = FitStatistics::of_free(&squares, &descent.minimizer, &free);
        let statistics = match args.sigma {
            Sigma::Estimated => statistics,
            Sigma::Known => statistics.map(FitStatistics::with_known_sigma),
        };
        return answer(args, &written, &descent, statistics, |statistics| {
            let ends = ends(args, statistics, &descent, |parameter, deviations| {
                let w = &descent.minimizer;
                profile_interval_within(&squares, w, statistics, parameter, deviations, &bounds)
                    .map_err(Failure::computation)
            })?;
            Ok((ends, ResidualDiagnostics::of_fit(&squares, &descent.minimizer, statistics)))
        });
    };
    let scale = squares.scale();
    let problem = written.with(surface);
    let descent = descend(&args.from, &problem, Method::TrustRegion, &mut ())?;
    let Some(squared) = squared.least_squares() else {
        return Err(Failure::computation("the loss has no standard errors for this error function"));
    };
    let free =
        problem.bounds("--bounds", args.from.bounds.as_deref())?.free(&descent.minimizer, &descent.gradient);
    let statistics =
        FitStatistics::of_robust_free(&problem.surface, &squared, scale, &descent.minimizer, &free);
    answer(args, &problem, &descent, statistics, |statistics| {
        let wald = |_, _| Err(Failure::computation("a loss has no profile"));
        let ends = ends(args, statistics, &descent, wald)?;
        Ok((ends, ResidualDiagnostics::of_fit(&squares, &descent.minimizer, statistics)))
    })
}

type Extras = (Vec<[f64; 2]>, Option<ResidualDiagnostics>);

/// What is printed of a fit that has ended.
fn answer(
    args: &Args,
    problem: &Problem,
    descent: &Descent,
    statistics: Result<FitStatistics, StatisticsError>,
    extras: impl FnOnce(&FitStatistics) -> Result<Extras, Failure>,
) -> Result<Answer, Failure> {
    let format = args.from.format;
    let bounds = problem.bounds("--bounds", args.from.bounds.as_deref())?;
    let report = match Report::within(problem, descent, &bounds) {
        Ok(report) => report,
        Err(failure) => return Ok(bare(&args.from, problem, descent, Some(failure))),
    };
    let statistics = match statistics {
        Ok(statistics) => statistics,
        Err(error) => {
            let text = match format {
                Format::Json => json::document(json::minimum(&report, descent)),
                Format::Text => text::minimum(&report, descent),
            };
            let failure =
                failure(descent).unwrap_or_else(|| explain(error, problem.surface.parameter_names()));
            return Ok(Answer { text, failure: Some(failure) });
        }
    };
    let (ends, diagnostics) = extras(&statistics)?;
    let name = if args.intervals == Intervals::Profile { "profile" } else { "wald" };
    let fit = Fit { statistics, intervals: (name, args.level), ends, diagnostics };
    let text = match format {
        Format::Json => json::document(statistics::json(&report, descent, &fit)),
        Format::Text => statistics::text(&report, descent, &fit),
    };
    Ok(Answer { text, failure: outcome(descent, &report) })
}

fn ends(
    args: &Args,
    statistics: &FitStatistics,
    descent: &Descent,
    profile: impl Fn(usize, f64) -> Result<[f64; 2], Failure>,
) -> Result<Vec<[f64; 2]>, Failure> {
    let deviations = statistics.deviations(args.level);
    let ends = descent.minimizer.iter().zip(&statistics.standard_errors).enumerate();
    // A perfect fit has no noise to go up to.
    let is_perfect = statistics.sigma() == 0.0;
    ends.map(|(at, (w, error))| match args.intervals {
        Intervals::Profile if !is_perfect && !error.is_nan() => profile(at, deviations),
        _ => Ok([w - deviations * error, w + deviations * error]),
    })
    .collect()
}

fn check(args: &Args) -> Result<(), Failure> {
    if args.loss.is_some() && args.intervals == Intervals::Profile {
        return Err(Failure::input("`--intervals profile` is for sums of squares: leave `--loss` out"));
    }
    if args.loss.is_some() && args.sigma == Sigma::Known {
        return Err(Failure::input(
            "`--loss` has errors that do not come from sigma: leave `--sigma known` out",
        ));
    }
    if !(args.level > 0.0 && args.level < 1.0) {
        return Err(Failure::input(format!(
            "`--level` is {}, expected a number between 0 and 1, such as 0.95",
            args.level
        )));
    }
    match args.width {
        Some(width) if !(width > 0.0 && width.is_finite()) => {
            Err(Failure::input(format!("`--width` is {width}, expected a positive number")))
        }
        _ => Ok(()),
    }
}

fn named(loss: Loss) -> evaluate::Loss {
    match loss {
        Loss::Huber => evaluate::Loss::Huber,
        Loss::SoftL1 => evaluate::Loss::SoftL1,
        Loss::Cauchy => evaluate::Loss::Cauchy,
        Loss::Welsch => evaluate::Loss::Welsch,
    }
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
