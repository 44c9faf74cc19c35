//! What names and expressions stand for while a program is resolved.

use std::rc::Rc;

use super::form::{BinderId, Form};
use super::term::{ArrayId, Position, TermId};
use crate::syntax::{DefinitionKind, NodeId, Pattern, SpanId};

/// A function value: a definition or a closure.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct FunctionId(pub(super) u32);

/// An array of the function whose elements were changed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct LocalId(pub(super) u32);

/// The value of an expression.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Value {
    Number(TermId),
    /// An integer; `strict` ones become numbers only by a cast.
    Integer {
        form: Form,
        strict: bool,
    },
    /// An integer that is data or computed from data: a number once it is cast.
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
    /// An array of the function whose elements were changed, with some leading subscripts given.
    Local {
        array: LocalId,
        prefix: Vec<Form>,
    },
    /// ±∞, from which a largest or smallest value starts.
    Infinite {
        negative: bool,
    },
    /// Something already complained about.
    Missing,
}

impl Value {
    /// What was computed, of integers or of numbers.
    pub(super) fn computed(term: TermId, whole: bool) -> Value {
        if whole { Value::Counted(term) } else { Value::Number(term) }
    }
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
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Binding {
    Value(Value),
    /// Operands taken in one after the other; they are one chain, of integers where it says so.
    Chain(Group, Vec<Operand>, bool),
}

/// An operand of a chain: subtracted or dividing where `true`.
pub(super) type Operand = (bool, TermId);

/// How a name or an element takes values in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Group {
    Sum,
    Product,
    Max,
    Min,
    /// The last value stands.
    Assign,
}

impl Group {
    /// What changes nothing.
    pub(super) fn neutral(self) -> Option<i64> {
        match self {
            Group::Sum => Some(0),
            Group::Product => Some(1),
            Group::Max | Group::Min | Group::Assign => None,
        }
    }
}

/// A region whose changes to outer names are collected: the body of a loop, of a branch or of a closure.
#[derive(Debug)]
pub(super) struct Frame {
    /// Names below this position of the scope are outside.
    pub(super) barrier: usize,
    /// Whether outer names may change at all.
    pub(super) closed: bool,
    /// The index of a loop.
    pub(super) index: Option<BinderId>,
    pub(super) changes: Vec<Change>,
    /// Outer names whose values were used; elements with their positions.
    pub(super) reads: Vec<(usize, Option<Vec<Form>>)>,
}

/// What a region does to an outer name or to an element of it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Change {
    /// The place of the name in the scope.
    pub(super) at: usize,
    pub(super) write: Write,
    pub(super) span: SpanId,
}

/// A change of the element at `positions`; of a number where there are none.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Write {
    pub(super) positions: Vec<Form>,
    /// The indices among these that stand for every position.
    pub(super) parameters: Vec<BinderId>,
    pub(super) group: Group,
    pub(super) operands: Vec<Operand>,
    /// Where the change happens at all.
    pub(super) guard: Option<TermId>,
}

/// An array of the function: what it was at first, and the changes since.
#[derive(Clone, Debug)]
pub(super) struct LocalArray {
    pub(super) base: Value,
    /// The array that stands for its shape.
    pub(super) shape: ArrayId,
    pub(super) writes: Vec<Write>,
}
