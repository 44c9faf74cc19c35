//! Binding of a kernel to sizes: every address becomes a form of loop counters.

use super::BindError;
use super::program::{Address, Compute, Form, Step, neutral};
use super::tiles::bind_tiles;
use crate::graph::{Affine, Array, Extent, Subscript, Symbol};
use crate::schedule::{Block, Element, Kernel, Operation, Panel, Place, Stage, Statement, Table, Target};

/// A kernel and the sizes of its dimensions.
pub(super) struct Binder<'a> {
    pub(super) kernel: &'a Kernel,
    pub(super) sizes: &'a [usize],
    /// The shapes of the panels at hand.
    pub(super) panels: &'a [Vec<Affine>],
}

impl Binder<'_> {
    pub(super) fn block(&self, block: &Block) -> Vec<Step> {
        block.iter().map(|statement| self.statement(statement)).collect()
    }

    pub(super) fn statement(&self, statement: &Statement) -> Step {
        match statement {
            Statement::Let(slot, operation) => Step::Let(*slot, self.compute(operation)),
            Statement::Start(slot, kind) => Step::Start(*slot, neutral(*kind)),
            Statement::Combine(slot, kind, value) => Step::Combine(*slot, *kind, *value),
            Statement::Loop(index, range, body) => Step::Loop {
                counter: index.0 as usize,
                lo: self.form(&range.lo),
                hi: self.form(&range.hi),
                body: self.block(body),
            },
            Statement::Clear(table) => Step::Clear(*table),
            Statement::Store(table, at, value) => Step::Store(*table, self.flat(*table, at), *value),
            Statement::Add(table, at, value) => Step::Add(*table, self.flat(*table, at), *value),
            Statement::Value(value) => Step::Value(*value),
            Statement::Gradient(place, value) => Step::Gradient(self.place(place), *value),
            Statement::Hessian(row, column, triangle, value) => {
                Step::Hessian(self.place(row), self.place(column), *triangle, *value)
            }
            Statement::Derivative(order, value) => Step::Derivative(*order, *value),
            Statement::Diagonal(row, column, value) => {
                Step::Diagonal(self.place(row), self.place(column), *value)
            }
            Statement::Entry(entry, value) => Step::Entry(self.target(entry), *value),
            Statement::Coordinates(entry) => Step::Coordinates(self.target(entry)),
            Statement::Fill(panel, at, value) => Step::Fill(*panel, self.panel_form(*panel, at), *value),
            Statement::Tiles(tiles) => Step::Tiles(Box::new(bind_tiles(self.kernel, self.sizes, tiles))),
        }
    }

    pub(super) fn compute(&self, operation: &Operation) -> Compute {
        match operation {
            Operation::Load(array, subscripts) => Compute::Load(*array, self.address(*array, subscripts)),
            Operation::Read(table, at) => Compute::Read(*table, self.flat(*table, at)),
            Operation::Lane(panel, at) => Compute::Lane(*panel, self.panel_form(*panel, at)),
            Operation::IndexValue(affine) => Compute::Index(self.form(affine)),
            plain => Compute::Plain(plain.clone()),
        }
    }

    pub(super) fn size(&self, extent: Extent) -> usize {
        match extent {
            Extent::Fixed(size) => size,
            Extent::Named(dimension) => self.sizes[dimension.0 as usize],
        }
    }

    pub(super) fn form(&self, affine: &Affine) -> Form {
        let mut form = Form { constant: affine.constant, terms: Vec::new() };
        for &(symbol, coefficient) in &affine.terms {
            match symbol {
                Symbol::Dimension(dimension) => match self.sizes.get(dimension.0 as usize) {
                    Some(&size) => form.constant += coefficient * size as i64,
                    // The bounds of the rows come with each run: counters after those of all loops.
                    None => {
                        let at = self.kernel.indices.len() + dimension.0 as usize - self.sizes.len();
                        form.terms.push((at, coefficient));
                    }
                },
                Symbol::Index(index) => form.terms.push((index.0 as usize, coefficient)),
            }
        }
        form
    }

    /// The flattened position of a parameter element.
    pub(super) fn place(&self, place: &Place) -> Address {
        let mut address = self.address(place.array, &place.subscripts);
        let offset = self.kernel.laid_out_before(place.array);
        address.affine.constant +=
            offset.iter().map(|d| d.shape.iter().map(|&e| self.size(e) as i64).product::<i64>()).sum::<i64>();
        address
    }

    pub(super) fn address(&self, array: Array, subscripts: &[Subscript]) -> Address {
        let shape = &self.kernel.arrays[array.0 as usize].shape;
        let mut address = Address::default();
        let mut stride = 1i64;
        for (subscript, &extent) in subscripts.iter().zip(shape).rev() {
            match subscript {
                Subscript::Affine(affine) => address.affine.accumulate(&self.form(affine), stride),
                Subscript::Lookup(array, inner) => {
                    address.lookups.push((*array, self.address(*array, inner), stride));
                }
            }
            stride = stride.saturating_mul(self.size(extent) as i64);
        }
        address
    }

    pub(super) fn flat(&self, table: Table, at: &[Affine]) -> Form {
        self.row_major(&self.kernel.tables[table.0 as usize], at)
    }

    pub(super) fn panel_form(&self, panel: Panel, at: &[Affine]) -> Form {
        self.panels.get(panel.0 as usize).map(|shape| self.row_major(shape, at)).unwrap_or_default()
    }

    fn row_major(&self, shape: &[Affine], at: &[Affine]) -> Form {
        let mut form = Form::default();
        let mut stride = 1;
        for (affine, length) in at.iter().zip(shape).rev() {
            form.accumulate(&self.form(affine), stride);
            stride *= self.form(length).constant;
        }
        form
    }

    /// Every value of a look-up array must be a position of each axis it subscripts.
    pub(super) fn check_lookups(&self, data: &[Vec<f64>], skipped: &[usize]) -> Result<(), BindError> {
        let mut uses: Vec<(Array, usize)> = Vec::new();
        visit_subscripts(&self.kernel.body, &mut |array, axis, subscript| {
            if let Subscript::Lookup(lookup, _) = subscript {
                uses.push((*lookup, self.size(self.kernel.arrays[array.0 as usize].shape[axis])));
            }
        });
        uses.sort_unstable();
        uses.dedup();
        for (lookup, extent) in uses {
            let values = &data[lookup.0 as usize];
            let outside = |value: &f64| value.fract() != 0.0 || *value < 0.0 || *value >= extent as f64;
            if let Some(position) = values.iter().position(outside) {
                let name = self.kernel.arrays[lookup.0 as usize].name.clone();
                let value = values[position];
                let position = skipped[lookup.0 as usize] + position;
                return Err(BindError::Lookup { name, position, value, extent });
            }
        }
        Ok(())
    }
}

/// Visits the subscripts of an element, those of its look-ups included.
fn visit_all(array: Array, subscripts: &[Subscript], visit: &mut impl FnMut(Array, usize, &Subscript)) {
    let mut pending: Vec<(Array, &[Subscript])> = vec![(array, subscripts)];
    while let Some((array, subscripts)) = pending.pop() {
        for (axis, subscript) in subscripts.iter().enumerate() {
            visit(array, axis, subscript);
            if let Subscript::Lookup(lookup, inner) = subscript {
                pending.push((*lookup, inner));
            }
        }
    }
}

fn visit_subscripts(block: &[Statement], visit: &mut impl FnMut(Array, usize, &Subscript)) {
    let mut pending: Vec<&[Statement]> = vec![block];
    while let Some(block) = pending.pop() {
        for statement in block {
            match statement {
                Statement::Let(_, Operation::Load(array, subscripts)) => visit_all(*array, subscripts, visit),
                Statement::Gradient(place, _) => visit_all(place.array, &place.subscripts, visit),
                Statement::Hessian(row, column, ..) | Statement::Diagonal(row, column, _) => {
                    visit_all(row.array, &row.subscripts, visit);
                    visit_all(column.array, &column.subscripts, visit);
                }
                Statement::Entry(entry, _) | Statement::Coordinates(entry) => {
                    visit_all(entry.row.array, &entry.row.subscripts, visit);
                    visit_all(entry.column.array, &entry.column.subscripts, visit);
                }
                Statement::Loop(_, _, body) => pending.push(body),
                Statement::Tiles(tiles) => visit_stages(&tiles.stages, visit),
                _ => {}
            }
        }
    }
}

fn visit_stages(stages: &[Stage], visit: &mut impl FnMut(Array, usize, &Subscript)) {
    for stage in stages {
        match stage {
            Stage::Scalar(slot, operation) => {
                visit_subscripts(&[Statement::Let(*slot, operation.clone())], visit);
            }
            Stage::Fill(fill) => {
                if let Element::Array(array, subscripts) = &fill.element {
                    visit_all(*array, subscripts, visit);
                }
            }
            Stage::Lanes(block) => visit_subscripts(block, visit),
            Stage::Loop(_, _, inner) => visit_stages(inner, visit),
            Stage::Reduce(_, sums) => sums.iter().for_each(|sum| visit_target(&sum.target, visit)),
            Stage::Stream(stream) => {
                visit_subscripts(&stream.block, visit);
                stream.outgoing.iter().for_each(|outgoing| visit_target(&outgoing.target, visit));
            }
            Stage::Scatter(_, statements) => visit_subscripts(statements, visit),
            Stage::Call(..) | Stage::Clip(..) => {}
        }
    }
}

fn visit_target(target: &Target, visit: &mut impl FnMut(Array, usize, &Subscript)) {
    match target {
        Target::Gradient(place) => visit_all(place.array, &place.subscripts, visit),
        Target::Hessian(row, column, _) => {
            visit_all(row.array, &row.subscripts, visit);
            visit_all(column.array, &column.subscripts, visit);
        }
        Target::Entry(entry) => {
            visit_all(entry.row.array, &entry.row.subscripts, visit);
            visit_all(entry.column.array, &entry.column.subscripts, visit);
        }
        Target::Slot(_) | Target::Table(..) => {}
    }
}

impl Form {
    pub(super) fn accumulate(&mut self, other: &Form, stride: i64) {
        self.constant += other.constant * stride;
        for &(counter, coefficient) in &other.terms {
            self.terms.push((counter, coefficient * stride));
        }
    }
}
