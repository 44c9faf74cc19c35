//! A kernel bound to data: addresses resolved, ready to run.

use std::ops::Range;

use hesse_runtime::dual::Dual;
use hesse_runtime::interval::Interval;
use hesse_runtime::lanes::{self, Machine, Plain};

use super::binder::Binder;
use super::enclosing::make_enclosing;
use super::scalar::Scalar;
use super::sparse::Target;
use super::tiles::BoundTiles;
use super::{BindError, Bindings, length};
use crate::functions::Function;
use crate::graph::{Array, ReduceKind, Role};
use crate::schedule::{Kernel, Operand, Operation, Panel, Slot, Table, Triangle};

/// A kernel bound to data.
///
/// ```
/// use hesse_symbolic::evaluate::{Bindings, Outputs, Program};
/// use hesse_symbolic::schedule::{Request, schedule};
///
/// let mut model = hesse_parser::formula::parse("param x, y; E = x^2*y", &Default::default()).unwrap();
/// let kernel = schedule(&mut model.graph, model.error, Request::VALUE_GRADIENT);
/// let program = Program::new(&kernel, &Bindings::new())?;
/// let (mut value, mut gradient) = (0.0, [0.0; 2]);
/// program.run(&[3.0, 1.0], &[], &mut Outputs { value: &mut value, gradient: &mut gradient, hessian: &mut [] });
/// assert_eq!((value, gradient), (9.0, [6.0, 9.0]));
/// # Ok::<(), hesse_symbolic::evaluate::BindError>(())
/// ```
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
    /// How many values of each precede those that are held.
    skipped: Vec<usize>,
    /// Where each parameter or direction array starts.
    offsets: Vec<usize>,
    roles: Vec<Role>,
    /// Whether products are fused into sums.
    is_fused: bool,
    /// What the slots after all others hold from the beginning, in a program made for intervals.
    constants: Vec<Interval>,
}

/// Where results go; outputs a kernel was not asked for may be empty.
///
/// ```
/// use hesse_symbolic::evaluate::{Bindings, Outputs, Program};
/// use hesse_symbolic::schedule::{Request, schedule};
///
/// let mut model = hesse_parser::formula::parse("param x, y; E = x^2*y", &Default::default()).unwrap();
/// let kernel = schedule(&mut model.graph, model.error, Request::HESSIAN);
/// let mut hessian = [0.0; 3];
/// let outputs = &mut Outputs { value: &mut 0.0, gradient: &mut [], hessian: &mut hessian };
/// Program::new(&kernel, &Bindings::new())?.run(&[3.0, 1.0], &[], outputs);
/// assert_eq!(hessian, [2.0, 6.0, 0.0]);
/// # Ok::<(), hesse_symbolic::evaluate::BindError>(())
/// ```
#[derive(Debug)]
pub struct Outputs<'a, S = f64> {
    /// E(w).
    pub value: &'a mut S,
    /// ∇E, H·v or the diagonal of H, one entry per parameter; derivatives along a direction, one per order;
    /// products with several vectors, those of one parameter side by side.
    pub gradient: &'a mut [S],
    /// The lower triangle of H, packed by rows, or the values of the sparse Hessian.
    pub hessian: &'a mut [S],
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
    /// A chain of products with one factor, for intervals.
    Power(Operand, i32),
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

pub(super) struct Memory<'a, S> {
    program: &'a Program,
    parameters: &'a [S],
    direction: &'a [S],
    pub(super) slots: Vec<S>,
    pub(super) counters: Vec<i64>,
    pub(super) tables: Vec<Vec<S>>,
    /// The panels of the tiles at hand, the rows of a tile side by side.
    pub(super) panels: Vec<Vec<S>>,
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
        let (mut data, mut skipped) = (Vec::new(), vec![0; kernel.arrays.len()]);
        let (mut dimension, mut directions, mut blocks) = (0usize, 0usize, 0usize);
        for (declaration, skipped) in kernel.arrays.iter().zip(&mut skipped) {
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
                    let values = bindings.array(declaration)?;
                    *skipped = values.skipped;
                    data.push(values.held.clone());
                }
            }
        }
        if kernel.request.hessian || kernel.request.gauss_newton {
            dimension.checked_mul(dimension).ok_or(BindError::TooLarge)?;
        }
        let entries = binder.entries()?;
        let rows = kernel.rows.as_ref().map_or(0, |all| binder.form(&all.length()).constant);
        let tables = length::tables(&binder)?;
        length::check_steps(kernel, &sizes)?;
        let program = Program {
            body: binder.block(&kernel.body),
            dimension,
            entries,
            rows: usize::try_from(rows).unwrap_or(0),
            slots: kernel.slots,
            counters: kernel.indices.len() + kernel.dimensions.len() - sizes.len(),
            tables,
            data,
            skipped,
            offsets,
            roles: kernel.arrays.iter().map(|d| d.role).collect(),
            is_fused: if kernel.dispatched { lanes::is_fused() } else { Plain::FUSED },
            constants: Vec::new(),
        };
        binder.check_lookups(&program.data, &program.skipped)?;
        Ok(program)
    }

    /// The program with its constants enclosed and its chains of products as powers, for [`enclose`](Self::enclose).
    pub fn enclosing(mut self) -> Program {
        self.constants = make_enclosing(&mut self.body, self.slots);
        self
    }

    /// Runs the kernel on a box of parameters: every output encloses all that it is on the box.
    ///
    /// Tight only for a program made [for it](Self::enclosing), of a kernel with functions
    /// [as they are written](crate::schedule::Request::as_written).
    pub fn enclose(&self, parameters: &[Interval], outputs: &mut Outputs<'_, Interval>) {
        self.execute([parameters, &[]], 0..self.rows, outputs);
    }

    /// Runs the kernel on hyper-dual numbers: every output with its derivatives along the directions of the parameters,
    /// by no rule of the engine.
    pub fn dual(&self, parameters: &[Dual], outputs: &mut Outputs<'_, Dual>) {
        self.execute([parameters, &[]], 0..self.rows, outputs);
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
        self.execute([parameters, direction], rows, outputs);
    }

    fn execute<S: Scalar>(
        &self,
        [parameters, direction]: [&[S]; 2],
        rows: Range<usize>,
        outputs: &mut Outputs<'_, S>,
    ) {
        *outputs.value = S::ZERO;
        outputs.gradient.fill(S::ZERO);
        outputs.hessian.fill(S::ZERO);
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
        let mut nothing = Outputs::<f64> { value: &mut 0.0, gradient: &mut [], hessian: &mut [] };
        self.memory(&[], &[], [rows, columns]).block(&self.body, &mut nothing);
    }

    fn memory<'a, S: Scalar>(
        &'a self,
        parameters: &'a [S],
        direction: &'a [S],
        pattern: [&'a mut [usize]; 2],
    ) -> Memory<'a, S> {
        let mut slots = vec![S::ZERO; self.slots];
        slots.extend(self.constants.iter().map(|&constant| S::constant(constant)));
        Memory {
            program: self,
            parameters,
            direction,
            slots,
            counters: vec![0; self.counters],
            tables: self.tables.iter().map(|&length| vec![S::ZERO; length]).collect(),
            panels: Vec::new(),
            rows: 0,
            lane: 0,
            pattern,
        }
    }
}

impl<S: Scalar> Memory<'_, S> {
    pub(super) fn block(&mut self, block: &[Step], outputs: &mut Outputs<'_, S>) {
        for step in block {
            match step {
                Step::Let(slot, compute) => self.slots[slot.0 as usize] = self.compute(compute),
                Step::Start(slot, neutral) => self.slots[slot.0 as usize] = S::float(*neutral),
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
                Step::Clear(table) => self.tables[table.0 as usize].fill(S::ZERO),
                Step::Store(table, at, value) => {
                    let value = self.operand(*value);
                    if let Some(entry) = self.entry(*table, at) {
                        *entry = value;
                    }
                }
                Step::Add(table, at, value) => {
                    let value = self.operand(*value);
                    if let Some(entry) = self.entry(*table, at) {
                        *entry = *entry + value;
                    }
                }
                Step::Fill(panel, at, value) => {
                    let (value, lane) = (self.operand(*value), self.lane);
                    if let Some(entry) = self.lanes(*panel, at).and_then(|lanes| lanes.get_mut(lane)) {
                        *entry = value;
                    }
                }
                Step::Tiles(tiles) => self.tiles(tiles, outputs),
                Step::Value(value) => *outputs.value = *outputs.value + self.operand(*value),
                Step::Gradient(place, value) => {
                    if let Some(entry) = self.position(place).and_then(|at| outputs.gradient.get_mut(at)) {
                        *entry = *entry + self.operand(*value);
                    }
                }
                Step::Hessian(row, column, triangle, value) => {
                    let (Some(row), Some(column)) = (self.position(row), self.position(column)) else {
                        continue;
                    };
                    let Some((at, factor)) = entry(row, column, *triangle) else { continue };
                    if let Some(entry) = outputs.hessian.get_mut(at) {
                        *entry = *entry + S::float(factor) * self.operand(*value);
                    }
                }
                Step::Derivative(order, value) => {
                    if let Some(derivative) = outputs.gradient.get_mut(*order) {
                        *derivative = *derivative + self.operand(*value);
                    }
                }
                Step::Diagonal(row, column, value) => {
                    let (row, column) = (self.position(row), self.position(column));
                    if let Some(entry) =
                        row.filter(|_| row == column).and_then(|at| outputs.gradient.get_mut(at))
                    {
                        *entry = *entry + self.operand(*value);
                    }
                }
                Step::Entry(target, value) => {
                    let Some((at, twice)) = self.slot_of(target) else { continue };
                    let value = self.operand(*value);
                    if let Some(entry) = outputs.hessian.get_mut(at) {
                        *entry = *entry + if twice { value + value } else { value };
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

    pub(super) fn compute(&self, compute: &Compute) -> S {
        match compute {
            Compute::Load(array, address) => self.load(*array, address),
            Compute::Read(table, at) => usize::try_from(self.form(at))
                .ok()
                .and_then(|at| self.tables[table.0 as usize].get(at).copied())
                .unwrap_or(S::UNKNOWN),
            Compute::Lane(panel, at) => usize::try_from(self.form(at))
                .ok()
                .and_then(|at| self.panels[panel.0 as usize].get(at * self.rows + self.lane).copied())
                .unwrap_or(S::UNKNOWN),
            Compute::Index(form) => S::float(self.form(form) as f64),
            Compute::Plain(operation) => self.operation(operation),
            Compute::Power(base, exponent) => self.operand(*base).powi(*exponent),
        }
    }

    fn operation(&self, operation: &Operation) -> S {
        let of = |operand: &Operand| self.operand(*operand);
        match operation {
            Operation::Add(a, b) => of(a) + of(b),
            Operation::Sub(a, b) => of(a) - of(b),
            Operation::Mul(a, b) => of(a) * of(b),
            Operation::Div(a, b) => of(a) / of(b),
            Operation::MulAdd(a, b, c) => self.mul_add(of(a), of(b), of(c)),
            Operation::Neg(a) => -of(a),
            Operation::Sqrt(a) => of(a).sqrt(),
            Operation::Call(function, args) => call(*function, args.iter().map(of)),
            Operation::Select(condition, a, b) => S::select(of(condition), of(a), of(b)),
            Operation::Compare(comparison, a, b) => S::compare(*comparison, of(a), of(b)),
            Operation::And(a, b) => of(a).and(of(b)),
            Operation::Or(a, b) => of(a).or(of(b)),
            Operation::Not(a) => of(a).not(),
            // Resolved when the kernel was bound.
            Operation::Load(..) | Operation::Read(..) | Operation::Lane(..) | Operation::IndexValue(_) => {
                S::UNKNOWN
            }
        }
    }

    /// `a · b + c` as generated code has it on this processor.
    pub(super) fn mul_add(&self, a: S, b: S, c: S) -> S {
        S::mul_add(a, b, c, self.program.is_fused)
    }

    /// A function as a loop over lanes has it on this processor.
    pub(super) fn lane_value(&self, function: Function, args: &[S]) -> S {
        S::lane_value(function, args, self.program.is_fused)
    }

    pub(super) fn operand(&self, operand: Operand) -> S {
        match operand {
            Operand::Slot(slot) => self.slots[slot.0 as usize],
            Operand::Number(number) => S::number(number),
        }
    }

    fn load(&self, array: Array, address: &Address) -> S {
        let at = array.0 as usize;
        let values = match self.program.roles[at] {
            Role::Parameter => self.parameters,
            Role::Direction(_) => self.direction,
            Role::Data | Role::Lookup => return self.datum(array, address).map_or(S::UNKNOWN, S::float),
        };
        let position = usize::try_from(self.address(address)).ok();
        position.and_then(|p| values.get(p + self.program.offsets[at])).copied().unwrap_or(S::UNKNOWN)
    }

    /// An element of a data or look-up array.
    fn datum(&self, array: Array, address: &Address) -> Option<f64> {
        let (at, position) = (array.0 as usize, usize::try_from(self.address(address)).ok()?);
        self.program.data[at].get(position.checked_sub(self.program.skipped[at])?).copied()
    }

    pub(super) fn position(&self, place: &Address) -> Option<usize> {
        usize::try_from(self.address(place)).ok()
    }

    pub(super) fn entry(&mut self, table: Table, at: &Form) -> Option<&mut S> {
        let at = usize::try_from(self.form(at)).ok()?;
        self.tables[table.0 as usize].get_mut(at)
    }

    /// All lanes of a position of a panel.
    pub(super) fn lanes(&mut self, panel: Panel, at: &Form) -> Option<&mut [S]> {
        let (at, rows) = (usize::try_from(self.form(at)).ok()?, self.rows);
        self.panels[panel.0 as usize].get_mut(at.checked_mul(rows)?..)?.get_mut(..rows)
    }

    fn address(&self, address: &Address) -> i64 {
        let looked_up = address.lookups.iter().map(|(array, at, stride)| {
            // Look-ups hold positions, checked when the data was bound.
            self.datum(*array, at).unwrap_or(f64::NAN) as i64 * stride
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

fn combine<S: Scalar>(kind: ReduceKind, total: S, value: S) -> S {
    match kind {
        ReduceKind::Sum | ReduceKind::LogSumExp => total + value,
        ReduceKind::Product => total * value,
        ReduceKind::Max => total.max(value),
    }
}

fn call<S: Scalar>(function: Function, args: impl Iterator<Item = S>) -> S {
    let mut values = [S::UNKNOWN; 2];
    for (place, value) in values.iter_mut().zip(args) {
        *place = value;
    }
    S::call(function, &values)
}
