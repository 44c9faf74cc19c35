//! Branches of `if` and `match`: conditions on numbers, one after the other.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, Pat};

use super::Reader;
use super::jumps::Jump;
use crate::diagnostic::Problem;
use crate::formula::MAX_DEPTH;
use crate::syntax::{Name, Node, NodeId, Pattern, Statement};

/// A branch: where it is taken, what it binds, what it does.
struct Arm<T> {
    /// None where it takes everything that is left.
    condition: Option<NodeId>,
    bindings: Vec<Statement>,
    body: T,
}

impl Reader {
    /// The value of an `if` or `match`.
    pub(super) fn chosen_value(&mut self, expr: &Expr) -> NodeId {
        self.folded(expr, None, |reader, body, _| reader.expression(body))
    }

    /// An `if`, `match` or block as a statement, then `rest`, which a `continue` skips.
    pub(super) fn stepped_arms(&mut self, expr: &Expr, rest: &[Statement]) -> Vec<Statement> {
        self.folded_steps(expr, rest, |reader, body, rest, _| match body {
            Expr::Block(block) => reader.steps(&block.block.stmts, rest),
            body => reader.steps(&[syn::Stmt::Expr(body.clone(), Some(Default::default()))], rest),
        })
    }

    /// `let pattern = if …` where some branches take the jump, then `rest` in the others.
    pub(super) fn stepped_let(&mut self, pattern: &Pat, expr: &Expr, rest: &[Statement]) -> Vec<Statement> {
        self.folded_steps(expr, rest, |reader, body, _, mark| {
            if Jump::Continue.ends(body) {
                return reader.steps(&[syn::Stmt::Expr(body.clone(), Some(Default::default()))], &[]);
            }
            let value = reader.expression(body);
            let mut statements = reader.left(mark, pattern, value);
            statements.extend(rest.iter().cloned());
            statements
        })
    }

    /// Binds a pattern to a value once the names since the mark are gone.
    pub(super) fn left(&mut self, mark: &Name, pattern: &Pat, value: NodeId) -> Vec<Statement> {
        let span = pattern.span();
        let kept = self.fresh_name(span);
        let node = self.push(Node::Name(kept.text.clone()), span);
        let pattern = self.pattern(pattern);
        vec![
            Statement::Let(Pattern::Name(kept), value),
            Statement::Leave(mark.clone()),
            Statement::Let(pattern, node),
        ]
    }

    /// Reads the arms as statements; what they bind is not seen by `rest` or by what follows.
    fn folded_steps(
        &mut self,
        expr: &Expr,
        rest: &[Statement],
        body: impl Fn(&mut Self, &Expr, &[Statement], &Name) -> Vec<Statement>,
    ) -> Vec<Statement> {
        let (mark, marked) = self.mark(expr.span());
        let mut leaving = vec![Statement::Leave(mark.clone())];
        leaving.extend(rest.iter().cloned());
        let (arms, _) = self.arms(expr, &mut |reader, expr| body(reader, expr, &leaving, &mark));
        let mut otherwise = rest.to_vec();
        for arm in arms.into_iter().rev() {
            let mut statements = vec![marked.clone()];
            statements.extend(arm.bindings);
            statements.extend(arm.body);
            statements.push(Statement::Leave(mark.clone()));
            otherwise = match arm.condition {
                None => statements,
                Some(condition) => vec![Statement::If(condition, statements, otherwise)],
            };
        }
        otherwise
    }

    /// Nested choices between the values of the arms, then `rest`, which sees nothing that they bind.
    pub(super) fn folded(
        &mut self,
        expr: &Expr,
        rest: Option<NodeId>,
        value: impl Fn(&mut Self, &Expr, (Option<NodeId>, &Name)) -> NodeId,
    ) -> NodeId {
        let (mark, marked) = self.mark(expr.span());
        let left = rest.map(|rest| {
            let leave = vec![Statement::Leave(mark.clone())];
            self.push(Node::Block(leave, rest), expr.span())
        });
        let (arms, complete) = self.arms(expr, &mut |reader, expr| value(reader, expr, (left, &mark)));
        let mut otherwise = match (complete, rest) {
            (true, _) => None,
            (false, Some(rest)) => Some(rest),
            (false, None) => {
                Some(self.unsupported("`if` without `else` as a value", "add `else { 0.0 }`", expr))
            }
        };
        for arm in arms.into_iter().rev() {
            let mut statements = vec![marked.clone()];
            statements.extend(arm.bindings);
            let chosen = self.push(Node::Block(statements, arm.body), expr.span());
            otherwise = Some(match (arm.condition, otherwise) {
                (Some(condition), Some(other)) => self.push(Node::If(condition, chosen, other), expr.span()),
                _ => chosen,
            });
        }
        otherwise.unwrap_or_else(|| self.complain(Problem::BlockWithoutValue, expr.span()))
    }

    /// A place among the statements to which `Leave` goes back.
    fn mark(&mut self, span: Span) -> (Name, Statement) {
        let mark = self.fresh_name(span);
        let nothing = self.push(Node::Truth(true), span);
        (mark.clone(), Statement::Let(Pattern::Name(mark), nothing))
    }

    /// The branches of an `if` or `match`, and whether one is always taken.
    ///
    /// Those that end the program are left out, like assertions.
    fn arms<T>(&mut self, expr: &Expr, body: &mut dyn FnMut(&mut Self, &Expr) -> T) -> (Vec<Arm<T>>, bool) {
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
                    let (condition, bindings) = self.condition(&branch.cond);
                    let block = Expr::Block(syn::ExprBlock {
                        attrs: Vec::new(),
                        label: None,
                        block: branch.then_branch.clone(),
                    });
                    if !ends_program(&block) {
                        arms.push(Arm { condition, bindings, body: body(self, &block) });
                    }
                    next = branch.else_branch.as_ref().map(|(_, other)| &**other);
                }
                Expr::Match(item) => {
                    let scrutinee = self.expression(&item.expr);
                    for arm in item.arms.iter().take(MAX_DEPTH).filter(|arm| !ends_program(&arm.body)) {
                        let (condition, bindings) = self.guarded(&arm.pat, scrutinee);
                        arms.push(Arm { condition, bindings, body: body(self, &arm.body) });
                    }
                    if let Some(arm) = item.arms.get(MAX_DEPTH) {
                        self.complain(Problem::TooDeep { limit: MAX_DEPTH }, arm.span());
                    }
                    complete = true;
                }
                other => {
                    if !ends_program(other) {
                        arms.push(Arm { condition: None, bindings: Vec::new(), body: body(self, other) });
                    }
                    complete = true;
                }
            }
        }
        // rustc has seen that the arms cover everything.
        if let Some(last) = arms.last_mut()
            && complete
        {
            last.condition = None;
        }
        (arms, complete)
    }

    /// Where the branch of an `if` is taken, and what an `if let` binds.
    fn condition(&mut self, condition: &Expr) -> (Option<NodeId>, Vec<Statement>) {
        let mut bindings = Vec::new();
        let holds = match condition {
            Expr::Let(item) => {
                let value = self.expression(&item.expr);
                let holds = self.matched(&item.pat, value, &mut bindings);
                holds.unwrap_or_else(|| self.push(Node::Truth(true), item.span()))
            }
            condition => {
                let holds = self.expression(condition);
                self.refused_bindings(condition, holds, &mut bindings);
                holds
            }
        };
        (Some(holds), bindings)
    }

    /// The names of an `if let` beside other conditions, which is complained about.
    fn refused_bindings(&mut self, condition: &Expr, missing: NodeId, bindings: &mut Vec<Statement>) {
        match condition {
            Expr::Let(item) => {
                let names = self.refused(&item.pat);
                bindings.push(Statement::Let(names, missing));
            }
            Expr::Binary(binary) => {
                self.refused_bindings(&binary.left, missing, bindings);
                self.refused_bindings(&binary.right, missing, bindings);
            }
            _ => {}
        }
    }

    /// Where an arm is taken, and what it binds.
    fn guarded(&mut self, pattern: &Pat, scrutinee: NodeId) -> (Option<NodeId>, Vec<Statement>) {
        let (pattern, guard) = match pattern {
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
        (condition, bindings)
    }

    pub(super) fn both(&mut self, condition: Option<NodeId>, holds: NodeId) -> NodeId {
        match condition {
            None => holds,
            Some(condition) => {
                let span = self.tree.span(condition);
                self.tree.push(Node::And(vec![condition, holds]), span)
            }
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
