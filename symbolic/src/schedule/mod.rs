//! From contributions to a kernel: which node is computed where.
//!
//! A node lives in the loop of its deepest free index. A reduction that others need is computed in an earlier
//! pass; passes over equal ranges fuse. A costly node whose indices are no prefix of the loops at hand
//! becomes a local array, keyed by its shape with indices renumbered.

mod arithmetic;
mod block;
mod kernel;
mod needs;
mod task;
mod tiles;
mod vectorize;
mod work;

pub use kernel::{Block, Kernel, Operand, Operation, Place, Request, Slot, Statement, Table, Triangle};
pub use tiles::{Element, Fill, LANES, Panel, Source, Stage, Sum, Target, Term, Tiles};
pub use vectorize::vectorize;
pub use work::{Work, work};

use crate::graph::{Expr, Graph};

/// Derives what `request` asks for and arranges it in passes.
///
/// [`Request::GAUSS_NEWTON`] gives an empty kernel unless [`squares`](crate::differentiate::squares) finds the
/// error function to be a sum of squares.
///
/// The graph gains the nodes of the derivatives. Cost: about linear in the number of nodes of the result,
/// times the depth of its loops.
pub fn schedule(graph: &mut Graph, error: Expr, request: Request) -> Kernel {
    let tasks = task::tasks(graph, error, request);
    block::Scheduler::new(graph, &tasks).kernel(tasks, request)
}
