//! The shape of a pair of leaves: which entries of the Hessian its loops reach.

use super::kernel::Place;
use crate::graph::{Affine, Array, Graph, Index, Range, Subscript};

/// What selects the position along one axis of a leaf.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Selector {
    /// One position.
    Fixed(Affine),
    /// A subscript that depends on nothing else in the pair: all of its positions occur.
    Line(usize),
    /// A subscript that moves together with others, as a form of the walks.
    Walked(Subscript),
}

/// A subscript whose positions are an axis of the family.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Line {
    pub(super) range: Range,
}

/// An index that is itself an axis of the family, because several subscripts move with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Walk {
    pub(super) index: Index,
    /// The index minus this is the coordinate, so that shifted copies share their slots.
    pub(super) origin: Affine,
    /// The coordinates, free of indices.
    pub(super) range: Range,
    /// The coordinates for given coordinates of the walks before: differs from `range` where that is ragged.
    pub(super) exact: Range,
}

/// The entries a pair of leaves reaches.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) arrays: [Array; 2],
    /// One per axis, those of the row first.
    pub(super) selectors: Vec<Selector>,
    pub(super) lines: Vec<Line>,
    pub(super) walks: Vec<Walk>,
}

/// The name of a walk inside a [`Selector::Walked`].
pub(super) fn walk_name(walk: usize) -> Index {
    Index(u32::MAX - walk as u32)
}

impl Shape {
    pub(super) fn of(g: &Graph, row: &Place, column: &Place) -> Shape {
        let axes: Vec<(&Subscript, Range)> = [row, column]
            .into_iter()
            .flat_map(|place| {
                let shape = &g.declaration(place.array).shape;
                place.subscripts.iter().zip(shape).map(|(s, &extent)| (s, Range::all(extent)))
            })
            .collect();
        let mut parts: Vec<Part<'_>> = Vec::new();
        for (subscript, extent) in &axes {
            if !parts.iter().any(|part| part.subscript == *subscript) {
                parts.push(Part::new(g, subscript, extent.clone()));
            }
        }
        let mut walked: Vec<Index> = Vec::new();
        for at in 0..parts.len() {
            let moves = parts[at].is_sparse()
                || (0..parts.len()).any(|other| other != at && parts[at].shares(&parts[other]));
            if moves {
                parts[at].is_walked = true;
                for &index in &parts[at].linked {
                    push_after_outer(g, index, &parts[at].linked, &mut walked);
                }
            }
        }
        let walks = walks(g, &parts, &walked);
        let mut lines = Vec::new();
        let mut selector_of: Vec<Selector> = Vec::new();
        for part in &parts {
            selector_of.push(match part.subscript {
                Subscript::Affine(affine) if part.linked.is_empty() => Selector::Fixed(affine.clone()),
                subscript if part.is_walked || part.linked.is_empty() => {
                    Selector::Walked(canonical(subscript, &walks))
                }
                _ => {
                    lines.push(Line { range: part.range(g) });
                    Selector::Line(lines.len() - 1)
                }
            });
        }
        let position = |subscript: &Subscript| parts.iter().position(|p| p.subscript == subscript);
        let selectors =
            axes.iter().filter_map(|(s, _)| position(s).map(|at| selector_of[at].clone())).collect();
        Shape { arrays: [row.array, column.array], selectors, lines, walks }
    }

    /// Whether a coordinate of a walk has fewer positions than its axis.
    pub(super) fn is_ragged(&self) -> bool {
        self.walks.iter().any(|walk| walk.exact.indices().next().is_some())
    }

    /// The shape that reaches what either reaches, where both select alike.
    pub(super) fn union(&self, other: &Shape) -> Option<Shape> {
        if self.arrays != other.arrays || self.selectors != other.selectors {
            return None;
        }
        let ragged = self.is_ragged() || other.is_ragged();
        let mut union = self.clone();
        for (own, new) in union.lines.iter_mut().zip(&other.lines) {
            own.range = hull(&own.range, &new.range)?;
        }
        for (own, new) in union.walks.iter_mut().zip(&other.walks) {
            if ragged && own.exact != new.exact {
                return None;
            }
            own.range = hull(&own.range, &new.range)?;
            if !ragged {
                own.exact = own.range.clone();
            }
        }
        Some(union)
    }
}

/// A subscript of the pair with the indices it moves with.
struct Part<'a> {
    subscript: &'a Subscript,
    extent: Range,
    /// The indices in it, and those that both bounds of one of these move with.
    linked: Vec<Index>,
    is_walked: bool,
}

impl<'a> Part<'a> {
    fn new(g: &Graph, subscript: &'a Subscript, extent: Range) -> Part<'a> {
        let mut linked = Vec::new();
        subscript.visit_affine(&mut |affine| linked.extend(affine.indices()));
        let mut at = 0;
        while at < linked.len() {
            if let Some(range) = band(g, linked[at]) {
                linked.extend(range.lo.indices());
            }
            at += 1;
        }
        let mut distinct: Vec<Index> = Vec::new();
        for index in linked {
            if !distinct.contains(&index) {
                distinct.push(index);
            }
        }
        Part { subscript, extent, linked: distinct, is_walked: false }
    }

    fn shares(&self, other: &Part<'_>) -> bool {
        self.linked.iter().any(|index| other.linked.contains(index))
    }

    /// Whether its positions lie apart (`2*i`).
    fn is_sparse(&self) -> bool {
        match self.subscript.as_affine().map(|affine| affine.terms.as_slice()) {
            Some(terms) => {
                let mut steps =
                    terms.iter().filter(|(s, _)| matches!(s, crate::graph::Symbol::Index(_))).map(|t| t.1);
                matches!((steps.next(), steps.next()), (Some(step), None) if step.abs() > 1)
            }
            None => false,
        }
    }

    fn range(&self, g: &Graph) -> Range {
        match self.subscript {
            Subscript::Affine(affine) => Range {
                lo: extreme(g, affine, false, &[]),
                hi: extreme(g, affine, true, &[]).add(&Affine::constant(1)),
            },
            Subscript::Lookup(..) => self.extent.clone(),
        }
    }
}

/// The range of an index whose both bounds move with the same outer index.
fn band(g: &Graph, index: Index) -> Option<&Range> {
    let range = g.range(index);
    range.lo.indices().any(|i| range.hi.indices().any(|j| i == j)).then_some(range)
}

fn push_after_outer(g: &Graph, index: Index, linked: &[Index], order: &mut Vec<Index>) {
    let mut chain = vec![index];
    let mut at = 0;
    while at < chain.len() {
        // Outer indices nest strictly, so this walk ends.
        chain.extend(g.range(chain[at]).indices().filter(|i| linked.contains(i)));
        at += 1;
    }
    for index in chain.into_iter().rev() {
        if !order.contains(&index) {
            order.push(index);
        }
    }
}

fn walks(g: &Graph, parts: &[Part<'_>], walked: &[Index]) -> Vec<Walk> {
    let mut walks: Vec<Walk> = Vec::new();
    for &index in walked {
        let range = g.range(index);
        let inner = |affine: &Affine, upper| canonical_affine(&extreme(g, affine, upper, walked), &walks);
        let outer = |affine: &Affine, upper| extreme(g, affine, upper, &[]);
        let walk = match band(g, index) {
            Some(_) => {
                let length = range.length();
                let zero = Affine::constant(0);
                Walk {
                    index,
                    origin: range.lo.clone(),
                    range: Range { lo: zero.clone(), hi: outer(&length, true) },
                    exact: Range { lo: zero, hi: inner(&length, true) },
                }
            }
            None => {
                let shift = shift(parts, index);
                let Range { lo, hi } = range;
                Walk {
                    index,
                    origin: shift.scale(-1),
                    range: Range { lo: outer(lo, false).add(&shift), hi: outer(hi, true).add(&shift) },
                    exact: Range { lo: inner(lo, false).add(&shift), hi: inner(hi, true).add(&shift) },
                }
            }
        };
        walks.push(walk);
    }
    walks
}

/// What the first subscript that walks with an index adds to it.
fn shift(parts: &[Part<'_>], index: Index) -> Affine {
    let mut shift = None;
    for part in parts.iter().filter(|part| part.is_walked) {
        part.subscript.visit_affine(&mut |affine| {
            let step = affine.terms.iter().find(|(s, _)| *s == crate::graph::Symbol::Index(index));
            if shift.is_none() && matches!(step, Some((_, 1))) {
                let rest = affine.indices().fold(affine.clone(), |rest, i| without(&rest, i).0);
                shift = Some(rest);
            }
        });
    }
    shift.unwrap_or_default()
}

/// A subscript with its indices as forms of the walks.
fn canonical(subscript: &Subscript, walks: &[Walk]) -> Subscript {
    match subscript {
        Subscript::Affine(affine) => Subscript::Affine(canonical_affine(affine, walks)),
        Subscript::Lookup(array, inner) => {
            Subscript::Lookup(*array, inner.iter().map(|s| canonical(s, walks)).collect())
        }
    }
}

fn canonical_affine(affine: &Affine, walks: &[Walk]) -> Affine {
    let mut affine = affine.clone();
    for (at, walk) in walks.iter().enumerate().rev() {
        let (rest, step) = without(&affine, walk.index);
        affine = rest.add(&Affine::index(walk_name(at)).add(&walk.origin).scale(step));
    }
    affine
}

/// The form without an index, and how often it had it.
fn without(affine: &Affine, index: Index) -> (Affine, i64) {
    let symbol = crate::graph::Symbol::Index(index);
    let step = affine.terms.iter().find(|t| t.0 == symbol).map_or(0, |t| t.1);
    (affine.sub(&Affine::index(index).scale(step)), step)
}

/// The smallest or largest value of a form over the ranges of its indices, but for those in `kept`.
pub(super) fn extreme(g: &Graph, affine: &Affine, upper: bool, kept: &[Index]) -> Affine {
    let mut affine = affine.clone();
    loop {
        let mut indices: Vec<Index> = affine.indices().filter(|i| !kept.contains(i)).collect();
        g.sort_by_nesting(&mut indices);
        // Innermost first: its bounds may mention the others.
        let inner = indices.iter().rev().find(|&&i| {
            indices.iter().all(|&other| g.range(other).indices().all(|mentioned| mentioned != i))
        });
        let Some(&index) = inner else { return affine };
        let (rest, step) = without(&affine, index);
        let Range { lo, hi } = g.range(index);
        let position = if (step > 0) == upper { hi.sub(&Affine::constant(1)) } else { lo.clone() };
        affine = rest.add(&position.scale(step));
    }
}

/// The smallest range that holds both, where their bounds differ by numbers.
pub(super) fn hull(a: &Range, b: &Range) -> Option<Range> {
    let lower = b.lo.sub(&a.lo).as_constant()? < 0;
    let higher = b.hi.sub(&a.hi).as_constant()? > 0;
    let (lo, hi) = (if lower { &b.lo } else { &a.lo }, if higher { &b.hi } else { &a.hi });
    Some(Range { lo: lo.clone(), hi: hi.clone() })
}
