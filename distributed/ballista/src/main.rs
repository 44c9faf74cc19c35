//! `hesse-ballista`: a scheduler and executors of Ballista that know Hesse's functions, and fits over them.
//!
//! Plans travel with the formula and the point in them; functions travel by their names, so every process is this
//! program. An executor that is lost costs its tasks, which the scheduler gives to others: where a column has row
//! numbers, the result has the same bits.

mod cluster;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use hesse_datafusion::Numbers;
use hesse_datafusion::command::{self, run};
use hesse_fits::Answer;

use cluster::{Executor, client, execute, schedule};

/// Error functions over tables of any size, on the processes of Ballista.
#[derive(Debug, Parser)]
#[command(
    name = "hesse-ballista",
    version,
    after_help = "Examples:
  hesse-ballista scheduler --port 50050
  hesse-ballista executor --scheduler 127.0.0.1:50050 --port 50051 --grpc-port 50052
  hesse-ballista on 127.0.0.1:50050 fit model.hes --data 'part-*.parquet' --row row --from a=1,b=0.1

Every executor has to reach the files under the same name. Exit codes: 0 success, 1 not converged, 2 bad input."
)]
struct Args {
    /// What to be.
    #[command(subcommand)]
    part: Part,
}

/// What to be.
#[derive(Debug, Subcommand)]
enum Part {
    /// Gives tasks to executors until it is ended.
    Scheduler {
        /// The address to listen at.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
        host: String,
        /// The port to listen at.
        #[arg(long, default_value_t = 50050)]
        port: u16,
    },
    /// Carries out tasks until it is ended.
    Executor(Executor),
    /// Asks a scheduler.
    On {
        /// The scheduler: `host:port`.
        scheduler: String,
        /// Into how many parts the rows are cut.
        #[arg(long, value_name = "COUNT", default_value_t = 4)]
        partitions: usize,
        /// What to ask.
        #[command(subcommand)]
        command: command::Command,
    },
}

fn main() -> ExitCode {
    let (text, failure, code) = match answer(&Args::parse()) {
        Ok(Some(Answer { text, failure })) => (Some(text), failure, 1),
        Ok(None) => (None, None, 0),
        Err(failure) => (None, Some(failure), 2),
    };
    if let Some(text) = text {
        println!("{text}");
    }
    failure.map_or(ExitCode::SUCCESS, |failure| {
        eprintln!("{failure}");
        ExitCode::from(code)
    })
}

fn answer(args: &Args) -> Result<Option<Answer>, String> {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| format!("error: {error}"))?;
    match &args.part {
        Part::Scheduler { host, port } => runtime.block_on(schedule(host, *port)).map(|()| None),
        Part::Executor(executor) => runtime.block_on(execute(executor)).map(|()| None),
        Part::On { scheduler, partitions, command } => {
            let session = runtime.block_on(client(scheduler, *partitions))?;
            run(command, &session, &runtime, &Numbers::None).map(Some)
        }
    }
}
