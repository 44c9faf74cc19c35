//! What kernels cost: operations as counted by running their loops, held to a bound for each workload.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]

mod count;
mod structure;
mod workloads;

use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::emit::Output;
use hesse_symbolic::explain::explain;
use hesse_symbolic::functions::Function;
use hesse_symbolic::schedule::{Block, Request, Stage, Statement, schedule, vectorize};

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
        bound("bundle", include_str!("../../benches/workloads/bundle.hes").to_owned(), 1_700, 1_700.0),
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

/// What an explanation says is added to gradient and Hessian, as polynomials, is what the loops add when they run.
#[test]
fn explanations_count_what_the_loops_add() {
    let formulas = [
        workloads::ROSENBROCK,
        workloads::LOGISTIC,
        workloads::GAUSS3,
        workloads::MLP,
        workloads::MIXTURE,
        workloads::CLUSTER,
        workloads::CHAIN,
        workloads::FACTORIZATION,
        "param x[n]\nE = sum(i, sum(j in 0..i, exp(-(x[i] - x[j])^2)))",
        "param x[n]\nE = sum(i, sum(j in 0..i-2, sum(k in 0..j-1, (x[i] + x[j])^2*x[k]^2)))",
        "param x[n]\nE = sum(i, sum(j in i+1..n, sum(k in i..j, (x[i] + x[j])^2*x[k]^2)))",
        "param x[n]\nE = sum(i in 0..5, sum(j in 0..6-2*i, x[i]^2*x[j]^2))",
    ];
    for formula in formulas {
        let model = parse(formula, &Columns::none()).unwrap_or_else(|d| panic!("{formula}: {:?}", d[0]));
        let explanation = explain(&model.graph, model.error, [Output::Gradient, Output::Hessian]);
        for account in &explanation.accounts {
            let told = account.total(|work| (work.gradient + work.hessian) as u64);
            let kernel = schedule(&mut model.graph.clone(), model.error, account.output.request());
            // Tiles add as often as the loops they are made of; plain loops may add in local arrays first.
            let vectorized = vectorize(&kernel);
            let kernel = if has_tiles(&vectorized.body) { kernel } else { vectorized };
            for extent in [5, 8] {
                let sizes = explanation.sizes.iter().map(|name| (name.clone(), extent as u64)).collect();
                // One addition is that to the value.
                let added = count::cost(&kernel, extent).scatters - 1;
                assert_eq!(
                    told.at(&sizes).as_constant(),
                    Some(added as f64),
                    "{formula} at {extent}: {told}"
                );
            }
        }
    }
}

fn has_tiles(block: &Block) -> bool {
    block.iter().any(|statement| match statement {
        Statement::Tiles(_) => true,
        Statement::Loop(_, _, body) => has_tiles(body),
        _ => false,
    })
}

#[test]
fn explanations_agree_with_a_count_by_hand() {
    let model =
        parse("param a\ndata x[n]\nE = sum(i, sqrt(a^2 - x[i]^2)/exp(x[i]))", &Columns::none()).unwrap();
    let explanation = explain(&model.graph, model.error, [Output::Value]);
    let [once, row] = &explanation.accounts[0].lines[..] else { panic!("{explanation:?}") };
    // a·a, and the sum added to the value
    assert_eq!((once.work.arithmetic, once.work.loads), (2, 1));
    // a² − x·x, and the quotient added to the sum
    assert_eq!((row.work.arithmetic, row.work.divisions, row.work.roots, row.work.loads), (3, 1, 1, 1));
    assert_eq!(row.work.functions, [(Function::Exp, 1)].into());
    assert_eq!(explanation.accounts[0].cost.to_string(), "35*n + 2");
}

#[test]
fn a_chain_writes_every_entry_once() {
    let model = parse(workloads::CHAIN, &Columns::none()).unwrap();
    let kernel = schedule(&mut model.graph.clone(), model.error, Request::VALUE_GRADIENT_SPARSE);
    let kernel = vectorize(&kernel);
    let tiles = kernel.body.iter().find_map(|statement| match statement {
        Statement::Tiles(tiles) => Some(tiles),
        _ => None,
    });
    let tiles = tiles.expect("one loop in tiles");
    // Nothing but x[i] and x[i+1] lies in panels.
    assert_eq!(tiles.panels.len(), 2);
    let [Stage::Fill(_), Stage::Fill(_), Stage::Stream(stream)] = &tiles.stages[..] else {
        panic!("inputs and one pass: {:?}", tiles.stages);
    };
    // The gradient, the diagonal and what is beside it.
    let rows: Vec<usize> = stream.outgoing.iter().map(|outgoing| outgoing.values.len()).collect();
    assert_eq!((rows, stream.sums.len()), (vec![2, 2, 1], 1));
    assert!(stream.outgoing.iter().all(|outgoing| outgoing.is_first));
}

#[test]
fn what_rows_add_to_by_the_same_look_up_lies_side_by_side() {
    let text = "param a[c, 3], b[p]\ndata v[n], s[n], y[n]\n\
        E = sum(i, exp(a[v[i], 0]*b[s[i]])*(a[v[i], 1] - y[i])^2*a[v[i], 2])";
    let model = parse(text, &Columns::none()).unwrap();
    let kernel = schedule(&mut model.graph.clone(), model.error, Request::VALUE_GRADIENT_SPARSE);
    let lines: Vec<usize> = kernel.families.iter().map(|family| family.lines.len()).collect();
    // The pairs of a's columns per c, one value per p, and three for each row.
    assert_eq!(lines, [2, 1, 1, 1, 1], "{:?}", kernel.families);
}
