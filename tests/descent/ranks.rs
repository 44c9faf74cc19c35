//! Levenberg–Marquardt where residuals do not decide all parameters, or hardly do.

use hesse::SumOfSquares;
use hesse::descent::{Bounds, Descent, LevenbergMarquardt, Method};
use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::evaluate::{Bindings, Surface};

fn surface(formula: &str) -> Surface {
    let model = parse(formula, &Columns::none()).unwrap_or_else(|d| panic!("{formula}: {:?}", d[0]));
    Surface::new(&model.graph, model.error, &Bindings::new()).unwrap()
}

fn fit(surface: &Surface, start: &[f64], bounds: &Bounds) -> Descent {
    let squares = surface.least_squares().unwrap();
    let mut residuals = vec![0.0; squares.residual_count()];
    assert!(squares.residuals(start, &mut residuals), "residuals are known one by one");
    LevenbergMarquardt::default().minimize_within(&squares, start, bounds).unwrap()
}

#[test]
fn directions_that_no_residual_sees_are_left_alone() {
    // Of a and b the sum alone counts: the start is moved along (1, 1), and not along (1, −1).
    let twins = surface("(a + b - 3)^2 + (2*a + 2*b - 6)^2 + (c - 1)^2");
    assert_eq!(twins.parameter_names(), ["a", "b", "c"]);
    let end = fit(&twins, &[4.0, 1.0, 0.0], &Bounds::none());
    assert!(end.converged(), "{}", end.status);
    for (found, expected) in end.minimizer.iter().zip([3.0, 0.0, 1.0]) {
        assert!((found - expected).abs() < 1e-12, "{:?}", end.minimizer);
    }
    // Fewer residuals than parameters.
    let wide = surface("(x + 2*y + 2*z - 9)^2");
    let end = fit(&wide, &[0.0, 0.0, 0.0], &Bounds::none());
    assert!(end.converged() && end.value < 1e-24, "{}", end.status);
    // A parameter whose slope vanishes at the start.
    let flat = surface("(u - 1)^2 + (v^2 - 4)^2");
    let end = fit(&flat, &[5.0, 0.0], &Bounds::none());
    assert!((end.minimizer[0] - 1.0).abs() < 1e-12, "{:?}", end.minimizer);
}

/// Läuchli's equations, whose JᵀJ is singular in `f64`: (1 + ε²) rounds to 1.
#[test]
fn what_the_square_of_the_jacobian_would_lose_is_found() {
    let nearly = surface("(p + q + r - 6)^2 + (1e-9*p - 1e-9)^2 + (1e-9*q - 2e-9)^2 + (1e-9*r - 3e-9)^2");
    let end = fit(&nearly, &[0.0, 0.0, 0.0], &Bounds::none());
    assert!(end.converged(), "{}", end.status);
    for (found, expected) in end.minimizer.iter().zip([1.0, 2.0, 3.0]) {
        assert!((found - expected).abs() < 1e-5, "{:?}", end.minimizer);
    }
}

#[test]
fn bounds_hold_what_is_decided_and_what_is_not() {
    let line = surface("(a + b - 3)^2 + (a - b - 1)^2 + (a + 2*b - 5)^2");
    let bounds = Bounds::new(&[0.0, 0.0], &[1.0, 9.0]).unwrap();
    let end = fit(&line, &[0.5, 0.5], &bounds);
    // With a = 1 at its bound: the least of (b − 2)² + b² + (2b − 4)² is at b = 10/6.
    assert!(end.converged(), "{}", end.status);
    assert_eq!(end.minimizer[0], 1.0);
    assert!((end.minimizer[1] - 10.0 / 6.0).abs() < 1e-12, "{:?}", end.minimizer);
}
