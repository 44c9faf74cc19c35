//! Generated sparse Hessians where a benchmark asks for the Hessian.

use hesse::{ErrorFunction, SparseErrorFunction};

use crate::workload::Pattern;

/// An error function whose Hessian is written as sparse values.
#[derive(Clone, Copy, Debug)]
pub struct Sparse<T>(pub T);

impl<T: SparseErrorFunction> Sparse<T> {
    /// Which entries the values are.
    pub fn pattern(&self) -> Pattern {
        let length = self.0.entries();
        let (mut rows, mut columns) = (vec![0; length], vec![0; length]);
        self.0.pattern(&mut rows, &mut columns);
        Pattern::Sparse(rows.into_iter().zip(columns).map(|(i, j)| (i as u32, j as u32)).collect())
    }
}

impl<T: SparseErrorFunction> ErrorFunction for Sparse<T> {
    fn dimension(&self) -> usize {
        self.0.dimension()
    }

    fn value(&self, w: &[f64]) -> f64 {
        self.0.value(w)
    }

    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        self.0.value_gradient(w, gradient)
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        self.0.value_gradient_sparse_hessian(w, gradient, hessian)
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        self.0.hessian_vector(w, v, product);
    }
}
