//! The command line.

use clap::{Parser, Subcommand};
use hesse_fits::Options;

/// Error functions over rows that are spread over MPI processes.
#[derive(Debug, Parser)]
#[command(
    name = "hesse-mpi",
    version,
    after_help = "Examples:
  mpirun -n 4 hesse-mpi fit model.hes --data 'part-*.csv' --from a=1,b=0.1
  mpirun -n 4 hesse-mpi fit model.hes --data 'part-*.csv' --from a=1,b=0.1 --checkpoint fit.json
  mpirun -n 4 hesse-mpi fit model.hes --data 'part-*.csv' --resume fit.json
  mpirun -n 4 hesse-mpi spectrum model.hes --data 'part-*.csv' --at a=1,b=0.1
  mpirun -n 2 hesse-mpi eval model.hes --data 'part-*.csv' --at a=1,b=0.1

Exit codes: 0 success, 1 not converged, 2 bad input; that of mpirun where a rank is lost."
)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Walk down to a minimum, and say what is there.
    Fit {
        /// The error function and its data.
        #[command(flatten)]
        source: Source,
        /// Where it begins and ends.
        #[command(flatten)]
        options: Options,
    },
    /// The least and the greatest curvatures at a point, as JSON, from Hessian-vector products.
    Spectrum {
        /// The error function and its data.
        #[command(flatten)]
        source: Source,
        /// The point, as for `fit --from`.
        #[arg(long, value_name = "POINT")]
        at: String,
        /// How many at each end.
        #[arg(long, value_name = "COUNT", default_value_t = 1)]
        count: usize,
    },
    /// E, its gradient, its Hessian and the Hessian's product with a vector of ones, at a point, as JSON.
    Eval {
        /// The error function and its data.
        #[command(flatten)]
        source: Source,
        /// The point, as for `fit --from`.
        #[arg(long, value_name = "POINT")]
        at: String,
    },
}

/// The error function and its data.
#[derive(Debug, clap::Args)]
pub struct Source {
    /// A `.hes` file, or the text of a formula.
    pub formula: String,
    /// CSV files with a header: a name, or a pattern such as `part-*.csv` in quotes.
    #[arg(long, value_name = "PATTERN")]
    pub data: String,
    /// A matrix of columns: `x=column1,column2`.
    #[arg(long, value_name = "NAME=COLUMNS")]
    pub matrix: Vec<String>,
}
