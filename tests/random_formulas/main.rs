//! Random formulas against hyper-dual numbers: evaluated, and compiled.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod compiled;
mod doors;
mod evaluated;

use hesse::SparseErrorFunction;
use hesse_parser::formula::{Columns, parse};
use hesse_parser::{Model, diagnostic};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_testkit::random::{Extent, Problem};

/// How many formulas are drawn.
const COUNT: u64 = 500;

/// What an error function yields at a point.
#[derive(Clone, Debug, PartialEq)]
struct Outputs {
    value: f64,
    fused: [f64; 2],
    gradient: Vec<f64>,
    /// The gradient of the pass that makes the Hessian too.
    again: Vec<f64>,
    hessian: Vec<f64>,
    product: Vec<f64>,
    /// The entries of the sparse Hessian, added up in the packed triangle.
    sparse: Vec<f64>,
}

impl Outputs {
    fn of(surface: &impl SparseErrorFunction, w: &[f64], direction: &[f64]) -> Outputs {
        let n = w.len();
        let (mut gradient, mut again) = (vec![f64::NAN; n], vec![f64::NAN; n]);
        let (mut hessian, mut product) = (vec![f64::NAN; n * (n + 1) / 2], vec![f64::NAN; n]);
        let first = surface.value_gradient(w, &mut gradient);
        let second = surface.value_gradient_hessian(w, &mut again, &mut hessian);
        surface.hessian_vector(w, direction, &mut product);
        let mut sparse = vec![0.0; hessian.len()];
        hesse::sparse::dense(surface, w, &mut again, &mut sparse);
        Outputs { value: surface.value(w), fused: [first, second], gradient, again, hessian, product, sparse }
    }

    /// Back from [`bits`](Self::bits), for `n` parameters.
    fn from_numbers(n: usize, numbers: &[f64]) -> Outputs {
        let (values, rest) = numbers.split_at(3);
        let (gradient, rest) = rest.split_at(n);
        let (again, rest) = rest.split_at(n);
        let (hessian, rest) = rest.split_at(n * (n + 1) / 2);
        let (product, sparse) = rest.split_at(n);
        Outputs {
            value: values[0],
            fused: [values[1], values[2]],
            gradient: gradient.to_vec(),
            again: again.to_vec(),
            hessian: hessian.to_vec(),
            product: product.to_vec(),
            sparse: sparse.to_vec(),
        }
    }

    /// Every output to the last bit.
    fn bits(&self) -> Vec<u64> {
        let parts = [&self.gradient, &self.again, &self.hessian, &self.product, &self.sparse];
        let numbers = [self.value].into_iter().chain(self.fused);
        numbers.chain(parts.into_iter().flatten().copied()).map(f64::to_bits).collect()
    }
}

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
