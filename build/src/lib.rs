//! Error functions to formatted Rust, in build scripts and on the command line.
//!
//! In `build.rs`:
//!
//! ```no_run
//! fn main() -> Result<(), hesse_build::BuildError> {
//!     hesse_build::Builder::new().formula("models/loss.hes").rust("models/losses.rs").compile()
//! }
//! ```
//!
//! and in the crate, `include!(concat!(env!("OUT_DIR"), "/loss.rs"));` brings a module `loss` with `value`,
//! `gradient`, `hessian` and their kin, and that of `losses.rs` its functions with such a module beside each.

mod banner;
mod builder;
mod functions;
mod generate;
mod kept;
mod languages;
mod scope;
mod standalone;

pub use banner::difference;
pub use builder::{BuildError, Builder};
pub use functions::generate_functions;
pub use generate::{Source, Unavailable, check, format, generate, generate_in, is_sum_of_squares};
pub use hesse_symbolic::emit::Output;
pub use hesse_symbolic::languages::C;
pub use hesse_symbolic::rules::Mode;
pub use hesse_symbolic::schedule::{Lanes, NoRows};
pub use kept::kept_functions;
pub use languages::{Untranslatable, generate_c, generate_python};
pub use standalone::{NotAlone, with_own_runtime};
