//! What the programs for clusters are asked, and what they answer: formulas over columns, points, checkpoints and fits.
//!
//! Errors are texts that are ready to print. Everything here is plain: where rows are and who adds them up is the
//! business of the programs.

mod checkpoint;
mod fit;
mod model;
mod options;
mod point;

pub use fit::{Answer, Fit, number};
pub use model::{Array, ROWS, model};
pub use options::Options;
pub use point::write as write_point;
