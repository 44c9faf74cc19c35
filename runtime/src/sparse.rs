//! Sparse Hessians: triplets to compressed columns, and dense results from sparse ones.

use std::vec;
use std::vec::Vec;

use crate::{SparseErrorFunction, packed};

#[cfg(feature = "sparse")]
pub use crate::sparse_hessian::{PatternError, SparseHessian};

/// E(w), its gradient and its Hessian as packed lower triangle by rows, from the sparse Hessian.
///
/// For error functions of few parameters; allocates and makes the pattern anew.
///
/// # Panics
/// Where `hessian` has fewer than n(n+1)/2 entries, or as the error function itself.
///
/// ```
/// use hesse_runtime::sparse::dense;
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/diagonal.rs"));
/// # }
/// # use surface::*;
///
/// let (mut gradient, mut hessian) = ([0.0; 2], [0.0; 3]);
/// assert_eq!(dense(&Diagonal, &[1.0, 2.0], &mut gradient, &mut hessian), 5.0);
/// assert_eq!((gradient, hessian), ([2.0, 4.0], [2.0, 0.0, 2.0]));
/// ```
pub fn dense(
    error: &(impl SparseErrorFunction + ?Sized),
    w: &[f64],
    gradient: &mut [f64],
    hessian: &mut [f64],
) -> f64 {
    let (rows, columns, mut values) = triplets(error);
    let value = error.value_gradient_sparse_hessian(w, gradient, &mut values);
    hessian.fill(0.0);
    for ((row, column), value) in rows.into_iter().zip(columns).zip(values) {
        hessian[packed::position(row, column)] += value;
    }
    value
}

/// The Hessian-vector product H(w)·v from the sparse Hessian, written to `product`.
///
/// Allocates and makes the pattern anew; a `SparseHessian` (feature `sparse`) keeps both.
///
/// # Panics
/// Where `v` or `product` are shorter than the number of parameters, or as the error function itself.
///
/// ```
/// use hesse_runtime::sparse::product;
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/diagonal.rs"));
/// # }
/// # use surface::*;
///
/// let mut result = [0.0; 2];
/// product(&Diagonal, &[1.0, 2.0], &[10.0, 1.0], &mut result);
/// assert_eq!(result, [20.0, 2.0]);
/// ```
pub fn product(error: &(impl SparseErrorFunction + ?Sized), w: &[f64], v: &[f64], product: &mut [f64]) {
    let (rows, columns, mut values) = triplets(error);
    error.value_gradient_sparse_hessian(w, product, &mut values);
    product.fill(0.0);
    for ((row, column), value) in rows.into_iter().zip(columns).zip(values) {
        product[row] += value * v[column];
        if row != column {
            product[column] += value * v[row];
        }
    }
}

/// The pattern, and room for its values.
fn triplets(error: &(impl SparseErrorFunction + ?Sized)) -> (Vec<usize>, Vec<usize>, Vec<f64>) {
    let entries = error.entries();
    let (mut rows, mut columns) = (vec![0; entries], vec![0; entries]);
    error.pattern(&mut rows, &mut columns);
    (rows, columns, vec![0.0; entries])
}
