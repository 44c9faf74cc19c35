//! The standard normal distribution: φ, Φ, ln Φ, φ/Φ and x + φ/Φ.
//!
//! For t = −x ≥ 0 the Mills ratio Φ(−t)/φ(t) is g(s)/(t + 5) with s = (t − 5)/(t + 5), and the mean excess
//! φ(t)/Φ(−t) − t is h(s)/(t + 3) with s = (t − 3)/(t + 3): one polynomial each for all t; near zero Φ is
//! ½ + ½ erf(x/√2). The square in φ is
//! kept as a sum of two numbers, because its rounding error alone would cost x²/2 ulp.

use super::Machine;
use super::exponential::{LN_2_HIGH, LN_2_LOW, exp_m1_reduced, reduce, scale};
use super::gauss::erf_near;
use super::logarithm::{ln_1p_inside, ln_normal};
use super::machine::{first_half, polynomial};

/// The density exp(−x²/2)/√(2π), within 2 ulp also where it is tiny.
///
/// ```
/// use hesse_runtime::lanes::{Plain, normal_pdf};
///
/// assert_eq!(normal_pdf::<Plain>(0.0), 0.398_942_280_401_432_7);
/// assert_eq!(normal_pdf::<Plain>(-40.0), 0.0);
/// ```
#[inline(always)]
#[must_use]
pub fn normal_pdf<M: Machine>(x: f64) -> f64 {
    density::<M>(x, INVERSE_ROOT)
}

/// The distribution function Φ, within 4 ulp also where it is tiny.
///
/// ```
/// use hesse_runtime::lanes::{Plain, normal_cdf};
///
/// assert_eq!(normal_cdf::<Plain>(0.0), 0.5);
/// assert_eq!(normal_cdf::<Plain>(10.0), 1.0);
/// ```
#[inline(always)]
#[must_use]
pub fn normal_cdf<M: Machine>(x: f64) -> f64 {
    let tail = density::<M>(x, INVERSE_ROOT * mills::<M>(x.abs()));
    let far = if x > 0.0 { 1.0 - tail } else { tail };
    if x.abs() < NEAR { near::<M>(x) } else { far }
}

/// ln Φ, within 3 ulp; where Φ is 0 too.
///
/// ```
/// use hesse_runtime::lanes::{Plain, ln_normal_cdf};
///
/// assert!((ln_normal_cdf::<Plain>(0.0) + core::f64::consts::LN_2).abs() < 1e-15);
/// assert_eq!(ln_normal_cdf::<Plain>(-1e10), -5e19);
/// ```
#[inline(always)]
#[must_use]
pub fn ln_normal_cdf<M: Machine>(x: f64) -> f64 {
    let scaled = INVERSE_ROOT * mills::<M>(x.abs());
    let is_near = x.abs() < NEAR;
    let left = ln_normal::<M>(if is_near { near::<M>(x) } else { scaled });
    let left = if is_near { left } else { M::mul_add(-0.5 * x, x, left) };
    let tail = if is_near { near::<M>(-x) } else { density::<M>(x, scaled) };
    if x > 0.0 { ln_1p_inside::<M>(-tail) } else { left }
}

/// φ/Φ, within 4 ulp.
///
/// ```
/// use hesse_runtime::lanes::{Plain, normal_hazard};
///
/// assert_eq!(normal_hazard::<Plain>(-1e10), 1e10);
/// ```
#[inline(always)]
#[must_use]
pub fn normal_hazard<M: Machine>(x: f64) -> f64 {
    let mills = mills::<M>(x.abs());
    let density = density::<M>(x, INVERSE_ROOT);
    let far = density / (1.0 - density * mills);
    let right = if x < NEAR { density / near::<M>(x) } else { far };
    if x > -NEAR { right } else { 1.0 / mills }
}

/// x + φ/Φ, within 4 ulp.
///
/// ```
/// use hesse_runtime::lanes::{Plain, normal_excess};
///
/// assert_eq!(normal_excess::<Plain>(-1e10), 1e-10);
/// ```
#[inline(always)]
#[must_use]
pub fn normal_excess<M: Machine>(x: f64) -> f64 {
    let size = x.abs();
    let left = over_all::<M, _>(size, 3.0, &EXCESS);
    if x > 0.0 { x + normal_hazard::<M>(x) } else { left }
}

/// `factor`·exp(−x²/2).
#[inline(always)]
fn density<M: Machine>(x: f64, factor: f64) -> f64 {
    // Beyond 40 the result is 0; NaN passes.
    let x = x.abs();
    let x = if x > 40.0 { 40.0 } else { x };
    let head = first_half(x);
    let square = 0.5 * head * head;
    let rest = 0.5 * (x - head) * (x + head);
    let (shifted, n) = reduce::<M>(-square);
    let r = M::mul_add(n, -LN_2_HIGH, -square) - M::mul_add(n, LN_2_LOW, rest);
    scale(M::mul_add(factor, exp_m1_reduced::<M>(r), factor), shifted)
}

/// Φ for |x| < `NEAR`, where the sum has the last bits of ½.
#[inline(always)]
fn near<M: Machine>(x: f64) -> f64 {
    M::mul_add(0.5, erf_near::<M>(x * core::f64::consts::FRAC_1_SQRT_2), 0.5)
}

/// Φ(−t)/φ(t) for t ≥ 0.
#[inline(always)]
fn mills<M: Machine>(t: f64) -> f64 {
    over_all::<M, _>(t, 5.0, &MILLS)
}

/// p(s)/(t + k) with s = (t − k)/(t + k), for t ≥ 0.
#[inline(always)]
fn over_all<M: Machine, const N: usize>(t: f64, k: f64, p: &[f64; N]) -> f64 {
    // Beyond, t + k is t; infinity would make s NaN.
    let bounded = if t > f64::MAX { f64::MAX } else { t };
    let reciprocal = 1.0 / (bounded + k);
    let s = (bounded - k) * reciprocal;
    polynomial::<M, _>(s, p) / (t + k)
}

/// Where Φ(−x) is about ¼.
const NEAR: f64 = 0.66;

/// 1/√(2π)
const INVERSE_ROOT: f64 = 0.398_942_280_401_432_7;

/// g, to 2⁻⁵⁴ of itself; `tools/minimax.py`.
const MILLS: [f64; 25] = [
    1.928_081_047_153_157_8,
    -1.667_866_595_188_960_2,
    1.241_547_061_573_865_5,
    -0.785_911_075_546_548_8,
    0.413_644_715_732_719_16,
    -0.173_254_734_087_051_6,
    0.052_125_502_411_598_72,
    -0.007_503_282_821_887_284,
    -0.001_999_961_968_247_251_2,
    0.001_365_859_169_134_429,
    -0.000_148_833_091_565_341_43,
    -0.000_124_735_692_041_789_09,
    4.181_473_035_353_768e-5,
    9.974_869_779_768_501e-6,
    -6.945_382_505_704_613e-6,
    -8.362_231_397_424_713e-7,
    1.094_225_753_838_460_3e-6,
    9.685_992_742_055_188e-8,
    -1.770_093_563_664_274_2e-7,
    -1.752_253_495_563_75e-8,
    2.857_325_930_951_075e-8,
    3.237_052_247_247_383_2e-9,
    -3.998_922_425_226_002e-9,
    -3.424_801_432_520_061e-10,
    3.386_398_723_280_527e-10,
];

/// h, to 2⁻⁵⁴ of itself.
const EXCESS: [f64; 29] = [
    1.698_591_929_582_619,
    -0.841_538_794_687_032_5,
    0.017_163_146_774_312_993,
    0.185_699_579_917_815_88,
    -0.025_434_750_641_801_313,
    -0.054_638_605_940_156_3,
    0.007_699_762_323_545_647,
    0.018_431_224_913_933_297,
    -0.000_942_885_999_794_789_5,
    -0.006_371_542_820_763_575,
    -0.000_634_000_599_203_593_2,
    0.002_043_519_534_912_494_2,
    0.000_612_114_987_738_013_5,
    -0.000_542_124_168_963_607_3,
    -0.000_322_838_285_647_017_9,
    9.176_779_133_421_425e-5,
    0.000_122_138_942_408_882_6,
    5.623_524_100_605_164e-6,
    -3.265_100_478_483_271e-5,
    -1.085_496_843_478_074_7e-5,
    4.787_880_397_529_981e-6,
    4.107_870_905_521_876e-6,
    4.229_432_918_482_867e-7,
    -8.074_926_685_974_737e-7,
    -4.286_580_225_177_333e-7,
    6.281_554_722_897_003e-8,
    1.028_171_147_296_448_8e-7,
    2.505_172_110_620_511_2e-9,
    -9.857_876_585_354_122e-9,
];
