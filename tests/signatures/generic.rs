//! Generic sizes.

use hesse::{ErrorFunction, SparseErrorFunction, derive_hessian};
use hesse_testkit::close::assert_close;
use hesse_testkit::oracle::{DualNum, HyperDual64 as Dual, hyper_dual};
use nalgebra::{SMatrix, SVector};

/// Rows of any length.
#[derive_hessian]
fn logistic<const N: usize>(w: &[f64; N], x: &[[f64; N]], t: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (x, t) in x.iter().zip(t) {
        let mut a = 0.0;
        for j in 0..N {
            a += w[j] * x[j];
        }
        loss += a.exp().ln_1p() - t * a;
    }
    loss + 1e-3 / N as f64 * w.iter().map(|w| w * w).sum::<f64>()
}

fn logistic_everywhere<const N: usize>() {
    let x: Vec<[f64; N]> =
        (0..20).map(|i| std::array::from_fn(|j| 0.1 * f64::from(i) - 0.4 * j as f64)).collect();
    let t: Vec<f64> = (0..20).map(|i| f64::from(i % 2)).collect();
    let w: [f64; N] = std::array::from_fn(|j| 0.3 * j as f64 - 0.5);
    let truth = |w: &[Dual]| {
        let mut loss = Dual::from(0.0);
        for (x, &t) in x.iter().zip(&t) {
            let a = x.iter().zip(w).fold(Dual::from(0.0), |a, (&x, &w)| a + w * x);
            loss += a.exp().ln_1p() - a * t;
        }
        w.iter().fold(loss, |loss, &w| loss + w * w * (1e-3 / N as f64))
    };
    let (value, gradient, hessian) = hyper_dual(truth, &w);
    let (v, g, h): (f64, [f64; N], [[f64; N]; N]) = logistic::value_gradient_hessian(&w, &x, &t);
    assert_close("value", &[v, logistic(&w, &x, &t)], &[value; 2], 1e-13);
    assert_close("gradient", &g, &gradient, 1e-13);
    let packed: Vec<f64> = (0..N).flat_map(|i| h[i][..=i].to_vec()).collect();
    assert_close("Hessian", &packed, &hessian, 1e-13);
    assert!((0..N).all(|i| (0..N).all(|j| h[i][j] == h[j][i])));
    assert_close("gradient alone", &logistic::gradient(&w, &x, &t), &gradient, 1e-13);
    let product: [f64; N] = logistic::hessian_vector(&w, &x, &t, &w);
    let expected: Vec<f64> = h.iter().map(|h| h.iter().zip(&w).map(|(h, w)| h * w).sum()).collect();
    assert_close("product", &product, &expected, 1e-12);
    let surface = logistic::error_function(&x, &t);
    assert_eq!(surface.dimension(), N);
    assert_close("bound", &[surface.value(&w)], &[value], 1e-13);
}

#[test]
fn one_function_for_all_sizes() {
    logistic_everywhere::<1>();
    logistic_everywhere::<3>();
    logistic_everywhere::<10>();
}

/// Generic vectors, and a matrix with a size of its own.
#[derive_hessian(wrt(w))]
fn quadratic<const N: usize, const M: usize>(
    w: SVector<f64, N>,
    a: &SMatrix<f64, M, N>,
    b: &[f64; M],
) -> f64 {
    let mut total = 0.0;
    for i in 0..M {
        let mut r = -b[i];
        for j in 0..N {
            r += a[(i, j)] * w[j];
        }
        total += (r * r).sqrt().ln_1p() + r * r;
    }
    total
}

#[test]
fn generic_vectors_of_nalgebra() {
    let a = SMatrix::<f64, 4, 3>::from_fn(|i, j| 1.0 + 0.5 * i as f64 - 0.7 * j as f64);
    let (b, w) = ([0.3, -0.2, 0.9, 1.4], SVector::from([0.1, 0.7, -0.4]));
    let truth = |w: &[Dual]| {
        (0..4).fold(Dual::from(0.0), |total, i| {
            let r = w[0] * a[(i, 0)] + w[1] * a[(i, 1)] + w[2] * a[(i, 2)] - b[i];
            total + (r * r).sqrt().ln_1p() + r * r
        })
    };
    let (value, gradient, hessian) = hyper_dual(truth, w.as_slice());
    let (v, g, h): (f64, SVector<f64, 3>, SMatrix<f64, 3, 3>) = quadratic::value_gradient_hessian(w, &a, &b);
    assert_close("value", &[v, quadratic(w, &a, &b)], &[value; 2], 1e-13);
    assert_close("gradient", g.as_slice(), &gradient, 1e-13);
    assert_close("Hessian", &[h.m11, h.m21, h.m22, h.m31, h.m32, h.m33], &hessian, 1e-13);
    let surface = quadratic::error_function(&a, &b);
    assert_close("bound", &[surface.value(w.as_slice())], &[value], 1e-13);
}

/// Several parameters: what has no type on stable Rust is left out, what writes to buffers is there.
#[derive_hessian]
fn several<const N: usize>(w: &[f64; N], b: f64, x: &[[f64; N]]) -> f64 {
    let mut total = 0.0;
    for x in x {
        total += (b + w.iter().zip(x).map(|(w, x)| w * x).sum::<f64>()).cosh();
    }
    total
}

#[test]
fn several_parameters_of_generic_size() {
    let x = [[0.3, -0.2], [0.9, 0.4], [-0.5, 0.1]];
    let truth = |w: &[Dual]| {
        x.iter().fold(Dual::from(0.0), |total, x| total + (w[2] + w[0] * x[0] + w[1] * x[1]).cosh())
    };
    let w = [0.3, -0.8];
    let (value, gradient, hessian) = hyper_dual(truth, &[0.3, -0.8, 0.5]);
    let (mut g, mut h) = ([0.0; 3], [0.0; 6]);
    let v = several::value_gradient_hessian_into(&w, 0.5, &x, &mut g, &mut h);
    assert_close("value", &[v], &[value], 1e-14);
    assert_close("gradient", &g, &gradient, 1e-14);
    assert_close("Hessian", &h, &hessian, 1e-14);
}

/// A chain of generic length, sparse.
#[derive_hessian(sparse)]
fn chain<const N: usize>(w: &[f64; N]) -> f64 {
    let mut total = 0.0;
    for i in 0..N - 1 {
        total += 100.0 * (w[i + 1] - w[i] * w[i]).powi(2) + (1.0 - w[i]).powi(2);
    }
    total
}

#[test]
fn sparse_hessians_of_generic_size() {
    let surface = chain::error_function::<50>();
    assert_eq!((surface.dimension(), surface.entries()), (50, 99));
    assert_eq!(chain::hessian_entries::<50>(), 99);
    assert_eq!(chain::gradient(&[1.0; 7]), [0.0; 7]);
}
