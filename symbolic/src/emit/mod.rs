//! Kernel to Rust tokens: plain, readable functions without allocation or `unsafe`.

mod abreast;
mod address;
mod agreement;
mod body;
mod border;
mod bound;
mod family;
mod fills;
mod frame;
mod functions;
mod input;
mod item;
mod jam;
mod module;
mod names;
mod output;
mod pattern;
mod products;
mod returned;
mod rows;
mod scatter;
mod signature;
mod sparse;
mod stream;
mod sums;
mod surface;
mod tiles;
mod windows;

pub use agreement::duals;
pub use border::Border;
pub use bound::Bound;
pub use input::{Container, Input};
pub(crate) use module::Kernels;
pub use module::{Module, Settings};
pub use output::Output;
pub use signature::{Argument, Element, Form};
