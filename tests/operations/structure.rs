//! What kernels are made of: which structure of an error function the derivation keeps.

use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::differentiate::nonlinear_edges;
use hesse_symbolic::schedule::{Block, Kernel, Operation, Request, Stage, Statement, schedule, vectorize};

use crate::workloads;

const CLASSIFIER: &str = "param u[8, 4], c[8], v[3, 8], d[3]\ndata x[n, 4], class[n]\n\
    z[i, j] = tanh(c[j] + sum(l, u[j, l]*x[i, l]))\n\
    a[i, k] = d[k] + sum(j, v[k, j]*z[i, j])\n\
    E = sum(i, logsumexp(k in 0..3, a[i, k]) - a[i, class[i]])";

fn kernel(formula: &str, request: Request) -> Kernel {
    let model = parse(formula, &Columns::none()).unwrap_or_else(|d| panic!("{formula}: {:?}", d[0]));
    vectorize(&schedule(&mut model.graph.clone(), model.error, request))
}

fn stages(block: &Block) -> Vec<&Stage> {
    fn all<'s>(stages: &'s [Stage], found: &mut Vec<&'s Stage>) {
        for stage in stages {
            found.push(stage);
            if let Stage::Loop(_, _, inner) = stage {
                all(inner, found);
            }
        }
    }
    let mut found = Vec::new();
    for statement in block {
        if let Statement::Tiles(tiles) = statement {
            all(&tiles.stages, &mut found);
        }
    }
    found
}

/// The score of the class of a row is one of those that the softmax needs anyway, so no row goes to places of its own.
#[test]
fn classes_are_chosen_among_scores_and_not_looked_up() {
    for request in [Request::VALUE_GRADIENT, Request::VALUE_GRADIENT_HESSIAN, Request::HESSIAN_VECTOR] {
        let kernel = kernel(CLASSIFIER, request);
        let stages = stages(&kernel.body);
        assert!(!stages.is_empty());
        assert!(!stages.iter().any(|stage| matches!(stage, Stage::Scatter(..))), "{stages:?}");
    }
    // Where nothing else needs all scores, a look-up stays one.
    let kernel = kernel(
        "param v[3]\ndata class[n], y[n]\nE = sum(i, (v[class[i]] - y[i])^2) + sum(k, v[k]^2)",
        Request::VALUE_GRADIENT,
    );
    let compares = |block: &Block| {
        block.iter().any(|statement| matches!(statement, Statement::Let(_, Operation::Compare(..))))
    };
    assert!(
        !stages(&kernel.body).iter().any(|stage| matches!(stage, Stage::Lanes(block) if compares(block)))
    );
}

/// The sines of all joints are one call, and so are the cosines.
#[test]
fn calls_that_do_not_need_each_other_stand_side_by_side() {
    for request in [Request::VALUE, Request::VALUE_GRADIENT_HESSIAN] {
        let kernel = kernel(&workloads::arm(), request);
        let functions: Vec<_> = kernel
            .body
            .iter()
            .map(|statement| match statement {
                Statement::Let(_, Operation::Abreast(function, _)) => Some(*function),
                Statement::Let(_, Operation::Call(..)) => panic!("a call of its own: {statement:?}"),
                _ => None,
            })
            .collect();
        let runs: Vec<usize> =
            functions.chunk_by(|a, b| a == b).filter(|run| run[0].is_some()).map(<[_]>::len).collect();
        assert_eq!(runs, [7, 7]);
    }
}

/// A camera has nine parameters and a point three, but all they do passes through three coordinates.
#[test]
fn narrow_places_are_crossed_with_their_jacobian() {
    let text = include_str!("../../benches/workloads/bundle.hes");
    let model = parse(text, &Columns::none()).unwrap_or_else(|d| panic!("{:?}", d[0]));
    let met = nonlinear_edges(&mut model.graph.clone(), model.error);
    assert!(met.sent > 0, "{met:?}");
}
