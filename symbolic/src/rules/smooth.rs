//! Whether an expression can have kinks.

use std::collections::HashSet;

use super::patterns::{is_never_negative, is_positive};
use crate::functions::Function;
use crate::graph::{Expr, Graph, Node, Number, ReduceKind, Role};

impl Graph {
    /// Whether no parameter can meet a kink, a jump or a pole, as far as the functions on the way tell: the expression is
    /// twice continuously differentiable by the parameters. Cost: linear in the nodes.
    ///
    /// ```
    /// let parse = |text: &str| hesse_parser::formula::parse(text, &Default::default()).unwrap();
    /// let (wave, bent) = (parse("param x; E = exp(sin(x))"), parse("param x; E = x + abs(x)"));
    /// assert!(wave.graph.is_smooth(wave.error) && !bent.graph.is_smooth(bent.error));
    /// // Data decide here, whatever x is.
    /// let chosen = parse("param x; data y; E = if(y > 0, x, x^2)");
    /// assert!(chosen.graph.is_smooth(chosen.error));
    /// ```
    pub fn is_smooth(&self, expr: Expr) -> bool {
        let nodes = self.reachable(&[expr], |_, _| true);
        // A step has no slope, and yet it varies.
        let mut varying: HashSet<Expr> = HashSet::new();
        for &node in &nodes {
            let mut varies = match self.node(node) {
                Node::Leaf(array, _) => self.declaration(*array).role == Role::Parameter,
                _ => false,
            };
            self.node(node).for_each_arg(|arg| varies |= varying.contains(&arg));
            if varies {
                varying.insert(node);
            }
        }
        nodes.iter().filter(|node| varying.contains(node)).all(|&node| match self.node(node) {
            Node::Select(condition, ..) => !varying.contains(&condition.expr()),
            Node::Reduce(kind, ..) => *kind != ReduceKind::Max,
            // A root of what touches zero has a tip there, as √x² has; what comes back from a pole may jump, as atan(1/x) does.
            Node::Product(factors) => factors.iter().all(|&(base, exponent)| {
                let is_whole = exponent.to_integer().is_some_and(|k| k >= 0);
                is_whole
                    || exponent.to_f64() >= 2.0
                    || !varying.contains(&base)
                    || stays_above_zero(self, base)
            }),
            Node::Apply(Function::Pow, args) => {
                args.first().is_none_or(|base| !varying.contains(base) || stays_above_zero(self, *base))
            }
            Node::Apply(Function::Ln | Function::Log2 | Function::Log10 | Function::Cbrt, args) => {
                args.iter().all(|arg| stays_above_zero(self, *arg))
            }
            Node::Apply(Function::Ln1p, args) => args.iter().all(|arg| is_never_negative(self, *arg)),
            // Away from the origin a radius has no tip.
            Node::Apply(Function::Hypot, args) => args.iter().any(|arg| is_positive(self, *arg)),
            Node::Apply(function, _) => function.is_smooth(),
            _ => true,
        })
    }
}

fn stays_above_zero(g: &Graph, expr: Expr) -> bool {
    let Node::Sum(terms) = g.node(expr) else { return is_positive(g, expr) };
    let is_kept =
        |&(coefficient, term): &(Number, Expr)| !coefficient.is_negative() && is_never_negative(g, term);
    terms.iter().all(is_kept) && terms.iter().any(|&(_, term)| is_positive(g, term))
}
