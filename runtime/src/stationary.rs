//! What kind of point a point is.

use crate::flat::Flat;
use crate::inertia::Inertia;
use crate::scaling::{equilibrate, scaled};
use crate::{ErrorFunction, Spectrum, packed};
use nalgebra::DVector;
use std::fmt;

/// The kind of a point on the surface of an error function.
///
/// ```
/// use hesse_runtime::Kind;
///
/// assert_eq!(Kind::Saddle { index: 1 }.as_str(), "saddle");
/// assert_eq!(Kind::Minimum.to_string(), "minimum");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A stationary point with positive curvature along every axis: a strict local minimum.
    Minimum,
    /// A stationary point with negative curvature along every axis: a strict local maximum.
    Maximum,
    /// A stationary point with curvatures of both signs and none near zero.
    Saddle {
        /// The number of negative curvatures.
        index: usize,
    },
    /// A stationary point with a curvature that is zero within its tolerance, whatever the signs of the
    /// others: second derivatives do not decide (though with both signs present it is no extremum).
    Degenerate {
        /// The number of curvatures that are negative beyond their tolerance.
        index: usize,
        /// The number of curvatures that are zero within their tolerance.
        nullity: usize,
    },
    /// The numbers are too rough to tell: the eigenvalues and the factorization disagree on the inertia, or E
    /// is not finite within a few units in the last place of the point.
    Undetermined,
    /// E is not twice differentiable at the point itself, so its second derivatives there say nothing of it.
    Kink,
    /// The gradient does not vanish here.
    NotStationary,
}

impl Kind {
    /// `minimum`, `maximum`, `saddle`, `degenerate`, `undetermined`, `kink` or `not_stationary`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::Saddle { .. } => "saddle",
            Self::Degenerate { .. } => "degenerate",
            Self::Undetermined => "undetermined",
            Self::Kink => "kink",
            Self::NotStationary => "not_stationary",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Saddle { index } => write!(f, "saddle of index {index}"),
            Self::NotStationary => f.write_str("not stationary"),
            kind => f.write_str(kind.as_str()),
        }
    }
}

/// How far from a stationary point a point may be and still count as one.
///
/// The distance is that of a Newton step p that goes uphill or downhill by the shorter way, |H|⁻¹b: a gradient says
/// nothing by its mere length, as that depends on the units of E and of w. What the gradient itself is uncertain by is
/// taken off first. A point is stationary where one of these holds:
///
/// * |pᵢ| ≤ `relative_step`·|wᵢ| for every parameter, so that none hides behind a larger one;
/// * ‖Dp‖ ≤ `relative_step`·‖Dw‖, with D the square roots of the Hessian's diagonal, and the model's fall |b|ᵀ|p| is
///   `relative_fall` of |E| at most, so that neither large parameters nor a large E alone can hide a slope;
/// * where |pᵢ| ≤ `absolute_step` for the parameters that the first one leaves, and the fall is `absolute_fall` at most:
///   what decides at the origin of a sum that vanishes there, in the units of the parameters and of E.
///
/// ```
/// use hesse_runtime::{Analyze, Kind, Tolerance};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// // A Newton step of 0.01 that lowers E by no more counts as none.
/// let coarse = Tolerance { absolute_step: 0.01, absolute_fall: 0.01, ..Tolerance::default() };
/// assert_eq!(Bowl.analyze_within(&[0.001, 0.0], &coarse)?.kind(), Kind::Minimum);
/// assert_eq!(Bowl.analyze(&[0.001, 0.0])?.kind(), Kind::NotStationary);
/// # Ok::<(), hesse_runtime::AnalysisError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// 10⁻⁶ by default: a point copied from a table with six decimals is stationary.
    pub relative_step: f64,
    /// 10⁻¹⁰ by default.
    pub relative_fall: f64,
    /// 10⁻¹² by default.
    pub absolute_step: f64,
    /// 10⁻³⁰ by default.
    pub absolute_fall: f64,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self { relative_step: 1e-6, relative_fall: 1e-10, absolute_step: 1e-12, absolute_fall: 1e-30 }
    }
}

/// The class of a point, with the figures it was judged by.
///
/// ```
/// use hesse_runtime::Analyze;
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// let class = Bowl.analyze(&[0.0, 0.0])?.class;
/// // Judged on the Hessian scaled to unit diagonal, each against a tolerance of its own.
/// assert!(class.curvatures.iter().all(|curvature| (curvature - 1.0).abs() < 1e-12));
/// assert!(class.tolerances.iter().all(|&tolerance| tolerance < 1e-10));
/// # Ok::<(), hesse_runtime::AnalysisError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct StationaryClass {
    /// The kind.
    pub kind: Kind,
    /// The number of curvatures that are negative beyond their tolerance, at a stationary point or not.
    pub index: usize,
    /// The curvatures with the parameters' units scaled out, ascending: the eigenvalues of D⁻¹HD⁻¹.
    pub curvatures: Vec<f64>,
    /// What each of them is uncertain by; nearer to zero than that is zero.
    pub tolerances: Vec<f64>,
    /// ‖Dp‖ / ‖Dw‖, the relative distance from a stationary point (see [`Tolerance`]).
    pub relative_step: f64,
}

/// By how much each entry of a gradient and a Hessian is uncertain.
pub(crate) struct Uncertainty {
    gradient: Vec<f64>,
    hessian: Vec<f64>,
    finite: bool,
}

impl Uncertainty {
    /// Measures what a few units in the last place of w change.
    ///
    /// Four evaluations, each parameter moved by ±4 units in the last place (10⁻¹⁵ from zero) in four
    /// patterns of signs. The spread covers both that w is a rounded number and that the arithmetic of E
    /// rounds, cancellation included, which no bound from the norm of H could know.
    pub(crate) fn measure<E: ErrorFunction + ?Sized>(
        error: &E,
        w: &[f64],
        gradient: &[f64],
        hessian: &[f64],
    ) -> Self {
        let mut spread =
            Self { gradient: vec![0.0; w.len()], hessian: vec![0.0; hessian.len()], finite: true };
        for pattern in 0..4_usize {
            let moved: Vec<f64> = w
                .iter()
                .enumerate()
                .map(|(i, w)| {
                    let up = (pattern & 1 == 0) == (pattern & 2 == 0 || i % 2 == 0);
                    let change = if *w == 0.0 { 1e-15 } else { 4.0 * f64::EPSILON * w.abs() };
                    if up { w + change } else { w - change }
                })
                .collect();
            let (mut b, mut h) = (vec![0.0; w.len()], vec![0.0; hessian.len()]);
            error.value_gradient_hessian(&moved, &mut b, &mut h);
            spread.finite &= b.iter().chain(&h).all(|entry| entry.is_finite());
            widen(&mut spread.gradient, &b, gradient);
            widen(&mut spread.hessian, &h, hessian);
        }
        spread
    }
}

fn widen(spread: &mut [f64], moved: &[f64], still: &[f64]) {
    for ((spread, moved), still) in spread.iter_mut().zip(moved).zip(still) {
        *spread = spread.max((moved - still).abs());
    }
}

/// A point with E and its derivatives there.
pub(crate) struct Here<'a> {
    pub(crate) w: &'a [f64],
    pub(crate) value: f64,
    pub(crate) gradient: &'a [f64],
    pub(crate) hessian: &'a [f64],
}

/// Classifies a point by its gradient and Hessian; with the axes of zero curvature, where it is degenerate.
///
/// Definiteness is judged on D⁻¹HD⁻¹, whose eigenvalues do not depend on the parameters' units; in raw H
/// units alone can spread the curvatures over eighteen orders of magnitude. Each eigenvalue has a tolerance
/// of its own: n·ε·‖D⁻¹HD⁻¹‖ for its computation, plus |u|ᵀN|u| for the uncertainty N of the entries, plus three
/// times what the Newton step to the stationary point itself changes of it: a curvature that the rest of the slope made is none.
/// Near the inflection of x³ that step is half of the way, so two times would leave it undecided by rounding.
pub(crate) fn classify(
    here: &Here<'_>,
    uncertainty: &Uncertainty,
    curvature: &dyn Fn(&[f64]) -> Vec<f64>,
    tolerance: &Tolerance,
) -> (StationaryClass, Option<Flat>) {
    let Here { w, value, gradient, hessian } = *here;
    let n = w.len();
    let undetermined = StationaryClass {
        kind: Kind::Undetermined,
        index: 0,
        curvatures: Vec::new(),
        tolerances: Vec::new(),
        relative_step: f64::NAN,
    };
    // An entry that is nothing but noise must not become a curvature of one, so noise counts into D.
    let magnitudes: Vec<f64> =
        hessian.iter().zip(&uncertainty.hessian).map(|(h, noise)| h.abs() + noise).collect();
    let factors = equilibrate(n, &magnitudes);
    let unitless = scaled(n, hessian, &factors);
    if !uncertainty.finite {
        return (undetermined, None);
    }
    let (Ok(spectrum), Ok(inertia)) = (Spectrum::of_packed(n, &unitless), Inertia::of_packed(n, &unitless))
    else {
        return (undetermined, None);
    };
    let noise = packed::to_matrix(n, &scaled(n, &uncertainty.hessian, &factors));
    let axes = spectrum.eigenvectors().abs();
    let computing = n as f64 * f64::EPSILON * spectrum.norm();
    let curvatures: Vec<f64> = spectrum.eigenvalues().iter().copied().collect();
    let mut tolerances: Vec<f64> =
        axes.column_iter().map(|axis| computing + axis.dot(&(&noise * axis))).collect();

    let slope = scaled_slope(gradient, uncertainty, &factors, &spectrum);
    let step = scaled_step(&slope, &spectrum);
    let size = DVector::from_fn(n, |i, _| w[i] * factors[i]).norm();
    let relative_step = if step.norm() == 0.0 { 0.0 } else { step.norm() / size };
    let unscaled = |step: &DVector<f64>| -> Vec<f64> {
        step.iter().zip(&factors).map(|(s, d)| if *d > 0.0 { s / d } else { 0.0 }).collect()
    };
    let unexplained = (0..n).any(|i| factors[i] == 0.0 && gradient[i].abs() > uncertainty.gradient[i]);
    let stationary = !unexplained && {
        let moves = unscaled(&step.abs());
        let fall: f64 = gradient.iter().zip(&moves).map(|(b, p)| b.abs() * p).sum();
        let far = || (0..n).filter(|&i| moves[i] > tolerance.relative_step * w[i].abs());
        far().next().is_none()
            || relative_step <= tolerance.relative_step && fall <= tolerance.relative_fall * value.abs()
            || fall <= tolerance.absolute_fall && far().all(|i| moves[i] <= tolerance.absolute_step)
    };
    if stationary {
        let rest = unscaled(&scaled_rest(&slope, &spectrum));
        let there: Vec<f64> = w.iter().zip(&rest).map(|(w, step)| w - step).collect();
        let changes: Vec<f64> = curvature(&there).iter().zip(hessian).map(|(moved, h)| moved - h).collect();
        if there != w && changes.iter().all(|change| change.is_finite()) {
            let changes = packed::to_matrix(n, &scaled(n, &changes, &factors));
            for (tolerance, axis) in tolerances.iter_mut().zip(spectrum.eigenvectors().column_iter()) {
                *tolerance += 3.0 * axis.dot(&(&changes * axis)).abs();
            }
        }
    }
    let signs = || curvatures.iter().zip(&tolerances);
    let index = signs().filter(|(value, tolerance)| **value < -**tolerance).count();
    let nullity = signs().filter(|(value, tolerance)| value.abs() <= **tolerance).count();
    let kind = if !stationary {
        Kind::NotStationary
    } else if nullity > 0 {
        Kind::Degenerate { index, nullity }
    } else if inertia.negative != index || inertia.zero > 0 {
        Kind::Undetermined
    } else if index == 0 {
        Kind::Minimum
    } else if index == n {
        Kind::Maximum
    } else {
        Kind::Saddle { index }
    };
    let flat = matches!(kind, Kind::Degenerate { .. })
        .then(|| Flat::new(&spectrum, &factors, &tolerances, &uncertainty.gradient));
    (StationaryClass { kind, index, curvatures, tolerances, relative_step }, flat)
}

/// The components of D⁻¹b along the principal axes, after taking off what b is uncertain by.
fn scaled_slope(
    gradient: &[f64],
    uncertainty: &Uncertainty,
    factors: &[f64],
    spectrum: &Spectrum,
) -> DVector<f64> {
    let n = gradient.len();
    let unitless = |entry: f64, i: usize| if factors[i] > 0.0 { entry / factors[i] } else { 0.0 };
    let slope = DVector::from_fn(n, |i, _| unitless(gradient[i], i));
    let noise = DVector::from_fn(n, |i, _| unitless(uncertainty.gradient[i], i));
    let axes = spectrum.eigenvectors();
    let (along, noise) = (axes.tr_mul(&slope), axes.abs().tr_mul(&noise));
    DVector::from_fn(n, |k, _| f64::max(0.0, along[k].abs() - noise[k]).copysign(along[k]))
}

/// Dp for p = |H|⁻¹b; along flat axes the curvature counts as √ε.
fn scaled_step(slope: &DVector<f64>, spectrum: &Spectrum) -> DVector<f64> {
    let flat = f64::EPSILON.sqrt() * spectrum.norm();
    let divided = |(slope, curvature): (&f64, &f64)| {
        if *slope == 0.0 { 0.0 } else { slope / curvature.abs().max(flat) }
    };
    let divided = slope.iter().zip(spectrum.eigenvalues()).map(divided);
    spectrum.eigenvectors() * DVector::from_iterator(slope.len(), divided)
}

/// Dp for p = H⁻¹b along the axes that are not flat.
fn scaled_rest(slope: &DVector<f64>, spectrum: &Spectrum) -> DVector<f64> {
    let flat = f64::EPSILON.sqrt() * spectrum.norm();
    let divided = |(slope, curvature): (&f64, &f64)| {
        if curvature.abs() > flat { slope / curvature } else { 0.0 }
    };
    let divided = slope.iter().zip(spectrum.eigenvalues()).map(divided);
    spectrum.eigenvectors() * DVector::from_iterator(slope.len(), divided)
}
