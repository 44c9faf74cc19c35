//! The subcommands.

mod analyze;
mod check;
mod derive;
mod eval;
mod fit;
mod generate;
mod minimize;
mod stationary;

pub(crate) use analyze::Report;
pub(crate) use check::CheckedPoint;
pub(crate) use eval::Evaluation;

use crate::args::{Args, Command, Format};
use crate::failure::Failure;

/// What a command prints, and why it failed all the same.
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) failure: Option<Failure>,
}

impl From<String> for Answer {
    fn from(text: String) -> Answer {
        Answer { text, failure: None }
    }
}

pub(crate) fn run(args: &Args) -> Result<Answer, Failure> {
    match &args.command {
        Command::Derive(args) => derive::run(args),
        Command::Eval(args) => eval::run(args),
        Command::Check(args) => check::run(args),
        Command::Analyze(args) => analyze::run(args),
        Command::Minimize(args) => minimize::run(args),
        Command::Fit(args) => fit::run(args),
        Command::Stationary(args) => stationary::run(args),
        Command::Generate(args) => generate::run(args),
    }
}

/// LaTeX is for formulas.
fn refuse_latex(format: Format) -> Result<(), Failure> {
    match format {
        Format::Latex => Err(Failure::input(
            "`--format latex` is for formulas of `hesse derive`: use `text` or `json` here",
        )),
        Format::Text | Format::Json => Ok(()),
    }
}
