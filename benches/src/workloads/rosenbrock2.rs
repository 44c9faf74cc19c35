//! Rosenbrock's valley: what a call costs.

use hesse::ErrorFunction;
use num_dual::DualNum;

use crate::generated::rosenbrock2;
use crate::workload::{Generic, Workload, fixed, fixed_mut, oracle, static_dual};

struct Valley;

/// The workload.
pub fn with(visit: &mut dyn FnMut(&Workload<'_>)) {
    let hesse = rosenbrock2::error_function();
    let dual = |w: &[f64]| static_dual::<2>(&Valley, w);
    let exact = |w: &[f64], i, j| oracle(&Valley, w, i, j);
    let mut workload = Workload::dense("rosenbrock2", vec![-1.2, 1.0], vec![0.3, -0.7], &hesse, &Valley);
    workload.dual = Some((&dual, 1.0));
    workload.oracle = Some(&exact);
    visit(&workload);
}

impl Generic for Valley {
    fn error<N: DualNum<Primitive = f64> + Copy>(&self, w: &[N]) -> N {
        let (x, y) = (w[0], w[1]);
        (-x + 1.0).powi(2) + (y - x * x).powi(2) * 100.0
    }
}

/// Scalar code without dispatch: a handful of operations.
impl ErrorFunction for Valley {
    fn dimension(&self) -> usize {
        2
    }

    fn value(&self, w: &[f64]) -> f64 {
        let &[x, y] = fixed(w);
        let (gap, rest) = (y - x * x, 1.0 - x);
        100.0 * gap * gap + rest * rest
    }

    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        let &[x, y] = fixed(w);
        let (gap, rest) = (y - x * x, 1.0 - x);
        let steep = 200.0 * gap;
        *fixed_mut(gradient) = [-2.0 * (x * steep + rest), steep];
        0.5 * steep * gap + rest * rest
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        let &[x, y] = fixed(w);
        let square = x * x;
        let (gap, rest) = (y - square, 1.0 - x);
        let steep = 200.0 * gap;
        *fixed_mut(gradient) = [-2.0 * (x * steep + rest), steep];
        *fixed_mut(hessian) = [800.0 * square - 2.0 * steep + 2.0, -400.0 * x, 200.0];
        0.5 * steep * gap + rest * rest
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        let (&[x, y], &[a, b]) = (fixed(w), fixed(v));
        let beside = -400.0 * x;
        *fixed_mut(product) = [(1200.0 * x * x - 400.0 * y + 2.0) * a + beside * b, beside * a + 200.0 * b];
    }
}
