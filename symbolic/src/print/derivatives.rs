//! Gradient and Hessian as formulas: one line per kind of entry, sums moved inside.

use super::formula::{Formula, affine_text, print};
use super::notation::Notation;
use crate::differentiate::{gradient, hessian, loops};
use crate::graph::{Expr, Graph, Index, Node, Number, Range, Slot, Subscript};

/// The entries of a gradient or Hessian that one formula gives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Derivative {
    /// The parameters of the entry, in this notation: one for the gradient, two for the Hessian.
    pub parameters: Vec<String>,
    /// The formula; entries named by several formulas are the sum of them.
    pub formula: String,
    /// Whether the formula is for the diagonal of an array alone.
    pub diagonal: bool,
    /// The ranges of the free indices, `i in 0..n-1`, where they are not all positions of their axes.
    pub ranges: Vec<String>,
}

/// The gradient and the lower triangle of the Hessian of `error`, with the shared parts of all formulas.
///
/// Free indices are named `i`, `j`, … in the entries and in the formulas alike.
pub fn derivatives(
    graph: &Graph,
    error: Expr,
    notation: Notation,
) -> (Vec<Derivative>, Vec<Derivative>, Formula) {
    let mut g = graph.clone();
    let first = gradient(&mut g, error);
    let second = hessian(&mut g, error);
    let mut entries: Vec<(Vec<Expr>, Expr)> = Vec::new();
    for contribution in &first {
        push(&mut g, &mut entries, vec![contribution.leaf], contribution.value);
    }
    let gradients = entries.len();
    for contribution in &second {
        let leaves = vec![contribution.row, contribution.column];
        let mut rest = entries.split_off(gradients);
        push(&mut g, &mut rest, leaves, contribution.value);
        entries.append(&mut rest);
    }
    let mut names: Vec<(Index, String)> = Vec::new();
    let whole: Vec<Vec<Index>> = entries.iter().map(|(leaves, _)| partial(&g, leaves)).collect();
    let roots: Vec<Expr> =
        entries.iter().flat_map(|(leaves, value)| leaves.iter().copied().chain([*value])).collect();
    let taken: Vec<String> =
        g.arrays().map(|(_, d)| d.name.clone()).chain(g.dimensions().iter().cloned()).collect();
    let letters = ["i", "j", "k", "l", "m", "p", "q", "r"];
    let mut free = loops(&g, &roots);
    g.sort_by_nesting(&mut free);
    let mut candidates = letters
        .iter()
        .map(|&l| l.to_owned())
        .chain((1..).map(|n| format!("i{n}")))
        .filter(|name| !taken.contains(name) && name != "e");
    for index in free {
        names.push((index, candidates.next().unwrap_or_default()));
    }
    let formula = print(&g, &roots, notation, &names);
    let mut texts = formula.texts.iter().cloned();
    let mut derived: Vec<Derivative> = Vec::new();
    for ((leaves, _), partial) in entries.iter().zip(whole) {
        let parameters: Vec<String> = texts.by_ref().take(leaves.len()).collect();
        let indexed = matches!(g.node(leaves[0]), Node::Leaf(_, subscripts) if !subscripts.is_empty())
            && !g.free(leaves[0]).is_empty();
        let diagonal = indexed && leaves.len() == 2 && leaves[0] == leaves[1];
        let ranges = partial.into_iter().map(|index| {
            let name = names.iter().find(|(of, _)| *of == index).map_or("?", |(_, name)| name);
            format!("{name} in {}", range_text(&g, index, &names))
        });
        let (ranges, formula) = (ranges.collect(), texts.next().unwrap_or_default());
        derived.push(Derivative { parameters, formula, diagonal, ranges });
    }
    let hessian = derived.split_off(gradients);
    (derived, hessian, formula)
}

/// Adds a formula to the entry of its leaves, summing over the loops the leaves do not carry.
fn push(g: &mut Graph, entries: &mut Vec<(Vec<Expr>, Expr)>, leaves: Vec<Expr>, value: Expr) {
    let (leaves, value) = canonical(g, leaves, value);
    let kept: Vec<Index> = loops(g, &leaves);
    let summed: Vec<Index> = g.free(value).iter().copied().filter(|i| !kept.contains(i)).collect();
    let value = g.sum_over(&summed, value);
    match entries.iter_mut().find(|(of, _)| *of == leaves) {
        Some((_, total)) => *total = g.sum(&[(Number::ONE, *total), (Number::ONE, value)]),
        None => entries.push((leaves, value)),
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

fn range_text(g: &Graph, index: Index, names: &[(Index, String)]) -> String {
    let name = |index: Index| names.iter().find(|(of, _)| *of == index).map(|(_, name)| name.clone());
    let range = g.range(index);
    format!("{}..{}", affine_text(g, &range.lo, &name), affine_text(g, &range.hi, &name))
}
