//! NaN, infinity, edges of the domain, wrong lengths and kinks: named where they arise, never a panic.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails, in its helpers too")]

mod surface;

use hesse_runtime::descent::{
    DescentError, GradientDescent, Method, Observer, Progress, Status, TrustRegion,
};
use hesse_runtime::{Analyze, ErrorFunction, FitStatistics};
use std::fmt::{self, Write};
use std::ops::ControlFlow;
use surface::Surface;

formula!(Barrier { a }(x) = x() - x().ln() * a);
formula!(Kink { a }(x) = x().abs() * a);
formula!(Wall { a }(x) = (x() * a).exp() - x());
formula!(Bowl { a }(x, y) = (x() - 1.0).powi(2) + (y() + 2.0).powi(2) * a);

#[test]
fn analysis_names_what_is_not_finite() {
    let message = |w: &[f64]| Surface(Barrier { a: 1.0 }).analyze(w).unwrap_err().to_string();
    assert_eq!(message(&[-1.0]), "the error function is NaN at the point");
    assert_eq!(message(&[f64::NAN]), "coordinate `w[0]` of the point is NaN, expected a finite number");
    assert_eq!(message(&[1.0, 2.0]), "the point has 2 coordinates, expected 1");
    let cusp = Cusp.analyze(&[4.0, 0.0]).unwrap_err().to_string();
    assert_eq!(cusp, "the second derivative by `depth` and `depth` is inf at the point");
    let descent = TrustRegion::default().minimize(&Cusp, &[4.0, 0.0]).unwrap_err().to_string();
    assert_eq!(
        descent,
        "the Hessian cannot be decomposed: entry (1, 1) of the matrix is inf, expected a finite number"
    );
}

/// E = x² + y^(3/2), whose second derivative by y is infinite at zero.
struct Cusp;

impl ErrorFunction for Cusp {
    fn dimension(&self) -> usize {
        2
    }

    fn value(&self, w: &[f64]) -> f64 {
        w[0] * w[0] + w[1].powf(1.5)
    }

    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.copy_from_slice(&[2.0 * w[0], 1.5 * w[1].sqrt()]);
        self.value(w)
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        hessian.copy_from_slice(&[2.0, 0.0, 0.75 / w[1].sqrt()]);
        self.value_gradient(w, gradient)
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        product.copy_from_slice(&[2.0 * v[0], 0.75 / w[1].sqrt() * v[1]]);
    }

    fn parameter_name(&self, index: usize, f: &mut dyn Write) -> fmt::Result {
        f.write_str(["width", "depth"][index])
    }
}

#[test]
fn descents_refuse_bad_starts_and_settings() {
    let barrier = Surface(Barrier { a: 1.0 });
    let message = |start: &[f64]| TrustRegion::default().minimize(&barrier, start).unwrap_err().to_string();
    assert_eq!(message(&[-1.0]), "the error function is NaN at the start, expected a finite number");
    assert_eq!(message(&[f64::INFINITY]), "coordinate 0 of the start is inf, expected a finite number");
    assert_eq!(message(&[]), "the start has 0 coordinates, expected 1");
    let wrong = TrustRegion { tolerance: -1.0, ..Default::default() }.minimize(&barrier, &[1.0]);
    assert_eq!(wrong.unwrap_err().to_string(), "`tolerance` is -1, expected a positive number");
    let wrong = GradientDescent { tolerance: f64::NAN, ..Default::default() }.minimize(&barrier, &[1.0]);
    assert!(matches!(wrong, Err(DescentError::Setting { name: "tolerance", .. })));
}

/// x − a·ln x has its minimum at a and no value left of zero.
#[test]
fn trial_points_outside_the_domain_are_stepped_back_from() {
    for a in [1e-6, 0.3, 1.0, 1e5] {
        for start in [1e-3, 1.0, 1e4] {
            let barrier = Surface(Barrier { a });
            let descent = TrustRegion::default().minimize(&barrier, &[start]).unwrap();
            assert_eq!(descent.status, Status::Converged, "a = {a}, start = {start}");
            assert!((descent.minimizer[0] / a - 1.0).abs() < 1e-12, "a = {a}, start = {start}: {descent:?}");
        }
    }
    let wall = TrustRegion::default().minimize(&Surface(Wall { a: 1.0 }), &[-700.0]).unwrap();
    assert!(wall.converged() && wall.minimizer[0].abs() < 1e-12, "{wall:?}");
}

#[test]
fn a_kink_stalls_and_does_not_converge() {
    for a in [1e-3, 2.0, 1e6] {
        let descent = TrustRegion::default().minimize(&Surface(Kink { a }), &[1.0]).unwrap();
        assert_eq!(descent.status, Status::Stalled);
        assert!(descent.value < 1e-6 * a && descent.iterations < 1000, "{descent:?}");
    }
}

#[test]
fn limits_and_observers_end_a_descent() {
    let bowl = Surface(Bowl { a: 3.0 });
    let descent = TrustRegion { max_iterations: 1, ..Default::default() }.minimize(&bowl, &[50.0, 50.0]);
    let descent = descent.unwrap();
    assert_eq!((descent.status, descent.iterations), (Status::IterationLimit, 1));
    let mut seen = Vec::new();
    let mut observer = |progress: &Progress<'_>| {
        seen.push(progress.value);
        if seen.len() == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let observer: &mut dyn Observer = &mut observer;
    let descent = TrustRegion::default().minimize_observed(&bowl, &[50.0, 50.0], observer).unwrap();
    assert_eq!(descent.status, Status::Stopped);
    assert!(seen.len() == 3 && seen[2] < seen[0]);
}

/// Gradient descent with exact steps contracts E by ((κ−1)/(κ+1))² per step (Kantorovich), for any κ.
#[test]
fn gradient_descent_keeps_the_rate_of_kantorovich() {
    for condition in [1.0, 2.0, 10.0, 300.0] {
        let bowl = Surface(Bowl { a: condition });
        let mut values = Vec::new();
        let mut observer = |progress: &Progress<'_>| {
            values.push(progress.value);
            ControlFlow::Continue(())
        };
        let method = GradientDescent::default();
        let descent = method.minimize_observed(&bowl, &[1.0 + condition, -1.0], &mut observer).unwrap();
        assert!(descent.converged(), "{condition}: {:?}", descent.status);
        let rate = ((condition - 1.0) / (condition + 1.0)).powi(2);
        for pair in values.windows(2).filter(|pair| pair[0] > 1e-10) {
            assert!(pair[1] <= pair[0] * (rate + 1e-9) + 1e-20, "{condition}: {pair:?}");
        }
        assert!((descent.minimizer[0] - 1.0).abs() < 1e-4 && (descent.minimizer[1] + 2.0).abs() < 1e-4);
    }
}

#[test]
fn fits_without_statistics_say_why() {
    let message = |sum, residuals, matrix: &[f64]| {
        FitStatistics::from_gauss_newton(sum, residuals, 2, matrix).unwrap_err().to_string()
    };
    let regular = [1.0, 0.0, 1.0];
    assert_eq!(
        message(1.0, 2, &regular),
        "2 residuals leave no degree of freedom for 2 parameters; add data"
    );
    assert_eq!(
        message(1.0, 9, &[1.0, 1e-9, 1e-18]),
        "the data do not determine parameter 1: its column depends on those before it; \
         fix a parameter or add data"
    );
    assert_eq!(
        message(1.0, 9, &[0.0, 0.0, 1.0]),
        "the data do not determine parameter 0: its column depends on those before it; \
         fix a parameter or add data"
    );
    assert_eq!(
        message(f64::NAN, 9, &regular),
        "the residual sum of squares is NaN, expected a finite number not below zero"
    );
    assert_eq!(
        message(1.0, 9, &[1.0, f64::NAN, 1.0]),
        "entry (1, 0) of the matrix is NaN, expected a finite number"
    );
    let scale = FitStatistics::from_hessian(1.0, 9, 2, &regular, 0.0).unwrap_err().to_string();
    assert_eq!(scale, "the scale is 0, expected a positive number");
}
