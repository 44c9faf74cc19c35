//! The Lambert W function.

use super::{abs, exp, ln, ln_1p, sqrt};

/// The principal branch of the Lambert W function: w e^w = x with w ≥ −1; NaN below −1/e.
///
/// Near −1/e a polynomial in p = √(2(ex + 1)) (as in DLMF 4.13.6), in which 1/e stands as a sum of two numbers;
/// elsewhere Halley's iteration, whose last step is as accurate as the residual w − x e^(−w).
///
/// ```
/// use hesse_runtime::math::lambert_w;
///
/// assert_eq!(lambert_w(0.0), 0.0);
/// assert!((lambert_w(core::f64::consts::E) - 1.0).abs() < 1e-15);
/// assert!(lambert_w(-0.4).is_nan());
/// ```
#[must_use]
pub fn lambert_w(x: f64) -> f64 {
    const BRANCH: f64 = 0.367_879_441_171_442_33;
    const BRANCH_LOW: f64 = -1.242_875_367_278_836_3e-17;
    if x == 0.0 || x == f64::INFINITY {
        return x;
    }
    let above = (x + BRANCH) + BRANCH_LOW;
    // −1/e itself is no number; the one next to it lies below.
    if above.is_nan() || above < -1e-16 {
        return f64::NAN;
    }
    let p = sqrt(2.0 * core::f64::consts::E * above.max(0.0));
    if p < 0.7 {
        return p * BRANCH_POINT.iter().rev().fold(0.0, |sum, c| sum * p + c) - 1.0;
    }
    let log = ln_1p(x);
    let mut w = if log > 2.0 { log - ln(log) } else { log / (1.0 + 0.4 * log) };
    for _ in 0..6 {
        // w − x e^(−w) rather than w e^w − x: neither side overflows.
        let e = exp(-w);
        let residual = w - x * e;
        let slope = 1.0 + w;
        let step = residual / (slope - (w + 2.0) * residual / (2.0 * slope));
        w -= step;
        if abs(step) < 1e-9 * abs(w) {
            // Convergence is cubic: what is left is far below the last bit.
            break;
        }
    }
    w
}

/// W(x)/x = exp(−W(x)), 1 at 0; accurate where W is large and the exponential would magnify its rounding.
///
/// ```
/// use hesse_runtime::math::{lambert_ratio, lambert_w};
///
/// assert_eq!(lambert_ratio(0.0), 1.0);
/// assert_eq!(lambert_ratio(1e200), lambert_w(1e200) / 1e200);
/// ```
#[must_use]
pub fn lambert_ratio(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { lambert_w(x) / x }
}

/// h in W = −1 + p h(p), to 2⁻⁵⁶ of W for p ≤ 0.7; `tools/minimax.py`.
const BRANCH_POINT: [f64; 16] = [
    0.999_999_999_999_998_7,
    -0.333_333_333_333_110_2,
    0.152_777_777_765_015_94,
    -0.079_629_629_256_968_62,
    0.044_502_308_277_954_844,
    -0.025_984_639_419_402_07,
    0.015_635_025_703_730_508,
    -0.009_613_360_816_301_616,
    0.005_999_291_355_041_967,
    -0.003_761_561_728_072_549,
    0.002_317_063_933_266_672,
    -0.001_339_974_636_732_882_9,
    0.000_675_704_387_258_907_8,
    -0.000_267_736_005_028_998_8,
    7.152_200_064_799_23e-5,
    -9.411_683_416_455_685e-6,
];
