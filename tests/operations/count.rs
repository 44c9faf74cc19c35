//! Counting the arithmetic a kernel does when it runs.

use hesse_symbolic::graph::{Affine, Index, Range, Symbol};
use hesse_symbolic::schedule::{Block, Kernel, Operand, Operation, Statement};

/// What one run of a kernel costs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cost {
    /// Additions, multiplications, divisions, roots, comparisons and the additions of accumulators.
    pub(crate) operations: u64,
    /// Calls of functions of the table.
    pub(crate) calls: u64,
    /// Additions to entries of gradient and Hessian.
    pub(crate) scatters: u64,
}

/// The cost of one run with every run-time extent equal to `extent`.
pub(crate) fn cost(kernel: &Kernel, extent: i64) -> Cost {
    let mut counter = Counter { extent, positions: Vec::new(), cost: Cost::default() };
    counter.block(&kernel.body);
    counter.cost
}

struct Counter {
    extent: i64,
    positions: Vec<(Index, i64)>,
    cost: Cost,
}

impl Counter {
    fn block(&mut self, block: &Block) {
        for statement in block {
            match statement {
                Statement::Let(_, operation) => self.operation(operation),
                Statement::Loop(index, Range { lo, hi }, body) => {
                    for position in self.affine(lo)..self.affine(hi) {
                        self.positions.push((*index, position));
                        self.block(body);
                        self.positions.pop();
                    }
                }
                Statement::Combine(..) | Statement::Add(..) => self.cost.operations += 1,
                Statement::Hessian(..) | Statement::Gradient(..) | Statement::Value(_) => {
                    self.cost.scatters += 1;
                }
                Statement::Entry(..) | Statement::Diagonal(..) | Statement::Derivative(..) => {
                    self.cost.scatters += 1;
                }
                Statement::Start(..) | Statement::Clear(_) | Statement::Store(..) => {}
                Statement::Coordinates(_) => {}
                Statement::Fill(..) | Statement::Tiles(_) => panic!("not vectorized"),
            }
        }
    }

    fn operation(&mut self, operation: &Operation) {
        match operation {
            Operation::Load(..) | Operation::Read(..) | Operation::Lane(..) | Operation::IndexValue(_) => {}
            Operation::Call(..) | Operation::Abreast(..) => self.cost.calls += 1,
            Operation::Mul(Operand::Number(number), _) | Operation::Mul(_, Operand::Number(number))
                if number.is_one() => {}
            _ => self.cost.operations += 1,
        }
    }

    fn affine(&self, affine: &Affine) -> i64 {
        affine.terms.iter().fold(affine.constant, |sum, &(symbol, coefficient)| {
            let value = match symbol {
                Symbol::Dimension(_) => self.extent,
                Symbol::Index(index) => {
                    self.positions.iter().rev().find(|(open, _)| *open == index).map_or(0, |(_, at)| *at)
                }
            };
            sum + coefficient * value
        })
    }
}

/// The loops of a block as nested text, run-time extents as `n`: `n(10 10(outer))`.
pub(crate) fn loops(block: &Block) -> String {
    let mut texts = Vec::new();
    for statement in block {
        if let Statement::Loop(_, range, body) = statement {
            let hi = match (range.hi.as_constant(), range.indices().next()) {
                (Some(size), _) => size.to_string(),
                (None, Some(_)) => "outer".to_owned(),
                (None, None) => "n".to_owned(),
            };
            let inner = loops(body);
            texts.push(if inner.is_empty() { hi } else { format!("{hi}({inner})") });
        }
    }
    texts.join(" ")
}
