//! Selections: decided where their condition is known, and lifted out of products.

use super::{Condition, Expr, Graph, Node, Number};

/// How deep selections below a selection are searched for its condition.
const ASSUMED: usize = 6;

impl Graph {
    /// `a` where the condition holds, `b` elsewhere.
    pub fn select(&mut self, condition: Condition, a: Expr, b: Expr) -> Expr {
        let a = self.assume(condition, true, a, ASSUMED);
        let b = self.assume(condition, false, b, ASSUMED);
        match self.as_number(condition.0) {
            Some(truth) if truth.is_zero() => b,
            Some(_) => a,
            None if a == b => a,
            None => self.intern(Node::Select(condition, a, b)),
        }
    }

    /// The expression where the condition is known: selections nested right below by it are decided.
    fn assume(&mut self, condition: Condition, holds: bool, expr: Expr, depth: usize) -> Expr {
        match *self.node(expr) {
            Node::Select(c, a, b) if c == condition => {
                if holds {
                    a
                } else {
                    b
                }
            }
            Node::Select(c, a, b) if depth > 0 => {
                let [below_a, below_b] = [a, b].map(|e| self.assume(condition, holds, e, depth - 1));
                if [below_a, below_b] == [a, b] { expr } else { self.select(c, below_a, below_b) }
            }
            _ => expr,
        }
    }

    /// `Select(c, x, 0) · y` is `Select(c, x·y, 0)`: what the other branch would have produced must not
    /// meet the zero (0 · ∞ is NaN).
    pub(super) fn lift_select(&mut self, factors: &[(Expr, Number)]) -> Option<Expr> {
        let is_zero = |g: &Graph, e: Expr| g.as_number(e).is_some_and(Number::is_zero);
        let (at, condition, a, b) =
            factors.iter().enumerate().find_map(|(at, &(expr, exponent))| match *self.node(expr) {
                Node::Select(c, a, b)
                    if exponent.to_integer().is_some_and(|k| k > 0)
                        && (is_zero(self, a) || is_zero(self, b)) =>
                {
                    Some((at, c, a, b))
                }
                _ => None,
            })?;
        let mut branch = |expr: Expr| {
            let mut factors = factors.to_vec();
            factors[at].0 = expr;
            self.product(&factors)
        };
        let (a, b) = (branch(a), branch(b));
        Some(self.select(condition, a, b))
    }
}
