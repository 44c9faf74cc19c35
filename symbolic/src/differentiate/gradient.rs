//! Gradient and directional derivative of an error function.

use super::Contribution;
use super::contribution::{loops, release, separate};
use super::entries::collect;
use super::sweep::sweep;
use crate::graph::{Array, Expr, Graph, Node, Number, Role};

/// The gradient of `error`: one reverse sweep.
///
/// ```
/// use hesse_symbolic::differentiate::gradient;
/// use hesse_symbolic::print::{Notation, print};
///
/// let mut model = hesse_parser::formula::parse("param x; E = x^3", &Default::default()).unwrap();
/// let slope = gradient(&mut model.graph, model.error)[0].value;
/// assert_eq!(print(&model.graph, &[slope], Notation::Text, &[]).texts, ["3*x^2"]);
/// ```
pub fn gradient(g: &mut Graph, error: Expr) -> Vec<Contribution> {
    let mut parts = Vec::new();
    for Contribution { leaf, value } in sweep(g, error) {
        let kept = g.free(leaf).to_vec();
        for value in separate(g, value, &kept) {
            let [leaf, _, value] = g.named([leaf, leaf, value]);
            let mut pair = [leaf, value];
            release(g, &mut pair, 1);
            parts.push(pair);
        }
    }
    let collected = collect(g, parts.into_iter().map(|[leaf, value]| ([leaf, leaf], value)).collect());
    collected.into_iter().map(|([leaf, _], value)| Contribution { leaf, value }).collect()
}

/// δwᵀ∇E as an expression in arrays of role [`Role::Direction`], one per parameter array; its gradient
/// is the Hessian-vector product.
///
/// ```
/// use hesse_symbolic::differentiate::{directional, gradient};
/// use hesse_symbolic::graph::Role;
///
/// let mut model = hesse_parser::formula::parse("param x, y; E = x*y", &Default::default()).unwrap();
/// let slopes = gradient(&mut model.graph, model.error);
/// directional(&mut model.graph, &slopes);
/// let directions = model.graph.arrays().filter(|(_, array)| matches!(array.role, Role::Direction(_)));
/// assert_eq!(directions.count(), 2);
/// ```
pub fn directional(g: &mut Graph, gradient: &[Contribution]) -> Expr {
    let directions = directions(g);
    let mut terms = Vec::new();
    for &Contribution { leaf, value } in gradient {
        let Node::Leaf(array, subscripts) = g.node(leaf).clone() else { continue };
        let Some(&(_, direction)) = directions.iter().find(|(of, _)| *of == array) else { continue };
        let component = g.leaf(direction, &subscripts);
        let product = g.mul(value, component);
        let over = loops(g, &[leaf, value]);
        terms.push((Number::ONE, g.sum_over(&over, product)));
    }
    g.sum(&terms)
}

/// Arrays of role [`Role::Direction`], one per parameter array, made where there are none yet: each parameter array with
/// its direction.
pub(super) fn directions(g: &mut Graph) -> Vec<(Array, Array)> {
    let parameters: Vec<(Array, String, Vec<_>)> = g
        .arrays()
        .filter(|(_, d)| d.role == Role::Parameter)
        .map(|(array, d)| (array, d.name.clone(), d.shape.clone()))
        .collect();
    parameters
        .into_iter()
        .map(|(array, name, shape)| {
            let role = Role::Direction(array);
            let known = g.arrays().find(|(_, d)| d.role == role && d.shape == shape).map(|(known, _)| known);
            (array, known.unwrap_or_else(|| g.array(&format!("d{name}"), role, &shape)))
        })
        .collect()
}
