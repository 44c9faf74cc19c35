//! Functions whose derivatives are given by hand.

use hesse::{derivatives, derive_hessian, differentiable};
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
