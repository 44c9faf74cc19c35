//! The inertia of all symmetric matrices in an enclosure.

use crate::interval::Interval;
use crate::{Spectrum, packed};

/// The number of negative eigenvalues of every matrix enclosed by a packed triangle of order `n`, and the eigenvalues in
/// the middle, ascending; `None` where it cannot be proved.
///
/// Let U be about the eigenvectors in the middle. If UᵀHU is strictly diagonally dominant after scaling to unit
/// diagonal, it is regular and has the signs of its diagonal as its inertia (scale what is beside the diagonal down to
/// zero: no eigenvalue passes zero on the way); then U is regular as well, and H has the same inertia by Sylvester's law.
/// Nothing has to be known of U.
pub(super) fn index(n: usize, hessian: &[Interval]) -> Option<(usize, Vec<f64>)> {
    let middle: Vec<f64> = hessian.iter().map(|entry| entry.midpoint()).collect();
    let spectrum = Spectrum::of_packed(n, &middle).ok()?;
    let axes = spectrum.eigenvectors();
    let u = |i: usize, j: usize| Interval::point(axes[(i, j)]);
    let h = |i: usize, j: usize| hessian[packed::position(i, j)];
    let sum = |term: &dyn Fn(usize) -> Interval| (0..n).fold(Interval::ZERO, |sum, j| sum + term(j));
    let image: Vec<Interval> = (0..n * n).map(|at| sum(&|l| h(at / n, l) * u(l, at % n))).collect();
    let turned: Vec<Interval> = (0..n * n).map(|at| sum(&|l| u(l, at / n) * image[l * n + at % n])).collect();
    let size: Vec<f64> = (0..n).map(|i| turned[i * n + i].mignitude()).collect();
    for i in 0..n {
        let row = sum(&|j| {
            if i == j {
                return Interval::ZERO;
            }
            let beside = Interval::point(turned[i * n + j].magnitude());
            beside / (Interval::point(size[i]).sqrt() * Interval::point(size[j]).sqrt())
        });
        // Not the other way round: an empty quotient or NaN is no proof.
        if !(size[i] > 0.0 && !row.is_empty() && row.hi() < 1.0) {
            return None;
        }
    }
    let negative = (0..n).filter(|&i| turned[i * n + i].hi() < 0.0).count();
    Some((negative, spectrum.eigenvalues().iter().copied().collect()))
}
