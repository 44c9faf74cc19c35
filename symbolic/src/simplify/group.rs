//! Factors that vary in the same loops go together: pⱼ·pₖ·uⱼ·vₖ is (pⱼ·uⱼ)·(pₖ·vₖ), each known before both loops meet.

use super::instances::Instances;
use crate::graph::{Expr, Graph, Index, Node, Number};

/// Makes one factor of all factors of a product that have the same free indices. Where no group of them has all indices,
/// factors that have some of the indices of one other group alone go with it: zₖ·uₖᵢ·vⱼᵢ is (zₖ·uₖᵢ)·vⱼᵢ.
///
/// Products of factors that all have the same stay as they are.
pub(super) fn group(g: &mut Graph, values: &[Expr]) -> Vec<Expr> {
    let mut instances = Instances::default();
    for base in instances.order(g, values) {
        let mut new = instances.rebuild(g, base);
        if let Node::Product(factors) = g.node(new).clone() {
            let groups = by_indices(g, &factors);
            if groups.len() > 1 && groups.len() < factors.len() {
                let groups: Vec<Factor> = groups
                    .into_iter()
                    .map(|group| match group[..] {
                        [only] => only,
                        _ => (g.group(&group), Number::ONE),
                    })
                    .collect();
                new = g.group(&groups);
            }
        }
        instances.rewrite(base, new);
    }
    values.iter().map(|&value| instances.new_of(g, value)).collect()
}

type Factor = (Expr, Number);

/// The factors by their free indices, in order of first appearance.
fn by_indices(g: &Graph, factors: &[Factor]) -> Vec<Vec<Factor>> {
    let mut groups: Vec<(&[Index], Vec<Factor>)> = Vec::new();
    for &factor in factors {
        let free = g.free(factor.0);
        match groups.iter_mut().find(|group| group.0 == free) {
            Some((_, group)) => group.push(factor),
            None => groups.push((free, vec![factor])),
        }
    }
    let is_part = |part: &[Index], whole: &[Index]| part.iter().all(|index| whole.contains(index));
    let sets: Vec<&[Index]> = groups.iter().map(|(free, _)| *free).collect();
    if sets.iter().all(|whole| sets.iter().any(|part| !is_part(part, whole))) {
        for (at, part) in sets.iter().enumerate().filter(|(_, part)| !part.is_empty()) {
            let mut wholes =
                sets.iter().enumerate().filter(|&(other, whole)| other != at && is_part(part, whole));
            if let (Some((whole, _)), None) = (wholes.next(), wholes.next()) {
                let factors = std::mem::take(&mut groups[at].1);
                groups[whole].1.extend(factors);
            }
        }
    }
    groups.into_iter().map(|(_, group)| group).filter(|group| !group.is_empty()).collect()
}
