//! Spectra from Hessian-vector products, against closed forms and full decompositions.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails, in its helpers too")]

use hesse_runtime::krylov::{Hutchinson, KrylovError, Lanczos, Quadrature, SpectralDensity};
use hesse_runtime::{ErrorFunction, Spectrum, packed};
use std::f64::consts::PI;

/// E = ½ Σ (wᵢ₊₁ − wᵢ)² + ½c Σ wᵢ², whose curvatures are c + 2 − 2 cos(πk/n).
struct Chain {
    n: usize,
    c: f64,
}

impl Chain {
    fn curvature(&self, k: usize) -> f64 {
        self.c + 2.0 - 2.0 * (PI * k as f64 / self.n as f64).cos()
    }
}

impl ErrorFunction for Chain {
    fn dimension(&self) -> usize {
        self.n
    }
    fn value(&self, w: &[f64]) -> f64 {
        let mut gradient = vec![0.0; self.n];
        self.value_gradient(w, &mut gradient)
    }
    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        self.hessian_vector(w, w, gradient);
        0.5 * w.iter().zip(gradient).map(|(w, b)| w * *b).sum::<f64>()
    }
    fn value_gradient_hessian(&self, _: &[f64], _: &mut [f64], _: &mut [f64]) -> f64 {
        panic!("nothing here forms a Hessian")
    }
    fn hessian_vector(&self, _: &[f64], v: &[f64], product: &mut [f64]) {
        for i in 0..self.n {
            let (left, right) =
                (if i > 0 { v[i] - v[i - 1] } else { 0.0 }, v.get(i + 1).map_or(0.0, |r| v[i] - r));
            product[i] = self.c * v[i] + left + right;
        }
    }
}

/// A full symmetric matrix as the Hessian of ½wᵀHw.
struct Full(Vec<f64>);

impl ErrorFunction for Full {
    fn dimension(&self) -> usize {
        packed::order(self.0.len()).unwrap()
    }
    fn value(&self, _: &[f64]) -> f64 {
        f64::NAN
    }
    fn value_gradient(&self, _: &[f64], _: &mut [f64]) -> f64 {
        f64::NAN
    }
    fn value_gradient_hessian(&self, _: &[f64], _: &mut [f64], hessian: &mut [f64]) -> f64 {
        hessian.copy_from_slice(&self.0);
        f64::NAN
    }
    fn hessian_vector(&self, _: &[f64], v: &[f64], product: &mut [f64]) {
        packed::multiply(&self.0, v, product);
    }
}

/// Entries that look random, of both signs.
fn full(n: usize) -> Full {
    Full((0..packed::length(n)).map(|at| (at as f64 * 12.9898 + 1.0).sin()).collect())
}

#[test]
fn both_ends_agree_with_the_full_spectrum() {
    for n in [1, 2, 5, 24, 25, 60, 200] {
        let full = full(n);
        let spectrum = Spectrum::of_packed(n, &full.0).unwrap();
        let wanted = 3.min(n);
        let found = Lanczos { count: wanted, ..Default::default() }.extremes(&full, &vec![0.0; n]).unwrap();
        assert!(found.converged, "{n}: {} products", found.products);
        for k in 0..wanted {
            for (pair, expected) in [
                (&found.lowest[k], spectrum.eigenvalues()[k]),
                (&found.highest[k], spectrum.eigenvalues()[n - 1 - k]),
            ] {
                assert!((pair.value - expected).abs() <= 1e-12 * spectrum.norm(), "{n}, {k}");
                let mut product = vec![0.0; n];
                full.hessian_vector(&[], &pair.vector, &mut product);
                let residual = product.iter().zip(&pair.vector).map(|(p, u)| (p - pair.value * u).powi(2));
                let residual = residual.sum::<f64>().sqrt();
                assert!(residual <= pair.residual + 1e-12 * spectrum.norm(), "{n}, {k}");
                assert!(residual <= 1.1e-8 * spectrum.norm(), "{n}, {k}");
            }
        }
    }
}

#[test]
fn a_million_parameters_take_as_many_vectors_as_were_asked_for() {
    let chain = Chain { n: 1_000_000, c: 0.25 };
    let method = Lanczos { basis: 12, max_products: 60, tolerance: 1e-3, ..Default::default() };
    let found = method.extremes(&chain, &vec![0.0; chain.n]).unwrap();
    assert!(found.products <= 70);
    let (low, high) = (&found.lowest[0], &found.highest[0]);
    assert!(low.value > 0.25 && low.value - 0.25 < 0.05, "{}", low.value);
    assert!(high.value < 4.25 && 4.25 - high.value < 0.05, "{}", high.value);
    assert!(low.residual < 0.1 && high.residual < 0.1);
    let trace = Hutchinson { probes: 4, seed: 1 }.trace(&chain, &vec![0.0; chain.n]).unwrap();
    assert!((trace.value / 1e6 - 2.25).abs() < 0.01, "{trace:?}");
}

#[test]
fn a_chain_has_its_curvatures_to_many_digits() {
    let chain = Chain { n: 300, c: 0.5 };
    let method = Lanczos { count: 2, max_products: 20_000, ..Default::default() };
    let found = method.extremes(&chain, &[0.0; 300]).unwrap();
    assert!(found.converged);
    for k in 0..2 {
        assert!((found.lowest[k].value - chain.curvature(k)).abs() < 1e-12, "{k}");
        assert!((found.highest[k].value - chain.curvature(299 - k)).abs() < 1e-12, "{k}");
    }
}

/// The density of a long chain is 1/(π√((x − c)(4 + c − x))); its share below the middle is one half.
#[test]
fn the_density_of_a_chain_is_that_of_the_textbook() {
    let chain = Chain { n: 2_000, c: 1.0 };
    let settings = Quadrature { probes: 16, steps: 60, seed: 3 };
    let density = SpectralDensity::estimate(&chain, &vec![0.0; chain.n], &settings).unwrap();
    assert!((density.weights().iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert!((density.share_below(3.0) - 0.5).abs() < 0.03);
    for k in [200, 600, 1000, 1500] {
        let share = density.share_below(chain.curvature(k));
        assert!((share - k as f64 / 2000.0).abs() < 0.03, "{k}: {share}");
    }
    assert!((density.mean(|x| x) - 3.0).abs() < 0.03 && (density.mean(|x| x * x) - 11.0).abs() < 0.3);
    let at = density.at(3.0, 0.2);
    assert!((at - 1.0 / (2.0 * PI)).abs() < 0.02, "{at}");
}

#[test]
fn trace_and_diagonal_are_within_their_standard_errors() {
    let full = full(40);
    let settings = Hutchinson { probes: 4000, seed: 5 };
    let trace = settings.trace(&full, &[0.0; 40]).unwrap();
    let exact: f64 = packed::diagonal(&full.0).sum();
    assert!((trace.value - exact).abs() < 3.0 * trace.standard_error, "{trace:?} {exact}");
    let diagonal = settings.diagonal(&full, &[0.0; 40]).unwrap();
    let outside = packed::diagonal(&full.0)
        .zip(diagonal.values.iter().zip(&diagonal.standard_errors))
        .filter(|(exact, (value, error))| (*value - exact).abs() > 2.0 * **error)
        .count();
    assert!(outside <= 6, "{outside} of 40 outside of two standard errors");
}

#[test]
fn a_seed_gives_the_same_bits() {
    let full = full(100);
    let twice = || Lanczos { seed: 9, ..Default::default() }.extremes(&full, &[0.0; 100]).unwrap();
    assert_eq!(twice(), twice());
    let twice = || SpectralDensity::estimate(&full, &[0.0; 100], &Quadrature::default()).unwrap();
    assert_eq!(twice(), twice());
}

#[test]
fn what_cannot_be_done_is_said() {
    let chain = Chain { n: 3, c: 1.0 };
    let refused = Lanczos::default().extremes(&chain, &[0.0; 2]).unwrap_err();
    assert_eq!(refused.to_string(), "the point has 2 coordinates, expected 3");
    let refused = Hutchinson { probes: 0, seed: 0 }.trace(&chain, &[0.0; 3]).unwrap_err();
    assert_eq!(refused.to_string(), "`probes` is 0, expected at least 1");
    let refused = Lanczos { tolerance: -1.0, ..Default::default() }.extremes(&chain, &[0.0; 3]).unwrap_err();
    assert_eq!(refused.to_string(), "`tolerance` is -1, expected a positive number");
    let broken = Full(vec![f64::NAN; 6]);
    let refused = Lanczos::default().extremes(&broken, &[0.0; 3]).unwrap_err();
    assert!(matches!(refused, KrylovError::Product { index: 0, .. }));
}
