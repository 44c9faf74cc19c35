//! Derivatives of an inner node by the leaves below it.

use std::collections::HashMap;

use super::Contribution;
use super::sweep::sweep;
use crate::graph::{Expr, Graph, Index, Node, Number};

/// Nodes with more leaves than this are left to edge pushing.
const MOST: usize = 64;

/// The gradients of inner nodes asked for so far.
#[derive(Default)]
pub(super) struct Jacobians {
    known: HashMap<Expr, Option<Vec<Contribution>>>,
}

impl Jacobians {
    /// The gradient of p, where every leaf below p has all indices in which its instance `v` differs from it, so that
    /// the leaves of p and those of `v` have no sum in common, and where some leaf is reached in several ways, which
    /// add up here and not at every pair of leaves.
    ///
    /// Indices of p keep their names, others have first names.
    pub(super) fn separate(&mut self, g: &mut Graph, p: Expr, v: Expr) -> Option<Vec<Contribution>> {
        let own: Vec<Index> = g.free(p).iter().copied().filter(|i| !g.free(v).contains(i)).collect();
        if own.is_empty() {
            return None;
        }
        let below = g.reachable(&[p], |g, e| g.depends_on_parameters(e));
        let is_separate = |g: &Graph, leaf: Expr| own.iter().all(|i| g.free(leaf).contains(i));
        let is_parameter =
            |g: &Graph, e: Expr| matches!(g.node(e), Node::Leaf(..)) && g.depends_on_parameters(e);
        if below.iter().any(|&e| is_parameter(g, e) && !is_separate(g, e)) {
            return None;
        }
        self.known.entry(p).or_insert_with(|| jacobian(g, p)).clone()
    }
}

/// The row of another instance `v` of p that belongs to a row of p; indices that are not of p have second names.
pub(super) fn instance(g: &mut Graph, row: &Contribution, v: Expr) -> Contribution {
    let map = g.first_names(v).into_iter().map(|(own, first)| (first, own)).collect();
    rename(g, row, map, 1)
}

/// The gradient of p; none where no leaf is reached twice, or too many leaves are.
pub(super) fn jacobian(g: &mut Graph, p: Expr) -> Option<Vec<Contribution>> {
    let mut rows: Vec<(Expr, Vec<(Number, Expr)>)> = Vec::new();
    let parts = sweep(g, p);
    let count = parts.len();
    for row in parts {
        let map = g.free(p).iter().map(|&index| (index, index)).collect();
        let Contribution { leaf, value } = rename(g, &row, map, 0);
        let summed: Vec<Index> = g
            .free(value)
            .iter()
            .copied()
            .filter(|i| !g.free(leaf).contains(i) && !g.free(p).contains(i))
            .collect();
        let value = g.sum_over(&summed, value);
        match rows.iter_mut().find(|(known, _)| *known == leaf) {
            Some((_, terms)) => terms.push((Number::ONE, value)),
            None => rows.push((leaf, vec![(Number::ONE, value)])),
        }
    }
    if rows.len() == count || rows.len() > MOST {
        return None;
    }
    rows.sort_by_key(|(leaf, _)| g.order(*leaf));
    Some(rows.into_iter().map(|(leaf, terms)| Contribution { leaf, value: g.sum(&terms) }).collect())
}

fn rename(g: &mut Graph, row: &Contribution, mut map: Vec<(Index, Index)>, side: u32) -> Contribution {
    let mut others = g.free(row.leaf).to_vec();
    others.extend(g.free(row.value));
    g.name_indices(others, side, &mut map);
    Contribution { leaf: g.substitute(row.leaf, &map), value: g.substitute(row.value, &map) }
}
