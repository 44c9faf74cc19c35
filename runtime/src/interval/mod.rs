//! Interval arithmetic with outward rounding: what a function does on a whole interval at once.
//!
//! The result of every operation encloses all values that the exact operation takes on the operands, where it is
//! defined. Rounding goes outward: sums, products, quotients and square roots are the tightest there are but for
//! underflow, found by error-free transformations; elementary functions come from the crate `libm`, the same bits on
//! every machine, and are widened by more than twice the error that its tests hold it to.
//!
//! Beside its bounds an interval carries a [`Decoration`] (IEEE 1788-2015, reduced to what proofs about stationary
//! points ask for): whether everything it was computed from was defined, and continuous, on the whole box.
//!
//! | file | holds |
//! |---|---|
//! | `rounding` | the four operations and √, rounded down and up |
//! | `arithmetic` | the four operations, powers, √ |
//! | `elementary` | elementary functions: pieces on which they are monotone, poles, kinks |
//! | `relation` | comparisons and choices |

mod arithmetic;
mod elementary;
mod relation;
mod rounding;

use core::fmt;

pub use relation::Truth;

/// What is known of the function that led to an interval, on the whole box it was computed for.
///
/// Ordered: what an operation yields is never decorated better than its operands.
///
/// ```
/// use hesse_runtime::interval::{Decoration, Interval};
///
/// assert_eq!(Interval::new(-1.0, 1.0).sqrt().decoration(), Decoration::Partial);
/// assert_eq!(Interval::new(0.5, 1.0).sqrt().decoration(), Decoration::Continuous);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Decoration {
    /// It may be undefined somewhere.
    Partial,
    /// It is defined everywhere, and may jump.
    Defined,
    /// It is defined and continuous everywhere.
    Continuous,
}

/// A closed interval of real numbers, perhaps unbounded, perhaps empty, with a [`Decoration`].
///
/// ```
/// use hesse_runtime::interval::{Decoration, Interval};
///
/// let x = Interval::new(-1.0, 2.0);
/// assert_eq!((x.powi(2).lo(), x.powi(2).hi()), (0.0, 4.0));        // tighter than x · x
/// assert_eq!((x * x).lo(), -2.0);
/// let third = Interval::point(1.0) / Interval::point(3.0);
/// assert!(third.lo() < third.hi() && third.width() < 1e-16);       // 1/3 lies between two neighbors
/// assert_eq!(x.sqrt().decoration(), Decoration::Partial);          // undefined below 0
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct Interval {
    lo: f64,
    hi: f64,
    decoration: Decoration,
}

impl Interval {
    /// No number at all.
    pub const EMPTY: Interval =
        Interval { lo: f64::INFINITY, hi: f64::NEG_INFINITY, decoration: Decoration::Partial };
    /// Every number, and nothing known.
    pub const UNKNOWN: Interval =
        Interval { lo: f64::NEG_INFINITY, hi: f64::INFINITY, decoration: Decoration::Partial };
    /// Zero.
    pub const ZERO: Interval = Interval::point(0.0);
    /// One.
    pub const ONE: Interval = Interval::point(1.0);

    /// From `lo` to `hi`; [unknown](Self::UNKNOWN) where they are not in order or NaN.
    #[must_use]
    pub const fn new(lo: f64, hi: f64) -> Interval {
        if lo <= hi { Interval { lo, hi, decoration: Decoration::Continuous } } else { Interval::UNKNOWN }
    }

    /// A single number; unknown where it is NaN.
    #[must_use]
    pub const fn point(value: f64) -> Interval {
        Interval::new(value, value)
    }

    /// All numbers within `ulps` units in the last place of `value`.
    #[must_use]
    pub fn around(value: f64, ulps: u32) -> Interval {
        Interval::new(rounding::below(value, ulps), rounding::above(value, ulps))
    }

    /// The quotient of two integers that are exact as `f64`.
    #[must_use]
    pub fn ratio(numerator: f64, denominator: f64) -> Interval {
        Interval::point(numerator) / Interval::point(denominator)
    }

    /// The lower bound; +∞ for the empty interval.
    #[must_use]
    pub const fn lo(self) -> f64 {
        self.lo
    }

    /// The upper bound; −∞ for the empty interval.
    #[must_use]
    pub const fn hi(self) -> f64 {
        self.hi
    }

    /// What is known of the function behind it.
    #[must_use]
    pub const fn decoration(self) -> Decoration {
        self.decoration
    }

    /// The same bounds, decorated no better than `decoration`.
    #[must_use]
    pub fn at_most(self, decoration: Decoration) -> Interval {
        Interval { decoration: self.decoration.min(decoration), ..self }
    }

    /// The same bounds as a domain to start from: continuous by definition.
    #[must_use]
    pub fn bare(self) -> Interval {
        Interval { decoration: Decoration::Continuous, ..self }
    }

    /// Whether it has no number.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.lo > self.hi
    }

    /// Whether both bounds are finite.
    #[must_use]
    pub fn is_bounded(self) -> bool {
        self.lo.is_finite() && self.hi.is_finite()
    }

    /// Whether it has this number.
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        self.lo <= value && value <= self.hi
    }

    /// Whether all its numbers are in `other`.
    #[must_use]
    pub fn is_within(self, other: Interval) -> bool {
        self.is_empty() || (other.lo <= self.lo && self.hi <= other.hi)
    }

    /// Whether it lies in `other` without touching its bounds.
    #[must_use]
    pub fn is_interior_to(self, other: Interval) -> bool {
        self.is_empty() || (other.lo < self.lo && self.hi < other.hi)
    }

    /// A number about in its middle, always one of its own; NaN for the empty interval.
    #[must_use]
    pub fn midpoint(self) -> f64 {
        if self.is_empty() {
            return f64::NAN;
        }
        let (lo, hi) = (self.lo.max(f64::MIN), self.hi.min(f64::MAX));
        (0.5 * lo + 0.5 * hi).clamp(self.lo, self.hi)
    }

    /// The length, rounded up; zero for the empty interval.
    #[must_use]
    pub fn width(self) -> f64 {
        if self.is_empty() { 0.0 } else { rounding::add_up(self.hi, -self.lo) }
    }

    /// The greatest absolute value.
    #[must_use]
    pub fn magnitude(self) -> f64 {
        if self.is_empty() { 0.0 } else { self.lo.abs().max(self.hi.abs()) }
    }

    /// The least absolute value.
    #[must_use]
    pub fn mignitude(self) -> f64 {
        if self.contains(0.0) || self.is_empty() { 0.0 } else { self.lo.abs().min(self.hi.abs()) }
    }

    /// What both have in common, of two enclosures of one thing: decorated as the better.
    #[must_use]
    pub fn intersection(self, other: Interval) -> Interval {
        let (lo, hi) = (self.lo.max(other.lo), self.hi.min(other.hi));
        if lo <= hi {
            Interval { lo, hi, decoration: self.decoration.max(other.decoration) }
        } else {
            Interval::EMPTY
        }
    }

    /// The smallest interval with both in it.
    #[must_use]
    pub fn hull(self, other: Interval) -> Interval {
        Interval {
            lo: self.lo.min(other.lo),
            hi: self.hi.max(other.hi),
            decoration: self.decoration.min(other.decoration),
        }
    }

    /// Bounds of an operation, decorated as its operands allow.
    fn of(lo: f64, hi: f64, decoration: Decoration) -> Interval {
        if lo <= hi {
            Interval { lo, hi, decoration }
        } else if lo.is_nan() || hi.is_nan() {
            Interval::UNKNOWN
        } else {
            Interval::EMPTY
        }
    }
}

impl fmt::Debug for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.decoration {
            Decoration::Continuous => "",
            Decoration::Defined => " (may jump)",
            Decoration::Partial => " (partial)",
        };
        write!(f, "[{:?}, {:?}]{mark}", self.lo, self.hi)
    }
}
