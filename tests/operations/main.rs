//! What kernels cost: operations as counted by running their loops, held to a bound for each workload.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]

mod count;
mod workloads;

use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::schedule::{Request, schedule};

/// A workload, and what value, gradient and Hessian together may cost: operations once, and per row of data.
struct Bound {
    name: &'static str,
    formula: String,
    once: u64,
    per_row: f64,
}

/// Counts as measured, with a few percent to spare: more would be a regression of derivation or sharing.
#[test]
fn value_gradient_and_hessian_stay_within_their_operations() {
    let bound = |name, formula: String, once, per_row| Bound { name, formula, once, per_row };
    let bounds = [
        bound("rosenbrock", workloads::ROSENBROCK.to_owned(), 20, 0.0),
        bound("logistic", workloads::LOGISTIC.to_owned(), 150, 118.0),
        bound("gauss3", workloads::GAUSS3.to_owned(), 245, 136.0),
        bound("mlp", workloads::MLP.to_owned(), 6_400, 6_400.0),
        bound("mixture", workloads::MIXTURE.to_owned(), 2_580, 2_190.0),
        bound("cluster", workloads::CLUSTER.to_owned(), 5_460, 0.0),
        bound("chain", workloads::CHAIN.to_owned(), 0, 19.0),
        bound("factorization", workloads::FACTORIZATION.to_owned(), 95, 92.0),
        bound("product10", workloads::product(10), 90, 0.0),
        bound("product30", workloads::product(30), 675, 0.0),
        bound("arm", workloads::arm(), 720, 0.0),
        bound("swell3", workloads::swell(3), 1_920, 0.0),
        bound("swell", workloads::swell(12), 10_100, 0.0),
    ];
    for Bound { name, formula, once, per_row } in bounds {
        let model = parse(&formula, &Columns::none()).unwrap_or_else(|d| panic!("{formula}: {:?}", d[0]));
        let kernel = schedule(&mut model.graph.clone(), model.error, Request::VALUE_GRADIENT_HESSIAN);
        let (one, eleven) = (count::cost(&kernel, 1).operations, count::cost(&kernel, 11).operations);
        let row = (eleven - one) as f64 / 10.0;
        assert!(one <= once, "{name}: {one} operations, loops {}", count::loops(&kernel.body));
        assert!(row <= per_row, "{name}: {row} operations per row, loops {}", count::loops(&kernel.body));
    }
}
