//! Walks: loops over the arena, never recursion.

use std::collections::{BTreeSet, HashSet};

use super::{Expr, Graph, Index, Node};

impl Graph {
    /// All nodes reachable from `roots`, arguments before users; below a node for which `enter` is false
    /// nothing is visited.
    pub fn reachable(&self, roots: &[Expr], enter: impl Fn(&Graph, Expr) -> bool) -> Vec<Expr> {
        let mut seen: HashSet<Expr> = HashSet::new();
        let mut pending = roots.to_vec();
        while let Some(expr) = pending.pop() {
            if seen.insert(expr) && enter(self, expr) {
                self.node(expr).for_each_arg(|arg| pending.push(arg));
            }
        }
        let mut order: Vec<Expr> = seen.into_iter().collect();
        order.sort_unstable();
        order
    }

    /// All indices bound anywhere in an expression.
    pub fn bound(&self, expr: Expr) -> BTreeSet<Index> {
        self.reachable(&[expr], |g, e| g.binders(e) > 0)
            .into_iter()
            .filter_map(|e| match self.node(e) {
                Node::Reduce(_, index, _) => Some(*index),
                _ => None,
            })
            .collect()
    }
}
