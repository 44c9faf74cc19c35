//! Factors that vary in the same loops go together: pⱼ·pₖ·uⱼ·vₖ is (pⱼ·uⱼ)·(pₖ·vₖ), each known before both loops meet.

use super::instances::Instances;
use crate::graph::{Expr, Graph, Index, Node, Number};

/// Makes one factor of all factors of a product that have the same free indices.
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
    groups.into_iter().map(|(_, group)| group).collect()
}
