//! How the curvatures of a Hessian that is never formed are distributed.

use super::basis::Basis;
use super::{KrylovError, Products, check_count};
use crate::ErrorFunction;
use crate::random::Random;

/// The settings of stochastic Lanczos quadrature.
///
/// From each of `probes` random vectors of signs, `steps` steps of Lanczos give a Gauss quadrature of the density as
/// that vector sees it; their mean is the estimate (Golub and Meurant, "Matrices, moments and quadrature"; Ubaru,
/// Chen and Saad, SIAM J. Matrix Anal. Appl. 38 (2017)). Memory is O(`steps`·n).
///
/// ```
/// use hesse_runtime::krylov::Quadrature;
///
/// let fine = Quadrature { probes: 20, ..Quadrature::default() };
/// assert_ne!(fine, Quadrature::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quadrature {
    /// The number of random vectors; 8 by default.
    pub probes: usize,
    /// The number of Lanczos steps for each; 32 by default.
    pub steps: usize,
    /// The seed of the vectors; 0 by default.
    pub seed: u64,
}

impl Default for Quadrature {
    fn default() -> Self {
        Self { probes: 8, steps: 32, seed: 0 }
    }
}

/// The distribution of the eigenvalues of a Hessian: points on the axis of curvatures, and the share of each.
///
/// ```
/// # use hesse_runtime::ErrorFunction;
/// # struct Bowl(usize);
/// # impl ErrorFunction for Bowl {
/// #     fn dimension(&self) -> usize { self.0 }
/// #     fn value(&self, w: &[f64]) -> f64 { 0.5 * w.iter().map(|w| w * w).sum::<f64>() }
/// #     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
/// #         self.hessian_vector(w, w, gradient);
/// #         self.value(w)
/// #     }
/// #     fn value_gradient_hessian(&self, _: &[f64], _: &mut [f64], _: &mut [f64]) -> f64 { f64::NAN }
/// #     fn hessian_vector(&self, _: &[f64], v: &[f64], product: &mut [f64]) {
/// #         for (i, (product, v)) in product.iter_mut().zip(v).enumerate() {
/// #             *product = if i % 4 == 0 { 9.0 * v } else { *v };
/// #         }
/// #     }
/// # }
/// use hesse_runtime::krylov::{Quadrature, SpectralDensity};
///
/// // A quarter of the curvatures is 9, the others are 1.
/// let density = SpectralDensity::estimate(&Bowl(400), &[0.0; 400], &Quadrature::default())?;
/// assert!((density.share_below(5.0) - 0.75).abs() < 1e-12);
/// assert!((density.mean(|curvature| curvature) - 3.0).abs() < 1e-12);
/// # Ok::<(), hesse_runtime::krylov::KrylovError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SpectralDensity {
    nodes: Vec<f64>,
    weights: Vec<f64>,
}

impl SpectralDensity {
    /// Estimates the density of the spectrum of H(w); `probes`·`steps` Hessian-vector products.
    ///
    /// # Errors
    /// A point of the wrong dimension, a setting out of range, or a product that is not finite.
    pub fn estimate<E: ErrorFunction + ?Sized>(
        error: &E,
        w: &[f64],
        quadrature: &Quadrature,
    ) -> Result<Self, KrylovError> {
        check_count("probes", quadrature.probes)?;
        check_count("steps", quadrature.steps)?;
        let mut products = Products::at(&error, w)?;
        let n = products.order();
        let mut random = Random::new(quadrature.seed);
        let mut pairs = Vec::new();
        for _ in 0..quadrature.probes {
            let mut basis = Basis::new((0..n).map(|_| random.sign()).collect());
            while basis.len() < quadrature.steps.min(n) {
                basis.expand(&mut products, &mut random)?;
                // Beyond an invariant span nothing has any weight for this probe.
                if basis.leaving() == 0.0 {
                    break;
                }
            }
            let spectrum = basis.spectrum()?;
            for (at, &node) in spectrum.eigenvalues().iter().enumerate() {
                let first = spectrum.eigenvectors()[(0, at)];
                pairs.push((node, first * first / quadrature.probes as f64));
            }
        }
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (nodes, weights) = pairs.into_iter().unzip();
        Ok(Self { nodes, weights })
    }

    /// The curvatures at which the quadrature has its points, ascending.
    #[must_use]
    pub fn nodes(&self) -> &[f64] {
        &self.nodes
    }

    /// The share of the spectrum that each node stands for; they sum to 1.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The mean of a function over the spectrum, tr f(H)/n.
    #[must_use]
    pub fn mean(&self, function: impl Fn(f64) -> f64) -> f64 {
        self.nodes.iter().zip(&self.weights).map(|(&node, weight)| weight * function(node)).sum()
    }

    /// The share of eigenvalues below a curvature.
    #[must_use]
    pub fn share_below(&self, curvature: f64) -> f64 {
        self.mean(|node| if node < curvature { 1.0 } else { 0.0 })
    }

    /// The density at a curvature, every node widened to a Gaussian of this standard deviation.
    ///
    /// In units of one over curvature; its integral over all curvatures is 1.
    #[must_use]
    pub fn at(&self, curvature: f64, width: f64) -> f64 {
        let height = 1.0 / (width * (2.0 * core::f64::consts::PI).sqrt());
        self.mean(|node| height * (-0.5 * ((curvature - node) / width).powi(2)).exp())
    }
}
