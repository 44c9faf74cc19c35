//! Derivatives by hyper-dual numbers: the truth, independent of the engine.

pub use num_dual::{Dual3_64, DualNum, HyperDual64};

/// Value, gradient and packed lower Hessian of `f` at `w`, one evaluation per entry of the triangle
/// (Fike and Alonso 2011, eq. 19).
pub fn hyper_dual(f: impl Fn(&[HyperDual64]) -> HyperDual64, w: &[f64]) -> (f64, Vec<f64>, Vec<f64>) {
    let mut value = 0.0;
    let mut gradient = vec![0.0; w.len()];
    let mut hessian = Vec::new();
    for (row, slope) in gradient.iter_mut().enumerate() {
        for column in 0..=row {
            let seeded: Vec<HyperDual64> = w
                .iter()
                .enumerate()
                .map(|(at, &x)| HyperDual64::new(x, f64::from(at == row), f64::from(at == column), 0.0))
                .collect();
            let result = f(&seeded);
            value = result.re;
            *slope = result.eps1;
            hessian.push(result.eps1eps2);
        }
    }
    (value, gradient, hessian)
}

/// f(w + tv) at t = 0 and its first three derivatives by t, for `f` on third-order dual numbers.
pub fn directional(f: impl Fn(&[Dual3_64]) -> Dual3_64, w: &[f64], v: &[f64]) -> [f64; 4] {
    let seeded: Vec<Dual3_64> = w.iter().zip(v).map(|(&w, &v)| Dual3_64::new(w, v, 0.0, 0.0)).collect();
    let Dual3_64 { re, v1, v2, v3, .. } = f(&seeded);
    [re, v1, v2, v3]
}
