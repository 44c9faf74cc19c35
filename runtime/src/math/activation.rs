//! The logistic function and its kin, all through e = exp(−|x|), and what networks and robust fits make of them.

use super::{abs, exp, exp_m1, hypot_m1, ln_1p, max, normal_cdf, tanh};

/// The logistic function 1 / (1 + e⁻ˣ), through e = exp(−|x|): it neither overflows nor loses
/// relative precision on either side.
///
/// ```
/// assert_eq!(hesse_runtime::math::sigmoid(0.0), 0.5);
/// ```
#[inline]
#[must_use]
pub fn sigmoid(x: f64) -> f64 {
    let e = exp(-abs(x));
    if x < 0.0 { e / (1.0 + e) } else { 1.0 / (1.0 + e) }
}

/// ln(1 + eˣ), as max(x, 0) + ln(1 + exp(−|x|)).
///
/// ```
/// assert_eq!(hesse_runtime::math::softplus(800.0), 800.0);
/// ```
#[inline]
#[must_use]
pub fn softplus(x: f64) -> f64 {
    relu(x) + ln_1p(exp(-abs(x)))
}

/// max(x, 0); NaN stays NaN.
///
/// ```
/// assert_eq!(hesse_runtime::math::relu(-2.0), 0.0);
/// ```
#[inline]
#[must_use]
pub fn relu(x: f64) -> f64 {
    if x < 0.0 { 0.0 } else { x }
}

/// σ(x) σ(−x), the slope of [`sigmoid`], as e/(1 + e)² with e = exp(−|x|).
///
/// ```
/// use hesse_runtime::math::sigmoid_slope;
///
/// assert_eq!(sigmoid_slope(0.0), 0.25);
/// assert_eq!(sigmoid_slope(40.0), sigmoid_slope(-40.0));
/// ```
#[inline]
#[must_use]
pub fn sigmoid_slope(x: f64) -> f64 {
    let e = exp(-abs(x));
    e / ((1.0 + e) * (1.0 + e))
}

/// ln(eˣ + eʸ), as the larger of the two plus ln(1 + exp(−|x − y|)).
///
/// ```
/// use hesse_runtime::math::log_add_exp;
///
/// assert_eq!(log_add_exp(-1e17, 1.0), 1.0);
/// assert_eq!(log_add_exp(f64::NEG_INFINITY, f64::NEG_INFINITY), f64::NEG_INFINITY);
/// ```
#[inline]
#[must_use]
pub fn log_add_exp(x: f64, y: f64) -> f64 {
    if x == y { x + core::f64::consts::LN_2 } else { max(x, y) + ln_1p(exp(-abs(x - y))) }
}

/// ln cosh x, where cosh x overflows too, and accurate near zero.
///
/// ```
/// use hesse_runtime::math::ln_cosh;
///
/// assert_eq!(ln_cosh(1e-10), 5e-21);
/// assert_eq!(ln_cosh(-1e300), 1e300);
/// ```
#[inline]
#[must_use]
pub fn ln_cosh(x: f64) -> f64 {
    crate::lanes::ln_cosh::<crate::lanes::Plain>(x)
}

/// ln σ(x), where σ(x) is 0 too.
///
/// ```
/// assert_eq!(hesse_runtime::math::log_sigmoid(-800.0), -800.0);
/// ```
#[inline]
#[must_use]
pub fn log_sigmoid(x: f64) -> f64 {
    -softplus(-x)
}

/// `x` above zero, `a`·x elsewhere.
///
/// ```
/// assert_eq!(hesse_runtime::math::leaky_relu(-2.0, 0.25), -0.5);
/// ```
#[inline]
#[must_use]
pub fn leaky_relu(x: f64, a: f64) -> f64 {
    if x > 0.0 { x } else { a * x }
}

/// The exponential linear unit: `x` above zero, `a`(eˣ − 1) elsewhere.
///
/// ```
/// assert_eq!(hesse_runtime::math::elu(2.0, 1.0), 2.0);
/// ```
#[inline]
#[must_use]
pub fn elu(x: f64, a: f64) -> f64 {
    if x > 0.0 { x } else { a * exp_m1(x) }
}

/// The self-normalizing exponential linear unit, 1.0507…·elu(x, 1.6732…) (Klambauer et al. 2017).
///
/// ```
/// assert!((hesse_runtime::math::selu(1.0) - 1.0507009873554805).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn selu(x: f64) -> f64 {
    1.050_700_987_355_480_5 * elu(x, 1.673_263_242_354_377_2)
}

/// The Gaussian error linear unit x Φ(x).
///
/// ```
/// use hesse_runtime::math::gelu;
///
/// assert_eq!(gelu(0.0), 0.0);
/// assert_eq!(gelu(10.0), 10.0);
/// ```
#[inline]
#[must_use]
pub fn gelu(x: f64) -> f64 {
    x * normal_cdf(x)
}

/// x σ(x).
///
/// ```
/// assert_eq!(hesse_runtime::math::silu(0.0), 0.0);
/// ```
#[inline]
#[must_use]
pub fn silu(x: f64) -> f64 {
    x * sigmoid(x)
}

/// x tanh(ln(1 + eˣ)).
///
/// ```
/// assert_eq!(hesse_runtime::math::mish(0.0), 0.0);
/// ```
#[inline]
#[must_use]
pub fn mish(x: f64) -> f64 {
    x * tanh(softplus(x))
}

/// Huber's loss: x²/2 where |x| ≤ d, d(|x| − d/2) elsewhere.
///
/// ```
/// use hesse_runtime::math::huber;
///
/// assert_eq!(huber(0.5, 1.0), 0.125);
/// assert_eq!(huber(-10.0, 1.0), 9.5);
/// ```
#[inline]
#[must_use]
pub fn huber(x: f64, d: f64) -> f64 {
    let size = abs(x);
    if size <= d { 0.5 * x * x } else { d * (size - 0.5 * d) }
}

/// The smooth form of Huber's loss, d²(√(1 + (x/d)²) − 1).
///
/// ```
/// assert!((hesse_runtime::math::pseudo_huber(0.75, 1.0) - 0.25).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn pseudo_huber(x: f64, d: f64) -> f64 {
    d * d * hypot_m1(x / d)
}
