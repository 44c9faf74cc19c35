//! The standard normal distribution: the lane kernels, one number at a time.

use crate::lanes::{self, Plain};

/// The density φ(x) = exp(−x²/2)/√(2π).
///
/// ```
/// assert!((hesse_runtime::math::normal_pdf(0.0) - 0.3989422804014327).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn normal_pdf(x: f64) -> f64 {
    lanes::normal_pdf::<Plain>(x)
}

/// ln φ(x) = −x²/2 − ln √(2π).
///
/// ```
/// assert!((hesse_runtime::math::ln_normal_pdf(0.0) + 0.9189385332046727).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn ln_normal_pdf(x: f64) -> f64 {
    const LN_ROOT: f64 = 0.918_938_533_204_672_7;
    -0.5 * x * x - LN_ROOT
}

/// The distribution function Φ(x), accurate where it is tiny.
///
/// ```
/// use hesse_runtime::math::normal_cdf;
///
/// assert_eq!(normal_cdf(0.0), 0.5);
/// assert!((normal_cdf(-38.0) / 2.885_428_351_e-316 - 1.0).abs() < 1e-7);
/// ```
#[inline]
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    lanes::normal_cdf::<Plain>(x)
}

/// ln Φ(x), where Φ(x) is 0 too.
///
/// ```
/// use hesse_runtime::math::ln_normal_cdf;
///
/// assert!((ln_normal_cdf(-100.0) + 5_005.524_208_694_205).abs() < 1e-10);
/// ```
#[inline]
#[must_use]
pub fn ln_normal_cdf(x: f64) -> f64 {
    lanes::ln_normal_cdf::<Plain>(x)
}

/// φ(x)/Φ(x), the slope of ln Φ: the hazard of the normal distribution, seen from the left.
///
/// ```
/// use hesse_runtime::math::normal_hazard;
///
/// // φ(0)/Φ(0) = √(2/π), and about −x far to the left
/// assert!((normal_hazard(0.0) - (2.0 / std::f64::consts::PI).sqrt()).abs() < 1e-15);
/// assert!((normal_hazard(-1e6) / 1e6 - 1.0).abs() < 1e-11);
/// ```
#[inline]
#[must_use]
pub fn normal_hazard(x: f64) -> f64 {
    lanes::normal_hazard::<Plain>(x)
}

/// x + φ(x)/Φ(x), the mean excess, without the cancellation of this sum far on the left.
///
/// ```
/// use hesse_runtime::math::normal_excess;
///
/// assert!((normal_excess(-1e8) / 1e-8 - 1.0).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn normal_excess(x: f64) -> f64 {
    lanes::normal_excess::<Plain>(x)
}
