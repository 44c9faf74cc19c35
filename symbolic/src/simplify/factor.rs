//! Common factors leave sums: a·b + a·c = a·(b + c).

use std::collections::HashMap;

use super::instances::Instances;
use crate::graph::{Expr, Graph, Node, Number};

/// Sums of more terms are left alone: the search is quadratic in the worst case.
const LARGEST: usize = 256;

/// Takes factors out of sums, the one most terms have first, then again inside and beside.
///
/// A term that others use too stays as it is, since it has to be computed anyway.
pub(super) fn factor(g: &mut Graph, values: &[Expr]) -> Vec<Expr> {
    let mut instances = Instances::default();
    let order = instances.order(g, values);
    let uses = instances.uses(g, &order, values);
    for base in order {
        let new = match g.node(base).clone() {
            Node::Sum(terms) if (2..=LARGEST).contains(&terms.len()) => {
                let mut open = Vec::new();
                let mut rest = Vec::new();
                for &(coefficient, term) in &terms {
                    let is_single = {
                        let base = instances.base(g, term);
                        uses.get(&base).is_some_and(|&uses| uses == 1)
                    };
                    let new = instances.new_of(g, term);
                    let (coefficient, new) = g.split_coefficient(coefficient, new);
                    match g.node(new) {
                        Node::Product(factors) if is_single => open.push((coefficient, factors.to_vec())),
                        _ => rest.push((coefficient, new)),
                    }
                }
                // A bare term can still join: a·b + a = a·(b + 1), but only where it is a factor elsewhere.
                let open_bare = |e: Expr| open.iter().any(|(_, factors)| factors.iter().any(|f| f.0 == e));
                let (bare, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|&(_, e)| open_bare(e));
                open.extend(bare.into_iter().map(|(c, e)| (c, vec![(e, Number::ONE)])));
                let mut terms = collect(g, open);
                terms.extend(rest);
                g.sum(&terms)
            }
            _ => instances.rebuild(g, base),
        };
        instances.rewrite(base, new);
    }
    values.iter().map(|&value| instances.new_of(g, value)).collect()
}

type Term = (Number, Vec<(Expr, Number)>);

/// Terms with the most frequent factor taken out, as long as one occurs twice.
fn collect(g: &mut Graph, mut terms: Vec<Term>) -> Vec<(Number, Expr)> {
    let mut done = Vec::new();
    while let Some((factor, exponent)) = most_frequent(g, &terms) {
        let (mut inside, rest): (Vec<Term>, Vec<Term>) = terms
            .into_iter()
            .partition(|(_, factors)| factors.iter().any(|f| f.0 == factor && kind(f.1) == exponent));
        terms = rest;
        // What is left has no factor in all terms, so that every level has fewer terms than the one before.
        let mut taken = divide(&mut inside);
        let inside = collect(g, inside);
        taken.push((g.sum(&inside), Number::ONE));
        done.push((Number::ONE, g.product(&taken)));
    }
    for (coefficient, factors) in terms {
        done.push((coefficient, g.group(&factors)));
    }
    done
}

/// Takes out of terms the largest product that is in all of them.
fn divide(terms: &mut [Term]) -> Vec<(Expr, Number)> {
    // For each factor the number of terms that have it, the last of these, and its least power there.
    let mut found: HashMap<(Expr, Number), (usize, usize, Number)> = HashMap::new();
    for (at, (_, factors)) in terms.iter().enumerate() {
        for &(factor, exponent) in factors {
            let (count, last, least) = found.entry((factor, kind(exponent))).or_insert((0, at, exponent));
            // A product may have two powers of one base.
            if *count == 0 || *last != at {
                (*count, *last) = (*count + 1, at);
            }
            if exponent.to_integer() < least.to_integer() {
                *least = exponent;
            }
        }
    }
    found.retain(|_, (count, ..)| *count == terms.len());
    let mut common = Vec::new();
    for (at, (_, factors)) in terms.iter_mut().enumerate() {
        let mut open: HashMap<(Expr, Number), Number> = found.iter().map(|(&key, f)| (key, f.2)).collect();
        factors.retain_mut(|(factor, exponent)| {
            let Some(power) = open.remove(&(*factor, kind(*exponent))) else { return true };
            if at == 0 {
                common.push((*factor, power));
            }
            // An infinite power less itself would be no number.
            let is_whole = *exponent == power;
            *exponent = exponent.plus(power.negate());
            !is_whole
        });
    }
    common
}

/// Powers that have a factor in common have one kind: whole ones do, others have to be equal.
fn kind(exponent: Number) -> Number {
    if exponent.to_integer().is_some_and(|k| k > 1) { Number::ONE } else { exponent }
}

/// The factor that most terms share, if two do; the first in canonical order among equals.
fn most_frequent(g: &Graph, terms: &[Term]) -> Option<(Expr, Number)> {
    type Candidate = (usize, std::cmp::Reverse<(u64, Expr)>, (Expr, Number));
    let mut counts: HashMap<(Expr, Number), usize> = HashMap::new();
    let mut best: Option<Candidate> = None;
    for &(factor, exponent) in terms.iter().flat_map(|(_, factors)| factors) {
        let power = kind(exponent);
        let count = counts.entry((factor, power)).or_insert(0);
        *count += 1;
        let candidate = (*count, std::cmp::Reverse(g.order(factor)), (factor, power));
        if *count > 1 && best.is_none_or(|best| (best.0, best.1) < (candidate.0, candidate.1)) {
            best = Some(candidate);
        }
    }
    best.map(|(_, _, found)| found)
}
