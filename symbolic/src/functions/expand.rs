//! Stable evaluation: functions written out in subterms that their derivatives share.
//!
//! This happens after differentiation, so that the shared `exp(−|x|)` and the shift of log-sum-exp are never
//! differentiated.

use std::collections::HashMap;

use super::Function;
use crate::graph::{Comparison, Expr, Graph, Index, Node, Number, ReduceKind};

/// Rewrites every expression in `roots` for evaluation.
///
/// * σ(x) = (1 or e) / (1 + e) and softplus(x) = max(x, 0) + log1p(e), both with e = exp(−|x|);
/// * ln Σᵢ exp(aᵢ) = m + ln Σᵢ exp(aᵢ − m) with m = maxᵢ aᵢ;
/// * exp(aⱼ − ln Σᵢ exp(aᵢ)) = exp(aⱼ − m) / Σᵢ exp(aᵢ − m), the softmax;
/// * ln(eˣ + eʸ) = max(x, y) + log1p(e) with e = exp(−|x − y|), and x + ln 2 where both are the same infinity;
/// * relu(x) selects, and keeps NaN; so does x ln y at x = 0.
///
/// ```
/// use hesse_symbolic::functions::expand;
///
/// let mut model = hesse_parser::formula::parse("softplus(x) + sigmoid(x)", &Default::default()).unwrap();
/// let error = model.error;
/// let expanded = expand(&mut model.graph, &[error]);
/// // Both share exp(−|x|).
/// assert_ne!(expanded[0], error);
/// ```
pub fn expand(g: &mut Graph, roots: &[Expr]) -> Vec<Expr> {
    rewritten(g, roots, true)
}

/// Rewrites ln Σ exp alone, which no kernel has otherwise.
///
/// ```
/// use hesse_symbolic::functions::expand_sums;
///
/// let mut model = hesse_parser::formula::parse("softplus(x)", &Default::default()).unwrap();
/// let error = model.error;
/// assert_eq!(expand_sums(&mut model.graph, &[error]), [error], "there is no ln Σ exp");
/// ```
pub fn expand_sums(g: &mut Graph, roots: &[Expr]) -> Vec<Expr> {
    rewritten(g, roots, false)
}

fn rewritten(g: &mut Graph, roots: &[Expr], all: bool) -> Vec<Expr> {
    let mut expanded: HashMap<Expr, Expr> = HashMap::new();
    let mut shifts: HashMap<Expr, Shifted> = HashMap::new();
    for expr in g.reachable(roots, |_, _| true) {
        let new = g.rebuild(expr, |_, arg| expanded.get(&arg).copied().unwrap_or(arg));
        let new = match g.node(new).clone() {
            Node::Apply(Function::Sigmoid, args) if all => sigmoid(g, args[0]),
            Node::Apply(Function::SigmoidSlope, args) if all => sigmoid_slope(g, args[0]),
            Node::Apply(Function::LogAddExp, args) if all => log_add_exp(g, args[0], args[1]),
            Node::Apply(Function::XLogY, args) if all => xlogy(g, args[0], args[1]),
            Node::Apply(Function::OneMinusSquare, args) if all => one_minus_square(g, args[0]),
            Node::Apply(Function::Direction, args) if all => {
                let h = g.apply(Function::Hypot, &args);
                g.apply(Function::Quotient, &[args[0], h])
            }
            Node::Apply(Function::Softplus, args) if all => softplus(g, args[0]),
            Node::Apply(Function::Relu, args) if all => relu(g, args[0]),
            Node::Reduce(ReduceKind::LogSumExp, index, body) => {
                let shifted = Shifted::new(g, index, body);
                let ln = g.apply(Function::Ln, &[shifted.total]);
                let value = g.add(shifted.shift, ln);
                shifts.insert(expr, shifted);
                value
            }
            Node::Apply(Function::Exp, _) => softmax(g, expr, &shifts).unwrap_or(new),
            _ => new,
        };
        expanded.insert(expr, new);
    }
    roots.iter().map(|root| expanded[root]).collect()
}

/// The parts of a log-sum-exp.
struct Shifted {
    index: Index,
    /// m, or 0 where that is infinite
    shift: Expr,
    /// exp(aᵢ − m)
    exp: Expr,
    /// Σᵢ exp(aᵢ − m)
    total: Expr,
}

impl Shifted {
    fn new(g: &mut Graph, index: Index, body: Expr) -> Shifted {
        let largest = g.reduce(ReduceKind::Max, index, body);
        let (low, high) = (g.number(Number::float(f64::MIN)), g.number(Number::float(f64::MAX)));
        let above = g.compare(Comparison::GreaterEqual, largest, low);
        let below = g.compare(Comparison::LessEqual, largest, high);
        let finite = g.and(above, below);
        let zero = g.zero();
        let shift = g.select(finite, largest, zero);
        let shifted = g.sub(body, shift);
        let exp = g.apply(Function::Exp, &[shifted]);
        let total = g.reduce(ReduceKind::Sum, index, exp);
        Shifted { index, shift, exp, total }
    }
}

/// The softmax, where `expr` is exp(aⱼ − ln Σᵢ exp(aᵢ)).
fn softmax(g: &mut Graph, expr: Expr, shifts: &HashMap<Expr, Shifted>) -> Option<Expr> {
    let Node::Apply(Function::Exp, args) = g.node(expr) else { return None };
    let Node::Sum(terms) = g.node(args[0]).clone() else { return None };
    let at = terms.iter().position(|(c, e)| *c == Number::MINUS_ONE && shifts.contains_key(e))?;
    let lse = terms[at].1;
    let Node::Reduce(_, own, body) = *g.node(lse) else { return None };
    let others: Vec<(Number, Expr)> =
        terms.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, term)| *term).collect();
    let x = g.sum(&others);
    let is_instance = |g: &mut Graph, j: Index| g.substitute(body, &[(own, j)]) == x;
    let free = g.free(x).to_vec();
    let j = free.into_iter().find(|&j| is_instance(g, j))?;
    let Shifted { index, exp, total, .. } = shifts[&lse];
    let exp = g.substitute(exp, &[(index, j)]);
    Some(g.div(exp, total))
}

/// `(u, negated)` with x = u or x = −u, so that x and −x share u.
fn signed(g: &mut Graph, x: Expr) -> (Expr, bool) {
    let negated = match g.node(x) {
        Node::Sum(terms) => terms[0].0.is_negative(),
        _ => false,
    };
    if !negated {
        return (x, false);
    }
    let terms: Vec<(Number, Expr)> = match g.node(x) {
        Node::Sum(terms) => terms.iter().map(|&(c, e)| (c.negate(), e)).collect(),
        _ => vec![(Number::MINUS_ONE, x)],
    };
    (g.sum(&terms), true)
}

/// exp(−|u|)
fn decay(g: &mut Graph, u: Expr) -> Expr {
    let size = g.apply(Function::Abs, &[u]);
    let negative = g.neg(size);
    g.apply(Function::Exp, &[negative])
}

fn sigmoid(g: &mut Graph, x: Expr) -> Expr {
    let (u, negated) = signed(g, x);
    let e = decay(g, u);
    let (zero, one) = (g.zero(), g.one());
    let right = g.compare(Comparison::GreaterEqual, u, zero);
    let (at_right, at_left) = if negated { (e, one) } else { (one, e) };
    let numerator = g.select(right, at_right, at_left);
    let denominator = g.add(one, e);
    g.div(numerator, denominator)
}

/// e/(1 + e)²
fn sigmoid_slope(g: &mut Graph, x: Expr) -> Expr {
    let (u, _) = signed(g, x);
    let e = decay(g, u);
    let one = g.one();
    let denominator = g.add(one, e);
    g.product(&[(e, Number::ONE), (denominator, Number::integer(-2))])
}

fn log_add_exp(g: &mut Graph, x: Expr, y: Expr) -> Expr {
    let difference = g.sub(x, y);
    let (u, _) = signed(g, difference);
    let e = decay(g, u);
    let tail = g.apply(Function::Ln1p, &[e]);
    let larger = g.apply(Function::Max, &[x, y]);
    let apart = g.add(larger, tail);
    let ln_2 = g.number(Number::float(std::f64::consts::LN_2));
    let twice = g.add(x, ln_2);
    let same = g.compare(Comparison::Equal, x, y);
    g.select(same, twice, apart)
}

fn xlogy(g: &mut Graph, x: Expr, y: Expr) -> Expr {
    let ln = g.apply(Function::Ln, &[y]);
    let product = g.mul(x, ln);
    let zero = g.zero();
    let at_zero = g.compare(Comparison::Equal, x, zero);
    g.select(at_zero, zero, product)
}

fn one_minus_square(g: &mut Graph, x: Expr) -> Expr {
    let one = g.one();
    let (below, above) = (g.sub(one, x), g.add(one, x));
    g.mul(below, above)
}

fn softplus(g: &mut Graph, x: Expr) -> Expr {
    let (u, _) = signed(g, x);
    let e = decay(g, u);
    let tail = g.apply(Function::Ln1p, &[e]);
    let ramp = relu(g, x);
    g.add(ramp, tail)
}

fn relu(g: &mut Graph, x: Expr) -> Expr {
    let zero = g.zero();
    let off = g.compare(Comparison::LessEqual, x, zero);
    g.select(off, zero, x)
}
