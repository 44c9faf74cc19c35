//! Kernel to numbers: the reference meaning of a kernel, and formulas known only at run time. On intervals in the place
//! of numbers the same program gives enclosures.

mod binder;
mod bindings;
mod check;
mod differences;
mod dual;
mod enclosing;
mod length;
mod program;
mod response;
mod rows;
mod scalar;
mod sparse;
mod squares;
mod stream;
mod streamed;
mod surface;
mod tiles;
mod view;

pub use bindings::{BindError, Bindings};
pub use check::{Checked, Witness};
pub use differences::Estimate;
pub use program::{Outputs, Program};
pub use response::Response;
pub use rows::ByRows;
pub use squares::{LeastSquares, Loss};
pub use streamed::{RowSource, StreamError, Streamed, StreamedSquares};
pub use surface::Surface;
pub(crate) use {program::neutral, surface::element_names};
