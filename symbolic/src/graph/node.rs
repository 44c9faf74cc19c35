//! The kinds of node.

use super::{Array, Index, Number, Subscript, Symbol};
use crate::functions::Function;

/// A handle to a scalar node; two equal expressions have the same handle.
///
/// ```
/// use hesse_symbolic::graph::{Graph, Node, Number};
///
/// let mut g = Graph::new();
/// let two = g.integer(2);
/// assert_eq!(g.node(two), &Node::Number(Number::integer(2)));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Expr(pub(crate) u32);

/// A handle to a truth value: one (true) or zero (false), never differentiated.
///
/// ```
/// use hesse_symbolic::graph::{Comparison, Graph, Role};
///
/// let mut g = Graph::new();
/// let x = g.array("x", Role::Parameter, &[]);
/// let (x, zero) = (g.leaf(x, &[]), g.zero());
/// let above = g.compare(Comparison::Greater, x, zero);
/// let relu = g.select(above, x, zero);
/// assert!(g.depends_on_parameters(relu) && above.expr() != relu);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Condition(pub(crate) Expr);

impl Condition {
    /// The node that holds the condition.
    pub fn expr(self) -> Expr {
        self.0
    }
}

/// A relation between two numbers.
///
/// ```
/// use hesse_symbolic::graph::Comparison;
///
/// assert!(Comparison::LessEqual.holds(1.0, 1.0));
/// assert!(!Comparison::Equal.holds(f64::NAN, f64::NAN));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Comparison {
    /// `a < b`
    Less,
    /// `a ≤ b`
    LessEqual,
    /// `a = b`
    Equal,
    /// `a ≠ b`
    NotEqual,
    /// `a > b`
    Greater,
    /// `a ≥ b`
    GreaterEqual,
}

impl Comparison {
    /// Whether the relation holds; false with NaN on either side, but for `≠`.
    pub fn holds(self, a: f64, b: f64) -> bool {
        match self {
            Comparison::Less => a < b,
            Comparison::LessEqual => a <= b,
            Comparison::Equal => a == b,
            Comparison::NotEqual => a != b,
            Comparison::Greater => a > b,
            Comparison::GreaterEqual => a >= b,
        }
    }
}

/// How a [`Node::Reduce`] combines the values of its body.
///
/// ```
/// use hesse_symbolic::graph::{Extent, Graph, Range, ReduceKind};
///
/// let mut g = Graph::new();
/// let one = g.one();
/// let i = g.index(Range::all(Extent::Fixed(0)));
/// // Nothing is summed.
/// assert_eq!(g.reduce(ReduceKind::Sum, i, one), g.zero());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum ReduceKind {
    /// Σ; zero over an empty range.
    Sum,
    /// Π; one over an empty range.
    Product,
    /// The largest value; −∞ over an empty range.
    Max,
    /// ln Σ exp; −∞ over an empty range.
    LogSumExp,
}

/// A scalar node.
///
/// ```
/// use hesse_symbolic::graph::Node;
///
/// let model = hesse_parser::formula::parse("exp(x*y)", &Default::default()).unwrap();
/// let graph = &model.graph;
/// let Node::Apply(_, arguments) = graph.node(model.error) else { unreachable!() };
/// let mut factors = 0;
/// graph.node(arguments[0]).for_each_arg(|_| factors += 1);
/// assert_eq!(factors, 2);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Node {
    /// A constant.
    Number(Number),
    /// An element of an array, or a scalar (no subscripts).
    Leaf(Array, Box<[Subscript]>),
    /// An index or a size, used as a number.
    IndexValue(Symbol),
    /// Σ coefficient · node, in canonical order; a constant part is a multiple of the node 1.
    Sum(Box<[(Number, Expr)]>),
    /// Π node ^ exponent, in canonical order.
    Product(Box<[(Expr, Number)]>),
    /// An elementary function.
    Apply(Function, Box<[Expr]>),
    /// One of two values.
    Select(Condition, Expr, Expr),
    /// A reduction over an index.
    Reduce(ReduceKind, Index, Expr),
    /// A comparison: a condition.
    Compare(Comparison, Expr, Expr),
    /// Both conditions hold.
    And(Condition, Condition),
    /// At least one condition holds.
    Or(Condition, Condition),
    /// The condition does not hold.
    Not(Condition),
}

impl Node {
    /// Calls `visit` with every argument, in order.
    pub fn for_each_arg(&self, mut visit: impl FnMut(Expr)) {
        match self {
            Node::Number(_) | Node::Leaf(..) | Node::IndexValue(_) => {}
            Node::Sum(terms) => terms.iter().for_each(|t| visit(t.1)),
            Node::Product(factors) => factors.iter().for_each(|f| visit(f.0)),
            Node::Apply(_, args) => args.iter().for_each(|&a| visit(a)),
            Node::Select(condition, a, b) => [condition.0, *a, *b].into_iter().for_each(visit),
            Node::Reduce(_, _, body) => visit(*body),
            Node::Compare(_, a, b) => [*a, *b].into_iter().for_each(visit),
            Node::And(a, b) | Node::Or(a, b) => [a.0, b.0].into_iter().for_each(visit),
            Node::Not(a) => visit(a.0),
        }
    }
}
