//! Sums over rows by blocks: the same bits on any number of threads, the plain functions but for rounding, and
//! hyper-dual numbers.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use hesse::blocks::{Blocks, Partial, Serial};
use hesse::{ErrorFunction, Parallel, RowErrorFunction, derive_hessian};
use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_testkit::close::assert_close;
use hesse_testkit::oracle::{DualNum, HyperDual64 as Dual, hyper_dual};

/// All that an error function says at one point, one after the other: E, ∇E, H, Hv, E beside ∇E, E alone.
fn everything(error: &(impl ErrorFunction + ?Sized), w: &[f64]) -> Vec<f64> {
    let n = w.len();
    let (mut gradient, mut hessian) = (vec![f64::NAN; n], vec![f64::NAN; n * (n + 1) / 2]);
    let mut found = vec![error.value_gradient_hessian(w, &mut gradient, &mut hessian)];
    found.extend(gradient.iter().chain(&hessian));
    error.hessian_vector(w, &direction(n), &mut gradient);
    found.extend(&gradient);
    found.push(error.value_gradient(w, &mut gradient));
    found.extend(&gradient);
    found.push(error.value(w));
    found
}

fn direction(n: usize) -> Vec<f64> {
    (0..n).map(|i| 0.7 - 0.3 * i as f64).collect()
}

/// The same from dual numbers.
fn truth(error: impl Fn(&[Dual]) -> Dual, w: &[f64]) -> Vec<f64> {
    let (value, gradient, hessian) = hyper_dual(error, w);
    let mut product = vec![0.0; w.len()];
    hesse::packed::multiply(&hessian, &direction(w.len()), &mut product);
    let all = [&[value], &gradient[..], &hessian, &product, &[value], &gradient, &[value]];
    all.concat()
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|number| number.to_bits()).collect()
}

/// Holds the blocks to the plain functions and to the truth, and all numbers of threads to each other.
#[track_caller]
fn hold(error: &(impl RowErrorFunction + Sync), w: &[f64], truth: &[f64]) {
    let blocks = Blocks::new(error.rows(), w.len());
    assert!(blocks.count() > 2, "{} blocks", blocks.count());
    let plain = everything(error, w);
    let serial = everything(&Serial::new(error), w);
    // Thousands of rows are added up in another order.
    assert_close("blocks", &serial, &plain, 1e-12);
    assert_close("plain", &plain, truth, 1e-11);
    assert_close("blocks", &serial, truth, 1e-11);
    for threads in [1, 2, 3, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for _ in 0..3 {
            let found = pool.install(|| everything(&Parallel::new(error), w));
            assert_eq!(bits(&found), bits(&serial), "{threads} threads");
        }
    }
}

/// Uniform numbers in −1..1 from a fixed seed.
fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed | 1;
    let next = || {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    };
    std::iter::repeat_with(next).take(count).collect()
}

#[derive_hessian(parallel)]
fn logistic(w: &[f64; 3], b: f64, x: &[[f64; 3]], t: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (x, t) in x.iter().zip(t) {
        let a = b + w.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
        loss += a.exp().ln_1p() - t * a;
    }
    loss + 0.5e-1 * w.iter().map(|w| w * w).sum::<f64>()
}

fn logistic_data(rows: usize) -> (Vec<[f64; 3]>, Vec<f64>) {
    let x = numbers(3 * rows, 1).as_chunks::<3>().0.to_vec();
    (x, numbers(rows, 2).iter().map(|t| f64::from(*t > 0.0)).collect())
}

fn logistic_truth(w: &[Dual], x: &[[f64; 3]], t: &[f64]) -> Dual {
    let mut loss = (w[0] * w[0] + w[1] * w[1] + w[2] * w[2]) * 0.5e-1;
    for (x, t) in x.iter().zip(t) {
        let a = w[3] + w[0] * x[0] + w[1] * x[1] + w[2] * x[2];
        loss += (a.exp() + 1.0).ln() - a * *t;
    }
    loss
}

const LOGISTIC_AT: [f64; 4] = [0.4, -0.3, 0.9, 0.1];

#[test]
fn logistic_regression_with_a_penalty() {
    let (x, t) = logistic_data(20_001);
    let surface = logistic::error_function(&x, &t);
    assert_eq!(surface.rows(), 20_001);
    hold(&surface, &LOGISTIC_AT, &truth(|w| logistic_truth(w, &x, &t), &LOGISTIC_AT));
}

/// Any cut into neighbors gives the whole, and the penalty comes once.
#[test]
fn parts_of_any_size_merge_to_the_whole() {
    let (x, t) = logistic_data(150);
    let surface: &dyn RowErrorFunction = &logistic::error_function(&x, &t);
    let whole = everything(surface, &LOGISTIC_AT);
    for cuts in [&[0, 150][..], &[0, 1, 150], &[0, 64, 128, 150], &[0, 7, 70, 71, 149, 150]] {
        let (mut gradient, mut hessian) = (vec![0.0; 4], vec![0.0; 10]);
        let mut sum = Partial { rows: 0..0, value: 0.0, gradient: &mut gradient, hessian: &mut hessian };
        for pair in cuts.windows(2) {
            let (mut gradient, mut hessian) = ([f64::NAN; 4], [f64::NAN; 10]);
            let rows = pair[0]..pair[1];
            let value = surface.value_gradient_hessian_of_rows(
                &LOGISTIC_AT,
                rows.clone(),
                &mut gradient,
                &mut hessian,
            );
            assert_close("value", &[surface.value_of_rows(&LOGISTIC_AT, rows.clone())], &[value], 1e-14);
            sum.merge(&Partial { rows, value, gradient: &mut gradient, hessian: &mut hessian }).unwrap();
        }
        let found = [&[sum.value], &gradient[..], &hessian].concat();
        assert_close("sum of parts", &found, &whole[..15], 1e-13);
    }
    let (mut one, mut other) = ([0.0], [0.0, 0.0]);
    let mut first = Partial { rows: 0..64, value: 0.0, gradient: &mut one, hessian: &mut [] };
    let mut gap = Partial { rows: 128..150, value: 0.0, gradient: &mut other, hessian: &mut [] };
    assert_eq!(
        first.merge(&gap).unwrap_err().to_string(),
        "rows 0..64 and 128..150 do not follow each other: merge parts of neighboring rows, the lower rows first"
    );
    gap.rows = 64..150;
    assert_eq!(
        first.merge(&gap).unwrap_err().to_string(),
        "the parts differ in length: merge parts of one error function that have the same outputs"
    );
}

#[test]
fn no_rows_leave_the_penalty() {
    let surface = logistic::error_function(&[], &[]);
    let expected = everything(&surface, &LOGISTIC_AT);
    assert_eq!(everything(&Serial::new(surface), &LOGISTIC_AT), expected);
    assert_eq!(everything(&Parallel::new(surface), &LOGISTIC_AT), expected);
}

#[test]
#[should_panic(expected = "rows of the error function")]
fn rows_that_are_not_there_are_refused() {
    let (x, t) = logistic_data(10);
    logistic::value_of_rows(&[0.0; 3], 0.0, &x, &t, 5..11);
}

const HIDDEN: usize = 3;

#[derive_hessian(parallel)]
fn network(v: &[[f64; 2]; 3], c: &[f64; 3], u: &[f64; 3], d: f64, x: &[[f64; 2]], t: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        let mut y = d;
        for k in 0..3 {
            let mut a = c[k];
            for j in 0..2 {
                a += v[k][j] * x[i][j];
            }
            y += u[k] * a.tanh();
        }
        total += (y - t[i]).powi(2);
    }
    0.5 * total / x.len() as f64
}

#[test]
fn a_network_with_nested_sums() {
    const ROWS: usize = 11_000;
    let (x, t) = (numbers(2 * ROWS, 3).as_chunks::<2>().0.to_vec(), numbers(ROWS, 4));
    let w = numbers(HIDDEN * 4 + 1, 5);
    let exact = |w: &[Dual]| {
        let (v, rest) = w.split_at(2 * HIDDEN);
        let (c, rest) = rest.split_at(HIDDEN);
        let (u, d) = rest.split_at(HIDDEN);
        let mut total = Dual::from(0.0);
        for (x, t) in x.iter().zip(&t) {
            let mut y = d[0] - *t;
            for k in 0..HIDDEN {
                y += u[k] * (c[k] + v[2 * k] * x[0] + v[2 * k + 1] * x[1]).tanh();
            }
            total += y * y;
        }
        total * (0.5 / ROWS as f64)
    };
    hold(&network::error_function(&x, &t), &w, &truth(exact, &w));
}

/// Two data sets: the rows are those of the costlier sum, a shared factor stands in front of both, and the row number
/// counts.
#[derive_hessian(parallel)]
fn two_sums(s: f64, a: f64, b: f64, x: &[f64], y: &[f64], k: &[usize], #[data] c: &[f64; 2]) -> f64 {
    let mut costly = 0.0;
    for i in 1..x.len() {
        let r = x[i] - x[i - 1] * (-a).exp() - b * c[k[i]];
        costly += (1.0 + r * r).ln() + 1e-5 * i as f64 * b;
    }
    let mut cheap = 0.0;
    for y in y {
        cheap += (y - a * b).powi(2);
    }
    (costly + cheap) * (-s).exp() + s * s * a
}

#[test]
fn two_sums_over_data() {
    let (x, y) = (numbers(20_000, 6), numbers(333, 7));
    let (k, c) = ((0..x.len()).map(|i| i * i % 2).collect::<Vec<_>>(), [0.5, -1.5]);
    let w = [0.3, 0.8, -0.4];
    let exact = |w: &[Dual]| {
        let (s, a, b) = (w[0], w[1], w[2]);
        let mut total = Dual::from(0.0);
        for i in 1..x.len() {
            let r = -(-a).exp() * x[i - 1] - b * c[k[i]] + x[i];
            total += (r * r + 1.0).ln() + b * (1e-5 * i as f64);
        }
        for y in &y {
            total += (a * b - *y).powi(2);
        }
        total * (-s).exp() + s * s * a
    };
    let surface = two_sums::error_function(&x, &y, &k, &c);
    assert_eq!(surface.rows(), x.len() - 1);
    hold(&surface, &w, &truth(exact, &w));
}

/// Random effects: parameters of run-time length, one of them per group of rows; no Hessian asked for.
#[derive_hessian(wrt(m, u), only(gradient, hessian_vector), parallel)]
fn effects(m: f64, u: &[f64], group: &[usize], y: &[f64]) -> f64 {
    let mut total = 0.0;
    for (&group, y) in group.iter().zip(y) {
        total += (m + u[group] - y).exp() - u[group] * y;
    }
    let mut spread = 0.0;
    for u in u {
        spread += u * u;
    }
    total + (1.0 + spread).sqrt()
}

#[test]
fn what_is_not_asked_for_is_made_from_what_is() {
    let y = numbers(20_000, 8);
    let group: Vec<usize> = (0..y.len()).map(|i| i * 31 % 5).collect();
    let w = [0.2, -0.1, 0.4, 0.3, -0.6, 0.5];
    let exact = |w: &[Dual]| {
        let spread = w[1..].iter().fold(Dual::from(1.0), |s, u| s + *u * *u);
        group.iter().zip(&y).fold(spread.sqrt(), |total, (&group, y)| {
            let u = w[1 + group];
            total + (w[0] + u - *y).exp() - u * *y
        })
    };
    hold(&effects::error_function(&group, &y, 5), &w, &truth(exact, &w));
}

/// Generated code and evaluator, block by block.
#[test]
fn the_evaluator_has_the_same_bits() {
    let rows = 200;
    let (x, t) = logistic_data(rows);
    let text = "param w[3], b\ndata x[n, 3], t[n]\na[i] = b + sum(j, w[j]*x[i, j])\n\
                E = sum(i, log1p(exp(a[i])) - t[i]*a[i]) + 0.05*sum(j, w[j]^2)";
    let model = parse(text, &Columns::none()).unwrap();
    let mut bindings = Bindings::new();
    bindings.insert("x", &[rows, 3], x.concat()).unwrap();
    bindings.insert("t", &[rows], t.clone()).unwrap();
    let evaluated = Surface::new(&model.graph, model.error, &bindings).unwrap();
    let (ours, theirs) = (logistic::error_function(&x, &t), evaluated.by_rows().unwrap());
    assert_eq!((ours.rows(), theirs.rows()), (rows, rows));
    let part = |error: &dyn RowErrorFunction, rows: std::ops::Range<usize>| {
        let (mut gradient, mut hessian, mut product) = ([f64::NAN; 4], [f64::NAN; 10], [f64::NAN; 4]);
        let value =
            error.value_gradient_hessian_of_rows(&LOGISTIC_AT, rows.clone(), &mut gradient, &mut hessian);
        error.hessian_vector_of_rows(&LOGISTIC_AT, rows.clone(), &direction(4), &mut product);
        let alone = error.value_of_rows(&LOGISTIC_AT, rows.clone());
        let mut found = [&[value, alone], &gradient[..], &hessian, &product].concat();
        found.push(error.value_gradient_of_rows(&LOGISTIC_AT, rows, &mut gradient));
        found.extend(gradient);
        found
    };
    for rows in [0..64, 64..200, 3..3, 0..200, 199..200] {
        assert_eq!(bits(&part(&ours, rows.clone())), bits(&part(&theirs, rows)));
    }
    let whole = Surface::new(&model.graph, model.error, &bindings).unwrap();
    assert_eq!(everything(&theirs, &LOGISTIC_AT), everything(&whole, &LOGISTIC_AT));
}

#[test]
fn build_scripts_refuse_what_has_no_rows() {
    let builder = hesse_build::Builder::new().formula("examples/rosenbrock.hes").out_dir("no/such/folder");
    assert_eq!(
        builder.parallel().compile().unwrap_err().to_string(),
        "`examples/rosenbrock.hes`: functions of rows cannot be generated: E is no sum over rows of data"
    );
}
