//! Branches: both are followed from the same state, and what they made of it is chosen by the condition.

use super::Resolver;
use super::arrays::extent_form;
use super::expressions::is_integer;
use super::form::{BinderId, Form};
use super::term::{Term, TermId};
use super::value::{Binding, Change, Frame, Group, Operand, Value, Write};
use crate::diagnostic::Problem;
use crate::syntax::{NodeId, SpanId};

impl Resolver<'_> {
    /// The value of `if condition { a } else { b }`.
    pub(super) fn choice(&mut self, condition: NodeId, a: NodeId, b: NodeId) -> Value {
        let span = self.span(condition);
        let condition = self.condition(condition);
        let (x, y) = self.branch(condition, span, |resolver| resolver.value(a), |resolver| resolver.value(b));
        match (&x, &y) {
            (Value::Missing, _) | (_, Value::Missing) => return Value::Missing,
            _ => {}
        }
        match self.chosen_value(condition, x.clone(), y.clone()) {
            Some(value) => value,
            None => {
                let whole = is_integer(&x) || is_integer(&y);
                let (x, y) = (self.number(x, a), self.number(y, b));
                Value::computed(self.term(Term::Select(condition, x, y)), whole)
            }
        }
    }

    /// Follows both branches; each name takes the value or the change of the branch that is taken.
    pub(super) fn branch<T>(
        &mut self,
        condition: TermId,
        span: SpanId,
        yes: impl FnOnce(&mut Self) -> T,
        no: impl FnOnce(&mut Self) -> T,
    ) -> (T, T) {
        // What is outside of the region around is changed by what the branches note, and by nothing else.
        let outer = self.frames.last().map_or(0, |f| f.barrier).min(self.scope.len());
        let before = self.scope[outer..].to_vec();
        let (yes_value, yes_changes) = self.follow(yes);
        let after = self.scope.split_off(outer);
        self.scope.extend(before);
        let (no_value, no_changes) = self.follow(no);
        for (at, (_, yes)) in (outer..).zip(after) {
            let no = self.scope[at].1.clone();
            if yes != no {
                self.scope[at].1 = self.chosen_binding(condition, yes, no, (at, span));
            }
        }
        for change in self.chosen_changes(condition, yes_changes, no_changes) {
            self.change(change);
        }
        (yes_value, no_value)
    }

    /// Runs one branch; names outside of the loop around it are changed by what is returned.
    fn follow<T>(&mut self, body: impl FnOnce(&mut Self) -> T) -> (T, Vec<Change>) {
        let outer = self.scope.len();
        let (barrier, closed) = self.frames.last().map_or((0, false), |f| (f.barrier, f.closed));
        self.frames.push(Frame { barrier, closed, index: None, changes: Vec::new(), reads: Vec::new() });
        let value = body(self);
        self.scope.truncate(outer);
        let changes = self.frames.pop().map(|f| f.changes).unwrap_or_default();
        (value, changes)
    }

    fn chosen_binding(
        &mut self,
        condition: TermId,
        yes: Binding,
        no: Binding,
        (at, span): (usize, SpanId),
    ) -> Binding {
        if let (Binding::Chain(group, a, whole), Binding::Chain(other, b, _)) = (&yes, &no)
            && group == other
            && let Some(neutral) = group.neutral()
        {
            let common = a.iter().zip(b).take_while(|(a, b)| a == b).count();
            return self.chosen_chain(condition, (*group, neutral, *whole), a, b, common);
        }
        // A name that one branch leaves alone is the beginning of the chain of the other.
        for (chain, value, swapped) in [(&yes, &no, false), (&no, &yes, true)] {
            if let (Binding::Chain(group, operands, whole), Binding::Value(value)) = (chain, value)
                && let Some(neutral) = group.neutral()
                && let Some(start) = self.as_number(value.clone())
                && operands.first() == Some(&(false, start))
            {
                let start = [(false, start)];
                let (a, b) = if swapped { (&start[..], &operands[..]) } else { (&operands[..], &start[..]) };
                return self.chosen_chain(condition, (*group, neutral, *whole), a, b, 1);
            }
        }
        let [yes, no] = [yes, no].map(|binding| match binding {
            Binding::Value(value) => value,
            Binding::Chain(group, operands, whole) => Value::computed(self.chain(group, operands), whole),
        });
        match self.chosen_value(condition, yes, no) {
            Some(value) => Binding::Value(value),
            None => {
                let name = self.scope[at].0.to_string();
                Binding::Value(self.complain(Problem::AccumulatorNotNumber { name }, span))
            }
        }
    }

    /// What both chains begin with, then what the branch taken adds.
    fn chosen_chain(
        &mut self,
        condition: TermId,
        (group, neutral, whole): (Group, i64, bool),
        a: &[Operand],
        b: &[Operand],
        common: usize,
    ) -> Binding {
        let mut operands = a[..common].to_vec();
        let [x, y] = [&a[common..], &b[common..]].map(|rest| match rest {
            [] => self.integer(neutral),
            rest => self.chain(group, rest.to_vec()),
        });
        operands.push((false, self.term(Term::Select(condition, x, y))));
        Binding::Chain(group, operands, whole)
    }

    /// One of two values of one shape; `None` where their kinds differ.
    pub(super) fn chosen_value(&mut self, condition: TermId, yes: Value, no: Value) -> Option<Value> {
        Some(match (yes, no) {
            (yes, no) if yes == no => yes,
            (Value::Missing, _) | (_, Value::Missing) => Value::Missing,
            (Value::Condition(a), Value::Condition(b)) => {
                let not = self.term(Term::Not(condition));
                let (a, b) = (self.term(Term::And(condition, a)), self.term(Term::And(not, b)));
                Value::Condition(self.term(Term::Or(a, b)))
            }
            (Value::Tuple(a), Value::Tuple(b)) if a.len() == b.len() => {
                let pairs: Vec<_> = a.iter().cloned().zip(b.iter().cloned()).collect();
                let parts = pairs.into_iter().map(|(a, b)| self.chosen_value(condition, a, b));
                Value::Tuple(parts.collect::<Option<Vec<_>>>()?.into())
            }
            (yes, no) => match (self.as_number(yes.clone()), self.as_number(no.clone())) {
                (Some(a), Some(b)) => {
                    let whole = is_integer(&yes) || is_integer(&no);
                    Value::computed(self.term(Term::Select(condition, a, b)), whole)
                }
                _ => self.chosen_array(condition, yes, no)?,
            },
        })
    }

    /// An array whose elements are chosen one by one.
    fn chosen_array(&mut self, condition: TermId, yes: Value, no: Value) -> Option<Value> {
        let extents = self.extents(&yes);
        if extents.is_empty() || extents != self.extents(&no) {
            return None;
        }
        let span = self.span(self.program.error);
        let parameters: Vec<BinderId> = extents
            .iter()
            .map(|extent| {
                let range = Some((Form::constant(0), extent_form(extent)));
                self.new_binder("its elements".into(), span, range)
            })
            .collect();
        let positions: Vec<Form> = parameters.iter().map(|&b| Form::binder(b)).collect();
        let [a, b] = [&yes, &no].map(|array| {
            positions.iter().fold(array.clone(), |part, form| {
                self.part(part, Value::Integer { form: form.clone(), strict: true }, span)
            })
        });
        let (a, b) = (self.as_number(a)?, self.as_number(b)?);
        let chosen = self.term(Term::Select(condition, a, b));
        let (group, operands) = (Group::Assign, vec![(false, chosen)]);
        let write = Write { positions, parameters, group, operands, guard: None };
        Some(self.local_array("array".into(), yes, vec![write], span))
    }

    fn chosen_changes(&mut self, condition: TermId, yes: Vec<Change>, mut no: Vec<Change>) -> Vec<Change> {
        let mut chosen = Vec::new();
        let pairs: Vec<bool> = yes.iter().map(|change| pairs(change, &yes, &no)).collect();
        for (change, pairs) in yes.into_iter().zip(pairs) {
            let other = no.iter().position(|n| pairs && same_place(n, &change));
            let other = other.map(|at| no.remove(at));
            chosen.push(self.chosen_change(condition, change, other));
        }
        for change in no {
            let not = self.term(Term::Not(condition));
            let swapped = match change.write.group.neutral() {
                Some(neutral) => {
                    let added = self.chain(change.write.group, change.write.operands);
                    let kept = self.integer(neutral);
                    let operands = vec![(false, self.term(Term::Select(condition, kept, added)))];
                    Change { write: Write { operands, ..change.write }, ..change }
                }
                None => self.guarded(not, change),
            };
            chosen.push(swapped);
        }
        chosen
    }

    fn chosen_change(&mut self, condition: TermId, change: Change, other: Option<Change>) -> Change {
        let group = change.write.group;
        let b = match (other, group.neutral()) {
            (Some(other), _) => self.chain(group, other.write.operands),
            (None, Some(neutral)) => self.integer(neutral),
            (None, None) => return self.guarded(condition, change),
        };
        let a = self.chain(group, change.write.operands);
        let operands = vec![(false, self.term(Term::Select(condition, a, b)))];
        Change { write: Write { operands, ..change.write }, ..change }
    }

    fn guarded(&mut self, condition: TermId, mut change: Change) -> Change {
        change.write.guard = Some(match change.write.guard {
            Some(guard) => self.term(Term::And(condition, guard)),
            None => condition,
        });
        change
    }
}

fn same_place(a: &Change, b: &Change) -> bool {
    a.at == b.at && a.write.positions == b.write.positions
}

/// Whether a change of one branch may go together with one of the other: where their order does not matter.
fn pairs(change: &Change, yes: &[Change], no: &[Change]) -> bool {
    let all = || yes.iter().chain(no).filter(|c| c.at == change.at);
    let alike = all().all(|c| c.write.group == change.write.group && c.write.guard.is_none());
    let single = |changes: &[Change]| changes.iter().filter(|c| c.at == change.at).count() == 1;
    alike && (change.write.group.neutral().is_some() || single(yes) && single(no))
}
