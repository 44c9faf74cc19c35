//! Statements: bindings, changes of names and elements, loops.

use syn::spanned::Spanned;
use syn::{BinOp, Expr, ExprForLoop, Pat, Stmt};

use super::Reader;
use super::jumps::Jump;
use crate::diagnostic::Problem;
use crate::syntax::{Node, NodeId, Statement, Update};

impl Reader {
    pub(super) fn statement(&mut self, statement: &Stmt, statements: &mut Vec<Statement>) {
        match statement {
            Stmt::Local(local) => {
                let value = match &local.init {
                    Some(init) if init.diverge.is_none() => self.bound(&local.pat, &init.expr),
                    Some(_) => {
                        let instead = "bind the value with a plain `let`";
                        let missing = self.unsupported("`let … else`", instead, &local.let_token);
                        let names = self.refused(&local.pat);
                        statements.push(Statement::Let(names, missing));
                        return;
                    }
                    // rustc sees to it that every path assigns before it reads.
                    None => self.push(Node::Error, local.span()),
                };
                let pattern = self.pattern(&local.pat);
                statements.push(Statement::Let(pattern, value));
            }
            // Items are read ahead of the statements of their block.
            Stmt::Item(_) => {}
            Stmt::Macro(item) if is_assertion(&item.mac) => {}
            Stmt::Macro(item) => {
                self.macro_call(&item.mac);
            }
            Stmt::Expr(expr, _) => self.expression_statement(expr, statements),
        }
    }

    fn expression_statement(&mut self, expr: &Expr, statements: &mut Vec<Statement>) {
        match expr {
            Expr::Macro(item) if is_assertion(&item.mac) => {}
            Expr::Macro(item) => {
                self.macro_call(&item.mac);
            }
            Expr::ForLoop(looped) => self.for_loop(looped, statements),
            Expr::If(_) | Expr::Match(_) | Expr::Block(_) => {
                let chosen = self.stepped_arms(expr, &[]);
                statements.extend(chosen);
            }
            Expr::Binary(binary) => {
                let update = match binary.op {
                    BinOp::AddAssign(_) => Update::Add,
                    BinOp::SubAssign(_) => Update::Subtract,
                    BinOp::MulAssign(_) => Update::Multiply,
                    BinOp::DivAssign(_) => Update::Divide,
                    BinOp::RemAssign(_)
                    | BinOp::BitAndAssign(_)
                    | BinOp::BitOrAssign(_)
                    | BinOp::BitXorAssign(_)
                    | BinOp::ShlAssign(_)
                    | BinOp::ShrAssign(_) => {
                        self.other_operator(binary);
                        return;
                    }
                    _ => return self.dropped(expr),
                };
                if let Some(place) = self.place(&binary.left) {
                    let value = self.expression(&binary.right);
                    statements.push(Statement::Update(place, update, value));
                }
            }
            Expr::Assign(assign) => self.assign(&assign.left, &assign.right, statements),
            Expr::Paren(inner) => self.expression_statement(&inner.expr, statements),
            Expr::Tuple(unit) if unit.elems.is_empty() => {}
            Expr::While(item) => {
                self.while_loop(&item.while_token);
            }
            Expr::Loop(item) => {
                self.endless_loop(&item.loop_token);
            }
            Expr::Break(_) => {
                let instead =
                    "put what follows into `if … { … }`: later iterations cannot depend on earlier ones";
                self.unsupported("`break`", instead, expr);
            }
            Expr::Continue(_) => {
                let instead = "put what follows into `if … { … }`";
                self.unsupported("a jump to an outer loop", instead, expr);
            }
            Expr::Return(_) => {
                let instead = "compute the value after the loop, or return before it";
                self.unsupported("a return out of a loop", instead, expr);
            }
            Expr::MethodCall(call) => self.call_statement(call, expr),
            _ => self.dropped(expr),
        }
    }

    fn dropped(&mut self, expr: &Expr) {
        self.unsupported("an expression whose value is dropped", "bind it with `let`, or remove it", expr);
    }

    /// A method that is called for what it changes.
    fn call_statement(&mut self, call: &syn::ExprMethodCall, expr: &Expr) {
        let method = call.method.to_string();
        let instead = match method.as_str() {
            "push" | "extend" | "insert" | "resize" => {
                "make the array at once: `let z: Vec<f64> = x.iter().map(|x| …).collect();`"
            }
            "for_each" => "write a `for` loop",
            "swap" | "reverse" | "rotate_left" | "rotate_right" | "sort_by" | "sort" | "sort_unstable_by" => {
                "pass data in the order that is needed"
            }
            "fill" => "bind the array anew: `let z = [0.0; 3];`",
            _ => return self.dropped(expr),
        };
        self.unsupported(&format!("the method `{method}`"), instead, &call.method);
    }

    fn for_loop(&mut self, looped: &ExprForLoop, statements: &mut Vec<Statement>) {
        let walk = self.walked(&looped.expr);
        let pattern = self.pattern(&looped.pat);
        let mut body = vec![Statement::Let(pattern, walk.item)];
        body.extend(self.steps(&looped.body.stmts, &[]));
        for guard in walk.guards.into_iter().rev() {
            body = vec![Statement::If(guard, body, Vec::new())];
        }
        for binder in walk.binders.into_iter().rev() {
            body = vec![Statement::For(binder, body)];
        }
        statements.extend(body);
    }

    /// The statements of a loop or branch, then `rest`, which a `continue` skips.
    pub(super) fn steps(&mut self, statements: &[Stmt], rest: &[Statement]) -> Vec<Statement> {
        let mut read = self.items(statements);
        read.extend(self.skippable(statements, rest));
        read
    }

    fn steps_after(&mut self, statements: &[Stmt], rest: &[Statement]) -> Vec<Statement> {
        let mut read = Vec::new();
        for (at, statement) in statements.iter().enumerate() {
            if let Some((pattern, expr)) = Jump::Continue.in_let(statement) {
                let later = self.push(Node::Error, expr.span());
                let chosen = self.stepped_let(pattern, expr, &[Statement::Rest(later)]);
                read.extend(chosen);
                self.follow_steps(later, &statements[at + 1..], rest);
                return read;
            }
            if let Stmt::Expr(expr, _) = statement
                && Jump::Continue.is_in(expr)
            {
                if Jump::Continue.is(expr) {
                    return read;
                }
                let later = self.push(Node::Error, expr.span());
                let chosen = self.stepped_arms(expr, &[Statement::Rest(later)]);
                read.extend(chosen);
                self.follow_steps(later, &statements[at + 1..], rest);
                return read;
            }
            self.statement(statement, &mut read);
        }
        read.extend(rest.iter().cloned());
        read
    }

    /// Reads what comes later, in the order of the source, into the node that stands for it.
    fn follow_steps(&mut self, later: NodeId, statements: &[Stmt], rest: &[Statement]) {
        let following = self.skippable(statements, rest);
        let nothing = self.tree.push(Node::Truth(true), self.tree.span(later));
        *self.tree.node_mut(later) = Node::Block(following, nothing);
    }

    /// What a `continue` skips.
    fn skippable(&mut self, statements: &[Stmt], rest: &[Statement]) -> Vec<Statement> {
        if self.depth >= crate::formula::MAX_DEPTH {
            if let Some(first) = statements.first() {
                self.complain(Problem::TooDeep { limit: crate::formula::MAX_DEPTH }, first.span());
            }
            return Vec::new();
        }
        self.depth += 1;
        let read = self.steps_after(statements, rest);
        self.depth -= 1;
        read
    }

    pub(super) fn while_loop(&mut self, token: &syn::Token![while]) -> NodeId {
        let instead = "write `for i in 0..n` with a fixed number of iterations";
        self.unsupported("a `while` loop", instead, token)
    }

    pub(super) fn endless_loop(&mut self, token: &syn::Token![loop]) -> NodeId {
        let instead = "write `for i in 0..n` with a fixed number of iterations";
        self.unsupported("a `loop`", instead, token)
    }
}

/// Assertions say nothing about the value.
fn is_assertion(mac: &syn::Macro) -> bool {
    let names = ["assert", "assert_eq", "assert_ne", "debug_assert", "debug_assert_eq", "debug_assert_ne"];
    mac.path.segments.last().is_some_and(|s| names.iter().any(|name| s.ident == name))
}

/// Whether a pattern is a plain name.
pub(super) fn plain_name(pattern: &Pat) -> Option<&syn::Ident> {
    match pattern {
        Pat::Ident(ident) if ident.subpat.is_none() => Some(&ident.ident),
        Pat::Type(typed) => plain_name(&typed.pat),
        Pat::Paren(inner) => plain_name(&inner.pat),
        Pat::Reference(inner) => plain_name(&inner.pat),
        _ => None,
    }
}
