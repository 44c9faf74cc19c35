//! Formula text and Rust functions to the expression graph.
//!
//! ```text
//! formula text ─ formula ┐
//!                        ├→ syntax tree → resolve (names, shapes, ranges) → lower → graph
//! Rust fn ────── rust ───┘
//! ```
//!
//! Both grammars share one tree, one table of messages and every pass after the tree, so that the same error
//! function written either way becomes the same graph.

#[cfg_attr(not(feature = "rust"), allow(dead_code, reason = "formulas have a part of the functions alone"))]
pub mod builtins;
pub mod diagnostic;
mod fingerprint;
pub mod formula;
mod lower;
mod resolve;
#[cfg(feature = "rust")]
pub mod rust;
#[cfg_attr(not(feature = "rust"), allow(dead_code, reason = "formulas have a part of the tree alone"))]
mod syntax;

pub use fingerprint::fingerprint;
use hesse_symbolic::graph::{Expr, Graph};
use hesse_symbolic::rules::{Applied, Mode};

/// An error function with its parameters and data.
///
/// ```
/// use hesse_parser::formula::{Columns, parse};
///
/// let model = parse("ln(1 + exp(x))", &Columns::none()).unwrap();
/// assert_eq!(model.graph.arrays().count(), 1);
/// assert_eq!(model.applied[0].rule.name, "softplus", "rewritten to what does not overflow");
/// ```
#[derive(Clone, Debug)]
pub struct Model {
    /// The graph; its arrays are the parameters and data, in order.
    pub graph: Graph,
    /// The error function.
    pub error: Expr,
    /// Which rules were wanted.
    pub mode: Mode,
    /// The rules that rewrote the error function.
    pub applied: Vec<Applied>,
}
