//! The inertia of a symmetric matrix, by factorization instead of eigenvalues.

use crate::packed;
use crate::scaling::{equilibrate, scaled};
use crate::spectrum::{SpectrumError, check_packed};

/// How many eigenvalues are positive, negative and zero.
///
/// Counted on the block-diagonal factor of a Bunch–Kaufman factorization PHPᵀ = LDLᵀ, to which Sylvester's
/// law of inertia gives the signs of H. It shares no step with [`Spectrum`](crate::Spectrum), which is why
/// the classification of stationary points holds the two against each other.
///
/// ```
/// use hesse_runtime::Inertia;
///
/// // The Hessian of x·y + z², a saddle of index 1.
/// let inertia = Inertia::of_packed(3, &[0.0, 1.0, 0.0, 0.0, 0.0, 2.0])?;
/// assert_eq!(inertia, Inertia { positive: 2, negative: 1, zero: 0 });
/// # Ok::<(), hesse_runtime::SpectrumError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inertia {
    /// n₊, the number of positive eigenvalues.
    pub positive: usize,
    /// n₋, the number of negative eigenvalues, the index of a saddle.
    pub negative: usize,
    /// n₀, the number of pivots that are exactly zero.
    pub zero: usize,
}

impl Inertia {
    /// The inertia of a packed lower triangle of order `n` (see [`packed`]); O(n³/3).
    ///
    /// The matrix is scaled to unit diagonal first, so that the parameters' units do not matter. No
    /// tolerance is applied: a nearly singular matrix has pivots of either sign.
    ///
    /// # Errors
    /// Wrong length, or an entry that is not finite.
    pub fn of_packed(n: usize, matrix: &[f64]) -> Result<Self, SpectrumError> {
        check_packed(n, matrix)?;
        let unitless = scaled(n, matrix, &equilibrate(n, matrix));
        let blocks = packed::to_matrix(n, &unitless).lblt().d();
        let mut inertia = Self { positive: 0, negative: 0, zero: 0 };
        let mut k = 0;
        while k < n {
            let two = k + 1 < n && blocks[(k + 1, k)] != 0.0;
            if two {
                let (a, b, c) = (blocks[(k, k)], blocks[(k + 1, k)], blocks[(k + 1, k + 1)]);
                let (mean, radius) = (0.5 * a + 0.5 * c, f64::hypot(0.5 * a - 0.5 * c, b));
                inertia.count(mean - radius);
                inertia.count(mean + radius);
            } else {
                inertia.count(blocks[(k, k)]);
            }
            k += if two { 2 } else { 1 };
        }
        Ok(inertia)
    }

    fn count(&mut self, pivot: f64) {
        if pivot > 0.0 {
            self.positive += 1;
        } else if pivot < 0.0 {
            self.negative += 1;
        } else {
            self.zero += 1;
        }
    }
}
