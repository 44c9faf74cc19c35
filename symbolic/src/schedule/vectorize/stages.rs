//! A loop body cut into stages.

use std::collections::{BTreeMap, HashMap};

use super::balance::mostly_scatters;
use super::neighbors::neighbors;
use super::rows::Rows;
use crate::functions::Function;
use crate::graph::{Affine, Index, IndexData, Number, Range, ReduceKind, Slot as Name, Subscript};
use crate::schedule::kernel::{Block, Kernel, Operand, Operation, Place, Slot, Statement, Table, Triangle};
use crate::schedule::tiles::{Element, Fill, Panel, Source, Stage, Sum, Target, Term};

/// How many sums share one pass over a tile: they should stay in registers.
const TOGETHER: usize = 6;
/// A value that is added up falls into at most this many terms.
const TERMS: usize = 4;

/// State of the cutting of one loop.
pub(super) struct Cutter<'k> {
    pub(super) kernel: &'k mut Kernel,
    pub(super) rows: Rows,
    pub(super) panels: Vec<Vec<Affine>>,
    /// Scalars that stand in a panel.
    pub(super) stands: HashMap<Slot, (Panel, Vec<Affine>)>,
    /// Panels that are zero beyond the last row from the start.
    pub(super) filled: Vec<Panel>,
    fills: Vec<Fill>,
    fill_of: HashMap<(Element, Vec<bool>), Panel>,
    tables: BTreeMap<Table, Panel>,
}

/// The stages of one block, with the statements not yet put into a stage.
#[derive(Default)]
struct Cut {
    stages: Vec<Stage>,
    lanes: Block,
}

impl Cut {
    fn flush(&mut self) {
        if !self.lanes.is_empty() {
            self.stages.push(Stage::Lanes(std::mem::take(&mut self.lanes)));
        }
    }
}

impl<'k> Cutter<'k> {
    pub(super) fn new(kernel: &'k mut Kernel, rows: Rows) -> Cutter<'k> {
        Cutter {
            kernel,
            rows,
            panels: Vec::new(),
            stands: HashMap::new(),
            filled: Vec::new(),
            fills: Vec::new(),
            fill_of: HashMap::new(),
            tables: BTreeMap::new(),
        }
    }

    /// The inputs of the rows, in order of appearance.
    pub(super) fn take_fills(&mut self) -> Vec<Stage> {
        std::mem::take(&mut self.fills).into_iter().map(Stage::Fill).collect()
    }

    /// The stages of a block; `None` where an input cannot be brought in beforehand.
    ///
    /// What leaves the rows comes last, since nothing in the block reads it.
    pub(super) fn stages(&mut self, body: &Block) -> Option<Vec<Stage>> {
        let mut cut = Cut::default();
        let (reductions, sunk) = self.reductions(body, &mut cut.lanes);
        let mut scattered = Vec::new();
        for statement in body {
            match statement {
                Statement::Let(slot, _) if sunk.contains(slot) => {}
                Statement::Let(slot, operation) => self.bind(*slot, operation, &mut cut)?,
                Statement::Start(slot, kind) => {
                    let panel = self.panel_of(*slot);
                    let neutral = Number::float(crate::evaluate::neutral(*kind));
                    cut.lanes.push(Statement::Fill(panel, Vec::new(), Operand::Number(neutral)));
                }
                Statement::Combine(slot, kind, value) if self.rows.own.contains(slot) => {
                    let panel = self.panel_of(*slot);
                    self.combine(panel, &[], *kind, *value, &mut cut.lanes);
                }
                Statement::Clear(table) => self.clear(*table, &mut cut),
                Statement::Store(table, at, value) if self.rows.own_tables.contains(table) => {
                    let panel = self.panel_of_table(*table);
                    cut.lanes.push(Statement::Fill(panel, at.clone(), *value));
                }
                Statement::Add(table, at, value) if self.rows.own_tables.contains(table) => {
                    let panel = self.panel_of_table(*table);
                    self.combine(panel, at, ReduceKind::Sum, *value, &mut cut.lanes);
                }
                Statement::Loop(index, range, body) if self.stays_whole(body) => {
                    scattered.push(Statement::Loop(*index, range.clone(), self.whole(body)?));
                }
                Statement::Loop(index, range, body) => {
                    cut.flush();
                    let inner = self.stages(body)?;
                    cut.stages.push(Stage::Loop(*index, range.clone(), inner));
                }
                other if self.target(other).is_none() => scattered.push(other.clone()),
                _ => {}
            }
        }
        cut.flush();
        let mut stages = cut.stages;
        stages.extend(reductions.into_iter().map(|sums| Stage::Reduce(Vec::new(), sums)));
        // Rows whose places are neighbors go side by side; all others are visited once.
        let (apart, together): (Vec<_>, Vec<_>) =
            scattered.into_iter().partition(|s| neighbors(s, self.rows.index));
        stages.extend(apart.into_iter().map(|statement| Stage::Scatter(Vec::new(), vec![statement])));
        if !together.is_empty() {
            stages.push(Stage::Scatter(Vec::new(), together));
        }
        Some(stages)
    }

    /// Whether an inner loop does little but hand out numbers, each row to places of its own: then each row goes through it
    /// on its own.
    fn stays_whole(&self, body: &Block) -> bool {
        fn only_hands_out(cutter: &Cutter<'_>, body: &Block) -> bool {
            body.iter().all(|statement| match statement {
                Statement::Let(..) => true,
                Statement::Loop(_, _, body) => only_hands_out(cutter, body),
                Statement::Gradient(..) | Statement::Hessian(..) | Statement::Entry(..) => {
                    cutter.target(statement).is_none() && !neighbors(statement, cutter.rows.index)
                }
                _ => false,
            })
        }
        mostly_scatters(body, self.rows.index) && only_hands_out(self, body)
    }

    /// The body of such a loop without what comes from panels.
    fn whole(&mut self, body: &Block) -> Option<Block> {
        let mut kept = Vec::with_capacity(body.len());
        for statement in body {
            match statement {
                Statement::Let(slot, operation @ (Operation::Load(..) | Operation::Read(..)))
                    if self.rows.varying.contains(slot) =>
                {
                    self.bind(*slot, operation, &mut Cut::default())?;
                }
                Statement::Loop(index, range, body) => {
                    kept.push(Statement::Loop(*index, range.clone(), self.whole(body)?));
                }
                other => kept.push(other.clone()),
            }
        }
        Some(kept)
    }

    fn bind(&mut self, slot: Slot, operation: &Operation, cut: &mut Cut) -> Option<()> {
        if !self.rows.varying.contains(&slot) {
            cut.stages.push(Stage::Scalar(slot, operation.clone()));
            return Some(());
        }
        match operation {
            Operation::Load(array, subscripts) => {
                let stand = self.fill_array(Element::Array(*array, subscripts.clone()))?;
                self.stands.insert(slot, stand);
            }
            Operation::Read(table, at) if self.rows.own_tables.contains(table) => {
                let panel = self.panel_of_table(*table);
                self.stands.insert(slot, (panel, at.clone()));
            }
            Operation::Read(table, at) => {
                let stand = self.fill_table(*table, at)?;
                self.stands.insert(slot, stand);
            }
            Operation::Call(function, args) if !is_inline(*function) => {
                cut.flush();
                let panel = self.panel_of(slot);
                let args = args.iter().map(|&arg| Source::Scalar(arg)).collect();
                cut.stages.push(Stage::Call(*function, args, panel));
            }
            other => cut.lanes.push(Statement::Let(slot, other.clone())),
        }
        Some(())
    }

    /// Combines a value into a panel.
    fn combine(&mut self, panel: Panel, at: &[Affine], kind: ReduceKind, value: Operand, lanes: &mut Block) {
        let (old, new) = (self.slot(), self.slot());
        let (a, b) = (Operand::Slot(old), value);
        let operation = match kind {
            ReduceKind::Sum | ReduceKind::LogSumExp => Operation::Add(a, b),
            ReduceKind::Product => Operation::Mul(a, b),
            ReduceKind::Max => Operation::Call(Function::Max, vec![a, b]),
        };
        lanes.push(Statement::Let(old, Operation::Lane(panel, at.to_vec())));
        lanes.push(Statement::Let(new, operation));
        lanes.push(Statement::Fill(panel, at.to_vec(), Operand::Slot(new)));
    }

    fn clear(&mut self, table: Table, cut: &mut Cut) {
        let panel = self.panel_of_table(table);
        cut.flush();
        let shape = self.panels[panel.0 as usize].clone();
        let axes: Vec<Index> = shape.into_iter().map(|length| self.axis(length)).collect();
        let at = axes.iter().map(|&axis| Affine::index(axis)).collect();
        let zero = Statement::Fill(panel, at, Operand::Number(Number::ZERO));
        let mut stage = Stage::Lanes(vec![zero]);
        for &axis in axes.iter().rev() {
            let range = self.kernel.indices[axis.0 as usize].range.clone();
            stage = Stage::Loop(axis, range, vec![stage]);
        }
        cut.stages.push(stage);
    }

    /// Sums that leave the rows, a pass over the tile for every few of them, and the scalars that are
    /// computed there and nowhere else.
    fn reductions(&mut self, body: &Block, lanes: &mut Block) -> (Vec<Vec<Sum>>, Vec<Slot>) {
        let defined: HashMap<Slot, &Operation> = body
            .iter()
            .filter_map(|s| match s {
                Statement::Let(slot, operation) => Some((*slot, operation)),
                _ => None,
            })
            .collect();
        let mut sunk = Vec::new();
        let mut sums = Vec::new();
        for statement in body {
            let Some((target, value)) = self.target(statement) else { continue };
            let mut terms = Vec::new();
            let (scale, value) = self.scale(value, &defined, &mut sunk);
            self.terms(value, false, &defined, &mut terms, &mut sunk);
            for term in &mut terms {
                let varies = self.rows.is_varying(term.a) || term.b.is_some_and(|b| self.rows.is_varying(b));
                if !varies {
                    // A constant counts once for every row there is.
                    let slot = self.slot();
                    let panel = self.panel_of(slot);
                    self.rows.varying.insert(slot);
                    lanes.push(Statement::Fill(panel, Vec::new(), term.a));
                    term.a = Operand::Slot(slot);
                }
            }
            sums.push(Sum { target, scale, terms });
        }
        let mut passes: Vec<Vec<Sum>> = Vec::new();
        for sum in sums {
            match passes.last_mut() {
                Some(pass) if pass.len() < TOGETHER && pass.iter().all(|s| are_apart(s, &sum)) => {
                    pass.push(sum);
                }
                _ => passes.push(vec![sum]),
            }
        }
        (passes, sunk)
    }

    /// Where a statement adds up over the rows, and what; `None` where it does something else.
    fn target(&self, statement: &Statement) -> Option<(Target, Operand)> {
        match statement {
            Statement::Combine(slot, _, value) if !self.rows.own.contains(slot) => {
                Some((Target::Slot(*slot), *value))
            }
            Statement::Add(table, at, value)
                if !self.rows.own_tables.contains(table) && !at.iter().any(|a| self.rows.mentions(a)) =>
            {
                Some((Target::Table(*table, at.clone()), *value))
            }
            Statement::Gradient(place, value) if !self.rows.is_scattered(place) => {
                Some((Target::Gradient(place.clone()), *value))
            }
            Statement::Hessian(row, column, triangle, value)
                if !self.rows.is_scattered(row) && !self.rows.is_scattered(column) =>
            {
                Some((Target::Hessian(row.clone(), column.clone(), *triangle), *value))
            }
            Statement::Entry(entry, value) if !self.rows.is_scattered_entry(entry) => {
                Some((Target::Entry(entry.clone()), *value))
            }
            _ => None,
        }
    }

    /// A factor that all rows share, and what it multiplies.
    fn scale(
        &self,
        value: Operand,
        defined: &HashMap<Slot, &Operation>,
        sunk: &mut Vec<Slot>,
    ) -> (Option<Operand>, Operand) {
        if let Operand::Slot(slot) = value
            && self.rows.uses.get(&slot) == Some(&1)
            && let Some(Operation::Mul(a, b)) = defined.get(&slot)
        {
            match (self.rows.is_varying(*a), self.rows.is_varying(*b)) {
                (true, false) => {
                    sunk.push(slot);
                    return (Some(*b), *a);
                }
                (false, true) => {
                    sunk.push(slot);
                    return (Some(*a), *b);
                }
                _ => {}
            }
        }
        (None, value)
    }

    /// Takes a value apart into products, where nothing else uses the parts.
    fn terms(
        &self,
        value: Operand,
        is_negative: bool,
        defined: &HashMap<Slot, &Operation>,
        terms: &mut Vec<Term>,
        sunk: &mut Vec<Slot>,
    ) {
        let used_once =
            |slot: Slot| self.rows.uses.get(&slot) == Some(&1) && self.rows.varying.contains(&slot);
        if let Operand::Slot(slot) = value
            && used_once(slot)
            && terms.len() < TERMS
        {
            match defined.get(&slot) {
                Some(Operation::Mul(a, b)) => {
                    sunk.push(slot);
                    // What varies from row to row comes first.
                    let (a, b) = if self.rows.is_varying(*a) { (*a, *b) } else { (*b, *a) };
                    terms.push(Term { is_negative, a, b: Some(b) });
                    return;
                }
                Some(Operation::Add(a, b)) => {
                    sunk.push(slot);
                    self.terms(*a, is_negative, defined, terms, sunk);
                    self.terms(*b, is_negative, defined, terms, sunk);
                    return;
                }
                Some(Operation::Sub(a, b)) => {
                    sunk.push(slot);
                    self.terms(*a, is_negative, defined, terms, sunk);
                    self.terms(*b, !is_negative, defined, terms, sunk);
                    return;
                }
                Some(Operation::Neg(a)) => {
                    sunk.push(slot);
                    self.terms(*a, !is_negative, defined, terms, sunk);
                    return;
                }
                _ => {}
            }
        }
        terms.push(Term { is_negative, a: value, b: None });
    }

    /// The panel of an array element, filled before everything else: its axes are the axes of the array along
    /// which inner loops move.
    fn fill_array(&mut self, element: Element) -> Option<(Panel, Vec<Affine>)> {
        let Element::Array(array, subscripts) = &element else { return None };
        let shape = self.kernel.arrays[array.0 as usize].shape.clone();
        let mut general = subscripts.clone();
        let mut at = Vec::new();
        let mut extents = Vec::new();
        for (subscript, &extent) in general.iter_mut().zip(&shape) {
            let mentions_row = self.rows.mentioned_in(subscript);
            let mut inner = false;
            subscript.visit_affine(&mut |a| inner |= a.indices().any(|i| i != self.rows.index));
            match (mentions_row, inner, &subscript) {
                (_, false, _) => {}
                (false, true, Subscript::Affine(affine)) => {
                    at.push(affine.clone());
                    extents.push(extent);
                    *subscript = Subscript::constant(0);
                }
                _ => return None,
            }
        }
        let moves: Vec<bool> = general.iter().zip(subscripts).map(|(g, s)| g != s).collect();
        let (array, key) = (*array, (Element::Array(*array, general.clone()), moves.clone()));
        if let Some(&panel) = self.fill_of.get(&key) {
            return Some((panel, at));
        }
        let panel = self.panel(extents.iter().map(|&extent| Affine::extent(extent)).collect());
        let axes: Vec<Index> = extents.iter().map(|&extent| self.axis(Affine::extent(extent))).collect();
        let mut free = axes.iter();
        for (subscript, moves) in general.iter_mut().zip(&moves) {
            if *moves && let Some(&axis) = free.next() {
                *subscript = Subscript::index(axis);
            }
        }
        self.fill_of.insert(key, panel);
        self.filled.push(panel);
        self.fills.push(Fill { panel, axes, element: Element::Array(array, general) });
        Some((panel, at))
    }

    fn fill_table(&mut self, table: Table, at: &[Affine]) -> Option<(Panel, Vec<Affine>)> {
        if at.iter().any(|affine| affine.indices().any(|i| i != self.rows.index)) {
            return None;
        }
        let element = Element::Table(table, at.to_vec());
        let key = (element.clone(), Vec::new());
        if let Some(&panel) = self.fill_of.get(&key) {
            return Some((panel, Vec::new()));
        }
        let panel = self.panel(Vec::new());
        self.fill_of.insert(key, panel);
        self.filled.push(panel);
        self.fills.push(Fill { panel, axes: Vec::new(), element });
        Some((panel, Vec::new()))
    }

    /// An index of its own for an axis of a panel.
    fn axis(&mut self, length: Affine) -> Index {
        let number = self.kernel.indices.len() as u32;
        let range = Range { lo: Affine::constant(0), hi: length };
        self.kernel.indices.push(IndexData { range, slot: Name::Free(u32::MAX - number) });
        Index(number)
    }

    pub(super) fn panel(&mut self, shape: Vec<Affine>) -> Panel {
        self.panels.push(shape);
        Panel(self.panels.len() as u32 - 1)
    }

    /// The panel of a scalar.
    pub(super) fn panel_of(&mut self, slot: Slot) -> Panel {
        if let Some((panel, _)) = self.stands.get(&slot) {
            return *panel;
        }
        let panel = self.panel(Vec::new());
        self.stands.insert(slot, (panel, Vec::new()));
        panel
    }

    fn panel_of_table(&mut self, table: Table) -> Panel {
        if let Some(&panel) = self.tables.get(&table) {
            return panel;
        }
        let panel = self.panel(self.kernel.tables[table.0 as usize].clone());
        self.tables.insert(table, panel);
        panel
    }

    fn slot(&mut self) -> Slot {
        self.kernel.slots += 1;
        Slot(self.kernel.slots as u32 - 1)
    }
}

/// Whether two sums surely go to different places.
fn are_apart(a: &Sum, b: &Sum) -> bool {
    let places_apart = |a: &Place, b: &Place| {
        a.array != b.array
            || a.subscripts.iter().zip(&b.subscripts).any(|(a, b)| {
                let difference = a.as_affine().zip(b.as_affine()).map(|(a, b)| a.sub(b).as_constant());
                difference.flatten().is_some_and(|difference| difference != 0)
            })
    };
    match (&a.target, &b.target) {
        (Target::Slot(a), Target::Slot(b)) => a != b,
        (Target::Table(a, _), Target::Table(b, _)) => a != b,
        (Target::Gradient(a), Target::Gradient(b)) => places_apart(a, b),
        (Target::Hessian(a, c, below), Target::Hessian(b, d, also_below)) => {
            *below == Triangle::Below
                && *also_below == Triangle::Below
                && (places_apart(a, b) || places_apart(c, d))
        }
        (Target::Entry(a), Target::Entry(b)) => a.cell.family != b.cell.family,
        _ => true,
    }
}

/// Whether a function is a few branch-free instructions, better left among the others.
pub(super) fn is_inline(function: Function) -> bool {
    use Function::{Abs, Max, Min, Relu, Sign};
    matches!(function, Abs | Max | Min | Relu | Sign)
}
