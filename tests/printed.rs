//! Printed formulas are read back as the nodes they are of, and printed derivatives mean the derivatives.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::collections::HashMap;

use hesse_parser::Model;
use hesse_parser::diagnostic::render;
use hesse_parser::formula::{Columns, parse_in};
use hesse_runtime::ErrorFunction;
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_symbolic::graph::{Affine, Array, Expr, Extent, Graph, Index, Node, Role, Subscript, Symbol};
use hesse_symbolic::print::{Derivative, Formula, Notation, derivatives, print};
use hesse_symbolic::rules::Mode;
use hesse_testkit::random::Problem;
use hesse_testkit::surfaces::classic;

/// How many random formulas are printed.
const COUNT: u64 = 400;

fn read(text: &str) -> Model {
    parse_in(text, &Columns::none(), Mode::Robust).unwrap_or_else(|complaints| {
        let list: Vec<_> = complaints.iter().map(|d| render(text, "printed", d, false)).collect();
        panic!("{text}\n{}", list.join("\n"))
    })
}

/// Every node behind an expression, with its arguments by place: equal for equal expressions of two graphs.
fn structure(g: &Graph, root: Expr) -> Vec<String> {
    let index = |index: &Index| format!("{:?}", g.index_data(*index).slot);
    let mut places: HashMap<Expr, usize> = HashMap::new();
    let mut nodes = Vec::new();
    for expr in g.reachable(&[root], |_, _| true) {
        let mut args = Vec::new();
        g.node(expr).for_each_arg(|arg| args.push(places[&arg]));
        let own = match g.node(expr) {
            Node::Sum(terms) => format!("{:?}", terms.iter().map(|term| term.0).collect::<Vec<_>>()),
            Node::Product(factors) => format!("{:?}", factors.iter().map(|f| f.1).collect::<Vec<_>>()),
            Node::Apply(function, _) => function.name().to_owned(),
            Node::Reduce(kind, binder, _) => {
                let range = g.range(*binder);
                format!("{kind:?} {} in {}..{}", index(binder), form(g, &range.lo), form(g, &range.hi))
            }
            Node::Compare(comparison, ..) => format!("{comparison:?}"),
            Node::Number(number) => format!("{number:?}"),
            Node::Leaf(array, subscripts) => element(g, *array, subscripts),
            Node::IndexValue(symbol) => form(g, &(*symbol).into()),
            Node::Select(..) => "select".to_owned(),
            Node::And(..) => "and".to_owned(),
            Node::Or(..) => "or".to_owned(),
            Node::Not(..) => "not".to_owned(),
        };
        let mut free: Vec<String> = g.free(expr).iter().map(index).collect();
        free.sort();
        places.insert(expr, nodes.len());
        nodes.push(format!("{own} {args:?} {free:?}"));
    }
    nodes
}

/// An integer form, whatever the order in which its indices were made.
fn form(g: &Graph, affine: &Affine) -> String {
    let symbol = |symbol: Symbol| match symbol {
        Symbol::Index(index) => format!("{:?}", g.index_data(index).slot),
        Symbol::Dimension(dimension) => g.dimension_name(dimension).to_owned(),
    };
    let mut terms: Vec<String> = affine.terms.iter().map(|&(s, c)| format!("{c} {}", symbol(s))).collect();
    terms.sort();
    format!("{}+{terms:?}", affine.constant)
}

fn element(g: &Graph, array: Array, subscripts: &[Subscript]) -> String {
    let subscripts: Vec<String> = subscripts
        .iter()
        .map(|subscript| match subscript {
            Subscript::Affine(affine) => form(g, affine),
            Subscript::Lookup(array, inner) => element(g, *array, inner),
        })
        .collect();
    format!("{}{subscripts:?}", g.declaration(array).name)
}

fn declarations(g: &Graph) -> String {
    let mut text = String::new();
    for (_, array) in g.arrays() {
        let shape: Vec<String> = array
            .shape
            .iter()
            .map(|extent| match extent {
                Extent::Fixed(size) => size.to_string(),
                Extent::Named(dimension) => g.dimension_name(*dimension).to_owned(),
            })
            .collect();
        let shape = if shape.is_empty() { String::new() } else { format!("[{}]", shape.join(", ")) };
        let keyword = if array.role == Role::Parameter { "param" } else { "data" };
        text.push_str(&format!("{keyword} {}{shape}\n", array.name));
    }
    text
}

fn definitions(formula: &Formula) -> String {
    formula.shared.iter().map(|(name, formula)| format!("{name} = {formula}\n")).collect()
}

/// Prints E and reads it back.
#[track_caller]
fn comes_back(model: &Model) {
    let formula = print(&model.graph, &[model.error], Notation::Text, &[]);
    let text =
        format!("{}{}E = {}\n", declarations(&model.graph), definitions(&formula), formula.texts.concat());
    let again = read(&text);
    let [before, after] = [model, &again].map(|model| structure(&model.graph, model.error));
    // The first node that differs says more than all that follow from it.
    if let Some(at) = (0..before.len()).find(|&at| before.get(at) != after.get(at)) {
        let second = print(&again.graph, &[again.error], Notation::Text, &[]);
        panic!(
            "{text}{}E = {}\nnode {at}\n{:#?}\n{:#?}\n{before:#?}",
            definitions(&second),
            second.texts.concat(),
            before.get(at),
            after.get(at)
        );
    }
}

/// The formula of an entry times a direction for each of its parameters, added up over its indices.
fn contracted(g: &Graph, entry: &Derivative) -> String {
    let known: Vec<&str> =
        g.arrays().map(|(_, d)| d.name.as_str()).chain(g.dimensions().iter().map(String::as_str)).collect();
    let subscripts: String = entry.parameters.iter().filter_map(|p| p.split_once('[')).map(|p| p.1).collect();
    let mut indices: Vec<&str> = Vec::new();
    for word in subscripts.split(|c: char| !c.is_alphanumeric() && c != '_') {
        let is_index = word.starts_with(char::is_alphabetic) && !known.contains(&word);
        if is_index && !indices.contains(&word) && !entry.ranges.iter().any(|range| range.index == word) {
            indices.push(word);
        }
    }
    let directions: String = entry.parameters.iter().map(|p| format!("*q_{p}")).collect();
    let mut text = format!("({}){directions}", entry.formula);
    for range in entry.ranges.iter().rev() {
        text = format!("sum({} in {}..{}, {text})", range.index, range.lo, range.hi);
    }
    for index in indices {
        text = format!("sum({index}, {text})");
    }
    // What stands for its mirror image counts on both sides of the diagonal.
    if entry.mirrored { format!("2*{text}") } else { text }
}

/// The formulas of all entries, as one formula in directions `q_w`, which has to come back too.
fn along(model: &Model, entries: &[Derivative], shared: &Formula) -> Model {
    let g = &model.graph;
    let mut text = declarations(g);
    for line in declarations(g).lines().filter_map(|line| line.strip_prefix("param ")) {
        text.push_str(&format!("data q_{line}\n"));
    }
    text.push_str(&definitions(shared));
    let terms: Vec<String> = entries.iter().map(|entry| contracted(g, entry)).collect();
    text.push_str(&format!("E = {}\n", if terms.is_empty() { "0".to_owned() } else { terms.join(" + ") }));
    let model = read(&text);
    comes_back(&model);
    model
}

#[test]
fn terms_stand_in_the_order_of_people() {
    for (text, printed) in [
        ("param x, y; E = x^2 + y", "x^2 + y"),
        ("param x; E = x + 1 - 3*x^2 + x^4", "x^4 - 3*x^2 + x + 1"),
        ("param x, y; E = 1 - x^2", "1 - x^2"),
        ("param x, y; E = y^4 + x^2 - 5", "x^2 + y^4 - 5"),
        ("param x, y; E = y + x*y^2*3 - x^2", "3*x*y^2 - x^2 + y"),
        // Data are coefficients: what people write by rising powers of them stays so.
        ("param a, b, c; data t; E = a + b*t + c*t^2", "a + b*t + c*t^2"),
        // What is no monomial stays where it is.
        ("param x, y; E = exp(x) - x + y^2", "y^2 - x + exp(x)"),
    ] {
        let model = read(text);
        assert_eq!(print(&model.graph, &[model.error], Notation::Text, &[]).texts, [printed], "{text}");
    }
}

#[test]
fn classic_surfaces_come_back() {
    for surface in classic() {
        let model = read(surface.formula);
        comes_back(&model);
        let (gradient, hessian, shared) = derivatives(&model.graph, model.error, Notation::Text);
        along(&model, &gradient, &shared);
        along(&model, &hessian, &shared);
    }
}

#[test]
fn random_formulas_come_back_and_their_derivatives_are_right() {
    let mut checked = 0;
    for seed in 0..COUNT {
        let (problem, truth) = Problem::from_seed(seed);
        let model = read(&problem.text());
        comes_back(&model);
        let (gradient, hessian, shared) = derivatives(&model.graph, model.error, Notation::Text);
        let n = truth.gradient.len();
        let entry = |row: usize, column: usize| {
            let (row, column) = (row.max(column), row.min(column));
            truth.hessian[row * (row + 1) / 2 + column]
        };
        let v = &problem.direction;
        let slope: f64 = (0..n).map(|at| truth.gradient[at] * v[at]).sum();
        let curvature: f64 =
            (0..n).flat_map(|a| (0..n).map(move |b| (a, b))).map(|(a, b)| entry(a, b) * v[a] * v[b]).sum();
        for (what, entries, expected) in [("gradient", gradient, slope), ("Hessian", hessian, curvature)] {
            let along = along(&model, &entries, &shared);
            let found = value(&problem, &along);
            // Sums of entries cancel; what printed formulas cancel beyond that is not measured here.
            let size = truth.gradient.iter().chain(&truth.hessian).fold(1.0f64, |size, x| size.max(x.abs()));
            let is_close = (found - expected).abs() <= 1e-7 * size;
            assert!(
                is_close,
                "seed {seed}, {what}: {found} for {expected}\n{}{entries:#?}\n{shared:#?}",
                problem.text()
            );
            checked += 1;
        }
    }
    assert_eq!(checked, 2 * COUNT);
}

fn value(problem: &Problem, model: &Model) -> f64 {
    let mut bindings = Bindings::new();
    let mut rest = &problem.direction[..];
    for (array, values) in &problem.arrays {
        let shape: Vec<usize> = array.shape().iter().map(|&e| problem.layout.size(e)).collect();
        if array.is_parameter() {
            let (own, after) = rest.split_at(shape.iter().product());
            rest = after;
            let name = format!("q_{}", array.name());
            if model.graph.arrays().any(|(_, d)| d.name == name) {
                bindings.insert(&name, &shape, own.to_vec()).unwrap();
            }
        } else if model.graph.arrays().any(|(_, d)| d.name == array.name()) {
            bindings.insert(array.name(), &shape, values.clone()).unwrap();
        }
    }
    for (name, size) in problem.dimensions() {
        bindings.set_dimension(name, size);
    }
    let surface = Surface::new(&model.graph, model.error, &bindings).unwrap_or_else(|e| panic!("{e}"));
    surface.value(&problem.point)
}
