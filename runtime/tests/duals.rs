//! Dual numbers against other dual numbers, and what holds derivatives against them.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use hesse_runtime::agreement::{Edges, holds};
use hesse_runtime::dual::Dual;
use hesse_runtime::{ErrorFunction, packed};
use num_dual::{DualNum, HyperDual64};

type Own = fn(Dual) -> Dual;
type Other = fn(HyperDual64) -> HyperDual64;

#[test]
fn functions_of_one_number() {
    let table: [(Own, Other); 25] = [
        (Dual::exp, |x| x.exp()),
        (Dual::exp2, |x| x.exp2()),
        (Dual::exp_m1, |x| x.exp_m1()),
        (Dual::ln, |x| x.ln()),
        (Dual::ln_1p, |x| x.ln_1p()),
        (Dual::log2, |x| x.log2()),
        (Dual::log10, |x| x.log10()),
        (Dual::cbrt, |x| x.cbrt()),
        (Dual::sqrt, |x| x.sqrt()),
        (Dual::sin, |x| x.sin()),
        (Dual::cos, |x| x.cos()),
        (Dual::tan, |x| x.tan()),
        (Dual::asin, |x| x.asin()),
        (Dual::acos, |x| x.acos()),
        (Dual::atan, |x| x.atan()),
        (Dual::sinh, |x| x.sinh()),
        (Dual::cosh, |x| x.cosh()),
        (Dual::tanh, |x| x.tanh()),
        (Dual::sech, |x| x.cosh().recip()),
        (Dual::asinh, |x| x.asinh()),
        (|x| (x + Dual::constant(1.0)).acosh(), |x| (x + 1.0).acosh()),
        (Dual::atanh, |x| x.atanh()),
        (Dual::sigmoid, |x| ((-x).exp() + 1.0).recip()),
        (Dual::softplus, |x| (x.exp() + 1.0).ln()),
        // erf = 1 − erfc, whose slopes differ in sign alone.
        (|x| x.erf() + x.erfc(), |x| x - x + 1.0),
    ];
    for x in [0.125, 0.5, 0.75] {
        for (at, (own, other)) in table.iter().enumerate() {
            let found = own(Dual { value: x, first: 1.0, second: -2.0, mixed: 0.5 });
            let expected = other(HyperDual64::new(x, 1.0, -2.0, 0.5));
            close(found, expected, at);
        }
    }
}

#[test]
fn functions_of_two_numbers() {
    for (x, y) in [(0.5, 1.25), (-1.5, 0.25), (0.75, -2.0)] {
        let own = [
            Dual { value: x, first: 1.0, second: 0.5, mixed: 0.25 },
            Dual { value: y, first: -1.0, second: 2.0, mixed: 1.0 },
        ];
        let other = [HyperDual64::new(x, 1.0, 0.5, 0.25), HyperDual64::new(y, -1.0, 2.0, 1.0)];
        let [a, b] = own;
        let [c, d] = other;
        close(a * b - a / b, c * d - c / d, 0);
        close(a.hypot(b), (c * c + d * d).sqrt(), 1);
        close(a.atan2(b), c.atan2(d), 2);
        close(a.min(b), if x < y { c } else { d }, 3);
        close(a.max(b), if x < y { d } else { c }, 4);
        if x > 0.0 {
            close(a.pow(b), c.powd(d), 5);
        }
        close(b.pow(Dual::constant(3.0)), d.powi(3), 6);
    }
}

#[test]
fn erf_has_the_slopes_of_a_bell() {
    let slope = |x: f64| std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp();
    for x in [-1.5, 0.25, 2.0] {
        let found = Dual { value: x, first: 1.0, second: 1.0, mixed: 0.0 }.erf();
        assert!((found.first - slope(x)).abs() < 1e-15);
        assert!((found.mixed + 2.0 * x * slope(x)).abs() < 1e-15);
    }
}

#[test]
fn kinks_have_no_slopes() {
    let varying = |value| Dual { value, first: 1.0, second: 0.0, mixed: 0.0 };
    for at_kink in [
        varying(0.0).abs(),
        varying(0.0).relu(),
        varying(0.0).sign(),
        varying(2.0).floor(),
        varying(2.0).ceil(),
        varying(0.5).round(),
        varying(3.0).trunc(),
        varying(1.0).max(Dual::constant(1.0)),
        varying(1.0).min(Dual::constant(1.0)),
    ] {
        assert!(at_kink.first.is_nan());
    }
    assert_eq!(varying(-2.0).abs().first, -1.0);
    assert_eq!(varying(2.5).floor().first, 0.0);
    let edges = Edges::default();
    assert!(edges.compare(varying(1.0), Dual::constant(1.0), f64::ge));
}

#[track_caller]
fn close(found: Dual, expected: HyperDual64, at: usize) {
    let pairs = [
        (found.value, expected.re),
        (found.first, expected.eps1),
        (found.second, expected.eps2),
        (found.mixed, expected.eps1eps2),
    ];
    for (found, expected) in pairs {
        assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{at}: {found:e} {expected:e}");
    }
}

/// x³ + x y, with one entry of a derivative changed by `wrong`.
struct Cubic {
    wrong: Option<bool>,
}

impl ErrorFunction for Cubic {
    fn dimension(&self) -> usize {
        2
    }
    fn value(&self, w: &[f64]) -> f64 {
        w[0].powi(3) + w[0] * w[1]
    }
    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.copy_from_slice(&[3.0 * w[0] * w[0] + w[1], w[0]]);
        if self.wrong == Some(false) {
            gradient[1] += 1e-6;
        }
        self.value(w)
    }
    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        hessian.copy_from_slice(&[6.0 * w[0], 1.0, 0.0]);
        if self.wrong == Some(true) {
            hessian[1] = -1.0;
        }
        self.value_gradient(w, gradient)
    }
    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        let (mut gradient, mut hessian) = ([0.0; 2], [0.0; 3]);
        self.value_gradient_hessian(w, &mut gradient, &mut hessian);
        packed::multiply(&hessian, v, product);
    }
}

fn cubic(wrong: Option<bool>) -> bool {
    let dual = |w: &[Dual], _: &Edges| w[0] * w[0] * w[0] + w[0] * w[1];
    let w = [0.5, -1.5];
    holds(&Cubic { wrong }, &w, Cubic { wrong }.value(&w), false, &dual)
}

#[test]
fn right_derivatives_hold() {
    assert!(cubic(None));
}

#[test]
#[should_panic(expected = "∂²E/∂w[1]∂w[0]")]
fn a_wrong_hessian_is_found() {
    cubic(Some(true));
}

#[test]
#[should_panic(expected = "∂E/∂w[1]")]
fn a_wrong_gradient_is_found() {
    cubic(Some(false));
}
