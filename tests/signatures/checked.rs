//! The option `test`: each function here brings a test of its own, which holds its derivatives against dual numbers.

use hesse::{Parameters, derive_hessian};
use nalgebra::{DMatrix, DVector, DVectorView, Matrix2x3, SVector, Vector3};

#[derive_hessian(test)]
fn rosenbrock(w: &[f64; 2]) -> f64 {
    (1.0 - w[0]).powi(2) + 100.0 * (w[1] - w[0] * w[0]).powi(2)
}

#[derive_hessian(test)]
fn logistic<const N: usize>(w: &[f64; N], b: &f64, x: &[[f64; N]], t: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (x, t) in x.iter().zip(t) {
        let a = b + w.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
        loss += hesse::math::softplus(a) - t * a + hesse::math::sigmoid(a);
    }
    loss
}

#[derive_hessian(test)]
fn softmax(v: &[[f64; 2]; 3], x: &[[f64; 2]], class: &[u8], used: &[bool]) -> f64 {
    let mut loss = 0.0;
    for i in 0..x.len() {
        if used[i] {
            let mut total = 0.0;
            for k in 0..3 {
                total += (v[k][0] * x[i][0] + v[k][1] * x[i][1]).exp();
            }
            let k = class[i] as usize;
            loss += total.ln() - v[k][0] * x[i][0] - v[k][1] * x[i][1];
        }
    }
    loss
}

#[derive_hessian(test, wrt(w), lanes = 1)]
fn ridge(w: &DVector<f64>, x: &DMatrix<f64>, y: DVectorView<f64>, rate: f32) -> f64 {
    let mut total = 0.0;
    for i in 0..y.len() {
        let mut r = -y[i];
        for j in 0..w.len() {
            r += x[(i, j)] * w[j];
        }
        total += r.abs() + r * r;
    }
    total + rate as f64 * w.norm_squared()
}

#[derive_hessian(test)]
fn decay(w: &[f32; 2], x: &[f32], counts: &[i32]) -> f32 {
    let mut total = 0.0;
    for i in 0..x.len() {
        total += (counts[i] as f32 - w[0] * (-w[1] * x[i]).exp()).powi(2);
    }
    total
}

#[derive(Parameters)]
struct Pose {
    shift: Vector3<f64>,
    angle: f64,
    shear: Matrix2x3<f64>,
}

#[derive_hessian(test, uses(Pose))]
fn alignment(pose: &Pose, from: &[Vector3<f64>], to: &[SVector<f64, 3>]) -> f64 {
    let (sin, cos) = pose.angle.sin_cos();
    let mut total = 0.0;
    for (p, q) in from.iter().zip(to) {
        let x = cos * p[0] - sin * p[1] + pose.shift.x + pose.shear[(0, 2)] * p[2];
        let y = sin * p[0] + cos * p[1] + pose.shift.y + pose.shear[(1, 0)] * p[0];
        total += x.hypot(y - q[1]) + (x - q[0]).atan2(2.0).max(0.1);
    }
    total + pose.shift.z.powi(4)
}

#[derive_hessian(test)]
impl Pose {
    fn size(&self, by: [f64; 2]) -> f64 {
        (self.angle * by[0]).tanh() + self.shift.norm_squared() * by[1].powf(1.5)
    }
}

const WEIGHT: f32 = 0.75;
const CLASSES: usize = 3;

/// Constants of the module around, under types that plain arrays stand behind.
#[derive_hessian(test)]
fn weighted(w: &SVector<f64, 2>, scale: f32) -> f64 {
    WEIGHT as f64 * w[0].exp() * w[1] + CLASSES as f64 * w.norm_squared() * scale as f64
}

/// Integers stay integers in accumulators, in elements and through functions, so that their quotients are rounded.
#[derive_hessian(test)]
fn halves(w: &[f64; 2], k: &[i32]) -> f64 {
    let mut total = 0;
    let mut counts = [0, 1];
    for k in k {
        total += k;
        counts[0] += k * k;
    }
    let largest = k[0].max(k[1]).abs();
    let odd = if w[0] > 0.0 { total + 1 } else { total };
    w[0] * (total / 2) as f64 * w[1].sin()
        + w[1] * (counts[0] / 3 + counts[1] / 2) as f64 * w[0].cos()
        + (w[0] * w[1]).exp() * (largest / 2 + odd % 5 + k[0].pow(2) / 7) as f64
}
