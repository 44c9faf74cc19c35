//! Many parameters: curvatures and ways down without a matrix of n² entries.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]

use hesse::derive_hessian;
use hesse::descent::{LimitedMemory, Method, SparseNewton, Steihaug};
use hesse::krylov::{Hutchinson, Lanczos};

#[derive_hessian(wrt(w), sparse)]
fn chain(w: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..w.len() - 1 {
        total += 100.0 * (w[i + 1] - w[i] * w[i]).powi(2) + (1.0 - w[i]).powi(2);
    }
    total
}

/// At the minimum H has 1002 on the diagonal and −400 beside it, but for the ends (802 and 200): its spectrum fills
/// 1002 ± 800, up to an eigenvalue or two that the ends push out.
#[test]
fn a_chain_of_a_million_parameters_shows_both_ends_of_its_spectrum() {
    let n = 1_000_000;
    let (surface, w) = (chain::error_function(n), vec![1.0; n]);
    let lanczos = Lanczos { basis: 10, max_products: 40, tolerance: 1e-3, ..Lanczos::default() };
    let found = lanczos.extremes(&surface, &w).unwrap();
    assert!(found.products <= 50);
    let (low, high) = (found.lowest[0].value, found.highest[0].value);
    assert!(low > 0.0 && low < 220.0, "{low}");
    assert!(high < 1802.0 && high > 1780.0, "{high}");
    let trace = Hutchinson { probes: 4, seed: 0 }.trace(&surface, &w).unwrap();
    let exact = 1002.0 * (n - 2) as f64 + 802.0 + 200.0;
    assert!((trace.value / exact - 1.0).abs() < 1e-2, "{trace:?}");
}

#[test]
fn a_chain_is_minimized_by_all_methods_for_many_parameters() {
    let n = 100_000;
    let surface = chain::error_function(n);
    let start = vec![1.2; n];
    let ends = [
        ("sparse newton", SparseNewton::default().minimize(&surface, &start)),
        ("steihaug", Steihaug::default().minimize(&surface, &start)),
        (
            "limited memory",
            LimitedMemory { tolerance: 1e-10, ..LimitedMemory::default() }.minimize(&surface, &start),
        ),
    ];
    for (name, end) in ends {
        let end = end.unwrap();
        println!("{name}: {} after {} steps", end.status, end.iterations);
        assert!(end.converged(), "{name}: {}", end.status);
        assert!(end.minimizer.iter().all(|w| (w - 1.0).abs() < 1e-5), "{name}");
    }
}
