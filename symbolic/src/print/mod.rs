//! Formulas for people: text that parses back, LaTeX and MathML.
//!
//! | what | file |
//! |---|---|
//! | an expression in pieces, whatever the notation | `formula` |
//! | entries of gradient and Hessian | `derivatives` |
//! | what each notation spells, and in which way | `notation`, `text`, `latex`, `mathml` |
//! | constants, letters of names, letters of indices | `number`, `names`, `letters` |
//! | which term of a sum comes first | `order` |
//! | which rule gave what | `steps` |
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
mod order;
mod spell;
mod steps;
mod text;

pub use derivatives::{Derivative, Positions, derivatives};
pub use formula::{Formula, print};
pub use notation::Notation;
pub use steps::{Step, Steps, steps};
