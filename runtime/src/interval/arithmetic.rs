//! The four operations, powers and the square root.

use core::ops::{Add, Div, Mul, Neg, Sub};

use super::rounding::{add_down, add_up, div_down, div_up, mul_down, mul_up, sqrt_down, sqrt_up};
use super::{Decoration, Interval};

impl Add for Interval {
    type Output = Interval;

    fn add(self, other: Interval) -> Interval {
        let decoration = self.decoration.min(other.decoration);
        if self.is_empty() || other.is_empty() {
            return Interval::EMPTY;
        }
        Interval::of(add_down(self.lo, other.lo), add_up(self.hi, other.hi), decoration)
    }
}

impl Neg for Interval {
    type Output = Interval;

    fn neg(self) -> Interval {
        Interval { lo: -self.hi, hi: -self.lo, decoration: self.decoration }
    }
}

impl Sub for Interval {
    type Output = Interval;

    fn sub(self, other: Interval) -> Interval {
        self + -other
    }
}

impl Mul for Interval {
    type Output = Interval;

    /// The extremes are at the corners.
    fn mul(self, other: Interval) -> Interval {
        let decoration = self.decoration.min(other.decoration);
        if self.is_empty() || other.is_empty() {
            return Interval::EMPTY;
        }
        let (a, b) = (self, other);
        let (lo, hi) = if a.lo >= 0.0 {
            let (low, high) = (if b.lo >= 0.0 { a.lo } else { a.hi }, if b.hi >= 0.0 { a.hi } else { a.lo });
            (mul_down(low, b.lo), mul_up(high, b.hi))
        } else if a.hi <= 0.0 {
            let (low, high) = (if b.hi >= 0.0 { a.lo } else { a.hi }, if b.lo >= 0.0 { a.hi } else { a.lo });
            (mul_down(low, b.hi), mul_up(high, b.lo))
        } else if b.lo >= 0.0 {
            (mul_down(a.lo, b.hi), mul_up(a.hi, b.hi))
        } else if b.hi <= 0.0 {
            (mul_down(a.hi, b.lo), mul_up(a.lo, b.lo))
        } else {
            (mul_down(a.lo, b.hi).min(mul_down(a.hi, b.lo)), mul_up(a.lo, b.lo).max(mul_up(a.hi, b.hi)))
        };
        Interval::of(lo, hi, decoration)
    }
}

impl Div for Interval {
    type Output = Interval;

    /// All quotients; with zero among the divisors those of the others, and partial.
    fn div(self, other: Interval) -> Interval {
        let decoration = self.decoration.min(other.decoration);
        if self.is_empty() || other.is_empty() || (other.lo == 0.0 && other.hi == 0.0) {
            return Interval::EMPTY;
        }
        if other.contains(0.0) {
            let [below, above] = self.extended_div(other);
            return below.hull(above).at_most(Decoration::Partial);
        }
        let (a, b) = (self, other);
        let (lo, hi) = if b.lo > 0.0 {
            (
                div_down(a.lo, if a.lo >= 0.0 { b.hi } else { b.lo }),
                div_up(a.hi, if a.hi >= 0.0 { b.lo } else { b.hi }),
            )
        } else {
            (
                div_down(a.hi, if a.hi >= 0.0 { b.hi } else { b.lo }),
                div_up(a.lo, if a.lo >= 0.0 { b.lo } else { b.hi }),
            )
        };
        Interval::of(lo, hi, decoration)
    }
}

impl Interval {
    /// All solutions x of d·x ∈ self with d in `divisor`, as two intervals, either of which may be empty.
    ///
    /// ```
    /// use hesse_runtime::interval::Interval;
    ///
    /// let [below, above] = Interval::new(1.0, 2.0).extended_div(Interval::new(-2.0, 4.0));
    /// assert_eq!((below.hi(), above.lo()), (-0.5, 0.25));
    /// ```
    #[must_use]
    pub fn extended_div(self, divisor: Interval) -> [Interval; 2] {
        let (a, b) = (self, divisor);
        let decoration = a.decoration.min(b.decoration);
        let whole = Interval { lo: f64::NEG_INFINITY, hi: f64::INFINITY, decoration };
        if a.is_empty() || b.is_empty() {
            return [Interval::EMPTY; 2];
        }
        if !b.contains(0.0) {
            return [a / b, Interval::EMPTY];
        }
        if a.contains(0.0) {
            return [whole, Interval::EMPTY];
        }
        // |x| is at least |a| / |d|, on the side where the signs agree, for d on either side of zero.
        let side = |bound: f64, divisor: f64| {
            if divisor == 0.0 {
                Interval::EMPTY
            } else if (bound > 0.0) == (divisor > 0.0) {
                Interval::of(div_down(bound, divisor), f64::INFINITY, decoration)
            } else {
                Interval::of(f64::NEG_INFINITY, div_up(bound, divisor), decoration)
            }
        };
        let nearest = if a.lo > 0.0 { a.lo } else { a.hi };
        let (one, other) = (side(nearest, b.lo), side(nearest, b.hi));
        if one.lo == f64::NEG_INFINITY { [one, other] } else { [other, one] }
    }

    /// The integer power; one for the exponent zero.
    #[must_use]
    pub fn powi(self, exponent: i32) -> Interval {
        if self.is_empty() {
            return Interval::EMPTY;
        }
        let size = exponent.unsigned_abs();
        if size == 0 {
            return Interval::ONE.at_most(self.decoration);
        }
        if exponent < 0 {
            return Interval::ONE / self.powi_up(size);
        }
        self.powi_up(size)
    }

    fn powi_up(self, exponent: u32) -> Interval {
        let (lo, hi) = if !exponent.is_multiple_of(2) {
            (odd(self.lo, exponent, false), odd(self.hi, exponent, true))
        } else {
            (chain(self.mignitude(), exponent, false), chain(self.magnitude(), exponent, true))
        };
        Interval::of(lo, hi, self.decoration)
    }

    /// The square root of what is not below zero.
    #[must_use]
    pub fn sqrt(self) -> Interval {
        if self.is_empty() || self.hi < 0.0 {
            return Interval::EMPTY;
        }
        let decoration = if self.lo < 0.0 { Decoration::Partial } else { self.decoration };
        Interval::of(sqrt_down(self.lo.max(0.0)), sqrt_up(self.hi), decoration)
    }
}

/// An odd power of a number of either sign.
fn odd(value: f64, exponent: u32, up: bool) -> f64 {
    if value >= 0.0 { chain(value, exponent, up) } else { -chain(-value, exponent, !up) }
}

/// A power of a number not below zero, by repeated squaring, every product rounded the same way.
fn chain(value: f64, exponent: u32, up: bool) -> f64 {
    let times = |a: f64, b: f64| if up { mul_up(a, b) } else { mul_down(a, b).max(0.0) };
    let (mut rest, mut square, mut power) = (exponent, value, None);
    loop {
        if rest & 1 == 1 {
            power = Some(power.map_or(square, |power| times(power, square)));
        }
        rest >>= 1;
        if rest == 0 {
            return power.unwrap_or(1.0);
        }
        square = times(square, square);
    }
}
