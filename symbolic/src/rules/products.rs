//! Pairs of factors that belong together.

use super::patterns::{Factors, argument, is_root};
use crate::functions::Function;
use crate::graph::{Expr, Graph, Node, Number, ReduceKind};

/// Replaces the first two factors for which `pair` has something else.
fn paired(
    g: &mut Graph,
    expr: Expr,
    pair: impl Fn(&mut Graph, (Expr, Number), (Expr, Number)) -> Option<Factors>,
) -> Option<Expr> {
    let Node::Product(factors) = g.node(expr).clone() else { return None };
    for (at, &first) in factors.iter().enumerate() {
        for (to, &second) in factors.iter().enumerate() {
            if at == to {
                continue;
            }
            if let Some(mut replaced) = pair(g, first, second) {
                let others = factors.iter().enumerate().filter(|(i, _)| *i != at && *i != to);
                replaced.extend(others.map(|(_, factor)| *factor));
                return Some(g.product(&replaced));
            }
        }
    }
    None
}

/// x ln x
pub(super) fn with_its_logarithm(g: &mut Graph, expr: Expr) -> Option<Expr> {
    paired(g, expr, |g, (x, exponent), (ln, power)| {
        let is_pair = exponent.is_one() && power.is_one() && argument(g, ln, Function::Ln) == Some(x);
        is_pair.then(|| vec![(g.apply(Function::XLogY, &[x, x]), Number::ONE)])
    })
}

/// sin(c x)ᵏ/xᵐ
pub(super) fn sine_over_argument(g: &mut Graph, expr: Expr) -> Option<Expr> {
    paired(g, expr, |g, (sine, exponent), (x, power)| {
        let u = argument(g, sine, Function::Sin)?;
        let (k, m) = (exponent.to_integer()?, power.to_integer()?);
        let (c, inner) = g.split_coefficient(Number::ONE, u);
        if k <= 0 || m >= 0 || inner != x || is_root(g, inner) {
            return None;
        }
        let count = k.min(-m);
        let (zero, scale) = (g.zero(), g.number(c));
        let sinc = g.apply(Function::SphericalBessel, &[zero, u]);
        let times = Number::integer(count);
        Some(vec![
            (sinc, times),
            (scale, times),
            (sine, Number::integer(k - count)),
            (x, Number::integer(m + count)),
        ])
    })
}

/// eᵃ/(eᵃ + eᵇ), exp(aⱼ)/Σᵢ exp(aᵢ)
pub(super) fn over_total(g: &mut Graph, expr: Expr) -> Option<Expr> {
    paired(g, expr, |g, (part, exponent), (total, power)| {
        if !exponent.is_one() || power.to_integer().is_none_or(|m| m >= 0) {
            return None;
        }
        let divided = divided(g, part, total)?;
        Some(vec![(divided, Number::ONE), (total, power.plus(Number::ONE))])
    })
}

/// The exponents of a sum of exponentials, of which 1 is one.
fn exponents(g: &mut Graph, sum: Expr) -> Option<Vec<Expr>> {
    const MOST: usize = 8;
    let Node::Sum(terms) = g.node(sum).clone() else { return None };
    if !(2..=MOST).contains(&terms.len()) || terms.iter().any(|term| !term.0.is_one()) {
        return None;
    }
    let exponent = |&(_, term): &(Number, Expr)| match g.as_number(term) {
        Some(_) => Some(g.zero()),
        None => argument(g, term, Function::Exp),
    };
    terms.iter().map(exponent).collect()
}

/// eᵃ over the sum of the exponentials of `all`, where a is one of them: σ(a − ln Σ exp of the others).
fn share(g: &mut Graph, a: Expr, all: &[Expr]) -> Option<Expr> {
    let others: Vec<Expr> = all.iter().copied().filter(|&exponent| exponent != a).collect();
    if others.len() == all.len() {
        return None;
    }
    let log = others.into_iter().reduce(|sum, next| g.apply(Function::LogAddExp, &[sum, next]))?;
    let difference = g.sub(a, log);
    Some(g.apply(Function::Sigmoid, &[difference]))
}

/// `expr`/`total`, where that is a sum of exponentials and there is an exponential in `expr` to be divided first.
fn divided(g: &mut Graph, expr: Expr, total: Expr) -> Option<Expr> {
    divided_below(g, expr, total, DEEPEST)
}

/// Sums and products inside of each other that are looked into.
const DEEPEST: usize = 8;

fn divided_below(g: &mut Graph, expr: Expr, total: Expr, depth: usize) -> Option<Expr> {
    let depth = depth.checked_sub(1)?;
    match g.node(expr).clone() {
        Node::Apply(Function::Exp, args) => {
            if let Some(all) = exponents(g, total) {
                return share(g, args[0], &all);
            }
            let Node::Reduce(ReduceKind::Sum, index, body) = *g.node(total) else { return None };
            let inner = argument(g, body, Function::Exp)?;
            let log = g.reduce(ReduceKind::LogSumExp, index, inner);
            let difference = g.sub(args[0], log);
            Some(g.apply(Function::Exp, &[difference]))
        }
        Node::Product(factors) => (0..factors.len()).find_map(|at| {
            let (factor, exponent) = factors[at];
            let divided =
                if exponent.is_one() { divided_below(g, factor, total, depth)? } else { return None };
            let mut factors = factors.to_vec();
            factors[at].0 = divided;
            Some(g.product(&factors))
        }),
        Node::Reduce(ReduceKind::Sum, index, body) if !g.free(total).contains(&index) => {
            let divided = divided_below(g, body, total, depth)?;
            Some(g.reduce(ReduceKind::Sum, index, divided))
        }
        _ => None,
    }
}
