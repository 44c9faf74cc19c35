//! Krawczyk's test and interval Newton steps: what a box has of stationary points.
//!
//! With m in the box X and Y about the inverse of H in the middle, every stationary point in X lies in
//!
//! ```text
//! K = m − Y ∇E(m) + (I − Y H(X)) (X − m)
//! ```
//!
//! and if K lies in the interior of X, then X has exactly one (Krawczyk 1969; Moore 1977). A Gauss–Seidel sweep with
//! divisors that contain zero (Hansen and Sengupta 1981) cuts off more where that fails.

use super::region::{intersection, midpoint, points};
use crate::interval::{Decoration, Interval};
use crate::{IntervalErrorFunction, packed};

/// An error function enclosed on a box.
pub(super) struct Enclosure {
    pub(super) region: Vec<Interval>,
    pub(super) value: Interval,
    pub(super) gradient: Vec<Interval>,
    /// Packed lower triangle.
    pub(super) hessian: Vec<Interval>,
}

/// What is known of the stationary points in a box.
pub(super) enum Verdict {
    /// There is none.
    None,
    /// There is exactly one, and it lies in this part.
    One(Vec<Interval>),
    /// All of them lie in this part.
    Within(Vec<Interval>),
}

impl Enclosure {
    pub(super) fn of<E: IntervalErrorFunction + ?Sized>(error: &E, region: &[Interval]) -> Enclosure {
        let n = region.len();
        let mut gradient = vec![Interval::ZERO; n];
        let mut hessian = vec![Interval::ZERO; packed::length(n)];
        let value = error.enclose(region, &mut gradient, &mut hessian);
        Enclosure { region: region.to_vec(), value, gradient, hessian }
    }

    /// Whether E is differentiable and ∇E continuous with bounded slopes: what Newton steps ask for.
    pub(super) fn is_smooth(&self) -> bool {
        let is = |least: Decoration| move |number: &Interval| number.decoration() >= least;
        is(Decoration::Continuous)(&self.value)
            && self.gradient.iter().all(is(Decoration::Continuous))
            && self.hessian.iter().all(|entry| is(Decoration::Defined)(entry) && entry.is_bounded())
    }

    /// Whether some component of the gradient is zero nowhere.
    pub(super) fn has_slope(&self) -> bool {
        self.gradient.iter().any(|slope| !slope.contains(0.0))
    }

    /// What follows from derivatives on the box and the gradient in its middle, over the axes of `free`.
    ///
    /// The others are points, or held as they are.
    pub(super) fn test<E: IntervalErrorFunction + ?Sized>(&self, error: &E, free: &[usize]) -> Verdict {
        if free.iter().any(|&axis| !self.gradient[axis].contains(0.0)) {
            return Verdict::None;
        }
        if !self.is_smooth() {
            return Verdict::Within(self.region.clone());
        }
        let middle = midpoint(&self.region);
        let at = Enclosure::of(error, &points(&middle));
        let k = free.len();
        let entry = |i: usize, j: usize| self.hessian[packed::position(free[i], free[j])];
        let offset: Vec<Interval> =
            free.iter().map(|&axis| self.region[axis] - Interval::point(middle[axis])).collect();
        let slope: Vec<Interval> = free.iter().map(|&axis| at.gradient[axis].bare()).collect();
        // The gradient by the mean value theorem.
        let varies = |i: usize| (0..k).fold(slope[i], |sum, j| sum + entry(i, j) * offset[j]);
        if (0..k).any(|i| !varies(i).contains(0.0)) {
            return Verdict::None;
        }
        let middle_hessian: Vec<f64> = (0..k * k).map(|at| entry(at / k, at % k).midpoint()).collect();
        let Some(inverse) = inverse(k, middle_hessian) else {
            return Verdict::Within(self.region.clone());
        };
        let y = |i: usize, j: usize| Interval::point(inverse[i * k + j]);
        let sum = |term: &dyn Fn(usize) -> Interval| (0..k).fold(Interval::ZERO, |sum, j| sum + term(j));
        let step: Vec<Interval> = (0..k).map(|i| sum(&|j| y(i, j) * slope[j])).collect();
        let product: Vec<Interval> = (0..k * k).map(|at| sum(&|l| y(at / k, l) * entry(l, at % k))).collect();
        let mut sides: Vec<Interval> = Vec::with_capacity(k);
        for i in 0..k {
            let rest = sum(&|j| {
                let unit = if i == j { Interval::ONE } else { Interval::ZERO };
                (unit - product[i * k + j]) * offset[j]
            });
            sides.push((Interval::point(middle[free[i]]) - step[i] + rest).bare());
        }
        let place = |sides: &[Interval]| {
            let mut region = self.region.clone();
            free.iter().zip(sides).for_each(|(&axis, side)| region[axis] = *side);
            region
        };
        if free.iter().zip(&sides).all(|(&axis, side)| side.is_interior_to(self.region[axis])) {
            return Verdict::One(place(&sides));
        }
        let Some(mut narrowed) = intersection(&place(&sides), &self.region) else { return Verdict::None };
        for i in 0..k {
            let others = (0..k).filter(|&j| j != i).fold(step[i], |sum, j| {
                sum + product[i * k + j] * (narrowed[free[j]] - Interval::point(middle[free[j]]))
            });
            let center = Interval::point(middle[free[i]]);
            let parts = (-others)
                .extended_div(product[i * k + i])
                .map(|part| (center + part).intersection(narrowed[free[i]]));
            let side = parts[0].hull(parts[1]);
            if side.is_empty() {
                return Verdict::None;
            }
            narrowed[free[i]] = side.bare();
        }
        Verdict::Within(narrowed)
    }
}

/// About the inverse of a matrix of order `n`, row by row; `None` where a pivot is zero. What is proved with it holds for
/// any matrix in its place.
fn inverse(n: usize, mut a: Vec<f64>) -> Option<Vec<f64>> {
    let mut b: Vec<f64> = (0..n * n).map(|at| if at / n == at % n { 1.0 } else { 0.0 }).collect();
    for column in 0..n {
        let pivot = (column..n)
            .max_by(|&i, &j| a[i * n + column].abs().total_cmp(&a[j * n + column].abs()))
            .filter(|&row| a[row * n + column] != 0.0)?;
        for at in 0..n {
            a.swap(column * n + at, pivot * n + at);
            b.swap(column * n + at, pivot * n + at);
        }
        let scale = a[column * n + column];
        for at in 0..n {
            a[column * n + at] /= scale;
            b[column * n + at] /= scale;
        }
        for row in (0..n).filter(|&row| row != column) {
            let factor = a[row * n + column];
            for at in 0..n {
                a[row * n + at] -= factor * a[column * n + at];
                b[row * n + at] -= factor * b[column * n + at];
            }
        }
    }
    b.iter().all(|entry| entry.is_finite()).then_some(b)
}
