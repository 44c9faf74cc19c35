//! Assignments: what they change, and how.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{BinOp, Expr, UnOp};

use super::Reader;
use crate::syntax::{Node, NodeId, Operand, Pattern, Place, Statement, Update};

impl Reader {
    pub(super) fn assign(&mut self, left: &Expr, right: &Expr, statements: &mut Vec<Statement>) {
        match left {
            Expr::Infer(_) => {}
            Expr::Tuple(syn::ExprTuple { elems, .. }) | Expr::Array(syn::ExprArray { elems, .. }) => {
                // All parts are evaluated before the first is assigned.
                let value = self.expression(right);
                let whole = self.fresh_name(right.span());
                statements.push(Statement::Let(Pattern::Name(whole.clone()), value));
                for (at, target) in elems.iter().enumerate() {
                    if matches!(target, Expr::Infer(_)) {
                        continue;
                    }
                    let base = self.tree.push(Node::Name(whole.text.clone()), whole.span);
                    let at = self.push(Node::Integer(at.to_string().into()), target.span());
                    let part = self.push(Node::Subscript(base, vec![at]), target.span());
                    if let Some(place) = self.place(target) {
                        statements.push(Statement::Update(place, Update::Replace, part));
                    }
                }
            }
            _ => {
                if let Some(place) = self.place(left) {
                    for (update, value) in self.assigned(left, right) {
                        statements.push(Statement::Update(place.clone(), update, value));
                    }
                }
            }
        }
    }

    /// `e = e + x` and `e = e.max(x)` accumulate; other values replace. What is given is done one after the other.
    pub(super) fn assigned(&mut self, target: &Expr, value: &Expr) -> Vec<(Update, NodeId)> {
        let is_target = |e: &Expr| bare(e) == bare(target);
        match value {
            Expr::Binary(binary) => {
                if let Some(accumulated) = self.accumulated(&is_target, target, binary) {
                    return accumulated;
                }
            }
            Expr::MethodCall(call) if call.args.len() == 1 => {
                let pair = [&*call.receiver, &call.args[0]];
                if let Some(accumulated) = self.extreme(&is_target, &call.method.to_string(), pair) {
                    return vec![accumulated];
                }
            }
            Expr::Call(call) if call.args.len() == 2 => {
                if let Expr::Path(path) = &*call.func
                    && let [.., owner, method] = &path.path.segments.iter().collect::<Vec<_>>()[..]
                    && owner.ident == "f64"
                {
                    let pair = [&call.args[0], &call.args[1]];
                    if let Some(accumulated) = self.extreme(&is_target, &method.ident.to_string(), pair) {
                        return vec![accumulated];
                    }
                }
            }
            Expr::Paren(inner) => return self.assigned(target, &inner.expr),
            _ => {}
        }
        vec![(Update::Replace, self.expression(value))]
    }

    /// A chain with the target among its operands: what it adds or multiplies.
    fn accumulated(
        &mut self,
        is_target: &dyn Fn(&Expr) -> bool,
        target: &Expr,
        binary: &syn::ExprBinary,
    ) -> Option<Vec<(Update, NodeId)>> {
        let kind = |op: &BinOp| match op {
            BinOp::Add(_) => Some((true, false)),
            BinOp::Sub(_) => Some((true, true)),
            BinOp::Mul(_) => Some((false, false)),
            BinOp::Div(_) => Some((false, true)),
            _ => None,
        };
        let (sum, _) = kind(&binary.op)?;
        let mut operands: Vec<(bool, &Expr)> = Vec::new();
        let mut next = binary;
        let first = loop {
            let (_, inverted) = kind(&next.op)?;
            operands.push((inverted, &next.right));
            match &*next.left {
                Expr::Binary(inner) if kind(&inner.op).is_some_and(|k| k.0 == sum) => next = inner,
                other => break other,
            }
        };
        operands.push((false, first));
        operands.reverse();
        let at = operands.iter().position(|(inverted, e)| !inverted && is_target(e))?;
        operands.remove(at);
        if !sum && operands.iter().any(|o| o.0) {
            // What a later step reads must not be what an earlier one has changed.
            if operands.len() > 1 && operands.iter().any(|(_, e)| mentions_place(e, target)) {
                return None;
            }
            return Some(self.steps_of_product(&operands, at, binary));
        }
        let update = match (sum, &operands[..]) {
            (true, [(true, _)]) => Update::Subtract,
            (true, _) => Update::Add,
            (false, _) => Update::Multiply,
        };
        if let [(_, only)] = operands[..] {
            return Some(vec![(update, self.expression(only))]);
        }
        let read = operands.iter().map(|&(inverted, e)| Operand { inverted, node: self.expression(e) });
        let read: Vec<Operand> = read.collect();
        let node = if sum { Node::Sum(read) } else { Node::Product(read) };
        Some(vec![(update, self.push(node, binary.span()))])
    }

    /// A product with divisions, one after the other from the target on, because quotients of integers are rounded;
    /// what stands before the target is one factor.
    fn steps_of_product(
        &mut self,
        operands: &[(bool, &Expr)],
        at: usize,
        binary: &syn::ExprBinary,
    ) -> Vec<(Update, NodeId)> {
        let read = operands.iter().map(|&(inverted, e)| Operand { inverted, node: self.expression(e) });
        let mut before: Vec<Operand> = read.collect();
        let after = before.split_off(at);
        let first = match before[..] {
            [] => None,
            [only] => Some(only.node),
            _ => Some(self.push(Node::Product(before), binary.span())),
        };
        let update = |o: Operand| (if o.inverted { Update::Divide } else { Update::Multiply }, o.node);
        first.map(|node| (Update::Multiply, node)).into_iter().chain(after.into_iter().map(update)).collect()
    }

    /// `e.max(x)` and `x.max(e)`
    fn extreme(
        &mut self,
        is_target: &dyn Fn(&Expr) -> bool,
        method: &str,
        [a, b]: [&Expr; 2],
    ) -> Option<(Update, NodeId)> {
        let update = match method {
            "max" => Update::Max,
            "min" => Update::Min,
            _ => return None,
        };
        let other = if is_target(a) {
            b
        } else if is_target(b) {
            a
        } else {
            return None;
        };
        Some((update, self.expression(other)))
    }

    /// What a statement changes.
    pub(super) fn place(&mut self, place: &Expr) -> Option<Place> {
        match place {
            Expr::Path(path) if path.path.get_ident().is_some() => {
                let name = path.path.get_ident().map(|i| self.name(i))?;
                Some(Place { name, subscripts: Vec::new() })
            }
            Expr::Paren(inner) => self.place(&inner.expr),
            Expr::Unary(inner) if matches!(inner.op, UnOp::Deref(_)) => self.place(&inner.expr),
            Expr::Index(index) if !matches!(&*index.index, Expr::Range(_)) => {
                let mut place = self.place(&index.expr)?;
                place.subscripts.push(self.expression(&index.index));
                Some(place)
            }
            Expr::Field(field) => {
                let position = self.position_of(&field.member)?;
                let mut place = self.place(&field.base)?;
                place.subscripts.push(position);
                Some(place)
            }
            other => {
                let instead = "change a name or an element of an array: `z[j] += …`";
                self.unsupported("a change of this place", instead, other);
                None
            }
        }
    }
}

/// Whether an expression mentions the name that `target` is or is a part of.
fn mentions_place(expr: &Expr, target: &Expr) -> bool {
    let place = names(target.to_token_stream()).into_iter().next();
    place.is_some_and(|place| names(expr.to_token_stream()).contains(&place))
}

fn names(tokens: TokenStream) -> Vec<Ident> {
    let inside = |token: TokenTree| match token {
        TokenTree::Ident(ident) => vec![ident],
        TokenTree::Group(group) => names(group.stream()),
        _ => Vec::new(),
    };
    tokens.into_iter().flat_map(inside).collect()
}

/// An expression without parentheses and dereferences around it.
fn bare(mut expr: &Expr) -> &Expr {
    loop {
        expr = match expr {
            Expr::Paren(inner) => &inner.expr,
            Expr::Unary(inner) if matches!(inner.op, UnOp::Deref(_)) => &inner.expr,
            other => return other,
        };
    }
}
