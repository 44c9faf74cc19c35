//! The least value of E on a box, its border included.
//!
//! Boxes whose lower bound is above a value that E is known to take are dropped. Where E rises along an axis throughout a
//! box, its minimum is on the lower face: the box becomes that face if it is one of the whole box, and is dropped
//! otherwise. Away from the border, minima are stationary.

use core::ops::ControlFlow;

use super::krawczyk::{Enclosure, Verdict};
use super::region::{cut, intersection, midpoint, points, size, widest};
use super::{Progress, Settings, for_all};
use crate::interval::{Decoration, Interval};
use crate::{IntervalErrorFunction, packed};

/// Boxes worked on before outcomes are put together.
const BATCH: usize = 64;
/// Boxes shorter than this part of the whole are not cut any more.
const SMALLEST: f64 = 1e-13;

/// The least value on a box.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use hesse_runtime::certify::{Settings, stationary_points};
/// use hesse_runtime::interval::Interval;
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/double_well.rs"));
/// # }
/// # use surface::*;
///
/// // E = (x² − 1)²
/// let domain = [Interval::new(-2.0, 3.0)];
/// let found = stationary_points(&DoubleWell, &domain, &Settings::default(), |_| ControlFlow::Continue(()))?;
/// assert!((found.global_minimum.at[0].abs() - 1.0).abs() < 1e-4);
/// # Ok::<(), hesse_runtime::certify::CertifyError>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct GlobalMinimum {
    /// A point of the box where E is below the upper bound of `value`.
    pub at: Vec<f64>,
    /// Encloses the least value of E on the whole box, its border included; empty where E has no value anywhere in it.
    pub value: Interval,
}

impl GlobalMinimum {
    pub(super) fn unknown(domain: &[Interval]) -> GlobalMinimum {
        GlobalMinimum { at: midpoint(domain), value: Interval::UNKNOWN }
    }
}

/// A box that may have the minimum, with a lower bound of E on it.
struct Candidate {
    bound: f64,
    region: Vec<Interval>,
}

pub(super) fn minimize<E: IntervalErrorFunction + Sync + ?Sized>(
    error: &E,
    domain: &[Interval],
    settings: &Settings,
    starts: &[Vec<f64>],
    observe: &mut impl FnMut(&Progress) -> ControlFlow<()>,
) -> GlobalMinimum {
    let mut best = GlobalMinimum { at: midpoint(domain), value: Interval::UNKNOWN };
    let mut upper = f64::INFINITY;
    let mut try_point = |at: &[f64], upper: &mut f64| {
        let value = error.enclose_value(&points(at));
        if value.decoration() > Decoration::Partial && value.hi() < *upper {
            *upper = value.hi();
            best.at = at.to_vec();
        }
    };
    try_point(&midpoint(domain), &mut upper);
    starts.iter().for_each(|start| try_point(start, &mut upper));
    let mut pending = vec![Candidate { bound: f64::NEG_INFINITY, region: domain.to_vec() }];
    // The least lower bound of all boxes that were settled within the tolerance.
    let mut settled = f64::INFINITY;
    let mut boxes = 0;
    while !pending.is_empty() && boxes < settings.max_boxes {
        let tolerance = settings.value_tolerance * upper.abs().max(1.0);
        // The best last; boxes that came first go first among equals.
        pending.sort_by(|a, b| b.bound.total_cmp(&a.bound));
        let batch = pending.split_off(pending.len().saturating_sub(BATCH));
        boxes += batch.len();
        let outcomes = for_all(&batch, |candidate| {
            if candidate.bound > upper { Vec::new() } else { work(error, &candidate.region, domain, upper) }
        });
        for candidate in outcomes.into_iter().flatten() {
            try_point(&midpoint(&candidate.region), &mut upper);
            if candidate.bound > upper {
                continue;
            }
            if candidate.bound >= upper - tolerance || size(&candidate.region, domain) <= SMALLEST {
                settled = settled.min(candidate.bound);
            } else {
                pending.push(candidate);
            }
        }
        pending.retain(|candidate| candidate.bound <= upper);
        if observe(&Progress { decided: 1.0, boxes, points: starts.len() }).is_break() {
            break;
        }
    }
    let lower = pending.iter().map(|candidate| candidate.bound).fold(settled, f64::min);
    // Whatever was dropped has no value below the upper bound.
    let is_nowhere = lower == f64::INFINITY && upper == f64::INFINITY;
    best.value = if is_nowhere { Interval::EMPTY } else { Interval::new(lower.min(upper), upper) };
    best
}

/// The parts of a box that may have a value of at most `upper`.
fn work<E: IntervalErrorFunction + ?Sized>(
    error: &E,
    region: &[Interval],
    domain: &[Interval],
    upper: f64,
) -> Vec<Candidate> {
    let enclosure = Enclosure::of(error, region);
    if enclosure.value.is_empty() || bound(error, &enclosure) > upper {
        return Vec::new();
    }
    let free: Vec<usize> = (0..region.len()).filter(|&axis| region[axis].width() > 0.0).collect();
    let candidate = |error: &E, region: Vec<Interval>| {
        let bound = bound(error, &Enclosure::of(error, &region));
        Candidate { bound, region }
    };
    let mut rest = region.to_vec();
    if enclosure.is_smooth() {
        for &axis in &free {
            let slope = enclosure.gradient[axis];
            let face = if slope.lo() > 0.0 {
                (region[axis].lo(), domain[axis].lo())
            } else if slope.hi() < 0.0 {
                (region[axis].hi(), domain[axis].hi())
            } else {
                continue;
            };
            if face.0 != face.1 {
                return Vec::new();
            }
            rest[axis] = Interval::point(face.0);
        }
        if rest != region {
            return vec![candidate(error, rest)];
        }
        let is_inside = |axis: usize| region[axis].is_interior_to(domain[axis]);
        // Where E bends down along an axis there is no minimum inside.
        if free.iter().any(|&i| is_inside(i) && enclosure.hessian[packed::position(i, i)].hi() < 0.0) {
            return Vec::new();
        }
        if !free.is_empty() && free.iter().all(|&axis| is_inside(axis)) {
            match enclosure.test(error, &free) {
                Verdict::None => return Vec::new(),
                Verdict::One(point) | Verdict::Within(point) => match intersection(&point, region) {
                    Some(point) => rest = point,
                    None => return Vec::new(),
                },
            }
        }
    }
    let volume = |region: &[Interval]| free.iter().map(|&axis| region[axis].width()).product::<f64>();
    if free.is_empty() || volume(&rest) < 0.3 * volume(region) {
        return vec![candidate(error, rest)];
    }
    let axis = widest(&rest, domain, &enclosure.hessian);
    cut(&rest, axis).into_iter().map(|half| candidate(error, half)).collect()
}

/// A lower bound of E: of its plain enclosure and of that by the mean value theorem the better.
fn bound<E: IntervalErrorFunction + ?Sized>(error: &E, enclosure: &Enclosure) -> f64 {
    let plain = enclosure.value.lo();
    if !enclosure.is_smooth() {
        return plain;
    }
    let middle = midpoint(&enclosure.region);
    let at = error.enclose_value(&points(&middle));
    let centered = enclosure.region.iter().zip(&middle).zip(&enclosure.gradient);
    let value =
        centered.fold(at, |sum, ((side, &middle), &slope)| sum + slope * (*side - Interval::point(middle)));
    plain.max(value.lo())
}
