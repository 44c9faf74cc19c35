//! Slots of a sparse Hessian: one value per entry, in families of a common shape.
//!
//! Contributions whose leaves select alike share a family, whatever their loops; a family whose entries
//! another one has too is dissolved in it. Loops no leaf mentions are summed into the slot. Families of one shape that
//! rows reach by the same look-ups are stacked: what a row adds to lies side by side.

use std::collections::HashMap;

use super::kernel::{Cell, Family, Place, Triangle, TriangleAxis};
use super::shape::{Line, Selector, Shape, extreme, hull, walk_name};
use super::task::{Action, Pair, Pass, Task, place};
use crate::graph::{Affine, Array, Expr, Graph, Index, Range, Subscript};

/// Puts the entries of a Hessian into slots; gives the tasks, with `is_pattern` those that say rows and columns
/// instead, and the families of the slots.
pub(super) fn assign(g: &mut Graph, tasks: Vec<Task>, is_pattern: bool) -> (Vec<Task>, Vec<Family>) {
    let (mut others, mut entries) = (Vec::new(), Vec::new());
    for Task { loops, action } in tasks {
        match action {
            Action::Hessian(row, column, triangle, value) => {
                entries.push(Second { row, column, triangle, value, loops });
            }
            action => others.push(Task { loops, action }),
        }
    }
    let layout = Layout::new(g, entries);
    let families = layout.families();
    others.extend(if is_pattern { layout.pattern(g) } else { layout.values() });
    (others, families)
}

/// The contributions of a sparse Hessian, each with its slots.
struct Layout {
    members: Vec<Member>,
    blocks: Vec<Block>,
    /// Where each block lies.
    places: Vec<Stacked>,
}

/// The place of a block: a family, and the layer of it where there are several.
#[derive(Clone, Copy)]
struct Stacked {
    family: usize,
    layer: Option<i64>,
}

/// An entry of the Hessian for all positions of its loops.
struct Second {
    row: Expr,
    column: Expr,
    triangle: Triangle,
    value: Expr,
    loops: Vec<Pass>,
}

struct Member {
    second: Second,
    row: Place,
    column: Place,
    shape: Shape,
    block: usize,
}

#[derive(Clone)]
struct Block {
    shape: Shape,
    fold: Option<Fold>,
}

/// Two sets of lines over the same positions, of which the lower triangle is kept.
#[derive(Clone)]
struct Fold {
    /// The axis of the array, the line of the row and that of the column there, and their positions.
    axes: Vec<(usize, [usize; 2], Range)>,
    is_strict: bool,
}

impl Layout {
    fn new(g: &Graph, seconds: Vec<Second>) -> Layout {
        let mut shapes: Vec<Shape> = Vec::new();
        let mut members = Vec::new();
        // Shapes that may be one; nothing walks over this map.
        let mut alike: HashMap<([Array; 2], Vec<Selector>), Vec<usize>> = HashMap::new();
        for second in seconds {
            let (Some(row), Some(column)) = (place(g, second.row), place(g, second.column)) else { continue };
            let shape = Shape::of(g, &row, &column);
            let alike = alike.entry((shape.arrays, shape.selectors.clone())).or_default();
            let union = alike.iter().find_map(|&at| Some((at, shapes[at].union(&shape)?)));
            let block = match union {
                Some((at, union)) => {
                    shapes[at] = union;
                    at
                }
                None => {
                    shapes.push(shape.clone());
                    alike.push(shapes.len() - 1);
                    shapes.len() - 1
                }
            };
            members.push(Member { second, row, column, shape, block });
        }
        let all: Vec<Block> =
            shapes.into_iter().map(|shape| Block { fold: Fold::of(&shape), shape }).collect();
        let mut lined: HashMap<[Array; 2], Vec<usize>> = HashMap::new();
        for (at, block) in all.iter().enumerate().filter(|(_, block)| !block.shape.lines.is_empty()) {
            lined.entry(block.shape.arrays).or_default().push(at);
        }
        let candidates = |at: usize| {
            let Shape { arrays, selectors, .. } = &all[at].shape;
            let same = alike.get(&(*arrays, selectors.clone()));
            [lined.get(arrays), same].into_iter().flatten().flatten().copied()
        };
        let homes: Vec<usize> = (0..all.len()).map(|at| home(g, &all, candidates, at)).collect();
        let mut kept: Vec<usize> = homes.clone();
        kept.sort_unstable();
        kept.dedup();
        for member in &mut members {
            let home = homes[member.block];
            member.block = kept.binary_search(&home).unwrap_or(0);
        }
        let mut blocks: Vec<Block> = kept.into_iter().map(|at| all[at].clone()).collect();
        let mut own: Vec<Vec<&Member>> = vec![Vec::new(); blocks.len()];
        members.iter().for_each(|member| own[member.block].push(member));
        for (block, own) in blocks.iter_mut().zip(&own) {
            if let Some(fold) = &mut block.fold {
                fold.is_strict =
                    fold.axes.len() == 1 && own.iter().all(|member| is_apart(g, member, fold.axes[0].0));
            }
        }
        let places = stack(&blocks, &own);
        Layout { members, blocks, places }
    }

    fn families(&self) -> Vec<Family> {
        let mut families: Vec<Family> = Vec::new();
        for (block, place) in self.blocks.iter().zip(&self.places) {
            if place.family == families.len() {
                families.push(block.family());
            }
        }
        let mut layers = vec![0; families.len()];
        self.places.iter().filter(|place| place.layer.is_some()).for_each(|place| layers[place.family] += 1);
        for (family, layers) in families.iter_mut().zip(layers).filter(|(_, layers)| *layers > 0) {
            family.lines.push(Affine::constant(layers));
        }
        families
    }

    /// The tasks that compute the values.
    fn values(self) -> Vec<Task> {
        let Layout { members, blocks, places } = self;
        members
            .into_iter()
            .map(|member| {
                let cell = places[member.block].cell(blocks[member.block].cell(&member));
                let Second { row, column, triangle, value, loops } = member.second;
                Task { loops, action: Action::Entry(Pair { row, column, triangle, cell }, value) }
            })
            .collect()
    }

    /// The tasks that say rows and columns: one walk over the slots of each family.
    fn pattern(self, g: &mut Graph) -> Vec<Task> {
        let nothing = g.zero();
        let blocks = self.blocks.iter().zip(&self.places);
        blocks.map(|(block, place)| block.pattern(g, *place, nothing)).collect()
    }
}

impl Stacked {
    /// The cell of a block where the block lies.
    fn cell(self, mut cell: Cell) -> Cell {
        cell.family = self.family;
        cell.lines.extend(self.layer.map(Subscript::constant));
        cell
    }
}

/// What blocks have in common that are stacked: their shape, and the arrays by which their lines are looked up.
type Key = (Family, Vec<Option<Array>>);

/// Puts blocks of one shape into one family where rows reach all of them by the same look-ups.
fn stack(blocks: &[Block], own: &[Vec<&Member>]) -> Vec<Stacked> {
    let keys: Vec<Option<Key>> = blocks
        .iter()
        .zip(own)
        .map(|(block, own)| {
            let family = block.family();
            let mut found = own.iter().map(|member| lookups(&block.cell(member)));
            let first = found.next().filter(|_| family.triangle.is_none())?;
            (first.iter().any(Option::is_some) && found.all(|other| other == first))
                .then_some((family, first))
        })
        .collect();
    let mut counts: HashMap<&Key, usize> = HashMap::new();
    keys.iter().flatten().for_each(|key| *counts.entry(key).or_default() += 1);
    // The family of a key, and the layers it has so far.
    let mut stacks: HashMap<&Key, (usize, i64)> = HashMap::new();
    let mut families = 0;
    let mut places: Vec<Stacked> = Vec::with_capacity(keys.len());
    for key in &keys {
        let (family, layer) = match key.as_ref().filter(|key| counts[*key] > 1) {
            Some(key) => {
                let (family, layers) = stacks.entry(key).or_insert((families, 0));
                *layers += 1;
                (*family, Some(*layers - 1))
            }
            None => (families, None),
        };
        families = families.max(family + 1);
        places.push(Stacked { family, layer });
    }
    places
}

/// The array by which each line of a cell is looked up.
fn lookups(cell: &Cell) -> Vec<Option<Array>> {
    let array = |subscript: &Subscript| match subscript {
        Subscript::Lookup(array, _) => Some(*array),
        Subscript::Affine(_) => None,
    };
    cell.lines.iter().map(array).collect()
}

/// The family that has all entries of the one at `at`, itself where there is no other.
///
/// Blocks that have no line of their own cover their like alone; `candidates` gives these and those with lines.
fn home<I: Iterator<Item = usize>>(
    g: &Graph,
    blocks: &[Block],
    candidates: impl Fn(usize) -> I,
    mut at: usize,
) -> usize {
    // Each step leads to a family of more entries, or of as many and an earlier place.
    for _ in 0..blocks.len() {
        let covering = candidates(at).filter(|&other| {
            other != at
                && blocks[other].covers(g, &blocks[at])
                && !(other > at && blocks[at].covers(g, &blocks[other]))
        });
        match covering.min() {
            Some(other) => at = other,
            None => break,
        }
    }
    at
}

/// Whether row and column of a contribution are never the same along an axis.
fn is_apart(g: &Graph, member: &Member, axis: usize) -> bool {
    let (Subscript::Affine(row), Subscript::Affine(column)) =
        (&member.row.subscripts[axis], &member.column.subscripts[axis])
    else {
        return false;
    };
    let difference = row.sub(column);
    let bound = |upper| extreme(g, &difference, upper, &[]).as_constant();
    bound(false).is_some_and(|least| least > 0) || bound(true).is_some_and(|largest| largest < 0)
}

impl Fold {
    /// The triangle of a shape, where row and column run over the same positions independently.
    fn of(shape: &Shape) -> Option<Fold> {
        if shape.arrays[0] != shape.arrays[1] {
            return None;
        }
        let (rows, columns) = shape.selectors.split_at(shape.selectors.len() / 2);
        let mut axes: Vec<(usize, [usize; 2], Range)> = Vec::new();
        for (axis, pair) in rows.iter().zip(columns).enumerate() {
            match pair {
                (row, column) if row == column => {}
                (&Selector::Line(row), &Selector::Line(column)) => {
                    let range = common(&shape.lines[row], &shape.lines[column])?;
                    if !axes.iter().any(|(_, lines, _)| *lines == [row, column]) {
                        axes.push((axis, [row, column], range));
                    }
                }
                _ => return None,
            }
        }
        let mut folded: Vec<usize> = axes.iter().flat_map(|(_, lines, _)| *lines).collect();
        folded.sort_unstable();
        let tied = rows.iter().zip(columns).filter_map(|pair| match pair {
            (Selector::Line(row), Selector::Line(column)) if row == column => Some(*row),
            _ => None,
        });
        let is_free = folded.windows(2).all(|pair| pair[0] != pair[1])
            && tied.into_iter().all(|line| !folded.contains(&line));
        (is_free && !axes.is_empty()).then_some(Fold { axes, is_strict: false })
    }
}

/// The positions of both lines, unless that makes a triangle of more slots than the rectangle has.
fn common(row: &Line, column: &Line) -> Option<Range> {
    let range = hull(&row.range, &column.range)?;
    let length = |range: &Range| range.length().as_constant();
    match (length(&range), length(&row.range), length(&column.range)) {
        (Some(all), Some(rows), Some(columns))
            if all.saturating_mul(all + 1) / 2 > rows.saturating_mul(columns) =>
        {
            None
        }
        _ => Some(range),
    }
}

impl Block {
    fn line_range(&self, line: usize) -> &Range {
        let folded = self.fold.iter().flat_map(|fold| &fold.axes).find(|(_, lines, _)| lines.contains(&line));
        folded.map_or(&self.shape.lines[line].range, |(.., range)| range)
    }

    /// The lines outside the triangle.
    fn plain_lines(&self) -> impl Iterator<Item = usize> + '_ {
        let is_folded = |line: &usize| {
            self.fold.iter().flat_map(|fold| &fold.axes).any(|(_, lines, _)| lines.contains(line))
        };
        (0..self.shape.lines.len()).filter(move |line| !is_folded(line))
    }

    fn family(&self) -> Family {
        let walks = self.shape.walks.iter().map(|walk| walk.range.length());
        let lines = self.plain_lines().map(|line| self.line_range(line).length());
        Family {
            lines: walks.chain(lines).collect(),
            triangle: self.fold.as_ref().map(|fold| TriangleAxis {
                lengths: fold.axes.iter().map(|(.., range)| range.length()).collect(),
                is_strict: fold.is_strict,
            }),
        }
    }

    /// Whether every entry of `other` has a slot here too.
    fn covers(&self, g: &Graph, other: &Block) -> bool {
        let (own, new) = (&self.shape, &other.shape);
        let walks_alike = own.walks.is_empty()
            || own.walks.len() == new.walks.len()
                && own.walks.iter().zip(&new.walks).all(|(own, new)| {
                    holds(&own.range, &new.range)
                        && (own.exact == new.exact || !(self.shape.is_ragged() || other.shape.is_ragged()))
                });
        if own.arrays != new.arrays || !walks_alike {
            return false;
        }
        let extents: Vec<Range> =
            own.arrays.iter().flat_map(|&a| g.declaration(a).shape.iter().map(|&e| Range::all(e))).collect();
        own.selectors.iter().enumerate().all(|(axis, selector)| match selector {
            Selector::Line(line) => {
                let range = self.line_range(*line);
                let is_held = *range == extents[axis]
                    || match &new.selectors[axis] {
                        Selector::Fixed(at) => {
                            let next = at.add(&Affine::constant(1));
                            holds(range, &Range { lo: at.clone(), hi: next })
                        }
                        Selector::Line(line) => holds(range, other.line_range(*line)),
                        Selector::Walked(_) => false,
                    };
                let mut tied = own.selectors.iter().zip(&new.selectors).filter(|(own, _)| *own == selector);
                is_held && tied.all(|(_, new_selector)| *new_selector == new.selectors[axis])
            }
            selector => *selector == new.selectors[axis],
        })
    }

    /// Where the entry of a contribution lies.
    fn cell(&self, member: &Member) -> Cell {
        let subscripts: Vec<&Subscript> =
            member.row.subscripts.iter().chain(&member.column.subscripts).collect();
        let walks = self.shape.walks.iter().zip(&member.shape.walks).map(|(own, walk)| {
            Subscript::Affine(Affine::index(walk.index).sub(&walk.origin).sub(&own.range.lo))
        });
        let lines = self.plain_lines().filter_map(|line| {
            let axis = self.shape.selectors.iter().position(|s| *s == Selector::Line(line))?;
            Some(after(subscripts[axis], &self.line_range(line).lo))
        });
        let side = |place: &Place| {
            let axes = self.fold.iter().flat_map(|fold| &fold.axes);
            axes.map(|(axis, _, range)| after(&place.subscripts[*axis], &range.lo)).collect()
        };
        Cell {
            family: member.block,
            lines: walks.chain(lines).collect(),
            pair: [side(&member.row), side(&member.column)],
        }
    }

    /// The walk over the slots.
    fn pattern(&self, g: &mut Graph, place: Stacked, nothing: Expr) -> Task {
        let mut loops: Vec<Pass> = Vec::new();
        let mut walks: Vec<Index> = Vec::new();
        let mut coordinates: Vec<Subscript> = Vec::new();
        let is_ragged = self.shape.is_ragged();
        for walk in &self.shape.walks {
            let named = |index: Index| named(index, &walks);
            let range = if is_ragged {
                Range { lo: walk.exact.lo.map_indices(named), hi: walk.exact.hi.map_indices(named) }
            } else {
                walk.range.clone()
            };
            let index = g.index(range.clone());
            loops.push(Pass { index, range });
            walks.push(index);
            coordinates.push(Subscript::Affine(Affine::index(index).sub(&walk.range.lo)));
        }
        let mut lines: Vec<Option<Index>> = vec![None; self.shape.lines.len()];
        for line in self.plain_lines() {
            let range = self.line_range(line).clone();
            let index = g.index(range.clone());
            coordinates.push(Subscript::Affine(Affine::index(index).sub(&range.lo)));
            loops.push(Pass { index, range });
            lines[line] = Some(index);
        }
        let (mut pair, mut columns) = ([Vec::new(), Vec::new()], Vec::new());
        for (at, (_, [row, column], range)) in self.fold.iter().flat_map(|fold| &fold.axes).enumerate() {
            let [p, q] = [g.index(range.clone()), g.index(range.clone())];
            let mut below = range.clone();
            if at == 0 {
                let is_strict = self.fold.as_ref().is_some_and(|fold| fold.is_strict);
                below.hi = Affine::index(p).add(&Affine::constant(i64::from(!is_strict)));
            }
            loops.push(Pass { index: p, range: range.clone() });
            columns.push(Pass { index: q, range: below });
            for (side, (line, index)) in pair.iter_mut().zip([(row, p), (column, q)]) {
                side.push(Subscript::Affine(Affine::index(index).sub(&range.lo)));
                lines[*line] = Some(index);
            }
        }
        loops.extend(columns);
        let subscripts: Vec<Subscript> = self
            .shape
            .selectors
            .iter()
            .map(|selector| match selector {
                Selector::Fixed(at) => Subscript::Affine(at.clone()),
                Selector::Line(line) => lines[*line].map_or(Subscript::constant(0), Subscript::index),
                Selector::Walked(subscript) => subscript.map_indices(&mut |index| named(index, &walks)),
            })
            .collect();
        let [row_array, column_array] = self.shape.arrays;
        let (row, column) = subscripts.split_at(g.declaration(row_array).shape.len());
        let triangle = match &self.fold {
            Some(fold) if fold.axes.len() > 1 => Triangle::Guarded,
            None if row_array == column_array && row != column => Triangle::Mirrored,
            _ => Triangle::Below,
        };
        let (row, column) = (g.leaf(row_array, row), g.leaf(column_array, column));
        let cell = place.cell(Cell { family: place.family, lines: coordinates, pair });
        Task { loops, action: Action::Coordinates(Pair { row, column, triangle, cell }, nothing) }
    }
}

fn named(index: Index, walks: &[Index]) -> Index {
    let walk = walks.iter().enumerate().find(|(at, _)| walk_name(*at) == index);
    walk.map_or(index, |(_, &name)| name)
}

/// Whether one range is known to hold another.
fn holds(range: &Range, inner: &Range) -> bool {
    let starts = inner.lo.sub(&range.lo).as_constant().is_some_and(|by| by >= 0);
    starts && range.hi.sub(&inner.hi).as_constant().is_some_and(|by| by >= 0)
}

/// A position counted from `start`; look-ups reach all positions of their axis and so start at 0.
fn after(subscript: &Subscript, start: &Affine) -> Subscript {
    match subscript {
        Subscript::Affine(affine) => Subscript::Affine(affine.sub(start)),
        lookup => lookup.clone(),
    }
}
