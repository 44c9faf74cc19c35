//! Where the gradients of inner nodes are worked out before their edges are pushed on (preaccumulation of local Jacobians,
//! Griewank and Walther 2008, chapter 10).
//!
//! Few nodes with much arithmetic and few parameters below them are a narrow place: pushed on node by node, each of their edges is
//! multiplied by every slope on the way, while their Jacobian takes one multiplication per parameter.
//! Whether that is less is found by going through the elimination below them without its arithmetic, once each way.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::edges::{Edges, Live};
use super::jacobian::jacobian;
use super::slopes::Slope;
use crate::graph::{Expr, Graph, Node, Number};

/// Narrow places have so many nodes at most.
const WIDTH: usize = 4;
/// So many nodes are looked through below them at most.
const DEPTH: usize = 128;
/// Where more nodes wait for their turn no place is narrow.
const WAITING: usize = 16;
/// The Jacobian is taken where it leaves at most this part of the multiplications, in percent.
const SHARE: usize = 60;

/// The nodes whose edges go to the parameters at once.
#[derive(Default)]
pub(super) struct Preaccumulation {
    chosen: HashSet<Expr>,
    is_barred: bool,
}

impl Preaccumulation {
    /// One that chooses no node.
    pub(super) fn never() -> Preaccumulation {
        Preaccumulation { chosen: HashSet::new(), is_barred: true }
    }

    /// Whether it chose nodes.
    pub(super) fn has_chosen(&self) -> bool {
        !self.chosen.is_empty()
    }

    /// The derivatives of p by the parameters below it, where its edges are to go there at once.
    pub(super) fn jacobian(
        &mut self,
        g: &mut Graph,
        edges: &mut Edges,
        p: Expr,
        live: &Live,
    ) -> Option<Vec<Slope>> {
        if self.is_barred || live.edges.is_empty() || matches!(g.node(p), Node::Leaf(..)) {
            return None;
        }
        if !self.chosen.contains(&p) {
            let place = Place::at(g, edges, p, live)?;
            let (pushed, sent) = (place.cost(false), place.cost(true));
            if sent * 100 > pushed * SHARE {
                return None;
            }
            self.chosen.extend(place.nodes);
        }
        let rows = jacobian(g, p)?;
        Some(rows.into_iter().map(|row| Slope { operand: row.leaf, value: row.value }).collect())
    }
}

/// A narrow place and what is below it; nodes are known by their position in the order of elimination, the last first.
struct Place {
    nodes: Vec<Expr>,
    steps: Vec<Step>,
    /// Edges that are there already. Ends outside of the place come before all steps.
    edges: Vec<(usize, usize)>,
    outside: usize,
}

/// What the elimination of a node takes.
#[derive(Default)]
struct Step {
    is_at_top: bool,
    /// Operands, and whether the slope is a multiplication.
    slopes: Vec<(usize, bool)>,
    /// Pairs of operands with a second derivative.
    bends: Vec<(usize, usize)>,
    /// The parameters below.
    leaves: BTreeSet<usize>,
    /// Multiplications of its gradient.
    gradient: usize,
}

impl Place {
    /// The place of p and all that shares inner nodes with it among what has edges or an adjoint.
    fn at(g: &mut Graph, edges: &mut Edges, p: Expr, live: &Live) -> Option<Place> {
        if edges.waiting().take(WAITING + 1).count() > WAITING {
            return None;
        }
        let is_leaf = |g: &Graph, e: Expr| matches!(g.node(e), Node::Leaf(..));
        let own = varying(g, p)?;
        let mut nodes = vec![p];
        let mut below = own.clone();
        for (other, _) in edges.waiting() {
            if nodes.contains(&other) || is_leaf(g, other) {
                continue;
            }
            let others = varying(g, other)?;
            if others.iter().any(|&e| own.contains(&e) && !is_leaf(g, e)) {
                nodes.push(other);
                below.extend(others);
            }
            if nodes.len() > WIDTH || below.len() > DEPTH {
                return None;
            }
        }
        // Sums over loops, branches and nodes that differ in the names of their loops are left to edge pushing.
        let is_plain = |node: &Node| !matches!(node, Node::Reduce(..) | Node::Select(..));
        let mut order: Vec<Expr> = below.into_iter().collect();
        if !order.iter().all(|&e| is_plain(g.node(e)) && edges.base(g, e) == e) {
            return None;
        }
        order.sort_by_key(|&e| edges.rank(g, e));
        Place::new(g, edges, nodes, &order, p, live)
    }

    fn new(
        g: &Graph,
        edges: &Edges,
        nodes: Vec<Expr>,
        order: &[Expr],
        p: Expr,
        live: &Live,
    ) -> Option<Place> {
        let mut at: HashMap<Expr, usize> = HashMap::new();
        let mut found: Vec<(Expr, Expr)> = live.edges.iter().map(|&(v, _)| (p, v)).collect();
        let waiting = edges.waiting().filter(|(node, _)| nodes.contains(node));
        found.extend(waiting.flat_map(|(node, live)| live.edges.iter().map(move |&(v, _)| (node, v))));
        let within: HashSet<Expr> = order.iter().copied().collect();
        for &(u, v) in &found {
            if g.free(v).iter().any(|i| !g.free(u).contains(i)) {
                return None;
            }
            if !within.contains(&v) {
                let next = at.len();
                at.entry(v).or_insert(next);
            }
        }
        let outside = at.len();
        at.extend(order.iter().enumerate().map(|(place, &node)| (node, outside + place)));
        let bent: HashSet<Expr> = {
            let adjoint = |live: &Live| !live.adjoint.is_empty();
            let tops: Vec<Expr> = edges
                .waiting()
                .filter(|(node, live)| nodes.contains(node) && adjoint(live))
                .map(|(node, _)| node)
                .chain(adjoint(live).then_some(p))
                .collect();
            g.reachable(&tops, |g, e| g.depends_on_parameters(e)).into_iter().collect()
        };
        let mut steps: Vec<Step> = Vec::with_capacity(order.len());
        for &node in order {
            let mut step = Step { is_at_top: nodes.contains(&node), ..Step::of(g, node, &at) };
            if !bent.contains(&node) {
                step.bends.clear();
            }
            // Operands come before the node, since they have lower ranks.
            if let Node::Leaf(..) = g.node(node) {
                step.leaves.insert(at[&node]);
            }
            let mut inside = BTreeSet::from([at[&node]]);
            let mut pending = vec![at[&node]];
            steps.push(step);
            let last = steps.len() - 1;
            while let Some(place) = pending.pop() {
                let below = place.checked_sub(outside).and_then(|place| steps.get(place))?;
                let (multiplied, leaves) =
                    (below.slopes.iter().filter(|(_, is)| *is).count(), below.leaves.clone());
                pending
                    .extend(below.slopes.iter().map(|(operand, _)| *operand).filter(|o| inside.insert(*o)));
                steps[last].gradient += multiplied;
                steps[last].leaves.extend(leaves);
            }
        }
        let edges = found.iter().map(|(u, v)| (at[u], at[v])).collect();
        Some(Place { nodes, steps, edges, outside })
    }

    /// Multiplications, with or without the Jacobian of the place.
    fn cost(&self, is_sent: bool) -> usize {
        let mut live: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let connect = |live: &mut BTreeMap<usize, BTreeSet<usize>>, u: usize, v: usize| {
            live.entry(u.max(v)).or_default().insert(u.min(v));
        };
        self.edges.iter().for_each(|&(u, v)| connect(&mut live, u, v));
        let mut cost = 0;
        for (place, step) in self.steps.iter().enumerate().rev() {
            if step.slopes.is_empty() {
                continue;
            }
            let node = place + self.outside;
            let neighbors = live.remove(&node).unwrap_or_default();
            let rows: Vec<(usize, bool)> = if is_sent && step.is_at_top {
                cost += step.gradient;
                step.leaves.iter().map(|&leaf| (leaf, true)).collect()
            } else {
                step.slopes.clone()
            };
            for v in neighbors {
                for (at, &(u, is_multiplied)) in rows.iter().enumerate() {
                    if v == node {
                        cost += usize::from(is_multiplied) + rows.len() - at;
                        rows[at..].iter().for_each(|&(other, _)| connect(&mut live, u, other));
                    } else {
                        cost += 1;
                        connect(&mut live, u, v);
                    }
                }
            }
            for &(u, v) in &step.bends {
                cost += 2;
                connect(&mut live, u, v);
            }
        }
        cost
    }
}

/// A node and all below it that depend on parameters; `None` where there are too many.
fn varying(g: &Graph, root: Expr) -> Option<HashSet<Expr>> {
    let mut found = HashSet::from([root]);
    let mut pending = vec![root];
    while let Some(node) = pending.pop() {
        g.node(node).for_each_arg(|arg| {
            if g.depends_on_parameters(arg) && found.insert(arg) {
                pending.push(arg);
            }
        });
        if found.len() > DEPTH {
            return None;
        }
    }
    Some(found)
}

impl Step {
    /// Slopes and bends of a node.
    fn of(g: &Graph, node: Expr, at: &HashMap<Expr, usize>) -> Step {
        let mut step = Step::default();
        let place = |e: &Expr| at.get(e).copied();
        match g.node(node) {
            Node::Sum(terms) => {
                step.slopes = terms.iter().filter_map(|(_, e)| Some((place(e)?, false))).collect();
            }
            Node::Product(factors) => {
                let varying: Vec<(usize, Number)> =
                    factors.iter().filter_map(|(e, exponent)| Some((place(e)?, *exponent))).collect();
                step.slopes = varying.iter().map(|&(e, _)| (e, true)).collect();
                for (from, &(u, exponent)) in varying.iter().enumerate() {
                    if !exponent.is_one() {
                        step.bends.push((u, u));
                    }
                    step.bends.extend(varying[from + 1..].iter().map(|&(v, _)| (u, v)));
                }
            }
            node => {
                node.for_each_arg(|arg| step.slopes.extend(place(&arg).map(|arg| (arg, true))));
                for (from, &(u, _)) in step.slopes.iter().enumerate() {
                    step.bends.extend(step.slopes[from..].iter().map(|&(v, _)| (u, v)));
                }
            }
        }
        step
    }
}
