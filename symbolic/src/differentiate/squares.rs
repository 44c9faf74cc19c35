//! Sums of squares.

use crate::graph::{Comparison, Expr, Graph, Index, Node, Number, ReduceKind, Role, Subscript};

/// E = scale · Σ r² + c, with a scale and a c that do not depend on the parameters.
///
/// ```
/// use hesse_symbolic::differentiate::squares;
/// use hesse_symbolic::graph::Number;
///
/// let text = "param x, y; E = ((x - 1)^2 + (y - x)^2)/2";
/// let mut model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let squares = squares(&mut model.graph, model.error).unwrap();
/// assert_eq!(model.graph.as_number(squares.scale), Some(Number::HALF));
/// assert_eq!(squares.residuals.len(), 2);
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct SumOfSquares {
    /// The factor: 1, ½, 1/n, ….
    pub scale: Expr,
    /// The residuals.
    pub residuals: Vec<Residual>,
}

/// One kind of residual: its value for all positions of its loops.
///
/// ```
/// use hesse_symbolic::differentiate::squares;
///
/// let text = "param a; data y[n]; E = sum(i, (y[i] - a)^2)";
/// let mut model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let squares = squares(&mut model.graph, model.error).unwrap();
/// // One kind of residual, for every row.
/// assert_eq!(squares.residuals[0].loops.len(), 1);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Residual {
    /// The loops, outer first.
    pub loops: Vec<Index>,
    /// r, weights included.
    pub value: Expr,
    /// What stands in front of the square beside the scale and does not depend on the parameters: r² = weight · f².
    pub weight: Expr,
    /// Whether it is of the parameters alone, beside others that read data row by row: what was known before these.
    pub is_prior: bool,
}

impl SumOfSquares {
    /// Σ r² as an expression.
    pub fn total(&self, g: &mut Graph) -> Expr {
        let terms: Vec<_> = self
            .residuals
            .iter()
            .map(|residual| {
                let square = g.power(residual.value, Number::integer(2));
                (Number::ONE, over(g, &residual.loops, square))
            })
            .collect();
        g.sum(&terms)
    }

    /// The number of residuals as an expression.
    pub fn count(&self, g: &mut Graph) -> Expr {
        let one = g.one();
        let terms: Vec<_> = self.residuals.iter().map(|r| (Number::ONE, over(g, &r.loops, one))).collect();
        g.sum(&terms)
    }

    /// The number of residuals whose weight is not zero, as an expression; the same as [`count`](Self::count) where no
    /// weight is data.
    ///
    /// ```
    /// use hesse_symbolic::differentiate::squares;
    ///
    /// let text = "param a; data y[n], u[n]; E = sum(i, u[i]*(y[i] - a)^2)";
    /// let mut model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
    /// let g = &mut model.graph;
    /// let squares = squares(g, model.error).unwrap();
    /// assert_ne!(squares.observations(g), squares.count(g));
    /// ```
    pub fn observations(&self, g: &mut Graph) -> Expr {
        let terms: Vec<_> = self
            .residuals
            .iter()
            .map(|residual| {
                let counts = residual.counts(g);
                (Number::ONE, over(g, &residual.loops, counts))
            })
            .collect();
        g.sum(&terms)
    }
}

impl Residual {
    /// One where the weight is above zero, else zero.
    pub fn counts(&self, g: &mut Graph) -> Expr {
        let (zero, one) = (g.zero(), g.one());
        let is_positive = g.compare(Comparison::Less, zero, self.weight);
        g.select(is_positive, one, zero)
    }
}

fn over(g: &mut Graph, loops: &[Index], body: Expr) -> Expr {
    loops.iter().rev().fold(body, |body, &index| g.reduce(ReduceKind::Sum, index, body))
}

/// An addend of the error function on the way to its squares.
struct Addend {
    /// What stands in front of all loops.
    outside: Expr,
    loops: Vec<Index>,
    /// What stands in front of sums inside of the loops.
    weight: Expr,
    expr: Expr,
}

/// An addend that is a square.
struct Square {
    outside: Expr,
    weight: Expr,
    loops: Vec<Index>,
    /// The square root of what varies with the parameters, as factors.
    root: Vec<(Expr, Number)>,
    /// Whether it reads data row by row.
    is_observed: bool,
}

/// Recognizes a sum of squares: every addend a square, or a square with factors of numbers and data in front, none of them a
/// negative number; addends without parameters aside; `None` for anything else.
///
/// The scale is the factor in front of all that read data row by row, or the number that they have in common there; what else
/// stands in front counts into residuals, as its square root.
///
/// ```
/// use hesse_symbolic::differentiate::squares;
/// use hesse_symbolic::graph::Number;
///
/// let squares_of = |text: &str| {
///     let mut model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
///     squares(&mut model.graph, model.error)
/// };
/// assert_eq!(squares_of("param x; E = (x - 1)^2 - x"), None);
/// // A ridge: what is in front of the data is the scale.
/// let ridge = squares_of("param a; data y[n]; E = 1/2*sum(i, (y[i] - a)^2) + 3*a^2").unwrap();
/// assert_eq!(ridge.residuals.iter().filter(|residual| residual.is_prior).count(), 1);
/// ```
pub fn squares(g: &mut Graph, error: Expr) -> Option<SumOfSquares> {
    squares_in(g, error, None)
}

/// The same with a scale that is given, where `error` is a part of the whole.
pub(crate) fn squares_in(g: &mut Graph, error: Expr, given: Option<Expr>) -> Option<SumOfSquares> {
    let found = addends(g, error)?;
    let are_observed = found.iter().any(|square| square.is_observed);
    let leading =
        found.iter().filter(|square| square.is_observed || !are_observed).map(|square| square.outside);
    let scale = match given {
        Some(scale) => scale,
        None => scale(g, leading)?,
    };
    let residuals = found.into_iter().map(|square| {
        let Square { outside, weight, loops, mut root, is_observed } = square;
        let weight = if outside == scale {
            weight
        } else {
            let ratio = g.div(outside, scale);
            g.mul(ratio, weight)
        };
        // Roots of numbers are numbers: their squares are what they were but for rounding.
        let (number, rest) = match g.as_number(weight) {
            Some(number) => (number, None),
            None => {
                let (number, rest) = g.split_coefficient(Number::ONE, weight);
                (number, Some(rest))
            }
        };
        root.extend(rest.map(|rest| (rest, Number::HALF)));
        let value = g.product(&root);
        let value =
            if number.is_one() { value } else { g.scale(Number::float(number.to_f64().sqrt()), value) };
        Residual { loops, value, weight, is_prior: are_observed && !is_observed }
    });
    Some(SumOfSquares { scale, residuals: residuals.collect() })
}

/// The squares among the addends of an error function; `None` where another depends on the parameters.
fn addends(g: &mut Graph, error: Expr) -> Option<Vec<Square>> {
    let mut found = Vec::new();
    let one = g.one();
    let mut pending = vec![Addend { outside: one, loops: Vec::new(), weight: one, expr: error }];
    while let Some(Addend { outside, mut loops, weight, expr }) = pending.pop() {
        if !g.depends_on_parameters(expr) {
            continue;
        }
        match g.node(expr).clone() {
            Node::Sum(terms) => {
                for &(coefficient, expr) in terms.iter().rev() {
                    let coefficient = g.number(coefficient);
                    let outside = g.mul(outside, coefficient);
                    pending.push(Addend { outside, loops: loops.clone(), weight, expr });
                }
            }
            Node::Reduce(ReduceKind::Sum, index, body) => {
                loops.push(index);
                pending.push(Addend { outside, loops, weight, expr: body });
            }
            Node::Product(factors) => {
                let (varying, mut constant): (Vec<_>, Vec<_>) =
                    factors.iter().partition(|(factor, _)| g.depends_on_parameters(*factor));
                match varying[..] {
                    // A factor in front of an inner sum.
                    [(expr, exponent)] if exponent.is_one() => {
                        let factor = g.product(&constant);
                        let (outside, weight) = if loops.is_empty() {
                            (g.mul(outside, factor), weight)
                        } else {
                            (outside, g.mul(weight, factor))
                        };
                        pending.push(Addend { outside, loops, weight, expr });
                    }
                    _ => {
                        constant.push((weight, Number::ONE));
                        let weight = g.product(&constant);
                        let root = root(&varying)?;
                        if is_negative(g, outside) || is_negative(g, weight) {
                            return None;
                        }
                        let is_observed = reads_rows(g, &root);
                        found.push(Square { outside, weight, loops, root, is_observed });
                    }
                }
            }
            _ => return None,
        }
    }
    Some(found)
}

/// What the factors have in common: all, their numbers, or nothing.
fn scale(g: &mut Graph, outsides: impl Iterator<Item = Expr>) -> Option<Expr> {
    let outsides: Vec<Expr> = outsides.collect();
    let (&first, rest) = outsides.split_first()?;
    if rest.iter().all(|outside| *outside == first) {
        return Some(first);
    }
    let number = |g: &Graph, expr| match g.as_number(expr) {
        Some(number) => number,
        None => g.split_coefficient(Number::ONE, expr).0,
    };
    let shared = number(g, first);
    let is_shared = rest.iter().all(|outside| number(g, *outside) == shared);
    Some(if is_shared { g.number(shared) } else { g.one() })
}

/// The square root of a product of factors that have even exponents: Π f^(k/2).
fn root(varying: &[(Expr, Number)]) -> Option<Vec<(Expr, Number)>> {
    let half = |exponent: Number| exponent.to_integer().filter(|k| *k > 0 && k % 2 == 0).map(|k| k / 2);
    varying.iter().map(|&(factor, exponent)| Some((factor, Number::integer(half(exponent)?)))).collect()
}

/// Whether factors have elements of data arrays, or parameters that data look up.
fn reads_rows(g: &Graph, factors: &[(Expr, Number)]) -> bool {
    let roots: Vec<Expr> = factors.iter().map(|(factor, _)| *factor).collect();
    g.reachable(&roots, |_, _| true).into_iter().any(|expr| match g.node(expr) {
        Node::Leaf(array, subscripts) => {
            let is_looked_up = |subscript: &Subscript| matches!(subscript, Subscript::Lookup(..));
            let is_data = g.declaration(*array).role != Role::Parameter;
            !subscripts.is_empty() && (is_data || subscripts.iter().any(is_looked_up))
        }
        _ => false,
    })
}

/// Whether a negative number stands in front.
fn is_negative(g: &Graph, expr: Expr) -> bool {
    let number = g.as_number(expr).unwrap_or_else(|| g.split_coefficient(Number::ONE, expr).0);
    number.is_negative()
}
