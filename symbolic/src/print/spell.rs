//! What functions stand for, in the words of others.
//!
//! Derivatives are made of functions that keep their digits where what they stand for does not. People want to read the latter.

use std::collections::{HashMap, HashSet};

use crate::functions::Function;
use crate::graph::{Expr, Graph, Node, Number};

/// Which functions are written out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Spelling {
    /// Those that only derivatives are made of.
    Derived,
    /// Those too that people call only for the sake of digits: `ln_1p(x)` is ln(1 + x).
    Formal,
}

/// The expressions with such functions written out, powers of powers and sums in sums put together where that is what
/// people would write. Cost: linear in the number of nodes.
///
/// What is in `kept` stays as it is.
pub(super) fn spell(g: &mut Graph, roots: &[Expr], spelling: Spelling, kept: &HashSet<Expr>) -> Vec<Expr> {
    let order = g.reachable(roots, |_, e| !kept.contains(&e));
    let mut uses: HashMap<Expr, usize> = HashMap::new();
    for &expr in &order {
        g.node(expr).for_each_arg(|arg| *uses.entry(arg).or_insert(0) += 1);
    }
    let mut done: HashMap<Expr, Expr> = HashMap::new();
    for expr in order {
        if kept.contains(&expr) {
            done.insert(expr, expr);
            continue;
        }
        let new = match g.node(expr).clone() {
            Node::Product(factors) => {
                let factors = unfolded(g, &factors, &done, spelling);
                g.product(&factors)
            }
            Node::Sum(terms) => {
                let terms = joined(g, &terms, &done, &uses);
                g.sum(&terms)
            }
            _ => g.rebuild(expr, |_, arg| done.get(&arg).copied().unwrap_or(arg)),
        };
        let call = match g.node(new) {
            Node::Apply(function, args) => Some((*function, args.clone())),
            _ => None,
        };
        let written = call.and_then(|(function, args)| written(g, function, &args, spelling));
        done.insert(expr, written.unwrap_or(new));
    }
    roots.iter().map(|root| done.get(root).copied().unwrap_or(*root)).collect()
}

/// Factors anew: whole powers of a function that is a product now, and of roots, are powers of what is inside; so are powers
/// of exp where nobody reads them back.
fn unfolded(
    g: &mut Graph,
    factors: &[(Expr, Number)],
    done: &HashMap<Expr, Expr>,
    spelling: Spelling,
) -> Vec<(Expr, Number)> {
    let mut unfolded = Vec::with_capacity(factors.len());
    for &(factor, exponent) in factors {
        let new = done.get(&factor).copied().unwrap_or(factor);
        match (g.node(factor), g.node(new)) {
            (before, Node::Product(inner))
                if exponent.to_integer().is_some()
                    && (matches!(before, Node::Apply(..)) || inner.len() == 1) =>
            {
                unfolded.extend(inner.iter().map(|&(base, own)| (base, own.times(exponent))));
            }
            (_, Node::Apply(Function::Exp, args)) if spelling == Spelling::Formal && !exponent.is_one() => {
                let power = g.scale(exponent, args[0]);
                unfolded.push((g.apply(Function::Exp, &[power]), Number::ONE));
            }
            _ => unfolded.push((new, exponent)),
        }
    }
    unfolded
}

/// Terms anew: sums that are used nowhere else are no groups of their own.
fn joined(
    g: &Graph,
    terms: &[(Number, Expr)],
    done: &HashMap<Expr, Expr>,
    uses: &HashMap<Expr, usize>,
) -> Vec<(Number, Expr)> {
    let mut joined = Vec::with_capacity(terms.len());
    for &(coefficient, term) in terms {
        let new = done.get(&term).copied().unwrap_or(term);
        match g.node(new) {
            Node::Sum(inner)
                if uses.get(&term) == Some(&1)
                    && (coefficient.is_one() || coefficient == Number::MINUS_ONE) =>
            {
                joined.extend(inner.iter().map(|&(own, expr)| (own.times(coefficient), expr)));
            }
            _ => joined.push((coefficient, new)),
        }
    }
    joined
}

/// One row per function, with the equation.
fn written(g: &mut Graph, function: Function, args: &[Expr], spelling: Spelling) -> Option<Expr> {
    use Function::*;
    let x = *args.first()?;
    let y = args.get(1).copied().unwrap_or(x);
    let (zero, one) = (g.zero(), g.one());
    let derived = match function {
        // (1 − x)(1 + x)
        OneMinusSquare => {
            let (below, above) = (g.sub(one, x), g.add(one, x));
            g.mul(below, above)
        }
        // x/hypot(x, y)
        Direction if spelling == Spelling::Formal => {
            let square = squares(g, x, y);
            g.product(&[(x, Number::ONE), (square, Number::HALF.negate())])
        }
        Direction => {
            let radius = g.apply(Hypot, &[x, y]);
            g.div(x, radius)
        }
        Quotient => g.div(x, y),
        // σ(x) σ(−x)
        SigmoidSlope => {
            let negative = g.neg(x);
            let (right, left) = (g.apply(Sigmoid, &[x]), g.apply(Sigmoid, &[negative]));
            g.mul(right, left)
        }
        // exp(−W)
        LambertRatio => {
            let w = g.apply(LambertW, &[x]);
            let negative = g.neg(w);
            g.apply(Exp, &[negative])
        }
        // ψ(x+y) − ψ(x), ψ₁(x) − ψ₁(x+y)
        DigammaRise | TrigammaFall => {
            let order = if function == DigammaRise { zero } else { one };
            let sum = g.add(x, y);
            let (near, far) = (g.apply(Polygamma, &[order, x]), g.apply(Polygamma, &[order, sum]));
            if function == DigammaRise { g.sub(far, near) } else { g.sub(near, far) }
        }
        // φ/Φ, x + φ/Φ
        NormalHazard | NormalExcess => {
            let (density, mass) = (g.apply(NormalPdf, &[x]), g.apply(NormalCdf, &[x]));
            let hazard = g.div(density, mass);
            if function == NormalHazard { hazard } else { g.add(x, hazard) }
        }
        _ if spelling == Spelling::Derived => return None,
        // exp(x) − 1
        ExpM1 => {
            let exp = g.apply(Exp, &[x]);
            g.sub(exp, one)
        }
        // ln(1 + x)
        Ln1p => ln_one_more(g, x),
        // ln(1 + exp(x))
        Softplus => {
            let exp = g.apply(Exp, &[x]);
            ln_one_more(g, exp)
        }
        // ln(exp(x) + exp(y))
        LogAddExp => {
            let (a, b) = (g.apply(Exp, &[x]), g.apply(Exp, &[y]));
            let sum = g.add(a, b);
            g.apply(Ln, &[sum])
        }
        LnCosh => ln_of(g, Cosh, x),
        LnNormalCdf => ln_of(g, NormalCdf, x),
        LnGamma => ln_of(g, Gamma, x),
        // x ln y
        XLogY => {
            let ln = g.apply(Ln, &[y]);
            g.mul(x, ln)
        }
        Hypot => radius(g, x, y),
        // √(1 + x²) − 1
        HypotM1 => {
            let radius = radius(g, one, x);
            g.sub(radius, one)
        }
        // max(0, x)
        Relu => g.apply(Max, &[zero, x]),
        _ => return None,
    };
    Some(derived)
}

/// √(x² + y²)
fn radius(g: &mut Graph, x: Expr, y: Expr) -> Expr {
    let square = squares(g, x, y);
    g.power(square, Number::HALF)
}

fn squares(g: &mut Graph, x: Expr, y: Expr) -> Expr {
    let [x, y] = [x, y].map(|side| g.power(side, Number::integer(2)));
    g.add(x, y)
}

fn ln_one_more(g: &mut Graph, x: Expr) -> Expr {
    let one = g.one();
    let sum = g.add(one, x);
    g.apply(Function::Ln, &[sum])
}

fn ln_of(g: &mut Graph, function: Function, x: Expr) -> Expr {
    let inner = g.apply(function, &[x]);
    g.apply(Function::Ln, &[inner])
}
