//! Prints random formulas with their data and points, for `testkit/digits/make.py`:
//! `problems FIRST COUNT POINTS`.

#![allow(clippy::panic, clippy::print_stdout, clippy::unwrap_used, reason = "a tool of the tests")]

use std::env;

use hesse_testkit::random::Problem;

fn main() {
    let numbers: Vec<u64> = env::args().skip(1).map(|text| text.parse().unwrap()).collect();
    let [first, count, points] = numbers[..] else { panic!("expected FIRST COUNT POINTS") };
    let list = |values: &[f64]| values.iter().map(|x| format!(" {x:?}")).collect::<String>();
    for seed in first..first + count {
        let (problem, _) = Problem::from_seed(seed);
        println!("problem {seed}");
        for line in problem.text().lines() {
            println!("| {line}");
        }
        for (name, size) in problem.dimensions() {
            println!("dimension {name} {size}");
        }
        for (array, values) in &problem.arrays {
            let keyword = if array.is_parameter() { "param" } else { "data" };
            let shape: String =
                array.shape().iter().map(|&e| format!(" {}", problem.layout.size(e))).collect();
            println!("{keyword} {}{shape}:{}", array.name(), list(values));
        }
        for point in problem.points(seed, points as usize) {
            println!("point{}", list(&point));
        }
    }
}
