//! Loops over rows as operations on arrays: the stages of a tile that has all rows.

use super::body::{Body, number};
use super::support::TOTAL;
use crate::graph::Affine;
use crate::languages::positions::operand;
use crate::schedule::{Element, Source, Stage, Statement, Sum, Target, Term, Tiles};

impl Body<'_> {
    /// A loop over rows: its counter is the array of all their positions.
    pub(super) fn tiles(&mut self, tiles: &Tiles) {
        let (lo, hi) = (self.positions.affine(&tiles.range.lo), self.positions.affine(&tiles.range.hi));
        let range = if lo == "0" { hi } else { format!("{lo}, {hi}") };
        let rows = self.positions.enter(tiles.index);
        self.push(&format!("{rows} = np.arange({range})"));
        self.panels.clone_from(&tiles.panels);
        for (at, shape) in tiles.panels.iter().enumerate() {
            let lengths: String =
                shape.iter().map(|length| format!("{}, ", self.positions.bound(length))).collect();
            self.push(&format!("p{at} = np.zeros(({lengths}{rows}.size,))"));
        }
        self.rows = Some(rows);
        self.stages(&tiles.stages);
        self.rows = None;
        self.positions.leave();
    }

    fn stages(&mut self, stages: &[Stage]) {
        for stage in stages {
            self.stage(stage);
        }
    }

    fn stage(&mut self, stage: &Stage) {
        match stage {
            Stage::Scalar(slot, operation) => {
                let rows = self.rows.take();
                self.block(&[Statement::Let(*slot, operation.clone())]);
                self.rows = rows;
            }
            Stage::Fill(fill) => {
                let depth = self.depth;
                for &axis in &fill.axes {
                    let length = self.positions.kernel.indices[axis.0 as usize].range.hi.clone();
                    let length = self.positions.affine(&length);
                    let counter = self.positions.enter(axis);
                    self.push(&format!("for {counter} in range({length}):"));
                    self.depth += 1;
                }
                let at: Vec<Affine> = fill.axes.iter().map(|&axis| Affine::index(axis)).collect();
                let target = self.lanes(fill.panel, &at, true);
                let element = match &fill.element {
                    Element::Array(array, subscripts) => self.positions.load(*array, subscripts),
                    Element::Table(table, at) => self.element(*table, at),
                };
                self.push(&format!("{target} = {element}"));
                fill.axes.iter().for_each(|_| self.positions.leave());
                self.depth = depth;
            }
            Stage::Lanes(block) => self.block(block),
            Stage::Call(function, args, panel) => {
                let args = args.iter().map(|arg| match arg {
                    Source::Panel(panel, at) => self.lanes(*panel, at, false),
                    Source::Scalar(value) => operand(*value, number),
                });
                let args: Vec<String> = args.collect();
                let line = format!(
                    "{} = {}({})",
                    self.lanes(*panel, &[], true),
                    self.function(*function),
                    args.join(", ")
                );
                self.push(&line);
            }
            Stage::Loop(index, range, inner) => {
                let range = [self.positions.affine(&range.lo), self.positions.affine(&range.hi)];
                let counter = self.positions.enter(*index);
                let range = if range[0] == "0" { range[1].clone() } else { range.join(", ") };
                self.push(&format!("for {counter} in range({range}):"));
                self.nested(|own| own.stages(inner));
                self.positions.leave();
            }
            Stage::Reduce(block, sums) => {
                self.block(block);
                sums.iter().for_each(|sum| self.sum(sum));
            }
            Stage::Stream(stream) => {
                self.block(&stream.block);
                stream.sums.iter().for_each(|sum| self.sum(sum));
                stream.outgoing.iter().for_each(|outgoing| self.block(&outgoing.statements()));
            }
            Stage::Scatter(block, statements) => {
                self.block(block);
                self.block(statements);
            }
            // There are no rows beyond the last.
            Stage::Clip(..) => {}
        }
    }

    /// `target += scale · Σ terms`, which is one number for all rows.
    fn sum(&mut self, sum: &Sum) {
        let Some(rows) = self.rows.take() else { return };
        let total = format!("{}({}, {rows})", self.own(TOTAL), terms(&sum.terms));
        let total = match sum.scale {
            Some(scale) => format!("{} * {total}", operand(scale, number)),
            None => total,
        };
        match &sum.target {
            Target::Slot(slot) => {
                let name = crate::languages::positions::slot(*slot);
                self.push(&format!("{name} = {name} + {total}"));
            }
            Target::Table(table, at) => {
                let line = format!("{} += {total}", self.element(*table, at));
                self.push(&line);
            }
            Target::Gradient(place) => {
                let target = crate::languages::unit::target(self.positions.kernel.request);
                let at = self.positions.position(place);
                self.add(target, &at, &total);
            }
            Target::Hessian(row, column, triangle) => self.hessian(row, column, *triangle, &total),
            Target::Entry(entry) => self.entry(entry, &total),
        }
        self.rows = Some(rows);
    }
}

fn terms(terms: &[Term]) -> String {
    let mut text = String::new();
    for Term { is_negative, a, b } in terms {
        let sign = match (text.is_empty(), is_negative) {
            (true, false) => "",
            (true, true) => "-",
            (false, false) => " + ",
            (false, true) => " - ",
        };
        text.push_str(sign);
        text.push_str(&operand(*a, number));
        if let Some(b) = b {
            text.push_str(&format!(" * {}", operand(*b, number)));
        }
    }
    if text.is_empty() { "0.0".to_owned() } else { text }
}
