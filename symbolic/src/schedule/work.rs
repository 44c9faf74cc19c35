//! How much a kernel computes, loop by loop.

use super::kernel::{Block, Kernel, Operation, Statement};
use super::tiles::Stage;
use crate::graph::Range;

/// The operations of the statements directly in one loop, for one position of it and of those around it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Work {
    /// The loops, outermost first; none for what is computed once.
    pub loops: Vec<Range>,
    /// Additions, subtractions, multiplications, divisions, square roots, comparisons.
    pub arithmetic: usize,
    /// Calls of functions of the table.
    pub functions: usize,
}

/// The work of a kernel: outer loops before the loops in them, in the order in which they stand.
///
/// Cost: linear in the number of statements.
pub fn work(kernel: &Kernel) -> Vec<Work> {
    let mut found = Vec::new();
    block(&kernel.body, &[], &mut found);
    found.retain(|work| work.arithmetic + work.functions > 0);
    found
}

fn block(body: &Block, loops: &[Range], found: &mut Vec<Work>) {
    let at = found.len();
    found.push(Work { loops: loops.to_vec(), ..Work::default() });
    for statement in body {
        count(statement, &mut found[at]);
    }
    for statement in body {
        match statement {
            Statement::Loop(_, range, body) => block(body, &within(loops, range), found),
            Statement::Tiles(tiles) => stages(&tiles.stages, &within(loops, &tiles.range), found),
            _ => {}
        }
    }
}

fn stages(all: &[Stage], loops: &[Range], found: &mut Vec<Work>) {
    let at = found.len();
    found.push(Work { loops: loops.to_vec(), ..Work::default() });
    for stage in all {
        match stage {
            Stage::Lanes(block) => block.iter().for_each(|statement| count(statement, &mut found[at])),
            Stage::Call(..) => found[at].functions += 1,
            Stage::Reduce(_, sums) => {
                let terms = sums.iter().flat_map(|sum| &sum.terms);
                found[at].arithmetic += terms.map(|term| 1 + usize::from(term.b.is_some())).sum::<usize>();
            }
            Stage::Scatter(_, statements) => statements.iter().for_each(|s| count(s, &mut found[at])),
            Stage::Scalar(..) | Stage::Fill(_) | Stage::Loop(..) | Stage::Clip(..) => {}
        }
    }
    for stage in all {
        if let Stage::Loop(_, range, inner) = stage {
            stages(inner, &within(loops, range), found);
        }
    }
}

fn within(loops: &[Range], range: &Range) -> Vec<Range> {
    loops.iter().chain([range]).cloned().collect()
}

fn count(statement: &Statement, work: &mut Work) {
    match statement {
        Statement::Let(_, Operation::Call(..)) => work.functions += 1,
        Statement::Let(_, Operation::Load(..) | Operation::Read(..) | Operation::Lane(..)) => {}
        Statement::Let(_, Operation::MulAdd(..)) => work.arithmetic += 2,
        Statement::Let(..) | Statement::Combine(..) | Statement::Add(..) => work.arithmetic += 1,
        Statement::Value(_) | Statement::Gradient(..) | Statement::Hessian(..) => work.arithmetic += 1,
        Statement::Entry(..) | Statement::Diagonal(..) | Statement::Derivative(..) => work.arithmetic += 1,
        Statement::Start(..)
        | Statement::Coordinates(_)
        | Statement::Clear(_)
        | Statement::Store(..)
        | Statement::Fill(..)
        | Statement::Loop(..)
        | Statement::Tiles(_) => {}
    }
}
