//! A point on the way, with E and ∇E there.

use super::{Bounds, DescentError, Progress, check_gradient, check_start};
use crate::ErrorFunction;

/// A point with E and ∇E there.
#[derive(Clone)]
pub(super) struct Iterate {
    pub(super) w: Vec<f64>,
    pub(super) value: f64,
    pub(super) gradient: Vec<f64>,
}

impl Iterate {
    pub(super) fn at(error: &dyn ErrorFunction, w: Vec<f64>) -> Self {
        let mut gradient = vec![0.0; w.len()];
        let value = error.value_gradient(&w, &mut gradient);
        Self { w, value, gradient }
    }

    /// The start, moved into the box; refused where E has no value or slope.
    pub(super) fn start(
        error: &dyn ErrorFunction,
        start: &[f64],
        bounds: &Bounds,
    ) -> Result<Self, DescentError> {
        check_start(error, start)?;
        bounds.check(start.len())?;
        let mut w = start.to_vec();
        bounds.project(&mut w);
        let first = Self::at(error, w);
        if !first.value.is_finite() {
            return Err(DescentError::Value { value: first.value });
        }
        check_gradient(&first.gradient)?;
        Ok(first)
    }

    pub(super) fn is_finite(&self) -> bool {
        self.value.is_finite() && self.gradient.iter().all(|b| b.is_finite())
    }

    pub(super) fn progress(&self, iteration: usize, radius: f64) -> Progress<'_> {
        Progress { iteration, w: &self.w, value: self.value, gradient: &self.gradient, radius }
    }

    /// By how much E falls from here to `w`, where a fall of this much is expected.
    pub(super) fn reduction(&self, error: &dyn ErrorFunction, w: &[f64], expected: f64) -> f64 {
        if expected > CANCELS * self.value.abs() {
            return self.value - error.value(w);
        }
        self.fall_to(&Iterate::at(error, w.to_vec()))
    }

    /// By how much E falls from here to `other`.
    ///
    /// Where the difference would drown in the rounding errors of E it is integrated from the gradients, by the
    /// trapezoidal rule, which is exact but for terms of third order in a step that is then small.
    pub(super) fn fall_to(&self, other: &Iterate) -> f64 {
        let terms = self.w.iter().zip(&other.w).zip(self.gradient.iter().zip(&other.gradient));
        let integral: f64 = terms.map(|((from, to), (b, c))| 0.5 * (from - to) * (b + c)).sum();
        if !other.value.is_finite() {
            f64::NAN
        } else if integral.abs() > CANCELS * self.value.abs() {
            self.value - other.value
        } else {
            integral
        }
    }
}

/// The reduction, relative to E, below which it is found by the gradients instead of by subtraction.
const CANCELS: f64 = 1e-8;
