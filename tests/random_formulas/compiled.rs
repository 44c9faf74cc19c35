//! Generated code.

use hesse_testkit::random::Problem;

use super::evaluated::disagreements;
use super::programs::{self, Case, Outputs, Record};
use super::{COUNT, model, surface};

#[test]
fn generated_code_agrees_to_the_bit() {
    let drawn: Vec<_> = (0..COUNT)
        .map(|seed| {
            let (problem, truth) = Problem::from_seed(seed);
            let model = model(&problem);
            (problem, truth, model)
        })
        .collect();
    let cases: Vec<Case<'_>> =
        drawn.iter().map(|(p, _, model)| Case { model, records: vec![record(p)] }).collect();
    let mut wrong = Vec::new();
    for (seed, ((problem, truth, model), compiled)) in
        drawn.iter().zip(programs::run("random-formulas", &cases)).enumerate()
    {
        let (surface, w) = (surface(problem, model), &problem.point);
        let evaluated = Outputs::of(&surface, w, &problem.direction).with_squares(surface.least_squares(), w);
        let mut complaints = disagreements(problem, &compiled, truth, 1e-10);
        if compiled.bits() != evaluated.bits() {
            complaints.push(format!("compiled {compiled:?}\nevaluated {evaluated:?}"));
        }
        if !complaints.is_empty() {
            wrong.push(format!("seed {seed}\n{}{}\n", problem.text(), complaints.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{} of {COUNT}:\n{}", wrong.len(), wrong.join("\n"));
}

fn record(problem: &Problem) -> Record {
    let points =
        [("point".to_owned(), problem.point.clone()), ("direction".to_owned(), problem.direction.clone())];
    let arrays = problem.arrays.iter().map(|(array, values)| (array.name().to_owned(), values.clone()));
    let dimensions = problem.dimensions();
    let sizes = dimensions.iter().map(|&(name, size)| (name.to_owned(), vec![size as f64]));
    points.into_iter().chain(arrays).chain(sizes).collect()
}
