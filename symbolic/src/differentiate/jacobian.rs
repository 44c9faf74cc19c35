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
    known: HashMap<Expr, Vec<Contribution>>,
}

impl Jacobians {
    /// The gradient of p, where every leaf below p has all indices in which its instance `v` differs from it: then
    /// the leaves of p and those of `v` have no sum in common.
    ///
    /// Indices of p keep their names, others have first names.
    pub(super) fn separate(&mut self, g: &mut Graph, p: Expr, v: Expr) -> Option<Vec<Contribution>> {
        let own: Vec<Index> = g.free(p).iter().copied().filter(|i| !g.free(v).contains(i)).collect();
        if own.is_empty()
            || !g.reachable(&[p], |g, e| g.depends_on_parameters(e)).iter().all(|&below| {
                let is_parameter = matches!(g.node(below), Node::Leaf(..)) && g.depends_on_parameters(below);
                !is_parameter || own.iter().all(|i| g.free(below).contains(i))
            })
        {
            return None;
        }
        let jacobian = self.known.entry(p).or_insert_with(|| jacobian(g, p));
        (jacobian.len() <= MOST).then(|| jacobian.clone())
    }
}

/// The row of the instance `v` of p that belongs to a row of p; indices that are not of p have second names.
pub(super) fn instance(g: &mut Graph, row: &Contribution, p: Expr, v: Expr) -> Contribution {
    let mut map: Vec<(Index, Index)> = Vec::new();
    if p == v {
        map.extend(g.free(p).iter().map(|&index| (index, index)));
    } else {
        map.extend(g.first_names(v).into_iter().map(|(own, first)| (first, own)));
    }
    rename(g, row, map, 1)
}

fn jacobian(g: &mut Graph, p: Expr) -> Vec<Contribution> {
    let mut rows: Vec<(Expr, Vec<(Number, Expr)>)> = Vec::new();
    for row in sweep(g, p) {
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
    rows.sort_by_key(|(leaf, _)| g.order(*leaf));
    rows.into_iter().map(|(leaf, terms)| Contribution { leaf, value: g.sum(&terms) }).collect()
}

fn rename(g: &mut Graph, row: &Contribution, mut map: Vec<(Index, Index)>, side: u32) -> Contribution {
    let mut others = g.free(row.leaf).to_vec();
    others.extend(g.free(row.value));
    g.name_indices(others, side, &mut map);
    Contribution { leaf: g.substitute(row.leaf, &map), value: g.substitute(row.value, &map) }
}
