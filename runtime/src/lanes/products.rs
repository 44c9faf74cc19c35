//! Blocks of sums of products, which stay in registers while the rows of a tile go by.

use super::Vectors;

/// Adds Σ ± yᵢ·xⱼ over the rows to `sums[i][j]`, for all j below `first + i`: a block of the lower triangle where `FIRST` is
/// less than the number of columns. The rows are the first `groups` groups of `L`; `NEGATIVE` is the sign.
///
/// ```
/// use hesse_runtime::lanes::{Plain, Vectors, add_products};
///
/// let (y, x) = ([[1.0; 8], [2.0; 8]], [[3.0; 8]; 1]);
/// let mut sums = [[[0.0; 8]]; 2];
/// add_products::<8, Plain, 2, 1, 8, 1, false>(Plain, 1, [&y[0], &y[1]], [&x[0]], &mut sums);
/// assert_eq!(sums.map(|line| Vectors::<8>::total(Plain, line[0])), [24.0, 48.0]);
/// ```
#[inline(always)]
pub fn add_products<
    const L: usize,
    M: Vectors<L>,
    const I: usize,
    const J: usize,
    const ROWS: usize,
    const FIRST: usize,
    const NEGATIVE: bool,
>(
    machine: M,
    groups: usize,
    y: [&[f64; ROWS]; I],
    x: [&[f64; ROWS]; J],
    sums: &mut [[M::Lanes; J]; I],
) {
    // Loops, not closures: these would be compiled for the baseline processor wherever they are not inlined.
    let (mut y_groups, mut x_groups) = ([&[][..]; I], [&[][..]; J]);
    for i in 0..I {
        y_groups[i] = &y[i].as_chunks::<L>().0[..groups];
    }
    for j in 0..J {
        x_groups[j] = &x[j].as_chunks::<L>().0[..groups];
    }
    let mut held = *sums;
    for group in 0..groups {
        let mut x = [machine.splat(0.0); J];
        for j in 0..J {
            x[j] = machine.load(&x_groups[j][group]);
        }
        for i in 0..I {
            let y = machine.load(&y_groups[i][group]);
            let y = if NEGATIVE { machine.minus(y) } else { y };
            for j in 0..J {
                if j < FIRST + i {
                    held[i][j] = machine.sum_of_products(y, x[j], held[i][j]);
                }
            }
        }
    }
    *sums = held;
}

/// Adds Σ ± yᵢ·xⱼ over the rows to the entries `to[at[i] + j]`, for all j below `first + i`, as
/// [`add_products`] and [`totals`] compute it; in a function of its own.
///
/// ```
/// use hesse_runtime::lanes::{Plain, add_products_to};
///
/// let (y, x) = ([[1.0; 8], [2.0; 8]], [[3.0; 8]; 1]);
/// let mut entries = [0.5; 3];
/// add_products_to::<8, Plain, 2, 1, 8, 1, false>(Plain, 1, [&y[0], &y[1]], [&x[0]], &mut entries, [0, 2]);
/// assert_eq!(entries, [24.5, 0.5, 48.5]);
/// ```
#[inline(always)]
pub fn add_products_to<
    const L: usize,
    M: Vectors<L>,
    const I: usize,
    const J: usize,
    const ROWS: usize,
    const FIRST: usize,
    const NEGATIVE: bool,
>(
    machine: M,
    groups: usize,
    y: [&[f64; ROWS]; I],
    x: [&[f64; ROWS]; J],
    to: &mut [f64],
    at: [usize; I],
) {
    machine.apart(
        #[inline(always)]
        || {
            let mut sums = [[machine.splat(0.0); J]; I];
            add_products::<L, M, I, J, ROWS, FIRST, NEGATIVE>(machine, groups, y, x, &mut sums);
            for i in 0..I {
                let totals = totals(machine, sums[i]);
                let entries = &mut to[at[i]..][..usize::min(J, FIRST + i)];
                for (entry, total) in entries.iter_mut().zip(totals) {
                    *entry += total;
                }
            }
        },
    );
}

/// The sums of several groups of parts, as [`Vectors::total`] adds them up.
///
/// ```
/// use hesse_runtime::lanes::{Plain, totals};
///
/// assert_eq!(totals::<8, _, 5>(Plain, [[0.5; 8]; 5]), [4.0; 5]);
/// ```
#[inline(always)]
pub fn totals<const L: usize, M: Vectors<L>, const N: usize>(machine: M, sums: [M::Lanes; N]) -> [f64; N] {
    let mut totals = [0.0; N];
    for four in 0..N / 4 {
        let at = 4 * four;
        [totals[at], totals[at + 1], totals[at + 2], totals[at + 3]] =
            machine.totals([sums[at], sums[at + 1], sums[at + 2], sums[at + 3]]);
    }
    for at in N / 4 * 4..N {
        totals[at] = machine.total(sums[at]);
    }
    totals
}
