//! Logarithms and exponentials.

use super::patterns::{Terms, argument, is_positive, without_constant};
use crate::functions::Function;
use crate::graph::{Expr, Graph, Node, Number, ReduceKind};

/// u, where the expression is ln u, with the positive factor in front of u.
fn of_logarithm(g: &Graph, expr: Expr) -> Option<(Number, Expr)> {
    let inside = argument(g, expr, Function::Ln)?;
    let (c, u) = g.split_coefficient(Number::ONE, inside);
    (!c.is_negative() && !c.is_zero()).then_some((c, u))
}

/// A sum without the positive factor that all of its terms have.
fn of_multiple(g: &mut Graph, c: Number, sum: Expr) -> Option<(Number, Expr)> {
    let Node::Sum(terms) = g.node(sum).clone() else { return None };
    let common = terms[0].0;
    if common.is_one() || common.is_negative() || terms.iter().any(|term| term.0 != common) {
        return Some((c, sum));
    }
    let plain: Terms = terms.iter().map(|&(_, term)| (Number::ONE, term)).collect();
    Some((c.times(common), g.sum(&plain)))
}

/// ln c + `entry`
fn raised(g: &mut Graph, c: Number, entry: Expr) -> Expr {
    if c.is_one() {
        return entry;
    }
    let ln_c = g.number(Number::float(c.to_f64().ln()));
    g.add(ln_c, entry)
}

/// ln(c f(x)) as ln c + `entry`(x)
fn of_function(g: &mut Graph, expr: Expr, function: Function, entry: Function) -> Option<Expr> {
    let (c, u) = of_logarithm(g, expr)?;
    let x = argument(g, u, function)?;
    let entry = g.apply(entry, &[x]);
    Some(raised(g, c, entry))
}

/// ln(c eˣ)
pub(super) fn of_exponential(g: &mut Graph, expr: Expr) -> Option<Expr> {
    let (c, u) = of_logarithm(g, expr)?;
    let x = argument(g, u, Function::Exp)?;
    Some(raised(g, c, x))
}

/// exp(ln u) with u > 0
pub(super) fn exponential_of(g: &mut Graph, expr: Expr) -> Option<Expr> {
    let ln = argument(g, expr, Function::Exp)?;
    let u = argument(g, ln, Function::Ln)?;
    is_positive(g, u).then_some(u)
}

/// exp(ln u) where u may be negative
pub(super) fn exponential_of_any(g: &mut Graph, expr: Expr) -> Option<Expr> {
    let ln = argument(g, expr, Function::Exp)?;
    argument(g, ln, Function::Ln)
}

/// ln σ(x)
pub(super) fn of_sigmoid(g: &mut Graph, expr: Expr) -> Option<Expr> {
    let (c, u) = of_logarithm(g, expr)?;
    let x = argument(g, u, Function::Sigmoid)?;
    let negative = g.neg(x);
    let softplus = g.apply(Function::Softplus, &[negative]);
    let ln = g.neg(softplus);
    Some(raised(g, c, ln))
}

/// ln Φ(x)
pub(super) fn of_normal(g: &mut Graph, expr: Expr) -> Option<Expr> {
    of_function(g, expr, Function::NormalCdf, Function::LnNormalCdf)
}

/// ln erfc(x), as erfc(x) = 2 Φ(−√2 x)
pub(super) fn of_erfc(g: &mut Graph, expr: Expr) -> Option<Expr> {
    let (c, u) = of_logarithm(g, expr)?;
    let x = argument(g, u, Function::Erfc)?;
    let x = g.scale(Number::float(-std::f64::consts::SQRT_2), x);
    let ln_cdf = g.apply(Function::LnNormalCdf, &[x]);
    Some(raised(g, c.times(Number::integer(2)), ln_cdf))
}

/// ln Γ(x)
pub(super) fn of_gamma(g: &mut Graph, expr: Expr) -> Option<Expr> {
    of_function(g, expr, Function::Gamma, Function::LnGamma)
}

/// ln cosh x
pub(super) fn of_cosh(g: &mut Graph, expr: Expr) -> Option<Expr> {
    of_function(g, expr, Function::Cosh, Function::LnCosh)
}

/// ln Σᵢ exp aᵢ
pub(super) fn of_exponentials(g: &mut Graph, expr: Expr) -> Option<Expr> {
    let (c, u) = of_logarithm(g, expr)?;
    let Node::Reduce(ReduceKind::Sum, index, body) = *g.node(u) else { return None };
    let exponent = argument(g, body, Function::Exp)?;
    let all = g.reduce(ReduceKind::LogSumExp, index, exponent);
    Some(raised(g, c, all))
}

/// ln(c + c eˣ), ln(1 + u) with u = eˣ
pub(super) fn softplus(g: &mut Graph, expr: Expr) -> Option<Expr> {
    if let Some(u) = argument(g, expr, Function::Ln1p) {
        let x = argument(g, u, Function::Exp)?;
        return Some(g.apply(Function::Softplus, &[x]));
    }
    let (c, u) = of_logarithm(g, expr)?;
    let (c, u) = of_multiple(g, c, u)?;
    let zero = g.zero();
    match exponents(g, u)?[..] {
        [a, b] if a == zero || b == zero => {
            let softplus = g.apply(Function::Softplus, &[if a == zero { b } else { a }]);
            Some(raised(g, c, softplus))
        }
        _ => None,
    }
}

/// ln(eˣ + eʸ + …)
pub(super) fn of_some_exponentials(g: &mut Graph, expr: Expr) -> Option<Expr> {
    let (c, u) = of_logarithm(g, expr)?;
    let (c, u) = of_multiple(g, c, u)?;
    let exponents = exponents(g, u)?;
    let (first, rest) = exponents.split_first()?;
    let all = rest.iter().fold(*first, |all, &next| g.apply(Function::LogAddExp, &[all, next]));
    Some(raised(g, c, all))
}

/// ln(1 + u)
pub(super) fn of_one_more(g: &mut Graph, expr: Expr) -> Option<Expr> {
    let (c, u) = of_logarithm(g, expr)?;
    let Node::Sum(terms) = g.node(u) else { return None };
    let rest = without_constant(g, terms, Number::ONE)?;
    let rest = g.sum(&rest);
    let ln = g.apply(Function::Ln1p, &[rest]);
    Some(raised(g, c, ln))
}

/// The logarithms of the terms of a sum, where they are exponentials, positive multiples of them and positive numbers;
/// at least one exponential, and two in all.
fn exponents(g: &mut Graph, sum: Expr) -> Option<Vec<Expr>> {
    const MOST: usize = 8;
    let Node::Sum(terms) = g.node(sum).clone() else { return None };
    let has_exponential = terms.iter().any(|term| argument(g, term.1, Function::Exp).is_some());
    if !(2..=MOST).contains(&terms.len()) || !has_exponential {
        return None;
    }
    let mut exponents = Vec::with_capacity(terms.len());
    for &(coefficient, term) in &terms {
        if coefficient.is_negative() {
            return None;
        }
        let exponent = match argument(g, term, Function::Exp) {
            Some(exponent) => exponent,
            None if g.as_number(term).is_some_and(Number::is_one) => g.zero(),
            None => return None,
        };
        exponents.push(raised(g, coefficient, exponent));
    }
    Some(exponents)
}
