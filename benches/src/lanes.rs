//! Elementary functions written so that loops over them become vector code.
//!
//! Everything here is `inline(always)`: a loop gets the instructions of the function it is inlined into.

use std::ops::{Add, Div, Mul, Neg, Sub};

use pulp::Simd;

/// A processor: vectors of doubles, and scalar a·b + c in one rounding where that is one instruction.
pub trait Processor: Simd {
    /// a·b + c; as two operations where the fused one would be a library call.
    #[inline(always)]
    fn mul_add(self, a: f64, b: f64, c: f64) -> f64 {
        // Every instruction set with vectors that is dispatched to has the instruction.
        let fused = size_of::<Self::f64s>() > size_of::<f64>() || cfg!(target_feature = "fma");
        if fused { a.mul_add(b, c) } else { a * b + c }
    }
}

impl<S: Simd> Processor for S {}

/// A vector of doubles as a number.
#[derive(Clone, Copy)]
pub struct Wide<F: Processor> {
    processor: F,
    vector: F::f64s,
}

impl<F: Processor> Wide<F> {
    /// The same in every lane.
    #[inline(always)]
    pub fn splat(f: F, x: f64) -> Wide<F> {
        Wide { processor: f, vector: f.splat_f64s(x) }
    }

    /// The first lanes of eight.
    #[inline(always)]
    pub fn load(f: F, from: &[f64; LANES]) -> Wide<F> {
        Wide { processor: f, vector: F::as_simd_f64s(from).0[0] }
    }

    /// Into the first lanes of eight.
    #[inline(always)]
    pub fn store(self, to: &mut [f64; LANES]) {
        F::as_mut_simd_f64s(to).0[0] = self.vector;
    }

    /// self·b + c in one rounding where the processor can.
    #[inline(always)]
    pub fn mul_add(self, b: Wide<F>, c: Wide<F>) -> Wide<F> {
        self.with(self.processor.mul_add_e_f64s(self.vector, b.vector, c.vector))
    }

    /// √self
    #[inline(always)]
    pub fn sqrt(self) -> Wide<F> {
        self.with(self.processor.sqrt_f64s(self.vector))
    }

    /// The sum of the lanes.
    #[inline(always)]
    pub fn total(self) -> f64 {
        self.processor.reduce_sum_f64s(self.vector)
    }

    #[inline(always)]
    fn with(self, vector: F::f64s) -> Wide<F> {
        Wide { vector, ..self }
    }
}

impl<F: Processor> Add for Wide<F> {
    type Output = Wide<F>;

    #[inline(always)]
    fn add(self, other: Wide<F>) -> Wide<F> {
        self.with(self.processor.add_f64s(self.vector, other.vector))
    }
}

impl<F: Processor> Sub for Wide<F> {
    type Output = Wide<F>;

    #[inline(always)]
    fn sub(self, other: Wide<F>) -> Wide<F> {
        self.with(self.processor.sub_f64s(self.vector, other.vector))
    }
}

impl<F: Processor> Mul for Wide<F> {
    type Output = Wide<F>;

    #[inline(always)]
    fn mul(self, other: Wide<F>) -> Wide<F> {
        self.with(self.processor.mul_f64s(self.vector, other.vector))
    }
}

impl<F: Processor> Div for Wide<F> {
    type Output = Wide<F>;

    #[inline(always)]
    fn div(self, other: Wide<F>) -> Wide<F> {
        self.with(self.processor.div_f64s(self.vector, other.vector))
    }
}

impl<F: Processor> Neg for Wide<F> {
    type Output = Wide<F>;

    #[inline(always)]
    fn neg(self) -> Wide<F> {
        self.with(self.processor.neg_f64s(self.vector))
    }
}

impl<F: Processor> Mul<Wide<F>> for f64 {
    type Output = Wide<F>;

    #[inline(always)]
    fn mul(self, other: Wide<F>) -> Wide<F> {
        Wide::splat(other.processor, self) * other
    }
}

/// Lanes of the widest vectors.
pub const LANES: usize = 8;

/// The value of a polynomial at x, by Horner's rule; the constant coefficient first.
#[inline(always)]
fn polynomial<F: Processor, const N: usize>(f: F, x: f64, coefficients: [f64; N]) -> f64 {
    let mut value = coefficients[N - 1];
    for k in (0..N - 1).rev() {
        value = f.mul_add(value, x, coefficients[k]);
    }
    value
}

/// 1.5·2⁵²: adding it leaves the nearest integer in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// The reduction x = n ln 2 + r, |r| ≤ ½ ln 2: (eʳ − 1, 2ⁿ). Arguments beyond ±708 are taken as ±708.
#[inline(always)]
fn reduced<F: Processor>(f: F, x: f64) -> (f64, f64) {
    // ln 2 in two parts, the first of 33 bits.
    const HIGH: f64 = 0.693_147_180_601_954_5;
    const LOW: f64 = -4.200_915_072_681_084_6e-11;
    // (eʳ − 1 − r)/r² on the interval, to 4e-17 of eʳ − 1.
    const Q: [f64; 10] = [
        0.5000000000000001,
        0.16666666666666669,
        0.04166666666662413,
        0.008333333333330062,
        0.0013888888917213717,
        0.00019841269863053618,
        2.4801521295954376e-05,
        2.7557268459997064e-06,
        2.7620088445409746e-07,
        2.510038549551032e-08,
    ];
    let x = if x < 708.0 { x } else { 708.0 };
    let x = if x > -708.0 { x } else { -708.0 };
    let shifted = f.mul_add(x, std::f64::consts::LOG2_E, ROUND);
    let n = shifted - ROUND;
    let r = f.mul_add(n, -LOW, f.mul_add(n, -HIGH, x));
    let scale = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52));
    (f.mul_add(r * r, polynomial(f, r, Q), r), scale)
}

/// eˣ within 1 ulp on ±708.
#[inline(always)]
pub fn exp<F: Processor>(f: F, x: f64) -> f64 {
    let (less_one, scale) = reduced(f, x);
    f.mul_add(less_one, scale, scale)
}

/// tanh x: (e²ˣ − 1)/(e²ˣ + 1), the numerator without cancellation.
#[inline(always)]
pub fn tanh<F: Processor>(f: F, x: f64) -> f64 {
    // Beyond 20 the result is 1 to the last bit, and e²ˣ − 1 must not swallow it before.
    let x = if x < 20.0 { x } else { 20.0 };
    let x = if x > -20.0 { x } else { -20.0 };
    let (less_one, scale) = reduced(f, x + x);
    let numerator = f.mul_add(less_one, scale, scale - 1.0);
    numerator / (numerator + 2.0)
}

/// ln x for positive normal x.
#[inline(always)]
pub fn ln<F: Processor>(f: F, x: f64) -> f64 {
    // (2 artanh s − 2s)/s³ in s², |s| ≤ 3 − 2√2.
    const Q: [f64; 7] = [
        0.666666666666667,
        0.3999999999989889,
        0.28571428626253836,
        0.22222211089379496,
        0.1818289243253687,
        0.15331611722055008,
        0.14617807153417325,
    ];
    // x = 2ⁿ·m with m from √½ to √2: the bits of √½ are subtracted so that the exponent field is n.
    const ROOT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    let offset = x.to_bits().wrapping_sub(ROOT_HALF);
    let n = (offset as i64 >> 52) as i32;
    let m = f64::from_bits((offset & ((1 << 52) - 1)).wrapping_add(ROOT_HALF));
    let s = (m - 1.0) / (m + 1.0);
    let z = s * s;
    let rest = f.mul_add(s * z, polynomial(f, z, Q), s + s);
    f.mul_add(f64::from(n), std::f64::consts::LN_2, rest)
}

/// ln(1 + x) for x from 0 to 1, in full relative accuracy.
#[inline(always)]
pub fn ln_1p<F: Processor>(f: F, x: f64) -> f64 {
    // (2 artanh s − 2s)/s³ in s², s ≤ 1/3.
    const Q: [f64; 11] = [
        0.6666666666666666,
        0.3999999999999952,
        0.28571428571601754,
        0.22222222198029473,
        0.18181819911054523,
        0.1538454349257821,
        0.1333518895390127,
        0.1173414001089339,
        0.10846306142620019,
        0.07487096586252814,
        0.1564014988960741,
    ];
    let s = x / (2.0 + x);
    let z = s * s;
    f.mul_add(s * z, polynomial(f, z, Q), s + s)
}

/// (sin x, cos x) for |x| up to some 10⁵.
#[inline(always)]
pub fn sin_cos<F: Processor>(f: F, x: f64) -> (f64, f64) {
    // π/2 in three parts, the first two of 33 bits.
    const HIGH: f64 = 1.570_796_326_734_125_6;
    const MIDDLE: f64 = 6.077_100_506_303_966e-11;
    const LOW: f64 = 2.022_266_248_795_950_6e-21;
    // (sin r − r)/r³ and (cos r − 1 + r²/2)/r⁴ in r², |r| ≤ π/4.
    const SIN: [f64; 6] = [
        -0.16666666666666666,
        0.008333333333330946,
        -0.0001984126983675497,
        2.755731610068303e-06,
        -2.5051131455427946e-08,
        1.591810123027412e-10,
    ];
    const COS: [f64; 6] = [
        0.041666666666666664,
        -0.0013888888888887395,
        2.4801587298763433e-05,
        -2.7557317270560326e-07,
        2.0876146024689747e-09,
        -1.1382614868556325e-11,
    ];
    let shifted = f.mul_add(x, std::f64::consts::FRAC_2_PI, ROUND);
    let n = shifted - ROUND;
    let r = f.mul_add(n, -LOW, f.mul_add(n, -MIDDLE, f.mul_add(n, -HIGH, x)));
    let z = r * r;
    let sin = f.mul_add(r * z, polynomial(f, z, SIN), r);
    let cos = f.mul_add(z * z, polynomial(f, z, COS), f.mul_add(-0.5, z, 1.0));
    let quarter = shifted.to_bits();
    let odd = quarter & 1 == 1;
    let (s, c) = if odd { (cos, sin) } else { (sin, cos) };
    let sign = |bit: u64| (bit & 2) << 62;
    (f64::from_bits(s.to_bits() ^ sign(quarter)), f64::from_bits(c.to_bits() ^ sign(quarter.wrapping_add(1))))
}
