//! An error function that counts how often it is asked.

use std::cell::Cell;

use hesse_runtime::ErrorFunction;

/// How often each was asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// E alone.
    pub values: usize,
    /// E and ∇E.
    pub gradients: usize,
    /// E, ∇E and H.
    pub hessians: usize,
    /// H·v.
    pub products: usize,
}

/// An error function with its counts.
pub struct Counted<'a> {
    error: &'a dyn ErrorFunction,
    is_smooth: bool,
    counts: Cell<Counts>,
}

impl<'a> Counted<'a> {
    /// The error function, asked for nothing yet.
    pub fn new(error: &'a dyn ErrorFunction) -> Self {
        Self { error, is_smooth: error.is_smooth(), counts: Cell::default() }
    }

    /// The same without a word on whether it is smooth.
    pub fn silent(error: &'a dyn ErrorFunction) -> Self {
        Self { is_smooth: false, ..Self::new(error) }
    }

    /// How often each was asked for so far.
    pub fn counts(&self) -> Counts {
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
    fn is_smooth(&self) -> bool {
        self.is_smooth
    }
}
