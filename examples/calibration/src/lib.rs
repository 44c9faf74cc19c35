//! A pressure sensor calibrates itself: no standard library, no allocation, buffers of fixed size.

#![no_std]

use hesse::derive_hessian;

/// How far a curve of readings is from the pressures that a reference says, in kPa.
///
/// The curve is offset + gain·raw + bend·raw². Deviations of more than a kPa count by their size and not by their square, so that
/// a disturbed reading does no harm.
#[derive_hessian(only(value, gradient, hessian), lanes = 1)]
pub fn misfit(w: &[f64; 3], raw: &[f64], truth: &[f64]) -> f64 {
    let [offset, gain, bend] = *w;
    let mut total = 0.0;
    for (x, y) in raw.iter().zip(truth) {
        let r = y - (offset + x * (gain + x * bend));
        total += hesse::math::sqrt(1.0 + r * r) - 1.0;
    }
    total
}

/// The curve that fits best, by Newton's method with damping; nothing if the readings do not determine it.
#[must_use]
pub fn calibrate(raw: &[f64], truth: &[f64], start: [f64; 3]) -> Option<[f64; 3]> {
    let (mut w, mut damping) = (start, 1e-3);
    for _ in 0..100 {
        let (value, gradient, hessian) = misfit::value_gradient_hessian(&w, raw, truth);
        let step = solve(hessian, damping, gradient);
        let next = step.map(|step| [0, 1, 2].map(|k| w[k] - step[k]));
        match next.filter(|next| misfit(next, raw, truth) <= value) {
            Some(next) if next == w => return Some(w),
            Some(next) => (w, damping) = (next, 0.1 * damping),
            // Near the end a step is lost in rounding.
            None if damping > 1e12 => return step.map(|_| w),
            None => damping = 10.0 * damping.max(1e-12),
        }
    }
    None
}

/// Solves (H + damping · diag H) x = b by the factors of Cholesky; nothing if they do not exist.
fn solve(mut h: [[f64; 3]; 3], damping: f64, mut x: [f64; 3]) -> Option<[f64; 3]> {
    for j in 0..3 {
        h[j][j] *= 1.0 + damping;
        for k in 0..j {
            h[j][j] -= h[j][k] * h[j][k];
        }
        if h[j][j].is_nan() || h[j][j] <= 0.0 {
            return None;
        }
        h[j][j] = hesse::math::sqrt(h[j][j]);
        for i in j + 1..3 {
            for k in 0..j {
                h[i][j] -= h[i][k] * h[j][k];
            }
            h[i][j] /= h[j][j];
        }
    }
    for i in 0..3 {
        for k in 0..i {
            x[i] -= h[i][k] * x[k];
        }
        x[i] /= h[i][i];
    }
    for i in (0..3).rev() {
        for k in i + 1..3 {
            x[i] -= h[k][i] * x[k];
        }
        x[i] /= h[i][i];
    }
    Some(x)
}
