//! Integers that are no integer forms: quotients, remainders, casts.

use super::Resolver;
use super::expressions::is_integer;
use super::form::Form;
use super::term::{Term, TermId};
use super::value::Value;
use crate::diagnostic::Problem;
use crate::syntax::{NodeId, Operand, SpanId};
use hesse_symbolic::functions::Function;

impl Resolver<'_> {
    /// A chain of integers multiplied and divided, each division rounded toward zero.
    pub(super) fn whole_quotient(
        &mut self,
        operands: &[Operand],
        integers: Vec<Value>,
        span: SpanId,
    ) -> Value {
        let fixed: Option<Vec<i64>> = integers.iter().map(fixed).collect();
        if let Some(fixed) = fixed {
            let quotient = operands.iter().zip(fixed).try_fold(1i64, |all, (operand, next)| {
                if operand.inverted { all.checked_div(next) } else { all.checked_mul(next) }
            });
            return match quotient {
                Some(quotient) => Value::Integer { form: Form::constant(quotient), strict: true },
                None => self.complain(Problem::IntegerTooLarge, span),
            };
        }
        let mut all: Option<TermId> = None;
        for (operand, integer) in operands.iter().zip(integers) {
            let next = self.number(integer, operand.node);
            all = Some(match all {
                None => next,
                Some(all) => {
                    let joined = self.term(Term::Product(vec![(false, all), (operand.inverted, next)]));
                    match operand.inverted {
                        true => self.term(Term::Apply(Function::Trunc, vec![joined])),
                        false => joined,
                    }
                }
            });
        }
        all.map_or(Value::Missing, Value::Counted)
    }

    /// `a % b`
    pub(super) fn remainder(&mut self, a: NodeId, b: NodeId, span: SpanId) -> Value {
        let values = [self.value(a), self.value(b)];
        if values.contains(&Value::Missing) {
            return Value::Missing;
        }
        if fixed(&values[1]) == Some(0) {
            return self.complain(Problem::DivisionByZero, self.span(b));
        }
        if !values.iter().all(is_integer) {
            return self.complain(Problem::RemainderOfNumbers, span);
        }
        let [x, y] = values;
        if let (Some(a), Some(b)) = (fixed(&x), fixed(&y)) {
            return match a.checked_rem(b) {
                Some(rest) => Value::Integer { form: Form::constant(rest), strict: true },
                None => self.complain(Problem::IntegerTooLarge, span),
            };
        }
        let (x, y) = (self.number(x, a), self.number(y, b));
        let quotient = self.term(Term::Product(vec![(false, x), (true, y)]));
        let quotient = self.term(Term::Apply(Function::Trunc, vec![quotient]));
        let multiple = self.term(Term::Product(vec![(false, quotient), (false, y)]));
        Value::Counted(self.term(Term::Sum(vec![(false, x), (true, multiple)])))
    }

    /// The name of a constant from outside of the function that a quotient is of, which may be one of integers.
    pub(super) fn outer_quotient(&self, term: TermId) -> Option<String> {
        match self.terms.get(term) {
            Term::Product(operands) if operands.iter().any(|o| o.0) => self.outer_constant(term),
            _ => None,
        }
    }

    /// How many parts of this length fit into that of an array.
    pub(super) fn parts(&mut self, whole: NodeId, length: usize, span: SpanId) -> Value {
        let value = self.value(whole);
        match (fixed(&value), value) {
            (Some(whole), _) => {
                let count = whole.div_euclid(i64::try_from(length).unwrap_or(i64::MAX).max(1));
                Value::Integer { form: Form::constant(count), strict: true }
            }
            (None, Value::Missing) => Value::Missing,
            (None, _) => self.complain(Problem::UnknownParts { length }, span),
        }
    }

    /// `a as usize` and its kin.
    pub(super) fn whole_number(&mut self, a: NodeId, span: SpanId) -> Value {
        match self.value(a) {
            Value::Integer { form, .. } => Value::Integer { form, strict: true },
            value @ (Value::Counted(_) | Value::Missing) => value,
            Value::Condition(condition) => {
                let (one, zero) = (self.integer(1), self.integer(0));
                Value::Counted(self.term(Term::Select(condition, one, zero)))
            }
            _ => self.complain(Problem::CastToInteger, span),
        }
    }
}

/// The integer that a value is known to be.
fn fixed(value: &Value) -> Option<i64> {
    match value {
        Value::Integer { form, .. } => form.as_constant(),
        _ => None,
    }
}
