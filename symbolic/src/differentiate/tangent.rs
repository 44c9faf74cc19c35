//! Derivatives along a direction, forward.

use std::collections::HashMap;

use super::gradient::directions;
use super::slopes::{Slope, guarded_sums, slopes, times_slope};
use crate::graph::{Array, Expr, Graph, Node, Number, ReduceKind};

/// E(w), and dE(w + tδw)/dt, d²E/dt², d³E/dt³ at t = 0, with δw in arrays of role
/// [`Direction`](crate::graph::Role::Direction).
///
/// Three forward sweeps, one on top of the other. For a node p with operands u, ṗ = Σ ∂p/∂u · u̇, summed over the
/// positions of the binder where p is a reduction; second and third derivatives along the direction never
/// meet a matrix. Cost: a few times the nodes of `error`.
///
/// ```
/// use hesse_symbolic::differentiate::along;
///
/// let mut model = hesse_parser::formula::parse("param x; E = x^2", &Default::default()).unwrap();
/// let [value, .., third] = along(&mut model.graph, model.error);
/// assert_eq!(value, model.error);
/// assert_eq!(third, model.graph.zero());
/// ```
pub fn along(g: &mut Graph, error: Expr) -> [Expr; 4] {
    let directions = directions(g);
    let first = tangent(g, error, &directions);
    let second = tangent(g, first, &directions);
    let third = tangent(g, second, &directions);
    [error, first, second, third]
}

fn tangent(g: &mut Graph, root: Expr, directions: &[(Array, Array)]) -> Expr {
    // In parts, each zero where its condition does not hold.
    let mut tangents: HashMap<Expr, Vec<Expr>> = HashMap::new();
    for p in g.reachable(&[root], |g, e| g.depends_on_parameters(e)) {
        if !g.depends_on_parameters(p) {
            continue;
        }
        let tangent = match g.node(p).clone() {
            Node::Leaf(array, subscripts) => match directions.iter().find(|(of, _)| *of == array) {
                Some(&(_, direction)) => vec![g.leaf(direction, &subscripts)],
                None => Vec::new(),
            },
            node => {
                let slopes = slopes(g, p);
                let mut terms = Vec::with_capacity(slopes.len());
                for Slope { operand, value } in slopes {
                    for &inner in tangents.get(&operand).into_iter().flatten() {
                        let term = times_slope(g, inner, value);
                        terms.push((Number::ONE, along_binder(g, &node, operand, term)));
                    }
                }
                guarded_sums(g, &terms)
            }
        };
        tangents.insert(p, tangent);
    }
    let parts: Vec<_> = tangents.get(&root).into_iter().flatten().map(|&part| (Number::ONE, part)).collect();
    g.sum(&parts)
}

/// The term summed over the positions of the binder, where the node is a reduction.
fn along_binder(g: &mut Graph, node: &Node, operand: Expr, term: Expr) -> Expr {
    match *node {
        // Its slope has the weights of all positions already.
        Node::Reduce(ReduceKind::LogSumExp, index, _) if !g.free(operand).contains(&index) => term,
        Node::Reduce(_, index, _) => g.reduce(ReduceKind::Sum, index, term),
        _ => term,
    }
}
