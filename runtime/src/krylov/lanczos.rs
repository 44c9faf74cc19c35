//! The extreme curvatures of a Hessian that is never formed.

use super::basis::Basis;
use super::{KrylovError, Products, check_count};
use crate::ErrorFunction;
use crate::random::Random;

/// Extreme eigenvalues of H by the Lanczos method with full reorthogonalization and thick restarts.
///
/// A basis of `basis` vectors is all that is kept, so memory is O(`basis`·n). Each eigenvalue comes with the length
/// of its residual ‖Hu − λu‖: within that distance of λ there is an eigenvalue, whether or not the iteration
/// converged. How many products it takes depends on the gaps between the eigenvalues wanted and the next ones.
/// Of an eigenvalue that occurs several times one copy may be found, as one start vector sees no more.
///
/// ```
/// # use hesse_runtime::ErrorFunction;
/// # struct Chain(usize);
/// # impl ErrorFunction for Chain {
/// #     fn dimension(&self) -> usize { self.0 }
/// #     fn value(&self, w: &[f64]) -> f64 {
/// #         0.5 * w.iter().enumerate().map(|(i, w)| (i + 1) as f64 * w * w).sum::<f64>()
/// #     }
/// #     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
/// #         self.hessian_vector(w, w, gradient);
/// #         self.value(w)
/// #     }
/// #     fn value_gradient_hessian(&self, _: &[f64], _: &mut [f64], _: &mut [f64]) -> f64 { f64::NAN }
/// #     fn hessian_vector(&self, _: &[f64], v: &[f64], product: &mut [f64]) {
/// #         for (i, (product, v)) in product.iter_mut().zip(v).enumerate() {
/// #             *product = (i + 1) as f64 * v;
/// #         }
/// #     }
/// # }
/// use hesse_runtime::krylov::Lanczos;
///
/// // E = ½ Σ i·wᵢ² for i = 1, …, 300
/// let found = Lanczos { count: 2, ..Default::default() }.extremes(&Chain(300), &[0.0; 300])?;
/// assert!(found.converged);
/// assert!((found.lowest[0].value - 1.0).abs() < 1e-9 && (found.lowest[1].value - 2.0).abs() < 1e-9);
/// assert!((found.highest[0].value - 300.0).abs() < 1e-9);
/// # Ok::<(), hesse_runtime::krylov::KrylovError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lanczos {
    /// How many eigenvalues are wanted at each end; 1 by default.
    pub count: usize,
    /// How many vectors are kept; 24 by default, and never less than four per eigenvalue wanted.
    pub basis: usize,
    /// The number of Hessian-vector products after which to give up; 2000 by default.
    pub max_products: usize,
    /// Converged when every residual is below this share of the largest |λ|; 10⁻⁸ by default.
    pub tolerance: f64,
    /// The seed of the start vector; 0 by default.
    pub seed: u64,
}

impl Default for Lanczos {
    fn default() -> Self {
        Self { count: 1, basis: 24, max_products: 2000, tolerance: 1e-8, seed: 0 }
    }
}

/// The two ends of a spectrum.
///
/// ```
/// use hesse_runtime::krylov::Lanczos;
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// let spectrum = Lanczos { count: 1, ..Lanczos::default() }.extremes(&Bowl, &[0.0; 2])?;
/// assert!(spectrum.converged && spectrum.products > 0);
/// # Ok::<(), hesse_runtime::krylov::KrylovError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ExtremeSpectrum {
    /// The smallest eigenvalues, ascending.
    pub lowest: Vec<RitzPair>,
    /// The largest eigenvalues, descending.
    pub highest: Vec<RitzPair>,
    /// Whether all residuals are below the tolerance.
    pub converged: bool,
    /// The number of Hessian-vector products made.
    pub products: usize,
}

/// An eigenvalue found, with its eigenvector.
///
/// ```
/// use hesse_runtime::krylov::Lanczos;
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// let spectrum = Lanczos { count: 1, ..Lanczos::default() }.extremes(&Bowl, &[0.0; 2])?;
/// let stiffest = &spectrum.highest[0];
/// assert!((stiffest.value - 8.0).abs() < 1e-9 && (stiffest.vector[1].abs() - 1.0).abs() < 1e-9);
/// # Ok::<(), hesse_runtime::krylov::KrylovError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RitzPair {
    /// λ.
    pub value: f64,
    /// ‖Hu − λu‖.
    pub residual: f64,
    /// u, of length 1; its component of largest magnitude is positive.
    pub vector: Vec<f64>,
}

impl Lanczos {
    /// The eigenvalues at both ends of the spectrum of H(w).
    ///
    /// With fewer parameters than eigenvalues wanted, each end has all of them.
    ///
    /// # Errors
    /// A point of the wrong dimension, a setting out of range, or a product that is not finite.
    pub fn extremes<E: ErrorFunction + ?Sized>(
        &self,
        error: &E,
        w: &[f64],
    ) -> Result<ExtremeSpectrum, KrylovError> {
        check_count("count", self.count)?;
        if !(self.tolerance > 0.0 && self.tolerance.is_finite()) {
            let expected = "a positive number";
            return Err(KrylovError::Setting { name: "tolerance", value: self.tolerance, expected });
        }
        let mut products = Products::at(&error, w)?;
        let n = products.order();
        if n == 0 {
            return Ok(ExtremeSpectrum { lowest: vec![], highest: vec![], converged: true, products: 0 });
        }
        let count = self.count.min(n);
        let size = self.basis.max(self.count.saturating_mul(4)).min(n);
        let mut random = Random::new(self.seed);
        let mut basis = Basis::new((0..n).map(|_| 2.0 * random.unit() - 1.0).collect());
        loop {
            while basis.len() < size {
                basis.expand(&mut products, &mut random)?;
            }
            let spectrum = basis.spectrum()?;
            let last = spectrum.eigenvectors().row(size - 1);
            let residual = |at: usize| if size == n { 0.0 } else { (basis.leaving() * last[at]).abs() };
            let wanted = || (0..count).chain(size - count..size);
            let limit = self.tolerance * spectrum.norm();
            let converged = wanted().all(|at| residual(at) <= limit);
            if converged || products.count >= self.max_products {
                let pair = |at: usize| {
                    let vector = basis.combine(spectrum.eigenvectors().column(at).iter().copied());
                    RitzPair {
                        value: spectrum.eigenvalues()[at],
                        residual: residual(at),
                        vector: oriented(vector),
                    }
                };
                return Ok(ExtremeSpectrum {
                    lowest: (0..count).map(pair).collect(),
                    highest: (size - count..size).rev().map(pair).collect(),
                    converged,
                    products: products.count,
                });
            }
            // Half of the basis, from both ends, goes on: the neighbors of what is wanted keep it apart.
            let side = (size / 4).max(count);
            let kept: Vec<usize> = (0..side).chain(size - side..size).collect();
            basis.restart(&spectrum, &kept);
        }
    }
}

/// The vector with its component of largest magnitude positive.
fn oriented(mut vector: Vec<f64>) -> Vec<f64> {
    let leading =
        vector.iter().fold(0.0_f64, |leading, &v| if v.abs() > leading.abs() { v } else { leading });
    if leading < 0.0 {
        vector.iter_mut().for_each(|v| *v = -*v);
    }
    vector
}
