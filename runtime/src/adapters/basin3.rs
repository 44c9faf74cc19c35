//! Error functions for the solvers of basin 3.

/// The library, in the version that this file is for.
pub use ::basin;

use super::UnknownResiduals;
use crate::{ErrorFunction, RowErrorFunction, SumOfSquares, packed};
use basin::{CostFunction, Gradient, Hessian, HessianProduct, Jacobian, MiniBatchGradient, Residual};
use nalgebra::{DMatrix, DVector};
use std::convert::Infallible;

/// An error function as basin knows it, on vectors and matrices of nalgebra.
///
/// Gradient, Hessian and Hessian-vector products for any [`ErrorFunction`], residuals and their Jacobian for a
/// [`SumOfSquares`] that knows them, mean gradients of some rows for a [`RowErrorFunction`].
///
/// ```
/// use basin::{Executor, FirstOrderState, TrustRegion};
/// use hesse_runtime::ErrorFunction;
/// use hesse_runtime::adapters::basin3::Basin;
/// use nalgebra::DVector;
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
/// let solver = TrustRegion::new().with_absolute_gradient_tolerance(1e-8);
/// let start = FirstOrderState::new(DVector::from_vec(vec![-1.0, 2.0]));
/// let result = Executor::new(Basin(Bowl), solver, start).max_iter(100).run().unwrap();
/// assert!((result.param()[0] - 1.0).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Basin<E>(pub E);

impl<E: ErrorFunction> CostFunction for Basin<E> {
    type Param = DVector<f64>;
    type Output = f64;
    type Error = Infallible;

    fn cost(&self, w: &DVector<f64>) -> Result<f64, Infallible> {
        Ok(self.0.value(w.as_slice()))
    }
}

impl<E: ErrorFunction> Gradient for Basin<E> {
    type Gradient = DVector<f64>;

    fn gradient(&self, w: &DVector<f64>) -> Result<DVector<f64>, Infallible> {
        Ok(self.cost_and_gradient(w)?.1)
    }

    fn cost_and_gradient(&self, w: &DVector<f64>) -> Result<(f64, DVector<f64>), Infallible> {
        let mut gradient = DVector::zeros(w.len());
        let value = self.0.value_gradient(w.as_slice(), gradient.as_mut_slice());
        Ok((value, gradient))
    }
}

impl<E: ErrorFunction> Hessian for Basin<E> {
    type Hessian = DMatrix<f64>;

    fn hessian(&self, w: &DVector<f64>) -> Result<DMatrix<f64>, Infallible> {
        Ok(self.cost_and_gradient_and_hessian(w)?.2)
    }

    fn cost_and_gradient_and_hessian(
        &self,
        w: &DVector<f64>,
    ) -> Result<(f64, DVector<f64>, DMatrix<f64>), Infallible> {
        let (mut gradient, mut hessian) = (DVector::zeros(w.len()), vec![0.0; packed::length(w.len())]);
        let value = self.0.value_gradient_hessian(w.as_slice(), gradient.as_mut_slice(), &mut hessian);
        Ok((value, gradient, packed::to_matrix(w.len(), &hessian)))
    }
}

impl<E: ErrorFunction> HessianProduct for Basin<E> {
    fn hessian_product(&self, w: &DVector<f64>, v: &DVector<f64>) -> Result<DVector<f64>, Infallible> {
        let mut product = DVector::zeros(w.len());
        self.0.hessian_vector(w.as_slice(), v.as_slice(), product.as_mut_slice());
        Ok(product)
    }
}

impl<E: SumOfSquares> Residual for Basin<E> {
    type Param = DVector<f64>;
    type Output = DVector<f64>;
    type Error = UnknownResiduals;

    fn residual(&self, w: &DVector<f64>) -> Result<DVector<f64>, UnknownResiduals> {
        let mut residuals = DVector::zeros(self.0.residual_count());
        let known = self.0.residuals(w.as_slice(), residuals.as_mut_slice());
        if known { Ok(residuals) } else { Err(UnknownResiduals) }
    }
}

impl<E: SumOfSquares> Jacobian for Basin<E> {
    type Jacobian = DMatrix<f64>;

    fn jacobian(&self, w: &DVector<f64>) -> Result<DMatrix<f64>, UnknownResiduals> {
        let mut jacobian = DMatrix::zeros(self.0.residual_count(), w.len());
        let known = self.0.jacobian(w.as_slice(), jacobian.as_mut_slice());
        if known { Ok(jacobian) } else { Err(UnknownResiduals) }
    }
}

impl<E: RowErrorFunction> MiniBatchGradient for Basin<E> {
    type Gradient = DVector<f64>;

    fn n_samples(&self) -> usize {
        self.0.rows()
    }

    fn batch_gradient(&self, w: &DVector<f64>, batch: &[usize]) -> Result<DVector<f64>, Infallible> {
        let (mut sum, mut part) = (DVector::zeros(w.len()), DVector::zeros(w.len()));
        for &row in batch {
            self.0.value_gradient_of_rows(w.as_slice(), row..row + 1, part.as_mut_slice());
            sum += &part;
        }
        // basin descends along the mean of the batch.
        Ok(sum / batch.len() as f64)
    }
}
