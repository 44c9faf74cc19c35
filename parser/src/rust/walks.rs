//! From sequences to indices: the positions that are walked, and the item at each of them.

use proc_macro2::Span;

use super::Reader;
use super::iterators::{Sequence, Step};
use crate::syntax::{Binder, Name, Node, NodeId, Operand, Pattern, Positions, Statement};

/// Indices, outermost first, the conditions that the items meet, and the item.
pub(super) struct Walk {
    pub(super) binders: Vec<Binder>,
    pub(super) guards: Vec<NodeId>,
    pub(super) item: NodeId,
}

impl Reader {
    /// How the expression in the place of an iterator is walked.
    pub(super) fn walked(&mut self, expr: &syn::Expr) -> Walk {
        use syn::spanned::Spanned;
        let sequence = self.sequence(expr);
        self.walk(&sequence, expr.span())
    }

    /// How a sequence is walked.
    pub(super) fn walk(&mut self, sequence: &Sequence, span: Span) -> Walk {
        match sequence {
            Sequence::Map(inner, step) if !goes_by_position(inner) => {
                let mut walk = self.walk(inner, span);
                walk.item = self.mapped(step, walk.item);
                walk
            }
            Sequence::Filter(inner, step) => {
                let mut walk = self.walk(inner, span);
                walk.guards.push(self.mapped(step, walk.item));
                walk
            }
            Sequence::Flat(inner) => {
                let mut walk = self.walk(inner, span);
                let name = self.fresh_name(span);
                let length = self.push(Node::Length(walk.item), span);
                let position = self.push(Node::Name(name.text.clone()), span);
                let positions = Positions::Common(vec![length]);
                walk.binders.push(Binder { name, positions, reversed: false });
                walk.item = self.push(Node::Subscript(walk.item, vec![position]), span);
                walk
            }
            Sequence::Reversed(inner) => {
                let mut walk = self.walk(inner, span);
                walk.binders.iter_mut().for_each(|binder| binder.reversed = !binder.reversed);
                walk
            }
            _ => {
                let name = self.fresh_name(span);
                self.walk_by_position(sequence, name, span)
            }
        }
    }

    fn walk_by_position(&mut self, sequence: &Sequence, name: Name, span: Span) -> Walk {
        let position = self.push(Node::Name(name.text.clone()), span);
        // A range alone is walked as it is; beside others, positions count from 0.
        let mut root = sequence;
        while let Sequence::Map(inner, _) = root {
            root = inner;
        }
        let (positions, item) = match root {
            Sequence::Range(lo, hi) => (Positions::Between(*lo, *hi), self.item(sequence, position, true)),
            _ => {
                let mut lengths = Vec::new();
                self.lengths(sequence, &mut lengths);
                (Positions::Common(lengths), self.item(sequence, position, false))
            }
        };
        Walk { binders: vec![Binder { name, positions, reversed: false }], guards: Vec::new(), item }
    }

    /// The items of a sequence as an array.
    pub(super) fn collected(&mut self, sequence: &Sequence, span: Span) -> NodeId {
        if !sequence.is_plain() {
            let instead = "collect all items, and choose with `if` where they are used";
            return self.unsupported("an array of filtered items", instead, &span);
        }
        let name = self.fresh_name(span);
        let position = self.push(Node::Name(name.text.clone()), span);
        let item = self.item(sequence, position, false);
        let length = self.length(sequence, span);
        self.push(Node::Table(Pattern::Name(name), item, length), span)
    }

    fn item(&mut self, sequence: &Sequence, position: NodeId, direct: bool) -> NodeId {
        let span = self.tree.span(position);
        match sequence {
            Sequence::Range(lo, _) => {
                if direct || self.is_zero(*lo) {
                    return position;
                }
                self.plus(*lo, position, false)
            }
            Sequence::Elements(array) => {
                let span = self.tree.span(*array);
                self.tree.push(Node::Subscript(*array, vec![position]), span)
            }
            Sequence::Zip(a, b) => {
                let items = vec![self.item(a, position, false), self.item(b, position, false)];
                self.tree.push(Node::Tuple(items), span)
            }
            Sequence::Enumerate(inner) => {
                let item = self.item(inner, position, false);
                self.tree.push(Node::Tuple(vec![position, item]), span)
            }
            Sequence::Map(inner, step) => {
                let item = self.item(inner, position, direct);
                self.mapped(step, item)
            }
            Sequence::Skip(inner, count) => {
                let shifted = self.plus(position, *count, false);
                self.item(inner, shifted, false)
            }
            Sequence::Reversed(inner) => {
                let mut lengths = Vec::new();
                self.lengths(inner, &mut lengths);
                let length = self.tree.push(Node::Shortest(lengths), span);
                let last = self.shifted(length, 1, true);
                let mirrored = self.plus(last, position, true);
                self.item(inner, mirrored, false)
            }
            Sequence::Strided(inner, by) => {
                let by = self.tree.push(Node::Integer(by.to_string().into()), span);
                let operands = [position, by].map(|node| Operand { inverted: false, node });
                let scaled = self.tree.push(Node::Product(operands.to_vec()), span);
                self.item(inner, scaled, false)
            }
            // What walks without positions is refused where positions are asked for.
            Sequence::Take(inner, _)
            | Sequence::Before(inner, _)
            | Sequence::Filter(inner, _)
            | Sequence::Flat(inner) => self.item(inner, position, false),
            Sequence::Windows(array, count) => self.neighbors(*array, position, *count),
            Sequence::Chunks(array, count) => {
                let by = self.tree.push(Node::Integer(count.to_string().into()), span);
                let operands = [position, by].map(|node| Operand { inverted: false, node });
                let first = self.tree.push(Node::Product(operands.to_vec()), span);
                self.neighbors(*array, first, *count)
            }
        }
    }

    /// `count` elements from `first` on.
    fn neighbors(&mut self, array: NodeId, first: NodeId, count: usize) -> NodeId {
        let span = self.tree.span(first);
        let items = (0..count)
            .map(|at| {
                let shifted = if at == 0 { first } else { self.shifted(first, at, false) };
                self.tree.push(Node::Subscript(array, vec![shifted]), span)
            })
            .collect();
        self.tree.push(Node::Tuple(items), span)
    }

    fn mapped(&mut self, step: &Step, item: NodeId) -> NodeId {
        let span = self.tree.span(item);
        match step {
            Step::Closure(pattern, body) => {
                self.tree.push(Node::Block(vec![Statement::Let(pattern.clone(), item)], *body), span)
            }
            Step::Named(name) => self.tree.push(Node::Call(name.clone(), vec![item]), name.span),
            Step::Method(method, place) => self.number_method(method, item, &[], *place, *place),
            Step::Function(known, place) => self.push(Node::Apply(*known, vec![item]), *place),
        }
    }

    fn length(&mut self, sequence: &Sequence, span: Span) -> NodeId {
        let mut lengths = Vec::new();
        self.lengths(sequence, &mut lengths);
        match lengths[..] {
            [only] => only,
            _ => self.push(Node::Shortest(lengths), span),
        }
    }

    /// The number of positions of each of the sequences that are walked together.
    pub(super) fn lengths(&mut self, sequence: &Sequence, lengths: &mut Vec<NodeId>) {
        match sequence {
            Sequence::Range(lo, hi) => {
                lengths.push(if self.is_zero(*lo) { *hi } else { self.remaining(*hi, *lo) });
            }
            Sequence::Elements(array) => {
                let span = self.tree.span(*array);
                lengths.push(self.tree.push(Node::Length(*array), span));
            }
            Sequence::Zip(a, b) => {
                self.lengths(a, lengths);
                self.lengths(b, lengths);
            }
            Sequence::Enumerate(inner)
            | Sequence::Map(inner, _)
            | Sequence::Reversed(inner)
            | Sequence::Filter(inner, _)
            | Sequence::Flat(inner) => self.lengths(inner, lengths),
            Sequence::Skip(inner, count) => {
                let mut whole = Vec::new();
                self.lengths(inner, &mut whole);
                for length in whole {
                    lengths.push(self.remaining(length, *count));
                }
            }
            Sequence::Take(inner, count) => {
                self.lengths(inner, lengths);
                lengths.push(*count);
            }
            Sequence::Before(_, end) => lengths.push(*end),
            Sequence::Strided(inner, by) => {
                let span = match self.lengths_of(inner)[..] {
                    [first, ..] => self.tree.span(first),
                    [] => return,
                };
                let whole = self.lengths_of(inner);
                let whole = self.tree.push(Node::Shortest(whole), span);
                let raised = if *by == 1 { whole } else { self.shifted(whole, by - 1, false) };
                lengths.push(self.quotient(raised, *by));
            }
            Sequence::Windows(array, count) => {
                let span = self.tree.span(*array);
                let length = self.tree.push(Node::Length(*array), span);
                let others = self.tree.push(Node::Integer((count - 1).to_string().into()), span);
                lengths.push(if *count == 1 { length } else { self.remaining(length, others) });
            }
            Sequence::Chunks(array, count) => {
                let span = self.tree.span(*array);
                let length = self.tree.push(Node::Length(*array), span);
                lengths.push(self.quotient(length, *count));
            }
        }
    }

    fn lengths_of(&mut self, sequence: &Sequence) -> Vec<NodeId> {
        let mut lengths = Vec::new();
        self.lengths(sequence, &mut lengths);
        lengths
    }

    fn quotient(&mut self, node: NodeId, by: usize) -> NodeId {
        let span = self.tree.span(node);
        self.tree.push(Node::Parts(node, by), span)
    }

    /// `a - b`, and zero where that is less.
    fn remaining(&mut self, a: NodeId, b: NodeId) -> NodeId {
        let span = self.tree.span(a);
        self.tree.push(Node::Remaining(a, b), span)
    }

    /// `a ± b`
    pub(super) fn plus(&mut self, a: NodeId, b: NodeId, back: bool) -> NodeId {
        let span = self.tree.span(a);
        let operands = vec![Operand { inverted: false, node: a }, Operand { inverted: back, node: b }];
        self.tree.push(Node::Sum(operands), span)
    }

    fn is_zero(&self, node: NodeId) -> bool {
        matches!(self.tree.node(node), Node::Integer(text) if text.bytes().all(|b| b == b'0'))
    }
}

/// Whether an item is found by its position alone.
fn goes_by_position(sequence: &Sequence) -> bool {
    match sequence {
        Sequence::Reversed(_) => false,
        Sequence::Map(inner, _) => goes_by_position(inner),
        other => other.is_plain(),
    }
}
