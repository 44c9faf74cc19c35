//! Parts of forms that several rules look for.

use crate::functions::Function;
use crate::graph::{Expr, Graph, Node, Number};

pub(super) type Terms = Vec<(Number, Expr)>;
pub(super) type Factors = Vec<(Expr, Number)>;

/// x, where the expression is `function(x)`.
pub(super) fn argument(g: &Graph, expr: Expr, function: Function) -> Option<Expr> {
    match g.node(expr) {
        Node::Apply(found, args) if *found == function => Some(args[0]),
        _ => None,
    }
}

/// a, where the expression is 1 + eᵃ.
pub(super) fn one_plus_exp(g: &Graph, expr: Expr) -> Option<Expr> {
    let Node::Sum(terms) = g.node(expr) else { return None };
    let rest = without_constant(g, terms, Number::ONE)?;
    match rest[..] {
        [(c, exp)] if c.is_one() => argument(g, exp, Function::Exp),
        _ => None,
    }
}

/// The other terms of a sum that has this constant.
pub(super) fn without_constant(g: &Graph, terms: &[(Number, Expr)], constant: Number) -> Option<Terms> {
    let at = terms.iter().position(|&(c, term)| g.as_number(term).is_some() && c == constant)?;
    Some(terms.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, term)| *term).collect())
}

/// Whether the expression is a root: at zero its own slope is infinite, so that entries which are smooth there would not
/// help, and rotations by √(a² + b² + c²) keep their sine and cosine.
pub(super) fn is_root(g: &Graph, expr: Expr) -> bool {
    match g.node(expr) {
        Node::Product(factors) => factors.iter().any(|(_, power)| power.to_integer().is_none()),
        Node::Apply(Function::Hypot, _) => true,
        _ => false,
    }
}

/// x, where the term is x²: even powers, with a coefficient whose root is exact.
pub(super) fn root(g: &mut Graph, (coefficient, term): (Number, Expr)) -> Option<Expr> {
    let scale = exact_root(coefficient)?;
    if g.as_number(term).is_some_and(Number::is_one) {
        return Some(g.number(scale));
    }
    let Node::Product(factors) = g.node(term).clone() else { return None };
    let mut halves = Factors::with_capacity(factors.len());
    for (base, exponent) in factors {
        let half = exponent.to_integer().filter(|k| k % 2 == 0)? / 2;
        halves.push((base, Number::integer(half)));
    }
    let x = g.product(&halves);
    Some(g.scale(scale, x))
}

/// The square root of a number, where both are exact.
fn exact_root(number: Number) -> Option<Number> {
    let Number::Rational(ratio) = number else { return None };
    let whole = |n: i128| {
        let root = (n as f64).sqrt() as i128;
        (root * root == n).then_some(root)
    };
    let (numerator, denominator) = (*ratio.numer(), *ratio.denom());
    (numerator > 0).then(|| Some(Number::rational(whole(numerator)?, whole(denominator)?)))?
}

/// Whether the value is above zero or NaN, as far as the function on top tells.
pub(crate) fn is_positive(g: &Graph, expr: Expr) -> bool {
    use Function::{Cosh, Exp, Exp2, LambertRatio, NormalCdf, NormalPdf, Sech, Sigmoid, Softplus};
    match g.node(expr) {
        Node::Apply(function, _) => matches!(
            function,
            Exp | Exp2 | Cosh | Sech | Sigmoid | Softplus | NormalPdf | NormalCdf | LambertRatio
        ),
        Node::Number(number) => !number.is_negative() && !number.is_zero(),
        _ => false,
    }
}

/// Whether the value is +0, above or NaN: never below zero, never −0.
pub(super) fn is_never_negative(g: &Graph, expr: Expr) -> bool {
    match g.node(expr) {
        Node::Apply(function, _) => {
            is_positive(g, expr)
                || matches!(function, Function::Abs | Function::Hypot | Function::HypotM1 | Function::LnCosh)
        }
        Node::Product(factors) => factors.iter().all(|(base, exponent)| {
            exponent.to_integer().is_some_and(|k| k % 2 == 0) || is_positive(g, *base)
        }),
        Node::Number(number) => !number.is_negative(),
        _ => false,
    }
}
