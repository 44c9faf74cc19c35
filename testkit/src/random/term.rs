//! The tree of a random formula: deliberately not the engine's.

use hesse_symbolic::functions::Function;

/// A bound index, by the depth of its binder.
pub type Index = usize;

/// The size of an axis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// As many as the data set has rows.
    Rows,
    /// As many as the matrix of the data set has columns.
    Columns,
    /// Two.
    Pair,
}

/// An array a formula may use.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Array {
    /// `a`
    A,
    /// `b`
    B,
    /// `w[d]`
    W,
    /// `v[d]`
    V,
    /// `m[2, d]`
    M,
    /// `u[n]`
    U,
    /// `x[n, d]`
    X,
    /// `y[n]`
    Y,
    /// `z[n]`
    Z,
    /// `c[n]`, positions along `d`.
    C,
}

impl Array {
    /// Every array, parameters first.
    pub const ALL: &[Array] =
        &[Array::A, Array::B, Array::W, Array::V, Array::M, Array::U, Array::X, Array::Y, Array::Z, Array::C];

    /// The name in formulas and functions.
    pub fn name(self) -> &'static str {
        match self {
            Array::A => "a",
            Array::B => "b",
            Array::W => "w",
            Array::V => "v",
            Array::M => "m",
            Array::U => "u",
            Array::X => "x",
            Array::Y => "y",
            Array::Z => "z",
            Array::C => "c",
        }
    }

    /// The sizes of its axes.
    pub fn shape(self) -> &'static [Extent] {
        match self {
            Array::A | Array::B => &[],
            Array::W | Array::V => &[Extent::Columns],
            Array::M => &[Extent::Pair, Extent::Columns],
            Array::X => &[Extent::Rows, Extent::Columns],
            Array::U | Array::Y | Array::Z | Array::C => &[Extent::Rows],
        }
    }

    /// Whether derivatives are taken with respect to it.
    pub fn is_parameter(self) -> bool {
        self <= Array::U
    }
}

/// A position along an axis.
#[derive(Clone, PartialEq, Debug)]
pub enum Subscript {
    /// `3`
    Fixed(usize),
    /// `i + shift`
    Shifted(Index, i64),
    /// `2*i`
    Double(Index),
    /// `n - 1 - i`
    Reversed(Extent, Index),
    /// `c[…]`
    Lookup(Box<Subscript>),
}

/// What is reduced how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reduction {
    /// Σ
    Sum,
    /// Π
    Product,
    /// The largest.
    Max,
    /// The smallest.
    Min,
    /// The mean.
    Mean,
    /// ln Σ exp
    LogSumExp,
    /// √Σ squares
    Norm,
}

/// The positions an index runs over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Range {
    /// `0..extent`
    All(Extent),
    /// `0..extent-1`
    ButLast(Extent),
    /// `1..extent`
    ButFirst(Extent),
    /// `0..i`
    Below(Index),
    /// `i+1..extent`
    Above(Index, Extent),
    /// `0..2`
    Two,
}

/// A comparison.
pub use hesse_symbolic::graph::Comparison;

/// A condition.
#[derive(Clone, PartialEq, Debug)]
pub enum Condition {
    /// `a < b` and its kin
    Compare(Comparison, Box<Term>, Box<Term>),
    /// `a and b`
    And(Box<Condition>, Box<Condition>),
    /// `a or b`
    Or(Box<Condition>, Box<Condition>),
    /// `not a`
    Not(Box<Condition>),
}

/// A constant exponent.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Exponent {
    /// n
    Integer(i32),
    /// n/2
    Halves(i32),
    /// Any other.
    Real(f64),
}

/// A formula.
#[derive(Clone, PartialEq, Debug)]
pub enum Term {
    /// A decimal number, not negative.
    Number(f64),
    /// An element of an array.
    Element(Array, Vec<Subscript>),
    /// An index as a number.
    Index(Index),
    /// A size as a number.
    Size(Extent),
    /// A chain of additions and subtractions (`true`); the first is added.
    Sum(Vec<(bool, Term)>),
    /// A chain of multiplications and divisions (`true`); the first is a factor.
    Product(Vec<(bool, Term)>),
    /// `-a`
    Negative(Box<Term>),
    /// A power with a constant exponent.
    Power(Box<Term>, Exponent),
    /// An elementary function.
    Apply(Function, Vec<Term>),
    /// `logsumexp(a, b, …)`
    LogSumExp(Vec<Term>),
    /// `if(c, a, b)`
    Select(Box<Condition>, Box<Term>, Box<Term>),
    /// A reduction; with `true` its range is left to be inferred.
    Reduce(Reduction, Index, Range, bool, Box<Term>),
    /// A definition without arguments.
    Shared(usize),
    /// An indexed definition.
    Indexed(usize, Subscript),
    /// A definition with arguments.
    Call(usize, Vec<Term>),
    /// An argument of the definition around.
    Argument(usize),
}

/// A definition of a formula.
#[derive(Clone, PartialEq, Debug)]
pub enum Definition {
    /// `s0 = …`
    Shared(Term),
    /// `g0[i] = …`
    Indexed(Term),
    /// `f0(p0, p1) = …`, with so many arguments.
    Function(usize, Term),
}

impl Definition {
    /// What it stands for.
    pub fn body(&self) -> &Term {
        match self {
            Definition::Shared(body) | Definition::Indexed(body) | Definition::Function(_, body) => body,
        }
    }
}

impl Term {
    /// Calls `visit` for this term and all it is made of, conditions included.
    pub fn walk(&self, visit: &mut impl FnMut(&Term)) {
        visit(self);
        match self {
            Term::Sum(terms) | Term::Product(terms) => terms.iter().for_each(|t| t.1.walk(visit)),
            Term::Apply(_, terms) | Term::LogSumExp(terms) | Term::Call(_, terms) => {
                terms.iter().for_each(|t| t.walk(visit));
            }
            Term::Negative(term) | Term::Power(term, _) | Term::Reduce(.., term) => term.walk(visit),
            Term::Select(condition, a, b) => {
                condition.walk(visit);
                a.walk(visit);
                b.walk(visit);
            }
            Term::Number(_) | Term::Element(..) | Term::Index(_) | Term::Size(_) => {}
            Term::Shared(_) | Term::Indexed(..) | Term::Argument(_) => {}
        }
    }
}

impl Condition {
    fn walk(&self, visit: &mut impl FnMut(&Term)) {
        match self {
            Condition::Compare(_, a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            Condition::And(a, b) | Condition::Or(a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            Condition::Not(a) => a.walk(visit),
        }
    }
}
