//! The order in which nodes are eliminated.

use std::collections::{HashMap, HashSet};

use crate::graph::{Expr, Graph, Node};

/// A node's place in the order of elimination: users come before operands, so higher ranks first.
///
/// Nodes go by depth, but one that a single node uses follows right after that node: what one statement of a program
/// needs never waits while edges to it pile up. Hence: depth and canonical order of the first node up the
/// chain of single users, then the place below it.
pub(super) type Rank = (u32, u64, Expr, std::cmp::Reverse<u32>);

/// Ranks of all nodes below some roots, and their bases: the nodes with all indices under their first names.
#[derive(Default)]
pub(super) struct Ranks {
    bases: HashMap<Expr, Expr>,
    ranks: HashMap<Expr, Rank>,
    /// Nodes on the longest path below each node of the arena.
    depths: Vec<u32>,
}

impl Ranks {
    pub(super) fn new(g: &mut Graph, roots: &[Expr]) -> Ranks {
        let mut ranks = Ranks::default();
        let order = g.reachable(roots, |g, e| g.depends_on_parameters(e));
        let mut users: HashMap<Expr, Vec<Expr>> = HashMap::new();
        let mut bases = Vec::with_capacity(order.len());
        for expr in order {
            if !g.depends_on_parameters(expr) {
                continue;
            }
            let base = ranks.base_from_args(g, expr);
            let mut args = Vec::new();
            g.node(expr).for_each_arg(|arg| args.push(arg));
            for arg in args {
                if let Some(&arg) = ranks.bases.get(&arg) {
                    let users = users.entry(arg).or_default();
                    if users.last() != Some(&base) {
                        users.push(base);
                    }
                }
            }
            bases.push(base);
        }
        // Leaves are never eliminated.
        let leaves: HashSet<Expr> =
            bases.iter().copied().filter(|&base| matches!(g.node(base), Node::Leaf(..))).collect();
        let is_single = |e: &Expr| !leaves.contains(e) && users.get(e).is_some_and(|users| users.len() == 1);
        for &root in bases.iter().rev().filter(|base| !is_single(base)) {
            if ranks.ranks.contains_key(&root) {
                continue;
            }
            let (depth, (order, _)) = (ranks.depth(g, root), g.order(root));
            let mut pending = vec![root];
            let mut place = 0;
            while let Some(node) = pending.pop() {
                ranks.ranks.insert(node, (depth, order, root, std::cmp::Reverse(place)));
                place += 1;
                pending.extend(ranks.operands(g, node).into_iter().filter(is_single).rev());
            }
        }
        ranks
    }

    /// The bases of the operands of a base.
    fn operands(&mut self, g: &mut Graph, node: Expr) -> Vec<Expr> {
        let mut args = Vec::new();
        g.node(node).for_each_arg(|arg| args.push(arg));
        args.retain(|&arg| g.depends_on_parameters(arg));
        args.into_iter().map(|arg| self.base(g, arg)).collect()
    }

    pub(super) fn rank(&mut self, g: &Graph, base: Expr) -> Rank {
        if let Some(&rank) = self.ranks.get(&base) {
            return rank;
        }
        let (order, _) = g.order(base);
        (self.depth(g, base), order, base, std::cmp::Reverse(0))
    }

    /// The node with its indices under their first names.
    pub(super) fn base(&mut self, g: &mut Graph, node: Expr) -> Expr {
        if g.free(node).is_empty() {
            return node;
        }
        if let Some(&base) = self.bases.get(&node) {
            return base;
        }
        let names = g.first_names(node);
        let base = g.substitute(node, &names);
        self.bases.insert(node, base);
        base
    }

    /// The base of a node made from those of its arguments, which saves a walk.
    fn base_from_args(&mut self, g: &mut Graph, node: Expr) -> Expr {
        let base = match g.node(node) {
            Node::Leaf(..) | Node::Reduce(..) => self.base(g, node),
            _ => {
                let names = g.first_names(node);
                // Two indices of one nesting height: the names of an argument alone would differ.
                if !g.are_plain(&names) {
                    self.base(g, node)
                } else {
                    g.rebuild(node, |g, arg| self.base(g, arg))
                }
            }
        };
        self.bases.insert(node, base);
        base
    }

    fn depth(&mut self, g: &Graph, node: Expr) -> u32 {
        for at in self.depths.len()..=node.0 as usize {
            let mut depth = 0;
            g.node(Expr(at as u32)).for_each_arg(|arg| depth = depth.max(1 + self.depths[arg.0 as usize]));
            self.depths.push(depth);
        }
        self.depths[node.0 as usize]
    }
}
