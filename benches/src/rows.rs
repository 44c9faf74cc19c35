//! Rows kept in tiles of columns, and weighted sums of outer products over them.

use std::ops::{Deref, DerefMut};

use crate::lanes::{LANES, Processor};

/// Rows of a tile.
pub const TILE: usize = 64;

/// One scalar for each row of a tile, where vectors do not straddle cache lines.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Column([f64; TILE]);

/// Partial sums, one for each lane of a vector.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Lanes([f64; LANES]);

impl Column {
    /// All the same.
    #[inline(always)]
    pub const fn splat(x: f64) -> Column {
        Column([x; TILE])
    }
}

impl Lanes {
    /// Nothing added yet.
    pub const ZERO: Lanes = Lanes([0.0; LANES]);

    /// The sum of the lanes, by halves.
    #[inline(always)]
    pub fn total(self) -> f64 {
        let [a, b, c, d, e, f, g, h] = self.0;
        ((a + e) + (c + g)) + ((b + f) + (d + h))
    }
}

impl Deref for Column {
    type Target = [f64; TILE];

    #[inline(always)]
    fn deref(&self) -> &[f64; TILE] {
        &self.0
    }
}

impl DerefMut for Column {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [f64; TILE] {
        &mut self.0
    }
}

/// Rows as tiles of columns, prepared once for a data set; rows that are missing in the last tile are zero.
pub fn tiles<const D: usize>(rows: impl IntoIterator<Item = [f64; D]>) -> Vec<[Column; D]> {
    let mut tiles = Vec::new();
    for (r, row) in rows.into_iter().enumerate() {
        if r % TILE == 0 {
            tiles.push([Column::splat(0.0); D]);
        }
        if let Some(tile) = tiles.last_mut() {
            for (column, entry) in tile.iter_mut().zip(row) {
                column[r % TILE] = entry;
            }
        }
    }
    tiles
}

/// Ones where there is a row and zeros where it is missing, for a tile that begins at row `start` of `rows`.
#[inline(always)]
pub fn presence(start: usize, rows: usize) -> Column {
    let mut presence = Column::splat(1.0);
    if start + TILE > rows {
        presence[rows - start..].fill(0.0);
    }
    presence
}

/// Adds to lanes of sums: Σ y·x for J columns x at once, whose lanes stay in registers throughout the tile.
///
/// Explicit vectors, since compilers vectorize such loops along the wrong index.
#[inline(always)]
pub fn dots<F: Processor, const J: usize>(f: F, y: &Column, x: [&Column; J], sums: &mut [Lanes]) {
    let (y, _) = F::as_simd_f64s(&y.0);
    let x = x.map(|x| F::as_simd_f64s(&x.0).0);
    let mut held = [f.splat_f64s(0.0); J];
    for c in 0..y.len() {
        for j in 0..J {
            held[j] = f.mul_add_f64s(y[c], x[j][c], held[j]);
        }
    }
    for (sums, held) in sums[..J].iter_mut().zip(held) {
        let first = &mut F::as_mut_simd_f64s(&mut sums.0).0[0];
        *first = f.add_f64s(*first, held);
    }
}

/// Adds to one lane of sums.
#[inline(always)]
pub fn sum(x: &Column, sums: &mut Lanes) {
    for c in 0..TILE / LANES {
        for l in 0..LANES {
            sums.0[l] += x[c * LANES + l];
        }
    }
}

/// Adds the lower triangle of Σ y xᵀ, packed by rows, where y is x up to a weight for each row: blocks of four by
/// four entries, so that every column loaded into a register serves four times.
#[inline(always)]
pub fn triangle<F: Processor>(f: F, y: &[Column], x: &[Column], sums: &mut [Lanes]) {
    let mut i = 0;
    while i + 4 <= y.len() {
        strip::<F, 4>(f, y, x, i, sums);
        i += 4;
    }
    match y.len() - i {
        1 => strip::<F, 1>(f, y, x, i, sums),
        2 => strip::<F, 2>(f, y, x, i, sums),
        3 => strip::<F, 3>(f, y, x, i, sums),
        _ => {}
    }
}

/// The lines i..i + I of a triangle; i is a multiple of four.
#[inline(always)]
fn strip<F: Processor, const I: usize>(f: F, y: &[Column], x: &[Column], i: usize, sums: &mut [Lanes]) {
    let lines: [&Column; I] = std::array::from_fn(|k| &y[i + k]);
    let at = |k: usize| (i + k) * (i + k + 1) / 2;
    for j in (0..i).step_by(4) {
        let columns: [&Column; 4] = std::array::from_fn(|k| &x[j + k]);
        block::<F, I, 4, false>(f, lines, columns, |k| at(k) + j, sums);
    }
    block::<F, I, I, true>(f, lines, std::array::from_fn(|k| &x[i + k]), |k| at(k) + i, sums);
}

/// Adds Σ y xᵀ of I × J columns, or its lower triangle, at the places where the lines begin.
#[inline(always)]
pub fn block<F: Processor, const I: usize, const J: usize, const LOWER: bool>(
    f: F,
    y: [&Column; I],
    x: [&Column; J],
    begin: impl Fn(usize) -> usize,
    sums: &mut [Lanes],
) {
    let y = y.map(|y| F::as_simd_f64s(&y.0).0);
    let x = x.map(|x| F::as_simd_f64s(&x.0).0);
    let mut held = [[f.splat_f64s(0.0); J]; I];
    for c in 0..y[0].len() {
        for i in 0..I {
            for j in 0..if LOWER { i + 1 } else { J } {
                held[i][j] = f.mul_add_f64s(y[i][c], x[j][c], held[i][j]);
            }
        }
    }
    for i in 0..I {
        let sums = &mut sums[begin(i)..];
        for j in 0..if LOWER { i + 1 } else { J } {
            let first = &mut F::as_mut_simd_f64s(&mut sums[j].0).0[0];
            *first = f.add_f64s(*first, held[i][j]);
        }
    }
}

/// Adds Σ y·x for any number of columns x.
#[inline(always)]
pub fn line<F: Processor>(f: F, y: &Column, x: &[Column], sums: &mut [Lanes]) {
    let mut at = 0;
    while at + 8 <= x.len() {
        dots::<F, 8>(f, y, std::array::from_fn(|j| &x[at + j]), &mut sums[at..]);
        at += 8;
    }
    let sums = &mut sums[at..];
    match x[at..] {
        [] => {}
        [ref a] => dots(f, y, [a], sums),
        [ref a, ref b] => dots(f, y, [a, b], sums),
        [ref a, ref b, ref c] => dots(f, y, [a, b, c], sums),
        [ref a, ref b, ref c, ref d] => dots(f, y, [a, b, c, d], sums),
        [ref a, ref b, ref c, ref d, ref e] => dots(f, y, [a, b, c, d, e], sums),
        [ref a, ref b, ref c, ref d, ref e, ref g] => dots(f, y, [a, b, c, d, e, g], sums),
        [ref a, ref b, ref c, ref d, ref e, ref g, ref h, ..] => dots(f, y, [a, b, c, d, e, g, h], sums),
    }
}

/// The totals of lanes.
#[inline(always)]
pub fn totals(sums: &[Lanes], into: &mut [f64]) {
    for (into, &lanes) in into.iter_mut().zip(sums) {
        *into = lanes.total();
    }
}
