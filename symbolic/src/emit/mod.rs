//! Kernel to Rust tokens: plain, readable functions without allocation or `unsafe`.

mod address;
mod body;
mod frame;
mod functions;
mod module;
mod names;
mod signature;
mod sums;
mod surface;
mod tiles;

pub use module::Module;
pub use signature::{Argument, Form};
