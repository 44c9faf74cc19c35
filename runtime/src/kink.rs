//! Where E, its gradient or its Hessian jumps near a point.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::ErrorFunction;
use crate::random::Random;

/// A place near a point where E is not twice continuously differentiable.
///
/// There the local quadratic model ends: what second derivatives say of the point holds on one side alone.
///
/// ```
/// use hesse_runtime::{Analyze, ErrorFunction};
///
/// /// E = |x − 1| + x²
/// struct Bent;
///
/// impl ErrorFunction for Bent {
///     fn dimension(&self) -> usize {
///         1
///     }
///     fn value(&self, w: &[f64]) -> f64 {
///         (w[0] - 1.0).abs() + w[0] * w[0]
///     }
///     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
///         gradient[0] = (w[0] - 1.0).signum() + 2.0 * w[0];
///         self.value(w)
///     }
///     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
///         hessian[0] = 2.0;
///         self.value_gradient(w, gradient)
///     }
///     fn hessian_vector(&self, _w: &[f64], v: &[f64], product: &mut [f64]) {
///         product[0] = 2.0 * v[0];
///     }
/// }
///
/// let kink = Bent.analyze(&[1.0001])?.kink.unwrap();
/// assert_eq!(kink.order, 1);
/// assert!((kink.at[0] - 1.0).abs() < 1e-9 && (kink.jump - 2.0).abs() < 1e-6 && !kink.is_here);
/// assert_eq!(Bent.analyze(&[0.5])?.kink, None);
/// # Ok::<(), hesse_runtime::AnalysisError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Kink {
    /// What jumps: 0 for E itself, 1 for its slope (a kink proper), 2 for its curvature.
    pub order: usize,
    /// A point on the kink, in parameter order.
    pub at: Vec<f64>,
    /// Whether that is the point itself, as nearly as the search can tell: to some 10⁻¹⁰ of each parameter.
    pub is_here: bool,
    /// The direction in which it was met, of unit length.
    pub direction: Vec<f64>,
    /// The jump of the derivative of that order along the direction.
    pub jump: f64,
}

/// How far to look along a parameter, as a part of it, and where it is smaller than a thousandth.
const REACH: f64 = 1e-3;
const LEAST_REACH: f64 = 1e-6;
/// More parameters than this are moved together, with as many patterns of signs.
const DIRECTIONS: usize = 32;
/// The halvings after which a change counts as a jump.
const HALVINGS: usize = 24;
/// Over this many halvings a jump keeps at least `KEPT` of itself, while a smooth change falls below `FALLEN`.
const STRIDE: usize = 6;
const KEPT: f64 = 0.4;
const FALLEN: f64 = 0.1;
/// Changes below this part of the terms they are differences of are rounding, and so are those of numbers below `TINY`,
/// which have lost digits to underflow.
const ROUNDING: f64 = 1e-7;
const TINY: f64 = f64::MIN_POSITIVE / f64::EPSILON;

/// Looks for a kink along lines through `w`; of those of the lowest order the nearest is reported.
///
/// Each line is cut in halves, the worse of which is kept. What the next derivatives do not explain of a change of E,
/// of its slope and of its curvature falls with the length of the piece, unless there is a jump in it.
/// Cost: nothing where E is known to be smooth; some twenty gradients and Hessian-vector products for each of at most 34
/// directions where it turns out to be.
pub(crate) fn find(error: &dyn ErrorFunction, w: &[f64]) -> Option<Kink> {
    if error.is_smooth() {
        return None;
    }
    // Kinks that cancel along every parameter show along a line between them.
    along(error, w, &directions(w)).or_else(|| along(error, w, &skewed(w)))
}

fn along(error: &dyn ErrorFunction, w: &[f64], directions: &[Vec<f64>]) -> Option<Kink> {
    let lines: Vec<Line> = directions.iter().map(|direction| Line::new(error, w, direction)).collect();
    (0..3).find_map(|order| {
        let met = lines.iter().filter_map(|line| {
            let here = line.jump_here(order).map(|jump| (0.0, jump));
            here.or_else(|| line.jump(order)).map(|(t, jump)| (t, jump, line))
        });
        let (t, jump, line) = met.min_by(|(a, ..), (b, ..)| a.abs().total_cmp(&b.abs()))?;
        let size = line.direction.iter().map(|d| d * d).sum::<f64>().sqrt();
        Some(Kink {
            order,
            at: line.at(t),
            is_here: t == 0.0,
            direction: line.direction.iter().map(|d| d / size).collect(),
            // Per unit of length instead of per length of the direction.
            jump: jump / size.powi(order as i32),
        })
    })
}

/// Along each parameter, or along diagonals where there are many.
fn directions(w: &[f64]) -> Vec<Vec<f64>> {
    let n = w.len();
    let reach = reach(w);
    let mut random = Random::new(1);
    let direction = |k: usize| -> Vec<f64> {
        if n <= DIRECTIONS {
            (0..n).map(|i| if i == k { reach[i] } else { 0.0 }).collect()
        } else {
            (0..n).map(|i| reach[i] * random.sign()).collect()
        }
    };
    (0..n.min(DIRECTIONS)).map(direction).collect()
}

/// Some lines between the parameters, at angles that no simple formula prefers.
fn skewed(w: &[f64]) -> Vec<Vec<f64>> {
    let lines = if w.len() > 1 { 2 } else { 0 };
    let mut random = Random::new(5);
    let part = |size: f64, random: &mut Random| size * random.sign() * (0.5 + 0.5 * random.unit());
    (0..lines).map(|_| reach(w).into_iter().map(|size| part(size, &mut random)).collect()).collect()
}

/// How far to look along each parameter.
pub(crate) fn reach(w: &[f64]) -> Vec<f64> {
    w.iter().map(|w| f64::max(REACH * w.abs(), LEAST_REACH)).collect()
}

struct Line<'a> {
    error: &'a dyn ErrorFunction,
    w: &'a [f64],
    direction: &'a [f64],
    /// What is known already: all orders look at the same places first.
    known: RefCell<BTreeMap<u64, Place>>,
}

/// A position on a line with E and its first two derivatives along the line.
#[derive(Clone, Copy)]
struct Place {
    t: f64,
    derivatives: [f64; 3],
}

impl<'a> Line<'a> {
    fn new(error: &'a dyn ErrorFunction, w: &'a [f64], direction: &'a [f64]) -> Line<'a> {
        Line { error, w, direction, known: RefCell::default() }
    }

    /// By how much the derivative of `order` jumps at the point itself: what stays as both ends draw near to it.
    fn jump_here(&self, order: usize) -> Option<f64> {
        let mut changes = Vec::new();
        for step in 0..=HALVINGS {
            let t = 0.5_f64.powi(step as i32);
            let change = unexplained(&self.place(-t), &self.place(t), order)?;
            let falls = step >= STRIDE && change.abs() < FALLEN * f64::abs(changes[step - STRIDE]);
            if change == 0.0 || falls {
                return None;
            }
            changes.push(change);
        }
        // A change that grows on the way to the point is of a pole there.
        let (jump, before) = (changes[HALVINGS], changes[HALVINGS - STRIDE].abs());
        (jump.abs() >= KEPT * before && jump.abs() * KEPT <= before).then_some(jump)
    }

    /// Where on the line, between −1 and 1, the derivative of `order` jumps, and by how much.
    fn jump(&self, order: usize) -> Option<(f64, f64)> {
        let (mut from, mut to) = (self.place(-1.0), self.place(1.0));
        let mut changes = vec![unexplained(&from, &to, order)?];
        for step in 1..=HALVINGS {
            if changes[step - 1] == 0.0 {
                return None;
            }
            let middle = self.place(0.5 * (from.t + to.t));
            let (left, right) = (unexplained(&from, &middle, order)?, unexplained(&middle, &to, order)?);
            if left.abs() >= right.abs() {
                to = middle;
            } else {
                from = middle;
            }
            changes.push(if left.abs() >= right.abs() { left } else { right });
            if step >= STRIDE && changes[step].abs() < FALLEN * changes[step - STRIDE].abs() {
                return None;
            }
        }
        let jump = changes[HALVINGS];
        let stays = jump.abs() >= KEPT * changes[HALVINGS - STRIDE].abs();
        stays.then_some((0.5 * (from.t + to.t), jump))
    }

    fn at(&self, t: f64) -> Vec<f64> {
        self.w.iter().zip(self.direction).map(|(w, d)| w + t * d).collect()
    }

    fn place(&self, t: f64) -> Place {
        if let Some(&place) = self.known.borrow().get(&t.to_bits()) {
            return place;
        }
        let w = self.at(t);
        let (mut gradient, mut product) = (vec![0.0; w.len()], vec![0.0; w.len()]);
        let value = self.error.value_gradient(&w, &mut gradient);
        self.error.hessian_vector(&w, self.direction, &mut product);
        let along = |b: &[f64]| b.iter().zip(self.direction).map(|(b, d)| b * d).sum::<f64>();
        let place = Place { t, derivatives: [value, along(&gradient), along(&product)] };
        self.known.borrow_mut().insert(t.to_bits(), place);
        place
    }
}

/// What the next derivatives do not explain of the change of a derivative between two places: zero where that is
/// rounding, `None` where it is not finite.
fn unexplained(from: &Place, to: &Place, order: usize) -> Option<f64> {
    let length = to.t - from.t;
    let (a, b) = (&from.derivatives, &to.derivatives);
    let trapezoid = |k: usize| 0.5 * length * (a[k] + b[k]);
    let (change, terms) = match order {
        // Hermite's rule, which is exact for cubics.
        0 => {
            let correction = length * length / 12.0 * (b[2] - a[2]);
            (b[0] - a[0] - trapezoid(1) + correction, a[0].abs() + b[0].abs() + trapezoid(1).abs())
        }
        1 => (b[1] - a[1] - trapezoid(2), a[1].abs() + b[1].abs() + trapezoid(2).abs()),
        _ => (b[2] - a[2], a[2].abs() + b[2].abs()),
    };
    let change = if change.abs() <= ROUNDING * terms || terms <= TINY { 0.0 } else { change };
    change.is_finite().then_some(change)
}
