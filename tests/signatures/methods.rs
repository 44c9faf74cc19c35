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

/// Methods that each mention the two before: every one is handed on once.
#[derive(Parameters)]
struct Ladder {
    by: f64,
}

#[derive_hessian(only(value, gradient))]
impl Ladder {
    fn top(&self) -> f64 {
        self.f19() + self.f18()
    }

    fn f0(&self) -> f64 {
        self.by * self.by
    }

    fn f1(&self) -> f64 {
        self.f0() + self.by
    }

    fn f2(&self) -> f64 {
        self.f1() - 0.5 * self.f0()
    }

    fn f3(&self) -> f64 {
        self.f2() - 0.5 * self.f1()
    }

    fn f4(&self) -> f64 {
        self.f3() - 0.5 * self.f2()
    }

    fn f5(&self) -> f64 {
        self.f4() - 0.5 * self.f3()
    }

    fn f6(&self) -> f64 {
        self.f5() - 0.5 * self.f4()
    }

    fn f7(&self) -> f64 {
        self.f6() - 0.5 * self.f5()
    }

    fn f8(&self) -> f64 {
        self.f7() - 0.5 * self.f6()
    }

    fn f9(&self) -> f64 {
        self.f8() - 0.5 * self.f7()
    }

    fn f10(&self) -> f64 {
        self.f9() - 0.5 * self.f8()
    }

    fn f11(&self) -> f64 {
        self.f10() - 0.5 * self.f9()
    }

    fn f12(&self) -> f64 {
        self.f11() - 0.5 * self.f10()
    }

    fn f13(&self) -> f64 {
        self.f12() - 0.5 * self.f11()
    }

    fn f14(&self) -> f64 {
        self.f13() - 0.5 * self.f12()
    }

    fn f15(&self) -> f64 {
        self.f14() - 0.5 * self.f13()
    }

    fn f16(&self) -> f64 {
        self.f15() - 0.5 * self.f14()
    }

    fn f17(&self) -> f64 {
        self.f16() - 0.5 * self.f15()
    }

    fn f18(&self) -> f64 {
        self.f17() - 0.5 * self.f16()
    }

    fn f19(&self) -> f64 {
        self.f18() - 0.5 * self.f17()
    }
}

#[test]
fn a_ladder_of_methods() {
    let ladder = Ladder { by: 0.7 };
    assert_close("value", &[top::value(&ladder)], &[ladder.top()], 1e-14);
    // E is a quadratic form: the difference across a unit is its slope.
    let slope = Ladder { by: 1.2 }.top() - Ladder { by: 0.2 }.top();
    assert_close("slope", &[top::gradient(&ladder).by], &[slope], 1e-13);
}
