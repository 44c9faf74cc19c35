//! Panels take the place of those no longer needed, as registers do, so that a tile stays in the nearest cache.

use std::collections::BTreeMap;

use super::distribute::for_each_access;
use crate::graph::Affine;
use crate::schedule::kernel::{Block, Operation, Statement};
use crate::schedule::tiles::{Panel, Source, Stage, Stream};

/// The stages with as few panels as their lives allow, and the shapes of these.
pub(super) fn reuse(stages: &mut [Stage], panels: &[Vec<Affine>]) -> Vec<Vec<Affine>> {
    let mut lives: BTreeMap<Panel, Life> = BTreeMap::new();
    number(stages, &mut Vec::new(), &mut 0, &mut lives);
    let mut order: Vec<(Panel, usize, usize)> =
        lives.into_iter().map(|(panel, life)| (panel, life.first, life.last)).collect();
    order.sort_by_key(|&(panel, first, _)| (first, panel));
    let mut shapes: Vec<Vec<Affine>> = Vec::new();
    let mut free_after: Vec<usize> = Vec::new();
    let mut new_of: BTreeMap<Panel, Panel> = BTreeMap::new();
    for (panel, first, last) in order {
        let shape = &panels[panel.0 as usize];
        // The one that was in use last is the nearest.
        let place = (0..shapes.len())
            .filter(|&at| shapes[at] == *shape && free_after[at] < first)
            .max_by_key(|&at| free_after[at]);
        let place = place.unwrap_or_else(|| {
            shapes.push(shape.clone());
            free_after.push(0);
            shapes.len() - 1
        });
        free_after[place] = last;
        new_of.insert(panel, Panel(place as u32));
    }
    stages.iter_mut().for_each(|stage| rename(stage, &new_of));
    shapes
}

/// The stages, by their numbers in order of appearance, between which the values of a panel are needed.
struct Life {
    first: usize,
    last: usize,
    /// The loops around all of its accesses so far, by the numbers of their first and last stages.
    loops: Vec<usize>,
}

/// Numbers the stages. A panel used inside and outside of a loop lives for the whole loop, for its values at one position
/// may be needed after the next.
fn number(stages: &[Stage], loops: &mut Vec<usize>, next: &mut usize, lives: &mut BTreeMap<Panel, Life>) {
    for stage in stages {
        *next += 1;
        let at = *next;
        if let Stage::Loop(_, _, inner) = stage {
            loops.push(at);
            number(inner, loops, next, lives);
            loops.pop();
            *next += 1;
            for life in lives.values_mut() {
                // Known at this loop, but not to it alone.
                if life.last > at && !life.loops.contains(&at) {
                    life.first = life.first.min(at);
                    life.last = *next;
                }
            }
            continue;
        }
        let mut touch = |panel: Panel, moves: bool| {
            let life =
                lives.entry(panel).or_insert_with(|| Life { first: at, last: at, loops: loops.clone() });
            life.last = at;
            let shared =
                if moves { 0 } else { loops.iter().zip(&life.loops).take_while(|(a, b)| a == b).count() };
            if let Some(&outermost) = life.loops.get(shared) {
                life.first = life.first.min(outermost);
                life.loops.truncate(shared);
            }
        };
        for_each_access(stage, &mut |panel, place, _| {
            touch(panel, place.iter().any(|affine| affine.as_constant().is_none()));
        });
        if let Stage::Clip(panel, place) = stage {
            touch(*panel, place.as_ref().is_some_and(|at| at.iter().any(|a| a.as_constant().is_none())));
        }
    }
}

fn rename(stage: &mut Stage, new_of: &BTreeMap<Panel, Panel>) {
    let renamed = |panel: &mut Panel| {
        if let Some(new) = new_of.get(panel) {
            *panel = *new;
        }
    };
    match stage {
        Stage::Lanes(block) | Stage::Reduce(block, _) | Stage::Stream(Stream { block, .. }) => {
            rename_in(block, &renamed);
        }
        Stage::Scatter(block, statements) => {
            rename_in(block, &renamed);
            rename_in(statements, &renamed);
        }
        Stage::Call(_, args, result) => {
            for arg in args {
                if let Source::Panel(panel, _) = arg {
                    renamed(panel);
                }
            }
            renamed(result);
        }
        Stage::Fill(fill) => renamed(&mut fill.panel),
        Stage::Clip(panel, _) => renamed(panel),
        Stage::Loop(_, _, inner) => inner.iter_mut().for_each(|stage| rename(stage, new_of)),
        Stage::Scalar(..) => {}
    }
}

fn rename_in(block: &mut Block, renamed: &impl Fn(&mut Panel)) {
    for statement in block {
        match statement {
            Statement::Let(_, Operation::Lane(panel, _)) | Statement::Fill(panel, _, _) => renamed(panel),
            Statement::Loop(_, _, body) => rename_in(body, renamed),
            _ => {}
        }
    }
}
