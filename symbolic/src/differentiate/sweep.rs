//! The reverse sweep.

use std::collections::HashMap;

use super::Contribution;
use crate::functions::{Function, partials};
use crate::graph::{Affine, Comparison, Expr, Graph, Index, Node, Number, Range, ReduceKind};

/// Differentiates `root` by every parameter leaf it depends on, with the indices in `fixed` held.
///
/// For an operand u of a node p, with F the free indices and p̄ the adjoint,
///
/// ```text
/// ū[F(u)]  +=  Σ over F(p)∖F(u)∖fixed of  p̄[F(p)] · ∂p/∂u [F(p)]
/// ```
///
/// At a leaf nothing is summed: each push becomes a contribution of its own. Cost: one visit per node and
/// argument, plus the nodes made.
pub(super) fn sweep(g: &mut Graph, root: Expr, fixed: &[Index]) -> Vec<Contribution> {
    let mut sweep = Sweep { graph: g, fixed, adjoints: HashMap::new(), contributions: Vec::new() };
    let one = sweep.graph.one();
    sweep.push(root, root, one);
    let order = sweep.graph.reachable(&[root], |g, e| g.depends_on_parameters(e));
    for &p in order.iter().rev() {
        if let Some(terms) = sweep.adjoints.remove(&p) {
            let terms: Vec<_> = terms.into_iter().map(|term| (Number::ONE, term)).collect();
            let adjoint = sweep.graph.sum(&terms);
            sweep.propagate(p, adjoint);
        }
    }
    sweep.contributions
}

struct Sweep<'a> {
    graph: &'a mut Graph,
    fixed: &'a [Index],
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
        extra.retain(|i| !g.free(u).contains(i) && !self.fixed.contains(i));
        if let Node::Leaf(..) = g.node(u) {
            extra.retain(|i| !g.free(value).contains(i));
            let value = g.sum_over(&extra, value);
            self.contributions.push(Contribution { leaf: u, value });
        } else {
            let value = g.sum_over(&extra, value);
            self.adjoints.entry(u).or_default().push(value);
        }
    }

    fn propagate(&mut self, p: Expr, adjoint: Expr) {
        match self.graph.node(p).clone() {
            Node::Sum(terms) => {
                for &(coefficient, u) in &terms {
                    let value = self.graph.scale(coefficient, adjoint);
                    self.push(p, u, value);
                }
            }
            Node::Product(factors) => {
                for (at, &(u, exponent)) in factors.iter().enumerate() {
                    if self.graph.depends_on_parameters(u) {
                        // ∂/∂u (u^k · rest) = k · u^(k−1) · rest
                        let mut partial = factors.to_vec();
                        partial[at].1 = exponent.plus(Number::MINUS_ONE);
                        partial.push((adjoint, Number::ONE));
                        let value = self.graph.product(&partial);
                        let value = self.graph.scale(exponent, value);
                        self.push(p, u, value);
                    }
                }
            }
            Node::Apply(function, args) => {
                let partials = partials(self.graph, function, &args, p);
                for (&u, partial) in args.iter().zip(partials) {
                    let value = self.graph.mul(adjoint, partial);
                    self.push(p, u, value);
                }
            }
            Node::Select(condition, a, b) => {
                let zero = self.graph.zero();
                let value = self.graph.select(condition, adjoint, zero);
                self.push(p, a, value);
                let value = self.graph.select(condition, zero, adjoint);
                self.push(p, b, value);
            }
            Node::Reduce(kind, index, body) => {
                let value = self.reduction(kind, index, body, p, adjoint);
                self.push(p, body, value);
            }
            Node::Number(_) | Node::Leaf(..) | Node::IndexValue(_) => {}
            Node::Compare(..) | Node::And(..) | Node::Or(..) | Node::Not(_) => {}
        }
    }

    /// The adjoint of the body of a reduction.
    fn reduction(&mut self, kind: ReduceKind, index: Index, body: Expr, p: Expr, adjoint: Expr) -> Expr {
        let g = &mut *self.graph;
        match kind {
            ReduceKind::Sum => adjoint,
            // ∂/∂bᵢ Π b = Π over j ≠ i of bⱼ: right where factors vanish
            ReduceKind::Product => {
                let other = g.index(g.range(index).clone());
                let there = g.substitute(body, &[(index, other)]);
                let (i, j) = (g.index_value(&Affine::index(index)), g.index_value(&Affine::index(other)));
                let differs = g.compare(Comparison::NotEqual, i, j);
                let one = g.one();
                let kept = g.select(differs, there, one);
                let rest = g.reduce(ReduceKind::Product, other, kept);
                g.mul(adjoint, rest)
            }
            // ∂/∂bᵢ max b is 1 at the first position of the maximum, 0 elsewhere. Each position is compared with
            // the others, not with the maximum, which another pass may round differently.
            ReduceKind::Max => {
                let Range { lo, hi } = g.range(index).clone();
                let here = Affine::index(index);
                let next = here.add(&Affine::constant(1));
                let largest = |g: &mut Graph, range: Range| {
                    let other = g.index(range);
                    let there = g.substitute(body, &[(index, other)]);
                    g.reduce(ReduceKind::Max, other, there)
                };
                let before = largest(g, Range { lo, hi: here });
                let after = largest(g, Range { lo: next, hi });
                let first = g.compare(Comparison::Less, before, body);
                let last = g.compare(Comparison::LessEqual, after, body);
                let chosen = g.and(first, last);
                let zero = g.zero();
                g.select(chosen, adjoint, zero)
            }
            // ∂/∂bᵢ ln Σ exp b = exp(bᵢ − ln Σ exp b)
            ReduceKind::LogSumExp => {
                let below = g.sub(body, p);
                let weight = g.apply(Function::Exp, &[below]);
                let value = g.mul(adjoint, weight);
                // A body that is the same everywhere collects the weight of every position.
                if g.free(body).contains(&index) { value } else { g.reduce(ReduceKind::Sum, index, value) }
            }
        }
    }
}
