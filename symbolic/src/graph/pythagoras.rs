//! cos² + sin² = 1 inside sums: what makes the curvature of rotations a constant.

use super::{Expr, Graph, Node, Number};
use crate::functions::Function;

type Factors = Vec<(Expr, Number)>;

impl Graph {
    /// Merges terms c·r·cos²a and c·r·sin²a into c·r; `None` where there are none.
    pub(super) fn merge_squares(&mut self, terms: &[(Number, Expr)]) -> Option<Vec<(Number, Expr)>> {
        let mut merged: Option<Vec<(Number, Expr)>> = None;
        for &(coefficient, term) in terms {
            let Some((factors, at, arg)) = self.squared_sine(term) else { continue };
            let mut partner = factors.clone();
            partner[at].0 = self.apply(Function::Cos, &[arg]);
            let partner = self.product(&partner);
            let current = merged.as_deref().unwrap_or(terms);
            let place = |list: &[(Number, Expr)], e: Expr| list.iter().position(|t| *t == (coefficient, e));
            if let (Some(sine), Some(cosine)) = (place(current, term), place(current, partner)) {
                let mut rest = factors;
                rest.remove(at);
                let rest = self.product(&rest);
                let list = merged.get_or_insert_with(|| terms.to_vec());
                list[sine].1 = rest;
                list.remove(cosine);
            }
        }
        merged
    }

    /// The factors of a product that has a factor sin²a, where that one stands, and a.
    fn squared_sine(&self, term: Expr) -> Option<(Factors, usize, Expr)> {
        let Node::Product(factors) = self.node(term) else { return None };
        factors.iter().enumerate().find_map(|(at, &(factor, exponent))| match self.node(factor) {
            Node::Apply(Function::Sin, args) if exponent.to_integer() == Some(2) => {
                Some((factors.to_vec(), at, args[0]))
            }
            _ => None,
        })
    }
}
