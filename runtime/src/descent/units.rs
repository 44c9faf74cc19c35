//! E in a unit of its own, where squares of its slopes would over- or underflow.

use super::{Bounds, Descent, DescentError, Iterate, Observer, Progress};
use crate::ErrorFunction;
use std::fmt;

/// Slopes between these have squares, and sums and quotients of squares, within the range of numbers.
const SMALLEST: f64 = 1e-100;
const LARGEST: f64 = 1e100;

/// Walks down E divided by a power of two near its steepest slope at the start, where that is beyond all measure; what is
/// observed and returned is in the units of E. Only for methods whose steps do not depend on the unit of E.
pub(super) fn in_units(
    error: &dyn ErrorFunction,
    start: &[f64],
    bounds: &Bounds,
    observer: &mut dyn Observer,
    run: impl FnOnce(&dyn ErrorFunction, &mut dyn Observer) -> Result<Descent, DescentError>,
) -> Result<Descent, DescentError> {
    let first = Iterate::start(error, start, bounds)?;
    let steepest = first.gradient.iter().fold(0.0, |most: f64, slope| most.max(slope.abs()));
    if steepest == 0.0 || (SMALLEST..=LARGEST).contains(&steepest) {
        return run(error, observer);
    }
    // A power of two changes no digit; beyond these it, or its inverse, is no number.
    let unit = steepest.log2().floor().clamp(-1000.0, 1000.0).exp2();
    let mut outside = |progress: &Progress<'_>| {
        let gradient: Vec<f64> = progress.gradient.iter().map(|slope| slope * unit).collect();
        observer.observe(&Progress { value: progress.value * unit, gradient: &gradient, ..*progress })
    };
    let descent = run(&Scaled { error, share: 1.0 / unit }, &mut outside)?;
    let gradient = descent.gradient.iter().map(|slope| slope * unit).collect();
    Ok(Descent { value: descent.value * unit, gradient, ..descent })
}

/// A part of E.
struct Scaled<'a> {
    error: &'a dyn ErrorFunction,
    share: f64,
}

impl Scaled<'_> {
    fn scale(&self, numbers: &mut [f64]) {
        numbers.iter_mut().for_each(|number| *number *= self.share);
    }
}

impl ErrorFunction for Scaled<'_> {
    fn dimension(&self) -> usize {
        self.error.dimension()
    }

    fn value(&self, w: &[f64]) -> f64 {
        self.share * self.error.value(w)
    }

    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        let value = self.error.value_gradient(w, gradient);
        self.scale(gradient);
        self.share * value
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        let value = self.error.value_gradient_hessian(w, gradient, hessian);
        self.scale(gradient);
        self.scale(hessian);
        self.share * value
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        self.error.hessian_vector(w, v, product);
        self.scale(product);
    }

    fn is_smooth(&self) -> bool {
        self.error.is_smooth()
    }

    fn parameter_name(&self, index: usize, f: &mut dyn fmt::Write) -> fmt::Result {
        self.error.parameter_name(index, f)
    }
}
