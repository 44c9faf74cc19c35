//! First derivatives of one node by its operands.

use crate::functions::{Function, partials};
use crate::graph::{Affine, Comparison, Expr, Graph, Guard, Index, Node, Number, Range, ReduceKind};

/// An operand of a node and the derivative of the node by it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slope {
    pub(crate) operand: Expr,
    pub(crate) value: Expr,
}

/// ∂p/∂u for every operand u of p that depends on parameters; for a reduction u is its body, at the position
/// its binder names.
pub(crate) fn slopes(g: &mut Graph, p: Expr) -> Vec<Slope> {
    match g.node(p).clone() {
        Node::Sum(terms) => {
            let varying = terms.iter().filter(|term| g.depends_on_parameters(term.1)).copied();
            let varying: Vec<_> = varying.collect();
            varying.into_iter().map(|(c, operand)| Slope { operand, value: g.number(c) }).collect()
        }
        Node::Product(factors) => {
            let mut slopes = Vec::new();
            for (at, &(operand, exponent)) in factors.iter().enumerate() {
                if g.depends_on_parameters(operand) {
                    // ∂/∂u (u^k · rest) = k · u^(k−1) · rest
                    let mut partial = factors.to_vec();
                    partial[at].1 = exponent.plus(Number::MINUS_ONE);
                    let value = g.product(&partial);
                    slopes.push(Slope { operand, value: g.scale(exponent, value) });
                }
            }
            slopes
        }
        Node::Apply(function, args) => {
            let partials = partials(g, function, &args, p);
            let pairs = args.iter().zip(partials).filter(|(arg, _)| g.depends_on_parameters(**arg));
            pairs.map(|(&operand, value)| Slope { operand, value }).collect()
        }
        Node::Select(condition, a, b) => {
            let (zero, one) = (g.zero(), g.one());
            let mut slopes = Vec::new();
            for (operand, [at_true, at_false]) in [(a, [one, zero]), (b, [zero, one])] {
                if g.depends_on_parameters(operand) {
                    slopes.push(Slope { operand, value: g.select(condition, at_true, at_false) });
                }
            }
            slopes
        }
        Node::Reduce(kind, index, body) if g.depends_on_parameters(body) => {
            vec![Slope { operand: body, value: reduction(g, kind, index, body, p) }]
        }
        Node::Reduce(..) | Node::Number(_) | Node::Leaf(..) | Node::IndexValue(_) => Vec::new(),
        Node::Compare(..) | Node::And(..) | Node::Or(..) | Node::Not(_) => Vec::new(),
    }
}

fn reduction(g: &mut Graph, kind: ReduceKind, index: Index, body: Expr, p: Expr) -> Expr {
    match kind {
        ReduceKind::Sum => g.one(),
        ReduceKind::Product => others(g, index, body, &[index]),
        // ∂/∂bᵢ max b is 1 at the first position of the maximum, 0 elsewhere. Each position is compared with
        // the others, not with the maximum, which another pass may round differently.
        ReduceKind::Max => {
            let Range { lo, hi } = g.range(index).clone();
            let here = Affine::index(index);
            let next = here.add(&Affine::constant(1));
            let largest = |g: &mut Graph, range: Range| {
                let other = g.index(range);
                let there = g.substitute(body, &[(index, other)]);
                g.reduce(ReduceKind::Max, other, there)
            };
            let before = largest(g, Range { lo, hi: here });
            let after = largest(g, Range { lo: next, hi });
            let first = g.compare(Comparison::Less, before, body);
            let last = g.compare(Comparison::LessEqual, after, body);
            let chosen = g.and(first, last);
            let (zero, one) = (g.zero(), g.one());
            g.select(chosen, one, zero)
        }
        // ∂/∂bᵢ ln Σ exp b = exp(bᵢ − ln Σ exp b)
        ReduceKind::LogSumExp => {
            let below = g.sub(body, p);
            let weight = g.apply(Function::Exp, &[below]);
            // A body that is the same everywhere collects the weight of every position.
            if g.free(body).contains(&index) { weight } else { g.reduce(ReduceKind::Sum, index, weight) }
        }
    }
}

/// Π over k of `body`, without the positions `left_out`: right where factors vanish.
pub(super) fn others(g: &mut Graph, index: Index, body: Expr, left_out: &[Index]) -> Expr {
    let other = g.index(g.range(index).clone());
    let there = g.substitute(body, &[(index, other)]);
    let at = g.index_value(&Affine::index(other));
    let mut kept = there;
    for &out in left_out {
        let out = g.index_value(&Affine::index(out));
        let differs = g.compare(Comparison::NotEqual, out, at);
        let one = g.one();
        kept = g.select(differs, kept, one);
    }
    g.reduce(ReduceKind::Product, other, kept)
}

/// An adjoint, or a weight, times a slope.
///
/// Where the adjoint is a sum of what conditions select, a slope that may be no number meets each selection inside the sum:
/// Σᵢ \[cᵢ\] aᵢ · s is Σᵢ \[cᵢ\] (aᵢ·s), which is 0 and not 0·∞ where no condition holds.
pub(super) fn times_slope(g: &mut Graph, adjoint: Expr, slope: Expr) -> Expr {
    if !g.is_total(slope) && is_selected(g, adjoint) {
        return times_selected(g, adjoint, slope);
    }
    g.mul(adjoint, slope)
}

/// Whether every term is selected by a condition, or else zero.
fn is_selected(g: &Graph, expr: Expr) -> bool {
    match g.node(expr) {
        Node::Sum(terms) => terms.iter().all(|&(_, term)| is_selected(g, term)),
        Node::Product(factors) => factors.iter().any(|&factor| is_selecting(g, factor)),
        Node::Reduce(ReduceKind::Sum, _, body) => is_selected(g, *body),
        _ => g.guard(expr).is_some(),
    }
}

fn is_selecting(g: &Graph, (factor, exponent): (Expr, Number)) -> bool {
    exponent.is_one() && is_selected(g, factor)
}

fn times_selected(g: &mut Graph, expr: Expr, slope: Expr) -> Expr {
    match g.node(expr).clone() {
        Node::Sum(terms) => {
            let terms: Vec<_> = terms.iter().map(|&(c, term)| (c, times_selected(g, term, slope))).collect();
            g.sum(&terms)
        }
        Node::Product(factors) => {
            let mut factors = factors.to_vec();
            if let Some(at) = factors.iter().position(|&factor| is_selecting(g, factor)) {
                factors[at].0 = times_selected(g, factors[at].0, slope);
            }
            g.product(&factors)
        }
        Node::Reduce(ReduceKind::Sum, index, body) => {
            // The slope may have the binder's name for an index of its own.
            let own = g.index(g.range(index).clone());
            let body = g.substitute(body, &[(index, own)]);
            let body = times_selected(g, body, slope);
            g.reduce(ReduceKind::Sum, own, body)
        }
        _ => match g.guard(expr) {
            Some((guard, body)) if is_selected(g, body) => {
                let body = times_selected(g, body, slope);
                g.guarded(&[guard], body)
            }
            _ => g.mul(expr, slope),
        },
    }
}

/// Adjoints, or weights, that are to be multiplied with slopes: their sum, in parts.
///
/// Where every term selects zero elsewhere, there is a part per condition, and so on below it: a slope that only exists
/// in the branches taken must not meet that zero. No more parts than terms.
pub(super) fn guarded_sums(g: &mut Graph, terms: &[(Number, Expr)]) -> Vec<Expr> {
    let mut sums = Vec::new();
    let mut open: Vec<(Vec<Guard>, Terms)> = vec![(Vec::new(), terms.to_vec())];
    while let Some((guards, terms)) = open.pop() {
        let sum = g.sum(&terms);
        match by_guard(g, sum) {
            Some(parts) => open.extend(parts.into_iter().rev().map(|(guard, bodies)| {
                let guards = guards.iter().copied().chain([guard]).collect();
                (guards, bodies)
            })),
            None => sums.push(g.guarded(&guards, sum)),
        }
    }
    sums
}

type Terms = Vec<(Number, Expr)>;

/// The terms of a sum by what guards them; none where some are not guarded.
fn by_guard(g: &Graph, sum: Expr) -> Option<Vec<(Guard, Terms)>> {
    let Node::Sum(terms) = g.node(sum) else { return None };
    let mut parts: Vec<(Guard, Terms)> = Vec::new();
    for &(coefficient, term) in terms {
        let (guard, body) = g.guard(term)?;
        match parts.iter_mut().find(|part| part.0 == guard) {
            Some((_, bodies)) => bodies.push((coefficient, body)),
            None => parts.push((guard, vec![(coefficient, body)])),
        }
    }
    Some(parts)
}
