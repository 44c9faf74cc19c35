//! Sums of squares.

use crate::graph::{Expr, Graph, Index, Node, Number, ReduceKind};

/// E = scale · Σ r², with a scale that does not depend on the parameters.
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

/// Recognizes a sum of squares: every addend a square, or a square times a weight made of data, with the same
/// factor, no negative number, in front of all; `None` for anything else.
///
/// ```
/// use hesse_symbolic::differentiate::squares;
///
/// let mut model = hesse_parser::formula::parse("param x; E = (x - 1)^2 - x", &Default::default()).unwrap();
/// assert_eq!(squares(&mut model.graph, model.error), None);
/// ```
pub fn squares(g: &mut Graph, error: Expr) -> Option<SumOfSquares> {
    let mut scale = None;
    let mut residuals = Vec::new();
    let one = g.one();
    let mut pending = vec![Addend { outside: one, loops: Vec::new(), weight: one, expr: error }];
    while let Some(Addend { outside, mut loops, weight, expr }) = pending.pop() {
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
                        let value = root(g, &varying, &constant)?;
                        if is_negative(g, outside) || *scale.get_or_insert(outside) != outside {
                            return None;
                        }
                        residuals.push(Residual { loops, value });
                    }
                }
            }
            _ => return None,
        }
    }
    scale.map(|scale| SumOfSquares { scale, residuals })
}

/// The square root of a product whose varying factors have even exponents: √weight · Π f^(k/2).
fn root(g: &mut Graph, varying: &[(Expr, Number)], constant: &[(Expr, Number)]) -> Option<Expr> {
    let mut factors = Vec::new();
    for &(factor, exponent) in varying {
        let half = exponent.to_integer().filter(|k| *k > 0 && k % 2 == 0)? / 2;
        factors.push((factor, Number::integer(half)));
    }
    if varying.is_empty() {
        return None;
    }
    let weight = g.product(constant);
    if is_negative(g, weight) {
        return None;
    }
    if g.as_number(weight).is_none_or(|w| !w.is_one()) {
        factors.push((weight, Number::HALF));
    }
    Some(g.product(&factors))
}

/// Whether a negative number stands in front.
fn is_negative(g: &Graph, expr: Expr) -> bool {
    let number = g.as_number(expr).unwrap_or_else(|| g.split_coefficient(Number::ONE, expr).0);
    number.is_negative()
}
