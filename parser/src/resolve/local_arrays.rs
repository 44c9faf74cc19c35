//! Arrays of the function whose elements are changed.
//!
//! Such an array is what it was at first and the list of its changes. Reading an element plays the changes that
//! reach it, with the position put in place of the indices of the loops that made them.

use std::rc::Rc;

use super::Resolver;
use super::arrays::{Access, ArrayInfo, extent_form};
use super::expressions::is_integer;
use super::form::Form;
use super::reached::Reached;
use super::term::{Extent, Term, TermId};
use super::value::{Binding, Change, Group, LocalArray, LocalId, Value, Write};
use crate::diagnostic::Problem;
use crate::syntax::{Node, NodeId, Role, SpanId};

impl Resolver<'_> {
    /// An array with these changes.
    pub(super) fn local_array(
        &mut self,
        name: Rc<str>,
        base: Value,
        writes: Vec<Write>,
        first: SpanId,
    ) -> Value {
        let shape = self.extents(&base).into_iter().map(Some).collect();
        let shape = self.new_array(ArrayInfo { name, role: Role::Data, shape, declared: false, first });
        let array = LocalId(self.locals.len() as u32);
        self.locals.push(LocalArray { base, shape, writes });
        Value::Local { array, prefix: Vec::new() }
    }

    /// The sizes of the axes of an array; none for what is no array.
    pub(super) fn extents(&mut self, value: &Value) -> Vec<Extent> {
        match value {
            Value::View { array, prefix } => {
                self.arrays[array.0 as usize].shape.iter().skip(prefix.len()).flatten().cloned().collect()
            }
            Value::Local { array, prefix } => {
                let shape = self.locals[array.0 as usize].shape;
                self.arrays[shape.0 as usize].shape.iter().skip(prefix.len()).flatten().cloned().collect()
            }
            Value::Tuple(elements) => {
                let mut extents = vec![Extent::Fixed(elements.len())];
                if let Some(first) = elements.first().cloned() {
                    extents.extend(self.extents(&first));
                }
                extents
            }
            Value::Function(function) => {
                let Some(extent) = self.table_extent(value) else { return Vec::new() };
                let first = Value::Integer { form: Form::constant(0), strict: true };
                let first = self.instantiate(*function, vec![first]);
                let mut extents = vec![extent];
                extents.extend(self.extents(&first));
                extents
            }
            _ => Vec::new(),
        }
    }

    /// The sizes of the axes of the array bound at a place of the scope.
    pub(super) fn local_extents(&mut self, at: usize) -> Vec<Extent> {
        match self.scope[at].1.clone() {
            Binding::Value(value) => self.extents(&value),
            Binding::Chain(..) => Vec::new(),
        }
    }

    /// Checks that a name is an array of the function with these axes, and makes it one whose elements can change.
    pub(super) fn prepare_local(&mut self, at: usize, positions: &[Form], span: SpanId) -> bool {
        let name = self.scope[at].0.clone();
        let value = match self.scope[at].1.clone() {
            Binding::Value(Value::Missing) => return false,
            Binding::Value(value) => value,
            Binding::Chain(..) => Value::Condition(TermId(0)),
        };
        let axes = self.extents(&value).len();
        if axes == 0 {
            self.complain(Problem::FilledNotArray { name: name.to_string() }, span);
            return false;
        }
        if axes != positions.len() {
            let (name, found) = (name.to_string(), positions.len());
            self.complain(Problem::SubscriptCount { name, expected: axes, found }, span);
            return false;
        }
        let shape = match value {
            Value::Local { array, ref prefix } if prefix.is_empty() => self.locals[array.0 as usize].shape,
            value => {
                let made = self.local_array(name, value, Vec::new(), span);
                let Value::Local { array, .. } = made else { return false };
                self.scope[at].1 = Binding::Value(made);
                self.locals[array.0 as usize].shape
            }
        };
        for (axis, position) in positions.iter().enumerate() {
            self.local_access(Access { array: shape, axis, position: position.clone(), span });
        }
        true
    }

    /// Notes a use of an array of the function, whose size may turn out to be another's.
    fn local_access(&mut self, access: Access) {
        let extent = self.arrays[access.array.0 as usize].shape.get(access.axis).cloned().flatten();
        if let Some(extent) = extent {
            self.walk_whole(&access.position, &extent);
        }
        self.accesses.push(access);
    }

    /// Adds a change to the array bound at a place of the scope.
    pub(super) fn write_element(&mut self, change: Change) {
        let Binding::Value(Value::Local { array, .. }) = &self.scope[change.at].1 else {
            let name = self.scope[change.at].0.to_string();
            self.refuse_change(Problem::FilledNotArray { name }, change.at, change.span);
            return;
        };
        let LocalArray { base, shape, mut writes } = self.locals[array.0 as usize].clone();
        let own = &change.write;
        if own.group == Group::Assign && own.guard.is_none() && own.parameters.is_empty() {
            // What was at this very place before is seen no more.
            writes.retain(|write| !write.parameters.is_empty() || write.positions != own.positions);
        }
        writes.push(change.write);
        let array = LocalId(self.locals.len() as u32);
        self.locals.push(LocalArray { base, shape, writes });
        self.scope[change.at].1 = Binding::Value(Value::Local { array, prefix: Vec::new() });
    }

    /// An array with one more subscript given.
    pub(super) fn local_part(
        &mut self,
        array: LocalId,
        mut prefix: Vec<Form>,
        at: Form,
        span: SpanId,
    ) -> Value {
        let shape = self.locals[array.0 as usize].shape;
        self.local_access(Access { array: shape, axis: prefix.len(), position: at.clone(), span });
        prefix.push(at);
        if prefix.len() < self.arrays[shape.0 as usize].shape.len() {
            return Value::Local { array, prefix };
        }
        self.played(array, &prefix, span)
    }

    /// The element at `positions` after the changes of the array.
    fn played(&mut self, array: LocalId, positions: &[Form], span: SpanId) -> Value {
        let LocalArray { base, shape, writes } = self.locals[array.0 as usize].clone();
        let mut reaching = Vec::new();
        for write in &writes {
            let write = match self.reached(write, shape, positions) {
                Reached::Other => continue,
                Reached::Unknown => return self.complain(Problem::IntegerTooLarge, span),
                Reached::Change(write) => write,
            };
            if write.group == Group::Assign && write.guard.is_none() {
                reaching.clear();
            }
            reaching.push(write);
        }
        let replaced = reaching.first().is_some_and(|w| w.group == Group::Assign && w.guard.is_none());
        let start = self.base_element(base, positions, span);
        self.after(start, reaching, replaced)
    }

    fn base_element(&mut self, base: Value, positions: &[Form], span: SpanId) -> Value {
        positions.iter().fold(base, |part, form| {
            self.part(part, Value::Integer { form: form.clone(), strict: true }, span)
        })
    }

    /// A number after these changes.
    fn after(&mut self, start: Value, writes: Vec<Write>, replaced: bool) -> Value {
        let whole = is_integer(&start);
        let mut chain: (Group, Vec<(bool, TermId)>) = match (replaced, self.as_number(start)) {
            (true, _) => (Group::Assign, Vec::new()),
            (false, Some(start)) => (writes.first().map_or(Group::Sum, |w| w.group), vec![(false, start)]),
            (false, None) => return Value::Missing,
        };
        for write in writes {
            if chain.0 != write.group || write.guard.is_some() {
                let so_far = self.chain(chain.0, chain.1);
                chain = (write.group, vec![(false, so_far)]);
            }
            match write.guard {
                None => chain.1.extend(write.operands),
                Some(guard) => {
                    let before = self.chain(chain.0, chain.1.clone());
                    chain.1.extend(write.operands);
                    let changed = self.chain(chain.0, chain.1);
                    chain.1 = vec![(false, self.term(Term::Select(guard, changed, before)))];
                }
            }
        }
        Value::computed(self.chain(chain.0, chain.1), whole)
    }

    /// Reads an element inside of a loop that changes it: `None` where no loop around does.
    pub(super) fn changing_element(&mut self, node: NodeId, span: SpanId) -> Option<Value> {
        let mut subscripts = Vec::new();
        let mut base = node;
        while let Node::Subscript(inner, own) = self.program.tree.node(base) {
            subscripts.splice(0..0, own.iter().copied());
            base = *inner;
        }
        let Node::Name(text) = self.program.tree.node(base) else { return None };
        let at = self.scope.iter().rposition(|(name, _)| name == text)?;
        let Binding::Value(value) = self.scope[at].1.clone() else { return None };
        if !self.frames.iter().any(|f| at < f.barrier) || self.extents(&value).len() != subscripts.len() {
            return None;
        }
        let mut positions = Vec::new();
        for subscript in subscripts {
            match self.value(subscript) {
                Value::Integer { form, .. } => positions.push(form),
                _ => return None,
            }
        }
        let mut changes = Vec::new();
        let mut own = true;
        let loops = self.loops_around(at);
        for frame in self.frames.iter_mut().filter(|f| at < f.barrier) {
            frame.note_read(at, Some(&positions));
            changes.extend(frame.changes.iter().filter(|c| c.at == at).map(|c| c.write.clone()));
            own &= frame.distinguishes(&positions, &loops);
        }
        if !own && !changes.is_empty() || changes.iter().any(|write| write.positions != positions) {
            let name = self.scope[at].0.to_string();
            self.refuse_recurrence(Problem::ReadWhileAccumulating { name }, at, span);
            return Some(Value::Missing);
        }
        let start = self.base_element(value, &positions, span);
        Some(match changes.is_empty() {
            true => start,
            false => self.after(start, changes, false),
        })
    }

    /// A part of an array or tuple.
    pub(super) fn part(&mut self, value: Value, at: Value, span: SpanId) -> Value {
        match (value, at) {
            (Value::Local { array, prefix }, Value::Integer { form, .. }) => {
                self.local_part(array, prefix, form, span)
            }
            (Value::Function(function), at @ Value::Integer { .. }) => self.indexed(function, vec![at], span),
            (value, at) => self.tuple_element(value, at, span),
        }
    }

    /// The length of an array with changed elements.
    pub(super) fn local_length(&self, array: LocalId, axis: usize) -> Option<Form> {
        let shape = self.locals[array.0 as usize].shape;
        self.arrays[shape.0 as usize].shape.get(axis)?.as_ref().map(extent_form)
    }
}
