//! What a fit goes down, and what is known where it ends: the same for `hesse fit`, for reports and for pictures.

use hesse_runtime::descent::{Bounds, Descent, DescentError, Observer};
use hesse_runtime::{
    ErrorFunction as _, FitStatistics, LikelihoodStatistics, ResidualDiagnostics, Spectrum, StatisticsError,
    SumOfSquares as _, likelihood_interval, profile_interval_within,
};
use hesse_symbolic::evaluate::{self, Surface};

use super::minimize::{descend, descend_from};
use crate::args::{Errors, Estimates, From, Intervals, Loss, Method, Noise, Sigma, word};
use crate::failure::Failure;
use crate::input::Problem;
use crate::render::number::number;

/// The statistics of a fit, as they are shown.
pub(crate) struct Fit {
    pub(crate) statistics: Statistics,
    /// What standard errors are made from: `gauss-newton`, `full-hessian`, `likelihood` or `robust`.
    pub(crate) errors: &'static str,
    /// The loss in place of squares, and its width.
    pub(crate) loss: Option<(String, f64)>,
    /// `wald` or `profile`, and the level of confidence.
    pub(crate) intervals: (&'static str, f64),
    /// Lower and upper end for each parameter; infinite where the data set no limit, NaN where E ends before it has risen
    /// enough, and for a parameter that is held by a bound.
    pub(crate) ends: Vec<[f64; 2]>,
    pub(crate) diagnostics: Option<ResidualDiagnostics>,
}

/// What the end of a descent is taken for.
pub(crate) enum Statistics {
    /// The least sum of squares.
    Squares(FitStatistics),
    /// The largest likelihood.
    Likelihood(LikelihoodStatistics),
}

impl Statistics {
    /// The indices of the parameters that no bound holds.
    pub(crate) fn free(&self) -> &[usize] {
        match self {
            Statistics::Squares(statistics) => &statistics.free,
            Statistics::Likelihood(statistics) => &statistics.free,
        }
    }

    pub(crate) fn standard_errors(&self) -> &[f64] {
        match self {
            Statistics::Squares(statistics) => &statistics.standard_errors,
            Statistics::Likelihood(statistics) => &statistics.standard_errors,
        }
    }

    /// NaN for a parameter that is held.
    pub(crate) fn correlation(&self, one: usize, other: usize) -> f64 {
        match self {
            Statistics::Squares(statistics) => statistics.correlation[(one, other)],
            Statistics::Likelihood(statistics) => statistics.correlation[(one, other)],
        }
    }

    pub(crate) fn stiffness(&self) -> &Spectrum {
        match self {
            Statistics::Squares(statistics) => &statistics.stiffness,
            Statistics::Likelihood(statistics) => &statistics.stiffness,
        }
    }

    /// The standard error of a quantity with this gradient.
    pub(crate) fn standard_error_of(&self, gradient: &[f64]) -> f64 {
        match self {
            Statistics::Squares(statistics) => statistics.standard_error_of(gradient),
            Statistics::Likelihood(statistics) => statistics.standard_error_of(gradient),
        }
    }

    fn deviations(&self, level: f64) -> f64 {
        match self {
            Statistics::Squares(statistics) => statistics.deviations(level),
            Statistics::Likelihood(statistics) => statistics.deviations(level),
        }
    }
}

/// What a descent goes down: an error function as it was written, or what a loss makes of its squares.
pub(crate) struct Target {
    written: Problem,
    robust: Option<Robust>,
    errors: Errors,
    is_sigma_known: bool,
}

struct Robust {
    problem: Problem,
    loss: (String, f64),
    /// Σ ρ(r)², of which standard errors are made.
    squared: Surface,
}

impl Target {
    pub(super) fn of(written: Problem, noise: &Noise) -> Result<Target, Failure> {
        if noise.loss.is_some() || noise.sigma == Sigma::Known {
            check_factor(&written)?;
        }
        let asked = match (noise.loss, noise.width) {
            (Some(loss), Some(width)) => {
                let squares = written.surface.whole()?.least_squares();
                let forms = squares.map(|squares| squares.robust(named(loss), width)).transpose();
                forms.map_err(Failure::computation)?
            }
            _ => None,
        };
        let robust = asked.zip(noise.named_loss()).map(|([surface, squared], loss)| Robust {
            problem: written.with(surface),
            loss,
            squared,
        });
        let is_about_residuals = noise.is_given() && noise.errors != Errors::Likelihood;
        if robust.is_none() && is_about_residuals && !written.is_sum_of_squares() {
            return Err(Failure::input(
                "`--loss`, `--sigma` and `--errors full-hessian` are about residuals, and the error function is no sum of squares: leave them out",
            ));
        }
        Ok(Target { written, robust, errors: noise.errors, is_sigma_known: noise.sigma == Sigma::Known })
    }

    /// What is compared with data.
    pub(super) fn written(&self) -> &Problem {
        &self.written
    }

    /// What is minimized.
    pub(super) fn problem(&self) -> &Problem {
        self.robust.as_ref().map_or(&self.written, |robust| &robust.problem)
    }

    /// The method unless another is asked for.
    pub(super) fn method(&self) -> Method {
        let is_plain = self.robust.is_none() && self.written.is_sum_of_squares();
        if is_plain { Method::LeastSquares } else { Method::TrustRegion }
    }

    /// The way down, as an observer sees it that notes the first start alone.
    ///
    /// A loss is flat far from the data and has minima of its own around outliers: what is made of squares is descended from
    /// the given start and from where the squares themselves are least, and the lower end counts.
    pub(super) fn descend(&self, args: &From, observer: &mut dyn Observer) -> Result<Descent, Failure> {
        let given = descend(args, self.problem(), self.method(), observer);
        let Some(robust) = &self.robust else { return given };
        let squares = From { method: None, ..args.clone() };
        let Ok(plain) = descend(&squares, &self.written, Method::LeastSquares, &mut ()) else { return given };
        let start = &plain.minimizer;
        let second = descend_from(start, args, &robust.problem, self.method(), &mut ());
        match (given, second) {
            (Ok(given), Ok(second)) if second.value < given.value => Ok(second),
            (Err(_), Ok(second)) => Ok(second),
            (given, _) => given,
        }
    }

    /// The statistics at a point where only some parameters may move; nothing where E is neither a sum of squares nor taken for
    /// a likelihood.
    pub(super) fn statistics(&self, w: &[f64], free: &[bool]) -> Option<Result<Statistics, StatisticsError>> {
        if self.errors == Errors::Likelihood {
            let statistics = LikelihoodStatistics::of_free(&self.written.surface, w, free);
            return Some(statistics.map(Statistics::Likelihood));
        }
        let squares = self.written.surface.least_squares()?;
        let statistics = match &self.robust {
            Some(Robust { problem, squared, .. }) => {
                let (squared, scale) = (squared.least_squares()?, squares.scale());
                FitStatistics::of_robust_free(&problem.surface, &squared, scale, w, free)
            }
            None if self.errors == Errors::FullHessian => FitStatistics::of_full_hessian(&squares, w, free),
            None => FitStatistics::of_free(&squares, w, free),
        };
        let known = |statistics: FitStatistics| {
            if self.is_sigma_known { statistics.with_known_sigma() } else { statistics }
        };
        Some(statistics.map(known).map(Statistics::Squares))
    }

    /// All that is known of the end of a descent; nothing where there are no statistics.
    pub(super) fn fit(
        &self,
        args: &Estimates,
        descent: &Descent,
        bounds: &Bounds,
    ) -> Result<Option<Fit>, Unknown> {
        let w = &descent.minimizer;
        let Some(statistics) = self.statistics(w, &bounds.free(w, &descent.gradient)) else {
            return Ok(None);
        };
        let statistics = statistics.map_err(|error| self.explain(error))?;
        let deviations = statistics.deviations(args.level);
        let ends =
            w.iter().zip(statistics.standard_errors()).enumerate().map(|(at, (estimate, error))| match args
                .intervals
            {
                Intervals::Profile if !error.is_nan() => {
                    let ends = self.profile(w, &statistics, at, deviations, bounds);
                    ends.map_err(|error| Unknown::Interval(error.to_string()))
                }
                _ => Ok([estimate - deviations * error, estimate + deviations * error]),
            });
        let ends = ends.collect::<Result<_, _>>()?;
        let name = if args.intervals == Intervals::Profile { "profile" } else { "wald" };
        let errors = match self.errors {
            _ if self.robust.is_some() => "robust",
            Errors::GaussNewton => "gauss-newton",
            Errors::FullHessian => "full-hessian",
            Errors::Likelihood => "likelihood",
        };
        let diagnostics = match (&statistics, self.written.surface.least_squares()) {
            (Statistics::Squares(statistics), Some(squares)) => {
                ResidualDiagnostics::of_fit(&squares, w, statistics)
            }
            _ => None,
        };
        let loss = self.robust.as_ref().map(|robust| robust.loss.clone());
        Ok(Some(Fit { statistics, errors, loss, intervals: (name, args.level), ends, diagnostics }))
    }

    fn profile(
        &self,
        w: &[f64],
        statistics: &Statistics,
        at: usize,
        deviations: f64,
        bounds: &Bounds,
    ) -> Result<[f64; 2], DescentError> {
        match (statistics, self.written.surface.least_squares()) {
            (Statistics::Likelihood(statistics), _) => {
                likelihood_interval(&self.written.surface, w, statistics, at, deviations, bounds)
            }
            // A perfect fit has no noise to go up to.
            (Statistics::Squares(statistics), Some(squares)) if statistics.sigma() > 0.0 => {
                profile_interval_within(&squares, w, statistics, at, deviations, bounds)
            }
            (Statistics::Squares(_), _) => Ok([w[at], w[at]]),
        }
    }

    /// Why there are no standard errors, with the parameter by name.
    fn explain(&self, error: StatisticsError) -> Unknown {
        let names = self.written.surface.parameter_names();
        Unknown::Errors(match error {
            StatisticsError::Singular { parameter } => format!(
                "the data do not determine `{}` beside the other parameters: fix one of them, or add data",
                names.get(parameter).map_or("?", String::as_str)
            ),
            // E has a value where a descent ends, so it is the root of a factor that has none.
            StatisticsError::ResidualSum { value } if value.is_nan() => {
                "a weight is negative, so its residual is no number: weights are one over a variance"
                    .to_owned()
            }
            other => other.to_string(),
        })
    }
}

/// Why something is not known of a fit.
pub(crate) enum Unknown {
    /// Standard errors, and all that is made from them.
    Errors(String),
    /// An end of an interval.
    Interval(String),
}

/// Residuals have the size that is meant where E is Σr², its half, or a mean of these: another number in front could as well be
/// one over a variance.
fn check_factor(problem: &Problem) -> Result<(), Failure> {
    let Some(squares) = problem.surface.least_squares() else { return Ok(()) };
    let is_near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b;
    let scale = squares.scale();
    // Each parameter may have a prior, which no mean counts.
    let least = squares.residual_count().saturating_sub(squares.dimension());
    let counts = (least..=squares.residual_count()).map(|count| count as f64);
    let is_known = counts.chain([1.0]).any(|m| is_near(scale * m, 1.0) || is_near(scale * m, 0.5));
    if is_known {
        return Ok(());
    }
    Err(Failure::input(format!(
        "the squares have the factor {} in front, which may be one over a variance or not: leave it out, or write the standard deviation as data, `((y[i] - …)/s)^2` with `--set s=…`",
        number(scale, 6)
    )))
}

impl Noise {
    /// The loss by its name, with its width.
    pub(super) fn named_loss(&self) -> Option<(String, f64)> {
        Some((word(&self.loss?), self.width?))
    }

    /// Whether anything is asked for.
    pub(super) fn is_given(&self) -> bool {
        self.loss.is_some() || self.sigma == Sigma::Known || self.errors != Errors::GaussNewton
    }

    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.loss.is_some() && self.sigma == Sigma::Known {
            return Err(Failure::input(
                "`--loss` has errors that do not come from sigma: leave `--sigma known` out",
            ));
        }
        if self.loss.is_some() && self.errors != Errors::GaussNewton {
            return Err(Failure::input("`--loss` has errors of its own: leave `--errors` out"));
        }
        if self.sigma == Sigma::Known && self.errors == Errors::Likelihood {
            return Err(Failure::input(
                "a likelihood says itself how large residuals are: leave `--sigma known` out",
            ));
        }
        match self.width {
            Some(width) if !(width > 0.0 && width.is_finite()) => {
                Err(Failure::input(format!("`--width` is {width}, expected a positive number")))
            }
            _ => Ok(()),
        }
    }
}

impl Estimates {
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.noise.loss.is_some() && self.intervals == Intervals::Profile {
            return Err(Failure::input("`--intervals profile` is for sums of squares: leave `--loss` out"));
        }
        self.noise.check()?;
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Failure::input(format!(
                "`--level` is {}, expected a number between 0 and 1, such as 0.95",
                self.level
            )));
        }
        Ok(())
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
