//! All stationary points in a box, and the global minimum there, with proof.
//!
//! Interval branch and bound on ∇E. Every step either proves something on a whole box or cuts it in two:
//!
//! | file | what it proves |
//! |---|---|
//! | `krawczyk` | that a box has no stationary point, or exactly one, or where in it they must lie |
//! | `inertia` | how many eigenvalues are negative at a point that is only enclosed |
//! | `search` | that nothing is missed: every part of the box is excluded, certified, or listed as undecided |
//! | `minimum` | bounds for the least value of E on the box, its border included |
//! | `merge` | nothing; it makes few boxes of many undecided ones |
//!
//! A point is certified by Krawczyk's test, under which every matrix in the enclosure of the Hessian is regular
//! (Neumaier 1990, ch. 5). So a certified point is never degenerate, and its kind is certified with it; a degenerate
//! stationary point cannot be certified in this way and stays in an undecided box, as does a kink.
//!
//! Boxes are worked on in batches of a fixed size, in a fixed order, so that the outcome does not depend on the number of
//! threads.

mod inertia;
mod krawczyk;
mod merge;
mod minimum;
mod polish;
mod region;
mod search;
mod settings;

use core::ops::ControlFlow;

pub use minimum::GlobalMinimum;
pub use search::{CertifiedPoint, Reason, StationaryPoints, Undecided};
pub use settings::{CertifyError, Settings};

use crate::interval::Interval;
use crate::{IntervalErrorFunction, Kind};

/// How far a search has come.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use hesse_runtime::certify::{Settings, stationary_points};
/// use hesse_runtime::interval::Interval;
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/double_well.rs"));
/// # }
/// # use surface::*;
///
/// let (domain, mut decided) = ([Interval::new(-2.0, 3.0)], 0.0);
/// stationary_points(&DoubleWell, &domain, &Settings::default(), |progress| {
///     decided = progress.decided;
///     ControlFlow::Continue(())
/// })?;
/// assert!(decided > 0.99);
/// # Ok::<(), hesse_runtime::certify::CertifyError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Progress {
    /// The part of the box that is decided, by volume, from 0 to 1.
    pub decided: f64,
    /// The number of boxes worked on.
    pub boxes: usize,
    /// The number of stationary points certified.
    pub points: usize,
}

/// All stationary points of `error` in the box from `domain[i].lo()` to `domain[i].hi()`, and its global minimum there.
///
/// `observe` is told after every batch of boxes how far the search has come; `Break` ends it, and everything left over
/// is listed as undecided. Cost: exponential in the number of parameters in the worst case; each box costs two
/// evaluations of the enclosed Hessian and O(n³).
///
/// ```
/// use std::ops::ControlFlow;
/// use hesse_runtime::certify::{Settings, stationary_points};
/// use hesse_runtime::interval::Interval;
/// # use hesse_runtime::{ErrorFunction, IntervalErrorFunction};
/// # struct DoubleWell;
/// # impl ErrorFunction for DoubleWell {
/// #     fn dimension(&self) -> usize { 1 }
/// #     fn value(&self, w: &[f64]) -> f64 { (w[0] * w[0] - 1.0).powi(2) }
/// #     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
/// #         gradient[0] = 4.0 * w[0] * (w[0] * w[0] - 1.0);
/// #         self.value(w)
/// #     }
/// #     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
/// #         hessian[0] = 12.0 * w[0] * w[0] - 4.0;
/// #         self.value_gradient(w, gradient)
/// #     }
/// #     fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
/// #         product[0] = (12.0 * w[0] * w[0] - 4.0) * v[0];
/// #     }
/// # }
/// # impl IntervalErrorFunction for DoubleWell {
/// #     fn enclose_value(&self, w: &[Interval]) -> Interval { (w[0].powi(2) - Interval::ONE).powi(2) }
/// #     fn enclose(&self, w: &[Interval], gradient: &mut [Interval], hessian: &mut [Interval]) -> Interval {
/// #         gradient[0] = Interval::point(4.0) * w[0] * (w[0].powi(2) - Interval::ONE);
/// #         hessian[0] = Interval::point(12.0) * w[0].powi(2) - Interval::point(4.0);
/// #         self.enclose_value(w)
/// #     }
/// # }
///
/// // E = (x² − 1)², a double well
/// let box_ = [Interval::new(-2.0, 3.0)];
/// let found = stationary_points(&DoubleWell, &box_, &Settings::default(), |_| ControlFlow::Continue(()))?;
/// assert!(found.undecided.is_empty());
/// let kinds: Vec<&str> = found.points.iter().map(|point| point.kind.as_str()).collect();
/// assert_eq!(kinds, ["minimum", "minimum", "maximum"]);
/// assert!(found.global_minimum.value.contains(0.0) && found.global_minimum.value.width() < 1e-10);
/// # Ok::<(), hesse_runtime::certify::CertifyError>(())
/// ```
///
/// # Errors
/// A box of the wrong dimension, or with a side that is no interval of finite length; settings out of range.
pub fn stationary_points<E: IntervalErrorFunction + Sync + ?Sized>(
    error: &E,
    domain: &[Interval],
    settings: &Settings,
    mut observe: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Result<StationaryPoints, CertifyError> {
    settings.check(error.dimension(), domain)?;
    let domain: Vec<Interval> = domain.iter().map(|side| side.bare()).collect();
    let mut found = search::search(error, &domain, settings, &mut observe);
    let starts: Vec<Vec<f64>> = found
        .points
        .iter()
        .filter(|point| point.kind == Kind::Minimum)
        .map(|point| point.at.clone())
        .collect();
    found.global_minimum = minimum::minimize(error, &domain, settings, &starts, &mut observe);
    Ok(found)
}

/// The outcomes of `work` for all items, in their order, on the threads of rayon with the feature `parallel`.
fn for_all<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        items.par_iter().map(work).collect()
    }
    #[cfg(not(feature = "parallel"))]
    items.iter().map(work).collect()
}
