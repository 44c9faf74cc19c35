//! Comparisons and choices.

use super::{Decoration, Interval};

/// What is known of a condition on a whole box.
///
/// ```
/// use hesse_runtime::interval::{Interval, Truth};
///
/// let x = Interval::new(0.0, 2.0);
/// assert_eq!(x.less(Interval::point(1.0)), Truth::Sometimes);
/// assert_eq!(x.less(Interval::point(3.0)), Truth::Always);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Truth {
    /// It holds nowhere.
    Never,
    /// It holds everywhere.
    Always,
    /// It may hold in one place and not in another.
    Sometimes,
}

impl Truth {
    /// `Always` or `Never`, where one of the two is known.
    #[must_use]
    pub fn known(always: bool, never: bool) -> Truth {
        match (always, never) {
            (true, false) => Truth::Always,
            (false, true) => Truth::Never,
            _ => Truth::Sometimes,
        }
    }

    /// As a number of a kernel: 1, 0, or both.
    #[must_use]
    pub fn to_interval(self) -> Interval {
        match self {
            Truth::Never => Interval::ZERO,
            Truth::Always => Interval::ONE,
            Truth::Sometimes => Interval::new(0.0, 1.0),
        }
    }

    /// Of a number of a kernel: whether it is not 0.
    #[must_use]
    pub fn of(number: Interval) -> Truth {
        Truth::known(!number.contains(0.0) && !number.is_empty(), number.lo == 0.0 && number.hi == 0.0)
    }
}

impl Interval {
    /// Whether `self < other`. What is partial may be no number somewhere, for which nothing holds.
    #[must_use]
    pub fn less(self, other: Interval) -> Truth {
        let is_total = self.decoration.min(other.decoration) > Decoration::Partial;
        Truth::known(is_total && self.hi < other.lo, is_total && self.lo >= other.hi)
    }

    /// Whether `self ≤ other`.
    #[must_use]
    pub fn less_equal(self, other: Interval) -> Truth {
        let is_total = self.decoration.min(other.decoration) > Decoration::Partial;
        Truth::known(is_total && self.hi <= other.lo, is_total && self.lo > other.hi)
    }

    /// Whether `self = other`.
    #[must_use]
    pub fn equal(self, other: Interval) -> Truth {
        let is_total = self.decoration.min(other.decoration) > Decoration::Partial;
        let is_point = self.lo == self.hi && other.lo == other.hi && self.lo == other.lo;
        Truth::known(is_total && is_point, is_total && (self.hi < other.lo || other.hi < self.lo))
    }

    /// The first where `condition` holds, else the second; their hull, which may jump, where that is not known.
    #[must_use]
    pub fn select(condition: Truth, first: Interval, second: Interval) -> Interval {
        match condition {
            Truth::Always => first,
            Truth::Never => second,
            Truth::Sometimes => first.hull(second).at_most(Decoration::Defined),
        }
    }

    /// The smaller of the two, everywhere.
    #[must_use]
    pub fn min(self, other: Interval) -> Interval {
        if self.is_empty() || other.is_empty() {
            return Interval::EMPTY;
        }
        let decoration = self.decoration.min(other.decoration);
        Interval::of(self.lo.min(other.lo), self.hi.min(other.hi), decoration)
    }

    /// The larger of the two, everywhere.
    #[must_use]
    pub fn max(self, other: Interval) -> Interval {
        -(-self).min(-other)
    }
}
