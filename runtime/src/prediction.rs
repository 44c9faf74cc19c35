//! How sure a quantity is that is computed from a fit.

use nalgebra::DMatrix;

use crate::{FitStatistics, LikelihoodStatistics};

impl FitStatistics {
    /// The standard error √(gᵀCg) of a quantity whose gradient at the estimates is g, with the covariance C.
    ///
    /// It counts the uncertainty of the estimates alone, in the linear approximation of the delta method; that of a further
    /// observation adds the residual variance. Missing components of the gradient are zero.
    ///
    /// ```
    /// use hesse_runtime::FitStatistics;
    ///
    /// // The mean of 1, 2, 3 and 6, and twice the mean.
    /// let statistics = FitStatistics::from_gauss_newton(14.0, 4, 1, &[4.0])?;
    /// assert_eq!(statistics.standard_error_of(&[1.0]), statistics.standard_errors[0]);
    /// assert_eq!(statistics.standard_error_of(&[2.0]), 2.0 * statistics.standard_errors[0]);
    /// # Ok::<(), hesse_runtime::StatisticsError>(())
    /// ```
    #[must_use]
    pub fn standard_error_of(&self, gradient: &[f64]) -> f64 {
        standard_error(&self.covariance, gradient)
    }
}

impl LikelihoodStatistics {
    /// The standard error √(gᵀCg) of a quantity whose gradient at the estimates is g, as
    /// [`FitStatistics::standard_error_of`] gives it.
    ///
    /// ```
    /// use hesse_runtime::LikelihoodStatistics;
    /// # mod surface {
    /// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/mean.rs"));
    /// # }
    /// # use surface::*;
    ///
    /// let statistics = LikelihoodStatistics::of(&Mean, &[3.0])?;
    /// let twice = statistics.standard_error_of(&[2.0]);
    /// assert!((twice - 2.0 * statistics.standard_errors[0]).abs() < 1e-15);
    /// # Ok::<(), hesse_runtime::StatisticsError>(())
    /// ```
    #[must_use]
    pub fn standard_error_of(&self, gradient: &[f64]) -> f64 {
        standard_error(&self.covariance, gradient)
    }
}

fn standard_error(covariance: &DMatrix<f64>, gradient: &[f64]) -> f64 {
    let rows = covariance.row_iter().zip(gradient);
    let square: f64 = rows
        .map(|(row, g)| g * row.iter().zip(gradient).map(|(entry, other)| entry * other).sum::<f64>())
        .sum();
    square.max(0.0).sqrt()
}
