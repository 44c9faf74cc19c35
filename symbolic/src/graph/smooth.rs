//! Whether an expression can have kinks.

use std::collections::HashSet;

use super::{Expr, Graph, Node, ReduceKind, Role};

impl Graph {
    /// Whether no parameter can meet a kink or a jump: the expression is twice continuously differentiable by the
    /// parameters wherever it and its derivatives are finite. Cost: linear in the nodes.
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
            Node::Select(condition, ..) => !varying.contains(&condition.0),
            Node::Reduce(kind, ..) => *kind != ReduceKind::Max,
            Node::Apply(function, _) => function.is_smooth(),
            _ => true,
        })
    }
}
