//! What a change of elements does to one of them.
//!
//! The indices of the loops that made the change follow from the position that is read. Where that position may be one
//! that the loops do not reach, what would be computed for it may not exist: then every iteration is asked whether it is
//! the one.

use super::Resolver;
use super::arrays::extent_form;
use super::form::{BinderId, Form, Symbol};
use super::substitute::replaced;
use super::term::{ArrayId, Kind, Position, Term, TermId};
use super::value::{Group, Write};
use crate::syntax::Comparison;

/// What becomes of a change at one position.
pub(super) enum Reached {
    /// It is known to be a change of another element.
    Other,
    /// The position is beyond all numbers.
    Unknown,
    /// What it does to this element.
    Change(Write),
}

/// The iterations that reach a position.
struct Iterations {
    /// Indices that follow from the position.
    values: Vec<(BinderId, Form)>,
    /// Indices that may be any of their range, outermost first.
    open: Vec<BinderId>,
    /// Pairs that are equal in the iterations that reach it.
    equal: Vec<(Form, Form)>,
}

impl Resolver<'_> {
    /// What a change of an array of this shape does to its element at `positions`.
    pub(super) fn reached(&mut self, write: &Write, shape: ArrayId, positions: &[Form]) -> Reached {
        let Some(mut iterations) = self.iterations(write, positions) else { return Reached::Unknown };
        let mut conditions = Vec::new();
        for (own, position) in &iterations.equal {
            match own.plus(-1, position).map(|d| self.canonical(&d)) {
                Some(difference) => match difference.as_constant() {
                    Some(0) => {}
                    Some(_) => return Reached::Other,
                    None => conditions.push((own.clone(), position.clone())),
                },
                None => return Reached::Unknown,
            }
        }
        iterations.equal = conditions;
        if iterations.values.iter().any(|(index, value)| self.is_outside(*index, value, &iterations.values)) {
            return Reached::Other;
        }
        if !self.exist(write, shape, &iterations) {
            let mut open = write.parameters.clone();
            open.sort();
            let equal = write.positions.iter().cloned().zip(positions.iter().cloned());
            iterations = Iterations { values: Vec::new(), open, equal: equal.collect() };
        }
        Reached::Change(self.change_by(write, positions, iterations))
    }

    /// The iterations that reach `positions`; `None` beyond the range of `i64`.
    fn iterations(&self, write: &Write, positions: &[Form]) -> Option<Iterations> {
        let mut values: Vec<(BinderId, Form)> = Vec::new();
        let mut equal = Vec::new();
        for (own, position) in write.positions.iter().zip(positions) {
            let own = placed(own, &values)?;
            let free = own
                .binders()
                .filter(|&b| write.parameters.contains(&b) && own.coefficient(Symbol::Binder(b)).abs() == 1);
            // Ranges mention outer indices only: what follows is the inner one.
            match free.max() {
                Some(index) => {
                    let symbol = Symbol::Binder(index);
                    let rest = own.with(symbol, &Form::constant(0))?;
                    let value = position.plus(-1, &rest)?.scaled(own.coefficient(symbol))?;
                    for (_, known) in &mut values {
                        *known = known.with(symbol, &value)?;
                    }
                    values.push((index, value));
                }
                None => equal.push((own, position.clone())),
            }
        }
        for (own, _) in &mut equal {
            *own = placed(own, &values)?;
        }
        let mut open = write.parameters.clone();
        open.retain(|b| values.iter().all(|(known, _)| known != b));
        open.sort();
        Some(Iterations { values, open, equal })
    }

    /// Whether what the change computes exists at the position for all iterations.
    fn exist(&mut self, write: &Write, shape: ArrayId, iterations: &Iterations) -> bool {
        let Iterations { values, open, .. } = iterations;
        let mentioned = |b: &BinderId| {
            let range = self.binders[b.0 as usize].range.as_ref();
            range.is_some_and(|(lo, hi)| {
                lo.binders().chain(hi.binders()).any(|b| values.iter().any(|(known, _)| *known == b))
            })
        };
        if open.iter().any(mentioned) {
            return false;
        }
        if values.iter().all(|(index, value)| {
            self.is_whole(*index, write, shape) || self.is_within(*index, value, values)
        }) {
            return true;
        }
        let terms: Vec<TermId> = write.operands.iter().map(|o| o.1).chain(write.guard).collect();
        terms.into_iter().all(|term| {
            let term = self.substituted(term, values);
            self.reads_elements(term)
        })
    }

    /// Whether the index runs over all of an axis, so that every element has its iteration.
    fn is_whole(&self, index: BinderId, write: &Write, shape: ArrayId) -> bool {
        let own = Form::binder(index);
        let axis = write.positions.iter().position(|form| *form == own);
        let extent = axis.and_then(|axis| self.arrays[shape.0 as usize].shape.get(axis)?.as_ref());
        let range = self.binders[index.0 as usize].range.as_ref();
        extent.zip(range).is_some_and(|(extent, (lo, hi))| {
            *lo == Form::constant(0) && self.canonical(hi) == self.canonical(&extent_form(extent))
        })
    }

    /// Whether the value is known to lie in the range of the index.
    fn is_within(&self, index: BinderId, value: &Form, values: &[(BinderId, Form)]) -> bool {
        self.binders[index.0 as usize].range.as_ref().is_some_and(|(lo, hi)| {
            self.is_never_less(value, &replaced(lo, values), 0)
                && self.is_never_less(&replaced(hi, values), value, 1)
        })
    }

    /// Whether the value is known to lie outside of the range of the index.
    fn is_outside(&self, index: BinderId, value: &Form, values: &[(BinderId, Form)]) -> bool {
        self.binders[index.0 as usize].range.as_ref().is_some_and(|(lo, hi)| {
            self.is_never_less(&replaced(lo, values), value, 1)
                || self.is_never_less(value, &replaced(hi, values), 0)
        })
    }

    /// Whether `a ≥ b + by` for all values of the indices.
    fn is_never_less(&self, a: &Form, b: &Form, by: i64) -> bool {
        let least = a.plus(-1, b).and_then(|difference| self.extreme(&difference, false));
        let least = least.map(|least| self.canonical(&least)).and_then(|least| least.as_constant());
        least.is_some_and(|least| least >= by)
    }

    /// Whether every element that a term reads is known to exist.
    fn reads_elements(&self, term: TermId) -> bool {
        let mut pending = vec![term];
        let mut seen = std::collections::HashSet::new();
        while let Some(next) = pending.pop() {
            if !seen.insert(next) {
                continue;
            }
            let next = self.terms.get(next);
            if let Term::Leaf(array, positions) = next
                && !self.are_elements(*array, positions)
            {
                return false;
            }
            next.for_each_operand(&mut |operand| pending.push(operand));
        }
        true
    }

    fn are_elements(&self, array: ArrayId, positions: &[Position]) -> bool {
        let shape = &self.arrays[array.0 as usize].shape;
        positions.iter().zip(shape).all(|(position, extent)| match (position, extent) {
            (Position::Form(form), Some(extent)) => {
                self.is_never_less(form, &Form::constant(0), 0)
                    && self.is_never_less(&extent_form(extent), form, 1)
            }
            (Position::Lookup(array, inner), _) => self.are_elements(*array, inner),
            (Position::Form(_), None) => false,
        })
    }

    /// What these iterations of a change do together.
    fn change_by(&mut self, write: &Write, positions: &[Form], iterations: Iterations) -> Write {
        let Iterations { values, open, equal } = iterations;
        let mut guard = write.guard.map(|guard| self.substituted(guard, &values));
        for (own, position) in equal {
            let (a, b) = (self.term(Term::Index(position)), self.term(Term::Index(own)));
            let holds = self.term(Term::Compare(Comparison::Equal, a, b));
            guard = Some(guard.map_or(holds, |all| self.term(Term::And(all, holds))));
        }
        let operands: Vec<_> = write
            .operands
            .iter()
            .map(|&(inverted, term)| (inverted, self.substituted(term, &values)))
            .collect();
        let (positions, group) = (positions.to_vec(), write.group);
        let mut changed = Write { positions, parameters: Vec::new(), group, operands, guard };
        if open.is_empty() {
            return changed;
        }
        let (kind, neutral) = match group {
            Group::Product => (Kind::Product, 1),
            // Of those that stand for themselves, one iteration alone reaches the element.
            Group::Sum | Group::Assign | Group::Max | Group::Min => (Kind::Sum, 0),
        };
        let operand = self.chain(group, std::mem::take(&mut changed.operands));
        let operand = self.reduced_where(changed.guard, (kind, neutral), operand, &open);
        changed.operands = vec![(false, operand)];
        changed.guard = match group.neutral() {
            Some(_) => None,
            None => {
                let (one, zero) = (self.integer(1), self.integer(0));
                let count = self.reduced_where(changed.guard, (Kind::Sum, 0), one, &open);
                Some(self.term(Term::Compare(Comparison::Greater, count, zero)))
            }
        };
        changed
    }

    /// The reduction of a term over indices, outermost first, where a condition holds.
    fn reduced_where(
        &mut self,
        condition: Option<TermId>,
        (kind, neutral): (Kind, i64),
        term: TermId,
        indices: &[BinderId],
    ) -> TermId {
        let neutral = self.integer(neutral);
        let body = condition.map_or(term, |holds| self.term(Term::Select(holds, term, neutral)));
        indices.iter().rev().fold(body, |body, &index| self.term(Term::Reduce(kind, index, body)))
    }
}

/// The form with these values in place of these indices; `None` beyond the range of `i64`.
fn placed(form: &Form, values: &[(BinderId, Form)]) -> Option<Form> {
    values.iter().try_fold(form.clone(), |form, (index, value)| form.with(Symbol::Binder(*index), value))
}
