//! The analysis of an error function at a point, all in one.

use crate::degeneracy::{Degeneracy, resolve};
use crate::kink::{self, Kink};
use crate::stationary::{Here, StationaryClass, Tolerance, Uncertainty, classify};
use crate::{ErrorFunction, Kind, QuadraticModel, Spectrum, SpectrumError, one_sided, packed};

/// Why a point cannot be analyzed.
///
/// ```
/// use hesse_runtime::{Analyze, AnalysisError};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// let refused = Bowl.analyze(&[1.0, f64::NAN]).unwrap_err();
/// assert_eq!(refused.to_string(), "coordinate `w[1]` of the point is NaN, expected a finite number");
/// assert!(matches!(Bowl.analyze(&[1.0]), Err(AnalysisError::Dimension { .. })));
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AnalysisError {
    /// The point does not have one coordinate per parameter.
    #[error("the point has {found} coordinates, expected {expected}")]
    Dimension {
        /// The number of parameters.
        expected: usize,
        /// The number of coordinates given.
        found: usize,
    },
    /// A coordinate is NaN or infinite.
    #[error("coordinate `{name}` of the point is {value}, expected a finite number")]
    Point {
        /// The parameter's name.
        name: String,
        /// What was given.
        value: f64,
    },
    /// E is NaN or infinite at the point.
    #[error("the error function is {value} at the point")]
    Value {
        /// What E returned.
        value: f64,
    },
    /// A component of ∇E is NaN or infinite.
    #[error("the derivative by `{name}` is {value} at the point")]
    Gradient {
        /// The parameter's name.
        name: String,
        /// What E returned.
        value: f64,
    },
    /// An entry of the Hessian is NaN or infinite.
    #[error("the second derivative by `{row}` and `{column}` is {value} at the point")]
    Hessian {
        /// The name of the parameter of the row.
        row: String,
        /// The name of the parameter of the column.
        column: String,
        /// What E returned.
        value: f64,
    },
    /// The Hessian has no spectrum for another reason.
    #[error("the Hessian cannot be decomposed: {0}")]
    Spectrum(SpectrumError),
}

/// What second derivatives say about an error function at a point.
///
/// ```
/// use hesse_runtime::{Analyze, Kind};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// let analysis = Bowl.analyze(&[0.0, 0.0])?;
/// assert_eq!((analysis.kind(), analysis.index(), analysis.condition_number()), (Kind::Minimum, 0, 4.0));
/// assert!(analysis.degeneracy.is_none() && analysis.kink.is_none());
/// # Ok::<(), hesse_runtime::AnalysisError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The local quadratic model: value, gradient, Hessian, curvatures and principal axes.
    pub model: QuadraticModel,
    /// The kind of the point and what it was judged by.
    pub class: StationaryClass,
    /// What symmetries and higher derivatives say, where the point is degenerate, and one-sided ones on a kink.
    pub degeneracy: Option<Degeneracy>,
    /// The nearest kink found close to the point, if any.
    pub kink: Option<Kink>,
}

impl Analysis {
    /// The kind of the point.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.class.kind
    }

    /// The number of curvatures that are negative beyond their tolerance.
    #[must_use]
    pub fn index(&self) -> usize {
        self.class.index
    }

    /// The curvatures and principal axes of H, in the units of the parameters.
    #[must_use]
    pub fn spectrum(&self) -> &Spectrum {
        self.model.spectrum()
    }

    /// The condition number of H, in the units of the parameters.
    #[must_use]
    pub fn condition_number(&self) -> f64 {
        self.spectrum().condition_number()
    }

    /// ‖∇E‖, the Euclidean norm.
    #[must_use]
    pub fn gradient_norm(&self) -> f64 {
        self.model.gradient().norm()
    }
}

/// The analysis of surfaces, for every [`ErrorFunction`].
///
/// ```
/// use hesse_runtime::{Analyze, ErrorFunction, Kind};
///
/// /// E = x² − y²
/// struct Saddle;
///
/// impl ErrorFunction for Saddle {
///     fn dimension(&self) -> usize {
///         2
///     }
///     fn value(&self, w: &[f64]) -> f64 {
///         w[0] * w[0] - w[1] * w[1]
///     }
///     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
///         gradient.copy_from_slice(&[2.0 * w[0], -2.0 * w[1]]);
///         self.value(w)
///     }
///     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
///         hessian.copy_from_slice(&[2.0, 0.0, -2.0]);
///         self.value_gradient(w, gradient)
///     }
///     fn hessian_vector(&self, _w: &[f64], v: &[f64], product: &mut [f64]) {
///         product.copy_from_slice(&[2.0 * v[0], -2.0 * v[1]]);
///     }
/// }
///
/// let analysis = Saddle.analyze(&[0.0, 0.0])?;
/// assert_eq!(analysis.kind(), Kind::Saddle { index: 1 });
/// assert_eq!(analysis.spectrum().eigenvalues().as_slice(), [-2.0, 2.0]);
/// assert_eq!(Saddle.analyze(&[1.0, 0.0])?.kind().as_str(), "not_stationary");
/// # Ok::<(), hesse_runtime::AnalysisError>(())
/// ```
pub trait Analyze: ErrorFunction {
    /// Analyzes E at `w` with the default tolerance.
    ///
    /// # Errors
    /// A point of the wrong dimension, or a number that is not finite: a coordinate, E or a derivative.
    fn analyze(&self, w: &[f64]) -> Result<Analysis, AnalysisError> {
        self.analyze_within(w, &Tolerance::default())
    }

    /// Analyzes E at `w`; six evaluations of the Hessian and a few eigen decompositions, O(n³), and some hundreds of
    /// gradients and Hessian-vector products in search of kinks. A degenerate point takes more: up to n² gradients where
    /// n ≤ 14 and 2n beyond, a singular value decomposition of that order, and some hundreds of Hessians.
    ///
    /// # Errors
    /// As [`analyze`](Self::analyze).
    fn analyze_within(&self, w: &[f64], tolerance: &Tolerance) -> Result<Analysis, AnalysisError> {
        let n = self.dimension();
        if w.len() != n {
            return Err(AnalysisError::Dimension { expected: n, found: w.len() });
        }
        if let Some(index) = w.iter().position(|coordinate| !coordinate.is_finite()) {
            return Err(AnalysisError::Point { name: name(self, index), value: w[index] });
        }
        let (mut gradient, mut hessian) = (vec![0.0; n], vec![0.0; packed::length(n)]);
        let value = self.value_gradient_hessian(w, &mut gradient, &mut hessian);
        if !value.is_finite() {
            return Err(AnalysisError::Value { value });
        }
        if let Some(index) = gradient.iter().position(|component| !component.is_finite()) {
            return Err(AnalysisError::Gradient { name: name(self, index), value: gradient[index] });
        }
        let model = QuadraticModel::new(w, value, &gradient, &hessian).map_err(|error| match error {
            SpectrumError::NotFinite { row, column, value } => {
                AnalysisError::Hessian { row: name(self, row), column: name(self, column), value }
            }
            error => AnalysisError::Spectrum(error),
        })?;
        let uncertainty = Uncertainty::measure(self, w, &gradient, &hessian);
        let curvature = |w: &[f64]| {
            let mut hessian = vec![0.0; packed::length(n)];
            self.value_gradient_hessian(w, &mut vec![0.0; n], &mut hessian);
            hessian
        };
        let here = Here { w, value, gradient: &gradient, hessian: &hessian };
        let (mut class, flat) = classify(&here, &uncertainty, &curvature, tolerance);
        let kink = kink::find(&self, w);
        let slopes = class.kind == Kind::NotStationary;
        let degeneracy = match &kink {
            // A slope is one where the curvature alone jumps.
            Some(kink) if kink.is_here && !(slopes && kink.order == 2) => {
                class.kind = Kind::Kink;
                let verdict = one_sided::verdict(&self, w, &kink::reach(w), kink.order);
                Some(Degeneracy { symmetries: Vec::new(), leading_terms: Vec::new(), verdict })
            }
            _ => flat.map(|flat| resolve(&self, w, flat)),
        };
        Ok(Analysis { model, class, degeneracy, kink })
    }
}

impl<E: ErrorFunction + ?Sized> Analyze for E {}

fn name<E: ErrorFunction + ?Sized>(error: &E, index: usize) -> String {
    let mut name = String::new();
    // Writing to a string cannot fail; an implementation that fails by itself leaves what it wrote.
    let _ = error.parameter_name(index, &mut name);
    name
}
