//! `a · b + c` in one step, where nothing else uses the product.

use std::collections::{HashMap, HashSet};

use super::for_each_block;
use crate::schedule::kernel::{Block, Kernel, Operand, Operation, Slot, Statement};
use crate::schedule::tiles::{Source, Stage};

/// Fuses products into the sums that use them, in every straight-line block.
pub(super) fn fuse(kernel: &mut Kernel) {
    let mut uses = HashMap::new();
    count(&kernel.body, &mut uses);
    let mut slots = kernel.slots;
    fuse_block(&mut kernel.body, &uses, &mut slots);
    kernel.slots = slots;
}

fn fuse_block(block: &mut Block, uses: &HashMap<Slot, usize>, slots: &mut usize) {
    for statement in block.iter_mut() {
        match statement {
            Statement::Loop(_, _, body) => fuse_block(body, uses, slots),
            Statement::Tiles(tiles) => {
                for_each_block(&mut tiles.stages, &mut |block| fuse_block(block, uses, slots));
            }
            _ => {}
        }
    }
    let mut products: HashMap<Slot, (Operand, Operand)> = HashMap::new();
    let mut fused: HashSet<Slot> = HashSet::new();
    let mut result: Block = Vec::with_capacity(block.len());
    for statement in block.drain(..) {
        let Statement::Let(slot, operation) = statement else {
            result.push(statement);
            continue;
        };
        let product = |operand: Operand| match operand {
            Operand::Slot(product) if uses.get(&product) == Some(&1) => {
                products.get(&product).map(|&(a, b)| (product, a, b))
            }
            _ => None,
        };
        let mut negate = |operand: Operand, result: &mut Block| match operand {
            Operand::Number(number) => Operand::Number(number.negate()),
            Operand::Slot(_) => {
                let negative = Slot(*slots as u32);
                *slots += 1;
                result.push(Statement::Let(negative, Operation::Neg(operand)));
                Operand::Slot(negative)
            }
        };
        let operation = match operation {
            Operation::Mul(a, b) => {
                products.insert(slot, (a, b));
                operation
            }
            Operation::Add(c, d) => match (product(d), product(c)) {
                (Some((gone, a, b)), _) => {
                    fused.insert(gone);
                    Operation::MulAdd(a, b, c)
                }
                (None, Some((gone, a, b))) => {
                    fused.insert(gone);
                    Operation::MulAdd(a, b, d)
                }
                (None, None) => operation,
            },
            Operation::Sub(c, d) => match (product(d), product(c)) {
                (Some((gone, a, b)), _) => {
                    fused.insert(gone);
                    let a = negate(a, &mut result);
                    Operation::MulAdd(a, b, c)
                }
                (None, Some((gone, a, b))) => {
                    fused.insert(gone);
                    let d = negate(d, &mut result);
                    Operation::MulAdd(a, b, d)
                }
                (None, None) => operation,
            },
            operation => operation,
        };
        result.push(Statement::Let(slot, operation));
    }
    result.retain(|statement| !matches!(statement, Statement::Let(slot, _) if fused.contains(slot)));
    *block = result;
}

/// How often each scalar is used, by anything.
fn count(block: &[Statement], uses: &mut HashMap<Slot, usize>) {
    let mut add = |operand: Operand| {
        if let Operand::Slot(slot) = operand {
            *uses.entry(slot).or_insert(0) += 1;
        }
    };
    for statement in block {
        match statement {
            Statement::Let(_, operation) => operation.for_each_operand(&mut add),
            Statement::Combine(_, _, value)
            | Statement::Store(_, _, value)
            | Statement::Add(_, _, value)
            | Statement::Fill(_, _, value)
            | Statement::Value(value)
            | Statement::Gradient(_, value)
            | Statement::Hessian(.., value)
            | Statement::Derivative(_, value)
            | Statement::Diagonal(.., value)
            | Statement::Entry(_, value) => add(*value),
            Statement::Coordinates(_)
            | Statement::Start(..)
            | Statement::Clear(_)
            | Statement::Loop(..)
            | Statement::Tiles(_) => {}
        }
    }
    for statement in block {
        match statement {
            Statement::Loop(_, _, body) => count(body, uses),
            Statement::Tiles(tiles) => count_stages(&tiles.stages, uses),
            _ => {}
        }
    }
}

fn count_stages(stages: &[Stage], uses: &mut HashMap<Slot, usize>) {
    for stage in stages {
        let mut operands: Vec<Operand> = Vec::new();
        match stage {
            Stage::Lanes(block) => count(block, uses),
            Stage::Loop(_, _, inner) => count_stages(inner, uses),
            Stage::Scalar(_, operation) => operation.for_each_operand(|operand| operands.push(operand)),
            Stage::Call(_, args, _) => {
                operands.extend(args.iter().filter_map(|arg| match arg {
                    Source::Scalar(operand) => Some(*operand),
                    Source::Panel(..) => None,
                }));
            }
            Stage::Reduce(block, sums) => {
                count(block, uses);
                operands.extend(sums.iter().filter_map(|sum| sum.scale));
                for term in sums.iter().flat_map(|sum| &sum.terms) {
                    operands.push(term.a);
                    operands.extend(term.b);
                }
            }
            Stage::Scatter(block, statements) => {
                count(block, uses);
                count(statements, uses);
            }
            Stage::Stream(stream) => {
                count(&stream.block, uses);
                operands.extend(super::stream::read(stream).into_iter().map(Operand::Slot));
            }
            Stage::Fill(_) | Stage::Clip(..) => {}
        }
        for operand in operands {
            if let Operand::Slot(slot) = operand {
                *uses.entry(slot).or_insert(0) += 1;
            }
        }
    }
}
