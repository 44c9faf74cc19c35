//! Resolved terms to the graph.
//!
//! Operands precede their users, so lowering is one loop. Every chain becomes one n-ary sum or product.

use std::collections::HashMap;

use hesse_symbolic::differentiate::coupling;
use hesse_symbolic::graph::{
    self, Affine, Array, Condition, Expr, Graph, Index, Number, Range, ReduceKind, Subscript,
};

use hesse_symbolic::rules::{Applied, EXTENSION, Mode, SQUARES, rewrite};

use crate::Model;
use crate::diagnostic::Problem;
use crate::resolve::form::{BinderId, Form, Symbol};
use crate::resolve::term::{ArrayId, Extent, Kind, Position, Resolved, Term, TermId};
use crate::syntax::{Comparison, Role};

/// The most steps that second derivatives may take, as [`coupling`] counts them: some seconds.
const MAX_COUPLING: usize = 1 << 20;

/// Builds the graph of a resolved input, and applies the rules of a mode to it; refuses what has more second
/// derivatives than anybody waits for.
pub(crate) fn lower(resolved: &Resolved, mode: Mode) -> Result<Model, Problem> {
    let mut lowering = Lowering {
        resolved,
        graph: if mode == Mode::Strict { Graph::strict() } else { Graph::new() },
        dimensions: Vec::new(),
        arrays: HashMap::new(),
        indices: vec![None; resolved.ranges.len()],
        numbers: Vec::with_capacity(resolved.terms.len()),
        conditions: HashMap::new(),
    };
    lowering.declare();
    let zero = lowering.graph.zero();
    for (at, (term, needed)) in resolved.terms.iter().zip(&resolved.needed).enumerate() {
        let number = match (needed, lowering.condition(term)) {
            (false, _) => zero,
            (true, Some(condition)) => {
                lowering.conditions.insert(TermId(at as u32), condition);
                condition.expr()
            }
            (true, None) => lowering.number(term),
        };
        lowering.numbers.push(number);
    }
    let written = lowering.at(resolved.error);
    let mut graph = lowering.graph;
    let collected = [(SQUARES, graph.squares_merged()), (EXTENSION, graph.extensions())];
    let rewritten = rewrite(&mut graph, written, mode);
    let mut applied = rewritten.applied;
    applied.extend(collected.into_iter().filter(|c| c.1 > 0).map(|(rule, count)| Applied { rule, count }));
    match coupling(&graph, rewritten.expr, MAX_COUPLING) {
        Some(_) => Ok(Model { graph, error: rewritten.expr, mode, applied }),
        None => Err(Problem::TooCoupled { limit: MAX_COUPLING }),
    }
}

struct Lowering<'a> {
    resolved: &'a Resolved,
    graph: Graph,
    dimensions: Vec<Option<graph::Dimension>>,
    arrays: HashMap<ArrayId, Array>,
    indices: Vec<Option<Index>>,
    numbers: Vec<Expr>,
    conditions: HashMap<TermId, Condition>,
}

impl Lowering<'_> {
    fn declare(&mut self) {
        let resolved = self.resolved;
        self.dimensions = vec![None; resolved.dimensions.len()];
        for (id, array) in &resolved.arrays {
            let shape: Vec<_> = array
                .shape
                .iter()
                .map(|extent| match extent {
                    Extent::Fixed(size) => graph::Extent::Fixed(*size),
                    Extent::Dimension(dimension) => graph::Extent::Named(self.dimension(*dimension)),
                })
                .collect();
            let role = match array.role {
                Role::Parameter => graph::Role::Parameter,
                Role::Data | Role::Flag => graph::Role::Data,
                Role::Lookup => graph::Role::Lookup,
            };
            let array = self.graph.array(&array.name, role, &shape);
            self.arrays.insert(*id, array);
        }
    }

    fn dimension(&mut self, id: crate::resolve::form::DimensionId) -> graph::Dimension {
        let id = self.resolved.representatives[id.0 as usize].0 as usize;
        if let Some(dimension) = self.dimensions[id] {
            return dimension;
        }
        let dimension = self.graph.dimension(&self.resolved.dimensions[id]);
        self.dimensions[id] = Some(dimension);
        dimension
    }

    /// The index of a binder; made with its first use, so that the graph holds none E does not need.
    fn index(&mut self, binder: BinderId) -> Index {
        let at = binder.0 as usize;
        if let Some(index) = self.indices[at] {
            return index;
        }
        // Ranges mention outer binders only, which are no more than the nesting of the source.
        let (lo, hi) = &self.resolved.ranges[at];
        let (lo, hi, origin) = (self.affine(lo), self.affine(hi), self.affine(&self.resolved.origins[at]));
        let range = Range { lo: lo.sub(&origin), hi: hi.sub(&origin) };
        let index = self.graph.index(range);
        self.indices[at] = Some(index);
        index
    }

    fn affine(&mut self, form: &Form) -> Affine {
        let mut affine = Affine::constant(form.constant);
        for &(symbol, coefficient) in &form.terms {
            let symbol = match symbol {
                Symbol::Dimension(dimension) => Affine::dimension(self.dimension(dimension)),
                Symbol::Binder(binder) => {
                    let index = Affine::index(self.index(binder));
                    index.add(&self.affine(&self.resolved.origins[binder.0 as usize]))
                }
            };
            affine = affine.add(&symbol.scale(coefficient));
        }
        affine
    }

    fn at(&self, id: TermId) -> Expr {
        self.numbers[id.0 as usize]
    }

    /// The condition of a term; resolving keeps conditions and numbers apart.
    fn truth(&mut self, id: TermId) -> Condition {
        match self.conditions.get(&id) {
            Some(condition) => *condition,
            None => self.graph.truth(true),
        }
    }

    fn condition(&mut self, term: &Term) -> Option<Condition> {
        Some(match term {
            Term::Compare(comparison, a, b) => {
                let comparison = match comparison {
                    Comparison::Less => graph::Comparison::Less,
                    Comparison::LessEqual => graph::Comparison::LessEqual,
                    Comparison::Equal => graph::Comparison::Equal,
                    Comparison::NotEqual => graph::Comparison::NotEqual,
                    Comparison::Greater => graph::Comparison::Greater,
                    Comparison::GreaterEqual => graph::Comparison::GreaterEqual,
                };
                self.graph.compare(comparison, self.at(*a), self.at(*b))
            }
            Term::And(a, b) => {
                let (a, b) = (self.truth(*a), self.truth(*b));
                self.graph.and(a, b)
            }
            Term::Or(a, b) => {
                let (a, b) = (self.truth(*a), self.truth(*b));
                self.graph.or(a, b)
            }
            Term::Not(a) => {
                let a = self.truth(*a);
                self.graph.not(a)
            }
            _ => return None,
        })
    }

    fn number(&mut self, term: &Term) -> Expr {
        match term {
            Term::Number(text) => {
                // Front ends accept only finite decimal literals.
                let number = Number::parse_decimal(text).unwrap_or(Number::ZERO);
                self.graph.number(number)
            }
            Term::Constant(bits) => self.graph.number(Number::float(f64::from_bits(*bits))),
            Term::Index(form) => {
                let affine = self.affine(form);
                self.graph.index_value(&affine)
            }
            Term::Leaf(array, positions) => {
                let subscripts: Vec<_> = positions.iter().map(|p| self.subscript(p)).collect();
                self.graph.leaf(self.arrays[array], &subscripts)
            }
            Term::Sum(operands) => {
                let sign = |minus: bool| if minus { Number::MINUS_ONE } else { Number::ONE };
                let terms: Vec<_> = operands.iter().map(|&(minus, t)| (sign(minus), self.at(t))).collect();
                self.graph.sum(&terms)
            }
            Term::Product(operands) => {
                let power = |divides: bool| if divides { Number::MINUS_ONE } else { Number::ONE };
                let factors: Vec<_> =
                    operands.iter().map(|&(divides, t)| (self.at(t), power(divides))).collect();
                self.graph.product(&factors)
            }
            Term::Power(base, exponent) => self.graph.pow(self.at(*base), self.at(*exponent)),
            Term::Sqrt(a) => self.graph.sqrt(self.at(*a)),
            Term::Apply(function, args) => {
                let args: Vec<_> = args.iter().map(|&a| self.at(a)).collect();
                self.graph.apply(*function, &args)
            }
            Term::Composite(composite, args) => {
                let args: Vec<_> = args.iter().map(|&a| self.at(a)).collect();
                composite.of(&mut self.graph, &args)
            }
            Term::Select(condition, a, b) => {
                let condition = self.truth(*condition);
                self.graph.select(condition, self.at(*a), self.at(*b))
            }
            Term::Reduce(kind, binder, body) => {
                let kind = match kind {
                    Kind::Sum => ReduceKind::Sum,
                    Kind::Product => ReduceKind::Product,
                    Kind::Max => ReduceKind::Max,
                    Kind::LogSumExp => ReduceKind::LogSumExp,
                };
                let index = self.index(*binder);
                self.graph.reduce(kind, index, self.at(*body))
            }
            Term::Length(binder) => {
                let index = self.index(*binder);
                let length = self.graph.range(index).length();
                self.graph.index_value(&length)
            }
            Term::Compare(..) | Term::And(..) | Term::Or(..) | Term::Not(_) => self.graph.zero(),
        }
    }

    fn subscript(&mut self, position: &Position) -> Subscript {
        match position {
            Position::Form(form) => Subscript::Affine(self.affine(form)),
            Position::Lookup(array, positions) => {
                let inner = positions.iter().map(|p| self.subscript(p)).collect();
                Subscript::Lookup(self.arrays[array], inner)
            }
        }
    }
}
