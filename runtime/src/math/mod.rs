//! The elementary functions that generated code and the evaluator both call.
//!
//! One spelling for every caller, so that a kernel gives the same bits whether it was compiled or
//! evaluated. With the feature `std` the functions are the platform's, without it they come from
//! `libm`; those the platform has not, or not to the last digits, always come from `libm` ([`erf`], [`erfc`], [`asinh`],
//! [`acosh`], [`atanh`]) or stand here, a family per file.
//!
//! ```
//! use hesse_runtime::math;
//!
//! assert_eq!(math::exp(0.0), 1.0);
//! assert_eq!(math::powi(2.0, -2), 0.25);
//! // Stable at both ends: no overflow on the left, no cancellation on the right.
//! assert_eq!(math::softplus(-800.0), 0.0);
//! assert_eq!(math::softplus(800.0), 800.0);
//! assert_eq!(math::sigmoid(-40.0), (-40.0_f64).exp() / (1.0 + (-40.0_f64).exp()));
//! ```

mod activation;
mod bessel;
mod gamma;
mod lambert;
mod normal;

pub use activation::{elu, gelu, huber, leaky_relu, mish, pseudo_huber, relu, selu, silu};
pub use activation::{ln_cosh, log_add_exp, log_sigmoid, sigmoid, sigmoid_slope, softplus};
pub use bessel::{bessel_j, bessel_j0, bessel_j1, sinc, spherical_bessel};
pub use gamma::{beta, digamma, digamma_rise, gamma, ln_beta, ln_gamma, polygamma, trigamma, trigamma_fall};
pub use lambert::{lambert_ratio, lambert_w};
pub use normal::{ln_normal_cdf, ln_normal_pdf, normal_cdf, normal_excess, normal_hazard, normal_pdf};

/// Declares functions of one argument that exist both in `std` and in `libm`.
macro_rules! unary {
    ($($(#[$doc:meta])* $name:ident = $libm:ident;)*) => {$(
        $(#[$doc])*
        #[inline]
        #[must_use]
        pub fn $name(x: f64) -> f64 {
            #[cfg(feature = "std")]
            return x.$name();
            #[cfg(not(feature = "std"))]
            return libm::$libm(x);
        }
    )*};
}

unary! {
    /// The exponential eˣ.
    exp = exp;
    /// The power 2ˣ.
    exp2 = exp2;
    /// eˣ − 1, accurate near zero.
    exp_m1 = expm1;
    /// The natural logarithm; NaN below zero, −∞ at zero.
    #[doc(alias = "log")]
    ln = log;
    /// ln(1 + x), accurate near zero.
    ln_1p = log1p;
    /// The logarithm to base 2.
    log2 = log2;
    /// The logarithm to base 10.
    log10 = log10;
    /// The square root, correctly rounded; NaN below zero.
    sqrt = sqrt;
    /// The real cube root, odd in `x`.
    cbrt = cbrt;
    /// The sine of an angle in radians.
    sin = sin;
    /// The cosine of an angle in radians.
    cos = cos;
    /// The tangent of an angle in radians.
    tan = tan;
    /// The arc sine, in [−π/2, π/2]; NaN outside [−1, 1].
    asin = asin;
    /// The arc cosine, in [0, π]; NaN outside [−1, 1].
    acos = acos;
    /// The arc tangent, in (−π/2, π/2).
    atan = atan;
    /// The hyperbolic sine.
    sinh = sinh;
    /// The hyperbolic cosine.
    cosh = cosh;
    /// The hyperbolic tangent.
    tanh = tanh;
    /// The absolute value.
    abs = fabs;
    /// The largest integer not above `x`.
    floor = floor;
    /// The smallest integer not below `x`.
    ceil = ceil;
    /// The nearest integer, halves away from zero.
    round = round;
    /// The integer part, rounding toward zero.
    trunc = trunc;
}

/// −1, 0 or 1 as `x` is negative, zero (of either sign) or positive; NaN stays NaN.
///
/// Unlike [`f64::signum`] it is 0 at 0, which is the branch the derivative of |x| takes there.
///
/// ```
/// assert_eq!(hesse_runtime::math::sign(-0.3), -1.0);
/// ```
#[inline]
#[must_use]
pub fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else if x == 0.0 {
        0.0
    } else {
        x
    }
}

/// 1/cosh x, as 2e/(1 + e²) with e = exp(−|x|): it neither overflows nor loses its relative accuracy far out.
///
/// ```
/// use hesse_runtime::math;
///
/// assert_eq!(math::sech(0.0), 1.0);
/// assert_eq!(math::sech(-720.0), 2.0 * (-720.0_f64).exp());
/// ```
#[inline]
#[must_use]
pub fn sech(x: f64) -> f64 {
    let e = exp(-abs(x));
    2.0 * e / (1.0 + e * e)
}

/// xʸ for real exponents; NaN for a negative `x` with a `y` that is no integer, 1 for `y` = 0.
///
/// ```
/// assert_eq!(hesse_runtime::math::pow(2.0, 10.0), 1024.0);
/// ```
#[inline]
#[must_use]
pub fn pow(x: f64, y: f64) -> f64 {
    #[cfg(feature = "std")]
    return x.powf(y);
    #[cfg(not(feature = "std"))]
    return libm::pow(x, y);
}

/// xⁿ for an integer exponent, by repeated squaring: O(log |n|) multiplications.
///
/// Written out here because the precision of [`f64::powi`] is left to the platform.
///
/// ```
/// use hesse_runtime::math::powi;
///
/// assert_eq!(powi(-3.0, 3), -27.0);
/// assert_eq!(powi(0.0, 0), 1.0);
/// assert_eq!(powi(2.0, i32::MIN), 0.0);
/// ```
#[inline]
#[must_use]
pub fn powi(x: f64, n: i32) -> f64 {
    let mut rest = n.unsigned_abs();
    let mut square = x;
    let mut power = 1.0;
    loop {
        if rest & 1 == 1 {
            power *= square;
        }
        rest >>= 1;
        if rest == 0 {
            break;
        }
        square *= square;
    }
    if n < 0 { 1.0 / power } else { power }
}

/// The angle of the point (x, y) in (−π, π]; note that `y` comes first.
///
/// ```
/// assert_eq!(hesse_runtime::math::atan2(0.0, 1.0), 0.0);
/// ```
#[inline]
#[must_use]
pub fn atan2(y: f64, x: f64) -> f64 {
    #[cfg(feature = "std")]
    return y.atan2(x);
    #[cfg(not(feature = "std"))]
    return libm::atan2(y, x);
}

/// √(x² + y²) without overflow or underflow on the way.
///
/// ```
/// assert_eq!(hesse_runtime::math::hypot(3.0, 4.0), 5.0);
/// ```
#[inline]
#[must_use]
pub fn hypot(x: f64, y: f64) -> f64 {
    #[cfg(feature = "std")]
    return x.hypot(y);
    #[cfg(not(feature = "std"))]
    return libm::hypot(x, y);
}

/// The smaller argument; the first one on a tie, NaN where either is NaN.
///
/// [`f64::min`] would drop the NaN and with it the news that something went wrong.
///
/// ```
/// use hesse_runtime::math::min;
///
/// assert_eq!(min(1.0, 2.0), 1.0);
/// assert!(min(f64::NAN, 2.0).is_nan() && min(2.0, f64::NAN).is_nan());
/// ```
#[inline]
#[must_use]
pub fn min(x: f64, y: f64) -> f64 {
    if x <= y || x.is_nan() { x } else { y }
}

/// The larger argument; the first one on a tie, NaN where either is NaN.
///
/// [`f64::max`] would drop the NaN and with it the news that something went wrong.
///
/// ```
/// assert_eq!(hesse_runtime::math::max(1.0, 2.0), 2.0);
/// ```
#[inline]
#[must_use]
pub fn max(x: f64, y: f64) -> f64 {
    if x >= y || x.is_nan() { x } else { y }
}

/// The inverse hyperbolic sine; right beyond 1.3e154 too, where the platform's overflows.
///
/// ```
/// assert_eq!(hesse_runtime::math::asinh(0.0), 0.0);
/// ```
#[inline]
#[must_use]
pub fn asinh(x: f64) -> f64 {
    libm::asinh(x)
}

/// The inverse hyperbolic cosine; NaN below 1, accurate right above it.
///
/// ```
/// assert_eq!(hesse_runtime::math::acosh(1.0), 0.0);
/// ```
#[inline]
#[must_use]
pub fn acosh(x: f64) -> f64 {
    libm::acosh(x)
}

/// The inverse hyperbolic tangent; NaN outside [−1, 1].
///
/// ```
/// assert_eq!(hesse_runtime::math::atanh(0.0), 0.0);
/// ```
#[inline]
#[must_use]
pub fn atanh(x: f64) -> f64 {
    libm::atanh(x)
}

/// (1 − x)(1 + x): 1 − x² without cancellation near ±1.
///
/// ```
/// use hesse_runtime::math::one_minus_square;
///
/// assert_eq!(one_minus_square(1.0 - 1e-10), (1.0 - (1.0 - 1e-10)) * (2.0 - 1e-10));
/// ```
#[inline]
#[must_use]
pub fn one_minus_square(x: f64) -> f64 {
    (1.0 - x) * (1.0 + x)
}

/// x/√(x² + y²): the cosine of the angle of the point (x, y); NaN at the origin.
///
/// ```
/// assert!((hesse_runtime::math::direction(3.0, 4.0) - 0.6).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn direction(x: f64, y: f64) -> f64 {
    x / hypot(x, y)
}

/// √(1 + x²) − 1, accurate near zero.
///
/// ```
/// use hesse_runtime::math::hypot_m1;
///
/// assert!((hypot_m1(1e-10) / 5e-21 - 1.0).abs() < 1e-15);
/// assert_eq!(hypot_m1(-1e200), 1e200);
/// ```
#[inline]
#[must_use]
pub fn hypot_m1(x: f64) -> f64 {
    x * (x / (1.0 + hypot(1.0, x)))
}

/// x ln y; 0 where `x` is 0, as the limit is for y = x.
///
/// ```
/// use hesse_runtime::math::xlogy;
///
/// assert_eq!(xlogy(0.0, 0.0), 0.0);
/// assert_eq!(xlogy(2.0, 1.0), 0.0);
/// ```
#[inline]
#[must_use]
pub fn xlogy(x: f64, y: f64) -> f64 {
    if x == 0.0 && !y.is_nan() { 0.0 } else { x * ln(y) }
}

/// x ln x, 0 at 0.
///
/// ```
/// assert_eq!(hesse_runtime::math::xlogx(0.0), 0.0);
/// ```
#[inline]
#[must_use]
pub fn xlogx(x: f64) -> f64 {
    xlogy(x, x)
}

/// The error function of statistics, 2/√π ∫₀ˣ exp(−t²) dt.
///
/// ```
/// assert!((hesse_runtime::math::erf(0.5) - 0.5204998778130465).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// 1 − erf(x), accurate where it is tiny.
///
/// ```
/// assert!((hesse_runtime::math::erfc(0.5) - 0.4795001221869535).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}
