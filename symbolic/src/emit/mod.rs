//! Kernel to Rust tokens: plain, readable functions without allocation or `unsafe`.

mod body;
mod module;
mod names;
mod signature;
mod tile;

pub use module::Module;
pub use signature::{Argument, Form};
