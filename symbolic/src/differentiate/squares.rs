//! Sums of squares.

use crate::graph::{Expr, Graph, Index, Node, Number, ReduceKind};

/// E = scale · Σ r², with a scale that does not depend on the parameters.
#[derive(Clone, PartialEq, Debug)]
pub struct SumOfSquares {
    /// The factor: 1, ½, 1/n, ….
    pub scale: Expr,
    /// The residuals.
    pub residuals: Vec<Residual>,
}

/// One kind of residual: its value for all positions of its loops.
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

/// Recognizes a sum of squares: every addend a square, or a square times a weight made of data, with the same
/// factor in front of all; `None` for anything else.
pub fn squares(g: &mut Graph, error: Expr) -> Option<SumOfSquares> {
    let terms = match g.node(error) {
        Node::Sum(terms) => terms.to_vec(),
        _ => vec![(Number::ONE, error)],
    };
    let mut scale = None;
    let mut residuals = Vec::new();
    for (coefficient, mut expr) in terms {
        let mut outside = g.number(coefficient);
        let mut loops = Vec::new();
        let value = loop {
            match g.node(expr).clone() {
                Node::Reduce(ReduceKind::Sum, index, body) => {
                    loops.push(index);
                    expr = body;
                }
                Node::Product(factors) => {
                    let (varying, constant): (Vec<_>, Vec<_>) =
                        factors.iter().partition(|(factor, _)| g.depends_on_parameters(*factor));
                    match varying[..] {
                        // A factor in front of an inner sum.
                        [(inner, exponent)] if exponent.is_one() && loops.is_empty() => {
                            let factor = g.product(&constant);
                            outside = g.mul(outside, factor);
                            expr = inner;
                        }
                        _ => break root(g, &varying, &constant)?,
                    }
                }
                _ => return None,
            }
        };
        if *scale.get_or_insert(outside) != outside {
            return None;
        }
        residuals.push(Residual { loops, value });
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
    if g.as_number(weight).is_none_or(|w| !w.is_one()) {
        factors.push((weight, Number::HALF));
    }
    Some(g.product(&factors))
}
