//! Places of the values of a sparse Hessian.

use super::positions::{Positions, Spelling, grouped, product, sum};
use crate::graph::Affine;
use crate::schedule::{Cell, Entry, Family};

impl Positions<'_> {
    /// The number of values.
    pub(super) fn entries(&self) -> String {
        sum(self.kernel.families.iter().map(|family| self.size(family)))
    }

    fn size(&self, family: &Family) -> String {
        let pairs = self.pairs(family);
        product(family.lines.iter().map(|length| self.bound(length)).chain(pairs))
    }

    /// The number of pairs of the triangle of a family.
    fn pairs(&self, family: &Family) -> Option<String> {
        let triangle = family.triangle.as_ref()?;
        let length = self.length(&triangle.lengths);
        if let Ok(length) = length.parse::<u64>() {
            let other = if triangle.is_strict { length.saturating_sub(1) } else { length + 1 };
            return Some((length * other / 2).to_string());
        }
        let (length, sign) = (grouped(&length), if triangle.is_strict { '-' } else { '+' });
        // Brackets make it one factor.
        Some(format!("({length} * ({length} {sign} 1) {} 2)", self.division()))
    }

    /// The sign of integer division.
    pub(super) fn division(&self) -> &'static str {
        match self.spelling {
            Spelling::C => "/",
            Spelling::Python => "//",
        }
    }

    /// What decides the order of row and column: the positions of the triangle where there is one.
    pub(super) fn compared(&self, entry: &Entry) -> [String; 2] {
        match &self.kernel.families[entry.cell.family].triangle {
            Some(triangle) => {
                entry.cell.pair.each_ref().map(|side| self.along(side, &triangle.lengths, Affine::default()))
            }
            None => [self.position(&entry.row), self.position(&entry.column)],
        }
    }

    /// The position of a value; `pair` gives that of a pair in its triangle, which may be strict.
    pub(super) fn cell(&self, cell: &Cell, pair: impl FnOnce(bool) -> String) -> String {
        let families = &self.kernel.families;
        let family = &families[cell.family];
        let start = families[..cell.family].iter().map(|family| self.size(family));
        let line = self.along(&cell.lines, &family.lines, Affine::default());
        match &family.triangle {
            None => sum(start.chain([line])),
            Some(triangle) => {
                let line = product([line].into_iter().chain(self.pairs(family)));
                sum(start.chain([line, pair(triangle.is_strict)]))
            }
        }
    }
}
