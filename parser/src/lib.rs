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

pub mod builtins;
pub mod diagnostic;
mod fingerprint;
pub mod formula;
mod lower;
mod resolve;
#[cfg(feature = "rust")]
pub mod rust;
pub mod syntax;

pub use fingerprint::fingerprint;
use hesse_symbolic::graph::{Expr, Graph};
use hesse_symbolic::rules::{Applied, Mode};

/// An error function with its parameters and data.
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
