//! What an error function offers that is a sum over rows of data.

use core::ops::Range;

use crate::ErrorFunction;

/// An error function E(w) = Σ over rows + what no row carries, which can be had for some of its rows alone.
///
/// Rows are counted from 0. What no row carries, such as a penalty, belongs to the rows that begin at 0. So the results
/// for blocks of rows that follow each other from 0 to [`rows`](Self::rows), none of them empty unless there are no
/// rows at all, add up to those of [`ErrorFunction`], but for rounding. Slices are as there; every output is
/// overwritten. Implementations may panic where there are no such rows.
///
/// ```
/// use core::ops::Range;
/// use hesse_runtime::{ErrorFunction, RowErrorFunction, packed};
///
/// /// E(w) = ½ Σ (w − xᵢ)² + w²
/// struct Mean<'a> {
///     x: &'a [f64],
/// }
///
/// impl RowErrorFunction for Mean<'_> {
///     fn rows(&self) -> usize {
///         self.x.len()
///     }
///     fn value_of_rows(&self, w: &[f64], rows: Range<usize>) -> f64 {
///         self.value_gradient_of_rows(w, rows, &mut [0.0])
///     }
///     fn value_gradient_of_rows(&self, w: &[f64], rows: Range<usize>, gradient: &mut [f64]) -> f64 {
///         self.value_gradient_hessian_of_rows(w, rows, gradient, &mut [0.0])
///     }
///     fn value_gradient_hessian_of_rows(
///         &self,
///         w: &[f64],
///         rows: Range<usize>,
///         gradient: &mut [f64],
///         hessian: &mut [f64],
///     ) -> f64 {
///         let first = if rows.start == 0 { 1.0 } else { 0.0 };
///         let mut value = first * w[0] * w[0];
///         (gradient[0], hessian[0]) = (2.0 * first * w[0], 2.0 * first);
///         for x in &self.x[rows] {
///             value += 0.5 * (w[0] - x).powi(2);
///             gradient[0] += w[0] - x;
///             hessian[0] += 1.0;
///         }
///         value
///     }
///     fn hessian_vector_of_rows(&self, w: &[f64], rows: Range<usize>, v: &[f64], product: &mut [f64]) {
///         let mut hessian = [0.0];
///         self.value_gradient_hessian_of_rows(w, rows, product, &mut hessian);
///         packed::multiply(&hessian, v, product);
///     }
/// }
///
/// impl ErrorFunction for Mean<'_> {
///     fn dimension(&self) -> usize {
///         1
///     }
///     fn value(&self, w: &[f64]) -> f64 {
///         self.value_of_rows(w, 0..self.rows())
///     }
///     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
///         self.value_gradient_of_rows(w, 0..self.rows(), gradient)
///     }
///     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
///         self.value_gradient_hessian_of_rows(w, 0..self.rows(), gradient, hessian)
///     }
///     fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
///         self.hessian_vector_of_rows(w, 0..self.rows(), v, product);
///     }
/// }
///
/// let mean = Mean { x: &[1.0, 2.0, 4.0] };
/// let parts = mean.value_of_rows(&[2.0], 0..1) + mean.value_of_rows(&[2.0], 1..3);
/// assert_eq!(parts, mean.value(&[2.0]));
/// ```
pub trait RowErrorFunction: ErrorFunction {
    /// The number of rows.
    fn rows(&self) -> usize;

    /// What `rows` add to E(w).
    fn value_of_rows(&self, w: &[f64], rows: Range<usize>) -> f64;

    /// What `rows` add to E(w), with what they add to ∇E(w) written to `gradient`.
    fn value_gradient_of_rows(&self, w: &[f64], rows: Range<usize>, gradient: &mut [f64]) -> f64;

    /// What `rows` add to E(w), with what they add to ∇E(w) written to `gradient` and to H(w) to `hessian`, packed
    /// lower triangle by rows.
    fn value_gradient_hessian_of_rows(
        &self,
        w: &[f64],
        rows: Range<usize>,
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64;

    /// What `rows` add to the Hessian-vector product H(w)·v, written to `product`.
    fn hessian_vector_of_rows(&self, w: &[f64], rows: Range<usize>, v: &[f64], product: &mut [f64]);
}
