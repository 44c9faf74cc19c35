//! Fractions that are rounded to integers: one division, so that 49/49 is 1 and not a little less.

use super::{Expr, Graph, Node, Number};
use crate::functions::Function;

impl Graph {
    /// A fraction as the quotient of what is above and below its line; `None` where there is nothing below it, or a power of
    /// two, by which every number can be multiplied without rounding.
    pub(super) fn as_quotient(&mut self, expr: Expr) -> Option<Expr> {
        let (Number::Rational(ratio), inner) = self.split_coefficient(Number::ONE, expr) else { return None };
        let factors = match self.node(inner) {
            Node::Product(factors) => factors.to_vec(),
            _ => vec![(inner, Number::ONE)],
        };
        let (mut below, mut above): (Vec<_>, Vec<_>) =
            factors.into_iter().partition(|(_, exponent)| exponent.is_negative());
        if below.is_empty() && ratio.denom().count_ones() == 1 {
            return None;
        }
        below.iter_mut().for_each(|factor| factor.1 = factor.1.negate());
        above.push((self.number(Number::rational(*ratio.numer(), 1)), Number::ONE));
        below.push((self.number(Number::rational(*ratio.denom(), 1)), Number::ONE));
        let [above, below] = [above, below].map(|factors| self.product(&factors));
        Some(self.apply(Function::Quotient, &[above, below]))
    }
}
