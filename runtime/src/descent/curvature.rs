//! What stands for the curvature of E in a model: a matrix, or the Jacobian of residuals.

use super::newton::hold;
use super::singular::Singular;
use super::subproblem::Subproblem;
use super::{DescentError, dot};
use crate::scaling::{scaled, scales_in_order};
use crate::spectrum::check_packed;
use crate::{ErrorFunction, Spectrum, SumOfSquares, packed};
use nalgebra::{DMatrix, DVector};

/// The curvature of a model.
pub(super) enum Curvature {
    /// H or what takes its place, the packed lower triangle.
    Matrix(Vec<f64>),
    /// CᵀC, for which C and c are known with b = Cᵀc. It is never multiplied out: that would square the condition number.
    Jacobian(DMatrix<f64>, DVector<f64>),
}

/// Writes the gradient at a point; E there, and the curvature of its model.
pub(super) type Local<'a> = &'a dyn Fn(&[f64], &mut [f64]) -> (f64, Curvature);

/// Jacobians of more entries than this are not formed; JᵀJ takes their place.
const LARGEST: usize = 1 << 16;

/// The full Hessian.
pub(super) fn hessian<E: ErrorFunction + ?Sized>(
    error: &E,
) -> impl Fn(&[f64], &mut [f64]) -> (f64, Curvature) + '_ {
    |w, gradient| {
        let mut matrix = vec![0.0; packed::length(w.len())];
        let value = error.value_gradient_hessian(w, gradient, &mut matrix);
        (value, Curvature::Matrix(matrix))
    }
}

/// That of s·Σ r² with residuals that are linear: C = √(2s)·J and c = √(2s)·r, or 2s·JᵀJ where residuals are not known one by
/// one.
pub(super) fn gauss_newton<E: SumOfSquares + ?Sized>(
    error: &E,
) -> impl Fn(&[f64], &mut [f64]) -> (f64, Curvature) + '_ {
    |w, gradient| {
        let value = error.value_gradient(w, gradient);
        let twice = 2.0 * error.scale();
        if let Some((mut jacobian, mut residuals)) = jacobian(error, w) {
            jacobian *= twice.sqrt();
            residuals *= twice.sqrt();
            return (value, Curvature::Jacobian(jacobian, residuals));
        }
        let mut matrix = vec![0.0; packed::length(w.len())];
        error.gauss_newton(w, &mut matrix);
        matrix.iter_mut().for_each(|entry| *entry *= twice);
        (value, Curvature::Matrix(matrix))
    }
}

/// J and r, where they are known and not too large.
fn jacobian<E: SumOfSquares + ?Sized>(error: &E, w: &[f64]) -> Option<(DMatrix<f64>, DVector<f64>)> {
    let (m, n) = (error.residual_count(), w.len());
    // Nothing at all has no decomposition.
    if m == 0 || n == 0 || m.checked_mul(n).is_none_or(|entries| entries > LARGEST) {
        return None;
    }
    let (mut jacobian, mut residuals) = (DMatrix::zeros(m, n), DVector::zeros(m));
    let known = error.residuals(w, residuals.as_mut_slice()) && error.jacobian(w, jacobian.as_mut_slice());
    known.then_some((jacobian, residuals))
}

impl Curvature {
    /// Refuses entries that are not finite.
    pub(super) fn check(&self, n: usize) -> Result<(), DescentError> {
        match self {
            Curvature::Matrix(matrix) => Ok(check_packed(n, matrix)?),
            Curvature::Jacobian(jacobian, residuals) => {
                let entries = jacobian.iter().chain(residuals);
                match entries.copied().find(|entry| !entry.is_finite()) {
                    Some(value) => Err(DescentError::Residuals { value }),
                    None => Ok(()),
                }
            }
        }
    }

    /// The square roots of the diagonal, or what comes near for a matrix that is not positive.
    pub(super) fn factors(&self, n: usize) -> Vec<f64> {
        match self {
            Curvature::Matrix(matrix) => scales_in_order(n, matrix),
            Curvature::Jacobian(jacobian, _) => {
                jacobian.column_iter().map(|column| super::norm(column.as_slice())).collect()
            }
        }
    }

    /// In parameters scaled by D, with those that are held uncoupled.
    pub(super) fn scaled(&self, factors: &[f64], free: &[bool]) -> Curvature {
        match self {
            Curvature::Matrix(matrix) => {
                let mut matrix = scaled(factors.len(), matrix, factors);
                hold(&mut matrix, free);
                Curvature::Matrix(matrix)
            }
            Curvature::Jacobian(jacobian, residuals) => {
                let mut jacobian = jacobian.clone();
                for ((mut column, factor), free) in jacobian.column_iter_mut().zip(factors).zip(free) {
                    if *free { column /= *factor } else { column.fill(0.0) }
                }
                Curvature::Jacobian(jacobian, residuals.clone())
            }
        }
    }

    /// vᵀBv.
    pub(super) fn along(&self, v: &[f64]) -> f64 {
        match self {
            Curvature::Matrix(matrix) => {
                let mut product = vec![0.0; v.len()];
                packed::multiply(matrix, v, &mut product);
                dot(v, &product)
            }
            Curvature::Jacobian(jacobian, _) => (jacobian * DVector::from_column_slice(v)).norm_squared(),
        }
    }

    /// The model with this curvature, already scaled, and a gradient, in its principal axes.
    pub(super) fn subproblem(&self, gradient: &[f64], free: &[bool]) -> Result<Subproblem, DescentError> {
        match self {
            Curvature::Matrix(matrix) => {
                Ok(Subproblem::new(&Spectrum::of_packed(gradient.len(), matrix)?, gradient))
            }
            Curvature::Jacobian(jacobian, residuals) => {
                Ok(Subproblem::of_squares(Singular::of(jacobian, residuals)?, free))
            }
        }
    }
}
