//! Evaluation by blocks of rows, the same to the last bit on any number of threads.
//!
//! The rows of a [`RowErrorFunction`](crate::RowErrorFunction) are cut into [`Blocks`], by a formula of the numbers of
//! rows and parameters alone. Each block gives a [`Partial`], and neighbors are merged in one fixed binary tree: the
//! list of blocks is halved until one is left. So the order of every addition is fixed, whoever computes a block.
//!
//! `Serial` (feature `std`) walks the tree on the calling thread, `Parallel` (feature `parallel`) on the threads of
//! rayon, `OverRanks` (feature `std`) on processes that exchange their parts through a `Communicator`; all are error
//! functions themselves. `Gathered` (feature `std`) takes parts in any order and merges them in the same tree. Parts travel
//! as bytes by `Partial::to_bytes` and `Partial::from_bytes`.

#[cfg(feature = "std")]
mod bytes;
#[cfg(feature = "std")]
mod gathered;
mod partial;
#[cfg(feature = "std")]
mod ranks;
mod shard;
#[cfg(feature = "std")]
mod tree;

use core::ops::Range;

#[cfg(feature = "std")]
pub use bytes::BytesError;
#[cfg(feature = "std")]
pub use gathered::{GatherError, Gathered, Part};
pub use partial::{MergeError, Partial};
#[cfg(feature = "std")]
pub use ranks::{Communicator, OverRanks, Shares};
pub use shard::Shard;
#[cfg(feature = "std")]
pub use tree::{InBlocks, Join, OneThread, Serial};
#[cfg(feature = "parallel")]
pub use tree::{Parallel, Threads};

/// A multiple of the rows of every tile of generated code.
const TILE: usize = 64;
/// The rows of a block are at least this many divided by the number of parameters: rows of few are cheap.
const SHARE: usize = 1 << 16;
/// The least and the greatest outcome of that division.
const LEAST: [usize; 2] = [256, 8192];
/// Blocks grow with the entries of the Hessian only while this many are left.
const LEFT: usize = 64;

/// Rows cut into blocks of one height, the last perhaps lower.
///
/// The height is 2¹⁶ over the number p of parameters, within 256 and 8192; or, where that is more, p²/2, about the
/// entries of the Hessian, which each block has to clear and to merge, as long as 64 blocks are left; rounded up to a
/// multiple of 64. Fewer rows than that, and none at all, are one block.
///
/// ```
/// use hesse_runtime::blocks::Blocks;
///
/// let blocks = Blocks::new(20_000, 11);
/// assert_eq!((blocks.height(), blocks.count()), (6_016, 4));
/// assert_eq!(blocks.rows_of(3), 18_048..20_000);
/// assert_eq!(Blocks::new(0, 11).count(), 1);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Blocks {
    rows: usize,
    height: usize,
}

impl Blocks {
    /// So many rows, of an error function of so many parameters.
    #[must_use]
    pub fn new(rows: usize, parameters: usize) -> Blocks {
        let [least, greatest] = LEAST;
        let share = (SHARE / parameters.max(1)).clamp(least, greatest);
        let entries = parameters.saturating_mul(parameters) / 2;
        let height = share.max(entries.min(rows / LEFT)).next_multiple_of(TILE);
        Blocks { rows, height }
    }

    /// The number of rows.
    #[must_use]
    pub fn rows(self) -> usize {
        self.rows
    }

    /// The rows of every block but the last.
    #[must_use]
    pub fn height(self) -> usize {
        self.height
    }

    /// The number of blocks, at least one.
    #[must_use]
    pub fn count(self) -> usize {
        self.rows.div_ceil(self.height).max(1)
    }

    /// The rows of one block, counted from 0; empty beyond the last.
    #[must_use]
    pub fn rows_of(self, block: usize) -> Range<usize> {
        let start = block.saturating_mul(self.height).min(self.rows);
        start..start.saturating_add(self.height).min(self.rows)
    }
}
