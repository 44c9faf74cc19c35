//! Rows that are added where each has its place.

use super::Vectors;

/// Adds what each row has in `D` panels to the row at its place: one row after another, in ascending order, so that several may
/// have the same place.
///
/// ```
/// use hesse_runtime::lanes::{Plain, add_rows};
///
/// let mut sums = [[0.0; 2]; 3];
/// add_rows::<8, _, _, _>(Plain, [&[1.0, 2.0, 3.0], &[0.5, 0.25, 0.125]], &[2, 0, 2], &mut sums);
/// assert_eq!(sums, [[2.0, 0.25], [0.0, 0.0], [4.0, 0.625]]);
/// ```
///
/// `L` numbers of a row are added at once. Cost: about half an instruction per number.
///
/// # Panics
/// Where there is no such place, or more places are given than panels have rows.
#[inline(always)]
pub fn add_rows<const L: usize, M: Vectors<L>, const D: usize, const R: usize>(
    machine: M,
    panels: [&[f64; R]; D],
    places: &[usize],
    to: &mut [[f64; D]],
) {
    assert!(places.len() <= R, "a place for each row at most");
    let whole = D - D % L;
    let (groups, _) = places.as_chunks::<L>();
    for (group, places) in groups.iter().enumerate() {
        for first in (0..whole).step_by(L) {
            let rows = machine.transpose(lanes::<L, M, D, R>(machine, &panels, first, group));
            for lane in 0..L {
                add::<L, M, D>(machine, rows[lane], &mut to[places[lane]], first);
            }
        }
    }
    let done = L * groups.len();
    if done < places.len() {
        for first in (0..whole).step_by(L) {
            let rows = machine.transpose(lanes::<L, M, D, R>(machine, &panels, first, groups.len()));
            for (row, &place) in rows.into_iter().zip(&places[done..]) {
                add::<L, M, D>(machine, row, &mut to[place], first);
            }
        }
    }
    for (lane, &place) in places.iter().enumerate() {
        for (entry, panel) in to[place][whole..].iter_mut().zip(&panels[whole..]) {
            *entry += panel[lane];
        }
    }
}

/// `L` columns of a group of `L` rows.
#[inline(always)]
fn lanes<const L: usize, M: Vectors<L>, const D: usize, const R: usize>(
    machine: M,
    panels: &[&[f64; R]; D],
    first: usize,
    group: usize,
) -> [M::Lanes; L] {
    let mut lanes = [machine.splat(0.0); L];
    for i in 0..L {
        // A last group that is not whole is read number by number.
        lanes[i] = match panels[first + i][L * group..].first_chunk() {
            Some(values) => machine.load(values),
            None => {
                let mut values = [0.0; L];
                values.iter_mut().zip(&panels[first + i][L * group..]).for_each(|(to, from)| *to = *from);
                machine.load(&values)
            }
        };
    }
    lanes
}

#[inline(always)]
fn add<const L: usize, M: Vectors<L>, const D: usize>(
    machine: M,
    row: M::Lanes,
    to: &mut [f64; D],
    first: usize,
) {
    if let Some(entries) = to[first..].first_chunk_mut() {
        machine.store(machine.plus(machine.load(entries), row), entries);
    }
}
