//! Look-ups among values that are all needed: f(class[i]) beside f(k) for all k is Σₖ \[k = class\[i\]\] f(k).
//!
//! The choice costs a comparison for each k, and nothing more in the derivatives, where it joins what all k have; a look-up
//! would bring in and hand out numbers row by row.

use std::collections::{HashMap, HashSet};

use crate::graph::{
    Affine, Array, Comparison, Expr, Extent, Graph, Index, Node, Range, ReduceKind, Subscript,
};

/// Writes look-ups as choices where the values to choose among are there, for every position of the loops that the
/// look-up is in. No value changes, nor does a derivative. Cost: linear for each pair of a look-up and a range.
pub(crate) fn choose(g: &mut Graph, error: Expr) -> Expr {
    let nodes = g.reachable(&[error], |_, _| true);
    let lookups = lookups(g, &nodes);
    if lookups.is_empty() {
        return error;
    }
    let known: HashSet<Expr> = nodes.iter().copied().collect();
    let mut chosen: HashMap<Expr, Expr> = HashMap::new();
    for lookup in &lookups {
        for index in binders(g, &nodes, &Range::all(lookup.extent)) {
            for (node, general) in generalized(g, &nodes, lookup, index) {
                let is_there = known.contains(&general) && !matches!(g.node(general), Node::Leaf(..));
                let is_for_all_rows = g.free(node).iter().all(|i| *i != index && g.free(general).contains(i));
                if is_there && is_for_all_rows && !chosen.contains_key(&node) {
                    let choice = lookup.choice(g, index, general);
                    chosen.insert(node, choice);
                }
            }
        }
    }
    if chosen.is_empty() {
        return error;
    }
    let mut rebuilt: HashMap<Expr, Expr> = HashMap::with_capacity(nodes.len());
    for node in nodes {
        let new = match chosen.get(&node) {
            Some(&choice) => choice,
            None => g.rebuild(node, |_, arg| rebuilt.get(&arg).copied().unwrap_or(arg)),
        };
        rebuilt.insert(node, new);
    }
    rebuilt.get(&error).copied().unwrap_or(error)
}

/// A position found in data, and the length of the axis it is a position on.
#[derive(Clone, PartialEq)]
struct Lookup {
    array: Array,
    inner: Vec<Subscript>,
    extent: Extent,
}

impl Lookup {
    fn is(&self, subscript: &Subscript) -> bool {
        matches!(subscript, Subscript::Lookup(array, inner) if (*array, inner) == (self.array, &self.inner))
    }

    /// Σ over the index of what is `general` in it, where it is the position looked up.
    fn choice(&self, g: &mut Graph, index: Index, general: Expr) -> Expr {
        let (here, found) = (g.index_value(&Affine::index(index)), g.leaf(self.array, &self.inner));
        let (is_found, zero) = (g.compare(Comparison::Equal, here, found), g.zero());
        let body = g.select(is_found, general, zero);
        g.reduce(ReduceKind::Sum, index, body)
    }
}

/// The look-ups that are subscripts of parameters.
fn lookups(g: &Graph, nodes: &[Expr]) -> Vec<Lookup> {
    let mut found: Vec<Lookup> = Vec::new();
    for &node in nodes {
        let Node::Leaf(of, subscripts) = g.node(node) else { continue };
        for (subscript, &extent) in subscripts.iter().zip(&g.declaration(*of).shape) {
            if let Subscript::Lookup(array, inner) = subscript
                && g.depends_on_parameters(node)
            {
                let lookup = Lookup { array: *array, inner: inner.clone(), extent };
                if !found.contains(&lookup) {
                    found.push(lookup);
                }
            }
        }
    }
    found
}

/// The indices of reductions over a range.
fn binders(g: &Graph, nodes: &[Expr], range: &Range) -> Vec<Index> {
    let mut found: Vec<Index> = Vec::new();
    for &node in nodes {
        if let Node::Reduce(_, index, _) = *g.node(node)
            && g.range(index) == range
            && !found.contains(&index)
        {
            found.push(index);
        }
    }
    found
}

/// The nodes in which the look-up occurs, each with the node that has the index in its place.
fn generalized(g: &mut Graph, nodes: &[Expr], lookup: &Lookup, index: Index) -> Vec<(Expr, Expr)> {
    let mut general: HashMap<Expr, Expr> = HashMap::new();
    let mut pairs = Vec::new();
    for &node in nodes {
        let new = match g.node(node).clone() {
            Node::Leaf(array, subscripts) if subscripts.iter().any(|s| lookup.is(s)) => {
                let subscripts: Vec<Subscript> = subscripts
                    .iter()
                    .map(|s| if lookup.is(s) { Subscript::index(index) } else { s.clone() })
                    .collect();
                g.leaf(array, &subscripts)
            }
            other => {
                let mut is_touched = false;
                other.for_each_arg(|arg| is_touched |= general.contains_key(&arg));
                // A binder of the same name would take the index for its own.
                let is_bound = matches!(other, Node::Reduce(_, bound, _) if bound == index);
                if !is_touched || is_bound {
                    continue;
                }
                g.rebuild(node, |_, arg| general.get(&arg).copied().unwrap_or(arg))
            }
        };
        general.insert(node, new);
        pairs.push((node, new));
    }
    pairs
}
