//! Integers that are no integer forms: quotients, remainders, casts.

use std::collections::HashSet;

use super::Resolver;
use super::form::Form;
use super::term::{Term, TermId};
use super::value::Value;
use crate::diagnostic::Problem;
use crate::syntax::{NodeId, Operand, Role, SpanId};
use hesse_symbolic::functions::Function;

/// The forms of values that are all integers of Rust.
pub(super) fn strict_integers(values: &[Value]) -> Option<Vec<Form>> {
    let forms = values.iter().map(|value| match value {
        Value::Integer { form, strict: true } => Some(form.clone()),
        _ => None,
    });
    forms.collect()
}

impl Resolver<'_> {
    /// A chain of integers multiplied and divided, each division rounded toward zero.
    pub(super) fn whole_quotient(&mut self, operands: &[Operand], integers: &[Form], span: SpanId) -> Value {
        let fixed: Option<Vec<i64>> = integers.iter().map(Form::as_constant).collect();
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
        for (operand, form) in operands.iter().zip(integers) {
            let next = self.term(Term::Index(form.clone()));
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
        all.map_or(Value::Missing, Value::Number)
    }

    /// `a % b`
    pub(super) fn remainder(&mut self, a: NodeId, b: NodeId, span: SpanId) -> Value {
        let values = [self.value(a), self.value(b)];
        if values.contains(&Value::Missing) {
            return Value::Missing;
        }
        if let Value::Integer { form, .. } = &values[1]
            && form.as_constant() == Some(0)
        {
            return self.complain(Problem::DivisionByZero, self.span(b));
        }
        if let Some([Some(a), Some(b)]) =
            strict_integers(&values).as_deref().map(|v| [v[0].as_constant(), v[1].as_constant()])
        {
            return Value::Integer { form: Form::constant(a % b), strict: true };
        }
        let [x, y] = values;
        let (Some(x), Some(y)) = (self.as_integer(&x), self.as_integer(&y)) else {
            return self.complain(Problem::RemainderOfNumbers, span);
        };
        let quotient = self.term(Term::Product(vec![(false, x), (true, y)]));
        let quotient = self.term(Term::Apply(Function::Trunc, vec![quotient]));
        let multiple = self.term(Term::Product(vec![(false, quotient), (false, y)]));
        Value::Number(self.term(Term::Sum(vec![(false, x), (true, multiple)])))
    }

    /// How many parts of this length fit into that of an array.
    pub(super) fn parts(&mut self, whole: NodeId, length: usize, span: SpanId) -> Value {
        let value = self.value(whole);
        let fixed = match &value {
            Value::Integer { form, .. } => form.as_constant(),
            _ => None,
        };
        match (fixed, value) {
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
            Value::Missing => Value::Missing,
            Value::Condition(condition) => {
                let (one, zero) = (self.integer(1), self.integer(0));
                Value::Number(self.term(Term::Select(condition, one, zero)))
            }
            value => match self.as_integer(&value) {
                Some(_) => value,
                None => self.complain(Problem::CastToInteger, span),
            },
        }
    }

    /// An integer as a term: a form, integer data, or what was computed from such.
    fn as_integer(&mut self, value: &Value) -> Option<TermId> {
        match value {
            Value::Integer { form, .. } => Some(self.term(Term::Index(form.clone()))),
            Value::Number(term) => self.is_whole(*term).then_some(*term),
            _ => None,
        }
    }

    fn is_whole(&self, term: TermId) -> bool {
        let mut pending = vec![term];
        let mut seen = HashSet::new();
        while let Some(term) = pending.pop() {
            if !seen.insert(term) {
                continue;
            }
            match self.terms.get(term) {
                Term::Index(_) | Term::Apply(Function::Trunc, _) => {}
                Term::Leaf(array, _) if self.arrays[array.0 as usize].role == Role::Lookup => {}
                Term::Sum(operands) => pending.extend(operands.iter().map(|o| o.1)),
                Term::Product(operands) if operands.iter().all(|o| !o.0) => {
                    pending.extend(operands.iter().map(|o| o.1));
                }
                Term::Select(_, a, b) => pending.extend([*a, *b]),
                _ => return false,
            }
        }
        true
    }
}
