//! Error functions for the solvers of argmin 0.11.

/// The library, in the version that this file is for.
pub use ::argmin;

use super::UnknownResiduals;
use crate::{ErrorFunction, SumOfSquares, packed};
use argmin::core::{CostFunction, Error, Gradient, Hessian, Jacobian, Operator};

/// An error function as argmin knows it, on plain vectors.
///
/// Gradient and Hessian for any [`ErrorFunction`], residuals and their Jacobian for a [`SumOfSquares`] that knows them.
///
/// ```
/// use argmin::core::{Executor, State};
/// use argmin::solver::trustregion::{Steihaug, TrustRegion};
/// use hesse_runtime::ErrorFunction;
/// use hesse_runtime::adapters::argmin::Argmin;
///
/// # struct Bowl;
/// # impl ErrorFunction for Bowl {
/// #     fn dimension(&self) -> usize { 2 }
/// #     fn value(&self, w: &[f64]) -> f64 { 0.5 * (w[0] - 1.0).powi(2) + 2.0 * w[1] * w[1] }
/// #     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
/// #         gradient.copy_from_slice(&[w[0] - 1.0, 4.0 * w[1]]);
/// #         self.value(w)
/// #     }
/// #     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
/// #         hessian.copy_from_slice(&[1.0, 0.0, 4.0]);
/// #         self.value_gradient(w, gradient)
/// #     }
/// #     fn hessian_vector(&self, _: &[f64], v: &[f64], product: &mut [f64]) {
/// #         product.copy_from_slice(&[v[0], 4.0 * v[1]]);
/// #     }
/// # }
/// // E = ½(w₀ − 1)² + 2w₁²
/// let solver = TrustRegion::new(Steihaug::new());
/// let executor = Executor::new(Argmin(Bowl), solver);
/// let result = executor.configure(|state| state.param(vec![-1.0, 2.0]).max_iters(20)).run()?;
/// assert!((result.state().get_best_param().unwrap()[0] - 1.0).abs() < 1e-8);
/// # Ok::<(), argmin::core::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Argmin<E>(pub E);

impl<E: ErrorFunction> CostFunction for Argmin<E> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, w: &Vec<f64>) -> Result<f64, Error> {
        Ok(self.0.value(w))
    }
}

impl<E: ErrorFunction> Gradient for Argmin<E> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, w: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let mut gradient = vec![0.0; w.len()];
        self.0.value_gradient(w, &mut gradient);
        Ok(gradient)
    }
}

impl<E: ErrorFunction> Hessian for Argmin<E> {
    type Param = Vec<f64>;
    type Hessian = Vec<Vec<f64>>;

    fn hessian(&self, w: &Vec<f64>) -> Result<Vec<Vec<f64>>, Error> {
        let n = w.len();
        let (mut gradient, mut hessian) = (vec![0.0; n], vec![0.0; packed::length(n)]);
        self.0.value_gradient_hessian(w, &mut gradient, &mut hessian);
        let entry = |i: usize, j: usize| hessian[packed::position(i.max(j), i.min(j))];
        Ok((0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect())
    }
}

impl<E: SumOfSquares> Operator for Argmin<E> {
    type Param = Vec<f64>;
    type Output = Vec<f64>;

    fn apply(&self, w: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let mut residuals = vec![0.0; self.0.residual_count()];
        if self.0.residuals(w, &mut residuals) { Ok(residuals) } else { Err(UnknownResiduals.into()) }
    }
}

impl<E: SumOfSquares> Jacobian for Argmin<E> {
    type Param = Vec<f64>;
    type Jacobian = Vec<Vec<f64>>;

    fn jacobian(&self, w: &Vec<f64>) -> Result<Vec<Vec<f64>>, Error> {
        let m = self.0.residual_count();
        let mut columns = vec![0.0; m * w.len()];
        if !self.0.jacobian(w, &mut columns) {
            return Err(UnknownResiduals.into());
        }
        Ok((0..m).map(|i| (0..w.len()).map(|j| columns[j * m + i]).collect()).collect())
    }
}
