//! Bessel functions of the first kind, of integer order and spherical ones: series, integrals by the trapezoidal rule, and a
//! parabola over a box.

use core::f64::consts::{FRAC_1_SQRT_2, PI};

use super::Interval;

/// The largest order, and the largest size of an argument, for which more than bounds is said.
const LARGEST_ORDER: f64 = 1000.0;
const FARTHEST: f64 = 1000.0;
/// The largest spherical order.
const LARGEST_SPHERICAL: f64 = 20.0;

impl Interval {
    /// Jₙ(x) for a single integer n from −1000 to 1000; unknown for others.
    ///
    /// ```
    /// use hesse_runtime::interval::Interval;
    ///
    /// let zero = Interval::new(2.4, 2.41).bessel_j(Interval::ZERO);
    /// assert!(zero.contains(0.0) && zero.width() < 0.01);
    /// ```
    #[must_use]
    pub fn bessel_j(self, order: Interval) -> Interval {
        let n = order.lo;
        if n != order.hi || n.fract() != 0.0 || n.abs() > LARGEST_ORDER {
            return Interval::UNKNOWN;
        }
        let n = n as i32;
        // |J₀| ≤ 1, and |Jₙ| ≤ 1/√2 (DLMF 10.14.1), of which the nearest number is a bit more than true.
        let bound = if n == 0 { 1.0 } else { FRAC_1_SQRT_2 };
        let half = Interval::point(0.5);
        let parabola = over(self, bound, |x| (j(n, x), (j(n - 1, x) - j(n + 1, x)) * half));
        parabola.at_most(order.decoration)
    }

    /// jₙ(x) for a single integer n from 0 to 20; unknown for others.
    ///
    /// ```
    /// use hesse_runtime::interval::Interval;
    ///
    /// let sinc = Interval::new(3.1, 3.2).spherical_bessel(Interval::ZERO);
    /// assert!(sinc.contains(0.0) && sinc.width() < 0.04);
    /// ```
    #[must_use]
    pub fn spherical_bessel(self, order: Interval) -> Interval {
        let n = order.lo;
        if n != order.hi || n.fract() != 0.0 || !(0.0..=LARGEST_SPHERICAL).contains(&n) {
            return Interval::UNKNOWN;
        }
        let n = n as u32;
        let slope = |x: f64| {
            // (n jₙ₋₁ − (n+1) jₙ₊₁)/(2n+1), DLMF 10.51.2
            let before = if n == 0 { Interval::ZERO } else { spherical(n - 1, x) * whole(n) };
            (before - spherical(n + 1, x) * whole(n + 1)) / whole(2 * n + 1)
        };
        over(self, 1.0, |x| (spherical(n, x), slope(x))).at_most(order.decoration)
    }
}

/// A function of size at most `bound`, whose second derivative is at most 1, from its value and slope in the middle of a box.
///
/// Both kinds of functions are mean values of e^(ixt) over −1 ≤ t ≤ 1 with weights whose sizes have the mean 1 or less (Poisson's integral
/// for j, Bessel's for J), and so is each derivative.
fn over(x: Interval, bound: f64, at: impl Fn(f64) -> (Interval, Interval)) -> Interval {
    if x.is_empty() {
        return Interval::EMPTY;
    }
    let bounds = Interval::new(-bound, bound).at_most(x.decoration);
    if !x.is_bounded() || x.magnitude() > FARTHEST {
        return bounds;
    }
    let middle = x.midpoint();
    let (value, slope) = at(middle);
    let from = x - Interval::point(middle);
    let bend = Interval::new(-0.5, 0.5) * from.powi(2);
    let parabola = if x.lo == x.hi { value } else { value + slope * from + bend };
    parabola.at_most(x.decoration).intersection(bounds)
}

/// Jₙ of a number.
fn j(n: i32, x: f64) -> Interval {
    let order = n.unsigned_abs();
    // J₋ₙ(x) = Jₙ(−x) = (−1)ⁿ Jₙ(x)
    let is_turned = order % 2 == 1 && (n < 0) != (x < 0.0);
    let size = x.abs();
    let value = if size <= 2.0 { power_series(order, size) } else { trapezoidal(order, size) };
    if is_turned { -value } else { value }
}

/// (x/2)ⁿ/n! Σ (−x²/4)ᵏ/(k! (n+1)…(n+k)) for 0 ≤ x ≤ 2: terms fall and alternate, so that partial sums envelop.
fn power_series(n: u32, x: f64) -> Interval {
    let half = Interval::point(x) * Interval::point(0.5);
    let front = (1..=n).fold(Interval::ONE, |product, k| product * half / whole(k));
    front * alternating(half.powi(2), |k| f64::from(k) * f64::from(n + k))
}

/// Σ (−q)ᵏ/(d₁d₂…dₖ) for 0 ≤ q ≤ d₁ and rising d.
fn alternating(q: Interval, divisor: impl Fn(u32) -> f64) -> Interval {
    let (mut term, mut sum) = (Interval::ONE, Interval::ONE);
    for k in 1..60 {
        term = -(term * q) / Interval::point(divisor(k));
        if term.magnitude() < 1e-25 {
            break;
        }
        sum = sum + term;
    }
    // What is left lies between nothing and the next term.
    sum + term.hull(Interval::ZERO)
}

/// The mean of cos(nθ − x sin θ) over N equal steps, which is Σₖ Jₙ₊ₖₙ(x): all but k = 0 is far below the last bit.
fn trapezoidal(n: u32, x: f64) -> Interval {
    // The orders of the other terms are this and more.
    let least = 2 * x.ceil() as u32 + 24;
    let steps = (n + least).next_multiple_of(2);
    let turn = Interval::around(PI, 1) / whole(steps / 2);
    let argument = Interval::point(x);
    let at = |k: u32| {
        // Whole turns of nθ are taken off exactly.
        let phase = (u64::from(n) * u64::from(k) % u64::from(steps)) as u32;
        (turn * whole(phase) - argument * (turn * whole(k)).sin()).cos()
    };
    let ends = at(0) + at(steps / 2);
    let inner = (1..steps / 2).fold(Interval::ZERO, |sum, k| sum + at(k));
    let mean = (ends + inner * Interval::point(2.0)) / whole(steps);
    // |Jₘ(x)| ≤ (x/2)ᵐ/m!, which falls by more than half from one m to the next here.
    let half = argument * Interval::point(0.5);
    let rest = (1..=steps - n).fold(Interval::point(4.0), |product, m| product * half / whole(m));
    mean + Interval::new(-rest.hi, rest.hi)
}

/// jₙ of a number.
fn spherical(n: u32, x: f64) -> Interval {
    let size = x.abs();
    let value = if size * size <= 2.0 * f64::from(2 * n + 3) {
        // xⁿ/(2n+1)!! Σ (−x²/2)ᵏ/(k! (2n+3)…(2n+2k+1)), DLMF 10.53.1
        let x = Interval::point(size);
        let front = (1..=n).fold(Interval::ONE, |product, k| product * x / whole(2 * k + 1));
        let half = x.powi(2) * Interval::point(0.5);
        front * alternating(half, |k| f64::from(k) * f64::from(2 * n + 2 * k + 1))
    } else {
        recurrent(n, Interval::point(size))
    };
    if x < 0.0 && n % 2 == 1 { -value } else { value }
}

/// jₖ₊₁ = (2k+1)/x jₖ − jₖ₋₁ from sin(x)/x and (sin(x)/x − cos x)/x on, DLMF 10.51.1.
fn recurrent(n: u32, x: Interval) -> Interval {
    let first = x.sin() / x;
    if n == 0 {
        return first;
    }
    let (mut here, mut next) = (first, (first - x.cos()) / x);
    for k in 1..n {
        (here, next) = (next, whole(2 * k + 1) / x * next - here);
    }
    next
}

fn whole(k: u32) -> Interval {
    Interval::point(f64::from(k))
}
