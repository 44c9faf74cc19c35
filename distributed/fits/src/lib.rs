//! What the programs for clusters are asked, and what they answer: formulas over columns, points, checkpoints and fits.
//!
//! Errors are texts that are ready to print. Everything here is plain: where rows are and who adds them up is the
//! business of the programs.

mod checkpoint;
mod fit;
mod point;
mod source;

pub use checkpoint::parse as parse_checkpoint;
pub use fit::{Answer, Fit, number};
pub use point::{read as read_point, write as write_point};
pub use source::{Array, Matrix, ROWS, matrix, model, text};
