//! Kernel to Rust tokens: plain, readable functions without allocation or `unsafe`.

mod address;
mod body;
mod family;
mod frame;
mod functions;
mod jam;
mod module;
mod names;
mod output;
mod pattern;
mod products;
mod rows;
mod scatter;
mod signature;
mod sparse;
mod sums;
mod surface;
mod tiles;
mod windows;

pub use module::Module;
pub use output::Output;
pub use signature::{Argument, Form};
