//! An error function that counts.

use std::cell::Cell;

use hesse::{ErrorFunction, SumOfSquares};
use hesse_symbolic::evaluate::Surface;

/// Evaluations after which a solver has failed.
const MOST: usize = 5000;

/// An error function that counts how often it is asked for anything, and at which count E was first low enough.
pub(crate) struct Watched<'a> {
    surface: &'a Surface,
    pub(crate) target: f64,
    asked: Cell<usize>,
    solved: Cell<Option<usize>>,
}

impl<'a> Watched<'a> {
    pub(crate) fn new(surface: &'a Surface, target: f64) -> Self {
        Watched { surface, target, asked: Cell::new(0), solved: Cell::new(None) }
    }

    /// The evaluations until E was low enough.
    pub(crate) fn solved(&self) -> Option<usize> {
        self.solved.get()
    }

    /// Past the last evaluation E is no number, so that every solver ends.
    fn see(&self, value: f64) -> f64 {
        self.asked.set(self.asked.get() + 1);
        if self.asked.get() > MOST {
            return f64::NAN;
        }
        if value <= self.target && self.solved.get().is_none() {
            self.solved.set(Some(self.asked.get()));
        }
        value
    }
}

impl ErrorFunction for Watched<'_> {
    fn dimension(&self) -> usize {
        self.surface.dimension()
    }
    fn value(&self, w: &[f64]) -> f64 {
        self.see(self.surface.value(w))
    }
    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        self.see(self.surface.value_gradient(w, gradient))
    }
    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        self.see(self.surface.value_gradient_hessian(w, gradient, hessian))
    }
    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        self.surface.hessian_vector(w, v, product);
        self.see(f64::INFINITY);
    }
}

/// A sum of squares is asked for residuals where others are asked for E. Problems that are none say so before.
impl SumOfSquares for Watched<'_> {
    fn scale(&self) -> f64 {
        self.surface.least_squares().unwrap().scale()
    }
    fn residual_count(&self) -> usize {
        self.surface.least_squares().unwrap().residual_count()
    }
    fn gauss_newton(&self, w: &[f64], matrix: &mut [f64]) -> f64 {
        self.see(self.scale() * self.surface.least_squares().unwrap().gauss_newton(w, matrix)) / self.scale()
    }
    fn residuals(&self, w: &[f64], residuals: &mut [f64]) -> bool {
        let known = self.surface.least_squares().unwrap().residuals(w, residuals);
        let value = self.see(self.scale() * residuals.iter().map(|r| r * r).sum::<f64>());
        if value.is_nan() {
            residuals.fill(f64::NAN);
        }
        known
    }
    fn jacobian(&self, w: &[f64], jacobian: &mut [f64]) -> bool {
        self.see(f64::INFINITY);
        self.surface.least_squares().unwrap().jacobian(w, jacobian)
    }
}
