// A sum of squares of examples in the documentation: E = Σ (xᵢ − m)² for 1, 2, 3 and 6.

pub struct Mean;

const DATA: [f64; 4] = [1.0, 2.0, 3.0, 6.0];

impl hesse_runtime::ErrorFunction for Mean {
    fn dimension(&self) -> usize {
        1
    }
    fn value(&self, w: &[f64]) -> f64 {
        DATA.iter().map(|x| (x - w[0]).powi(2)).sum()
    }
    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        gradient[0] = DATA.iter().map(|x| 2.0 * (w[0] - x)).sum();
        self.value(w)
    }
    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        hessian[0] = 8.0;
        self.value_gradient(w, gradient)
    }
    fn hessian_vector(&self, _: &[f64], v: &[f64], product: &mut [f64]) {
        product[0] = 8.0 * v[0];
    }
}

impl hesse_runtime::SumOfSquares for Mean {
    fn scale(&self) -> f64 {
        1.0
    }
    fn residual_count(&self) -> usize {
        4
    }
    fn gauss_newton(&self, w: &[f64], matrix: &mut [f64]) -> f64 {
        matrix[0] = 4.0;
        hesse_runtime::ErrorFunction::value(self, w)
    }
    fn residuals(&self, w: &[f64], residuals: &mut [f64]) -> bool {
        residuals.iter_mut().zip(DATA).for_each(|(r, x)| *r = x - w[0]);
        true
    }
    fn jacobian(&self, _: &[f64], jacobian: &mut [f64]) -> bool {
        jacobian.fill(-1.0);
        true
    }
}
