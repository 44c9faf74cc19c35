//! Sums leave the loops that prepare them (loop distribution): what a position prepares goes to panels with one axis
//! more, and two nested loops over nothing but a sum remain, which back ends run a block at a time.

use std::collections::{BTreeMap, BTreeSet};

use super::dependence::can_wait;
use super::stages::Cutter;
use crate::graph::{Affine, Index, Range};
use crate::schedule::kernel::{Block, Operand, Operation, Slot, Statement};
use crate::schedule::tiles::{Panel, Source, Stage, Stream, Sum};

/// Loops over longer ranges stay whole.
const LONGEST: i64 = 64;

/// Distributes inner loops over their sums, innermost first.
pub(super) fn distribute(cutter: &mut Cutter<'_>, stages: &mut Vec<Stage>) {
    let mut uses = BTreeMap::new();
    count(stages, &mut uses);
    visit(cutter, stages, &uses);
}

fn visit(cutter: &mut Cutter<'_>, stages: &mut Vec<Stage>, uses: &BTreeMap<Panel, usize>) {
    let mut result = Vec::with_capacity(stages.len());
    for stage in stages.drain(..) {
        match stage {
            Stage::Loop(index, range, mut inner) => {
                visit(cutter, &mut inner, uses);
                match split(cutter, index, &range, inner, uses) {
                    Ok(parts) => result.extend(parts),
                    Err(inner) => result.push(Stage::Loop(index, range, inner)),
                }
            }
            other => result.push(other),
        }
    }
    *stages = result;
}

/// The loop as several, one that prepares and one for every block of sums; the body back where that is not possible.
fn split(
    cutter: &mut Cutter<'_>,
    index: Index,
    range: &Range,
    inner: Vec<Stage>,
    uses: &BTreeMap<Panel, usize>,
) -> Result<Vec<Stage>, Vec<Stage>> {
    let prepares = inner.iter().any(|stage| !is_block(stage) && !matches!(stage, Stage::Scalar(..)));
    let has_block = inner.iter().any(is_block);
    let has_more = inner.iter().any(has_more);
    // Panels have one size, and long ones would leave room for fewer rows.
    let is_short = range.length().as_constant().is_some_and(|length| length <= LONGEST);
    let fits = !prepares || is_short && range.lo.as_constant() == Some(0);
    if !has_block || has_more || !fits {
        return Err(inner);
    }
    let (mut written, mut read, mut own) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
    for stage in &inner {
        if is_block(stage) {
            reads(stage, &mut read);
        } else {
            writes(stage, index, &mut written);
        }
    }
    count(&inner, &mut own);
    // What has no place of its own for every position needs one, and must not be known outside.
    let widened: BTreeSet<Panel> = written
        .iter()
        .filter(|(panel, moves)| !moves && read.contains(panel))
        .map(|(panel, _)| *panel)
        .collect();
    if widened.iter().any(|panel| own.get(panel) != uses.get(panel))
        || inner.iter().any(|stage| calls_into(stage, &widened))
        || !can_wait(&cutter.kernel.indices, index, &inner, &widened)
    {
        return Err(inner);
    }
    let (sums, mut inner): (Vec<Stage>, Vec<Stage>) = inner.into_iter().partition(is_block);
    let mut parts = Vec::with_capacity(sums.len() + 2);
    let scalars: Vec<(Slot, Operation)> = inner
        .iter()
        .filter_map(|stage| match stage {
            Stage::Scalar(slot, operation) => Some((*slot, operation.clone())),
            _ => None,
        })
        .collect();
    for &panel in &widened {
        cutter.panels[panel.0 as usize].insert(0, range.length());
    }
    let place = Affine::index(index);
    inner.iter_mut().for_each(|stage| widen(stage, &widened, &place));
    if prepares {
        parts.push(Stage::Loop(index, range.clone(), inner));
    }
    for mut sum in sums.into_iter().flat_map(singly) {
        widen(&mut sum, &widened, &place);
        let mut body = needed(&scalars, &sum);
        body.push(sum);
        parts.push(Stage::Loop(index, range.clone(), body));
    }
    Ok(parts)
}

/// Whether a stage is a loop over nothing but sums of products over the rows: others gain nothing from running a block at a
/// time.
pub(super) fn is_block(stage: &Stage) -> bool {
    let Stage::Loop(_, _, inner) = stage else { return false };
    !inner.is_empty()
        && inner.iter().all(|stage| match stage {
            Stage::Reduce(_, sums) => {
                sums.iter().flat_map(|sum| &sum.terms).all(|term| matches!(term.b, Some(Operand::Slot(_))))
            }
            _ => false,
        })
}

/// Sums in a loop, each in a loop of its own.
fn singly(stage: Stage) -> Vec<Stage> {
    let Stage::Loop(index, range, inner) = stage else { return vec![stage] };
    let mut loops = Vec::new();
    for stage in inner {
        let Stage::Reduce(block, sums) = stage else { continue };
        // Term by term, each as a block of products.
        let terms = |sum: Sum| {
            sum.terms.clone().into_iter().map(move |term| Sum { terms: vec![term], ..sum.clone() })
        };
        for sum in sums.into_iter().flat_map(terms) {
            let is_used = |slot: Slot| {
                let mut operands = sum.terms.iter().flat_map(|term| [Some(term.a), term.b]);
                operands.any(|operand| operand == Some(Operand::Slot(slot)))
            };
            let block = block.iter().filter(|s| matches!(s, Statement::Let(slot, _) if is_used(*slot)));
            let body = vec![Stage::Reduce(block.cloned().collect(), vec![sum])];
            loops.push(Stage::Loop(index, range.clone(), body));
        }
    }
    loops
}

/// Whether rows have places of their own, or inputs are brought in.
fn has_more(stage: &Stage) -> bool {
    match stage {
        Stage::Scatter(..) | Stage::Fill(_) => true,
        Stage::Loop(_, _, inner) => inner.iter().any(has_more),
        _ => false,
    }
}

/// The scalars of the loop that a sum mentions, and what these mention.
fn needed(scalars: &[(Slot, Operation)], sum: &Stage) -> Vec<Stage> {
    let mut wanted = BTreeSet::new();
    mentioned(sum, &mut wanted);
    let mut kept = Vec::new();
    for (slot, operation) in scalars.iter().rev() {
        if wanted.contains(slot) {
            operation.for_each_operand(|operand| {
                if let Operand::Slot(slot) = operand {
                    wanted.insert(slot);
                }
            });
            kept.push(Stage::Scalar(*slot, operation.clone()));
        }
    }
    kept.reverse();
    kept
}

fn mentioned(stage: &Stage, slots: &mut BTreeSet<Slot>) {
    match stage {
        Stage::Reduce(_, sums) => {
            for sum in sums {
                let terms = sum.terms.iter().flat_map(|term| [Some(term.a), term.b]).flatten();
                slots.extend(sum.scale.into_iter().chain(terms).filter_map(|operand| match operand {
                    Operand::Slot(slot) => Some(slot),
                    Operand::Number(_) => None,
                }));
            }
        }
        Stage::Loop(_, _, inner) => inner.iter().for_each(|stage| mentioned(stage, slots)),
        _ => {}
    }
}

/// How often each panel is written or read.
fn count(stages: &[Stage], uses: &mut BTreeMap<Panel, usize>) {
    for stage in stages {
        for_each_access(stage, &mut |panel, _, _| *uses.entry(panel).or_insert(0) += 1);
    }
}

/// The panels a stage writes, each with whether the place moves with an index.
fn writes(stage: &Stage, index: Index, written: &mut BTreeSet<(Panel, bool)>) {
    for_each_access(stage, &mut |panel, at, is_written| {
        if is_written {
            written.insert((panel, at.iter().any(|affine| affine.coefficient(index) != 0)));
        }
    });
}

fn reads(stage: &Stage, read: &mut BTreeSet<Panel>) {
    for_each_access(stage, &mut |panel, _, is_written| {
        if !is_written {
            read.insert(panel);
        }
    });
}

fn for_each_access_in(block: &Block, visit: &mut impl FnMut(Panel, &[Affine], bool)) {
    for statement in block {
        match statement {
            Statement::Let(_, Operation::Lane(panel, at)) => visit(*panel, at, false),
            Statement::Fill(panel, at, _) => visit(*panel, at, true),
            Statement::Loop(_, _, body) => for_each_access_in(body, visit),
            _ => {}
        }
    }
}

/// Calls `visit` with every panel accessed, the place there, and whether it is written.
pub(crate) fn for_each_access(stage: &Stage, visit: &mut impl FnMut(Panel, &[Affine], bool)) {
    match stage {
        Stage::Lanes(block) | Stage::Reduce(block, _) | Stage::Stream(Stream { block, .. }) => {
            for_each_access_in(block, visit);
        }
        Stage::Scatter(block, statements) => {
            for_each_access_in(block, visit);
            for_each_access_in(statements, visit);
        }
        Stage::Call(_, args, result) => {
            for arg in args {
                if let Source::Panel(panel, at) = arg {
                    visit(*panel, at, false);
                }
            }
            visit(*result, &[], true);
        }
        Stage::Fill(fill) => visit(fill.panel, &[], true),
        Stage::Loop(_, _, inner) => inner.iter().for_each(|stage| for_each_access(stage, visit)),
        Stage::Scalar(..) | Stage::Clip(..) => {}
    }
}

/// Puts `place` before the place of every access to a widened panel.
fn widen(stage: &mut Stage, widened: &BTreeSet<Panel>, place: &Affine) {
    match stage {
        Stage::Lanes(block)
        | Stage::Reduce(block, _)
        | Stage::Scatter(block, _)
        | Stage::Stream(Stream { block, .. }) => {
            for statement in block {
                match statement {
                    Statement::Let(_, Operation::Lane(panel, at)) | Statement::Fill(panel, at, _)
                        if widened.contains(panel) =>
                    {
                        at.insert(0, place.clone());
                    }
                    _ => {}
                }
            }
        }
        Stage::Call(_, args, _) => {
            for arg in args {
                if let Source::Panel(panel, at) = arg
                    && widened.contains(panel)
                {
                    at.insert(0, place.clone());
                }
            }
        }
        Stage::Loop(_, _, inner) => {
            inner.iter_mut().for_each(|stage| widen(stage, widened, place));
        }
        Stage::Clip(panel, Some(at)) if widened.contains(panel) => at.insert(0, place.clone()),
        Stage::Scalar(..) | Stage::Fill(_) | Stage::Clip(..) => {}
    }
}

/// Whether a stage writes one of these panels as the result of a call, which has no place.
fn calls_into(stage: &Stage, panels: &BTreeSet<Panel>) -> bool {
    match stage {
        Stage::Call(_, _, result) => panels.contains(result),
        Stage::Loop(_, _, inner) => inner.iter().any(|stage| calls_into(stage, panels)),
        _ => false,
    }
}
