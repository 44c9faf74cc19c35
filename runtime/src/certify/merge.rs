//! Few boxes in the place of many.

use super::region::{hull, size};
use super::search::Undecided;
use crate::interval::Interval;

/// Clusters no larger than this many resolutions become one box.
const CLUSTER: f64 = 64.0;
/// More boxes than this are only joined face to face.
const COMPARED: usize = 1_000;

/// Joins boxes whose union is a box, and clusters of touching boxes that are small.
pub(super) fn merge(mut boxes: Vec<Undecided>, domain: &[Interval], resolution: f64) -> Vec<Undecided> {
    if boxes.len() <= COMPARED {
        boxes = clusters(boxes, domain, resolution);
    }
    for _ in 0..domain.len() * 4 {
        let before = boxes.len();
        for axis in 0..domain.len() {
            boxes = joined(boxes, axis);
        }
        if boxes.len() == before {
            break;
        }
    }
    boxes.sort_by(|a, b| compare(&a.region, &b.region));
    boxes
}

/// Joins neighbors along one axis that agree in all others.
fn joined(mut boxes: Vec<Undecided>, axis: usize) -> Vec<Undecided> {
    let others = |region: &[Interval]| {
        let mut others = region.to_vec();
        others.remove(axis);
        others
    };
    boxes.sort_by(|a, b| {
        compare(&others(&a.region), &others(&b.region))
            .then(a.region[axis].lo().total_cmp(&b.region[axis].lo()))
    });
    let mut kept: Vec<Undecided> = Vec::with_capacity(boxes.len());
    for next in boxes {
        match kept.last_mut() {
            Some(last)
                if last.reason == next.reason
                    && others(&last.region) == others(&next.region)
                    && next.region[axis].lo() <= last.region[axis].hi() =>
            {
                last.region[axis] = last.region[axis].hull(next.region[axis]);
            }
            _ => kept.push(next),
        }
    }
    kept
}

/// The hulls of groups of touching boxes, where these are small; all others as they are.
fn clusters(boxes: Vec<Undecided>, domain: &[Interval], resolution: f64) -> Vec<Undecided> {
    let mut group: Vec<usize> = (0..boxes.len()).collect();
    for a in 0..boxes.len() {
        for b in 0..a {
            let touches = boxes[a]
                .region
                .iter()
                .zip(&boxes[b].region)
                .all(|(a, b)| a.lo() <= b.hi() && b.lo() <= a.hi());
            if touches && group[a] != group[b] {
                let (from, to) = (group[a].max(group[b]), group[a].min(group[b]));
                group.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
            }
        }
    }
    let mut merged = Vec::new();
    for first in 0..boxes.len() {
        let members: Vec<&Undecided> =
            (0..boxes.len()).filter(|&at| group[at] == first).map(|at| &boxes[at]).collect();
        let Some((head, rest)) = members.split_first() else { continue };
        let whole = rest.iter().fold(head.region.clone(), |whole, member| hull(&whole, &member.region));
        if size(&whole, domain) <= CLUSTER * resolution {
            let reason = members.iter().map(|member| member.reason).max().unwrap_or(head.reason);
            merged.push(Undecided { region: whole, reason });
        } else {
            merged.extend(members.into_iter().cloned());
        }
    }
    merged
}

fn compare(a: &[Interval], b: &[Interval]) -> std::cmp::Ordering {
    let bounds = |region: &[Interval]| {
        region.iter().map(|side| side.lo()).chain(region.iter().map(|s| s.hi())).collect::<Vec<f64>>()
    };
    let pairs = bounds(a).into_iter().zip(bounds(b)).map(|(a, b)| a.total_cmp(&b));
    pairs.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
}
