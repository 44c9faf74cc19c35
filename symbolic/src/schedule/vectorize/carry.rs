//! What travels between stages: scalars that a later stage reads go to a panel where they are bound, and
//! come from it where they are read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::stages::Cutter;
use crate::graph::Affine;
use crate::schedule::kernel::{Block, Operand, Operation, Slot, Statement};
use crate::schedule::tiles::{Panel, Source, Stage, Stream, Sum};

/// Completes stages that mention scalars of other stages.
///
/// Conditions do not travel: they are decided again where they are needed.
pub(super) fn carry(cutter: &mut Cutter<'_>, stages: &mut Vec<Stage>) {
    let mut survey = Survey::default();
    survey.visit(cutter, stages);
    let mut kept: BTreeMap<usize, Vec<(Slot, Panel)>> = BTreeMap::new();
    for slot in survey.wanted {
        if !cutter.stands.contains_key(&slot) {
            let panel = cutter.panel_of(slot);
            kept.entry(survey.homes[&slot]).or_default().push((slot, panel));
        }
    }
    let mut completion =
        Completion { cutter, kept, conditions: survey.conditions, count: 0, summed: BTreeSet::new() };
    completion.visit(stages);
    for panel in completion.summed {
        if !cutter.filled.contains(&panel) {
            clip(stages, panel, false);
        }
    }
}

/// Where scalars are bound and read.
#[derive(Default)]
struct Survey {
    count: usize,
    /// Where each scalar is bound, by the number of its stage.
    homes: HashMap<Slot, usize>,
    conditions: HashMap<Slot, Operation>,
    /// Scalars that stages other than their own read.
    wanted: BTreeSet<Slot>,
}

impl Survey {
    fn visit(&mut self, cutter: &Cutter<'_>, stages: &[Stage]) {
        for stage in stages {
            let own = self.count;
            self.count += 1;
            if let Stage::Lanes(block) | Stage::Stream(Stream { block, .. }) = stage {
                for statement in block {
                    if let Statement::Let(slot, operation) = statement {
                        self.homes.insert(*slot, own);
                        if operation.is_condition() {
                            self.conditions.insert(*slot, operation.clone());
                        }
                    }
                }
            }
            let mut pending = reads(stage);
            if let Stage::Scatter(_, statements) = stage {
                reads_within(statements, &mut pending);
            }
            while let Some(slot) = pending.pop() {
                if !cutter.rows.varying.contains(&slot) || self.homes.get(&slot) == Some(&own) {
                    continue;
                }
                match self.conditions.get(&slot) {
                    Some(condition) => pending.extend(slots_of(condition)),
                    None => {
                        self.wanted.insert(slot);
                    }
                }
            }
            if let Stage::Loop(_, _, inner) = stage {
                self.visit(cutter, inner);
            }
        }
    }
}

/// Adds what each stage reads from panels and leaves in them; gathers the panels that sums read.
struct Completion<'c, 'k> {
    cutter: &'c Cutter<'k>,
    kept: BTreeMap<usize, Vec<(Slot, Panel)>>,
    conditions: HashMap<Slot, Operation>,
    count: usize,
    summed: BTreeSet<Panel>,
}

impl Completion<'_, '_> {
    fn visit(&mut self, stages: &mut [Stage]) {
        for stage in stages {
            let leaves = self.kept.remove(&self.count).unwrap_or_default();
            self.count += 1;
            let own: Vec<Slot> = bound(stage);
            let mut prologue: Block = Vec::new();
            for slot in reads(stage) {
                self.bring(slot, &own, &mut prologue);
            }
            match stage {
                Stage::Lanes(block) | Stage::Stream(Stream { block, .. }) => {
                    block.splice(0..0, prologue);
                    for (slot, panel) in leaves {
                        block.push(Statement::Fill(panel, Vec::new(), Operand::Slot(slot)));
                    }
                }
                Stage::Reduce(block, _) => {
                    for statement in &prologue {
                        if let Statement::Let(_, Operation::Lane(panel, _)) = statement {
                            self.summed.insert(*panel);
                        }
                    }
                    *block = prologue;
                }
                Stage::Scatter(block, statements) => {
                    *block = prologue;
                    self.nest(statements);
                }
                Stage::Call(_, args, _) => {
                    for arg in args {
                        if let Source::Scalar(Operand::Slot(slot)) = arg
                            && let Some((panel, at)) = self.cutter.stands.get(slot)
                        {
                            *arg = Source::Panel(*panel, at.clone());
                        }
                    }
                }
                Stage::Loop(_, _, inner) => self.visit(inner),
                Stage::Scalar(..) | Stage::Fill(_) | Stage::Clip(..) => {}
            }
        }
    }

    /// Binds in loops of a stage what they read from elsewhere, where it may move with their indices.
    fn nest(&self, statements: &mut Block) {
        for statement in statements {
            let Statement::Loop(_, _, body) = statement else { continue };
            let (mut read, mut prologue) = (Vec::new(), Vec::new());
            read_directly(body, &mut read);
            let own = bound_in(body);
            read.into_iter().for_each(|slot| self.bring(slot, &own, &mut prologue));
            self.nest(body);
            body.splice(0..0, prologue);
        }
    }

    /// Binds in a stage what it reads from elsewhere.
    fn bring(&self, slot: Slot, own: &[Slot], prologue: &mut Block) {
        let is_bound = |s: &Statement| matches!(s, Statement::Let(bound, _) if *bound == slot);
        if own.contains(&slot) || prologue.iter().any(is_bound) {
            return;
        }
        if let Some(condition) = self.conditions.get(&slot) {
            for operand in slots_of(condition) {
                self.bring(operand, own, prologue);
            }
            prologue.push(Statement::Let(slot, condition.clone()));
        } else if let Some((panel, at)) = self.cutter.stands.get(&slot) {
            prologue.push(Statement::Let(slot, Operation::Lane(*panel, at.clone())));
        }
    }
}

fn slots_of(operation: &Operation) -> Vec<Slot> {
    let mut slots = Vec::new();
    operation.for_each_operand(|operand| {
        if let Operand::Slot(slot) = operand {
            slots.push(slot);
        }
    });
    slots
}

/// The scalars a stage binds.
fn bound(stage: &Stage) -> Vec<Slot> {
    let (Stage::Lanes(block) | Stage::Stream(Stream { block, .. })) = stage else { return Vec::new() };
    bound_in(block)
}

fn bound_in(block: &Block) -> Vec<Slot> {
    let bound = |statement: &Statement| match statement {
        Statement::Let(slot, _) => Some(*slot),
        _ => None,
    };
    block.iter().filter_map(bound).collect()
}

/// The scalars a stage reads, each once, in order of appearance; what loops among the statements of a stage read is left
/// out.
fn reads(stage: &Stage) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    match stage {
        Stage::Lanes(block) => {
            read_directly(block, &mut slots);
            // What a stage binds itself it does not read from elsewhere.
            let own = bound(stage);
            slots.retain(|read| !own.contains(read));
        }
        Stage::Stream(stream) => {
            read_directly(&stream.block, &mut slots);
            super::stream::read(stream).into_iter().for_each(|slot| read(Operand::Slot(slot), &mut slots));
            let own = bound(stage);
            slots.retain(|read| !own.contains(read));
        }
        Stage::Scatter(_, statements) => read_directly(statements, &mut slots),
        Stage::Call(_, args, _) => {
            for arg in args {
                if let Source::Scalar(operand) = arg {
                    read(*operand, &mut slots);
                }
            }
        }
        Stage::Reduce(_, sums) => {
            for term in sums.iter().flat_map(|Sum { terms, .. }| terms) {
                read(term.a, &mut slots);
                if let Some(b) = term.b {
                    read(b, &mut slots);
                }
            }
        }
        Stage::Scalar(..) | Stage::Fill(_) | Stage::Loop(..) | Stage::Clip(..) => {}
    }
    slots
}

/// What loops among some statements read and do not bind themselves.
fn reads_within(statements: &Block, slots: &mut Vec<Slot>) {
    for statement in statements {
        let Statement::Loop(_, _, body) = statement else { continue };
        let mut read = Vec::new();
        read_directly(body, &mut read);
        reads_within(body, &mut read);
        let own = bound_in(body);
        slots.extend(read.into_iter().filter(|slot| !own.contains(slot)));
    }
}

fn read_directly(block: &Block, slots: &mut Vec<Slot>) {
    for statement in block {
        match statement {
            Statement::Let(_, operation) => operation.for_each_operand(|operand| read(operand, slots)),
            Statement::Gradient(_, value)
            | Statement::Hessian(.., value)
            | Statement::Diagonal(.., value)
            | Statement::Entry(_, value)
            | Statement::Fill(_, _, value)
            | Statement::Store(_, _, value)
            | Statement::Add(_, _, value) => read(*value, slots),
            _ => {}
        }
    }
}

fn read(operand: Operand, slots: &mut Vec<Slot>) {
    if let Operand::Slot(slot) = operand
        && !slots.contains(&slot)
    {
        slots.push(slot);
    }
}

/// Sets what sums read of a panel to zero beyond the last row. `is_read` tells whether one reads it after these stages.
fn clip(stages: &mut Vec<Stage>, panel: Panel, mut is_read: bool) {
    let writers = stages.iter().filter(|stage| !places(stage, panel).is_empty()).count();
    for at in (0..stages.len()).rev() {
        let written = places(&stages[at], panel);
        let is_read_here = is_summed(&stages[at], panel);
        match &mut stages[at] {
            // What one iteration writes, the next may read.
            Stage::Loop(_, _, inner) if !written.is_empty() && (is_read_here || is_read && writers == 1) => {
                clip(inner, panel, true);
            }
            stage if !written.is_empty() && is_read => {
                let place = match &written[..] {
                    [only] if !matches!(stage, Stage::Loop(..)) => Some(only.clone()),
                    _ => None,
                };
                // Elsewhere the panel has what earlier stages wrote.
                is_read = place.as_ref().is_some_and(|place| !place.is_empty());
                stages.insert(at + 1, Stage::Clip(panel, place));
            }
            _ => {}
        }
        is_read |= is_read_here;
    }
}

/// Whether a sum over the rows reads a panel.
fn is_summed(stage: &Stage, panel: Panel) -> bool {
    match stage {
        Stage::Reduce(block, _) => block.iter().any(
            |statement| matches!(statement, Statement::Let(_, Operation::Lane(from, _)) if *from == panel),
        ),
        Stage::Loop(_, _, inner) => inner.iter().any(|stage| is_summed(stage, panel)),
        _ => false,
    }
}

/// Where a stage writes to a panel.
fn places(stage: &Stage, panel: Panel) -> Vec<Vec<Affine>> {
    match stage {
        Stage::Lanes(block) | Stage::Stream(Stream { block, .. }) => block
            .iter()
            .filter_map(|statement| match statement {
                Statement::Fill(to, at, _) if *to == panel => Some(at.clone()),
                _ => None,
            })
            .collect(),
        Stage::Call(_, _, to) if *to == panel => vec![Vec::new()],
        Stage::Loop(_, _, inner) => inner.iter().flat_map(|stage| places(stage, panel)).collect(),
        _ => Vec::new(),
    }
}
