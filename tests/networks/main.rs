//! Networks and other error functions of several levels, at random sizes and points, against hyper-dual numbers.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]

mod compiled;
mod couplings;
mod layers;
mod mixtures;
mod multilayer;
mod problem;
#[path = "../programs/mod.rs"]
mod programs;
mod written;

use hesse_testkit::random::Numbers;

use multilayer::{ACTIVATIONS, LOSSES, Network};
use problem::Problem;

/// One row, few, less than a tile of 64, and more.
const ROWS: [usize; 5] = [1, 3, 7, 40, 67];

/// The problem at several numbers of rows, each with two sizes below five.
fn at_sizes(problem: fn(usize, [usize; 2], u64) -> Problem) -> Vec<Problem> {
    let sized = (0..).zip(ROWS).map(|(seed, rows)| {
        let mut random = Numbers::new(seed);
        problem(rows, [1 + random.below(4), 1 + random.below(4)], seed)
    });
    sized.collect()
}

fn network_at_sizes(network: Network) -> Vec<Problem> {
    let sized = (0..).zip(ROWS).map(|(seed, rows)| {
        let mut random = Numbers::new(seed + 10 * network.hidden as u64);
        let sizes: Vec<usize> = (0..network.hidden + 2).map(|_| 1 + random.below(4)).collect();
        network.problem(rows, &sizes, seed)
    });
    sized.collect()
}

fn networks(hidden: usize) {
    for activation in ACTIVATIONS {
        for loss in LOSSES {
            network_at_sizes(Network { hidden, activation, loss }).iter().for_each(Problem::check);
        }
    }
}

#[test]
fn networks_of_one_hidden_layer() {
    networks(1);
}

#[test]
fn networks_of_two_hidden_layers() {
    networks(2);
}

#[test]
fn networks_of_three_hidden_layers() {
    networks(3);
}

macro_rules! families {
    ($($name:ident: $problem:expr;)*) => {
        $(#[test] fn $name() { at_sizes($problem).iter().for_each(Problem::check); })*
    };
}

families! {
    mixtures_of_gaussians: mixtures::gaussians;
    mixtures_of_gaussians_with_packed_factors: mixtures::packed_gaussians;
    rows_beside_all_that_come_after: mixtures::risk_sets;
    rows_beside_all_others: mixtures::contrast;
    radial_functions: layers::radial;
    layers_that_share_their_weights: layers::residual;
    units_brought_to_one_scale: layers::normalized;
    weights_and_their_transpose: layers::autoencoder;
    filters_along_a_row: layers::convolution;
    attention_to_words: layers::attention;
    recurrent_networks: layers::recurrent;
    factorizations: couplings::factorization;
    energies_of_pairs: couplings::pairs;
    bands: couplings::bands;
    grids: couplings::grid;
    poses_and_points: couplings::poses;
    poses_that_see_each_other: couplings::loops;
    triangles_beside_the_diagonal: couplings::triangles;
    steps_in_time: couplings::steps;
}

#[test]
fn rounds_of_a_ring() {
    for times in [1, 2, 5] {
        couplings::swell(times, times as u64).check();
    }
}
