//! Arrays, dimensions, indices, and their uses.

use std::rc::Rc;

use super::Resolver;
use super::form::{BinderId, DimensionId, Form, Symbol};
use super::term::{ArrayId, Extent, Position, Term, TermId};
use super::value::{Binding, Value};
use crate::diagnostic::{Diagnostic, Problem};
use crate::syntax::{Comparison, DefinitionKind, Node, NodeId, Role, SpanId};

/// A size known at run time.
#[derive(Debug)]
pub(super) struct DimensionInfo {
    /// Its name; that of its array where the source does not name it.
    pub(super) name: Rc<str>,
    pub(super) anonymous: bool,
    /// The dimension it turned out to equal.
    pub(super) parent: DimensionId,
}

/// An array, as far as it is known.
#[derive(Debug)]
pub(super) struct ArrayInfo {
    pub(super) name: Rc<str>,
    pub(super) role: Role,
    /// `None` where uses will tell.
    pub(super) shape: Vec<Option<Extent>>,
    pub(super) declared: bool,
    /// The declaration or the first use.
    pub(super) first: SpanId,
}

/// An index.
#[derive(Debug)]
pub(super) struct BinderInfo {
    pub(super) name: Rc<str>,
    pub(super) span: SpanId,
    /// `lo..hi`; `None` where uses will tell.
    pub(super) range: Option<(Form, Form)>,
}

/// A use of one axis of an array.
#[derive(Clone, Debug)]
pub(super) struct Access {
    pub(super) array: ArrayId,
    pub(super) axis: usize,
    pub(super) position: Form,
    pub(super) span: SpanId,
}

impl Resolver<'_> {
    pub(super) fn new_dimension(&mut self, name: Rc<str>, anonymous: bool) -> DimensionId {
        let id = DimensionId(self.dimensions.len() as u32);
        self.dimensions.push(DimensionInfo { name, anonymous, parent: id });
        id
    }

    pub(super) fn new_array(&mut self, array: ArrayInfo) -> ArrayId {
        self.arrays.push(array);
        ArrayId((self.arrays.len() - 1) as u32)
    }

    pub(super) fn new_binder(
        &mut self,
        name: Rc<str>,
        span: SpanId,
        range: Option<(Form, Form)>,
    ) -> BinderId {
        self.binders.push(BinderInfo { name, span, range });
        BinderId((self.binders.len() - 1) as u32)
    }

    /// `base[subscripts]`
    pub(super) fn subscript(&mut self, base: NodeId, subscripts: &[NodeId], span: SpanId) -> Value {
        let base_value = self.value(base);
        let values: Vec<(Value, SpanId)> =
            subscripts.iter().map(|&s| (self.value(s), self.span(s))).collect();
        match base_value {
            Value::View { array, prefix } => {
                let positions: Option<Vec<_>> =
                    values.into_iter().map(|(v, s)| self.position(v, s)).collect();
                positions.map_or(Value::Missing, |positions| {
                    self.element(array, prefix, positions, span, subscripts)
                })
            }
            Value::Function(function) => {
                let info = &self.functions[function.0 as usize];
                let name = info.name.to_string();
                if info.kind == DefinitionKind::Function {
                    return self.complain(Problem::BracketsForFunction { name }, span);
                }
                let count = info.patterns.len();
                if count != values.len() {
                    let problem = Problem::SubscriptCount { name, expected: count, found: values.len() };
                    return self.complain(problem, span);
                }
                let mut positions = Vec::new();
                for (value, span) in values {
                    match self.position(value.clone(), span) {
                        Some(_) => positions.push(value),
                        None => return Value::Missing,
                    }
                }
                self.indexed(function, positions, span)
            }
            Value::Tuple(elements) => {
                let mut value = Value::Tuple(elements);
                for (at, span) in values {
                    value = self.tuple_element(value, at, span);
                }
                value
            }
            Value::Local { .. } => {
                let mut value = base_value;
                for (at, span) in values {
                    value = self.tuple_element(value, at, span);
                }
                value
            }
            Value::Missing => Value::Missing,
            _ => self.complain(Problem::SubscriptOnScalar, span),
        }
    }

    pub(super) fn tuple_element(&mut self, value: Value, at: Value, span: SpanId) -> Value {
        match (value, at) {
            (Value::Tuple(elements), Value::Integer { form, .. }) => {
                match form.as_constant().map(|at| usize::try_from(at).ok().and_then(|at| elements.get(at))) {
                    Some(Some(element)) => element.clone(),
                    Some(None) => self.complain(Problem::ElementOutOfRange { length: elements.len() }, span),
                    None => self.chosen(&elements, &form, span),
                }
            }
            (Value::View { array, prefix }, at) => match self.position(at, span) {
                Some(position) => self.element(array, prefix, vec![position], span, &[]),
                None => Value::Missing,
            },
            (Value::Local { array, prefix }, at) => match self.position(at, span) {
                Some(Position::Form(form)) => self.local_part(array, prefix, form, span),
                Some(Position::Lookup(..)) => self.complain(Problem::LookedUpElement, span),
                None => Value::Missing,
            },
            (Value::Missing, _) | (_, Value::Missing) => Value::Missing,
            (Value::Tuple(_), _) => self.complain(Problem::SubscriptNotAffine, span),
            _ => self.complain(Problem::SubscriptOnScalar, span),
        }
    }

    /// An array with more subscripts given.
    pub(super) fn element(
        &mut self,
        array: ArrayId,
        mut prefix: Vec<Position>,
        positions: Vec<Position>,
        span: SpanId,
        places: &[NodeId],
    ) -> Value {
        let info = &self.arrays[array.0 as usize];
        let rank = info.shape.len();
        if prefix.len() + positions.len() > rank {
            let name = info.name.to_string();
            let (expected, found) = (rank - prefix.len(), positions.len());
            return self.complain(Problem::SubscriptCount { name, expected, found }, span);
        }
        for (at, position) in positions.iter().enumerate() {
            let span = places.get(at).map_or(span, |&place| self.span(place));
            if let Position::Form(form) = position {
                let access = Access { array, axis: prefix.len() + at, position: form.clone(), span };
                self.accesses.push(access);
            }
        }
        prefix.extend(positions);
        if prefix.len() == rank {
            return self.leaf(array, prefix);
        }
        Value::View { array, prefix }
    }

    /// An element of an array.
    pub(super) fn leaf(&mut self, array: ArrayId, positions: Vec<Position>) -> Value {
        let leaf = self.term(Term::Leaf(array, positions));
        match self.arrays[array.0 as usize].role {
            Role::Lookup if self.is_rust() => Value::Counted(leaf),
            Role::Flag => {
                let zero = self.integer(0);
                Value::Condition(self.term(Term::Compare(Comparison::NotEqual, leaf, zero)))
            }
            _ => Value::Number(leaf),
        }
    }

    /// A value as a subscript.
    pub(super) fn position(&mut self, value: Value, span: SpanId) -> Option<Position> {
        match value {
            Value::Integer { form, .. } => Some(Position::Form(form)),
            Value::Number(term) | Value::Counted(term) => match self.terms.get(term).clone() {
                _ if self.outer_constant(term).is_some() => {
                    let name = self.outer_constant(term).unwrap_or_default();
                    self.complain(Problem::OuterConstant { name }, span);
                    None
                }
                Term::Leaf(array, positions) if Self::is_data(self.arrays[array.0 as usize].role) => {
                    if positions.is_empty()
                        || (self.is_rust() && self.arrays[array.0 as usize].role == Role::Data)
                    {
                        self.complain(Problem::SubscriptNotAffine, span);
                        return None;
                    }
                    self.arrays[array.0 as usize].role = Role::Lookup;
                    Some(Position::Lookup(array, positions))
                }
                Term::Leaf(array, _) => {
                    let name = self.arrays[array.0 as usize].name.to_string();
                    self.complain(Problem::ParameterAsSubscript { name }, span);
                    None
                }
                _ => {
                    self.complain(Problem::SubscriptNotAffine, span);
                    None
                }
            },
            Value::Missing => None,
            _ => {
                self.complain(Problem::SubscriptNotAffine, span);
                None
            }
        }
    }

    /// A value as an integer form, for the end of a range.
    pub(super) fn form(&mut self, node: NodeId) -> Option<Form> {
        match self.value(node) {
            Value::Integer { form, .. } => Some(form),
            Value::Missing => None,
            value => {
                let problem = match value {
                    Value::Number(term) => self.outer_constant(term),
                    _ => None,
                };
                let problem = problem.map_or(Problem::BoundNotAffine, |name| Problem::OuterConstant { name });
                self.complain(problem, self.span(node));
                None
            }
        }
    }

    /// The name of the constant from outside of the function that a term is or uses.
    pub(super) fn outer_constant(&self, term: TermId) -> Option<String> {
        if !self.is_rust() {
            return None;
        }
        let mut pending = vec![term];
        let mut seen = std::collections::HashSet::new();
        while let Some(term) = pending.pop() {
            if !seen.insert(term) {
                continue;
            }
            let term = self.terms.get(term);
            if let Term::Leaf(array, _) = term
                && !self.arrays[array.0 as usize].declared
            {
                return Some(self.arrays[array.0 as usize].name.to_string());
            }
            term.for_each_operand(&mut |operand| pending.push(operand));
        }
        None
    }

    /// The value of an expression whose elements are not used.
    fn peeked(&mut self, node: NodeId) -> Value {
        if let Node::Name(text) = self.program.tree.node(node)
            && let Some((_, Binding::Value(value))) = self.scope.iter().rev().find(|(name, _)| name == text)
        {
            return value.clone();
        }
        self.value(node)
    }

    /// The length of the first axis of a value.
    pub(super) fn length(&mut self, node: NodeId) -> Value {
        match self.peeked(node) {
            Value::View { array, prefix } if prefix.is_empty() && self.is_matrix(array) => {
                self.complain(Problem::MatrixLength, self.span(node))
            }
            Value::Local { array, prefix } => match self.local_length(array, prefix.len()) {
                Some(form) => Value::Integer { form, strict: true },
                None => Value::Missing,
            },
            Value::View { array, prefix } => match self.arrays[array.0 as usize].shape.get(prefix.len()) {
                Some(Some(extent)) => Value::Integer { form: extent_form(extent), strict: true },
                _ => Value::Missing,
            },
            Value::Tuple(elements) => {
                Value::Integer { form: Form::constant(elements.len() as i64), strict: true }
            }
            Value::Missing => Value::Missing,
            value => match self.table_extent(&value) {
                Some(extent) => Value::Integer { form: extent_form(&extent), strict: true },
                None => self.complain(Problem::NoLength, self.span(node)),
            },
        }
    }

    /// A value as a number; whole arrays stand for their elements in an elementwise reduction.
    pub(super) fn number(&mut self, value: Value, node: NodeId) -> TermId {
        let span = self.span(node);
        let found = match value {
            Value::Number(term) | Value::Counted(term) => return term,
            Value::Integer { form, .. } => return self.term(Term::Index(form)),
            Value::View { array, prefix } => {
                let info = &self.arrays[array.0 as usize];
                let missing = info.shape.len() - prefix.len();
                match self.row {
                    Some(row) if missing == 1 => {
                        let position = Position::Form(Form::binder(row));
                        return match self.element(array, prefix, vec![position], span, &[]) {
                            Value::Number(term) | Value::Counted(term) => term,
                            _ => self.integer(0),
                        };
                    }
                    _ => self.array_as_number(array, prefix.len(), span),
                }
            }
            Value::Function(function) => {
                let info = &self.functions[function.0 as usize];
                if let (Some(row), DefinitionKind::Indexed, 1) = (self.row, info.kind, info.patterns.len()) {
                    let position = Value::Integer { form: Form::binder(row), strict: false };
                    let value = self.indexed(function, vec![position], span);
                    return self.number(value, node);
                }
                let name = info.name.to_string();
                match info.kind {
                    _ if self.is_rust() => self.complain(Problem::ClosureAsNumber { name }, span),
                    DefinitionKind::Indexed => {
                        self.complain(Problem::DefinitionWithoutSubscripts { name }, span)
                    }
                    _ => self.complain(Problem::FunctionAsValue { name }, span),
                }
            }
            Value::Local { array, prefix } => {
                let axes = self.extents(&Value::Local { array, prefix: prefix.clone() }).len();
                match self.row.filter(|_| axes == 1) {
                    Some(row) => {
                        return match self.local_part(array, prefix, Form::binder(row), span) {
                            Value::Number(term) | Value::Counted(term) => term,
                            _ => self.integer(0),
                        };
                    }
                    None => self.complain(Problem::TupleAsNumber, span),
                }
            }
            Value::Infinite { negative } => {
                let name = if negative { "f64::NEG_INFINITY" } else { "f64::INFINITY" };
                self.complain(Problem::NotFinite { name: name.to_owned() }, span)
            }
            Value::Condition(_) => self.complain(Problem::ConditionAsNumber, span),
            Value::Tuple(_) | Value::Record(_) => self.complain(Problem::TupleAsNumber, span),
            Value::Missing => Value::Missing,
        };
        debug_assert_eq!(found, Value::Missing);
        self.integer(0)
    }

    fn array_as_number(&mut self, array: ArrayId, given: usize, span: SpanId) -> Value {
        let info = &self.arrays[array.0 as usize];
        let missing = info.shape.len() - given;
        let letters: Vec<&str> =
            ["i", "j", "k", "l"].into_iter().cycle().take(info.shape.len().min(4)).collect();
        let name = info.name.to_string();
        let example = match self.is_matrix(array) {
            true => format!("{name}[(i, j)]"),
            false => format!("{name}[{}]", letters.join(if self.is_rust() { "][" } else { ", " })),
        };
        let first = info.first;
        let declared = info.declared;
        let mut diagnostic = Diagnostic::new(Problem::ArrayAsNumber { name, missing, example }, span);
        if declared && !self.is_rust() {
            diagnostic = diagnostic.note(first, "declared here");
        }
        self.report(diagnostic)
    }
}

/// The size of an axis as a form.
pub(super) fn extent_form(extent: &Extent) -> Form {
    match extent {
        Extent::Fixed(size) => Form::constant(i64::try_from(*size).unwrap_or(i64::MAX)),
        Extent::Dimension(dimension) => Form::symbol(Symbol::Dimension(*dimension)),
    }
}

/// Calls `visit` with every array looked up in `positions`.
pub(super) fn visit_lookups(positions: &[Position], visit: &mut impl FnMut(ArrayId)) {
    let mut pending: Vec<&Position> = positions.iter().collect();
    while let Some(position) = pending.pop() {
        if let Position::Lookup(array, inner) = position {
            visit(*array);
            pending.extend(inner);
        }
    }
}
