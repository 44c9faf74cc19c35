//! Arrays whose elements are computed, by position.

use std::rc::Rc;

use super::Resolver;
use super::arrays::{Access, ArrayInfo};
use super::expressions::is_integer;
use super::form::Form;
use super::term::{Extent, Term};
use super::value::{FunctionId, FunctionValue, Value};
use crate::diagnostic::Problem;
use crate::syntax::{Comparison, DefinitionKind, NodeId, Pattern, Role, SpanId};

/// The longest list of values that may be subscripted with an index.
const MAX_CHOICES: usize = 64;

impl Resolver<'_> {
    /// An element of an indexed definition or of a computed array.
    pub(super) fn indexed(&mut self, function: FunctionId, positions: Vec<Value>, span: SpanId) -> Value {
        if let Some(array) = self.functions[function.0 as usize].table
            && let [Value::Integer { form, .. }] = &positions[..]
        {
            self.accesses.push(Access { array, axis: 0, position: form.clone(), span });
        }
        self.instantiate(function, positions)
    }

    /// An array of values given by position; an array without elements of its own stands for its shape.
    pub(super) fn table(
        &mut self,
        name: Rc<str>,
        patterns: Vec<Pattern>,
        body: NodeId,
        length: NodeId,
        span: SpanId,
    ) -> Value {
        let Some(form) = self.form(length) else { return Value::Missing };
        let extent = match (form.as_constant(), form.as_dimension()) {
            (Some(size), _) => usize::try_from(size).ok().map(Extent::Fixed),
            (None, dimension) => dimension.map(Extent::Dimension),
        };
        let Some(extent) = extent else { return self.complain(Problem::ComputedLength, self.span(length)) };
        let shape = vec![Some(extent)];
        let array = self.new_array(ArrayInfo {
            name: name.clone(),
            role: Role::Data,
            shape,
            declared: false,
            first: span,
        });
        let function = FunctionId(self.functions.len() as u32);
        let (kind, scope) = (DefinitionKind::Indexed, self.scope.clone());
        self.functions.push(FunctionValue { name, kind, patterns, body, table: Some(array), scope });
        Value::Function(function)
    }

    /// The element of a list of values at a position that is not known: a choice among all of them.
    pub(super) fn chosen(&mut self, elements: &[Value], form: &Form, span: SpanId) -> Value {
        if elements.len() > MAX_CHOICES || elements.is_empty() {
            return self.complain(Problem::ComputedElement { limit: MAX_CHOICES }, span);
        }
        let shape = vec![Some(Extent::Fixed(elements.len()))];
        let array = self.new_array(ArrayInfo {
            name: "array".into(),
            role: Role::Data,
            shape,
            declared: false,
            first: span,
        });
        self.accesses.push(Access { array, axis: 0, position: form.clone(), span });
        if elements.windows(2).all(|pair| pair[0] == pair[1]) {
            return elements[0].clone();
        }
        if let Some(columns) = columns(elements) {
            return Value::Tuple(columns.iter().map(|column| self.chosen(column, form, span)).collect());
        }
        let mut chosen = None;
        let index = self.term(Term::Index(form.clone()));
        for (at, element) in elements.iter().enumerate().rev() {
            let element = match element {
                Value::Number(term) | Value::Counted(term) => *term,
                Value::Integer { form, .. } => self.term(Term::Index(form.clone())),
                Value::Missing => return Value::Missing,
                _ => return self.complain(Problem::ComputedElement { limit: MAX_CHOICES }, span),
            };
            let position = self.integer(at as i64);
            chosen = Some(match chosen {
                None => element,
                Some(others) => {
                    let here = self.term(Term::Compare(Comparison::Equal, index, position));
                    self.term(Term::Select(here, element, others))
                }
            });
        }
        let whole = elements.iter().any(is_integer);
        chosen.map_or(Value::Missing, |chosen| Value::computed(chosen, whole))
    }

    /// The length of a computed array.
    pub(super) fn table_extent(&self, value: &Value) -> Option<Extent> {
        let Value::Function(function) = value else { return None };
        let array = self.functions[function.0 as usize].table?;
        self.arrays[array.0 as usize].shape.first().cloned().flatten()
    }
}

/// The columns of rows of one length.
fn columns(rows: &[Value]) -> Option<Vec<Vec<Value>>> {
    let rows: Option<Vec<_>> = rows
        .iter()
        .map(|row| match row {
            Value::Tuple(elements) => Some(elements.clone()),
            _ => None,
        })
        .collect();
    let rows = rows?;
    let length = rows.first()?.len();
    let even = rows.iter().all(|row| row.len() == length);
    even.then(|| (0..length).map(|at| rows.iter().map(|row| row[at].clone()).collect()).collect())
}
