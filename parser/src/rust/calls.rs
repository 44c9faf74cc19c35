//! Calls of functions and methods.

use hesse_symbolic::functions::{Composite, Function};
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprMethodCall};

use super::Reader;
use crate::builtins::{Builtin, Reduction, builtin};
use crate::diagnostic::{Diagnostic, Problem, closest};
use crate::syntax::{Name, Node, NodeId, Operand, Side};

/// Methods of `f64` that are functions of one or two numbers of the same name.
const PLAIN: &[&str] = &[
    "exp", "exp2", "exp_m1", "ln", "ln_1p", "log2", "log10", "cbrt", "sin", "cos", "tan", "asin", "acos",
    "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "abs", "floor", "ceil", "round", "trunc",
    "atan2", "hypot",
];
/// Methods with a meaning of their own.
const OTHER: &[&str] = &[
    "sqrt",
    "powi",
    "powf",
    "log",
    "max",
    "min",
    "signum",
    "recip",
    "fract",
    "mul_add",
    "sin_cos",
    "clamp",
    "to_radians",
    "len",
    "dot",
    "norm",
    "norm_squared",
    "iter",
    "zip",
    "enumerate",
    "map",
    "sum",
    "product",
    "fold",
    "skip",
    "take",
    "windows",
];

impl Reader {
    pub(super) fn call(&mut self, call: &ExprCall) -> NodeId {
        let mut callee = &*call.func;
        while let Expr::Paren(inner) = callee {
            callee = &inner.expr;
        }
        let Expr::Path(path) = callee else {
            return self.unsupported(
                "a call of a computed function",
                "bind the closure to a name first",
                callee,
            );
        };
        let written = super::uses::path_text(&path.path);
        if let Some(used) = self.used(&written).map(Into::into) {
            let name = Name { text: used, span: self.span(path.span()) };
            let args = call.args.iter().map(|a| self.expression(a)).collect();
            return self.push(Node::Call(name, args), call.span());
        }
        if let Some(ident) = path.path.get_ident() {
            let name = self.name(ident);
            let args = call.args.iter().map(|a| self.expression(a)).collect();
            return self.push(Node::Call(name, args), call.span());
        }
        let names: Vec<String> = path.path.segments.iter().map(|s| s.ident.to_string()).collect();
        let last = names.last().map(String::as_str).unwrap_or_default();
        let owner = names.len().checked_sub(2).map(|at| names[at].as_str()).unwrap_or_default();
        let args: Vec<&Expr> = call.args.iter().collect();
        match (owner, last, &args[..]) {
            ("f64", "from", [value]) => {
                let value = self.expression(value);
                self.push(Node::Cast(value), call.span())
            }
            ("f64", method, [receiver, rest @ ..]) => {
                let receiver = self.expression(receiver);
                self.number_method(method, receiver, rest, callee.span(), call.span())
            }
            _ if names.iter().any(|n| n.starts_with("hesse")) && builtin(last).is_some() => {
                let nodes: Vec<NodeId> = args.iter().map(|a| self.expression(a)).collect();
                match builtin(last) {
                    Some(known) if (known.arity().0..=known.arity().1).contains(&nodes.len()) => {
                        self.push(Node::Apply(known, nodes), call.span())
                    }
                    _ => self.complain(Problem::UnknownMethod { name: last.to_owned() }, callee.span()),
                }
            }
            _ => {
                let what = format!("a call of `{}`", names.join("::"));
                let instead = "write `#[differentiable]` above it and `uses(…)` with its path in the attribute, or a closure inside of the function";
                self.unsupported(&what, instead, callee)
            }
        }
    }

    pub(super) fn method_call(&mut self, call: &ExprMethodCall) -> NodeId {
        if let Some(used) = self.used(&format!(".{}", call.method)).map(Into::into) {
            let name = Name { text: used, span: self.span(call.method.span()) };
            let args = [&*call.receiver].into_iter().chain(&call.args);
            let args = args.map(|a| self.expression(a)).collect();
            return self.push(Node::Call(name, args), call.span());
        }
        let args: Vec<&Expr> = call.args.iter().collect();
        let method = call.method.to_string();
        let span = call.span();
        match (method.as_str(), &args[..]) {
            ("sum", []) => self.reduction(Reduction::Sum, &call.receiver, span),
            ("product", []) => self.reduction(Reduction::Product, &call.receiver, span),
            ("fold", [init, step]) => self.fold(call, init, step),
            ("count", []) => self.unsupported("a count", "use the length of the array", &call.method),
            ("len", []) => {
                let array = self.expression(&call.receiver);
                self.push(Node::Length(array), span)
            }
            ("nrows" | "ncols", []) => {
                let matrix = self.expression(&call.receiver);
                let side = if method == "nrows" { Side::Rows } else { Side::Columns };
                self.push(Node::Side(matrix, side), span)
            }
            ("clone" | "to_owned" | "as_slice" | "as_ref" | "into", []) => self.expression(&call.receiver),
            (
                "iter" | "into_iter" | "zip" | "map" | "enumerate" | "skip" | "take" | "windows" | "copied"
                | "cloned",
                _,
            ) => self.unsupported(
                "an iterator as a value",
                "end it with `sum()` or `product()`, or loop over it",
                &call.method,
            ),
            ("dot", [other]) => {
                let (a, b) = (self.expression(&call.receiver), self.expression(other));
                self.push(Node::Apply(Builtin::Dot, vec![a, b]), span)
            }
            ("norm", []) => {
                let a = self.expression(&call.receiver);
                self.push(Node::Apply(Builtin::Elements(Reduction::Norm), vec![a]), span)
            }
            ("norm_squared", []) => {
                let a = self.expression(&call.receiver);
                self.push(Node::Apply(Builtin::Dot, vec![a, a]), span)
            }
            _ => {
                let receiver = self.expression(&call.receiver);
                self.number_method(&method, receiver, &args, call.method.span(), span)
            }
        }
    }

    /// A method of `f64`.
    pub(super) fn number_method(
        &mut self,
        name: &str,
        x: NodeId,
        args: &[&Expr],
        place: Span,
        span: Span,
    ) -> NodeId {
        let plain = PLAIN.iter().find(|p| **p == name).and_then(|p| Function::from_name(p));
        if let Some(function) = plain
            && function.arity() == args.len() + 1
        {
            let mut nodes = vec![x];
            nodes.extend(args.iter().map(|a| self.expression(a)));
            return self.push(Node::Apply(Builtin::Elementary(function), nodes), span);
        }
        let term = |node| Operand { inverted: false, node };
        let args: Vec<NodeId> = args.iter().map(|a| self.expression(a)).collect();
        let node = match (name, &args[..]) {
            ("sqrt", []) => Node::Apply(Builtin::Sqrt, vec![x]),
            ("signum", []) => Node::Apply(Builtin::Signum, vec![x]),
            ("powi" | "powf", &[y]) => Node::Power(x, y),
            ("log", &[base]) => Node::Apply(Builtin::Log, vec![x, base]),
            ("max", &[y]) => Node::Apply(Builtin::Max, vec![x, y]),
            ("min", &[y]) => Node::Apply(Builtin::Min, vec![x, y]),
            ("clamp", &[lo, hi]) => {
                let raised = self.push(Node::Apply(Builtin::Max, vec![x, lo]), span);
                Node::Apply(Builtin::Min, vec![raised, hi])
            }
            ("fract", []) => Node::Apply(Builtin::Composite(Composite::Fract), vec![x]),
            ("recip", []) => {
                let one = self.push(Node::Number("1".into()), span);
                Node::Product(vec![term(one), Operand { inverted: true, node: x }])
            }
            ("mul_add", &[a, b]) => {
                let product = self.push(Node::Product(vec![term(x), term(a)]), span);
                Node::Sum(vec![term(product), term(b)])
            }
            ("to_radians", []) => {
                let unit = self.push(Node::Constant(std::f64::consts::PI / 180.0), span);
                Node::Product(vec![term(x), term(unit)])
            }
            ("sin_cos", []) => {
                let sin = self.push(Node::Apply(Builtin::Elementary(Function::Sin), vec![x]), span);
                let cos = self.push(Node::Apply(Builtin::Elementary(Function::Cos), vec![x]), span);
                Node::Tuple(vec![sin, cos])
            }
            _ => return self.unknown_method(name, place),
        };
        self.push(node, span)
    }

    fn unknown_method(&mut self, name: &str, place: Span) -> NodeId {
        let id = self.span(place);
        let mut diagnostic = Diagnostic::new(Problem::UnknownMethod { name: name.to_owned() }, id);
        if let Some(known) = closest(name, PLAIN.iter().chain(OTHER).copied())
            && known != name
        {
            diagnostic = diagnostic.fix(id, known);
        }
        self.diagnostics.push(diagnostic);
        self.tree.push(Node::Error, id)
    }
}
