//! An error function that counts how often it is asked.

use std::cell::Cell;

use hesse::ErrorFunction;

/// How often each was asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) values: usize,
    pub(crate) gradients: usize,
    pub(crate) hessians: usize,
    pub(crate) products: usize,
}

pub(crate) struct Counted<'a> {
    error: &'a dyn ErrorFunction,
    counts: Cell<Counts>,
}

impl<'a> Counted<'a> {
    pub(crate) fn new(error: &'a dyn ErrorFunction) -> Self {
        Self { error, counts: Cell::default() }
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts.get()
    }

    fn count(&self, change: impl FnOnce(&mut Counts)) {
        let mut counts = self.counts.get();
        change(&mut counts);
        self.counts.set(counts);
    }
}

impl ErrorFunction for Counted<'_> {
    fn dimension(&self) -> usize {
        self.error.dimension()
    }
    fn value(&self, w: &[f64]) -> f64 {
        self.count(|counts| counts.values += 1);
        self.error.value(w)
    }
    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        self.count(|counts| counts.gradients += 1);
        self.error.value_gradient(w, gradient)
    }
    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        self.count(|counts| counts.hessians += 1);
        self.error.value_gradient_hessian(w, gradient, hessian)
    }
    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        self.count(|counts| counts.products += 1);
        self.error.hessian_vector(w, v, product);
    }
}
