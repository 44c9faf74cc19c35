//! Generated code against the evaluator, to the last bit.

use hesse_parser::Model;
use hesse_symbolic::graph::Extent;

use super::multilayer::{Activation, Loss, Network};
use super::problem::Problem;
use super::programs::{self, Case, Outputs, Record};
use super::{at_sizes, couplings, layers, mixtures, network_at_sizes};

#[test]
fn generated_code_agrees_to_the_bit() {
    let cases = cases();
    let models: Vec<Model> = cases.iter().map(|problems| problems[0].model()).collect();
    let programs: Vec<Case<'_>> = models
        .iter()
        .zip(&cases)
        .map(|(model, problems)| Case { model, records: problems.iter().map(|p| record(p, model)).collect() })
        .collect();
    let mut compiled = programs::run("networks", &programs).into_iter();
    for (problem, model) in
        cases.iter().zip(&models).flat_map(|(problems, model)| problems.iter().map(move |p| (p, model)))
    {
        let (surface, w) = (problem.surface(model), &problem.point);
        let evaluated = Outputs::of(&surface, w, &problem.direction).with_squares(surface.least_squares(), w);
        let compiled = compiled.next().unwrap();
        assert!(
            compiled.bits() == evaluated.bits(),
            "{}\n{:?}\ncompiled {compiled:?}\nevaluated {evaluated:?}",
            problem.text,
            problem.shapes()
        );
    }
}

/// Every formula, each at several sizes.
fn cases() -> Vec<Vec<Problem>> {
    use {Activation::*, Loss::*};
    let networks =
        [(1, Tanh, CrossEntropy), (1, Gelu, Squares), (2, Softplus, CrossEntropy), (3, Relu, Squares)];
    let networks = networks
        .into_iter()
        .map(|(hidden, activation, loss)| network_at_sizes(Network { hidden, activation, loss }));
    let others = [
        at_sizes(mixtures::gaussians),
        at_sizes(mixtures::packed_gaussians),
        at_sizes(mixtures::risk_sets),
        at_sizes(mixtures::contrast),
        at_sizes(layers::radial),
        at_sizes(layers::residual),
        at_sizes(layers::normalized),
        at_sizes(layers::autoencoder),
        at_sizes(layers::convolution),
        at_sizes(layers::attention),
        at_sizes(layers::recurrent),
        at_sizes(couplings::factorization),
        at_sizes(couplings::pairs),
        at_sizes(couplings::bands),
        at_sizes(couplings::grid),
        at_sizes(couplings::poses),
        at_sizes(couplings::loops),
        at_sizes(couplings::triangles),
        at_sizes(couplings::steps),
    ];
    networks.chain(others).collect()
}

fn record(problem: &Problem, model: &Model) -> Record {
    let points = [("point", &problem.point), ("direction", &problem.direction)];
    let points = points.map(|(name, values)| (name.to_owned(), values.clone()));
    let arrays = problem.arrays.iter().map(|(name, _, values)| (name.clone(), values.clone()));
    let given = problem.dimensions.iter().map(|(name, size)| (name.clone(), vec![*size as f64]));
    // Matrices of run-time size come as slices, which do not tell their sizes.
    let mut graph = model.graph.clone();
    let names = graph.dimensions().to_vec();
    let names: Vec<_> = names.into_iter().map(|name| (Extent::Named(graph.dimension(&name)), name)).collect();
    let told = problem.arrays.iter().flat_map(|(array, shape, _)| {
        let (_, declaration) = model.graph.arrays().find(|(_, declared)| declared.name == *array).unwrap();
        let axes = declaration.shape.iter().zip(shape);
        axes.flat_map(|(extent, size)| {
            names.iter().filter(move |n| n.0 == *extent).map(|n| (n.1.clone(), vec![*size as f64]))
        })
    });
    points.into_iter().chain(arrays).chain(given).chain(told).collect()
}
