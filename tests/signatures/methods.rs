//! Methods of structures of parameters.

use hesse::{ErrorFunction, Parameters, derive_hessian};
use hesse_testkit::close::assert_close;
use hesse_testkit::oracle::{DualNum, HyperDual64 as Dual, hyper_dual};

#[derive(Parameters, Clone, PartialEq, Debug)]
struct Decay {
    amplitude: f64,
    rates: [f64; 2],
}

#[derive_hessian]
impl Decay {
    fn misfit(&self, x: &[f64], y: &[f64]) -> f64 {
        let mut total = 0.0;
        for (x, y) in x.iter().zip(y) {
            total += Self::square(y - self.at(*x));
        }
        total
    }

    fn penalty(self) -> f64 {
        self.rates.iter().map(|r| r.exp()).sum::<f64>() * self.amplitude
    }

    fn at(&self, x: f64) -> f64 {
        self.amplitude * self.shape(x)
    }

    fn shape(&self, x: f64) -> f64 {
        (-self.rates[0] * x).exp() + (-self.rates[1] * x).exp()
    }

    fn square(x: f64) -> f64 {
        x * x
    }

    fn start() -> Decay {
        Decay { amplitude: 1.2, rates: [0.4, 0.9] }
    }
}

#[test]
fn methods_are_error_functions() {
    let (x, y) = ([0.0, 0.5, 1.0, 2.0], [2.1, 1.4, 1.2, 0.5]);
    let start = Decay::start();
    let truth = |w: &[Dual]| {
        x.iter().zip(&y).fold(Dual::from(0.0), |total, (&x, &y)| {
            let r = -w[0] * ((-w[1] * x).exp() + (-w[2] * x).exp()) + y;
            total + r * r
        })
    };
    let (value, gradient, hessian) = hyper_dual(truth, &start.to_array::<3>());
    let (v, g, h): (f64, Decay, _) = misfit::value_gradient_hessian(&start, &x, &y);
    assert_close("value", &[v, start.misfit(&x, &y)], &[value; 2], 1e-14);
    assert_close("gradient", &g.to_array::<3>(), &gradient, 1e-14);
    assert_close("Hessian", &[h[0][0], h[1][0], h[1][1], h[2][0], h[2][1], h[2][2]], &hessian, 1e-14);
    assert_close("alone", &[penalty::value(start.clone())], &[start.clone().penalty()], 1e-15);
    assert_eq!(misfit::error_function(&x, &y).dimension(), 3);
}

/// Only what is marked, and `self` as data.
#[derive(Parameters)]
struct Scale {
    by: f64,
}

#[derive_hessian]
impl Scale {
    #[derive_hessian(only(gradient, hessian))]
    fn spread(#[data] &self, w: [f64; 2]) -> f64 {
        self.by * (w[0] - w[1]).cosh()
    }

    fn unmarked(&self) -> f64 {
        f64::from(self.by as u8)
    }
}

#[test]
fn marked_methods_alone() {
    let scale = Scale { by: 3.0 };
    let (_, gradient, _) = hyper_dual(|w: &[Dual]| (w[0] - w[1]).cosh() * 3.0, &[0.2, 0.9]);
    assert_close("gradient", &spread::gradient(&scale, [0.2, 0.9]), &gradient, 1e-14);
    assert_eq!(scale.unmarked(), 3.0);
    assert_eq!(scale.spread([1.0, 1.0]), 3.0);
}
