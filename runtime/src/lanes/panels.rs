//! Rows in and sums out: what surrounds the arithmetic on tiles of rows.

use core::ops::{Deref, DerefMut};

use super::Vectors;

/// A local array where wide loads do not straddle cache lines.
///
/// ```
/// use hesse_runtime::lanes::Aligned;
///
/// let mut panel = Aligned([0.0; 64]);
/// panel[3] = 1.0;
/// assert_eq!(panel.iter().sum::<f64>(), 1.0);
/// assert_eq!(align_of_val(&panel), 64);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(align(64))]
pub struct Aligned<T>(pub T);

impl<T> Deref for Aligned<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Aligned<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

/// The sum of some parts, a power of two, added up pairwise: of eight, ((a₀+a₄)+(a₂+a₆)) + ((a₁+a₅)+(a₃+a₇)).
///
/// ```
/// use hesse_runtime::lanes::total;
///
/// assert_eq!(total(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]), 36.0);
/// assert_eq!(total(&[1.0, 2.0]), 3.0);
/// ```
#[inline(always)]
#[must_use]
pub fn total<const L: usize>(lanes: &[f64; L]) -> f64 {
    // The parts pass through memory, or compilers see scalar sums instead of one in a wide register.
    let mut parts = *core::hint::black_box(lanes);
    let mut half = L / 2;
    while half > 0 {
        for lane in 0..half {
            parts[lane] += parts[lane + half];
        }
        half /= 2;
    }
    parts.first().copied().unwrap_or(0.0)
}

/// Sets to zero what the group of `L` rows that the last of `rows` rows begins in has beyond it, `L` being at most eight;
/// nothing where they end with a group.
///
/// ```
/// let mut panel = [1.0; 16];
/// hesse_runtime::lanes::clear::<8, 16>(&mut panel, 5);
/// assert_eq!(panel[..8], [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
/// ```
#[inline(always)]
pub fn clear<const L: usize, const ROWS: usize>(panel: &mut [f64; ROWS], rows: usize) {
    if !rows.is_multiple_of(L)
        && let Some(last) = panel.as_chunks_mut::<L>().0.get_mut(rows / L)
    {
        // A mask from a table is one instruction; a comparison of lanes becomes a tree of branches.
        for (value, mask) in last.iter_mut().zip(&FIRST_LANES[rows % L]) {
            *value = f64::from_bits(value.to_bits() & mask);
        }
    }
}

/// All bits of the first so many lanes.
const FIRST_LANES: [[u64; 8]; 8] = {
    let mut masks = [[0; 8]; 8];
    let mut count = 0;
    while count < 8 {
        let mut lane = 0;
        while lane < count {
            masks[count][lane] = u64::MAX;
            lane += 1;
        }
        count += 1;
    }
    masks
};

/// Groups of `L` lanes added up, one after another, to one.
///
/// ```
/// assert_eq!(hesse_runtime::lanes::folded::<8, 24>(&[1.0; 24]), [3.0; 8]);
/// ```
#[inline(always)]
#[must_use]
pub fn folded<const L: usize, const ROWS: usize>(lanes: &[f64; ROWS]) -> [f64; L] {
    let mut parts = [0.0; L];
    for group in lanes.as_chunks::<L>().0 {
        for (part, lane) in parts.iter_mut().zip(group) {
            *part += lane;
        }
    }
    parts
}

/// The first rows, as many as a tile has.
///
/// ```
/// assert_eq!(hesse_runtime::lanes::window::<2>(&[1.0, 2.0, 3.0]), &[1.0, 2.0]);
/// ```
///
/// # Panics
/// Where there are not so many.
#[inline(always)]
#[must_use]
pub fn window<const ROWS: usize>(values: &[f64]) -> &[f64; ROWS] {
    &values.as_chunks().0[0]
}

/// The first places, as many as a tile has rows.
///
/// ```
/// let mut values = [0.0; 3];
/// *hesse_runtime::lanes::window_mut(&mut values) = [1.0, 2.0];
/// assert_eq!(values, [1.0, 2.0, 0.0]);
/// ```
///
/// # Panics
/// Where there are not so many.
#[inline(always)]
#[must_use]
pub fn window_mut<const ROWS: usize>(values: &mut [f64]) -> &mut [f64; ROWS] {
    &mut values.as_chunks_mut().0[0]
}

/// Sets to zero what lies before and after some places.
///
/// ```
/// let mut values = [1.0; 4];
/// hesse_runtime::lanes::clear_around(&mut values, 1..3);
/// assert_eq!(values, [0.0, 1.0, 1.0, 0.0]);
/// ```
///
/// # Panics
/// Where there are no such places.
#[inline(always)]
pub fn clear_around(values: &mut [f64], places: core::ops::Range<usize>) {
    values[..places.start].fill(0.0);
    values[places.end..].fill(0.0);
}

/// A number that compilers do not know beforehand: loops of so many steps stay loops.
///
/// Written out step by step, as compilers like to do up to eight, sums over a tile take several times as long to compile
/// and no shorter to run.
///
/// ```
/// assert_eq!(hesse_runtime::lanes::opaque(8), 8);
/// ```
#[inline(always)]
#[must_use]
pub fn opaque(steps: usize) -> usize {
    core::hint::black_box(steps)
}

/// Adds the sum of each group of parts to the number beside it.
///
/// ```
/// use hesse_runtime::lanes::{Plain, add_totals};
///
/// let mut sums = [1.0, 2.0];
/// add_totals(Plain, &[[0.5; 8], [0.25; 8]], &mut sums);
/// assert_eq!(sums, [5.0, 4.0]);
/// ```
#[inline(always)]
pub fn add_totals<const L: usize, M: Vectors<L>>(machine: M, lanes: &[[f64; L]], sums: &mut [f64]) {
    let ((fours, rest), (four_sums, rest_sums)) = (lanes.as_chunks::<4>(), sums.as_chunks_mut::<4>());
    for (sums, [a, b, c, d]) in four_sums.iter_mut().zip(fours) {
        let totals = machine.totals([machine.load(a), machine.load(b), machine.load(c), machine.load(d)]);
        for (sum, total) in sums.iter_mut().zip(totals) {
            *sum += total;
        }
    }
    for (sum, lanes) in rest_sums.iter_mut().zip(rest) {
        *sum += machine.total(machine.load(lanes));
    }
}

/// Turns up to `R` rows of `D` numbers into `D` panels of `R`, a multiple of `L`; zeros where rows are lacking.
///
/// ```
/// use hesse_runtime::lanes::{Plain, columns};
///
/// let mut panels = [[9.0; 8]; 2];
/// columns::<8, _, 2, 8>(Plain, &[[1.0, 2.0], [3.0, 4.0]], &mut panels);
/// assert_eq!(panels[0], [1.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
/// assert_eq!(panels[1], [2.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
/// ```
#[inline(always)]
pub fn columns<const L: usize, M: Vectors<L>, const D: usize, const R: usize>(
    machine: M,
    rows: &[[f64; D]],
    panels: &mut [[f64; R]; D],
) {
    match rows.first_chunk::<R>() {
        Some(rows) if D >= L && M::FUSED => {
            // The last block overlaps the one before it where there are columns left.
            let mut first = 0;
            while first < D {
                block_of_columns(machine, rows, panels, first.min(D - L));
                first += L;
            }
        }
        _ => some_columns(rows, panels),
    }
}

/// Turns `L` columns of all rows.
#[inline(always)]
fn block_of_columns<const L: usize, M: Vectors<L>, const D: usize, const R: usize>(
    machine: M,
    rows: &[[f64; D]; R],
    panels: &mut [[f64; R]; D],
    first: usize,
) {
    for (group, rows) in rows.as_chunks::<L>().0.iter().enumerate() {
        let mut lanes = [machine.splat(0.0); L];
        for i in 0..L {
            if let Some(row) = rows[i][first..].first_chunk() {
                lanes[i] = machine.load(row);
            }
        }
        let lanes = machine.transpose(lanes);
        for j in 0..L {
            if let Some(to) = panels[first + j].as_chunks_mut::<L>().0.get_mut(group) {
                machine.store(lanes[j], to);
            }
        }
    }
}

/// Number by number. Compiled for the baseline on purpose: with AVX2 and AVX-512 compilers choose gathers, which are
/// slower than plain loads and stores on most processors.
#[inline(never)]
fn some_columns<const D: usize, const R: usize>(rows: &[[f64; D]], panels: &mut [[f64; R]; D]) {
    let count = rows.len().min(R);
    if let Some(rows) = rows.first_chunk::<R>() {
        let (pairs, _) = rows.as_chunks::<2>();
        for (at, [even, odd]) in pairs.iter().enumerate() {
            for (column, panel) in panels.iter_mut().enumerate() {
                if let Some([first, second]) = panel.get_mut(2 * at..).and_then(|p| p.first_chunk_mut()) {
                    *first = even[column];
                    *second = odd[column];
                }
            }
        }
        return;
    }
    for (column, panel) in panels.iter_mut().enumerate() {
        for (lane, row) in panel.iter_mut().zip(rows) {
            *lane = row[column];
        }
        panel[count..].fill(0.0);
    }
}
