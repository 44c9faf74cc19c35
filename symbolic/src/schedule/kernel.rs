//! The kernel: a small loop language, all that back ends ever see.

use super::tiles::{Lanes, Panel, Tiles};
use super::vectorize::Obstacle;
use crate::functions::Function;
use crate::graph::{
    Affine, Array, Comparison, Declaration, Index, IndexData, Number, Range, ReduceKind, Role, Subscript,
};

/// A program that computes the requested outputs.
///
/// ```
/// use hesse_symbolic::schedule::{Request, schedule};
///
/// let text = "param a; data y[n]; E = sum(i, (y[i] - a)^2)";
/// let mut model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let kernel = schedule(&mut model.graph, model.error, Request::VALUE);
/// assert_eq!(kernel.dimensions, ["n"]);
/// assert_eq!(kernel.arrays.iter().map(|array| &*array.name).collect::<Vec<_>>(), ["a", "y"]);
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Kernel {
    /// What it computes.
    pub request: Request,
    /// Names of the run-time extents.
    pub dimensions: Vec<String>,
    /// The arrays it may read; parameters are laid out one after another in this order.
    pub arrays: Vec<Declaration>,
    /// Loop counters refer to these.
    pub indices: Vec<IndexData>,
    /// The shapes of its local arrays.
    pub tables: Vec<Vec<Affine>>,
    /// How many scalars it binds.
    pub slots: usize,
    /// The blocks of the values of a sparse Hessian, one after another; empty where none is asked for.
    pub families: Vec<Family>,
    /// The statements.
    pub body: Block,
    /// All rows, where it does a part of them: its last two dimensions are the first row of that part and the one
    /// after its last, counted from the beginning of all rows.
    pub rows: Option<Range>,
    /// Why each plain loop is not in tiles, outer loops before the loops in them, in the order in which they stand;
    /// empty before [`vectorize`](super::vectorize).
    pub obstacles: Vec<Obstacle>,
    /// How many rows of its tiles run at a time.
    pub lanes: Lanes,
    /// Whether it is worth compiling for every kind of processor and choosing among them when it is called.
    pub dispatched: bool,
}

impl Kernel {
    /// The number of its dimensions that are sizes.
    pub fn sizes(&self) -> usize {
        self.dimensions.len().saturating_sub(if self.rows.is_some() { 2 } else { 0 })
    }

    /// The arrays that come before this one where parameters, or directions, are laid out one after another.
    pub fn laid_out_before(&self, array: Array) -> Vec<&Declaration> {
        let (before, own) = (&self.arrays[..array.0 as usize], &self.arrays[array.0 as usize]);
        let is_alike = |d: &&Declaration| match (d.role, own.role) {
            (Role::Parameter, Role::Parameter) => true,
            (Role::Direction(_), Role::Direction(_)) => self.is_block(d) == self.is_block(own),
            _ => false,
        };
        before.iter().filter(is_alike).collect()
    }

    /// Whether an array is that of a block of directions: it has one more axis than its parameters.
    pub fn is_block(&self, declaration: &Declaration) -> bool {
        match declaration.role {
            Role::Direction(of) => declaration.shape.len() > self.arrays[of.0 as usize].shape.len(),
            _ => false,
        }
    }
}

/// What a kernel computes; every output is an accumulation target that starts at zero.
///
/// ```
/// use hesse_symbolic::schedule::Request;
///
/// let request = Request::VALUE_GRADIENT.of_rows();
/// assert!(request.value && request.gradient && request.rows && !request.hessian);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Request {
    /// E(w).
    pub value: bool,
    /// ∇E.
    pub gradient: bool,
    /// The lower triangle of H, packed by rows.
    pub hessian: bool,
    /// H·v for the arrays of role [`Direction`](crate::graph::Role::Direction), in the place of the gradient.
    pub product: bool,
    /// The entries of H that can differ from zero, as values in the order of [`Kernel::families`].
    pub sparse: bool,
    /// Rows and columns of these entries.
    pub pattern: bool,
    /// The diagonal of H, in the place of the gradient.
    pub diagonal: bool,
    /// E and its derivatives along the direction up to the third.
    pub directional: bool,
    /// With `product`: for several vectors at once, those of one element side by side.
    pub block: bool,
    /// For a sum of squares Σ r²: that sum as the value and Σ ∇r ∇rᵀ in the place of the Hessian.
    pub gauss_newton: bool,
    /// Of some rows alone, with what no row carries where they begin with the first.
    pub rows: bool,
    /// With functions as they are written, not in the stable forms they have for evaluation.
    pub as_written: bool,
}

impl Request {
    /// Nothing.
    const NOTHING: Request = Request {
        value: false,
        gradient: false,
        hessian: false,
        product: false,
        sparse: false,
        pattern: false,
        diagonal: false,
        directional: false,
        block: false,
        gauss_newton: false,
        rows: false,
        as_written: false,
    };
    /// The value alone.
    pub const VALUE: Request = Request { value: true, ..Request::NOTHING };
    /// The value alone, with functions as they are written.
    pub const VALUE_AS_WRITTEN: Request = Request { as_written: true, ..Request::VALUE };
    /// The gradient alone.
    pub const GRADIENT: Request = Request { gradient: true, ..Request::NOTHING };
    /// Value and gradient in one pass.
    pub const VALUE_GRADIENT: Request = Request { value: true, gradient: true, ..Request::NOTHING };
    /// The Hessian alone.
    pub const HESSIAN: Request = Request { hessian: true, ..Request::NOTHING };
    /// Value, gradient and Hessian in one pass.
    pub const VALUE_GRADIENT_HESSIAN: Request = Request { hessian: true, ..Request::VALUE_GRADIENT };
    /// The Hessian-vector product.
    pub const HESSIAN_VECTOR: Request = Request { product: true, ..Request::NOTHING };
    /// Value, gradient and the values of the sparse Hessian in one pass.
    pub const VALUE_GRADIENT_SPARSE: Request = Request { sparse: true, ..Request::VALUE_GRADIENT };
    /// Rows and columns of the sparse Hessian.
    pub const PATTERN: Request = Request { pattern: true, ..Request::NOTHING };
    /// The diagonal of the Hessian.
    pub const HESSIAN_DIAGONAL: Request = Request { diagonal: true, ..Request::NOTHING };
    /// E(w + tv) and its first three derivatives by t at t = 0.
    pub const DIRECTIONAL: Request = Request { directional: true, ..Request::NOTHING };
    /// The products of the Hessian with a block of vectors.
    pub const HESSIAN_VECTORS: Request = Request { block: true, ..Request::HESSIAN_VECTOR };
    /// The sum of squares and its Gauss–Newton matrix.
    pub const GAUSS_NEWTON: Request = Request { gauss_newton: true, ..Request::NOTHING };

    /// The same of some rows alone.
    pub const fn of_rows(self) -> Request {
        Request { rows: true, ..self }
    }
}

/// Statements in order.
pub type Block = Vec<Statement>;

/// A scalar, bound once.
///
/// ```
/// use hesse_symbolic::schedule::{Request, Slot, Statement, schedule};
///
/// let mut model = hesse_parser::formula::parse("param x; E = exp(x)", &Default::default()).unwrap();
/// let kernel = schedule(&mut model.graph, model.error, Request::VALUE);
/// // x, and then exp(x)
/// assert!(matches!(kernel.body[0], Statement::Let(Slot(0), _)));
/// assert_eq!(kernel.slots, 2);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Slot(pub u32);

/// A local array.
///
/// ```
/// use hesse_symbolic::schedule::{Statement, Table};
///
/// // The first local array is set to zero.
/// let statement = Statement::Clear(Table(0));
/// assert_ne!(statement, Statement::Clear(Table(1)));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Table(pub u32);

/// A scalar in hand.
///
/// ```
/// use hesse_symbolic::graph::Number;
/// use hesse_symbolic::schedule::{Operand, Operation, Slot};
///
/// // 2·v
/// let double = Operation::Mul(Operand::Number(Number::integer(2)), Operand::Slot(Slot(0)));
/// let mut operands = 0;
/// double.for_each_operand(|_| operands += 1);
/// assert_eq!(operands, 2);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Operand {
    /// A bound scalar.
    Slot(Slot),
    /// A constant.
    Number(Number),
}

/// An element of a parameter array (or of the direction that belongs to one), where a derivative goes.
///
/// ```
/// use hesse_symbolic::schedule::{Request, Statement, schedule};
///
/// let mut model = hesse_parser::formula::parse("param x; E = x^2", &Default::default()).unwrap();
/// let kernel = schedule(&mut model.graph, model.error, Request::GRADIENT);
/// let Some(Statement::Gradient(place, _)) = kernel.body.last() else { unreachable!() };
/// assert!(place.subscripts.is_empty(), "x is a number");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    /// The parameter array.
    pub array: Array,
    /// The element.
    pub subscripts: Vec<Subscript>,
}

/// Which side of the diagonal an entry of the Hessian is on.
///
/// ```
/// use hesse_symbolic::schedule::{Request, Statement, Triangle, schedule};
///
/// let mut model = hesse_parser::formula::parse("param x, y; E = x*y", &Default::default()).unwrap();
/// let kernel = schedule(&mut model.graph, model.error, Request::HESSIAN);
/// let Some(Statement::Hessian(_, _, triangle, _)) = kernel.body.last() else { unreachable!() };
/// assert_eq!(*triangle, Triangle::Below);
/// assert!(triangle.is_one_entry());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Triangle {
    /// Known to be on or below the diagonal.
    Below,
    /// Left out where it is above the diagonal.
    Guarded,
    /// Mirrored where it is above; doubled on the diagonal.
    Mirrored,
    /// Mirrored where it is above; never on the diagonal.
    Beside,
}

impl Triangle {
    /// Whether there is an entry wherever this goes, and the value counts once in it.
    pub fn is_one_entry(self) -> bool {
        matches!(self, Triangle::Below | Triangle::Beside)
    }
}

/// A block of values of a sparse Hessian: positions in row-major order of `lines`, the last axis being a
/// packed triangle where there is one.
///
/// ```
/// use hesse_symbolic::schedule::{Request, schedule};
///
/// let text = "param w[n]; E = sum(i, w[i]^4)";
/// let mut model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let kernel = schedule(&mut model.graph, model.error, Request::VALUE_GRADIENT_SPARSE);
/// // The diagonal: one axis of length n, and no triangle.
/// let [family] = &kernel.families[..] else { unreachable!() };
/// assert!(family.lines.len() == 1 && family.triangle.is_none());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Family {
    /// The lengths of its plain axes; below zero counts as zero.
    pub lines: Vec<Affine>,
    /// The triangle over two equal sets of axes, where the family has one.
    pub triangle: Option<TriangleAxis>,
}

/// Pairs (p, q) of positions with p ≥ q, packed by rows.
///
/// ```
/// use hesse_symbolic::schedule::{Request, schedule};
///
/// let text = "param w[4]; E = (sum(i, w[i]))^4";
/// let mut model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let kernel = schedule(&mut model.graph, model.error, Request::VALUE_GRADIENT_SPARSE);
/// // Every pair of parameters has an entry.
/// let triangle = kernel.families[0].triangle.as_ref().unwrap();
/// assert_eq!((triangle.lengths[0].as_constant(), triangle.is_strict), (Some(4), false));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TriangleAxis {
    /// The lengths of the axes that make up p, and q.
    pub lengths: Vec<Affine>,
    /// Whether pairs p = q have no place.
    pub is_strict: bool,
}

/// One value of a sparse Hessian.
///
/// ```
/// use hesse_symbolic::schedule::{Request, Statement, schedule};
///
/// let mut model = hesse_parser::formula::parse("param x; E = x^3", &Default::default()).unwrap();
/// let kernel = schedule(&mut model.graph, model.error, Request::VALUE_GRADIENT_SPARSE);
/// let cells = kernel.body.iter().filter_map(|statement| match statement {
///     Statement::Entry(entry, _) => Some(entry.cell.family),
///     _ => None,
/// });
/// assert_eq!(cells.collect::<Vec<_>>(), [0]);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    /// The family, counted from 0.
    pub family: usize,
    /// The position along each plain axis.
    pub lines: Vec<Subscript>,
    /// The positions p and q of the triangle, one per axis; empty without one. They are ordered as row and
    /// column of the entry are.
    pub pair: [Vec<Subscript>; 2],
}

/// The entry of the Hessian that a [`Cell`] stands for.
///
/// ```
/// use hesse_symbolic::schedule::{Request, Statement, schedule};
///
/// let mut model = hesse_parser::formula::parse("param x; E = x^3", &Default::default()).unwrap();
/// let kernel = schedule(&mut model.graph, model.error, Request::PATTERN);
/// let Statement::Coordinates(entry) = &kernel.body[0] else { unreachable!() };
/// assert_eq!(entry.row, entry.column);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The element that gives the row.
    pub row: Place,
    /// The element that gives the column.
    pub column: Place,
    /// Which side of the diagonal it is on.
    pub triangle: Triangle,
    /// Where its value lies.
    pub cell: Cell,
}

/// One step.
///
/// ```
/// use hesse_symbolic::schedule::{Request, Statement, schedule};
///
/// let text = "param a; data y[n]; E = sum(i, (y[i] - a)^2)";
/// let mut model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let kernel = schedule(&mut model.graph, model.error, Request::VALUE);
/// assert!(kernel.body.iter().any(|statement| matches!(statement, Statement::Loop(..))));
/// assert!(matches!(kernel.body.last(), Some(Statement::Value(_))));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub enum Statement {
    /// Binds a scalar.
    Let(Slot, Operation),
    /// Starts an accumulator at the neutral element of its kind.
    Start(Slot, ReduceKind),
    /// Combines a value into an accumulator.
    Combine(Slot, ReduceKind, Operand),
    /// Runs the body for every position of an ascending range.
    Loop(Index, Range, Block),
    /// Sets a local array to zero.
    Clear(Table),
    /// Writes an element of a local array.
    Store(Table, Vec<Affine>, Operand),
    /// Adds to an element of a local array.
    Add(Table, Vec<Affine>, Operand),
    /// Adds to the value.
    Value(Operand),
    /// Adds to an entry of the gradient (or of the Hessian-vector product, or of the diagonal).
    Gradient(Place, Operand),
    /// Adds to an entry of the Hessian.
    Hessian(Place, Place, Triangle, Operand),
    /// Adds to the derivative of this order along the direction.
    Derivative(usize, Operand),
    /// Adds to an entry of the diagonal of the Hessian where both elements are the same.
    Diagonal(Place, Place, Operand),
    /// Adds to a value of the sparse Hessian.
    Entry(Entry, Operand),
    /// Says row and column of a value of the sparse Hessian.
    Coordinates(Entry),
    /// Writes an element of a panel, in the lane at hand.
    Fill(Panel, Vec<Affine>, Operand),
    /// Runs a loop over rows in tiles.
    Tiles(Box<Tiles>),
}

/// The right-hand side of a [`Statement::Let`].
///
/// ```
/// use hesse_symbolic::schedule::{Operand, Operation, Slot};
///
/// let [a, b] = [0, 1].map(|slot| Operand::Slot(Slot(slot)));
/// let mut sum = Operation::Add(a, a);
/// sum.map_operands(|_| b);
/// assert_eq!(sum, Operation::Add(b, b));
/// assert!(Operation::Not(a).is_condition());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Operation {
    /// An element of an array.
    Load(Array, Vec<Subscript>),
    /// An element of a local array.
    Read(Table, Vec<Affine>),
    /// An element of a panel, in the lane at hand.
    Lane(Panel, Vec<Affine>),
    /// An integer form as a number.
    IndexValue(Affine),
    /// `a + b`
    Add(Operand, Operand),
    /// `a − b`
    Sub(Operand, Operand),
    /// `a · b`
    Mul(Operand, Operand),
    /// `a / b`
    Div(Operand, Operand),
    /// `a · b + c`, rounded once where the processor can.
    MulAdd(Operand, Operand, Operand),
    /// `−a`
    Neg(Operand),
    /// `√a`
    Sqrt(Operand),
    /// A function of the table.
    Call(Function, Vec<Operand>),
    /// A function of one argument in the form it has in lanes; neighbors with the same function are computed at once.
    Abreast(Function, Operand),
    /// The first value where the condition holds, else the second.
    Select(Operand, Operand, Operand),
    /// A condition.
    Compare(Comparison, Operand, Operand),
    /// Both conditions.
    And(Operand, Operand),
    /// At least one condition.
    Or(Operand, Operand),
    /// The opposite condition.
    Not(Operand),
}

impl Operation {
    /// Calls `visit` with every operand.
    pub fn for_each_operand(&self, mut visit: impl FnMut(Operand)) {
        match self {
            Operation::Load(..) | Operation::Read(..) | Operation::Lane(..) | Operation::IndexValue(_) => {}
            Operation::Add(a, b)
            | Operation::Sub(a, b)
            | Operation::Mul(a, b)
            | Operation::Div(a, b)
            | Operation::Compare(_, a, b)
            | Operation::And(a, b)
            | Operation::Or(a, b) => {
                visit(*a);
                visit(*b);
            }
            Operation::Neg(a) | Operation::Sqrt(a) | Operation::Not(a) | Operation::Abreast(_, a) => {
                visit(*a)
            }
            Operation::Call(_, args) => args.iter().copied().for_each(visit),
            Operation::Select(a, b, c) | Operation::MulAdd(a, b, c) => {
                [*a, *b, *c].into_iter().for_each(visit);
            }
        }
    }

    /// Replaces every operand.
    pub fn map_operands(&mut self, mut map: impl FnMut(Operand) -> Operand) {
        let mut replace = |operand: &mut Operand| *operand = map(*operand);
        match self {
            Operation::Load(..) | Operation::Read(..) | Operation::Lane(..) | Operation::IndexValue(_) => {}
            Operation::Add(a, b)
            | Operation::Sub(a, b)
            | Operation::Mul(a, b)
            | Operation::Div(a, b)
            | Operation::Compare(_, a, b)
            | Operation::And(a, b)
            | Operation::Or(a, b) => {
                replace(a);
                replace(b);
            }
            Operation::Neg(a) | Operation::Sqrt(a) | Operation::Not(a) | Operation::Abreast(_, a) => {
                replace(a)
            }
            Operation::Call(_, args) => args.iter_mut().for_each(replace),
            Operation::Select(a, b, c) | Operation::MulAdd(a, b, c) => {
                [a, b, c].into_iter().for_each(replace);
            }
        }
    }

    /// Whether the result is a condition.
    pub fn is_condition(&self) -> bool {
        matches!(self, Operation::Compare(..) | Operation::And(..) | Operation::Or(..) | Operation::Not(_))
    }
}
