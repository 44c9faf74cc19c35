//! Arrays made at once: by a function of the position, by macros, by types that say the length.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprClosure, Pat, Token, Type};

use super::Reader;
use crate::builtins::{Builtin, builtin};
use crate::syntax::{Node, NodeId, Pattern};

impl Reader {
    /// The value of `let pattern = init`.
    pub(super) fn bound(&mut self, pattern: &Pat, init: &Expr) -> NodeId {
        match pattern {
            Pat::Type(typed) => self.bound_to(&typed.ty, init),
            _ => self.expression(init),
        }
    }

    /// The value of an expression of a given type, which may say the length of an array.
    pub(super) fn bound_to(&mut self, ty: &Type, init: &Expr) -> NodeId {
        if let (Type::Array(array), Expr::Call(call)) = (ty, init)
            && let (Expr::Path(path), Some(Expr::Closure(closure))) = (&*call.func, call.args.first())
            && path.path.segments.last().is_some_and(|s| s.ident == "from_fn" && s.arguments.is_none())
            && closure.inputs.len() == 1
        {
            return self.array_of(closure, &array.len, call.span());
        }
        self.expression(init)
    }

    /// The array of the values of a closure at every position.
    pub(super) fn array_of(&mut self, closure: &ExprClosure, length: &Expr, span: Span) -> NodeId {
        let length = self.expression(length);
        let index = self.pattern(&closure.inputs[0]);
        let value = self.closure_body(&closure.body);
        self.push(Node::Table(index, value, length), span)
    }

    /// `vec![…]` and `matches!(…)`; other macros cannot be looked into.
    pub(super) fn macro_call(&mut self, mac: &syn::Macro) -> NodeId {
        let name = mac.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        match name.as_str() {
            "vec" => {
                if let Ok(Repeated { value, length }) = syn::parse2(mac.tokens.clone()) {
                    let (value, length) = (self.expression(&value), self.expression(&length));
                    return self.push(Node::Table(Pattern::Wildcard, value, length), mac.span());
                }
                if let Ok(List(elements)) = syn::parse2(mac.tokens.clone()) {
                    let elements = elements.iter().map(|e| self.expression(e)).collect();
                    return self.push(Node::Tuple(elements), mac.span());
                }
            }
            "matches" => {
                if let Ok(Matched { value, pattern }) = syn::parse2(mac.tokens.clone()) {
                    let value = self.expression(&value);
                    let mut bindings = Vec::new();
                    let holds = self.matched(&pattern, value, &mut bindings);
                    return holds.unwrap_or_else(|| self.push(Node::Truth(true), mac.span()));
                }
            }
            "println" | "print" | "eprintln" | "eprint" | "dbg" => {
                return self.unsupported(&format!("`{name}!`"), "remove it", &mac.path);
            }
            "panic" | "todo" | "unreachable" | "unimplemented" => {
                let instead = "make it the only content of a branch, or remove it";
                return self.unsupported(&format!("`{name}!`"), instead, &mac.path);
            }
            _ => {}
        }
        self.unsupported("a macro", "write out what it expands to", &mac.path)
    }

    /// A function of the library under its path: `hesse::math::sigmoid`, or by way of an imported module.
    pub(super) fn library_function(&self, path: &[&str]) -> Option<Builtin> {
        let (last, owners) = path.split_last()?;
        let known = owners.iter().any(|n| n.starts_with("hesse"))
            || owners.first().is_some_and(|n| self.math_names.iter().any(|m| m == n));
        builtin(last).filter(|_| known)
    }
}

/// `value; length`
struct Repeated {
    value: Expr,
    length: Expr,
}

impl Parse for Repeated {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let value = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Repeated { value, length: input.parse()? })
    }
}

/// Expressions with commas between them.
struct List(Punctuated<Expr, Token![,]>);

impl Parse for List {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        Punctuated::parse_terminated(input).map(List)
    }
}

/// `value, pattern`
struct Matched {
    value: Expr,
    pattern: Pat,
}

impl Parse for Matched {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let value = input.parse()?;
        input.parse::<Token![,]>()?;
        let pattern = Pat::parse_multi_with_leading_vert(input)?;
        input.parse::<Option<Token![,]>>()?;
        Ok(Matched { value, pattern })
    }
}
