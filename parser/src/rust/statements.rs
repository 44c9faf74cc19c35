//! Statements: bindings, accumulation, loops and branches.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{BinOp, Block, Expr, ExprForLoop, ExprIf, Item, Lit, Pat, RangeLimits, Stmt, Type};

use super::Reader;
use crate::diagnostic::{Diagnostic, Problem};
use crate::syntax::{Binder, Name, Node, NodeId, SpanId, Statement, Update};

impl Reader {
    /// The body of the function: statements, then its value.
    pub(super) fn body(&mut self, block: &Block, function: Span) -> NodeId {
        let mut configured = Configured::default();
        configured.visit_block(block);
        for attribute in configured.attributes {
            self.unsupported(
                "conditional compilation",
                "put the attribute on the whole function",
                &attribute,
            );
        }
        let (statements, value) = match block.stmts.split_last() {
            // The value is there, the semicolon drops it.
            Some((
                Stmt::Expr(Expr::Path(_) | Expr::Lit(_) | Expr::MethodCall(_) | Expr::Call(_), Some(semi)),
                before,
            )) => {
                let mut statements = Vec::new();
                before.iter().for_each(|s| self.statement(s, &mut statements));
                (statements, Some(self.complain(Problem::Unfinished, semi.span())))
            }
            _ => self.block(block),
        };
        let value = value.unwrap_or_else(|| {
            let span = block.stmts.last().map_or(function, Spanned::span);
            self.complain(Problem::Unfinished, span)
        });
        self.push(Node::Block(statements, value), block.span())
    }

    /// A block in the place of an expression.
    pub(super) fn block_value(&mut self, block: &Block) -> NodeId {
        match &block.stmts[..] {
            [Stmt::Expr(only, None)] => self.expression(only),
            _ => self.nested(block, |reader| {
                let (statements, value) = reader.block(block);
                let value = value.unwrap_or_else(|| {
                    reader.unsupported("a block without a value", "end the block with an expression", block)
                });
                reader.push(Node::Block(statements, value), block.span())
            }),
        }
    }

    fn block(&mut self, block: &Block) -> (Vec<Statement>, Option<NodeId>) {
        let Some((last, before)) = block.stmts.split_last() else { return (Vec::new(), None) };
        let mut statements = Vec::new();
        for statement in before {
            self.statement(statement, &mut statements);
        }
        let value = match last {
            Stmt::Expr(Expr::Return(returned), _) if returned.expr.is_some() => returned.expr.as_deref(),
            Stmt::Expr(Expr::ForLoop(_), None) => None,
            Stmt::Expr(value, None) => Some(value),
            _ => None,
        };
        match value {
            Some(value) => {
                let value = self.expression(value);
                (statements, Some(value))
            }
            None => {
                self.statement(last, &mut statements);
                (statements, None)
            }
        }
    }

    /// A block whose last expression is a statement too: the body of a loop.
    fn unit_block(&mut self, block: &Block) -> Vec<Statement> {
        let mut statements = Vec::new();
        if self.depth >= crate::formula::MAX_DEPTH {
            self.complain(Problem::TooDeep { limit: crate::formula::MAX_DEPTH }, block.span());
            return statements;
        }
        self.depth += 1;
        for statement in &block.stmts {
            self.statement(statement, &mut statements);
        }
        self.depth -= 1;
        statements
    }

    fn statement(&mut self, statement: &Stmt, statements: &mut Vec<Statement>) {
        match statement {
            Stmt::Local(local) => match &local.init {
                Some(init) if init.diverge.is_none() => {
                    let value = match self.array_from_fn(&local.pat, &init.expr) {
                        Some(table) => table,
                        None => self.expression(&init.expr),
                    };
                    let pattern = self.pattern(&local.pat);
                    statements.push(Statement::Let(pattern, value));
                }
                _ => {
                    let what = "a binding without a value of its own";
                    let missing = self.unsupported(what, "write `let name = value;`", local);
                    let pattern = self.pattern(&local.pat);
                    statements.push(Statement::Let(pattern, missing));
                }
            },
            Stmt::Item(Item::Const(item)) => {
                let value = self.expression(&item.expr);
                let name = self.name(&item.ident);
                statements.push(Statement::Let(crate::syntax::Pattern::Name(name), value));
            }
            Stmt::Item(Item::Fn(item)) => {
                self.unsupported(
                    "a function inside",
                    "write it as a closure: `let f = |x: f64| …;`",
                    &item.sig.ident,
                );
            }
            Stmt::Item(item) => {
                self.unsupported("an item inside", "write paths in full, as in `std::f64::consts::PI`", item);
            }
            Stmt::Macro(item) if is_assertion(&item.mac) => {}
            Stmt::Macro(item) => {
                self.unsupported("a macro", "write out what it expands to", &item.mac.path);
            }
            Stmt::Expr(expr, _) => self.expression_statement(expr, statements),
        }
    }

    /// `let z: [f64; 3] = std::array::from_fn(|j| …);`
    fn array_from_fn(&mut self, pattern: &Pat, init: &Expr) -> Option<NodeId> {
        let (Pat::Type(typed), Expr::Call(call)) = (pattern, init) else { return None };
        let (Type::Array(array), Expr::Path(path)) = (&*typed.ty, &*call.func) else { return None };
        let (last, Some(Expr::Closure(closure))) = (path.path.segments.last()?, call.args.first()) else {
            return None;
        };
        if last.ident != "from_fn" || closure.inputs.len() != 1 {
            return None;
        }
        let length = self.expression(&array.len);
        let index = self.pattern(&closure.inputs[0]);
        let value = self.expression(&closure.body);
        Some(self.push(Node::Table(index, value, length), call.span()))
    }

    fn expression_statement(&mut self, expr: &Expr, statements: &mut Vec<Statement>) {
        match expr {
            Expr::Macro(item) if is_assertion(&item.mac) => {}
            Expr::ForLoop(looped) => self.for_loop(looped, statements),
            Expr::If(branch) => {
                let statement = self.branch(branch);
                statements.push(statement);
            }
            Expr::Binary(binary) => {
                let update = match binary.op {
                    BinOp::AddAssign(_) => Update::Add,
                    BinOp::SubAssign(_) => Update::Subtract,
                    BinOp::MulAssign(_) => Update::Multiply,
                    BinOp::DivAssign(_) => Update::Divide,
                    _ => {
                        self.unsupported(
                            "an expression whose value is dropped",
                            "bind it with `let`, or remove it",
                            expr,
                        );
                        return;
                    }
                };
                if let Some(name) = self.target(&binary.left) {
                    let value = self.expression(&binary.right);
                    statements.push(Statement::Update(name, update, value));
                }
            }
            Expr::Assign(assign) => {
                if let Some(name) = self.target(&assign.left) {
                    let (update, value) = self.assigned(&name, &assign.right);
                    statements.push(Statement::Update(name, update, value));
                }
            }
            Expr::Paren(inner) => self.expression_statement(&inner.expr, statements),
            Expr::While(item) => {
                self.unsupported(
                    "a `while` loop",
                    "write `for i in 0..n` with a fixed number of iterations",
                    &item.while_token,
                );
            }
            Expr::Loop(item) => {
                self.unsupported(
                    "a `loop`",
                    "write `for i in 0..n` with a fixed number of iterations",
                    &item.loop_token,
                );
            }
            Expr::Break(_) | Expr::Continue(_) => {
                let instead = "put what depends on the condition into `if … { … }`";
                self.unsupported("a jump out of the loop", instead, expr);
            }
            Expr::Return(item) => {
                self.unsupported(
                    "an early return",
                    "use `if … { … } else { … }` as the final expression",
                    item,
                );
            }
            _ => {
                self.unsupported(
                    "an expression whose value is dropped",
                    "bind it with `let`, or remove it",
                    expr,
                );
            }
        }
    }

    /// `e = e + x` and `e = e.max(x)` accumulate; other values replace.
    fn assigned(&mut self, name: &Name, value: &Expr) -> (Update, NodeId) {
        let is_target = |e: &Expr| matches!(e, Expr::Path(path) if path.path.is_ident(&*name.text));
        match value {
            Expr::Binary(binary) if is_target(&binary.left) => {
                let update = match binary.op {
                    BinOp::Add(_) => Some(Update::Add),
                    BinOp::Sub(_) => Some(Update::Subtract),
                    BinOp::Mul(_) => Some(Update::Multiply),
                    BinOp::Div(_) => Some(Update::Divide),
                    _ => None,
                };
                if let Some(update) = update {
                    return (update, self.expression(&binary.right));
                }
            }
            Expr::MethodCall(call)
                if call.method == "max" && is_target(&call.receiver) && call.args.len() == 1 =>
            {
                return (Update::Max, self.expression(&call.args[0]));
            }
            _ => {}
        }
        (Update::Replace, self.expression(value))
    }

    fn target(&mut self, place: &Expr) -> Option<Name> {
        match place {
            Expr::Path(path) if path.path.get_ident().is_some() => {
                path.path.get_ident().map(|i| self.name(i))
            }
            Expr::Paren(inner) => self.target(&inner.expr),
            Expr::Unary(inner) if matches!(inner.op, syn::UnOp::Deref(_)) => self.target(&inner.expr),
            other => {
                let instead = "accumulate into a name, or compute the element where it is used";
                self.unsupported("a change of an element", instead, other);
                None
            }
        }
    }

    fn for_loop(&mut self, looped: &ExprForLoop, statements: &mut Vec<Statement>) {
        if let Some(fill) = self.filling_loop(looped) {
            statements.push(fill);
            return;
        }
        let sequence = self.sequence(&looped.expr);
        let name = self.fresh_name(looped.expr.span());
        let (positions, item) = self.walk(&sequence, &name, looped.expr.span());
        let pattern = self.pattern(&looped.pat);
        let mut body = vec![Statement::Let(pattern, item)];
        body.extend(self.unit_block(&looped.body));
        statements.push(Statement::For(Binder { name, positions }, body));
    }

    /// `for i in 0..n { …; z[i] = value; }` says every element of `z` at once.
    fn filling_loop(&mut self, looped: &ExprForLoop) -> Option<Statement> {
        let (Pat::Ident(index), Expr::Range(range)) = (&*looped.pat, &*looped.expr) else { return None };
        let (Some(Expr::Lit(lo)), Some(hi), RangeLimits::HalfOpen(_)) =
            (range.start.as_deref(), range.end.as_deref(), &range.limits)
        else {
            return None;
        };
        let (Stmt::Expr(Expr::Assign(assign), _), before) = looped.body.stmts.split_last()? else {
            return None;
        };
        let Expr::Index(place) = &*assign.left else { return None };
        let Expr::Path(target) = &*place.expr else { return None };
        let from_zero = matches!(&lo.lit, Lit::Int(zero) if zero.base10_digits() == "0");
        let at_index = matches!(&*place.index, Expr::Path(p) if p.path.is_ident(&index.ident));
        let target = target.path.get_ident().filter(|_| from_zero && at_index)?;
        let target = self.name(target);
        let length = self.expression(hi);
        let index = self.name(&index.ident);
        let mut inner = Vec::new();
        before.iter().for_each(|s| self.statement(s, &mut inner));
        let value = self.expression(&assign.right);
        let value = self.push(Node::Block(inner, value), looped.body.span());
        if let Some(other) = self.other_element(value, &target, &index) {
            let problem = Problem::ReadWhileAccumulating { name: target.text.to_string() };
            self.diagnostics.push(Diagnostic::new(problem, other));
        }
        Some(Statement::Fill(target, index, length, value))
    }

    /// A use of `array` below `value` other than `array[index]`: of an element that may be filled already.
    fn other_element(&self, value: NodeId, array: &Name, index: &Name) -> Option<SpanId> {
        let is_name =
            |node: NodeId, name: &Name| matches!(self.tree.node(node), Node::Name(t) if *t == name.text);
        let mut pending = vec![value];
        while let Some(node) = pending.pop() {
            match self.tree.node(node) {
                Node::Subscript(base, subscripts)
                    if is_name(*base, array) && subscripts.first().is_some_and(|&s| is_name(s, index)) =>
                {
                    pending.extend(subscripts);
                }
                Node::Name(text) if *text == array.text => return Some(self.tree.span(node)),
                _ => self.tree.for_each_child(node, &mut |child| pending.push(child)),
            }
        }
        None
    }

    fn branch(&mut self, branch: &ExprIf) -> Statement {
        let condition = self.expression(&branch.cond);
        let yes = self.unit_block(&branch.then_branch);
        let no = match branch.else_branch.as_ref().map(|(_, other)| &**other) {
            Some(Expr::Block(block)) => self.unit_block(&block.block),
            Some(Expr::If(other)) if self.depth < crate::formula::MAX_DEPTH => {
                self.depth += 1;
                let other = self.branch(other);
                self.depth -= 1;
                vec![other]
            }
            Some(other) => {
                self.complain(Problem::TooDeep { limit: crate::formula::MAX_DEPTH }, other.span());
                Vec::new()
            }
            None => Vec::new(),
        };
        Statement::If(condition, yes, no)
    }
}

/// Finds `#[cfg]` and `#[cfg_attr]`, which are not decided yet when an attribute macro sees its function.
#[derive(Default)]
struct Configured {
    attributes: Vec<syn::Attribute>,
}

impl<'a> Visit<'a> for Configured {
    fn visit_attribute(&mut self, attribute: &'a syn::Attribute) {
        if attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr") {
            self.attributes.push(attribute.clone());
        }
    }
}

/// Assertions say nothing about the value.
fn is_assertion(mac: &syn::Macro) -> bool {
    mac.path.segments.last().is_some_and(|s| {
        matches!(
            s.ident.to_string().as_str(),
            "assert" | "assert_eq" | "assert_ne" | "debug_assert" | "debug_assert_eq" | "debug_assert_ne"
        )
    })
}
