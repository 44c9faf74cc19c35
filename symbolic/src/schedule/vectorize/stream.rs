//! The last stages of a tile as one pass, from inputs to places, where nothing has to wait for other rows.
//!
//! What rows add to neighboring places travels from row to row in a register: row r adds `a` to p(r) and `b` to
//! p(r + 1), so row r + 1 writes its own `a` plus the `b` at hand, and every place is touched once.

use std::collections::BTreeSet;

use super::neighbors::neighbors;
use super::stages::Cutter;
use crate::graph::{Affine, Array, Declaration};
use crate::schedule::kernel::{Block, Kernel, Operand, Place, Slot, Statement};
use crate::schedule::tiles::{Outgoing, Stage, Stream, Sum, Target, Tiles};

/// What travels passes through this many rows at most: each takes a register.
const FARTHEST: i64 = 4;

/// Merges the last straight-line statements with the sums and neighbors after them.
pub(super) fn stream(cutter: &Cutter<'_>, stages: &mut Vec<Stage>) {
    let Some(at) = stages.iter().rposition(|stage| !matches!(stage, Stage::Reduce(..) | Stage::Scatter(..)))
    else {
        return;
    };
    let Stage::Lanes(block) = &stages[at] else { return };
    let block = block.clone();
    // A panel written by the block itself is read after it only.
    let is_ready = |operand: Operand| match operand {
        Operand::Slot(slot) => !cutter.stands.get(&slot).is_some_and(|(panel, _)| {
            block.iter().any(|s| matches!(s, Statement::Fill(written, ..) if written == panel))
        }),
        Operand::Number(_) => true,
    };
    let (mut sums, mut sent, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for stage in &stages[at + 1..] {
        match stage {
            Stage::Reduce(_, all) if all.iter().all(|sum| stays(sum, &is_ready)) => sums.extend(all.clone()),
            Stage::Scatter(_, statements)
                if statements.iter().all(|s| {
                    neighbors(s, cutter.rows.index) && sent_by(s).is_some_and(|(_, value)| is_ready(value))
                }) =>
            {
                sent.extend(statements.clone());
            }
            _ => kept.push(stage.clone()),
        }
    }
    let (outgoing, others) = outgoing(cutter, sent);
    if sums.is_empty() && outgoing.is_empty() {
        return;
    }
    stages.truncate(at);
    stages.push(Stage::Stream(Stream { block, sums, outgoing }));
    stages.extend(others.into_iter().map(|statement| Stage::Scatter(Vec::new(), vec![statement])));
    stages.extend(kept);
}

/// Tells which streams are the first to touch what they write.
pub(super) fn tell_first(kernel: &mut Kernel) {
    let is_cut = [Part::Array(0), Part::Family(0)].map(|part| is_cut(kernel, part));
    let mut touched: BTreeSet<Part> = BTreeSet::new();
    for statement in &mut kernel.body {
        let mut others = BTreeSet::new();
        parts_of(std::slice::from_ref(&*statement), &mut others);
        if let Statement::Tiles(tiles) = statement {
            for outgoing in streams_mut(tiles).flat_map(|stream| &mut stream.outgoing) {
                let Some(part) = Part::of(&outgoing.target) else { continue };
                let is_cut = is_cut[usize::from(matches!(part, Part::Family(_)))];
                outgoing.is_first = is_cut && !touched.contains(&part) && !others.contains(&part);
                touched.insert(part);
            }
        }
        touched.extend(others);
    }
}

fn streams_mut(tiles: &mut Tiles) -> impl Iterator<Item = &mut Stream> {
    tiles.stages.iter_mut().filter_map(|stage| match stage {
        Stage::Stream(stream) => Some(stream),
        _ => None,
    })
}

/// Whether a sum can stay in lanes for the whole loop.
fn stays(sum: &Sum, is_ready: &impl Fn(Operand) -> bool) -> bool {
    matches!(sum.target, Target::Slot(_))
        && sum.scale.is_none()
        && sum.terms.iter().all(|term| is_ready(term.a) && term.b.is_none_or(is_ready))
}

/// What is written by parts, as far as parts have one axis; and the statements left over.
fn outgoing(cutter: &Cutter<'_>, sent: Block) -> (Vec<Outgoing>, Block) {
    let kernel = &*cutter.kernel;
    let mut groups: Vec<(Part, Vec<(i64, Statement)>)> = Vec::new();
    let mut others = Vec::new();
    for statement in sent {
        let found = sent_by(&statement).and_then(|(target, _)| {
            let part = Part::of(&target).filter(|_| !kernel.request.block)?;
            let at = place_of(&target)?;
            Some((part, at.sub(&Affine::index(cutter.rows.index)).as_constant()?))
        });
        let Some((part, offset)) = found else {
            others.push(statement);
            continue;
        };
        match groups.iter_mut().find(|(known, _)| *known == part) {
            Some((_, group)) => group.push((offset, statement)),
            None => groups.push((part, vec![(offset, statement)])),
        }
    }
    let mut outgoing: Vec<Outgoing> = Vec::new();
    for (part, group) in groups {
        let is_alone = is_cut(kernel, part)
            || !outgoing.iter().filter_map(|o| Part::of(&o.target)).any(|other| other.shares_buffer(part));
        match is_alone.then(|| joined(&group)).flatten() {
            Some(joined) => outgoing.push(joined),
            None => others.extend(group.into_iter().map(|(_, statement)| statement)),
        }
    }
    (outgoing, others)
}

fn joined(group: &[(i64, Statement)]) -> Option<Outgoing> {
    let first = group.iter().min_by_key(|(offset, _)| *offset)?;
    let last = group.iter().map(|(offset, _)| *offset).max()?;
    let length = usize::try_from(last - first.0).ok().filter(|_| last - first.0 <= FARTHEST)? + 1;
    let mut values = vec![Vec::new(); length];
    for (offset, statement) in group {
        let at = usize::try_from(offset - first.0).ok()?;
        values[at].push(sent_by(statement)?.1);
    }
    Some(Outgoing { target: sent_by(&first.1)?.0, values, is_first: false })
}

/// Whether the buffer of a part is cut into its parts: those of fixed length are not.
fn is_cut(kernel: &Kernel, part: Part) -> bool {
    let is_open = |length: &Affine| length.as_constant().is_none();
    match part {
        Part::Array(_) => Declaration::parameters(&kernel.arrays).is_none() && !kernel.request.diagonal,
        Part::Family(_) => kernel.families.iter().any(|family| {
            let triangle = family.triangle.iter().flat_map(|triangle| &triangle.lengths);
            family.lines.iter().chain(triangle).any(is_open)
        }),
    }
}

/// Where a statement adds, and what.
fn sent_by(statement: &Statement) -> Option<(Target, Operand)> {
    match statement {
        Statement::Gradient(place, value) => Some((Target::Gradient(place.clone()), *value)),
        Statement::Entry(entry, value) => Some((Target::Entry(entry.clone()), *value)),
        _ => None,
    }
}

/// The only subscript of a target.
fn place_of(target: &Target) -> Option<&Affine> {
    let subscripts = match target {
        Target::Gradient(place) => &place.subscripts,
        Target::Entry(entry) => &entry.cell.lines,
        _ => return None,
    };
    match &subscripts[..] {
        [only] => only.as_affine(),
        _ => None,
    }
}

/// A part of an output.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// The derivatives by an array.
    Array(u32),
    /// The values of a family.
    Family(usize),
}

impl Part {
    fn of(target: &Target) -> Option<Part> {
        match target {
            Target::Gradient(Place { array: Array(array), .. }) => Some(Part::Array(*array)),
            Target::Entry(entry) => Some(Part::Family(entry.cell.family)),
            _ => None,
        }
    }

    fn shares_buffer(self, other: Part) -> bool {
        matches!((self, other), (Part::Array(_), Part::Array(_)) | (Part::Family(_), Part::Family(_)))
    }
}

/// What statements add to, streams left out.
fn parts_of(block: &[Statement], parts: &mut BTreeSet<Part>) {
    for statement in block {
        match statement {
            Statement::Loop(_, _, body) => parts_of(body, parts),
            Statement::Tiles(tiles) => parts_of_stages(&tiles.stages, parts),
            // The diagonal of a row's place is the place itself.
            other => parts.extend(sent_by(other).and_then(|(target, _)| Part::of(&target))),
        }
    }
}

fn parts_of_stages(stages: &[Stage], parts: &mut BTreeSet<Part>) {
    for stage in stages {
        match stage {
            Stage::Reduce(_, sums) => parts.extend(sums.iter().filter_map(|sum| Part::of(&sum.target))),
            Stage::Scatter(_, statements) => parts_of(statements, parts),
            Stage::Loop(_, _, inner) => parts_of_stages(inner, parts),
            _ => {}
        }
    }
}

/// What a stream reads that it does not bind itself.
pub(super) fn read(stream: &Stream) -> Vec<Slot> {
    let terms = stream.sums.iter().flat_map(|sum| &sum.terms);
    let summed = terms.flat_map(|term| [Some(term.a), term.b]).flatten();
    let sent = stream.outgoing.iter().flat_map(|o| &o.values).flatten().copied();
    summed
        .chain(sent)
        .filter_map(|operand| match operand {
            Operand::Slot(slot) => Some(slot),
            Operand::Number(_) => None,
        })
        .collect()
}
