//! Iterator chains: what is walked, and the item at each position.
//!
//! `x.iter().zip(t).map(|(x, t)| …).sum()` is a sum over positions `k` of the body with `(x, t)` bound to
//! `(x[k], t[k])`.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall, Lit, RangeLimits};

use super::Reader;
use crate::builtins::Builtin;
use crate::diagnostic::Problem;
use crate::syntax::{Name, Node, NodeId, Pattern};

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
    /// No more than so many.
    Take(Box<Sequence>, NodeId),
    /// Those before a position that is there: `x[..n]`.
    Before(Box<Sequence>, NodeId),
    Reversed(Box<Sequence>),
    /// Every so many positions.
    Strided(Box<Sequence>, usize),
    /// Neighbors, so many at a time.
    Windows(NodeId, usize),
    /// Parts of one length, side by side.
    Chunks(NodeId, usize),
    /// Those items for which the step holds.
    Filter(Box<Sequence>, Step),
    /// The elements of each item.
    Flat(Box<Sequence>),
}

/// What `map` does to an item.
pub(super) enum Step {
    Closure(Pattern, NodeId),
    Named(Name),
    /// `f64::sqrt`
    Method(String, Span),
    /// `hesse::math::sigmoid`
    Function(Builtin, Span),
}

impl Sequence {
    /// Whether every position has an item.
    pub(super) fn is_plain(&self) -> bool {
        match self {
            Sequence::Filter(..) | Sequence::Flat(_) => false,
            Sequence::Range(..) | Sequence::Elements(_) => true,
            Sequence::Windows(..) | Sequence::Chunks(..) => true,
            Sequence::Zip(a, b) => a.is_plain() && b.is_plain(),
            Sequence::Enumerate(inner)
            | Sequence::Map(inner, _)
            | Sequence::Skip(inner, _)
            | Sequence::Take(inner, _)
            | Sequence::Before(inner, _)
            | Sequence::Reversed(inner)
            | Sequence::Strided(inner, _) => inner.is_plain(),
        }
    }
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
                    let end = if range.start.is_none() { "beginning" } else { "end" };
                    let problem = Problem::OpenRange { end: end.to_owned() };
                    return Sequence::Elements(self.complain(problem, range.span()));
                };
                let (lo, mut hi) = (self.expression(lo), self.expression(hi));
                if matches!(range.limits, RangeLimits::Closed(_)) {
                    hi = self.shifted(hi, 1, false);
                }
                Sequence::Range(lo, hi)
            }
            Expr::Index(index) => match &*index.index {
                Expr::Range(range) => self.slice(&index.expr, range),
                _ => Sequence::Elements(self.expression(expr)),
            },
            Expr::MethodCall(call) => self.adapter(call),
            other => Sequence::Elements(self.expression(other)),
        }
    }

    /// `x[lo..hi]`
    fn slice(&mut self, array: &Expr, range: &syn::ExprRange) -> Sequence {
        let mut sequence = self.sequence(array);
        let end = range.end.as_ref().map(|hi| {
            let hi = self.expression(hi);
            match range.limits {
                RangeLimits::Closed(_) => self.shifted(hi, 1, false),
                RangeLimits::HalfOpen(_) => hi,
            }
        });
        if let Some(end) = end {
            sequence = Sequence::Before(Box::new(sequence), end);
        }
        if let Some(start) = &range.start {
            sequence = Sequence::Skip(Box::new(sequence), self.expression(start));
        }
        sequence
    }

    fn adapter(&mut self, call: &ExprMethodCall) -> Sequence {
        let args: Vec<&Expr> = call.args.iter().collect();
        let method = call.method.to_string();
        match (method.as_str(), &args[..]) {
            ("iter" | "into_iter" | "copied" | "cloned" | "by_ref", []) => self.sequence(&call.receiver),
            ("zip", [other]) => {
                let first = self.plain_sequence(call);
                let mut second = self.sequence(other);
                if !second.is_plain() {
                    second = Sequence::Elements(self.positions_lost(call, other));
                }
                Sequence::Zip(Box::new(first), Box::new(second))
            }
            ("enumerate", []) => Sequence::Enumerate(Box::new(self.plain_sequence(call))),
            ("rev", []) => Sequence::Reversed(Box::new(self.sequence(&call.receiver))),
            ("map", [step]) => {
                let inner = Box::new(self.sequence(&call.receiver));
                match self.step(step) {
                    Some(step) => Sequence::Map(inner, step),
                    None => *inner,
                }
            }
            ("filter", [step]) => {
                let inner = Box::new(self.sequence(&call.receiver));
                match self.step(step) {
                    Some(step) => Sequence::Filter(inner, step),
                    None => *inner,
                }
            }
            ("flatten", []) => Sequence::Flat(Box::new(self.sequence(&call.receiver))),
            ("skip", [count]) => {
                let inner = Box::new(self.plain_sequence(call));
                Sequence::Skip(inner, self.expression(count))
            }
            ("take", [count]) => {
                let inner = Box::new(self.plain_sequence(call));
                Sequence::Take(inner, self.expression(count))
            }
            ("step_by", [count]) => {
                let inner = self.plain_sequence(call);
                match self.literal_count(count, &method) {
                    Ok(count) => Sequence::Strided(Box::new(inner), count),
                    Err(missing) => Sequence::Elements(missing),
                }
            }
            ("windows", [count]) => match self.literal_count(count, &method) {
                Ok(count) => Sequence::Windows(self.expression(&call.receiver), count),
                Err(missing) => Sequence::Elements(missing),
            },
            ("chunks_exact", [count]) => match self.literal_count(count, &method) {
                Ok(count) => Sequence::Chunks(self.expression(&call.receiver), count),
                Err(missing) => Sequence::Elements(missing),
            },
            _ => match unsupported_adapter(&method) {
                Some(instead) => {
                    let what = format!("the iterator method `{method}`");
                    Sequence::Elements(self.unsupported(&what, instead, &call.method))
                }
                None => Sequence::Elements(self.method_call(call)),
            },
        }
    }

    /// The receiver of a method that counts positions.
    fn plain_sequence(&mut self, call: &ExprMethodCall) -> Sequence {
        let sequence = self.sequence(&call.receiver);
        if sequence.is_plain() {
            return sequence;
        }
        Sequence::Elements(self.positions_lost(call, &call.method))
    }

    /// A method that counts positions where `filter` or `flatten` lost them.
    fn positions_lost(&mut self, call: &ExprMethodCall, at: &impl Spanned) -> NodeId {
        let method = call.method.to_string();
        let what = format!("`{method}` after `filter` or `flatten`");
        let instead = format!("call `{method}` first, or write a `for` loop");
        self.unsupported(&what, &instead, at)
    }

    /// The literal argument of `windows` and its kin.
    fn literal_count(&mut self, count: &Expr, method: &str) -> Result<usize, NodeId> {
        let literal = match count {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(count) => count.base10_parse::<usize>().ok(),
                _ => None,
            },
            _ => None,
        };
        literal.filter(|c| (1..=64).contains(c)).ok_or_else(|| {
            self.complain(Problem::LiteralCount { method: method.to_owned(), limit: 64 }, count.span())
        })
    }

    fn step(&mut self, step: &Expr) -> Option<Step> {
        match step {
            Expr::Closure(closure) if closure.inputs.len() == 1 => {
                let pattern = self.pattern(&closure.inputs[0]);
                Some(Step::Closure(pattern, self.closure_body(&closure.body)))
            }
            Expr::Path(path) if self.used(&super::uses::path_text(&path.path)).is_some() => {
                let used = self.used(&super::uses::path_text(&path.path)).map(Into::into);
                used.map(|text| Step::Named(Name { text, span: self.span(path.span()) }))
            }
            Expr::Path(path) => match path.path.get_ident() {
                Some(ident) => Some(Step::Named(self.name(ident))),
                None => {
                    let names: Vec<String> = path.path.segments.iter().map(|s| s.ident.to_string()).collect();
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    match (self.library_function(&names), names.last()) {
                        (Some(known), _) => Some(Step::Function(known, path.span())),
                        (None, Some(last)) => Some(Step::Method((*last).to_owned(), path.span())),
                        (None, None) => None,
                    }
                }
            },
            other => {
                self.unsupported("this step", "write a closure of one argument", other);
                None
            }
        }
    }

    /// `node ± by`
    pub(super) fn shifted(&mut self, node: NodeId, by: usize, back: bool) -> NodeId {
        let span = self.tree.span(node);
        let by = self.tree.push(Node::Integer(by.to_string().into()), span);
        self.plus(node, by, back)
    }
}

/// What to write in place of an adapter whose items cannot be told by their positions.
fn unsupported_adapter(method: &str) -> Option<&'static str> {
    Some(match method {
        "iter_mut" | "into_iter_mut" => "loop over the positions: `for j in 0..z.len() { z[j] = …; }`",
        "chain" => "go through both, one after the other, and add the results",
        "flat_map" => "write nested loops, or sum inside of `map`",
        "filter_map" => "write `filter`, then `map`",
        "chunks" => "write `chunks_exact`, or pass rows: `&[[f64; 3]]`",
        "rchunks" | "array_chunks" | "split_at" | "split" => "take parts by ranges: `x[..3]`",
        "take_while" | "skip_while" | "map_while" => "write `filter`, or `if` inside of a loop",
        "scan" => "write a loop over a fixed range, with the value carried in a `let mut`",
        "cycle" | "repeat" => "take positions with `%`: `x[i % 3]`",
        "peekable" | "inspect" | "fuse" => "leave it out",
        "next" | "last" | "nth" => "take the element by its position: `x[0]`, `x[x.len() - 1]`",
        "keys" | "values" | "drain" | "chars" | "bytes" | "lines" => "pass numbers as slices",
        _ => return None,
    })
}
