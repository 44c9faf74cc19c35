//! Formulas to formatted Rust, in build scripts and on the command line.
//!
//! In `build.rs`:
//!
//! ```no_run
//! fn main() -> Result<(), hesse_build::BuildError> {
//!     hesse_build::Builder::new().formula("models/loss.hes").compile()
//! }
//! ```
//!
//! and in the crate, `include!(concat!(env!("OUT_DIR"), "/loss.rs"));` brings a module `loss` with `value`,
//! `gradient`, `hessian` and their kin.

mod builder;
mod generate;

pub use builder::{BuildError, Builder};
pub use generate::{Source, format, generate, is_sum_of_squares, sum_over_rows};
pub use hesse_symbolic::emit::Output;
pub use hesse_symbolic::schedule::NoRows;
