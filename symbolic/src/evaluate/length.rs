//! How long a kernel runs and how much it keeps, before it is run.

use std::collections::HashMap;

use super::BindError;
use super::binder::Binder;
use crate::graph::{Affine, Index, Range, Symbol};
use crate::schedule::{Block, Kernel, Stage, Statement};

/// The most statements of one run: some hours.
const MAX_STEPS: u64 = 1 << 40;
/// The most numbers in local arrays: some gigabytes.
const MAX_STORED: usize = 1 << 29;

/// The sizes of the local arrays of a kernel.
pub(super) fn tables(binder: &Binder<'_>) -> Result<Vec<usize>, BindError> {
    let mut total = 0usize;
    let mut sizes = Vec::with_capacity(binder.kernel.tables.len());
    for shape in &binder.kernel.tables {
        let mut lengths =
            shape.iter().map(|length| usize::try_from(binder.form(length).constant).unwrap_or(0));
        let size = lengths.try_fold(1usize, usize::checked_mul).ok_or(BindError::TooLarge)?;
        total = total.checked_add(size).filter(|total| *total <= MAX_STORED).ok_or(BindError::TooLarge)?;
        sizes.push(size);
    }
    Ok(sizes)
}

/// Refuses what nobody waits for: loops are taken to be as long as their longest.
pub(super) fn check_steps(kernel: &Kernel, sizes: &[usize]) -> Result<(), BindError> {
    let mut length = Length { sizes, counters: HashMap::new() };
    match length.block(&kernel.body) {
        0..=MAX_STEPS => Ok(()),
        steps => Err(BindError::TooLong { steps, limit: MAX_STEPS }),
    }
}

struct Length<'a> {
    sizes: &'a [usize],
    /// The least and the greatest value of each index.
    counters: HashMap<Index, (i128, i128)>,
}

impl Length<'_> {
    fn block(&mut self, block: &Block) -> u64 {
        let steps = block.iter().map(|statement| match statement {
            Statement::Loop(index, range, body) => self.repeated(*index, range, |this| this.block(body)),
            Statement::Tiles(tiles) => {
                self.repeated(tiles.index, &tiles.range, |this| this.stages(&tiles.stages))
            }
            _ => 1,
        });
        steps.fold(0, u64::saturating_add)
    }

    fn stages(&mut self, stages: &[Stage]) -> u64 {
        let steps = stages.iter().map(|stage| match stage {
            Stage::Loop(index, range, inner) => self.repeated(*index, range, |this| this.stages(inner)),
            _ => 1,
        });
        steps.fold(0, u64::saturating_add)
    }

    fn repeated(&mut self, index: Index, range: &Range, inner: impl FnOnce(&mut Self) -> u64) -> u64 {
        let (lo, hi) = (self.extremes(&range.lo).0, self.extremes(&range.hi).1);
        if hi <= lo {
            return 1;
        }
        self.counters.insert(index, (lo, hi - 1));
        let inner = inner(self).saturating_add(1);
        u64::try_from(hi - lo).map_or(u64::MAX, |length| length.saturating_mul(inner))
    }

    /// The least and the greatest value of an integer form.
    fn extremes(&self, affine: &Affine) -> (i128, i128) {
        let start = i128::from(affine.constant);
        affine.terms.iter().fold((start, start), |(least, greatest), &(symbol, coefficient)| {
            let (lo, hi) = match symbol {
                // The bounds of a part of the rows come with each run, whose caller knows how many they are.
                Symbol::Dimension(dimension) => {
                    let size = self.sizes.get(dimension.0 as usize).copied().unwrap_or_default();
                    (size as i128, size as i128)
                }
                Symbol::Index(index) => self.counters.get(&index).copied().unwrap_or_default(),
            };
            let c = i128::from(coefficient);
            (least + (c * lo).min(c * hi), greatest + (c * lo).max(c * hi))
        })
    }
}
