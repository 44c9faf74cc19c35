//! What a loop over rows computes against what it hands out.

use super::neighbors::neighbors;
use super::stages::is_inline;
use crate::graph::{Index, Subscript};
use crate::schedule::kernel::{Block, Operation, Statement};

/// So many operations of a row pay for handing out one number by way of a panel.
const WORTH: u64 = 4;
/// The length taken for ranges that are known at run time only.
const TYPICAL: i64 = 8;

/// Whether a loop hands out so many numbers, each row to places of its own, that going row by row is cheaper.
pub(super) fn mostly_scatters(body: &Block, row: Index) -> bool {
    let mut balance = Balance::default();
    balance.visit(body, row, 1);
    !balance.calls && balance.scattered > 0 && balance.arithmetic < WORTH * balance.scattered
}

#[derive(Default)]
struct Balance {
    arithmetic: u64,
    scattered: u64,
    calls: bool,
}

impl Balance {
    fn visit(&mut self, body: &Block, row: Index, times: u64) {
        for statement in body {
            match statement {
                Statement::Let(_, operation) => match operation {
                    Operation::Load(..) | Operation::Read(..) | Operation::IndexValue(_) => {}
                    Operation::Call(function, _) if !is_inline(*function) => self.calls = true,
                    _ => self.arithmetic += times,
                },
                Statement::Loop(_, range, inner) => {
                    let length = range.length().as_constant().unwrap_or(TYPICAL).max(0);
                    self.visit(inner, row, times.saturating_mul(length.unsigned_abs()));
                }
                Statement::Gradient(..) | Statement::Hessian(..) | Statement::Entry(..)
                    if moves(statement, row) && !neighbors(statement, row) =>
                {
                    self.scattered += times;
                }
                _ => {}
            }
        }
    }
}

/// Whether the place of a statement depends on the row.
fn moves(statement: &Statement, row: Index) -> bool {
    let mut moves = false;
    let mut visit = |subscripts: &[Subscript]| {
        for subscript in subscripts {
            subscript.visit_affine(&mut |affine| moves |= affine.coefficient(row) != 0);
        }
    };
    match statement {
        Statement::Gradient(place, _) => visit(&place.subscripts),
        Statement::Hessian(a, b, ..) => [a, b].into_iter().for_each(|place| visit(&place.subscripts)),
        Statement::Entry(entry, _) => {
            let [p, q] = &entry.cell.pair;
            [&entry.cell.lines, p, q].into_iter().for_each(|subscripts| visit(subscripts));
        }
        _ => {}
    }
    moves
}
