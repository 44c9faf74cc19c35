//! Numbers of other types, arrays and slices.

use hesse::{ErrorFunction, derive_hessian};
use hesse_testkit::close::assert_close;
use hesse_testkit::oracle::{DualNum, HyperDual64 as Dual, hyper_dual};

/// Arrays of arrays, by value and by reference, and rows that are arrays.
#[derive_hessian]
fn mixture(a: [[f64; 2]; 2], b: &[f64; 2], c: &f64, x: &[[f64; 2]], y: &Vec<f64>) -> f64 {
    let mut total = 0.0;
    for i in 0..y.len() {
        let u = a[0][0] * x[i][0] + a[0][1] * x[i][1] + b[0];
        let v = a[1][0] * x[i][0] + a[1][1] * x[i][1] + b[1];
        total += (y[i] - c * u.tanh() * v).powi(2);
    }
    total
}

#[test]
fn arrays_of_arrays() {
    let x: Vec<[f64; 2]> = (0..20).map(|i| [0.1 * f64::from(i), 1.0 - 0.2 * f64::from(i)]).collect();
    let y: Vec<f64> = (0..20).map(|i| (0.3 * f64::from(i)).sin()).collect();
    let (a, b, c) = ([[0.1, -0.2], [0.3, 0.4]], [0.5, -0.6], 0.7);
    let truth = |w: &[Dual]| {
        x.iter().zip(&y).fold(Dual::from(0.0), |total, (x, &y)| {
            let u = w[0] * x[0] + w[1] * x[1] + w[4];
            let v = w[2] * x[0] + w[3] * x[1] + w[5];
            total + (-w[6] * u.tanh() * v + y).powi(2)
        })
    };
    let all = [0.1, -0.2, 0.3, 0.4, 0.5, -0.6, 0.7];
    let (value, gradient, hessian) = hyper_dual(truth, &all);
    let (v, g, h): (f64, [f64; 7], [[f64; 7]; 7]) = mixture::value_gradient_hessian(a, &b, &c, &x, &y);
    assert_close("value", &[v, mixture(a, &b, &c, &x, &y)], &[value; 2], 1e-13);
    assert_close("gradient", &g, &gradient, 1e-13);
    let packed: Vec<f64> = (0..7).flat_map(|i| h[i][..=i].to_vec()).collect();
    assert_close("Hessian", &packed, &hessian, 1e-13);
    let surface = mixture::error_function(&x, &y);
    assert_close("bound", &[surface.value(&all)], &[value], 1e-13);
}

/// Everything in single precision at the border.
#[derive_hessian]
fn decay(w: &[f32; 2], offset: f32, x: &[f32], y: &[f32]) -> f32 {
    let mut total = 0.0;
    for (x, y) in x.iter().zip(y) {
        total += (y - offset - w[0] * (-w[1] * x).exp()).powi(2);
    }
    total
}

#[test]
fn single_precision_at_the_border_alone() {
    let x: Vec<f32> = (0..100).map(|i| 0.05 * i as f32).collect();
    let y: Vec<f32> = x.iter().map(|x| 2.0 * (-0.7 * x).exp() + 0.1).collect();
    let (w, offset) = ([1.5_f32, 0.5], 0.2_f32);
    let truth = |w: &[Dual]| {
        x.iter().zip(&y).fold(Dual::from(0.0), |total, (&x, &y)| {
            total + (-w[2] - w[0] * (-w[1] * f64::from(x)).exp() + f64::from(y)).powi(2)
        })
    };
    let all = [1.5, 0.5, f64::from(offset)];
    let (value, gradient, hessian) = hyper_dual(truth, &all);
    let (v, g, h): (f32, [f32; 3], [[f32; 3]; 3]) = decay::value_gradient_hessian(&w, offset, &x, &y);
    assert_eq!(v, value as f32);
    assert_eq!(decay::value(&w, offset, &x, &y), value as f32);
    // Twice the spacing of `f32`: sums are rounded to it once, in `f64` they differ in their last bits.
    assert_close("gradient", &g.map(f64::from), &gradient, 2.4e-7);
    let packed: Vec<f64> =
        (0..3).flat_map(|i| h[i][..=i].iter().map(|&x| f64::from(x)).collect::<Vec<_>>()).collect();
    assert_close("Hessian", &packed, &hessian, 2.4e-7);
    let product: [f32; 3] = decay::hessian_vector(&w, offset, &x, &y, &[1.0, 0.0, 0.0]);
    assert_close("product", &product.map(f64::from), &[hessian[0], hessian[1], hessian[3]], 2.4e-7);
    // The bound error function takes parameters in full precision.
    let surface = decay::error_function(&x, &y);
    let (mut g, mut h) = ([0.0; 3], [0.0; 6]);
    surface.value_gradient_hessian(&all, &mut g, &mut h);
    assert_close("bound gradient", &g, &gradient, 1e-13);
    assert_close("bound Hessian", &h, &hessian, 1e-13);
}

/// Counts as numbers, classes as positions, and a mask as a condition.
#[derive_hessian]
fn counts(w: &[f64; 3], x: &[f64], count: &[i32], class: &[u8], used: &[bool], total: u64) -> f64 {
    let mut error = 0.0;
    for i in 0..x.len() {
        if used[i] {
            let rate = w[class[i] as usize] * x[i];
            error += rate.exp() - f64::from(count[i] + 1) * rate;
        }
    }
    error / total as f64
}

#[test]
fn integers_and_conditions() {
    let x: Vec<f64> = (0..30).map(|i| 0.05 * f64::from(i) - 0.4).collect();
    let count: Vec<i32> = (0..30).map(|i| i % 7 - 2).collect();
    let class: Vec<u8> = (0..30).map(|i| i % 3).collect();
    let used: Vec<bool> = (0..30).map(|i| i % 4 != 1).collect();
    let w = [0.3, -0.6, 0.9];
    let truth = |w: &[Dual]| {
        let mut error = Dual::from(0.0);
        for i in (0..30).filter(|&i| used[i]) {
            let rate = w[usize::from(class[i])] * x[i];
            error += rate.exp() - rate * f64::from(count[i] + 1);
        }
        error / 30.0
    };
    let (value, gradient, hessian) = hyper_dual(truth, &w);
    let (v, g, h) = counts::value_gradient_hessian(&w, &x, &count, &class, &used, 30);
    assert_close("value", &[v, counts(&w, &x, &count, &class, &used, 30)], &[value; 2], 1e-14);
    assert_close("gradient", &g, &gradient, 1e-14);
    assert_close("Hessian", &[h[0][0], h[1][0], h[1][1], h[2][0], h[2][1], h[2][2]], &hessian, 1e-14);
    let surface = counts::error_function(&x, &count, &class, &used, 30);
    assert_close("bound", &[surface.value(&w)], &[value], 1e-14);
}
