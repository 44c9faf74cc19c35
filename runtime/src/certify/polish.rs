//! A certified point to more of its digits, where interval steps come to rest early, as near a border of the domain.

use nalgebra::DVector;

use super::krawczyk::{Enclosure, Verdict};
use super::region::{is_within, midpoint};
use crate::interval::Interval;
use crate::{IntervalErrorFunction, packed};

/// The boxes tried around the end of Newton's method, as parts of the sides of the box, the smallest first.
const RADII: [f64; 7] = [1e-14, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2];
const STEPS: usize = 60;
/// The halvings of a step that leaves the box.
const HALVINGS: usize = 10;

/// A smaller box with exactly one stationary point, within one that has exactly one, so that they are the same.
///
/// The numbers that lead to it prove nothing and need not: Krawczyk's test does.
pub(super) fn polished<E: IntervalErrorFunction + ?Sized>(
    error: &E,
    own: &[Interval],
) -> Option<Vec<Interval>> {
    let axes: Vec<usize> = (0..own.len()).collect();
    let w = newton(error, own)?;
    RADII.iter().find_map(|radius| {
        let sides = w.iter().zip(own);
        let near: Vec<Interval> = sides
            .map(|(&w, side)| {
                let reach = radius * side.width() + 16.0 * f64::EPSILON * w.abs();
                Interval::new(w - reach, w + reach)
            })
            .collect();
        if !is_within(&near, own) {
            return None;
        }
        match Enclosure::of(error, &near).test(error, &axes) {
            Verdict::One(point) => Some(point),
            Verdict::None | Verdict::Within(_) => None,
        }
    })
}

/// Where Newton's method comes to rest inside of a box.
fn newton<E: IntervalErrorFunction + ?Sized>(error: &E, own: &[Interval]) -> Option<Vec<f64>> {
    let n = own.len();
    let mut w = midpoint(own);
    let (mut gradient, mut hessian) = (vec![0.0; n], vec![0.0; packed::length(n)]);
    for _ in 0..STEPS {
        error.value_gradient_hessian(&w, &mut gradient, &mut hessian);
        let matrix = packed::to_matrix(n, &hessian);
        let step = matrix.lu().solve(&DVector::from_column_slice(&gradient))?;
        let inside = (0..HALVINGS).find_map(|halving| {
            let share = 0.5_f64.powi(halving as i32);
            let next: Vec<f64> = w.iter().zip(step.iter()).map(|(w, step)| w - share * step).collect();
            own.iter().zip(&next).all(|(side, next)| side.contains(*next)).then_some(next)
        });
        let next = inside?;
        let moved = w.iter().zip(&next).any(|(w, next)| (w - next).abs() > 2.0 * f64::EPSILON * w.abs());
        w = next;
        if !moved {
            break;
        }
    }
    Some(w)
}
