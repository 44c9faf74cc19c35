//! The expression graph of Hesse, its derivatives and what becomes of them.
//!
//! ```text
//! graph → rules → differentiate (contributions) → schedule (kernel) → evaluate | emit | print | explain
//! ```

pub mod differentiate;
pub mod emit;
pub mod evaluate;
pub mod explain;
pub mod functions;
pub mod graph;
pub mod languages;
pub mod print;
pub mod rules;
pub mod schedule;
mod simplify;
