//! Loops over rows in tiles: the part of the kernel language that runs eight rows at a time.
//!
//! The body of the loop is cut into stages, and each stage runs for all rows of a tile before the next one
//! begins. What a later stage needs travels in [`Panel`]s. Rows that the last tile lacks are zeros.

use super::kernel::{Block, Entry, Operand, Operation, Place, Slot, Statement, Table, Triangle};
use crate::functions::Function;
use crate::graph::{Affine, Array, Index, Range, Subscript};

/// How many rows run at a time. Sums over rows are kept in as many parts, added up pairwise at the end.
pub const LANES: usize = 8;

/// A local array with one value for every row of a tile at each of its positions.
///
/// ```
/// use hesse_symbolic::schedule::{Operation, Panel};
///
/// // The element of a panel without further axes, in the lane at hand.
/// let element = Operation::Lane(Panel(0), Vec::new());
/// assert!(!element.is_condition());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Panel(pub u32);

/// A loop over rows, in tiles.
///
/// ```
/// use hesse_symbolic::schedule::{LANES, Request, Statement, schedule, vectorize};
///
/// let text = "param a, b; data x[n], y[n]; E = sum(i, (y[i] - a*exp(-b*x[i]))^2)";
/// let mut model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let kernel = vectorize(&schedule(&mut model.graph, model.error, Request::VALUE));
/// let tiles = kernel.body.iter().find_map(|statement| match statement {
///     Statement::Tiles(tiles) => Some(tiles),
///     _ => None,
/// });
/// assert_eq!(tiles.unwrap().rows % LANES, 0);
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Tiles {
    /// The row.
    pub index: Index,
    /// All rows.
    pub range: Range,
    /// Rows per tile, a multiple of [`LANES`].
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
///
/// ```
/// use hesse_symbolic::schedule::{Panel, Stage};
///
/// // What rows that are not there left in a panel is cleared.
/// let stage = Stage::Clip(Panel(0), None);
/// assert_ne!(stage, Stage::Clip(Panel(1), None));
/// ```
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
///
/// ```
/// use hesse_symbolic::graph::{Extent, Graph, Range, Role, Subscript};
/// use hesse_symbolic::schedule::{Element, Fill, Panel};
///
/// let mut g = Graph::new();
/// let n = Extent::Named(g.dimension("n"));
/// let x = g.array("x", Role::Data, &[n]);
/// let row = g.index(Range::all(n));
/// // One number per row, x[row].
/// let element = Element::Array(x, vec![Subscript::index(row)]);
/// let fill = Fill { panel: Panel(0), axes: Vec::new(), element };
/// assert!(fill.axes.is_empty());
/// ```
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
///
/// ```
/// use hesse_symbolic::schedule::Stream;
///
/// let stream = Stream { block: Vec::new(), sums: Vec::new(), outgoing: Vec::new() };
/// assert!(stream.block.is_empty());
/// ```
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
///
/// ```
/// use hesse_symbolic::graph::{Extent, Graph, Number, Range, Role, Subscript};
/// use hesse_symbolic::schedule::{Operand, Outgoing, Place, Target};
///
/// let mut g = Graph::new();
/// let n = Extent::Named(g.dimension("n"));
/// let w = g.array("w", Role::Parameter, &[n]);
/// let row = g.index(Range::all(n));
/// // Each row adds 1 to its place, and 1 to the next.
/// let one = Operand::Number(Number::ONE);
/// let place = Place { array: w, subscripts: vec![Subscript::index(row)] };
/// let outgoing =
///     Outgoing { target: Target::Gradient(place), values: vec![vec![one], vec![one]], is_first: true };
/// assert_eq!(outgoing.statements().len(), 2);
/// ```
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
///
/// ```
/// use hesse_symbolic::schedule::{Element, Table};
///
/// let element = Element::Table(Table(0), Vec::new());
/// assert_ne!(element, Element::Table(Table(1), Vec::new()));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Element {
    /// An element of an array.
    Array(Array, Vec<Subscript>),
    /// An element of a local array filled before.
    Table(Table, Vec<Affine>),
}

/// An argument of a function in every lane.
///
/// ```
/// use hesse_symbolic::graph::Number;
/// use hesse_symbolic::schedule::{Operand, Panel, Source};
///
/// let arguments = [Source::Panel(Panel(0), Vec::new()), Source::Scalar(Operand::Number(Number::HALF))];
/// assert_ne!(arguments[0], arguments[1]);
/// ```
#[derive(Clone, PartialEq, Debug)]
pub enum Source {
    /// From a panel.
    Panel(Panel, Vec<Affine>),
    /// The same in all lanes.
    Scalar(Operand),
}

/// `target += scale · Σ terms`, over all rows.
///
/// ```
/// use hesse_symbolic::schedule::{Operand, Slot, Sum, Target, Term};
///
/// // Σ v² over the rows, in an accumulator
/// let v = Operand::Slot(Slot(1));
/// let terms = vec![Term { is_negative: false, a: v, b: Some(v) }];
/// let sum = Sum { target: Target::Slot(Slot(0)), scale: None, terms };
/// assert_eq!(sum.terms.len(), 1);
/// ```
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
///
/// ```
/// use hesse_symbolic::schedule::{Operand, Slot, Term};
///
/// // −v
/// let term = Term { is_negative: true, a: Operand::Slot(Slot(0)), b: None };
/// assert_eq!(term.b, None);
/// ```
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
///
/// ```
/// use hesse_symbolic::schedule::{Slot, Table, Target};
///
/// assert_ne!(Target::Slot(Slot(0)), Target::Table(Table(0), Vec::new()));
/// ```
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
