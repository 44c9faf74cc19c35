//! The search for stationary points: boxes are excluded, certified, narrowed or cut, and none is dropped.

use core::ops::ControlFlow;
use std::collections::VecDeque;

use super::inertia::index;
use super::krawczyk::{Enclosure, Verdict};
use super::merge::merge;
use super::polish::polished;
use super::region::{cut, inflated, intersection, is_within, midpoint, points, share, size, widest};
use super::{GlobalMinimum, Progress, Settings, for_all};
use crate::interval::{Decoration, Interval};
use crate::{IntervalErrorFunction, Kind};

/// Boxes worked on before outcomes are put together; fixed, so that the number of threads does not matter.
const BATCH: usize = 256;
/// By this part of its sides a box is inflated, so that points on a cut lie inside.
const MARGIN: f64 = 0.125;
/// An enclosure is wide where digits that are printed are not known.
const WIDE: f64 = 1e-11;

/// A stationary point whose existence, uniqueness and kind are proved.
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
/// let domain = [Interval::new(0.5, 3.0)];
/// let found = stationary_points(&DoubleWell, &domain, &Settings::default(), |_| ControlFlow::Continue(()))?;
/// let point = &found.points[0];
/// assert!(point.enclosure[0].contains(1.0) && point.value.contains(0.0) && point.index == 0);
/// # Ok::<(), hesse_runtime::certify::CertifyError>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct CertifiedPoint {
    /// The middle of the enclosure.
    pub at: Vec<f64>,
    /// The point lies in this box, and no other stationary point does.
    pub enclosure: Vec<Interval>,
    /// Minimum, maximum or saddle.
    pub kind: Kind,
    /// The number of negative eigenvalues.
    pub index: usize,
    /// Encloses E at the point.
    pub value: Interval,
    /// The eigenvalues of the Hessian in the middle of its enclosure, ascending; their signs are proved.
    pub eigenvalues: Vec<f64>,
}

/// Why a box is undecided.
///
/// ```
/// assert_eq!(hesse_runtime::certify::Reason::Kink.as_str(), "kink");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Reason {
    /// Time, or the number of boxes, ran out.
    Budget,
    /// The Hessian may be singular: a degenerate point, a valley of them, or a near miss.
    Degenerate,
    /// A stationary point lies on the border of the box, or next to it on either side.
    Border,
    /// E may have a kink or a jump.
    Kink,
    /// E or a derivative may be undefined.
    Domain,
}

impl Reason {
    /// `budget`, `degenerate`, `border`, `kink` or `domain`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Budget => "budget",
            Self::Degenerate => "degenerate",
            Self::Border => "border",
            Self::Kink => "kink",
            Self::Domain => "domain",
        }
    }
}

/// A box that may have stationary points, none of which could be certified.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use hesse_runtime::certify::{Reason, Settings, stationary_points};
/// use hesse_runtime::interval::Interval;
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/double_well.rs"));
/// # }
/// # use surface::*;
///
/// // Ended before it began
/// let (domain, settings) = ([Interval::new(-2.0, 3.0)], Settings { max_boxes: 1, ..Settings::default() });
/// let found = stationary_points(&DoubleWell, &domain, &settings, |_| ControlFlow::Break(()))?;
/// assert_eq!(found.undecided[0].reason, Reason::Budget);
/// # Ok::<(), hesse_runtime::certify::CertifyError>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Undecided {
    /// The box.
    pub region: Vec<Interval>,
    /// What kept it from being decided.
    pub reason: Reason,
}

/// The outcome: every stationary point in the box is one of `points` or lies in one of `undecided`.
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
/// let domain = [Interval::new(-2.0, 3.0)];
/// let found = stationary_points(&DoubleWell, &domain, &Settings::default(), |_| ControlFlow::Continue(()))?;
/// assert!(found.points.len() == 3 && found.undecided.is_empty() && found.boxes > 0);
/// # Ok::<(), hesse_runtime::certify::CertifyError>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct StationaryPoints {
    /// By value, then by coordinates.
    pub points: Vec<CertifiedPoint>,
    /// By coordinates.
    pub undecided: Vec<Undecided>,
    /// Of the whole box, its border included.
    pub global_minimum: GlobalMinimum,
    /// The number of boxes worked on.
    pub boxes: usize,
}

/// What became of a box.
enum Outcome {
    Nothing,
    /// A stationary point, unique in the second box and within the first.
    Found(Vec<Interval>, Vec<Interval>),
    Parts(Vec<Vec<Interval>>),
    Stuck(Undecided),
}

pub(super) fn search<E: IntervalErrorFunction + Sync + ?Sized>(
    error: &E,
    domain: &[Interval],
    settings: &Settings,
    observe: &mut impl FnMut(&Progress) -> ControlFlow<()>,
) -> StationaryPoints {
    let mut pending = VecDeque::from([domain.to_vec()]);
    let mut unique: Vec<[Vec<Interval>; 2]> = Vec::new();
    let mut undecided: Vec<Undecided> = Vec::new();
    let (mut boxes, mut decided) = (0, 0.0);
    while !pending.is_empty() && boxes < settings.max_boxes {
        let batch: Vec<Vec<Interval>> = pending.drain(..pending.len().min(BATCH)).collect();
        boxes += batch.len();
        let outcomes = for_all(&batch, |region| {
            if unique.iter().any(|[_, own]| is_within(region, own)) {
                return Outcome::Nothing;
            }
            work(error, region, domain, settings)
        });
        for (region, outcome) in batch.iter().zip(outcomes) {
            let whole = share(region, domain);
            decided += match outcome {
                Outcome::Nothing => whole,
                Outcome::Found(point, own) => {
                    // Both are the same point where either lies in the other's box, which has one point only.
                    let is_known = unique
                        .iter()
                        .any(|[other, others]| is_within(&point, others) || is_within(other, &own));
                    if !is_known {
                        unique.push([point, own]);
                    }
                    whole
                }
                Outcome::Parts(parts) => {
                    let left: f64 = parts.iter().map(|part| share(part, domain)).sum();
                    pending.extend(parts);
                    whole - left
                }
                Outcome::Stuck(stuck) => {
                    undecided.push(stuck);
                    whole
                }
            };
        }
        if observe(&Progress { decided, boxes, points: unique.len() }).is_break() {
            break;
        }
    }
    undecided.extend(pending.into_iter().map(|region| Undecided { region, reason: Reason::Budget }));
    let mut certified = Vec::new();
    for [point, _] in unique {
        match certify(error, point, domain) {
            Ok(Some(point)) => certified.push(point),
            Ok(None) => {}
            Err(stuck) => undecided.push(stuck),
        }
    }
    certified.sort_by(|a: &CertifiedPoint, b| {
        let coordinates = a.at.iter().zip(&b.at).map(|(a, b)| a.total_cmp(b));
        let value = a.value.midpoint().total_cmp(&b.value.midpoint());
        coordinates.fold(value, std::cmp::Ordering::then)
    });
    let undecided = merge(undecided, domain, settings.resolution);
    StationaryPoints { points: certified, undecided, global_minimum: GlobalMinimum::unknown(domain), boxes }
}

fn work<E: IntervalErrorFunction + Sync + ?Sized>(
    error: &E,
    region: &[Interval],
    domain: &[Interval],
    settings: &Settings,
) -> Outcome {
    let axes: Vec<usize> = (0..region.len()).collect();
    let wide = Enclosure::of(error, &inflated(region, MARGIN));
    // Beyond the border E may have a kink or no value.
    let enclosure = if wide.is_smooth() { wide } else { Enclosure::of(error, region) };
    if enclosure.value.is_empty()
        || enclosure.has_slope()
        || enclosure.gradient.iter().any(|slope| slope.is_empty())
    {
        return Outcome::Nothing;
    }
    let narrowed = match enclosure.test(error, &axes) {
        Verdict::None => return Outcome::Nothing,
        Verdict::One(point) => {
            let own = enclosure.region;
            return Outcome::Found(tightened(error, point, &own), own);
        }
        Verdict::Within(narrowed) => narrowed,
    };
    let Some(rest) = intersection(&narrowed, region) else { return Outcome::Nothing };
    if size(&rest, domain) <= settings.resolution {
        let reason = reason(&enclosure);
        return Outcome::Stuck(Undecided { region: rest, reason });
    }
    // What shrank enough is tested again before it is cut.
    if share(&rest, domain) < 0.3 * share(region, domain) {
        return Outcome::Parts(vec![rest]);
    }
    let axis = widest(&rest, domain, &enclosure.hessian);
    Outcome::Parts(cut(&rest, axis).to_vec())
}

fn reason(enclosure: &Enclosure) -> Reason {
    let numbers = || enclosure.gradient.iter().chain(&enclosure.hessian).chain([&enclosure.value]);
    match numbers().map(|number| number.decoration()).min() {
        Some(Decoration::Partial) => Reason::Domain,
        Some(Decoration::Defined) => Reason::Kink,
        _ => Reason::Degenerate,
    }
}

/// The smallest box around a certified point that Newton steps come to, within its own box.
fn tightened<E: IntervalErrorFunction + ?Sized>(
    error: &E,
    point: Vec<Interval>,
    own: &[Interval],
) -> Vec<Interval> {
    let point = contracted(error, point);
    // Of a point at zero no digits are printed beside the size of its box.
    let is_wide =
        |(side, own): (&Interval, &Interval)| side.width() > WIDE * side.magnitude().max(1e-4 * own.width());
    if !point.iter().zip(own).any(is_wide) {
        return point;
    }
    let narrower = polished(error, own).map(|narrower| contracted(error, narrower));
    narrower.and_then(|narrower| intersection(&narrower, &point)).unwrap_or(point)
}

fn contracted<E: IntervalErrorFunction + ?Sized>(error: &E, point: Vec<Interval>) -> Vec<Interval> {
    const STEPS: usize = 100;
    /// A side this wide beside its numbers still is more than rounding.
    const ROUGH: f64 = 1e-6;
    let axes: Vec<usize> = (0..point.len()).collect();
    let mut point = point;
    for _ in 0..STEPS {
        let next = match Enclosure::of(error, &point).test(error, &axes) {
            Verdict::One(next) | Verdict::Within(next) => intersection(&next, &point),
            Verdict::None => None,
        };
        let total = |region: &[Interval]| region.iter().map(|side| side.width()).sum::<f64>();
        // From a wide box the first steps may be short.
        let is_rough = point.iter().any(|side| side.width() > ROUGH * side.magnitude());
        let enough = if is_rough { 1.0 } else { 0.9 };
        match next {
            Some(next) if total(&next) < enough * total(&point) => point = next,
            Some(next) => return next,
            None => return point,
        }
    }
    point
}

/// The kind of a point known to exist; `None` where it lies outside the domain.
fn certify<E: IntervalErrorFunction + ?Sized>(
    error: &E,
    point: Vec<Interval>,
    domain: &[Interval],
) -> Result<Option<CertifiedPoint>, Undecided> {
    let Some(inner) = intersection(&point, domain) else { return Ok(None) };
    if inner != point {
        return Err(Undecided { region: inner, reason: Reason::Border });
    }
    let n = point.len();
    let enclosure = Enclosure::of(error, &point);
    let Some((index, eigenvalues)) = index(n, &enclosure.hessian) else {
        return Err(Undecided { region: point, reason: Reason::Degenerate });
    };
    let at = midpoint(&point);
    let kind = match index {
        0 => Kind::Minimum,
        all if all == n => Kind::Maximum,
        index => Kind::Saddle { index },
    };
    // E(at) and the little that the gradient can change on the way.
    let change = point.iter().zip(&at).zip(&enclosure.gradient);
    let near = change.fold(error.enclose_value(&points(&at)), |sum, ((side, &at), &slope)| {
        sum + slope * (*side - Interval::point(at))
    });
    let value = near.intersection(enclosure.value);
    Ok(Some(CertifiedPoint { at, enclosure: point, kind, index, value, eigenvalues }))
}
