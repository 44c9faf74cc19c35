// The error function of examples in the documentation: E = x² + 4y².

pub struct Bowl;

impl hesse_runtime::ErrorFunction for Bowl {
    fn dimension(&self) -> usize {
        2
    }
    fn value(&self, w: &[f64]) -> f64 {
        w[0] * w[0] + 4.0 * w[1] * w[1]
    }
    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.copy_from_slice(&[2.0 * w[0], 8.0 * w[1]]);
        self.value(w)
    }
    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        hessian.copy_from_slice(&[2.0, 0.0, 8.0]);
        self.value_gradient(w, gradient)
    }
    fn hessian_vector(&self, _: &[f64], v: &[f64], product: &mut [f64]) {
        product.copy_from_slice(&[2.0 * v[0], 8.0 * v[1]]);
    }
}
