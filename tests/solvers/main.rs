//! Our error functions in the solvers of basin and argmin, and our methods beside these, over the problems of Moré, Garbow and
//! Hillstrom.
//!
//! `.ci/solvers` runs this; with `HESSE_BLESS=1` it draws `book/src/profile.svg` and writes the table of `book/src/descent.md` anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]

mod agreement;
mod contestants;
mod watched;

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use contestants::CONTESTANTS;
use hesse::ErrorFunction;
use hesse_parser::formula::{Columns, parse};
use hesse_pictures::{Canvas, Profile, Solver};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_testkit::problems::{Problem, more_garbow_hillstrom};
use watched::Watched;

/// How far out the starts are.
const FACTORS: [f64; 3] = [1.0, 10.0, 100.0];
/// A problem counts as solved when E has fallen by all but this part of what it can fall (Moré and Wild, SIAM J. Optim. 20 (2009)).
const LEFT: f64 = 1e-6;

fn surface(problem: &Problem) -> Surface {
    let model = parse(&problem.formula, &Columns::none()).unwrap();
    Surface::new(&model.graph, model.error, &Bindings::new()).unwrap()
}

/// The start in the order in which the formula names its parameters.
fn start(problem: &Problem, surface: &Surface, factor: f64) -> Vec<f64> {
    let far = problem.start_times(factor);
    surface.parameter_names().iter().map(|name| far[name[1..].parse::<usize>().unwrap() - 1]).collect()
}

/// Evaluations and iterations for each start of each problem, solver by solver; infinite where it was not solved.
fn costs() -> Vec<[Vec<f64>; 2]> {
    let mut costs = vec![[Vec::new(), Vec::new()]; CONTESTANTS.len()];
    for problem in more_garbow_hillstrom() {
        let surface = surface(&problem);
        for factor in FACTORS {
            let start = start(&problem, &surface, factor);
            let first = surface.value(&start);
            // Of several minima any will do, infima at infinity apart.
            let lowest = problem.minima.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            if !first.is_finite() || first <= lowest {
                continue;
            }
            let target = lowest + LEFT * (first - lowest);
            let is_squares = surface.least_squares().is_some();
            for (contestant, costs) in CONTESTANTS.iter().zip(&mut costs) {
                if contestant.asks_for == "J" && !is_squares {
                    continue;
                }
                let watched = Watched::new(&surface, target);
                let iterations = (contestant.solve)(&watched, &start);
                let [evaluations, iterations] = match watched.solved() {
                    Some(evaluations) => [evaluations as f64, iterations.unwrap_or(0) as f64],
                    None => {
                        println!("unsolved by {}: {} from {factor}", contestant.name, problem.name);
                        [f64::INFINITY; 2]
                    }
                };
                costs[0].push(evaluations);
                costs[1].push(iterations);
            }
        }
    }
    costs
}

#[test]
fn ours_hold_their_own() {
    let costs = costs();
    assert!(costs[0][0].len() > 90);
    let solved = |at: usize| costs[at][0].iter().filter(|cost| cost.is_finite()).count();
    let mut table =
        "| solver | asks for | solved | evaluations | iterations |\n|---|---|--:|--:|--:|\n".to_owned();
    for (at, contestant) in CONTESTANTS.iter().enumerate() {
        let [evaluations, iterations] = [0, 1].map(|measure| median(&costs[at][measure]));
        let (name, asks, runs) = (contestant.name, contestant.asks_for, costs[at][0].len());
        writeln!(table, "| {name} | {asks} | {} of {runs} | {evaluations} | {iterations} |", solved(at))
            .unwrap();
    }
    println!("{table}");
    // Of those that ask for the same none solves more than ours, which comes first. Where residuals stay large J alone is not enough for
    // ours; `LeastSquares` takes H as well.
    for (at, contestant) in
        CONTESTANTS.iter().enumerate().filter(|(_, contestant)| contestant.asks_for != "J")
    {
        let ours = CONTESTANTS.iter().position(|other| other.asks_for == contestant.asks_for).unwrap();
        assert!(CONTESTANTS[ours].name.starts_with("Hesse"));
        assert!(
            solved(ours) >= solved(at),
            "{} solves {}, not {}",
            contestant.name,
            solved(at),
            solved(ours)
        );
    }
    if std::env::var_os("HESSE_BLESS").is_some() {
        bless(&table, &costs);
    }
}

/// The median over the runs that were solved.
fn median(costs: &[f64]) -> f64 {
    let mut finite: Vec<f64> = costs.iter().copied().filter(|cost| cost.is_finite()).collect();
    finite.sort_by(f64::total_cmp);
    finite[finite.len() / 2]
}

fn bless(table: &str, costs: &[[Vec<f64>; 2]]) {
    let book = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/book/src"));
    let solvers = CONTESTANTS.iter().zip(costs).filter(|(contestant, _)| contestant.is_drawn);
    let solvers: Vec<Solver> = solvers
        .map(|(contestant, costs)| Solver { name: contestant.name.to_owned(), costs: costs.to_vec() })
        .collect();
    let profile = Profile {
        title: "Problems of Moré, Garbow and Hillstrom".to_owned(),
        measures: ["evaluations", "iterations"].map(str::to_owned).to_vec(),
        solvers,
    };
    fs::write(book.join("profile.svg"), profile.draw(&Canvas::page(840.0, 420.0)).to_svg()).unwrap();
    let chapter = book.join("descent.md");
    let text = fs::read_to_string(&chapter).unwrap();
    let [begin, end] =
        ["<!-- the solvers, written by `HESSE_BLESS=1 .ci/solvers` -->\n\n", "\n<!-- end of the solvers -->"];
    let (before, rest) = text.split_once(begin).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    fs::write(chapter, [before, begin, table, end, after].concat()).unwrap();
}
