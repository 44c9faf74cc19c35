//! Gradient, Hessian and directional derivative of an error function.

use super::contribution::{loops, release, separate};
use super::sweep::sweep;
use super::{Contribution, Pairing, SecondContribution};
use crate::graph::{Array, Expr, Graph, Index, Node, Number, Role, Slot};

/// The gradient of `error`: one reverse sweep.
pub fn gradient(g: &mut Graph, error: Expr) -> Vec<Contribution> {
    let mut parts = Vec::new();
    for Contribution { leaf, value } in sweep(g, error, &[]) {
        let kept = g.free(leaf).to_vec();
        for value in separate(g, value, &kept) {
            let mut pair = [leaf, value];
            release(g, &mut pair, 1);
            parts.push(pair);
        }
    }
    let collected = collect(g, parts.into_iter().map(|[leaf, value]| ([leaf, leaf], value)).collect());
    collected.into_iter().map(|([leaf, _], value)| Contribution { leaf, value }).collect()
}

/// The lower triangle of the Hessian: a reverse sweep over the value of each contribution to the gradient,
/// with the loops R of that contribution held fixed.
pub fn hessian(g: &mut Graph, gradient: &[Contribution]) -> Vec<SecondContribution> {
    let mut entries = Entries::default();
    for &Contribution { leaf: row, value } in gradient {
        let fixed = loops(g, &[row, value]);
        for Contribution { leaf: column, value } in sweep(g, value, &fixed) {
            entries.push(g, row, column, value, &fixed);
        }
    }
    entries.collect(g)
}

/// Contributions of second order being gathered, both triangles going in.
///
/// For leaves of different pattern one of the two orders is kept ([`Pairing::Symmetric`]); leaves of equal
/// pattern reach both triangles and keep the lower ([`Pairing::Lower`]).
#[derive(Default)]
pub(super) struct Entries {
    lower: Vec<([Expr; 2], Expr)>,
    symmetric: Vec<([Expr; 2], Expr)>,
}

impl Entries {
    /// Adds *for the loops `over`: H\[row\]\[column\] += value*.
    ///
    /// Loops that neither a leaf nor the value mentions still count: their length becomes a factor.
    pub(super) fn push(&mut self, g: &mut Graph, row: Expr, column: Expr, value: Expr, over: &[Index]) {
        let (row_pattern, column_pattern) = (pattern(g, row), pattern(g, column));
        let order = pattern_order(g, column_pattern).cmp(&pattern_order(g, row_pattern));
        if order.is_gt() {
            return;
        }
        let mentioned = loops(g, &[row, column, value]);
        let unmentioned: Vec<Index> = over.iter().copied().filter(|i| !mentioned.contains(i)).collect();
        let value = g.sum_over(&unmentioned, value);
        let kept = loops(g, &[row, column]);
        for value in separate(g, value, &kept) {
            let mut parts = [row, column, value];
            release(g, &mut parts, 2);
            let [row, column, value] = parts;
            if order.is_eq() { &mut self.lower } else { &mut self.symmetric }.push(([row, column], value));
        }
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

/// δwᵀ∇E as an expression in new arrays of role [`Role::Direction`], one per parameter array; its gradient
/// is the Hessian-vector product.
pub fn directional(g: &mut Graph, gradient: &[Contribution]) -> Expr {
    let parameters: Vec<(Array, String, Vec<_>)> = g
        .arrays()
        .filter(|(_, d)| d.role == Role::Parameter)
        .map(|(array, d)| (array, d.name.clone(), d.shape.clone()))
        .collect();
    let directions: Vec<(Array, Array)> = parameters
        .into_iter()
        .map(|(array, name, shape)| (array, g.array(&format!("d{name}"), Role::Direction(array), &shape)))
        .collect();
    let mut terms = Vec::new();
    for &Contribution { leaf, value } in gradient {
        let Node::Leaf(array, subscripts) = g.node(leaf).clone() else { continue };
        let Some(&(_, direction)) = directions.iter().find(|(of, _)| *of == array) else { continue };
        let component = g.leaf(direction, &subscripts);
        let product = g.mul(value, component);
        let over = loops(g, &[leaf, value]);
        terms.push((Number::ONE, g.sum_over(&over, product)));
    }
    g.sum(&terms)
}

/// Adds up values that go to the same place in the same loops, in canonical order of the places.
fn collect(g: &mut Graph, parts: Vec<([Expr; 2], Expr)>) -> Vec<([Expr; 2], Expr)> {
    struct Entry {
        place: [Expr; 2],
        over: Vec<Index>,
        terms: Vec<(Number, Expr)>,
    }
    let mut places: Vec<Entry> = Vec::new();
    for (place, value) in parts {
        let over = loops(g, &[place[0], place[1], value]);
        match places.iter_mut().find(|entry| entry.place == place && entry.over == over) {
            Some(entry) => entry.terms.push((Number::ONE, value)),
            None => places.push(Entry { place, over, terms: vec![(Number::ONE, value)] }),
        }
    }
    places.sort_by_key(|entry| (g.order(entry.place[0]), g.order(entry.place[1]), entry.over.clone()));
    let mut collected = Vec::with_capacity(places.len());
    for Entry { place, terms, .. } in places {
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
