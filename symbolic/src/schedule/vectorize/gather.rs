//! Sums over a plain loop that go to places of their own add up in local arrays: compilers keep these in registers, but
//! never entries of an output, which they cannot tell from each other.

use super::longest;
use crate::graph::{Affine, Index, Range, Subscript};
use crate::schedule::kernel::{Block, Kernel, Operand, Operation, Place, Slot, Statement, Table};

/// A local array has at most this many elements.
const LARGEST: i64 = 16;

/// What stands before a loop and after it.
#[derive(Default)]
pub(super) struct Around {
    pub(super) before: Block,
    pub(super) after: Block,
}

/// Makes the body of the plain loop over `index` add up in local arrays what goes to the same entries of gradient and Hessian at
/// every position.
pub(super) fn gather(kernel: &mut Kernel, index: Index, range: &Range, body: &mut Block) -> Around {
    let mut around = Around::default();
    // Few positions are not worth the way, nor are ranges that may turn out to be empty.
    if longest(kernel, range).is_some_and(|length| length > 2) {
        visit(kernel, index, &mut Vec::new(), body, &mut around);
    }
    around
}

fn visit(
    kernel: &mut Kernel,
    index: Index,
    inner: &mut Vec<(Index, Range)>,
    body: &mut Block,
    around: &mut Around,
) {
    for statement in body {
        let value = match statement {
            Statement::Loop(counter, range, body) => {
                if longest(kernel, range).is_some_and(|length| length <= LARGEST) {
                    inner.push((*counter, range.clone()));
                    visit(kernel, index, inner, body, around);
                    inner.pop();
                }
                continue;
            }
            Statement::Gradient(place, value) if is_same(place, index) => *value,
            Statement::Hessian(row, column, triangle, value)
                if triangle.is_one_entry() && is_same(row, index) && is_same(column, index) =>
            {
                *value
            }
            _ => continue,
        };
        let Some((table, at)) = array(kernel, index, inner, statement) else { continue };
        around.before.push(Statement::Clear(table));
        let sum = Slot(kernel.slots as u32);
        kernel.slots += 1;
        let mut entry = std::mem::replace(statement, Statement::Add(table, at.clone(), value));
        if let Statement::Gradient(_, value) | Statement::Hessian(.., value) = &mut entry {
            *value = Operand::Slot(sum);
        }
        let mut added = vec![Statement::Let(sum, Operation::Read(table, at.clone())), entry];
        for (counter, range) in inner.iter().rev().filter(|(counter, _)| moves(&at, *counter)) {
            added = vec![Statement::Loop(*counter, range.clone(), added)];
        }
        around.after.extend(added);
    }
}

/// A local array with an element for every entry a statement adds to, and the place in it.
fn array(
    kernel: &mut Kernel,
    index: Index,
    inner: &[(Index, Range)],
    statement: &Statement,
) -> Option<(Table, Vec<Affine>)> {
    let places: Vec<&Place> = match statement {
        Statement::Gradient(place, _) => vec![place],
        Statement::Hessian(row, column, ..) => vec![row, column],
        _ => return None,
    };
    let subscripts = places.iter().flat_map(|place| &place.subscripts);
    let affine: Vec<&Affine> = subscripts.map(Subscript::as_affine).collect::<Option<_>>()?;
    let (mut at, mut shape, mut size) = (Vec::new(), Vec::new(), 1);
    for (counter, range) in inner {
        if affine.iter().all(|affine| affine.coefficient(*counter) == 0) {
            continue;
        }
        let length = longest(kernel, range)?;
        let bounds = [&range.lo, &range.hi];
        // The loop is gone where the entries are written, and so are inner loops that do not lead to them.
        let is_lost = |other: Index| {
            other == index || inner.iter().any(|(inner, _)| *inner == other) && !moves(&at, other)
        };
        if range.lo != Affine::constant(0) || bounds.iter().any(|bound| bound.indices().any(is_lost)) {
            return None;
        }
        size *= length.max(1);
        at.push(Affine::index(*counter));
        shape.push(Affine::constant(length.max(0)));
    }
    if size > LARGEST {
        return None;
    }
    kernel.tables.push(shape);
    Some((Table(kernel.tables.len() as u32 - 1), at))
}

fn moves(at: &[Affine], index: Index) -> bool {
    at.iter().any(|affine| affine.coefficient(index) != 0)
}

/// Whether a place is the same for all positions of a loop.
fn is_same(place: &Place, index: Index) -> bool {
    let mut is_same = true;
    for subscript in &place.subscripts {
        subscript.visit_affine(&mut |affine| is_same &= affine.coefficient(index) == 0);
    }
    is_same
}
