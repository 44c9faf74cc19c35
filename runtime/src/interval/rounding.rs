//! The four operations and the square root, rounded down and up.
//!
//! The nearest `f64` is off by an error that is an `f64` itself and can be computed (Knuth's TwoSum; a fused
//! multiply-add for the others). Its sign says whether to move to the neighbor, so that exact results stay exact.
//! Near underflow, where the error is none, the result moves in any case.

/// Below this a product or quotient may have an error that is no `f64`.
const TINY: f64 = 1e-280;

/// `a + b`, rounded down.
pub(super) fn add_down(a: f64, b: f64) -> f64 {
    let sum = a + b;
    if sum_error(a, b, sum) >= 0.0 { sum } else { sum.next_down() }
}

/// `a + b`, rounded up.
pub(super) fn add_up(a: f64, b: f64) -> f64 {
    let sum = a + b;
    if sum_error(a, b, sum) <= 0.0 { sum } else { sum.next_up() }
}

/// `a · b`, rounded down; a bound of zero makes it zero, whatever the other.
pub(super) fn mul_down(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 {
        return 0.0;
    }
    let product = a * b;
    let exact = product.abs() > TINY && a.mul_add(b, -product) >= 0.0;
    if exact { product } else { product.next_down() }
}

/// `a · b`, rounded up.
pub(super) fn mul_up(a: f64, b: f64) -> f64 {
    -mul_down(-a, b)
}

/// `a / b`, rounded down, for a divisor that is not zero.
pub(super) fn div_down(a: f64, b: f64) -> f64 {
    if a == 0.0 || (b.is_infinite() && a.is_finite()) {
        // A bound at infinity stands for all that is beyond any number: the quotient comes as near to zero as one likes.
        return if a == 0.0 || (a < 0.0) == (b < 0.0) { 0.0 } else { -f64::from_bits(1) };
    }
    let quotient = a / b;
    let rest = (-quotient).mul_add(b, a);
    let is_low = rest == 0.0 || (rest < 0.0) == (b < 0.0);
    let is_exact = quotient.abs() > TINY && a.abs() > TINY && !rest.is_nan() && is_low;
    if is_exact { quotient } else { quotient.next_down() }
}

/// `a / b`, rounded up, for a divisor that is not zero.
pub(super) fn div_up(a: f64, b: f64) -> f64 {
    -div_down(-a, b)
}

/// `√a`, rounded down.
pub(super) fn sqrt_down(a: f64) -> f64 {
    let root = a.sqrt();
    if a == 0.0 || (a > TINY && (-root).mul_add(root, a) >= 0.0) { root } else { root.next_down().max(0.0) }
}

/// `√a`, rounded up.
pub(super) fn sqrt_up(a: f64) -> f64 {
    let root = a.sqrt();
    if a == 0.0 || (a > TINY && (-root).mul_add(root, a) <= 0.0) { root } else { root.next_up() }
}

/// So many `f64` further down.
pub(super) fn below(value: f64, ulps: u32) -> f64 {
    (0..ulps).fold(value, |value, _| value.next_down())
}

/// So many `f64` further up.
pub(super) fn above(value: f64, ulps: u32) -> f64 {
    (0..ulps).fold(value, |value, _| value.next_up())
}

/// What `sum` lacks of the exact `a + b`; NaN where it overflowed.
fn sum_error(a: f64, b: f64, sum: f64) -> f64 {
    let rounded_b = sum - a;
    (a - (sum - rounded_b)) + (b - rounded_b)
}
