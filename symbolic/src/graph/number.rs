//! Constants: exact rationals while they stay exact, `f64` beyond.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedMul, ToPrimitive, checked_pow};

use super::pair::Pair;

/// The largest integer up to which every integer is an `f64`: 2⁵³.
const EXACT: i128 = 1 << 53;

/// A constant of the graph.
///
/// Rationals keep numerator and denominator within ±2⁵³, so that their `f64` value is one correctly
/// rounded division; what leaves that range becomes the nearest `f64`.
///
/// ```
/// use hesse_symbolic::graph::Number;
///
/// let third = Number::rational(1, 3);
/// assert_eq!(third.plus(third).plus(third), Number::ONE, "exact");
/// assert_eq!(Number::parse_decimal("0.1"), Some(Number::rational(1, 10)));
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// An exact rational.
    Rational(Ratio<i128>),
    /// A binary floating-point number.
    Float(f64),
}

impl Number {
    /// Zero.
    pub const ZERO: Number = Number::Rational(Ratio::new_raw(0, 1));
    /// One.
    pub const ONE: Number = Number::Rational(Ratio::new_raw(1, 1));
    /// Minus one.
    pub const MINUS_ONE: Number = Number::Rational(Ratio::new_raw(-1, 1));
    /// One half.
    pub const HALF: Number = Number::Rational(Ratio::new_raw(1, 2));

    /// The integer `value`.
    pub fn integer(value: i64) -> Number {
        Number::Rational(Ratio::from_integer(i128::from(value))).normalize()
    }

    /// `numerator / denominator`; a zero denominator gives the `f64` quotient (infinite or NaN).
    pub fn rational(numerator: i128, denominator: i128) -> Number {
        if denominator == 0 {
            return Number::Float(numerator as f64 / 0.0);
        }
        // `i128::MIN` has no negation, which reduction to lowest terms may need.
        if numerator == i128::MIN || denominator == i128::MIN {
            return Number::Float(numerator as f64 / denominator as f64);
        }
        Number::Rational(Ratio::new(numerator, denominator)).normalize()
    }

    /// The `f64` itself; integers up to 2⁵³ become exact.
    pub fn float(value: f64) -> Number {
        if value.fract() == 0.0 && value.abs() <= EXACT as f64 {
            Number::Rational(Ratio::from_integer(value as i128))
        } else {
            Number::Float(value)
        }
    }

    /// A decimal literal such as `0.1`, `1e-3` or `1_000`: exact where an `f64` quotient of two exact
    /// integers can say it, the nearest `f64` elsewhere, `None` where `text` is no decimal literal.
    ///
    /// ```
    /// use hesse_symbolic::graph::Number;
    /// assert_eq!(Number::parse_decimal("0.1"), Some(Number::rational(1, 10)));
    /// assert_eq!(Number::parse_decimal("1e400"), None, "not finite");
    /// ```
    pub fn parse_decimal(text: &str) -> Option<Number> {
        let text: String = text.chars().filter(|c| *c != '_').collect();
        if !text.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return None;
        }
        let value: f64 = text.parse().ok().filter(|v: &f64| v.is_finite())?;
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text.as_str(), 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: i128 = match format!("{whole}{fraction}").parse() {
            Ok(digits) if digits <= EXACT => digits,
            _ => return Some(Number::float(value)),
        };
        let power = exponent.saturating_sub(i32::try_from(fraction.len()).ok()?);
        let exact = match power {
            -22..=-1 => Number::rational(digits, 10i128.pow(power.unsigned_abs())),
            0..=15 => Number::rational(digits * 10i128.pow(power.unsigned_abs()), 1),
            _ => Number::float(value),
        };
        Some(if exact.to_f64() == value { exact } else { Number::float(value) })
    }

    /// The nearest `f64`.
    pub fn to_f64(self) -> f64 {
        match self {
            Number::Rational(r) => *r.numer() as f64 / *r.denom() as f64,
            Number::Float(value) => value,
        }
    }

    /// The value as an integer, where it is one.
    pub fn to_integer(self) -> Option<i64> {
        match self {
            Number::Rational(r) if r.is_integer() => r.numer().to_i64(),
            _ => None,
        }
    }

    /// Twice the value as an integer, where it is one: recognizes half-integer powers.
    pub fn to_half_integer(self) -> Option<i64> {
        self.times(Number::integer(2)).to_integer()
    }

    /// Whether the value is zero.
    pub fn is_zero(self) -> bool {
        self.to_f64() == 0.0
    }

    /// Whether the value is exactly one.
    pub fn is_one(self) -> bool {
        self == Number::ONE
    }

    /// Whether the value is below zero.
    pub fn is_negative(self) -> bool {
        self.to_f64() < 0.0
    }

    /// Sum.
    pub fn plus(self, other: Number) -> Number {
        match (self, other) {
            (Number::Rational(a), Number::Rational(b)) => match a.checked_add(&b) {
                Some(sum) => Number::Rational(sum).normalize(),
                None => Number::float(self.to_f64() + other.to_f64()),
            },
            _ => Number::float(self.to_f64() + other.to_f64()),
        }
    }

    /// Product.
    pub fn times(self, other: Number) -> Number {
        match (self, other) {
            (Number::Rational(a), Number::Rational(b)) => match a.checked_mul(&b) {
                Some(product) => Number::Rational(product).normalize(),
                None => Number::float(self.to_f64() * other.to_f64()),
            },
            _ => Number::float(self.to_f64() * other.to_f64()),
        }
    }

    /// Negation.
    pub fn negate(self) -> Number {
        self.times(Number::MINUS_ONE)
    }

    /// `self` to an integer power, exact where that is possible and rounded once elsewhere; `None` for zero to a negative
    /// power and for large exponents.
    ///
    /// ```
    /// use hesse_symbolic::graph::Number;
    /// assert_eq!(Number::rational(11, 10).power(2), Some(Number::rational(121, 100)));
    /// assert_eq!(Number::rational(11, 10).power(64), Some(Number::float(445.79156845259024)));
    /// ```
    pub fn power(self, exponent: i64) -> Option<Number> {
        let (size, is_inverse) = (usize::try_from(exponent.unsigned_abs()).ok()?, exponent < 0);
        if size > 64 || (is_inverse && self.is_zero()) {
            return None;
        }
        if let Number::Rational(ratio) = self
            && let Some(numerator) = checked_pow(*ratio.numer(), size)
            && let Some(denominator) = checked_pow(*ratio.denom(), size)
            && numerator.abs().max(denominator) <= EXACT
        {
            let (above, below) = if is_inverse { (denominator, numerator) } else { (numerator, denominator) };
            return Some(Number::rational(above, below));
        }
        let [above, below] = match self {
            Number::Rational(ratio) => [*ratio.numer() as f64, *ratio.denom() as f64],
            Number::Float(value) => [value, 1.0],
        };
        let [above, below] = if is_inverse { [below, above] } else { [above, below] };
        Some(Number::float(Pair::quotient(above, below).power(size)))
    }

    fn normalize(self) -> Number {
        match self {
            Number::Rational(r) if r.numer().abs() > EXACT || *r.denom() > EXACT => {
                Number::Float(*r.numer() as f64 / *r.denom() as f64)
            }
            exact => exact,
        }
    }

    fn key(self) -> (u8, i128, i128) {
        match self {
            Number::Rational(r) => (0, *r.numer(), *r.denom()),
            Number::Float(value) => (1, i128::from(value.to_bits()), 0),
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        self.to_f64().total_cmp(&other.to_f64()).then_with(|| self.key().cmp(&other.key()))
    }
}
