//! What the residuals of a fit say about its model.

use crate::{FitStatistics, ResidualKind, SumOfSquares, student};
use nalgebra::DMatrix;

/// The residuals of a fit, one by one.
///
/// If the model is right, standardized residuals look like numbers drawn from a normal distribution of deviation one, in no
/// order. A trend shows in [`durbin_watson`](Self::durbin_watson), an outlier in [`studentized`](Self::studentized), a point that
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
    /// What each of them is; one of weight zero is zero, and left out of all that follows.
    pub kinds: Vec<ResidualKind>,
    /// hᵢ, the diagonal of J(JᵀJ)⁻¹Jᵀ: how much of its own fitted value each residual decides, from 0 to 1; n in all.
    pub leverage: Vec<f64>,
    /// rᵢ / (σ√(1 − hᵢ)); means nothing where a residual decides all of its fitted value: infinite, NaN or rounding.
    pub standardized: Vec<f64>,
    /// What each residual is in the fit of all others, rᵢ/(σ₋ᵢ√(1 − hᵢ)) with the σ₋ᵢ that is estimated without it: it is
    /// distributed as Student's t with one degree of freedom less (Cook and Weisberg, "Residuals and influence in regression"
    /// (1982), §2.2.1). The same as [`standardized`](Self::standardized) where σ is known; NaN where nothing is left to estimate
    /// from.
    pub studentized: Vec<f64>,
    /// The degrees of freedom of [`studentized`](Self::studentized); infinite where σ is known.
    pub freedom: f64,
    /// Σ(rᵢ − rᵢ₋₁)² / Σrᵢ² of the observations: near 2 for residuals in no order, near 0 where neighbors are alike (Durbin and Watson 1950).
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

/// A residual that is too large for chance.
///
/// ```
/// use hesse_runtime::ResidualDiagnostics;
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/mean.rs"));
/// # }
/// # use surface::*;
///
/// // 6 beside 1, 2 and 3 is none: Student's t is √12 with two degrees of freedom.
/// let diagnostics = ResidualDiagnostics::of(&Mean, &[3.0]).unwrap();
/// assert!((diagnostics.studentized[3] - 12.0_f64.sqrt()).abs() < 1e-12);
/// assert_eq!(diagnostics.outliers(0.05), []);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outlier {
    /// Its place among the residuals.
    pub at: usize,
    /// The studentized residual.
    pub studentized: f64,
    /// The probability that the largest of all residuals is as large by chance, at most (Bonferroni).
    pub probability: f64,
}

impl ResidualDiagnostics {
    /// The diagnostics at a minimizer `w`; `None` where residuals are not known one by one, or are no more than the
    /// parameters. O(mn²), by a QR decomposition of J.
    pub fn of<E: SumOfSquares + ?Sized>(error: &E, w: &[f64]) -> Option<Self> {
        Self::among(error, w, &(0..error.dimension()).collect::<Vec<_>>(), false)
    }

    /// The same for a fit with these statistics: parameters that are held are no parameters here either, and a σ that is known
    /// is not estimated.
    pub fn of_fit<E: SumOfSquares + ?Sized>(
        error: &E,
        w: &[f64],
        statistics: &FitStatistics,
    ) -> Option<Self> {
        Self::among(error, w, &statistics.free, statistics.sigma_is_known)
    }

    fn among<E: SumOfSquares + ?Sized>(
        error: &E,
        w: &[f64],
        free: &[usize],
        sigma_is_known: bool,
    ) -> Option<Self> {
        let (count, n) = (error.residual_count(), error.dimension());
        let (mut residuals, mut jacobian) = (vec![0.0; count], vec![0.0; count.checked_mul(n)?]);
        let mut kinds = vec![ResidualKind::Observation; count];
        if !error.kinds(&mut kinds) {
            kinds.fill(ResidualKind::Observation);
        }
        let m = kinds.iter().filter(|kind| kind.counts()).count();
        if m <= free.len() || !error.residuals(w, &mut residuals) || !error.jacobian(w, &mut jacobian) {
            return None;
        }
        let leverage = leverage(&DMatrix::from_vec(count, n, jacobian).select_columns(free));
        let sum: f64 = residuals.iter().map(|r| r * r).sum();
        let freedom = (m - free.len()) as f64;
        let variance = if sigma_is_known { 1.0 } else { sum / freedom };
        let pairs = || residuals.iter().zip(&leverage);
        let standardized: Vec<f64> = pairs().map(|(r, h)| r / (variance * (1.0 - h)).sqrt()).collect();
        let (studentized, freedom) = if sigma_is_known {
            (standardized.clone(), f64::INFINITY)
        } else {
            (pairs().map(|(r, h)| studentized(*r, 1.0 - h, sum, freedom)).collect(), freedom - 1.0)
        };
        let rows = residuals.iter().zip(&kinds).filter(|(_, kind)| **kind == ResidualKind::Observation);
        let observed: Vec<f64> = rows.map(|(r, _)| *r).collect();
        let steps: f64 = observed.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
        Some(Self {
            durbin_watson: steps / observed.iter().map(|r| r * r).sum::<f64>(),
            runs: runs(&observed),
            kinds,
            standardized,
            studentized,
            freedom,
            leverage,
            residuals,
        })
    }

    /// The residuals of which one as large as theirs is the largest of all with a probability below `level` alone, the largest
    /// first.
    #[must_use]
    pub fn outliers(&self, level: f64) -> Vec<Outlier> {
        let count = self.kinds.iter().filter(|kind| kind.counts()).count() as f64;
        let outlier = |(at, (&studentized, kind)): (usize, (&f64, &ResidualKind))| {
            let probability = count * student::tail(studentized.abs(), self.freedom);
            let is_one = kind.counts() && self.freedom > 0.0 && probability < level;
            is_one.then_some(Outlier { at, studentized, probability })
        };
        let mut found: Vec<Outlier> =
            self.studentized.iter().zip(&self.kinds).enumerate().filter_map(outlier).collect();
        found.sort_by(|a, b| b.studentized.abs().total_cmp(&a.studentized.abs()));
        found
    }
}

/// The diagonal of J(JᵀJ)⁻¹Jᵀ.
fn leverage(jacobian: &DMatrix<f64>) -> Vec<f64> {
    let n = jacobian.ncols();
    if n == 0 {
        return vec![0.0; jacobian.nrows()];
    }
    let mut columns = jacobian.clone();
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
    q.columns(0, rank).row_iter().map(|row| row.norm_squared().min(1.0)).collect()
}

/// What a fit has to itself below this share of a residual's variance is rounding.
const ALONE: f64 = 1e-12;

/// r/√(σ₋²·rest), with σ₋² = (RSS − r²/rest)/(ν − 1) without the residual.
fn studentized(r: f64, rest: f64, sum: f64, freedom: f64) -> f64 {
    if freedom <= 1.0 || rest < ALONE {
        return f64::NAN;
    }
    r * ((freedom - 1.0) / (sum * rest - r * r).max(0.0)).sqrt()
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
