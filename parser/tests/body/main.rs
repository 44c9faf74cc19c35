//! The bodies of Rust functions, form by form: the same graph as the same formula.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

#[path = "../common/mod.rs"]
mod common;

mod arrays;
mod branches;
mod chapter;
mod iterators;
mod numbers;
mod recurrences;
mod statements;

use common::functions::{agree, read};
use common::{dump, model};

/// A function of two numbers and an array of parameters, two slices of data and one of positions.
#[track_caller]
fn body(rust: &str, formula: &str) {
    let function =
        format!("fn f(a: f64, b: f64, w: &[f64; 4], x: &[f64], y: &[f64], k: &[usize]) -> f64 {{ {rust} }}");
    let formula = format!("param a, b, w[4]; data x[n], y[n], k[n]; {formula}");
    let function = match read("", &function) {
        Ok(function) => function,
        Err(complaints) => panic!("{rust}\n{}", complaints.join("\n")),
    };
    // Which sizes agree is not what is looked at here.
    let error = |dump: String| dump.lines().last().map(str::to_owned);
    assert_eq!(error(dump(&function.model)), error(dump(&model(&formula))), "{rust}");
}
