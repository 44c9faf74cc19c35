//! Arguments of fits.

use clap::{Args as Group, ValueEnum};

use super::From;

#[derive(Clone, Debug, Group)]
pub(crate) struct Fit {
    #[command(flatten)]
    pub(crate) from: From,

    #[command(flatten)]
    pub(crate) estimates: Estimates,
}

/// What is asked about estimates.
#[derive(Clone, Debug, Group)]
pub(crate) struct Estimates {
    /// Confidence intervals: by standard errors, or by refitting all other parameters
    #[arg(long, value_enum, default_value_t = Intervals::Wald)]
    pub(crate) intervals: Intervals,

    /// Level of confidence
    #[arg(long, value_name = "NUMBER", default_value_t = 0.95, allow_hyphen_values = true)]
    pub(crate) level: f64,

    #[command(flatten)]
    pub(crate) noise: Noise,
}

/// What E and its residuals are taken for.
#[derive(Clone, Debug, Group)]
pub(crate) struct Noise {
    /// What standard errors are made from
    #[arg(long, value_enum, default_value_t = Errors::GaussNewton)]
    pub(crate) errors: Errors,

    /// Standard deviation of the residuals: from their size, or one since each is divided by its own
    #[arg(long, value_enum, default_value_t = Sigma::Estimated)]
    pub(crate) sigma: Sigma,

    /// What to make of residuals larger than `--width`, in place of their squares
    #[arg(long, value_enum, requires = "width")]
    pub(crate) loss: Option<Loss>,

    /// Size of residuals, weights included, from which on they count less
    #[arg(long, value_name = "NUMBER", requires = "loss", allow_hyphen_values = true)]
    pub(crate) width: Option<f64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Intervals {
    /// Estimate ± Student's t times the standard error
    Wald,
    /// Where the fit with all other parameters refitted becomes as bad
    Profile,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Errors {
    /// First derivatives of the residuals of a sum of squares
    GaussNewton,
    /// Second derivatives of a sum of squares, so that the curvature of the model counts too
    FullHessian,
    /// Second derivatives of E as −ln L of a likelihood: any formula, a sum of squares or not
    Likelihood,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Sigma {
    /// What the fit leaves over
    Estimated,
    /// One: squares are divided by variances, and their sum is a χ²
    Known,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Loss {
    /// Squares, and straight lines beyond
    Huber,
    /// The smooth form of the same
    SoftL1,
    /// Logarithms: heavy tails
    Cauchy,
    /// Nothing at last: what is far off is ignored
    Welsch,
}
