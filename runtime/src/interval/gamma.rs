//! The gamma function, its logarithm and the derivatives of that, for positive arguments.
//!
//! Stirling's series envelops: between any two partial sums that follow each other lies the true value (DLMF 5.11(ii) and 5.15).
//! Recurrences lead there from smaller arguments. Nothing is taken from a library but logarithm and exponential.

use super::Interval;

/// Up to this order there are enclosures of ψ⁽ⁿ⁾.
const LARGEST_ORDER: u32 = 12;
/// Where the minimum of Γ is, and ln Γ there: 1.46163214496836234126… and −0.12148629053584960809….
const VALLEY: [f64; 2] = [1.461_632_144_968_362_2, 1.461_632_144_968_362_4];
const BOTTOM: f64 = -0.121_486_290_535_849_62;

/// B₂, B₄, … as fractions.
const BERNOULLI: [[f64; 2]; 13] = [
    [1.0, 6.0],
    [-1.0, 30.0],
    [1.0, 42.0],
    [-1.0, 30.0],
    [5.0, 66.0],
    [-691.0, 2730.0],
    [7.0, 6.0],
    [-3617.0, 510.0],
    [43_867.0, 798.0],
    [-174_611.0, 330.0],
    [854_513.0, 138.0],
    [-236_364_091.0, 2730.0],
    [8_553_103.0, 6.0],
];

impl Interval {
    /// Γ(x); unknown below zero.
    ///
    /// ```
    /// use hesse_runtime::interval::Interval;
    ///
    /// let gamma = Interval::new(1.0, 3.0).gamma();
    /// assert!(gamma.contains(2.0) && gamma.contains(0.885_603_194_410_888_7) && gamma.lo() > 0.885);
    /// ```
    #[must_use]
    pub fn gamma(self) -> Interval {
        // There the logarithm is that of the size alone.
        if self.lo < 0.0 { Interval::UNKNOWN } else { self.ln_gamma().exp() }
    }

    /// ln Γ(x), which falls up to 1.46… and rises from there; unknown below zero.
    ///
    /// ```
    /// use hesse_runtime::interval::Interval;
    ///
    /// let log = Interval::point(3.0).ln_gamma();
    /// assert!(log.contains(2.0_f64.ln()) && log.width() < 1e-13);
    /// ```
    #[must_use]
    pub fn ln_gamma(self) -> Interval {
        let Some(x) = self.positive() else { return Interval::UNKNOWN };
        if x.is_empty() {
            return Interval::EMPTY;
        }
        let (left, right) = (ln_gamma_at(x.lo), ln_gamma_at(x.hi));
        if x.hi <= VALLEY[0] {
            Interval::of(right.lo, left.hi, x.decoration)
        } else if x.lo >= VALLEY[1] {
            Interval::of(left.lo, right.hi, x.decoration)
        } else {
            Interval::of(BOTTOM, left.hi.max(right.hi), x.decoration)
        }
    }

    /// ψ⁽ⁿ⁾(x), which is monotone; unknown below zero, and for orders that are no single integer from 0 to 12.
    ///
    /// ```
    /// use hesse_runtime::interval::Interval;
    ///
    /// let trigamma = Interval::ONE.polygamma(Interval::ONE);
    /// assert!(trigamma.contains(1.644_934_066_848_226_4) && trigamma.width() < 1e-14); // π²/6
    /// ```
    #[must_use]
    pub fn polygamma(self, order: Interval) -> Interval {
        let n = order.lo as u32;
        let is_order = order.lo == order.hi && f64::from(n) == order.lo && n <= LARGEST_ORDER;
        let Some(x) = self.positive().filter(|_| is_order) else { return Interval::UNKNOWN };
        if x.is_empty() {
            return Interval::EMPTY;
        }
        let decoration = x.decoration.min(order.decoration);
        if n == 0 {
            return Interval::of(digamma_at(x.lo).lo, digamma_at(x.hi).hi, decoration);
        }
        let size = Interval::of(size_at(n, x.hi).lo.max(0.0), size_at(n, x.lo).hi, decoration);
        if n.is_multiple_of(2) { -size } else { size }
    }

    /// ln B(x, y) = ln Γ(x) + ln Γ(y) − ln Γ(x + y), which falls with both; unknown below zero.
    ///
    /// ```
    /// use hesse_runtime::interval::Interval;
    ///
    /// let log = Interval::point(2.0).ln_beta(Interval::point(3.0));
    /// assert!(log.contains(-12.0_f64.ln()));
    /// ```
    #[must_use]
    pub fn ln_beta(self, other: Interval) -> Interval {
        monotone(self, other, [false, false], |x, y| ln_gamma_at(x) + ln_gamma_at(y) - ln_gamma_sum(x, y))
    }

    /// ψ(x + y) − ψ(x), which falls with x and rises with y; unknown below zero.
    ///
    /// ```
    /// use hesse_runtime::interval::Interval;
    ///
    /// // ψ(x + 1) − ψ(x) = 1/x
    /// assert!(Interval::point(4.0).digamma_rise(Interval::ONE).contains(0.25));
    /// ```
    #[must_use]
    pub fn digamma_rise(self, other: Interval) -> Interval {
        let at = |x: f64, y: f64| digamma_of(Interval::point(x) + Interval::point(y)) - digamma_at(x);
        monotone(self, other, [false, true], at)
    }

    /// ψ⁽¹⁾(x) − ψ⁽¹⁾(x + y), which falls with x and rises with y; unknown below zero.
    ///
    /// ```
    /// use hesse_runtime::interval::Interval;
    ///
    /// // ψ⁽¹⁾(x) − ψ⁽¹⁾(x + 1) = 1/x²
    /// assert!(Interval::point(4.0).trigamma_fall(Interval::ONE).contains(0.0625));
    /// ```
    #[must_use]
    pub fn trigamma_fall(self, other: Interval) -> Interval {
        let at = |x: f64, y: f64| size_at(1, x) - size_of(1, Interval::point(x) + Interval::point(y));
        monotone(self, other, [false, true], at)
    }

    /// The part above the pole at zero; none where there are numbers below it.
    fn positive(self) -> Option<Interval> {
        if self.lo < 0.0 {
            return None;
        }
        Some(self.above(0.0))
    }
}

/// A function of two positive numbers that rises or falls with each, by its values at two corners.
fn monotone(x: Interval, y: Interval, rises: [bool; 2], at: impl Fn(f64, f64) -> Interval) -> Interval {
    let (Some(x), Some(y)) = (x.positive(), y.positive()) else { return Interval::UNKNOWN };
    if x.is_empty() || y.is_empty() {
        return Interval::EMPTY;
    }
    let decoration = x.decoration.min(y.decoration);
    // At the ends of the domain two infinities may meet.
    if x.lo == 0.0 || y.lo == 0.0 || !x.is_bounded() || !y.is_bounded() {
        return Interval::UNKNOWN.at_most(decoration);
    }
    let end = |side: Interval, up: bool| if up { side.hi } else { side.lo };
    let least = at(end(x, !rises[0]), end(y, !rises[1]));
    let greatest = at(end(x, rises[0]), end(y, rises[1]));
    Interval::of(least.lo, greatest.hi, decoration)
}

fn ln_gamma_at(x: f64) -> Interval {
    if x == 0.0 || x == f64::INFINITY {
        return Interval::new(f64::MAX, f64::INFINITY);
    }
    ln_gamma_of(Interval::point(x))
}

/// ln Γ(x + y); the sum is no `f64`, so both sides of it count.
fn ln_gamma_sum(x: f64, y: f64) -> Interval {
    ln_gamma_of(Interval::point(x) + Interval::point(y))
}

/// Of a positive number that is known to its last digit. From 10 on: (x − ½) ln x − x + ½ ln 2π + Σ B₂ₖ/(2k(2k−1)x²ᵏ⁻¹).
fn ln_gamma_of(x: Interval) -> Interval {
    let (steps, top) = raised(x, 10.0);
    let product = (0..steps).fold(Interval::ONE, |product, k| product * (x + whole(k)));
    let inverse = Interval::ONE / top;
    let square = inverse * inverse;
    let term = |at: usize| {
        let twice = 2.0 * (at as f64 + 1.0);
        bernoulli(at) / Interval::point(twice * (twice - 1.0))
    };
    let series = enveloped(term, square) * inverse;
    let root = Interval::around(core::f64::consts::TAU, 1).ln() * Interval::point(0.5);
    let main = (top - Interval::point(0.5)) * top.ln() - top + root;
    main + series - product.ln()
}

fn digamma_at(x: f64) -> Interval {
    if x == 0.0 {
        return Interval::new(f64::NEG_INFINITY, f64::MIN);
    }
    if x == f64::INFINITY {
        return Interval::new(0.0, f64::INFINITY);
    }
    digamma_of(Interval::point(x))
}

/// From 20 on: ln x − 1/(2x) − Σ B₂ₖ/(2k x²ᵏ).
fn digamma_of(x: Interval) -> Interval {
    let (steps, top) = raised(x, 20.0);
    let below = (0..steps).rev().fold(Interval::ZERO, |sum, k| sum + Interval::ONE / (x + whole(k)));
    let inverse = Interval::ONE / top;
    let square = inverse * inverse;
    let series = enveloped(|at| bernoulli(at) / Interval::point(2.0 * (at as f64 + 1.0)), square) * square;
    top.ln() - inverse * Interval::point(0.5) - series - below
}

fn size_at(n: u32, x: f64) -> Interval {
    if x == 0.0 {
        return Interval::new(f64::MAX, f64::INFINITY);
    }
    if x == f64::INFINITY {
        return Interval::ZERO;
    }
    size_of(n, Interval::point(x))
}

/// |ψ⁽ⁿ⁾(x)|. From 20 on: (n−1)!/xⁿ + n!/(2xⁿ⁺¹) + Σ B₂ₖ (2k+n−1)!/((2k)! x²ᵏ⁺ⁿ).
fn size_of(n: u32, x: Interval) -> Interval {
    let (steps, top) = raised(x, 20.0);
    let order = n as i32;
    let factorial =
        |k: u32| (2..=k).fold(Interval::ONE, |product, k| product * Interval::point(f64::from(k)));
    let below = (0..steps).rev().fold(Interval::ZERO, |sum, k| sum + (x + whole(k)).powi(-(order + 1)));
    let inverse = Interval::ONE / top;
    let square = inverse * inverse;
    let term = |at: usize| {
        // (2k+n−1)!/(2k)!
        let twice = 2 * (at as u32 + 1);
        (twice + 1..twice + n).fold(bernoulli(at), |product, k| product * Interval::point(f64::from(k)))
    };
    let series = enveloped(term, square) * square;
    let half = inverse * Interval::point(0.5) * factorial(n);
    (factorial(n - 1) + half + series) * inverse.powi(order) + factorial(n) * below
}

/// How many steps of one lead from x to `least` or beyond, and where to.
fn raised(x: Interval, least: f64) -> (u32, Interval) {
    let mut steps = 0;
    while x.lo + f64::from(steps) < least {
        steps += 1;
    }
    (steps, x + whole(steps))
}

fn whole(k: u32) -> Interval {
    Interval::point(f64::from(k))
}

fn bernoulli(at: usize) -> Interval {
    let [numerator, denominator] = BERNOULLI[at];
    Interval::ratio(numerator, denominator)
}

/// Σ cₖ qᵏ over twelve terms, and between nothing and the whole of the thirteenth beyond these.
fn enveloped(term: impl Fn(usize) -> Interval, q: Interval) -> Interval {
    let last = BERNOULLI.len() - 1;
    let rest = term(last).hull(Interval::ZERO);
    (0..last).rev().fold(rest, |sum, at| sum * q + term(at))
}

#[cfg(test)]
mod tests {
    use super::super::Decoration;
    use super::*;

    #[test]
    fn poles_and_borders_are_told() {
        let whole = Interval::new(0.0, f64::INFINITY);
        assert_eq!((whole.ln_gamma().lo(), whole.ln_gamma().hi()), (BOTTOM, f64::INFINITY));
        assert_eq!(whole.ln_gamma().decoration(), Decoration::Partial);
        assert_eq!(Interval::new(1.0, 2.0).ln_gamma().decoration(), Decoration::Continuous);
        assert_eq!(Interval::new(-0.5, 1.0).gamma(), Interval::UNKNOWN);
        let digamma = whole.polygamma(Interval::ZERO);
        assert_eq!((digamma.lo(), digamma.hi()), (f64::NEG_INFINITY, f64::INFINITY));
        let trigamma = whole.polygamma(Interval::ONE);
        assert_eq!((trigamma.lo(), trigamma.hi()), (0.0, f64::INFINITY));
        assert_eq!(Interval::ONE.polygamma(Interval::point(0.5)), Interval::UNKNOWN);
    }
}
