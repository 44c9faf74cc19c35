//! Hesse in DataFusion: an error function as an aggregate function of SQL, and fits over tables of any size.
//!
//! ```
//! use datafusion::prelude::SessionContext;
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let session = SessionContext::new();
//! hesse_datafusion::register(&session);
//! let line = "SELECT hesse('sum(i, (y[i] - a*x[i])^2)', 'a=1', x, y) FROM (VALUES (1.0, 3.0), (2.0, 4.0)) AS t(x, y)";
//! let batches = session.sql(line).await?.collect().await?;
//! assert_eq!(batches[0].num_rows(), 1);
//! # Ok::<(), datafusion::error::DataFusionError>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Formula and point are arguments, so a plan that travels to another process brings them along. Rows that say their
//! numbers are put into the blocks that one process would use, and these are merged in its tree: the numbers are the
//! same bits, however the rows are parted, ordered and repeated after a failure.

mod aggregate;
mod block;
mod columns;
pub mod command;
mod files;
mod formula;
mod numbered;
mod numbers;
mod state;
mod surface;
mod table;
mod unnumbered;

use datafusion::error::DataFusionError;

pub use aggregate::{functions, register};
pub use surface::OverTable;
pub use table::{Columns, Numbers, Table};

/// An error with a text of our own; the word that our programs begin errors with is left out.
fn refused(reason: impl ToString) -> DataFusionError {
    let reason = reason.to_string();
    DataFusionError::Execution(reason.strip_prefix("error: ").unwrap_or(&reason).to_owned())
}

/// What an error says, without what it went through.
fn reason(error: &DataFusionError) -> String {
    match error.find_root() {
        DataFusionError::Execution(reason) => reason.clone(),
        other => other.strip_backtrace(),
    }
}
