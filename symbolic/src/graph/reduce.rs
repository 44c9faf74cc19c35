//! Reductions: canonical binders, factors that leave their sum.

use super::{Expr, Graph, Index, Node, Number, ReduceKind, Slot};
use crate::functions::Function;

impl Graph {
    /// Reduces `body` over `index`, which it binds.
    ///
    /// The binder is renamed to the number of binders nested in the body, so that equal reductions over
    /// differently named indices are one node. Factors free of the index leave a sum.
    pub fn reduce(&mut self, kind: ReduceKind, index: Index, body: Expr) -> Expr {
        if self.range(index).length().as_constant().is_some_and(|length| length <= 0) {
            return match kind {
                ReduceKind::Sum => self.zero(),
                ReduceKind::Product => self.one(),
                ReduceKind::Max | ReduceKind::LogSumExp => self.number(Number::float(f64::NEG_INFINITY)),
            };
        }
        if kind == ReduceKind::Sum {
            if !self.free(body).contains(&index) {
                let length = self.length(index);
                return self.mul(length, body);
            }
            match self.node(body).clone() {
                Node::Sum(terms) if terms.len() == 1 => {
                    let inner = self.reduce(kind, index, terms[0].1);
                    return self.scale(terms[0].0, inner);
                }
                Node::Product(factors) => {
                    let (inside, mut outside): (Vec<_>, Vec<_>) =
                        factors.iter().partition(|(factor, _)| self.free(*factor).contains(&index));
                    if !outside.is_empty() {
                        let inner = self.product(&inside);
                        outside.push((self.reduce(kind, index, inner), Number::ONE));
                        return self.product(&outside);
                    }
                }
                Node::Select(condition, a, b) if !self.free(condition.0).contains(&index) => {
                    let (a, b) = (self.reduce(kind, index, a), self.reduce(kind, index, b));
                    return self.select(condition, a, b);
                }
                Node::Select(..) => {
                    let (guards, inner) = self.guards_free_of(index, body);
                    if !guards.is_empty() {
                        let sum = self.reduce(kind, index, inner);
                        return self.guarded(&guards, sum);
                    }
                }
                _ => {}
            }
        }
        let canonical = self.binder(index, body);
        let body = self.substitute(body, &[(index, canonical)]);
        self.intern(Node::Reduce(kind, canonical, body))
    }

    /// Σ over several indices, innermost (last in nesting order) first.
    pub fn sum_over(&mut self, indices: &[Index], body: Expr) -> Expr {
        let mut indices = indices.to_vec();
        self.sort_by_nesting(&mut indices);
        indices.iter().rev().fold(body, |body, &index| self.reduce(ReduceKind::Sum, index, body))
    }

    /// Sorts indices as their loops nest: outer binders first.
    pub fn sort_by_nesting(&self, indices: &mut [Index]) {
        indices.sort_by_key(|&index| (self.index_data(index).nesting(), self.range(index).clone(), index));
    }

    /// The lowest canonical name above all binders in `body` that captures none of its free indices.
    fn binder(&mut self, index: Index, body: Expr) -> Index {
        let range = self.range(index).clone();
        let mut height = self.binders(body);
        loop {
            let canonical = self.intern_index(range.clone(), Slot::Bound(height));
            if canonical == index || !self.free(body).contains(&canonical) {
                return canonical;
            }
            height += 1;
        }
    }

    /// The number of positions of an index as an expression.
    fn length(&mut self, index: Index) -> Expr {
        let range = self.range(index).clone();
        let length = self.index_value(&range.length());
        let never_negative = range.lo.as_constant() == Some(0)
            && range.hi.terms.iter().all(|&(s, c)| c >= 0 && matches!(s, super::Symbol::Dimension(_)))
            && range.hi.constant >= 0;
        if never_negative || self.as_number(length).is_some() {
            return length;
        }
        let zero = self.zero();
        self.apply(Function::Max, &[length, zero])
    }
}
