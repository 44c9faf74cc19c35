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
    // How many sums multiply a product by each coefficient.
    let mut alike: HashMap<(Expr, Number), usize> = HashMap::new();
    for &base in &order {
        for (size, product, factors) in scaled(g, base) {
            let product = instances.base(g, product);
            *alike.entry((product, size)).or_insert(0) += 1;
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
                    let moved = match g.node(term).clone() {
                        Node::Product(factors)
                            if !size.is_one() && uses.get(&term_base) == alike.get(&(term_base, size)) =>
                        {
                            let is_shared = uses.get(&term_base) != Some(&1);
                            rescale(g, &mut instances, &counts, term, &factors, size, is_shared)
                        }
                        _ => None,
                    };
                    rescaled.push(match moved {
                        Some(product) if coefficient.is_negative() => (Number::MINUS_ONE, product),
                        Some(product) => (Number::ONE, product),
                        None => (coefficient, instances.new_of(g, term)),
                    });
                }
                g.sum(&rescaled)
            }
            _ => instances.rebuild(g, base),
        };
        instances.rewrite(base, new);
    }
    values.iter().map(|&value| instances.new_of(g, value)).collect()
}

type Factors = Box<[(Expr, Number)]>;

/// The products a sum multiplies by something but ±1.
fn scaled(g: &Graph, base: Expr) -> Vec<(Number, Expr, Factors)> {
    let Node::Sum(terms) = g.node(base) else { return Vec::new() };
    let products = terms.iter().filter_map(|&(coefficient, term)| match g.node(term) {
        Node::Product(factors) if !magnitude(coefficient).is_one() => {
            Some((magnitude(coefficient), term, factors.clone()))
        }
        _ => None,
    });
    products.collect()
}

fn magnitude(number: Number) -> Number {
    if number.is_negative() { number.negate() } else { number }
}

/// The product times `size`, in one of its factors; in fewer loops, that is all its factors of these loops
/// together.
fn rescale(
    g: &mut Graph,
    instances: &mut Instances,
    counts: &HashMap<(Expr, Number), usize>,
    product: Expr,
    factors: &[(Expr, Number)],
    size: Number,
    is_shared: bool,
) -> Option<Expr> {
    let at = place(g, instances, counts, product, factors, size)?;
    let chosen = factors[at].0;
    let is_outer = depth(g, product, chosen) < g.free(product).len();
    // Within the same loops it is as well multiplied once, where a product is used twice.
    if is_shared && !is_outer {
        return None;
    }
    let (mut taken, mut rest) = (Vec::new(), Vec::new());
    for (i, &(factor, exponent)) in factors.iter().enumerate() {
        let takes = i == at || (is_outer && g.free(factor) == g.free(chosen));
        let factor = (instances.new_of(g, factor), exponent);
        if takes { taken.push(factor) } else { rest.push(factor) }
    }
    let taken = g.group(&taken);
    rest.push((g.scale(size, taken), Number::ONE));
    Some(g.group(&rest))
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
        let loops = depth(g, product, factor);
        if loops < g.free(product).len() || (exponent.is_one() && count > 1) {
            let rank = (Reverse(loops), count, Reverse(at));
            if best.is_none_or(|best| best < rank) {
                best = Some(rank);
            }
        }
    }
    best.map(|(_, _, Reverse(at))| at)
}

/// How many of the loops of a product, outer first, have to be open for a factor of it.
fn depth(g: &Graph, product: Expr, factor: Expr) -> usize {
    let mut loops = g.free(product).to_vec();
    g.sort_by_nesting(&mut loops);
    loops.iter().rposition(|i| g.free(factor).contains(i)).map_or(0, |at| at + 1)
}
