//! Iterator chains: what is walked, and the item at each position.
//!
//! `x.iter().zip(t).map(|(x, t)| …).sum()` is a sum over positions `k` of the body with `(x, t)` bound to
//! `(x[k], t[k])`.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{BinOp, Expr, ExprMethodCall, Lit, RangeLimits};

use super::Reader;
use crate::builtins::Reduction;
use crate::diagnostic::Problem;
use crate::syntax::{Binder, Name, Node, NodeId, Operand, Pattern, Positions, Statement, Update};

/// Something that is walked from its first position on.
pub(super) enum Sequence {
    /// Integers `lo..hi`.
    Range(NodeId, NodeId),
    /// The elements or rows of an array.
    Elements(NodeId),
    Zip(Box<Sequence>, Box<Sequence>),
    Enumerate(Box<Sequence>),
    Map(Box<Sequence>, Step),
    Skip(Box<Sequence>, NodeId),
    Take(Box<Sequence>, NodeId),
    /// Neighbors, so many at a time.
    Windows(NodeId, usize),
}

/// What `map` does to an item.
pub(super) enum Step {
    Closure(Pattern, NodeId),
    Named(Name),
    /// `f64::sqrt`
    Method(String, Span),
}

impl Reader {
    /// What an expression in the place of an iterator walks over.
    pub(super) fn sequence(&mut self, expr: &Expr) -> Sequence {
        if self.depth >= crate::formula::MAX_DEPTH {
            return Sequence::Elements(
                self.complain(Problem::TooDeep { limit: crate::formula::MAX_DEPTH }, expr.span()),
            );
        }
        self.depth += 1;
        let sequence = self.any_sequence(expr);
        self.depth -= 1;
        sequence
    }

    fn any_sequence(&mut self, expr: &Expr) -> Sequence {
        match expr {
            Expr::Paren(inner) => self.sequence(&inner.expr),
            Expr::Group(inner) => self.sequence(&inner.expr),
            Expr::Reference(inner) => self.sequence(&inner.expr),
            Expr::Range(range) => {
                let (Some(lo), Some(hi)) = (&range.start, &range.end) else {
                    return Sequence::Elements(self.complain(Problem::Iteration, range.span()));
                };
                let (lo, mut hi) = (self.expression(lo), self.expression(hi));
                if matches!(range.limits, RangeLimits::Closed(_)) {
                    hi = self.shifted(hi, 1, false);
                }
                Sequence::Range(lo, hi)
            }
            Expr::MethodCall(call) => self.adapter(call),
            other => Sequence::Elements(self.expression(other)),
        }
    }

    fn adapter(&mut self, call: &ExprMethodCall) -> Sequence {
        let args: Vec<&Expr> = call.args.iter().collect();
        let method = call.method.to_string();
        match (method.as_str(), &args[..]) {
            ("iter" | "into_iter" | "copied" | "cloned" | "by_ref", []) => self.sequence(&call.receiver),
            ("zip", [other]) => {
                let first = self.sequence(&call.receiver);
                Sequence::Zip(Box::new(first), Box::new(self.sequence(other)))
            }
            ("enumerate", []) => Sequence::Enumerate(Box::new(self.sequence(&call.receiver))),
            ("map", [step]) => {
                let inner = Box::new(self.sequence(&call.receiver));
                match self.step(step) {
                    Some(step) => Sequence::Map(inner, step),
                    None => *inner,
                }
            }
            ("skip", [count]) => {
                let inner = Box::new(self.sequence(&call.receiver));
                Sequence::Skip(inner, self.expression(count))
            }
            ("take", [count]) => {
                let inner = Box::new(self.sequence(&call.receiver));
                Sequence::Take(inner, self.expression(count))
            }
            ("windows", [Expr::Lit(literal)]) => {
                let count = match &literal.lit {
                    Lit::Int(count) => count.base10_parse::<usize>().ok().filter(|c| (1..=64).contains(c)),
                    _ => None,
                };
                let array = self.expression(&call.receiver);
                match count {
                    Some(count) => Sequence::Windows(array, count),
                    None => Sequence::Elements(self.complain(Problem::Iteration, literal.span())),
                }
            }
            (
                "rev" | "filter" | "filter_map" | "flat_map" | "chain" | "step_by" | "chunks" | "take_while"
                | "scan",
                _,
            ) => {
                let what = format!("the iterator method `{method}`");
                let instead = "use `zip`, `enumerate`, `map`, `skip`, `take`, or a `for` loop over a range";
                Sequence::Elements(self.unsupported(&what, instead, &call.method))
            }
            _ => Sequence::Elements(self.method_call(call)),
        }
    }

    fn step(&mut self, step: &Expr) -> Option<Step> {
        match step {
            Expr::Closure(closure) if closure.inputs.len() == 1 => {
                let pattern = self.pattern(&closure.inputs[0]);
                Some(Step::Closure(pattern, self.expression(&closure.body)))
            }
            Expr::Path(path) if self.used(&super::uses::path_text(&path.path)).is_some() => {
                let used = self.used(&super::uses::path_text(&path.path)).map(Into::into);
                used.map(|text| Step::Named(Name { text, span: self.span(path.span()) }))
            }
            Expr::Path(path) => match path.path.get_ident() {
                Some(ident) => Some(Step::Named(self.name(ident))),
                None => path.path.segments.last().map(|s| Step::Method(s.ident.to_string(), path.span())),
            },
            other => {
                self.unsupported("this step", "write a closure of one argument", other);
                None
            }
        }
    }

    /// `receiver.sum()`
    pub(super) fn reduction(&mut self, kind: Reduction, receiver: &Expr, span: Span) -> NodeId {
        let sequence = self.sequence(receiver);
        let name = self.fresh_name(span);
        let (positions, item) = self.walk(&sequence, &name, span);
        self.push(Node::Reduce(kind, vec![Binder { name, positions }], item), span)
    }

    /// `receiver.fold(init, step)` where the step accumulates.
    pub(super) fn fold(&mut self, call: &ExprMethodCall, init: &Expr, step: &Expr) -> NodeId {
        let span = call.span();
        let infinite = |name: &str| matches!(init, Expr::Path(p) if p.path.segments.last().is_some_and(|s| s.ident == name));
        let extreme = matches!(step, Expr::Path(p) if p.path.segments.last().is_some_and(|s| s.ident == "max" || s.ident == "min"));
        let is_max =
            matches!(step, Expr::Path(p) if p.path.segments.last().is_some_and(|s| s.ident == "max"));
        if extreme && infinite(if is_max { "NEG_INFINITY" } else { "INFINITY" }) {
            return self.reduction(
                if is_max { Reduction::Max } else { Reduction::Min },
                &call.receiver,
                span,
            );
        }
        let instead = "accumulate with `|total, x| total + …`, or in a `for` loop";
        let Expr::Closure(closure) = step else { return self.unsupported("this fold", instead, step) };
        let (Some(syn::Pat::Ident(total)), Some(item_pattern), Expr::Binary(body)) =
            (closure.inputs.first(), closure.inputs.get(1), &*closure.body)
        else {
            return self.unsupported("this fold", instead, step);
        };
        let accumulates = matches!(&*body.left, Expr::Path(p) if p.path.is_ident(&total.ident));
        let update = match body.op {
            BinOp::Add(_) => Update::Add,
            BinOp::Sub(_) => Update::Subtract,
            BinOp::Mul(_) => Update::Multiply,
            _ => return self.unsupported("this fold", instead, step),
        };
        if !accumulates {
            return self.unsupported("this fold", instead, step);
        }
        let init = self.expression(init);
        let sequence = self.sequence(&call.receiver);
        let binder = self.fresh_name(span);
        let (positions, item) = self.walk(&sequence, &binder, span);
        let total = self.name(&total.ident);
        let pattern = self.pattern(item_pattern);
        let value = self.expression(&body.right);
        let statements = vec![
            Statement::Let(Pattern::Name(total.clone()), init),
            Statement::For(
                Binder { name: binder, positions },
                vec![Statement::Let(pattern, item), Statement::Update(total.clone(), update, value)],
            ),
        ];
        let result = self.tree.push(Node::Name(total.text), total.span);
        self.push(Node::Block(statements, result), span)
    }

    /// The positions of a sequence and its item at the position called `name`.
    pub(super) fn walk(&mut self, sequence: &Sequence, name: &Name, span: Span) -> (Positions, NodeId) {
        let position = self.push(Node::Name(name.text.clone()), span);
        // A range alone is walked as it is; beside others, positions count from 0.
        let mut root = sequence;
        while let Sequence::Map(inner, _) = root {
            root = inner;
        }
        if let Sequence::Range(lo, hi) = root {
            return (Positions::Between(*lo, *hi), self.item(sequence, position, true));
        }
        let mut lengths = Vec::new();
        self.lengths(sequence, &mut lengths);
        (Positions::Common(lengths), self.item(sequence, position, false))
    }

    fn item(&mut self, sequence: &Sequence, position: NodeId, direct: bool) -> NodeId {
        let span = self.tree.span(position);
        match sequence {
            Sequence::Range(lo, _) => {
                if direct || self.is_zero(*lo) {
                    return position;
                }
                let operands = [*lo, position].map(|node| Operand { inverted: false, node });
                self.tree.push(Node::Sum(operands.to_vec()), span)
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
                match step {
                    Step::Closure(pattern, body) => {
                        self.tree.push(Node::Block(vec![Statement::Let(pattern.clone(), item)], *body), span)
                    }
                    Step::Named(name) => self.tree.push(Node::Call(name.clone(), vec![item]), name.span),
                    Step::Method(method, place) => self.number_method(method, item, &[], *place, *place),
                }
            }
            Sequence::Skip(inner, count) => {
                let operands = [position, *count].map(|node| Operand { inverted: false, node });
                let shifted = self.tree.push(Node::Sum(operands.to_vec()), span);
                self.item(inner, shifted, false)
            }
            Sequence::Take(inner, _) => self.item(inner, position, false),
            Sequence::Windows(array, count) => {
                let items = (0..*count)
                    .map(|at| {
                        let shifted = if at == 0 { position } else { self.shifted(position, at, false) };
                        self.tree.push(Node::Subscript(*array, vec![shifted]), span)
                    })
                    .collect();
                self.tree.push(Node::Tuple(items), span)
            }
        }
    }

    fn lengths(&mut self, sequence: &Sequence, lengths: &mut Vec<NodeId>) {
        match sequence {
            Sequence::Range(lo, hi) => {
                let length = match self.is_zero(*lo) {
                    true => *hi,
                    false => {
                        let operands = vec![
                            Operand { inverted: false, node: *hi },
                            Operand { inverted: true, node: *lo },
                        ];
                        let span = self.tree.span(*hi);
                        self.tree.push(Node::Sum(operands), span)
                    }
                };
                lengths.push(length);
            }
            Sequence::Elements(array) => {
                let span = self.tree.span(*array);
                lengths.push(self.tree.push(Node::Length(*array), span));
            }
            Sequence::Zip(a, b) => {
                self.lengths(a, lengths);
                self.lengths(b, lengths);
            }
            Sequence::Enumerate(inner) | Sequence::Map(inner, _) => self.lengths(inner, lengths),
            Sequence::Skip(inner, count) => {
                let mut whole = Vec::new();
                self.lengths(inner, &mut whole);
                for length in whole {
                    let operands = vec![
                        Operand { inverted: false, node: length },
                        Operand { inverted: true, node: *count },
                    ];
                    let span = self.tree.span(length);
                    lengths.push(self.tree.push(Node::Sum(operands), span));
                }
            }
            Sequence::Take(_, count) => lengths.push(*count),
            Sequence::Windows(array, count) => {
                let span = self.tree.span(*array);
                let length = self.tree.push(Node::Length(*array), span);
                lengths.push(if *count == 1 { length } else { self.shifted(length, count - 1, true) });
            }
        }
    }

    /// `node ± by`
    fn shifted(&mut self, node: NodeId, by: usize, back: bool) -> NodeId {
        let span = self.tree.span(node);
        let by = self.tree.push(Node::Integer(by.to_string().into()), span);
        let operands = vec![Operand { inverted: false, node }, Operand { inverted: back, node: by }];
        self.tree.push(Node::Sum(operands), span)
    }

    fn is_zero(&self, node: NodeId) -> bool {
        matches!(self.tree.node(node), Node::Integer(text) if text.bytes().all(|b| b == b'0'))
    }
}
