//! The Lambert W function: whatever is guessed, an interval says on which side of the solution it lies.

use super::Interval;

/// The nearest number to 1/e, a bit more than true.
const BRANCH: f64 = 0.367_879_441_171_442_33;

impl Interval {
    /// W(x), the w ≥ −1 with w eʷ = x, which rises; nothing below −1/e.
    ///
    /// ```
    /// use hesse_runtime::interval::Interval;
    ///
    /// let w = Interval::new(0.0, 1.0).lambert_w();
    /// assert!(w.lo() == 0.0 && w.contains(0.567_143_290_409_783_8) && w.hi() < 0.567_143_290_41);
    /// ```
    #[must_use]
    pub fn lambert_w(self) -> Interval {
        let x = self.above(-BRANCH);
        if x.is_empty() {
            return Interval::EMPTY;
        }
        // Cut off at a number below −1/e, where W is −1.
        let lo = if x.lo == -BRANCH { -1.0 } else { at(x.lo).lo };
        Interval::of(lo, at(x.hi).hi, x.decoration)
    }

    /// W(x)/x = exp(−W(x)), which falls.
    ///
    /// ```
    /// use hesse_runtime::interval::Interval;
    ///
    /// assert!(Interval::ZERO.lambert_ratio().contains(1.0));
    /// ```
    #[must_use]
    pub fn lambert_ratio(self) -> Interval {
        (-self.lambert_w()).exp()
    }
}

/// W of a number above −1/e.
fn at(x: f64) -> Interval {
    if x == f64::INFINITY {
        return Interval::new(libm::log(f64::MAX) - 7.0, f64::INFINITY);
    }
    if x == 0.0 {
        return Interval::ZERO;
    }
    let guess = guess(x).max(-1.0);
    let sought = Interval::point(x);
    // w eʷ rises from w = −1 on.
    let excess = |w: f64| Interval::point(w) * Interval::point(w).exp() - sought;
    let (mut lo, mut hi) = (-1.0, x);
    let mut step = 2.0 * f64::EPSILON * guess.abs();
    while step < 1.0 && lo == -1.0 {
        let below = guess - step;
        if below <= -1.0 {
            break;
        }
        if excess(below).hi <= 0.0 {
            lo = below;
        }
        step *= 2.0;
    }
    step = 2.0 * f64::EPSILON * guess.abs();
    // W(x) ≤ x.
    while step < 1.0 && hi == x {
        let above = guess + step;
        if excess(above).lo >= 0.0 {
            hi = above.min(x);
            break;
        }
        step *= 2.0;
    }
    Interval::new(lo, hi)
}

/// Halley's iteration, from the square root at −1/e or from logarithms.
fn guess(x: f64) -> f64 {
    let near = (2.0 * (core::f64::consts::E * x + 1.0)).max(0.0).sqrt();
    let log = libm::log1p(x.max(-0.3));
    let mut w = if x < -0.2 {
        near - 1.0 - near * near / 3.0
    } else if log > 2.0 {
        log - libm::log(log)
    } else {
        log / (1.0 + 0.4 * log)
    };
    for _ in 0..8 {
        let residual = w - x * libm::exp(-w);
        let slope = 1.0 + w;
        let step = residual / (slope - (w + 2.0) * residual / (2.0 * slope));
        if !step.is_finite() {
            break;
        }
        w -= step;
    }
    w
}

#[cfg(test)]
mod tests {
    use super::super::Decoration;
    use super::*;

    #[test]
    fn the_branch_point_ends_the_domain() {
        assert_eq!(Interval::new(-1.0, -0.4).lambert_w(), Interval::EMPTY);
        let across = Interval::new(-1.0, 0.0).lambert_w();
        assert_eq!((across.lo(), across.decoration()), (-1.0, Decoration::Partial));
        let last = Interval::point((-BRANCH).next_up()).lambert_w();
        assert!(last.lo() >= -1.0 && last.hi() < -0.999_999_9 && last.decoration() == Decoration::Continuous);
        assert_eq!(Interval::ZERO.lambert_w(), Interval::ZERO);
    }
}
