//! A kernel bound to data: addresses resolved, ready to run.

use std::ops::Range;

use hesse_runtime::lanes::{self, Fused, Machine, Plain};

use super::binder::Binder;
use super::sparse::Target;
use super::tiles::BoundTiles;
use super::{BindError, Bindings};
use crate::functions::Function;
use crate::graph::{Array, Comparison, ReduceKind, Role};
use crate::schedule::{Kernel, Operand, Operation, Panel, Slot, Table, Triangle};

/// A kernel bound to data.
#[derive(Clone, Debug)]
pub struct Program {
    body: Vec<Step>,
    dimension: usize,
    entries: usize,
    rows: usize,
    slots: usize,
    counters: usize,
    tables: Vec<usize>,
    /// Values of data and look-up arrays; empty for parameters.
    data: Vec<Vec<f64>>,
    /// Where each parameter or direction array starts.
    offsets: Vec<usize>,
    roles: Vec<Role>,
    /// Whether products are fused into sums.
    is_fused: bool,
}

/// Where results go; outputs a kernel was not asked for may be empty.
#[derive(Debug)]
pub struct Outputs<'a> {
    /// E(w).
    pub value: &'a mut f64,
    /// ∇E, H·v or the diagonal of H, one entry per parameter; derivatives along a direction, one per order;
    /// products with several vectors, those of one parameter side by side.
    pub gradient: &'a mut [f64],
    /// The lower triangle of H, packed by rows, or the values of the sparse Hessian.
    pub hessian: &'a mut [f64],
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Let(Slot, Compute),
    Start(Slot, f64),
    Combine(Slot, ReduceKind, Operand),
    Loop { counter: usize, lo: Form, hi: Form, body: Vec<Step> },
    Clear(Table),
    Store(Table, Form, Operand),
    Add(Table, Form, Operand),
    Value(Operand),
    Gradient(Address, Operand),
    Hessian(Address, Address, Triangle, Operand),
    Derivative(usize, Operand),
    Diagonal(Address, Address, Operand),
    Entry(Target, Operand),
    Coordinates(Target),
    Fill(Panel, Form, Operand),
    Tiles(Box<BoundTiles>),
}

#[derive(Clone, Debug)]
pub(super) enum Compute {
    Load(Array, Address),
    Read(Table, Form),
    Lane(Panel, Form),
    Index(Form),
    Plain(Operation),
}

/// constant + Σ coefficient · counter
#[derive(Clone, Debug, Default)]
pub(super) struct Form {
    pub(super) constant: i64,
    pub(super) terms: Vec<(usize, i64)>,
}

/// A flattened position: an affine part and look-ups, each with its stride.
#[derive(Clone, Debug, Default)]
pub(super) struct Address {
    pub(super) affine: Form,
    pub(super) lookups: Vec<(Array, Address, i64)>,
}

pub(super) struct Memory<'a> {
    program: &'a Program,
    parameters: &'a [f64],
    direction: &'a [f64],
    pub(super) slots: Vec<f64>,
    pub(super) counters: Vec<i64>,
    pub(super) tables: Vec<Vec<f64>>,
    /// The panels of the tiles at hand, the rows of a tile side by side.
    pub(super) panels: Vec<Vec<f64>>,
    /// Rows per tile, and the lane at hand.
    pub(super) rows: usize,
    pub(super) lane: usize,
    /// Rows and columns of a pattern; empty elsewhere.
    pattern: [&'a mut [usize]; 2],
}

impl Program {
    /// Binds a kernel to data.
    ///
    /// # Errors
    /// Where data is missing, of the wrong shape, or looks up positions that do not exist.
    pub fn new(kernel: &Kernel, bindings: &Bindings) -> Result<Program, BindError> {
        let sizes = bindings.dimensions(kernel)?;
        let binder = Binder { kernel, sizes: &sizes, panels: &[] };
        let mut offsets = Vec::new();
        let mut data = Vec::new();
        let (mut dimension, mut directions, mut blocks) = (0usize, 0usize, 0usize);
        for declaration in &kernel.arrays {
            let length = declaration
                .shape
                .iter()
                .try_fold(1usize, |length, &extent| length.checked_mul(binder.size(extent)))
                .ok_or(BindError::TooLarge)?;
            match declaration.role {
                Role::Parameter => {
                    offsets.push(dimension);
                    dimension = dimension.checked_add(length).ok_or(BindError::TooLarge)?;
                    data.push(Vec::new());
                }
                Role::Direction(_) => {
                    let before = if kernel.is_block(declaration) { &mut blocks } else { &mut directions };
                    offsets.push(*before);
                    *before = before.checked_add(length).ok_or(BindError::TooLarge)?;
                    data.push(Vec::new());
                }
                Role::Data | Role::Lookup => {
                    offsets.push(0);
                    data.push(bindings.array(declaration)?.1.to_vec());
                }
            }
        }
        if kernel.request.hessian || kernel.request.gauss_newton {
            dimension.checked_mul(dimension).ok_or(BindError::TooLarge)?;
        }
        let entries = binder.entries()?;
        let rows = kernel.rows.as_ref().map_or(0, |all| binder.form(&all.length()).constant);
        let tables = kernel
            .tables
            .iter()
            .map(|shape| {
                let mut sizes =
                    shape.iter().map(|length| usize::try_from(binder.form(length).constant).unwrap_or(0));
                sizes.try_fold(1usize, |product, size| product.checked_mul(size)).ok_or(BindError::TooLarge)
            })
            .collect::<Result<_, _>>()?;
        let program = Program {
            body: binder.block(&kernel.body),
            dimension,
            entries,
            rows: usize::try_from(rows).unwrap_or(0),
            slots: kernel.slots,
            counters: kernel.indices.len() + kernel.dimensions.len() - sizes.len(),
            tables,
            data,
            offsets,
            roles: kernel.arrays.iter().map(|d| d.role).collect(),
            is_fused: if kernel.dispatched { lanes::is_fused() } else { Plain::FUSED },
        };
        binder.check_lookups(&program.data)?;
        Ok(program)
    }

    /// The number of parameters.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// The number of values of the sparse Hessian.
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// The number of rows, for a kernel [of rows](crate::schedule::Request::of_rows).
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Runs the kernel at `parameters`; outputs are overwritten. `direction` may be empty where no
    /// Hessian-vector product is asked for. Reads outside an array give NaN.
    pub fn run(&self, parameters: &[f64], direction: &[f64], outputs: &mut Outputs<'_>) {
        self.run_rows(parameters, direction, 0..self.rows, outputs);
    }

    /// [Runs](Self::run) a kernel [of rows](crate::schedule::Request::of_rows) for some of them.
    pub fn run_rows(
        &self,
        parameters: &[f64],
        direction: &[f64],
        rows: Range<usize>,
        outputs: &mut Outputs<'_>,
    ) {
        *outputs.value = 0.0;
        outputs.gradient.fill(0.0);
        outputs.hessian.fill(0.0);
        let mut memory = self.memory(parameters, direction, [&mut [], &mut []]);
        // The last counters of a kernel of rows; loops set all others before they are read.
        for (counter, bound) in memory.counters.iter_mut().rev().zip([rows.end, rows.start]) {
            *counter = i64::try_from(bound).unwrap_or(i64::MAX);
        }
        memory.block(&self.body, outputs);
    }

    /// Writes row and column of every value of the sparse Hessian, for a kernel of
    /// [`Request::PATTERN`](crate::schedule::Request::PATTERN).
    pub fn pattern(&self, rows: &mut [usize], columns: &mut [usize]) {
        rows.fill(0);
        columns.fill(0);
        let mut nothing = Outputs { value: &mut 0.0, gradient: &mut [], hessian: &mut [] };
        self.memory(&[], &[], [rows, columns]).block(&self.body, &mut nothing);
    }

    fn memory<'a>(
        &'a self,
        parameters: &'a [f64],
        direction: &'a [f64],
        pattern: [&'a mut [usize]; 2],
    ) -> Memory<'a> {
        Memory {
            program: self,
            parameters,
            direction,
            slots: vec![0.0; self.slots],
            counters: vec![0; self.counters],
            tables: self.tables.iter().map(|&length| vec![0.0; length]).collect(),
            panels: Vec::new(),
            rows: 0,
            lane: 0,
            pattern,
        }
    }
}

impl Memory<'_> {
    pub(super) fn block(&mut self, block: &[Step], outputs: &mut Outputs<'_>) {
        for step in block {
            match step {
                Step::Let(slot, compute) => self.slots[slot.0 as usize] = self.compute(compute),
                Step::Start(slot, neutral) => self.slots[slot.0 as usize] = *neutral,
                Step::Combine(slot, kind, value) => {
                    let value = self.operand(*value);
                    let total = &mut self.slots[slot.0 as usize];
                    *total = combine(*kind, *total, value);
                }
                Step::Loop { counter, lo, hi, body } => {
                    for position in self.form(lo)..self.form(hi) {
                        self.counters[*counter] = position;
                        self.block(body, outputs);
                    }
                }
                Step::Clear(table) => self.tables[table.0 as usize].fill(0.0),
                Step::Store(table, at, value) => {
                    let value = self.operand(*value);
                    if let Some(entry) = self.entry(*table, at) {
                        *entry = value;
                    }
                }
                Step::Add(table, at, value) => {
                    let value = self.operand(*value);
                    if let Some(entry) = self.entry(*table, at) {
                        *entry += value;
                    }
                }
                Step::Fill(panel, at, value) => {
                    let (value, lane) = (self.operand(*value), self.lane);
                    if let Some(entry) = self.lanes(*panel, at).and_then(|lanes| lanes.get_mut(lane)) {
                        *entry = value;
                    }
                }
                Step::Tiles(tiles) => self.tiles(tiles, outputs),
                Step::Value(value) => *outputs.value += self.operand(*value),
                Step::Gradient(place, value) => {
                    if let Some(entry) = self.position(place).and_then(|at| outputs.gradient.get_mut(at)) {
                        *entry += self.operand(*value);
                    }
                }
                Step::Hessian(row, column, triangle, value) => {
                    let (Some(row), Some(column)) = (self.position(row), self.position(column)) else {
                        continue;
                    };
                    let Some((at, factor)) = entry(row, column, *triangle) else { continue };
                    if let Some(entry) = outputs.hessian.get_mut(at) {
                        *entry += factor * self.operand(*value);
                    }
                }
                Step::Derivative(order, value) => {
                    if let Some(derivative) = outputs.gradient.get_mut(*order) {
                        *derivative += self.operand(*value);
                    }
                }
                Step::Diagonal(row, column, value) => {
                    let (row, column) = (self.position(row), self.position(column));
                    if let Some(entry) =
                        row.filter(|_| row == column).and_then(|at| outputs.gradient.get_mut(at))
                    {
                        *entry += self.operand(*value);
                    }
                }
                Step::Entry(target, value) => {
                    let Some((at, twice)) = self.slot_of(target) else { continue };
                    let value = self.operand(*value);
                    if let Some(entry) = outputs.hessian.get_mut(at) {
                        *entry += if twice { value + value } else { value };
                    }
                }
                Step::Coordinates(target) => {
                    let (Some((at, _)), Some((row, column))) =
                        (self.slot_of(target), self.coordinates_of(target))
                    else {
                        continue;
                    };
                    for (list, position) in self.pattern.iter_mut().zip([row, column]) {
                        if let Some(place) = list.get_mut(at) {
                            *place = position;
                        }
                    }
                }
            }
        }
    }

    pub(super) fn compute(&self, compute: &Compute) -> f64 {
        match compute {
            Compute::Load(array, address) => self.load(*array, address),
            Compute::Read(table, at) => usize::try_from(self.form(at))
                .ok()
                .and_then(|at| self.tables[table.0 as usize].get(at).copied())
                .unwrap_or(f64::NAN),
            Compute::Lane(panel, at) => usize::try_from(self.form(at))
                .ok()
                .and_then(|at| self.panels[panel.0 as usize].get(at * self.rows + self.lane).copied())
                .unwrap_or(f64::NAN),
            Compute::Index(form) => self.form(form) as f64,
            Compute::Plain(operation) => self.operation(operation),
        }
    }

    fn operation(&self, operation: &Operation) -> f64 {
        let truth = |holds: bool| if holds { 1.0 } else { 0.0 };
        let of = |operand: &Operand| self.operand(*operand);
        match operation {
            Operation::Add(a, b) => of(a) + of(b),
            Operation::Sub(a, b) => of(a) - of(b),
            Operation::Mul(a, b) => of(a) * of(b),
            Operation::Div(a, b) => of(a) / of(b),
            Operation::MulAdd(a, b, c) => self.mul_add(of(a), of(b), of(c)),
            Operation::Neg(a) => -of(a),
            Operation::Sqrt(a) => hesse_runtime::math::sqrt(of(a)),
            Operation::Call(function, args) => call(*function, args.iter().map(of)),
            Operation::Select(condition, a, b) => {
                if of(condition) != 0.0 {
                    of(a)
                } else {
                    of(b)
                }
            }
            Operation::Compare(comparison, a, b) => truth(Comparison::holds(*comparison, of(a), of(b))),
            Operation::And(a, b) => truth(of(a) != 0.0 && of(b) != 0.0),
            Operation::Or(a, b) => truth(of(a) != 0.0 || of(b) != 0.0),
            Operation::Not(a) => truth(of(a) == 0.0),
            // Resolved when the kernel was bound.
            Operation::Load(..) | Operation::Read(..) | Operation::Lane(..) | Operation::IndexValue(_) => {
                f64::NAN
            }
        }
    }

    /// `a · b + c` as generated code has it on this processor.
    pub(super) fn mul_add(&self, a: f64, b: f64, c: f64) -> f64 {
        if self.program.is_fused { Fused::mul_add(a, b, c) } else { Plain::mul_add(a, b, c) }
    }

    /// A function as a loop over lanes has it on this processor.
    pub(super) fn lane_value(&self, function: Function, args: &[f64]) -> f64 {
        if self.program.is_fused {
            function.lane_value::<Fused>(args)
        } else {
            function.lane_value::<Plain>(args)
        }
    }

    pub(super) fn operand(&self, operand: Operand) -> f64 {
        match operand {
            Operand::Slot(slot) => self.slots[slot.0 as usize],
            Operand::Number(number) => number.to_f64(),
        }
    }

    fn load(&self, array: Array, address: &Address) -> f64 {
        let at = array.0 as usize;
        let values = match self.program.roles[at] {
            Role::Parameter => self.parameters,
            Role::Direction(_) => self.direction,
            Role::Data | Role::Lookup => &self.program.data[at],
        };
        let position = usize::try_from(self.address(address)).ok();
        position.and_then(|p| values.get(p + self.program.offsets[at])).copied().unwrap_or(f64::NAN)
    }

    pub(super) fn position(&self, place: &Address) -> Option<usize> {
        usize::try_from(self.address(place)).ok()
    }

    pub(super) fn entry(&mut self, table: Table, at: &Form) -> Option<&mut f64> {
        let at = usize::try_from(self.form(at)).ok()?;
        self.tables[table.0 as usize].get_mut(at)
    }

    /// All lanes of a position of a panel.
    pub(super) fn lanes(&mut self, panel: Panel, at: &Form) -> Option<&mut [f64]> {
        let (at, rows) = (usize::try_from(self.form(at)).ok()?, self.rows);
        self.panels[panel.0 as usize].get_mut(at.checked_mul(rows)?..)?.get_mut(..rows)
    }

    fn address(&self, address: &Address) -> i64 {
        let looked_up = address.lookups.iter().map(|(array, at, stride)| {
            // Look-ups hold positions, checked when the data was bound.
            self.load(*array, at) as i64 * stride
        });
        self.form(&address.affine) + looked_up.sum::<i64>()
    }

    pub(super) fn form(&self, form: &Form) -> i64 {
        form.terms.iter().fold(form.constant, |sum, &(counter, c)| sum + c * self.counters[counter])
    }
}

/// The position of an entry in the packed triangle, and how often its value counts; `None` where it is left out.
pub(super) fn entry(row: usize, column: usize, triangle: Triangle) -> Option<(usize, f64)> {
    let (row, column, factor) = match triangle {
        Triangle::Guarded if row < column => return None,
        Triangle::Mirrored if row == column => (row, column, 2.0),
        Triangle::Mirrored | Triangle::Beside if row < column => (column, row, 1.0),
        _ => (row, column, 1.0),
    };
    Some((row * (row + 1) / 2 + column, factor))
}

/// The neutral element of a reduction.
pub(crate) fn neutral(kind: ReduceKind) -> f64 {
    match kind {
        ReduceKind::Sum => 0.0,
        ReduceKind::Product => 1.0,
        ReduceKind::Max | ReduceKind::LogSumExp => f64::NEG_INFINITY,
    }
}

fn combine(kind: ReduceKind, total: f64, value: f64) -> f64 {
    match kind {
        ReduceKind::Sum | ReduceKind::LogSumExp => total + value,
        ReduceKind::Product => total * value,
        ReduceKind::Max => hesse_runtime::math::max(total, value),
    }
}

fn call(function: Function, args: impl Iterator<Item = f64>) -> f64 {
    let mut values = [f64::NAN; 2];
    for (place, value) in values.iter_mut().zip(args) {
        *place = value;
    }
    function.value(&values)
}
