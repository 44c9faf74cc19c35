//! Vectors and matrices of nalgebra.

use hesse::{Parameters, derive_hessian};
use nalgebra::{DMatrix, DVector, Matrix3, Vector3};

/// A linear map and what it adds.
#[derive(Parameters, Clone, PartialEq, Debug)]
pub struct Affine {
    /// The map.
    pub map: Matrix3<f64>,
    /// What is added.
    pub shift: Vector3<f64>,
}

#[derive_hessian(test)]
impl Affine {
    /// How far points are from their partners.
    #[must_use]
    pub fn distance(&self, from: &[Vector3<f64>], to: &[Vector3<f64>]) -> f64 {
        let mut total = 0.0;
        for (p, q) in from.iter().zip(to) {
            for i in 0..3 {
                total += (self.image(p, i) - q[i]).powi(2);
            }
        }
        total
    }

    fn image(&self, p: &Vector3<f64>, i: usize) -> f64 {
        let mut sum = self.shift[i];
        for j in 0..3 {
            sum += self.map[(i, j)] * p[j];
        }
        sum
    }
}

/// Ridge regression.
#[must_use]
#[derive_hessian(test, wrt(w))]
pub fn ridge(w: &DVector<f64>, x: &DMatrix<f64>, y: &DVector<f64>) -> f64 {
    let mut total = 0.0;
    for i in 0..y.len() {
        let mut r = -y[i];
        for j in 0..w.len() {
            r += x[(i, j)] * w[j];
        }
        total += r * r;
    }
    total + 1e-3 * w.norm_squared()
}
