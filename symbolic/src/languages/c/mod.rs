//! Kernel to C99: plain functions of flat arrays, with a header.

mod body;
mod functions;
mod support;

pub use functions::C;
