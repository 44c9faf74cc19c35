//! `hesse-mpi`: Hesse's error functions over rows that are spread over MPI processes.
//!
//! Every rank reads its own rows and computes their part of E, ∇E and H; the parts are merged in the tree that one
//! process would use, so the numbers are the same bits on any number of ranks. The descent itself runs on every rank,
//! on the same numbers, at the points of the first.

mod args;
mod command;
mod problem;

use std::process::ExitCode;

use clap::Parser;
use hesse_fits::Answer;
use hesse_mpi::World;
use mpi::traits::Communicator as _;

use args::Args;

fn main() -> ExitCode {
    // Before MPI starts: help is for one process too.
    let args = Args::parse();
    let Some(universe) = mpi::initialize() else {
        eprintln!("error: MPI could not be started, or was started twice");
        return ExitCode::from(1);
    };
    // The others would wait for a rank that is gone.
    std::panic::set_hook(Box::new(|panic| {
        eprintln!("error: a rank failed: {panic}");
        mpi::topology::SimpleCommunicator::world().abort(1);
    }));
    let world = World::new(universe.world());
    let (text, failure, code) = match command::run(&args, &world) {
        Ok(Answer { text, failure }) => (Some(text), failure, 1),
        Err(failure) => (None, Some(failure), 2),
    };
    if world.is_first() {
        if let Some(text) = text {
            println!("{text}");
        }
        if let Some(failure) = &failure {
            eprintln!("{failure}");
        }
    }
    if failure.is_some() { ExitCode::from(code) } else { ExitCode::SUCCESS }
}
