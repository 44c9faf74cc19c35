//! Passes over the rows of a tile: what they mean.

use super::binder::Binder;
use super::program::{Address, Memory, Outputs, Step};
use super::scalar::Scalar;
use super::sparse::Target as SparseTarget;
use super::tiles::Tile;
use crate::schedule::{LANES, Operand, Outgoing, Slot, Stream, Sum, Target, Term};

/// A pass bound to sizes.
#[derive(Clone, Debug)]
pub(super) struct BoundStream {
    steps: Vec<Step>,
    sums: Vec<(Slot, Vec<Term>)>,
    outgoing: Vec<BoundOutgoing>,
}

#[derive(Clone, Debug)]
struct BoundOutgoing {
    home: Home,
    values: Vec<Vec<Operand>>,
}

#[derive(Clone, Debug)]
enum Home {
    Gradient(Address),
    Entry(Box<SparseTarget>),
}

/// What lasts from tile to tile: sums in lanes, one after another, and what travels to the next rows.
#[derive(Debug)]
pub(super) struct Flow<S> {
    lanes: Vec<Vec<S>>,
    carried: Vec<Vec<S>>,
}

impl BoundStream {
    pub(super) fn new(binder: &Binder<'_>, stream: &Stream) -> BoundStream {
        let bound = |outgoing: &Outgoing| {
            let home = match &outgoing.target {
                Target::Gradient(place) => Home::Gradient(binder.place(place)),
                Target::Entry(entry) => Home::Entry(Box::new(binder.target(entry))),
                Target::Slot(_) | Target::Table(..) | Target::Hessian(..) => return None,
            };
            Some(BoundOutgoing { home, values: outgoing.values.clone() })
        };
        let sum = |sum: &Sum| match sum.target {
            Target::Slot(slot) => Some((slot, sum.terms.clone())),
            _ => None,
        };
        BoundStream {
            steps: binder.block(&stream.block),
            sums: stream.sums.iter().filter_map(sum).collect(),
            outgoing: stream.outgoing.iter().filter_map(bound).collect(),
        }
    }

    pub(super) fn flow<S: Scalar>(&self, rows: usize) -> Flow<S> {
        Flow {
            lanes: vec![vec![S::ZERO; rows]; self.sums.len()],
            carried: self.outgoing.iter().map(|o| vec![S::ZERO; o.values.len() - 1]).collect(),
        }
    }
}

impl<S: Scalar> Memory<'_, S> {
    pub(super) fn stream(
        &mut self,
        stream: &BoundStream,
        tile: Tile,
        flow: &mut Flow<S>,
        outputs: &mut Outputs<'_, S>,
    ) {
        for lane in 0..tile.rows {
            self.enter(tile, lane);
            self.block(&stream.steps, outputs);
            for (lanes, (_, terms)) in flow.lanes.iter_mut().zip(&stream.sums) {
                for term in terms {
                    let a = self.operand(term.a);
                    let a = if term.is_negative { -a } else { a };
                    lanes[lane] = match term.b {
                        Some(b) => self.mul_add(a, self.operand(b), lanes[lane]),
                        None => lanes[lane] + a,
                    };
                }
            }
            for (outgoing, carried) in stream.outgoing.iter().zip(&mut flow.carried) {
                let mut arriving = carried.iter().copied().map(Some).chain([None]);
                let sums: Vec<S> = outgoing
                    .values
                    .iter()
                    .map(|values| {
                        let values = values.iter().map(|&value| self.operand(value));
                        let all = arriving.next().flatten().into_iter().chain(values);
                        all.reduce(|sum, value| sum + value).unwrap_or(S::ZERO)
                    })
                    .collect();
                let Some((&completed, further)) = sums.split_first() else { continue };
                carried.copy_from_slice(further);
                self.complete(&outgoing.home, completed, outputs);
            }
        }
    }

    /// Adds up the lanes, and hands on what traveled beyond the last row.
    pub(super) fn finish(
        &mut self,
        stream: &BoundStream,
        end: Tile,
        flow: &Flow<S>,
        outputs: &mut Outputs<'_, S>,
    ) {
        for ((slot, _), lanes) in stream.sums.iter().zip(&flow.lanes) {
            let mut parts = [S::ZERO; LANES];
            for (at, &lane) in lanes.iter().enumerate() {
                parts[at % end.lanes] = parts[at % end.lanes] + lane;
            }
            let slot = &mut self.slots[slot.0 as usize];
            *slot = *slot + S::total(&parts[..end.lanes]);
        }
        for (outgoing, carried) in stream.outgoing.iter().zip(&flow.carried) {
            for (lane, &value) in carried.iter().enumerate().take(if end.rows > 0 { usize::MAX } else { 0 }) {
                self.enter(end, lane);
                self.complete(&outgoing.home, value, outputs);
            }
        }
    }

    fn complete(&mut self, home: &Home, value: S, outputs: &mut Outputs<'_, S>) {
        let entry = match home {
            Home::Gradient(place) => self.position(place).and_then(|at| outputs.gradient.get_mut(at)),
            Home::Entry(target) => self.slot_of(target).and_then(|(at, _)| outputs.hessian.get_mut(at)),
        };
        if let Some(entry) = entry {
            *entry = *entry + value;
        }
    }
}
