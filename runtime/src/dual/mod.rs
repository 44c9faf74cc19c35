//! Hyper-dual numbers (Fike and Alonso 2011): a value with its slopes along two directions and its mixed curvature.
//!
//! Generated tests hold derivatives against them. Each function has its first and second derivative written down here once
//! more, apart from the engine's table; values, and a few special functions inside of derivatives, come from the same
//! [`math`], which tests hold against tables of true values. Where a function has no derivative (a kink, a jump), slopes are NaN.

mod special;

use core::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub};

use crate::math;

/// a + b ε₁ + c ε₂ + d ε₁ε₂ with ε₁² = ε₂² = 0.
///
/// ```
/// use hesse_runtime::dual::Dual;
///
/// // x³ at 2, along x twice
/// let x = Dual { value: 2.0, first: 1.0, second: 1.0, mixed: 0.0 };
/// let cube = x * x * x;
/// assert_eq!((cube.value, cube.first, cube.mixed), (8.0, 12.0, 12.0));
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Dual {
    /// The value.
    pub value: f64,
    /// The slope along the first direction.
    pub first: f64,
    /// The slope along the second direction.
    pub second: f64,
    /// The curvature along both.
    pub mixed: f64,
}

impl Dual {
    /// Zero, which does not vary.
    pub const ZERO: Dual = Dual::constant(0.0);

    /// A number that does not vary.
    #[must_use]
    pub const fn constant(value: f64) -> Dual {
        Dual { value, first: 0.0, second: 0.0, mixed: 0.0 }
    }

    /// Whether it does not vary.
    fn is_constant(self) -> bool {
        self.first == 0.0 && self.second == 0.0 && self.mixed == 0.0
    }

    /// f(x), with f, f′ and f″ at x.
    fn mapped(self, [value, slope, curvature]: [f64; 3]) -> Dual {
        if self.is_constant() {
            return Dual::constant(value);
        }
        let Dual { first, second, mixed, .. } = self;
        Dual {
            value,
            first: slope * first,
            second: slope * second,
            mixed: slope * mixed + curvature * first * second,
        }
    }

    /// A step: constant beside its jumps.
    fn stepped(self, value: f64, is_jump: bool) -> Dual {
        self.mapped(if is_jump { [value, f64::NAN, f64::NAN] } else { [value, 0.0, 0.0] })
    }

    /// One of two numbers; where they are equal, it has slopes only if both have the same.
    fn chosen(self, other: Dual, is_first: bool) -> Dual {
        let own = if is_first { self } else { other };
        if self.value == other.value && self != other {
            return Dual { first: f64::NAN, second: f64::NAN, mixed: f64::NAN, ..own };
        }
        own
    }

    /// √x
    #[must_use]
    pub fn sqrt(self) -> Dual {
        let root = math::sqrt(self.value);
        self.mapped([root, 0.5 / root, -0.25 / (root * self.value)])
    }

    /// The larger of two, the first where they are equal: for shifts, whose slopes cancel.
    #[must_use]
    pub fn larger(self, other: Dual) -> Dual {
        if other.value > self.value { other } else { self }
    }
}

/// Functions of one number: name, value, first and second derivative at `x`, `f` being the value.
macro_rules! functions {
    ($($name:ident |$x:ident, $f:ident| $slope:expr, $curvature:expr;)*) => {
        impl Dual {
            $(
                #[doc = concat!("`", stringify!($name), "`")]
                #[must_use]
                pub fn $name(self) -> Dual {
                    let $x = self.value;
                    let $f = math::$name($x);
                    self.mapped([$f, $slope, $curvature])
                }
            )*
        }

        /// The functions of one number by name.
        const SMOOTH: &[&str] = &[$(stringify!($name)),*];
    };
}

functions! {
    exp |_x, f| f, f;
    exp2 |_x, f| f * core::f64::consts::LN_2, f * core::f64::consts::LN_2 * core::f64::consts::LN_2;
    exp_m1 |x, _f| math::exp(x), math::exp(x);
    ln |x, _f| 1.0 / x, -1.0 / (x * x);
    ln_1p |x, _f| 1.0 / (1.0 + x), -1.0 / ((1.0 + x) * (1.0 + x));
    log2 |x, _f| core::f64::consts::LOG2_E / x, -core::f64::consts::LOG2_E / (x * x);
    log10 |x, _f| core::f64::consts::LOG10_E / x, -core::f64::consts::LOG10_E / (x * x);
    cbrt |x, f| f / (3.0 * x), -2.0 * f / (9.0 * x * x);
    sin |x, f| math::cos(x), -f;
    cos |x, f| -math::sin(x), -f;
    tan |x, f| 1.0 / (math::cos(x) * math::cos(x)), 2.0 * f / (math::cos(x) * math::cos(x));
    asin |x, _f| 1.0 / math::sqrt((1.0 - x) * (1.0 + x)), x / ((1.0 - x) * (1.0 + x) * math::sqrt((1.0 - x) * (1.0 + x)));
    acos |x, _f| -1.0 / math::sqrt((1.0 - x) * (1.0 + x)), -x / ((1.0 - x) * (1.0 + x) * math::sqrt((1.0 - x) * (1.0 + x)));
    atan |x, _f| 1.0 / (1.0 + x * x), -2.0 * x / ((1.0 + x * x) * (1.0 + x * x));
    sinh |x, f| math::cosh(x), f;
    cosh |x, f| math::sinh(x), f;
    tanh |x, f| 1.0 / (math::cosh(x) * math::cosh(x)), -2.0 * f / (math::cosh(x) * math::cosh(x));
    sech |x, f| -f * math::tanh(x), f - 2.0 * f * f * f;
    asinh |x, _f| 1.0 / math::sqrt(1.0 + x * x), -x / ((1.0 + x * x) * math::sqrt(1.0 + x * x));
    acosh |x, _f| 1.0 / math::sqrt((x - 1.0) * (x + 1.0)), -x / ((x - 1.0) * (x + 1.0) * math::sqrt((x - 1.0) * (x + 1.0)));
    atanh |x, _f| 1.0 / ((1.0 - x) * (1.0 + x)), 2.0 * x / (((1.0 - x) * (1.0 + x)) * ((1.0 - x) * (1.0 + x)));
    sigmoid |x, f| f * math::sigmoid(-x), f * math::sigmoid(-x) * (math::sigmoid(-x) - f);
    softplus |x, _f| math::sigmoid(x), math::sigmoid(x) * math::sigmoid(-x);
    erf |x, _f| core::f64::consts::FRAC_2_SQRT_PI * math::exp(-x * x), -2.0 * x * core::f64::consts::FRAC_2_SQRT_PI * math::exp(-x * x);
    erfc |x, _f| -core::f64::consts::FRAC_2_SQRT_PI * math::exp(-x * x), 2.0 * x * core::f64::consts::FRAC_2_SQRT_PI * math::exp(-x * x);
    abs |x, _f| if x == 0.0 { f64::NAN } else { math::sign(x) }, 0.0;
    hypot_m1 |x, _f| x / math::hypot(1.0, x), 1.0 / math::pow(math::hypot(1.0, x), 3.0);
    one_minus_square |x, _f| -2.0 * x, -2.0;
    sigmoid_slope |x, f| f * (math::sigmoid(-x) - math::sigmoid(x)), f * (1.0 - 6.0 * f);
    ln_cosh |x, _f| math::tanh(x), 1.0 / (math::cosh(x) * math::cosh(x));
    relu |x, _f| if x == 0.0 { f64::NAN } else { f64::from(u8::from(x > 0.0)) }, 0.0;
}

/// Functions that jump, and functions of two numbers.
const OTHERS: &[&str] = &[
    "sign",
    "floor",
    "ceil",
    "round",
    "trunc",
    "pow",
    "atan2",
    "hypot",
    "min",
    "max",
    "quotient",
    "direction",
];

impl Dual {
    /// Whether there is a function of this name.
    #[must_use]
    pub fn has(name: &str) -> bool {
        [SMOOTH, OTHERS, special::NAMES].iter().any(|names| names.contains(&name))
    }

    /// −1, 0 or 1.
    #[must_use]
    pub fn sign(self) -> Dual {
        self.stepped(math::sign(self.value), self.value == 0.0)
    }

    /// The largest integer not above.
    #[must_use]
    pub fn floor(self) -> Dual {
        let value = math::floor(self.value);
        self.stepped(value, value == self.value)
    }

    /// The smallest integer not below.
    #[must_use]
    pub fn ceil(self) -> Dual {
        let value = math::ceil(self.value);
        self.stepped(value, value == self.value)
    }

    /// The nearest integer.
    #[must_use]
    pub fn round(self) -> Dual {
        self.stepped(math::round(self.value), math::abs(self.value - math::trunc(self.value)) == 0.5)
    }

    /// The integer part.
    #[must_use]
    pub fn trunc(self) -> Dual {
        let value = math::trunc(self.value);
        self.stepped(value, value == self.value)
    }

    /// xʸ = exp(y ln x), or with slopes along x alone where y does not vary.
    #[must_use]
    pub fn pow(self, y: Dual) -> Dual {
        let (x, n) = (self.value, y.value);
        if y.is_constant() {
            // A factor of zero goes first: x⁰ and x¹ bend nowhere, not even where x⁻¹ has no value.
            let term =
                |factor: f64, power: f64| if factor == 0.0 { 0.0 } else { factor * math::pow(x, power) };
            return self.mapped([math::pow(x, n), term(n, n - 1.0), term(n * (n - 1.0), n - 2.0)]);
        }
        let power = (y * self.ln()).exp();
        Dual { value: math::pow(x, n), ..power }
    }

    /// The angle of (x, y), this being y.
    #[must_use]
    pub fn atan2(self, x: Dual) -> Dual {
        // As of a quotient, taken so that the divisor is the larger of the two.
        let angle =
            if math::abs(x.value) >= math::abs(self.value) { (self / x).atan() } else { -(x / self).atan() };
        Dual { value: math::atan2(self.value, x.value), ..angle }
    }

    /// √(x² + y²)
    #[must_use]
    pub fn hypot(self, y: Dual) -> Dual {
        let length = math::hypot(self.value, y.value);
        Dual { value: length, ..(self * self + y * y).sqrt() }
    }

    /// x / y
    #[must_use]
    pub fn quotient(self, y: Dual) -> Dual {
        self / y
    }

    /// x / √(x² + y²)
    #[must_use]
    pub fn direction(self, y: Dual) -> Dual {
        Dual { value: math::direction(self.value, y.value), ..self / self.hypot(y) }
    }

    /// The smaller of two.
    #[must_use]
    pub fn min(self, y: Dual) -> Dual {
        self.chosen(y, self.value <= y.value)
    }

    /// The larger of two.
    #[must_use]
    pub fn max(self, y: Dual) -> Dual {
        self.chosen(y, self.value >= y.value)
    }
}

impl From<f64> for Dual {
    fn from(value: f64) -> Dual {
        Dual::constant(value)
    }
}

impl Add for Dual {
    type Output = Dual;

    fn add(self, y: Dual) -> Dual {
        Dual {
            value: self.value + y.value,
            first: self.first + y.first,
            second: self.second + y.second,
            mixed: self.mixed + y.mixed,
        }
    }
}

impl Neg for Dual {
    type Output = Dual;

    fn neg(self) -> Dual {
        Dual { value: -self.value, first: -self.first, second: -self.second, mixed: -self.mixed }
    }
}

impl Sub for Dual {
    type Output = Dual;

    fn sub(self, y: Dual) -> Dual {
        self + -y
    }
}

impl Mul for Dual {
    type Output = Dual;

    fn mul(self, y: Dual) -> Dual {
        Dual {
            value: self.value * y.value,
            first: self.first * y.value + self.value * y.first,
            second: self.second * y.value + self.value * y.second,
            mixed: self.mixed * y.value
                + self.first * y.second
                + self.second * y.first
                + self.value * y.mixed,
        }
    }
}

impl Div for Dual {
    type Output = Dual;

    fn div(self, y: Dual) -> Dual {
        let (x, r) = (y.value, 1.0 / y.value);
        let quotient = self * y.mapped([r, -r / x, 2.0 * r / (x * x)]);
        Dual { value: self.value / y.value, ..quotient }
    }
}

impl AddAssign for Dual {
    fn add_assign(&mut self, y: Dual) {
        *self = *self + y;
    }
}

impl MulAssign for Dual {
    fn mul_assign(&mut self, y: Dual) {
        *self = *self * y;
    }
}
