//! The expression graph: one arena of hash-consed scalar nodes.
//!
//! Equality of expressions is equality of [`Expr`] handles. Arguments precede their users, so every pass is a
//! loop over ascending or descending handles and deep input cannot overflow the stack. A graph is a value
//! somebody owns; there is no global state.
//!
//! ```
//! use hesse_symbolic::graph::{Extent, Graph, Range, ReduceKind, Role, Subscript};
//!
//! let mut g = Graph::new();
//! let n = Extent::Named(g.dimension("n"));
//! let x = g.array("x", Role::Data, &[n]);
//! let squares = |g: &mut Graph| {
//!     let i = g.index(Range::all(n));
//!     let xi = g.leaf(x, &[Subscript::index(i)]);
//!     let square = g.mul(xi, xi);
//!     g.reduce(ReduceKind::Sum, i, square)
//! };
//! assert_eq!(squares(&mut g), squares(&mut g), "binders are canonical");
//! ```

mod construct;
mod index;
mod intern;
mod names;
mod node;
mod number;
mod pair;
mod pythagoras;
mod quotient;
mod reduce;
mod select;
mod substitute;
mod walk;

pub use index::{
    Affine, Array, Declaration, Dimension, Extent, Index, IndexData, Range, Role, Slot, Subscript, Symbol,
};
pub use intern::{Graph, Linearity};
pub use node::{Comparison, Condition, Expr, Node, ReduceKind};
pub use number::Number;
pub(crate) use select::Guard;
