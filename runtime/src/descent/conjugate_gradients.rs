//! Nonlinear conjugate gradients.

use super::directions::{Directions, End, Settings, parabola};
use super::units::in_units;
use super::{Bounds, Descent, DescentError, Iterate, LineSearch, Method, Observer, dot};
use crate::ErrorFunction;

/// Conjugate gradients after Polak and Ribière, with β cut off at zero (PR⁺) and a restart after n steps.
///
/// See Nocedal and Wright, "Numerical Optimization", 2nd ed., §5.2. The first length tried on each line is where the
/// local quadratic model is lowest, one Hessian-vector product. Converged when that length
/// and the gradient are small.
///
/// **Requirements**: a continuous gradient. **Cost**: per iteration a Hessian-vector product and a few gradients, O(n)
/// besides. [`Method`] has an example.
///
/// ```
/// use hesse_runtime::descent::{ConjugateGradients, Method};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// let descent = ConjugateGradients::default().minimize(&Bowl, &[3.0, 1.0])?;
/// assert!(descent.converged() && descent.minimizer[0].abs() < 1e-6);
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConjugateGradients {
    /// The number of steps after which to give up; 10,000 by default.
    pub max_iterations: usize,
    /// Converged when ‖b‖ ≤ tolerance·‖b₀‖ and the next step is that small beside every parameter; 10⁻⁸ by default.
    pub tolerance: f64,
    /// Strong Wolfe with 0.1 by default; Armijo's condition alone may lead uphill and then costs a restart.
    pub search: LineSearch,
}

impl Default for ConjugateGradients {
    fn default() -> Self {
        Self { max_iterations: 10_000, tolerance: 1e-8, search: LineSearch::StrongWolfe { curvature: 0.1 } }
    }
}

impl<E: ErrorFunction + ?Sized> Method<E> for ConjugateGradients {
    fn descend(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        let Self { max_iterations, tolerance, search } = *self;
        let settings = Settings { max_iterations, tolerance, search, end: End::Both };
        in_units(&error, start, bounds, observer, |error, observer| {
            let mut conjugate = Conjugate { error, last: None, steps: 0, length: 0.0 };
            settings.run(error, start, bounds, observer, &mut conjugate)
        })
    }
}

struct Conjugate<'a> {
    error: &'a dyn ErrorFunction,
    /// The last direction, and the gradient at its start.
    last: Option<(Vec<f64>, Vec<f64>)>,
    steps: usize,
    length: f64,
}

impl Directions for Conjugate<'_> {
    fn next(
        &mut self,
        at: &Iterate,
        gradient: &[f64],
        _free: &[bool],
    ) -> Result<(Vec<f64>, f64), DescentError> {
        let mut direction: Vec<f64> = gradient.iter().map(|b| -b).collect();
        if let Some((last, before)) = self.last.take().filter(|_| self.steps < at.w.len()) {
            let turned = dot(gradient, gradient) - dot(gradient, &before);
            let beta = f64::max(0.0, turned / dot(&before, &before));
            for (d, last) in direction.iter_mut().zip(&last) {
                *d += beta * last;
            }
        } else {
            self.steps = 0;
        }
        self.steps += 1;
        let length = parabola(self.error, at, gradient, &direction, self.length);
        self.last = Some((direction.clone(), gradient.to_vec()));
        Ok((direction, length))
    }

    fn moved(&mut self, from: &Iterate, to: &Iterate) {
        let Some((direction, _)) = &self.last else { return };
        let step = from.w.iter().zip(&to.w).zip(direction);
        let along: f64 = step.map(|((from, to), d)| (to - from) * d).sum();
        self.length = along / dot(direction, direction);
    }

    fn forget(&mut self) -> bool {
        let restarted = self.steps > 1;
        (self.last, self.steps) = (None, 0);
        restarted
    }
}
