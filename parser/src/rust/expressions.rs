//! Expressions.

use syn::spanned::Spanned;
use syn::{BinOp, Expr, ExprBinary, ExprIf, Lit, Member, Path, UnOp};

use super::Reader;
use crate::diagnostic::Problem;
use crate::syntax::{Comparison, Node, NodeId, Operand, Pattern};

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
                    let instead = "loop over the positions: `for i in 1..x.len()`";
                    return self.unsupported("a part of a slice", instead, &index.index);
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
                syn::Type::Path(path) if path.path.is_ident("usize") => {
                    let inner = self.expression(&cast.expr);
                    self.push(Node::Position(inner), expr.span())
                }
                other => self.unsupported("a cast that is not to `f64`", "compute in `f64`", other),
            },
            Expr::Block(block) => self.block_value(&block.block),
            Expr::If(branch) => self.branch_value(branch),
            Expr::Closure(closure) => {
                let patterns = closure.inputs.iter().map(|p| self.pattern(p)).collect();
                let body = self.expression(&closure.body);
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
            Expr::Match(item) => {
                self.unsupported("`match`", "use `if … { … } else { … }`", &item.match_token)
            }
            Expr::Macro(item) => self.unsupported("a macro", "write out what it expands to", &item.mac.path),
            Expr::Return(item) => self.unsupported(
                "an early return",
                "use `if … { … } else { … }` as the final expression",
                item,
            ),
            Expr::Try(item) => self.unsupported("`?`", "handle failure outside of the error function", item),
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
            Expr::While(item) => {
                self.unsupported("a `while` loop", "write `for i in 0..n`", &item.while_token)
            }
            Expr::Loop(item) => self.unsupported("a `loop`", "write `for i in 0..n`", &item.loop_token),
            Expr::Unsafe(item) => self.unsupported("unsafe code", "write safe code", &item.unsafe_token),
            Expr::Let(item) => self.unsupported("`if let`", "compare numbers in the condition", item),
            other => {
                self.unsupported("this expression", "use arithmetic and elementary functions of `f64`", other)
            }
        }
    }

    fn literal(&mut self, literal: &Lit) -> NodeId {
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
            Lit::Float(_) => self.unsupported("a number that is not `f64`", "use `f64` throughout", literal),
            _ => self.unsupported("a literal that is not a number", "use numbers", literal),
        }
    }

    fn path(&mut self, path: &Path) -> NodeId {
        if let Some(ident) = path.get_ident() {
            let name = self.name(ident);
            return self.tree.push(Node::Name(name.text), name.span);
        }
        let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match (&names[..], constant(&names)) {
            (_, Some(value)) => self.push(Node::Constant(value), path.span()),
            ([.., "f64", "INFINITY" | "NEG_INFINITY" | "NAN"], _) => {
                self.complain(Problem::NotFinite { name: names.join("::") }, path.span())
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

    fn other_operator(&mut self, binary: &ExprBinary) -> NodeId {
        let (what, instead) = match binary.op {
            BinOp::Rem(_) => ("a remainder", "write `x - y * (x / y).trunc()`"),
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

    fn branch_value(&mut self, branch: &ExprIf) -> NodeId {
        let Some((_, other)) = &branch.else_branch else {
            return self.unsupported("`if` without `else` as a value", "add `else { 0.0 }`", branch);
        };
        let condition = self.expression(&branch.cond);
        let yes = self.block_value(&branch.then_branch);
        let no = self.expression(other);
        self.push(Node::If(condition, yes, no), branch.span())
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

/// The value of a constant of the standard library.
fn constant(path: &[&str]) -> Option<f64> {
    use std::f64::consts;
    match path {
        [.., "f64", "EPSILON"] => Some(f64::EPSILON),
        [.., "f64", "MIN_POSITIVE"] => Some(f64::MIN_POSITIVE),
        [.., "f64", "MAX"] => Some(f64::MAX),
        [.., "f64", "MIN"] => Some(f64::MIN),
        [.., "consts", name] => Some(match *name {
            "PI" => consts::PI,
            "TAU" => consts::TAU,
            "E" => consts::E,
            "SQRT_2" => consts::SQRT_2,
            "FRAC_1_SQRT_2" => consts::FRAC_1_SQRT_2,
            "LN_2" => consts::LN_2,
            "LN_10" => consts::LN_10,
            "LOG2_E" => consts::LOG2_E,
            "LOG2_10" => consts::LOG2_10,
            "LOG10_E" => consts::LOG10_E,
            "LOG10_2" => consts::LOG10_2,
            "FRAC_1_PI" => consts::FRAC_1_PI,
            "FRAC_2_PI" => consts::FRAC_2_PI,
            "FRAC_2_SQRT_PI" => consts::FRAC_2_SQRT_PI,
            "FRAC_PI_2" => consts::FRAC_PI_2,
            "FRAC_PI_3" => consts::FRAC_PI_3,
            "FRAC_PI_4" => consts::FRAC_PI_4,
            "FRAC_PI_6" => consts::FRAC_PI_6,
            "FRAC_PI_8" => consts::FRAC_PI_8,
            _ => return None,
        }),
        _ => None,
    }
}
