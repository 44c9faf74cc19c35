//! The packed lower triangle, the one layout in which symmetric matrices travel.
//!
//! Entry (i, j) with j ≤ i lies at i(i+1)/2 + j: the lower triangle row by row. These are the bytes
//! that LAPACK calls packed `'U'`, the upper triangle column by column, so either reading works.
//!
//! ```
//! use hesse_runtime::packed;
//!
//! // | 4 1 |
//! // | 1 3 |
//! let matrix = [4.0, 1.0, 3.0];
//! assert_eq!(packed::length(2), matrix.len());
//! assert_eq!(matrix[packed::position(0, 1)], 1.0);
//! let mut full = [0.0; 4];
//! packed::mirror(&matrix, &mut full);
//! assert_eq!(full, [4.0, 1.0, 1.0, 3.0]);
//! ```

/// The number of entries of a packed matrix of order `n`, n(n+1)/2.
///
/// ```
/// assert_eq!(hesse_runtime::packed::length(3), 6);
/// ```
#[inline]
#[must_use]
pub const fn length(n: usize) -> usize {
    // One of the two factors is even; halving it first keeps the product within range longest.
    if n.is_multiple_of(2) { n / 2 * (n + 1) } else { n.div_ceil(2) * n }
}

/// Where entry (`row`, `column`) lies; the order of the two does not matter.
///
/// ```
/// assert_eq!(hesse_runtime::packed::position(2, 1), 4);
/// ```
#[inline]
#[must_use]
pub const fn position(row: usize, column: usize) -> usize {
    if row >= column { length(row) + column } else { length(column) + row }
}

/// The order of the matrix that has `length` packed entries, or `None` if no order has as many.
///
/// ```
/// use hesse_runtime::packed::order;
///
/// assert_eq!(order(6), Some(3));
/// assert_eq!(order(5), None);
/// ```
#[must_use]
pub const fn order(length: usize) -> Option<usize> {
    // n² ≤ 2·length < (n+1)², so the integer root of twice the length is the only candidate.
    let Some(twice) = length.checked_mul(2) else { return None };
    let n = twice.isqrt();
    if self::length(n) == length { Some(n) } else { None }
}

/// Unfolds a symmetric matrix in place: the packed triangle at the beginning of `entries` becomes all n² entries.
///
/// Does nothing where the number of entries is no square.
///
/// ```
/// use hesse_runtime::packed;
///
/// let mut matrix = [4.0, 1.0, 3.0, f64::NAN];
/// packed::unfold(&mut matrix);
/// assert_eq!(matrix, [4.0, 1.0, 1.0, 3.0]);
/// ```
pub fn unfold(entries: &mut [f64]) {
    let n = entries.len().isqrt();
    if n * n != entries.len() {
        return;
    }
    // The last row moves first: rows of a full matrix begin no earlier than those of a triangle.
    for row in (1..n).rev() {
        let packed = length(row);
        entries.copy_within(packed..=packed + row, row * n);
    }
    for row in 0..n {
        for column in 0..row {
            entries[column * n + row] = entries[row * n + column];
        }
    }
}

/// Copies a packed matrix into a full one, row by row (which, by symmetry, is also column by column).
///
/// Entries that one of the slices has no room for are left out: `full` should hold n² entries for
/// the n(n+1)/2 of `packed`.
///
/// ```
/// let mut full = [0.0; 4];
/// hesse_runtime::packed::mirror(&[1.0, 2.0, 3.0], &mut full);
/// assert_eq!(full, [1.0, 2.0, 2.0, 3.0]);
/// ```
pub fn mirror(packed: &[f64], full: &mut [f64]) {
    let n = full.len().isqrt();
    for i in 0..n {
        for j in 0..=i {
            if let Some(&entry) = packed.get(position(i, j)) {
                full[i * n + j] = entry;
                full[j * n + i] = entry;
            }
        }
    }
}

/// Writes the product of a packed matrix and a vector, overwriting `product`; O(n²).
///
/// The order is the length of `vector`; `product` must be as long and `packed` hold n(n+1)/2 entries.
///
/// # Panics
/// If the lengths do not match.
///
/// ```
/// let mut product = [0.0; 2];
/// hesse_runtime::packed::multiply(&[4.0, 1.0, 3.0], &[1.0, 2.0], &mut product);
/// assert_eq!(product, [6.0, 7.0]);
/// ```
pub fn multiply(packed: &[f64], vector: &[f64], product: &mut [f64]) {
    product.fill(0.0);
    for (i, &v) in vector.iter().enumerate() {
        let row = &packed[length(i)..=length(i) + i];
        let mut sum = row[i] * v;
        for j in 0..i {
            sum += row[j] * vector[j];
            product[j] += row[j] * v;
        }
        product[i] += sum;
    }
}

/// The diagonal entries in order.
///
/// ```
/// assert!(hesse_runtime::packed::diagonal(&[1.0, 2.0, 3.0]).eq([1.0, 3.0]));
/// ```
pub fn diagonal(packed: &[f64]) -> impl Iterator<Item = f64> + '_ {
    (0..).map_while(|i| packed.get(position(i, i)).copied())
}

/// The packed matrix as a full nalgebra matrix of order `n`.
///
/// # Panics
/// If `packed` has fewer than n(n+1)/2 entries.
///
/// ```
/// let matrix = hesse_runtime::packed::to_matrix(2, &[1.0, 2.0, 3.0]);
/// assert_eq!((matrix[(0, 1)], matrix[(1, 1)]), (2.0, 3.0));
/// ```
#[cfg(feature = "analysis")]
#[must_use]
pub fn to_matrix(n: usize, packed: &[f64]) -> nalgebra::DMatrix<f64> {
    nalgebra::DMatrix::from_fn(n, n, |i, j| packed[position(i, j)])
}

/// The lower triangle of a square nalgebra matrix, packed; what is above the diagonal is not read.
///
/// ```
/// use hesse_runtime::packed;
/// use nalgebra::DMatrix;
///
/// let matrix = DMatrix::from_row_slice(2, 2, &[4.0, 1.0, 1.0, 3.0]);
/// assert_eq!(packed::from_matrix(&matrix), [4.0, 1.0, 3.0]);
/// ```
#[cfg(feature = "analysis")]
#[must_use]
pub fn from_matrix(matrix: &nalgebra::DMatrix<f64>) -> std::vec::Vec<f64> {
    let n = matrix.nrows().min(matrix.ncols());
    let mut packed = std::vec::Vec::with_capacity(length(n));
    for i in 0..n {
        packed.extend((0..=i).map(|j| matrix[(i, j)]));
    }
    packed
}
