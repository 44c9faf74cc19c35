//! What emitted Rust computes, by its text alone: functions without loops.

use std::collections::HashMap;

use hesse_symbolic::functions::Function;
use syn::{BinOp, Block, Expr, FnArg, Item, ItemFn, Lit, Local, Member, Pat, Stmt, UnOp};

/// A value of a name.
#[derive(Clone, Debug)]
enum Value {
    Number(f64),
    Truth(bool),
    Array(Vec<f64>),
}

/// Runs the function of a module that leaves its results in `gradient` and `hessian`, and returns E, ∇E and the triangle.
///
/// `inputs` are what its arguments hold, in their order. Nothing comes back from functions that have loops, or that take
/// other arguments.
pub fn run(text: &str, function: &str, inputs: &[Vec<f64>], n: usize) -> Option<Vec<f64>> {
    let file = syn::parse_file(text).ok()?;
    let outer = find(&file.items, function)?;
    // Where there is more than a little to do, it is done in a function inside.
    let inner = outer.block.stmts.iter().find_map(|statement| match statement {
        Stmt::Item(Item::Fn(inner)) if inner.sig.ident == "work" => Some(inner),
        _ => None,
    });
    let mut names = HashMap::new();
    let outputs = [("gradient", n), ("hessian", n * (n + 1) / 2)];
    for (name, length) in outputs {
        names.insert(name.to_owned(), Value::Array(vec![f64::NAN; length]));
    }
    let arguments = outer.sig.inputs.iter().filter_map(argument).filter(|name| !names.contains_key(name));
    let arguments: Vec<String> = arguments.collect();
    if arguments.len() != inputs.len() {
        return None;
    }
    for (name, input) in arguments.into_iter().zip(inputs) {
        let value =
            if let [number] = input[..] { Value::Number(number) } else { Value::Array(input.clone()) };
        names.insert(name, value);
    }
    let mut state = State { names };
    let value = state.block(&inner.unwrap_or(outer).block)?;
    let mut results = vec![value];
    for (name, _) in outputs {
        let Value::Array(array) = state.names.remove(name)? else { return None };
        results.extend(array);
    }
    Some(results)
}

fn find<'a>(items: &'a [Item], function: &str) -> Option<&'a ItemFn> {
    items.iter().find_map(|item| match item {
        Item::Fn(item) if item.sig.ident == function => Some(item),
        Item::Mod(module) => find(&module.content.as_ref()?.1, function),
        _ => None,
    })
}

fn argument(argument: &FnArg) -> Option<String> {
    let FnArg::Typed(argument) = argument else { return None };
    name_of(&argument.pat)
}

fn name_of(pattern: &Pat) -> Option<String> {
    match pattern {
        Pat::Ident(name) => Some(name.ident.to_string()),
        _ => None,
    }
}

struct State {
    names: HashMap<String, Value>,
}

impl State {
    /// The number a block ends in, unless it has more than names, functions and outputs.
    fn block(&mut self, block: &Block) -> Option<f64> {
        let mut last = None;
        for statement in &block.stmts {
            last = None;
            match statement {
                Stmt::Item(_) => {}
                Stmt::Local(local) => self.bind(local)?,
                Stmt::Expr(Expr::Binary(binary), _) if matches!(binary.op, BinOp::AddAssign(_)) => {
                    let Value::Number(number) = self.value(&binary.right)? else { return None };
                    *self.place(&binary.left)? += number;
                }
                Stmt::Expr(Expr::MethodCall(call), _) if call.method == "fill" => {
                    let Value::Number(number) = self.value(call.args.first()?)? else { return None };
                    let Expr::Path(path) = &*call.receiver else { return None };
                    let Value::Array(array) = self.names.get_mut(&path.path.get_ident()?.to_string())? else {
                        return None;
                    };
                    array.fill(number);
                }
                Stmt::Expr(expr, None) => last = Some(self.value(expr)?),
                Stmt::Expr(..) | Stmt::Macro(_) => return None,
            }
        }
        match last? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    fn bind(&mut self, local: &Local) -> Option<()> {
        let value = self.value(&local.init.as_ref()?.expr)?;
        self.names.insert(name_of(&local.pat)?, value);
        Some(())
    }

    fn place(&mut self, expr: &Expr) -> Option<&mut f64> {
        match expr {
            Expr::Path(path) => match self.names.get_mut(&path.path.get_ident()?.to_string())? {
                Value::Number(number) => Some(number),
                _ => None,
            },
            Expr::Index(index) => {
                let Expr::Path(path) = &*index.expr else { return None };
                let at = position(&index.index)?;
                match self.names.get_mut(&path.path.get_ident()?.to_string())? {
                    Value::Array(array) => array.get_mut(at),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn value(&mut self, expr: &Expr) -> Option<Value> {
        Some(match expr {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Float(number) => Value::Number(number.base10_parse().ok()?),
                Lit::Bool(truth) => Value::Truth(truth.value),
                _ => return None,
            },
            Expr::Path(path) => match path.path.get_ident() {
                Some(name) => self.names.get(&name.to_string())?.clone(),
                None => constant(&path.path.segments.last()?.ident.to_string())?,
            },
            Expr::Index(_) => Value::Number(*self.place(expr)?),
            Expr::Paren(inner) => self.value(&inner.expr)?,
            Expr::Unary(unary) => match (unary.op, self.value(&unary.expr)?) {
                (UnOp::Neg(_), Value::Number(number)) => Value::Number(-number),
                (UnOp::Not(_), Value::Truth(truth)) => Value::Truth(!truth),
                _ => return None,
            },
            Expr::Binary(binary) => {
                combined(&binary.op, &self.value(&binary.left)?, &self.value(&binary.right)?)?
            }
            Expr::If(choice) => {
                let Value::Truth(truth) = self.value(&choice.cond)? else { return None };
                match (&*choice.else_branch.as_ref()?.1, truth) {
                    (_, true) => self.last(&choice.then_branch)?,
                    (Expr::Block(other), false) => self.last(&other.block)?,
                    _ => return None,
                }
            }
            Expr::Call(call) => {
                let Expr::Path(path) = &*call.func else { return None };
                let mut args = Vec::new();
                for arg in &call.args {
                    let Value::Number(number) = self.value(arg)? else { return None };
                    args.push(number);
                }
                Value::Number(applied(&path.path.segments.last()?.ident.to_string(), &args)?)
            }
            Expr::Field(field) if matches!(field.member, Member::Named(_)) => return None,
            _ => return None,
        })
    }

    fn last(&mut self, block: &Block) -> Option<Value> {
        match &block.stmts[..] {
            [Stmt::Expr(expr, None)] => self.value(expr),
            _ => None,
        }
    }
}

fn position(expr: &Expr) -> Option<usize> {
    let Expr::Lit(literal) = expr else { return None };
    let Lit::Int(number) = &literal.lit else { return None };
    number.base10_parse().ok()
}

fn constant(name: &str) -> Option<Value> {
    Some(Value::Number(match name {
        "INFINITY" => f64::INFINITY,
        "NEG_INFINITY" => f64::NEG_INFINITY,
        "NAN" => f64::NAN,
        _ => return None,
    }))
}

fn combined(op: &BinOp, a: &Value, b: &Value) -> Option<Value> {
    Some(match (op, a, b) {
        (BinOp::Add(_), Value::Number(a), Value::Number(b)) => Value::Number(a + b),
        (BinOp::Sub(_), Value::Number(a), Value::Number(b)) => Value::Number(a - b),
        (BinOp::Mul(_), Value::Number(a), Value::Number(b)) => Value::Number(a * b),
        (BinOp::Div(_), Value::Number(a), Value::Number(b)) => Value::Number(a / b),
        (BinOp::Lt(_), Value::Number(a), Value::Number(b)) => Value::Truth(a < b),
        (BinOp::Le(_), Value::Number(a), Value::Number(b)) => Value::Truth(a <= b),
        (BinOp::Gt(_), Value::Number(a), Value::Number(b)) => Value::Truth(a > b),
        (BinOp::Ge(_), Value::Number(a), Value::Number(b)) => Value::Truth(a >= b),
        (BinOp::Eq(_), Value::Number(a), Value::Number(b)) => Value::Truth(a == b),
        (BinOp::Ne(_), Value::Number(a), Value::Number(b)) => Value::Truth(a != b),
        (BinOp::And(_), Value::Truth(a), Value::Truth(b)) => Value::Truth(*a && *b),
        (BinOp::Or(_), Value::Truth(a), Value::Truth(b)) => Value::Truth(*a || *b),
        _ => return None,
    })
}

fn applied(name: &str, args: &[f64]) -> Option<f64> {
    match (name, args) {
        ("mul_add", [a, b, c]) => Some(a * b + c),
        ("sqrt", [x]) => Some(x.sqrt()),
        _ => Function::from_name(name).filter(|f| f.arity() == args.len()).map(|f| f.value(args)),
    }
}
