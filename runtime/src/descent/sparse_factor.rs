//! Sparse factors of a symmetric matrix.

use super::dot;
use nalgebra_sparse::CscMatrix;

/// LDLᵀ of a symmetric matrix in its own order, which for bands and chains is the right one.
///
/// Up-looking, row by row along the elimination tree (Davis, "Algorithm 849: a concise sparse Cholesky factorization
/// package", ACM TOMS 31 (2005)); time and memory go with the entries of L.
pub(super) struct SparseFactor {
    /// Where the entries of each column of L begin.
    offsets: Vec<usize>,
    rows: Vec<usize>,
    values: Vec<f64>,
    pivots: Vec<f64>,
}

const NONE: usize = usize::MAX;

impl SparseFactor {
    /// The factor of D⁻¹AD⁻¹ + μI; `None` unless it is positive definite, every pivot above `least`.
    pub(super) fn new(matrix: &CscMatrix<f64>, scale: &[f64], shift: f64, least: f64) -> Option<Self> {
        let n = matrix.ncols();
        let (parents, offsets) = analyze(matrix);
        let entries = offsets[n];
        let (mut rows, mut values) = (vec![0; entries], vec![0.0; entries]);
        let mut next = offsets[..n].to_vec();
        let (mut pivots, mut row) = (vec![0.0; n], vec![0.0; n]);
        let (mut marks, mut path, mut order) = (vec![NONE; n], Vec::new(), Vec::new());
        for k in 0..n {
            marks[k] = k;
            order.clear();
            let mut pivot = shift;
            let column = matrix.col(k);
            for (&i, value) in column.row_indices().iter().zip(column.values()) {
                let value = value / scale[i] / scale[k];
                if i == k {
                    pivot += value;
                }
                if i >= k {
                    continue;
                }
                row[i] += value;
                let mut node = i;
                while marks[node] != k {
                    path.push(node);
                    marks[node] = k;
                    node = parents[node];
                }
                // Deepest first within a path, later paths before earlier ones: kept reversed, read from the end.
                order.extend(path.drain(..).rev());
            }
            while let Some(i) = order.pop() {
                let value = std::mem::take(&mut row[i]);
                for at in offsets[i]..next[i] {
                    row[rows[at]] -= values[at] * value;
                }
                let entry = value / pivots[i];
                pivot -= entry * value;
                (rows[next[i]], values[next[i]]) = (k, entry);
                next[i] += 1;
            }
            if pivot <= least || pivot.is_nan() {
                return None;
            }
            pivots[k] = pivot;
        }
        Some(Self { offsets, rows, values, pivots })
    }

    /// Overwrites b by the solution of LDLᵀx = b.
    pub(super) fn solve(&self, b: &mut [f64]) {
        let n = self.pivots.len();
        for k in 0..n {
            let known = b[k];
            self.column(k).for_each(|(row, value)| b[row] -= value * known);
        }
        b.iter_mut().zip(&self.pivots).for_each(|(b, pivot)| *b /= pivot);
        for k in (0..n).rev() {
            let span = self.offsets[k]..self.offsets[k + 1];
            let below: Vec<f64> = self.rows[span.clone()].iter().map(|&row| b[row]).collect();
            b[k] -= dot(&self.values[span], &below);
        }
    }

    fn column(&self, k: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let span = self.offsets[k]..self.offsets[k + 1];
        self.rows[span.clone()].iter().copied().zip(self.values[span].iter().copied())
    }
}

/// The elimination tree, and where the columns of L begin.
fn analyze(matrix: &CscMatrix<f64>) -> (Vec<usize>, Vec<usize>) {
    let n = matrix.ncols();
    let (mut parents, mut marks, mut offsets) = (vec![NONE; n], vec![NONE; n], vec![0; n + 1]);
    for k in 0..n {
        marks[k] = k;
        for &i in matrix.col(k).row_indices() {
            let mut node = i;
            while node < k && marks[node] != k {
                if parents[node] == NONE {
                    parents[node] = k;
                }
                offsets[node + 1] += 1;
                marks[node] = k;
                node = parents[node];
            }
        }
    }
    for k in 0..n {
        offsets[k + 1] += offsets[k];
    }
    (parents, offsets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::SparseHessian;

    #[test]
    fn an_arrow_with_a_band_is_solved() {
        let n = 40;
        let (mut rows, mut columns, mut values) = (vec![], vec![], vec![]);
        for row in 0..n {
            for column in 0..=row {
                if row == column || row == column + 3 || row == n - 1 {
                    rows.push(row);
                    columns.push(column);
                    values.push(if row == column {
                        9.0 + row as f64
                    } else {
                        (row * column) as f64 * 1e-3 - 0.5
                    });
                }
            }
        }
        let mut hessian = SparseHessian::new(n, &rows, &columns).unwrap();
        hessian.fill(&values);
        let scale: Vec<f64> = hessian.diagonal().map(f64::sqrt).collect();
        let factor = SparseFactor::new(&hessian.to_csc(), &scale, 0.0, 0.0).unwrap();
        let exact: Vec<f64> = (0..n).map(|at| (at as f64).sin()).collect();
        let mut b = vec![0.0; n];
        let scaled: Vec<f64> = exact.iter().zip(&scale).map(|(x, s)| x / s).collect();
        hessian.multiply(&scaled, &mut b);
        b.iter_mut().zip(&scale).for_each(|(b, s)| *b /= s);
        factor.solve(&mut b);
        assert!(b.iter().zip(&exact).all(|(found, exact)| (found - exact).abs() < 1e-13));
        assert!(SparseFactor::new(&hessian.to_csc(), &scale, -1.5, 0.0).is_none());
    }
}
