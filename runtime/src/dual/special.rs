//! Special functions of dual numbers.
//!
//! Derivatives come from differential equations, continued fractions and power series (DLMF), where the engine's table takes
//! recurrences and functions of its own; what they have in common are the values in [`math`].

use super::Dual;
use crate::math;

/// What stands here, by name.
pub(super) const NAMES: &[&str] = &[
    "xlogy",
    "log_add_exp",
    "normal_pdf",
    "normal_cdf",
    "ln_normal_cdf",
    "normal_hazard",
    "normal_excess",
    "gamma",
    "ln_gamma",
    "ln_beta",
    "polygamma",
    "digamma_rise",
    "trigamma_fall",
    "lambert_w",
    "lambert_ratio",
    "bessel_j",
    "spherical_bessel",
];

impl Dual {
    /// x ln y
    #[must_use]
    pub fn xlogy(self, y: Dual) -> Dual {
        Dual { value: math::xlogy(self.value, y.value), ..self * y.ln() }
    }

    /// ln(eˣ + eʸ) = x + ln(1 + exp(y − x)), from the larger of the two.
    #[must_use]
    pub fn log_add_exp(self, y: Dual) -> Dual {
        let (larger, smaller) = if self.value >= y.value { (self, y) } else { (y, self) };
        let sum = larger + (smaller - larger).exp().ln_1p();
        Dual { value: math::log_add_exp(self.value, y.value), ..sum }
    }

    /// The density of the normal distribution.
    #[must_use]
    pub fn normal_pdf(self) -> Dual {
        let (x, density) = (self.value, math::normal_pdf(self.value));
        self.mapped([density, -x * density, (x * x - 1.0) * density])
    }

    /// The distribution function of the normal distribution.
    #[must_use]
    pub fn normal_cdf(self) -> Dual {
        let (x, density) = (self.value, math::normal_pdf(self.value));
        self.mapped([math::normal_cdf(x), density, -x * density])
    }

    /// ln Φ
    #[must_use]
    pub fn ln_normal_cdf(self) -> Dual {
        let [hazard, excess] = hazard(self.value);
        self.mapped([math::ln_normal_cdf(self.value), hazard, -hazard * excess])
    }

    /// λ = φ/Φ, with λ′ = −λ (x + λ).
    #[must_use]
    pub fn normal_hazard(self) -> Dual {
        let [_, slope, curvature] = hazard_derivatives(self.value);
        self.mapped([math::normal_hazard(self.value), slope, curvature])
    }

    /// x + φ/Φ
    #[must_use]
    pub fn normal_excess(self) -> Dual {
        let [_, slope, curvature] = hazard_derivatives(self.value);
        self.mapped([math::normal_excess(self.value), 1.0 + slope, curvature])
    }

    /// Γ
    #[must_use]
    pub fn gamma(self) -> Dual {
        let (x, value) = (self.value, math::gamma(self.value));
        let digamma = math::digamma(x);
        self.mapped([value, value * digamma, value * (digamma * digamma + math::trigamma(x))])
    }

    /// ln |Γ|
    #[must_use]
    pub fn ln_gamma(self) -> Dual {
        let x = self.value;
        self.mapped([math::ln_gamma(x), math::digamma(x), math::trigamma(x)])
    }

    /// ln B = ln Γ(x) + ln Γ(y) − ln Γ(x + y)
    #[must_use]
    pub fn ln_beta(self, y: Dual) -> Dual {
        let sum = self.ln_gamma() + y.ln_gamma() - (self + y).ln_gamma();
        Dual { value: math::ln_beta(self.value, y.value), ..sum }
    }

    /// The polygamma function of an order, which is this number and does not vary.
    #[must_use]
    pub fn polygamma(self, x: Dual) -> Dual {
        let [value, slope, curvature] =
            [0.0, 1.0, 2.0].map(|further| math::polygamma(self.value + further, x.value));
        self.order_of(x.mapped([value, slope, curvature]))
    }

    /// ψ(x + y) − ψ(x)
    #[must_use]
    pub fn digamma_rise(self, y: Dual) -> Dual {
        let order = Dual::ZERO;
        let difference = order.polygamma(self + y) - order.polygamma(self);
        Dual { value: math::digamma_rise(self.value, y.value), ..difference }
    }

    /// ψ₁(x) − ψ₁(x + y)
    #[must_use]
    pub fn trigamma_fall(self, y: Dual) -> Dual {
        let order = Dual::constant(1.0);
        let difference = order.polygamma(self) - order.polygamma(self + y);
        Dual { value: math::trigamma_fall(self.value, y.value), ..difference }
    }

    /// W, the inverse of y eʸ.
    #[must_use]
    pub fn lambert_w(self) -> Dual {
        self.mapped(lambert(self.value))
    }

    /// exp(−W(x)) = W(x)/x
    #[must_use]
    pub fn lambert_ratio(self) -> Dual {
        let exponential = (-self.mapped(lambert(self.value))).exp();
        Dual { value: math::lambert_ratio(self.value), ..exponential }
    }

    /// The Bessel function Jₙ; the order is this number and does not vary.
    ///
    /// x² J″ + x J′ + (x² − n²) J = 0, DLMF 10.2.1
    #[must_use]
    pub fn bessel_j(self, x: Dual) -> Dual {
        let (n, x, argument) = (self.value, x.value, x);
        let value = math::bessel_j(n, x);
        // J₋ₙ = (−1)ⁿ Jₙ
        let (size, sign) = (math::abs(n), if n < 0.0 && n % 2.0 != 0.0 { -1.0 } else { 1.0 });
        let [slope, curvature] = if math::abs(x) < 1.0 {
            let mut first = sign;
            for k in 1..=size as u32 {
                first /= 2.0 * f64::from(k);
            }
            power_series(size, x, first, |k| -0.25 / (k * (size + k)))
        } else {
            let slope = math::bessel_j(n - 1.0, x) - n / x * value;
            [slope, (n * n / (x * x) - 1.0) * value - slope / x]
        };
        self.order_of(argument.mapped([value, slope, curvature]))
    }

    /// The spherical Bessel function jₙ; the order is this number and does not vary.
    ///
    /// x² j″ + 2x j′ + (x² − n(n+1)) j = 0, DLMF 10.47.1
    #[must_use]
    pub fn spherical_bessel(self, x: Dual) -> Dual {
        let (n, x, argument) = (self.value, x.value, x);
        let value = math::spherical_bessel(n, x);
        let [slope, curvature] = if math::abs(x) < n + 1.0 {
            let mut first = 1.0;
            for k in 1..=n as u32 {
                first /= 2.0 * f64::from(k) + 1.0;
            }
            power_series(n, x, first, |k| -0.5 / (k * (2.0 * (n + k) + 1.0)))
        } else {
            let slope = n / x * value - math::spherical_bessel(n + 1.0, x);
            [slope, (n * (n + 1.0) / (x * x) - 1.0) * value - 2.0 * slope / x]
        };
        self.order_of(argument.mapped([value, slope, curvature]))
    }

    /// A function of this order: where the order varies, there are no slopes.
    fn order_of(self, value: Dual) -> Dual {
        if self.is_constant() {
            return value;
        }
        Dual { first: f64::NAN, second: f64::NAN, mixed: f64::NAN, ..value }
    }
}

/// λ = φ/Φ and x + λ.
///
/// With t = −x, λ = t + 1/(t + 2/(t + 3/(t + …))) in the left tail (Laplace; DLMF 7.9.1).
fn hazard(x: f64) -> [f64; 2] {
    if x > -4.0 {
        let hazard = math::normal_pdf(x) / math::normal_cdf(x);
        return [hazard, x + hazard];
    }
    let t = -x;
    let excess = (1..=100).rev().fold(0.0, |tail, k| f64::from(k) / (t + tail));
    [t + excess, excess]
}

/// λ, λ′ = −λ (x + λ) and λ″ = λ ((x + λ)² + λ (x + λ) − 1).
fn hazard_derivatives(x: f64) -> [f64; 3] {
    let [hazard, excess] = hazard(x);
    [hazard, -hazard * excess, hazard * (excess * excess + hazard * excess - 1.0)]
}

/// W, W′ = 1/(x + exp W) and W″ = −W′² (1 + W′ exp W).
fn lambert(x: f64) -> [f64; 3] {
    let w = math::lambert_w(x);
    let exponential = math::exp(w);
    let slope = 1.0 / (x + exponential);
    [w, slope, -slope * slope * (1.0 + slope * exponential)]
}

/// Slope and curvature of Σ cₖ xⁿ⁺²ᵏ with cₖ = cₖ₋₁ `ratio`(k), where terms fall fast enough.
fn power_series(n: f64, x: f64, first: f64, ratio: impl Fn(f64) -> f64) -> [f64; 2] {
    let (mut coefficient, mut slope, mut curvature) = (first, 0.0, 0.0);
    for k in 0..40 {
        let k = f64::from(k);
        let power = n + 2.0 * k;
        if k > 0.0 {
            coefficient *= ratio(k);
        }
        if power > 0.0 {
            slope += coefficient * power * math::pow(x, power - 1.0);
        }
        if power > 1.0 {
            curvature += coefficient * power * (power - 1.0) * math::pow(x, power - 2.0);
        }
    }
    [slope, curvature]
}
