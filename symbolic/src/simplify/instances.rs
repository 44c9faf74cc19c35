//! Expressions as instances of bases: the same expressions with all free indices under their first names.

use std::collections::{HashMap, HashSet};

use crate::graph::{Condition, Expr, Graph, Index, Node};

/// The bases some values are made of, and what has become of them.
#[derive(Default)]
pub(super) struct Instances {
    bases: HashMap<Expr, Expr>,
    rewritten: HashMap<Expr, Expr>,
}

impl Instances {
    /// All bases below the values, arguments before users; the order depends on the structure alone.
    pub(super) fn order(&mut self, g: &mut Graph, values: &[Expr]) -> Vec<Expr> {
        let mut seen: HashSet<Expr> = HashSet::new();
        let mut order = Vec::new();
        let roots: Vec<Expr> = values.iter().map(|&value| self.base(g, value)).collect();
        let mut pending: Vec<(Expr, bool)> = roots.into_iter().rev().map(|root| (root, false)).collect();
        while let Some((base, is_complete)) = pending.pop() {
            if is_complete {
                order.push(base);
            } else if seen.insert(base) {
                pending.push((base, true));
                let args = self.args(g, base);
                pending.extend(args.into_iter().rev().map(|arg| (arg, false)));
            }
        }
        order
    }

    /// How many places use each base.
    pub(super) fn uses(&mut self, g: &mut Graph, order: &[Expr], values: &[Expr]) -> HashMap<Expr, usize> {
        let mut uses = HashMap::new();
        for &base in order {
            for arg in self.args(g, base) {
                *uses.entry(arg).or_insert(0) += 1;
            }
        }
        for &value in values {
            *uses.entry(self.base(g, value)).or_insert(0) += 1;
        }
        uses
    }

    /// The bases of the arguments of a base.
    pub(super) fn args(&mut self, g: &mut Graph, base: Expr) -> Vec<Expr> {
        let mut args = Vec::new();
        g.node(base).for_each_arg(|arg| args.push(arg));
        args.into_iter().map(|arg| self.base(g, arg)).collect()
    }

    pub(super) fn base(&mut self, g: &mut Graph, expr: Expr) -> Expr {
        if g.free(expr).is_empty() {
            return expr;
        }
        if let Some(&base) = self.bases.get(&expr) {
            return base;
        }
        let names = g.first_names(expr);
        let base = g.substitute(expr, &names);
        self.bases.insert(expr, base);
        base
    }

    pub(super) fn rewrite(&mut self, base: Expr, new: Expr) {
        self.rewritten.insert(base, new);
    }

    /// What has become of an expression.
    pub(super) fn new_of(&mut self, g: &mut Graph, expr: Expr) -> Expr {
        let base = self.base(g, expr);
        let Some(&new) = self.rewritten.get(&base) else { return expr };
        if base == expr { new } else { instance(g, expr, new) }
    }

    /// A base made anew from what has become of its arguments.
    pub(super) fn rebuild(&mut self, g: &mut Graph, base: Expr) -> Expr {
        match g.node(base).clone() {
            Node::Number(_) | Node::Leaf(..) | Node::IndexValue(_) => base,
            Node::Sum(terms) => {
                let terms: Vec<_> = terms.iter().map(|&(c, e)| (c, self.new_of(g, e))).collect();
                g.sum(&terms)
            }
            Node::Product(factors) => {
                let factors: Vec<_> = factors.iter().map(|&(e, p)| (self.new_of(g, e), p)).collect();
                g.group(&factors)
            }
            Node::Reduce(kind, index, body) => {
                // The body's own first names, and the binder's among them.
                let names = g.first_names(body);
                let back: Vec<(Index, Index)> =
                    names.iter().filter(|(from, _)| *from != index).map(|&(from, to)| (to, from)).collect();
                let opened = self.base(g, body);
                let new = self.rewritten.get(&opened).copied().unwrap_or(opened);
                let new = g.substitute(new, &back);
                let binder = names.iter().find(|(from, _)| *from == index).map_or(index, |(_, to)| *to);
                g.reduce(kind, binder, new)
            }
            Node::Apply(function, args) => {
                let args: Vec<_> = args.iter().map(|&e| self.new_of(g, e)).collect();
                g.apply(function, &args)
            }
            Node::Select(c, a, b) => {
                let [c, a, b] = [c.expr(), a, b].map(|e| self.new_of(g, e));
                g.select(Condition(c), a, b)
            }
            Node::Compare(comparison, a, b) => {
                let [a, b] = [a, b].map(|e| self.new_of(g, e));
                g.compare(comparison, a, b).expr()
            }
            Node::And(a, b) => {
                let [a, b] = [a, b].map(|c| Condition(self.new_of(g, c.expr())));
                g.and(a, b).expr()
            }
            Node::Or(a, b) => {
                let [a, b] = [a, b].map(|c| Condition(self.new_of(g, c.expr())));
                g.or(a, b).expr()
            }
            Node::Not(a) => {
                let a = Condition(self.new_of(g, a.expr()));
                g.not(a).expr()
            }
        }
    }
}

/// `new`, which stands for the base of `expr`, with the indices of `expr`.
pub(super) fn instance(g: &mut Graph, expr: Expr, new: Expr) -> Expr {
    let back: Vec<(Index, Index)> =
        g.first_names(expr).into_iter().map(|(own, first)| (first, own)).collect();
    g.substitute(new, &back)
}
