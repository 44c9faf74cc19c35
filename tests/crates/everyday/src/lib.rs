//! Error functions as people write them.

#![deny(warnings, missing_docs, unreachable_pub, unsafe_code, clippy::all, clippy::pedantic)]

pub mod points;

use freestanding::{Decay, level};
use hesse::{derive_hessian, differentiable};

/// Rosenbrock's valley.
#[must_use]
#[derive_hessian(test)]
pub fn rosenbrock(w: &[f64; 2]) -> f64 {
    let [x, y] = *w;
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

/// Two decays, whose parts come from another crate.
#[must_use]
#[derive_hessian(test, uses(Decay, freestanding::decay, square))]
pub fn two_decays(first: &Decay, second: &Decay, t: &[f64], y: &[f64]) -> f64 {
    let both = |t: f64| freestanding::decay(first, t) + freestanding::decay(second, t);
    t.iter().zip(y).map(|(t, y)| square(y - both(*t))).sum()
}

/// How far levels are from those that were seen.
#[must_use]
#[derive_hessian(uses(level))]
pub fn levels(height: f64, x: &[f64], seen: &[f64]) -> f64 {
    x.iter().zip(seen).map(|(x, seen)| (level(height, *x) - seen).powi(2)).sum()
}

/// An error function of another crate, with a penalty.
#[must_use]
#[derive_hessian(uses(Decay, freestanding::misfit))]
pub fn calm_misfit(model: &Decay, t: &[f64], y: &[f64]) -> f64 {
    freestanding::misfit(model, t, y) + 0.1 * model.amplitude * model.amplitude
}

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

/// Logistic regression with rows of any length.
#[must_use]
#[derive_hessian(test)]
pub fn logistic<const N: usize>(w: &[f64; N], x: &[[f64; N]], t: &[bool]) -> f64 {
    let mut loss = 0.0;
    for i in 0..x.len() {
        let mut a = 0.0;
        for j in 0..N {
            a += w[j] * x[i][j];
        }
        loss += a.exp().ln_1p() - if t[i] { a } else { 0.0 };
    }
    loss
}

#[cfg(test)]
mod tests {
    use super::{Decay, two_decays};
    use hesse::ErrorFunction;

    #[test]
    fn derivatives_by_hand_come_from_another_crate() {
        assert_eq!(super::levels::gradient(2.0, &[1.0], &[0.0]).map(f64::to_bits), [1.0f64.to_bits()]);
    }

    #[test]
    fn several_structures_give_arrays() {
        let decay = |amplitude| Decay { amplitude, rates: [0.5, 0.25] };
        let gradient: [f64; 6] = two_decays::gradient(&decay(1.0), &decay(1.0), &[0.0], &[2.0]);
        assert!(gradient.iter().all(|g| g.abs() < 1e-15));
        let surface = two_decays::error_function(&[0.0], &[2.0]);
        let mut name = String::new();
        surface.parameter_name(4, &mut name).expect("a name");
        assert_eq!(name, "second.rates[0]");
    }
}
