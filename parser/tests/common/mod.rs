//! What the tests share: the meaning of a graph by brute force, and its printed structure.
#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod functions;

use std::collections::HashMap;
use std::fmt::Write;

use hesse_parser::Model;
use hesse_parser::diagnostic::Diagnostic;
use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::graph::{Affine, Expr, Extent, Graph, Index, Node, ReduceKind, Role, Subscript, Symbol};

/// What is said of a Rust function, one line for each complaint.
pub(crate) fn words(complaints: Vec<Diagnostic<proc_macro2::Span>>) -> Vec<String> {
    let said = |d: Diagnostic<proc_macro2::Span>| {
        let place = d.primary.span.source_text().unwrap_or_default();
        let help = d.help.map(|h| format!("; {h}")).unwrap_or_default();
        let fix = d.fix.map(|f| format!(" [{}]", f.replacement)).unwrap_or_default();
        format!("{} `{place}`: {}{help}{fix}", d.code, d.message)
    };
    complaints.into_iter().map(said).collect()
}

/// Holds a file of functions, one a line after the options of their attribute, to what `read` says of each.
#[track_caller]
pub(crate) fn said_as_written(file: &str, read: impl Fn(&str, &str) -> Result<(), Vec<String>>) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file);
    let text = std::fs::read_to_string(&file).unwrap();
    let mut found = String::new();
    for line in text.lines().filter(|line| line.starts_with('(')) {
        let (attribute, source) = line.strip_prefix('(').unwrap().split_once(") ").unwrap();
        found.push_str(line);
        found.push('\n');
        match read(attribute, source) {
            Ok(()) => found.push_str("    well formed\n"),
            Err(complaints) => complaints.iter().for_each(|c| found.push_str(&format!("    {c}\n"))),
        }
        found.push('\n');
    }
    if std::env::var_os("HESSE_BLESS").is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&file).unwrap();
    for (found, expected) in found.lines().zip(expected.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(found, expected);
}

/// The model of a text that must be well formed.
pub(crate) fn model(source: &str) -> Model {
    model_with(source, &Columns::none())
}

/// The model of a text over a data set.
pub(crate) fn model_with(source: &str, columns: &Columns) -> Model {
    match parse(source, columns) {
        Ok(model) => model,
        Err(diagnostics) => {
            let list: Vec<_> = diagnostics
                .iter()
                .map(|d| hesse_parser::diagnostic::render(source, "input", d, false))
                .collect();
            panic!("{source}\n{}", list.join("\n"))
        }
    }
}

/// The value of E for flat arrays by name and sizes by name.
pub(crate) fn evaluate(model: &Model, arrays: &[(&str, &[f64])], sizes: &[(&str, i64)]) -> f64 {
    let evaluation = Evaluation { graph: &model.graph, arrays, sizes };
    evaluation.value(model.error, &mut HashMap::new())
}

struct Evaluation<'a> {
    graph: &'a Graph,
    arrays: &'a [(&'a str, &'a [f64])],
    sizes: &'a [(&'a str, i64)],
}

impl Evaluation<'_> {
    fn size(&self, extent: Extent) -> i64 {
        match extent {
            Extent::Fixed(size) => size as i64,
            Extent::Named(_) => self.affine(&Affine::extent(extent), &HashMap::new()),
        }
    }

    fn affine(&self, affine: &Affine, at: &HashMap<Index, i64>) -> i64 {
        let symbol = |symbol: Symbol| match symbol {
            Symbol::Index(index) => at[&index],
            Symbol::Dimension(_) => {
                let name = dimension_name(self.graph, symbol);
                self.sizes.iter().find(|s| s.0 == name).unwrap_or_else(|| panic!("size {name}")).1
            }
        };
        affine.terms.iter().fold(affine.constant, |sum, &(s, c)| sum + c * symbol(s))
    }

    fn subscript(&self, subscript: &Subscript, at: &HashMap<Index, i64>) -> i64 {
        match subscript {
            Subscript::Affine(affine) => self.affine(affine, at),
            Subscript::Lookup(array, inner) => self.element(*array, inner, at) as i64,
        }
    }

    fn element(
        &self,
        array: hesse_symbolic::graph::Array,
        subscripts: &[Subscript],
        at: &HashMap<Index, i64>,
    ) -> f64 {
        let declaration = self.graph.declaration(array);
        let values = self.arrays.iter().find(|a| a.0 == declaration.name);
        let values = values.unwrap_or_else(|| panic!("array {}", declaration.name)).1;
        let flat = declaration.shape.iter().zip(subscripts).fold(0, |flat, (&extent, s)| {
            let (size, position) = (self.size(extent), self.subscript(s, at));
            assert!((0..size).contains(&position), "{}[{position}] of {size}", declaration.name);
            flat * size + position
        });
        values[flat as usize]
    }

    fn value(&self, expr: Expr, at: &mut HashMap<Index, i64>) -> f64 {
        let truth = |holds: bool| f64::from(u8::from(holds));
        match self.graph.node(expr) {
            Node::Number(number) => number.to_f64(),
            Node::Leaf(array, subscripts) => self.element(*array, subscripts, at),
            Node::IndexValue(symbol) => self.affine(&(*symbol).into(), at) as f64,
            Node::Sum(terms) => terms.iter().map(|(c, e)| c.to_f64() * self.value(*e, at)).sum(),
            Node::Product(factors) => {
                factors.iter().map(|(e, p)| self.value(*e, at).powf(p.to_f64())).product()
            }
            Node::Apply(function, args) => {
                let args: Vec<f64> = args.iter().map(|&a| self.value(a, at)).collect();
                function.value(&args)
            }
            Node::Select(condition, a, b) => {
                if self.value(condition.expr(), at) != 0.0 {
                    self.value(*a, at)
                } else {
                    self.value(*b, at)
                }
            }
            Node::Compare(comparison, a, b) => {
                truth(comparison.holds(self.value(*a, at), self.value(*b, at)))
            }
            Node::And(a, b) => truth(self.value(a.expr(), at) != 0.0 && self.value(b.expr(), at) != 0.0),
            Node::Or(a, b) => truth(self.value(a.expr(), at) != 0.0 || self.value(b.expr(), at) != 0.0),
            Node::Not(a) => truth(self.value(a.expr(), at) == 0.0),
            Node::Reduce(kind, index, body) => {
                let range = self.graph.range(*index).clone();
                let (lo, hi) = (self.affine(&range.lo, at), self.affine(&range.hi, at));
                let outer = at.get(index).copied();
                let values: Vec<f64> = (lo..hi)
                    .map(|position| {
                        at.insert(*index, position);
                        self.value(*body, at)
                    })
                    .collect();
                if let Some(outer) = outer {
                    at.insert(*index, outer);
                }
                match kind {
                    ReduceKind::Sum => values.iter().sum(),
                    ReduceKind::Product => values.iter().product(),
                    ReduceKind::Max => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                    ReduceKind::LogSumExp => values.iter().map(|v| v.exp()).sum::<f64>().ln(),
                }
            }
        }
    }
}

fn dimension_name(graph: &Graph, symbol: Symbol) -> &str {
    graph
        .arrays()
        .flat_map(|(_, a)| a.shape.clone())
        .find_map(|extent| match (extent, symbol) {
            (Extent::Named(d), Symbol::Dimension(s)) if d == s => {
                // Dimensions are named in order of declaration; their handles print as positions.
                let at: usize = format!("{d:?}").trim_matches(|c: char| !c.is_ascii_digit()).parse().ok()?;
                graph.dimensions().get(at).map(String::as_str)
            }
            _ => None,
        })
        .expect("every dimension belongs to an array")
}

/// Declarations and structure: equal for equal graphs.
pub(crate) fn dump(model: &Model) -> String {
    let mut text = String::new();
    for (_, array) in model.graph.arrays() {
        let role = match array.role {
            Role::Parameter => "param",
            Role::Data => "data",
            Role::Lookup => "lookup",
            Role::Direction(_) => "direction",
        };
        let shape: Vec<String> = array
            .shape
            .iter()
            .map(|&extent| match extent {
                Extent::Fixed(size) => size.to_string(),
                Extent::Named(d) => dimension_name(&model.graph, Symbol::Dimension(d)).to_owned(),
            })
            .collect();
        writeln!(text, "{role} {}[{}]", array.name, shape.join(", ")).unwrap();
    }
    writeln!(text, "E = {}", expression(&model.graph, model.error)).unwrap();
    text
}

fn expression(graph: &Graph, expr: Expr) -> String {
    let one = |e: Expr| expression(graph, e);
    match graph.node(expr) {
        Node::Number(number) => number.to_f64().to_string(),
        Node::Leaf(array, subscripts) => leaf(graph, *array, subscripts),
        Node::IndexValue(symbol) => format!("#{}", form(graph, &(*symbol).into())),
        Node::Sum(terms) => {
            let terms: Vec<_> = terms.iter().map(|(c, e)| format!("{} {}", c.to_f64(), one(*e))).collect();
            format!("(+ {})", terms.join(", "))
        }
        Node::Product(factors) => {
            let factors: Vec<_> =
                factors.iter().map(|(e, p)| format!("{}^{}", one(*e), p.to_f64())).collect();
            format!("(* {})", factors.join(", "))
        }
        Node::Apply(function, args) => {
            let args: Vec<_> = args.iter().map(|&a| one(a)).collect();
            format!("{}({})", function.name(), args.join(", "))
        }
        Node::Select(c, a, b) => format!("if({}, {}, {})", one(c.expr()), one(*a), one(*b)),
        Node::Compare(comparison, a, b) => format!("({} {comparison:?} {})", one(*a), one(*b)),
        Node::And(a, b) => format!("({} and {})", one(a.expr()), one(b.expr())),
        Node::Or(a, b) => format!("({} or {})", one(a.expr()), one(b.expr())),
        Node::Not(a) => format!("(not {})", one(a.expr())),
        Node::Reduce(kind, index, body) => {
            let range = graph.range(*index);
            let (lo, hi) = (form(graph, &range.lo), form(graph, &range.hi));
            format!("{kind:?}({} in {lo}..{hi}, {})", name(graph, *index), one(*body))
        }
    }
}

fn leaf(graph: &Graph, array: hesse_symbolic::graph::Array, subscripts: &[Subscript]) -> String {
    let subscripts: Vec<_> = subscripts
        .iter()
        .map(|s| match s {
            Subscript::Affine(affine) => form(graph, affine),
            Subscript::Lookup(array, inner) => leaf(graph, *array, inner),
        })
        .collect();
    let declared = &graph.declaration(array).name;
    if subscripts.is_empty() { declared.clone() } else { format!("{declared}[{}]", subscripts.join(", ")) }
}

fn form(graph: &Graph, affine: &Affine) -> String {
    let mut text = affine.constant.to_string();
    for &(symbol, coefficient) in &affine.terms {
        let name = match symbol {
            Symbol::Index(index) => name(graph, index),
            Symbol::Dimension(_) => dimension_name(graph, symbol).to_owned(),
        };
        write!(text, "{coefficient:+}{name}").unwrap();
    }
    text
}

fn name(graph: &Graph, index: Index) -> String {
    format!("{:?}", graph.index_data(index).slot)
}
