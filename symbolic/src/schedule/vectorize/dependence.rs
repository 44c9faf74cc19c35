//! Whether the sums of a loop may wait until all its positions are prepared.

use std::collections::BTreeSet;

use super::distribute::{for_each_access, is_block};
use crate::graph::{Affine, Index, IndexData};
use crate::schedule::tiles::{Panel, Stage};

/// Whether every sum finds, after the last iteration of the loop over `index`, what it would have found in its own:
/// nothing that it reads is written again. `widened` are panels that get a place of their own for every iteration.
pub(super) fn can_wait(
    indices: &[IndexData],
    index: Index,
    stages: &[Stage],
    widened: &BTreeSet<Panel>,
) -> bool {
    let (mut written, mut read) = (Vec::new(), Vec::new());
    let mut read_before: BTreeSet<Panel> = BTreeSet::new();
    for stage in stages {
        let is_block = is_block(stage);
        let mut is_overwritten = false;
        for_each_access(stage, &mut |panel, at, is_written| {
            if is_written {
                is_overwritten |= read_before.contains(&panel);
                written.push((panel, at.to_vec()));
            } else if is_block {
                read_before.insert(panel);
                read.push((panel, at.to_vec()));
            }
        });
        if is_overwritten {
            return false;
        }
    }
    let of = |panel: Panel, accesses: &[(Panel, Vec<Affine>)]| -> Vec<Vec<Affine>> {
        accesses.iter().filter(|access| access.0 == panel).map(|access| access.1.clone()).collect()
    };
    read_before.into_iter().all(|panel| {
        let (written, read) = (of(panel, &written), of(panel, &read));
        if written.is_empty() {
            true
        } else if widened.contains(&panel) {
            written.iter().flatten().all(|place| is_same_for_all(indices, index, place))
        } else {
            is_settled(indices, index, &written, &read)
        }
    })
}

/// Whether a place runs over the same positions in every iteration.
fn is_same_for_all(indices: &[IndexData], index: Index, place: &Affine) -> bool {
    place.coefficient(index) == 0
        && place.indices().all(|inner| {
            let range = &indices[inner.0 as usize].range;
            [&range.lo, &range.hi].into_iter().all(|bound| bound.coefficient(index) == 0)
        })
}

/// Whether each iteration writes to one line of a panel, and no sum reads lines of later iterations.
fn is_settled(indices: &[IndexData], index: Index, written: &[Vec<Affine>], read: &[Vec<Affine>]) -> bool {
    let Some(first) = written.first() else { return true };
    (0..first.len()).any(|axis| {
        let line = &first[axis];
        line.sub(&Affine::index(index)).as_constant().is_some()
            && written.iter().all(|at| at[axis] == *line)
            && read.iter().all(|at| {
                let after = last(indices, index, &at[axis]).sub(line);
                after.as_constant().is_some_and(|after| after <= 0)
            })
    })
}

/// The last position a place runs to while `index` stands still.
fn last(indices: &[IndexData], index: Index, place: &Affine) -> Affine {
    let mut last = place.clone();
    for inner in place.indices().filter(|&inner| inner != index) {
        let coefficient = place.coefficient(inner);
        let range = &indices[inner.0 as usize].range;
        let end = if coefficient > 0 { range.hi.sub(&Affine::constant(1)) } else { range.lo.clone() };
        last = last.add(&end.sub(&Affine::index(inner)).scale(coefficient));
    }
    last
}
