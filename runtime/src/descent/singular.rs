//! The singular values of a Jacobian, to the relative accuracy that its entries have.

use super::DescentError;
use crate::SpectrumError;
use nalgebra::{DMatrix, DVector};

/// J = UΣVᵀ, as far as least squares need it.
pub(super) struct Singular {
    /// σᵢ, in no order; those at rounding level are zero.
    pub(super) values: Vec<f64>,
    /// uᵢᵀr, zero where σᵢ is.
    pub(super) coordinates: Vec<f64>,
    /// vᵢ as columns. Columns of J that are zero keep their own axes.
    pub(super) axes: DMatrix<f64>,
}

/// Sweeps after which rotations have failed; a handful do for every matrix of numbers that are finite.
const MOST_SWEEPS: usize = 60;

impl Singular {
    /// A QR decomposition, J = QR, and rotations of the columns of R until they are orthogonal, O(mn² + n³).
    ///
    /// After Hestenes, "Inversion of matrices by biorthogonalization and related results", J. SIAM 6 (1958), whose rotations keep the
    /// relative accuracy of small singular values (Demmel and Veselić, "Jacobi's method is more accurate than QR", SIAM J. Matrix
    /// Anal. Appl. 13 (1992)). JᵀJ is never formed.
    pub(super) fn of(jacobian: &DMatrix<f64>, residuals: &DVector<f64>) -> Result<Self, DescentError> {
        let n = jacobian.ncols();
        let factored = jacobian.clone().qr();
        let mut side = residuals.clone();
        factored.q_tr_mul(&mut side);
        let mut columns = factored.r();
        let side = side.rows(0, columns.nrows()).into_owned();
        let mut axes = DMatrix::identity(n, n);
        let rounding = jacobian.nrows().max(n) as f64 * f64::EPSILON * columns.norm();
        let mut sweeps = 0;
        while sweep(&mut columns, &mut axes, rounding) {
            sweeps += 1;
            if sweeps == MOST_SWEEPS {
                return Err(SpectrumError::NotConverged { sweeps }.into());
            }
        }
        let mut values: Vec<f64> = columns.column_iter().map(|column| column.norm()).collect();
        let mut coordinates = vec![0.0; n];
        for (at, value) in values.iter_mut().enumerate() {
            if *value <= rounding {
                *value = 0.0;
            } else {
                coordinates[at] = columns.column(at).dot(&side) / *value;
            }
        }
        Ok(Self { values, coordinates, axes })
    }
}

/// Makes every pair of columns orthogonal that is not yet, those apart that are nothing but rounding; whether there was one.
fn sweep(columns: &mut DMatrix<f64>, axes: &mut DMatrix<f64>, rounding: f64) -> bool {
    let mut rotated = false;
    for q in 1..columns.ncols() {
        for p in 0..q {
            let (a, b) = (columns.column(p).norm_squared(), columns.column(q).norm_squared());
            let off = columns.column(p).dot(&columns.column(q));
            let size = (a * b).sqrt();
            let is_noise = a.min(b).sqrt() <= rounding;
            if is_noise || off.abs() <= f64::EPSILON * columns.nrows() as f64 * size {
                continue;
            }
            rotated = true;
            let theta = (b - a) / (2.0 * off);
            let t = 1.0_f64.copysign(theta) / (theta.abs() + theta.hypot(1.0));
            let c = 1.0 / t.hypot(1.0);
            rotate(columns, [p, q], c, c * t);
            rotate(axes, [p, q], c, c * t);
        }
    }
    rotated
}

fn rotate(matrix: &mut DMatrix<f64>, [p, q]: [usize; 2], c: f64, s: f64) {
    for row in 0..matrix.nrows() {
        let (x, y) = (matrix[(row, p)], matrix[(row, q)]);
        matrix[(row, p)] = c * x - s * y;
        matrix[(row, q)] = s * x + c * y;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Läuchli's matrix: ones above ε on the diagonal has the singular values √(n + ε²) and ε, which JᵀJ loses.
    #[test]
    fn small_values_keep_their_digits() {
        let tiny = 1e-9;
        let jacobian = DMatrix::from_fn(4, 3, |i, j| {
            if i == 0 {
                1.0
            } else if i == j + 1 {
                tiny
            } else {
                0.0
            }
        });
        let residuals = DVector::from_vec(vec![1.0, 3.0 * tiny, 0.0, 0.0]);
        let found = Singular::of(&jacobian, &residuals).unwrap();
        let mut values = found.values.clone();
        values.sort_by(f64::total_cmp);
        for (value, truth) in values.iter().zip([tiny, tiny, 3.0_f64.sqrt()]) {
            assert!((value / truth - 1.0).abs() < 1e-6, "{value:e}, not {truth:e}");
        }
        // V Σ⁻¹ Uᵀr solves Jx = r as well as it can be.
        let divided = DVector::from_fn(3, |k, _| found.coordinates[k] / found.values[k]);
        let solution = &found.axes * divided;
        let gradient = jacobian.transpose() * (&jacobian * solution - residuals);
        assert!(gradient.amax() < 1e-15);
    }

    #[test]
    fn wide_empty_and_dependent_columns_have_zeros() {
        let wide = DMatrix::from_row_slice(1, 3, &[1.0, 2.0, 2.0]);
        let found = Singular::of(&wide, &DVector::from_vec(vec![5.0])).unwrap();
        assert_eq!(found.values.iter().filter(|value| **value == 0.0).count(), 2);
        let largest = found.values.iter().position(|value| (value - 3.0).abs() < 1e-14).unwrap();
        assert!((found.coordinates[largest].abs() - 5.0).abs() < 1e-14);
        let twice = DMatrix::from_row_slice(3, 2, &[1.0, 2.0, 3.0, 6.0, -1.0, -2.0]);
        let found = Singular::of(&twice, &DVector::from_vec(vec![1.0, 1.0, 1.0])).unwrap();
        let zero = found.values.iter().position(|value| *value == 0.0).unwrap();
        assert_eq!(found.coordinates[zero], 0.0);
        let none = Singular::of(&DMatrix::zeros(2, 2), &DVector::from_vec(vec![1.0, 1.0])).unwrap();
        assert_eq!((none.values, none.coordinates), (vec![0.0; 2], vec![0.0; 2]));
    }
}
