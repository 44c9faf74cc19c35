//! What a fit is asked for on the command line.

use std::fs;
use std::path::{Path, PathBuf};

use hesse_input::point;

use crate::checkpoint;

/// Where a fit begins, and how long it goes on.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// The start: `a=1,b=0.1`; an array takes one number for all its elements, or `w=[1,2,3]`.
    #[arg(long, value_name = "POINT", required_unless_present = "resume")]
    from: Option<String>,
    /// Writes the iterate to this file after every accepted step.
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// Starts where this checkpoint was written.
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    resume: Option<PathBuf>,
    /// Steps at most.
    #[arg(long, value_name = "COUNT")]
    pub max_iterations: Option<usize>,
}

impl Options {
    /// The point to begin at, in the order of `names`. `agree` gets the text of the checkpoint, for programs that run
    /// this in several processes: what it returns counts.
    ///
    /// # Errors
    /// Where the point is none of this formula, or the checkpoint cannot be read.
    pub fn start(
        &self,
        formula: &str,
        names: &[String],
        agree: impl FnOnce(&dyn Fn() -> Result<String, String>) -> Result<String, String>,
    ) -> Result<Vec<f64>, String> {
        match &self.resume {
            Some(path) if self.from.is_none() => checkpoint::parse(&agree(&|| read(path))?, formula, names),
            _ => point("--from", self.from.as_deref(), names).map_err(|error| format!("error: {error}")),
        }
    }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path)
        .map_err(|error| format!("error: cannot read the checkpoint `{}`: {error}", path.display()))
}
