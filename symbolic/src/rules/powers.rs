//! Factors with exponents.

use super::patterns::{Factors, argument, one_plus_exp, root, without_constant};
use crate::functions::Function;
use crate::graph::{Expr, Graph, Node, Number};

/// Replaces every factor for which `power` has another.
fn each(
    g: &mut Graph,
    expr: Expr,
    power: impl Fn(&mut Graph, (Expr, Number)) -> Option<(Expr, Number)>,
) -> Option<Expr> {
    let Node::Product(factors) = g.node(expr).clone() else { return None };
    let mut found = false;
    let mut replaced = Factors::with_capacity(factors.len());
    for &factor in &factors {
        let better = power(g, factor);
        found |= better.is_some();
        replaced.push(better.unwrap_or(factor));
    }
    found.then(|| g.product(&replaced))
}

fn is_half(exponent: Number) -> bool {
    exponent.to_integer().is_none() && exponent.to_half_integer().is_some()
}

/// 1/(1 + eᵃ)
pub(super) fn over_one_plus_exponential(g: &mut Graph, expr: Expr) -> Option<Expr> {
    each(g, expr, |g, (base, exponent)| {
        exponent.to_integer().filter(|k| *k < 0)?;
        let a = one_plus_exp(g, base)?;
        let negative = g.neg(a);
        Some((g.apply(Function::Sigmoid, &[negative]), exponent.negate()))
    })
}

/// √(x² + y²), 1/√(x² + y²)ᵏ; higher powers are smooth at the origin, where the slope of a radius is not
pub(super) fn root_of_squares(g: &mut Graph, expr: Expr) -> Option<Expr> {
    each(g, expr, |g, (base, exponent)| {
        let Node::Sum(terms) = g.node(base).clone() else { return None };
        let &[a, b] = &terms[..] else { return None };
        if !is_half(exponent) || exponent > Number::HALF {
            return None;
        }
        let (x, y) = (root(g, a)?, root(g, b)?);
        Some((g.apply(Function::Hypot, &[x, y]), exponent.times(Number::integer(2))))
    })
}

/// √x²
pub(super) fn root_of_square(g: &mut Graph, expr: Expr) -> Option<Expr> {
    each(g, expr, |g, (base, exponent)| {
        if !is_half(exponent) || !matches!(g.node(base), Node::Product(_)) {
            return None;
        }
        let x = root(g, (Number::ONE, base))?;
        Some((g.apply(Function::Abs, &[x]), exponent.times(Number::integer(2))))
    })
}

/// √(p²/q²) of a number
pub(super) fn root_of_number(g: &mut Graph, expr: Expr) -> Option<Expr> {
    each(g, expr, |g, (base, exponent)| {
        let number = g.as_number(base).filter(|_| is_half(exponent))?;
        let one = g.one();
        let exact = root(g, (number, one))?;
        Some((exact, exponent.times(Number::integer(2))))
    })
}

/// (1 − x²)ᵏ for k < 0 or k = n/2
pub(super) fn one_minus_square(g: &mut Graph, expr: Expr) -> Option<Expr> {
    each(g, expr, |g, (base, exponent)| {
        if !exponent.is_negative() && !is_half(exponent) {
            return None;
        }
        let Node::Sum(terms) = g.node(base).clone() else { return None };
        let rest = without_constant(g, &terms, Number::ONE)?;
        let &[(c, square)] = &rest[..] else { return None };
        if c != Number::MINUS_ONE {
            return None;
        }
        let x = root(g, (Number::ONE, square))?;
        Some((g.apply(Function::OneMinusSquare, &[x]), exponent))
    })
}

/// hypot(x, y)
pub(super) fn plain_radius(g: &mut Graph, expr: Expr) -> Option<Expr> {
    let Node::Apply(Function::Hypot, args) = g.node(expr).clone() else { return None };
    let two = Number::integer(2);
    let squares: Vec<Expr> = args.iter().map(|&x| g.power(x, two)).collect();
    let sum = g.add(squares[0], squares[1]);
    Some(g.sqrt(sum))
}

/// eˣ and 2ˣ, where the base is that number; (eᵃ)ˣ
pub(super) fn of_exponential(g: &mut Graph, expr: Expr) -> Option<Expr> {
    let Node::Apply(Function::Pow, args) = g.node(expr).clone() else { return None };
    let exponent = args[1];
    if let Some(a) = argument(g, args[0], Function::Exp) {
        let product = g.mul(a, exponent);
        return Some(g.apply(Function::Exp, &[product]));
    }
    let base = g.as_number(args[0])?;
    let is = |number: f64| base.to_f64() == number;
    let function =
        if is(2.0) { Some(Function::Exp2) } else { is(std::f64::consts::E).then_some(Function::Exp) };
    Some(g.apply(function?, &[exponent]))
}
