//! Calls of functions and methods.

use hesse_symbolic::functions::Function;
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprMethodCall, GenericArgument, PathArguments};

use super::Reader;
use crate::builtins::{Builtin, Reduction};
use crate::diagnostic::{Diagnostic, Problem, closest};
use crate::syntax::{Comparison, Name, Node, NodeId, Operand, Side};

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
    "mul_add",
    "sin_cos",
    "clamp",
    "to_radians",
    "to_degrees",
    "fract",
    "copysign",
    "abs_diff",
    "pow",
    "is_empty",
    "is_sign_negative",
    "is_sign_positive",
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
    "filter",
    "flatten",
    "rev",
    "skip",
    "take",
    "step_by",
    "windows",
    "chunks_exact",
    "collect",
    "count",
    "any",
    "all",
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
            if ["Some", "Ok", "Err"].iter().any(|name| ident == name) {
                return self.unsupported("an `Option` or `Result`", "use numbers", ident);
            }
            let name = self.name(ident);
            let args = call.args.iter().map(|a| self.expression(a)).collect();
            return self.push(Node::Call(name, args), call.span());
        }
        let names: Vec<String> = path.path.segments.iter().map(|s| s.ident.to_string()).collect();
        let last = names.last().map(String::as_str).unwrap_or_default();
        let owner = names.len().checked_sub(2).map(|at| names[at].as_str()).unwrap_or_default();
        let args: Vec<&Expr> = call.args.iter().collect();
        if let Some(known) = self.library_function(&names.iter().map(String::as_str).collect::<Vec<_>>()) {
            let nodes: Vec<NodeId> = args.iter().map(|a| self.expression(a)).collect();
            let (least, most) = known.arity();
            if (least..=most).contains(&nodes.len()) {
                return self.push(Node::Apply(known, nodes), call.span());
            }
            let problem = Problem::UnknownMethod { name: last.to_owned() };
            return self.complain(problem, callee.span());
        }
        match (owner, last, &args[..]) {
            ("f64", "from", [value]) => {
                let value = self.expression(value);
                self.push(Node::Cast(value), call.span())
            }
            ("f64", method, [receiver, rest @ ..]) => {
                let receiver = self.expression(receiver);
                self.number_method(method, receiver, rest, callee.span(), call.span())
            }
            ("array", "from_fn", [Expr::Closure(closure)]) if closure.inputs.len() == 1 => {
                match from_fn_length(path) {
                    Some(length) => self.array_of(closure, length, call.span()),
                    None => self.complain(Problem::UnknownLength, callee.span()),
                }
            }
            ("Some" | "Ok" | "Err" | "Option" | "Result", ..) => {
                self.unsupported("an `Option` or `Result`", "use numbers", callee)
            }
            (_, "new" | "with_capacity" | "default" | "zeros" | "from_vec" | "from", _) => {
                let what = format!("a call of `{}`", names.join("::"));
                let instead = "write arrays out: `[0.0; 3]`, `vec![0.0; n]`, or `collect()` an iterator";
                self.unsupported(&what, instead, callee)
            }
            _ => {
                let what = format!("a call of `{}`", names.join("::"));
                let instead = "write `#[differentiable]` above it and `uses(…)` with its path in the attribute, or a closure or a function inside of this one";
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
            ("count", []) => self.counted(call, None),
            ("any" | "all", [step]) => self.counted(call, Some(step)),
            ("collect", []) => {
                let sequence = self.sequence(&call.receiver);
                self.collected(&sequence, span)
            }
            // `map` on an array rather than on an iterator makes an array.
            ("map", [_]) if is_array(&call.receiver) => {
                let sequence = self.sequence(&Expr::MethodCall(call.clone()));
                self.collected(&sequence, span)
            }
            ("is_empty", []) => {
                let array = self.expression(&call.receiver);
                let length = self.push(Node::Length(array), span);
                let zero = self.push(Node::Integer("0".into()), span);
                self.push(Node::Compare(Comparison::Equal, length, zero), span)
            }
            ("len", []) => {
                let array = self.expression(&call.receiver);
                self.push(Node::Length(array), span)
            }
            ("nrows" | "ncols", []) => {
                let matrix = self.expression(&call.receiver);
                let side = if method == "nrows" { Side::Rows } else { Side::Columns };
                self.push(Node::Side(matrix, side), span)
            }
            ("clone" | "to_owned" | "to_vec" | "as_slice" | "as_ref" | "into", []) => {
                self.expression(&call.receiver)
            }
            (
                "iter" | "into_iter" | "zip" | "map" | "enumerate" | "skip" | "take" | "windows" | "copied"
                | "cloned" | "rev" | "filter" | "flatten" | "step_by" | "chunks_exact",
                _,
            ) => self.unsupported(
                "an iterator as a value",
                "end it with `sum()`, `product()` or `collect()`, or loop over it",
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
            _ if unsupported_method(&method).is_some() => {
                let (what, instead) = unsupported_method(&method).unwrap_or_default();
                // Of a chain of such calls the first one is to blame.
                if let Expr::MethodCall(inner) = &*call.receiver
                    && unsupported_method(&inner.method.to_string()).is_some()
                {
                    return self.method_call(inner);
                }
                self.unsupported(what, instead, &call.method)
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
            ("powi" | "powf" | "pow", &[y]) => Node::Power(x, y),
            ("log", &[base]) => Node::Apply(Builtin::Log, vec![x, base]),
            ("max", &[y]) => Node::Apply(Builtin::Max, vec![x, y]),
            ("min", &[y]) => Node::Apply(Builtin::Min, vec![x, y]),
            ("clamp", &[lo, hi]) => {
                let raised = self.push(Node::Apply(Builtin::Max, vec![x, lo]), span);
                Node::Apply(Builtin::Min, vec![raised, hi])
            }
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
            ("to_degrees", []) => {
                let unit = self.push(Node::Constant(180.0 / std::f64::consts::PI), span);
                Node::Product(vec![term(x), term(unit)])
            }
            ("fract", []) => {
                let whole = self.push(Node::Apply(Builtin::Elementary(Function::Trunc), vec![x]), span);
                Node::Sum(vec![term(x), Operand { inverted: true, node: whole }])
            }
            ("abs_diff", &[y]) => {
                let difference = self.plus(x, y, true);
                Node::Apply(Builtin::Elementary(Function::Abs), vec![difference])
            }
            ("copysign", &[y]) => {
                let size = self.push(Node::Apply(Builtin::Elementary(Function::Abs), vec![x]), span);
                let sign = self.push(Node::Apply(Builtin::Signum, vec![y]), span);
                Node::Product(vec![term(size), term(sign)])
            }
            ("is_sign_negative" | "is_sign_positive", []) => {
                let zero = self.push(Node::Number("0".into()), span);
                let comparison = match name {
                    "is_sign_negative" => Comparison::Less,
                    _ => Comparison::GreaterEqual,
                };
                Node::Compare(comparison, x, zero)
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

/// What methods that people call on numbers and arrays are, and what to write instead.
fn unsupported_method(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "unwrap" | "expect" | "unwrap_or" | "unwrap_or_default" | "ok" | "is_some" | "is_none" => {
            ("an `Option` or `Result`", "use numbers, and elements by their positions: `x[0]`")
        }
        "first" | "last" | "get" | "nth" | "next" | "position" | "find" => {
            ("an element that may be missing", "take it by its position: `x[0]`, `x[x.len() - 1]`")
        }
        "partial_cmp" | "total_cmp" | "cmp" => ("an ordering", "compare with `<`, `==` or `>`"),
        "max_by" | "min_by" | "max_by_key" | "min_by_key" | "reduce" => (
            "a largest or smallest value of this kind",
            "write `fold(f64::NEG_INFINITY, f64::max)` for the largest value, `fold(f64::INFINITY, f64::min)` for the smallest",
        ),
        "is_nan" | "is_finite" | "is_infinite" | "is_normal" => {
            ("a test for special values", "test before the error function is called")
        }
        "rem_euclid" | "div_euclid" => ("a Euclidean division", "write `x - y * (x / y).floor()`"),
        "iter_mut" => {
            ("a change through an iterator", "loop over the positions: `for j in 0..z.len() { z[j] = …; }`")
        }
        "to_bits" | "to_string" | "parse" | "fmt" => ("a conversion of this kind", "compute with numbers"),
        "try_fold" | "try_for_each" | "partition" | "unzip" | "group_by" => {
            ("an iterator method of this kind", "write a `for` loop")
        }
        "transpose" | "t" | "mul_to" | "component_mul" | "row" | "column" | "view" | "slice"
        | "fixed_rows" => ("a matrix operation", "write sums over the elements"),
        "push" | "swap" | "sort" | "sort_by" | "extend" | "insert" | "fill" | "reverse" => {
            ("a change in place", "assign to elements: `z[j] = …`")
        }
        _ => return None,
    })
}

/// Whether an expression is an array itself and no iterator over one.
fn is_array(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) | Expr::Array(_) | Expr::Repeat(_) | Expr::Index(_) | Expr::Field(_) => true,
        Expr::Paren(inner) => is_array(&inner.expr),
        Expr::Reference(inner) => is_array(&inner.expr),
        Expr::Unary(inner) => is_array(&inner.expr),
        Expr::MethodCall(call) => call.method == "map" && is_array(&call.receiver),
        _ => false,
    }
}

/// `N` of `from_fn::<_, N, _>`.
fn from_fn_length(path: &syn::ExprPath) -> Option<&Expr> {
    let PathArguments::AngleBracketed(args) = &path.path.segments.last()?.arguments else { return None };
    args.args.iter().find_map(|arg| match arg {
        GenericArgument::Const(length) => Some(length),
        _ => None,
    })
}
