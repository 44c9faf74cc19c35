//! Second derivatives of one node by pairs of its operands.

use std::collections::HashMap;

use super::slopes::{Slope, others};
use super::sweep::sweep;
use crate::functions::{Function, partials};
use crate::graph::{Affine, Comparison, Condition, Expr, Graph, Index, Node, Number, ReduceKind, Role};

/// ∂²f/∂xₐ∂x_b of the functions met so far, as expressions in parameters that stand for the arguments.
///
/// They come from sweeping the first partial derivatives, so that nothing new is said about any function.
#[derive(Default)]
pub(crate) struct Curvatures {
    functions: HashMap<Function, Template>,
}

struct Template {
    graph: Graph,
    args: Vec<Expr>,
    /// The second derivatives with a ≤ b, row by row: (0, 0), (0, 1), (1, 1).
    seconds: Vec<Expr>,
}

impl Curvatures {
    /// ∂²f/∂xₐ∂x_b for a ≤ b, row by row, at `args`.
    pub(crate) fn of_function(&mut self, g: &mut Graph, function: Function, args: &[Expr]) -> Vec<Expr> {
        let template = self.functions.entry(function).or_insert_with(|| Template::new(function));
        template.at(g, args)
    }
}

impl Template {
    fn new(function: Function) -> Template {
        let mut g = Graph::new();
        let args: Vec<Expr> = (0..function.arity())
            .map(|at| {
                let array = g.array(&format!("x{at}"), Role::Parameter, &[]);
                g.leaf(array, &[])
            })
            .collect();
        let f = g.apply(function, &args);
        let mut seconds = Vec::new();
        for (a, partial) in partials(&mut g, function, &args, f).into_iter().enumerate() {
            let slopes = sweep(&mut g, partial);
            for &arg in &args[a..] {
                let terms: Vec<_> =
                    slopes.iter().filter(|s| s.leaf == arg).map(|s| (Number::ONE, s.value)).collect();
                seconds.push(g.sum(&terms));
            }
        }
        Template { graph: g, args, seconds }
    }

    /// The second derivatives with the arguments put in.
    fn at(&self, g: &mut Graph, args: &[Expr]) -> Vec<Expr> {
        let mut built: HashMap<Expr, Expr> = self.args.iter().copied().zip(args.iter().copied()).collect();
        for expr in self.graph.reachable(&self.seconds, |_, _| true) {
            if built.contains_key(&expr) {
                continue;
            }
            let get = |e: Expr| built.get(&e).copied().unwrap_or(e);
            let condition = |c: Condition| Condition(get(c.expr()));
            let new = match self.graph.node(expr) {
                Node::Number(number) => g.number(*number),
                Node::Sum(terms) => {
                    let terms: Vec<_> = terms.iter().map(|&(c, e)| (c, get(e))).collect();
                    g.sum(&terms)
                }
                Node::Product(factors) => {
                    let factors: Vec<_> = factors.iter().map(|&(e, p)| (get(e), p)).collect();
                    g.product(&factors)
                }
                Node::Apply(function, args) => {
                    let args: Vec<_> = args.iter().map(|&e| get(e)).collect();
                    g.apply(*function, &args)
                }
                Node::Select(c, a, b) => g.select(condition(*c), get(*a), get(*b)),
                Node::Compare(comparison, a, b) => g.compare(*comparison, get(*a), get(*b)).expr(),
                Node::And(a, b) => g.and(condition(*a), condition(*b)).expr(),
                Node::Or(a, b) => g.or(condition(*a), condition(*b)).expr(),
                Node::Not(a) => g.not(condition(*a)).expr(),
                // No function of the table is made of arrays or binders.
                Node::Leaf(..) | Node::IndexValue(_) | Node::Reduce(..) => continue,
            };
            built.insert(expr, new);
        }
        self.seconds.iter().map(|second| built.get(second).copied().unwrap_or(*second)).collect()
    }
}

/// ∂²p/∂u∂v of a product for the factors at `a` and `b`.
pub(crate) fn of_product(g: &mut Graph, factors: &[(Expr, Number)], a: usize, b: usize) -> Expr {
    let mut rest = factors.to_vec();
    let mut coefficient = Number::ONE;
    for at in [a, b] {
        coefficient = coefficient.times(rest[at].1);
        rest[at].1 = rest[at].1.plus(Number::MINUS_ONE);
    }
    let rest = g.product(&rest);
    g.scale(coefficient, rest)
}

/// ∂²p/∂bᵢ∂bⱼ of a reduction p of b: on the diagonal i = j, and for all i and j.
pub(super) fn of_reduction(
    g: &mut Graph,
    kind: ReduceKind,
    [i, j]: [Index; 2],
    slopes: [Slope; 2],
) -> [Option<Expr>; 2] {
    match kind {
        ReduceKind::Sum | ReduceKind::Max => [None, None],
        // Π over k ≠ i, j of b, where i ≠ j
        ReduceKind::Product => {
            let rest = others(g, i, slopes[0].operand, &[i, j]);
            let (at_i, at_j) = (g.index_value(&Affine::index(i)), g.index_value(&Affine::index(j)));
            let differs = g.compare(Comparison::NotEqual, at_i, at_j);
            let zero = g.zero();
            [None, Some(g.select(differs, rest, zero))]
        }
        // πᵢ [i = j] − πᵢ πⱼ; a body that is the same everywhere has a constant slope
        ReduceKind::LogSumExp if !g.free(slopes[0].operand).contains(&i) => [None, None],
        ReduceKind::LogSumExp => {
            let product = g.mul(slopes[0].value, slopes[1].value);
            [Some(slopes[0].value), Some(g.neg(product))]
        }
    }
}
