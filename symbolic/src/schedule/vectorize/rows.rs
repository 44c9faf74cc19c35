//! Which loops can be cut into stages, and what differs from row to row in them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::carry::carry;
use super::distribute::distribute;
use super::obstacle::Obstacle;
use super::reuse::reuse;
use super::stages::Cutter;
use super::stream::stream;
use crate::graph::{Affine, Index, Range, ReduceKind, Subscript, Symbol};
use crate::schedule::kernel::{Block, Entry, Kernel, Operand, Operation, Place, Slot, Statement, Table};
use crate::schedule::tiles::Tiles;

/// How often each local array is used.
pub(super) type TableUses = BTreeMap<Table, usize>;

/// The loop in tiles, where every stage of its body may run for all rows before the next begins.
///
/// That is so where inner ranges are the same for all rows, sums that leave the loop are sums and not products
/// or maxima, no local array that outlives a row is both read and written, and the panels fit the stack.
/// Elsewhere the first obstacle is told.
pub(super) fn tiles(
    kernel: &mut Kernel,
    index: Index,
    range: &Range,
    body: &Block,
    uses: &TableUses,
) -> Result<Tiles, Obstacle> {
    let (rows, lanes) = (Rows::new(index, body, uses)?, kernel.lanes);
    let mut cutter = Cutter::new(kernel, rows);
    let mut stages = cutter.stages(body).ok_or(Obstacle::MixedSubscript)?;
    stream(&cutter, &mut stages);
    stages.splice(0..0, cutter.take_fills());
    carry(&mut cutter, &mut stages);
    distribute(&mut cutter, &mut stages);
    let panels = reuse(&mut stages, &cutter.panels);
    let tiles = Tiles {
        index,
        range: range.clone(),
        rows: 0,
        panels,
        keeps_gradient: false,
        keeps_hessian: false,
        stages,
    };
    tiles.fit(lanes).ok_or(Obstacle::Stack)
}

/// How often each local array is used in a block.
pub(super) fn table_uses(body: &Block) -> TableUses {
    let mut uses = BTreeMap::new();
    let mut pending: Vec<&Block> = vec![body];
    while let Some(block) = pending.pop() {
        for statement in block {
            match statement {
                Statement::Loop(_, _, body) => pending.push(body),
                Statement::Let(_, Operation::Read(table, _))
                | Statement::Clear(table)
                | Statement::Store(table, ..)
                | Statement::Add(table, ..) => *uses.entry(*table).or_insert(0) += 1,
                _ => {}
            }
        }
    }
    uses
}

/// What is known of the rows of a loop.
pub(super) struct Rows {
    pub(super) index: Index,
    /// Scalars that differ from row to row.
    pub(super) varying: HashSet<Slot>,
    /// Accumulators that begin and end within a row.
    pub(super) own: HashSet<Slot>,
    /// Local arrays that begin and end within a row.
    pub(super) own_tables: BTreeSet<Table>,
    /// How often each scalar is used.
    pub(super) uses: HashMap<Slot, usize>,
}

impl Rows {
    fn new(index: Index, body: &Block, uses: &TableUses) -> Result<Rows, Obstacle> {
        let within = table_uses(body);
        let mut rows = Rows {
            index,
            varying: HashSet::new(),
            own: HashSet::new(),
            own_tables: within.iter().filter(|(t, n)| uses.get(t) == Some(n)).map(|(t, _)| *t).collect(),
            uses: HashMap::new(),
        };
        let mut written = BTreeSet::new();
        let mut read = BTreeSet::new();
        rows.visit(body, &mut written, &mut read)?;
        written.is_disjoint(&read).then_some(rows).ok_or(Obstacle::LocalArray)
    }

    fn visit(
        &mut self,
        body: &Block,
        written: &mut BTreeSet<Table>,
        read: &mut BTreeSet<Table>,
    ) -> Result<(), Obstacle> {
        let unless = |is_fine: bool, obstacle| if is_fine { Ok(()) } else { Err(obstacle) };
        for statement in body {
            match statement {
                Statement::Let(slot, operation) => {
                    operation.for_each_operand(|operand| self.count(operand));
                    if let Operation::Read(table, at) = operation {
                        if self.own_tables.contains(table) {
                            unless(!at.iter().any(|affine| self.mentions(affine)), Obstacle::LocalArray)?;
                        } else {
                            read.insert(*table);
                        }
                    }
                    if self.varies(operation) {
                        self.varying.insert(*slot);
                    }
                }
                Statement::Start(slot, _) => {
                    self.own.insert(*slot);
                    self.varying.insert(*slot);
                }
                Statement::Combine(slot, kind, value) => {
                    self.count(*value);
                    unless(self.own.contains(slot) || *kind == ReduceKind::Sum, Obstacle::Reduction)?;
                }
                Statement::Loop(_, range, body) => {
                    unless(!self.mentions(&range.lo) && !self.mentions(&range.hi), Obstacle::InnerRange)?;
                    self.visit(body, written, read)?;
                }
                Statement::Clear(table) => {
                    unless(self.own_tables.contains(table), Obstacle::LocalArray)?;
                }
                Statement::Store(table, at, value) | Statement::Add(table, at, value) => {
                    self.count(*value);
                    if self.own_tables.contains(table) {
                        unless(!at.iter().any(|affine| self.mentions(affine)), Obstacle::LocalArray)?;
                    } else {
                        written.insert(*table);
                    }
                }
                Statement::Gradient(_, value) | Statement::Hessian(.., value) => self.count(*value),
                Statement::Diagonal(.., value) | Statement::Entry(_, value) => self.count(*value),
                Statement::Value(_) | Statement::Fill(..) | Statement::Tiles(_) => {
                    return Err(Obstacle::Statement);
                }
                Statement::Derivative(..) | Statement::Coordinates(_) => return Err(Obstacle::Statement),
            }
        }
        Ok(())
    }

    fn count(&mut self, operand: Operand) {
        if let Operand::Slot(slot) = operand {
            *self.uses.entry(slot).or_insert(0) += 1;
        }
    }

    fn varies(&self, operation: &Operation) -> bool {
        let mut varies = match operation {
            Operation::Load(_, subscripts) => subscripts.iter().any(|s| self.mentioned_in(s)),
            Operation::Read(table, at) => {
                self.own_tables.contains(table) || at.iter().any(|affine| self.mentions(affine))
            }
            Operation::IndexValue(affine) => self.mentions(affine),
            _ => false,
        };
        operation.for_each_operand(|operand| varies |= self.is_varying(operand));
        varies
    }

    pub(super) fn is_varying(&self, operand: Operand) -> bool {
        matches!(operand, Operand::Slot(slot) if self.varying.contains(&slot))
    }

    pub(super) fn mentions(&self, affine: &Affine) -> bool {
        affine.terms.iter().any(|(symbol, _)| *symbol == Symbol::Index(self.index))
    }

    pub(super) fn mentioned_in(&self, subscript: &Subscript) -> bool {
        let mut mentioned = false;
        subscript.visit_affine(&mut |affine| mentioned |= self.mentions(affine));
        mentioned
    }

    /// Whether each row has a value of the sparse Hessian of its own.
    pub(super) fn is_scattered_entry(&self, entry: &Entry) -> bool {
        let [p, q] = &entry.cell.pair;
        let mut subscripts = entry.cell.lines.iter().chain(p).chain(q);
        self.is_scattered(&entry.row)
            || self.is_scattered(&entry.column)
            || subscripts.any(|s| self.mentioned_in(s))
    }

    /// Whether each row has a place of its own.
    pub(super) fn is_scattered(&self, place: &Place) -> bool {
        place.subscripts.iter().any(|s| self.mentioned_in(s))
    }
}
