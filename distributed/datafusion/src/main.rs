//! `hesse-datafusion`: Hesse's error functions over tables that DataFusion reads.

use std::process::ExitCode;

use clap::Parser;
use datafusion::prelude::{SessionConfig, SessionContext};
use hesse_datafusion::command::{Command, run};
use hesse_datafusion::{Numbers, register};
use hesse_fits::Answer;

/// Error functions over tables of any size.
#[derive(Debug, Parser)]
#[command(
    name = "hesse-datafusion",
    version,
    after_help = "Examples:
  hesse-datafusion fit model.hes --data 'part-*.parquet' --from a=1,b=0.1 --where 'x < 10'
  hesse-datafusion eval model.hes --data part.csv --at a=1,b=0.1 --partitions 4
  hesse-datafusion explain model.hes --data 'part-*.parquet' --where 'x < 10'
  hesse-datafusion query \"SELECT hesse('model.hes', 'a=1,b=0.1', x, y) FROM 'part.parquet'\"

Exit codes: 0 success, 1 not converged, 2 bad input."
)]
struct Args {
    /// What to do.
    #[command(subcommand)]
    command: Command,
    /// Into how many parts the rows are cut; as many as there are processors where nothing is said.
    #[arg(long, value_name = "COUNT", global = true)]
    partitions: Option<usize>,
}

fn main() -> ExitCode {
    match answer(&Args::parse()) {
        Ok(Answer { text, failure }) => {
            println!("{text}");
            failure.map_or(ExitCode::SUCCESS, |failure| {
                eprintln!("{failure}");
                ExitCode::from(1)
            })
        }
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

fn answer(args: &Args) -> Result<Answer, String> {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| format!("error: {error}"))?;
    let config = SessionConfig::new();
    let config = match args.partitions {
        Some(partitions) => config.with_target_partitions(partitions.max(1)),
        None => config,
    };
    let session = SessionContext::new_with_config(config).enable_url_table();
    register(&session);
    run(&args.command, &session, &runtime, &Numbers::Counted)
}
