//! Random formulas against hyper-dual numbers: evaluated, and compiled.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod compiled;
mod doors;
mod evaluated;
#[path = "../programs/mod.rs"]
mod programs;

use hesse_parser::formula::{Columns, parse};
use hesse_parser::{Model, diagnostic};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_testkit::random::{Extent, Problem};

/// How many formulas are drawn.
const COUNT: u64 = 500;

fn model(problem: &Problem) -> Model {
    let text = problem.text();
    parse(&text, &Columns::none()).unwrap_or_else(|diagnostics| {
        let list: Vec<_> = diagnostics.iter().map(|d| diagnostic::render(&text, "input", d, false)).collect();
        panic!("{text}\n{}", list.join("\n"))
    })
}

fn surface(problem: &Problem, model: &Model) -> Surface {
    let mut bindings = Bindings::new();
    for (array, values) in problem.arrays.iter().filter(|(array, _)| !array.is_parameter()) {
        let shape: Vec<usize> = array.shape().iter().map(|&e| problem.layout.size(e)).collect();
        bindings.insert(array.name(), &shape, values.clone()).unwrap();
    }
    for (name, size) in problem.dimensions() {
        bindings.set_dimension(name, size);
    }
    Surface::new(&model.graph, model.error, &bindings)
        .unwrap_or_else(|error| panic!("{}{error}", problem.text()))
}

/// The length of a data set, for messages.
fn rows(problem: &Problem) -> usize {
    problem.layout.size(Extent::Rows)
}
