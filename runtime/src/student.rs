//! Student's distribution.

use crate::math;

/// t with P(|T| ≤ t) = `level` for ν degrees of freedom; NaN unless 0 < level < 1 and ν > 0.
pub(crate) fn two_sided(level: f64, freedom: f64) -> f64 {
    if !(level > 0.0 && level < 1.0 && freedom > 0.0) {
        return f64::NAN;
    }
    let outside = 1.0 - level;
    let tail = |t| tail(t, freedom);
    let (mut low, mut high) = (0.0, 1.0);
    while tail(high) > outside && high < 1e300 {
        (low, high) = (high, 2.0 * high);
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if tail(middle) > outside {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// P(|T| > t) = I(ν/(ν + t²); ν/2, ½) for t ≥ 0 and ν > 0 degrees of freedom, of which there may be infinitely many; it falls
/// with t.
pub(crate) fn tail(t: f64, freedom: f64) -> f64 {
    if freedom > MANY {
        return normal_tail(t, freedom);
    }
    let whole = freedom + t * t;
    regularized_beta(freedom / whole, t * t / whole, 0.5 * freedom, 0.5)
}

/// More degrees of freedom than these leave the continued fraction too few digits.
const MANY: f64 = 1e6;

/// P(|T| > t) by the normal distribution at z = t − (t³ + t)/4ν + (13t⁵ + 8t³ + 3t)/96ν², right to 10⁻¹¹ of itself for t up
/// to nine.
fn normal_tail(t: f64, freedom: f64) -> f64 {
    let square = t * t;
    let first = (square + 1.0) / (4.0 * freedom);
    let second = ((13.0 * square + 8.0) * square + 3.0) / (96.0 * freedom * freedom);
    math::erfc(t * (1.0 - first + second) * core::f64::consts::FRAC_1_SQRT_2)
}

/// The regularized incomplete beta function I(x; a, b), by its continued fraction (DLMF 8.17.22) after Lentz.
///
/// `rest` is 1 − x, which loses its digits where it is made of an x near 1.
fn regularized_beta(x: f64, rest: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || rest <= 0.0 {
        return if x <= 0.0 { 0.0 } else { 1.0 };
    }
    // The fraction converges fast on this side of the mean.
    if x * (b + 1.0) > rest * (a + 1.0) {
        return 1.0 - regularized_beta(rest, x, b, a);
    }
    let ln = |x: f64, rest: f64| if x > 0.5 { math::ln_1p(-rest) } else { math::ln(x) };
    let front = a * ln(x, rest) + b * ln(rest, x) - math::ln_beta(a, b);
    let (mut fraction, mut c, mut d) = (1.0, 1.0, 0.0);
    for term in 0..10_000 {
        let m = f64::from(term / 2);
        let coefficient = if term == 0 {
            1.0
        } else if term % 2 == 0 {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        d = 1.0 / nonzero(1.0 + coefficient * d);
        c = nonzero(1.0 + coefficient / c);
        fraction *= c * d;
        if (c * d - 1.0).abs() < 1e-15 {
            break;
        }
    }
    math::exp(front) / a * (fraction - 1.0)
}

/// What Lentz's method divides by: never zero.
pub(crate) fn nonzero(x: f64) -> f64 {
    if x.abs() < 1e-300 { 1e-300 } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables of Student's t; the first two rows have closed forms.
    #[test]
    fn quantiles_are_those_of_the_tables() {
        let rows = [
            (0.95, 1.0, 12.706_204_736_432_1),
            (0.95, 2.0, 4.302_652_729_749_46),
            (0.95, 5.0, 2.570_581_835_636_31),
            (0.95, 10.0, 2.228_138_851_964_94),
            (0.99, 30.0, 2.749_995_653_567_23),
            (0.95, 1e6, 1.959_966),
            (0.95, 1.1e6, 1.959_966),
        ];
        // Far out it is the normal distribution's.
        for freedom in [1e10, 1e12, 1e14, 1e17, 1e300, f64::INFINITY] {
            assert!((two_sided(0.95, freedom) - 1.959_963_984_540_05).abs() < 1e-9, "{freedom}");
        }
        for (level, freedom, expected) in rows {
            let found = two_sided(level, freedom);
            assert!((found / expected - 1.0).abs() < 1e-6, "{level}, {freedom}: {found}");
        }
        assert!(two_sided(1.0, 3.0).is_nan() && two_sided(0.9, 0.0).is_nan());
        assert_eq!(tail(f64::INFINITY, 3.0), 0.0);
    }
}
