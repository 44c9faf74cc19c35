//! Formulas for people: text that parses back, and LaTeX.

mod derivatives;
mod formula;
mod notation;

pub use derivatives::{Derivative, derivatives};
pub use formula::{Formula, print};
pub use notation::Notation;
