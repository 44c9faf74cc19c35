//! Contributions to the Hessian being gathered.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::contribution::{loops, release, separate};
use super::{Pairing, SecondContribution};
use crate::graph::{Array, Expr, Graph, Index, Node, Number, Slot};

/// Contributions of second order, values not yet added up.
///
/// For leaves of different pattern one of the two orders is kept ([`Pairing::Symmetric`]); leaves of equal
/// pattern reach both triangles and keep the lower ([`Pairing::Lower`]).
#[derive(Default)]
pub(super) struct Entries {
    lower: Vec<([Expr; 2], Expr)>,
    symmetric: Vec<([Expr; 2], Expr)>,
}

impl Entries {
    /// Adds *for the loops `over` and all free indices: H\[u\]\[v\] += value*, and its mirror image.
    ///
    /// Loops that neither a leaf nor the value mentions still count: their length becomes a factor.
    pub(super) fn push(&mut self, g: &mut Graph, u: Expr, v: Expr, value: Expr, over: &[Index]) {
        let (u_pattern, v_pattern) = (pattern(g, u), pattern(g, v));
        match pattern_order(g, u_pattern).cmp(&pattern_order(g, v_pattern)) {
            Ordering::Less => self.symmetric.extend(contributions(g, v, u, value, over)),
            Ordering::Greater => self.symmetric.extend(contributions(g, u, v, value, over)),
            Ordering::Equal => {
                self.lower.extend(contributions(g, u, v, value, over));
                self.lower.extend(contributions(g, v, u, value, over));
            }
        }
    }

    /// Adds *for the loops `over` and all free indices: H\[u\]\[v\] += value* for leaves of one pattern and a
    /// symmetric value, whose loops reach both triangles.
    pub(super) fn push_symmetric(&mut self, g: &mut Graph, u: Expr, v: Expr, value: Expr, over: &[Index]) {
        self.lower.extend(contributions(g, u, v, value, over));
    }

    pub(super) fn collect(self, g: &mut Graph) -> Vec<SecondContribution> {
        let mut all = Vec::new();
        for (parts, pairing) in [(self.lower, Pairing::Lower), (self.symmetric, Pairing::Symmetric)] {
            for ([row, column], value) in collect(g, parts) {
                all.push(SecondContribution { row, column, value, pairing });
            }
        }
        all
    }
}

fn contributions(
    g: &mut Graph,
    row: Expr,
    column: Expr,
    value: Expr,
    over: &[Index],
) -> Vec<([Expr; 2], Expr)> {
    let mentioned = loops(g, &[row, column, value]);
    let unmentioned: Vec<Index> = over.iter().copied().filter(|i| !mentioned.contains(i)).collect();
    let value = g.sum_over(&unmentioned, value);
    let [row, column, value] = g.named([row, column, value]);
    let kept = loops(g, &[row, column]);
    let mut contributions = Vec::new();
    for value in separate(g, value, &kept) {
        let mut parts = [row, column, value];
        release(g, &mut parts, 2);
        let [row, column, value] = parts;
        contributions.push(([row, column], value));
    }
    contributions
}

/// Adds up values that go to the same place in the same loops, in canonical order of the places.
pub(super) fn collect(g: &mut Graph, parts: Vec<([Expr; 2], Expr)>) -> Vec<([Expr; 2], Expr)> {
    type Terms = Vec<(Number, Expr)>;
    let mut at: HashMap<([Expr; 2], Vec<Index>), usize> = HashMap::new();
    let mut places: Vec<([Expr; 2], Vec<Index>, Terms)> = Vec::new();
    for (place, value) in parts {
        let over = loops(g, &[place[0], place[1], value]);
        let at = *at.entry((place, over.clone())).or_insert(places.len());
        if at == places.len() {
            places.push((place, over, Vec::new()));
        }
        places[at].2.push((Number::ONE, value));
    }
    places.sort_by_key(|(place, over, _)| (g.order(place[0]), g.order(place[1]), over.clone()));
    let mut collected = Vec::with_capacity(places.len());
    for (place, _, terms) in places {
        let value = g.sum(&terms);
        if !g.as_number(value).is_some_and(Number::is_zero) {
            collected.push((place, value));
        }
    }
    collected
}

/// The leaf with its indices named by order of appearance: equal for leaves that reach the same elements.
fn pattern(g: &mut Graph, leaf: Expr) -> Expr {
    let mut map: Vec<(Index, Index)> = Vec::new();
    for index in loops_in_order(g, leaf) {
        let name = g.named_index(index, Slot::Fixed(u32::MAX, map.len() as u32), &map);
        map.push((index, name));
    }
    g.substitute(leaf, &map)
}

/// The indices of a leaf by order of appearance, each after those its range mentions.
fn loops_in_order(g: &Graph, leaf: Expr) -> Vec<Index> {
    let mut order = Vec::new();
    if let Node::Leaf(_, subscripts) = g.node(leaf) {
        for subscript in subscripts {
            subscript.visit_affine(&mut |affine| {
                for index in affine.indices() {
                    // Outer indices nest strictly, so this walk ends.
                    let mut pending = vec![index];
                    let mut chain = Vec::new();
                    while let Some(index) = pending.pop() {
                        chain.push(index);
                        pending.extend(g.range(index).indices());
                    }
                    for index in chain.into_iter().rev() {
                        if !order.contains(&index) {
                            order.push(index);
                        }
                    }
                }
            });
        }
    }
    order
}

fn pattern_order(g: &Graph, pattern: Expr) -> (Option<Array>, (u64, Expr)) {
    let array = match g.node(pattern) {
        Node::Leaf(array, _) => Some(*array),
        _ => None,
    };
    (array, g.order(pattern))
}
