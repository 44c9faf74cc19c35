//! Calls of one function that do not need each other come to stand side by side: in straight-line code eight calls run
//! in lanes as eight rows do in tiles.

use std::collections::HashMap;

use crate::functions::Function;
use crate::schedule::kernel::{Block, Operand, Operation, Slot, Statement};

/// Fewer calls are left as they are: one in lanes takes about as long as this many others.
const FEWEST: usize = 4;

/// Brings calls together in every block of plain statements. Cost: linear.
pub(super) fn abreast(block: &mut Block) {
    let mut stretch = Block::new();
    for mut statement in std::mem::take(block) {
        if let Statement::Loop(_, _, body) = &mut statement {
            abreast(body);
        }
        if may_be_passed(&statement) {
            stretch.push(statement);
        } else {
            block.extend(arranged(std::mem::take(&mut stretch)));
            block.push(statement);
        }
    }
    block.extend(arranged(stretch));
}

/// Whether the scalars bound after a statement may be bound before it.
fn may_be_passed(statement: &Statement) -> bool {
    match statement {
        Statement::Let(..)
        | Statement::Value(_)
        | Statement::Gradient(..)
        | Statement::Hessian(..)
        | Statement::Derivative(..)
        | Statement::Diagonal(..)
        | Statement::Entry(..)
        | Statement::Coordinates(_) => true,
        Statement::Start(..)
        | Statement::Combine(..)
        | Statement::Loop(..)
        | Statement::Clear(_)
        | Statement::Store(..)
        | Statement::Add(..)
        | Statement::Fill(..)
        | Statement::Tiles(_) => false,
    }
}

/// The statements with each group of calls where its first one was; what the others need moves up with them.
fn arranged(stretch: Block) -> Block {
    let needs = needs(&stretch);
    let groups = groups(&stretch, &needs);
    if groups.is_empty() {
        return stretch;
    }
    let mut of: Vec<Option<usize>> = vec![None; stretch.len()];
    for (group, calls) in groups.iter().enumerate() {
        calls.iter().for_each(|&call| of[call] = Some(group));
    }
    let mut is_placed = vec![false; stretch.len()];
    let mut order: Vec<usize> = Vec::with_capacity(stretch.len());
    let mut pending = Vec::new();
    for first in 0..stretch.len() {
        pending.push((first, false));
        // Calls of one group do not need each other, nor groups one another in a circle, so this ends.
        while let Some((at, is_ready)) = pending.pop() {
            if is_placed[at] {
                continue;
            }
            let alone = [at];
            let together = of[at].map_or(&alone[..], |group| &groups[group]);
            if is_ready {
                order.extend(together);
                together.iter().for_each(|&at| is_placed[at] = true);
            } else {
                pending.push((at, true));
                let needed = together.iter().flat_map(|&at| &needs[at]);
                pending.extend(needed.filter(|&&at| !is_placed[at]).map(|&at| (at, false)));
            }
        }
    }
    let mut statements: Vec<Option<Statement>> = stretch.into_iter().map(Some).collect();
    let moved = order.into_iter().filter_map(|at| Some((of[at].is_some(), statements[at].take()?)));
    moved.map(|(is_grouped, statement)| if is_grouped { in_lanes(statement) } else { statement }).collect()
}

fn in_lanes(statement: Statement) -> Statement {
    match statement {
        Statement::Let(slot, Operation::Call(function, args)) if args.len() == 1 => {
            Statement::Let(slot, Operation::Abreast(function, args[0]))
        }
        other => other,
    }
}

/// For each statement the statements before it that bind what it mentions.
fn needs(stretch: &Block) -> Vec<Vec<usize>> {
    let mut bound: HashMap<Slot, usize> = HashMap::new();
    let mut needs = Vec::with_capacity(stretch.len());
    for (at, statement) in stretch.iter().enumerate() {
        let mut needed = Vec::new();
        if let Statement::Let(slot, operation) = statement {
            operation.for_each_operand(|operand| {
                if let Operand::Slot(slot) = operand {
                    needed.extend(bound.get(&slot));
                }
            });
            bound.insert(*slot, at);
        }
        needs.push(needed);
    }
    needs
}

/// Calls of one function with equally many calls before them on their longest way, in the order in which they stand.
fn groups(stretch: &Block, needs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut calls_before = vec![0u32; stretch.len()];
    let mut known: HashMap<(Function, u32), usize> = HashMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let function = |at: usize| match &stretch[at] {
        Statement::Let(_, Operation::Call(function, args)) if function.has_lanes() && args.len() == 1 => {
            Some(*function)
        }
        _ => None,
    };
    for at in 0..stretch.len() {
        let before = needs[at].iter().map(|&need| calls_before[need] + u32::from(function(need).is_some()));
        calls_before[at] = before.max().unwrap_or(0);
        if let Some(function) = function(at) {
            let group = *known.entry((function, calls_before[at])).or_insert(groups.len());
            if group == groups.len() {
                groups.push(Vec::new());
            }
            groups[group].push(at);
        }
    }
    groups.retain(|calls| calls.len() >= FEWEST);
    groups
}
