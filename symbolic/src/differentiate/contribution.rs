//! What a sweep leaves at the leaves, and how it is put in order.

use crate::graph::{Expr, Graph, Index, Node, Number};

/// *For the free indices of leaf and value: gradient\[leaf\] += value.*
///
/// ```
/// use hesse_symbolic::differentiate::gradient;
///
/// let text = "param w[n]; E = sum(i, w[i]^2)";
/// let mut model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let parts = gradient(&mut model.graph, model.error);
/// // For all i: gradient[w[i]] += 2·w[i]
/// assert_eq!(parts.len(), 1);
/// assert_eq!(model.graph.free(parts[0].leaf).len(), 1);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Contribution {
    /// The element of a parameter array.
    pub leaf: Expr,
    /// What is added to its entry.
    pub value: Expr,
}

/// *For the free indices of row, column and value: H\[row\]\[column\] += value*, in the lower triangle.
///
/// ```
/// use hesse_symbolic::differentiate::hessian;
///
/// let mut model = hesse_parser::formula::parse("param x, y; E = x*y", &Default::default()).unwrap();
/// let parts = hessian(&mut model.graph, model.error);
/// // H[x][y] += 1, and nothing else
/// assert_eq!(parts.len(), 1);
/// assert_ne!(parts[0].row, parts[0].column);
/// assert_eq!(parts[0].value, model.graph.one());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SecondContribution {
    /// The element that gives the row.
    pub row: Expr,
    /// The element that gives the column.
    pub column: Expr,
    /// What is added to the entry.
    pub value: Expr,
    /// Which of the entries its loops reach it stands for.
    pub pairing: Pairing,
}

/// How a contribution of second order covers the lower triangle.
///
/// ```
/// use hesse_symbolic::differentiate::{Pairing, hessian};
///
/// let text = "param w[n]; data a[k], b[k]; E = sum(i, w[a[i]]*w[b[i]])";
/// let mut model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let parts = hessian(&mut model.graph, model.error);
/// // a[i] and b[i] may be equal at run time.
/// assert_eq!(parts[0].pairing, Pairing::Symmetric);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pairing {
    /// Its loops reach both triangles: entries above the diagonal are left out.
    Lower,
    /// It stands for its mirror image too: an entry above the diagonal goes to its mirror, and one on the
    /// diagonal (both leaves the same element at run time) counts twice.
    Symmetric,
}

/// The loops of a contribution: outer first.
pub(crate) fn loops(g: &Graph, parts: &[Expr]) -> Vec<Index> {
    let mut loops: Vec<Index> = parts.iter().flat_map(|&part| g.free(part)).copied().collect();
    loops.sort_unstable();
    loops.dedup();
    g.sort_by_nesting(&mut loops);
    loops
}

/// Renames free indices that a binder in `value` also uses, in all `parts` alike.
pub(crate) fn release(g: &mut Graph, parts: &mut [Expr], value: usize) {
    let bound = g.bound(parts[value]);
    let used = loops(g, parts);
    let mut map: Vec<(Index, Index)> = Vec::new();
    for &index in used.iter().filter(|index| bound.contains(index)) {
        let mut counter = 0;
        let mut fresh = g.fixed_index(index, counter, &map);
        while used.contains(&fresh) || map.iter().any(|&(_, taken)| taken == fresh) {
            counter += 1;
            fresh = g.fixed_index(index, counter, &map);
        }
        map.push((index, fresh));
    }
    for part in parts {
        *part = g.substitute(*part, &map);
    }
}

/// Sums over indices that no leaf carries leave the loops where the value falls into independent factors.
///
/// With P the indices of `value` outside `kept`, the factors of a term form components connected by P. A
/// component without kept indices becomes a sum of its own; so do all, if several remain: Σᵢ Σⱼ aᵢₖ bⱼₗ
/// costs the sum, not the product, of the two ranges. What remains is left to the loops, data loop outermost.
pub(super) fn separate(g: &mut Graph, value: Expr, kept: &[Index]) -> Vec<Expr> {
    let terms: Vec<(Number, Expr)> = match g.node(value) {
        Node::Sum(terms) => terms.to_vec(),
        // A function alone is one component.
        Node::Apply(..) if g.free(value).iter().all(|i| !kept.contains(i)) => {
            let summed = g.free(value).to_vec();
            return vec![g.sum_over(&summed, value)];
        }
        _ => vec![(Number::ONE, value)],
    };
    let separated: Vec<(Number, Expr)> =
        terms.iter().map(|&(coefficient, term)| (coefficient, separate_term(g, term, kept))).collect();
    if separated == terms {
        return vec![value];
    }
    let summed: Vec<Index> = g.free(value).iter().copied().filter(|i| !kept.contains(i)).collect();
    let mut parts = Vec::with_capacity(terms.len());
    for ((coefficient, separated), (_, term)) in separated.into_iter().zip(terms) {
        // A term alone still counts once for every position of the loops only its neighbors mention.
        let lacking: Vec<Index> = summed.iter().copied().filter(|i| !g.free(term).contains(i)).collect();
        let counted = g.sum_over(&lacking, separated);
        parts.push(g.scale(coefficient, counted));
    }
    parts
}

fn separate_term(g: &mut Graph, term: Expr, kept: &[Index]) -> Expr {
    let factors: Vec<(Expr, Number)> = match g.node(term) {
        Node::Product(factors) => factors.to_vec(),
        _ => return term,
    };
    struct Component {
        summed: Vec<Index>,
        factors: Vec<(Expr, Number)>,
    }
    let mut components: Vec<Component> = Vec::new();
    let mut outside = Vec::new();
    for &(factor, exponent) in &factors {
        let summed: Vec<Index> = g.free(factor).iter().copied().filter(|i| !kept.contains(i)).collect();
        if summed.is_empty() {
            outside.push((factor, exponent));
            continue;
        }
        let mut joined = Component { summed, factors: vec![(factor, exponent)] };
        components.retain_mut(|component| {
            let connected = component.summed.iter().any(|i| joined.summed.contains(i));
            if connected {
                joined.summed.append(&mut component.summed);
                joined.factors.append(&mut component.factors);
            }
            !connected
        });
        components.push(joined);
    }
    let carries = |g: &Graph, c: &Component| {
        c.factors.iter().any(|&(factor, _)| g.free(factor).iter().any(|i| kept.contains(i)))
    };
    let carrying = components.iter().filter(|c| carries(g, c)).count();
    for mut component in components {
        if carries(g, &component) && carrying == 1 {
            outside.extend(component.factors);
        } else {
            component.summed.sort_unstable();
            component.summed.dedup();
            let product = g.product(&component.factors);
            outside.push((g.sum_over(&component.summed, product), Number::ONE));
        }
    }
    g.product(&outside)
}
