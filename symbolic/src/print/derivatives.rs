//! Gradient and Hessian as formulas: one line per kind of entry, sums moved inside.

use super::formula::{Formula, print};
use super::notation::Notation;
use crate::differentiate::{gradient, hessian, loops};
use crate::graph::{Expr, Graph, Index, Node, Number};

/// The entries of a gradient or Hessian that one formula gives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Derivative {
    /// The parameters of the entry, in this notation: one for the gradient, two for the Hessian.
    pub parameters: Vec<String>,
    /// The formula; entries named by several formulas are the sum of them.
    pub formula: String,
    /// Whether the formula is for the diagonal of an array alone.
    pub diagonal: bool,
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
    let second = hessian(&mut g, &first);
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
    for (leaves, _) in &entries {
        let parameters: Vec<String> = texts.by_ref().take(leaves.len()).collect();
        let indexed = matches!(g.node(leaves[0]), Node::Leaf(_, subscripts) if !subscripts.is_empty())
            && !g.free(leaves[0]).is_empty();
        let diagonal = indexed && leaves.len() == 2 && leaves[0] == leaves[1];
        derived.push(Derivative { parameters, formula: texts.next().unwrap_or_default(), diagonal });
    }
    let hessian = derived.split_off(gradients);
    (derived, hessian, formula)
}

/// Adds a formula to the entry of its leaves, summing over the loops the leaves do not carry.
fn push(g: &mut Graph, entries: &mut Vec<(Vec<Expr>, Expr)>, leaves: Vec<Expr>, value: Expr) {
    let kept: Vec<Index> = loops(g, &leaves);
    let summed: Vec<Index> = g.free(value).iter().copied().filter(|i| !kept.contains(i)).collect();
    let value = g.sum_over(&summed, value);
    match entries.iter_mut().find(|(of, _)| *of == leaves) {
        Some((_, total)) => *total = g.sum(&[(Number::ONE, *total), (Number::ONE, value)]),
        None => entries.push((leaves, value)),
    }
}
