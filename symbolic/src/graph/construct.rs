//! Constructors: canonical form and the local rules that hold everywhere.
//!
//! Sums and products are n-ary, collect equal operands and fold constants. Products are never expanded and
//! sums are never flattened, so groups people wrote stay shared; only integer forms are, since they have no groups.
//! Factors are collected by adding exponents, which may extend the domain (`x/x` is 1); strict graphs keep such
//! factors apart.

use super::{Affine, Array, Comparison, Condition, Expr, Graph, Node, Number, Subscript};
use crate::functions::{Function, symmetric};
use crate::rules::is_positive;

/// A product of more factors stays one factor of a larger product: flattened adjoints along a chain of n
/// functions would take n² factors.
const FLATTENED: usize = 8;

/// Whether zero, and whether negative numbers have no power with this exponent.
fn excluded(exponent: Number) -> [bool; 2] {
    [exponent.is_negative(), exponent.to_integer().is_none()]
}

impl Graph {
    /// A constant.
    pub fn number(&mut self, number: Number) -> Expr {
        self.intern(Node::Number(number))
    }

    /// An integer constant.
    pub fn integer(&mut self, value: i64) -> Expr {
        self.number(Number::integer(value))
    }

    /// Zero.
    pub fn zero(&mut self) -> Expr {
        self.number(Number::ZERO)
    }

    /// One.
    pub fn one(&mut self) -> Expr {
        self.number(Number::ONE)
    }

    /// An element of an array, one subscript per axis; a scalar has none.
    pub fn leaf(&mut self, array: Array, subscripts: &[Subscript]) -> Expr {
        self.intern(Node::Leaf(array, subscripts.into()))
    }

    /// An integer form used as a number: one node with the sum and the multiples it may be written as.
    pub fn index_value(&mut self, affine: &Affine) -> Expr {
        let mut terms = Vec::with_capacity(affine.terms.len() + 1);
        for &(symbol, coefficient) in &affine.terms {
            let value = self.intern(Node::IndexValue(symbol));
            terms.push((Number::integer(coefficient), value));
        }
        let one = self.one();
        terms.push((Number::integer(affine.constant), one));
        self.sum(&terms)
    }

    /// Σ coefficient · expression.
    pub fn sum(&mut self, terms: &[(Number, Expr)]) -> Expr {
        let mut constant = Number::ZERO;
        let mut collected: Vec<(Number, Expr)> = Vec::with_capacity(terms.len());
        let mut flat: Vec<(Number, Expr)> = Vec::with_capacity(terms.len());
        for &(coefficient, expr) in terms {
            match self.integer_form(expr) {
                Some(form) if coefficient.to_integer().is_some() => {
                    flat.extend(form.iter().map(|&(c, symbol)| (coefficient.times(c), symbol)));
                }
                _ => flat.push((coefficient, expr)),
            }
        }
        for (coefficient, expr) in flat {
            let (coefficient, expr) = self.split_coefficient(coefficient, expr);
            match self.as_number(expr) {
                Some(number) => constant = constant.plus(coefficient.times(number)),
                None => collected.push((coefficient, expr)),
            }
        }
        collected.sort_by_key(|&(_, expr)| self.order(expr));
        collected.dedup_by(|next, kept| {
            let same = next.1 == kept.1;
            if same {
                kept.0 = kept.0.plus(next.0);
            }
            same
        });
        collected.retain(|(coefficient, _)| !coefficient.is_zero());
        if !self.is_strict
            && let Some(mut merged) = self.merge_squares(&collected)
        {
            let one = self.one();
            merged.push((constant, one));
            return self.sum(&merged);
        }
        if !constant.is_zero() {
            let one = self.one();
            collected.push((constant, one));
        }
        match collected[..] {
            [] => self.zero(),
            [(coefficient, expr)] if coefficient.is_one() => expr,
            [(coefficient, expr)] if self.as_number(expr).is_some() => self.number(coefficient),
            _ => self.intern(Node::Sum(collected.into())),
        }
    }

    /// The integer form that an expression is the value of, where it is one and no plain number.
    pub(crate) fn as_affine(&self, expr: Expr) -> Option<Affine> {
        if let Node::IndexValue(symbol) = self.node(expr) {
            return Some((*symbol).into());
        }
        let mut affine = Affine::constant(0);
        for &(coefficient, term) in self.integer_form(expr)? {
            let value: Affine = match self.node(term) {
                Node::IndexValue(symbol) => (*symbol).into(),
                _ => Affine::constant(1),
            };
            affine = affine.add(&value.scale(coefficient.to_integer()?));
        }
        Some(affine)
    }

    /// The terms of a sum of integers and integer multiples of indices and sizes.
    fn integer_form(&self, expr: Expr) -> Option<&[(Number, Expr)]> {
        let Node::Sum(terms) = self.node(expr) else { return None };
        let is_integer = |&(coefficient, term): &(Number, Expr)| {
            coefficient.to_integer().is_some()
                && matches!(self.node(term), Node::IndexValue(_) | Node::Number(_))
        };
        terms.iter().all(is_integer).then_some(terms)
    }

    /// Π expression ^ exponent.
    pub fn product(&mut self, factors: &[(Expr, Number)]) -> Expr {
        self.collect_product(factors, FLATTENED)
    }

    /// Π expression ^ exponent, in which factors that are products or multiples stay factors.
    pub(crate) fn group(&mut self, factors: &[(Expr, Number)]) -> Expr {
        self.collect_product(factors, 0)
    }

    fn collect_product(&mut self, factors: &[(Expr, Number)], flattened: usize) -> Expr {
        let mut coefficient = Number::ONE;
        let mut collected: Vec<(Expr, Number)> = Vec::with_capacity(factors.len());
        let mut pending: Vec<(Expr, Number)> = factors.iter().rev().copied().collect();
        while let Some((expr, exponent)) = pending.pop() {
            if exponent.is_zero() {
                continue;
            }
            match self.node(expr) {
                Node::Number(number) => match exponent.to_integer().and_then(|k| number.power(k)) {
                    Some(power) => coefficient = coefficient.times(power),
                    None => collected.push((expr, exponent)),
                },
                Node::Sum(terms) if terms.len() == 1 && flattened > 0 => {
                    let (scale, inner) = terms[0];
                    match exponent.to_integer().and_then(|k| scale.power(k)) {
                        Some(power) => {
                            coefficient = coefficient.times(power);
                            pending.push((inner, exponent));
                        }
                        None => collected.push((expr, exponent)),
                    }
                }
                Node::Product(inner) if exponent.is_one() && inner.len() <= flattened => {
                    pending.extend(inner.iter().rev());
                }
                Node::Product(_) if exponent.is_one() => collected.push((expr, exponent)),
                Node::Product(inner) => match inner[..] {
                    // (x^a)^b = x^(a·b) for integers; (x^-1)^-1 stays, as x would be defined at 0.
                    [(base, a)]
                        if flattened > 0
                            && a.to_integer().is_some()
                            && exponent.to_integer().is_some()
                            && !(a.is_negative() && exponent.is_negative()) =>
                    {
                        pending.push((base, a.times(exponent)));
                    }
                    _ => collected.push((expr, exponent)),
                },
                _ => collected.push((expr, exponent)),
            }
        }
        // Only in strict graphs equal bases may stay apart.
        collected
            .sort_by_key(|&(expr, exponent)| (self.order(expr), self.is_strict.then(|| excluded(exponent))));
        let mut extensions = 0;
        collected.dedup_by(|next, kept| {
            let extends = next.0 == kept.0 && self.extends(next.0, next.1, kept.1);
            let same = next.0 == kept.0 && !(extends && self.is_strict);
            if same {
                kept.1 = kept.1.plus(next.1);
                extensions += usize::from(extends);
            }
            same
        });
        self.extensions += extensions;
        collected.retain(|(_, exponent)| !exponent.is_zero());
        if coefficient.is_zero() {
            return self.zero();
        }
        let product = match collected[..] {
            [] => return self.number(coefficient),
            [(expr, exponent)] if exponent.is_one() => expr,
            _ => match self.lift_select(&collected) {
                Some(select) => select,
                None => self.intern(Node::Product(collected.into())),
            },
        };
        if coefficient.is_one() { product } else { self.sum(&[(coefficient, product)]) }
    }

    /// Whether uᵃ·uᵇ has a smaller domain than uᵃ⁺ᵇ.
    fn extends(&self, u: Expr, a: Number, b: Number) -> bool {
        let [a, b, joined] = [a, b, a.plus(b)].map(excluded);
        let is_left_out = |at: usize| (a[at] || b[at]) && !joined[at];
        (is_left_out(0) || is_left_out(1)) && !is_positive(self, u)
    }

    /// `a + b`
    pub fn add(&mut self, a: Expr, b: Expr) -> Expr {
        self.sum(&[(Number::ONE, a), (Number::ONE, b)])
    }

    /// `a − b`
    pub fn sub(&mut self, a: Expr, b: Expr) -> Expr {
        self.sum(&[(Number::ONE, a), (Number::MINUS_ONE, b)])
    }

    /// `−a`
    pub fn neg(&mut self, a: Expr) -> Expr {
        self.sum(&[(Number::MINUS_ONE, a)])
    }

    /// `factor · a`
    pub fn scale(&mut self, factor: Number, a: Expr) -> Expr {
        self.sum(&[(factor, a)])
    }

    /// `a · b`
    pub fn mul(&mut self, a: Expr, b: Expr) -> Expr {
        self.product(&[(a, Number::ONE), (b, Number::ONE)])
    }

    /// `a / b`
    pub fn div(&mut self, a: Expr, b: Expr) -> Expr {
        self.product(&[(a, Number::ONE), (b, Number::MINUS_ONE)])
    }

    /// `base ^ exponent`; a constant exponent makes a factor of a product, any other [`Function::Pow`].
    pub fn pow(&mut self, base: Expr, exponent: Expr) -> Expr {
        match self.as_number(exponent) {
            Some(exponent) => self.power(base, exponent),
            None => self.apply(Function::Pow, &[base, exponent]),
        }
    }

    /// `base ^ exponent` with a constant exponent.
    pub fn power(&mut self, base: Expr, exponent: Number) -> Expr {
        self.product(&[(base, exponent)])
    }

    /// `√a`
    pub fn sqrt(&mut self, a: Expr) -> Expr {
        self.power(a, Number::HALF)
    }

    /// An elementary function of its arguments; folds to a constant only where the value is a small integer.
    pub fn apply(&mut self, function: Function, args: &[Expr]) -> Expr {
        debug_assert_eq!(args.len(), function.arity(), "{}", function.name());
        if let [arg] = args
            && let Some(x) = self.as_number(*arg)
        {
            let value = function.value(&[x.to_f64()]);
            let plain = |v: f64| v == 0.0 || v == 1.0 || v == -1.0;
            if plain(x.to_f64()) && plain(value) {
                return self.number(Number::float(value));
            }
        }
        if matches!(function, Function::Floor | Function::Ceil | Function::Round | Function::Trunc)
            && let Some(quotient) = self.as_quotient(args[0])
        {
            return self.intern(Node::Apply(function, [quotient].into()));
        }
        match symmetric(self, function, args) {
            Some(canonical) => canonical,
            None => self.intern(Node::Apply(function, args.into())),
        }
    }

    /// A relation between two numbers.
    pub fn compare(&mut self, comparison: Comparison, a: Expr, b: Expr) -> Condition {
        match (self.as_number(a), self.as_number(b)) {
            (Some(a), Some(b)) => self.truth(comparison.holds(a.to_f64(), b.to_f64())),
            _ => Condition(self.intern(Node::Compare(comparison, a, b))),
        }
    }

    /// Both conditions hold.
    pub fn and(&mut self, a: Condition, b: Condition) -> Condition {
        match (self.as_number(a.0), self.as_number(b.0)) {
            (Some(truth), _) => {
                if truth.is_zero() {
                    a
                } else {
                    b
                }
            }
            (_, Some(truth)) => {
                if truth.is_zero() {
                    b
                } else {
                    a
                }
            }
            _ => Condition(self.intern(Node::And(a, b))),
        }
    }

    /// At least one condition holds.
    pub fn or(&mut self, a: Condition, b: Condition) -> Condition {
        match (self.as_number(a.0), self.as_number(b.0)) {
            (Some(truth), _) => {
                if truth.is_zero() {
                    b
                } else {
                    a
                }
            }
            (_, Some(truth)) => {
                if truth.is_zero() {
                    a
                } else {
                    b
                }
            }
            _ => Condition(self.intern(Node::Or(a, b))),
        }
    }

    /// The condition does not hold.
    pub fn not(&mut self, a: Condition) -> Condition {
        match self.as_number(a.0) {
            Some(truth) => self.truth(truth.is_zero()),
            None => Condition(self.intern(Node::Not(a))),
        }
    }

    /// A condition that always or never holds.
    pub fn truth(&mut self, holds: bool) -> Condition {
        Condition(self.integer(i64::from(holds)))
    }

    /// The expression without the constant factor that multiplies it, and that factor times `coefficient`.
    pub(crate) fn split_coefficient(&self, coefficient: Number, expr: Expr) -> (Number, Expr) {
        match self.node(expr) {
            Node::Sum(terms) if terms.len() == 1 => (coefficient.times(terms[0].0), terms[0].1),
            _ => (coefficient, expr),
        }
    }
}
