//! What can be said of a Hessian too large to be formed, from its products with vectors.
//!
//! | question | answer | products |
//! |---|---|---|
//! | how stiff, how flat at most? | [`Lanczos`] | some tens to thousands, by the gaps |
//! | how are the curvatures distributed? | [`SpectralDensity`] | `probes`·`steps` |
//! | trace and diagonal? | [`Hutchinson`] | `probes` |
//!
//! Nothing of size n² is ever stored: memory is a fixed number of vectors. Whatever is drawn at random comes from a
//! seed, so results are the same every time.

mod basis;
mod density;
mod hutchinson;
mod lanczos;

pub use density::{Quadrature, SpectralDensity};
pub use hutchinson::{Diagonal, Hutchinson, Trace};
pub use lanczos::{ExtremeSpectrum, Lanczos, RitzPair};

use crate::{ErrorFunction, SpectrumError};

/// Why Hessian-vector products told nothing.
///
/// ```
/// use hesse_runtime::krylov::{Hutchinson, KrylovError};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// let refused = Hutchinson::default().trace(&Bowl, &[0.0]);
/// assert!(matches!(refused, Err(KrylovError::Dimension { expected: 2, found: 1 })));
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum KrylovError {
    /// The point does not have one coordinate per parameter.
    #[error("the point has {found} coordinates, expected {expected}")]
    Dimension {
        /// The number of parameters.
        expected: usize,
        /// The number of coordinates given.
        found: usize,
    },
    /// A setting is out of range.
    #[error("`{name}` is {value}, expected {expected}")]
    Setting {
        /// The name of the field.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it should be.
        expected: &'static str,
    },
    /// A component of a Hessian-vector product is NaN or infinite.
    #[error("component {index} of a Hessian-vector product is {value}, expected a finite number")]
    Product {
        /// The index of the parameter.
        index: usize,
        /// What E returned.
        value: f64,
    },
    /// The matrix of the basis has no spectrum.
    #[error("the Hessian cannot be decomposed: {0}")]
    Spectrum(#[from] SpectrumError),
}

/// The Hessian of an error function at a point, known by its products alone.
struct Products<'a> {
    error: &'a dyn ErrorFunction,
    w: &'a [f64],
    count: usize,
}

impl<'a> Products<'a> {
    fn at(error: &'a dyn ErrorFunction, w: &'a [f64]) -> Result<Self, KrylovError> {
        if w.len() != error.dimension() {
            return Err(KrylovError::Dimension { expected: error.dimension(), found: w.len() });
        }
        Ok(Self { error, w, count: 0 })
    }

    fn order(&self) -> usize {
        self.w.len()
    }

    fn apply(&mut self, vector: &[f64], product: &mut [f64]) -> Result<(), KrylovError> {
        self.count += 1;
        self.error.hessian_vector(self.w, vector, product);
        match product.iter().position(|component| !component.is_finite()) {
            Some(index) => Err(KrylovError::Product { index, value: product[index] }),
            None => Ok(()),
        }
    }
}

/// Refuses a count of zero.
fn check_count(name: &'static str, count: usize) -> Result<(), KrylovError> {
    if count == 0 {
        return Err(KrylovError::Setting { name, value: 0.0, expected: "at least 1" });
    }
    Ok(())
}
