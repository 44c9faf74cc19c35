//! Integers that are no integer forms: quotients, remainders, casts.

use super::Resolver;
use super::expressions::is_integer;
use super::form::Form;
use super::term::{Term, TermId};
use super::value::Value;
use crate::builtins::Builtin;
use crate::diagnostic::Problem;
use crate::syntax::{Comparison, NodeId, Operand, SpanId};
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
                Some(all) => match operand.inverted {
                    true => self.quotient(Function::Trunc, all, next),
                    false => self.term(Term::Product(vec![(false, all), (false, next)])),
                },
            });
        }
        all.map_or(Value::Missing, Value::Counted)
    }

    /// The largest or smallest of integers, where which one that is is known.
    pub(super) fn largest_of_integers(&self, builtin: Builtin, values: &[Value]) -> Option<Value> {
        let is_largest = match builtin {
            Builtin::Max => true,
            Builtin::Min => false,
            _ => return None,
        };
        let form = |value: &Value| match value {
            Value::Integer { form, .. } => Some(form.clone()),
            _ => None,
        };
        let (first, rest) = values.split_first()?;
        let largest = rest.iter().try_fold(form(first)?, |known, next| {
            let next = form(next)?;
            let is_more = |a: &Form, b: &Form| a.plus(-1, b).is_some_and(|more| self.is_natural(&more));
            match (is_more(&known, &next), is_more(&next, &known)) {
                (true, _) => Some(if is_largest { known } else { next }),
                (false, true) => Some(if is_largest { next } else { known }),
                (false, false) => None,
            }
        })?;
        Some(Value::Integer { form: largest, strict: true })
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
            return Value::Integer { form: Form::constant(a % b), strict: true };
        }
        let (x, y) = (self.number(x, a), self.number(y, b));
        let quotient = self.quotient(Function::Trunc, x, y);
        let multiple = self.term(Term::Product(vec![(false, quotient), (false, y)]));
        Value::Counted(self.term(Term::Sum(vec![(false, x), (true, multiple)])))
    }

    /// The quotient of two integers, rounded by `trunc`, `floor` or `ceil`.
    ///
    /// A quotient of numbers may be off by its rounding, which would carry it past an integer. Half a unit of the
    /// dividend keeps it away from all of them.
    fn quotient(&mut self, rounding: Function, a: TermId, b: TermId) -> TermId {
        let half = self.term(Term::Number("0.5".into()));
        let minus_half = self.negated(half);
        let is_natural = matches!(self.terms.get(a), Term::Index(form) if self.is_natural(form));
        let away = match rounding {
            Function::Trunc if !is_natural => {
                let zero = self.integer(0);
                let negative = self.term(Term::Compare(Comparison::Less, a, zero));
                self.term(Term::Select(negative, minus_half, half))
            }
            Function::Ceil => minus_half,
            _ => half,
        };
        let inside = self.term(Term::Sum(vec![(false, a), (false, away)]));
        let quotient = self.term(Term::Product(vec![(false, inside), (true, b)]));
        self.term(Term::Apply(rounding, vec![quotient]))
    }

    /// `trunc(a/b)` and its kin for integer forms of indices and sizes and a divisor above zero.
    pub(super) fn rounded_quotient(&mut self, rounding: Function, term: TermId) -> Option<TermId> {
        let Term::Product(operands) = self.terms.get(term) else { return None };
        let &[(false, a), (true, b)] = &operands[..] else { return None };
        let (Term::Index(_), Term::Index(divisor)) = (self.terms.get(a), self.terms.get(b)) else {
            return None;
        };
        let is_known = matches!(rounding, Function::Trunc | Function::Floor | Function::Ceil)
            && divisor.as_constant().is_some_and(|divisor| divisor > 0);
        is_known.then(|| self.quotient(rounding, a, b))
    }

    /// Whether an integer form is known to be no less than zero; sizes are not.
    fn is_natural(&self, form: &Form) -> bool {
        let least = self.extreme(form, false).map(|least| self.canonical(&least));
        least.is_some_and(|least| least.constant >= 0 && least.terms.iter().all(|t| t.1 > 0))
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
