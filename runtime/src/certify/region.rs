//! Boxes: one interval per parameter.

use crate::interval::Interval;

/// Where a box is cut: off its middle, which is where symmetric surfaces have their stationary points.
const CUT: f64 = 0.4937;

pub(super) fn midpoint(region: &[Interval]) -> Vec<f64> {
    region.iter().map(|side| side.midpoint()).collect()
}

pub(super) fn points(w: &[f64]) -> Vec<Interval> {
    w.iter().map(|&w| Interval::point(w)).collect()
}

/// The common part; `None` where there is none.
pub(super) fn intersection(a: &[Interval], b: &[Interval]) -> Option<Vec<Interval>> {
    let sides = a.iter().zip(b).map(|(a, b)| {
        let side = a.intersection(*b);
        (!side.is_empty()).then(|| side.bare())
    });
    sides.collect()
}

pub(super) fn hull(a: &[Interval], b: &[Interval]) -> Vec<Interval> {
    a.iter().zip(b).map(|(a, b)| a.hull(*b)).collect()
}

pub(super) fn is_within(a: &[Interval], b: &[Interval]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.is_within(*b))
}

/// Each side longer by this part of its length, and by a little more, at either end.
pub(super) fn inflated(region: &[Interval], part: f64) -> Vec<Interval> {
    let longer = |side: &Interval| {
        let margin = part * side.width() + 1e-15 * side.magnitude() + f64::MIN_POSITIVE;
        Interval::new(side.lo() - margin, side.hi() + margin)
    };
    region.iter().map(longer).collect()
}

/// The greatest length of a side, as a part of the side of `domain`; of sides that are points no matter.
pub(super) fn size(region: &[Interval], domain: &[Interval]) -> f64 {
    region.iter().zip(domain).map(|(side, whole)| side.width() / whole.width()).fold(0.0, f64::max)
}

/// The share of the volume of `domain`.
pub(super) fn share(region: &[Interval], domain: &[Interval]) -> f64 {
    region.iter().zip(domain).map(|(side, whole)| side.width() / whole.width()).product()
}

/// Cuts a box in two across its side `axis`.
pub(super) fn cut(region: &[Interval], axis: usize) -> [Vec<Interval>; 2] {
    let side = region[axis];
    let at = (side.lo() + CUT * (side.hi() - side.lo())).clamp(side.lo(), side.hi());
    [Interval::new(side.lo(), at), Interval::new(at, side.hi())].map(|half| {
        let mut part = region.to_vec();
        part[axis] = half;
        part
    })
}

/// The axis along which the gradient varies most over the box, or its longest where that is not known or much longer.
pub(super) fn widest(region: &[Interval], domain: &[Interval], hessian: &[Interval]) -> usize {
    let n = region.len();
    let relative = |axis: usize| region[axis].width() / domain[axis].width();
    let longest = (0..n).max_by(|&a, &b| relative(a).total_cmp(&relative(b)).then(b.cmp(&a))).unwrap_or(0);
    if hessian.iter().any(|entry| !entry.is_bounded()) {
        return longest;
    }
    let entry = |i: usize, j: usize| hessian[crate::packed::position(i, j)].magnitude();
    let rows: Vec<f64> = (0..n)
        .map(|i| (0..n).map(|j| entry(i, j) * region[j].width()).sum::<f64>().max(f64::MIN_POSITIVE))
        .collect();
    let smear = |axis: usize| (0..n).map(|i| entry(i, axis) * region[axis].width() / rows[i]).sum::<f64>();
    let axis = (0..n).max_by(|&a, &b| smear(a).total_cmp(&smear(b)).then(b.cmp(&a))).unwrap_or(0);
    if relative(axis) * 16.0 < relative(longest) { longest } else { axis }
}
