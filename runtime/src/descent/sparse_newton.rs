//! Newton's method for large Hessians with few entries.

use super::directions::{Directions, End, Settings};
use super::sparse_factor::SparseFactor;
use super::{Bounds, Descent, DescentError, Iterate, LineSearch, Method, Observer};
use crate::SparseErrorFunction;
use crate::sparse::SparseHessian;

/// Newton's method with a line search and a sparse factorization of H.
///
/// H is scaled to unit diagonal, and a multiple of the identity is added where it is not positive definite. The factor
/// is LDLᵀ in the order of the parameters: for a band of width k it has k entries per row, so a million parameters in a
/// chain take as many operations. Orders with less fill for other patterns are not looked for.
///
/// **Requirements**: continuous second derivatives, a sparse Hessian. **Cost**: per iteration a Hessian and its factor.
///
/// ```
/// # use hesse_runtime::{ErrorFunction, SparseErrorFunction};
/// # struct Chain(usize);
/// # impl ErrorFunction for Chain {
/// #     fn dimension(&self) -> usize { self.0 }
/// #     fn value(&self, w: &[f64]) -> f64 {
/// #         self.value_gradient(w, &mut vec![0.0; self.0])
/// #     }
/// #     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
/// #         self.value_gradient_sparse_hessian(w, gradient, &mut vec![0.0; self.entries()])
/// #     }
/// #     fn value_gradient_hessian(&self, w: &[f64], b: &mut [f64], h: &mut [f64]) -> f64 {
/// #         hesse_runtime::sparse::dense(self, w, b, h)
/// #     }
/// #     fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
/// #         hesse_runtime::sparse::product(self, w, v, product);
/// #     }
/// # }
/// # impl SparseErrorFunction for Chain {
/// #     fn entries(&self) -> usize { 2 * self.0 - 1 }
/// #     fn pattern(&self, rows: &mut [usize], columns: &mut [usize]) {
/// #         for i in 0..self.entries() {
/// #             (rows[i], columns[i]) = ((i + 1) / 2, i / 2);
/// #         }
/// #     }
/// #     fn value_gradient_sparse_hessian(&self, w: &[f64], b: &mut [f64], h: &mut [f64]) -> f64 {
/// #         (b.fill(0.0), h.fill(0.0));
/// #         let mut value = 0.0;
/// #         for i in 0..self.0 {
/// #             value += (1.0 - w[i]).powi(2);
/// #             b[i] -= 2.0 * (1.0 - w[i]);
/// #             h[2 * i] += 2.0;
/// #             if i + 1 < self.0 {
/// #                 let d = w[i + 1] - w[i] * w[i];
/// #                 value += 100.0 * d * d;
/// #                 b[i] -= 400.0 * w[i] * d;
/// #                 b[i + 1] += 200.0 * d;
/// #                 h[2 * i] += 800.0 * w[i] * w[i] - 400.0 * d;
/// #                 h[2 * i + 1] -= 400.0 * w[i];
/// #                 h[2 * i + 2] += 200.0;
/// #             }
/// #         }
/// #         value
/// #     }
/// # }
/// use hesse_runtime::descent::{Method, SparseNewton};
///
/// // Rosenbrock's function in a chain of 10,000 parameters
/// let found = SparseNewton::default().minimize(&Chain(10_000), &vec![1.2; 10_000])?;
/// assert!(found.converged() && found.iterations < 30);
/// assert!(found.minimizer.iter().all(|w| (w - 1.0).abs() < 1e-9));
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SparseNewton {
    /// The number of steps after which to give up; 1000 by default.
    pub max_iterations: usize,
    /// Converged when the next step is this small beside every parameter; 10⁻⁸ by default.
    pub tolerance: f64,
    /// Armijo's condition by default.
    pub search: LineSearch,
}

impl Default for SparseNewton {
    fn default() -> Self {
        Self { max_iterations: 1000, tolerance: 1e-8, search: LineSearch::Armijo }
    }
}

/// A pivot of the scaled Hessian at or below this counts as none.
const LEAST_PIVOT: f64 = 1e-14;

impl<E: SparseErrorFunction + ?Sized> Method<E> for SparseNewton {
    fn descend(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        let Self { max_iterations, tolerance, search } = *self;
        let settings = Settings { max_iterations, tolerance, search, end: End::Step };
        let n = error.dimension();
        let (mut rows, mut columns) = (vec![0; error.entries()], vec![0; error.entries()]);
        error.pattern(&mut rows, &mut columns);
        let hessian = SparseHessian::new(n, &rows, &columns).map_err(DescentError::Pattern)?;
        let values = vec![0.0; rows.len()];
        let mut directions = Sparse { error: &error, rows, columns, values, hessian };
        settings.run(&error, start, bounds, observer, &mut directions)
    }
}

struct Sparse<'a> {
    error: &'a dyn SparseErrorFunction,
    rows: Vec<usize>,
    columns: Vec<usize>,
    values: Vec<f64>,
    hessian: SparseHessian,
}

impl Directions for Sparse<'_> {
    fn next(
        &mut self,
        at: &Iterate,
        gradient: &[f64],
        free: &[bool],
    ) -> Result<(Vec<f64>, f64), DescentError> {
        let mut full = vec![0.0; at.w.len()];
        self.error.value_gradient_sparse_hessian(&at.w, &mut full, &mut self.values);
        for ((value, &row), &column) in self.values.iter_mut().zip(&self.rows).zip(&self.columns) {
            if !value.is_finite() {
                let value = *value;
                return Err(DescentError::Hessian(crate::SpectrumError::NotFinite { row, column, value }));
            }
            if !(free[row] && free[column]) {
                *value = 0.0;
            }
        }
        self.hessian.fill(&self.values);
        let unit = |entry: f64| if entry == 0.0 { 1.0 } else { entry.abs().sqrt() };
        let scale: Vec<f64> = self.hessian.diagonal().map(unit).collect();
        let matrix = self.hessian.to_csc();
        // What is held has no slope, so any positive pivot will do: the shift gives it one.
        let held = free.iter().any(|free| !free);
        let mut shift = if held { LEAST_PIVOT * 2.0 } else { 0.0 };
        let factor = loop {
            if let Some(factor) = SparseFactor::new(&matrix, &scale, shift, LEAST_PIVOT) {
                break factor;
            }
            if shift > 1e300 {
                return Err(DescentError::Hessian(crate::SpectrumError::Overflow));
            }
            shift = f64::max(4.0 * shift, 1e-3);
        };
        let mut step: Vec<f64> = gradient.iter().zip(&scale).map(|(b, scale)| -b / scale).collect();
        factor.solve(&mut step);
        step.iter_mut().zip(&scale).for_each(|(s, scale)| *s /= scale);
        Ok((step, 1.0))
    }

    fn moved(&mut self, _from: &Iterate, _to: &Iterate) {}

    fn forget(&mut self) -> bool {
        false
    }
}
