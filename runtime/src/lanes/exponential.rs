//! eˣ, 2ˣ and eˣ − 1.
//!
//! x = n ln 2 + r with |r| ≤ ½ ln 2, then eʳ = 1 + r + r² q(r). Powers of two are made by shifting an
//! integer into the exponent. That integer stands in the last bits of x·log₂e + 1.5·2⁵², so no
//! conversion between floats and integers is needed, which AVX2 lacks for 64 bits.

use super::Machine;
use super::machine::polynomial;
use core::f64::consts::{LN_2, LOG2_E};

/// eˣ, within 1.01 ulp, of subnormal numbers too.
///
/// ```
/// use hesse_runtime::lanes::{Plain, exp};
///
/// assert_eq!(exp::<Plain>(0.0), 1.0);
/// assert_eq!(exp::<Plain>(f64::NEG_INFINITY), 0.0);
/// assert_eq!(exp::<Plain>(710.0), f64::INFINITY);
/// ```
#[inline(always)]
#[must_use]
pub fn exp<M: Machine>(x: f64) -> f64 {
    // Beyond these the result is ∞ or 0; NaN passes both comparisons.
    let x = if x > 710.0 { 710.0 } else { x };
    let x = if x < -746.0 { -746.0 } else { x };
    let (shifted, n) = reduce::<M>(x);
    let r = M::mul_add(n, -LN_2_LOW, M::mul_add(n, -LN_2_HIGH, x));
    scale(1.0 + exp_m1_reduced::<M>(r), shifted)
}

/// 2ˣ, within 1.08 ulp; exact for integers.
///
/// ```
/// use hesse_runtime::lanes::{Plain, exp2};
///
/// assert_eq!(exp2::<Plain>(10.0), 1024.0);
/// ```
#[inline(always)]
#[must_use]
pub fn exp2<M: Machine>(x: f64) -> f64 {
    let x = if x > 1025.0 { 1025.0 } else { x };
    let x = if x < -1077.0 { -1077.0 } else { x };
    let shifted = x + INTEGER;
    let r = (x - (shifted - INTEGER)) * LN_2;
    scale(1.0 + exp_m1_reduced::<M>(r), shifted)
}

/// eˣ − 1, within 1.15 ulp, and `x` itself where that is the nearest number.
///
/// ```
/// use hesse_runtime::lanes::{Plain, exp_m1};
///
/// assert_eq!(exp_m1::<Plain>(-0.0).to_bits(), (-0.0_f64).to_bits());
/// assert_eq!(exp_m1::<Plain>(1e-300), 1e-300);
/// assert_eq!(exp_m1::<Plain>(-1e3), -1.0);
/// ```
#[inline(always)]
#[must_use]
pub fn exp_m1<M: Machine>(x: f64) -> f64 {
    let clamped = if x > 710.0 { 710.0 } else { x };
    let clamped = if clamped < -50.0 { -50.0 } else { clamped };
    // Half of the result does not overflow before the result does.
    let (head, tail) = exp_m1_parts::<M>(clamped, 0.5);
    let y = 2.0 * (head + tail);
    if x.abs() < HALF_ULP_OF_ONE { x } else { y }
}

/// `unit`·(eˣ − 1) as a sum of two numbers, the first the larger; −50 ≤ x ≤ 710, and `unit`
/// is 1 or ½.
#[inline(always)]
pub(super) fn exp_m1_parts<M: Machine>(x: f64, unit: f64) -> (f64, f64) {
    let (shifted, n) = reduce::<M>(x);
    let high = M::mul_add(n, -LN_2_HIGH, x);
    let low = n * LN_2_LOW;
    let r = high - low;
    let rounding = (high - r) - low;
    let curved = M::mul_add(r * r, polynomial::<M, _>(r, &EXP_M1), rounding);
    let power = f64::from_bits((shifted.to_bits() << 52).wrapping_add(unit.to_bits()));
    // 2ⁿ − 1 is exact or dwarfs what it lost, and it is 0 or above 2ⁿ|r|, so the error of the sum is exact.
    let whole = power - unit;
    let head = M::mul_add(power, r, whole);
    let error = M::mul_add(power, r, whole - head);
    (head, M::mul_add(power, curved, error))
}

/// The integer n nearest to x/ln 2: in the last bits of a number, and as a number.
#[inline(always)]
pub(super) fn reduce<M: Machine>(x: f64) -> (f64, f64) {
    let shifted = M::mul_add(x, LOG2_E, INTEGER);
    (shifted, shifted - INTEGER)
}

/// eʳ − 1 for |r| ≤ ½ ln 2, rounded as befits a summand of 1.
#[inline(always)]
pub(super) fn exp_m1_reduced<M: Machine>(r: f64) -> f64 {
    M::mul_add(r * r, polynomial::<M, _>(r, &EXP), r)
}

/// `y`·2ⁿ, where n is in the last bits of `shifted`; in two steps, because the range of n exceeds that of one exponent.
#[inline(always)]
pub(super) fn scale(y: f64, shifted: f64) -> f64 {
    let n = shifted.to_bits();
    let half = n >> 1;
    y * power_of_two(half) * power_of_two(n - half)
}

/// 2ⁿ for the n in the last twelve bits.
#[inline(always)]
fn power_of_two(n: u64) -> f64 {
    f64::from_bits((n << 52).wrapping_add(1.0_f64.to_bits()))
}

/// 1.5·2⁵²: a number below 2⁵¹ added to it is rounded to an integer, which the last bits then hold.
pub(super) const INTEGER: f64 = 6_755_399_441_055_744.0;

/// 2⁻⁵⁴.
const HALF_ULP_OF_ONE: f64 = f64::EPSILON / 4.0;

/// ln 2 in two parts; the first has 41 bits, so that its products with exponents are exact.
pub(super) const LN_2_HIGH: f64 = 0.693_147_180_559_663;
pub(super) const LN_2_LOW: f64 = 2.823_529_056_303_157_7e-13;

/// q in eʳ = 1 + r + r² q(r), to 2⁻⁵⁶ of eʳ; `tools/minimax.py`.
const EXP: [f64; 10] = [
    0.500_000_000_000_001_1,
    0.166_666_666_666_664_16,
    0.041_666_666_666_530_155,
    0.008_333_333_333_494_468,
    0.001_388_888_894_362_864_4,
    0.000_198_412_695_065_675_8,
    2.480_149_310_040_7e-5,
    2.755_758_638_321_879_3e-6,
    2.763_024_785_444_046_4e-7,
    2.500_005_859_566_732e-8,
];

/// The same to 2⁻⁶⁰ of eʳ − 1.
const EXP_M1: [f64; 11] = [
    0.5,
    0.166_666_666_666_666_77,
    0.041_666_666_666_666_7,
    0.008_333_333_333_321_615,
    0.001_388_888_888_886_686_7,
    0.000_198_412_698_861_579_52,
    2.480_158_736_050_322e-5,
    2.755_724_418_247_949e-6,
    2.755_724_280_629_486e-7,
    2.510_904_469_961_837e-8,
    2.092_442_816_389_155_6e-9,
];
