//! The error function of statistics and its complement.
//!
//! Near zero a polynomial in x² gives erf; from 0.8 to where it vanishes, erfc x = exp(−x²) g(t)/(x + 4) with
//! t = (x − 4)/(x + 4). The square is kept as a sum of two numbers, because its rounding error alone would cost |x| ulp.

use super::Machine;
use super::exponential::{LN_2_HIGH, LN_2_LOW, exp_m1_reduced, reduce, scale};
use super::machine::{first_half, polynomial};

/// The error function 2/√π ∫₀ˣ exp(−t²) dt, within 1.53 ulp; odd to the last bit.
///
/// ```
/// use hesse_runtime::lanes::{Plain, erf};
///
/// assert_eq!(erf::<Plain>(-0.0).to_bits(), (-0.0_f64).to_bits());
/// assert_eq!(erf::<Plain>(-6.0), -1.0);
/// ```
#[inline(always)]
#[must_use]
pub fn erf<M: Machine>(x: f64) -> f64 {
    let size = x.abs();
    let near = erf_near::<M>(size);
    let far = 1.0 - erfc_far::<M>(size);
    let y = if size < 0.8 { near } else { far };
    y.copysign(x)
}

/// 1 − erf(x), within 4 ulp also where it is tiny or subnormal.
///
/// ```
/// use hesse_runtime::lanes::{Plain, erfc};
///
/// assert_eq!(erfc::<Plain>(f64::INFINITY), 0.0);
/// assert_eq!(erfc::<Plain>(-6.0), 2.0);
/// ```
#[inline(always)]
#[must_use]
pub fn erfc<M: Machine>(x: f64) -> f64 {
    let near = 1.0 - erf_near::<M>(x);
    let far = erfc_far::<M>(x.abs());
    let far = if x < 0.0 { 2.0 - far } else { far };
    if x.abs() < 0.8 { near } else { far }
}

/// erf for |x| ≤ 0.8.
#[inline(always)]
pub(super) fn erf_near<M: Machine>(x: f64) -> f64 {
    M::mul_add(x, polynomial::<M, _>(x * x, &ERF), x)
}

/// erfc from 0.8 on.
#[inline(always)]
fn erfc_far<M: Machine>(x: f64) -> f64 {
    // Beyond 27.3 the result is 0; NaN passes.
    let x = if x > 28.0 { 28.0 } else { x };
    let reciprocal = reciprocal_of_sum::<M>(x, 4.0);
    let t = (x - 4.0) * reciprocal;
    let scaled = M::mul_add(t, polynomial::<M, _>(t, &ERFC), ERFC_MIDDLE) * reciprocal;
    let head = first_half(x);
    let square = head * head;
    let rest = (x - head) * (x + head);
    let (shifted, n) = reduce::<M>(-square);
    let r = M::mul_add(n, -LN_2_HIGH, -square) - M::mul_add(n, LN_2_LOW, rest);
    scale(M::mul_add(scaled, exp_m1_reduced::<M>(r), scaled), shifted)
}

/// 1/(x + y), rounded hardly more than once, for numbers that are not negative.
#[inline(always)]
fn reciprocal_of_sum<M: Machine>(x: f64, y: f64) -> f64 {
    let sum = x + y;
    let back = sum - y;
    let lost = (y - (sum - back)) + (x - back);
    let rough = 1.0 / sum;
    let head = first_half(rough);
    let sum_head = first_half(sum);
    let sum_tail = (sum - sum_head) + lost;
    let remainder = M::mul_add(-head, sum_tail, M::mul_add(-head, sum_head, 1.0));
    M::mul_add(rough, remainder, head)
}

/// e in erf x = x + x e(x²), to 2⁻⁵⁹ of erf; `tools/minimax.py`.
const ERF: [f64; 12] = [
    0.128_379_167_095_512_6,
    -0.376_126_389_031_837_54,
    0.112_837_916_709_549_82,
    -0.026_866_170_645_089_79,
    0.005_223_977_624_821_011,
    -0.000_854_832_696_842_997_4,
    0.000_120_553_298_857_788_35,
    -1.492_553_537_958_674_7e-5,
    1.645_925_549_282_593e-6,
    -1.631_861_926_560_807_2e-7,
    1.430_698_378_501_915e-8,
    -9.165_264_597_926_221e-10,
];

const ERFC_MIDDLE: f64 = 1.095_995_661_000_491;

/// g less its value at t = 0, over t; g to 2⁻⁵³ of itself.
const ERFC: [f64; 20] = [
    -0.976_548_729_080_881_9,
    0.773_208_702_265_236_6,
    -0.540_853_831_313_240_3,
    0.330_851_587_878_050_9,
    -0.174_010_937_239_724_7,
    0.076_381_514_908_192_48,
    -0.026_370_053_344_211_827,
    0.006_112_055_672_362_966,
    -0.000_280_958_827_059_682_34,
    -0.000_455_052_829_814_836_3,
    0.000_176_812_598_220_330_68,
    -3.634_381_761_966_138e-6,
    -1.886_013_439_239_658_7e-5,
    4.691_725_504_536_229e-6,
    1.422_695_055_165_561_8e-6,
    -8.405_244_378_789_839e-7,
    -7.396_064_916_811_825e-8,
    1.171_267_296_255_621_1e-7,
    2.909_558_868_890_617_5e-10,
    -1.100_332_790_710_403_7e-8,
];
