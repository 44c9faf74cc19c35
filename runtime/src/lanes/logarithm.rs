//! ln x, ln(1 + x), log₂ x and log₁₀ x.
//!
//! x = 2ᵏ(1 + f) with 1 + f in [√½, √2). With s = f/(2 + f) and z = s²,
//! ln(1 + f) = 2 artanh s = f − f²/2 + s (f²/2 + z l(z)).

use super::Machine;
use super::exponential::{LN_2_HIGH, LN_2_LOW};
use super::machine::polynomial;

/// The natural logarithm, within 0.81 ulp; −∞ at zero, NaN below.
///
/// ```
/// use hesse_runtime::lanes::{Plain, ln};
///
/// assert_eq!(ln::<Plain>(1.0), 0.0);
/// assert_eq!(ln::<Plain>(0.0), f64::NEG_INFINITY);
/// assert!(ln::<Plain>(-1.0).is_nan());
/// ```
#[inline(always)]
#[must_use]
pub fn ln<M: Machine>(x: f64) -> f64 {
    let (normal, shift) = normalize(x);
    within_domain(x, ln_shifted::<M>(normal, shift))
}

/// ln x for normal numbers above zero.
#[inline(always)]
pub(super) fn ln_normal<M: Machine>(x: f64) -> f64 {
    ln_shifted::<M>(x, 0.0)
}

/// ln(x/2ˢ), s being the shift.
#[inline(always)]
fn ln_shifted<M: Machine>(x: f64, shift: f64) -> f64 {
    let (k, f) = split(x);
    let k = k - shift;
    let (square, rest) = curvature::<M>(f);
    let low = M::mul_add(k, LN_2_LOW, rest);
    M::mul_add(k, LN_2_HIGH, f - (square - low))
}

/// ln(1 + x), within 0.83 ulp, and `x` itself where that is the nearest number; −∞ at −1, NaN below.
///
/// ```
/// use hesse_runtime::lanes::{Plain, ln_1p};
///
/// assert_eq!(ln_1p::<Plain>(-0.0).to_bits(), (-0.0_f64).to_bits());
/// assert_eq!(ln_1p::<Plain>(1e-300), 1e-300);
/// assert_eq!(ln_1p::<Plain>(-1.0), f64::NEG_INFINITY);
/// ```
#[inline(always)]
#[must_use]
pub fn ln_1p<M: Machine>(x: f64) -> f64 {
    within_domain(1.0 + x, ln_1p_inside::<M>(x))
}

/// ln(1 + x) for finite x above −1.
#[inline(always)]
pub(super) fn ln_1p_inside<M: Machine>(x: f64) -> f64 {
    let sum = 1.0 + x;
    let back = sum - 1.0;
    let lost = (1.0 - (sum - back)) + (x - back);
    let bits = sum.to_bits().wrapping_add(ONE - SQRT_HALF);
    let k = f64::from_bits((bits >> 52) | EXPONENT) - (TWO_52 + 1023.0);
    let whole = f64::from_bits((bits & MANTISSA) + SQRT_HALF) - 1.0;
    // What the sum lost, on twice the scale of f (2⁻ᵏ may be too small a number): for k = 0 this makes f = x.
    let lost = lost * f64::from_bits((2047_u64 << 52).wrapping_sub(bits & !MANTISSA));
    let f = M::mul_add(0.5, lost, whole);
    let rounding = M::mul_add(0.5, lost, whole - f);
    let (square, rest) = curvature::<M>(f);
    let low = M::mul_add(k, LN_2_LOW, rest + rounding);
    M::mul_add(k, LN_2_HIGH, f - (square - low)).copysign(x)
}

/// The logarithm to base 2, within 0.77 ulp; exact for powers of 2; −∞ at zero, NaN below.
///
/// ```
/// use hesse_runtime::lanes::{Plain, log2};
///
/// assert_eq!(log2::<Plain>(1024.0), 10.0);
/// ```
#[inline(always)]
#[must_use]
pub fn log2<M: Machine>(x: f64) -> f64 {
    let (normal, shift) = normalize(x);
    let (k, f) = split(normal);
    within_domain(x, to_base::<M>(f, k - shift, 0.0, LOG2_E_HIGH, LOG2_E_LOW))
}

/// The logarithm to base 10, within 0.71 ulp; −∞ at zero, NaN below.
///
/// ```
/// use hesse_runtime::lanes::{Plain, log10};
///
/// assert_eq!(log10::<Plain>(1000.0), 3.0);
/// ```
#[inline(always)]
#[must_use]
pub fn log10<M: Machine>(x: f64) -> f64 {
    let (normal, shift) = normalize(x);
    let (k, f) = split(normal);
    let k = k - shift;
    within_domain(x, to_base::<M>(f, k * LOG10_2_HIGH, k * LOG10_2_LOW, LOG10_E_HIGH, LOG10_E_LOW))
}

/// A normal number and the power of 2 by which it exceeds `x`.
#[inline(always)]
fn normalize(x: f64) -> (f64, f64) {
    let subnormal = x < f64::MIN_POSITIVE;
    let normal = if subnormal { x * TWO_54 } else { x };
    (normal, if subnormal { 54.0 } else { 0.0 })
}

/// k and f of x = 2ᵏ(1 + f), for normal x above zero.
#[inline(always)]
fn split(x: f64) -> (f64, f64) {
    // The exponent steps at √½·2ᵏ, so that it can be read off.
    let bits = x.to_bits().wrapping_add(ONE - SQRT_HALF);
    let k = f64::from_bits((bits >> 52) | EXPONENT) - (TWO_52 + 1023.0);
    (k, f64::from_bits((bits & MANTISSA) + SQRT_HALF) - 1.0)
}

/// f²/2 and s (f²/2 + z l(z)).
#[inline(always)]
fn curvature<M: Machine>(f: f64) -> (f64, f64) {
    let s = f / (2.0 + f);
    let z = s * s;
    let square = 0.5 * f * f;
    (square, s * M::mul_add(z, polynomial::<M, _>(z, &ARTANH), square))
}

/// ln(1 + f)·(high + low) + k + `k_low`, where `k` is an exact product.
#[inline(always)]
fn to_base<M: Machine>(f: f64, k: f64, k_low: f64, high: f64, low: f64) -> f64 {
    let (square, rest) = curvature::<M>(f);
    // 21 bits here and 32 in `high`: their product is exact.
    let head = f64::from_bits((f - square).to_bits() & !0xffff_ffff);
    let tail = ((f - head) - square) + rest;
    let main = head * high;
    let minor = M::mul_add(head + tail, low, M::mul_add(tail, high, k_low));
    let sum = k + main;
    ((k - sum) + main + minor) + sum
}

/// `y` for finite `x` above zero, else the limit at 0, NaN below it, and ∞ or NaN for ∞ or NaN.
#[inline(always)]
fn within_domain(x: f64, y: f64) -> f64 {
    let edge = if x == 0.0 { f64::NEG_INFINITY } else { f64::NAN };
    let y = if x > 0.0 { y } else { edge };
    if x < f64::INFINITY { y } else { x }
}

const ONE: u64 = 1.0_f64.to_bits();
/// √½, cut off after the upper half of its bits.
const SQRT_HALF: u64 = 0x3fe6_a09e_0000_0000;
const MANTISSA: u64 = (1 << 52) - 1;
/// The bits of 2⁵²: a small integer among its last bits is added to it.
const EXPONENT: u64 = TWO_52.to_bits();
const TWO_52: f64 = 4_503_599_627_370_496.0;
const TWO_54: f64 = 4.0 * TWO_52;

/// l in 2 artanh s = 2s + s z l(z), to 2⁻⁵⁸ of the logarithm; `tools/minimax.py`.
const ARTANH: [f64; 7] = [
    0.666_666_666_666_673_4,
    0.399_999_999_994_143_15,
    0.285_714_287_424_776_3,
    0.222_221_985_632_110_62,
    0.181_835_648_796_361_6,
    0.153_140_355_428_193_7,
    0.147_961_079_725_858_95,
];

/// log₂ e, log₁₀ e and log₁₀ 2 in two parts; the first ones have 32, 32 and 41 bits.
const LOG2_E_HIGH: f64 = 1.442_695_040_721_446_3;
const LOG2_E_LOW: f64 = 1.675_171_316_488_651_2e-10;
const LOG10_E_HIGH: f64 = 0.434_294_481_878_168_9;
const LOG10_E_LOW: f64 = 2.508_294_671_164_527_5e-11;
const LOG10_2_HIGH: f64 = 0.301_029_995_663_839_14;
const LOG10_2_LOW: f64 = 1.420_502_322_726_61e-13;
