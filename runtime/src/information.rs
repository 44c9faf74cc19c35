//! What an information matrix says of estimates.

use nalgebra::{Cholesky, DMatrix};

use crate::scaling::{equilibrate, scaled};
use crate::spectrum::check_packed;
use crate::{Spectrum, StatisticsError, packed};

/// The covariance v·A⁻¹ of the free parameters, for an information matrix A and a variance v, and what is made of it.
pub(crate) struct Inverse {
    /// The indices of the parameters that may move.
    pub(crate) free: Vec<usize>,
    /// Zero for a parameter that is held.
    pub(crate) covariance: DMatrix<f64>,
    /// NaN for a parameter that is held.
    pub(crate) standard_errors: Vec<f64>,
    /// NaN for a parameter that is held.
    pub(crate) correlation: DMatrix<f64>,
    /// The spectrum of A scaled to unit diagonal, of the free parameters in their order.
    pub(crate) stiffness: Spectrum,
    /// The standard errors for a variance of one.
    pub(crate) unit_errors: Vec<f64>,
}

impl Inverse {
    /// `matrix` is A of all parameters, packed, of which some are free.
    pub(crate) fn of(matrix: &[f64], free: &[bool], variance: f64) -> Result<Inverse, StatisticsError> {
        let n = free.len();
        check_packed(n, matrix)?;
        let free: Vec<usize> = (0..n).filter(|&i| free[i]).collect();
        let matrix = among(&free, matrix);
        let (inverse, factors) = invert(free.len(), &matrix).map_err(|error| match error {
            StatisticsError::Singular { parameter } => {
                StatisticsError::Singular { parameter: free.get(parameter).copied().unwrap_or(parameter) }
            }
            other => other,
        })?;
        let of_free = Inverse {
            covariance: DMatrix::zeros(n, n),
            standard_errors: vec![f64::NAN; n],
            correlation: DMatrix::from_element(n, n, f64::NAN),
            stiffness: Spectrum::of_packed(free.len(), &scaled(free.len(), &matrix, &factors))?,
            unit_errors: vec![f64::NAN; n],
            free,
        };
        let mut of_free =
            of_free.with_covariance(|i, j| variance * inverse[(i, j)] / factors[i] / factors[j]);
        // Their squares may be no numbers.
        for (i, &parameter) in of_free.free.iter().enumerate() {
            of_free.standard_errors[parameter] = (variance * inverse[(i, i)]).sqrt() / factors[i];
            of_free.unit_errors[parameter] = inverse[(i, i)].sqrt() / factors[i];
        }
        // Of the inverse alone, so that a perfect fit has correlations too.
        let correlation = |i: usize, j: usize| inverse[(i, j)] / (inverse[(i, i)] * inverse[(j, j)]).sqrt();
        Ok(of_free.with_correlation(correlation))
    }

    /// With a covariance matrix of the free parameters, in place of another.
    pub(crate) fn with_covariance(mut self, entry: impl Fn(usize, usize) -> f64) -> Inverse {
        for (i, &row) in self.free.iter().enumerate() {
            for (j, &column) in self.free.iter().enumerate() {
                self.covariance[(row, column)] = entry(i, j);
            }
            self.standard_errors[row] = entry(i, i).sqrt();
        }
        self.with_correlation(|i, j| entry(i, j) / entry(i, i).sqrt() / entry(j, j).sqrt())
    }

    /// With correlations between the free parameters.
    fn with_correlation(mut self, entry: impl Fn(usize, usize) -> f64) -> Inverse {
        for (i, &row) in self.free.iter().enumerate() {
            for (j, &column) in self.free.iter().enumerate() {
                self.correlation[(row, column)] = if i == j { 1.0 } else { entry(i, j) };
            }
        }
        self
    }
}

/// The entries of a packed matrix between the free parameters.
pub(crate) fn among(free: &[usize], matrix: &[f64]) -> Vec<f64> {
    let rows = free.iter().enumerate();
    rows.flat_map(|(at, &row)| free[..=at].iter().map(move |&column| matrix[packed::position(row, column)]))
        .collect()
}

/// (D⁻¹AD⁻¹)⁻¹ and D for a positive definite A.
pub(crate) fn invert(n: usize, matrix: &[f64]) -> Result<(DMatrix<f64>, Vec<f64>), StatisticsError> {
    check_packed(n, matrix)?;
    let factors = equilibrate(n, matrix);
    let unitless = packed::to_matrix(n, &scaled(n, matrix, &factors));
    // A pivot of the scaled matrix is the share of a column that those before it do not explain.
    let least = n as f64 * f64::EPSILON;
    let Some(factor) = Cholesky::new(unitless.clone()) else {
        let definite =
            |k: &usize| Cholesky::new(unitless.view((0, 0), (k + 1, k + 1)).into_owned()).is_some();
        let parameter = (0..n).take_while(definite).count();
        return Err(StatisticsError::Singular { parameter });
    };
    match (0..n).find(|&k| factor.l_dirty()[(k, k)].powi(2) <= least) {
        Some(parameter) => Err(StatisticsError::Singular { parameter }),
        None => Ok((factor.inverse(), factors)),
    }
}
