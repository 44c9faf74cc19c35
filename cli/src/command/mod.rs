//! The subcommands.

mod analyze;
mod check;
mod derive;
mod documents;
mod eval;
mod fit;
mod fitted;
mod generate;
mod minimize;
mod plot;
mod report;
mod serve;
mod stationary;
mod watch;

pub(crate) use analyze::Report;
pub(crate) use check::CheckedPoint;
pub(crate) use eval::Evaluation;
pub(crate) use fitted::{Fit, Statistics};

use crate::args::{Args, Command};
use crate::failure::Failure;
use crate::render::csv;

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
    if args.csv {
        let mut args = args.clone();
        args.csv = false;
        args.command.make_json()?;
        return Ok(as_table(run(&args)?));
    }
    match &args.command {
        Command::Derive(args) => derive::run(args),
        Command::Eval(args) => eval::run(args),
        Command::Check(args) => check::run(args),
        Command::Analyze(args) => analyze::run(args),
        Command::Minimize(args) => minimize::run(args),
        Command::Fit(args) => fit::run(args),
        Command::Stationary(args) => stationary::run(args),
        Command::Plot(args) => plot::run(args),
        Command::Report(args) => report::run(args),
        Command::Generate(args) => generate::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Repl(args) => crate::repl::run(args),
        Command::Completions(args) => Ok(documents::completions(args)),
        Command::Man(args) => documents::man(args),
    }
}

/// CSV is what JSON says, as a table.
fn as_table(answer: Answer) -> Answer {
    let text = csv::table(&answer.text).unwrap_or(answer.text);
    Answer { text, failure: answer.failure }
}
