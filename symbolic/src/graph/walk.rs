//! Walks: loops over the arena, never recursion.

use std::collections::{BTreeSet, HashSet};

use super::{Expr, Graph, Index, Node};

impl Graph {
    /// All nodes reachable from `roots`, arguments before users; below a node for which `enter` is false
    /// nothing is visited.
    ///
    /// The order is that of a walk from the roots, so it depends on the structure alone, not on the order in which
    /// nodes were made.
    pub fn reachable(&self, roots: &[Expr], enter: impl Fn(&Graph, Expr) -> bool) -> Vec<Expr> {
        let mut seen: HashSet<Expr> = HashSet::new();
        let mut order = Vec::new();
        let mut pending: Vec<(Expr, bool)> = roots.iter().rev().map(|&root| (root, false)).collect();
        while let Some((expr, is_complete)) = pending.pop() {
            if is_complete {
                order.push(expr);
            } else if seen.insert(expr) {
                pending.push((expr, true));
                if enter(self, expr) {
                    let first = pending.len();
                    self.node(expr).for_each_arg(|arg| pending.push((arg, false)));
                    pending[first..].reverse();
                }
            }
        }
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
