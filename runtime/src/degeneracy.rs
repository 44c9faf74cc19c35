//! Degenerate points: what decides where second derivatives do not.

use crate::ErrorFunction;
use crate::flat::Flat;
use crate::symmetry::{Symmetry, explain};
use nalgebra::DVector;
use std::fmt;

/// What kind of point a degenerate point is, seen by more than second derivatives.
///
/// ```
/// use hesse_runtime::{Analyze, ErrorFunction, Verdict};
///
/// /// E = (y − x²)(y − 3x²), which rises along every line through the origin and is no minimum all the same
/// struct Peano;
///
/// impl ErrorFunction for Peano {
///     fn dimension(&self) -> usize {
///         2
///     }
///     fn value(&self, w: &[f64]) -> f64 {
///         (w[1] - w[0] * w[0]) * (w[1] - 3.0 * w[0] * w[0])
///     }
///     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
///         let [x, y] = [w[0], w[1]];
///         gradient.copy_from_slice(&[12.0 * x.powi(3) - 8.0 * x * y, 2.0 * y - 4.0 * x * x]);
///         self.value(w)
///     }
///     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
///         hessian.copy_from_slice(&[36.0 * w[0] * w[0] - 8.0 * w[1], -8.0 * w[0], 2.0]);
///         self.value_gradient(w, gradient)
///     }
///     fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
///         let mut hessian = [0.0; 3];
///         self.value_gradient_hessian(w, &mut [0.0; 2], &mut hessian);
///         hesse_runtime::packed::multiply(&hessian, v, product);
///     }
/// }
///
/// let degeneracy = Peano.analyze(&[0.0, 0.0])?.degeneracy.unwrap();
/// assert_eq!(degeneracy.verdict, Verdict::Saddle);
/// // Where y = 2x² E is lowest for its x, and there it is −x⁴.
/// let term = &degeneracy.leading_terms[0];
/// assert!(term.order == Some(4) && (term.derivative + 24.0).abs() < 0.1);
/// # Ok::<(), hesse_runtime::AnalysisError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Degeneracy {
    /// The symmetries of E that make curvatures zero.
    pub symmetries: Vec<Symmetry>,
    /// How E goes on along the axes of zero curvature that no symmetry explains.
    pub leading_terms: Vec<LeadingTerm>,
    /// What follows for the point.
    pub verdict: Verdict,
}

/// The first derivative of E that does not vanish along a curve.
///
/// The curve leaves the point along [`direction`](Self::direction) and bends so that E stays stationary along all axes whose
/// curvature is not zero. By the splitting lemma E along such curves decides the kind of the point.
///
/// ```
/// use hesse_runtime::LeadingTerm;
///
/// // x⁴ along x: d⁴E/dx⁴ = 24
/// let term = LeadingTerm { direction: vec![1.0, 0.0], order: Some(4), derivative: 24.0 };
/// // Of even order and positive: E rises to both sides.
/// assert!(term.order.is_some_and(|order| order % 2 == 0) && term.derivative > 0.0);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LeadingTerm {
    /// The direction in which the curve leaves, in parameter order, of unit length.
    pub direction: Vec<f64>,
    /// The order of the derivative, 3 or more; `None` where E is constant along the curve, as far as rounding shows.
    pub order: Option<usize>,
    /// The derivative of that order by the distance along the direction, to some digits.
    pub derivative: f64,
}

/// The kind of a degenerate point.
///
/// ```
/// use hesse_runtime::Verdict;
///
/// assert_eq!(Verdict::Valley.to_string(), "valley");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// E rises in every direction; where more than one axis was open, in all that were tried.
    Minimum,
    /// E falls in every direction, in the same sense.
    Maximum,
    /// E both rises and falls.
    Saddle,
    /// A minimum that is not alone: E is constant along some curve or orbit, and rises across.
    Valley,
    /// A maximum that is not alone.
    Ridge,
    /// E is constant in all directions.
    Plain,
    /// Neither symmetries nor leading terms decide.
    Undecided,
}

impl Verdict {
    /// `minimum`, `maximum`, `saddle`, `valley`, `ridge`, `plain` or `undecided`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::Saddle => "saddle",
            Self::Valley => "valley",
            Self::Ridge => "ridge",
            Self::Plain => "plain",
            Self::Undecided => "undecided",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Looks for symmetries first, and for leading terms along what they leave open.
pub(crate) fn resolve(error: &dyn ErrorFunction, w: &[f64], mut flat: Flat) -> Degeneracy {
    let symmetries = explain(error, w, &mut flat);
    let open = flat.open();
    let mut leading_terms = Vec::new();
    let (mut rises, mut falls) = flat.signs;
    let mut level = !symmetries.is_empty();
    let mut decided = true;
    for direction in directions(&open, w.len()) {
        match flat.leading_term(error, w, &direction) {
            Some(term) => {
                rises |= term.order.is_some_and(|order| order % 2 == 1 || term.derivative > 0.0);
                falls |= term.order.is_some_and(|order| order % 2 == 1 || term.derivative < 0.0);
                level |= term.order.is_none();
                leading_terms.push(term);
            }
            None => decided = false,
        }
        if rises && falls {
            break;
        }
    }
    decided &= open.is_empty() || !leading_terms.is_empty();
    let verdict = match (rises, falls, level) {
        (true, true, _) => Verdict::Saddle,
        _ if !decided => Verdict::Undecided,
        (true, false, false) => Verdict::Minimum,
        (false, true, false) => Verdict::Maximum,
        (true, false, true) => Verdict::Valley,
        (false, true, true) => Verdict::Ridge,
        (false, false, _) => Verdict::Plain,
    };
    // Of many directions the ones that decide say enough.
    leading_terms.sort_by_key(|term| term.order.unwrap_or(usize::MAX));
    leading_terms.truncate(SHOWN.max(open.len()));
    Degeneracy { symmetries, leading_terms, verdict }
}

/// The leading terms kept at most, unless there are more axes.
const SHOWN: usize = 4;
/// Where more axes than this are open, no leading terms are looked for.
const MOST_AXES: usize = 3;
/// Nor are they for more parameters than this, along one axis and along several: a direction takes some hundred Hessians.
const MOST_PARAMETERS: usize = 200;
const MOST_TOGETHER: usize = 30;

/// The axis itself, or directions spread over all that are open.
fn directions(open: &[DVector<f64>], parameters: usize) -> Vec<DVector<f64>> {
    match open {
        [axis] if parameters <= MOST_PARAMETERS => return vec![axis.clone()],
        _ if open.len() > MOST_AXES || parameters > MOST_TOGETHER => return Vec::new(),
        _ => {}
    }
    let mut directions = open.to_vec();
    for (at, a) in open.iter().enumerate() {
        for b in &open[..at] {
            // Angles that no simple symmetry prefers, beside the diagonals.
            directions.extend([(a + b).normalize(), (a - b).normalize()]);
            let turned = (1..24).map(|k| f64::from(k) * std::f64::consts::PI / 24.0 + 0.0123);
            directions.extend(turned.map(|angle| a * angle.cos() + b * angle.sin()));
        }
    }
    if let [a, b, c] = open {
        for (i, j) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
            directions.extend([0.35, 1.0, 2.8].map(|size| (a + b * i + c * (j * size)).normalize()));
        }
    }
    directions
}
