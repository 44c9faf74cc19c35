//! What names and expressions stand for while a program is resolved.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::form::Form;
use super::term::{ArrayId, Position, TermId};
use crate::syntax::{DefinitionKind, NodeId, Pattern, SpanId};

/// A function value: a definition or a closure.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct FunctionId(pub(super) u32);

/// The value of an expression.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Value {
    Number(TermId),
    /// An integer; `strict` ones become numbers only by a cast.
    Integer {
        form: Form,
        strict: bool,
    },
    /// An integer that is data: a number once it is cast.
    Counted(TermId),
    /// An array with some leading subscripts given.
    View {
        array: ArrayId,
        prefix: Vec<Position>,
    },
    Condition(TermId),
    Tuple(Rc<[Value]>),
    /// A structure, by what the names of its arrays begin with.
    Record(Rc<str>),
    Function(FunctionId),
    /// Something already complained about.
    Missing,
}

/// A function that can be called with values.
#[derive(Clone, Debug)]
pub(super) struct FunctionValue {
    pub(super) name: Rc<str>,
    pub(super) kind: DefinitionKind,
    pub(super) patterns: Vec<Pattern>,
    pub(super) body: NodeId,
    /// The array that stands for its shape, where it is an array of values.
    pub(super) table: Option<ArrayId>,
    /// What it captured.
    pub(super) scope: Vec<(Rc<str>, Binding)>,
}

/// What a local name is bound to.
#[derive(Clone, Debug)]
pub(super) enum Binding {
    Value(Value),
    /// Operands taken in one after the other; they are one chain.
    Chain(Group, Vec<(bool, TermId)>),
}

/// What kind of chain an accumulator is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Group {
    Sum,
    Product,
    Max,
}

/// A region whose changes to outer names are collected: the body of a loop or of a branch.
#[derive(Debug)]
pub(super) struct Frame {
    /// Names below this position of the scope are outside.
    pub(super) barrier: usize,
    /// Whether outer names may change at all.
    pub(super) closed: bool,
    pub(super) changes: Vec<Change>,
    /// Outer names whose values were used.
    pub(super) reads: BTreeSet<usize>,
}

/// What a region does to an outer name.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) at: usize,
    pub(super) group: Group,
    pub(super) operands: Vec<(bool, TermId)>,
    pub(super) span: SpanId,
}
