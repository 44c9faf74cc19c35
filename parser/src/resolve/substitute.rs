//! Terms with positions in place of indices.

use std::collections::HashMap;

use super::Resolver;
use super::form::{BinderId, Form, Symbol};
use super::term::{Position, Term, TermId};

impl Resolver<'_> {
    /// The term with these forms in place of these indices.
    pub(super) fn substituted(&mut self, term: TermId, values: &[(BinderId, Form)]) -> TermId {
        if values.is_empty() {
            return term;
        }
        let key = (term, values.to_vec());
        if let Some(&known) = self.substitutions.get(&key) {
            return known;
        }
        let substituted = self.substitute_all(term, values);
        self.substitutions.insert(key, substituted);
        substituted
    }

    /// Goes through everything below `term`, operands first.
    fn substitute_all(&mut self, term: TermId, values: &[(BinderId, Form)]) -> TermId {
        let mut below = vec![term];
        let mut pending = vec![term];
        let mut seen = std::collections::HashSet::from([term]);
        while let Some(next) = pending.pop() {
            let next = self.terms.get(next).clone();
            // What is below a reduction is done with its own index.
            if let Term::Reduce(..) = next {
                continue;
            }
            next.for_each_operand(&mut |operand| {
                if seen.insert(operand) {
                    below.push(operand);
                    pending.push(operand);
                }
            });
        }
        // Operands have smaller ids than what uses them.
        below.sort();
        let mut made: HashMap<TermId, TermId> = HashMap::new();
        for id in below {
            let new = self.substitute_one(id, values, &made);
            made.insert(id, new);
        }
        made.get(&term).copied().unwrap_or(term)
    }

    fn substitute_one(
        &mut self,
        id: TermId,
        values: &[(BinderId, Form)],
        made: &HashMap<TermId, TermId>,
    ) -> TermId {
        let at = |id: &TermId| made.get(id).copied().unwrap_or(*id);
        let all = |operands: &[(bool, TermId)]| operands.iter().map(|(i, t)| (*i, at(t))).collect();
        let new = match self.terms.get(id).clone() {
            Term::Number(_) | Term::Constant(_) => return id,
            Term::Index(form) => Term::Index(replaced(&form, values)),
            Term::Leaf(array, positions) => {
                Term::Leaf(array, positions.iter().map(|p| replaced_position(p, values)).collect())
            }
            Term::Sum(operands) => Term::Sum(all(&operands)),
            Term::Product(operands) => Term::Product(all(&operands)),
            Term::Power(a, b) => Term::Power(at(&a), at(&b)),
            Term::Sqrt(a) => Term::Sqrt(at(&a)),
            Term::Apply(function, args) => Term::Apply(function, args.iter().map(at).collect()),
            Term::Composite(composite, args) => Term::Composite(composite, args.iter().map(at).collect()),
            Term::Select(c, a, b) => Term::Select(at(&c), at(&a), at(&b)),
            Term::Reduce(kind, index, body) => {
                let (index, body) = self.substitute_body(index, body, values);
                Term::Reduce(kind, index, body)
            }
            Term::Length(index) => Term::Length(self.substitute_index(index, values)),
            Term::Compare(comparison, a, b) => Term::Compare(comparison, at(&a), at(&b)),
            Term::And(a, b) => Term::And(at(&a), at(&b)),
            Term::Or(a, b) => Term::Or(at(&a), at(&b)),
            Term::Not(a) => Term::Not(at(&a)),
        };
        self.term(new)
    }

    fn substitute_body(
        &mut self,
        index: BinderId,
        body: TermId,
        values: &[(BinderId, Form)],
    ) -> (BinderId, TermId) {
        let own = self.substitute_index(index, values);
        let mut inner = values.to_vec();
        if own != index {
            inner.push((index, Form::binder(own)));
        }
        (own, self.substituted(body, &inner))
    }

    /// The index itself, or one of its own where its range changes.
    fn substitute_index(&mut self, index: BinderId, values: &[(BinderId, Form)]) -> BinderId {
        let info = &self.binders[index.0 as usize];
        let (name, span) = (info.name.clone(), info.span);
        let Some((lo, hi)) = info.range.clone() else { return index };
        let range = (replaced(&lo, values), replaced(&hi, values));
        if range == (lo, hi) { index } else { self.new_binder(name, span, Some(range)) }
    }
}

/// The form with these forms in place of these indices.
pub(super) fn replaced(form: &Form, values: &[(BinderId, Form)]) -> Form {
    let mut free = form.clone();
    let mut placed = Form::constant(0);
    for (index, value) in values {
        let symbol = Symbol::Binder(*index);
        let coefficient = form.coefficient(symbol);
        free = free.with(symbol, &Form::constant(0)).unwrap_or(free);
        // Positions lie within arrays, far from the ends of `i64`.
        placed = placed.plus(coefficient, value).unwrap_or(placed);
    }
    free.plus(1, &placed).unwrap_or(free)
}

fn replaced_position(position: &Position, values: &[(BinderId, Form)]) -> Position {
    match position {
        Position::Form(form) => Position::Form(replaced(form, values)),
        Position::Lookup(array, inner) => {
            Position::Lookup(*array, inner.iter().map(|p| replaced_position(p, values)).collect())
        }
    }
}
