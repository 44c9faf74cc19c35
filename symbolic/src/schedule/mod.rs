//! From contributions to a kernel: which node is computed where.
//!
//! A node lives in the loop of its deepest free index. A reduction that others need is computed in an earlier
//! pass; passes over equal ranges fuse. A costly node whose indices are no prefix of the loops at hand
//! becomes a local array, keyed by its shape with indices renumbered.

mod arithmetic;
mod block;
mod diagonal;
mod kernel;
mod needs;
mod shape;
mod slots;
mod task;
mod tiles;
mod vectorize;
mod work;

pub use kernel::{
    Block, Cell, Entry, Family, Kernel, Operand, Operation, Place, Request, Slot, Statement, Table, Triangle,
    TriangleAxis,
};
pub use tiles::{Element, Fill, LANES, Panel, Source, Stage, Sum, Target, Term, Tiles};
pub(crate) use vectorize::neighbors;
pub use vectorize::vectorize;
pub use work::{Work, work};

use crate::differentiate;
use crate::graph::{Expr, Graph};

/// The factor in front of a sum of squares and the number of its squares, each as the value of a kernel of its
/// own that reads no parameters; `None` where [`squares`](crate::differentiate::squares) finds no such sum.
pub fn squares(graph: &Graph, error: Expr) -> Option<[Kernel; 2]> {
    let mut g = graph.clone();
    let squares = differentiate::squares(&mut g, error)?;
    let count = squares.count(&mut g);
    Some([squares.scale, count].map(|expr| schedule(&mut g.clone(), expr, Request::VALUE)))
}

/// Derives what `request` asks for and arranges it in passes.
///
/// [`Request::GAUSS_NEWTON`] gives an empty kernel unless [`squares`](crate::differentiate::squares) finds the
/// error function to be a sum of squares.
///
/// The graph gains the nodes of the derivatives. Cost: about linear in the number of nodes of the result,
/// times the depth of its loops.
pub fn schedule(graph: &mut Graph, error: Expr, request: Request) -> Kernel {
    let (tasks, families) = task::tasks(graph, error, request);
    Kernel { families, ..block::Scheduler::new(graph, &tasks).kernel(tasks, request) }
}
