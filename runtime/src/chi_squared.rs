//! The distribution of χ².

use crate::math;
use crate::student::nonzero;

/// P(X ≥ x) for a sum X of the squares of ν standard normal numbers; NaN unless x ≥ 0 and ν > 0.
///
/// It is Q(ν/2, x/2), the regularized incomplete gamma function: by its series (DLMF 8.7.1) or its continued fraction (DLMF
/// 8.9.2) after Lentz.
pub(crate) fn tail(x: f64, freedom: f64) -> f64 {
    if !(x >= 0.0 && freedom > 0.0) {
        return f64::NAN;
    }
    let (a, x) = (0.5 * freedom, 0.5 * x);
    if x == 0.0 {
        return 1.0;
    }
    if x.is_infinite() {
        return 0.0;
    }
    if a > MANY {
        return by_normal(a, x);
    }
    let front = math::exp(a * math::ln(x) - x - math::ln_gamma(a));
    if x < a + 1.0 { 1.0 - front * series(a, x) } else { front * fraction(a, x) }
}

/// For more than these the sums take too many terms and the factor in front of them loses its digits.
const MANY: f64 = 1e5;

/// By the normal distribution of the cube root of x/a (Wilson and Hilferty 1931), whose error is below 10⁻⁶ for so many.
fn by_normal(a: f64, x: f64) -> f64 {
    let spread = 1.0 / (9.0 * a);
    let z = (math::cbrt(x / a) - (1.0 - spread)) / math::sqrt(spread);
    0.5 * math::erfc(z * core::f64::consts::FRAC_1_SQRT_2)
}

/// Σ xⁿ/(a(a + 1)…(a + n)).
fn series(a: f64, x: f64) -> f64 {
    let (mut sum, mut term, mut at) = (1.0 / a, 1.0 / a, a);
    for _ in 0..100_000 {
        at += 1.0;
        term *= x / at;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}

fn fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = 1e300;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for term in 1..100_000 {
        let n = f64::from(term);
        let coefficient = -n * (n - a);
        b += 2.0;
        d = 1.0 / nonzero(coefficient * d + b);
        c = nonzero(b + coefficient / c);
        fraction *= c * d;
        if (c * d - 1.0).abs() < 1e-15 {
            break;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From 40 digits of mpmath's `gammainc(nu/2, x/2, inf, regularized=True)`; those of two degrees of freedom are exp(−x/2).
    #[test]
    fn tails_are_those_of_the_tables() {
        let rows = [
            (3.0, 2.0, 0.22313016014842983),
            (14.0, 3.0, 0.0029051527742674373),
            (0.1, 1.0, 0.751_829_634_045_849_3),
            (50.0, 20.0, 0.00022147663824878358),
            (5.0, 20.0, 0.999_722_647_905_379_2),
            (1000.0, 900.0, 0.010994608942135848),
            (300.0, 10.0, 1.5546747543803181e-58),
            (100000.0, 100000.0, 0.499_405_291_895_206_7),
            (201000.0, 200000.0, 0.057103269976028711),
            (4000200.0, 4000000.0, 0.47172068442437712),
        ];
        for (x, freedom, expected) in rows {
            let found = tail(x, freedom);
            // The exponent in front is a difference of numbers near ν: of 10⁵ it keeps ten digits.
            let accuracy = if 0.5 * freedom > MANY { 1e-6 } else { 1e-9 };
            assert!((found / expected - 1.0).abs() < accuracy, "{x}, {freedom}: {found} for {expected}");
        }
        assert!(tail(-1.0, 2.0).is_nan() && tail(1.0, 0.0).is_nan());
        assert_eq!((tail(0.0, 3.0), tail(f64::INFINITY, 3.0)), (1.0, 0.0));
    }
}
