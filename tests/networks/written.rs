//! Networks as Rust functions: as many hidden units as the weights have rows, and layers of fixed sizes.

#![allow(clippy::needless_range_loop, reason = "error functions are written the way people write sums")]

use hesse::{SparseErrorFunction, SumOfSquares, derive_hessian};

use super::layers;
use super::multilayer::{Activation, Loss, Network};
use super::problem::Problem;
use super::programs::Outputs;

#[derive_hessian(wrt(c, g, v), only(value, gradient, hessian, hessian_vector, sparse_hessian, gauss_newton))]
fn radial(c: &[[f64; 2]], g: &[f64], v: &[f64], x: &[[f64; 2]], y: &[f64]) -> f64 {
    let mut total = 0.0;
    for (x, y) in x.iter().zip(y) {
        let mut out = 0.0;
        for j in 0..c.len() {
            let r = c[j].iter().zip(x).map(|(c, x)| (x - c).powi(2)).sum::<f64>();
            out += v[j] * (-g[j].powi(2) * r).exp();
        }
        total += (out - y).powi(2);
    }
    0.5 * total
}

#[test]
fn units_of_run_time_number() {
    for (seed, (rows, units)) in (0..).zip([(1, 1), (3, 4), (7, 2), (40, 5), (67, 3)]) {
        let problem = layers::radial(rows, [2, units], seed);
        let (x, y) = (rows_of(&problem, "x"), numbers_of(&problem, "y"));
        let surface = radial::error_function(x, y, units);
        let (c, rest) = problem.point.split_at(2 * units);
        let (g, v) = rest.split_at(units);
        let value = radial(c.as_chunks().0, g, v, x, y);
        check(&problem, &surface, Some(&surface), value);
    }
}

#[derive_hessian(only(value, gradient, hessian, hessian_vector, sparse_hessian))]
#[expect(clippy::too_many_arguments, reason = "weights and biases of every layer")]
fn two_layers(
    w1: &[[f64; 2]; 4],
    b1: &[f64; 4],
    w2: &[[f64; 4]; 3],
    b2: &[f64; 3],
    w3: &[[f64; 3]; 2],
    b3: &[f64; 2],
    x: &[[f64; 2]],
    class: &[usize],
) -> f64 {
    let mut total = 0.0;
    for (x, &class) in x.iter().zip(class) {
        let first: [f64; 4] =
            std::array::from_fn(|j| (b1[j] + w1[j].iter().zip(x).map(|(w, x)| w * x).sum::<f64>()).tanh());
        let mut second = [0.0; 3];
        for j in 0..3 {
            let mut s = b2[j];
            for k in 0..4 {
                s += w2[j][k] * first[k];
            }
            second[j] = s.tanh();
        }
        let out = |j: usize| b3[j] + w3[j].iter().zip(&second).map(|(w, z)| w * z).sum::<f64>();
        total += (0..2).map(|j| out(j).exp()).sum::<f64>().ln() - out(class);
    }
    total
}

#[test]
fn layers_of_fixed_sizes() {
    let network = Network { hidden: 2, activation: Activation::Tanh, loss: Loss::CrossEntropy };
    for (seed, rows) in (0..).zip([1, 7, 67]) {
        let problem = network.problem(rows, &[2, 4, 3, 2], seed);
        let x = rows_of(&problem, "x");
        let class: Vec<usize> = numbers_of(&problem, "class").iter().map(|&class| class as usize).collect();
        let surface = two_layers::error_function(x, &class);
        let (w1, rest) = problem.point.split_first_chunk::<8>().unwrap();
        let (b1, rest) = rest.split_first_chunk().unwrap();
        let (w2, rest) = rest.split_first_chunk::<12>().unwrap();
        let (b2, rest) = rest.split_first_chunk().unwrap();
        let (w3, rest) = rest.split_first_chunk::<6>().unwrap();
        let b3 = rest.first_chunk().unwrap();
        let w1 = w1.as_chunks().0.first_chunk().unwrap();
        let w2 = w2.as_chunks().0.first_chunk().unwrap();
        let w3 = w3.as_chunks().0.first_chunk().unwrap();
        let value = two_layers(w1, b1, w2, b2, w3, b3, x, &class);
        check(&problem, &surface, None::<hesse_symbolic::evaluate::LeastSquares<'_>>, value);
    }
}

/// The bound error function against hyper-dual numbers, and its value against the function as written.
#[track_caller]
fn check(
    problem: &Problem,
    surface: &impl SparseErrorFunction,
    squares: Option<impl SumOfSquares>,
    value: f64,
) {
    let w = &problem.point;
    let outputs = Outputs::of(surface, w, &problem.direction).with_squares(squares, w);
    problem.check_outputs(&outputs);
    let error = (outputs.value - value).abs();
    assert!(error <= 1e-12 * value.abs().max(1.0), "{} where {value} was written", outputs.value);
}

fn numbers_of<'a>(problem: &'a Problem, name: &str) -> &'a [f64] {
    &problem.arrays.iter().find(|array| array.0 == name).unwrap().2
}

fn rows_of<'a>(problem: &'a Problem, name: &str) -> &'a [[f64; 2]] {
    numbers_of(problem, name).as_chunks().0
}
