//! cos² + sin² = 1 inside sums: what makes the curvature of rotations a constant.

use std::collections::HashMap;

use super::{Expr, Graph, Node, Number};
use crate::functions::Function;

type Factors = Vec<(Expr, Number)>;

impl Graph {
    /// Merges terms c·r·cos²a and c·r·sin²a into c·r; `None` where there are none.
    pub(super) fn merge_squares(&mut self, terms: &[(Number, Expr)]) -> Option<Vec<(Number, Expr)>> {
        let sines: Vec<_> =
            terms.iter().filter_map(|&term| Some((term, self.squared_sine(term.1)?))).collect();
        if sines.is_empty() {
            return None;
        }
        let places: HashMap<(Number, Expr), usize> = terms.iter().copied().zip(0..).collect();
        let mut merged: Vec<Option<(Number, Expr)>> = terms.iter().copied().map(Some).collect();
        let mut found = 0;
        for ((coefficient, term), (factors, at, arg)) in sines {
            let mut partner = factors.clone();
            partner[at].0 = self.apply(Function::Cos, &[arg]);
            let partner = self.product(&partner);
            let pair = [term, partner].map(|e| places.get(&(coefficient, e)).copied());
            let [Some(sine), Some(cosine)] = pair else { continue };
            // A term that took part is no longer what it was; the next round sees what it became.
            if merged[sine] != Some((coefficient, term)) || merged[cosine] != Some((coefficient, partner)) {
                continue;
            }
            let mut rest = factors;
            rest.remove(at);
            merged[sine] = Some((coefficient, self.product(&rest)));
            merged[cosine] = None;
            found += 1;
        }
        self.squares += found;
        (found > 0).then(|| merged.into_iter().flatten().collect())
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
