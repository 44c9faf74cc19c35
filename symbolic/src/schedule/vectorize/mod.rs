//! Kernel to kernel: loops over rows run several rows at a time, products meet sums in fused steps.
//!
//! | step | file |
//! |---|---|
//! | which loops can be cut, what differs from row to row | `rows` |
//! | which loops hand out more than they compute | `balance` |
//! | why others stay plain | `obstacle` |
//! | what these add up in local arrays | `gather` |
//! | a loop body cut into stages | `stages` |
//! | the last stages as one pass | `stream` |
//! | what has to travel between stages | `carry` |
//! | sums taken out of the loops that prepare them | `distribute` |
//! | which sums may wait until all is prepared | `dependence` |
//! | panels that take the place of others | `reuse` |
//! | `a · b + c` in one step | `fuse` |
//! | calls side by side | `abreast` |

mod abreast;
mod balance;
mod carry;
mod dependence;
mod distribute;
mod fuse;
mod gather;
mod neighbors;
mod obstacle;
mod reuse;
mod rows;
mod stages;
mod stream;

pub(crate) use distribute::for_each_access;
pub(crate) use neighbors::neighbors;
pub use obstacle::Obstacle;

use super::kernel::{Block, Kernel, Operation, Statement};
use super::tiles::{Lanes, Stage, Stream, Tiles};
use crate::graph::{Affine, Declaration, Range, Symbol};

/// Constant ranges shorter than this are left to the plain loop.
const SHORTEST: i64 = 32;
/// Entries of gradient or Hessian up to this number have lanes of their own for the whole loop.
const KEPT: usize = 640;
/// Straight-line code of fewer operations is not worth a choice among processors.
const DISPATCHED: usize = 64;
/// Panels on the stack take this many bytes at most: threads have little of it.
const STACK: usize = 1 << 18;

/// [`vectorize_in`] the usual number of lanes.
///
/// ```
/// use hesse_symbolic::schedule::{Request, Statement, schedule, vectorize};
///
/// let text = "param a; data y[n]; E = sum(i, exp(y[i] - a))";
/// let mut model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let kernel = schedule(&mut model.graph, model.error, Request::VALUE);
/// let in_tiles = |kernel: &hesse_symbolic::schedule::Kernel| {
///     kernel.body.iter().any(|statement| matches!(statement, Statement::Tiles(_)))
/// };
/// assert!(!in_tiles(&kernel) && in_tiles(&vectorize(&kernel)));
/// ```
pub fn vectorize(kernel: &Kernel) -> Kernel {
    vectorize_in(kernel, Lanes::default())
}

/// The kernel with its loops over rows in tiles and its products fused into sums; as it is, where rows run one at a time.
///
/// Sums over rows are added up in a different order than before, one for each number of lanes, the same on every machine.
/// Cost: linear in the number of statements.
///
/// ```
/// use hesse_symbolic::schedule::{Lanes, Request, schedule, vectorize_in};
///
/// let text = "param a; data y[n]; E = sum(i, exp(y[i] - a))";
/// let mut model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let kernel = schedule(&mut model.graph, model.error, Request::VALUE);
/// let [one, four] = [1, 4].map(|count| vectorize_in(&kernel, Lanes::of(count).unwrap()));
/// assert!(one.body == kernel.body && four.body != kernel.body);
/// ```
pub fn vectorize_in(kernel: &Kernel, lanes: Lanes) -> Kernel {
    let mut kernel = kernel.clone();
    kernel.lanes = lanes;
    if lanes.is_one() {
        return kernel;
    }
    let body = std::mem::take(&mut kernel.body);
    let tables = rows::table_uses(&body);
    kernel.body = cut(&mut kernel, body, &tables, true);
    stream::tell_first(&mut kernel);
    fuse::fuse(&mut kernel);
    kernel.dispatched = has_tiles(&kernel.body) || operations(&kernel.body) >= DISPATCHED;
    if kernel.dispatched {
        abreast::abreast(&mut kernel.body);
    }
    kernel
}

fn cut(kernel: &mut Kernel, body: Block, tables: &rows::TableUses, is_outermost: bool) -> Block {
    let mut cut_body = Vec::with_capacity(body.len());
    for statement in body {
        cut_body.push(match statement {
            Statement::Loop(index, range, body) => {
                let is_long = longest(kernel, &range).is_none_or(|length| length >= SHORTEST);
                let tiles = if !is_long {
                    Err(Obstacle::Short)
                } else if balance::mostly_scatters(&body, index) {
                    Err(Obstacle::Scatter)
                } else {
                    rows::tiles(kernel, index, &range, &body, tables)
                };
                match tiles {
                    Ok(mut tiles) => {
                        let count = Declaration::parameters(&kernel.arrays).filter(|_| !kernel.request.block);
                        let keeps = |entries: Option<usize>| {
                            is_outermost && entries.is_some_and(|entries| entries <= KEPT)
                        };
                        tiles.keeps_gradient = keeps(count);
                        tiles.keeps_hessian = keeps(count.and_then(|n| n.checked_mul(n + 1)).map(|n| n / 2));
                        Statement::Tiles(Box::new(tiles))
                    }
                    Err(obstacle) => {
                        kernel.obstacles.push(obstacle);
                        let runs_once = longest(kernel, &range).is_some_and(|length| length <= 1);
                        let mut body = body;
                        let gather::Around { before, after } =
                            gather::gather(kernel, index, &range, &mut body);
                        cut_body.extend(before);
                        let body = cut(kernel, body, tables, is_outermost && runs_once);
                        cut_body.push(Statement::Loop(index, range, body));
                        cut_body.extend(cut(kernel, after, tables, false));
                        continue;
                    }
                }
            }
            other => other,
        });
    }
    cut_body
}

/// The largest number of positions of a range, where it has a bound.
fn longest(kernel: &Kernel, range: &Range) -> Option<i64> {
    range.length().terms.iter().try_fold(range.length().constant, |length, &(symbol, coefficient)| {
        let Symbol::Index(index) = symbol else {
            // Sizes are not negative.
            return (coefficient < 0).then_some(length);
        };
        let outer = &kernel.indices[index.0 as usize].range;
        let first = outer.lo.as_constant()?;
        // Ranges mention outer indices only, so this ends.
        let last = first + longest(kernel, outer)? - 1;
        Some(length + coefficient * if coefficient > 0 { last } else { first })
    })
}

fn has_tiles(body: &Block) -> bool {
    body.iter().any(|statement| match statement {
        Statement::Tiles(_) => true,
        Statement::Loop(_, _, body) => has_tiles(body),
        _ => false,
    })
}

fn operations(body: &Block) -> usize {
    body.iter()
        .map(|statement| match statement {
            Statement::Loop(_, range, body) => {
                let times = range.length().as_constant().unwrap_or(SHORTEST).clamp(0, SHORTEST) as usize;
                operations(body).saturating_mul(times)
            }
            Statement::Let(_, Operation::Load(..)) => 0,
            _ => 1,
        })
        .sum()
}

/// Every block of straight-line statements in stages.
fn for_each_block(stages: &mut [Stage], visit: &mut impl FnMut(&mut Block)) {
    for stage in stages {
        match stage {
            Stage::Lanes(block) | Stage::Stream(Stream { block, .. }) => visit(block),
            Stage::Loop(_, _, inner) => for_each_block(inner, visit),
            _ => {}
        }
    }
}

impl Tiles {
    /// Chooses the rows per tile so that the panels of known length fit the stack; `None` where no tile does.
    fn fit(mut self, lanes: Lanes) -> Option<Tiles> {
        // Panels of run-time length lie in the workspace.
        let lengths =
            self.panels.iter().filter_map(|shape| {
                let lengths: Option<Vec<i64>> = shape.iter().map(Affine::as_constant).collect();
                Some(lengths?.into_iter().fold(1usize, |product, length| {
                    product.saturating_mul(usize::try_from(length).unwrap_or(0))
                }))
            });
        let positions = lengths.fold(0, usize::saturating_add);
        self.rows = [64, 32, 16, 8, 4, 2]
            .into_iter()
            .find(|&rows| rows >= lanes.count() && positions.saturating_mul(rows * 8) <= STACK)?;
        Some(self)
    }
}
