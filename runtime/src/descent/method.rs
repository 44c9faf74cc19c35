//! The one trait of all methods.

use super::{Bounds, Descent, DescentError, Observer};
use crate::ErrorFunction;

/// A way down an error function.
///
/// What a method asks of E is in its bounds: most work on every [`ErrorFunction`], others on a
/// [`SumOfSquares`](crate::SumOfSquares), a [`SparseErrorFunction`](crate::SparseErrorFunction) or a
/// [`RowErrorFunction`](crate::RowErrorFunction).
///
/// ```
/// # use hesse_runtime::ErrorFunction;
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
/// use hesse_runtime::descent::{Bounds, LimitedMemory, Method, TrustRegion};
///
/// // E = ½(w₀ − 1)² + 2w₁², for w₀ ≤ ½
/// let bounds = Bounds::new(&[-9.0, -9.0], &[0.5, 9.0])?;
/// for method in [&TrustRegion::default() as &dyn Method<Bowl>, &LimitedMemory::default()] {
///     let descent = method.minimize_within(&Bowl, &[-1.0, 2.0], &bounds)?;
///     assert!(descent.converged());
///     assert!(descent.minimizer[0] == 0.5 && descent.minimizer[1].abs() < 1e-8);
/// }
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
pub trait Method<E: ErrorFunction + ?Sized> {
    /// Walks from `start` downhill within `bounds` and shows every iterate to `observer`.
    ///
    /// # Errors
    /// A start or bounds of the wrong dimension, a start where E or a derivative is not finite, or a setting out
    /// of range. Not to converge is no error but a [`Status`](super::Status).
    fn descend(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError>;

    /// Walks from `start` to a minimizer.
    ///
    /// # Errors
    /// As [`descend`](Self::descend).
    fn minimize(&self, error: &E, start: &[f64]) -> Result<Descent, DescentError> {
        self.descend(error, start, &Bounds::none(), &mut ())
    }

    /// Walks from `start` to a minimizer within bounds.
    ///
    /// # Errors
    /// As [`descend`](Self::descend).
    fn minimize_within(&self, error: &E, start: &[f64], bounds: &Bounds) -> Result<Descent, DescentError> {
        self.descend(error, start, bounds, &mut ())
    }

    /// Walks from `start` to a minimizer and shows every iterate to `observer`.
    ///
    /// # Errors
    /// As [`descend`](Self::descend).
    fn minimize_observed(
        &self,
        error: &E,
        start: &[f64],
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        self.descend(error, start, &Bounds::none(), observer)
    }
}

impl<E: ErrorFunction + ?Sized, M: Method<E> + ?Sized> Method<E> for Box<M> {
    fn descend(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        (**self).descend(error, start, bounds, observer)
    }
}
