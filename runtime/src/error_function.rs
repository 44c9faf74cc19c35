//! What an error function offers to everything that works on its surface.

use core::fmt;
use core::ops::Range;

use crate::{RowErrorFunction, SparseErrorFunction};

/// An error function E(w) with its exact first and second derivatives.
///
/// Slices in, slices out, nothing allocated, no feature needed: what generated code implements and what
/// analysis and descent ask for. `w`, `gradient`, `v` and `product` have [`dimension`](Self::dimension)
/// entries. A `hessian` is the lower triangle packed row by row: entry (i, j), j ≤ i, at i(i+1)/2 + j,
/// n(n+1)/2 entries in all (see [`packed`](crate::packed)). Every output is overwritten, never added to.
/// Implementations may panic on slices of any other length. Where E is not defined, non-finite numbers
/// are returned; callers watch for them.
///
/// ```
/// use hesse_runtime::ErrorFunction;
///
/// /// E(w) = ½(a w₀² + w₁²)
/// struct Bowl {
///     a: f64,
/// }
///
/// impl ErrorFunction for Bowl {
///     fn dimension(&self) -> usize {
///         2
///     }
///     fn value(&self, w: &[f64]) -> f64 {
///         0.5 * (self.a * w[0] * w[0] + w[1] * w[1])
///     }
///     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
///         gradient.copy_from_slice(&[self.a * w[0], w[1]]);
///         self.value(w)
///     }
///     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
///         hessian.copy_from_slice(&[self.a, 0.0, 1.0]);
///         self.value_gradient(w, gradient)
///     }
///     fn hessian_vector(&self, _w: &[f64], v: &[f64], product: &mut [f64]) {
///         product.copy_from_slice(&[self.a * v[0], v[1]]);
///     }
/// }
///
/// let bowl: &dyn ErrorFunction = &Bowl { a: 3.0 };
/// let mut gradient = [0.0; 2];
/// assert_eq!(bowl.value_gradient(&[1.0, 2.0], &mut gradient), 3.5);
/// assert_eq!(gradient, [3.0, 2.0]);
/// ```
pub trait ErrorFunction {
    /// The number n of parameters.
    fn dimension(&self) -> usize;

    /// E(w).
    fn value(&self, w: &[f64]) -> f64;

    /// E(w), with b = ∇E(w) written to `gradient`.
    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64;

    /// E(w), with b = ∇E(w) written to `gradient` and H(w) to `hessian`, packed lower triangle by rows.
    #[doc(alias = "second_derivative")]
    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64;

    /// The Hessian-vector product H(w)·v, written to `product`.
    #[doc(alias = "hvp")]
    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]);

    /// Whether E is known to be twice continuously differentiable wherever it and its derivatives are finite, so that
    /// nobody has to look for kinks; `false` where that is not known.
    fn is_smooth(&self) -> bool {
        false
    }

    /// Writes the name of the parameter at `index`, as its author wrote it; `w[index]` unless overridden.
    ///
    /// # Errors
    /// Only where `f` fails.
    fn parameter_name(&self, index: usize, f: &mut dyn fmt::Write) -> fmt::Result {
        write!(f, "w[{index}]")
    }
}

/// An error function known to be a sum of squares, E(w) = s·Σᵢ rᵢ(w)², which lets a fit have statistics.
///
/// The scale s is 1 for a plain and ½ for a halved sum of squares. The matrix JᵀJ of the residuals'
/// Jacobian J is the Gauss–Newton matrix: H = 2s(JᵀJ + Σ rᵢ∇²rᵢ), so it equals the Hessian only where
/// residuals vanish or are linear.
///
/// ```
/// use hesse_runtime::SumOfSquares;
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/mean.rs"));
/// # }
/// # use surface::*;
///
/// let mut matrix = [0.0];
/// let sum = Mean.gauss_newton(&[3.0], &mut matrix);
/// assert_eq!((sum, matrix, Mean.residual_count()), (14.0, [4.0], 4));
/// ```
pub trait SumOfSquares: ErrorFunction {
    /// The factor s in E = s·RSS; positive.
    fn scale(&self) -> f64;

    /// The number of residuals.
    fn residual_count(&self) -> usize;

    /// The number m of residuals whose weight, the factor of data in front of the square, is not zero; all of them unless
    /// said otherwise.
    fn observation_count(&self) -> usize {
        self.residual_count()
    }

    /// Writes what each residual is, in the order of [`residuals`](Self::residuals); `false`, and nothing written, where nobody
    /// knows, and all are observations.
    #[must_use]
    fn kinds(&self, _kinds: &mut [ResidualKind]) -> bool {
        false
    }

    /// The residual sum of squares Σ rᵢ², with JᵀJ written to `matrix`, packed lower triangle by rows.
    fn gauss_newton(&self, w: &[f64], matrix: &mut [f64]) -> f64;

    /// Writes all residuals rᵢ(w) to `residuals`; `false`, and nothing written, where they are not known one by
    /// one.
    #[must_use]
    fn residuals(&self, _w: &[f64], _residuals: &mut [f64]) -> bool {
        false
    }

    /// Writes the Jacobian ∂rᵢ/∂wⱼ to `jacobian`, column after column; `false`, and nothing written, where it is
    /// not known.
    #[must_use]
    fn jacobian(&self, _w: &[f64], _jacobian: &mut [f64]) -> bool {
        false
    }

    /// The least Σ rᵢ² that a constant in place of the model has, which R² compares with: Σ (yᵢ − ȳ)² for residuals yᵢ − f(w);
    /// `None` where residuals are not of that form, or nobody knows.
    fn null_sum_of_squares(&self) -> Option<f64> {
        None
    }
}

/// What a residual is to the statistics of a fit.
///
/// ```
/// use hesse_runtime::ResidualKind;
///
/// assert!(ResidualKind::Observation.counts() && ResidualKind::Prior.counts());
/// assert!(!ResidualKind::Omitted.counts());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResidualKind {
    /// A row of data against the model.
    Observation,
    /// What was known of the parameters before the data, such as the λ(a − a₀)² of a ridge.
    Prior,
    /// A residual of weight zero: it is left out.
    Omitted,
}

impl ResidualKind {
    /// Whether it counts into the degrees of freedom: as an observation does what was known before.
    #[must_use]
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Omitted)
    }
}

/// Forwards every method of the traits through a dereference.
macro_rules! forward {
    ($pointer:ty) => {
        impl<T: ErrorFunction + ?Sized> ErrorFunction for $pointer {
            fn dimension(&self) -> usize {
                (**self).dimension()
            }
            fn value(&self, w: &[f64]) -> f64 {
                (**self).value(w)
            }
            fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
                (**self).value_gradient(w, gradient)
            }
            fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
                (**self).value_gradient_hessian(w, gradient, hessian)
            }
            fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
                (**self).hessian_vector(w, v, product);
            }
            fn is_smooth(&self) -> bool {
                (**self).is_smooth()
            }
            fn parameter_name(&self, index: usize, f: &mut dyn fmt::Write) -> fmt::Result {
                (**self).parameter_name(index, f)
            }
        }

        impl<T: SparseErrorFunction + ?Sized> SparseErrorFunction for $pointer {
            fn entries(&self) -> usize {
                (**self).entries()
            }
            fn pattern(&self, rows: &mut [usize], columns: &mut [usize]) {
                (**self).pattern(rows, columns);
            }
            fn value_gradient_sparse_hessian(
                &self,
                w: &[f64],
                gradient: &mut [f64],
                values: &mut [f64],
            ) -> f64 {
                (**self).value_gradient_sparse_hessian(w, gradient, values)
            }
        }

        impl<T: RowErrorFunction + ?Sized> RowErrorFunction for $pointer {
            fn rows(&self) -> usize {
                (**self).rows()
            }
            fn value_of_rows(&self, w: &[f64], rows: Range<usize>) -> f64 {
                (**self).value_of_rows(w, rows)
            }
            fn value_gradient_of_rows(&self, w: &[f64], rows: Range<usize>, gradient: &mut [f64]) -> f64 {
                (**self).value_gradient_of_rows(w, rows, gradient)
            }
            fn value_gradient_hessian_of_rows(
                &self,
                w: &[f64],
                rows: Range<usize>,
                gradient: &mut [f64],
                hessian: &mut [f64],
            ) -> f64 {
                (**self).value_gradient_hessian_of_rows(w, rows, gradient, hessian)
            }
            fn hessian_vector_of_rows(&self, w: &[f64], rows: Range<usize>, v: &[f64], product: &mut [f64]) {
                (**self).hessian_vector_of_rows(w, rows, v, product);
            }
        }

        impl<T: SumOfSquares + ?Sized> SumOfSquares for $pointer {
            fn scale(&self) -> f64 {
                (**self).scale()
            }
            fn residual_count(&self) -> usize {
                (**self).residual_count()
            }
            fn observation_count(&self) -> usize {
                (**self).observation_count()
            }
            fn kinds(&self, kinds: &mut [ResidualKind]) -> bool {
                (**self).kinds(kinds)
            }
            fn gauss_newton(&self, w: &[f64], matrix: &mut [f64]) -> f64 {
                (**self).gauss_newton(w, matrix)
            }
            fn residuals(&self, w: &[f64], residuals: &mut [f64]) -> bool {
                (**self).residuals(w, residuals)
            }
            fn jacobian(&self, w: &[f64], jacobian: &mut [f64]) -> bool {
                (**self).jacobian(w, jacobian)
            }
            fn null_sum_of_squares(&self) -> Option<f64> {
                (**self).null_sum_of_squares()
            }
        }
    };
}

forward!(&T);
#[cfg(feature = "std")]
forward!(std::boxed::Box<T>);
