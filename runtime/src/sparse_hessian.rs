//! The lower triangle of a sparse Hessian in compressed columns.

use std::vec;
use std::vec::Vec;

use nalgebra_sparse::CscMatrix;
use nalgebra_sparse::pattern::SparsityPattern;
use thiserror::Error;

use crate::{ErrorFunction, SparseErrorFunction};

/// A symmetric matrix whose lower triangle is kept in compressed columns, refilled from triplets.
///
/// Making it costs O(entries + n): triplets are ordered once, and pairs that occur more than once share a place.
/// [`fill`](Self::fill) is one pass over the values. Duplicates are summed in the order of the triplets, so the
/// same values give the same bits.
///
/// ```
/// use hesse_runtime::sparse::SparseHessian;
///
/// // | 4 1 |
/// // | 1 3 |   with the 4 in two parts
/// let mut hessian = SparseHessian::new(2, &[0, 1, 1, 0], &[0, 0, 1, 0])?;
/// hessian.fill(&[1.5, 1.0, 3.0, 2.5]);
/// assert_eq!(hessian.lower().values(), [4.0, 1.0, 3.0]);
/// assert_eq!(hessian.to_csc().values(), [4.0, 1.0, 1.0, 3.0]);
/// let mut product = [0.0; 2];
/// hessian.multiply(&[1.0, 2.0], &mut product);
/// assert_eq!(product, [6.0, 7.0]);
/// assert_eq!(hessian.diagonal().collect::<Vec<_>>(), [4.0, 3.0]);
/// # Ok::<(), hesse_runtime::sparse::PatternError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SparseHessian {
    lower: CscMatrix<f64>,
    /// Where each triplet goes among the values of `lower`.
    places: Vec<usize>,
}

/// Why triplets are no lower triangle.
///
/// ```
/// use hesse_runtime::sparse::{PatternError, SparseHessian};
///
/// let refused = SparseHessian::new(2, &[0], &[1]).unwrap_err();
/// assert!(matches!(refused, PatternError::Outside { row: 0, column: 1, .. }));
/// ```
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PatternError {
    /// There are not as many rows as columns.
    #[error("{rows} rows, but {columns} columns")]
    Length {
        /// The number of rows.
        rows: usize,
        /// The number of columns.
        columns: usize,
    },
    /// A pair is above the diagonal or outside the matrix.
    #[error("entry {position} at row {row}, column {column} is not in the lower triangle of order {order}")]
    Outside {
        /// The position among the triplets.
        position: usize,
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
        /// The number of parameters.
        order: usize,
    },
}

impl SparseHessian {
    /// The matrix of order `n` with entries at these pairs, row ≥ column, all of them zero so far.
    ///
    /// # Errors
    /// [`PatternError`] where the pairs are not in the lower triangle.
    pub fn new(n: usize, rows: &[usize], columns: &[usize]) -> Result<SparseHessian, PatternError> {
        if rows.len() != columns.len() {
            return Err(PatternError::Length { rows: rows.len(), columns: columns.len() });
        }
        for (position, (&row, &column)) in rows.iter().zip(columns).enumerate() {
            if row >= n || column > row {
                return Err(PatternError::Outside { position, row, column, order: n });
            }
        }
        // Stable counting sorts, by row and then by column, leave duplicates side by side.
        let by_row = sorted(n, rows, 0..rows.len());
        let order = sorted(n, columns, by_row.into_iter());
        let mut offsets = vec![0; n + 1];
        let mut indices: Vec<usize> = Vec::with_capacity(order.len());
        let mut places = vec![0; order.len()];
        let mut last = None;
        for at in order {
            let pair = (rows[at], columns[at]);
            if last != Some(pair) {
                indices.push(pair.0);
                offsets[pair.1 + 1] += 1;
                last = Some(pair);
            }
            places[at] = indices.len() - 1;
        }
        for column in 0..n {
            offsets[column + 1] += offsets[column];
        }
        let values = vec![0.0; indices.len()];
        Ok(SparseHessian { lower: compressed(n, offsets, indices, values), places })
    }

    /// The matrix with the pattern of an error function, all entries zero so far.
    ///
    /// # Errors
    /// [`PatternError`] where the pattern of `error` is not in the lower triangle.
    pub fn of(error: &(impl SparseErrorFunction + ?Sized)) -> Result<SparseHessian, PatternError> {
        let entries = error.entries();
        let (mut rows, mut columns) = (vec![0; entries], vec![0; entries]);
        error.pattern(&mut rows, &mut columns);
        SparseHessian::new(ErrorFunction::dimension(error), &rows, &columns)
    }

    /// Sets the entries from the values of the triplets, in their order.
    ///
    /// # Panics
    /// Where there are not as many values as triplets.
    pub fn fill(&mut self, values: &[f64]) {
        assert!(values.len() == self.places.len(), "one value per triplet");
        let entries = self.lower.values_mut();
        entries.fill(0.0);
        for (&place, value) in self.places.iter().zip(values) {
            entries[place] += value;
        }
    }

    /// The number n of rows and columns.
    #[must_use]
    pub fn order(&self) -> usize {
        self.lower.ncols()
    }

    /// The lower triangle with the diagonal.
    #[must_use]
    pub fn lower(&self) -> &CscMatrix<f64> {
        &self.lower
    }

    /// The whole matrix, both triangles equal bit for bit; O(entries + n).
    #[must_use]
    pub fn to_csc(&self) -> CscMatrix<f64> {
        let n = self.order();
        let mut offsets = vec![0; n + 1];
        for (row, column, _) in self.lower.triplet_iter() {
            offsets[column + 1] += 1;
            if row != column {
                offsets[row + 1] += 1;
            }
        }
        for column in 0..n {
            offsets[column + 1] += offsets[column];
        }
        let entries = offsets[n];
        let (mut indices, mut values) = (vec![0; entries], vec![0.0; entries]);
        let mut next = offsets.clone();
        let mut put = |row: usize, column: usize, value: f64| {
            (indices[next[column]], values[next[column]]) = (row, value);
            next[column] += 1;
        };
        // Column c of the upper triangle is row c of the lower one: these rows come first, in order.
        for (row, column, &value) in self.lower.triplet_iter().filter(|(row, column, _)| row != column) {
            put(column, row, value);
        }
        for (row, column, &value) in self.lower.triplet_iter() {
            put(row, column, value);
        }
        compressed(n, offsets, indices, values)
    }

    /// Writes the product with a vector, overwriting `product`; O(entries).
    ///
    /// # Panics
    /// Where the lengths do not match.
    pub fn multiply(&self, vector: &[f64], product: &mut [f64]) {
        assert!(vector.len() == self.order() && product.len() == self.order(), "one entry per parameter");
        product.fill(0.0);
        for (row, column, value) in self.lower.triplet_iter() {
            product[row] += value * vector[column];
            if row != column {
                product[column] += value * vector[row];
            }
        }
    }

    /// The diagonal in order, zero where it has no entry.
    pub fn diagonal(&self) -> impl Iterator<Item = f64> + '_ {
        // Rows ascend within a column of the lower triangle: the diagonal comes first.
        self.lower.col_iter().enumerate().map(|(at, column)| match column.row_indices().first() {
            Some(&row) if row == at => column.values()[0],
            _ => 0.0,
        })
    }
}

/// The positions by ascending key below `n`, equal keys in the order they come.
fn sorted(n: usize, keys: &[usize], positions: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut next = vec![0; n + 1];
    for &key in keys {
        next[key + 1] += 1;
    }
    for key in 0..n {
        next[key + 1] += next[key];
    }
    let mut order = vec![0; keys.len()];
    for at in positions {
        let place = &mut next[keys[at]];
        order[*place] = at;
        *place += 1;
    }
    order
}

/// The matrix of these columns: offsets ascend to the number of entries, rows ascend within each.
fn compressed(n: usize, offsets: Vec<usize>, rows: Vec<usize>, values: Vec<f64>) -> CscMatrix<f64> {
    let pattern = SparsityPattern::try_from_offsets_and_indices(n, n, offsets, rows);
    match pattern.map(|pattern| CscMatrix::try_from_pattern_and_values(pattern, values)) {
        Ok(Ok(matrix)) => matrix,
        // Both callers make offsets and rows as asked for.
        _ => CscMatrix::zeros(n, n),
    }
}
