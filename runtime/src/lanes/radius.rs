//! √(x² + y²).

use super::Machine;

/// √(x² + y²) without overflow or underflow on the way, within 1.2 ulp.
///
/// Both are scaled by the power of two that brings the larger one near 1.
///
/// ```
/// use hesse_runtime::lanes::{Plain, hypot};
///
/// assert!((hypot::<Plain>(3e200, -4e200) / 5e200 - 1.0).abs() < 1e-15);
/// assert_eq!(hypot::<Plain>(0.0, 5e-324), 5e-324);
/// assert!(hypot::<Plain>(f64::NAN, f64::NAN).is_nan());
/// ```
#[inline(always)]
#[must_use]
pub fn hypot<M: Machine>(x: f64, y: f64) -> f64 {
    let (x, y) = (x.abs(), y.abs());
    let larger = if x > y { x } else { y };
    // Only its exponent counts; its inverse has to be a normal number, also where there is no number.
    let bounded = if larger < LARGEST { larger } else { LARGEST };
    let exponent = bounded.to_bits() & EXPONENT;
    let scale = f64::from_bits(TWICE_BIAS - exponent);
    let (x, y) = (x * scale, y * scale);
    crate::math::sqrt(M::mul_add(x, x, y * y)) / scale
}

/// 2¹⁰²²
const LARGEST: f64 = f64::from_bits(2045 << 52);
const EXPONENT: u64 = 0x7ff << 52;
const TWICE_BIAS: u64 = 2046 << 52;
