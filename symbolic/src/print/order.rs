//! The order in which people write the terms of a sum.

use std::cmp::Reverse;

use crate::graph::{Array, Expr, Graph, Node, Number, Role};

/// The terms in the order in which they are read: a positive one leads where there is one, what is only on a diagonal comes
/// last, and powers of the parameters fall.
pub(super) fn order(g: &Graph, terms: &[(Number, Expr)], is_delta: impl Fn(Expr) -> bool) -> Vec<usize> {
    let mut ordered = by_falling_degree(g, terms);
    let is_positive = |at: &usize| !terms[*at].0.is_negative();
    let lead = ordered.iter().position(|at| is_positive(at) && !is_delta(terms[*at].1));
    let lead = lead.or_else(|| ordered.iter().position(is_positive)).map(|at| ordered[at]);
    ordered.sort_by_key(|&at| (Some(at) != lead, is_delta(terms[at].1)));
    // Among terms of one look the order of declaration is that of people.
    let look = |at: &usize| look(g, terms[*at].1);
    for run in ordered.chunk_by_mut(|a, b| look(a).is_some_and(|a| Some(a.0) == look(b).map(|b| b.0))) {
        if run.iter().all(is_positive) {
            run.sort_by_key(|at| look(at).map(|look| look.1));
        }
    }
    ordered
}

/// Monomials change places among themselves; what is none stays where it is.
fn by_falling_degree(g: &Graph, terms: &[(Number, Expr)]) -> Vec<usize> {
    let mut ordered: Vec<usize> = (0..terms.len()).collect();
    let degrees: Vec<Option<i64>> = terms.iter().map(|term| degree(g, term.1)).collect();
    let places: Vec<usize> = ordered.iter().copied().filter(|&at| degrees[at].is_some()).collect();
    let mut monomials = places.clone();
    monomials.sort_by_key(|&at| Reverse(degrees[at]));
    places.iter().zip(monomials).for_each(|(&place, term)| ordered[place] = term);
    ordered
}

/// The degree of a monomial in the parameters; data are coefficients.
fn degree(g: &Graph, expr: Expr) -> Option<i64> {
    match g.node(expr) {
        Node::Number(_) => Some(0),
        Node::Leaf(array, _) => Some(i64::from(g.declaration(*array).role == Role::Parameter)),
        Node::Product(factors) => factors.iter().try_fold(0_i64, |sum, &(factor, exponent)| {
            let exponent = exponent.to_integer()?;
            sum.checked_add(degree(g, factor)?.checked_mul(exponent)?)
        }),
        _ => None,
    }
}

/// The number of factors of a product, and the array of its first.
fn look(g: &Graph, expr: Expr) -> Option<(usize, Array)> {
    let Node::Product(factors) = g.node(expr) else { return None };
    match g.node(factors.first()?.0) {
        Node::Leaf(array, _) => Some((factors.len(), *array)),
        _ => None,
    }
}
