//! Gradients and Hessians of random formulas against truth to fifty digits, computed by `testkit/digits/make.py`.
//!
//! `HESSE_DIGITS` names a file of that script; without it the sample that is kept is replayed. With `--nocapture` the
//! table of the book is printed.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests fail by panicking")]

use std::path::{Path, PathBuf};

use hesse_parser::formula::{Columns, parse_in};
use hesse_runtime::{ErrorFunction, packed};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_symbolic::rules::Mode;

/// The largest error, relative to an entry or to its condition.
const TOLERANCE: f64 = 1e-12;
/// How many of a thousand entries may have a larger one.
const MISSES: usize = 1;
/// The rows of the table.
const LIMITS: [f64; 6] = [1e-16, 1e-15, 1e-14, 1e-13, 1e-12, f64::INFINITY];

/// A formula with its data.
#[derive(Default)]
struct Problem {
    name: String,
    text: String,
    bindings: Bindings,
    dimension: usize,
}

/// E, its gradient and Hessian by some of its parameters, at one point.
#[derive(Default)]
struct Point {
    at: Vec<f64>,
    chosen: Vec<usize>,
    truth: Vec<f64>,
    conditions: Vec<f64>,
}

#[test]
fn derivatives_are_right_to_twelve_digits() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("digits/sample.txt");
    let path = std::env::var_os("HESSE_DIGITS").map_or(sample, PathBuf::from);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut problems = 0;
    let (mut points, mut without_number) = (0, 0);
    let mut counts = [[0usize; LIMITS.len()]; 3];
    let mut missed = Vec::new();
    for (problem, its_points) in read(&text) {
        problems += 1;
        let model = parse_in(&problem.text, &Columns::none(), Mode::Robust)
            .unwrap_or_else(|_| panic!("{} is not read:\n{}", problem.name, problem.text));
        let surface = Surface::new(&model.graph, model.error, &problem.bindings).unwrap();
        assert_eq!(surface.dimension(), problem.dimension, "{}:\n{}", problem.name, problem.text);
        for point in its_points {
            points += 1;
            let found = evaluated(&surface, &point);
            assert_eq!(found.len(), point.truth.len());
            for (at, &value) in found.iter().enumerate() {
                let kind = [1, 1 + point.chosen.len()].iter().filter(|&&end| at >= end).count();
                let error = error(value, point.truth[at], point.conditions[at]);
                let row = LIMITS.iter().position(|&limit| error <= limit).unwrap_or(LIMITS.len() - 1);
                counts[kind][row] += 1;
                without_number += usize::from(value.is_nan());
                if error > TOLERANCE || error.is_nan() {
                    missed.push(format!(
                        "{} entry {at}: {value:e} where {:e} was expected, condition {:e}, at {:?}\n{}",
                        problem.name, point.truth[at], point.conditions[at], point.at, problem.text
                    ));
                }
            }
        }
    }
    println!("{problems} formulas, {points} points\n\n{}", table(&counts));
    for miss in &missed {
        println!("{miss}");
    }
    let all: usize = counts.iter().flatten().sum();
    assert!(problems > 100 && all > 1000, "{problems} formulas, {all} entries");
    assert_eq!(without_number, 0, "entries of branches that are not taken reach others");
    assert!(missed.len() * 1000 <= all * MISSES, "{} of {all} entries are off", missed.len());
}

/// E, its gradient and the lower triangle of its Hessian by the chosen parameters.
fn evaluated(surface: &Surface, point: &Point) -> Vec<f64> {
    let n = surface.dimension();
    let (mut gradient, mut hessian) = (vec![f64::NAN; n], vec![f64::NAN; packed::length(n)]);
    let value = surface.value_gradient_hessian(&point.at, &mut gradient, &mut hessian);
    let mut entries = vec![value];
    entries.extend(point.chosen.iter().map(|&i| gradient[i]));
    for (row, &i) in point.chosen.iter().enumerate() {
        entries.extend(point.chosen[..=row].iter().map(|&j| hessian[i * (i + 1) / 2 + j]));
    }
    entries
}

/// The error in units of the truth, or of what roundings of the formula as written would change.
fn error(found: f64, truth: f64, condition: f64) -> f64 {
    if found == truth {
        return 0.0;
    }
    (found - truth).abs() / truth.abs().max(condition)
}

fn table(counts: &[[usize; LIMITS.len()]; 3]) -> String {
    let mut text = String::from("| error | value | gradient | Hessian |\n|---|--:|--:|--:|\n");
    for (row, limit) in LIMITS.iter().enumerate() {
        let name = if limit.is_finite() { format!("≤ {limit:e}") } else { "above".to_owned() };
        let cells: Vec<String> = counts.iter().map(|column| column[row].to_string()).collect();
        text.push_str(&format!("| {name} | {} |\n", cells.join(" | ")));
    }
    text
}

fn read(text: &str) -> Vec<(Problem, Vec<Point>)> {
    let mut all: Vec<(Problem, Vec<Point>)> = Vec::new();
    for line in text.lines() {
        let (keyword, rest) = line.split_once(' ').unwrap();
        if keyword == "problem" {
            all.push((Problem { name: line.to_owned(), ..Problem::default() }, Vec::new()));
            continue;
        }
        let (problem, points) = all.last_mut().unwrap();
        match keyword {
            "|" => problem.text.push_str(&format!("{rest}\n")),
            "dimension" => {
                let (name, size) = rest.split_once(' ').unwrap();
                problem.bindings.set_dimension(name, size.parse().unwrap());
            }
            "param" | "data" => {
                let (head, values) = rest.split_once(':').unwrap();
                let mut words = head.split(' ');
                let name = words.next().unwrap();
                let shape: Vec<usize> = words.map(|size| size.parse().unwrap()).collect();
                if keyword == "param" {
                    problem.dimension += shape.iter().product::<usize>();
                } else {
                    problem.bindings.insert(name, &shape, numbers(values)).unwrap();
                }
            }
            "point" => points.push(Point { at: numbers(rest), ..Point::default() }),
            "chosen" => {
                points.last_mut().unwrap().chosen = numbers(rest).into_iter().map(|x| x as usize).collect();
            }
            "true" => points.last_mut().unwrap().truth = numbers(rest),
            "condition" => points.last_mut().unwrap().conditions = numbers(rest),
            _ => panic!("{line}"),
        }
    }
    all
}

fn numbers(text: &str) -> Vec<f64> {
    text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect()
}
