//! sin x and cos x.
//!
//! |x| = n π/2 + r with |r| ≤ π/4; π/2 stands as a sum of four numbers, the first three so short that
//! their products with n are exact. Then sin r = r + r³ s(r²) and cos r = 1 − r²/2 + r⁴ c(r²); which of the two
//! is wanted, and its sign, are in the last two bits of n.

use super::Machine;
use super::exponential::INTEGER;
use super::machine::polynomial;
use core::f64::consts::FRAC_2_PI;

/// The sine of an angle in radians, within 0.78 ulp; beyond 1.6·10⁶ it comes from `libm`.
///
/// ```
/// use hesse_runtime::lanes::{Plain, sin};
///
/// assert_eq!(sin::<Plain>(-0.0).to_bits(), (-0.0_f64).to_bits());
/// assert_eq!(sin::<Plain>(core::f64::consts::PI), 1.2246467991473532e-16);
/// ```
#[inline(always)]
#[must_use]
pub fn sin<M: Machine>(x: f64) -> f64 {
    if x.abs() <= REDUCIBLE { sin_near::<M>(x) } else { libm::sin(x) }
}

/// The cosine of an angle in radians, within 0.79 ulp; beyond 1.6·10⁶ it comes from `libm`.
///
/// ```
/// use hesse_runtime::lanes::{Plain, cos};
///
/// assert_eq!(cos::<Plain>(0.0), 1.0);
/// ```
#[inline(always)]
#[must_use]
pub fn cos<M: Machine>(x: f64) -> f64 {
    if x.abs() <= REDUCIBLE { cos_near::<M>(x) } else { libm::cos(x) }
}

/// Up to this size, about 2²⁰ quarter turns, arguments are reduced without branches.
pub(super) const REDUCIBLE: f64 = 1.6e6;

/// The sine of an angle no larger than [`REDUCIBLE`].
#[inline(always)]
pub(super) fn sin_near<M: Machine>(x: f64) -> f64 {
    let (quarters, r, low) = reduce::<M>(x.abs());
    let sign = (x.to_bits() & SIGN) ^ ((quarters << 62) & SIGN);
    f64::from_bits(sine_or_cosine::<M>(quarters, r, low).to_bits() ^ sign)
}

/// The cosine of an angle no larger than [`REDUCIBLE`].
#[inline(always)]
pub(super) fn cos_near<M: Machine>(x: f64) -> f64 {
    let (quarters, r, low) = reduce::<M>(x.abs());
    let quarters = quarters.wrapping_add(1);
    f64::from_bits(sine_or_cosine::<M>(quarters, r, low).to_bits() ^ ((quarters << 62) & SIGN))
}

/// n, in the last bits of an integer, and r as a sum of two numbers, the second below half an ulp of the first.
#[inline(always)]
fn reduce<M: Machine>(x: f64) -> (u64, f64, f64) {
    let shifted = M::mul_add(x, FRAC_2_PI, INTEGER);
    let n = shifted - INTEGER;
    // Each difference is exact, or its first operand is the larger one and the error of the difference is.
    let first = M::mul_add(n, -HALF_PI[0], x);
    let part = n * HALF_PI[1];
    let second = first - part;
    let mut low = (first - second) - part;
    let part = n * HALF_PI[2];
    let third = second - part;
    low += (second - third) - part;
    low = M::mul_add(n, -HALF_PI[3], low);
    let r = third + low;
    (shifted.to_bits(), r, (third - r) + low)
}

/// sin(r + low) for an even number of quarter turns, cos(r + low) for an odd one.
#[inline(always)]
fn sine_or_cosine<M: Machine>(quarters: u64, r: f64, low: f64) -> f64 {
    let z = r * r;
    let half = 0.5 * z;
    let cubic = M::mul_add(z * r, polynomial::<M, _>(z, &SIN), M::mul_add(-half, low, low));
    let sine = r + cubic;
    let one = 1.0 - half;
    let quartic = M::mul_add(z * z, polynomial::<M, _>(z, &COS), -r * low);
    let cosine = one + (((1.0 - one) - half) + quartic);
    if quarters & 1 == 0 { sine } else { cosine }
}

/// The spherical Bessel function jₙ(x), within 2 ulp for n = 0 (sin(x)/x); orders above 3 are a call.
///
/// ```
/// use hesse_runtime::lanes::{Plain, spherical_bessel};
///
/// assert_eq!(spherical_bessel::<Plain>(0.0, 0.0), 1.0);
/// assert_eq!(spherical_bessel::<Plain>(1.0, 0.0), 0.0);
/// ```
#[inline(always)]
#[must_use]
pub fn spherical_bessel<M: Machine>(n: f64, x: f64) -> f64 {
    // The order is the same for all lanes, so this branch leaves their loop.
    if !(n == 0.0 || n == 1.0 || n == 2.0 || n == 3.0) {
        return crate::math::spherical_bessel(n, x);
    }
    let order = n as u32;
    let reciprocal = 1.0 / x;
    let mut here = sin::<M>(x) * reciprocal;
    if order == 0 {
        return if x == 0.0 { 1.0 } else { sin::<M>(x) / x };
    }
    let mut next = (here - cos::<M>(x)) * reciprocal;
    for k in 1..order {
        (here, next) = (next, f64::from(2 * k + 1) * reciprocal * next - here);
    }
    // Below n + 1 the recurrence loses digits, and fourteen terms of the series (DLMF 10.53.1) are enough.
    let half = -0.5 * x * x;
    let mut series = 1.0;
    for k in (1..15).rev() {
        series = M::mul_add(series, half / (f64::from(k) * f64::from(2 * order + 2 * k + 1)), 1.0);
    }
    for k in 1..=order {
        series *= x / f64::from(2 * k + 1);
    }
    if x.abs() < n + 1.0 { series } else { next }
}

const SIGN: u64 = 1 << 63;

/// π/2 as a sum; the first three have at most 33 bits.
const HALF_PI: [f64; 4] = [
    1.570_796_326_734_125_6,
    6.077_100_506_303_966e-11,
    2.022_266_248_711_166_5e-21,
    8.478_427_660_368_9e-32,
];

/// s in sin r = r + r³ s(z), to 2⁻⁵⁷ of the sine; `tools/minimax.py`.
const SIN: [f64; 6] = [
    -0.166_666_666_666_666_32,
    0.008_333_333_333_322_42,
    -0.000_198_412_698_298_121_28,
    2.755_731_369_350_462_3e-6,
    -2.505_075_837_569_927_3e-8,
    1.589_681_138_117_813_4e-10,
];

/// c in cos r = 1 − z/2 + z² c(z), to 2⁻⁵⁹.
const COS: [f64; 6] = [
    0.041_666_666_666_666_6,
    -0.001_388_888_888_887_413_3,
    2.480_158_728_948_706_7e-5,
    -2.755_731_435_380_756e-7,
    2.087_572_348_177_049_4e-9,
    -1.135_965_899_605_712_6e-11,
];
