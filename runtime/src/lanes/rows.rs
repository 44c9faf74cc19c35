//! Rows that are added where each has its place.

use super::Machine;

/// Adds what each row has in `D` panels to the row at its place: one row after another, in ascending order, so that several may
/// have the same place.
///
/// ```
/// use hesse_runtime::lanes::{Plain, add_rows};
///
/// let mut sums = [[0.0; 2]; 3];
/// add_rows(Plain, [&[1.0, 2.0, 3.0], &[0.5, 0.25, 0.125]], &[2, 0, 2], &mut sums);
/// assert_eq!(sums, [[2.0, 0.25], [0.0, 0.0], [4.0, 0.625]]);
/// ```
///
/// Eight numbers of a row are added at once. Cost: about half an instruction per number.
///
/// # Panics
/// Where there is no such place, or more places are given than panels have rows.
#[inline(always)]
pub fn add_rows<M: Machine, const D: usize, const R: usize>(
    machine: M,
    panels: [&[f64; R]; D],
    places: &[usize],
    to: &mut [[f64; D]],
) {
    assert!(places.len() <= R, "a place for each row at most");
    let whole = D - D % 8;
    let (groups, _) = places.as_chunks::<8>();
    for (group, places) in groups.iter().enumerate() {
        for first in (0..whole).step_by(8) {
            let rows = machine.transpose(lanes(machine, &panels, first, group));
            for lane in 0..8 {
                add(machine, rows[lane], &mut to[places[lane]], first);
            }
        }
    }
    let done = 8 * groups.len();
    if done < places.len() {
        for first in (0..whole).step_by(8) {
            let rows = machine.transpose(lanes(machine, &panels, first, groups.len()));
            for (row, &place) in rows.into_iter().zip(&places[done..]) {
                add(machine, row, &mut to[place], first);
            }
        }
    }
    for (lane, &place) in places.iter().enumerate() {
        for (entry, panel) in to[place][whole..].iter_mut().zip(&panels[whole..]) {
            *entry += panel[lane];
        }
    }
}

/// Eight columns of a group of eight rows.
#[inline(always)]
fn lanes<M: Machine, const D: usize, const R: usize>(
    machine: M,
    panels: &[&[f64; R]; D],
    first: usize,
    group: usize,
) -> [M::Lanes; 8] {
    let mut lanes = [machine.splat(0.0); 8];
    for i in 0..8 {
        // A last group that is not whole is read number by number.
        lanes[i] = match panels[first + i][8 * group..].first_chunk() {
            Some(values) => machine.load(values),
            None => {
                let mut values = [0.0; 8];
                values.iter_mut().zip(&panels[first + i][8 * group..]).for_each(|(to, from)| *to = *from);
                machine.load(&values)
            }
        };
    }
    lanes
}

#[inline(always)]
fn add<M: Machine, const D: usize>(machine: M, row: M::Lanes, to: &mut [f64; D], first: usize) {
    if let Some(entries) = to[first..].first_chunk_mut() {
        machine.store(machine.plus(machine.load(entries), row), entries);
    }
}
