//! First and second names: one set of names for the indices of an expression, and one for those of another
//! beside it.

use super::{Expr, Graph, Index, Slot};

impl Graph {
    /// The first names of the free indices of an expression; equal for expressions that differ in the names of
    /// indices alone, as long as these have nesting heights of their own.
    pub(crate) fn first_names(&mut self, expr: Expr) -> Vec<(Index, Index)> {
        let free = self.free(expr).to_vec();
        let mut map = Vec::new();
        self.name_indices(free, 0, &mut map);
        map
    }

    /// Renames the indices of the first expression to their first names, those the second has besides to their
    /// second names, any others of the third to further first names.
    pub(crate) fn named(&mut self, exprs: [Expr; 3]) -> [Expr; 3] {
        let mut map = Vec::new();
        for (expr, side) in exprs.into_iter().zip([0, 1, 0]) {
            let free = self.free(expr).to_vec();
            self.name_indices(free, side, &mut map);
        }
        exprs.map(|expr| self.substitute(expr, &map))
    }

    /// Names for indices `map` lacks: of their nesting height, on one of two sides.
    ///
    /// Binders never take such names, so nothing is captured.
    pub(crate) fn name_indices(&mut self, mut indices: Vec<Index>, side: u32, map: &mut Vec<(Index, Index)>) {
        indices.retain(|index| !map.iter().any(|(from, _)| from == index));
        self.sort_by_nesting(&mut indices);
        for index in indices {
            let mut counter = side;
            let mut fresh = self.fixed_index(index, counter, map);
            while map.iter().any(|&(_, taken)| taken == fresh) {
                counter += 2;
                fresh = self.fixed_index(index, counter, map);
            }
            map.push((index, fresh));
        }
    }

    /// Whether these are the names every part of the expression would get by itself.
    pub(crate) fn are_plain(&self, names: &[(Index, Index)]) -> bool {
        names.iter().all(|&(_, name)| matches!(self.index_data(name).slot, Slot::Fixed(_, 0)))
    }
}
