//! Many starts, for functions with many minima.

use super::{Bounds, Descent, DescentError, Method, Observer, Status};
use crate::ErrorFunction;
use crate::random::Random;

/// Runs a method from many starts, and keeps the lowest end.
///
/// The first start is the one given. The others are spread evenly at random between the bounds; a parameter
/// without both bounds is drawn from around the start, within `spread` times its magnitude (or 1, if that is less).
///
/// ```
/// # use hesse_runtime::{ErrorFunction, packed};
/// # struct Wells;
/// # impl ErrorFunction for Wells {
/// #     fn dimension(&self) -> usize { 1 }
/// #     fn value(&self, w: &[f64]) -> f64 { (w[0] * w[0] - 4.0).powi(2) + w[0] }
/// #     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
/// #         gradient[0] = 4.0 * w[0] * (w[0] * w[0] - 4.0) + 1.0;
/// #         self.value(w)
/// #     }
/// #     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
/// #         hessian[0] = 12.0 * w[0] * w[0] - 16.0;
/// #         self.value_gradient(w, gradient)
/// #     }
/// #     fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
/// #         product[0] = (12.0 * w[0] * w[0] - 16.0) * v[0];
/// #     }
/// # }
/// use hesse_runtime::descent::{Bounds, Method, Multistart, TrustRegion};
///
/// // E = (x² − 4)² + x has two minima, and the one on the left is lower.
/// let method = Multistart { method: TrustRegion::default(), starts: 20, spread: 10.0, seed: 0 };
/// let bounds = Bounds::new(&[-5.0], &[5.0])?;
/// let minima = method.minima(&Wells, &[2.0], &bounds)?;
/// assert_eq!(minima.len(), 2);
/// assert!(minima[0].minimizer[0] < -2.0 && minima[1].minimizer[0] > 1.9);
/// assert_eq!(method.minimize_within(&Wells, &[2.0], &bounds)?, minima[0]);
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Multistart<M> {
    /// The method to run.
    pub method: M,
    /// The number of starts, the given one included.
    pub starts: usize,
    /// How far around the start parameters without bounds are drawn from, as a multiple of their magnitude.
    pub spread: f64,
    /// The seed of the starts.
    pub seed: u64,
}

/// Ends closer than this, relative to their size, are one.
const SAME: f64 = 1e-6;

impl<M> Multistart<M> {
    /// The different ends that converged, the lowest first; of equal height, the one found first.
    ///
    /// # Errors
    /// As [`Method::descend`], for the start given; other starts where E is not finite are left out.
    pub fn minima<E: ErrorFunction + ?Sized>(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
    ) -> Result<Vec<Descent>, DescentError>
    where
        M: Method<E>,
    {
        let mut minima: Vec<Descent> = Vec::new();
        for descent in self.all(error, start, bounds, &mut ())? {
            let known = minima.iter().any(|other| near(&other.minimizer, &descent.minimizer));
            if descent.converged() && !known {
                minima.push(descent);
            }
        }
        minima.sort_by(|a, b| a.value.total_cmp(&b.value));
        Ok(minima)
    }

    fn all<E: ErrorFunction + ?Sized>(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Vec<Descent>, DescentError>
    where
        M: Method<E>,
    {
        let mut ends = vec![self.method.descend(error, start, bounds, observer)?];
        let mut random = Random::new(self.seed);
        for _ in 1..self.starts {
            // Who ends one descent has seen enough of all.
            if ends.last().is_some_and(|end| end.status == Status::Stopped) {
                break;
            }
            let draw = |(at, &w): (usize, &f64)| {
                let (lower, upper) = bounds.side(at);
                let reach = self.spread * w.abs().max(1.0);
                let lower = if lower.is_finite() { lower } else { w - reach };
                let upper = if upper.is_finite() { upper } else { w + reach };
                let part = random.unit();
                let side = upper - lower;
                // A side may be longer than the largest number.
                if side.is_finite() { lower + side * part } else { lower * (1.0 - part) + upper * part }
            };
            let from: Vec<f64> = start.iter().enumerate().map(draw).collect();
            ends.extend(self.method.descend(error, &from, bounds, observer));
        }
        Ok(ends)
    }
}

impl<M: Method<E>, E: ErrorFunction + ?Sized> Method<E> for Multistart<M> {
    fn descend(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        let mut ends = self.all(error, start, bounds, observer)?.into_iter();
        // There is always a first end, that of the start given.
        let Some(mut best) = ends.next() else { return self.method.descend(error, start, bounds, observer) };
        for end in ends {
            let better = (!end.converged(), end.value) < (!best.converged(), best.value);
            if better {
                best = end;
            }
        }
        Ok(best)
    }
}

fn near(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() <= SAME * a.abs().max(b.abs()).max(1e-3))
}
