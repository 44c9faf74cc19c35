//! What a kernel keeps besides scalars: local arrays, panels, workspace.

use std::collections::{BTreeMap, BTreeSet};

use super::Polynomial;
use super::names::Names;
use crate::functions::Function;
use crate::graph::{Affine, Number};
use crate::schedule::{
    Block, Element, Kernel, Operand, Operation, Slot, Stage, Statement, Stream, Table, Target, Tiles,
};

/// A local array.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LocalArray {
    /// Its name in generated code.
    pub name: String,
    /// Its axes.
    pub shape: Vec<Polynomial>,
    /// What its elements are.
    pub contents: Contents,
    /// Where it lies.
    pub home: Home,
}

/// What the elements of a local array are.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Contents {
    /// Sums, products or maxima over a loop.
    Reductions,
    /// Results of a function.
    Function(Function),
    /// Quotients.
    Quotients,
    /// Square roots.
    Roots,
    /// Results of other arithmetic.
    Values,
}

impl Contents {
    /// In words.
    pub fn text(self) -> String {
        match self {
            Contents::Reductions => "sums over a loop".to_owned(),
            Contents::Function(function) => format!("values of {}", function.name()),
            Contents::Quotients => "quotients".to_owned(),
            Contents::Roots => "square roots".to_owned(),
            Contents::Values => "values".to_owned(),
        }
    }
}

/// Where a local array lies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Home {
    /// On the stack.
    Stack,
    /// In the workspace that the caller brings.
    Workspace,
    /// In a panel of tiles: one for each row of a tile.
    Panel,
}

impl Home {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Home::Stack => "stack",
            Home::Workspace => "workspace",
            Home::Panel => "panel",
        }
    }
}

/// The panels of one loop in tiles.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Panels {
    /// How many there are.
    pub count: usize,
    /// Their elements for each row of a tile.
    pub positions: Polynomial,
    /// Rows per tile.
    pub rows: usize,
}

/// The local arrays of a kernel: their contents as it was scheduled, their homes as it runs.
pub(super) fn arrays(scheduled: &Kernel, kernel: &Kernel, names: &Names<'_>) -> Vec<LocalArray> {
    let mut contents = BTreeMap::new();
    fill(&scheduled.body, &mut BTreeMap::new(), &mut contents);
    let mut left = BTreeSet::new();
    used(&kernel.body, &mut left);
    let described = (0..).zip(&scheduled.tables).map(|(at, shape)| {
        let table = Table(at);
        let home = match (left.contains(&table), is_fixed(shape)) {
            (false, _) => Home::Panel,
            (true, true) => Home::Stack,
            (true, false) => Home::Workspace,
        };
        LocalArray {
            name: format!("z{at}"),
            shape: shape.iter().map(|length| names.form(length, &[])).collect(),
            contents: contents.get(&table).copied().unwrap_or(Contents::Values),
            home,
        }
    });
    described.collect()
}

/// The panels of all loops in tiles, in the order in which these stand.
pub(super) fn panels(kernel: &Kernel, names: &Names<'_>) -> Vec<Panels> {
    let mut found = Vec::new();
    for_each_tiles(&kernel.body, &mut |tiles| {
        let positions = tiles.panels.iter().map(|shape| volume(shape, names));
        found.push(Panels {
            count: tiles.panels.len(),
            positions: positions.fold(Polynomial::default(), |sum, one| sum.plus(&one)),
            rows: tiles.rows,
        });
    });
    found
}

/// The length of the workspace: local arrays and panels whose length is known at run time only.
pub(super) fn workspace(kernel: &Kernel, names: &Names<'_>) -> Polynomial {
    let variable = |shape: &&Vec<Affine>| !is_fixed(shape);
    let tables = kernel.tables.iter().filter(variable).map(|shape| volume(shape, names));
    let mut length = tables.fold(Polynomial::default(), |sum, one| sum.plus(&one));
    for_each_tiles(&kernel.body, &mut |tiles| {
        for shape in tiles.panels.iter().filter(variable) {
            let rows = Number::float(tiles.rows as f64);
            length = length.plus(&volume(shape, names).scaled(rows));
        }
    });
    length
}

fn is_fixed(shape: &[Affine]) -> bool {
    shape.iter().all(|length| length.as_constant().is_some())
}

pub(super) fn volume(shape: &[Affine], names: &Names<'_>) -> Polynomial {
    shape.iter().fold(Polynomial::constant(1), |volume, length| volume.times(&names.form(length, &[])))
}

fn for_each_tiles(body: &Block, visit: &mut impl FnMut(&Tiles)) {
    for statement in body {
        match statement {
            Statement::Tiles(tiles) => visit(tiles),
            Statement::Loop(_, _, body) => for_each_tiles(body, visit),
            _ => {}
        }
    }
}

/// What every local array receives.
fn fill(body: &Block, slots: &mut BTreeMap<Slot, Contents>, contents: &mut BTreeMap<Table, Contents>) {
    for statement in body {
        match statement {
            Statement::Let(slot, operation) => {
                let own = match operation {
                    Operation::Call(function, _) | Operation::Abreast(function, _) => {
                        Contents::Function(*function)
                    }
                    Operation::Div(..) => Contents::Quotients,
                    Operation::Sqrt(_) => Contents::Roots,
                    _ => Contents::Values,
                };
                slots.insert(*slot, own);
            }
            Statement::Start(slot, _) => {
                slots.insert(*slot, Contents::Reductions);
            }
            Statement::Store(table, _, Operand::Slot(slot)) => {
                contents.insert(*table, slots.get(slot).copied().unwrap_or(Contents::Values));
            }
            Statement::Add(table, ..) => {
                contents.insert(*table, Contents::Reductions);
            }
            Statement::Loop(_, _, body) => fill(body, slots, contents),
            _ => {}
        }
    }
}

/// The local arrays that statements mention.
fn used(body: &[Statement], tables: &mut BTreeSet<Table>) {
    for statement in body {
        match statement {
            Statement::Let(_, Operation::Read(table, _))
            | Statement::Clear(table)
            | Statement::Store(table, ..)
            | Statement::Add(table, ..) => {
                tables.insert(*table);
            }
            Statement::Loop(_, _, body) => used(body, tables),
            Statement::Tiles(tiles) => used_in_stages(&tiles.stages, tables),
            _ => {}
        }
    }
}

fn used_in_stages(stages: &[Stage], tables: &mut BTreeSet<Table>) {
    for stage in stages {
        match stage {
            Stage::Lanes(block) | Stage::Stream(Stream { block, .. }) => used(block, tables),
            Stage::Scatter(block, statements) => {
                used(block, tables);
                used(statements, tables);
            }
            Stage::Loop(_, _, inner) => used_in_stages(inner, tables),
            Stage::Scalar(_, Operation::Read(table, _)) => {
                tables.insert(*table);
            }
            Stage::Fill(fill) => {
                if let Element::Table(table, _) = fill.element {
                    tables.insert(table);
                }
            }
            Stage::Reduce(block, sums) => {
                used(block, tables);
                for sum in sums {
                    if let Target::Table(table, _) = sum.target {
                        tables.insert(table);
                    }
                }
            }
            Stage::Scalar(..) | Stage::Call(..) | Stage::Clip(..) => {}
        }
    }
}
