//! Trace and diagonal of a Hessian that is never formed.

use super::{KrylovError, Products, check_count};
use crate::ErrorFunction;
use crate::random::Random;

/// Estimates by random vectors of signs: zᵀHz for the trace, z∘Hz for the diagonal.
///
/// After Hutchinson, Commun. Stat. Simul. 18 (1989), and Bekas, Kokiopoulou and Saad, Appl. Numer. Math. 57 (2007).
/// Signs have the least variance of all such vectors, and none where H is diagonal. The standard errors shrink with
/// the root of the number of probes.
///
/// ```
/// # use hesse_runtime::ErrorFunction;
/// # struct Bowl(usize);
/// # impl ErrorFunction for Bowl {
/// #     fn dimension(&self) -> usize { self.0 }
/// #     fn value(&self, w: &[f64]) -> f64 { 1.5 * w.iter().map(|w| w * w).sum::<f64>() }
/// #     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
/// #         self.hessian_vector(w, w, gradient);
/// #         self.value(w)
/// #     }
/// #     fn value_gradient_hessian(&self, _: &[f64], _: &mut [f64], _: &mut [f64]) -> f64 { f64::NAN }
/// #     fn hessian_vector(&self, _: &[f64], v: &[f64], product: &mut [f64]) {
/// #         for (product, v) in product.iter_mut().zip(v) {
/// #             *product = 3.0 * v;
/// #         }
/// #     }
/// # }
/// use hesse_runtime::krylov::Hutchinson;
///
/// // E = 3/2 Σ wᵢ²
/// let trace = Hutchinson::default().trace(&Bowl(100), &[0.0; 100])?;
/// assert_eq!((trace.value, trace.standard_error), (300.0, 0.0));
/// let diagonal = Hutchinson::default().diagonal(&Bowl(100), &[0.0; 100])?;
/// assert!(diagonal.values.iter().all(|&entry| entry == 3.0));
/// # Ok::<(), hesse_runtime::krylov::KrylovError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hutchinson {
    /// The number of random vectors, one Hessian-vector product each; 32 by default.
    pub probes: usize,
    /// Their seed; 0 by default.
    pub seed: u64,
}

impl Default for Hutchinson {
    fn default() -> Self {
        Self { probes: 32, seed: 0 }
    }
}

/// An estimate of the trace of H.
///
/// ```
/// use hesse_runtime::krylov::Hutchinson;
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// let trace = Hutchinson::default().trace(&Bowl, &[0.0; 2])?;
/// assert_eq!(trace.value, 10.0);
/// # Ok::<(), hesse_runtime::krylov::KrylovError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trace {
    /// The estimate.
    pub value: f64,
    /// Its standard error as the probes show it; NaN for a single probe.
    pub standard_error: f64,
}

/// An estimate of the diagonal of H.
///
/// ```
/// use hesse_runtime::krylov::Hutchinson;
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// let diagonal = Hutchinson::default().diagonal(&Bowl, &[0.0; 2])?;
/// assert_eq!(diagonal.values, [2.0, 8.0]);
/// # Ok::<(), hesse_runtime::krylov::KrylovError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Diagonal {
    /// The estimates, in parameter order.
    pub values: Vec<f64>,
    /// Their standard errors as the probes show them; NaN for a single probe.
    pub standard_errors: Vec<f64>,
}

impl Hutchinson {
    /// Estimates tr H(w).
    ///
    /// # Errors
    /// A point of the wrong dimension, no probes, or a product that is not finite.
    pub fn trace<E: ErrorFunction + ?Sized>(&self, error: &E, w: &[f64]) -> Result<Trace, KrylovError> {
        let mut moments = Moments::new(1);
        self.probe(&error, w, |signs, product| {
            let value = signs.iter().zip(product.iter()).map(|(z, p)| z * p).sum();
            moments.add(&[value]);
        })?;
        let Diagonal { values, standard_errors } = moments.estimate();
        Ok(Trace { value: values[0], standard_error: standard_errors[0] })
    }

    /// Estimates the diagonal of H(w).
    ///
    /// # Errors
    /// As [`trace`](Self::trace).
    pub fn diagonal<E: ErrorFunction + ?Sized>(&self, error: &E, w: &[f64]) -> Result<Diagonal, KrylovError> {
        let mut moments = Moments::new(w.len());
        self.probe(&error, w, |signs, product| {
            for (product, sign) in product.iter_mut().zip(signs) {
                *product *= sign;
            }
            moments.add(product);
        })?;
        Ok(moments.estimate())
    }

    fn probe(
        &self,
        error: &dyn ErrorFunction,
        w: &[f64],
        mut see: impl FnMut(&[f64], &mut [f64]),
    ) -> Result<(), KrylovError> {
        check_count("probes", self.probes)?;
        let mut products = Products::at(error, w)?;
        let mut random = Random::new(self.seed);
        let (mut signs, mut product) = (vec![0.0; w.len()], vec![0.0; w.len()]);
        for _ in 0..self.probes {
            signs.fill_with(|| random.sign());
            products.apply(&signs, &mut product)?;
            see(&signs, &mut product);
        }
        Ok(())
    }
}

/// Running means and squared deviations (Welford, Technometrics 4 (1962)).
struct Moments {
    count: f64,
    means: Vec<f64>,
    deviations: Vec<f64>,
}

impl Moments {
    fn new(n: usize) -> Self {
        Self { count: 0.0, means: vec![0.0; n], deviations: vec![0.0; n] }
    }

    fn add(&mut self, sample: &[f64]) {
        self.count += 1.0;
        for ((mean, deviation), x) in self.means.iter_mut().zip(&mut self.deviations).zip(sample) {
            let before = x - *mean;
            *mean += before / self.count;
            *deviation += before * (x - *mean);
        }
    }

    fn estimate(self) -> Diagonal {
        let freedom = self.count * (self.count - 1.0);
        let error = |deviation: f64| if freedom > 0.0 { (deviation / freedom).sqrt() } else { f64::NAN };
        Diagonal { values: self.means, standard_errors: self.deviations.into_iter().map(error).collect() }
    }
}
