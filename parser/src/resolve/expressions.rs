//! Values of expressions.

use super::Resolver;
use super::form::Form;
use super::term::{Term, TermId};
use super::value::{FunctionId, FunctionValue, Value};
use crate::diagnostic::Problem;
use crate::syntax::{Comparison, DefinitionKind, Node, NodeId, Operand, SpanId};

impl Resolver<'_> {
    /// The value of an expression.
    pub(super) fn value(&mut self, node: NodeId) -> Value {
        if self.exhausted {
            return Value::Missing;
        }
        if self.depth >= super::MAX_DEPTH {
            self.exhausted = true;
            return self.complain(Problem::TooDeep { limit: super::MAX_DEPTH }, self.span(node));
        }
        self.depth += 1;
        let value = self.node_value(node);
        self.depth -= 1;
        value
    }

    fn node_value(&mut self, node: NodeId) -> Value {
        let program = self.program;
        let span = self.span(node);
        match program.tree.node(node) {
            Node::Number(text) => match exact_integer(text) {
                Some(integer) => Value::Integer { form: Form::constant(integer), strict: false },
                None => Value::Number(self.term(Term::Number(text.clone()))),
            },
            Node::Integer(text) => match exact_integer(text) {
                Some(integer) => Value::Integer { form: Form::constant(integer), strict: true },
                None => self.complain(Problem::IntegerTooLarge, span),
            },
            Node::Truth(holds) => {
                let (zero, other) = (self.integer(0), self.integer(i64::from(!holds)));
                Value::Condition(self.term(Term::Compare(Comparison::Equal, zero, other)))
            }
            Node::Constant(value) if value.is_infinite() => Value::Infinite { negative: *value < 0.0 },
            Node::Constant(value) => Value::Number(self.term(Term::Constant(value.to_bits()))),
            Node::Name(text) => self.name(text, span),
            Node::Subscript(base, subscripts) => match self.changing_element(node, span) {
                Some(element) => element,
                None => self.subscript(*base, subscripts, span),
            },
            Node::Field(base, name) => self.field(*base, name),
            Node::Call(name, args) => self.call(name, args, span),
            Node::Binder(_) => self.complain(Problem::MisplacedBinder, span),
            Node::Apply(builtin, args) => self.apply(*builtin, args, span),
            Node::Sum(operands) => self.sum(operands),
            Node::Product(operands) => self.product(operands, span),
            Node::Negate(a) => match self.value(*a) {
                Value::Integer { form, strict } if form.scaled(-1).is_some() => {
                    Value::Integer { form: form.scaled(-1).unwrap_or(form), strict }
                }
                value => {
                    let whole = is_integer(&value);
                    let term = self.number(value, *a);
                    Value::computed(self.negated(term), whole)
                }
            },
            Node::Power(a, b) => {
                let (base, exponent) = (self.value(*a), self.scalar(*b));
                let whole = self.is_rust() && is_integer(&base);
                let base = self.number(base, *a);
                Value::computed(self.term(Term::Power(base, exponent)), whole)
            }
            Node::Compare(comparison, a, b) => {
                let (a, b) = (self.scalar(*a), self.scalar(*b));
                Value::Condition(self.term(Term::Compare(*comparison, a, b)))
            }
            Node::And(parts) => self.conditions(parts, Term::And),
            Node::Or(parts) => self.conditions(parts, Term::Or),
            Node::Not(a) => {
                let a = self.condition(*a);
                Value::Condition(self.term(Term::Not(a)))
            }
            Node::If(c, a, b) => self.choice(*c, *a, *b),
            Node::Reduce(kind, binders, body) => self.reduce(*kind, binders, *body),
            Node::Length(a) => self.length(*a),
            Node::Side(a, side) => self.side(*a, *side),
            Node::Cast(a) => match self.value(*a) {
                Value::Integer { form, .. } => Value::Integer { form, strict: false },
                Value::Counted(term) => Value::Number(term),
                Value::Number(term) if self.outer_quotient(term).is_some() => {
                    let name = self.outer_quotient(term).unwrap_or_default();
                    self.complain(Problem::OuterConstant { name }, span)
                }
                Value::Condition(condition) => {
                    let (one, zero) = (self.integer(1), self.integer(0));
                    Value::Number(self.term(Term::Select(condition, one, zero)))
                }
                value => value,
            },
            Node::Fixed(a) => match self.value(*a) {
                Value::Integer { form, .. } if form.as_constant().is_none() => {
                    self.complain(Problem::SliceMatched, span)
                }
                value => value,
            },
            Node::Parts(a, length) => self.parts(*a, *length, span),
            Node::Whole(a) => self.whole_number(*a, span),
            Node::Remainder(a, b) => self.remainder(*a, *b, span),
            Node::Remaining(a, b) => self.remaining(*a, *b),
            Node::Shortest(lengths) => match self.common_length(lengths, span) {
                Some(form) => Value::Integer { form, strict: true },
                None => Value::Missing,
            },
            Node::Tuple(elements) => Value::Tuple(elements.iter().map(|&e| self.value(e)).collect()),
            Node::Lambda(patterns, body) => {
                let function = FunctionId(self.functions.len() as u32);
                self.functions.push(FunctionValue {
                    name: "closure".into(),
                    kind: DefinitionKind::Function,
                    patterns: patterns.clone(),
                    body: *body,
                    table: None,
                    scope: self.scope.clone(),
                });
                Value::Function(function)
            }
            Node::Table(pattern, value, length) => {
                self.table("array".into(), vec![pattern.clone()], *value, *length, span)
            }
            Node::Block(statements, value) => {
                let outer = self.scope.len();
                self.statements(statements);
                let value = self.value(*value);
                self.scope.truncate(outer);
                value
            }
            Node::Error => Value::Missing,
        }
    }

    /// The value of an expression as a number.
    pub(super) fn scalar(&mut self, node: NodeId) -> TermId {
        let value = self.value(node);
        self.number(value, node)
    }

    /// The value of an expression as a condition.
    pub(super) fn condition(&mut self, node: NodeId) -> TermId {
        match self.value(node) {
            Value::Condition(term) => return term,
            Value::Missing => {}
            _ => {
                self.complain(Problem::NumberAsCondition, self.span(node));
            }
        }
        let zero = self.integer(0);
        self.term(Term::Compare(Comparison::Equal, zero, zero))
    }

    pub(super) fn negated(&mut self, term: TermId) -> TermId {
        self.term(Term::Sum(vec![(true, term)]))
    }

    fn conditions(&mut self, parts: &[NodeId], join: fn(TermId, TermId) -> Term) -> Value {
        let terms: Vec<TermId> = parts.iter().map(|&p| self.condition(p)).collect();
        let joined = terms.into_iter().reduce(|all, next| self.term(join(all, next)));
        joined.map_or(Value::Missing, Value::Condition)
    }

    /// A value as a number, where it is one.
    pub(super) fn as_number(&mut self, value: Value) -> Option<TermId> {
        match value {
            Value::Number(term) | Value::Counted(term) => Some(term),
            Value::Integer { form, .. } => Some(self.term(Term::Index(form))),
            _ => None,
        }
    }

    /// A chain of additions: one integer form where all operands are integers, one sum otherwise.
    fn sum(&mut self, operands: &[Operand]) -> Value {
        let values: Vec<Value> = operands.iter().map(|o| self.value(o.node)).collect();
        let mut total = Some((Form::constant(0), false));
        for (operand, value) in operands.iter().zip(&values) {
            total = match (total, value) {
                (Some((sum, any)), Value::Integer { form, strict }) => {
                    sum.plus(if operand.inverted { -1 } else { 1 }, form).map(|sum| (sum, any || *strict))
                }
                _ => None,
            };
        }
        if let Some((form, strict)) = total {
            return Value::Integer { form, strict };
        }
        let whole = values.iter().any(|v| matches!(v, Value::Counted(_)));
        let missing = values.contains(&Value::Missing);
        let terms = operands
            .iter()
            .zip(values)
            .map(|(operand, value)| (operand.inverted, self.number(value, operand.node)))
            .collect();
        let sum = self.term(Term::Sum(terms));
        if missing { Value::Missing } else { Value::computed(sum, whole) }
    }

    /// A chain of multiplications: an integer form where it is one, one product otherwise.
    fn product(&mut self, operands: &[Operand], span: SpanId) -> Value {
        let values: Vec<Value> = operands.iter().map(|o| self.value(o.node)).collect();
        let mut total = Some((Form::constant(1), false));
        for (operand, value) in operands.iter().zip(&values) {
            if let (true, Value::Integer { form, .. }) = (operand.inverted, value)
                && form.as_constant() == Some(0)
            {
                return self.complain(Problem::DivisionByZero, self.span(operand.node));
            }
            total = match (total, value) {
                (Some((product, any)), Value::Integer { form, strict }) if !operand.inverted => {
                    let scaled = match (product.as_constant(), form.as_constant()) {
                        (Some(factor), _) => form.scaled(factor),
                        (None, Some(factor)) => product.scaled(factor),
                        (None, None) => None,
                    };
                    scaled.map(|form| (form, any || *strict))
                }
                _ => None,
            };
        }
        if let Some((form, strict)) = total {
            return Value::Integer { form, strict };
        }
        if values.iter().all(is_integer) && operands.iter().any(|o| o.inverted) {
            return self.whole_quotient(operands, values, span);
        }
        // Beside an integer, a constant from outside is an integer, too.
        if values.iter().any(is_integer)
            && operands.iter().any(|o| o.inverted)
            && let Some(name) = values.iter().find_map(|value| match value {
                Value::Number(term) => self.outer_constant(*term),
                _ => None,
            })
        {
            return self.complain(Problem::OuterConstant { name }, span);
        }
        let whole = values.iter().any(|v| matches!(v, Value::Counted(_)));
        let missing = values.contains(&Value::Missing);
        let terms = operands
            .iter()
            .zip(values)
            .map(|(operand, value)| (operand.inverted, self.number(value, operand.node)))
            .collect();
        let product = self.term(Term::Product(terms));
        if missing { Value::Missing } else { Value::computed(product, whole) }
    }
}

/// Whether a value is an integer that only a cast makes a number.
pub(super) fn is_integer(value: &Value) -> bool {
    matches!(value, Value::Counted(_) | Value::Integer { strict: true, .. })
}

/// The value of a literal that is an integer: `2`, `2.0`, `1_000`.
fn exact_integer(text: &str) -> Option<i64> {
    let digits = text.replace('_', "");
    let whole = match digits.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => &digits,
    };
    // Beyond 2⁵³ an integer is not exact as a number.
    whole.parse().ok().filter(|&value: &i64| value <= 1 << 53)
}
