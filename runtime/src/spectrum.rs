//! The spectrum of a symmetric matrix: principal axes and the curvatures along them.

use crate::packed;
use nalgebra::{DMatrix, DVector};

/// Sweeps after which a decomposition counts as not converged; ten suffice for any matrix known to us.
const MAX_SWEEPS: usize = 64;

/// Why a symmetric matrix has no spectrum to show.
///
/// ```
/// use hesse_runtime::{Spectrum, SpectrumError};
///
/// assert!(matches!(Spectrum::of_packed(2, &[1.0]), Err(SpectrumError::Shape { expected: 3, found: 1 })));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SpectrumError {
    /// An entry is NaN or infinite.
    #[error("entry ({row}, {column}) of the matrix is {value}, expected a finite number")]
    NotFinite {
        /// The row, counted from 0.
        row: usize,
        /// The column, counted from 0.
        column: usize,
        /// What is there.
        value: f64,
    },
    /// The slice or matrix does not have the shape that its order asks for.
    #[error("the matrix has {found} entries, expected {expected}")]
    Shape {
        /// The number of entries expected.
        expected: usize,
        /// The number of entries found.
        found: usize,
    },
    /// An eigenvalue lies beyond the largest finite number.
    #[error("an eigenvalue overflows; divide the matrix by a constant first")]
    Overflow,
    /// The iteration did not converge.
    #[error("the eigenvalue iteration did not converge in {sweeps} sweeps")]
    NotConverged {
        /// The number of sweeps made.
        sweeps: usize,
    },
}

/// Eigenvalues in ascending order, each with its orthonormal eigenvector.
///
/// The curvatures λᵢ and principal axes uᵢ where the matrix is a Hessian. Found by the cyclic Jacobi
/// method, a few sweeps of O(n³): slower than tridiagonal QR, but where H = DSD is positive definite, with
/// D a mere change of units, it finds even the smallest eigenvalue to a relative precision of about
/// ε·cond(S) (Demmel and Veselić, "Jacobi's method is more accurate than QR", SIAM J. Matrix Anal. Appl.
/// 13 (1992)). QR would drown curvatures below ε‖H‖ in rounding errors, their sign included.
///
/// ```
/// use hesse_runtime::Spectrum;
///
/// // | 2 1 |
/// // | 1 2 |
/// let spectrum = Spectrum::of_packed(2, &[2.0, 1.0, 2.0])?;
/// assert!((spectrum.eigenvalues()[0] - 1.0).abs() < 1e-15);
/// assert!((spectrum.eigenvalues()[1] - 3.0).abs() < 1e-15);
/// assert!((spectrum.condition_number() - 3.0).abs() < 1e-14);
///
/// let refused = Spectrum::of_packed(2, &[2.0, f64::NAN, 2.0]).unwrap_err();
/// assert_eq!(refused.to_string(), "entry (1, 0) of the matrix is NaN, expected a finite number");
/// # Ok::<(), hesse_runtime::SpectrumError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Spectrum {
    eigenvalues: DVector<f64>,
    eigenvectors: DMatrix<f64>,
}

impl Spectrum {
    /// The spectrum of a packed lower triangle of order `n` (see [`packed`]).
    ///
    /// # Errors
    /// Wrong length, an entry that is not finite, overflow, or no convergence.
    pub fn of_packed(n: usize, matrix: &[f64]) -> Result<Self, SpectrumError> {
        check_packed(n, matrix)?;
        decompose(packed::to_matrix(n, matrix))
    }

    /// The spectrum of a square matrix, of which the lower triangle alone is read.
    ///
    /// # Errors
    /// Not square, an entry that is not finite, overflow, or no convergence.
    pub fn of_matrix(matrix: &DMatrix<f64>) -> Result<Self, SpectrumError> {
        let n = matrix.nrows();
        if matrix.ncols() != n {
            return Err(SpectrumError::Shape { expected: n * n, found: matrix.len() });
        }
        Self::of_packed(n, &packed::from_matrix(matrix))
    }

    /// The eigenvalues λ₁ ≤ … ≤ λₙ.
    #[must_use]
    pub fn eigenvalues(&self) -> &DVector<f64> {
        &self.eigenvalues
    }

    /// The eigenvectors as orthonormal columns, in the order of the eigenvalues.
    ///
    /// The sign of each is such that its component of largest magnitude (the first of them on a tie) is
    /// positive.
    #[must_use]
    pub fn eigenvectors(&self) -> &DMatrix<f64> {
        &self.eigenvectors
    }

    /// max |λᵢ| / min |λᵢ|; infinite for a singular matrix, 1 for the empty one.
    #[must_use]
    pub fn condition_number(&self) -> f64 {
        let largest = self.norm();
        let smallest = self.eigenvalues.iter().map(|value| value.abs()).fold(f64::INFINITY, f64::min);
        if self.eigenvalues.is_empty() {
            1.0
        } else if smallest == 0.0 {
            f64::INFINITY
        } else {
            largest / smallest
        }
    }

    /// The spectral norm, max |λᵢ|.
    #[must_use]
    pub fn norm(&self) -> f64 {
        self.eigenvalues.iter().map(|value| value.abs()).fold(0.0, f64::max)
    }
}

/// Refuses a packed matrix of the wrong length or with entries that are not finite.
pub(crate) fn check_packed(n: usize, matrix: &[f64]) -> Result<(), SpectrumError> {
    if matrix.len() != packed::length(n) {
        return Err(SpectrumError::Shape { expected: packed::length(n), found: matrix.len() });
    }
    for row in 0..n {
        for column in 0..=row {
            let value = matrix[packed::position(row, column)];
            if !value.is_finite() {
                return Err(SpectrumError::NotFinite { row, column, value });
            }
        }
    }
    Ok(())
}

/// Scales by a power of two, rotates until diagonal, sorts, and fixes the signs.
fn decompose(mut matrix: DMatrix<f64>) -> Result<Spectrum, SpectrumError> {
    let n = matrix.nrows();
    let exponent = binary_exponent(matrix.amax());
    scale_by_power(&mut matrix, -exponent);
    let mut vectors = DMatrix::identity(n, n);
    let mut sweeps = 0;
    while sweep(&mut matrix, &mut vectors) {
        sweeps += 1;
        if sweeps == MAX_SWEEPS {
            return Err(SpectrumError::NotConverged { sweeps });
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| matrix[(i, i)].total_cmp(&matrix[(j, j)]));
    let mut eigenvalues = DMatrix::from_fn(n, 1, |i, _| matrix[(order[i], order[i])]);
    scale_by_power(&mut eigenvalues, exponent);
    if eigenvalues.iter().any(|value| !value.is_finite()) {
        return Err(SpectrumError::Overflow);
    }
    let mut eigenvectors = DMatrix::from_fn(n, n, |i, k| vectors[(i, order[k])]);
    for mut vector in eigenvectors.column_iter_mut() {
        let mut leading = 0.0_f64;
        for &component in &vector {
            if component.abs() > leading.abs() {
                leading = component;
            }
        }
        let norm = vector.norm();
        vector /= norm.copysign(leading);
    }
    Ok(Spectrum { eigenvalues: eigenvalues.column(0).into_owned(), eigenvectors })
}

/// Rotates every off-diagonal entry away that still matters; whether there was one.
///
/// An entry matters while |hᵢⱼ| > ε√|hᵢᵢhⱼⱼ|, the relative criterion of Demmel and Veselić (their
/// algorithm 3.1), on which the precision of small eigenvalues rests.
fn sweep(matrix: &mut DMatrix<f64>, vectors: &mut DMatrix<f64>) -> bool {
    let n = matrix.nrows();
    let mut rotated = false;
    for q in 1..n {
        for p in 0..q {
            let off = matrix[(q, p)];
            let scale = matrix[(p, p)].abs().sqrt() * matrix[(q, q)].abs().sqrt();
            if off.abs() <= f64::EPSILON * scale {
                continue;
            }
            rotated = true;
            rotate(matrix, vectors, p, q);
        }
    }
    rotated
}

/// One Jacobi rotation that makes entry (p, q) zero (Golub and Van Loan, "Matrix Computations", §8.5.2).
fn rotate(matrix: &mut DMatrix<f64>, vectors: &mut DMatrix<f64>, p: usize, q: usize) {
    let off = matrix[(q, p)];
    let theta = 0.5 * (matrix[(q, q)] - matrix[(p, p)]) / off;
    // The square of a huge θ overflows, where t = 1/(2θ) is already exact.
    let t = if theta.abs() > 1e150 {
        0.5 / theta
    } else {
        1.0_f64.copysign(theta) / (theta.abs() + (theta * theta + 1.0).sqrt())
    };
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    matrix[(p, p)] -= t * off;
    matrix[(q, q)] += t * off;
    matrix[(p, q)] = 0.0;
    matrix[(q, p)] = 0.0;
    for k in 0..matrix.nrows() {
        if k != p && k != q {
            let (x, y) = (matrix[(k, p)], matrix[(k, q)]);
            matrix[(k, p)] = c * x - s * y;
            matrix[(k, q)] = s * x + c * y;
            matrix[(p, k)] = matrix[(k, p)];
            matrix[(q, k)] = matrix[(k, q)];
        }
        let (x, y) = (vectors[(k, p)], vectors[(k, q)]);
        vectors[(k, p)] = c * x - s * y;
        vectors[(k, q)] = s * x + c * y;
    }
}

/// The exponent e with 2ᵉ ≤ x < 2ᵉ⁺¹, 0 for zero; one more or less does no harm here.
fn binary_exponent(x: f64) -> i32 {
    if x > 0.0 { libm::ilogb(x) } else { 0 }
}

/// Multiplies every entry by a power of two, exact but for underflow and overflow.
fn scale_by_power(matrix: &mut DMatrix<f64>, exponent: i32) {
    matrix.apply(|entry| *entry = libm::scalbn(*entry, exponent));
}
