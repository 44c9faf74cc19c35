//! E as a sum over rows of data: what a block of rows adds, and what no row carries.
//!
//! E is linear in its own terms, so the cut is made in E, before anything is derived: whatever follows from a part
//! of E is that part of what follows from E.

use std::collections::{HashMap, HashSet};

use thiserror::Error;

use crate::graph::{Affine, Expr, Graph, Index, Node, Number, Range, ReduceKind, Role, Subscript};

/// A range of run-time length counts as this many positions where work is compared.
const UNKNOWN: u64 = 32;

/// Why an error function cannot be cut into blocks of rows.
///
/// ```
/// use hesse_symbolic::schedule::{NoRows, rows};
///
/// let model = hesse_parser::formula::parse("param x; E = x^2", &Default::default()).unwrap();
/// assert_eq!(rows(&model.graph, model.error), Err(NoRows::NoSum));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum NoRows {
    /// Nothing is summed over data.
    #[error("E is no sum over rows of data")]
    NoSum,
    /// All sums over rows go through something else than sums and factors, or the rows need one of them whole.
    #[error("E needs a sum over all rows before it can go on, as in `ln(sum(i, …))`")]
    Whole,
}

/// E in two parts.
pub(super) struct Separated {
    /// All rows.
    pub(super) all: Range,
    /// What the rows from the one dimension up to the other add: Σ over these rows.
    pub(super) part: Expr,
    /// What no row carries.
    pub(super) rest: Expr,
    /// One position where the rows begin with the first, none elsewhere.
    pub(super) opening: Range,
}

/// The rows of an error function that is a sum over rows of data, with perhaps further terms.
///
/// The rows are a range over which data is read, whose sums are terms of E, alone or with factors in front, and which
/// nothing else in E runs over as a whole. Of several such ranges it is one of run-time length if there is, of these the
/// one with most operations per position, the first of these in the order of the graph.
///
/// # Errors
/// Where there is no such range.
///
/// ```
/// use hesse_symbolic::graph::{Extent, Graph, Number, Range, ReduceKind, Role, Subscript};
/// use hesse_symbolic::schedule::{NoRows, rows};
///
/// let mut g = Graph::default();
/// let n = Extent::Named(g.dimension("n"));
/// let (w, x) = (g.array("w", Role::Parameter, &[]), g.array("x", Role::Data, &[n]));
/// let i = g.index(Range::all(n));
/// let (w, x) = (g.leaf(w, &[]), g.leaf(x, &[Subscript::index(i)]));
/// let residual = g.sub(x, w);
/// let square = g.power(residual, Number::integer(2));
/// let sum = g.reduce(ReduceKind::Sum, i, square);
/// assert_eq!(rows(&g, sum), Ok(Range::all(n)));
/// let root = g.sqrt(sum);
/// assert_eq!(rows(&g, root), Err(NoRows::Whole));
/// ```
pub fn rows(graph: &Graph, error: Expr) -> Result<Range, NoRows> {
    separate(&mut graph.clone(), error).map(|separated| separated.all)
}

/// Cuts E in two. The graph gains two dimensions, its last: the first of the rows wanted, and the one after their
/// last, both counted from the beginning of all rows.
pub(super) fn separate(g: &mut Graph, error: Expr) -> Result<Separated, NoRows> {
    let all = choose(g, error)?;
    let [from, to] = ["from_row", "to_row"].map(|name| {
        let mut name = name.to_owned();
        while g.dimensions().contains(&name) {
            name.push('_');
        }
        Affine::dimension(g.dimension(&name))
    });
    let wanted = Range { lo: all.lo.add(&from), hi: all.lo.add(&to) };
    let (part, rest) = split(g, error, &all, &wanted);
    let is_whole = |expr: &Expr| match g.node(*expr) {
        Node::Reduce(_, index, _) => {
            *g.range(*index) == all && g.free(*expr).iter().all(|outer| *g.range(*outer) != wanted)
        }
        _ => false,
    };
    if g.reachable(&[part, rest], |_, _| true).iter().any(is_whole) {
        return Err(NoRows::Whole);
    }
    let opening = Range { lo: Affine::constant(0), hi: Affine::constant(1).sub(&from) };
    Ok(Separated { all, part, rest, opening })
}

/// The range of the sums that are terms of E and read data: one of run-time length if there is, of these the one with
/// most operations per position.
fn choose(g: &Graph, error: Expr) -> Result<Range, NoRows> {
    let mut candidates: Vec<(Range, (bool, u64))> = Vec::new();
    let mut seen = HashSet::new();
    let mut pending = vec![error];
    while let Some(expr) = pending.pop() {
        if !seen.insert(expr) {
            continue;
        }
        match g.node(expr) {
            Node::Sum(terms) => pending.extend(terms.iter().rev().map(|term| term.1)),
            Node::Product(factors) => {
                pending.extend(factors.iter().rev().filter(|(_, p)| p.is_one()).map(|factor| factor.0));
            }
            Node::Select(_, a, b) => pending.extend([*b, *a]),
            Node::Reduce(ReduceKind::Sum, index, body) if reads_data(g, *index, *body) => {
                let (range, work) = (g.range(*index), operations(g, *index, *body));
                match candidates.iter_mut().find(|(own, _)| own == range) {
                    Some((_, (_, sum))) => *sum = sum.saturating_add(work),
                    None => {
                        let is_long = range.length().as_constant().is_none();
                        candidates.push((range.clone(), (is_long, work)));
                    }
                }
            }
            Node::Reduce(ReduceKind::Sum, _, body) => pending.push(*body),
            _ => {}
        }
    }
    // The first of the best: `max_by_key` would give the last.
    let best = candidates.iter().map(|(_, work)| *work).max();
    if let Some((range, _)) = candidates.into_iter().find(|(_, work)| Some(*work) == best) {
        return Ok(range);
    }
    let sums = |expr: &Expr| matches!(g.node(*expr), Node::Reduce(_, i, body) if reads_data(g, *i, *body));
    let has_sums = g.reachable(&[error], |_, _| true).iter().any(sums);
    Err(if has_sums { NoRows::Whole } else { NoRows::NoSum })
}

/// Whether the positions of an index are rows of data: its range is that of no other index, and data is read there.
fn reads_data(g: &Graph, index: Index, body: Expr) -> bool {
    let is_data = |array| matches!(g.declaration(array).role, Role::Data | Role::Lookup);
    g.range(index).indices().next().is_none()
        && g.reachable(&[body], |g, e| g.free(e).contains(&index)).into_iter().any(|expr| {
            let Node::Leaf(array, subscripts) = g.node(expr) else { return false };
            let is_looked_up = subscripts.iter().any(|s| matches!(s, Subscript::Lookup(..)));
            (is_data(*array) || is_looked_up) && g.free(expr).contains(&index)
        })
}

/// The operations for one position of `index`: a node counts once per position of the loops it stands in.
fn operations(g: &Graph, index: Index, body: Expr) -> u64 {
    let length = |of: Index| {
        let length = g.range(of).length().as_constant();
        length.map_or(UNKNOWN, |length| u64::try_from(length).unwrap_or(0))
    };
    let work = |expr: Expr| {
        let own = match g.node(expr) {
            Node::Number(_) | Node::Leaf(..) | Node::IndexValue(_) => 0,
            Node::Sum(terms) => terms.len() as u64,
            Node::Product(factors) => factors.len() as u64,
            Node::Reduce(_, inner, _) => length(*inner),
            _ => 1,
        };
        let loops = g.free(expr).iter().filter(|i| **i != index);
        loops.map(|&i| length(i)).fold(own, u64::saturating_mul)
    };
    let nodes = g.reachable(&[body], |g, e| g.free(e).contains(&index));
    nodes.into_iter().filter(|e| g.free(*e).contains(&index)).map(work).fold(0, u64::saturating_add)
}

/// The sums over `all` in linear places, over `wanted` instead; and everything else.
fn split(g: &mut Graph, error: Expr, all: &Range, wanted: &Range) -> (Expr, Expr) {
    let zero = g.zero();
    let mut parts: HashMap<Expr, (Expr, Expr)> = HashMap::new();
    let order = g.reachable(&[error], |g, expr| match g.node(expr) {
        Node::Sum(_) | Node::Product(_) | Node::Select(..) => true,
        Node::Reduce(ReduceKind::Sum, index, _) => g.range(*index) != all,
        _ => false,
    });
    for expr in order {
        let of = |expr: Expr| parts.get(&expr).copied().unwrap_or((zero, expr));
        let node = g.node(expr).clone();
        let pair = match &node {
            Node::Reduce(ReduceKind::Sum, index, body) if g.range(*index) == all => {
                let row = g.index(wanted.clone());
                let body = g.substitute(*body, &[(*index, row)]);
                (g.reduce(ReduceKind::Sum, row, body), zero)
            }
            Node::Reduce(ReduceKind::Sum, index, body) if of(*body).0 != zero => {
                let (part, rest) = of(*body);
                (g.reduce(ReduceKind::Sum, *index, part), g.reduce(ReduceKind::Sum, *index, rest))
            }
            Node::Sum(terms) if terms.iter().any(|term| of(term.1).0 != zero) => {
                let (part, rest): (Vec<_>, Vec<_>) =
                    terms.iter().map(|&(c, e)| ((c, of(e).0), (c, of(e).1))).unzip();
                (g.sum(&part), g.sum(&rest))
            }
            Node::Product(factors) => {
                let mut carrying = factors.iter().filter(|(e, _)| of(*e).0 != zero);
                match (carrying.next(), carrying.next()) {
                    (Some(&(factor, exponent)), None) if exponent.is_one() => {
                        let with = |factor_part: Expr| -> Vec<(Expr, Number)> {
                            let part = |&(e, p)| if e == factor { (factor_part, p) } else { (e, p) };
                            factors.iter().map(part).collect()
                        };
                        let (part, rest) = of(factor);
                        (g.product(&with(part)), g.product(&with(rest)))
                    }
                    _ => (zero, expr),
                }
            }
            Node::Select(condition, a, b) if of(*a).0 != zero || of(*b).0 != zero => {
                let (a, b) = (of(*a), of(*b));
                (g.select(*condition, a.0, b.0), g.select(*condition, a.1, b.1))
            }
            _ => (zero, expr),
        };
        parts.insert(expr, pair);
    }
    parts.get(&error).copied().unwrap_or((zero, error))
}
