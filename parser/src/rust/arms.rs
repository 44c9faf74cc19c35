//! Branches of `if` and `match`: conditions on numbers, one after the other.

use syn::spanned::Spanned;
use syn::{Expr, Lit, Pat, RangeLimits, UnOp};

use super::Reader;
use super::jumps::Jump;
use crate::diagnostic::Problem;
use crate::formula::MAX_DEPTH;
use crate::resolve::is_constant_name;
use crate::syntax::{Comparison, Node, NodeId, Pattern, Statement};

/// A branch: where it is taken, what it binds, what it does.
pub(super) struct Arm {
    /// None where it takes everything that is left.
    condition: Option<NodeId>,
    bindings: Vec<Statement>,
    body: Expr,
}

impl Reader {
    /// The value of an `if` or `match`.
    pub(super) fn chosen_value(&mut self, expr: &Expr) -> NodeId {
        let arms = self.arms(expr);
        self.folded(arms, expr, None, |reader, body| reader.expression(body))
    }

    /// An `if` or `match` as a statement, then `rest`, which a `continue` skips.
    pub(super) fn stepped_arms(&mut self, expr: &Expr, rest: &[Statement]) -> Vec<Statement> {
        self.folded_steps(expr, rest, |reader, body| match body {
            Expr::Block(block) => reader.steps(&block.block.stmts, rest),
            body => reader.steps(&[syn::Stmt::Expr(body.clone(), Some(Default::default()))], rest),
        })
    }

    /// `let pattern = if …` where some branches take the jump, then `rest` in the others.
    pub(super) fn stepped_let(&mut self, pattern: &Pat, expr: &Expr, rest: &[Statement]) -> Vec<Statement> {
        self.folded_steps(expr, rest, |reader, body| {
            if Jump::Continue.ends(body) {
                return reader.steps(&[syn::Stmt::Expr(body.clone(), Some(Default::default()))], &[]);
            }
            let value = reader.expression(body);
            let pattern = reader.pattern(pattern);
            let mut statements = vec![Statement::Let(pattern, value)];
            statements.extend(rest.iter().cloned());
            statements
        })
    }

    fn folded_steps(
        &mut self,
        expr: &Expr,
        rest: &[Statement],
        body: impl Fn(&mut Self, &Expr) -> Vec<Statement>,
    ) -> Vec<Statement> {
        let mut otherwise = rest.to_vec();
        for arm in self.arms(expr).into_iter().rev() {
            let mut statements = arm.bindings;
            statements.extend(body(self, &arm.body));
            otherwise = match arm.condition {
                None => statements,
                Some(condition) => vec![Statement::If(condition, statements, otherwise)],
            };
        }
        otherwise
    }

    /// Nested choices between the values of the arms, then `rest`.
    pub(super) fn folded(
        &mut self,
        arms: Vec<Arm>,
        expr: &Expr,
        rest: Option<NodeId>,
        value: impl Fn(&mut Self, &Expr) -> NodeId,
    ) -> NodeId {
        let complete = arms.last().is_none_or(|arm| arm.condition.is_none());
        let mut otherwise = match (complete, rest) {
            (true, _) => None,
            (false, Some(rest)) => Some(rest),
            (false, None) => {
                Some(self.unsupported("`if` without `else` as a value", "add `else { 0.0 }`", expr))
            }
        };
        for arm in arms.into_iter().rev() {
            let mut chosen = value(self, &arm.body);
            if !arm.bindings.is_empty() {
                chosen = self.push(Node::Block(arm.bindings, chosen), expr.span());
            }
            otherwise = Some(match (arm.condition, otherwise) {
                (Some(condition), Some(other)) => self.push(Node::If(condition, chosen, other), expr.span()),
                _ => chosen,
            });
        }
        otherwise.unwrap_or_else(|| self.complain(Problem::BlockWithoutValue, expr.span()))
    }

    /// The branches of an `if` or `match`; those that end the program are left out, like assertions.
    pub(super) fn arms(&mut self, expr: &Expr) -> Vec<Arm> {
        let mut arms = Vec::new();
        let mut next = Some(expr);
        let mut complete = false;
        while let Some(expr) = next.take() {
            if arms.len() >= MAX_DEPTH {
                self.complain(Problem::TooDeep { limit: MAX_DEPTH }, expr.span());
                break;
            }
            match expr {
                Expr::If(branch) => {
                    let condition = Some(self.expression(&branch.cond));
                    let block = Expr::Block(syn::ExprBlock {
                        attrs: Vec::new(),
                        label: None,
                        block: branch.then_branch.clone(),
                    });
                    arms.push(Arm { condition, bindings: Vec::new(), body: block });
                    next = branch.else_branch.as_ref().map(|(_, other)| &**other);
                }
                Expr::Match(item) => {
                    let scrutinee = self.expression(&item.expr);
                    for arm in item.arms.iter().take(MAX_DEPTH) {
                        let (pattern, guard) = match &arm.pat {
                            Pat::Guard(guarded) => (&*guarded.pat, Some(&*guarded.guard)),
                            pattern => (pattern, None),
                        };
                        let mut bindings = Vec::new();
                        let mut condition = self.matched(pattern, scrutinee, &mut bindings);
                        if let Some(guard) = guard {
                            let mut holds = self.expression(guard);
                            if !bindings.is_empty() {
                                holds = self.push(Node::Block(bindings.clone(), holds), guard.span());
                            }
                            condition = Some(self.both(condition, holds));
                        }
                        arms.push(Arm { condition, bindings, body: (*arm.body).clone() });
                    }
                    if let Some(arm) = item.arms.get(MAX_DEPTH) {
                        self.complain(Problem::TooDeep { limit: MAX_DEPTH }, arm.span());
                    }
                    complete = true;
                }
                other => {
                    arms.push(Arm { condition: None, bindings: Vec::new(), body: other.clone() });
                    complete = true;
                }
            }
        }
        arms.retain(|arm| !ends_program(&arm.body));
        // rustc has seen that the arms cover everything.
        if let Some(last) = arms.last_mut()
            && complete
        {
            last.condition = None;
        }
        arms
    }

    fn both(&mut self, condition: Option<NodeId>, holds: NodeId) -> NodeId {
        match condition {
            None => holds,
            Some(condition) => {
                let span = self.tree.span(condition);
                self.tree.push(Node::And(vec![condition, holds]), span)
            }
        }
    }

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
                Lit::Bool(truth) => {
                    Some(if truth.value { value } else { self.push(Node::Not(value), span) })
                }
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
                for case in &cases.cases {
                    parts.push(self.matched(case, value, bindings)?);
                }
                Some(self.push(Node::Or(parts), span))
            }
            Pat::Paren(inner) => self.matched(&inner.pat, value, bindings),
            Pat::Reference(inner) => self.matched(&inner.pat, value, bindings),
            Pat::Tuple(syn::PatTuple { elems, .. }) | Pat::Slice(syn::PatSlice { elems, .. })
                if !elems.iter().any(|part| matches!(part, Pat::Rest(_))) =>
            {
                let mut all = None;
                for (at, part) in elems.iter().enumerate() {
                    let at = self.push(Node::Integer(at.to_string().into()), part.span());
                    let element = self.push(Node::Subscript(value, vec![at]), part.span());
                    if let Some(holds) = self.matched(part, element, bindings) {
                        all = Some(self.both(all, holds));
                    }
                }
                all
            }
            other => {
                let instead = "match on numbers: `0`, `1..=3`, `_`, or a name with `if …`";
                Some(self.unsupported("a pattern that is no number", instead, other))
            }
        }
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

/// Whether a branch only ends the program.
fn ends_program(body: &Expr) -> bool {
    let is_end = |mac: &syn::Macro| {
        let names = ["panic", "unreachable", "unimplemented", "todo"];
        mac.path.segments.last().is_some_and(|s| names.iter().any(|name| s.ident == name))
    };
    match body {
        Expr::Macro(item) => is_end(&item.mac),
        Expr::Block(block) => match &block.block.stmts[..] {
            [syn::Stmt::Macro(item)] => is_end(&item.mac),
            [syn::Stmt::Expr(only, _)] => ends_program(only),
            _ => false,
        },
        _ => false,
    }
}
