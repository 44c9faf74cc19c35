//! The order in which nodes are eliminated.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use crate::graph::{Expr, Graph, Node};

/// A node's place in the order of elimination: the highest comes first; leaves come last.
pub(super) type Rank = (Reverse<u32>, u64, Expr);

/// Ranks of all nodes below some roots, and their bases: the nodes with all indices under their first names.
///
/// A node comes after all its users, and as soon as they are gone: what waits gathers edges. One that a single node
/// uses follows right after it. Among others those in more loops come first, so that weights are summed over
/// the data before what does not depend on the data multiplies them; then those nearer to the roots.
#[derive(Default)]
pub(super) struct Ranks {
    bases: HashMap<Expr, Expr>,
    places: HashMap<Expr, u32>,
}

/// A node in wait of its users.
#[derive(Default)]
struct Waiting {
    users: usize,
    left: usize,
    /// Nodes on the longest path from a root.
    level: u32,
}

impl Ranks {
    pub(super) fn new(g: &mut Graph, roots: &[Expr]) -> Ranks {
        let mut ranks = Ranks::default();
        let mut nodes: HashMap<Expr, Waiting> = HashMap::new();
        let mut seen: HashSet<Expr> = HashSet::new();
        for expr in g.reachable(roots, |g, e| g.depends_on_parameters(e)) {
            if !g.depends_on_parameters(expr) {
                continue;
            }
            let base = ranks.base_from_args(g, expr);
            // Instances of one base have its operands in common.
            if seen.insert(base) {
                nodes.entry(base).or_default();
                for operand in ranks.operands(g, base) {
                    let waiting = nodes.entry(operand).or_default();
                    waiting.users += 1;
                    waiting.left += 1;
                }
            }
        }
        let mut ready = BinaryHeap::new();
        for &root in roots {
            let root = ranks.base(g, root);
            if nodes.get(&root).is_some_and(|waiting| waiting.left == 0) {
                ready.push((g.free(root).len(), Reverse((0, g.order(root)))));
            }
        }
        while let Some((_, Reverse((_, (_, first))))) = ready.pop() {
            let mut pending = vec![first];
            while let Some(node) = pending.pop() {
                let place = ranks.places.len() as u32;
                if ranks.places.contains_key(&node) {
                    continue;
                }
                ranks.places.insert(node, place);
                let level = nodes.get(&node).map_or(0, |waiting| waiting.level) + 1;
                let first = pending.len();
                for operand in ranks.operands(g, node) {
                    let Some(waiting) = nodes.get_mut(&operand) else { continue };
                    waiting.level = waiting.level.max(level);
                    waiting.left = waiting.left.saturating_sub(1);
                    if matches!(g.node(operand), Node::Leaf(..)) || waiting.left > 0 {
                    } else if waiting.users == 1 {
                        pending.push(operand);
                    } else {
                        ready.push((g.free(operand).len(), Reverse((waiting.level, g.order(operand)))));
                    }
                }
                pending[first..].reverse();
            }
        }
        ranks
    }

    /// The bases of the operands of a base that depend on parameters, each once.
    fn operands(&mut self, g: &mut Graph, node: Expr) -> Vec<Expr> {
        let mut args = Vec::new();
        g.node(node).for_each_arg(|arg| args.push(arg));
        args.retain(|&arg| g.depends_on_parameters(arg));
        let mut seen: HashSet<Expr> = HashSet::with_capacity(args.len());
        args.into_iter().map(|arg| self.base(g, arg)).filter(|&base| seen.insert(base)).collect()
    }

    pub(super) fn rank(&self, g: &Graph, base: Expr) -> Rank {
        let place = self.places.get(&base).copied().unwrap_or(u32::MAX);
        let (order, base) = g.order(base);
        (Reverse(place), order, base)
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
}
