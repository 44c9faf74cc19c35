//! The tree of blocks, filled in any order by whoever has a part.

use core::fmt;
use core::ops::Range;
use std::collections::BTreeMap;
use std::vec::Vec;

use super::tree::halves;
use super::{Blocks, Partial};

/// Parts of one sum over rows that come in any order, from anywhere: a monoid whose sum has always the same bits.
///
/// A part is that of one block, or of blocks that the tree merges. Two parts merge as soon as both halves of a node of
/// the tree are there, so the order of additions is that of [`Serial`](super::Serial), whatever the order of arrival.
/// What is kept is one part for each gap that is left, and about log₂ of the number of blocks besides: memory for few
/// parts where blocks come in order.
///
/// ```
/// use hesse_runtime::blocks::{Blocks, Gathered, Partial};
///
/// let blocks = Blocks::new(20_000, 1);
/// let mut sum = Gathered::new(blocks, [1, 0]);
/// for block in [2, 0, 1] {
///     let rows = blocks.rows_of(block);
///     let value = rows.len() as f64;
///     sum.insert(&Partial { rows, value, gradient: &mut [block as f64], hessian: &mut [] })?;
/// }
/// let whole = sum.whole()?;
/// assert_eq!((whole.value, &whole.gradient), (20_000.0, &vec![3.0]));
/// # Ok::<(), hesse_runtime::blocks::GatherError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Gathered {
    blocks: Blocks,
    lengths: [usize; 2],
    /// By their first block.
    parts: BTreeMap<usize, Part>,
}

/// A part that owns its numbers.
///
/// ```
/// use hesse_runtime::blocks::{Blocks, Gathered, Partial};
///
/// let mut sum = Gathered::new(Blocks::new(64, 1), [1, 0]);
/// sum.insert(&Partial { rows: 0..64, value: 3.0, gradient: &mut [0.5], hessian: &mut [] })?;
/// let part = sum.whole()?;
/// assert_eq!((part.value, &part.gradient[..]), (3.0, &[0.5][..]));
/// # Ok::<(), hesse_runtime::blocks::GatherError>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Part {
    /// The blocks it is the sum of.
    blocks: Range<usize>,
    /// What they add to E.
    pub value: f64,
    /// What they add to ∇E; as many numbers as were asked for.
    pub gradient: Vec<f64>,
    /// What they add to H, packed lower triangle by rows; as many numbers as were asked for.
    pub hessian: Vec<f64>,
}

/// Why a part has no place, or the sum is not whole.
///
/// ```
/// use hesse_runtime::blocks::{Blocks, GatherError, Gathered};
///
/// // Rows that never came
/// let missing = Gathered::new(Blocks::new(64, 1), [1, 0]).whole();
/// assert!(matches!(missing, Err(GatherError::Missing { .. })));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum GatherError {
    /// The rows of a part are no node of the tree.
    Rows {
        /// Of the part.
        rows: Range<usize>,
        /// The height of the blocks.
        height: usize,
    },
    /// Some rows came twice.
    Twice {
        /// Of the part that came last.
        rows: Range<usize>,
    },
    /// Gradient or Hessian have another length.
    Lengths {
        /// Numbers of gradient and Hessian in the part.
        found: [usize; 2],
        /// Those that were asked for.
        expected: [usize; 2],
    },
    /// Some rows did not come.
    Missing {
        /// The first that are missing.
        rows: Range<usize>,
        /// The number of all rows.
        of: usize,
    },
}

impl fmt::Display for GatherError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GatherError::Rows { rows, height } => write!(
                f,
                "rows {rows:?} are no part of the sum: expected blocks of {height} rows, or halves of their list"
            ),
            GatherError::Twice { rows } => {
                write!(f, "some of the rows {rows:?} came twice: give every row a number of its own")
            }
            GatherError::Lengths { found, expected } => write!(
                f,
                "the part has {} numbers of a gradient and {} of a Hessian, but {} and {} were expected",
                found[0], found[1], expected[0], expected[1]
            ),
            GatherError::Missing { rows, of } => write!(
                f,
                "rows {rows:?} of {of} are missing: number the rows from 0, without gaps, and say how many there are"
            ),
        }
    }
}

impl core::error::Error for GatherError {}

impl Gathered {
    /// No part yet; `lengths` are those of gradient and Hessian.
    #[must_use]
    pub fn new(blocks: Blocks, lengths: [usize; 2]) -> Gathered {
        Gathered { blocks, lengths, parts: BTreeMap::new() }
    }

    /// How the rows are cut.
    #[must_use]
    pub fn blocks(&self) -> Blocks {
        self.blocks
    }

    /// Takes a part in; merges what can be merged. Costs one addition per number and merge.
    ///
    /// # Errors
    /// Where the rows of the part are no node of the tree, came before, or the lengths differ; nothing is changed then.
    pub fn insert(&mut self, part: &Partial<'_>) -> Result<(), GatherError> {
        let found = [part.gradient.len(), part.hessian.len()];
        if found != self.lengths {
            return Err(GatherError::Lengths { found, expected: self.lengths });
        }
        let no_node = || GatherError::Rows { rows: part.rows.clone(), height: self.blocks.height() };
        let list = self.list(&part.rows).ok_or_else(no_node)?;
        // The path from the root to the part.
        let mut path = Vec::new();
        let mut node = 0..self.blocks.count();
        while node != list {
            if node.len() <= 1 {
                return Err(no_node());
            }
            let (left, right) = halves(&node);
            let next = if list.start < right.start { left } else { right };
            path.push(core::mem::replace(&mut node, next));
        }
        let overlaps = |own: &Part| own.blocks.end > list.start && own.blocks.start < list.end;
        if self.parts.range(..list.end).next_back().is_some_and(|(_, own)| overlaps(own)) {
            return Err(GatherError::Twice { rows: part.rows.clone() });
        }
        let (gradient, hessian) = (part.gradient.to_vec(), part.hessian.to_vec());
        let mut new = Part { blocks: list, value: part.value, gradient, hessian };
        while let Some(parent) = path.pop() {
            let (left, right) = halves(&parent);
            let sibling = if new.blocks == left { right } else { left };
            let is_there = self.parts.get(&sibling.start).is_some_and(|own| own.blocks == sibling);
            let Some(mut sibling) = is_there.then(|| self.parts.remove(&sibling.start)).flatten() else {
                break;
            };
            if sibling.blocks.start < new.blocks.start {
                core::mem::swap(&mut sibling, &mut new);
            }
            new.add(&sibling);
        }
        self.parts.insert(new.blocks.start, new);
        Ok(())
    }

    /// The parts that are there, in the order of their rows.
    pub fn parts(&mut self) -> impl Iterator<Item = Partial<'_>> {
        let blocks = self.blocks;
        self.parts.values_mut().map(move |part| {
            let rows = blocks.rows_of(part.blocks.start).start..blocks.rows_of(part.blocks.end - 1).end;
            let Part { value, gradient, hessian, .. } = part;
            Partial { rows, value: *value, gradient, hessian }
        })
    }

    /// The sum over all rows.
    ///
    /// # Errors
    /// Where rows are missing.
    pub fn whole(mut self) -> Result<Part, GatherError> {
        let first = self.parts.remove(&0);
        let found = first.as_ref().map_or(0, |part| part.blocks.end);
        match first {
            Some(whole) if found == self.blocks.count() => Ok(whole),
            _ => {
                let mut end = found;
                while let Some(next) = self.parts.get(&end) {
                    end = next.blocks.end;
                }
                let next = self.parts.range(end..).next().map_or(self.blocks.count(), |(start, _)| *start);
                let rows = self.blocks.rows_of(end).start..self.blocks.rows_of(next - 1).end;
                Err(GatherError::Missing { rows, of: self.blocks.rows() })
            }
        }
    }

    /// The numbers that are held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.len() * (1 + self.lengths[0] + self.lengths[1])
    }

    /// Whether no part is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The blocks that these rows are.
    fn list(&self, rows: &Range<usize>) -> Option<Range<usize>> {
        let first = rows.start / self.blocks.height();
        let end = if rows.end == self.blocks.rows() {
            self.blocks.count()
        } else {
            rows.end / self.blocks.height()
        };
        let is_list = first < end
            && self.blocks.rows_of(first).start == rows.start
            && self.blocks.rows_of(end - 1).end == rows.end;
        is_list.then_some(first..end)
    }
}

impl Part {
    /// Adds the part of the rows that follow.
    fn add(&mut self, next: &Part) {
        self.blocks.end = next.blocks.end;
        self.value += next.value;
        for (sum, part) in self.gradient.iter_mut().zip(&next.gradient) {
            *sum += part;
        }
        for (sum, part) in self.hessian.iter_mut().zip(&next.hessian) {
            *sum += part;
        }
    }
}
