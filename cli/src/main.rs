//! The `hesse` command: formulas in, derivatives, geometry and fits out.
//!
//! The command has no mathematics of its own: it reads formulas, data and points, asks the libraries, and
//! renders what they answer. Exit codes: 0 success, 1 the computation failed, 2 bad input,
//! 130 interrupted.

mod args;
mod command;
mod failure;
mod input;
mod interrupt;
mod render;
mod repl;
mod terminal;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use args::Args;
use failure::Failure;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // A closed stream is no reason to fail louder.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    if args.quiet {
        terminal::be_quiet();
    }
    let answer = command::run(&args);
    let (text, failure) = match answer {
        Ok(answer) => (answer.text, answer.failure),
        Err(failure) => (String::new(), Some(failure)),
    };
    let failure = failure.or(write(&text).err());
    match failure {
        None => ExitCode::SUCCESS,
        Some(failure) => {
            terminal::complain(&failure.to_string());
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Writes to standard output; a reader that has seen enough is no failure.
fn write(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::computation(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
