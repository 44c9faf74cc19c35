//! Hesse's generated derivatives against hand-written ones and against dual numbers.
//!
//! Every workload has a formula (`workloads/*.hes`, compiled by the build script), data from a fixed seed, a
//! version written by hand, and the same error function over generic numbers, the oracle for both.

#![allow(
    clippy::needless_range_loop,
    reason = "loops over lanes and axes index several arrays alike; written so, compilers vectorize them"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark reports by panicking"
)]

pub mod by_hand;
pub mod check;
pub mod compilation;
pub mod exchange;
pub mod growth;
pub mod lanes;
pub mod measure;
pub mod numbers;
pub mod plot;
pub mod rows;
pub mod sparse;
pub mod table;
pub mod threads;
pub mod workload;
pub mod workloads;

/// What the build script made.
#[allow(missing_docs)]
pub mod generated {
    include!(concat!(env!("OUT_DIR"), "/modules.rs"));
}
