//! Loops over rows in tiles: the part of the kernel language that runs several rows at a time.
//!
//! The body of the loop is cut into stages, and each stage runs for all rows of a tile before the next one
//! begins. What a later stage needs travels in [`Panel`]s. Rows that the last tile lacks are zeros.

use super::kernel::{Block, Entry, Operand, Operation, Place, Slot, Statement, Table, Triangle};
use crate::functions::Function;
use crate::graph::{Affine, Array, Index, Range, Subscript};

/// The most rows that run at a time, and as many as usual.
pub const LANES: usize = 8;

/// How many rows run at a time: one in plain loops, else two, four or eight. Sums over rows are kept in as many parts,
/// added up pairwise at the end.
///
/// ```
/// use hesse_symbolic::schedule::Lanes;
///
/// assert_eq!(Lanes::default().count(), 8);
/// assert_eq!(Lanes::of(4).map(Lanes::count), Some(4));
/// assert!(Lanes::of(3).is_none() && Lanes::of(1).is_some_and(Lanes::is_one));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Lanes(usize);

impl Lanes {
    /// All there are.
    pub const ALL: [Lanes; 4] = [Lanes(1), Lanes(2), Lanes(4), Lanes(LANES)];

    /// So many, where there are as many.
    pub fn of(count: usize) -> Option<Lanes> {
        Lanes::ALL.into_iter().find(|lanes| lanes.0 == count)
    }

    /// How many.
    pub fn count(self) -> usize {
        self.0
    }

    /// Whether loops stay as they are.
    pub fn is_one(self) -> bool {
        self.0 == 1
    }
}

impl Default for Lanes {
    fn default() -> Lanes {
        Lanes(LANES)
    }
}

/// A local array with one value for every row of a tile at each of its positions.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Panel(pub u32);

/// A loop over rows, in tiles.
#[derive(Clone, PartialEq, Debug)]
pub struct Tiles {
    /// The row.
    pub index: Index,
    /// All rows.
    pub range: Range,
    /// Rows per tile, a multiple of the lanes of the kernel.
    pub rows: usize,
    /// The shapes of its panels, the rows left out.
    pub panels: Vec<Vec<Affine>>,
    /// Whether sums that go to the gradient stay in lanes until the last tile.
    pub keeps_gradient: bool,
    /// Whether sums that go to the Hessian stay in lanes until the last tile.
    pub keeps_hessian: bool,
    /// What is done for each tile in turn.
    pub stages: Vec<Stage>,
}

/// One stage of a tile.
#[derive(Clone, PartialEq, Debug)]
pub enum Stage {
    /// Binds a scalar that is the same for all rows.
    Scalar(Slot, Operation),
    /// Brings in an input of the rows.
    Fill(Fill),
    /// Runs straight-line statements for every lane.
    Lanes(Block),
    /// Writes a function of each lane to a panel.
    Call(Function, Vec<Source>, Panel),
    /// Runs stages for every position of a range that is the same for all rows.
    Loop(Index, Range, Vec<Stage>),
    /// Adds up over all rows. The block binds what the terms mention, lane by lane.
    Reduce(Block, Vec<Sum>),
    /// Runs straight-line statements, and hands on what they give, for every row there is.
    Stream(Stream),
    /// Adds or writes, row by row in ascending order, where each row has its own places. The block binds what the
    /// statements mention; places of different statements of one stage may be the same.
    Scatter(Block, Block),
    /// Sets what a panel has at one position (at all, where there is none) to zero beyond the last row.
    Clip(Panel, Option<Vec<Affine>>),
}

/// An input of the rows: a panel over `axes` receives the element of each row.
#[derive(Clone, PartialEq, Debug)]
pub struct Fill {
    /// The panel.
    pub panel: Panel,
    /// Its axes, by the indices that the element mentions.
    pub axes: Vec<Index>,
    /// The element.
    pub element: Element,
}

/// One pass over the rows of a tile, from their inputs to what leaves them.
#[derive(Clone, PartialEq, Debug)]
pub struct Stream {
    /// The statements of each row.
    pub block: Block,
    /// Sums over the rows, which stay in lanes until the last tile; each goes to an accumulator and has no scale.
    pub sums: Vec<Sum>,
    /// What goes to places that are neighbors for neighboring rows.
    pub outgoing: Vec<Outgoing>,
}

/// What the rows of a loop add to one array of parameters, or to one family of values: row r completes the place
/// p(r), and p(r + 1) follows it.
#[derive(Clone, PartialEq, Debug)]
pub struct Outgoing {
    /// The gradient at p(r), or the value of the sparse Hessian there.
    pub target: Target,
    /// What row r adds to p(r), p(r + 1) and so on, each as a sum in this order; there is at least one.
    pub values: Vec<Vec<Operand>>,
    /// Whether nothing was added to the array or family before, so that places are written and not added to.
    pub is_first: bool,
}

impl Outgoing {
    /// Statements that add the same one by one.
    pub fn statements(&self) -> Block {
        let shift = |subscripts: &mut [Subscript], by: i64| {
            for subscript in subscripts {
                if let Subscript::Affine(affine) = subscript {
                    affine.constant += by;
                }
            }
        };
        let mut block = Block::new();
        for (by, values) in (0..).zip(&self.values) {
            for &value in values {
                match self.target.clone() {
                    Target::Gradient(mut place) => {
                        shift(&mut place.subscripts, by);
                        block.push(Statement::Gradient(place, value));
                    }
                    Target::Entry(mut entry) => {
                        shift(&mut entry.cell.lines, by);
                        block.push(Statement::Entry(entry, value));
                    }
                    Target::Slot(_) | Target::Table(..) | Target::Hessian(..) => {}
                }
            }
        }
        block
    }
}

/// What a row reads.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Element {
    /// An element of an array.
    Array(Array, Vec<Subscript>),
    /// An element of a local array filled before.
    Table(Table, Vec<Affine>),
}

/// An argument of a function in every lane.
#[derive(Clone, PartialEq, Debug)]
pub enum Source {
    /// From a panel.
    Panel(Panel, Vec<Affine>),
    /// The same in all lanes.
    Scalar(Operand),
}

/// `target += scale · Σ terms`, over all rows.
#[derive(Clone, PartialEq, Debug)]
pub struct Sum {
    /// Where it goes.
    pub target: Target,
    /// A factor that is the same for all rows.
    pub scale: Option<Operand>,
    /// What is added for each row, in this order.
    pub terms: Vec<Term>,
}

/// `± a` or `± a · b`.
#[derive(Clone, PartialEq, Debug)]
pub struct Term {
    /// Whether it is subtracted.
    pub is_negative: bool,
    /// The first factor.
    pub a: Operand,
    /// The second, where there is one.
    pub b: Option<Operand>,
}

/// Where a sum over rows goes.
#[derive(Clone, PartialEq, Debug)]
pub enum Target {
    /// An accumulator outside the loop.
    Slot(Slot),
    /// An element of a local array.
    Table(Table, Vec<Affine>),
    /// An entry of the gradient.
    Gradient(Place),
    /// An entry of the Hessian.
    Hessian(Place, Place, Triangle),
    /// A value of the sparse Hessian.
    Entry(Entry),
}
