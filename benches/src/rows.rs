//! Rows kept in tiles of columns, and weighted sums of outer products over them.

use std::ops::{Deref, DerefMut};

use crate::lanes::Processor;

/// Rows of a tile, unless a workload has a reason for another number.
pub const TILE: usize = 64;

/// One scalar for each row of a tile, where vectors do not straddle cache lines.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Cells<const T: usize>([f64; T]);

/// A column of a tile of the usual length.
pub type Column = Cells<TILE>;

impl<const T: usize> Cells<T> {
    /// All the same.
    #[inline(always)]
    pub const fn splat(x: f64) -> Cells<T> {
        Cells([x; T])
    }

    /// Ones where there is a row and zeros where it is missing, for a tile that begins at row `start` of `rows`.
    #[inline(always)]
    pub fn presence(start: usize, rows: usize) -> Cells<T> {
        let mut presence = Cells::splat(1.0);
        if start + T > rows {
            presence[rows - start..].fill(0.0);
        }
        presence
    }

    /// As vectors.
    #[inline(always)]
    fn vectors<F: Processor>(&self) -> &[F::f64s] {
        // The length is the slice's; said again so that the compiler sees it in loops over several columns.
        &F::as_simd_f64s(&self.0).0[..T / F::F64_LANES]
    }
}

impl<const T: usize> Deref for Cells<T> {
    type Target = [f64; T];

    #[inline(always)]
    fn deref(&self) -> &[f64; T] {
        &self.0
    }
}

impl<const T: usize> DerefMut for Cells<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [f64; T] {
        &mut self.0
    }
}

/// Rows as tiles of columns, prepared once for a data set; rows that are missing in the last tile are zero.
pub fn tiles<const D: usize, const T: usize>(rows: impl IntoIterator<Item = [f64; D]>) -> Vec<[Cells<T>; D]> {
    let mut tiles = Vec::new();
    for (r, row) in rows.into_iter().enumerate() {
        if r % T == 0 {
            tiles.push([Cells::splat(0.0); D]);
        }
        if let Some(tile) = tiles.last_mut() {
            for (column, entry) in tile.iter_mut().zip(row) {
                column[r % T] = entry;
            }
        }
    }
    tiles
}

/// The sum of a column.
#[inline(always)]
pub fn sum<F: Processor, const T: usize>(f: F, x: &Cells<T>) -> f64 {
    let mut held = f.splat_f64s(0.0);
    for &x in x.vectors::<F>() {
        held = f.add_f64s(held, x);
    }
    f.reduce_sum_f64s(held)
}

/// Adds Σ y xᵀ over the rows for I × J columns, or its lower triangle; line i of the result begins at `begin(i)`.
/// The partial sums stay in registers throughout the tile.
///
/// Explicit vectors, since compilers vectorize such loops along the wrong index.
#[inline(always)]
pub fn block<F: Processor, const T: usize, const I: usize, const J: usize, const LOWER: bool>(
    f: F,
    y: [&Cells<T>; I],
    x: [&Cells<T>; J],
    begin: impl Fn(usize) -> usize,
    sums: &mut [f64],
) {
    let y = y.map(|y| y.vectors::<F>());
    let x = x.map(|x| x.vectors::<F>());
    let mut held = [[f.splat_f64s(0.0); J]; I];
    for c in 0..T / F::F64_LANES {
        for i in 0..I {
            for j in 0..if LOWER { i + 1 } else { J } {
                held[i][j] = f.mul_add_e_f64s(y[i][c], x[j][c], held[i][j]);
            }
        }
    }
    for i in 0..I {
        let columns = if LOWER { i + 1 } else { J };
        let sums = &mut sums[begin(i)..][..columns];
        for j in 0..columns {
            sums[j] += f.reduce_sum_f64s(held[i][j]);
        }
    }
}

/// Adds Σ y xᵀ for any number of columns, row by row of the result: blocks of four by four entries, so that every
/// column loaded into a register serves four times.
#[inline(always)]
pub fn outer<F: Processor, const T: usize>(f: F, y: &[Cells<T>], x: &[Cells<T>], sums: &mut [f64]) {
    let stride = x.len();
    let mut i = 0;
    while i + 4 <= y.len() {
        lines::<F, T, 4>(f, std::array::from_fn(|k| &y[i + k]), x, |k| (i + k) * stride, sums);
        i += 4;
    }
    while i < y.len() {
        lines::<F, T, 1>(f, [&y[i]], x, |_| i * stride, sums);
        i += 1;
    }
}

/// Adds Σ y·x for any number of columns x.
#[inline(always)]
pub fn line<F: Processor, const T: usize>(f: F, y: &Cells<T>, x: &[Cells<T>], sums: &mut [f64]) {
    lines(f, [y], x, |_| 0, sums);
}

/// Adds the lower triangle of Σ y xᵀ, packed by rows, where y is x up to a weight for each row.
#[inline(always)]
pub fn triangle<F: Processor, const T: usize>(f: F, y: &[Cells<T>], x: &[Cells<T>], sums: &mut [f64]) {
    let mut i = 0;
    while i + 4 <= y.len() {
        strip::<F, T, 4>(f, y, x, i, sums);
        i += 4;
    }
    match y.len() - i {
        1 => strip::<F, T, 1>(f, y, x, i, sums),
        2 => strip::<F, T, 2>(f, y, x, i, sums),
        3 => strip::<F, T, 3>(f, y, x, i, sums),
        _ => {}
    }
}

/// The lines i..i + I of a triangle.
#[inline(always)]
fn strip<F: Processor, const T: usize, const I: usize>(
    f: F,
    y: &[Cells<T>],
    x: &[Cells<T>],
    i: usize,
    sums: &mut [f64],
) {
    let own: [&Cells<T>; I] = std::array::from_fn(|k| &y[i + k]);
    let begin = |k: usize| (i + k) * (i + k + 1) / 2;
    lines(f, own, &x[..i], begin, sums);
    let corner = |k: usize| begin(k) + i;
    block::<F, T, I, I, true>(f, own, std::array::from_fn(|k| &x[i + k]), corner, sums);
}

#[inline(always)]
fn lines<F: Processor, const T: usize, const I: usize>(
    f: F,
    y: [&Cells<T>; I],
    x: &[Cells<T>],
    begin: impl Fn(usize) -> usize + Copy,
    sums: &mut [f64],
) {
    let (fours, rest) = x.as_chunks::<4>();
    for (at, four) in fours.iter().enumerate() {
        block::<F, T, I, 4, false>(f, y, four.each_ref(), |k| begin(k) + 4 * at, sums);
    }
    let last = |k: usize| begin(k) + 4 * fours.len();
    match rest {
        [a] => block::<F, T, I, 1, false>(f, y, [a], last, sums),
        [a, b] => block::<F, T, I, 2, false>(f, y, [a, b], last, sums),
        [a, b, c] => block::<F, T, I, 3, false>(f, y, [a, b, c], last, sums),
        _ => {}
    }
}
