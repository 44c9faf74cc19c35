//! The logistic function and its kin, all through e = exp(−|x|).

use super::{abs, exp, ln_1p, max};

/// The logistic function 1 / (1 + e⁻ˣ), through e = exp(−|x|): it neither overflows nor loses
/// relative precision on either side.
#[inline]
#[must_use]
pub fn sigmoid(x: f64) -> f64 {
    let e = exp(-abs(x));
    if x < 0.0 { e / (1.0 + e) } else { 1.0 / (1.0 + e) }
}

/// ln(1 + eˣ), as max(x, 0) + ln(1 + exp(−|x|)).
#[inline]
#[must_use]
pub fn softplus(x: f64) -> f64 {
    relu(x) + ln_1p(exp(-abs(x)))
}

/// max(x, 0); NaN stays NaN.
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
