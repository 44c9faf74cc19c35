//! Elementary functions: the pieces on which they are monotone, where they end, jump or have a kink.
//!
//! Values come from the crate `libm`. Its own tests hold each function against MPFR within an error in units in the last
//! place (`libm-test/src/precision.rs`); the numbers beside the functions here are more than twice that, but
//! for the exact ∛. The tests of the function table hold the enclosures against the functions of the platform.

use core::f64::consts::{FRAC_PI_2, PI, TAU};

use super::rounding::{above, below};
use super::{Decoration, Interval};

/// A rising function: its error in units in the last place, and its range.
struct Rising {
    value: fn(f64) -> f64,
    ulps: u32,
    range: [f64; 2],
}

const REALS: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];
/// A quarter turn, a bit more than true: the nearest `f64` is below π/2.
const QUARTER: f64 = 1.570_796_326_794_896_8;

macro_rules! rising {
    ($($(#[$doc:meta])* $name:ident = $value:expr, $ulps:literal, $range:expr;)*) => {
        /// Functions that rise everywhere.
        impl Interval {$(
            $(#[$doc])*
            #[must_use]
            pub fn $name(self) -> Interval {
                self.rise(&Rising { value: $value, ulps: $ulps, range: $range })
            }
        )*}
    };
}

rising! {
    /// eˣ
    exp = libm::exp, 3, [0.0, f64::INFINITY];
    /// 2ˣ
    exp2 = libm::exp2, 3, [0.0, f64::INFINITY];
    /// eˣ − 1
    exp_m1 = libm::expm1, 3, [-1.0, f64::INFINITY];
    /// ∛x
    cbrt = libm::cbrt, 1, REALS;
    /// arctan x
    atan = libm::atan, 3, [-QUARTER, QUARTER];
    /// sinh x
    sinh = libm::sinh, 5, REALS;
    /// tanh x
    tanh = libm::tanh, 5, [-1.0, 1.0];
    /// arsinh x
    asinh = libm::asinh, 5, REALS;
    /// The logistic function: e/(1 + e) has the errors of e = exp(−|x|), a sum and a quotient.
    sigmoid = logistic, 7, [0.0, 1.0];
    /// ln(1 + eˣ) = max(x, 0) + ln(1 + e): the errors of e, a logarithm and a sum.
    softplus = soft_ramp, 8, [0.0, f64::INFINITY];
    /// The error function of statistics.
    erf = libm::erf, 3, [-1.0, 1.0];
}

/// Functions with borders, poles, kinks and turning points.
impl Interval {
    /// ln x
    #[must_use]
    pub fn ln(self) -> Interval {
        self.above(0.0).rise(&Rising { value: libm::log, ulps: 3, range: REALS })
    }

    /// ln(1 + x)
    #[must_use]
    pub fn ln_1p(self) -> Interval {
        self.above(-1.0).rise(&Rising { value: libm::log1p, ulps: 3, range: REALS })
    }

    /// log₂ x
    #[must_use]
    pub fn log2(self) -> Interval {
        self.above(0.0).rise(&Rising { value: libm::log2, ulps: 3, range: REALS })
    }

    /// log₁₀ x
    #[must_use]
    pub fn log10(self) -> Interval {
        self.above(0.0).rise(&Rising { value: libm::log10, ulps: 5, range: REALS })
    }

    /// arcsin x
    #[must_use]
    pub fn asin(self) -> Interval {
        let range = [-QUARTER, QUARTER];
        self.within(-1.0, 1.0).rise(&Rising { value: libm::asin, ulps: 3, range })
    }

    /// arccos x, which falls.
    #[must_use]
    pub fn acos(self) -> Interval {
        let range = [-PI.next_up(), 0.0];
        -self.within(-1.0, 1.0).rise(&Rising { value: |x| -libm::acos(x), ulps: 3, range })
    }

    /// arcosh x
    #[must_use]
    pub fn acosh(self) -> Interval {
        let range = [0.0, f64::INFINITY];
        self.within(1.0, f64::INFINITY).rise(&Rising { value: libm::acosh, ulps: 9, range })
    }

    /// artanh x, infinite at both ends.
    #[must_use]
    pub fn atanh(self) -> Interval {
        let inner = self.above(-1.0);
        let inner = -(-inner).above(-1.0);
        inner.rise(&Rising { value: libm::atanh, ulps: 5, range: REALS })
    }

    /// 1 − erf x, which falls.
    #[must_use]
    pub fn erfc(self) -> Interval {
        -self.rise(&Rising { value: |x| -libm::erfc(x), ulps: 9, range: [-2.0, 0.0] })
    }

    /// sin x, with its extremes where the argument passes them.
    #[must_use]
    pub fn sin(self) -> Interval {
        self.wave(libm::sin, [FRAC_PI_2, -FRAC_PI_2])
    }

    /// cos x
    #[must_use]
    pub fn cos(self) -> Interval {
        self.wave(libm::cos, [0.0, PI])
    }

    /// tan x, unknown across a pole.
    #[must_use]
    pub fn tan(self) -> Interval {
        if self.is_empty() {
            return Interval::EMPTY;
        }
        if self.passes(FRAC_PI_2, PI) {
            return Interval::UNKNOWN;
        }
        self.rise(&Rising { value: libm::tan, ulps: 3, range: REALS })
    }

    /// cosh x, least at 0.
    #[must_use]
    pub fn cosh(self) -> Interval {
        self.abs().rise(&Rising { value: libm::cosh, ulps: 5, range: [1.0, f64::INFINITY] })
    }

    /// 1/cosh x, greatest at 0.
    #[must_use]
    pub fn sech(self) -> Interval {
        -self.abs().rise(&Rising { value: |x| -bell(x), ulps: 8, range: [-1.0, 0.0] })
    }

    /// |x|, continuous with a kink.
    #[must_use]
    pub fn abs(self) -> Interval {
        if self.is_empty() {
            return Interval::EMPTY;
        }
        Interval::of(self.mignitude(), self.magnitude(), self.decoration)
    }

    /// max(x, 0), continuous with a kink.
    #[must_use]
    pub fn relu(self) -> Interval {
        self.max(Interval::ZERO)
    }

    /// −1, 0 or 1.
    #[must_use]
    pub fn sign(self) -> Interval {
        self.step(crate::math::sign)
    }

    /// The largest integer not above x.
    #[must_use]
    pub fn floor(self) -> Interval {
        self.step(libm::floor)
    }

    /// The smallest integer not below x.
    #[must_use]
    pub fn ceil(self) -> Interval {
        self.step(libm::ceil)
    }

    /// The nearest integer.
    #[must_use]
    pub fn round(self) -> Interval {
        self.step(libm::round)
    }

    /// The integer part.
    #[must_use]
    pub fn trunc(self) -> Interval {
        self.step(libm::trunc)
    }

    /// √(x² + y²)
    #[must_use]
    pub fn hypot(self, other: Interval) -> Interval {
        (self.powi(2) + other.powi(2)).sqrt()
    }

    /// The angle of the point (x, y) = (`other`, `self`), which jumps where y passes 0 on the left.
    #[must_use]
    pub fn atan2(self, other: Interval) -> Interval {
        let (y, x) = (self, other);
        if y.is_empty() || x.is_empty() {
            return Interval::EMPTY;
        }
        let decoration = y.decoration.min(x.decoration);
        let half = PI.next_up();
        if y.contains(0.0) && x.lo < 0.0 {
            return Interval::of(-half, half, decoration.min(Decoration::Defined));
        }
        if y.contains(0.0) && x.contains(0.0) {
            return Interval::of(-QUARTER, QUARTER, decoration.min(Decoration::Defined));
        }
        // Seen from outside, a rectangle begins and ends at corners.
        let corners =
            [(y.lo, x.lo), (y.lo, x.hi), (y.hi, x.lo), (y.hi, x.hi)].map(|(y, x)| libm::atan2(y, x));
        let least = corners.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = corners.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Interval::of(below(least, 5).max(-half), above(greatest, 5).min(half), decoration)
    }

    /// xʸ. Below zero it is defined for integer exponents alone.
    #[must_use]
    pub fn pow(self, exponent: Interval) -> Interval {
        let (x, y) = (self, exponent);
        if x.is_empty() || y.is_empty() {
            return Interval::EMPTY;
        }
        let decoration = x.decoration.min(y.decoration);
        if y.lo == y.hi && y.lo.fract() == 0.0 && y.lo.abs() <= f64::from(i32::MAX) {
            return x.powi(y.lo as i32).at_most(decoration);
        }
        if x.lo < 0.0 {
            let size = x.abs().pow(y);
            let is_number = y.lo == y.hi && y.lo.is_finite();
            if is_number && y.lo.fract() == 0.0 {
                return large_integer_power(x, y.lo).at_most(decoration);
            }
            let (lo, hi) = match (is_number, x.hi < 0.0) {
                // No integer: nothing below zero.
                (true, true) => return Interval::EMPTY,
                (true, false) => {
                    let right = Interval { lo: 0.0, ..x }.pow(y);
                    (right.lo, right.hi)
                }
                (false, _) => (-size.hi, size.hi),
            };
            return Interval::of(lo, hi, Decoration::Partial);
        }
        let decoration = if x.lo == 0.0 && y.lo <= 0.0 { Decoration::Partial } else { decoration };
        // x^y is monotone in either argument while the other stays.
        let corners = [(x.lo, y.lo), (x.lo, y.hi), (x.hi, y.lo), (x.hi, y.hi)].map(|(x, y)| libm::pow(x, y));
        let least = corners.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = corners.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Interval::of(below(least, 3).max(0.0), above(greatest, 3), decoration)
    }

    /// The part above a pole or a border that does not belong to the domain.
    fn above(self, border: f64) -> Interval {
        if self.hi <= border {
            return Interval::EMPTY;
        }
        if self.lo > border { self } else { Interval { lo: border, ..self }.at_most(Decoration::Partial) }
    }

    /// The part in a closed domain.
    fn within(self, lo: f64, hi: f64) -> Interval {
        if self.is_within(Interval::new(lo, hi)) {
            return self;
        }
        let inner = Interval { lo: self.lo.max(lo), hi: self.hi.min(hi), decoration: Decoration::Partial };
        if inner.is_empty() { Interval::EMPTY } else { inner }
    }

    fn rise(self, function: &Rising) -> Interval {
        if self.is_empty() {
            return Interval::EMPTY;
        }
        let Rising { value, ulps, range: [least, greatest] } = *function;
        let (lo, hi) = ((value)(self.lo), (value)(self.hi));
        Interval::of(below(lo, ulps).max(least), above(hi, ulps).min(greatest), self.decoration)
    }

    /// A function that is constant between jumps and rises there.
    fn step(self, value: fn(f64) -> f64) -> Interval {
        if self.is_empty() {
            return Interval::EMPTY;
        }
        let (lo, hi) = (value(self.lo), value(self.hi));
        let decoration = if lo == hi { self.decoration } else { self.decoration.min(Decoration::Defined) };
        Interval::of(lo, hi, decoration)
    }

    /// sin or cos: `extremes` are where it is 1 and where it is −1, up to full turns.
    fn wave(self, value: fn(f64) -> f64, [top, bottom]: [f64; 2]) -> Interval {
        if self.is_empty() {
            return Interval::EMPTY;
        }
        if !self.is_bounded() {
            return Interval::of(-1.0, 1.0, self.decoration);
        }
        let (a, b) = (value(self.lo), value(self.hi));
        let hi = if self.passes(top, TAU) { 1.0 } else { above(a.max(b), 3).min(1.0) };
        let lo = if self.passes(bottom, TAU) { -1.0 } else { below(a.min(b), 3).max(-1.0) };
        Interval::of(lo, hi, self.decoration)
    }

    /// Whether it may contain `first` + k·`period` for an integer k; both are within one unit of a multiple of π/2.
    fn passes(self, first: f64, period: f64) -> bool {
        let turns = (self - Interval::around(first, 1)) / Interval::around(period, 1);
        !turns.is_bounded() || libm::ceil(turns.lo) <= libm::floor(turns.hi)
    }
}

/// xʸ for an integer y beyond the 32-bit ones.
fn large_integer_power(x: Interval, y: f64) -> Interval {
    if y < 0.0 {
        return Interval::ONE / large_integer_power(x, -y);
    }
    let power = |x: f64| Interval::point(x.abs()).pow(Interval::point(y));
    let is_odd = y % 2.0 != 0.0;
    if !is_odd {
        return x.abs().pow(Interval::point(y));
    }
    let lo = if x.lo < 0.0 { -power(x.lo).hi } else { power(x.lo).lo };
    let hi = if x.hi < 0.0 { -power(x.hi).lo } else { power(x.hi).hi };
    Interval::of(lo, hi, x.decoration)
}

fn logistic(x: f64) -> f64 {
    let e = libm::exp(-x.abs());
    if x < 0.0 { e / (1.0 + e) } else { 1.0 / (1.0 + e) }
}

fn soft_ramp(x: f64) -> f64 {
    x.max(0.0) + libm::log1p(libm::exp(-x.abs()))
}

/// 1/cosh x for x ≥ 0, with the errors of e = exp(−x), two products, a sum and a quotient.
fn bell(x: f64) -> f64 {
    let e = libm::exp(-x);
    2.0 * e / (1.0 + e * e)
}
