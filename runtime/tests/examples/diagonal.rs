// A sparse error function of examples in the documentation: E = x² + y².

pub struct Diagonal;

impl hesse_runtime::ErrorFunction for Diagonal {
    fn dimension(&self) -> usize {
        2
    }
    fn value(&self, w: &[f64]) -> f64 {
        w.iter().map(|w| w * w).sum()
    }
    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.iter_mut().zip(w).for_each(|(slope, w)| *slope = 2.0 * w);
        self.value(w)
    }
    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        hesse_runtime::sparse::dense(self, w, gradient, hessian)
    }
    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        hesse_runtime::sparse::product(self, w, v, product);
    }
}

impl hesse_runtime::SparseErrorFunction for Diagonal {
    fn entries(&self) -> usize {
        2
    }
    fn pattern(&self, rows: &mut [usize], columns: &mut [usize]) {
        rows.copy_from_slice(&[0, 1]);
        columns.copy_from_slice(&[0, 1]);
    }
    fn value_gradient_sparse_hessian(&self, w: &[f64], gradient: &mut [f64], values: &mut [f64]) -> f64 {
        values.fill(2.0);
        hesse_runtime::ErrorFunction::value_gradient(self, w, gradient)
    }
}
