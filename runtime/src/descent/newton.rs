//! Newton's method along lines: with a modified factorization, or with the curvatures turned positive.

use super::directions::{Directions, End, Settings};
use super::{Bounds, Descent, DescentError, Iterate, LineSearch, Method, Observer};
use crate::scaling::{equilibrate, scaled};
use crate::spectrum::check_packed;
use crate::{ErrorFunction, Spectrum, packed};
use nalgebra::{Cholesky, DVector};

/// Newton's method with a line search, where H is made positive definite by a multiple of its diagonal.
///
/// H is scaled to unit diagonal, and the least of a sequence of multiples of the identity is added with which it has a
/// Cholesky factor (Nocedal and Wright, "Numerical Optimization", 2nd ed., algorithm 3.3).
///
/// **Requirements**: continuous second derivatives. **Cost**: per iteration a Hessian and a few factorizations, O(n³/3).
/// [`Method`] has an example.
///
/// ```
/// use hesse_runtime::descent::{Method, Newton};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// // Few steps on a quadratic surface
/// let descent = Newton::default().minimize(&Bowl, &[3.0, 1.0])?;
/// assert!(descent.converged() && descent.value < 1e-20);
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Newton {
    /// The number of steps after which to give up; 1000 by default.
    pub max_iterations: usize,
    /// Converged when the next step is this small beside w; 10⁻⁸ by default.
    pub tolerance: f64,
    /// Armijo's condition by default.
    pub search: LineSearch,
}

impl Default for Newton {
    fn default() -> Self {
        Self { max_iterations: 1000, tolerance: 1e-8, search: LineSearch::Armijo }
    }
}

/// Newton's method with |H| in place of H: saddles repel it along their descending axes.
///
/// The step is −|H|⁻¹b, with |H| of the eigenvalues' magnitudes (Dauphin and others, "Identifying and attacking the
/// saddle point problem in high-dimensional non-convex optimization", NIPS 2014), in parameters scaled to unit diagonal.
///
/// **Requirements**: continuous second derivatives. **Cost**: per iteration a Hessian and an eigen decomposition, O(n³).
/// [`Method`] has an example.
///
/// ```
/// use hesse_runtime::descent::{Method, SaddleFreeNewton};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// assert!(SaddleFreeNewton::default().minimize(&Bowl, &[3.0, 1.0])?.converged());
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SaddleFreeNewton {
    /// The number of steps after which to give up; 1000 by default.
    pub max_iterations: usize,
    /// Converged when the next step is this small beside w; 10⁻⁸ by default.
    pub tolerance: f64,
    /// Armijo's condition by default.
    pub search: LineSearch,
}

impl Default for SaddleFreeNewton {
    fn default() -> Self {
        Self { max_iterations: 1000, tolerance: 1e-8, search: LineSearch::Armijo }
    }
}

impl<E: ErrorFunction + ?Sized> Method<E> for Newton {
    fn descend(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        let Self { max_iterations, tolerance, search } = *self;
        let settings = Settings { max_iterations, tolerance, search, end: End::Step };
        settings.run(&error, start, bounds, observer, &mut Curved { error: &error, solve: factored })
    }
}

impl<E: ErrorFunction + ?Sized> Method<E> for SaddleFreeNewton {
    fn descend(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        let Self { max_iterations, tolerance, search } = *self;
        let settings = Settings { max_iterations, tolerance, search, end: End::Step };
        settings.run(&error, start, bounds, observer, &mut Curved { error: &error, solve: turned })
    }
}

/// Solves Bs = −g for a matrix of unit diagonal, in some way that goes downhill.
type Solve = fn(&[f64], &[f64]) -> Result<Vec<f64>, DescentError>;

struct Curved<'a> {
    error: &'a dyn ErrorFunction,
    solve: Solve,
}

impl Directions for Curved<'_> {
    fn next(
        &mut self,
        at: &Iterate,
        gradient: &[f64],
        free: &[bool],
    ) -> Result<(Vec<f64>, f64), DescentError> {
        let n = at.w.len();
        let (mut full, mut hessian) = (vec![0.0; n], vec![0.0; packed::length(n)]);
        self.error.value_gradient_hessian(&at.w, &mut full, &mut hessian);
        check_packed(n, &hessian)?;
        let mut factors = equilibrate(n, &hessian);
        for (factor, w) in factors.iter_mut().zip(&at.w) {
            if *factor == 0.0 {
                // No curvature: the parameter's own size is the only unit known.
                *factor = if *w == 0.0 { 1.0 } else { 1.0 / w.abs() };
            }
        }
        let mut unitless = scaled(n, &hessian, &factors);
        hold(&mut unitless, free);
        let slope: Vec<f64> = gradient.iter().zip(&factors).map(|(b, factor)| b / factor).collect();
        let step = (self.solve)(&unitless, &slope)?;
        Ok((step.iter().zip(&factors).map(|(s, factor)| s / factor).collect(), 1.0))
    }

    fn moved(&mut self, _from: &Iterate, _to: &Iterate) {}

    fn forget(&mut self) -> bool {
        false
    }
}

/// Uncouples the parameters that are held, with a curvature of one.
pub(super) fn hold(matrix: &mut [f64], free: &[bool]) {
    for row in 0..free.len() {
        for column in 0..=row {
            if !(free[row] && free[column]) {
                matrix[packed::position(row, column)] = if row == column { 1.0 } else { 0.0 };
            }
        }
    }
}

fn factored(matrix: &[f64], slope: &[f64]) -> Result<Vec<f64>, DescentError> {
    let n = slope.len();
    let full = packed::to_matrix(n, matrix);
    let least = full.diagonal().iter().copied().fold(f64::INFINITY, f64::min);
    let mut shift = if least > 0.0 { 0.0 } else { 1e-3 - least };
    loop {
        let mut shifted = full.clone();
        (0..n).for_each(|at| shifted[(at, at)] += shift);
        // All entries are within [−1, 1], so a shift beyond n ends this.
        if let Some(factor) = Cholesky::new(shifted) {
            let step = factor.solve(&DVector::from_fn(n, |at, _| -slope[at]));
            return Ok(step.iter().copied().collect());
        }
        shift = f64::max(2.0 * shift, 1e-3);
    }
}

fn turned(matrix: &[f64], slope: &[f64]) -> Result<Vec<f64>, DescentError> {
    let spectrum = Spectrum::of_packed(slope.len(), matrix)?;
    let floor = 4.0 * slope.len() as f64 * f64::EPSILON * spectrum.norm();
    let along = spectrum.eigenvectors().tr_mul(&DVector::from_column_slice(slope));
    let divided = along
        .zip_map(spectrum.eigenvalues(), |c, value| if c == 0.0 { 0.0 } else { -c / value.abs().max(floor) });
    Ok((spectrum.eigenvectors() * divided).iter().copied().collect())
}
