//! Rules that change nothing in floating-point arithmetic, NaN and signs of zero included.

use super::patterns::{Factors, is_never_negative};
use crate::functions::Function;
use crate::graph::{Expr, Graph, Node};

/// |u|, relu(u) with u ≥ 0
pub(super) fn size_of_size(g: &mut Graph, expr: Expr) -> Option<Expr> {
    let Node::Apply(Function::Abs | Function::Relu, args) = g.node(expr) else { return None };
    is_never_negative(g, args[0]).then_some(args[0])
}

/// |u|²ᵏ
pub(super) fn even_power_of_size(g: &mut Graph, expr: Expr) -> Option<Expr> {
    let Node::Product(factors) = g.node(expr).clone() else { return None };
    let mut found = false;
    let replaced: Factors = factors
        .iter()
        .map(|&(base, exponent)| match g.node(base) {
            Node::Apply(Function::Abs, args) if exponent.to_integer().is_some_and(|k| k % 2 == 0) => {
                found = true;
                (args[0], exponent)
            }
            _ => (base, exponent),
        })
        .collect();
    found.then(|| g.product(&replaced))
}

/// Rounding of what is rounded.
pub(super) fn rounding_of_rounded(g: &mut Graph, expr: Expr) -> Option<Expr> {
    use Function::{Ceil, Floor, Round, Trunc};
    let rounded = |expr: Expr| match g.node(expr) {
        Node::Apply(Floor | Ceil | Round | Trunc, args) => Some(args[0]),
        _ => None,
    };
    let inner = rounded(expr)?;
    rounded(inner).map(|_| inner)
}

/// min(u, u), max(u, u)
pub(super) fn larger_of_same(g: &mut Graph, expr: Expr) -> Option<Expr> {
    let Node::Apply(Function::Min | Function::Max, args) = g.node(expr) else { return None };
    (args[0] == args[1]).then_some(args[0])
}
