//! Expressions.

use syn::spanned::Spanned;
use syn::{BinOp, Expr, ExprBinary, Lit, Member, Path, UnOp};

use super::Reader;
use super::constants::constant;
use super::jumps::Jump;
use crate::diagnostic::Problem;
use crate::resolve::is_constant_name;
use crate::syntax::{Comparison, Node, NodeId, Operand, Pattern};

/// The integers a number may be cast to.
const INTEGERS: &[&str] =
    &["usize", "isize", "u8", "u16", "u32", "u64", "u128", "i8", "i16", "i32", "i64", "i128"];

impl Reader {
    /// An expression; references, groups and blocks of one expression are transparent.
    pub(super) fn expression(&mut self, expr: &Expr) -> NodeId {
        self.nested(expr, |reader| reader.any_expression(expr))
    }

    fn any_expression(&mut self, expr: &Expr) -> NodeId {
        match expr {
            Expr::Lit(literal) => self.literal(&literal.lit),
            Expr::Path(path) if path.qself.is_none() => self.path(&path.path),
            Expr::Paren(inner) => self.expression(&inner.expr),
            Expr::Group(inner) => self.expression(&inner.expr),
            Expr::Reference(inner) => self.expression(&inner.expr),
            Expr::Unary(unary) => {
                let inner = self.expression(&unary.expr);
                match unary.op {
                    UnOp::Neg(_) => self.push(Node::Negate(inner), expr.span()),
                    UnOp::Not(_) => self.push(Node::Not(inner), expr.span()),
                    _ => inner,
                }
            }
            Expr::Binary(binary) => self.binary(binary),
            Expr::Call(call) => self.call(call),
            Expr::MethodCall(call) => self.method_call(call),
            Expr::Index(index) => {
                if matches!(&*index.index, Expr::Range(_)) {
                    let sequence = self.sequence(expr);
                    return self.collected(&sequence, expr.span());
                }
                let base = self.expression(&index.expr);
                let subscripts = match &*index.index {
                    // Matrices are indexed by row and column, and their columns lie one after another.
                    Expr::Tuple(both) => both.elems.iter().rev().map(|s| self.expression(s)).collect(),
                    own => vec![self.expression(own)],
                };
                self.push(Node::Subscript(base, subscripts), expr.span())
            }
            Expr::Field(field) => self.field(field),
            Expr::Cast(cast) => match &*cast.ty {
                // Functions of `f32` compute in `f64` too.
                syn::Type::Path(path)
                    if path.path.is_ident("f64") || self.is_single && path.path.is_ident("f32") =>
                {
                    let inner = self.expression(&cast.expr);
                    self.push(Node::Cast(inner), expr.span())
                }
                syn::Type::Path(path) if INTEGERS.iter().any(|name| path.path.is_ident(name)) => {
                    let inner = self.expression(&cast.expr);
                    self.push(Node::Whole(inner), expr.span())
                }
                other => self.unsupported("a cast to this type", "compute in `f64`", other),
            },
            Expr::Block(block) => self.block_value(&block.block),
            Expr::If(_) | Expr::Match(_) if Jump::Return.is_in(expr) => self.return_inside(expr),
            Expr::If(_) | Expr::Match(_) => self.chosen_value(expr),
            Expr::Closure(closure) => {
                let patterns = closure.inputs.iter().map(|p| self.pattern(p)).collect();
                let body = self.closure_body(&closure.body);
                self.push(Node::Lambda(patterns, body), expr.span())
            }
            Expr::Tuple(tuple) => {
                let elements = tuple.elems.iter().map(|e| self.expression(e)).collect();
                self.push(Node::Tuple(elements), expr.span())
            }
            Expr::Array(array) => {
                let elements = array.elems.iter().map(|e| self.expression(e)).collect();
                self.push(Node::Tuple(elements), expr.span())
            }
            Expr::Macro(item) => self.macro_call(&item.mac),
            Expr::Return(_) => self.return_inside(expr),
            Expr::Try(item) => {
                self.unsupported("`?`", "handle failure outside of the error function", &item.question_token)
            }
            Expr::Repeat(item) => {
                let (value, length) = (self.expression(&item.expr), self.expression(&item.len));
                self.push(Node::Table(Pattern::Wildcard, value, length), expr.span())
            }
            Expr::Range(item) => {
                self.unsupported("a range as a value", "loop over it, or `map` and `sum` it", item)
            }
            Expr::ForLoop(item) => {
                self.unsupported("a loop as a value", "accumulate into a name and use that", &item.for_token)
            }
            Expr::While(item) => self.while_loop(&item.while_token),
            Expr::Loop(item) => self.endless_loop(&item.loop_token),
            Expr::Async(item) => self.unsupported("`async`", "write plain code", &item.async_token),
            Expr::Await(item) => self.unsupported("`.await`", "write plain code", &item.await_token),
            Expr::Struct(item) => {
                self.unsupported("a structure", "use numbers, tuples and arrays", &item.path)
            }
            Expr::Path(path) => self.unsupported("a path with a type of its own", "write `f64::…`", path),
            Expr::Unsafe(item) => self.unsupported("unsafe code", "write safe code", &item.unsafe_token),
            Expr::Let(item) => {
                self.unsupported("`let` beside other conditions", "nest the conditions", &item.let_token)
            }
            other => {
                self.unsupported("this expression", "use arithmetic and elementary functions of `f64`", other)
            }
        }
    }

    pub(super) fn literal(&mut self, literal: &Lit) -> NodeId {
        let span = literal.span();
        match literal {
            Lit::Float(value)
                if matches!(value.suffix(), "" | "f64") || self.is_single && value.suffix() == "f32" =>
            {
                match value.base10_digits().parse::<f64>() {
                    Ok(number) if number.is_finite() => {
                        let text = value.base10_digits().into();
                        self.push(Node::Number(text), span)
                    }
                    _ => self.complain(Problem::NotFiniteLiteral, span),
                }
            }
            Lit::Int(value) if value.suffix() == "f64" => {
                let text = value.base10_digits().into();
                self.push(Node::Number(text), span)
            }
            Lit::Int(value) => {
                let text = value.base10_digits().into();
                self.push(Node::Integer(text), span)
            }
            Lit::Bool(truth) => self.push(Node::Truth(truth.value), span),
            Lit::Float(_) => self.unsupported("a number that is not `f64`", "use `f64` throughout", literal),
            _ => self.unsupported("a literal that is not a number", "use numbers", literal),
        }
    }

    fn path(&mut self, path: &Path) -> NodeId {
        if let Some(ident) = path.get_ident() {
            let name = self.name(ident);
            return self.tree.push(Node::Name(name.text), name.span);
        }
        if path.segments.iter().any(|s| !s.arguments.is_none()) {
            return self.unsupported("a path with types", "write it without", path);
        }
        let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match (&names[..], constant(&names)) {
            (_, Some(value)) => self.push(Node::Constant(value), path.span()),
            ([.., "f64", "NAN"], _) => {
                self.complain(Problem::NotFinite { name: names.join("::") }, path.span())
            }
            ([.., last], _) if is_constant_name(last) => {
                let problem = Problem::OuterPath { path: names.join("::"), name: (*last).to_owned() };
                self.complain(problem, path.span())
            }
            _ => self.complain(Problem::UnknownRustName { name: names.join("::") }, path.span()),
        }
    }

    /// Chains of one precedence become one node, as in formulas.
    fn binary(&mut self, binary: &ExprBinary) -> NodeId {
        let Some(group) = group(&binary.op) else { return self.other_operator(binary) };
        if group == Group::Compare {
            let (left, right) = (self.expression(&binary.left), self.expression(&binary.right));
            let comparison = match binary.op {
                BinOp::Lt(_) => Comparison::Less,
                BinOp::Le(_) => Comparison::LessEqual,
                BinOp::Gt(_) => Comparison::Greater,
                BinOp::Ge(_) => Comparison::GreaterEqual,
                BinOp::Eq(_) => Comparison::Equal,
                _ => Comparison::NotEqual,
            };
            return self.push(Node::Compare(comparison, left, right), binary.span());
        }
        let mut spine = vec![binary];
        let mut left = &*binary.left;
        while let Expr::Binary(inner) = left
            && self::group(&inner.op) == Some(group)
        {
            spine.push(inner);
            left = &inner.left;
        }
        let first = self.expression(left);
        let mut operands = vec![Operand { inverted: false, node: first }];
        for inner in spine.into_iter().rev() {
            let inverted = matches!(inner.op, BinOp::Sub(_) | BinOp::Div(_));
            operands.push(Operand { inverted, node: self.expression(&inner.right) });
        }
        let nodes = || operands.iter().map(|o| o.node).collect();
        let node = match group {
            Group::And => Node::And(nodes()),
            Group::Or => Node::Or(nodes()),
            Group::Sum | Group::Compare => Node::Sum(operands),
            Group::Product => Node::Product(operands),
        };
        self.push(node, binary.span())
    }

    pub(super) fn other_operator(&mut self, binary: &ExprBinary) -> NodeId {
        let (what, instead) = match binary.op {
            BinOp::Rem(_) => {
                let (left, right) = (self.expression(&binary.left), self.expression(&binary.right));
                return self.push(Node::Remainder(left, right), binary.span());
            }
            BinOp::RemAssign(_) => ("a remainder in place", "write `k = k % n`"),
            BinOp::AddAssign(_) | BinOp::SubAssign(_) | BinOp::MulAssign(_) | BinOp::DivAssign(_) => {
                ("a change inside an expression", "make it a statement of its own")
            }
            _ => ("a bit operation", "use arithmetic of `f64`, and `&&` and `||` for conditions"),
        };
        self.unsupported(what, instead, &binary.op)
    }

    fn field(&mut self, field: &syn::ExprField) -> NodeId {
        let base = self.expression(&field.base);
        match &field.member {
            Member::Unnamed(index) => {
                let subscript = self.push(Node::Integer(index.index.to_string().into()), index.span());
                self.push(Node::Subscript(base, vec![subscript]), field.span())
            }
            Member::Named(name) => {
                let name = self.name(name);
                self.push(Node::Field(base, name), field.span())
            }
        }
    }

    /// The position a field stands for: `.0` of tuples, `.x` of vectors.
    pub(super) fn position_of(&mut self, member: &Member) -> Option<NodeId> {
        let position = match member {
            Member::Unnamed(index) => Some(index.index),
            Member::Named(name) => ["x", "y", "z", "w"].iter().position(|c| name == c).map(|at| at as u32),
        };
        let Some(position) = position else {
            let instead = "pass numbers and arrays as arguments of their own";
            self.unsupported("a field of a structure", instead, member);
            return None;
        };
        Some(self.push(Node::Integer(position.to_string().into()), member.span()))
    }

    /// The value of a closure, which may return early.
    pub(super) fn closure_body(&mut self, body: &Expr) -> NodeId {
        match body {
            Expr::Block(block) => {
                self.nested(body, |reader| reader.returning(&block.block, Problem::BlockWithoutValue))
            }
            body => self.expression(body),
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Group {
    Sum,
    Product,
    And,
    Or,
    Compare,
}

fn group(op: &BinOp) -> Option<Group> {
    Some(match op {
        BinOp::Add(_) | BinOp::Sub(_) => Group::Sum,
        BinOp::Mul(_) | BinOp::Div(_) => Group::Product,
        BinOp::And(_) => Group::And,
        BinOp::Or(_) => Group::Or,
        BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_) => {
            Group::Compare
        }
        _ => return None,
    })
}
