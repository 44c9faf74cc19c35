// An error function with enclosures, of examples in the documentation: E = (x² − 1)².

use hesse_runtime::interval::Interval;

pub struct DoubleWell;

impl hesse_runtime::ErrorFunction for DoubleWell {
    fn dimension(&self) -> usize {
        1
    }
    fn value(&self, w: &[f64]) -> f64 {
        (w[0] * w[0] - 1.0).powi(2)
    }
    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        gradient[0] = 4.0 * w[0] * (w[0] * w[0] - 1.0);
        self.value(w)
    }
    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        hessian[0] = 12.0 * w[0] * w[0] - 4.0;
        self.value_gradient(w, gradient)
    }
    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        product[0] = (12.0 * w[0] * w[0] - 4.0) * v[0];
    }
}

impl hesse_runtime::IntervalErrorFunction for DoubleWell {
    fn enclose_value(&self, w: &[Interval]) -> Interval {
        (w[0].powi(2) - Interval::ONE).powi(2)
    }
    fn enclose(&self, w: &[Interval], gradient: &mut [Interval], hessian: &mut [Interval]) -> Interval {
        gradient[0] = Interval::point(4.0) * w[0] * (w[0].powi(2) - Interval::ONE);
        hessian[0] = Interval::point(12.0) * w[0].powi(2) - Interval::point(4.0);
        self.enclose_value(w)
    }
}
