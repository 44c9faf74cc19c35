//! Vectors and matrices of nalgebra: in and out.

use hesse::{Analyze, ErrorFunction, derive_hessian};
use hesse_testkit::close::assert_close;
use hesse_testkit::oracle::{DualNum, HyperDual64 as Dual, hyper_dual};
use nalgebra::{DMatrix, DVector, DVectorView, Matrix2x3, SMatrix, SVector, Vector3};

#[derive_hessian]
fn quartic(w: &SVector<f64, 3>, scale: f64) -> f64 {
    let square = w[0] * w[0] + w[1] * w[1] + w[2] * w[2];
    scale * square * square
}

#[test]
fn vectors_in_vectors_out() {
    let w = Vector3::new(0.5, -1.0, 0.25);
    let truth = |w: &[Dual]| (w[0] * w[0] + w[1] * w[1] + w[2] * w[2]).powi(2) * w[3];
    let (value, gradient, hessian) = hyper_dual(truth, &[0.5, -1.0, 0.25, 3.0]);
    assert_close("value", &[quartic(&w, 3.0), quartic::value(&w, 3.0)], &[value; 2], 1e-14);
    let (v, g, h): (f64, SVector<f64, 4>, SMatrix<f64, 4, 4>) = quartic::value_gradient_hessian(&w, 3.0);
    assert_close("value", &[v], &[value], 1e-14);
    assert_close("gradient", g.as_slice(), &gradient, 1e-14);
    assert_close("Hessian", &lower(&h), &hessian, 1e-14);
    assert_eq!(h, h.transpose());
    let direction = SVector::from([0.3, -0.2, 1.0, 0.5]);
    let product: SVector<f64, 4> = quartic::hessian_vector(&w, 3.0, &direction);
    assert_close("product", product.as_slice(), (h * direction).as_slice(), 1e-13);
    assert_eq!(quartic::error_function().dimension(), 4);
}

/// The last number of the pair is the column: entry (0, 2) is the fifth of a matrix with two rows.
#[derive_hessian]
fn bilinear(m: &Matrix2x3<f64>, v: Vector3<f64>, t: [f64; 2]) -> f64 {
    let mut total = 0.0;
    for i in 0..2 {
        let mut row = -t[i];
        for j in 0..3 {
            row += m[(i, j)] * v[j];
        }
        total += row * row * (1.0 + m[(0, 2)]);
    }
    total
}

#[test]
fn matrices_are_read_by_row_and_column() {
    let m = Matrix2x3::new(0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
    let (v, t) = (Vector3::new(-1.0, 0.5, 2.0), [0.7, -0.3]);
    let truth = |p: &[Dual]| {
        let mut total = Dual::from(0.0);
        for i in 0..2 {
            let mut row = -p[9 + i];
            for j in 0..3 {
                row += p[2 * j + i] * p[6 + j];
            }
            total += row * row * (p[4] + 1.0);
        }
        total
    };
    let all: Vec<f64> = m.iter().chain(v.iter()).chain(&t).copied().collect();
    let (value, gradient, hessian) = hyper_dual(truth, &all);
    let (val, g, h) = bilinear::value_gradient_hessian(&m, v, t);
    assert_close("value", &[bilinear(&m, v, t), val], &[value; 2], 1e-14);
    assert_close("gradient", g.as_slice(), &gradient, 1e-14);
    assert_close("Hessian", &lower(&h), &hessian, 1e-13);
    let (mut name, mut second) = (String::new(), String::new());
    let surface = bilinear::error_function();
    surface.parameter_name(4, &mut name).unwrap();
    surface.parameter_name(1, &mut second).unwrap();
    assert_eq!((name.as_str(), second.as_str()), ("m[0,2]", "m[1,0]"));
    let (mut g, mut h) = ([0.0; 11], [0.0; 66]);
    surface.value_gradient_hessian(&all, &mut g, &mut h);
    assert_close("bound", &h, &hessian, 1e-13);
}

/// Ridge regression with everything of run-time size.
#[derive_hessian(wrt(w))]
fn ridge(w: &DVector<f64>, x: &DMatrix<f64>, y: DVectorView<f64>, rate: f64) -> f64 {
    let mut total = 0.0;
    for i in 0..x.nrows() {
        let mut r = -y[i];
        for j in 0..x.ncols() {
            r += x[(i, j)] * w[j];
        }
        total += r * r + (r * 0.1).cos();
    }
    let mut square = 0.0;
    for j in 0..w.len() {
        square += w[j] * w[j];
    }
    total + rate * square
}

#[test]
fn dynamic_vectors_give_dynamic_vectors() {
    let x = DMatrix::from_fn(5, 3, |i, j| 0.3 * i as f64 - 0.4 * j as f64 + 0.1 * (i * j) as f64);
    let y = DVector::from_fn(5, |i, _| 0.5 - 0.2 * i as f64);
    let w = DVector::from_vec(vec![0.2, -0.7, 1.1]);
    let truth = |w: &[Dual]| {
        let mut total = Dual::from(0.0);
        for i in 0..5 {
            let r = w[0] * x[(i, 0)] + w[1] * x[(i, 1)] + w[2] * x[(i, 2)] - y[i];
            total += r * r + (r * 0.1).cos();
        }
        total + (w[0] * w[0] + w[1] * w[1] + w[2] * w[2]) * 0.25
    };
    let (value, gradient, hessian) = hyper_dual(truth, w.as_slice());
    let view = y.as_view();
    let (v, g, h): (f64, DVector<f64>, DMatrix<f64>) = ridge::value_gradient_hessian(&w, &x, view, 0.25);
    assert_close("value", &[v, ridge(&w, &x, view, 0.25)], &[value; 2], 1e-13);
    assert_close("gradient", g.as_slice(), &gradient, 1e-13);
    let packed: Vec<f64> = (0..3).flat_map(|i| (0..=i).map(|j| h[(i, j)]).collect::<Vec<_>>()).collect();
    assert_close("Hessian", &packed, &hessian, 1e-13);
    assert_eq!(h, h.transpose());
    assert_eq!(ridge::gradient(&w, &x, view, 0.25), g);
    let direction = DVector::from_vec(vec![1.0, 0.5, -2.0]);
    let product: DVector<f64> = ridge::hessian_vector(&w, &x, view, 0.25, &direction);
    assert_close("product", product.as_slice(), (&h * direction).as_slice(), 1e-12);
    let surface = ridge::error_function(&x, view, 0.25);
    assert_eq!(surface.dimension(), 3);
    assert_eq!(surface.analyze(w.as_slice()).unwrap().kind().as_str(), "not_stationary");
}

#[test]
#[should_panic(expected = "differs")]
fn matrices_of_another_shape_are_refused() {
    let (w, x, y) = (DVector::zeros(2), DMatrix::zeros(2, 5), DVector::<f64>::zeros(5));
    ridge::gradient(&w, &x, y.as_view(), 0.1);
}

#[test]
#[should_panic(expected = "differs")]
fn matrices_of_another_shape_are_refused_when_bound() {
    let (x, y) = (DMatrix::zeros(2, 5), DVector::<f64>::zeros(5));
    ridge::error_function(&x, y.as_view(), 0.1);
}

/// Points in space: slices and arrays of vectors.
#[derive_hessian]
fn alignment(
    shift: &Vector3<f64>,
    scale: f64,
    from: &[Vector3<f64>],
    to: &Vec<Vector3<f64>>,
    anchors: &[Vector3<f64>; 2],
) -> f64 {
    let mut total = 0.0;
    for (p, q) in from.iter().zip(to) {
        for k in 0..3 {
            total += (scale * p[k] + shift[k] - q[k]).powi(2);
        }
    }
    for k in 0..3 {
        total += (anchors[0][k] - shift[k] * anchors[1][k]).powi(2);
    }
    total
}

#[test]
fn slices_of_vectors() {
    let from: Vec<Vector3<f64>> = (0..70).map(|i| Vector3::new(0.1, -0.2, 0.3) * f64::from(i)).collect();
    let to: Vec<Vector3<f64>> = from.iter().map(|p| p * 1.3 + Vector3::new(0.5, 0.25, -1.0)).collect();
    let (shift, anchors) =
        (Vector3::new(0.1, 0.2, 0.3), [Vector3::new(1.0, 2.0, 3.0), Vector3::new(-0.5, 0.5, 0.1)]);
    let truth = |w: &[Dual]| {
        let mut total = Dual::from(0.0);
        for (p, q) in from.iter().zip(&to) {
            for k in 0..3 {
                total += (w[3] * p[k] + w[k] - q[k]).powi(2);
            }
        }
        for k in 0..3 {
            total += (w[4 + k] - w[k] * w[7 + k]).powi(2);
        }
        total
    };
    let all: Vec<f64> =
        shift.iter().copied().chain([1.2]).chain(anchors.iter().flat_map(|a| a.iter().copied())).collect();
    let (value, gradient, hessian) = hyper_dual(truth, &all);
    let (v, g, h) = alignment::value_gradient_hessian(&shift, 1.2, &from, &to, &anchors);
    assert_close("value", &[v, alignment(&shift, 1.2, &from, &to, &anchors)], &[value; 2], 1e-13);
    assert_close("gradient", g.as_slice(), &gradient, 1e-13);
    assert_close("Hessian", &lower(&h), &hessian, 1e-13);
    let surface = alignment::error_function(&from, &to);
    assert_close("bound", &[surface.value(&all)], &[value], 1e-13);
}

fn lower<const N: usize>(h: &SMatrix<f64, N, N>) -> Vec<f64> {
    (0..N).flat_map(|i| (0..=i).map(move |j| (i, j))).map(|at| h[at]).collect()
}
