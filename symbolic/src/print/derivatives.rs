//! Gradient and Hessian as formulas: one line per kind of entry, sums moved inside.

use std::collections::{HashMap, HashSet};

use super::formula::{Formula, Naming, affine_text, printed};
use super::notation::{Notation, Script};
use super::spell::{Spelling, spell};
use crate::differentiate::{Pairing, gradient, hessian, loops};
use crate::graph::{Array, Comparison, Expr, Graph, Index, Node, Number, Range, Slot, Subscript};

/// The entries of a gradient or Hessian that one formula gives.
///
/// ```
/// use hesse_symbolic::print::{Notation, derivatives};
///
/// let model = hesse_parser::formula::parse("param x, y; E = x^2*y", &Default::default()).unwrap();
/// let (_, hessian, _) = derivatives(&model.graph, model.error, Notation::Text);
/// let mixed = hessian.iter().find(|entry| entry.parameters[0] != entry.parameters[1]).unwrap();
/// assert_eq!(mixed.formula, "2*x");
/// assert!(mixed.mirrored && !mixed.may_meet);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Derivative {
    /// The parameters of the entry, in this notation: one for the gradient, two for the Hessian.
    pub parameters: Vec<String>,
    /// The formula; entries named by several formulas are the sum of them.
    pub formula: String,
    /// Whether an earlier formula, or this one at other positions, may give a part of the same entries.
    pub adds: bool,
    /// Whether the formula is for the diagonal of an array alone.
    pub diagonal: bool,
    /// Whether the formula stands for its mirror image too; otherwise it is for both sides of the diagonal.
    pub mirrored: bool,
    /// Whether both parameters may be one element at run time; such entries count twice where they are mirrored.
    pub may_meet: bool,
    /// The ranges of the free indices, where they are not all positions of their axes.
    pub ranges: Vec<Positions>,
}

/// The positions a free index of an entry runs over: from `lo` to below `hi`.
///
/// ```
/// use hesse_symbolic::print::{Notation, derivatives};
///
/// let text = "param w[n]; E = sum(i in 1..n, w[i]^3)";
/// let model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let (gradient, ..) = derivatives(&model.graph, model.error, Notation::Text);
/// let positions = &gradient[0].ranges[0];
/// assert_eq!((&*positions.lo, &*positions.hi), ("1", "n"));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Positions {
    /// The index.
    pub index: String,
    /// The first position.
    pub lo: String,
    /// One past the last position.
    pub hi: String,
}

/// The gradient and the lower triangle of the Hessian of `error`, with the shared parts of all formulas.
///
/// Free indices are named `i`, `j`, … in the entries and in the formulas alike. What is there only where two indices are
/// equal is multiplied with `delta(i, j)`. Functions that only derivatives are made of are written as what they stand for.
///
/// ```
/// use hesse_symbolic::graph::{Extent, Graph, Number, Range, ReduceKind, Role, Subscript};
/// use hesse_symbolic::print::{Notation, derivatives};
///
/// let mut g = Graph::new();
/// let n = Extent::Named(g.dimension("n"));
/// let w = g.array("w", Role::Parameter, &[n]);
/// let i = g.index(Range::all(n));
/// let element = g.leaf(w, &[Subscript::index(i)]);
/// let cube = g.power(element, Number::integer(3));
/// let error = g.reduce(ReduceKind::Sum, i, cube);
///
/// let (gradient, hessian, _) = derivatives(&g, error, Notation::Text);
/// assert_eq!((&*gradient[0].parameters[0], &*gradient[0].formula), ("w[i]", "3*w[i]^2"));
/// assert_eq!(hessian[0].parameters, ["w[i]", "w[j]"]);
/// assert_eq!(hessian[0].formula, "6*w[i]*delta(i, j)");
/// ```
pub fn derivatives(
    graph: &Graph,
    error: Expr,
    notation: Notation,
) -> (Vec<Derivative>, Vec<Derivative>, Formula) {
    let mut g = graph.clone();
    let entries = entries(&mut g, error);
    let spelling = if notation.is_formal() { Spelling::Formal } else { Spelling::Derived };
    let values: Vec<Expr> = entries.iter().map(|entry| entry.value).chain([error]).collect();
    let values = spell(&mut g, &values, spelling, &HashSet::new());
    // E comes first, so that its ranges have the letters they have in it.
    let mut groups = vec![vec![values.last().copied().unwrap_or(error)]];
    let mut roots: Vec<Expr> = Vec::new();
    for (entry, &value) in entries.iter().zip(&values) {
        let group: Vec<Expr> = entry.leaves.iter().copied().chain([value]).collect();
        roots.extend(&group);
        groups.push(group);
    }
    let (formula, names) = printed(&g, &roots, &groups, notation, &[], Naming::Shared);
    let mut texts = formula.texts.iter().cloned();
    let mut derived: [Vec<Derivative>; 2] = [Vec::new(), Vec::new()];
    for (at, entry) in entries.iter().enumerate() {
        let order = entry.leaves.len();
        let earlier = entries[..at].iter().filter(|earlier| earlier.leaves.len() == order);
        let is_first = !earlier.clone().any(|earlier| overlap(&g, &earlier.leaves, &entry.leaves));
        let is_diagonal =
            order == 2 && entry.leaves[0] == entry.leaves[1] && !g.free(entry.leaves[0]).is_empty();
        derived[order - 1].push(Derivative {
            parameters: texts.by_ref().take(order).collect(),
            formula: texts.next().unwrap_or_default(),
            adds: !is_first || !is_injective(&g, &entry.leaves),
            diagonal: is_diagonal,
            mirrored: entry.is_mirrored,
            may_meet: order == 2 && may_coincide(&g, entry.leaves[0], entry.leaves[1]),
            ranges: partial(&g, &entry.leaves)
                .into_iter()
                .map(|index| positions(&g, index, notation.script(), &names))
                .collect(),
        });
    }
    let [gradient, hessian] = derived;
    (gradient, hessian, formula)
}

/// What is added to the entries that one or two leaves name.
struct Entry {
    leaves: Vec<Expr>,
    value: Expr,
    is_mirrored: bool,
}

/// The gradient, then the lower triangle of the Hessian.
fn entries(g: &mut Graph, error: Expr) -> Vec<Entry> {
    let mut first: Vec<Entry> = Vec::new();
    for contribution in gradient(g, error) {
        push(g, &mut first, vec![contribution.leaf], contribution.value, false);
    }
    let mut second: Vec<Entry> = Vec::new();
    for contribution in hessian(g, error) {
        let (row, column) = (contribution.row, contribution.column);
        let is_mirrored = contribution.pairing == Pairing::Symmetric;
        let (column, value) = unequal(g, row, column, contribution.value);
        push(g, &mut second, vec![row, column], value, is_mirrored);
    }
    first.append(&mut second);
    first
}

/// Adds a formula to the entry of its leaves, summing over the loops the leaves do not carry.
fn push(g: &mut Graph, entries: &mut Vec<Entry>, leaves: Vec<Expr>, value: Expr, is_mirrored: bool) {
    let (leaves, value) = canonical(g, leaves, value);
    let kept: Vec<Index> = loops(g, &leaves);
    let summed: Vec<Index> = g.free(value).iter().copied().filter(|i| !kept.contains(i)).collect();
    let value = g.sum_over(&summed, value);
    match entries.iter_mut().find(|entry| entry.leaves == leaves) {
        Some(entry) => entry.value = g.sum(&[(Number::ONE, entry.value), (Number::ONE, value)]),
        None => entries.push(Entry { leaves, value, is_mirrored }),
    }
}

/// The leaves and the value with the free indices of the leaves named by order of appearance, so that entries
/// that differ in the names of indices alone are one.
fn canonical(g: &mut Graph, leaves: Vec<Expr>, value: Expr) -> (Vec<Expr>, Expr) {
    let mut map: Vec<(Index, Index)> = Vec::new();
    for &leaf in &leaves {
        let mut free = loops(g, &[leaf]);
        g.sort_by_nesting(&mut free);
        for index in free {
            if !map.iter().any(|(from, _)| *from == index) {
                let name = g.named_index(index, Slot::Fixed(u32::MAX, map.len() as u32), &map);
                map.push((index, name));
            }
        }
    }
    let leaves = leaves.into_iter().map(|leaf| g.substitute(leaf, &map)).collect();
    (leaves, g.substitute(value, &map))
}

/// Indices that run over whole axes and stand in both leaves get names of their own in the column; the value is there
/// only where both are equal.
fn unequal(g: &mut Graph, row: Expr, column: Expr, value: Expr) -> (Expr, Expr) {
    let (Some(rows), Some(columns)) = (whole(g, row), whole(g, column)) else { return (column, value) };
    let shared: Vec<Index> = rows.into_iter().filter(|index| columns.contains(index)).collect();
    let (mut map, mut factors) = (Vec::new(), vec![(value, Number::ONE)]);
    for index in shared {
        let other = g.index(g.range(index).clone());
        let [a, b] = [index, other].map(crate::graph::Affine::index);
        let (a, b) = (g.index_value(&a), g.index_value(&b));
        let is_equal = g.compare(Comparison::Equal, a, b);
        let (zero, one) = (g.zero(), g.one());
        factors.push((g.select(is_equal, one, zero), Number::ONE));
        map.push((index, other));
    }
    (g.substitute(column, &map), g.product(&factors))
}

/// The subscripts of an element that may be any of its array, where each is an index of its own.
fn whole(g: &Graph, leaf: Expr) -> Option<Vec<Index>> {
    let Node::Leaf(array, subscripts) = g.node(leaf) else { return None };
    let mut indices: Vec<Index> = Vec::new();
    for (subscript, &extent) in subscripts.iter().zip(&g.declaration(*array).shape) {
        let index = plain(subscript).filter(|&index| *g.range(index) == Range::all(extent))?;
        if indices.contains(&index) {
            return None;
        }
        indices.push(index);
    }
    Some(indices)
}

/// The index a subscript is.
fn plain(subscript: &Subscript) -> Option<Index> {
    let affine = subscript.as_affine()?;
    let index = affine.indices().next()?;
    (*subscript == Subscript::index(index)).then_some(index)
}

/// The free indices of leaves that do not run over a whole axis.
fn partial(g: &Graph, leaves: &[Expr]) -> Vec<Index> {
    let mut partial = loops(g, leaves);
    for &leaf in leaves {
        let Node::Leaf(array, subscripts) = g.node(leaf) else { continue };
        for (subscript, &extent) in subscripts.iter().zip(&g.declaration(*array).shape) {
            partial.retain(|&index| {
                *subscript != Subscript::index(index) || *g.range(index) != Range::all(extent)
            });
        }
    }
    partial
}

fn positions(g: &Graph, index: Index, script: &dyn Script, names: &HashMap<Index, String>) -> Positions {
    let text = |affine| affine_text(g, affine, script, names);
    let Range { lo, hi } = g.range(index);
    Positions { index: text(&crate::graph::Affine::index(index)), lo: text(lo), hi: text(hi) }
}

fn element(g: &Graph, leaf: Expr) -> Option<(Array, &[Subscript])> {
    match g.node(leaf) {
        Node::Leaf(array, subscripts) => Some((*array, subscripts)),
        _ => None,
    }
}

/// Whether two leaves can be one element: not if they are of two arrays, or always as far from each other.
fn may_coincide(g: &Graph, a: Expr, b: Expr) -> bool {
    let (Some((a, left)), Some((b, right))) = (element(g, a), element(g, b)) else { return false };
    let differ = |(a, b): (&Subscript, &Subscript)| match (a, b) {
        (Subscript::Affine(a), Subscript::Affine(b)) => {
            a.sub(b).as_constant().is_some_and(|distance| distance != 0)
        }
        _ => false,
    };
    a == b && !left.iter().zip(right).any(differ)
}

/// Whether two lists of leaves may name one entry; indices of one name are not the same in both.
fn overlap(g: &Graph, left: &[Expr], right: &[Expr]) -> bool {
    left.iter().zip(right).all(|(&a, &b)| {
        let (Some((a, left)), Some((b, right))) = (element(g, a), element(g, b)) else { return false };
        let position =
            |subscript: &Subscript| subscript.as_affine().and_then(crate::graph::Affine::as_constant);
        let differ = |(a, b): (&Subscript, &Subscript)| match (position(a), position(b)) {
            (Some(a), Some(b)) => a != b,
            _ => false,
        };
        a == b && !left.iter().zip(right).any(differ)
    })
}

/// Whether different positions of the free indices are different entries.
fn is_injective(g: &Graph, leaves: &[Expr]) -> bool {
    let mut left = loops(g, leaves);
    for &leaf in leaves {
        let Some((_, subscripts)) = element(g, leaf) else { continue };
        for affine in subscripts.iter().filter_map(Subscript::as_affine) {
            let mut indices = affine.indices();
            if let (Some(only), None) = (indices.next(), indices.next()) {
                left.retain(|index| *index != only);
            }
        }
    }
    left.is_empty()
}
