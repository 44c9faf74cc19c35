//! The statistics of a least-squares fit.

use crate::information::{Inverse, among, invert};
use crate::scaling::scaled;
use crate::{ErrorFunction, Spectrum, SpectrumError, SumOfSquares, chi_squared, packed, student};
use nalgebra::DMatrix;

/// Why a fit has no statistics.
///
/// ```
/// use hesse_runtime::{FitStatistics, StatisticsError};
///
/// let refused = FitStatistics::from_gauss_newton(0.0, 1, 1, &[1.0]);
/// assert!(matches!(refused, Err(StatisticsError::NoFreedom { residuals: 1, parameters: 1 })));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StatisticsError {
    /// There are no more residuals than parameters.
    #[error("{residuals} residuals leave no degree of freedom for {parameters} parameters; add data")]
    NoFreedom {
        /// The number of residuals.
        residuals: usize,
        /// The number of parameters.
        parameters: usize,
    },
    /// The data do not determine a parameter, given those before it.
    #[error(
        "the data do not determine parameter {parameter}: its column depends on those before it; \
         fix a parameter or add data"
    )]
    Singular {
        /// The index of the first such parameter.
        parameter: usize,
    },
    /// The residual sum of squares is negative or not finite.
    #[error("the residual sum of squares is {value}, expected a finite number not below zero")]
    ResidualSum {
        /// What was given.
        value: f64,
    },
    /// E is no number, so it is no logarithm of a likelihood.
    #[error("E is {value}, expected a finite number")]
    Value {
        /// What was found.
        value: f64,
    },
    /// The scale s in E = s·RSS is not positive.
    #[error("the scale is {value}, expected a positive number")]
    Scale {
        /// What was given.
        value: f64,
    },
    /// The matrix has the wrong length or an entry that is not finite.
    #[error(transparent)]
    Matrix(#[from] SpectrumError),
}

/// The statistics of a least-squares fit with n parameters and m residuals.
///
/// Residuals of weight zero do not count into m. A term of the parameters alone beside the data, such as the λ(a − a₀)² of a
/// ridge, counts as the observation of a that it stands for: one more residual, with the variance σ²/λ. With normal residuals
/// that is the posterior distribution of the conjugate prior (Gelman et al., "Bayesian data analysis" (2013), §14.8).
///
/// ```
/// use hesse_runtime::FitStatistics;
///
/// // The mean of 1, 2, 3 and 6: J is a column of ones, the residuals are −2, −1, 0 and 3.
/// let statistics = FitStatistics::from_gauss_newton(14.0, 4, 1, &[4.0])?;
/// assert_eq!(statistics.degrees_of_freedom, 3);
/// assert!((statistics.standard_errors[0] - (14.0_f64 / 3.0 / 4.0).sqrt()).abs() < 1e-15);
/// # Ok::<(), hesse_runtime::StatisticsError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FitStatistics {
    /// RSS = Σ rᵢ².
    pub residual_sum_of_squares: f64,
    /// m − n, parameters that are held not counted.
    pub degrees_of_freedom: usize,
    /// σ = √(RSS / (m − n)).
    pub residual_standard_deviation: f64,
    /// The indices of the parameters that the data decide: all but those held by a bound.
    pub free: Vec<usize>,
    /// The covariance matrix of the estimates; zero for a parameter that is held.
    pub covariance: DMatrix<f64>,
    /// The square roots of its diagonal; NaN for a parameter that is held, of which the data have not made an estimate.
    pub standard_errors: Vec<f64>,
    /// The correlation matrix of the estimates, with a unit diagonal; NaN for a parameter that is held.
    pub correlation: DMatrix<f64>,
    /// The spectrum of JᵀJ scaled to unit diagonal, of the free parameters in their order, sloppiest axis first: along an
    /// axis with a small eigenvalue the data tell little, and parameters make up for each other.
    pub stiffness: Spectrum,
    /// R² = 1 − RSS / Σ (yᵢ − ȳ)², where residuals are known to be yᵢ − f(w).
    pub r_squared: Option<f64>,
    /// Whether residuals are in units of their own standard deviation, so that σ is 1 and not estimated.
    pub sigma_is_known: bool,
    /// The standard errors for a σ of one; empty for a robust fit.
    unit_errors: Vec<f64>,
}

impl FitStatistics {
    /// The statistics of a fit at its minimizer `w`, from the Gauss–Newton matrix.
    ///
    /// # Errors
    /// As [`from_gauss_newton`](Self::from_gauss_newton).
    pub fn of<E: SumOfSquares + ?Sized>(error: &E, w: &[f64]) -> Result<Self, StatisticsError> {
        Self::of_free(error, w, &vec![true; error.dimension()])
    }

    /// The same where only some parameters may move, as [`Bounds::free`](crate::descent::Bounds::free) says.
    ///
    /// A parameter that is fixed, or held by a bound beyond which E falls, is no estimate: it has no standard error, and the
    /// others have those of a fit without it.
    ///
    /// # Errors
    /// As [`from_gauss_newton`](Self::from_gauss_newton).
    pub fn of_free<E: SumOfSquares + ?Sized>(
        error: &E,
        w: &[f64],
        free: &[bool],
    ) -> Result<Self, StatisticsError> {
        let n = check_lengths(error.dimension(), w, free)?;
        let mut matrix = vec![0.0; packed::length(n)];
        let sum = error.gauss_newton(w, &mut matrix);
        let statistics = Self::assemble(sum, error.observation_count(), &matrix, free)?;
        Ok(statistics.with_r_squared(error))
    }

    /// The statistics of a fit at its minimizer `w`, with the covariance of [`from_hessian`](Self::from_hessian), where only
    /// some parameters may move.
    ///
    /// # Errors
    /// As [`from_hessian`](Self::from_hessian).
    ///
    /// ```
    /// use hesse_runtime::FitStatistics;
    /// # mod surface {
    /// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/mean.rs"));
    /// # }
    /// # use surface::*;
    ///
    /// // A mean is linear in its parameter, so both matrices are the same.
    /// let full = FitStatistics::of_full_hessian(&Mean, &[3.0], &[true])?;
    /// assert_eq!(full, FitStatistics::of(&Mean, &[3.0])?);
    /// # Ok::<(), hesse_runtime::StatisticsError>(())
    /// ```
    pub fn of_full_hessian<E: SumOfSquares + ?Sized>(
        error: &E,
        w: &[f64],
        free: &[bool],
    ) -> Result<Self, StatisticsError> {
        let n = check_lengths(error.dimension(), w, free)?;
        let scale = check_scale(error.scale())?;
        let mut hessian = vec![0.0; packed::length(n)];
        let value = error.value_gradient_hessian(w, &mut vec![0.0; n], &mut hessian);
        hessian.iter_mut().for_each(|entry| *entry /= 2.0 * scale);
        let statistics = Self::assemble(value / scale, error.observation_count(), &hessian, free)?;
        Ok(statistics.with_r_squared(error))
    }

    fn with_r_squared<E: SumOfSquares + ?Sized>(self, error: &E) -> Self {
        let total = error.null_sum_of_squares().filter(|total| *total > 0.0);
        Self { r_squared: total.map(|total| 1.0 - self.residual_sum_of_squares / total), ..self }
    }

    /// The statistics of a robust fit at its minimizer, from E = s·Σ ρ(r), and from Σ ρ(r)² as a sum of squares.
    ///
    /// The covariance is that of Huber, "Robust statistics" (1981), §7.6: H⁻¹MH⁻¹·m/(m − n) with the Hessian H of Σ ρ(r), and
    /// M = Σ ρ'²∇r∇rᵀ, which is the Gauss–Newton matrix of `squared` in units of its scale. The residual sum of squares is
    /// Σ ρ(r) here.
    ///
    /// # Errors
    /// As [`from_gauss_newton`](Self::from_gauss_newton); H must be positive definite.
    pub fn of_robust<E: ErrorFunction + ?Sized, S: SumOfSquares + ?Sized>(
        error: &E,
        squared: &S,
        scale: f64,
        w: &[f64],
    ) -> Result<Self, StatisticsError> {
        Self::of_robust_free(error, squared, scale, w, &vec![true; error.dimension()])
    }

    /// The same where only some parameters may move, as with [`of_free`](Self::of_free).
    ///
    /// # Errors
    /// As [`of_robust`](Self::of_robust).
    pub fn of_robust_free<E: ErrorFunction + ?Sized, S: SumOfSquares + ?Sized>(
        error: &E,
        squared: &S,
        scale: f64,
        w: &[f64],
        free: &[bool],
    ) -> Result<Self, StatisticsError> {
        let n = check_lengths(error.dimension(), w, free)?;
        let scale = check_scale(scale)?;
        let (mut hessian, mut middle) = (vec![0.0; packed::length(n)], vec![0.0; packed::length(n)]);
        let value = error.value_gradient_hessian(w, &mut vec![0.0; n], &mut hessian);
        squared.gauss_newton(w, &mut middle);
        let residuals = squared.observation_count();
        let matrix: Vec<f64> = hessian.iter().map(|entry| entry / (2.0 * scale)).collect();
        let plain = Self::assemble(value / scale, residuals, &matrix, free)?;
        let (inverse, factors) = invert(plain.free.len(), &among(&plain.free, &hessian))?;
        let middle = scaled(plain.free.len(), &among(&plain.free, &middle), &factors);
        let middle = packed::to_matrix(plain.free.len(), &middle);
        let share = scale * scale * squared.scale() * residuals as f64 / plain.degrees_of_freedom as f64;
        let covariance = &inverse * middle * &inverse * share;
        let robust = Inverse {
            free: plain.free,
            covariance: plain.covariance,
            standard_errors: plain.standard_errors,
            correlation: plain.correlation,
            stiffness: plain.stiffness,
            unit_errors: Vec::new(),
        };
        let robust = robust.with_covariance(|i, j| covariance[(i, j)] / factors[i] / factors[j]);
        Ok(Self::of_inverse(robust, plain.residual_sum_of_squares, residuals))
    }

    /// The same where the standard deviations of the data are known, and residuals are divided by them: the covariance is
    /// (JᵀJ)⁻¹, whatever the residuals are, and RSS is a χ². A robust fit, whose errors do not come from σ, stays as it is.
    ///
    /// ```
    /// use hesse_runtime::FitStatistics;
    ///
    /// // The mean of four numbers, each with an error of one.
    /// let statistics = FitStatistics::from_gauss_newton(14.0, 4, 1, &[4.0])?.with_known_sigma();
    /// assert_eq!(statistics.standard_errors, [0.5]);
    /// // Tables of the normal distribution, and of χ² for three degrees of freedom
    /// assert!((statistics.deviations(0.95) - 1.959963984540054).abs() < 1e-9);
    /// assert!((statistics.chi_squared_tail() - 0.0029051527742674).abs() < 1e-12);
    /// # Ok::<(), hesse_runtime::StatisticsError>(())
    /// ```
    #[must_use]
    pub fn with_known_sigma(self) -> Self {
        if self.unit_errors.is_empty() {
            return self;
        }
        let mut known = Self { sigma_is_known: true, standard_errors: self.unit_errors.clone(), ..self };
        for &row in &known.free {
            for &column in &known.free {
                let errors = known.standard_errors[row] * known.standard_errors[column];
                known.covariance[(row, column)] = known.correlation[(row, column)] * errors;
            }
        }
        known
    }

    /// σ: estimated from the residuals, or one where it is known.
    #[must_use]
    pub fn sigma(&self) -> f64 {
        if self.sigma_is_known { 1.0 } else { self.residual_standard_deviation }
    }

    /// The probability of a χ² as large as RSS for the degrees of freedom, where σ [is known](Self::with_known_sigma): small
    /// where the model is wrong or errors are larger than was thought.
    #[doc(alias = "p-value")]
    #[must_use]
    pub fn chi_squared_tail(&self) -> f64 {
        chi_squared::tail(self.residual_sum_of_squares, self.degrees_of_freedom as f64)
    }

    /// The number of standard errors on either side of an estimate that make an interval of the given level, such as 0.95:
    /// Student's t for the degrees of freedom, or what it is for infinitely many where σ is known.
    ///
    /// ```
    /// # use hesse_runtime::FitStatistics;
    /// // Tables of Student's t for three degrees of freedom
    /// let statistics = FitStatistics::from_gauss_newton(14.0, 4, 1, &[4.0])?;
    /// assert!((statistics.deviations(0.95) - 3.182446305284263).abs() < 1e-9);
    /// # Ok::<(), hesse_runtime::StatisticsError>(())
    /// ```
    #[must_use]
    pub fn deviations(&self, level: f64) -> f64 {
        let freedom = if self.sigma_is_known { f64::INFINITY } else { self.degrees_of_freedom as f64 };
        student::two_sided(level, freedom)
    }

    /// The statistics with covariance σ²(JᵀJ)⁻¹, the usual ones in regression and those that NIST certifies.
    ///
    /// `matrix` is JᵀJ, the packed lower triangle of order `parameters`.
    ///
    /// # Errors
    /// No degrees of freedom, a singular matrix, or a number that is not finite.
    pub fn from_gauss_newton(
        residual_sum_of_squares: f64,
        residuals: usize,
        parameters: usize,
        matrix: &[f64],
    ) -> Result<Self, StatisticsError> {
        Self::assemble(residual_sum_of_squares, residuals, matrix, &vec![true; parameters])
    }

    /// From JᵀJ of all parameters, of which some may be free.
    fn assemble(sum: f64, residuals: usize, matrix: &[f64], free: &[bool]) -> Result<Self, StatisticsError> {
        if !(sum >= 0.0 && sum.is_finite()) {
            return Err(StatisticsError::ResidualSum { value: sum });
        }
        let parameters = free.iter().filter(|is_free| **is_free).count();
        if residuals <= parameters {
            return Err(StatisticsError::NoFreedom { residuals, parameters });
        }
        let variance = sum / (residuals - parameters) as f64;
        Ok(Self::of_inverse(Inverse::of(matrix, free, variance)?, sum, residuals))
    }

    /// From a covariance matrix, of fewer free parameters than residuals.
    fn of_inverse(inverse: Inverse, sum: f64, residuals: usize) -> Self {
        let degrees_of_freedom = residuals - inverse.free.len();
        Self {
            residual_sum_of_squares: sum,
            degrees_of_freedom,
            residual_standard_deviation: (sum / degrees_of_freedom as f64).sqrt(),
            free: inverse.free,
            covariance: inverse.covariance,
            standard_errors: inverse.standard_errors,
            correlation: inverse.correlation,
            stiffness: inverse.stiffness,
            r_squared: None,
            sigma_is_known: false,
            unit_errors: inverse.unit_errors,
        }
    }

    /// Akaike's information criterion m·ln(RSS/m) + 2(n + 1), for normal residuals of unknown variance, without the
    /// terms that depend on m alone; −∞ for a perfect fit. Where σ is known it is RSS + 2n.
    ///
    /// ```
    /// # use hesse_runtime::FitStatistics;
    /// let statistics = FitStatistics::from_gauss_newton(14.0, 4, 1, &[4.0])?;
    /// assert!((statistics.akaike() - (4.0 * 3.5_f64.ln() + 4.0)).abs() < 1e-12);
    /// assert!((statistics.bayes() - (4.0 * 3.5_f64.ln() + 2.0 * 4.0_f64.ln())).abs() < 1e-12);
    /// # Ok::<(), hesse_runtime::StatisticsError>(())
    /// ```
    #[doc(alias = "AIC")]
    #[must_use]
    pub fn akaike(&self) -> f64 {
        self.criterion(2.0)
    }

    /// The Bayesian information criterion m·ln(RSS/m) + (n + 1)·ln m, in the same sense; RSS + n·ln m where σ is known.
    #[doc(alias = "BIC")]
    #[must_use]
    pub fn bayes(&self) -> f64 {
        self.criterion((self.residuals() as f64).ln())
    }

    /// m.
    fn residuals(&self) -> usize {
        self.degrees_of_freedom + self.free.len()
    }

    fn criterion(&self, penalty: f64) -> f64 {
        if self.sigma_is_known {
            return self.residual_sum_of_squares + penalty * self.free.len() as f64;
        }
        let m = self.residuals() as f64;
        m * (self.residual_sum_of_squares / m).ln() + penalty * (self.free.len() + 1) as f64
    }

    /// The statistics with covariance σ²(H/2s)⁻¹, from the full Hessian of E = s·RSS.
    ///
    /// H/2s = JᵀJ + Σ rᵢ∇²rᵢ also counts the curvature of the model. It is the observed information of
    /// maximum likelihood and differs from the Gauss–Newton figures where residuals are not small.
    ///
    /// # Errors
    /// As [`from_gauss_newton`](Self::from_gauss_newton), or a scale that is not positive. The Hessian must be
    /// positive definite, as it is at a strict minimum.
    pub fn from_hessian(
        residual_sum_of_squares: f64,
        residuals: usize,
        parameters: usize,
        hessian: &[f64],
        scale: f64,
    ) -> Result<Self, StatisticsError> {
        let scale = check_scale(scale)?;
        let matrix: Vec<f64> = hessian.iter().map(|entry| entry / (2.0 * scale)).collect();
        Self::from_gauss_newton(residual_sum_of_squares, residuals, parameters, &matrix)
    }
}

pub(crate) fn check_lengths(n: usize, w: &[f64], free: &[bool]) -> Result<usize, StatisticsError> {
    match [w.len(), free.len()].into_iter().find(|&found| found != n) {
        Some(found) => Err(SpectrumError::Shape { expected: n, found }.into()),
        None => Ok(n),
    }
}

fn check_scale(scale: f64) -> Result<f64, StatisticsError> {
    if scale > 0.0 && scale.is_finite() { Ok(scale) } else { Err(StatisticsError::Scale { value: scale }) }
}
