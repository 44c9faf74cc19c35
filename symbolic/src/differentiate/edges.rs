//! Nonlinear edges between nodes: how they are named, ordered and merged.

use std::collections::{BTreeMap, HashMap};

use super::ranks::{Rank, Ranks};
use crate::graph::{Expr, Graph, Number};

/// What is known of a node when its turn comes.
#[derive(Default)]
pub(super) struct Live {
    /// Terms of its adjoint.
    pub(super) adjoint: Vec<(Number, Expr)>,
    /// Edges to nodes of the same or lower rank, with the terms of their weights.
    pub(super) edges: Vec<(Expr, Vec<(Number, Expr)>)>,
    at: HashMap<Expr, usize>,
}

/// The edges between nodes not yet eliminated, each at its endpoint of higher rank.
///
/// An edge (u, v, w) says: *for the free indices of u, v and w, the second derivative by u and v gains w*. The
/// indices of u have their first names; those v shares with u too, the others of v have second names. A node whose
/// indices all have their first names is the *base* of its instances. An edge between two instances of one
/// base is its own mirror image, so its weight is symmetric; any other edge stands for its mirror image too.
pub(super) struct Edges {
    live: BTreeMap<Rank, (Expr, Live)>,
    ranks: Ranks,
}

impl Edges {
    /// No edges yet between the nodes below `roots`.
    pub(super) fn new(g: &mut Graph, roots: &[Expr]) -> Edges {
        Edges { live: BTreeMap::new(), ranks: Ranks::new(g, roots) }
    }

    /// The node of highest rank with what is known of it; complete, since all its users are gone.
    pub(super) fn next(&mut self) -> Option<(Expr, Live)> {
        self.live.pop_last().map(|(_, live)| live)
    }

    /// Adds `value` to the adjoint of a base.
    pub(super) fn push_adjoint(&mut self, g: &Graph, node: Expr, value: Expr) {
        let rank = self.ranks.rank(g, node);
        self.live.entry(rank).or_insert_with(|| (node, Live::default())).1.adjoint.push((Number::ONE, value));
    }

    /// Adds an edge between different nodes, or between instances of one node whose weight stands for its
    /// mirror image.
    pub(super) fn push(&mut self, g: &mut Graph, u: Expr, v: Expr, weight: Expr) {
        let (low, high) = (self.base(g, u), self.base(g, v));
        let (ends, low_rank, high_rank) = ([u, v], self.ranks.rank(g, low), self.ranks.rank(g, high));
        let [u, v] = if low_rank < high_rank { [ends[1], ends[0]] } else { ends };
        let [u, v, weight] = g.named([u, v, weight]);
        if low == high {
            let mirrored = if u == v { weight } else { g.named([v, u, weight])[2] };
            self.add(g, u, v, &[weight, mirrored]);
        } else {
            self.add(g, u, v, &[weight]);
        }
    }

    /// Adds an edge between two instances of one node, with a symmetric weight.
    pub(super) fn push_symmetric(&mut self, g: &mut Graph, u: Expr, v: Expr, weight: Expr) {
        let [u, v, weight] = g.named([u, v, weight]);
        self.add(g, u, v, &[weight]);
    }

    fn add(&mut self, g: &Graph, u: Expr, v: Expr, weights: &[Expr]) {
        let rank = self.ranks.rank(g, u);
        let (_, Live { edges, at, .. }) = self.live.entry(rank).or_insert_with(|| (u, Live::default()));
        let at = *at.entry(v).or_insert(edges.len());
        if at == edges.len() {
            edges.push((v, Vec::new()));
        }
        edges[at].1.extend(weights.iter().map(|&weight| (Number::ONE, weight)));
    }

    /// What is known of the nodes whose turn has not come.
    pub(super) fn waiting(&self) -> impl Iterator<Item = (Expr, &Live)> {
        self.live.values().map(|(node, live)| (*node, live))
    }

    /// The rank of a base.
    pub(super) fn rank(&self, g: &Graph, base: Expr) -> Rank {
        self.ranks.rank(g, base)
    }

    /// The node with its indices under their first names.
    pub(super) fn base(&mut self, g: &mut Graph, node: Expr) -> Expr {
        self.ranks.base(g, node)
    }
}
