//! Statements: bindings, accumulators, loops and branches.
//!
//! A loop that adds to a name is a sum: its body is evaluated once for a symbolic position, and what it adds is
//! reduced over the index afterwards. Straight-line additions to one name form one chain.

use super::Resolver;
use super::form::{BinderId, Form};
use super::term::{Kind, Term, TermId};
use super::value::{Binding, Change, Frame, Group, Value};
use crate::diagnostic::Problem;
use crate::syntax::{Name, NodeId, Pattern, SpanId, Statement, Update};
use hesse_symbolic::functions::Function;

impl Resolver<'_> {
    pub(super) fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            match statement {
                Statement::Let(pattern, node) => {
                    let value = self.value(*node);
                    self.bind(pattern, value);
                }
                Statement::Fill(name, index, length, value) => self.fill(name, index, *length, *value),
                Statement::Update(name, update, node) => self.update_name(name, *update, *node),
                Statement::For(binder, body) => {
                    let outer = self.scope.len();
                    self.loops += 1;
                    if self.loops > super::MAX_LOOPS {
                        self.complain(Problem::TooManyLoops { limit: super::MAX_LOOPS }, binder.name.span);
                    } else if !self.exhausted
                        && let Some(index) = self.bind_index(binder)
                    {
                        let changes = self.collect(outer, false, |resolver| resolver.statements(body)).1;
                        self.scope.truncate(outer);
                        self.reduce_changes(index, changes);
                    }
                    self.loops -= 1;
                    self.scope.truncate(outer);
                }
                Statement::If(condition, yes, no) => {
                    let condition = self.condition(*condition);
                    let outer = self.scope.len();
                    let yes = self.collect(outer, false, |resolver| resolver.statements(yes)).1;
                    self.scope.truncate(outer);
                    let no = self.collect(outer, false, |resolver| resolver.statements(no)).1;
                    self.scope.truncate(outer);
                    self.choose_changes(condition, yes, no);
                }
            }
        }
    }

    /// An expression that is evaluated in one branch only, and so may not change outer names.
    pub(super) fn in_branch(&mut self, node: NodeId) -> Value {
        let barrier = self.scope.len();
        self.collect(barrier, true, |resolver| resolver.value(node)).0
    }

    /// Runs `body` and returns what it does to the names below `barrier`.
    fn collect<T>(
        &mut self,
        barrier: usize,
        closed: bool,
        body: impl FnOnce(&mut Self) -> T,
    ) -> (T, Vec<Change>) {
        self.frames.push(Frame { barrier, closed, changes: Vec::new(), reads: Default::default() });
        let value = body(self);
        let changes = self.frames.pop().map(|f| f.changes).unwrap_or_default();
        (value, changes)
    }

    fn reduce_changes(&mut self, index: BinderId, changes: Vec<Change>) {
        for change in changes {
            let kind = match change.group {
                Group::Sum => Kind::Sum,
                Group::Product => Kind::Product,
                Group::Max => Kind::Max,
            };
            let body = self.chain(change.group, change.operands);
            let reduced = self.term(Term::Reduce(kind, index, body));
            self.change(change.at, change.group, (false, reduced), change.span);
        }
    }

    /// Each name changes by what the branch taken adds to it, and by nothing in the other.
    fn choose_changes(&mut self, condition: TermId, yes: Vec<Change>, mut no: Vec<Change>) {
        let mut pairs: Vec<(Change, Option<Change>, bool)> = Vec::new();
        for change in yes {
            let other = no.iter().position(|n| n.at == change.at).map(|at| no.remove(at));
            pairs.push((change, other, false));
        }
        pairs.extend(no.into_iter().map(|change| (change, None, true)));
        for (change, other, swapped) in pairs {
            let Change { at, group, operands, span } = change;
            if group == Group::Max || other.as_ref().is_some_and(|o| o.group != group) {
                let name = self.scope[at].0.to_string();
                self.complain(Problem::MixedUpdates { name }, span);
                continue;
            }
            let a = self.chain(group, operands);
            let b = match other {
                Some(other) => self.chain(group, other.operands),
                None => self.integer(if group == Group::Sum { 0 } else { 1 }),
            };
            let (a, b) = if swapped { (b, a) } else { (a, b) };
            let chosen = self.term(Term::Select(condition, a, b));
            self.change(at, group, (false, chosen), span);
        }
    }

    fn update_name(&mut self, name: &Name, update: Update, node: NodeId) {
        let value = self.value(node);
        let Some(at) = self.scope.iter().rposition(|(known, _)| *known == name.text) else {
            self.complain(Problem::UnknownRustName { name: name.text.to_string() }, name.span);
            return;
        };
        if update == Update::Replace {
            let outside = self.frames.iter().any(|f| at < f.barrier);
            if outside {
                self.complain(Problem::AssignmentInLoop { name: name.text.to_string() }, name.span);
            } else {
                self.scope[at].1 = Binding::Value(value);
            }
            return;
        }
        let term = self.number(value, node);
        let (group, inverted) = match update {
            Update::Add => (Group::Sum, false),
            Update::Subtract => (Group::Sum, true),
            Update::Multiply => (Group::Product, false),
            Update::Divide => (Group::Product, true),
            Update::Max | Update::Replace => (Group::Max, false),
        };
        self.change(at, group, (inverted, term), name.span);
    }

    /// Takes an operand into the name at a position of the scope, or notes it for the enclosing loop.
    fn change(&mut self, at: usize, group: Group, operand: (bool, TermId), span: SpanId) {
        let name = self.scope[at].0.to_string();
        if let Some(frame) = self.frames.last_mut()
            && at < frame.barrier
        {
            if frame.closed {
                self.complain(Problem::UpdateInExpression { name }, span);
                return;
            }
            if frame.reads.contains(&at) {
                self.complain(Problem::ReadWhileAccumulating { name }, span);
                return;
            }
            match frame.changes.iter_mut().find(|c| c.at == at) {
                Some(change) if change.group == group => change.operands.push(operand),
                Some(_) => {
                    self.complain(Problem::MixedUpdates { name }, span);
                }
                None => frame.changes.push(Change { at, group, operands: vec![operand], span }),
            }
            return;
        }
        let (known, mut operands) = match self.scope[at].1.clone() {
            Binding::Chain(known, operands) => (known, operands),
            Binding::Value(Value::Number(term) | Value::Counted(term)) => (group, vec![(false, term)]),
            Binding::Value(Value::Integer { form, .. }) => {
                let term = self.term(Term::Index(form));
                (group, vec![(false, term)])
            }
            Binding::Value(Value::Missing) => return,
            Binding::Value(_) => {
                self.complain(Problem::AccumulatorNotNumber { name }, span);
                return;
            }
        };
        if known != group {
            operands = vec![(false, self.chain(known, operands))];
        }
        operands.push(operand);
        self.scope[at].1 = Binding::Chain(group, operands);
    }

    /// The value of an accumulator.
    pub(super) fn chain(&mut self, group: Group, operands: Vec<(bool, TermId)>) -> TermId {
        match (group, &operands[..]) {
            (_, [(false, only)]) => *only,
            (Group::Sum, _) => self.term(Term::Sum(operands)),
            (Group::Product, _) => self.term(Term::Product(operands)),
            (Group::Max, [(_, first), rest @ ..]) => {
                rest.iter().fold(*first, |all, next| self.term(Term::Apply(Function::Max, vec![all, next.1])))
            }
            (Group::Max, []) => self.integer(0),
        }
    }

    /// Brings the names of a pattern into scope.
    pub(super) fn bind(&mut self, pattern: &Pattern, value: Value) {
        // Patterns nest no deeper than the parser of their grammar allows.
        match pattern {
            Pattern::Wildcard => {}
            Pattern::Name(name) => self.scope.push((name.text.clone(), Binding::Value(value))),
            Pattern::Tuple(parts, place) => {
                let elements = self.elements(value, parts.len(), *place);
                for (part, element) in parts.iter().zip(elements) {
                    self.bind(part, element);
                }
            }
        }
    }

    fn elements(&mut self, value: Value, count: usize, place: SpanId) -> Vec<Value> {
        let missing = vec![Value::Missing; count];
        match value {
            Value::Missing => missing,
            Value::Tuple(elements) if elements.len() == count => elements.to_vec(),
            Value::View { array, prefix } => {
                let extent = self.arrays[array.0 as usize].shape.get(prefix.len()).cloned().flatten();
                if extent != Some(super::term::Extent::Fixed(count)) {
                    self.complain(Problem::PatternLength { count }, place);
                    return missing;
                }
                (0..count)
                    .map(|at| {
                        let position = super::term::Position::Form(Form::constant(at as i64));
                        self.element(array, prefix.clone(), vec![position], place, &[])
                    })
                    .collect()
            }
            _ => {
                self.complain(Problem::PatternLength { count }, place);
                missing
            }
        }
    }
}
