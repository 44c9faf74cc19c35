//! Modes through every door, and functions of all kinds under the option `test`, which holds derivatives against dual
//! numbers.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs;
use std::path::Path;

use hesse::{ErrorFunction, derive_hessian, formula};
use hesse_build::{Builder, Mode};
use hesse_parser::formula::{Columns, parse_in};
use hesse_parser::rust;

/// Forms that other modes rewrite, with factors that other graphs collect.
#[derive_hessian(strict, test)]
fn as_written(w: &[f64; 3], x: &[f64]) -> f64 {
    let mut total = w[0].powi(3) / w[0] + (w[1] * w[1] + 2.0).sqrt() * (w[1] * w[1] + 2.0).sqrt();
    for x in x {
        let a = w[0] * x + w[1];
        total += (1.0 + (0.1 * a).exp()).ln() + (a * a + w[2] * w[2]).sqrt() + (0.2 * a).sin() / (0.2 * a);
    }
    total + w[2].abs().powi(2)
}

#[derive_hessian(fast, test)]
fn cheaper(w: &[f64; 3], x: &[f64]) -> f64 {
    let mut total = w[2].hypot(w[1] + 3.0);
    for x in x {
        let a = w[0] * x + w[1];
        total += (1.0 + (0.1 * a).exp()).ln() + a.hypot(w[2]) + 1.0 - (0.1 * a).cos();
    }
    total
}

#[derive_hessian(test)]
fn special(w: &[f64; 3], x: &[f64]) -> f64 {
    use hesse::math::{
        bessel_j, digamma, erfc, gelu, huber, lambert_w, ln_beta, ln_cosh, ln_gamma, ln_normal_cdf,
    };
    use hesse::math::{log_add_exp, normal_cdf, normal_pdf, sinc, xlogy};
    let mut total = 0.0;
    for x in x {
        let a = w[0] * x + 0.5 * w[1];
        let p = 1.0 + w[2] * w[2];
        total += ln_normal_cdf(a) + normal_cdf(a) * normal_pdf(0.5 * a) + ln_gamma(p + x * x);
        total += log_add_exp(a, w[2]) + xlogy(w[1], p) + ln_cosh(a) + bessel_j(2.0, a) + sinc(0.1 * a);
        total += lambert_w(p) + digamma(p) + gelu(a) + huber(a, 0.8) + ln_beta(p, p + a * a) + erfc(0.1 * a);
    }
    total
}

#[derive_hessian(strict)]
fn quotient(x: f64) -> f64 {
    x.sin() / x
}

#[derive_hessian]
fn smooth_quotient(x: f64) -> f64 {
    x.sin() / x
}

formula! { #[hesse(strict)] mod ramp; E = ln(1 + exp(x)) }

#[test]
fn attributes_and_formulas_have_modes() {
    assert!(quotient::value(0.0).is_nan());
    assert_eq!(smooth_quotient::value(0.0), 1.0);
    assert_eq!(quotient(1.5), quotient::value(1.5));
    assert_eq!(ramp::value(800.0), f64::INFINITY);
    assert_eq!(formula!(ln(1 + exp(x))).value(&[800.0]), 800.0);
}

#[test]
fn powers_of_one_base_that_stay_apart_all_count() {
    // (x^2.5 x)^2.5 is x^8.75; its second derivative has x^2.5 twice, which strict mode does not make x^5.
    let surface = formula! { #[hesse(strict)] param x; E = pow(pow(x, 2.5) * x, 2.5) };
    let mut hessian = [0.0];
    surface.value_gradient_hessian(&[0.75], &mut [0.0], &mut hessian);
    let expected = 8.75 * 7.75 * 0.75f64.powf(6.75);
    assert!((hessian[0] - expected).abs() < 1e-13 * expected, "{} is not {expected}", hessian[0]);
}

#[test]
fn rust_and_formulas_are_rewritten_alike() {
    for (option, mode) in [("strict", Mode::Strict), ("robust", Mode::Robust), ("fast", Mode::Fast)] {
        let item = syn::parse_quote! {
            fn f(x: f64, y: f64) -> f64 { x.sin() / x + x.hypot(y) + (1.0 + y.exp()).ln() }
        };
        let read = rust::parse(option.parse().unwrap(), &item).unwrap();
        let text = "param x, y\nsin(x)/x + hypot(x, y) + ln(1 + exp(y))";
        let model = parse_in(text, &Columns::none(), mode).unwrap();
        assert_eq!(read.model.applied, model.applied, "{option}");
        let nodes = |model: &hesse_parser::Model| model.graph.node(model.error).clone();
        assert_eq!(nodes(&read.model), nodes(&model), "{option}");
    }
}

#[test]
fn modules_tell_of_larger_domains() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("modes");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("sine.hes"), "E = sin(x)/x\n").unwrap();
    let written = |mode| {
        Builder::new().formula(folder.join("sine.hes")).mode(mode).out_dir(&folder).compile().unwrap();
        fs::read_to_string(folder.join("sine.rs")).unwrap()
    };
    let [strict, robust] = [Mode::Strict, Mode::Robust].map(written);
    assert!(
        robust.contains("/// `sin(c*x)/x` is taken as `c*sinc(c*x)`, which extends the domain"),
        "{robust}"
    );
    assert!(!strict.contains("extends the domain"));
    let first = |text: &str| text.lines().next().unwrap().to_owned();
    assert_ne!(first(&strict), first(&robust), "the mode is part of the fingerprint");
}
