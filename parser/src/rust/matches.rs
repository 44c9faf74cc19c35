//! Patterns as conditions on the number that is matched.

use syn::spanned::Spanned;
use syn::{Expr, Lit, Pat, RangeLimits, UnOp};

use super::Reader;
use crate::resolve::is_constant_name;
use crate::syntax::{Comparison, Node, NodeId, Pattern, Statement};

impl Reader {
    /// Where a value matches a pattern; none where it always does.
    pub(super) fn matched(
        &mut self,
        pattern: &Pat,
        value: NodeId,
        bindings: &mut Vec<Statement>,
    ) -> Option<NodeId> {
        let span = pattern.span();
        match pattern {
            Pat::Wild(_) => None,
            Pat::Ident(ident) if ident.subpat.is_none() && !is_constant_name(&ident.ident.to_string()) => {
                let name = self.name(&ident.ident);
                bindings.push(Statement::Let(Pattern::Name(name), value));
                None
            }
            Pat::Ident(ident) if ident.subpat.is_none() => {
                let name = self.name(&ident.ident);
                let constant = self.tree.push(Node::Name(name.text), name.span);
                Some(self.push(Node::Compare(Comparison::Equal, value, constant), span))
            }
            Pat::Ident(ident) => {
                let name = self.name(&ident.ident);
                bindings.push(Statement::Let(Pattern::Name(name), value));
                let (_, inner) = ident.subpat.as_ref()?;
                self.matched(inner, value, bindings)
            }
            Pat::Lit(literal) => match &literal.lit {
                Lit::Bool(truth) => Some(if truth.value { value } else { self.push(Node::Not(value), span) }),
                _ => {
                    let number = self.literal(&literal.lit);
                    Some(self.push(Node::Compare(Comparison::Equal, value, number), span))
                }
            },
            Pat::Range(range) => {
                let mut parts = Vec::new();
                if let Some(start) = &range.start {
                    let start = self.bound_of(start);
                    parts.push(self.push(Node::Compare(Comparison::GreaterEqual, value, start), span));
                }
                if let Some(end) = &range.end {
                    let end = self.bound_of(end);
                    let below = match range.limits {
                        RangeLimits::HalfOpen(_) => Comparison::Less,
                        RangeLimits::Closed(_) => Comparison::LessEqual,
                    };
                    parts.push(self.push(Node::Compare(below, value, end), span));
                }
                Some(self.push(Node::And(parts), span))
            }
            Pat::Or(cases) => {
                let mut parts = Vec::new();
                let bound = bindings.len();
                for case in &cases.cases {
                    parts.push(self.matched(case, value, bindings)?);
                }
                if bindings.len() > bound {
                    let instead = "write one arm per pattern";
                    return Some(self.unsupported("a name in one of several patterns", instead, pattern));
                }
                Some(self.push(Node::Or(parts), span))
            }
            Pat::Paren(inner) => self.matched(&inner.pat, value, bindings),
            Pat::Reference(inner) => self.matched(&inner.pat, value, bindings),
            Pat::Tuple(tuple) => {
                let parts: Vec<&Pat> = tuple.elems.iter().collect();
                self.matched_parts(&parts, value, None, bindings)
            }
            Pat::Slice(slice) if !slice.elems.iter().any(is_named_rest) => {
                let count = self.push(Node::Integer(slice.elems.len().to_string().into()), span);
                let length = self.push(Node::Length(value), span);
                let length = self.push(Node::Fixed(length), span);
                let rest = slice.elems.iter().position(|part| matches!(part, Pat::Rest(_)));
                let (comparison, count) = match rest {
                    Some(_) => (Comparison::GreaterEqual, self.shifted(count, 1, true)),
                    None => (Comparison::Equal, count),
                };
                let long = self.push(Node::Compare(comparison, length, count), span);
                let parts: Vec<&Pat> = slice.elems.iter().collect();
                let all = self.matched_parts(&parts, value, Some(length), bindings);
                Some(match all {
                    None => long,
                    Some(all) => self.both(Some(long), all),
                })
            }
            other => {
                let names = self.refused(other);
                let missing = match self.tree.node(value) {
                    // What is matched is complained about already.
                    Node::Error => value,
                    _ => {
                        let instead = "match on numbers: `0`, `1..=3`, `_`, or a name with `if …`";
                        self.unsupported("a pattern of this kind", instead, other)
                    }
                };
                bindings.push(Statement::Let(names, missing));
                Some(missing)
            }
        }
    }

    /// Where all parts match; those after `..` are counted from the end.
    fn matched_parts(
        &mut self,
        parts: &[&Pat],
        value: NodeId,
        length: Option<NodeId>,
        bindings: &mut Vec<Statement>,
    ) -> Option<NodeId> {
        let rest = parts.iter().position(|part| matches!(part, Pat::Rest(_)));
        let mut all = None;
        for (at, part) in parts.iter().enumerate().filter(|(at, _)| rest != Some(*at)) {
            let position = match (rest, length) {
                (Some(rest), Some(length)) if at > rest => self.shifted(length, parts.len() - at, true),
                _ => self.push(Node::Integer(at.to_string().into()), part.span()),
            };
            let element = self.push(Node::Subscript(value, vec![position]), part.span());
            if let Some(holds) = self.matched(part, element, bindings) {
                all = Some(self.both(all, holds));
            }
        }
        all
    }

    fn bound_of(&mut self, bound: &Expr) -> NodeId {
        match bound {
            Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
                let inner = self.expression(&unary.expr);
                self.push(Node::Negate(inner), bound.span())
            }
            bound => self.expression(bound),
        }
    }
}

fn is_named_rest(part: &Pat) -> bool {
    matches!(part, Pat::Ident(ident) if ident.subpat.is_some())
}
