//! The reverse sweep.

use std::collections::HashMap;

use super::Contribution;
use super::slopes::{Slope, guarded_sums, slopes, times_slope};
use crate::graph::{Expr, Graph, Index, Node, Number};

/// Differentiates `root` by every parameter leaf it depends on.
///
/// For an operand u of a node p, with F the free indices and p̄ the adjoint,
///
/// ```text
/// ū[F(u)]  +=  Σ over F(p)∖F(u) of  p̄[F(p)] · ∂p/∂u [F(p)]
/// ```
///
/// Free indices of the root are never summed over. At a leaf nothing is summed: each push becomes a contribution of its
/// own. Cost: one visit per node and
/// argument, plus the nodes made.
pub(super) fn sweep(g: &mut Graph, root: Expr) -> Vec<Contribution> {
    let kept = g.free(root).to_vec();
    let mut sweep = Sweep { graph: g, kept, adjoints: HashMap::new(), contributions: Vec::new() };
    let one = sweep.graph.one();
    sweep.push(root, root, one);
    let order = sweep.graph.reachable(&[root], |g, e| g.depends_on_parameters(e));
    for &p in order.iter().rev() {
        if let Some(terms) = sweep.adjoints.remove(&p) {
            let terms: Vec<_> = terms.into_iter().map(|term| (Number::ONE, term)).collect();
            let slopes = slopes(sweep.graph, p);
            for adjoint in guarded_sums(sweep.graph, &terms) {
                for &Slope { operand, value } in &slopes {
                    let value = times_slope(sweep.graph, adjoint, value);
                    sweep.push(p, operand, value);
                }
            }
        }
    }
    sweep.contributions
}

struct Sweep<'a> {
    graph: &'a mut Graph,
    kept: Vec<Index>,
    adjoints: HashMap<Expr, Vec<Expr>>,
    contributions: Vec<Contribution>,
}

impl Sweep<'_> {
    /// Adds `value`, the adjoint of `p` times ∂p/∂u, to the adjoint of `u`.
    fn push(&mut self, p: Expr, u: Expr, value: Expr) {
        let g = &mut *self.graph;
        if !g.depends_on_parameters(u) || g.as_number(value).is_some_and(Number::is_zero) {
            return;
        }
        let mut extra: Vec<Index> = g.free(p).iter().chain(g.free(value)).copied().collect();
        extra.sort_unstable();
        extra.dedup();
        extra.retain(|i| !g.free(u).contains(i) && !self.kept.contains(i));
        if let Node::Leaf(..) = g.node(u) {
            extra.retain(|i| !g.free(value).contains(i));
            let value = g.sum_over(&extra, value);
            self.contributions.push(Contribution { leaf: u, value });
        } else {
            let value = g.sum_over(&extra, value);
            self.adjoints.entry(u).or_default().push(value);
        }
    }
}
