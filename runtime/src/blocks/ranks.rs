//! The tree of blocks, spread over processes that exchange their parts.

use core::fmt;
use core::ops::Range;
use std::vec;
use std::vec::Vec;

use super::tree::{Leaf, by_blocks, fill, halves};
use super::{Blocks, OneThread, Partial};
use crate::{ErrorFunction, RowErrorFunction};

/// How processes exchange numbers: what an all-reduce in a fixed order needs.
///
/// Messages between two ranks arrive in the order they were sent. A call that cannot be served, because a peer is gone,
/// must not return: it ends the process, as MPI does.
///
/// ```
/// use hesse_runtime::blocks::Communicator;
///
/// /// A process that is alone.
/// struct Alone;
///
/// impl Communicator for Alone {
///     fn rank(&self) -> usize {
///         0
///     }
///     fn ranks(&self) -> usize {
///         1
///     }
///     fn send(&self, _to: usize, _numbers: &[f64]) {}
///     fn receive(&self, _from: usize, _numbers: &mut [f64]) {}
///     fn broadcast(&self, _numbers: &mut [f64]) {}
/// }
///
/// assert_eq!(Alone.ranks(), 1);
/// ```
pub trait Communicator {
    /// The rank of this process, from 0.
    fn rank(&self) -> usize;
    /// The number of processes, at least 1.
    fn ranks(&self) -> usize;
    /// Sends numbers to another rank.
    fn send(&self, to: usize, numbers: &[f64]);
    /// Receives as many numbers as fit, from another rank.
    fn receive(&self, from: usize, numbers: &mut [f64]);
    /// Gives everyone the numbers of rank 0.
    fn broadcast(&self, numbers: &mut [f64]);
}

impl<C: Communicator + ?Sized> Communicator for &C {
    fn rank(&self) -> usize {
        (**self).rank()
    }
    fn ranks(&self) -> usize {
        (**self).ranks()
    }
    fn send(&self, to: usize, numbers: &[f64]) {
        (**self).send(to, numbers);
    }
    fn receive(&self, from: usize, numbers: &mut [f64]) {
        (**self).receive(from, numbers);
    }
    fn broadcast(&self, numbers: &mut [f64]) {
        (**self).broadcast(numbers);
    }
}

/// Which blocks each rank has: neighbors to each other, the first ranks the first.
///
/// A number of ranks that is a power of two halves the list where the tree of parts does, so each rank has one subtree.
///
/// ```
/// use hesse_runtime::blocks::{Blocks, Shares};
///
/// let blocks = Blocks::new(1_000_000, 11);
/// let shares = Shares::new(blocks, 2);
/// assert_eq!((shares.rows_of(0), shares.rows_of(1)), (0..505_344, 505_344..1_000_000));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shares {
    blocks: Blocks,
    /// The first block of every rank, and the number of blocks.
    starts: Vec<usize>,
}

impl Shares {
    /// Deals blocks to so many ranks; more ranks than blocks leave the last ones without.
    #[must_use]
    pub fn new(blocks: Blocks, ranks: usize) -> Shares {
        let mut starts = Vec::new();
        deal(0..blocks.count(), ranks.max(1), &mut starts);
        starts.push(blocks.count());
        Shares { blocks, starts }
    }

    /// The rows of one rank, counted from 0; empty beyond the last.
    #[must_use]
    pub fn rows_of(&self, rank: usize) -> Range<usize> {
        let first = |rank: usize| {
            let start = self.starts.get(rank).copied().unwrap_or(self.blocks.count());
            if start < self.blocks.count() { self.blocks.rows_of(start).start } else { self.blocks.rows() }
        };
        first(rank)..first(rank.saturating_add(1))
    }

    fn owner(&self, block: usize) -> usize {
        self.starts.partition_point(|&start| start <= block).saturating_sub(1)
    }
}

fn deal(list: Range<usize>, ranks: usize, starts: &mut Vec<usize>) {
    if ranks == 1 {
        starts.push(list.start);
        return;
    }
    let first = ranks / 2;
    let middle = match ranks % 2 {
        0 => halves(&list).0.end,
        // In proportion; rounded up, so that the first rank is never left without.
        _ => list.start + (list.len() * first).div_ceil(ranks),
    };
    deal(list.start..middle, first, starts);
    deal(middle..list.end, ranks - first, starts);
}

/// An error function of rows that are spread over processes; every process gets the results, bit by bit those of
/// [`Serial`](super::Serial).
///
/// All ranks have to call the same methods at the same parameters in the same order, as a descent does that runs on
/// every rank: it sees the same numbers everywhere. A rank computes its own [share](Shares) of the rows alone, and
/// [`RowErrorFunction::rows`] counts all of them. Per evaluation each rank sends its part at most once for every level
/// of the tree that it shares with lower ranks, once where the number of ranks is a power of two, and then the first
/// sends the result to all.
///
/// ```
/// use hesse_runtime::blocks::{Communicator, OverRanks};
/// use hesse_runtime::{ErrorFunction, RowErrorFunction};
///
/// fn loss(my_rows: impl RowErrorFunction + Sync, world: impl Communicator, w: &[f64]) -> f64 {
///     OverRanks::new(my_rows, world).value(w)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct OverRanks<F, C> {
    error: F,
    communicator: C,
    shares: Shares,
}

impl<F: RowErrorFunction + Sync, C: Communicator> OverRanks<F, C> {
    /// Spreads the evaluation of `error` over the ranks.
    pub fn new(error: F, communicator: C) -> Self {
        let shares = Shares::new(Blocks::new(error.rows(), error.dimension()), communicator.ranks());
        OverRanks { error, communicator, shares }
    }

    /// The error function as it was given.
    pub fn inner(&self) -> &F {
        &self.error
    }

    /// Merges what the blocks of all ranks add, as [`Blocks::evaluate`] does on one process: fills the slices and gives
    /// the value, on every rank. `leaf` computes one block of this rank.
    pub fn evaluate(
        &self,
        gradient: &mut [f64],
        hessian: &mut [f64],
        leaf: impl Fn(Range<usize>, &mut [f64], &mut [f64]) -> f64 + Sync,
    ) -> f64 {
        let mut whole = Partial { rows: 0..0, value: 0.0, gradient, hessian };
        self.reduce(0..self.shares.blocks.count(), &leaf, &mut whole);
        let mut message = packed(&whole);
        self.communicator.broadcast(&mut message);
        unpack(&message, &mut whole);
        whole.value
    }

    /// Computes this rank's blocks of the list; the owner of its first block has the part of the whole list then.
    fn reduce(&self, list: Range<usize>, leaf: &impl Leaf, part: &mut Partial<'_>) {
        let me = self.communicator.rank();
        let owner = |list: &Range<usize>| self.shares.owner(list.start);
        let (first, last) = (owner(&list), self.shares.owner(list.end.saturating_sub(1).max(list.start)));
        if me < first || me > last {
            return;
        }
        if first == last {
            fill::<OneThread>(self.shares.blocks, list, leaf, part);
            return;
        }
        let (left, right) = halves(&list);
        let owners = [owner(&left), owner(&right)];
        self.reduce(left, leaf, part);
        if owners[0] != me {
            // What this rank did for the left half is sent already.
            self.reduce(right, leaf, part);
            if owners[1] == me {
                self.communicator.send(owners[0], &packed(part));
            }
            return;
        }
        let [mut gradient, mut hessian] = [part.gradient.len(), part.hessian.len()].map(|n| vec![0.0; n]);
        let rows = part.rows.end..self.shares.blocks.rows_of(right.end - 1).end;
        let mut next = Partial { rows, value: 0.0, gradient: &mut gradient, hessian: &mut hessian };
        if owners[1] == me {
            self.reduce(right, leaf, &mut next);
        } else {
            let mut message = vec![0.0; 1 + next.gradient.len() + next.hessian.len()];
            self.communicator.receive(owners[1], &mut message);
            unpack(&message, &mut next);
        }
        part.add(&next);
    }
}

/// Value, gradient and Hessian in one message.
fn packed(part: &Partial<'_>) -> Vec<f64> {
    [&[part.value], &*part.gradient, &*part.hessian].concat()
}

fn unpack(message: &[f64], part: &mut Partial<'_>) {
    if let Some((value, rest)) = message.split_first() {
        let (gradient, hessian) = rest.split_at(part.gradient.len());
        part.value = *value;
        part.gradient.copy_from_slice(gradient);
        part.hessian.copy_from_slice(hessian);
    }
}

impl<F: RowErrorFunction + Sync, C: Communicator> ErrorFunction for OverRanks<F, C> {
    by_blocks!();
}
