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
mod rows;
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
pub use rows::{NoRows, rows};
pub use tiles::{
    Element, Fill, LANES, Lanes, Outgoing, Panel, Source, Stage, Stream, Sum, Target, Term, Tiles,
};
pub use vectorize::{Obstacle, vectorize, vectorize_in};
pub(crate) use vectorize::{for_each_access, neighbors};
pub use work::{Level, Run, Work, work};

use crate::differentiate;
use crate::graph::{Expr, Graph};

/// The factor in front of a sum of squares, the number of its squares, and that of those whose weight is not zero, each as the
/// value of a kernel of its own that reads no parameters; `None` where [`squares`](crate::differentiate::squares) finds no such sum.
///
/// ```
/// use hesse_symbolic::schedule::squares;
///
/// let model = hesse_parser::formula::parse("param x; E = (x - 1)^2", &Default::default()).unwrap();
/// assert!(squares(&model.graph, model.error).is_some());
/// ```
pub fn squares(graph: &Graph, error: Expr) -> Option<[Kernel; 3]> {
    let mut g = graph.clone();
    let squares = differentiate::squares(&mut g, error)?;
    let count = squares.count(&mut g);
    let observations = squares.observations(&mut g);
    Some([squares.scale, count, observations].map(|expr| schedule(&mut g.clone(), expr, Request::VALUE)))
}

/// The number of residuals of a sum of squares whose weight is not zero, as a sum over the same [`rows`] as the error
/// function; `None` where it is no sum of squares, or no weight is data of its rows.
///
/// ```
/// use hesse_symbolic::schedule::observations;
///
/// let count = |text: &str| {
///     let mut model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
///     observations(&mut model.graph, model.error)
/// };
/// assert!(count("param a; data y[n], v[n]; E = sum(i, v[i]*(y[i] - a)^2)").is_some());
/// assert!(count("param a; data y[n]; E = sum(i, (y[i] - a)^2)").is_none());
/// ```
pub fn observations(graph: &mut Graph, error: Expr) -> Option<Expr> {
    let all = rows(graph, error).ok()?;
    let observations = differentiate::squares(graph, error)?.observations(graph);
    (rows(graph, observations) == Ok(all)).then_some(observations)
}

/// Derives what `request` asks for and arranges it in passes.
///
/// [`Request::GAUSS_NEWTON`] gives an empty kernel unless [`squares`](crate::differentiate::squares) finds the
/// error function to be a sum of squares; one [of rows](Request::of_rows) is empty unless [`rows`] finds some.
///
/// The graph gains the nodes of the derivatives. Cost: about linear in the number of nodes of the result,
/// times the depth of its loops.
///
/// ```
/// use hesse_symbolic::schedule::{Request, schedule};
///
/// let mut model = hesse_parser::formula::parse("param x; E = x^2", &Default::default()).unwrap();
/// let kernel = schedule(&mut model.graph, model.error, Request::VALUE_GRADIENT_HESSIAN);
/// assert!(kernel.request.hessian && !kernel.body.is_empty());
/// ```
pub fn schedule(graph: &mut Graph, error: Expr, request: Request) -> Kernel {
    if request.rows {
        // Both parts of E are squares in the units of the whole.
        let squares = if request.gauss_newton { differentiate::squares(graph, error) } else { None };
        let scale = squares.map(|squares| squares.scale);
        return match rows::separate(graph, error) {
            Ok(separated) => schedule_rows(graph, &separated, scale, request),
            Err(_) => block::Scheduler::new(graph, &[]).kernel(Vec::new(), request),
        };
    }
    let (tasks, families) = task::tasks(graph, error, None, request);
    Kernel { families, ..block::Scheduler::new(graph, &tasks).kernel(tasks, request) }
}

/// What no row carries stands in a loop of one position or none, so that back ends see nothing new.
fn schedule_rows(
    graph: &mut Graph,
    separated: &rows::Separated,
    scale: Option<Expr>,
    request: Request,
) -> Kernel {
    let mut tasks_of = |part: Expr| match graph.as_number(part) {
        Some(number) if number.is_zero() => Vec::new(),
        _ => task::tasks(graph, part, scale, request).0,
    };
    let (opening, tasks) = (tasks_of(separated.rest), tasks_of(separated.part));
    let pass = task::Pass { index: graph.index(separated.opening.clone()), range: separated.opening.clone() };
    let all: Vec<task::Task> = opening.iter().chain(&tasks).cloned().collect();
    let mut scheduler = block::Scheduler::new(graph, &all);
    if !opening.is_empty() {
        scheduler.nest(pass, opening);
    }
    Kernel { rows: Some(separated.all.clone()), ..scheduler.kernel(tasks, request) }
}
