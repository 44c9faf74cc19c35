//! Bounds on parameters.

use super::DescentError;

/// A box that the parameters must not leave; infinite sides are no bounds.
///
/// All methods keep every iterate inside, E is never evaluated outside. A start outside is moved to the nearest
/// point of the box. Where a parameter ends at a bound, its derivative need not vanish: it points outwards.
///
/// ```
/// use hesse_runtime::descent::Bounds;
///
/// let bounds = Bounds::new(&[0.0, f64::NEG_INFINITY], &[1.0, f64::INFINITY])?;
/// assert!(bounds.contain(&[0.5, -7.0]) && !bounds.contain(&[1.5, 0.0]));
/// let wrong = Bounds::new(&[2.0], &[1.0]).unwrap_err();
/// assert_eq!(wrong.to_string(), "the bounds of parameter 0 are 2 and 1, expected the lower one first");
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds {
    /// Lower and upper bound of each parameter; empty where there are no bounds at all.
    sides: Vec<(f64, f64)>,
}

impl Bounds {
    /// No bounds.
    #[must_use]
    pub const fn none() -> Self {
        Self { sides: Vec::new() }
    }

    /// The bounds of each parameter, in order; equal ones fix it.
    ///
    /// # Errors
    /// Slices of different lengths, a lower bound above the upper one, or NaN.
    pub fn new(lower: &[f64], upper: &[f64]) -> Result<Self, DescentError> {
        if lower.len() != upper.len() {
            return Err(DescentError::BoundCount { expected: lower.len(), found: upper.len() });
        }
        let sides: Vec<(f64, f64)> = lower.iter().copied().zip(upper.iter().copied()).collect();
        let possible = |&(lower, upper): &(f64, f64)| {
            lower <= upper && lower < f64::INFINITY && upper > f64::NEG_INFINITY
        };
        match sides.iter().position(|side| !possible(side)) {
            Some(index) => Err(DescentError::Bound { index, lower: sides[index].0, upper: sides[index].1 }),
            None => Ok(Self { sides }),
        }
    }

    /// Whether a point is inside or on the boundary.
    #[must_use]
    pub fn contain(&self, w: &[f64]) -> bool {
        self.sides.iter().zip(w).all(|((lower, upper), w)| lower <= w && w <= upper)
    }

    pub(crate) fn check(&self, n: usize) -> Result<(), DescentError> {
        if !self.sides.is_empty() && self.sides.len() != n {
            return Err(DescentError::BoundCount { expected: n, found: self.sides.len() });
        }
        Ok(())
    }

    /// The lower and the upper bound of a parameter; infinite ones where there are none.
    ///
    /// ```
    /// use hesse_runtime::descent::Bounds;
    ///
    /// assert_eq!(Bounds::none().side(3), (f64::NEG_INFINITY, f64::INFINITY));
    /// ```
    #[must_use]
    pub fn side(&self, index: usize) -> (f64, f64) {
        self.sides.get(index).copied().unwrap_or((f64::NEG_INFINITY, f64::INFINITY))
    }

    /// Moves a point to the nearest one of the box; whether it had to be moved.
    pub(super) fn project(&self, w: &mut [f64]) -> bool {
        let mut moved = false;
        for ((lower, upper), w) in self.sides.iter().zip(w) {
            let inside = w.max(*lower).min(*upper);
            moved |= inside != *w;
            *w = inside;
        }
        moved
    }

    /// Which parameters may move: not those that are fixed, or at a bound beyond which E falls.
    ///
    /// ```
    /// use hesse_runtime::descent::Bounds;
    ///
    /// let bounds = Bounds::new(&[0.0, 0.0], &[1.0, 1.0])?;
    /// assert_eq!(bounds.free(&[0.0, 0.0], &[2.0, -2.0]), [false, true]);
    /// # Ok::<(), hesse_runtime::descent::DescentError>(())
    /// ```
    #[must_use]
    pub fn free(&self, w: &[f64], gradient: &[f64]) -> Vec<bool> {
        let held = |(at, (w, b)): (usize, (&f64, &f64))| {
            let (lower, upper) = self.side(at);
            lower == upper || (*w <= lower && *b > 0.0) || (*w >= upper && *b < 0.0)
        };
        w.iter().zip(gradient).enumerate().map(|pair| !held(pair)).collect()
    }

    /// Takes out of a direction what would leave the box at once.
    pub(super) fn restrict(&self, w: &[f64], direction: &mut [f64]) {
        for (((lower, upper), w), d) in self.sides.iter().zip(w).zip(direction) {
            if (w <= lower && *d < 0.0) || (w >= upper && *d > 0.0) {
                *d = 0.0;
            }
        }
    }

    /// The length at which w + td first meets a bound.
    pub(super) fn reach(&self, w: &[f64], direction: &[f64]) -> f64 {
        let length = |(((lower, upper), w), d): (((&f64, &f64), &f64), &f64)| {
            if *d < 0.0 {
                (lower - w) / d
            } else if *d > 0.0 {
                (upper - w) / d
            } else {
                f64::INFINITY
            }
        };
        let sides = self.sides.iter().map(|(lower, upper)| (lower, upper));
        sides.zip(w).zip(direction).map(length).fold(f64::INFINITY, f64::min)
    }
}

/// The gradient of the parameters that may move, zero for the others.
pub(super) fn masked(gradient: &[f64], free: &[bool]) -> Vec<f64> {
    gradient.iter().zip(free).map(|(&b, &free)| if free { b } else { 0.0 }).collect()
}
