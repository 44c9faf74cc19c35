//! What an error function offers to proofs: enclosures on boxes.

use crate::ErrorFunction;
use crate::interval::Interval;

/// An error function that encloses its value and derivatives on whole boxes of parameters.
///
/// `w`, `gradient` and `hessian` are laid out as in [`ErrorFunction`]. Every enclosure has all the values that the
/// exact function or derivative takes on the box, rounding included, and its
/// [`Decoration`](crate::interval::Decoration) says whether it is defined and continuous there. Where a derivative jumps
/// (at a kink of E), its enclosure has the values on both sides.
///
/// ```
/// use hesse_runtime::interval::Interval;
/// use hesse_runtime::{ErrorFunction, IntervalErrorFunction};
///
/// /// E = x⁴
/// struct Quartic;
///
/// impl ErrorFunction for Quartic {
///     fn dimension(&self) -> usize {
///         1
///     }
///     fn value(&self, w: &[f64]) -> f64 {
///         w[0].powi(4)
///     }
///     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
///         gradient[0] = 4.0 * w[0].powi(3);
///         self.value(w)
///     }
///     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
///         hessian[0] = 12.0 * w[0].powi(2);
///         self.value_gradient(w, gradient)
///     }
///     fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
///         product[0] = 12.0 * w[0].powi(2) * v[0];
///     }
/// }
///
/// impl IntervalErrorFunction for Quartic {
///     fn enclose_value(&self, w: &[Interval]) -> Interval {
///         w[0].powi(4)
///     }
///     fn enclose(&self, w: &[Interval], gradient: &mut [Interval], hessian: &mut [Interval]) -> Interval {
///         gradient[0] = Interval::point(4.0) * w[0].powi(3);
///         hessian[0] = Interval::point(12.0) * w[0].powi(2);
///         w[0].powi(4)
///     }
/// }
///
/// assert_eq!(Quartic.enclose_value(&[Interval::new(-1.0, 2.0)]).hi(), 16.0);
/// ```
pub trait IntervalErrorFunction: ErrorFunction {
    /// Encloses E on the box `w`.
    fn enclose_value(&self, w: &[Interval]) -> Interval;

    /// Encloses E, with ∇E written to `gradient` and H to `hessian`, packed lower triangle by rows.
    fn enclose(&self, w: &[Interval], gradient: &mut [Interval], hessian: &mut [Interval]) -> Interval;
}

impl<T: IntervalErrorFunction + ?Sized> IntervalErrorFunction for &T {
    fn enclose_value(&self, w: &[Interval]) -> Interval {
        (**self).enclose_value(w)
    }

    fn enclose(&self, w: &[Interval], gradient: &mut [Interval], hessian: &mut [Interval]) -> Interval {
        (**self).enclose(w, gradient, hessian)
    }
}
