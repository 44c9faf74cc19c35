//! Rewriting of what people write, before it is differentiated: one table of rules, each with its guard and with what it
//! may change.
//!
//! Most rules lift what overflows or cancels somewhere to an entry of the table of functions that stays right there. Since
//! this happens first, derivatives are those of the entry. Which rules are applied a [`Mode`] says.
//!
//! The graph itself collects equal terms and factors, whatever the mode; where that extends the domain (`x/x` is 1), it
//! is a rule of this table too, and `strict` graphs leave it.

mod exact;
mod logarithms;
mod mode;
mod patterns;
mod powers;
mod products;
mod smooth;
mod sums;
mod table;

use std::collections::HashMap;

pub use mode::{Mode, Soundness};
pub(crate) use patterns::is_positive;
pub use table::{EXTENSION, RULES, SQUARES};

use crate::graph::{Expr, Graph, Node};

/// A rewriting rule.
///
/// ```
/// use hesse_symbolic::rules::{Mode, RULES};
///
/// let rule = RULES.iter().find(|rule| rule.name == "softplus").unwrap();
/// assert!(rule.modes.contains(&Mode::Robust) && !rule.modes.contains(&Mode::Strict));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name; no two rules share one.
    pub name: &'static str,
    /// The form it looks for.
    pub written: &'static str,
    /// The form that takes its place.
    pub becomes: &'static str,
    /// What has to hold besides.
    pub guard: &'static str,
    /// What it may change.
    pub soundness: Soundness,
    /// The modes in which it is applied.
    pub modes: &'static [Mode],
    /// The other form, where an expression has the one it looks for.
    apply: fn(&mut Graph, Expr) -> Option<Expr>,
}

/// How often a rule was applied.
///
/// ```
/// let model = hesse_parser::formula::parse("ln(1 + exp(x))", &Default::default()).unwrap();
/// let applied = &model.applied[0];
/// assert_eq!((applied.rule.name, applied.count), ("softplus", 1));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Applied {
    /// The rule.
    pub rule: &'static Rule,
    /// The number of expressions it rewrote.
    pub count: usize,
}

impl Applied {
    /// What it did, where people should know of it: a domain that is larger than written.
    ///
    /// ```
    /// use hesse_symbolic::rules::{Applied, EXTENSION, RULES};
    ///
    /// let remark = Applied { rule: EXTENSION, count: 1 }.remark();
    /// assert!(remark.is_some_and(|text| text.starts_with("`u/u or sqrt(u)*sqrt(u)` is taken as `1 or u`")));
    /// assert_eq!(Applied { rule: &RULES[0], count: 1 }.remark(), None);
    /// ```
    pub fn remark(&self) -> Option<String> {
        let Rule { written, becomes, soundness, .. } = self.rule;
        (*soundness == Soundness::Domain).then(|| {
            format!(
                "`{written}` is taken as `{becomes}`, which extends the domain; in mode `strict` it is not"
            )
        })
    }
}

impl PartialEq for Applied {
    fn eq(&self, other: &Applied) -> bool {
        (self.rule.name, self.count) == (other.rule.name, other.count)
    }
}

/// An expression after all rules.
///
/// ```
/// use hesse_symbolic::rules::{Mode, rewrite};
///
/// let mut model = hesse_parser::formula::parse("x^2", &Default::default()).unwrap();
/// let error = model.error;
/// let rewritten = rewrite(&mut model.graph, error, Mode::Robust);
/// assert!(rewritten.expr == error && rewritten.applied.is_empty(), "nothing to do");
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Rewritten {
    /// The expression.
    pub expr: Expr,
    /// The rules that were applied, in the order of the table.
    pub applied: Vec<Applied>,
}

/// Applies the rules of a mode to an expression that somebody wrote, innermost first, until none applies.
///
/// ```
/// use hesse_symbolic::functions::Function;
/// use hesse_symbolic::graph::{Graph, Role};
/// use hesse_symbolic::rules::{Mode, rewrite};
///
/// let mut g = Graph::new();
/// let array = g.array("x", Role::Parameter, &[]);
/// let x = g.leaf(array, &[]);
/// let (one, exp) = (g.one(), g.apply(Function::Exp, &[x]));
/// let sum = g.add(one, exp);
/// let written = g.apply(Function::Ln, &[sum]);
///
/// let rewritten = rewrite(&mut g, written, Mode::Robust);
/// assert_eq!(rewritten.expr, g.apply(Function::Softplus, &[x]));
/// assert_eq!(rewritten.applied[0].rule.name, "softplus");
/// assert_eq!(rewrite(&mut g, written, Mode::Strict).expr, written);
/// ```
///
/// Cost: linear in the number of nodes, and for a product or sum quadratic in the number of its operands.
pub fn rewrite(g: &mut Graph, root: Expr, mode: Mode) -> Rewritten {
    let mut pass = Pass { mode, counts: vec![0; RULES.len()] };
    let mut done: HashMap<Expr, Expr> = HashMap::new();
    for expr in g.reachable(&[root], |_, _| true) {
        let new = g.rebuild(expr, |_, arg| done.get(&arg).copied().unwrap_or(arg));
        let new = pass.improve(g, new);
        done.insert(expr, new);
    }
    let applied = RULES.iter().zip(pass.counts).filter(|(_, count)| *count > 0);
    Rewritten {
        expr: done.get(&root).copied().unwrap_or(root),
        applied: applied.map(|(rule, count)| Applied { rule, count }).collect(),
    }
}

/// What a walk over an expression remembers.
struct Pass {
    mode: Mode,
    /// How often each rule was applied.
    counts: Vec<usize>,
}

impl Pass {
    /// Applies rules to one node whose operands are done.
    fn improve(&mut self, g: &mut Graph, expr: Expr) -> Expr {
        // Rules lead to the table of functions, from where few lead on: the bound is never reached.
        const STEPS: usize = 64;
        let mut current = expr;
        for _ in 0..STEPS {
            match self.step(g, current) {
                Some(next) if next != current => current = next,
                _ => break,
            }
        }
        current
    }

    fn step(&mut self, g: &mut Graph, expr: Expr) -> Option<Expr> {
        for (at, rule) in RULES.iter().enumerate() {
            if rule.modes.contains(&self.mode)
                && let Some(better) = (rule.apply)(g, expr)
            {
                self.counts[at] += 1;
                return Some(better);
            }
        }
        // What was a product may have become a multiple of one.
        let Node::Sum(terms) = g.node(expr) else { return None };
        let &[(coefficient, inner)] = &terms[..] else { return None };
        if !matches!(g.node(inner), Node::Product(_)) {
            return None;
        }
        let better = self.step(g, inner)?;
        Some(g.scale(coefficient, better))
    }
}
