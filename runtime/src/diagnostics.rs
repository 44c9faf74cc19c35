//! What the residuals of a fit say about its model.

use crate::SumOfSquares;
use nalgebra::DMatrix;

/// The residuals of a fit, one by one.
///
/// If the model is right, standardized residuals look like numbers drawn from a normal distribution of deviation one, in no
/// order. A trend shows in [`durbin_watson`](Self::durbin_watson), an outlier in [`standardized`](Self::standardized), a point that
/// has the fit to itself in [`leverage`](Self::leverage).
///
/// ```
/// # use hesse_runtime::{ErrorFunction, SumOfSquares};
/// # struct Mean;
/// # const DATA: [f64; 4] = [1.0, 2.0, 3.0, 6.0];
/// # impl ErrorFunction for Mean {
/// #     fn dimension(&self) -> usize { 1 }
/// #     fn value(&self, w: &[f64]) -> f64 { DATA.iter().map(|x| (w[0] - x).powi(2)).sum() }
/// #     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
/// #         gradient[0] = DATA.iter().map(|x| 2.0 * (w[0] - x)).sum();
/// #         self.value(w)
/// #     }
/// #     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
/// #         hessian[0] = 8.0;
/// #         self.value_gradient(w, gradient)
/// #     }
/// #     fn hessian_vector(&self, _: &[f64], v: &[f64], product: &mut [f64]) { product[0] = 8.0 * v[0]; }
/// # }
/// # impl SumOfSquares for Mean {
/// #     fn scale(&self) -> f64 { 1.0 }
/// #     fn residual_count(&self) -> usize { 4 }
/// #     fn gauss_newton(&self, w: &[f64], matrix: &mut [f64]) -> f64 {
/// #         matrix[0] = 4.0;
/// #         self.value(w)
/// #     }
/// #     fn residuals(&self, w: &[f64], residuals: &mut [f64]) -> bool {
/// #         residuals.iter_mut().zip(DATA).for_each(|(r, x)| *r = x - w[0]);
/// #         true
/// #     }
/// #     fn jacobian(&self, _: &[f64], jacobian: &mut [f64]) -> bool {
/// #         jacobian.fill(-1.0);
/// #         true
/// #     }
/// # }
/// use hesse_runtime::ResidualDiagnostics;
///
/// // The mean of 1, 2, 3 and 6: each of four numbers has a quarter of it.
/// let diagnostics = ResidualDiagnostics::of(&Mean, &[3.0]).unwrap();
/// assert_eq!(diagnostics.residuals, [-2.0, -1.0, 0.0, 3.0]);
/// assert!(diagnostics.leverage.iter().all(|h| (h - 0.25).abs() < 1e-15));
/// assert!((diagnostics.durbin_watson - 11.0 / 14.0).abs() < 1e-15);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ResidualDiagnostics {
    /// The residuals rᵢ, weights included, in the order of the data.
    pub residuals: Vec<f64>,
    /// hᵢ, the diagonal of J(JᵀJ)⁻¹Jᵀ: how much of its own fitted value each residual decides, from 0 to 1; n in all.
    pub leverage: Vec<f64>,
    /// rᵢ / (σ√(1 − hᵢ)); means nothing where a residual decides all of its fitted value: infinite, NaN or rounding.
    pub standardized: Vec<f64>,
    /// Σ(rᵢ − rᵢ₋₁)² / Σrᵢ²: near 2 for residuals in no order, near 0 where neighbors are alike (Durbin and Watson 1950).
    pub durbin_watson: f64,
    /// The number of runs of residuals of one sign, and what is expected of residuals in no order, with its standard
    /// deviation (Wald and Wolfowitz 1940).
    pub runs: Runs,
}

/// Runs of residuals of one sign.
///
/// ```
/// use hesse_runtime::ResidualDiagnostics;
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/mean.rs"));
/// # }
/// # use surface::*;
///
/// // −2, −1, 0 and 3: below, then above
/// let runs = ResidualDiagnostics::of(&Mean, &[3.0]).unwrap().runs;
/// assert_eq!(runs.count, 2);
/// assert!(runs.expected > 1.0 && runs.deviation > 0.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Runs {
    /// The number of runs.
    pub count: usize,
    /// The number expected.
    pub expected: f64,
    /// The standard deviation of the number.
    pub deviation: f64,
}

impl ResidualDiagnostics {
    /// The diagnostics at a minimizer `w`; `None` where residuals are not known one by one, or are no more than the
    /// parameters. O(mn²), by a QR decomposition of J.
    pub fn of<E: SumOfSquares + ?Sized>(error: &E, w: &[f64]) -> Option<Self> {
        let (m, n) = (error.residual_count(), error.dimension());
        let (mut residuals, mut jacobian) = (vec![0.0; m], vec![0.0; m.checked_mul(n)?]);
        if m <= n || !error.residuals(w, &mut residuals) || !error.jacobian(w, &mut jacobian) {
            return None;
        }
        let mut columns = DMatrix::from_vec(m, n, jacobian);
        for mut column in columns.column_iter_mut() {
            let size = column.norm();
            if size > 0.0 {
                column /= size;
            }
        }
        // A column that others explain would add a direction of rounding errors.
        let pivoted = columns.col_piv_qr();
        let (q, r) = (pivoted.q(), pivoted.r());
        let rank = (0..n).take_while(|&k| r[(k, k)].abs() > n as f64 * f64::EPSILON).count();
        let leverage: Vec<f64> =
            q.columns(0, rank).row_iter().map(|row| row.norm_squared().min(1.0)).collect();
        let sum: f64 = residuals.iter().map(|r| r * r).sum();
        let deviation = (sum / (m - n) as f64).sqrt();
        let standardized = residuals.iter().zip(&leverage).map(|(r, h)| r / (deviation * (1.0 - h).sqrt()));
        let steps: f64 = residuals.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
        Some(Self {
            standardized: standardized.collect(),
            durbin_watson: steps / sum,
            runs: runs(&residuals),
            leverage,
            residuals,
        })
    }
}

fn runs(residuals: &[f64]) -> Runs {
    let signs: Vec<bool> = residuals.iter().filter(|r| **r != 0.0).map(|r| *r > 0.0).collect();
    let count = usize::from(!signs.is_empty()) + signs.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let above = signs.iter().filter(|sign| **sign).count() as f64;
    let all = signs.len() as f64;
    let product = 2.0 * above * (all - above);
    let expected = product / all + 1.0;
    let deviation = (product * (product - all) / (all * all * (all - 1.0))).sqrt();
    Runs { count, expected, deviation }
}
