//! Networks and other error functions of several levels, at random sizes and points, against hyper-dual numbers.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]

mod couplings;
mod layers;
mod mixtures;
mod multilayer;
mod problem;

use hesse_testkit::random::Numbers;

use multilayer::{ACTIVATIONS, LOSSES, Network};
use problem::Problem;

/// One row, few, a little less than a tile of 64, and a little more.
const ROWS: [usize; 5] = [1, 3, 7, 40, 67];

fn networks(hidden: usize) {
    for activation in ACTIVATIONS {
        for loss in LOSSES {
            let network = Network { hidden, activation, loss };
            for rows in ROWS {
                let mut random = Numbers::new((hidden * 100 + rows) as u64);
                let sizes: Vec<usize> = (0..hidden + 2).map(|_| 1 + random.below(4)).collect();
                network.problem(rows, &sizes, rows as u64).check();
            }
        }
    }
}

/// The problem at several numbers of rows, with two sizes below five.
#[track_caller]
fn at_sizes(problem: impl Fn(usize, [usize; 2], u64) -> Problem) {
    for (seed, rows) in (0..).zip(ROWS) {
        let mut random = Numbers::new(seed + 50);
        problem(rows, [1 + random.below(4), 1 + random.below(4)], seed).check();
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

#[test]
fn mixtures_of_gaussians() {
    at_sizes(|rows, [k, d], seed| mixtures::gaussians(rows, k, d, seed));
}

#[test]
fn mixtures_of_gaussians_with_packed_factors() {
    at_sizes(|rows, [k, d], seed| mixtures::packed_gaussians(rows, k, d, seed));
}

#[test]
fn rows_beside_all_that_come_after() {
    at_sizes(|rows, [d, _], seed| mixtures::risk_sets(rows, d, seed));
}

#[test]
fn rows_beside_all_others() {
    at_sizes(|rows, [d, m], seed| mixtures::contrast(rows, d, m, seed));
}

#[test]
fn radial_functions() {
    at_sizes(|rows, [d, h], seed| layers::radial(rows, d, h, seed));
}

#[test]
fn layers_that_share_their_weights() {
    at_sizes(|rows, [d, _], seed| layers::residual(rows, d, seed));
}

#[test]
fn weights_and_their_transpose() {
    at_sizes(|rows, [d, h], seed| layers::autoencoder(rows, d, h, seed));
}

#[test]
fn filters_along_a_row() {
    at_sizes(|rows, [d, _], seed| layers::convolution(rows, d + 2, seed));
}

#[test]
fn attention_to_words() {
    at_sizes(|rows, [v, d], seed| layers::attention(rows, v, d, seed));
}

#[test]
fn recurrent_networks() {
    at_sizes(|rows, [d, h], seed| layers::recurrent(rows, d, h, seed));
}

#[test]
fn factorizations() {
    at_sizes(|rows, [m, f], seed| couplings::factorization(rows, [m, 5], f, seed));
}

#[test]
fn energies_of_pairs() {
    for (seed, points) in (0..).zip([1, 2, 3, 7, 16]) {
        couplings::pairs(points, seed).check();
    }
}

#[test]
fn bands() {
    for (seed, length) in (0..).zip([1, 2, 3, 7, 40, 67]) {
        couplings::bands(length, seed).check();
    }
}

#[test]
fn grids() {
    for (seed, [rows, columns]) in (0..).zip([[1, 1], [1, 4], [3, 1], [2, 2], [5, 7], [3, 20]]) {
        couplings::grid(rows, columns, seed).check();
    }
}

#[test]
fn poses_and_points() {
    at_sizes(|rows, [c, p], seed| couplings::poses(rows, c, p, seed));
}

#[test]
fn poses_that_see_each_other() {
    at_sizes(|rows, [c, _], seed| couplings::loops(rows, c, seed));
}

#[test]
fn rounds_of_a_ring() {
    for times in [1, 2, 5] {
        couplings::swell(times, times as u64).check();
    }
}

#[test]
fn steps_in_time() {
    at_sizes(|rows, _, seed| couplings::steps(rows, seed));
}
