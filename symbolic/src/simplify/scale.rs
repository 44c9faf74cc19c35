//! Constant coefficients go where they cost least: 16·pⱼ·xᵢ is (16·pⱼ)·xᵢ, and 2c is computed once for all terms
//! that have it.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::instances::Instances;
use crate::graph::{Expr, Graph, Node, Number};

/// Moves the coefficient of a product in a sum to one of its factors: to one that varies in fewer loops than the
/// product, or to one that other products multiply by the same coefficient.
pub(super) fn scale(g: &mut Graph, values: &[Expr]) -> Vec<Expr> {
    let mut instances = Instances::default();
    let order = instances.order(g, values);
    let uses = instances.uses(g, &order, values);
    let mut counts: HashMap<(Expr, Number), usize> = HashMap::new();
    for &base in &order {
        for (size, factors) in scaled(g, base) {
            for (factor, _) in factors {
                let factor = instances.base(g, factor);
                *counts.entry((factor, size)).or_insert(0) += 1;
            }
        }
    }
    for base in order {
        let new = match g.node(base).clone() {
            Node::Sum(terms) => {
                let mut rescaled = Vec::with_capacity(terms.len());
                for (coefficient, term) in terms {
                    let term_base = instances.base(g, term);
                    let size = magnitude(coefficient);
                    let at = match g.node(term).clone() {
                        Node::Product(factors) if !size.is_one() && uses.get(&term_base) == Some(&1) => {
                            place(g, &mut instances, &counts, term, &factors, size).map(|at| (at, factors))
                        }
                        _ => None,
                    };
                    let Some((at, factors)) = at else {
                        rescaled.push((coefficient, instances.new_of(g, term)));
                        continue;
                    };
                    let mut factors: Vec<_> =
                        factors.iter().map(|&(e, p)| (instances.new_of(g, e), p)).collect();
                    factors[at].0 = g.scale(size, factors[at].0);
                    let sign = if coefficient.is_negative() { Number::MINUS_ONE } else { Number::ONE };
                    rescaled.push((sign, g.group(&factors)));
                }
                g.sum(&rescaled)
            }
            _ => instances.rebuild(g, base),
        };
        instances.rewrite(base, new);
    }
    values.iter().map(|&value| instances.new_of(g, value)).collect()
}

/// The products a sum multiplies by something but ±1.
fn scaled(g: &Graph, base: Expr) -> Vec<(Number, Box<[(Expr, Number)]>)> {
    let Node::Sum(terms) = g.node(base) else { return Vec::new() };
    let products = terms.iter().filter_map(|&(coefficient, term)| match g.node(term) {
        Node::Product(factors) if !magnitude(coefficient).is_one() => {
            Some((magnitude(coefficient), factors.clone()))
        }
        _ => None,
    });
    products.collect()
}

fn magnitude(number: Number) -> Number {
    if number.is_negative() { number.negate() } else { number }
}

/// The factor that takes the coefficient.
fn place(
    g: &mut Graph,
    instances: &mut Instances,
    counts: &HashMap<(Expr, Number), usize>,
    product: Expr,
    factors: &[(Expr, Number)],
    size: Number,
) -> Option<usize> {
    let mut best = None;
    for (at, &(factor, exponent)) in factors.iter().enumerate() {
        let base = instances.base(g, factor);
        let count = counts.get(&(base, size)).copied().unwrap_or(0);
        let loops = g.free(factor).len();
        if exponent.is_one() && (count > 1 || loops < g.free(product).len()) {
            let rank = (Reverse(loops), count, Reverse(at));
            if best.is_none_or(|best| best < rank) {
                best = Some(rank);
            }
        }
    }
    best.map(|(_, _, Reverse(at))| at)
}
