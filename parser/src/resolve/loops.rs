//! Loops: sums where iterations add up, and one iteration after the other where each needs the one before.
//!
//! A loop that adds to a name is a sum: its body is evaluated once for a symbolic position, and what it adds is
//! reduced over the index afterwards. A loop over a few positions that is no such sum is written out.

use super::Resolver;
use super::form::{BinderId, Form, Symbol};
use super::term::{Kind, Term, TermId};
use super::value::{Binding, Change, Frame, Group, Value, Write};
use crate::diagnostic::{Diagnostic, Problem};
use crate::syntax::{Binder, SpanId, Statement};

/// The largest number of iterations that are written out.
const MAX_ITERATIONS: i64 = 128;
/// The largest number of iterations that are written out in a whole function.
const MAX_UNROLLED: usize = 4096;

/// What evaluating a loop once may have to take back.
struct State {
    scope: Vec<(std::rc::Rc<str>, Binding)>,
    frames: Vec<(Vec<Change>, usize)>,
    diagnostics: usize,
    accesses: usize,
    carried: usize,
}

impl Resolver<'_> {
    pub(super) fn for_loop(&mut self, binder: &Binder, body: &[Statement]) {
        let outer = self.scope.len();
        self.loops += 1;
        if self.loops > super::MAX_LOOPS {
            self.complain(Problem::TooManyLoops { limit: super::MAX_LOOPS }, binder.name.span);
        } else if !self.exhausted
            && let Some(index) = self.bind_index(binder)
        {
            let state = self.state();
            self.summed(index, outer, body);
            if let Some(range) = self.fixed_range(index)
                && let Some((name, span)) = self.carried.get(state.carried).cloned()
            {
                self.restore(state);
                self.written_out(binder, body, range, name.to_string(), span);
            }
        }
        self.loops -= 1;
        self.scope.truncate(outer);
    }

    /// Evaluates the body once and adds up what it does.
    fn summed(&mut self, index: BinderId, barrier: usize, body: &[Statement]) {
        let (changes, reads) = (Vec::new(), Vec::new());
        self.frames.push(Frame { barrier, closed: false, index: Some(index), changes, reads });
        self.statements(body);
        let changes = self.frames.pop().map(|f| f.changes).unwrap_or_default();
        self.scope.truncate(barrier);
        self.reduce_changes(index, changes);
    }

    fn state(&self) -> State {
        State {
            scope: self.scope.clone(),
            frames: self.frames.iter().map(|f| (f.changes.clone(), f.reads.len())).collect(),
            diagnostics: self.diagnostics.len(),
            accesses: self.accesses.len(),
            carried: self.carried.len(),
        }
    }

    fn restore(&mut self, state: State) {
        self.scope = state.scope;
        for (frame, (changes, reads)) in self.frames.iter_mut().zip(state.frames) {
            frame.changes = changes;
            frame.reads.truncate(reads);
        }
        self.diagnostics.truncate(state.diagnostics);
        self.accesses.truncate(state.accesses);
        self.carried.truncate(state.carried);
        // Some of it was found out together with what is taken back.
        self.memo.clear();
    }

    /// Complains about a name that one iteration hands to the next.
    pub(super) fn refuse_recurrence(&mut self, problem: Problem, at: usize, span: SpanId) {
        self.carried.push((self.scope[at].0.clone(), span));
        self.refuse_change(problem, at, span);
    }

    /// Complains about a change; what the name is afterwards is not known.
    pub(super) fn refuse_change(&mut self, problem: Problem, at: usize, span: SpanId) {
        self.complain(problem, span);
        self.scope[at].1 = Binding::Value(Value::Missing);
    }

    fn fixed_range(&self, index: BinderId) -> Option<(i64, i64)> {
        let (lo, hi) = self.binders[index.0 as usize].range.as_ref()?;
        Some((lo.as_constant()?, hi.as_constant()?))
    }

    /// One iteration after the other.
    fn written_out(
        &mut self,
        binder: &Binder,
        body: &[Statement],
        (lo, hi): (i64, i64),
        name: String,
        span: SpanId,
    ) {
        let count = hi.saturating_sub(lo);
        if count > MAX_ITERATIONS || self.unrolled > MAX_UNROLLED {
            let (count, limit) = (count.to_string(), MAX_ITERATIONS);
            let problem = match self.unrolled > MAX_UNROLLED {
                true => Problem::TooManyIterations { name, limit: MAX_UNROLLED },
                false => Problem::LongRecurrence { name, count, limit },
            };
            self.report(Diagnostic::new(problem, span));
            return;
        }
        let before = self.diagnostics.len();
        let outer = self.scope.len() - 1;
        let mut positions: Vec<i64> = (lo..hi).collect();
        if binder.reversed {
            positions.reverse();
        }
        for position in positions {
            self.unrolled += 1;
            let index = Value::Integer { form: Form::constant(position), strict: true };
            self.scope.truncate(outer);
            self.scope.push((binder.name.text.clone(), Binding::Value(index)));
            self.statements(body);
            if self.exhausted || self.diagnostics.len() > before {
                return;
            }
        }
    }

    /// Tells what is outside of a loop what all of its iterations do.
    fn reduce_changes(&mut self, index: BinderId, changes: Vec<Change>) {
        for (nth, change) in changes.iter().enumerate() {
            let Change { at, write, span } = change.clone();
            let name = self.scope[at].0.to_string();
            let is_spread = write.positions.iter().any(|form| form.binders().any(|b| b == index));
            let distinct = own_axis(&write, index).is_some();
            // In which order elements change matters unless every iteration has its own, or all changes add up.
            let mut same = changes.iter().filter(|c| c.at == at);
            let ordered = same.clone().any(|c| c.write.group != write.group) || write.group == Group::Assign;
            if ordered && (!distinct || same.any(|c| c.write.positions != write.positions)) {
                let problem = match write.group {
                    Group::Assign => Problem::AssignmentInLoop { name },
                    _ => Problem::MixedUpdates { name },
                };
                if changes[..nth].iter().all(|c| c.at != at) {
                    self.refuse_recurrence(problem, at, span);
                }
                continue;
            }
            match is_spread {
                true => self.spread(index, at, write, span),
                false => self.reduce_change(index, at, write, span),
            }
        }
    }

    fn reduce_change(&mut self, index: BinderId, at: usize, write: Write, span: SpanId) {
        if write.guard.is_some() {
            let name = self.scope[at].0.to_string();
            self.refuse_change(Problem::ConditionalExtreme { name }, at, span);
            return;
        }
        // An index that says how far another one goes is added up together with that.
        let bounds = |b: &BinderId| {
            let range = self.binders[b.0 as usize].range.as_ref();
            range.is_some_and(|(lo, hi)| lo.binders().chain(hi.binders()).any(|b| b == index))
        };
        if write.parameters.iter().any(bounds) {
            let mut write = write;
            write.parameters.push(index);
            self.change(Change { at, write, span });
            return;
        }
        let Write { positions, parameters, group, operands, guard: _ } = write;
        let body = self.chain(group, operands);
        let reduced = match group {
            Group::Sum | Group::Assign => self.term(Term::Reduce(Kind::Sum, index, body)),
            Group::Product => self.term(Term::Reduce(Kind::Product, index, body)),
            Group::Max => self.term(Term::Reduce(Kind::Max, index, body)),
            Group::Min => {
                let minus = self.negated(body);
                let largest = self.term(Term::Reduce(Kind::Max, index, minus));
                self.negated(largest)
            }
        };
        let operands = vec![(false, reduced)];
        let write = Write { positions, parameters, group, operands, guard: None };
        self.change(Change { at, write, span });
    }

    /// Lets the index stand for every element it ran over.
    fn spread(&mut self, index: BinderId, at: usize, write: Write, span: SpanId) {
        let symbol = Symbol::Binder(index);
        let alone = own_axis(&write, index);
        let own = alone.or_else(|| write.positions.iter().position(|form| form.coefficient(symbol) != 0));
        // Only indices among the positions are spread, over ranges that loops have said.
        let range = self.binders[index.0 as usize].range.clone();
        let (Some(axis), Some((lo, hi))) = (own, range) else {
            return self.refuse_change(Problem::StridedElement, at, span);
        };
        let form = &write.positions[axis];
        if form.coefficient(symbol).abs() != 1 {
            self.refuse_change(Problem::StridedElement, at, span);
            return;
        }
        // Where two indices share an axis, several iterations meet at one element, in an order that may matter.
        if alone.is_none() && write.group.neutral().is_none() {
            let name = self.scope[at].0.to_string();
            self.refuse_recurrence(Problem::AssignmentInLoop { name }, at, span);
            return;
        }
        let extent = self.local_extents(at).get(axis).cloned();
        let ends = [
            (lo.clone(), Some(Form::constant(0))),
            (hi.clone(), extent.as_ref().map(super::arrays::extent_form)),
        ];
        let [all_lower, all_upper] = ends.map(|(end, whole)| {
            let reached = form.with(symbol, &end).zip(whole);
            reached.is_some_and(|(reached, whole)| self.canonical(&reached) == self.canonical(&whole))
        });
        let position = self.term(Term::Index(Form::binder(index)));
        let (mut guard, mut parameters) = (write.guard, write.parameters.clone());
        parameters.push(index);
        let mut within = |resolver: &mut Self, comparison, end: Form| {
            let end = resolver.term(Term::Index(end));
            let holds = resolver.term(Term::Compare(comparison, position, end));
            guard = Some(match guard {
                Some(guard) => resolver.term(Term::And(guard, holds)),
                None => holds,
            });
        };
        if !all_lower {
            within(self, crate::syntax::Comparison::GreaterEqual, lo);
        }
        if !all_upper {
            within(self, crate::syntax::Comparison::Less, hi);
        }
        let write = self.settled(Write { guard, parameters, ..write });
        self.change(Change { at, write, span });
    }

    /// The write without a guard, where a neutral operand says the same.
    fn settled(&mut self, write: Write) -> Write {
        let (Some(guard), Some(neutral)) = (write.guard, write.group.neutral()) else { return write };
        let operand = self.chain(write.group, write.operands);
        let neutral: TermId = self.integer(neutral);
        let operand = self.term(Term::Select(guard, operand, neutral));
        Write { operands: vec![(false, operand)], guard: None, ..write }
    }
}

/// The axis along which the index alone tells elements apart.
fn own_axis(write: &Write, index: BinderId) -> Option<usize> {
    write.positions.iter().position(|form| {
        form.binders().any(|b| b == index) && !form.binders().any(|b| write.parameters.contains(&b))
    })
}
