//! Jumps: early returns and `continue`, as choices between what follows and what does not.

use syn::spanned::Spanned;
use syn::{Block, Expr, Pat, Stmt};

use super::Reader;
use crate::diagnostic::Problem;
use crate::formula::MAX_DEPTH;
use crate::syntax::{Node, NodeId};

/// A way to leave the statements at hand.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Jump {
    Return,
    Continue,
}

impl Jump {
    /// Whether the expression is this jump.
    pub(super) fn is(self, expr: &Expr) -> bool {
        match expr {
            Expr::Return(_) => self == Jump::Return,
            Expr::Continue(jump) => self == Jump::Continue && jump.label.is_none(),
            _ => false,
        }
    }

    /// Whether a branch of this statement takes the jump.
    pub(super) fn is_in(self, expr: &Expr) -> bool {
        match expr {
            Expr::If(branch) => {
                self.is_in_block(&branch.then_branch)
                    || branch.else_branch.as_ref().is_some_and(|(_, other)| self.is_in(other))
            }
            Expr::Match(item) => item.arms.iter().any(|arm| self.is_in(&arm.body)),
            Expr::Block(block) => self.is_in_block(&block.block),
            Expr::Paren(inner) => self.is_in(&inner.expr),
            other => self.is(other),
        }
    }

    /// Whether the expression does nothing in the end but take this jump.
    pub(super) fn ends(self, expr: &Expr) -> bool {
        match expr {
            Expr::Block(block) => {
                matches!(block.block.stmts.last(), Some(Stmt::Expr(last, _)) if self.is(last))
            }
            other => self.is(other),
        }
    }

    /// The pattern and the branches of `let pattern = if …`, some of which take the jump.
    pub(super) fn in_let(self, statement: &Stmt) -> Option<(&Pat, &Expr)> {
        let Stmt::Local(local) = statement else { return None };
        let init = local.init.as_ref().filter(|init| init.diverge.is_none())?;
        let branches = matches!(&*init.expr, Expr::If(_) | Expr::Match(_));
        (branches && self.is_in(&init.expr)).then_some((&local.pat, &*init.expr))
    }

    fn is_in_block(self, block: &Block) -> bool {
        block.stmts.iter().any(|s| matches!(s, Stmt::Expr(expr, _) if self.is_in(expr)))
    }
}

impl Reader {
    /// The body of a function or closure: statements, then its value, or earlier returns.
    pub(super) fn returning(&mut self, block: &Block, missing: Problem) -> NodeId {
        self.tail(&block.stmts, &Tail { rest: None, missing, block })
    }

    /// A block in the place of an expression.
    pub(super) fn block_value(&mut self, block: &Block) -> NodeId {
        if let [Stmt::Expr(only, None)] = &block.stmts[..]
            && !Jump::Return.is_in(only)
        {
            return self.expression(only);
        }
        let jump = block.stmts.iter().find_map(|s| match s {
            Stmt::Expr(expr, _) if Jump::Return.is_in(expr) => Some(expr),
            _ => None,
        });
        if let Some(jump) = jump {
            return self.return_inside(jump);
        }
        self.returning(block, Problem::BlockWithoutValue)
    }

    /// A return where its value cannot end the function.
    pub(super) fn return_inside(&mut self, at: &Expr) -> NodeId {
        let instead = "return in a statement of its own: `if … { return …; }`";
        self.unsupported("a return inside of an expression", instead, at)
    }

    /// The value of statements at the end of a function.
    fn tail(&mut self, statements: &[Stmt], tail: &Tail) -> NodeId {
        let items = self.items(statements);
        let value = self.tail_after(statements, tail);
        if items.is_empty() { value } else { self.push(Node::Block(items, value), tail.block.span()) }
    }

    /// The same where the items of the block are known.
    fn tail_after(&mut self, statements: &[Stmt], tail: &Tail) -> NodeId {
        if self.depth >= MAX_DEPTH {
            return self.complain(Problem::TooDeep { limit: MAX_DEPTH }, tail.block.span());
        }
        self.depth += 1;
        let mut read = Vec::new();
        let mut value = None;
        for (at, statement) in statements.iter().enumerate() {
            let after = &statements[at + 1..];
            let last = after.is_empty() && tail.rest.is_none();
            if let Some((pattern, expr)) = Jump::Return.in_let(statement) {
                let later = self.push(Node::Error, expr.span());
                value = Some(self.folded(expr, None, |reader, body, (_, mark)| {
                    if Jump::Return.ends(body) {
                        return reader.tail(&[Stmt::Expr(body.clone(), None)], tail);
                    }
                    let chosen = reader.expression(body);
                    let bound = reader.left(mark, pattern, chosen);
                    reader.push(Node::Block(bound, later), body.span())
                }));
                self.follow(later, after, tail);
                break;
            }
            match statement {
                Stmt::Expr(expr, _) if Jump::Return.is(expr) => value = Some(self.tail_value(expr, tail)),
                Stmt::Expr(expr, semicolon) if Jump::Return.is_in(expr) && !(last && semicolon.is_none()) => {
                    let later = match after {
                        [] => None,
                        _ => Some(self.push(Node::Error, expr.span())),
                    };
                    let rest = later.or(tail.rest);
                    value = Some(self.tail_value(expr, &Tail { rest, ..tail.clone() }));
                    if let Some(later) = later {
                        self.follow(later, after, tail);
                    }
                }
                Stmt::Expr(Expr::ForLoop(_), _) => self.statement(statement, &mut read),
                Stmt::Expr(expr, None) if last => value = Some(self.tail_value(expr, tail)),
                // The value is there, the semicolon drops it.
                Stmt::Expr(
                    Expr::Path(_) | Expr::Lit(_) | Expr::MethodCall(_) | Expr::Call(_) | Expr::Binary(_),
                    Some(semicolon),
                ) if last && !changes(statement) => {
                    value = Some(self.complain(tail.missing.clone(), semicolon.span()));
                }
                _ => self.statement(statement, &mut read),
            }
            if value.is_some() {
                break;
            }
        }
        let value = value.or(tail.rest).unwrap_or_else(|| {
            let span = statements.last().map_or(tail.block.span(), Spanned::span);
            self.complain(tail.missing.clone(), span)
        });
        self.depth -= 1;
        if read.is_empty() { value } else { self.push(Node::Block(read, value), tail.block.span()) }
    }

    /// Reads what comes later, in the order of the source, into the node that stands for it.
    fn follow(&mut self, later: NodeId, statements: &[Stmt], tail: &Tail) {
        let value = self.tail_after(statements, tail);
        *self.tree.node_mut(later) = Node::Block(Vec::new(), value);
    }

    /// The value of an expression at the end of a function.
    fn tail_value(&mut self, expr: &Expr, tail: &Tail) -> NodeId {
        match expr {
            Expr::Return(returned) => match &returned.expr {
                Some(value) => self.tail_value(value, &Tail { rest: None, ..tail.clone() }),
                None => self.complain(tail.missing.clone(), expr.span()),
            },
            Expr::Paren(inner) if Jump::Return.is_in(expr) => self.tail_value(&inner.expr, tail),
            Expr::If(_) | Expr::Match(_) | Expr::Block(_) if Jump::Return.is_in(expr) => {
                self.folded(expr, tail.rest, |reader, body, (rest, _)| {
                    let tail = Tail { rest, ..tail.clone() };
                    match body {
                        Expr::Block(block) => reader.tail(&block.block.stmts, &tail),
                        body => {
                            let semicolon = rest.map(|_| Default::default());
                            reader.tail(&[Stmt::Expr(body.clone(), semicolon)], &tail)
                        }
                    }
                })
            }
            expr => self.expression(expr),
        }
    }
}

/// The end of a function.
#[derive(Clone)]
struct Tail<'a> {
    /// The value of the statements that follow.
    rest: Option<NodeId>,
    /// What to say where there is no value.
    missing: Problem,
    block: &'a Block,
}

/// Whether an operator statement changes something.
fn changes(statement: &Stmt) -> bool {
    use syn::BinOp::{AddAssign, DivAssign, MulAssign, SubAssign};
    match statement {
        Stmt::Expr(Expr::Binary(binary), _) => {
            matches!(binary.op, AddAssign(_) | SubAssign(_) | MulAssign(_) | DivAssign(_))
        }
        _ => false,
    }
}
