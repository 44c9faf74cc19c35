//! The statistics of a maximum of a likelihood.

use nalgebra::DMatrix;

use crate::information::Inverse;
use crate::statistics::check_lengths;
use crate::{ErrorFunction, Spectrum, StatisticsError, packed, student};

/// What is known of n parameters where a likelihood L is largest, with E = −ln L.
///
/// E must be the negative logarithm itself, up to a constant: a sum over observations of −ln p, not their mean, or errors are
/// too large by the square root of their number. A term of the parameters alone is then −ln of a prior, and what is found is
/// the most probable point. The covariance of the estimates is the inverse of the observed information, H⁻¹ (Efron and Hinkley,
/// "Assessing the accuracy of the maximum likelihood estimator" (1978), eq. 1.2); it holds for many observations.
///
/// ```
/// use hesse_runtime::LikelihoodStatistics;
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/mean.rs"));
/// # }
/// # use surface::*;
///
/// // E = Σ (w − x)² of four numbers x: normal observations, each with the variance ½.
/// let statistics = LikelihoodStatistics::of(&Mean, &[3.0])?;
/// assert!((statistics.standard_errors[0] - (0.5_f64 / 4.0).sqrt()).abs() < 1e-15);
/// assert!((statistics.deviations(0.95) - 1.959963984540054).abs() < 1e-9);
/// assert_eq!(statistics.akaike(), 2.0 * 14.0 + 2.0);
/// # Ok::<(), hesse_runtime::StatisticsError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LikelihoodStatistics {
    /// E = −ln L at the estimates.
    pub value: f64,
    /// The indices of the parameters that the data decide: all but those held by a bound.
    pub free: Vec<usize>,
    /// The covariance matrix H⁻¹ of the estimates; zero for a parameter that is held.
    pub covariance: DMatrix<f64>,
    /// The square roots of its diagonal; NaN for a parameter that is held.
    pub standard_errors: Vec<f64>,
    /// The correlation matrix of the estimates, with a unit diagonal; NaN for a parameter that is held.
    pub correlation: DMatrix<f64>,
    /// The spectrum of H scaled to unit diagonal, of the free parameters in their order, sloppiest axis first.
    pub stiffness: Spectrum,
}

impl LikelihoodStatistics {
    /// The statistics at the minimizer `w` of E.
    ///
    /// # Errors
    /// Where H is not positive definite, as it is at a strict minimum, or E is not finite.
    pub fn of<E: ErrorFunction + ?Sized>(error: &E, w: &[f64]) -> Result<Self, StatisticsError> {
        Self::of_free(error, w, &vec![true; error.dimension()])
    }

    /// The same where only some parameters may move, as [`Bounds::free`](crate::descent::Bounds::free) says.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn of_free<E: ErrorFunction + ?Sized>(
        error: &E,
        w: &[f64],
        free: &[bool],
    ) -> Result<Self, StatisticsError> {
        let n = check_lengths(error.dimension(), w, free)?;
        let mut hessian = vec![0.0; packed::length(n)];
        let value = error.value_gradient_hessian(w, &mut vec![0.0; n], &mut hessian);
        if !value.is_finite() {
            return Err(StatisticsError::Value { value });
        }
        let Inverse { free, covariance, standard_errors, correlation, stiffness, unit_errors: _ } =
            Inverse::of(&hessian, free, 1.0)?;
        Ok(Self { value, free, covariance, standard_errors, correlation, stiffness })
    }

    /// The number of standard errors on either side of an estimate that make an interval of the given level, such as 0.95: those
    /// of the normal distribution.
    #[must_use]
    pub fn deviations(&self, level: f64) -> f64 {
        student::two_sided(level, f64::INFINITY)
    }

    /// Akaike's information criterion 2E + 2n, of the parameters that are free.
    #[doc(alias = "AIC")]
    #[must_use]
    pub fn akaike(&self) -> f64 {
        2.0 * self.value + 2.0 * self.free.len() as f64
    }

    /// The Bayesian information criterion 2E + n·ln m for m observations.
    ///
    /// ```
    /// # use hesse_runtime::LikelihoodStatistics;
    /// # mod surface {
    /// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/mean.rs"));
    /// # }
    /// # use surface::*;
    /// let statistics = LikelihoodStatistics::of(&Mean, &[3.0])?;
    /// assert_eq!(statistics.bayes(4), 2.0 * 14.0 + 4.0_f64.ln());
    /// # Ok::<(), hesse_runtime::StatisticsError>(())
    /// ```
    #[doc(alias = "BIC")]
    #[must_use]
    pub fn bayes(&self, observations: usize) -> f64 {
        2.0 * self.value + self.free.len() as f64 * (observations as f64).ln()
    }
}
