//! Formulas for people: text that parses back, LaTeX and MathML.
//!
//! | what | file |
//! |---|---|
//! | an expression in pieces, whatever the notation | `formula` |
//! | entries of gradient and Hessian | `derivatives` |
//! | what each notation spells, and in which way | `notation`, `text`, `latex`, `mathml` |
//! | constants, letters of names, letters of indices | `number`, `names`, `letters` |
//! | how functions look, and what they stand for | `functions`, `spell` |

mod derivatives;
mod formula;
mod functions;
mod latex;
mod letters;
mod mathml;
mod names;
mod notation;
mod number;
mod spell;
mod text;

pub use derivatives::{Derivative, Positions, derivatives};
pub use formula::{Formula, print};
pub use notation::Notation;
