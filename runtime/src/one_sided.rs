//! What kind of point a point on a kink is.

use crate::random::Random;
use crate::{ErrorFunction, Verdict};

/// The distances looked at, as parts of what `reach` says of each parameter: far enough from the point that its own rounding
/// does not matter, near enough that one term rules.
const FAR: f64 = 1.0 / 16384.0;
const NEAR: f64 = FAR / 4.0;
/// How near to a whole number the exponent of a slope must be.
const WHOLE: f64 = 0.02;
/// Slopes and jumps below this part of their terms are rounding.
const ROUNDING: f64 = 1e-7;
/// More parameters than these are not looked along one by one, and two by two.
const MOST_AXES: usize = 100;
const MOST_PAIRS: usize = 12;
/// Directions drawn beside the axes.
const DRAWN: usize = 64;

/// The kind of a point on a kink of the given order, by how E goes on from it in many directions.
///
/// Where E has one-sided slopes and all of them rise, the point is a minimum, whatever the pieces of E are; so it is where the
/// curvature alone jumps and all one-sided curvatures are positive, or where there is one parameter. Otherwise it stays
/// undecided, unless E both rises and falls.
pub(crate) fn verdict(error: &dyn ErrorFunction, w: &[f64], reach: &[f64], order: usize) -> Verdict {
    let highest = if w.len() == 1 { usize::MAX } else { order.max(1) };
    let (mut rises, mut falls, mut decided) = (false, false, true);
    for direction in directions(reach) {
        match leave(error, w, &direction, order) {
            Some((rising, order)) => {
                rises |= rising;
                falls |= !rising;
                decided &= order <= highest;
            }
            None => decided = false,
        }
        if rises && falls {
            return Verdict::Saddle;
        }
    }
    match (decided, rises) {
        (false, _) => Verdict::Undecided,
        (true, true) => Verdict::Minimum,
        (true, false) => Verdict::Maximum,
    }
}

/// Both ways along each parameter, the diagonals between two, and some drawn at random.
fn directions(reach: &[f64]) -> Vec<Vec<f64>> {
    let n = reach.len();
    let along = |parts: &[(usize, f64)]| {
        let mut direction = vec![0.0; n];
        parts.iter().for_each(|&(at, part)| direction[at] = part * reach[at]);
        direction
    };
    let mut directions = Vec::new();
    for i in 0..if n <= MOST_AXES { n } else { 0 } {
        directions.extend([1.0, -1.0].map(|sign| along(&[(i, sign)])));
    }
    for i in 0..if n <= MOST_PAIRS { n } else { 0 } {
        for j in 0..i {
            let signs = [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)];
            directions.extend(signs.map(|(a, b)| along(&[(i, a), (j, b)])));
        }
    }
    if n > 1 {
        let mut random = Random::new(4);
        directions.extend(
            (0..DRAWN).map(|_| reach.iter().map(|size| size * (2.0 * random.unit() - 1.0)).collect()),
        );
    }
    directions
}

/// Whether E rises along a direction, and with which power of the distance; `None` where none shows.
fn leave(error: &dyn ErrorFunction, w: &[f64], direction: &[f64], order: usize) -> Option<(bool, usize)> {
    let place = |t: f64| {
        let moved: Vec<f64> = w.iter().zip(direction).map(|(w, d)| w + t * d).collect();
        let mut gradient = vec![0.0; w.len()];
        let value = error.value_gradient(&moved, &mut gradient);
        let terms = gradient.iter().zip(direction).map(|(b, d)| b * d);
        let [slope, size] = terms.fold([0.0, 0.0], |[sum, size], term| [sum + term, size + term.abs()]);
        (value, if slope.abs() > ROUNDING * size { slope } else { 0.0 })
    };
    let (value, slope) = place(NEAR);
    if order == 0 {
        let here = error.value(w);
        let jump = value - here;
        if jump.abs() > ROUNDING * (here.abs() + value.abs()) {
            return Some((jump > 0.0, 0));
        }
    }
    let exponent = (place(FAR).1 / slope).log2() / (FAR / NEAR).log2();
    let whole = exponent.round();
    let rules = (exponent - whole).abs() <= WHOLE && whole >= 0.0;
    rules.then_some((slope > 0.0, whole as usize + 1))
}
