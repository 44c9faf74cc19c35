//! The elementary functions where they are our own: branches, ties, extremes.

use hesse_runtime::math;

#[test]
fn not_a_number_is_never_dropped() {
    let functions: [fn(f64) -> f64; 8] =
        [math::sign, math::relu, math::sigmoid, math::softplus, math::abs, math::erf, math::erfc, math::tanh];
    assert!(functions.iter().all(|f| f(f64::NAN).is_nan()));
    for other in [-1.0, 0.0, f64::INFINITY, f64::NAN] {
        for f in [math::min, math::max] {
            assert!(f(f64::NAN, other).is_nan() && f(other, f64::NAN).is_nan());
        }
    }
}

#[test]
fn ties_pick_the_first_argument() {
    assert!(math::min(-0.0, 0.0).is_sign_negative() && math::min(0.0, -0.0).is_sign_positive());
    assert!(math::max(-0.0, 0.0).is_sign_negative() && math::max(0.0, -0.0).is_sign_positive());
    assert_eq!((math::sign(-0.0), math::sign(3.0), math::sign(-f64::INFINITY)), (0.0, 1.0, -1.0));
}

/// ln σ(x) = −softplus(−x) and σ(x) + σ(−x) = 1, which the naive formulas lose at the extremes.
#[test]
fn the_sigmoid_family_keeps_its_relative_precision() {
    for k in -7400..=7400 {
        let x = f64::from(k) * 0.1;
        let (s, p) = (math::sigmoid(x), math::softplus(-x));
        assert!((math::sigmoid(-x) + s - 1.0).abs() <= f64::EPSILON, "{x}");
        // Below the normal numbers the logarithm magnifies the spacing of its argument.
        if s >= f64::MIN_POSITIVE {
            assert!((s.ln() + p).abs() <= 4.0 * f64::EPSILON * p.max(1.0), "{x}: {s:e} {p:e}");
        }
        if x < -40.0 && x > -700.0 {
            assert!((s / x.exp() - 1.0).abs() < 1e-15, "{x}");
        }
    }
    assert_eq!((math::sigmoid(-f64::INFINITY), math::sigmoid(f64::INFINITY)), (0.0, 1.0));
    assert_eq!((math::softplus(-f64::INFINITY), math::softplus(f64::INFINITY)), (0.0, f64::INFINITY));
}

/// Abramowitz and Stegun, "Handbook of Mathematical Functions", table 7.1, and erfc far out from its
/// continued fraction.
#[test]
fn the_error_function_agrees_with_its_table() {
    for (x, value) in
        [(0.5, 0.520_499_877_8), (1.0, 0.842_700_792_9), (1.5, 0.966_105_146_5), (2.0, 0.995_322_265_0)]
    {
        assert!((math::erf(x) - value).abs() < 1e-10 && (math::erf(-x) + value).abs() < 1e-10, "{x}");
    }
    for x in [6.0_f64, 12.0, 25.0] {
        let mut fraction = x;
        for k in (1..=60).rev() {
            fraction = x + 0.5 * f64::from(k) / fraction;
        }
        let exact = (-x * x).exp() / (fraction * std::f64::consts::PI.sqrt());
        assert!((math::erfc(x) / exact - 1.0).abs() < 1e-12, "{x}");
    }
}

#[test]
fn integer_powers_are_products() {
    for n in -20_i32..=20 {
        for x in [-3.0, -0.5, 1.0, 2.0, 7.0] {
            let product = (0..n.abs()).fold(1.0, |power, _| power * x);
            let expected = if n < 0 { 1.0 / product } else { product };
            assert!((math::powi(x, n) / expected - 1.0).abs() < 1e-14, "{x}^{n}");
        }
    }
    assert_eq!(math::powi(0.0, -1), f64::INFINITY);
    assert!(math::powi(f64::NAN, 0) == 1.0);
}

/// What is documented for positive numbers ends at once for others.
#[test]
fn the_beta_family_ends_at_zero() {
    for x in [-1e17, -1e9, -7.018_314, -0.5, f64::NAN, f64::NEG_INFINITY] {
        for f in [math::beta, math::ln_beta, math::digamma_rise, math::trigamma_fall] {
            assert!(f(x, 2.5).is_nan(), "{x}");
        }
    }
    assert_eq!(math::ln_beta(0.0, 2.0), f64::INFINITY);
}
