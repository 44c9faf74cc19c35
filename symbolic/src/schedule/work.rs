//! How much a kernel computes, loop by loop.

use std::collections::BTreeMap;

use super::kernel::{Block, Kernel, Operation, Statement};
use super::tiles::{Source, Stage, Target};
use super::vectorize::Obstacle;
use crate::functions::{DIVISION, Function};
use crate::graph::{Index, Range};

/// What the statements directly in one loop do, for one position of it and of those around it.
///
/// What the rows of a tile share is not counted: it is done once for all of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Work {
    /// The loops, outermost first; none for what is computed once.
    pub levels: Vec<Level>,
    /// Additions, subtractions, multiplications, comparisons and choices; those that add to an output are among
    /// them. Changes of sign are not: processors fold them into the rest.
    pub arithmetic: usize,
    /// Divisions.
    pub divisions: usize,
    /// Square roots.
    pub roots: usize,
    /// Calls of functions of the table.
    pub functions: BTreeMap<Function, usize>,
    /// Elements of parameters, data and directions that are read.
    pub loads: usize,
    /// Elements of local arrays and panels that are read or written.
    pub locals: usize,
    /// Numbers added to entries of the gradient (or of the Hessian-vector product, or of the diagonal).
    pub gradient: usize,
    /// Numbers added to entries of the Hessian.
    pub hessian: usize,
}

/// One loop around a statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Level {
    /// Its counter.
    pub index: Index,
    /// Its positions.
    pub range: Range,
    /// How it runs.
    pub run: Run,
}

/// How a loop runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Run {
    /// Position by position; after [`vectorize`](super::vectorize), with what keeps it from running in tiles.
    Plain(Option<Obstacle>),
    /// Over rows, in tiles of so many.
    Tiles(usize),
    /// Within tiles, each position for all rows of the tile.
    Lanes,
}

impl Work {
    /// What it costs, in additions: [`DIVISION`] for a division or a square root, [`Function::cost`] for a call, 1 for
    /// the rest of the arithmetic. Reading and writing is not counted.
    ///
    /// ```
    /// use hesse_symbolic::schedule::Work;
    ///
    /// assert_eq!(Work { arithmetic: 5, divisions: 1, ..Work::default() }.cost(), 13);
    /// ```
    pub fn cost(&self) -> u64 {
        let calls: u64 = self.functions.iter().map(|(f, &calls)| u64::from(f.cost()) * calls as u64).sum();
        self.arithmetic as u64 + u64::from(DIVISION) * (self.divisions + self.roots) as u64 + calls
    }

    /// Whether it does nothing that is counted.
    pub fn is_idle(&self) -> bool {
        *self == Work { levels: self.levels.clone(), ..Work::default() }
    }
}

/// The work of a kernel: outer loops before the loops in them, in the order in which they stand. Loops that do
/// nothing themselves are listed too.
///
/// Cost: linear in the number of statements.
pub fn work(kernel: &Kernel) -> Vec<Work> {
    let mut walk = Walk { kernel, found: Vec::new(), plain: 0 };
    walk.block(&kernel.body, &[]);
    walk.found
}

struct Walk<'k> {
    kernel: &'k Kernel,
    found: Vec<Work>,
    /// How many plain loops were met.
    plain: usize,
}

impl Walk<'_> {
    fn enter(&mut self, levels: &[Level]) -> usize {
        self.found.push(Work { levels: levels.to_vec(), ..Work::default() });
        self.found.len() - 1
    }

    fn block(&mut self, body: &Block, levels: &[Level]) {
        let at = self.enter(levels);
        for statement in body {
            count(statement, &mut self.found[at]);
        }
        for statement in body {
            match statement {
                Statement::Loop(index, range, body) => {
                    let run = Run::Plain(self.kernel.obstacles.get(self.plain).copied());
                    self.plain += 1;
                    self.block(body, &within(levels, *index, range, run));
                }
                Statement::Tiles(tiles) => {
                    let run = Run::Tiles(tiles.rows);
                    self.stages(&tiles.stages, &within(levels, tiles.index, &tiles.range, run));
                }
                _ => {}
            }
        }
    }

    fn stages(&mut self, all: &[Stage], levels: &[Level]) {
        let at = self.enter(levels);
        for stage in all {
            let work = &mut self.found[at];
            match stage {
                Stage::Lanes(block) => block.iter().for_each(|statement| count(statement, work)),
                Stage::Call(function, args, _) => {
                    *work.functions.entry(*function).or_insert(0) += 1;
                    work.locals += 1 + args.iter().filter(|arg| matches!(arg, Source::Panel(..))).count();
                }
                Stage::Reduce(block, sums) => {
                    block.iter().for_each(|statement| count(statement, work));
                    for sum in sums {
                        let steps = sum.terms.iter().map(|term| 1 + usize::from(term.b.is_some()));
                        work.arithmetic += steps.sum::<usize>();
                        work.gradient += usize::from(matches!(sum.target, Target::Gradient(_)));
                        let is_second = matches!(sum.target, Target::Hessian(..) | Target::Entry(_));
                        work.hessian += usize::from(is_second);
                    }
                }
                Stage::Stream(stream) => {
                    stream.block.iter().for_each(|statement| count(statement, work));
                    let terms = stream.sums.iter().flat_map(|sum| &sum.terms);
                    work.arithmetic += terms.map(|term| 1 + usize::from(term.b.is_some())).sum::<usize>();
                    for outgoing in &stream.outgoing {
                        let added: usize = outgoing.values.iter().map(Vec::len).sum();
                        match outgoing.target {
                            Target::Gradient(_) => work.gradient += added,
                            _ => work.hessian += added,
                        }
                    }
                }
                Stage::Scatter(block, statements) => {
                    block.iter().for_each(|statement| count(statement, work));
                    self.visits(at, statements, levels);
                }
                Stage::Fill(fill) => {
                    let kernel = self.kernel;
                    let inner = fill.axes.iter().fold(levels.to_vec(), |levels, &axis| {
                        within(&levels, axis, &kernel.indices[axis.0 as usize].range, Run::Lanes)
                    });
                    let at = if fill.axes.is_empty() { at } else { self.enter(&inner) };
                    self.found[at].loads += 1;
                    self.found[at].locals += 1;
                }
                Stage::Loop(index, range, inner) => {
                    self.stages(inner, &within(levels, *index, range, Run::Lanes));
                }
                Stage::Scalar(..) | Stage::Clip(..) => {}
            }
        }
    }
}

impl Walk<'_> {
    /// What each row of a tile does on its own.
    fn visits(&mut self, at: usize, statements: &Block, levels: &[Level]) {
        for statement in statements {
            if let Statement::Loop(index, range, body) = statement {
                let levels = within(levels, *index, range, Run::Lanes);
                let at = self.enter(&levels);
                self.visits(at, body, &levels);
            } else {
                count(statement, &mut self.found[at]);
            }
        }
    }
}

fn within(levels: &[Level], index: Index, range: &Range, run: Run) -> Vec<Level> {
    levels.iter().cloned().chain([Level { index, range: range.clone(), run }]).collect()
}

fn count(statement: &Statement, work: &mut Work) {
    match statement {
        Statement::Let(_, operation) => match operation {
            Operation::Call(function, _) | Operation::Abreast(function, _) => {
                *work.functions.entry(*function).or_insert(0) += 1
            }
            Operation::Load(..) => work.loads += 1,
            Operation::Read(..) | Operation::Lane(..) => work.locals += 1,
            Operation::IndexValue(_) | Operation::Neg(_) => {}
            Operation::Div(..) => work.divisions += 1,
            Operation::Sqrt(_) => work.roots += 1,
            Operation::MulAdd(..) => work.arithmetic += 2,
            Operation::Add(..)
            | Operation::Sub(..)
            | Operation::Mul(..)
            | Operation::Select(..)
            | Operation::Compare(..)
            | Operation::And(..)
            | Operation::Or(..)
            | Operation::Not(_) => work.arithmetic += 1,
        },
        Statement::Combine(..) | Statement::Value(_) | Statement::Derivative(..) => work.arithmetic += 1,
        Statement::Add(..) => {
            work.arithmetic += 1;
            work.locals += 1;
        }
        Statement::Gradient(..) | Statement::Diagonal(..) => {
            work.arithmetic += 1;
            work.gradient += 1;
        }
        Statement::Hessian(..) | Statement::Entry(..) => {
            work.arithmetic += 1;
            work.hessian += 1;
        }
        Statement::Store(..) | Statement::Fill(..) => work.locals += 1,
        Statement::Start(..)
        | Statement::Coordinates(_)
        | Statement::Clear(_)
        | Statement::Loop(..)
        | Statement::Tiles(_) => {}
    }
}
