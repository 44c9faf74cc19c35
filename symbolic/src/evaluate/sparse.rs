//! Values and pattern of a sparse Hessian.

use super::BindError;
use super::binder::Binder;
use super::program::{Address, Memory};
use super::scalar::Scalar;
use crate::graph::{Affine, Subscript};
use crate::schedule::{Cell, Entry, Family, Triangle};

/// An entry with its addresses resolved.
#[derive(Clone, Debug)]
pub(super) struct Target {
    row: Address,
    column: Address,
    triangle: Triangle,
    /// The position along the plain axes, and where the family starts.
    line: Address,
    start: usize,
    pair: Option<Pair>,
}

/// The positions p and q of a packed triangle.
#[derive(Clone, Debug)]
struct Pair {
    p: Address,
    q: Address,
    /// The number of its slots.
    length: usize,
    is_strict: bool,
}

impl Binder<'_> {
    /// The number of values of all families.
    pub(super) fn entries(&self) -> Result<usize, BindError> {
        let sizes = self.kernel.families.iter().map(|family| self.family_size(family));
        sizes.sum::<Option<usize>>().ok_or(BindError::TooLarge)
    }

    fn family_size(&self, family: &Family) -> Option<usize> {
        let lines = self.volume(&family.lines)?;
        match &family.triangle {
            Some(triangle) => lines.checked_mul(packed(self.volume(&triangle.lengths)?, triangle.is_strict)?),
            None => Some(lines),
        }
    }

    fn volume(&self, lengths: &[Affine]) -> Option<usize> {
        let mut lengths =
            lengths.iter().map(|length| usize::try_from(self.form(length).constant).unwrap_or(0));
        lengths.try_fold(1usize, |product, length| product.checked_mul(length))
    }

    pub(super) fn target(&self, entry: &Entry) -> Target {
        let Cell { family, lines, pair: [p, q] } = &entry.cell;
        let families = &self.kernel.families;
        // Sizes were checked before anything runs.
        let start = families[..*family].iter().filter_map(|family| self.family_size(family)).sum();
        let family = &families[*family];
        let pair = family.triangle.as_ref().map(|triangle| Pair {
            p: self.along(p, &triangle.lengths),
            q: self.along(q, &triangle.lengths),
            length: self
                .volume(&triangle.lengths)
                .and_then(|length| packed(length, triangle.is_strict))
                .unwrap_or(0),
            is_strict: triangle.is_strict,
        });
        Target {
            row: self.place(&entry.row),
            column: self.place(&entry.column),
            triangle: entry.triangle,
            line: self.along(lines, &family.lines),
            start,
            pair,
        }
    }

    /// Row-major position among axes of these lengths.
    fn along(&self, subscripts: &[Subscript], lengths: &[Affine]) -> Address {
        let mut address = Address::default();
        let mut stride = 1i64;
        for (subscript, length) in subscripts.iter().zip(lengths).rev() {
            match subscript {
                Subscript::Affine(affine) => address.affine.accumulate(&self.form(affine), stride),
                Subscript::Lookup(array, inner) => {
                    address.lookups.push((*array, self.address(*array, inner), stride));
                }
            }
            stride = stride.saturating_mul(self.form(length).constant.max(0));
        }
        address
    }
}

impl<S: Scalar> Memory<'_, S> {
    /// The position of a value, and whether it counts twice; `None` where the entry is left out.
    pub(super) fn slot_of(&self, target: &Target) -> Option<(usize, bool)> {
        let (row, column) = match &target.pair {
            Some(pair) => (self.position(&pair.p)?, self.position(&pair.q)?),
            None if target.triangle == Triangle::Below => (0, 0),
            None => (self.position(&target.row)?, self.position(&target.column)?),
        };
        if target.triangle == Triangle::Guarded && row < column {
            return None;
        }
        let twice = matches!(target.triangle, Triangle::Mirrored | Triangle::Beside) && row == column;
        let line = self.position(&target.line)?;
        let at = match &target.pair {
            Some(pair) => {
                let (p, q) = (row.max(column), row.min(column));
                let first = packed(p, false)? - if pair.is_strict { p } else { 0 };
                line * pair.length + first + q
            }
            None => line,
        };
        Some((target.start + at, twice))
    }

    /// Row and column, in the lower triangle.
    pub(super) fn coordinates_of(&self, target: &Target) -> Option<(usize, usize)> {
        let (row, column) = (self.position(&target.row)?, self.position(&target.column)?);
        Some((row.max(column), row.min(column)))
    }
}

/// The number of pairs p ≥ q (or p > q) of positions below `length`.
fn packed(length: usize, is_strict: bool) -> Option<usize> {
    let other = if is_strict { length.saturating_sub(1) } else { length.checked_add(1)? };
    Some(length.checked_mul(other)? / 2)
}
