//! An error function that counts how often it is evaluated.

use std::cell::Cell;

use hesse_runtime::{ErrorFunction, SumOfSquares};

/// An error function with counts of its evaluations.
pub(crate) struct Counted<'a, E: ?Sized> {
    error: &'a E,
    counts: &'a Counts,
}

/// How often each function was called.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) values: Cell<usize>,
    pub(crate) gradients: Cell<usize>,
    pub(crate) hessians: Cell<usize>,
    pub(crate) products: Cell<usize>,
}

impl<'a, E: ?Sized> Counted<'a, E> {
    pub(crate) fn new(error: &'a E, counts: &'a Counts) -> Counted<'a, E> {
        Counted { error, counts }
    }
}

fn count(counter: &Cell<usize>) {
    counter.set(counter.get() + 1);
}

impl<E: ErrorFunction + ?Sized> ErrorFunction for Counted<'_, E> {
    fn dimension(&self) -> usize {
        self.error.dimension()
    }

    fn value(&self, w: &[f64]) -> f64 {
        count(&self.counts.values);
        self.error.value(w)
    }

    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        count(&self.counts.gradients);
        self.error.value_gradient(w, gradient)
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        count(&self.counts.hessians);
        self.error.value_gradient_hessian(w, gradient, hessian)
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        count(&self.counts.products);
        self.error.hessian_vector(w, v, product);
    }

    fn is_smooth(&self) -> bool {
        self.error.is_smooth()
    }
}

impl<E: SumOfSquares + ?Sized> SumOfSquares for Counted<'_, E> {
    fn scale(&self) -> f64 {
        self.error.scale()
    }

    fn residual_count(&self) -> usize {
        self.error.residual_count()
    }

    fn observation_count(&self) -> usize {
        self.error.observation_count()
    }

    fn gauss_newton(&self, w: &[f64], matrix: &mut [f64]) -> f64 {
        count(&self.counts.hessians);
        self.error.gauss_newton(w, matrix)
    }
}
