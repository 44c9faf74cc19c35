//! How much there is to derive, before anything is derived.

use std::collections::HashMap;
use std::rc::Rc;

use crate::graph::{Expr, Graph, Node, Number, ReduceKind};

/// About how many steps [`hessian`](super::hessian) takes for `error`; `None` if that is more than `limit`.
///
/// A node that is not linear in its operands couples all leaves below it: with s of them it is s²/2 steps, and a
/// product of k varying factors out of m has k²/2 pairs with m factors each. Leaves in loops count once, whatever
/// the length of the loops.
///
/// ```
/// use hesse_symbolic::differentiate::coupling;
/// use hesse_symbolic::graph::{Graph, Number, Role};
///
/// let mut g = Graph::new();
/// let leaves: Vec<_> = (0..1000).map(|k| g.array(&format!("x{k}"), Role::Parameter, &[])).collect();
/// let leaves: Vec<_> = leaves.into_iter().map(|array| g.leaf(array, &[])).collect();
/// let terms: Vec<_> = leaves.iter().map(|&leaf| (Number::ONE, leaf)).collect();
/// let sum = g.sum(&terms);
/// assert!(coupling(&g, sum, 10_000).is_some());
/// // Half a million pairs.
/// let square = g.power(sum, Number::integer(2));
/// assert_eq!(coupling(&g, square, 10_000), None);
/// ```
///
/// Cost: at most `limit`, and linear in the number of nodes.
pub fn coupling(g: &Graph, error: Expr, limit: usize) -> Option<usize> {
    let mut steps = 0usize;
    let mut leaves: HashMap<Expr, Rc<[Expr]>> = HashMap::new();
    for p in g.reachable(&[error], |g, e| g.depends_on_parameters(e)) {
        if !g.depends_on_parameters(p) {
            continue;
        }
        let below = match g.node(p) {
            Node::Leaf(..) => Rc::from([p]),
            node => {
                let mut below: Vec<&Rc<[Expr]>> = Vec::new();
                node.for_each_arg(|arg| below.extend(leaves.get(&arg)));
                steps = steps.saturating_add(below.iter().map(|set| set.len()).sum());
                union(&below)
            }
        };
        steps = steps.saturating_add(pairs(g, p, below.len()));
        if steps > limit {
            return None;
        }
        leaves.insert(p, below);
    }
    Some(steps)
}

/// The steps of the second derivatives of one node with `leaves` leaves below it.
fn pairs(g: &Graph, p: Expr, leaves: usize) -> usize {
    let of_leaves = leaves.saturating_mul(leaves) / 2;
    match g.node(p) {
        Node::Product(factors) => {
            let varying: Vec<_> = factors.iter().filter(|f| g.depends_on_parameters(f.0)).collect();
            match varying[..] {
                [(_, exponent)] if *exponent == Number::ONE => 0,
                _ => {
                    let pairs = varying.len().saturating_mul(varying.len()) / 2;
                    of_leaves.saturating_add(pairs.saturating_mul(factors.len()))
                }
            }
        }
        Node::Reduce(ReduceKind::Sum, ..) => 0,
        Node::Apply(..) | Node::Reduce(..) => of_leaves,
        _ => 0,
    }
}

/// All leaves of several sets, each once.
fn union(sets: &[&Rc<[Expr]>]) -> Rc<[Expr]> {
    if let [first, rest @ ..] = sets
        && rest.iter().all(|set| Rc::ptr_eq(first, set))
    {
        return Rc::clone(first);
    }
    let mut all: Vec<Expr> = sets.iter().flat_map(|set| set.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all.into()
}
