//! Rows whose places follow each other in memory.

use crate::graph::{Index, Subscript, Symbol};
use crate::schedule::kernel::Statement;
use crate::schedule::{Entry, Triangle};

/// Whether a statement adds to places that are neighbors for neighboring rows.
pub(crate) fn neighbors(statement: &Statement, row: Index) -> bool {
    match statement {
        Statement::Gradient(place, _) => are_next(&place.subscripts, row),
        Statement::Entry(Entry { triangle, cell, .. }, _) => {
            *triangle == Triangle::Below && cell.pair[0].is_empty() && are_next(&cell.lines, row)
        }
        _ => false,
    }
}

/// Whether the last subscript, and it alone, moves by one from row to row.
fn are_next(subscripts: &[Subscript], row: Index) -> bool {
    let Some((last, others)) = subscripts.split_last() else { return false };
    let is_fixed = |s: &Subscript| {
        s.as_affine().is_some_and(|a| a.terms.iter().all(|(symbol, _)| *symbol != Symbol::Index(row)))
    };
    last.as_affine().is_some_and(|affine| affine.coefficient(row) == 1) && others.iter().all(is_fixed)
}
