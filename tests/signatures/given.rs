//! Functions whose derivatives are given by hand.

use hesse::{derivatives, derive_hessian, differentiable};
use hesse_testkit::close::assert_close;
use hesse_testkit::oracle::{DualNum, HyperDual64, hyper_dual};
use nalgebra::Vector2;

mod library {
    use hesse::derivatives;

    /// Values that no front end could look into: a cubic spline through points, say.
    #[derivatives(table::slope, self::table_curvature)]
    pub(super) fn smooth(x: f64) -> f64 {
        std::iter::repeat_n(x, 3).product::<f64>() / 6.0
    }

    mod table {
        pub(super) fn slope(x: f64) -> f64 {
            0.5 * x * x
        }
    }

    fn table_curvature(x: f64) -> f64 {
        x
    }

    pub(super) mod inner {
        use hesse::differentiable;

        #[differentiable(uses(super::smooth))]
        pub(in super::super) fn scaled(a: f64, x: f64) -> f64 {
            a * super::smooth(a * x)
        }
    }
}

/// What is imported, and exported once more, calls what it called where it stands.
mod elsewhere {
    pub(super) use super::library::inner::scaled;

    pub(super) mod deeper {
        use crate::given::library::inner::scaled as own;
        use hesse::differentiable;

        #[differentiable(uses(own))]
        pub(in super::super) fn doubled(x: f64) -> f64 {
            2.0 * own(1.0, x)
        }
    }
}

mod importing {
    use super::elsewhere::{deeper::doubled, scaled};
    use hesse::derive_hessian;

    #[derive_hessian(uses(scaled, doubled))]
    pub(super) fn imported(a: f64, x: f64) -> f64 {
        scaled(a, x) + doubled(a)
    }
}

#[derivatives(f64::cos, minus_sine)]
fn sine(x: f64) -> f64 {
    x.sin()
}

fn minus_sine(x: f64) -> f64 {
    -x.sin()
}

#[derive_hessian(uses(sine, library::smooth, library::inner::scaled))]
fn given(w: &[f64; 2], x: &[f64]) -> f64 {
    let mut total = sine(w[0] * w[1]);
    for x in x {
        total += library::smooth(w[0] * x + sine(w[1])) * library::inner::scaled(w[1], *x);
    }
    total
}

#[derive_hessian]
fn written(w: &[f64; 2], x: &[f64]) -> f64 {
    let mut total = (w[0] * w[1]).sin();
    for x in x {
        total += (w[0] * x + w[1].sin()).powi(3) / 6.0 * w[1] * (w[1] * x).powi(3) / 6.0;
    }
    total
}

/// Behind types of nalgebra, where functions of plain arrays stand a module deeper.
#[derive_hessian(uses(sine, library::smooth))]
fn bordered(w: &Vector2<f64>, scale: f32) -> f64 {
    sine(w.x) * library::smooth(w.y) * f64::from(scale)
}

#[differentiable(uses(sine))]
fn wave(x: f64) -> f64 {
    sine(2.0 * x)
}

#[derive_hessian(uses(wave))]
fn nested(a: f64) -> f64 {
    wave(a) * a
}

#[test]
fn they_are_what_they_would_be_written_out() {
    let x: Vec<f64> = (0..37).map(|i| 0.1 * f64::from(i) - 1.5).collect();
    for w in [[0.3, -0.7], [1.2, 0.4], [-0.8, 2.0]] {
        let (a, b) = (given::value_gradient_hessian(&w, &x), written::value_gradient_hessian(&w, &x));
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12 * (1.0 + b.abs()), "{a} is not {b}");
        close(given(&w, &x), a.0);
        close(a.0, b.0);
        for i in 0..2 {
            close(a.1[i], b.1[i]);
            for j in 0..2 {
                close(a.2[i][j], b.2[i][j]);
            }
        }
    }
}

#[test]
fn they_stand_at_any_depth() {
    let w = Vector2::new(0.3, 0.9);
    let (value, gradient, hessian) = bordered::value_gradient_hessian(&w, 2.0);
    assert!((value - bordered(&w, 2.0)).abs() < 1e-15);
    assert!((gradient.x - 2.0 * 0.3f64.cos() * 0.9f64.powi(3) / 6.0).abs() < 1e-15);
    assert!((hessian[(1, 1)] - 2.0 * 0.3f64.sin() * 0.9).abs() < 1e-15);
    let (a, twice) = (0.4f64, 0.8f64);
    let [slope] = nested::gradient(a);
    assert!((slope - (twice.sin() + 2.0 * a * twice.cos())).abs() < 1e-15);
    assert_eq!((sine::value(0.0), sine::slope(0.0), sine::curvature(0.0)), (0.0, 1.0, 0.0));
}

#[derive(hesse::Parameters)]
struct Pair {
    a: f64,
    b: f64,
}

#[derive_hessian(uses(sine))]
impl Pair {
    fn error(&self) -> f64 {
        self.half() * Self::other(self.b)
    }

    fn half(&self) -> f64 {
        0.5 * sine(self.a)
    }

    fn other(b: f64) -> f64 {
        sine(b)
    }
}

#[test]
fn they_are_found_from_wherever_their_users_are_used() {
    let (a, x) = (0.7f64, 1.3f64);
    let [by_a, by_x] = importing::imported::gradient(a, x);
    // a·(ax)³/6 + 2·a³/6
    assert!((by_a - (4.0 * (a * x).powi(3) / 6.0 + a * a)).abs() < 1e-14);
    assert!((by_x - a.powi(4) * x * x / 2.0).abs() < 1e-14);
    assert!((importing::imported(a, x) - importing::imported::value(a, x)).abs() < 1e-14);
    let pair = Pair { a: 0.3, b: 0.9 };
    let gradient = error::gradient(&pair);
    assert!((gradient.a - 0.5 * 0.3f64.cos() * 0.9f64.sin()).abs() < 1e-15);
    assert!((gradient.b - 0.5 * 0.3f64.sin() * 0.9f64.cos()).abs() < 1e-15);
    assert!((pair.error() - error::value(&pair)).abs() < 1e-15);
}

/// Both an error function and a function for others, by either order of the attributes.
mod both {
    use hesse::{derivatives, derive_hessian, differentiable};

    #[derivatives(sinh, f64::cosh)]
    pub(super) fn cosh(x: f64) -> f64 {
        x.cosh()
    }

    fn sinh(x: f64) -> f64 {
        x.sinh()
    }

    #[differentiable(uses(cosh))]
    #[derive_hessian(uses(cosh))]
    pub(super) fn first(a: f64, b: f64) -> f64 {
        a * cosh(a * b)
    }

    #[derive_hessian(uses(cosh), only(gradient))]
    #[differentiable(uses(cosh))]
    pub(super) fn second(a: f64, b: f64) -> f64 {
        b * cosh(a + b)
    }

    #[differentiable]
    #[derive_hessian]
    pub(super) fn third(a: f64) -> f64 {
        a * a * a
    }
}

use both::{first, second};

#[derive_hessian(uses(first, second, both::third))]
fn of_both(a: f64, b: f64) -> f64 {
    first(a, b) + second(b, a) * both::third(a)
}

#[test]
fn one_function_may_be_both() {
    let (a, b) = (0.7, 0.4);
    assert_close("first", &first::gradient(a, b)[1..], &[a * a * (a * b).sinh()], 1e-15);
    assert_close("second", &second::gradient(a, b)[..1], &[b * (a + b).sinh()], 1e-15);
    assert_close("third", &both::third::hessian(a)[0], &[6.0 * a], 1e-15);
    let exact = |w: &[HyperDual64]| {
        let (a, b) = (w[0], w[1]);
        a * (a * b).cosh() + a * (a + b).cosh() * a * a * a
    };
    let (value, gradient, hessian) = hyper_dual(exact, &[a, b]);
    let found = of_both::value_gradient_hessian(a, b);
    assert_close("value", &[found.0], &[value], 1e-14);
    assert_close("gradient", &found.1, &gradient, 1e-14);
    let [[aa, _], [ab, bb]] = found.2;
    assert_close("hessian", &[aa, ab, bb], &hessian, 1e-13);
}
