//! Loops over rows in tiles: what their stages mean.

use super::binder::Binder;
use super::program::{Address, Compute, Form, Memory, Outputs, Step, entry};
use super::scalar::Scalar;
use super::sparse::Target as SparseTarget;
use super::stream::{BoundStream, Flow};
use crate::functions::Function;
use crate::graph::{Affine, Index};
use crate::schedule::{
    Element, Kernel, LANES, Operand, Panel, Slot, Source, Stage, Table, Target, Term, Tiles, Triangle,
};

/// A loop over rows bound to sizes.
#[derive(Clone, Debug)]
pub(super) struct BoundTiles {
    counter: usize,
    lo: Form,
    hi: Form,
    rows: usize,
    lanes: usize,
    /// The number of positions of each panel.
    panels: Vec<usize>,
    keeps_gradient: bool,
    keeps_hessian: bool,
    /// Accumulators that the stages add to, in order of appearance.
    slots: Vec<Slot>,
    phases: Vec<Phase>,
}

#[derive(Clone, Debug)]
enum Phase {
    Scalar(Step),
    Fill { panel: Panel, at: Form, axes: Vec<Axis>, element: Compute },
    Lanes(Vec<Step>),
    Call(Function, Vec<Argument>, Panel),
    Loop(Axis, Vec<Phase>),
    Reduce(Vec<Step>, Vec<BoundSum>),
    Stream(BoundStream),
    Scatter(Vec<Step>),
    Clip(Panel, Option<Form>),
}

#[derive(Clone, Debug)]
struct Axis {
    counter: usize,
    lo: Form,
    hi: Form,
}

#[derive(Clone, Debug)]
enum Argument {
    Panel(Panel, Form),
    Scalar(Operand),
}

#[derive(Clone, Debug)]
struct BoundSum {
    target: BoundTarget,
    scale: Option<Operand>,
    terms: Vec<Term>,
}

#[derive(Clone, Debug)]
enum BoundTarget {
    Slot(usize),
    Table(Table, Form),
    Gradient(Address),
    Hessian(Address, Address, Triangle),
    Entry(SparseTarget),
}

/// Sums in lanes that last for the whole loop.
struct Kept<S> {
    slots: Vec<[S; LANES]>,
    gradient: Vec<[S; LANES]>,
    hessian: Vec<[S; LANES]>,
    /// That of each stream, in order.
    flows: Vec<Flow<S>>,
}

/// Binds a loop over rows.
pub(super) fn bind_tiles(kernel: &Kernel, sizes: &[usize], tiles: &Tiles) -> BoundTiles {
    let binder = Binder { kernel, sizes, panels: &tiles.panels };
    let length = |shape: &Vec<Affine>| {
        shape.iter().map(|a| usize::try_from(binder.form(a).constant).unwrap_or(0)).product()
    };
    let mut slots = Vec::new();
    let phases = bind(&binder, &tiles.stages, &mut slots);
    BoundTiles {
        counter: tiles.index.0 as usize,
        lo: binder.form(&tiles.range.lo),
        hi: binder.form(&tiles.range.hi),
        rows: tiles.rows,
        lanes: kernel.lanes.count(),
        panels: tiles.panels.iter().map(length).collect(),
        keeps_gradient: tiles.keeps_gradient,
        keeps_hessian: tiles.keeps_hessian,
        slots,
        phases,
    }
}

fn bind(binder: &Binder<'_>, stages: &[Stage], slots: &mut Vec<Slot>) -> Vec<Phase> {
    let axis = |index: Index, lo: &Affine, hi: &Affine| Axis {
        counter: index.0 as usize,
        lo: binder.form(lo),
        hi: binder.form(hi),
    };
    let mut phases = Vec::with_capacity(stages.len());
    for stage in stages {
        phases.push(match stage {
            Stage::Scalar(slot, operation) => Phase::Scalar(Step::Let(*slot, binder.compute(operation))),
            Stage::Fill(fill) => {
                let at: Vec<Affine> = fill.axes.iter().map(|&axis| Affine::index(axis)).collect();
                let range = |index: Index| binder.kernel.indices[index.0 as usize].range.clone();
                let element = match &fill.element {
                    Element::Array(array, subscripts) => {
                        Compute::Load(*array, binder.address(*array, subscripts))
                    }
                    Element::Table(table, at) => Compute::Read(*table, binder.flat(*table, at)),
                };
                Phase::Fill {
                    panel: fill.panel,
                    at: binder.panel_form(fill.panel, &at),
                    axes: fill.axes.iter().map(|&i| axis(i, &range(i).lo, &range(i).hi)).collect(),
                    element,
                }
            }
            Stage::Lanes(block) => Phase::Lanes(binder.block(block)),
            Stage::Call(function, args, panel) => {
                let args = args.iter().map(|arg| match arg {
                    Source::Panel(panel, at) => Argument::Panel(*panel, binder.panel_form(*panel, at)),
                    Source::Scalar(operand) => Argument::Scalar(*operand),
                });
                Phase::Call(*function, args.collect(), *panel)
            }
            Stage::Loop(index, range, inner) => {
                Phase::Loop(axis(*index, &range.lo, &range.hi), bind(binder, inner, slots))
            }
            Stage::Reduce(block, sums) => {
                let sums = sums.iter().map(|sum| {
                    let target = match &sum.target {
                        Target::Slot(slot) => {
                            let at = slots.iter().position(|s| s == slot).unwrap_or_else(|| {
                                slots.push(*slot);
                                slots.len() - 1
                            });
                            BoundTarget::Slot(at)
                        }
                        Target::Table(table, at) => BoundTarget::Table(*table, binder.flat(*table, at)),
                        Target::Gradient(place) => BoundTarget::Gradient(binder.place(place)),
                        Target::Hessian(row, column, triangle) => {
                            BoundTarget::Hessian(binder.place(row), binder.place(column), *triangle)
                        }
                        Target::Entry(entry) => BoundTarget::Entry(binder.target(entry)),
                    };
                    BoundSum { target, scale: sum.scale, terms: sum.terms.clone() }
                });
                let sums = sums.collect();
                Phase::Reduce(binder.block(block), sums)
            }
            Stage::Stream(stream) => Phase::Stream(BoundStream::new(binder, stream)),
            Stage::Scatter(block, statements) => {
                let mut steps = binder.block(block);
                steps.extend(binder.block(statements));
                Phase::Scatter(steps)
            }
            Stage::Clip(panel, at) => {
                Phase::Clip(*panel, at.as_ref().map(|at| binder.panel_form(*panel, at)))
            }
        });
    }
    phases
}

impl BoundTiles {
    fn streams(&self) -> impl Iterator<Item = &BoundStream> {
        self.phases.iter().filter_map(|phase| match phase {
            Phase::Stream(stream) => Some(stream),
            _ => None,
        })
    }
}

impl<S: Scalar> Memory<'_, S> {
    /// Runs a loop over rows, tile by tile.
    pub(super) fn tiles(&mut self, tiles: &BoundTiles, outputs: &mut Outputs<'_, S>) {
        let size = |keeps: bool, length: usize| if keeps { length } else { 0 };
        let mut kept = Kept {
            slots: vec![[S::ZERO; LANES]; tiles.slots.len()],
            gradient: vec![[S::ZERO; LANES]; size(tiles.keeps_gradient, outputs.gradient.len())],
            hessian: vec![[S::ZERO; LANES]; size(tiles.keeps_hessian, outputs.hessian.len())],
            flows: tiles.streams().map(|stream| stream.flow(tiles.rows)).collect(),
        };
        let panels = tiles.panels.iter().map(|&length| vec![S::ZERO; length * tiles.rows]).collect();
        let outer = (std::mem::replace(&mut self.panels, panels), self.rows, self.lane);
        self.rows = tiles.rows;
        let (lo, hi) = (self.form(&tiles.lo), self.form(&tiles.hi));
        let mut start = lo;
        while start < hi {
            let rows = tiles.rows.min(usize::try_from(hi - start).unwrap_or(0));
            let tile = Tile { counter: tiles.counter, start, rows, lanes: tiles.lanes };
            self.phases(&tiles.phases, tile, &mut kept, outputs);
            start += tiles.rows as i64;
        }
        for (slot, lanes) in tiles.slots.iter().zip(&kept.slots) {
            let total = S::total(&lanes[..tiles.lanes]);
            let slot = &mut self.slots[slot.0 as usize];
            *slot = *slot + total;
        }
        let end = Tile { counter: tiles.counter, start: hi, rows: usize::from(lo < hi), lanes: tiles.lanes };
        for (stream, flow) in tiles.streams().zip(&kept.flows) {
            self.finish(stream, end, flow, outputs);
        }
        let gradient = outputs.gradient.iter_mut().zip(&kept.gradient);
        let hessian = outputs.hessian.iter_mut().zip(&kept.hessian);
        gradient.chain(hessian).for_each(|(entry, lanes)| *entry = *entry + S::total(&lanes[..tiles.lanes]));
        (self.panels, self.rows, self.lane) = outer;
    }

    fn phases(&mut self, phases: &[Phase], tile: Tile, kept: &mut Kept<S>, outputs: &mut Outputs<'_, S>) {
        let mut streams = 0;
        for phase in phases {
            match phase {
                Phase::Scalar(step) => self.block(std::slice::from_ref(step), outputs),
                Phase::Fill { panel, at, axes, element } => self.fill(*panel, at, axes, element, tile),
                Phase::Lanes(steps) => {
                    for lane in 0..self.rows {
                        self.enter(tile, lane);
                        self.block(steps, outputs);
                    }
                }
                Phase::Call(function, args, panel) => {
                    for lane in 0..self.rows {
                        self.enter(tile, lane);
                        let values: Vec<S> = args.iter().map(|arg| self.argument(arg)).collect();
                        let value = self.lane_value(*function, &values);
                        if let Some(lanes) = self.lanes(*panel, &Form::default()) {
                            lanes[lane] = value;
                        }
                    }
                }
                Phase::Loop(axis, inner) => {
                    for position in self.form(&axis.lo)..self.form(&axis.hi) {
                        self.counters[axis.counter] = position;
                        self.phases(inner, tile, kept, outputs);
                    }
                }
                Phase::Reduce(steps, sums) => self.reduce(steps, sums, tile, kept, outputs),
                Phase::Stream(stream) => {
                    // Streams stand outside inner loops, so each comes once per tile.
                    if let Some(flow) = kept.flows.get_mut(streams) {
                        self.stream(stream, tile, flow, outputs);
                    }
                    streams += 1;
                }
                Phase::Scatter(steps) => {
                    for lane in 0..tile.rows {
                        self.enter(tile, lane);
                        self.block(steps, outputs);
                    }
                }
                Phase::Clip(panel, at) => {
                    let rows = self.rows;
                    match at {
                        Some(at) => {
                            if let Some(lanes) = self.lanes(*panel, at) {
                                lanes[tile.rows..].fill(S::ZERO);
                            }
                        }
                        None => self.panels[panel.0 as usize]
                            .chunks_mut(rows)
                            .for_each(|lanes| lanes[tile.rows..].fill(S::ZERO)),
                    }
                }
            }
        }
    }

    pub(super) fn enter(&mut self, tile: Tile, lane: usize) {
        self.lane = lane;
        self.counters[tile.counter] = tile.start + lane as i64;
    }

    fn argument(&self, argument: &Argument) -> S {
        match argument {
            Argument::Panel(panel, at) => self.compute(&Compute::Lane(*panel, at.clone())),
            Argument::Scalar(operand) => self.operand(*operand),
        }
    }

    /// Fills a panel over the axes that are left, outermost first.
    fn fill(&mut self, panel: Panel, at: &Form, axes: &[Axis], element: &Compute, tile: Tile) {
        if let Some((axis, rest)) = axes.split_first() {
            for position in self.form(&axis.lo)..self.form(&axis.hi) {
                self.counters[axis.counter] = position;
                self.fill(panel, at, rest, element, tile);
            }
            return;
        }
        for lane in 0..self.rows {
            self.enter(tile, lane);
            let value = if lane < tile.rows { self.compute(element) } else { S::ZERO };
            if let Some(lanes) = self.lanes(panel, at) {
                lanes[lane] = value;
            }
        }
    }

    fn reduce(
        &mut self,
        steps: &[Step],
        sums: &[BoundSum],
        tile: Tile,
        kept: &mut Kept<S>,
        outputs: &mut Outputs<'_, S>,
    ) {
        let mut parts = vec![[S::ZERO; LANES]; sums.len()];
        let homes: Vec<Home> = sums.iter().map(|sum| self.home(&sum.target, kept)).collect();
        for ((part, home), sum) in parts.iter_mut().zip(&homes).zip(sums) {
            if let (Some(lanes), None) = (home.lanes(kept), sum.scale) {
                *part = *lanes;
            }
        }
        for lane in 0..tile.rows.next_multiple_of(tile.lanes) {
            self.enter(tile, lane);
            self.block(steps, outputs);
            for (part, sum) in parts.iter_mut().zip(sums) {
                let part = &mut part[lane % tile.lanes];
                for term in &sum.terms {
                    let a = self.operand(term.a);
                    let a = if term.is_negative { -a } else { a };
                    *part = match term.b {
                        Some(b) => self.mul_add(a, self.operand(b), *part),
                        None => *part + a,
                    };
                }
            }
        }
        for ((part, home), sum) in parts.iter().zip(&homes).zip(sums) {
            let scale = sum.scale.map(|scale| self.operand(scale));
            match (home.lanes(kept), scale) {
                (Some(lanes), None) => *lanes = *part,
                (Some(lanes), Some(scale)) => {
                    for (lane, part) in lanes.iter_mut().zip(part) {
                        *lane = self.mul_add(scale, *part, *lane);
                    }
                }
                (None, scale) => {
                    let total = scale
                        .map_or(S::total(&part[..tile.lanes]), |scale| scale * S::total(&part[..tile.lanes]));
                    let entry = match (home, &sum.target) {
                        (Home::Output(at, factor), BoundTarget::Gradient(_)) => {
                            outputs.gradient.get_mut(*at).map(|entry| (entry, *factor))
                        }
                        (Home::Output(at, factor), BoundTarget::Hessian(..) | BoundTarget::Entry(_)) => {
                            outputs.hessian.get_mut(*at).map(|entry| (entry, *factor))
                        }
                        (_, BoundTarget::Table(table, at)) => {
                            self.entry(*table, at).map(|entry| (entry, 1.0))
                        }
                        _ => None,
                    };
                    if let Some((entry, factor)) = entry {
                        *entry = *entry + S::float(factor) * total;
                    }
                }
            }
        }
    }

    /// Where a sum is kept between tiles.
    fn home(&self, target: &BoundTarget, kept: &Kept<S>) -> Home {
        match target {
            BoundTarget::Slot(at) => Home::Slot(*at),
            BoundTarget::Table(..) => Home::Nowhere,
            BoundTarget::Gradient(place) => match self.position(place) {
                Some(at) if at < kept.gradient.len() => Home::Gradient(at),
                Some(at) => Home::Output(at, 1.0),
                None => Home::Nowhere,
            },
            BoundTarget::Hessian(row, column, triangle) => {
                let at = self.position(row).zip(self.position(column));
                match at.and_then(|(row, column)| entry(row, column, *triangle)) {
                    Some((at, _)) if at < kept.hessian.len() && triangle.is_one_entry() => Home::Hessian(at),
                    Some((at, factor)) => Home::Output(at, factor),
                    None => Home::Nowhere,
                }
            }
            BoundTarget::Entry(target) => match self.slot_of(target) {
                Some((at, twice)) => Home::Output(at, if twice { 2.0 } else { 1.0 }),
                None => Home::Nowhere,
            },
        }
    }
}

/// The rows of one tile.
#[derive(Clone, Copy)]
pub(super) struct Tile {
    counter: usize,
    start: i64,
    pub(super) rows: usize,
    pub(super) lanes: usize,
}

/// Where a sum over the rows of a tile goes.
enum Home {
    Slot(usize),
    Gradient(usize),
    Hessian(usize),
    /// Straight to an output, as often as this factor says.
    Output(usize, f64),
    Nowhere,
}

impl Home {
    fn lanes<'k, S>(&self, kept: &'k mut Kept<S>) -> Option<&'k mut [S; LANES]> {
        match self {
            Home::Slot(at) => kept.slots.get_mut(*at),
            Home::Gradient(at) => kept.gradient.get_mut(*at),
            Home::Hessian(at) => kept.hessian.get_mut(*at),
            Home::Output(..) | Home::Nowhere => None,
        }
    }
}
