//! What resolving yields: terms with every name, role, shape and range settled, operands first.

use std::collections::HashMap;
use std::rc::Rc;

use hesse_symbolic::functions::{Composite, Function};

use super::form::{BinderId, DimensionId, Form};
use crate::syntax::{Comparison, Role};

/// A resolved term.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct TermId(pub(crate) u32);

/// A declared or inferred array.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct ArrayId(pub(crate) u32);

/// How a term reduces its body.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Kind {
    Sum,
    Product,
    Max,
    LogSumExp,
}

/// One subscript.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Position {
    Form(Form),
    Lookup(ArrayId, Vec<Position>),
}

/// A scalar or a condition.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Term {
    /// A decimal literal.
    Number(Rc<str>),
    /// The bits of a constant that no literal says exactly.
    Constant(u64),
    /// An integer form as a number.
    Index(Form),
    Leaf(ArrayId, Vec<Position>),
    /// Operands; subtracted where `true`.
    Sum(Vec<(bool, TermId)>),
    /// Operands; dividing where `true`.
    Product(Vec<(bool, TermId)>),
    Power(TermId, TermId),
    Sqrt(TermId),
    Apply(Function, Vec<TermId>),
    Composite(Composite, Vec<TermId>),
    Select(TermId, TermId, TermId),
    Reduce(Kind, BinderId, TermId),
    /// The number of positions of a binder.
    Length(BinderId),
    Compare(Comparison, TermId, TermId),
    And(TermId, TermId),
    Or(TermId, TermId),
    Not(TermId),
}

impl Term {
    pub(crate) fn for_each_operand(&self, visit: &mut dyn FnMut(TermId)) {
        match self {
            Term::Number(_) | Term::Constant(_) | Term::Index(_) | Term::Leaf(..) | Term::Length(_) => {}
            Term::Sum(operands) | Term::Product(operands) => operands.iter().for_each(|o| visit(o.1)),
            Term::Apply(_, args) | Term::Composite(_, args) => args.iter().for_each(|&a| visit(a)),
            Term::Power(a, b) | Term::Compare(_, a, b) | Term::And(a, b) | Term::Or(a, b) => {
                [*a, *b].into_iter().for_each(visit);
            }
            Term::Select(c, a, b) => [*c, *a, *b].into_iter().for_each(visit),
            Term::Sqrt(a) | Term::Reduce(_, _, a) | Term::Not(a) => visit(*a),
        }
    }
}

/// The terms made so far; equal terms have equal ids.
#[derive(Clone, Default, Debug)]
pub(crate) struct Terms {
    terms: Vec<Term>,
    ids: HashMap<Term, TermId>,
}

impl Terms {
    pub(crate) fn intern(&mut self, term: Term) -> TermId {
        if let Some(&id) = self.ids.get(&term) {
            return id;
        }
        let id = TermId(self.terms.len() as u32);
        self.terms.push(term.clone());
        self.ids.insert(term, id);
        id
    }

    pub(crate) fn get(&self, id: TermId) -> &Term {
        &self.terms[id.0 as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.terms.len()
    }

    /// All terms, operands first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Term> {
        self.terms.iter()
    }
}

/// The size of one axis.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Extent {
    Fixed(usize),
    Dimension(DimensionId),
}

/// An array with everything known about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ResolvedArray {
    pub(crate) name: Rc<str>,
    pub(crate) role: Role,
    pub(crate) shape: Vec<Extent>,
}

/// A whole input, ready to be lowered.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    pub(crate) terms: Terms,
    /// Names of the dimensions, by id.
    pub(crate) dimensions: Vec<Rc<str>>,
    /// Which dimension each dimension turned out to equal.
    pub(crate) representatives: Vec<DimensionId>,
    /// Arrays in order, with the ids terms use; undeclared ones E does not need are left out.
    pub(crate) arrays: Vec<(ArrayId, ResolvedArray)>,
    /// Ranges of the binders, by id.
    pub(crate) ranges: Vec<(Form, Form)>,
    /// By how much a binder is more than its index, by id: loops count from zero or above.
    pub(crate) origins: Vec<Form>,
    /// Which terms E is made of.
    pub(crate) needed: Vec<bool>,
    pub(crate) error: TermId,
}
