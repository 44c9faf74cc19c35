//! A trust region for many parameters.

use super::bounds::masked;
use super::directions::check_positive;
use super::rest::{extend, is_short};
use super::units::in_units;
use super::{Bounds, Descent, DescentError, Iterate, Method, Observer, Status, dot, norm};
use crate::ErrorFunction;
use std::ops::ControlFlow;

/// Newton's method within a trust region, each step by conjugate gradients on Hessian-vector products.
///
/// The inner iteration ends at a residual that shrinks with the gradient, at the boundary, or along the first direction
/// of negative curvature, which it follows to the boundary (Steihaug, SIAM J. Numer. Anal. 20 (1983); Nocedal and Wright,
/// "Numerical Optimization", 2nd ed., algorithm 7.2). H is never formed, and parameters are not scaled.
///
/// **Requirements**: continuous second derivatives. **Cost**: per iteration a gradient and some Hessian-vector products;
/// memory of a few vectors. [`Method`] has an example.
///
/// ```
/// use hesse_runtime::descent::{Method, Steihaug};
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// // From products of the Hessian with vectors alone
/// let descent = Steihaug::default().minimize(&Bowl, &[3.0, 1.0])?;
/// assert!(descent.converged());
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steihaug {
    /// The number of steps, taken or refused, after which to give up; 1000 by default.
    pub max_iterations: usize,
    /// Converged when a Newton step is this small beside every parameter; 10⁻⁸ by default.
    pub tolerance: f64,
    /// The most Hessian-vector products for one step; 1000 by default, never more than 2n + 20.
    pub max_products: usize,
}

impl Default for Steihaug {
    fn default() -> Self {
        Self { max_iterations: 1000, tolerance: 1e-8, max_products: 1000 }
    }
}

/// The share of the predicted reduction below which a step is refused.
const ACCEPT: f64 = 1e-4;

impl<E: ErrorFunction + ?Sized> Method<E> for Steihaug {
    fn descend(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        check_positive("tolerance", self.tolerance)?;
        in_units(&error, start, bounds, observer, |error, observer| self.walk(error, start, bounds, observer))
    }
}

impl Steihaug {
    fn walk(
        &self,
        error: &dyn ErrorFunction,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        let mut at = Iterate::start(error, start, bounds)?;
        let (mut reach, size) = (vec![0.0; start.len()], norm(&at.w));
        let mut radius = 0.1 * if size > 0.0 { size } else { 1.0 };
        let mut iterations = 0;
        let status = loop {
            if observer.observe(&at.progress(iterations, radius)) == ControlFlow::Break(()) {
                break Status::Stopped;
            }
            let free = bounds.free(&at.w, &at.gradient);
            let slope = masked(&at.gradient, &free);
            if norm(&slope) == 0.0 {
                break Status::Converged;
            }
            let step = self.step(error, &at.w, &slope, &free, radius);
            let length = norm(&step.step);
            extend(&mut reach, &at.w);
            let last = step.newton && is_short(step.step.iter().copied(), &at.w, &reach, self.tolerance);
            if !last && step.reduction <= f64::EPSILON * f64::EPSILON * at.value.abs() {
                break Status::AlmostConverged;
            }
            if !last && iterations == self.max_iterations {
                break Status::IterationLimit;
            }
            iterations += 1;
            let mut w: Vec<f64> = at.w.iter().zip(&step.step).map(|(w, s)| w + s).collect();
            let clipped = bounds.project(&mut w);
            if w == at.w {
                break if step.newton && !clipped { Status::Converged } else { Status::Stalled };
            }
            let expected = if clipped { promise(error, &at, &w, &slope) } else { step.reduction };
            let next = Iterate::at(error, w);
            let share = if expected > 0.0 { at.fall_to(&next) / expected } else { f64::NAN };
            if share >= 0.75 {
                radius = radius.max(2.0 * length);
            } else if share < 0.25 || share.is_nan() {
                radius = 0.25 * length;
            }
            if share > ACCEPT && next.is_finite() {
                at = next;
            } else if !next.is_finite() {
                radius = 0.25 * length;
            }
            if last {
                break Status::Converged;
            }
            if at.value < -1e300 {
                break Status::Unbounded;
            }
        };
        let Iterate { w, value, gradient } = at;
        Ok(Descent { minimizer: w, value, gradient, status, iterations })
    }

    fn step(&self, error: &dyn ErrorFunction, w: &[f64], slope: &[f64], free: &[bool], radius: f64) -> Step {
        let n = w.len();
        let mut step = vec![0.0; n];
        let mut residual = slope.to_vec();
        let mut direction: Vec<f64> = slope.iter().map(|b| -b).collect();
        let mut product = vec![0.0; n];
        let (mut square, mut reduction) = (dot(slope, slope), 0.0);
        let size = square.sqrt();
        // The forcing sequence of Newton's superlinear rate.
        let target = size * size.sqrt().clamp(1e-12, 0.1);
        for _ in 0..self.max_products.min(2 * n + 20) {
            error.hessian_vector(w, &direction, &mut product);
            for (p, &free) in product.iter_mut().zip(free) {
                if !free {
                    *p = 0.0;
                }
            }
            let curvature = dot(&direction, &product);
            let length = square / curvature;
            let further: Vec<f64> = step.iter().zip(&direction).map(|(s, d)| s + length * d).collect();
            // NaN, from a product that is not finite, goes to the boundary too.
            if !(curvature > 0.0 && norm(&further) < radius) {
                let length = to_boundary(&step, &direction, radius);
                let gain = -length * dot(&residual, &direction) - 0.5 * length * length * curvature;
                step.iter_mut().zip(&direction).for_each(|(s, d)| *s += length * d);
                return Step { step, reduction: reduction + gain, newton: false };
            }
            reduction += 0.5 * length * square;
            step = further;
            residual.iter_mut().zip(&product).for_each(|(r, p)| *r += length * p);
            let next = dot(&residual, &residual);
            if next.sqrt() <= target {
                return Step { step, reduction, newton: true };
            }
            let share = next / square;
            square = next;
            direction.iter_mut().zip(&residual).for_each(|(d, r)| *d = share * *d - r);
        }
        Step { step, reduction, newton: true }
    }
}

struct Step {
    step: Vec<f64>,
    reduction: f64,
    /// Whether it solves the Newton equations, up to the residual asked for.
    newton: bool,
}

/// The positive t with ‖s + td‖ = Δ.
fn to_boundary(step: &[f64], direction: &[f64], radius: f64) -> f64 {
    let (a, b) = (dot(direction, direction), dot(step, direction));
    let missing = (radius - norm(step)) * (radius + norm(step));
    let root = (b * b + a * missing.max(0.0)).sqrt();
    if b > 0.0 { missing / (b + root) } else { (root - b) / a }
}

/// What the model promises for a step that bounds have shortened.
fn promise(error: &dyn ErrorFunction, at: &Iterate, w: &[f64], slope: &[f64]) -> f64 {
    let step: Vec<f64> = w.iter().zip(&at.w).map(|(to, from)| to - from).collect();
    let mut product = vec![0.0; step.len()];
    error.hessian_vector(&at.w, &step, &mut product);
    -dot(&step, slope) - 0.5 * dot(&step, &product)
}
