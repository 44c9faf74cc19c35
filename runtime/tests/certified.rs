//! Proofs by intervals at the edges: where E has no value, and powers beyond the integers of 32 bits.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails, in its helpers too")]

use hesse_runtime::certify::{Settings, stationary_points};
use hesse_runtime::interval::Interval;
use hesse_runtime::{ErrorFunction, IntervalErrorFunction};
use std::ops::ControlFlow;

/// E = ln(a − x²), which has a value only where x² < a.
struct Logarithm {
    a: f64,
}

impl ErrorFunction for Logarithm {
    fn dimension(&self) -> usize {
        1
    }
    fn value(&self, w: &[f64]) -> f64 {
        (self.a - w[0] * w[0]).ln()
    }
    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        gradient[0] = -2.0 * w[0] / (self.a - w[0] * w[0]);
        self.value(w)
    }
    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        let inside = self.a - w[0] * w[0];
        hessian[0] = -2.0 / inside - 4.0 * w[0] * w[0] / (inside * inside);
        self.value_gradient(w, gradient)
    }
    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        self.value_gradient_hessian(w, &mut [0.0], product);
        product[0] *= v[0];
    }
}

impl IntervalErrorFunction for Logarithm {
    fn enclose_value(&self, w: &[Interval]) -> Interval {
        (Interval::point(self.a) - w[0].powi(2)).ln()
    }
    fn enclose(&self, w: &[Interval], gradient: &mut [Interval], hessian: &mut [Interval]) -> Interval {
        let inside = Interval::point(self.a) - w[0].powi(2);
        let value = inside.ln();
        let two = Interval::point(2.0);
        gradient[0] = -(two * w[0]) / inside;
        hessian[0] = -(two / inside) - two * two * w[0].powi(2) / inside.powi(2);
        value
    }
}

#[test]
fn nowhere_is_no_minimum() {
    for a in [-1.0, -1e-3] {
        let domain = [Interval::new(-1.0, 1.0)];
        let found =
            stationary_points(&Logarithm { a }, &domain, &Settings::default(), |_| ControlFlow::Continue(()))
                .unwrap();
        assert!(found.points.is_empty() && found.undecided.is_empty(), "{found:?}");
        assert!(found.global_minimum.value.is_empty(), "{found:?}");
    }
    let domain = [Interval::new(-1.0, 1.0)];
    let found =
        stationary_points(
            &Logarithm { a: 4.0 },
            &domain,
            &Settings::default(),
            |_| ControlFlow::Continue(()),
        )
        .unwrap();
    assert!(found.global_minimum.value.contains(3.0_f64.ln()), "{found:?}");
}

/// xⁿ of a negative number has a value for every integer n, also for those that fit no machine integer.
#[test]
fn powers_of_large_integers_have_values_below_zero() {
    for n in [4e9, 4e9 + 1.0, 2.0_f64.powi(40) + 3.0, 1e300, -4e9, -4e9 - 1.0] {
        let exponent = Interval::point(n);
        for [lo, hi] in [[-1.0 - 1e-9, -1.0], [-1.0, -0.5], [-1.0, 0.5], [-0.5, 1.0], [-1.0, 1.0 + 1e-10]] {
            let power = Interval::new(lo, hi).pow(exponent);
            for k in 0..=10_u8 {
                let x = (lo + (hi - lo) * f64::from(k) / 10.0).clamp(lo, hi);
                let value = x.powf(n);
                assert!(!value.is_finite() || power.contains(value), "{x}^{n} = {value}: {power:?}");
            }
            assert!(!power.is_empty(), "{power:?}");
        }
    }
    assert!(Interval::new(-2.0, -1.0).pow(Interval::point(0.5)).is_empty());
    assert!(Interval::new(-1.0, 1.0).pow(Interval::point(4e9)).lo() >= 0.0);
}

/// E = x√(1 − x²), with ∇E = (1 − 2x²)/√(1 − x²) and its slope x(2x² − 3)/(1 − x²)^(3/2)
struct Bow;

impl ErrorFunction for Bow {
    fn dimension(&self) -> usize {
        1
    }
    fn value(&self, w: &[f64]) -> f64 {
        w[0] * (1.0 - w[0] * w[0]).sqrt()
    }
    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        gradient[0] = (1.0 - 2.0 * w[0] * w[0]) / (1.0 - w[0] * w[0]).sqrt();
        self.value(w)
    }
    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        hessian[0] = w[0] * (2.0 * w[0] * w[0] - 3.0) / (1.0 - w[0] * w[0]).powf(1.5);
        self.value_gradient(w, gradient)
    }
    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        self.value_gradient_hessian(w, &mut [0.0], product);
        product[0] *= v[0];
    }
}

impl IntervalErrorFunction for Bow {
    fn enclose_value(&self, w: &[Interval]) -> Interval {
        w[0] * (Interval::ONE - w[0].powi(2)).sqrt()
    }
    fn enclose(&self, w: &[Interval], gradient: &mut [Interval], hessian: &mut [Interval]) -> Interval {
        let number = Interval::point;
        let inside = Interval::ONE - w[0].powi(2);
        let root = inside.sqrt();
        gradient[0] = root - w[0].powi(2) / root;
        hessian[0] = w[0] * (number(2.0) * w[0].powi(2) - number(3.0)) / (inside * root);
        self.enclose_value(w)
    }
}

/// Certified points have their digits, wherever the box is cut: ±√½ with E = ±½ and a curvature of ∓4.
#[test]
fn certified_points_are_polished() {
    for [lo, hi] in [[-2.0, 2.0], [-2.0, 1.0], [-1.0, 3.0], [0.0, 1.7], [-0.99, 0.99]] {
        let found = stationary_points(&Bow, &[Interval::new(lo, hi)], &Settings::default(), |_| {
            ControlFlow::Continue(())
        })
        .unwrap();
        assert!(!found.points.is_empty(), "{lo} {hi}: {found:?}");
        for point in &found.points {
            let sign = point.at[0].signum();
            assert!((point.at[0] - sign * 0.5_f64.sqrt()).abs() < 1e-12, "{lo} {hi}: {point:?}");
            assert!((point.value.midpoint() - sign * 0.5).abs() < 1e-12, "{lo} {hi}: {point:?}");
            assert!((point.eigenvalues[0] + sign * 4.0).abs() < 1e-9, "{lo} {hi}: {point:?}");
        }
    }
}
