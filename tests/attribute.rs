//! The attribute on functions as people write them, against hyper-dual numbers.

use hesse::{Analyze, ErrorFunction, derive_hessian};
use hesse_testkit::close::assert_close;
use hesse_testkit::oracle::{DualNum, HyperDual64 as Dual, hyper_dual};

#[derive_hessian]
fn rosenbrock(w: &[f64; 2]) -> f64 {
    let [x, y] = *w;
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

#[test]
fn rosenbrock_everywhere() {
    for w in [[-1.2, 1.0], [0.3, -0.2], [1.0, 1.0]] {
        let (value, gradient, hessian) =
            hyper_dual(|w| (-w[0] + 1.0).powi(2) + (w[1] - w[0] * w[0]).powi(2) * 100.0, &w);
        assert_eq!(rosenbrock::value(&w), rosenbrock(&w));
        let (v, g, h) = rosenbrock::value_gradient_hessian(&w);
        assert_close("value", &[v], &[value], 1e-14);
        assert_close("gradient", &g, &gradient, 1e-14);
        assert_close("Hessian", &[h[0][0], h[1][0], h[1][1]], &hessian, 1e-14);
        assert_eq!(h[0][1], h[1][0]);
        let product = rosenbrock::hessian_vector(&w, &[0.5, -2.0]);
        let expected = [0.5 * h[0][0] - 2.0 * h[0][1], 0.5 * h[1][0] - 2.0 * h[1][1]];
        assert_close("product", &product, &expected, 1e-13);
    }
    let surface = rosenbrock::error_function();
    assert_eq!(surface.dimension(), 2);
    assert_eq!(surface.analyze(&[1.0, 1.0]).unwrap().kind().as_str(), "minimum");
}

#[derive_hessian]
fn logistic(w: &[f64; 3], b: f64, x: &[[f64; 3]], t: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (x, t) in x.iter().zip(t) {
        let a = b + w.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
        loss += (1.0 + a.exp()).ln() - t * a;
    }
    loss + 0.5e-3 * w.iter().map(|w| w * w).sum::<f64>()
}

#[test]
fn logistic_regression() {
    let x = [[0.3, -1.2, 0.8], [1.5, 0.1, -0.4], [-0.7, 0.9, 0.2], [0.05, -0.6, 1.1]];
    let t = [1.0, 0.0, 0.0, 1.0];
    let w = [0.4, -0.3, 0.9, 0.1];
    let truth = |w: &[Dual]| {
        let mut loss = Dual::from(0.0);
        for (x, t) in x.iter().zip(t) {
            let a = w[3] + w[0] * x[0] + w[1] * x[1] + w[2] * x[2];
            loss += (a.exp() + 1.0).ln() - a * t;
        }
        loss + (w[0] * w[0] + w[1] * w[1] + w[2] * w[2]) * 0.5e-3
    };
    let (value, gradient, hessian) = hyper_dual(truth, &w);
    let surface = logistic::error_function(&x, &t);
    let (mut g, mut h) = ([0.0; 4], [0.0; 10]);
    assert_close("value", &[surface.value_gradient_hessian(&w, &mut g, &mut h)], &[value], 1e-13);
    assert_close("gradient", &g, &gradient, 1e-13);
    assert_close("Hessian", &h, &hessian, 1e-13);
    let mut name = String::new();
    surface.parameter_name(3, &mut name).unwrap();
    assert_eq!(name, "b");
    let mut product = [0.0; 4];
    surface.hessian_vector(&w, &[0.0, 0.0, 0.0, 1.0], &mut product);
    assert_close("last column", &product, &[h[6], h[7], h[8], h[9]], 1e-13);
}

mod vectors {
    use hesse::derive_hessian;
    use nalgebra::SVector;

    #[derive_hessian]
    pub(super) fn quartic(w: &SVector<f64, 3>, scale: f64) -> f64 {
        let square = w[0] * w[0] + w[1] * w[1] + w[2] * w[2];
        scale * square * square
    }
}

#[test]
fn vectors_of_nalgebra() {
    let w = nalgebra::SVector::from([0.5, -1.0, 0.25]);
    let truth = |w: &[Dual]| (w[0] * w[0] + w[1] * w[1] + w[2] * w[2]).powi(2) * w[3];
    let (_, gradient, _) = hyper_dual(truth, &[0.5, -1.0, 0.25, 3.0]);
    assert_close("gradient", vectors::quartic::gradient(&w, 3.0).as_slice(), &gradient, 1e-14);
    assert_eq!(vectors::quartic(&w, 3.0), vectors::quartic::value(&w, 3.0));
}

/// The number of parameters is known at run time only.
#[derive_hessian(wrt(w))]
fn chain(w: &[f64], scale: f64) -> f64 {
    let mut total = 0.0;
    for i in 0..w.len() - 1 {
        total += scale * (w[i + 1] - w[i] * w[i]).powi(2) + (1.0 - w[i]).powi(2);
    }
    total
}

#[test]
fn parameters_of_run_time_length() {
    for n in [2, 5] {
        let w: Vec<f64> = (0..n).map(|i| 0.3 * f64::from(i) - 0.5).collect();
        let truth = |w: &[Dual]| {
            (0..w.len() - 1).fold(Dual::from(0.0), |total, i| {
                total + (w[i + 1] - w[i] * w[i]).powi(2) * 7.0 + (-w[i] + 1.0).powi(2)
            })
        };
        let (value, gradient, hessian) = hyper_dual(truth, &w);
        let (mut g, mut h) = (vec![0.0; w.len()], vec![0.0; hessian.len()]);
        let surface = chain::error_function(7.0, w.len());
        assert_eq!(surface.dimension(), w.len());
        assert_close("value", &[surface.value_gradient_hessian(&w, &mut g, &mut h)], &[value], 1e-13);
        assert_close("gradient", &g, &gradient, 1e-13);
        assert_close("Hessian", &h, &hessian, 1e-13);
    }
}

#[derive_hessian]
fn softmax(v: &[[f64; 2]; 3], c: &[f64; 3], x: &[[f64; 2]], class: &[usize]) -> f64 {
    let mut total = 0.0;
    for (x, &class) in x.iter().zip(class) {
        let mut weight = 0.0;
        for k in 0..3 {
            weight += (c[k] + v[k][0] * x[0] + v[k][1] * x[1]).exp();
        }
        total += weight.ln() - (c[class] + v[class][0] * x[0] + v[class][1] * x[1]);
    }
    total
}

#[test]
fn lookups_and_matrices() {
    let x = [[0.2, -0.4], [1.3, 0.7], [-0.9, 0.5], [0.1, 1.9]];
    let class = [0, 2, 1, 2];
    let w = [0.1, -0.2, 0.3, 0.4, -0.5, 0.6, 0.7, -0.8, 0.9];
    let truth = |w: &[Dual]| {
        let mut total = Dual::from(0.0);
        for (x, &class) in x.iter().zip(&class) {
            let a = |k: usize| w[6 + k] + w[2 * k] * x[0] + w[2 * k + 1] * x[1];
            total += (a(0).exp() + a(1).exp() + a(2).exp()).ln() - a(class);
        }
        total
    };
    let (value, gradient, hessian) = hyper_dual(truth, &w);
    let (mut g, mut h) = ([0.0; 9], [0.0; 45]);
    let surface = softmax::error_function(&x, &class);
    assert_close("value", &[surface.value_gradient_hessian(&w, &mut g, &mut h)], &[value], 1e-13);
    assert_close("gradient", &g, &gradient, 1e-13);
    assert_close("Hessian", &h, &hessian, 1e-13);
}

/// Within a row, neighbors w[j] and w[j+1] both receive from every j.
#[derive_hessian]
fn neighbors(w: &[f64; 9], x: &[[f64; 8]], t: &[f64], u: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        let mut a = 0.0;
        for j in 0..8 {
            a += x[i][j] * (t[i] * w[j] + u[i] * w[j + 1]);
        }
        total += a.exp();
    }
    total
}

#[test]
fn neighbors_that_share_a_pass_over_the_rows() {
    let x: Vec<[f64; 8]> =
        (0..70).map(|i| std::array::from_fn(|j| 0.01 * f64::from(i) - 0.1 * j as f64 + 0.3)).collect();
    let (t, u): (Vec<f64>, Vec<f64>) =
        (0..70).map(|i| (0.1 * f64::from(i % 7), 0.1 * f64::from(i % 5))).unzip();
    let w: [f64; 9] = std::array::from_fn(|j| 0.2 * j as f64 - 0.7);
    let truth = |w: &[Dual]| {
        let mut total = Dual::from(0.0);
        for (i, x) in x.iter().enumerate() {
            let mut a = Dual::from(0.0);
            for (j, &x) in x.iter().enumerate() {
                a += (w[j] * t[i] + w[j + 1] * u[i]) * x;
            }
            total += a.exp();
        }
        total
    };
    let (value, gradient, hessian) = hyper_dual(truth, &w);
    let (mut g, mut h) = ([0.0; 9], [0.0; 45]);
    let surface = neighbors::error_function(&x, &t, &u);
    assert_close("value", &[surface.value_gradient_hessian(&w, &mut g, &mut h)], &[value], 1e-13);
    assert_close("gradient", &g, &gradient, 1e-12);
    assert_close("Hessian", &h, &hessian, 1e-12);
    assert_close("value", &[surface.value_gradient(&w, &mut g)], &[value], 1e-13);
    assert_close("gradient", &g, &gradient, 1e-12);
}
