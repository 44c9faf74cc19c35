//! Error functions that call other error functions.

use hesse::derive_hessian;
use hesse_testkit::close::assert_close;

mod penalties {
    use hesse::{derivatives, derive_hessian};

    #[derive_hessian]
    pub(super) fn ridge<const N: usize>(w: &[f64; N], #[data] strength: f64) -> f64 {
        strength * w.iter().map(|w| w * w).sum::<f64>()
    }

    #[derivatives(f64::tanh, bend)]
    fn soft(x: f64) -> f64 {
        x.cosh().ln()
    }

    fn bend(x: f64) -> f64 {
        x.cosh().powi(-2)
    }

    pub(super) mod robust {
        #[hesse::derive_hessian(uses(super::soft))]
        pub(in super::super) fn misfit(m: f64, x: &[f64]) -> f64 {
            x.iter().map(|x| super::soft(x - m)).sum()
        }
    }
}

mod imported {
    pub(super) use super::penalties::robust::misfit;
}

use imported::misfit;

#[derive_hessian(uses(penalties::ridge, misfit))]
fn total(w: &[f64; 2], x: &[f64]) -> f64 {
    misfit(w[0], x) + 2.0 * misfit(w[1], x) + penalties::ridge(w, 0.1)
}

#[derive_hessian]
fn written(w: &[f64; 2], x: &[f64]) -> f64 {
    let misfit = |m: f64| x.iter().map(|x| (x - m).cosh().ln()).sum::<f64>();
    misfit(w[0]) + 2.0 * misfit(w[1]) + 0.1 * (w[0] * w[0] + w[1] * w[1])
}

#[test]
fn error_functions_call_error_functions() {
    let (w, x) = ([0.3, -0.7], [0.1, 1.5, -2.0, 0.4]);
    let (a, b) = (total::value_gradient_hessian(&w, &x), written::value_gradient_hessian(&w, &x));
    assert_eq!(total(&w, &x), a.0);
    // A few sums of terms of size 1.
    assert_close("value", &[a.0], &[b.0], 1e-14);
    assert_close("gradient", &a.1, &b.1, 1e-14);
    assert_close("Hessian", a.2.as_flattened(), b.2.as_flattened(), 1e-14);
    assert_eq!(penalties::ridge::gradient(&[1.0, 2.0, 3.0], 0.5), [1.0, 2.0, 3.0]);
    assert_eq!(penalties::robust::misfit::gradient(1.0, &[1.0]), [0.0]);
}

#[test]
fn functions_inside_of_functions_call_each_other() {
    #[derive_hessian]
    fn inner(x: f64) -> f64 {
        x * x
    }
    #[derive_hessian(uses(inner))]
    fn outer(x: f64) -> f64 {
        inner(x) * x
    }
    assert_eq!(outer::hessian(2.0), [[12.0]]);
    assert_eq!(inner::gradient(2.0), [4.0]);
}
