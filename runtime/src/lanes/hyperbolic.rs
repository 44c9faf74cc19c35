//! tanh x, sech x and ln cosh x.

use super::Machine;
use super::exponential::{exp, exp_m1, exp_m1_parts};
use super::logarithm::ln_1p_inside;
use super::machine::first_half;

/// The hyperbolic tangent, within 1.42 ulp (0.86 below |x| = 18); odd to the last bit.
///
/// With t = exp(−2|x|) − 1, tanh |x| = −t/(2 + t). Both are kept as sums of two numbers, and the quotient is
/// corrected by its exact remainder, because three roundings would add up to 2.5 ulp.
///
/// ```
/// use hesse_runtime::lanes::{Plain, tanh};
///
/// assert_eq!(tanh::<Plain>(-0.0).to_bits(), (-0.0_f64).to_bits());
/// assert_eq!(tanh::<Plain>(-20.0), -1.0);
/// ```
#[inline(always)]
#[must_use]
pub fn tanh<M: Machine>(x: f64) -> f64 {
    // Beyond 19.1 the nearest number is 1; NaN passes.
    let size = x.abs();
    let size = if size > 19.1 { 19.1 } else { size };
    let (high, low) = exp_m1_parts::<M>(-2.0 * size, 1.0);
    let head = high + low;
    let tail = (high - head) + low;
    let divisor = 2.0 + head;
    let lost = (2.0 - divisor) + head + tail;
    let reciprocal = 1.0 / divisor;
    // Products of numbers of 26 bits are exact, with and without fused multiply-add.
    let quotient = first_half(-head * reciprocal);
    let divisor_high = first_half(divisor);
    let divisor_low = (divisor - divisor_high) + lost;
    let remainder = M::mul_add(-quotient, divisor_low, M::mul_add(-quotient, divisor_high, -head)) - tail;
    M::mul_add(remainder, reciprocal, quotient).copysign(x)
}

/// The hyperbolic secant 1/cosh x, within 2.5 ulp; even to the last bit.
///
/// With e = exp(−|x|) it is 2e/(1 + e²).
///
/// ```
/// use hesse_runtime::lanes::{Plain, sech};
///
/// assert_eq!(sech::<Plain>(0.0), 1.0);
/// assert_eq!(sech::<Plain>(f64::NEG_INFINITY), 0.0);
/// ```
#[inline(always)]
#[must_use]
pub fn sech<M: Machine>(x: f64) -> f64 {
    let e = exp::<M>(-x.abs());
    2.0 * e / M::mul_add(e, e, 1.0)
}

/// ln cosh x, within 3 ulp; even to the last bit.
///
/// With t = exp(−2|x|) − 1, sinh² x = t²/(4(1 + t)); near zero ln cosh x = ½ ln(1 + sinh² x), beyond it is
/// |x| + ln(1 + t/2).
///
/// ```
/// use hesse_runtime::lanes::{Plain, ln_cosh};
///
/// assert_eq!(ln_cosh::<Plain>(1e-10), 5e-21);
/// assert_eq!(ln_cosh::<Plain>(-1e300), 1e300);
/// ```
#[inline(always)]
#[must_use]
pub fn ln_cosh<M: Machine>(x: f64) -> f64 {
    let size = x.abs();
    let t = exp_m1::<M>(-2.0 * size);
    // Far out 1 + t is 0, but this branch is not taken there.
    let near = 0.5 * ln_1p_inside::<M>(0.25 * t * t / (1.0 + t).max(0.01));
    let far = size + ln_1p_inside::<M>(0.5 * t);
    if size < 1.0 { near } else { far }
}
