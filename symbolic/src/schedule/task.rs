//! Tasks: what a kernel has to do, each with the loops it still needs.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::differentiate::{self, Contribution, Pairing, SecondContribution, loops};
use crate::functions::{expand, expand_sums};
use crate::graph::{Affine, Expr, Graph, Index, Node, Number, Range, ReduceKind, Subscript};
use crate::simplify::{choose, simplify};

use super::diagonal::diagonal;
use super::kernel::{Cell, Entry, Family, Place, Request, Slot, Table, Triangle};
use super::slots;

/// One output of the kernel.
#[derive(Clone, Debug)]
pub(super) struct Task {
    /// Loops still to be opened, outer first.
    pub(super) loops: Vec<Pass>,
    pub(super) action: Action,
}

/// A loop: an index, and the part of its range that is wanted.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Pass {
    pub(super) index: Index,
    pub(super) range: Range,
}

#[derive(Clone, Debug)]
pub(super) enum Action {
    Value(Expr),
    Gradient(Expr, Expr),
    Hessian(Expr, Expr, Triangle, Expr),
    Derivative(usize, Expr),
    Diagonal(Expr, Expr, Expr),
    Entry(Pair, Expr),
    /// The expression is a constant that nothing uses.
    Coordinates(Pair, Expr),
    Accumulate(Slot, ReduceKind, Expr),
    Store(Table, Vec<Affine>, Expr),
    Add(Table, Vec<Affine>, Expr),
}

/// Two leaves and the place of their entry in a sparse Hessian.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) row: Expr,
    pub(super) column: Expr,
    pub(super) triangle: Triangle,
    pub(super) cell: Cell,
}

impl Pair {
    pub(super) fn place(self, g: &Graph) -> Option<Entry> {
        let (row, column) = (place(g, self.row)?, place(g, self.column)?);
        Some(Entry { row, column, triangle: self.triangle, cell: self.cell })
    }
}

impl Action {
    /// The expression whose value the action uses.
    pub(super) fn value(&self) -> Expr {
        match self {
            Action::Value(value) | Action::Gradient(_, value) | Action::Hessian(.., value) => *value,
            Action::Accumulate(.., value) | Action::Store(.., value) | Action::Add(.., value) => *value,
            Action::Entry(_, value) | Action::Coordinates(_, value) => *value,
            Action::Derivative(_, value) | Action::Diagonal(.., value) => *value,
        }
    }

    fn value_mut(&mut self) -> &mut Expr {
        match self {
            Action::Value(value) | Action::Gradient(_, value) | Action::Hessian(.., value) => value,
            Action::Accumulate(.., value) | Action::Store(.., value) | Action::Add(.., value) => value,
            Action::Entry(_, value) | Action::Coordinates(_, value) => value,
            Action::Derivative(_, value) | Action::Diagonal(.., value) => value,
        }
    }
}

impl Task {
    /// The task with one of its loop indices renamed; indices of inner loops whose ranges mention it follow.
    pub(super) fn rename(&mut self, g: &mut Graph, from: Index, to: Index) {
        let mut renamed = vec![(from, to)];
        for pass in &self.loops {
            let slot = g.index_data(pass.index).slot;
            let follows = g.range(pass.index).indices().any(|i| renamed.iter().any(|(from, _)| *from == i));
            if follows {
                let name = g.named_index(pass.index, slot, &renamed);
                renamed.push((pass.index, name));
            }
        }
        let map = |index: Index| renamed.iter().find(|(from, _)| *from == index).map_or(index, |(_, to)| *to);
        for pass in &mut self.loops {
            pass.index = map(pass.index);
            pass.range.lo = pass.range.lo.map_indices(map);
            pass.range.hi = pass.range.hi.map_indices(map);
        }
        let mut exprs: Vec<&mut Expr> = Vec::new();
        match &mut self.action {
            Action::Value(value) | Action::Accumulate(.., value) => exprs.push(value),
            Action::Derivative(_, value) => exprs.push(value),
            Action::Diagonal(row, column, value) => exprs.extend([row, column, value]),
            Action::Gradient(leaf, value) => exprs.extend([leaf, value]),
            Action::Hessian(row, column, _, value) => exprs.extend([row, column, value]),
            Action::Entry(pair, value) | Action::Coordinates(pair, value) => {
                let cell = &mut pair.cell;
                let [p, q] = &mut cell.pair;
                for subscript in cell.lines.iter_mut().chain(p).chain(q) {
                    *subscript = subscript.map_indices(&mut { map });
                }
                exprs.extend([&mut pair.row, &mut pair.column, value]);
            }
            Action::Store(_, at, value) | Action::Add(_, at, value) => {
                at.iter_mut().for_each(|a| *a = a.map_indices(map));
                exprs.push(value);
            }
        }
        for expr in exprs {
            *expr = g.substitute(*expr, &renamed);
        }
    }
}

/// The tasks of a request, and the families of its sparse Hessian: differentiation, stable forms of the
/// functions, fewer operations.
///
/// `scale` is the factor in front of all squares, where that is not for `error` to say.
pub(super) fn tasks(
    g: &mut Graph,
    error: Expr,
    scale: Option<Expr>,
    request: Request,
) -> (Vec<Task>, Vec<Family>) {
    let error = if request.as_written { error } else { choose(g, error) };
    let needs_gradient = request.gradient || request.product;
    let gradient = if needs_gradient { differentiate::gradient(g, error) } else { Vec::new() };
    let mut outputs: Vec<Output> = Vec::new();
    if request.value {
        outputs.push(Output::Value(error));
    }
    if request.gradient {
        outputs.extend(gradient.iter().map(|&contribution| Output::Gradient(contribution)));
    }
    if request.product {
        let directional = differentiate::directional(g, &gradient);
        let mut product = differentiate::gradient(g, directional);
        if request.block {
            product = differentiate::blocked(g, &product);
        }
        outputs.extend(product.into_iter().map(Output::Gradient));
    }
    if request.gauss_newton
        && let Some(squares) = differentiate::squares_in(g, error, scale)
    {
        outputs.push(Output::Value(squares.total(g)));
        outputs.extend(differentiate::gauss_newton(g, &squares).into_iter().map(Output::Hessian));
    }
    if request.hessian || request.sparse || request.pattern {
        outputs.extend(differentiate::hessian(g, error).into_iter().map(Output::Hessian));
    }
    if request.diagonal {
        let hessian = differentiate::hessian(g, error);
        outputs.extend(diagonal(g, hessian));
    }
    if request.directional {
        let derivatives = differentiate::along(g, error);
        outputs.extend(
            derivatives.into_iter().enumerate().map(|(order, value)| Output::Derivative(order, value)),
        );
    }
    let mut tasks: Vec<Task> = outputs.into_iter().flat_map(|output| tasks_of(g, output)).collect();
    merge(g, &mut tasks);
    // A pattern has no use for values.
    if !request.pattern {
        let values: Vec<Expr> = tasks.iter().map(|task| task.action.value()).collect();
        let expanded = if request.as_written { expand_sums(g, &values) } else { expand(g, &values) };
        for (task, value) in tasks.iter_mut().zip(simplify(g, &expanded)) {
            *task.action.value_mut() = value;
        }
    }
    if request.sparse || request.pattern {
        slots::assign(g, tasks, request.pattern)
    } else {
        (tasks, Vec::new())
    }
}

/// What a kernel puts out.
pub(super) enum Output {
    Value(Expr),
    Derivative(usize, Expr),
    Diagonal(SecondContribution),
    Gradient(Contribution),
    Hessian(SecondContribution),
}

/// The tasks of an output; none where it has no entry on or below the diagonal.
fn tasks_of(g: &mut Graph, output: Output) -> Vec<Task> {
    match output {
        Output::Value(value) => vec![Task { loops: Vec::new(), action: Action::Value(value) }],
        Output::Gradient(contribution) => {
            let mut parts = [contribution.leaf, contribution.value];
            differentiate::release(g, &mut parts, 1);
            let [leaf, value] = parts;
            vec![Task { loops: passes(g, &loops(g, &parts)), action: Action::Gradient(leaf, value) }]
        }
        Output::Derivative(order, value) => {
            vec![Task { loops: Vec::new(), action: Action::Derivative(order, value) }]
        }
        Output::Diagonal(contribution) => {
            let mut parts = [contribution.row, contribution.column, contribution.value];
            differentiate::release(g, &mut parts, 2);
            let [row, column, value] = parts;
            vec![Task { loops: passes(g, &loops(g, &parts)), action: Action::Diagonal(row, column, value) }]
        }
        Output::Hessian(contribution) => {
            let mut parts = [contribution.row, contribution.column, contribution.value];
            differentiate::release(g, &mut parts, 2);
            let [row, column, value] = parts;
            let passes = passes(g, &loops(g, &parts));
            match contribution.pairing {
                Pairing::Lower => lower(g, row, column, value, passes),
                Pairing::Symmetric => {
                    let (row, column, triangle) = symmetric(g, row, column);
                    vec![Task { loops: passes, action: Action::Hessian(row, column, triangle, value) }]
                }
            }
        }
    }
}

/// Adds up values that go to the same entry in the same loops, so that what they share is found.
fn merge(g: &mut Graph, tasks: &mut Vec<Task>) {
    type Target = (Expr, Expr, Triangle, Vec<Pass>);
    let mut first: HashMap<Target, usize> = HashMap::new();
    let mut terms: BTreeMap<usize, Vec<(Number, Expr)>> = BTreeMap::new();
    let mut gone = HashSet::new();
    for (at, task) in tasks.iter().enumerate() {
        let Action::Hessian(row, column, triangle, value) = task.action else { continue };
        let into = *first.entry((row, column, triangle, task.loops.clone())).or_insert(at);
        terms.entry(into).or_default().push((Number::ONE, value));
        if into != at {
            gone.insert(at);
        }
    }
    for (at, terms) in terms.into_iter().filter(|(_, terms)| terms.len() > 1) {
        *tasks[at].action.value_mut() = g.sum(&terms);
    }
    let mut at = 0;
    tasks.retain(|_| {
        at += 1;
        !gone.contains(&(at - 1))
    });
}

fn passes(g: &Graph, indices: &[Index]) -> Vec<Pass> {
    indices.iter().map(|&index| Pass { index, range: g.range(index).clone() }).collect()
}

/// Where a leaf's derivative goes.
pub(super) fn place(g: &Graph, leaf: Expr) -> Option<Place> {
    match g.node(leaf) {
        Node::Leaf(array, subscripts) => Some(Place { array: *array, subscripts: subscripts.to_vec() }),
        _ => None,
    }
}

/// Keeps the lower triangle of a contribution whose loops reach both: where the first differing subscripts are
/// plain indices, by a narrower loop below the diagonal and one along it, by a test elsewhere.
fn lower(g: &mut Graph, row: Expr, column: Expr, value: Expr, mut passes: Vec<Pass>) -> Vec<Task> {
    let task =
        |passes, triangle| Task { loops: passes, action: Action::Hessian(row, column, triangle, value) };
    let (Some(r), Some(c)) = (place(g, row), place(g, column)) else { return Vec::new() };
    let pairs: Vec<_> = r.subscripts.iter().zip(&c.subscripts).collect();
    let Some(first) = pairs.iter().position(|(r, c)| r != c) else {
        return vec![task(passes, Triangle::Below)];
    };
    let (Subscript::Affine(r), Subscript::Affine(c)) = pairs[first] else {
        return vec![task(passes, Triangle::Guarded)];
    };
    if let Some(difference) = r.sub(c).as_constant() {
        return if difference > 0 { vec![task(passes, Triangle::Below)] } else { Vec::new() };
    }
    let position = |a: &Affine| a.as_index().and_then(|i| passes.iter().position(|pass| pass.index == i));
    let (Some(at_row), Some(at_column)) = (position(r), position(c)) else {
        return vec![task(passes, Triangle::Guarded)];
    };
    if passes[at_row].range != passes[at_column].range {
        return vec![task(passes, Triangle::Guarded)];
    }
    let is_last = first + 1 == pairs.len();
    let (outer, inner) = (at_row.min(at_column), at_row.max(at_column));
    let (kept, renamed) = (passes[outer].index, passes[inner].index);
    let is_mentioned = passes.iter().any(|pass| {
        pass.range.indices().any(|index| index == renamed)
            || g.range(pass.index).indices().any(|i| i == renamed)
    });
    if !is_last && is_mentioned {
        return vec![task(passes, Triangle::Guarded)];
    }
    let mut along = passes.clone();
    if at_row < at_column {
        passes[at_column].range.hi = if is_last { r.add(&Affine::constant(1)) } else { r.clone() };
    } else {
        passes[at_row].range.lo = if is_last { c.clone() } else { c.add(&Affine::constant(1)) };
    }
    let mut tasks = vec![task(passes, Triangle::Below)];
    if !is_last {
        // Along the diagonal of this axis the later axes decide.
        along.remove(inner);
        let [row, column, value] = [row, column, value].map(|e| g.substitute(e, &[(renamed, kept)]));
        tasks.extend(lower(g, row, column, value, along));
    }
    tasks
}

/// Orders a contribution that stands for its mirror image too, where the order is known beforehand.
fn symmetric(g: &Graph, row: Expr, column: Expr) -> (Expr, Expr, Triangle) {
    let (Some(r), Some(c)) = (place(g, row), place(g, column)) else {
        return (row, column, Triangle::Mirrored);
    };
    if r.array != c.array {
        // Later arrays have later rows.
        return if r.array > c.array {
            (row, column, Triangle::Below)
        } else {
            (column, row, Triangle::Below)
        };
    }
    for (r, c) in r.subscripts.iter().zip(&c.subscripts) {
        if r == c {
            continue;
        }
        if let (Subscript::Affine(r), Subscript::Affine(c)) = (r, c)
            && let Some(difference) = r.sub(c).as_constant()
        {
            return if difference > 0 {
                (row, column, Triangle::Below)
            } else {
                (column, row, Triangle::Below)
            };
        }
        if is_below(g, c, r) {
            return (row, column, Triangle::Below);
        }
        if is_below(g, r, c) {
            return (column, row, Triangle::Below);
        }
        break;
    }
    let is_apart = r.subscripts.iter().zip(&c.subscripts).any(|(r, c)| {
        let difference = r.as_affine().zip(c.as_affine()).map(|(r, c)| r.sub(c).as_constant());
        difference.flatten().is_some_and(|difference| difference != 0)
    });
    (row, column, if is_apart { Triangle::Beside } else { Triangle::Mirrored })
}

/// Whether a subscript is an index whose range ends below another subscript, as j does in `j in 0..i`.
fn is_below(g: &Graph, low: &Subscript, high: &Subscript) -> bool {
    let (Some(low), Some(high)) = (low.as_affine(), high.as_affine()) else { return false };
    low.as_index()
        .and_then(|index| g.range(index).hi.sub(high).as_constant())
        .is_some_and(|excess| excess <= 0)
}
