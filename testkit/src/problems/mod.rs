//! The problems of Moré, Garbow and Hillstrom, "Testing unconstrained optimization software", ACM TOMS 7 (1981), as
//! formulas.

mod data;
mod few;
mod many;

use std::fmt::Write;

/// A sum of squares to minimize.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The number in the paper.
    pub number: usize,
    /// The name in the paper.
    pub name: &'static str,
    /// The formula, of parameters `x1`, `x2`, …
    pub formula: String,
    /// The standard start.
    pub start: Vec<f64>,
    /// The minima that the paper gives, to six digits.
    pub minima: Vec<f64>,
}

impl Problem {
    /// The start as far out as `factor` says; a start at the origin becomes `factor` in every coordinate, as in MINPACK.
    #[must_use]
    pub fn start_times(&self, factor: f64) -> Vec<f64> {
        let origin = self.start.iter().all(|&x| x == 0.0) && factor != 1.0;
        self.start.iter().map(|x| if origin { factor } else { factor * x }).collect()
    }
}

/// All 35 problems, in the order of the paper.
#[must_use]
pub fn more_garbow_hillstrom() -> Vec<Problem> {
    let mut problems = few::problems();
    problems.extend(many::problems());
    problems.sort_by_key(|problem| problem.number);
    problems
}

fn problem(
    number: usize,
    name: &'static str,
    start: &[f64],
    minima: &[f64],
    residuals: impl IntoIterator<Item = String>,
) -> Problem {
    let mut formula = String::new();
    for residual in residuals {
        let plus = if formula.is_empty() { "" } else { " + " };
        // Writing to a string cannot fail.
        let _ = write!(formula, "{plus}({residual})^2");
    }
    Problem { number, name, formula, start: start.to_vec(), minima: minima.to_vec() }
}

/// A number as the formula language reads it, in brackets.
fn n(number: f64) -> String {
    format!("({number:?})")
}
