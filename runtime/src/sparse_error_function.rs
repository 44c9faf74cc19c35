//! What an error function with a sparse Hessian offers.

use crate::ErrorFunction;

/// An error function whose Hessian is given by the entries that can differ from zero.
///
/// The entries are triplets in the convention of interior-point solvers: a pattern (row, column) with
/// row ≥ column, made once, and values in the same order at every w. A pair may occur more than once; its values
/// add up. Nothing of size n² is ever formed. Every output is overwritten.
///
/// ```
/// use hesse_runtime::{ErrorFunction, SparseErrorFunction, sparse};
///
/// /// E(w) = ½ Σ (wᵢ₊₁ − wᵢ)²
/// struct Chain {
///     length: usize,
/// }
///
/// impl ErrorFunction for Chain {
///     fn dimension(&self) -> usize {
///         self.length
///     }
///     fn value(&self, w: &[f64]) -> f64 {
///         w.windows(2).map(|pair| 0.5 * (pair[1] - pair[0]).powi(2)).sum()
///     }
///     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
///         gradient.fill(0.0);
///         for i in 1..self.length {
///             gradient[i] += w[i] - w[i - 1];
///             gradient[i - 1] -= w[i] - w[i - 1];
///         }
///         self.value(w)
///     }
///     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
///         sparse::dense(self, w, gradient, hessian)
///     }
///     fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
///         sparse::product(self, w, v, product);
///     }
/// }
///
/// impl SparseErrorFunction for Chain {
///     fn entries(&self) -> usize {
///         2 * self.length - 1
///     }
///     fn pattern(&self, rows: &mut [usize], columns: &mut [usize]) {
///         for i in 0..self.length {
///             (rows[i], columns[i]) = (i, i);
///         }
///         for i in 1..self.length {
///             (rows[self.length + i - 1], columns[self.length + i - 1]) = (i, i - 1);
///         }
///     }
///     fn value_gradient_sparse_hessian(&self, w: &[f64], gradient: &mut [f64], values: &mut [f64]) -> f64 {
///         values.fill(0.0);
///         for i in 1..self.length {
///             values[i] += 1.0;
///             values[i - 1] += 1.0;
///             values[self.length + i - 1] = -1.0;
///         }
///         self.value_gradient(w, gradient)
///     }
/// }
///
/// let mut product = [0.0; 3];
/// Chain { length: 3 }.hessian_vector(&[0.0; 3], &[1.0, 0.0, 0.0], &mut product);
/// assert_eq!(product, [1.0, -1.0, 0.0]);
/// ```
pub trait SparseErrorFunction: ErrorFunction {
    /// The number of values, and of pairs of the pattern.
    fn entries(&self) -> usize;

    /// Writes row and column of every value, row ≥ column; both slices have [`entries`](Self::entries) places.
    fn pattern(&self, rows: &mut [usize], columns: &mut [usize]);

    /// E(w), with ∇E(w) written to `gradient` and the values of H(w), in the order of the pattern, to `values`.
    fn value_gradient_sparse_hessian(&self, w: &[f64], gradient: &mut [f64], values: &mut [f64]) -> f64;
}
