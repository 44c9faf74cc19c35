//! Sums that have c − c f, for a function f that comes close to 1.

use super::patterns::{argument, is_root, without_constant};
use crate::functions::Function;
use crate::graph::{Expr, Graph, Node, Number};

/// Rewrites c − c f to c times 1 − f, which `difference` gives as a number times an expression.
fn from_one(
    g: &mut Graph,
    expr: Expr,
    difference: impl Fn(&mut Graph, Expr) -> Option<(Number, Expr)>,
) -> Option<Expr> {
    let Node::Sum(terms) = g.node(expr).clone() else { return None };
    let constant = terms.iter().find(|term| g.as_number(term.1).is_some())?.0;
    let mut rest = without_constant(g, &terms, constant)?;
    for at in 0..rest.len() {
        let (c, f) = rest[at];
        if c == constant.negate()
            && let Some((factor, difference)) = difference(g, f)
        {
            rest[at] = (constant.times(factor), difference);
            return Some(g.sum(&rest));
        }
    }
    None
}

/// 1 − eˣ
pub(super) fn exponential(g: &mut Graph, expr: Expr) -> Option<Expr> {
    from_one(g, expr, |g, f| {
        let x = argument(g, f, Function::Exp)?;
        Some((Number::MINUS_ONE, g.apply(Function::ExpM1, &[x])))
    })
}

/// 1 − cos x
pub(super) fn cosine(g: &mut Graph, expr: Expr) -> Option<Expr> {
    from_one(g, expr, |g, f| {
        let x = argument(g, f, Function::Cos).filter(|&x| !is_root(g, x))?;
        Some((Number::integer(2), squared_at_half(g, Function::Sin, x)))
    })
}

/// 1 − cosh x
pub(super) fn hyperbolic_cosine(g: &mut Graph, expr: Expr) -> Option<Expr> {
    from_one(g, expr, |g, f| {
        let x = argument(g, f, Function::Cosh)?;
        Some((Number::integer(-2), squared_at_half(g, Function::Sinh, x)))
    })
}

fn squared_at_half(g: &mut Graph, function: Function, x: Expr) -> Expr {
    let half = g.scale(Number::HALF, x);
    let value = g.apply(function, &[half]);
    g.power(value, Number::integer(2))
}

/// 1 − erf x
pub(super) fn error_function(g: &mut Graph, expr: Expr) -> Option<Expr> {
    from_one(g, expr, |g, f| {
        let x = argument(g, f, Function::Erf)?;
        Some((Number::ONE, g.apply(Function::Erfc, &[x])))
    })
}

/// 1 − σ(x), 1 − Φ(x)
pub(super) fn distribution(g: &mut Graph, expr: Expr) -> Option<Expr> {
    from_one(g, expr, |g, f| {
        let Node::Apply(function @ (Function::Sigmoid | Function::NormalCdf), args) = g.node(f).clone()
        else {
            return None;
        };
        let negative = g.neg(args[0]);
        Some((Number::ONE, g.apply(function, &[negative])))
    })
}

/// 1 − tanh² x
pub(super) fn hyperbolic_tangent(g: &mut Graph, expr: Expr) -> Option<Expr> {
    let two = Number::integer(2);
    from_one(g, expr, |g, f| {
        let Node::Product(factors) = g.node(f) else { return None };
        let &[(base, power)] = &factors[..] else { return None };
        let x = argument(g, base, Function::Tanh).filter(|_| power == two)?;
        let sech = g.apply(Function::Sech, &[x]);
        Some((Number::ONE, g.power(sech, two)))
    })
}

/// 1 − hypot(1, x)
pub(super) fn radius(g: &mut Graph, expr: Expr) -> Option<Expr> {
    from_one(g, expr, |g, f| {
        let Node::Apply(Function::Hypot, args) = g.node(f).clone() else { return None };
        let is_one = |x: Expr| g.as_number(x).is_some_and(Number::is_one);
        let other = match (is_one(args[0]), is_one(args[1])) {
            (true, _) => args[1],
            (_, true) => args[0],
            _ => return None,
        };
        Some((Number::MINUS_ONE, g.apply(Function::HypotM1, &[other])))
    })
}
