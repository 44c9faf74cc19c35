//! Bessel functions of the first kind.

use super::{abs, cos, sin};

/// The Bessel function Jₙ(x) of integer order; NaN for other orders and beyond ±1000.
///
/// ```
/// use hesse_runtime::math::bessel_j;
///
/// assert_eq!(bessel_j(0.0, 0.0), 1.0);
/// assert_eq!(bessel_j(-1.0, 2.0), -bessel_j(1.0, 2.0));
/// assert!(bessel_j(0.5, 1.0).is_nan());
/// ```
#[must_use]
pub fn bessel_j(n: f64, x: f64) -> f64 {
    const LARGEST: f64 = 1000.0;
    let order = n as i32;
    if f64::from(order) != n || abs(n) > LARGEST {
        return f64::NAN;
    }
    libm::jn(order, x)
}

/// J₀(x).
///
/// ```
/// assert!((hesse_runtime::math::bessel_j0(1.0) - 0.7651976865579666).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn bessel_j0(x: f64) -> f64 {
    libm::j0(x)
}

/// J₁(x).
///
/// ```
/// assert!((hesse_runtime::math::bessel_j1(1.0) - 0.4400505857449335).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn bessel_j1(x: f64) -> f64 {
    libm::j1(x)
}

/// sin(x)/x, 1 at 0.
///
/// ```
/// use hesse_runtime::math::sinc;
///
/// assert_eq!(sinc(0.0), 1.0);
/// ```
#[inline]
#[must_use]
pub fn sinc(x: f64) -> f64 {
    spherical_bessel(0.0, x)
}

/// The spherical Bessel function jₙ(x) for n = 0, 1, …, 20; j₀ is sin(x)/x, with 1 at 0. NaN for other orders.
///
/// Small arguments take the power series, since the recurrence (DLMF 10.51.1) loses digits below x = n.
///
/// ```
/// use hesse_runtime::math::spherical_bessel;
///
/// assert_eq!(spherical_bessel(0.0, 0.0), 1.0);
/// assert_eq!(spherical_bessel(0.0, 2.0), 2.0_f64.sin() / 2.0);
/// assert!((spherical_bessel(1.0, 1e-5) / 1e-5 - 1.0 / 3.0).abs() < 1e-10);
/// ```
#[must_use]
pub fn spherical_bessel(n: f64, x: f64) -> f64 {
    const LARGEST: u32 = 20;
    let order = n as u32;
    if f64::from(order) != n || order > LARGEST {
        return f64::NAN;
    }
    if order > 0 && abs(x) < n + 1.0 {
        return series(order, x);
    }
    if x == 0.0 {
        return 1.0;
    }
    let mut here = sin(x) / x;
    if order == 0 {
        return here;
    }
    let mut next = (here - cos(x)) / x;
    for k in 1..order {
        (here, next) = (next, f64::from(2 * k + 1) / x * next - here);
    }
    next
}

/// xⁿ/(2n+1)!! Σₖ (−x²/2)ᵏ / (k! (2n+3)(2n+5)…(2n+2k+1)), DLMF 10.53.1.
fn series(order: u32, x: f64) -> f64 {
    let half = -0.5 * x * x;
    let (mut term, mut total) = (1.0, 1.0);
    for k in 1..60 {
        term *= half / (f64::from(k) * f64::from(2 * order + 2 * k + 1));
        total += term;
        if abs(term) < 1e-17 {
            break;
        }
    }
    (1..=order).fold(total, |product, k| product * (x / f64::from(2 * k + 1)))
}
