//! Evaluations at the parameters of the first rank.

use std::fmt;

use hesse_runtime::ErrorFunction;
use hesse_runtime::blocks::Communicator;

/// An error function that every rank evaluates where the first one does, whatever point it has itself.
///
/// A descent runs on every rank, on the same numbers. Where processors round otherwise, points would drift apart by last
/// bits, and a sum would be of parts from different points; here all parts are from one. What is decided from the sums
/// is still decided on every rank.
///
/// ```
/// use hesse_mpi::Led;
/// use hesse_runtime::ErrorFunction;
/// use hesse_runtime::blocks::Communicator;
///
/// /// A rank that is told where the first one is: at 3.
/// struct Second;
/// impl Communicator for Second {
///     fn rank(&self) -> usize {
///         1
///     }
///     fn ranks(&self) -> usize {
///         2
///     }
///     fn send(&self, _: usize, _: &[f64]) {}
///     fn receive(&self, _: usize, _: &mut [f64]) {}
///     fn broadcast(&self, numbers: &mut [f64]) {
///         numbers.fill(3.0);
///     }
/// }
///
/// # struct Square;
/// # impl ErrorFunction for Square {
/// #     fn dimension(&self) -> usize { 1 }
/// #     fn value(&self, w: &[f64]) -> f64 { w[0] * w[0] }
/// #     fn value_gradient(&self, w: &[f64], g: &mut [f64]) -> f64 { g[0] = 2.0 * w[0]; self.value(w) }
/// #     fn value_gradient_hessian(&self, w: &[f64], g: &mut [f64], h: &mut [f64]) -> f64 {
/// #         h[0] = 2.0;
/// #         self.value_gradient(w, g)
/// #     }
/// #     fn hessian_vector(&self, _: &[f64], v: &[f64], p: &mut [f64]) { p[0] = 2.0 * v[0]; }
/// # }
/// let (square, mut product) = (Led::new(Square, &Second), [0.0]);
/// assert_eq!(square.value(&[2.9999999999999996]), 9.0);
/// square.hessian_vector(&[0.0], &[0.0], &mut product);
/// assert_eq!(product, [6.0]);
/// ```
#[derive(Clone, Debug)]
pub struct Led<'a, F, C> {
    error: F,
    communicator: &'a C,
}

impl<'a, F: ErrorFunction, C: Communicator> Led<'a, F, C> {
    /// Lets the first rank say where `error` is evaluated.
    pub fn new(error: F, communicator: &'a C) -> Self {
        Led { error, communicator }
    }

    /// These numbers as the first rank has them.
    fn of_first(&self, numbers: &[f64]) -> Vec<f64> {
        let mut numbers = numbers.to_vec();
        self.communicator.broadcast(&mut numbers);
        numbers
    }
}

impl<F: ErrorFunction, C: Communicator> ErrorFunction for Led<'_, F, C> {
    fn dimension(&self) -> usize {
        self.error.dimension()
    }

    fn value(&self, w: &[f64]) -> f64 {
        self.error.value(&self.of_first(w))
    }

    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        self.error.value_gradient(&self.of_first(w), gradient)
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        self.error.value_gradient_hessian(&self.of_first(w), gradient, hessian)
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        self.error.hessian_vector(&self.of_first(w), &self.of_first(v), product);
    }

    fn is_smooth(&self) -> bool {
        self.error.is_smooth()
    }

    fn parameter_name(&self, index: usize, out: &mut dyn fmt::Write) -> fmt::Result {
        self.error.parameter_name(index, out)
    }
}
