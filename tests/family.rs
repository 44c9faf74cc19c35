//! Functions that are generated on request: diagonal, directional derivatives, blocks of products, Gauss–Newton.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::ops::{Mul, Sub};

use hesse::{ErrorFunction, SumOfSquares, derive_hessian};
use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_testkit::close::assert_close;
use hesse_testkit::oracle::{Dual3_64, DualNum, HyperDual64, directional, hyper_dual};

/// ½ Σ (y − a e^(−b x) − c_k)² with an offset looked up per row.
#[derive_hessian(only(
    value,
    gradient,
    hessian,
    hessian_vector,
    hessian_vectors,
    hessian_diagonal,
    directional,
    gauss_newton
))]
fn decay(a: f64, b: f64, c: &[f64; 2], x: &[f64], y: &[f64], k: &[usize]) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        total += (y[i] - a * (-b * x[i]).exp() - c[k[i]]).powi(2);
    }
    0.5 * total
}

const X: [f64; 5] = [0.1, 0.5, 1.0, 1.7, 2.5];
const Y: [f64; 5] = [2.0, 1.4, 1.1, 0.3, 0.45];
const K: [usize; 5] = [0, 1, 0, 1, 1];
const W: [f64; 4] = [1.9, 0.8, -0.1, 0.25];

trait Real: DualNum + Copy + Mul<f64, Output = Self> + Sub<f64, Output = Self> {}

impl Real for HyperDual64 {}
impl Real for Dual3_64 {}

fn residual<D: Real>(w: &[D], i: usize) -> D {
    w[0] * (-w[1] * X[i]).exp() + w[2 + K[i]] - Y[i]
}

fn truth<D: Real>(w: &[D]) -> D {
    (1..5).fold(residual(w, 0).powi(2), |e, i| e + residual(w, i).powi(2)) * 0.5
}

fn evaluated() -> Surface {
    let text = "param a, b, c[2]\ndata x[n], y[n], k[n]\nE = 1/2*sum(i, (y[i] - a*exp(-b*x[i]) - c[k[i]])^2)";
    let mut bindings = Bindings::new();
    let positions = K.map(|k| k as f64);
    for (name, values) in [("x", X), ("y", Y), ("k", positions)] {
        bindings.insert(name, &[5], values.to_vec()).unwrap();
    }
    let model = parse(text, &Columns::none()).unwrap();
    Surface::new(&model.graph, model.error, &bindings).unwrap()
}

fn product(hessian: &[f64], v: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; v.len()];
    hesse::packed::multiply(hessian, v, &mut product);
    product
}

#[test]
fn the_diagonal() {
    let (_, _, hessian) = hyper_dual(truth, &W);
    let expected: Vec<f64> = hesse::packed::diagonal(&hessian).collect();
    let found = decay::hessian_diagonal(W[0], W[1], &[W[2], W[3]], &X, &Y, &K);
    assert_close("diagonal", &found, &expected, 1e-13);
    let mut other = [f64::NAN; 4];
    decay::error_function(&X, &Y, &K).hessian_diagonal(&W, &mut other);
    assert_eq!(other, found);
    evaluated().hessian_diagonal(&W, &mut other);
    assert_eq!(other, found);
}

#[test]
fn derivatives_along_a_direction() {
    for v in [[1.0, 0.0, 0.0, 0.0], [0.3, -1.1, 0.7, 2.0]] {
        let found = decay::directional(W[0], W[1], &[W[2], W[3]], &X, &Y, &K, &v);
        assert_close("derivatives", &found, &directional(truth, &W, &v), 1e-13);
        assert_eq!(decay::error_function(&X, &Y, &K).directional(&W, &v), found);
        assert_eq!(evaluated().directional(&W, &v), found);
    }
}

#[test]
fn products_with_blocks_of_vectors() {
    let (_, _, hessian) = hyper_dual(truth, &W);
    for vectors in [0, 1, 3] {
        let directions: Vec<f64> = (0..4 * vectors).map(|at| ((at * at) as f64).sin()).collect();
        let mut products = vec![f64::NAN; 4 * vectors];
        decay::error_function(&X, &Y, &K).hessian_vectors(&W, vectors, &directions, &mut products);
        for vector in 0..vectors {
            let of =
                |block: &[f64]| -> Vec<f64> { block.iter().skip(vector).step_by(vectors).copied().collect() };
            let expected = product(&hessian, &of(&directions));
            assert_close("product", &of(&products), &expected, 1e-13);
        }
        let mut other = vec![f64::NAN; 4 * vectors];
        evaluated().hessian_vectors(&W, vectors, &directions, &mut other);
        assert_eq!(other, products);
    }
}

#[test]
fn the_gauss_newton_matrix_of_a_sum_of_squares() {
    let (mut rss, mut expected) = (0.0, [0.0; 10]);
    for i in 0..5 {
        let (r, slope, _) = hyper_dual(|w| residual(w, i), &W);
        rss += r * r;
        for row in 0..4 {
            for column in 0..=row {
                expected[row * (row + 1) / 2 + column] += slope[row] * slope[column];
            }
        }
    }
    let mut matrix = [f64::NAN; 10];
    let found = decay::gauss_newton_into(W[0], W[1], &[W[2], W[3]], &X, &Y, &K, &mut matrix);
    assert_close("residual sum of squares", &[found], &[rss], 1e-13);
    assert_close("matrix", &matrix, &expected, 1e-13);
    let surface = decay::error_function(&X, &Y, &K);
    assert_eq!((surface.scale(), surface.residual_count()), (0.5, 5));
    let mut other = [f64::NAN; 10];
    assert_eq!(surface.gauss_newton(&W, &mut other), found);
    assert_eq!(other, matrix);
    assert_eq!(evaluated().least_squares().unwrap().gauss_newton(&W, &mut other), found);
    assert_eq!(other, matrix);
}

mod few {
    use hesse::derive_hessian;

    #[derive_hessian(only(gradient, hessian_vector))]
    pub(super) fn by_products(w: &[f64; 2]) -> f64 {
        (1.0 - w[0]).powi(2) + 100.0 * (w[1] - w[0] * w[0]).powi(2)
    }

    #[derive_hessian(only(gradient, sparse_hessian))]
    pub(super) fn by_entries(w: &[f64; 2]) -> f64 {
        (1.0 - w[0]).powi(2) + 100.0 * (w[1] - w[0] * w[0]).powi(2)
    }

    #[derive_hessian(only(gradient, hessian))]
    pub(super) fn by_matrix(w: &[f64; 2]) -> f64 {
        (1.0 - w[0]).powi(2) + 100.0 * (w[1] - w[0] * w[0]).powi(2)
    }

    /// No bound error function: nothing of second order is asked for.
    #[derive_hessian(only(value))]
    pub(super) fn alone(w: &[f64; 2]) -> f64 {
        w[0] * w[1]
    }
}

/// Whatever was asked for, the bound error function is complete.
#[test]
fn what_is_not_asked_for_is_made_from_what_is() {
    let w = [-1.2, 1.0];
    let (value, gradient, hessian) =
        hyper_dual(|w| (-w[0] + 1.0).powi(2) + (w[1] - w[0] * w[0]).powi(2) * 100.0, &w);
    let (first, second, third) = (
        few::by_products::error_function(),
        few::by_entries::error_function(),
        few::by_matrix::error_function(),
    );
    let surfaces: [&dyn ErrorFunction; 3] = [&first, &second, &third];
    for surface in surfaces {
        let (mut g, mut h, mut p) = ([0.0; 2], [f64::NAN; 3], [0.0; 2]);
        assert_close("value", &[surface.value(&w)], &[value], 1e-14);
        assert_close("value", &[surface.value_gradient_hessian(&w, &mut g, &mut h)], &[value], 1e-14);
        assert_close("gradient", &g, &gradient, 1e-14);
        assert_close("Hessian", &h, &hessian, 1e-14);
        surface.hessian_vector(&w, &[0.5, -2.0], &mut p);
        assert_close("product", &p, &product(&hessian, &[0.5, -2.0]), 1e-14);
    }
    assert_eq!(few::by_entries::hessian_entries(), 3);
    assert_eq!(few::alone::value(&[2.0, 3.0]), 6.0);
    assert_eq!((few::alone(&[2.0, 3.0]), few::by_products(&[1.0, 1.0])), (6.0, 0.0));
}

/// Pairs of look-ups, shifted subscripts, a nonlinear function of a sum: what reaches the diagonal.
#[derive_hessian(wrt(w), only(hessian_diagonal, hessian_vectors, directional))]
fn meeting(w: &[f64], i: &[usize], j: &[usize]) -> f64 {
    let mut total = 0.0;
    for k in 0..i.len() {
        total += (w[i[k]] * w[j[k]].powi(2)).sin();
    }
    for k in 0..w.len() - 1 {
        total += (w[k + 1] * w[k]).exp();
    }
    let mut square = 0.0;
    for w in w {
        square += w * w;
    }
    total + square.sqrt() * square
}

fn meeting_truth<D: Real>(w: &[D], i: &[usize], j: &[usize]) -> D {
    let looked_up = i.iter().zip(j).map(|(&i, &j)| (w[i] * w[j].powi(2)).sin());
    let links = w.windows(2).map(|pair| (pair[1] * pair[0]).exp());
    let square = w.iter().map(|&w| w * w).reduce(|a, b| a + b).unwrap();
    looked_up.chain(links).reduce(|a, b| a + b).unwrap() + square.sqrt() * square
}

#[test]
fn elements_that_may_be_the_same() {
    let w = [0.4, -0.7, 1.1, 0.3];
    let (i, j) = ([0, 1, 2, 1, 3, 0], [1, 1, 0, 2, 3, 0]);
    let (_, _, hessian) = hyper_dual(|w| meeting_truth(w, &i, &j), &w);
    let mut diagonal = [f64::NAN; 4];
    meeting::hessian_diagonal_into(&w, &i, &j, &mut diagonal);
    assert_close("diagonal", &diagonal, &hesse::packed::diagonal(&hessian).collect::<Vec<_>>(), 1e-13);
    let v = [1.0, -0.5, 0.25, 2.0];
    let found = meeting::directional(&w, &i, &j, &v);
    assert_close("derivatives", &found, &directional(|w| meeting_truth(w, &i, &j), &w, &v), 1e-12);
    let mut products = [f64::NAN; 4];
    let mut workspace = vec![f64::NAN; meeting::hessian_vectors_workspace(&w, &i, &j, 1)];
    meeting::hessian_vectors_into(&w, &i, &j, 1, &v, &mut products, &mut workspace);
    assert_close("product", &products, &product(&hessian, &v), 1e-13);
}

/// Reductions of every kind and a branch, along a direction; the entries of a sparse Hessian summed over the rows.
#[test]
fn reductions_along_a_direction() {
    let x: Vec<f64> = (0..67).map(|i| f64::from(i * 37 % 67) / 67.0 + 0.1).collect();
    let text = "param a, b\ndata x[n]\n\
                E = logsumexp(i, a*x[i] + b^2) + prod(i, 1 + 0.1*sin(a*x[i])) + max(i, b^3*x[i])\
                    + sum(i, if(x[i] > 0.5, sqrt(a + x[i]), b^2*x[i]))";
    fn truth<D: Real>(w: &[D], x: &[f64]) -> D {
        let (a, b) = (w[0], w[1]);
        let total = |terms: Vec<D>| terms.into_iter().reduce(|s, t| s + t).unwrap();
        let soft = total(x.iter().map(|&x| (a * x + b * b).exp()).collect()).ln();
        let factors = x.iter().map(|&x| (a * x).sin() * 0.1 - -1.0).reduce(|p, f| p * f).unwrap();
        // b is positive, so the largest x has the largest term.
        let largest = b.powi(3) * x.iter().copied().fold(0.0, f64::max);
        let branches = x.iter().map(|&x| if x > 0.5 { (a - -x).sqrt() } else { b * b * x });
        soft + factors + largest + total(branches.collect())
    }
    let mut bindings = Bindings::new();
    bindings.insert("x", &[x.len()], x.clone()).unwrap();
    let model = parse(text, &Columns::none()).unwrap();
    let surface = Surface::new(&model.graph, model.error, &bindings).unwrap();
    let w = [0.7, 0.4];
    for v in [[1.0, 0.0], [-0.3, 1.4]] {
        // Products of 67 factors lose a few digits in either order.
        assert_close(
            "derivatives",
            &surface.directional(&w, &v),
            &directional(|w| truth(w, &x), &w, &v),
            1e-11,
        );
    }
    let (_, _, hessian) = hyper_dual(|w| truth(w, &x), &w);
    let (mut g, mut h) = ([0.0; 2], [f64::NAN; 3]);
    hesse::sparse::dense(&surface, &w, &mut g, &mut h);
    assert_close("sparse Hessian", &h, &hessian, 1e-11);
}
