//! Products of the Hessian with several vectors at once.

use std::collections::HashMap;

use super::Contribution;
use crate::graph::{Array, Expr, Extent, Graph, Node, Range, Role, Slot, Subscript};

/// The Hessian-vector product for a block of vectors: `product` with one more axis, the last, on directions and
/// results.
///
/// The results go to the leaves of the directions, whose arrays are laid out like the parameters with all
/// vectors of one element side by side. What does not depend on the vector is computed once for the block.
///
/// ```
/// use hesse_symbolic::differentiate::{blocked, directional, gradient};
///
/// let mut model = hesse_parser::formula::parse("x^3", &Default::default()).unwrap();
/// let slopes = gradient(&mut model.graph, model.error);
/// let along = directional(&mut model.graph, &slopes);
/// let product = gradient(&mut model.graph, along);
/// let block = blocked(&mut model.graph, &product);
/// // One result per vector: the product is an element of an array with one more axis.
/// assert_eq!(model.graph.free(block[0].value).len(), 1);
/// ```
pub fn blocked(g: &mut Graph, product: &[Contribution]) -> Vec<Contribution> {
    let mut name = "vectors".to_owned();
    while g.dimensions().contains(&name) {
        name.push('_');
    }
    let count = Extent::Named(g.dimension(&name));
    let directions: Vec<(Array, Array, String, Vec<Extent>)> = g
        .arrays()
        .filter_map(|(array, d)| match d.role {
            Role::Direction(of) => {
                let shape = d.shape.iter().copied().chain([count]).collect();
                Some((array, of, d.name.clone(), shape))
            }
            _ => None,
        })
        .collect();
    let blocks: Vec<(Array, Array, Array)> = directions
        .into_iter()
        .map(|(array, of, name, shape)| (array, of, g.array(&name, Role::Direction(of), &shape)))
        .collect();
    // The loop over the vectors is the innermost.
    let vector = g.intern_index(Range::all(count), Slot::Fixed(0, u32::MAX));
    let leaf = |g: &mut Graph, block: Array, subscripts: &[Subscript]| {
        let subscripts: Vec<_> = subscripts.iter().cloned().chain([Subscript::index(vector)]).collect();
        g.leaf(block, &subscripts)
    };
    let roots: Vec<Expr> = product.iter().map(|contribution| contribution.value).collect();
    let mut mapped: HashMap<Expr, Expr> = HashMap::new();
    for expr in g.reachable(&roots, |_, _| true) {
        let block = match g.node(expr).clone() {
            Node::Leaf(array, subscripts) => {
                let block = blocks.iter().find(|(single, ..)| *single == array);
                block.map(|&(.., block)| leaf(g, block, &subscripts))
            }
            _ => None,
        };
        let new = match block {
            Some(new) => new,
            None => g.rebuild(expr, |_, arg| mapped.get(&arg).copied().unwrap_or(arg)),
        };
        mapped.insert(expr, new);
    }
    let mut contributions = Vec::with_capacity(product.len());
    for contribution in product {
        let Node::Leaf(array, subscripts) = g.node(contribution.leaf).clone() else { continue };
        let Some(&(.., block)) = blocks.iter().find(|(_, of, _)| *of == array) else { continue };
        let value = mapped.get(&contribution.value).copied().unwrap_or(contribution.value);
        contributions.push(Contribution { leaf: leaf(g, block, &subscripts), value });
    }
    contributions
}
