//! Rows of weight zero are rows that are not there.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use hesse_parser::formula::parse;
use hesse_runtime::descent::{LevenbergMarquardt, Method};
use hesse_runtime::{FitStatistics, ResidualDiagnostics};
use hesse_symbolic::evaluate::{Bindings, Surface};

/// The line through some points, its standard errors, and the residual farthest out in units of its deviation.
fn fitted(x: &[f64], y: &[f64], u: &[f64]) -> (Vec<f64>, FitStatistics, f64) {
    let text = "param a, b; data x[n], y[n], u[n]; E = sum(i, u[i]*(y[i] - a - b*x[i])^2)";
    let model = parse(text, &Default::default()).unwrap();
    let mut data = Bindings::new();
    for (name, values) in [("x", x), ("y", y), ("u", u)] {
        data.insert(name, &[values.len()], values.to_vec()).unwrap();
    }
    let surface = Surface::new(&model.graph, model.error, &data).unwrap();
    let squares = surface.least_squares().unwrap();
    let w = LevenbergMarquardt::default().minimize(&squares, &[0.0, 0.0]).unwrap().minimizer;
    let statistics = FitStatistics::of(&squares, &w).unwrap();
    let diagnostics = ResidualDiagnostics::of(&squares, &w).unwrap();
    let farthest =
        diagnostics.standardized.iter().map(|r| r.abs()).filter(|r| r.is_finite()).fold(0.0, f64::max);
    (w, statistics, farthest)
}

#[test]
fn rows_of_weight_zero_are_no_observations() {
    let (x, y) = ([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], [0.9, 3.2, 4.8, 7.1, 9.3, 10.7]);
    let all = fitted(&x, &y, &[1.0; 6]);
    let (mut more_x, mut more_y, mut u) = (x.to_vec(), y.to_vec(), vec![1.0; 6]);
    more_x.splice(2..2, [100.0, -7.0]);
    more_y.splice(2..2, [-1e3, 55.0]);
    u.splice(2..2, [0.0, 0.0]);
    let weighted = fitted(&more_x, &more_y, &u);
    assert_eq!(weighted.1.degrees_of_freedom, 4);
    for (found, expected) in weighted.0.iter().zip(&all.0) {
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    }
    for (found, expected) in weighted.1.standard_errors.iter().zip(&all.1.standard_errors) {
        assert!((found / expected - 1.0).abs() < 1e-12, "{found} {expected}");
    }
    assert!((weighted.1.akaike() - all.1.akaike()).abs() < 1e-9);
    assert!((weighted.2 / all.2 - 1.0).abs() < 1e-9);
    // A residual that happens to be zero is an observation.
    let through = fitted(&[0.0, 1.0, 2.0], &[1.0, 1.0, 1.0], &[1.0; 3]);
    assert_eq!(through.1.degrees_of_freedom, 1);
}
