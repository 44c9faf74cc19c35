use hesse::derive_hessian;
use hesse::__private::nalgebra::{DVector, Matrix2};

#[derive_hessian]
fn owned(w: [f64; 2], x: DVector<f64>) -> f64 {
    w[0] * x[0]
}

#[derive_hessian]
fn walked(m: &Matrix2<f64>) -> f64 {
    m.iter().map(|x| x * x).sum()
}

#[derive_hessian]
fn generic<const N: usize, T>(w: &[f64; N]) -> f64 {
    w[0]
}

#[derive_hessian(test, only(value))]
fn untested(x: f64) -> f64 {
    x
}

fn main() {}
