//! The gamma function, its logarithm, and the derivatives of that.

use core::f64::consts::PI;

use super::{exp, exp_m1, floor, ln, ln_1p, powi, tan};

/// The gamma function Γ(x); NaN at negative integers, ∞ beyond 171.6.
///
/// ```
/// use hesse_runtime::math::gamma;
///
/// assert_eq!(gamma(5.0), 24.0);
/// assert_eq!(gamma(0.0), f64::INFINITY);
/// ```
#[must_use]
pub fn gamma(x: f64) -> f64 {
    libm::tgamma(x)
}

/// ln |Γ(x)|; ∞ at zero and at negative integers.
///
/// ```
/// use hesse_runtime::math::ln_gamma;
///
/// assert_eq!(ln_gamma(2.0), 0.0);
/// assert!((ln_gamma(1e10) / 2.202_585_092_888_106e11 - 1.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// ψ⁽ⁿ⁾(x), the derivative of order n + 1 of ln Γ: digamma for n = 0, trigamma for n = 1, up to n = 12.
///
/// NaN for other orders; ±∞ at zero. From 20 on the asymptotic series (DLMF 5.15.8), below it the recurrence up to
/// there; below zero the reflection formula. Digamma between 1 and 2 is (x − x₀) g(x), which keeps its digits at the
/// zero x₀ = 1.46….
///
/// ```
/// use hesse_runtime::math::polygamma;
///
/// assert!((polygamma(0.0, 1.0) + 0.577_215_664_901_532_9).abs() < 1e-16);
/// assert!((polygamma(1.0, 1.0) - core::f64::consts::PI.powi(2) / 6.0).abs() < 1e-15);
/// assert!(polygamma(0.5, 1.0).is_nan());
/// ```
#[must_use]
pub fn polygamma(n: f64, x: f64) -> f64 {
    let order = n as u32;
    if f64::from(order) != n || order > LARGEST_ORDER || x.is_nan() {
        return f64::NAN;
    }
    if x == 0.0 {
        // The pole is −1/x, 1/x², …
        return if order.is_multiple_of(2) { -1.0 / x } else { f64::INFINITY };
    }
    match (order, x < 0.0) {
        (0, false) => psi(x),
        (_, false) => derivative(order, x),
        // ψ⁽ⁿ⁾(1 − x) − (−1)ⁿ ψ⁽ⁿ⁾(x) = (−1)ⁿ π (d/dx)ⁿ cot πx
        (0, true) => psi(1.0 - x) - cotangent(0, x),
        (_, true) => sign(order) * derivative(order, 1.0 - x) - cotangent(order, x),
    }
}

/// The derivative ψ(x) of ln Γ.
///
/// ```
/// assert!((hesse_runtime::math::digamma(1.0) + 0.5772156649015329).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn digamma(x: f64) -> f64 {
    polygamma(0.0, x)
}

/// The second derivative of ln Γ.
///
/// ```
/// assert!((hesse_runtime::math::trigamma(1.0) - 1.6449340668482264).abs() < 1e-14);
/// ```
#[inline]
#[must_use]
pub fn trigamma(x: f64) -> f64 {
    polygamma(1.0, x)
}

/// The beta function Γ(x)Γ(y)/Γ(x + y) for positive numbers.
///
/// ```
/// use hesse_runtime::math::beta;
///
/// assert!((beta(2.0, 3.0) - 1.0 / 12.0).abs() < 1e-16);
/// ```
#[inline]
#[must_use]
pub fn beta(x: f64, y: f64) -> f64 {
    exp(ln_beta(x, y))
}

/// ln B(x, y) = ln Γ(x) + ln Γ(y) − ln Γ(x + y) for positive numbers, without the cancellation of large logarithms.
///
/// NaN below zero, where B can be negative; ∞ at zero.
///
/// What Stirling's formula lacks is computed by itself for arguments from 10 on (Didonato and Morris 1992).
///
/// ```
/// use hesse_runtime::math::ln_beta;
///
/// assert!((ln_beta(2.0, 3.0) + 12.0_f64.ln()).abs() < 1e-15);
/// assert!((ln_beta(1e15, 0.5) + 16.697_023_254_530_64).abs() < 1e-14);
/// ```
#[must_use]
pub fn ln_beta(x: f64, y: f64) -> f64 {
    const ROOT: f64 = 0.918_938_533_204_672_7; // ½ ln 2π
    let (a, b) = if x < y { (x, y) } else { (y, x) };
    let sum = a + b;
    if a < 0.0 {
        f64::NAN
    } else if a >= 10.0 {
        let rest = stirling(a) + (stirling(b) - stirling(sum));
        (ROOT - 0.5 * ln(b) + rest) + (a - 0.5) * ln(a / sum) + b * ln_1p(-a / sum)
    } else if b >= 10.0 {
        let rest = stirling(b) - stirling(sum);
        ln_gamma(a) + (rest + a - a * ln(sum) + (b - 0.5) * ln_1p(-a / sum))
    } else if a > 1e-3 {
        ln(gamma(a) * (gamma(b) / gamma(sum)))
    } else {
        ln_gamma(a) + (ln_gamma(b) - ln_gamma(sum))
    }
}

/// ψ(x + y) − ψ(x) for positive numbers, without cancellation where one is far larger than the other; NaN for other x.
///
/// ```
/// use hesse_runtime::math::digamma_rise;
///
/// // ψ(x + 1) − ψ(x) = 1/x
/// assert!((digamma_rise(1e10, 1.0) / 1e-10 - 1.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn digamma_rise(x: f64, y: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    let (mut total, mut x) = (0.0, x);
    while x < ASYMPTOTIC {
        total += y / x / (x + y);
        x += 1.0;
    }
    let log = ln_1p(y / x);
    let square = 1.0 / x / x;
    let series = BERNOULLI.iter().enumerate().rev().fold(0.0, |sum, (at, b)| {
        let twice = 2.0 * (at as f64 + 1.0);
        (sum - b / twice * exp_m1(-twice * log)) * square
    });
    total + (log + 0.5 * (y / x / (x + y)) + series)
}

/// ψ⁽¹⁾(x) − ψ⁽¹⁾(x + y) for positive numbers, likewise.
///
/// ```
/// use hesse_runtime::math::trigamma_fall;
///
/// assert!((trigamma_fall(1e10, 1.0) / 1e-20 - 1.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn trigamma_fall(x: f64, y: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    let (mut total, mut x) = (0.0, x);
    // 1/x − 1/(x+y), and 1/x² − 1/(x+y)²
    let first = |x: f64| y / x / (x + y);
    let second = |x: f64| first(x) * (1.0 / x + 1.0 / (x + y));
    while x < ASYMPTOTIC {
        total += second(x);
        x += 1.0;
    }
    let log = ln_1p(y / x);
    let square = 1.0 / x / x;
    let series = BERNOULLI.iter().enumerate().rev().fold(0.0, |sum, (at, b)| {
        let odd = 2.0 * (at as f64 + 1.0) + 1.0;
        (sum - b * exp_m1(-odd * log)) * square
    });
    total + (first(x) + 0.5 * second(x) + series / x)
}

/// ln Γ(x) − (x − ½) ln x + x − ½ ln 2π for x ≥ 10: Σ B₂ₖ/(2k(2k−1)x²ᵏ⁻¹).
fn stirling(x: f64) -> f64 {
    let square = 1.0 / x / x;
    BERNOULLI[..8].iter().enumerate().rev().fold(0.0, |sum, (at, b)| {
        let k = at as f64 + 1.0;
        sum * square + b / (2.0 * k * (2.0 * k - 1.0))
    }) / x
}

/// ψ(x) for x > 0.
fn psi(x: f64) -> f64 {
    if x >= ASYMPTOTIC {
        let square = 1.0 / x / x;
        let series = BERNOULLI
            .iter()
            .enumerate()
            .rev()
            .fold(0.0, |sum, (at, b)| sum * square + b / (2.0 * (at as f64 + 1.0)));
        return ln(x) - 0.5 / x - series * square;
    }
    if x < 1.0 {
        return near_root(1.0 + x) - 1.0 / x;
    }
    // Down to [1, 2): the terms are positive, the smallest first.
    let steps = floor(x) - 1.0;
    let base = x - steps;
    let mut total = 0.0;
    let mut k = steps;
    while k > 0.0 {
        k -= 1.0;
        total += 1.0 / (base + k);
    }
    total + near_root(base)
}

/// ψ(x) for 1 ≤ x ≤ 2.
fn near_root(x: f64) -> f64 {
    let y = 2.0 * x - 3.0;
    ((x - ROOT) - ROOT_LOW) * DIGAMMA.iter().rev().fold(0.0, |sum, c| sum * y + c)
}

/// ψ⁽ⁿ⁾(x) for x > 0 and n ≥ 1.
fn derivative(order: u32, x: f64) -> f64 {
    let n = f64::from(order);
    let factorial = (1..=order).fold(1.0, |product, k| product * f64::from(k));
    let power = order as i32 + 1;
    let mut steps = 0;
    let mut top = x;
    while top < ASYMPTOTIC {
        steps += 1;
        top = x + f64::from(steps);
    }
    // (n−1)!/xⁿ + n!/(2xⁿ⁺¹) + Σ B₂ₖ (2k+n−1)!/((2k)! x²ᵏ⁺ⁿ)
    let inverse = 1.0 / top;
    let mut factor = factorial;
    let mut series = 0.0;
    let mut scale = inverse * inverse;
    for (at, b) in BERNOULLI.iter().enumerate() {
        let k = 2.0 * (at as f64 + 1.0);
        // (2k+n−1)!/(2k)! from that of the term before
        factor *= if at == 0 { (n + 1.0) / 2.0 } else { (k + n - 2.0) / (k - 1.0) * ((k + n - 1.0) / k) };
        series += b * factor * scale;
        scale *= inverse * inverse;
    }
    let mut total = powi(inverse, order as i32) * (factorial / n + 0.5 * factorial * inverse + series);
    for k in (0..steps).rev() {
        total += factorial / powi(x + f64::from(k), power);
    }
    -sign(order) * total
}

/// π (d/dx)ⁿ cot πx, as a polynomial in c = cot πx, since c' = −π (1 + c²).
fn cotangent(order: u32, x: f64) -> f64 {
    // Whole turns are taken off first, exactly.
    let rest = x - floor(x + 0.5);
    let cot = 1.0 / tan(PI * rest);
    let mut c = [0.0; LARGEST_ORDER as usize + 2];
    c[1] = PI;
    for step in 0..order as usize {
        let mut next = [0.0; LARGEST_ORDER as usize + 2];
        for at in 1..=step + 1 {
            let slope = -PI * at as f64 * c[at];
            next[at - 1] += slope;
            next[at + 1] += slope;
        }
        c = next;
    }
    // From the leading coefficient down: 0 · ∞ would be NaN at a pole.
    let degree = order as usize + 1;
    c[..degree].iter().rev().fold(c[degree], |sum, c| sum * cot + c)
}

/// (−1)ⁿ
fn sign(order: u32) -> f64 {
    if order.is_multiple_of(2) { 1.0 } else { -1.0 }
}

const LARGEST_ORDER: u32 = 12;
/// From here on twelve terms of the series are enough for every order.
const ASYMPTOTIC: f64 = 20.0;

/// B₂, B₄, …
const BERNOULLI: [f64; 12] = [
    1.0 / 6.0,
    -1.0 / 30.0,
    1.0 / 42.0,
    -1.0 / 30.0,
    5.0 / 66.0,
    -691.0 / 2730.0,
    7.0 / 6.0,
    -3617.0 / 510.0,
    43_867.0 / 798.0,
    -174_611.0 / 330.0,
    854_513.0 / 138.0,
    -236_364_091.0 / 2730.0,
];

/// The zero of ψ in two parts.
const ROOT: f64 = 1.461_632_144_968_362_2;
const ROOT_LOW: f64 = 9.549_995_429_965_697e-17;

/// g in ψ(x) = (x − x₀) g(2x − 3), to 2⁻⁵⁴ of itself; `tools/minimax.py`.
const DIGAMMA: [f64; 23] = [
    0.951_055_876_031_832_8,
    -0.211_813_710_640_730_3,
    0.060_135_621_060_196_81,
    -0.018_550_615_381_735_032,
    0.005_936_795_278_303_11,
    -0.001_935_066_664_860_707_8,
    0.000_636_888_030_365_504_9,
    -0.000_210_748_411_387_682_73,
    6.995_018_842_013e-5,
    -2.325_824_248_682_660_8e-5,
    7.741_233_718_398_882e-6,
    -2.578_094_059_861_359_3e-6,
    8.589_083_750_162_696e-7,
    -2.863_158_992_427_823e-7,
    9.542_867_444_312_257e-8,
    -3.162_939_365_477_224_5e-8,
    1.053_286_939_658_211e-8,
    -3.708_150_811_971_169_7e-9,
    1.243_136_602_997_761e-9,
    -2.759_099_164_801_871e-10,
    8.897_302_507_527_58e-11,
    -8.503_600_118_356_192e-11,
    2.888_999_821_941_985_4e-11,
];
