//! Limited-memory quasi-Newton steps.

use super::directions::{Directions, End, Settings, parabola};
use super::units::in_units;
use super::{Bounds, Descent, DescentError, Iterate, LineSearch, Method, Observer, dot, norm};
use crate::ErrorFunction;
use std::collections::VecDeque;

/// L-BFGS: the inverse Hessian as the last few steps and changes of the gradient suggest it.
///
/// The two-loop recursion of Nocedal and Wright, "Numerical Optimization", 2nd ed., algorithm 7.4, in the parameters
/// that are not at a bound. The very first length comes from a Hessian-vector product.
///
/// **Requirements**: a continuous gradient. **Cost**: per iteration one gradient or a few, O(`pairs`·n) besides.
/// [`Method`] has an example.
///
/// ```
/// use hesse_runtime::descent::{LimitedMemory, Method};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// let descent = LimitedMemory { pairs: 4, ..LimitedMemory::default() }.minimize(&Bowl, &[3.0, 1.0])?;
/// assert!(descent.converged());
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[doc(alias = "lbfgs")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LimitedMemory {
    /// The number of steps after which to give up; 10,000 by default.
    pub max_iterations: usize,
    /// Converged when the next step is this small beside every parameter; 10⁻⁸ by default.
    pub tolerance: f64,
    /// The number of steps remembered; 10 by default.
    pub pairs: usize,
    /// Strong Wolfe with 0.9 by default.
    pub search: LineSearch,
}

impl Default for LimitedMemory {
    fn default() -> Self {
        let search = LineSearch::StrongWolfe { curvature: 0.9 };
        Self { max_iterations: 10_000, tolerance: 1e-8, pairs: 10, search }
    }
}

impl<E: ErrorFunction + ?Sized> Method<E> for LimitedMemory {
    fn descend(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        let Self { max_iterations, tolerance, search, pairs } = *self;
        let settings = Settings { max_iterations, tolerance, search, end: End::Step };
        in_units(&error, start, bounds, observer, |error, observer| {
            let mut memory = Memory { error, pairs: VecDeque::new(), most: pairs };
            settings.run(error, start, bounds, observer, &mut memory)
        })
    }
}

struct Memory<'a> {
    error: &'a dyn ErrorFunction,
    /// Step and change of the gradient, the oldest first.
    pairs: VecDeque<(Vec<f64>, Vec<f64>)>,
    most: usize,
}

impl Directions for Memory<'_> {
    fn next(
        &mut self,
        at: &Iterate,
        gradient: &[f64],
        free: &[bool],
    ) -> Result<(Vec<f64>, f64), DescentError> {
        let mut direction: Vec<f64> = gradient.iter().map(|b| -b).collect();
        let inner = |a: &[f64], b: &[f64]| -> f64 {
            a.iter().zip(b).zip(free).map(|((a, b), &free)| if free { a * b } else { 0.0 }).sum()
        };
        let mut seen = Vec::with_capacity(self.pairs.len());
        for (step, change) in self.pairs.iter().rev() {
            let curvature = inner(step, change);
            let along = if curvature > 0.0 { inner(step, &direction) / curvature } else { 0.0 };
            add(&mut direction, -along, change);
            seen.push((along, curvature));
        }
        let Some((step, change)) = self.pairs.back() else {
            let length = parabola(self.error, at, gradient, &direction, 0.0);
            return Ok((direction, length));
        };
        let scale = inner(step, change) / inner(change, change);
        if scale > 0.0 && scale.is_finite() {
            direction.iter_mut().for_each(|d| *d *= scale);
        }
        for ((step, change), (along, curvature)) in self.pairs.iter().zip(seen.into_iter().rev()) {
            if curvature > 0.0 {
                let factor = along - inner(change, &direction) / curvature;
                add(&mut direction, factor, step);
            }
        }
        for (d, &free) in direction.iter_mut().zip(free) {
            if !free {
                *d = 0.0;
            }
        }
        Ok((direction, 1.0))
    }

    fn moved(&mut self, from: &Iterate, to: &Iterate) {
        let step: Vec<f64> = to.w.iter().zip(&from.w).map(|(to, from)| to - from).collect();
        let change: Vec<f64> = to.gradient.iter().zip(&from.gradient).map(|(to, from)| to - from).collect();
        // Without positive curvature a pair would spoil the whole matrix.
        if dot(&step, &change) > f64::EPSILON * norm(&change) * norm(&step) {
            self.pairs.push_back((step, change));
        }
        if self.pairs.len() > self.most {
            self.pairs.pop_front();
        }
    }

    fn forget(&mut self) -> bool {
        let known = !self.pairs.is_empty();
        self.pairs.clear();
        known
    }
}

fn add(sum: &mut [f64], factor: f64, vector: &[f64]) {
    for (sum, v) in sum.iter_mut().zip(vector) {
        *sum += factor * v;
    }
}
