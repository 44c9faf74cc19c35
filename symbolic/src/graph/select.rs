//! Selections: decided where their condition is known, and lifted out of products.

use super::{Condition, Expr, Graph, Index, Node, Number};

/// A condition, and whether it has to hold where something is not zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Guard {
    pub(crate) condition: Condition,
    pub(crate) holds: bool,
}

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

    /// What selects zero elsewhere: its condition and what it selects.
    pub(crate) fn guard(&self, expr: Expr) -> Option<(Guard, Expr)> {
        let Node::Select(condition, a, b) = *self.node(expr) else { return None };
        let is_zero = |e: Expr| self.as_number(e).is_some_and(Number::is_zero);
        match (is_zero(a), is_zero(b)) {
            (_, true) => Some((Guard { condition, holds: true }, a)),
            (true, _) => Some((Guard { condition, holds: false }, b)),
            _ => None,
        }
    }

    /// The expression under all guards, the first one outermost; zero elsewhere.
    pub(crate) fn guarded(&mut self, guards: &[Guard], expr: Expr) -> Expr {
        let zero = self.zero();
        guards.iter().rev().fold(expr, |body, guard| {
            let [a, b] = if guard.holds { [body, zero] } else { [zero, body] };
            self.select(guard.condition, a, b)
        })
    }

    /// The guards of an expression that do not depend on an index, and the expression without them.
    pub(super) fn guards_free_of(&mut self, index: Index, expr: Expr) -> (Vec<Guard>, Expr) {
        let (mut outside, mut inside, mut body, mut coefficient) =
            (Vec::new(), Vec::new(), expr, Number::ONE);
        loop {
            if let Some((guard, below)) = self.guard(body) {
                let is_free = !self.free(guard.condition.0).contains(&index);
                if is_free {
                    outside.push(guard)
                } else {
                    inside.push(guard)
                }
                body = below;
            } else if let Node::Sum(terms) = self.node(body)
                && let [(factor, below)] = terms[..]
            {
                (coefficient, body) = (coefficient.times(factor), below);
            } else {
                break;
            }
        }
        if outside.is_empty() {
            return (outside, expr);
        }
        let body = self.scale(coefficient, body);
        (outside, self.guarded(&inside, body))
    }

    /// `Select(c, x, 0) · y` is `Select(c, x·y, 0)`: what the other branch would have produced must not
    /// meet the zero (0 · ∞ is NaN).
    pub(super) fn lift_select(&mut self, factors: &[(Expr, Number)]) -> Option<Expr> {
        let (at, guard, body) = factors.iter().enumerate().find_map(|(at, &(expr, exponent))| {
            let (guard, body) = self.guard(expr)?;
            exponent.to_integer().is_some_and(|k| k > 0).then_some((at, guard, body))
        })?;
        let mut factors = factors.to_vec();
        factors[at].0 = body;
        let product = self.product(&factors);
        Some(self.guarded(&[guard], product))
    }
}
