//! Statements: bindings and changes of names and elements.
//!
//! Straight-line additions to one name form one chain. Inside a loop or a branch, what happens to names outside of
//! it is collected, and told to what is around it when the region ends.

use super::Resolver;
use super::expressions::is_integer;
use super::form::{BinderId, Form};
use super::term::{Extent, Position, Term, TermId};
use super::value::{Binding, Change, Frame, Group, Operand as Chained, Value, Write};
use crate::diagnostic::Problem;
use crate::syntax::{Node, NodeId, Operand, Pattern, Place, SpanId, Statement, Update};
use hesse_symbolic::functions::Function;

impl Resolver<'_> {
    pub(super) fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            match statement {
                Statement::Let(pattern, node) => {
                    let value = self.value(*node);
                    self.bind(pattern, value);
                }
                Statement::Update(place, update, node) => self.update(place, *update, *node),
                Statement::Rest(block) => {
                    if let Node::Block(statements, _) = self.program.tree.node(*block) {
                        self.statements(statements);
                    }
                }
                Statement::Leave(mark) => {
                    let from = self.scope.iter().rposition(|(name, _)| *name == mark.text);
                    // Generated names, which nothing else is called, stay.
                    for (name, _) in self.scope.iter_mut().skip(from.unwrap_or(usize::MAX)) {
                        if !name.starts_with('#') {
                            *name = "".into();
                        }
                    }
                }
                Statement::For(binder, body) => self.for_loop(binder, body),
                Statement::If(condition, yes, no) => {
                    let span = self.span(*condition);
                    let condition = self.condition(*condition);
                    self.branch(
                        condition,
                        span,
                        |resolver| resolver.statements(yes),
                        |resolver| resolver.statements(no),
                    );
                }
            }
        }
    }

    fn update(&mut self, place: &Place, update: Update, node: NodeId) {
        let name = &place.name;
        let value = self.value(node);
        let Some(at) = self.scope.iter().rposition(|(known, _)| *known == name.text) else {
            self.complain(Problem::UnknownRustName { name: name.text.to_string() }, name.span);
            return;
        };
        let mut positions = Vec::new();
        for &subscript in &place.subscripts {
            let value = self.value(subscript);
            match self.position(value, self.span(subscript)) {
                Some(Position::Form(form)) => positions.push(form),
                Some(Position::Lookup(..)) => {
                    self.complain(Problem::ScatteredElement, self.span(subscript));
                    return;
                }
                None => return,
            }
        }
        let outside = self.frames.iter().any(|f| at < f.barrier);
        // Beside an integer, a constant from outside is an integer, too.
        if let (Update::Divide, Value::Number(term)) = (update, &value)
            && let Some(constant) = self.outer_constant(*term)
            && self.holds_integer(at, &positions, name.span)
        {
            self.refuse_change(Problem::OuterConstant { name: constant }, at, self.span(node));
            return;
        }
        let (update, value) = match update {
            // Integers are divided one by one, each quotient rounded.
            Update::Divide if is_integer(&value) => match self.divided(place, value, node) {
                Some(quotient) => (Update::Replace, quotient),
                None => return,
            },
            _ => (update, value),
        };
        if positions.is_empty() && !outside && self.replaced(at, update, &value) {
            return;
        }
        if value == Value::Missing {
            self.scope[at].1 = Binding::Value(Value::Missing);
            return;
        }
        if positions.is_empty() && update == Update::Replace {
            let closed = self.frames.iter().any(|f| f.closed && at < f.barrier);
            let text = name.text.to_string();
            match closed {
                true => self.refuse_change(Problem::UpdateInExpression { name: text }, at, name.span),
                false => self.refuse_recurrence(Problem::AssignmentInLoop { name: text }, at, name.span),
            }
            return;
        }
        let term = self.number(value, node);
        let (group, inverted) = match update {
            Update::Add => (Group::Sum, false),
            Update::Subtract => (Group::Sum, true),
            Update::Multiply => (Group::Product, false),
            Update::Divide => (Group::Product, true),
            Update::Max => (Group::Max, false),
            Update::Min => (Group::Min, false),
            Update::Replace => (Group::Assign, false),
        };
        let (operands, parameters) = (vec![(inverted, term)], Vec::new());
        let write = Write { positions, parameters, group, operands, guard: None };
        if !place.subscripts.is_empty() && !self.prepare_local(at, &write.positions, name.span) {
            return;
        }
        self.change(Change { at, write, span: name.span });
    }

    /// Whether a name or an element of it is an integer.
    fn holds_integer(&mut self, at: usize, positions: &[Form], span: SpanId) -> bool {
        match self.scope[at].1.clone() {
            Binding::Chain(_, _, whole) => whole,
            Binding::Value(value) => {
                let element = positions.iter().fold(value, |part, form| match part {
                    Value::Missing => part,
                    part => self.part(part, Value::Integer { form: form.clone(), strict: true }, span),
                });
                is_integer(&element)
            }
        }
    }

    /// The quotient of the integer at a place and a value; `None` where it has no integer.
    fn divided(&mut self, place: &Place, value: Value, node: NodeId) -> Option<Value> {
        let name = &place.name;
        let mut all = self.name(&name.text, name.span);
        for &subscript in &place.subscripts {
            let at = self.value(subscript);
            all = self.part(all, at, self.span(subscript));
        }
        if all == Value::Missing || value == Value::Missing {
            return None;
        }
        if !is_integer(&all) {
            self.complain(Problem::AccumulatorNotNumber { name: name.text.to_string() }, name.span);
            return None;
        }
        let operands = [Operand { inverted: false, node }, Operand { inverted: true, node }];
        Some(self.whole_quotient(&operands, vec![all, value], self.span(node)))
    }

    /// Carries out what needs no chain: a replacement, and steps of an integer.
    fn replaced(&mut self, at: usize, update: Update, value: &Value) -> bool {
        let sign = match update {
            Update::Add => 1,
            Update::Subtract => -1,
            Update::Replace => {
                self.scope[at].1 = Binding::Value(value.clone());
                return true;
            }
            Update::Multiply => {
                if let (
                    Binding::Value(Value::Integer { form, strict: true }),
                    Value::Integer { form: by, .. },
                ) = (&self.scope[at].1, value)
                    && let Some(form) = by.as_constant().and_then(|by| form.scaled(by))
                {
                    self.scope[at].1 = Binding::Value(Value::Integer { form, strict: true });
                    return true;
                }
                return false;
            }
            _ => return false,
        };
        let (Binding::Value(Value::Integer { form, strict: true }), Value::Integer { form: step, .. }) =
            (&self.scope[at].1, value)
        else {
            return false;
        };
        let Some(form) = form.plus(sign, step) else { return false };
        self.scope[at].1 = Binding::Value(Value::Integer { form, strict: true });
        true
    }

    /// Carries out a change, or notes it for the enclosing loop or branch.
    pub(super) fn change(&mut self, change: Change) {
        if self.scope[change.at].1 == Binding::Value(Value::Missing) {
            return;
        }
        let name = self.scope[change.at].0.to_string();
        let loops = self.loops_around(change.at);
        if let Some(frame) = self.frames.last_mut()
            && change.at < frame.barrier
        {
            let problem = match frame.refuses(&change, &loops) {
                None => {
                    frame.note(change);
                    return;
                }
                Some(Refusal::Closed) => {
                    self.refuse_change(Problem::UpdateInExpression { name }, change.at, change.span);
                    return;
                }
                Some(Refusal::Mixed) => Problem::MixedUpdates { name },
                Some(Refusal::Read) => match &self.scope[change.at].1 {
                    Binding::Value(Value::Integer { strict: true, .. }) => Problem::CountedByHand { name },
                    _ => Problem::ReadWhileAccumulating { name },
                },
            };
            self.refuse_recurrence(problem, change.at, change.span);
            return;
        }
        if !change.write.positions.is_empty() {
            self.write_element(change);
            return;
        }
        let Change { at, write, span } = change;
        let group = write.group;
        let (known, mut operands, whole) = match self.scope[at].1.clone() {
            Binding::Chain(known, operands, whole) => (known, operands, whole),
            Binding::Value(Value::Number(term)) => (group, vec![(false, term)], false),
            Binding::Value(Value::Counted(term)) => (group, vec![(false, term)], true),
            Binding::Value(Value::Integer { form, strict }) => {
                let term = self.term(Term::Index(form));
                (group, vec![(false, term)], strict)
            }
            // −∞ is less than every number, and ∞ greater.
            Binding::Value(Value::Infinite { negative })
                if group == if negative { Group::Max } else { Group::Min } =>
            {
                (group, Vec::new(), false)
            }
            Binding::Value(Value::Missing) => return,
            Binding::Value(_) => {
                self.refuse_change(Problem::AccumulatorNotNumber { name }, at, span);
                return;
            }
        };
        if known != group {
            operands = vec![(false, self.chain(known, operands))];
        }
        operands.extend(write.operands);
        self.scope[at].1 = Binding::Chain(group, operands, whole);
    }

    /// The indices of the loops that a name is outside of.
    pub(super) fn loops_around(&self, at: usize) -> Vec<BinderId> {
        self.frames.iter().filter(|frame| at < frame.barrier).filter_map(|frame| frame.index).collect()
    }

    /// The value of an accumulator.
    pub(super) fn chain(&mut self, group: Group, operands: Vec<Chained>) -> TermId {
        let mut extreme = |function| {
            let mut rest = operands.iter().map(|o| o.1);
            let first = rest.next();
            let all = first.map(|first| {
                rest.fold(first, |all, next| self.terms.intern(Term::Apply(function, vec![all, next])))
            });
            all.unwrap_or(TermId(0))
        };
        match (group, &operands[..]) {
            (_, [(false, only)]) => *only,
            (Group::Sum, _) => self.term(Term::Sum(operands)),
            (Group::Product, _) => self.term(Term::Product(operands)),
            (Group::Max, [_, ..]) => extreme(Function::Max),
            (Group::Min, [_, ..]) => extreme(Function::Min),
            (Group::Assign, [.., (_, last)]) => *last,
            (Group::Max | Group::Min | Group::Assign, []) => self.integer(0),
        }
    }

    /// Brings the names of a pattern into scope.
    pub(super) fn bind(&mut self, pattern: &Pattern, value: Value) {
        // Patterns nest no deeper than the parser of their grammar allows.
        match pattern {
            Pattern::Wildcard => {}
            Pattern::Name(name) => {
                if let Value::Function(function) = value
                    && let info = &mut self.functions[function.0 as usize]
                    && &*info.name == "closure"
                {
                    info.name = name.text.clone();
                }
                self.scope.push((name.text.clone(), Binding::Value(value)));
            }
            Pattern::Ends(before, after, place) => {
                let (first, last) = self.ends(value, before.len(), after.len(), *place);
                for (part, element) in before.iter().zip(first).chain(after.iter().zip(last)) {
                    self.bind(part, element);
                }
            }
            Pattern::Refused(names) => {
                for name in names {
                    self.scope.push((name.text.clone(), Binding::Value(Value::Missing)));
                }
            }
            Pattern::Tuple(parts, place) => {
                let elements = self.elements(value, parts.len(), *place);
                for (part, element) in parts.iter().zip(elements) {
                    self.bind(part, element);
                }
            }
        }
    }

    /// The first and the last elements of an array of fixed size.
    fn ends(&mut self, value: Value, first: usize, last: usize, place: SpanId) -> (Vec<Value>, Vec<Value>) {
        let length = match self.extents(&value).first() {
            Some(Extent::Fixed(length)) => Some(*length).filter(|&length| length >= first + last),
            _ => None,
        };
        match (length, value) {
            (Some(length), value) => {
                let mut elements = self.elements(value, length, place);
                let end = elements.split_off(length - last);
                elements.truncate(first);
                (elements, end)
            }
            (None, value) => {
                if value != Value::Missing {
                    self.complain(Problem::PatternLength { count: first + last }, place);
                }
                (vec![Value::Missing; first], vec![Value::Missing; last])
            }
        }
    }

    fn elements(&mut self, value: Value, count: usize, place: SpanId) -> Vec<Value> {
        let extent = self.extents(&value).into_iter().next();
        match value {
            Value::Missing => vec![Value::Missing; count],
            Value::Tuple(elements) if elements.len() == count => elements.to_vec(),
            value if extent == Some(Extent::Fixed(count)) => {
                let at = |at| Value::Integer { form: Form::constant(at as i64), strict: true };
                (0..count).map(|position| self.part(value.clone(), at(position), place)).collect()
            }
            _ => {
                self.complain(Problem::PatternLength { count }, place);
                vec![Value::Missing; count]
            }
        }
    }
}

/// Why a region refuses a change.
enum Refusal {
    Closed,
    Read,
    Mixed,
}

impl Frame {
    fn refuses(&self, change: &Change, loops: &[BinderId]) -> Option<Refusal> {
        if self.closed {
            return Some(Refusal::Closed);
        }
        let positions = &change.write.positions;
        let own = |read: &Option<Vec<Form>>| read.as_ref().is_some_and(|read| read == positions);
        let mut reads = self.reads.iter().filter(|(at, _)| *at == change.at);
        if reads.any(|(_, read)| !(own(read) && self.distinguishes(positions, loops))) {
            return Some(Refusal::Read);
        }
        let mixed = |known: &Change| known.at == change.at && known.write.group != change.write.group;
        (positions.is_empty() && self.changes.iter().any(mixed)).then_some(Refusal::Mixed)
    }

    /// Notes that an outer name was used, or an element of it.
    pub(super) fn note_read(&mut self, at: usize, positions: Option<&[Form]>) {
        if !self.reads.iter().any(|(known, read)| *known == at && read.as_deref() == positions) {
            self.reads.push((at, positions.map(<[Form]>::to_vec)));
        }
    }

    /// Whether every iteration has an element at `positions` of its own, whatever the other loops are at.
    pub(super) fn distinguishes(&self, positions: &[Form], loops: &[BinderId]) -> bool {
        self.index.is_none_or(|index| told_apart(positions, loops).contains(&index))
    }

    /// Takes a change in; operands of one chain go together.
    fn note(&mut self, change: Change) {
        if let Some(last) = self.changes.iter_mut().rfind(|c| c.at == change.at)
            && last.write.positions == change.write.positions
            && last.write.group == change.write.group
            && change.write.group != Group::Assign
            && last.write.guard.is_none()
            && change.write.guard.is_none()
        {
            last.write.operands.extend(change.write.operands);
            return;
        }
        self.changes.push(change);
    }
}

/// The indices among `loops` that follow from the positions, which no two of their iterations share.
fn told_apart(positions: &[Form], loops: &[BinderId]) -> Vec<BinderId> {
    let mut told = Vec::new();
    // An axis with one index that does not follow from others tells it.
    while let Some(next) = positions.iter().find_map(|form| {
        let mut open = form.binders().filter(|b| loops.contains(b) && !told.contains(b));
        open.next().filter(|_| open.next().is_none())
    }) {
        told.push(next);
    }
    told
}
