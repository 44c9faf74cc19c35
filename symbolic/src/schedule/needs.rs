//! Planning of one block: which reductions and local arrays its tasks need, and in which order.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::block::Scheduler;
use super::kernel::{Slot, Table};
use super::task::{Action, Pass, Task};
use crate::functions::Function;
use crate::graph::{Affine, Expr, Index, Node, Range, ReduceKind, Slot as Name};

/// Something that must be complete before a task can run.
#[derive(Clone, Debug)]
pub(super) enum Need {
    /// A reduction, in an accumulator.
    Scalar { reduce: Expr, slot: Slot, kind: ReduceKind },
    /// An expression for all positions of some indices, in a local array.
    Table { pattern: Expr, table: Table, accumulated: bool },
}

/// Tasks that may run side by side; then the needs they fulfil are known.
pub(super) struct Level {
    pub(super) tasks: Vec<Task>,
    pub(super) needs: Vec<Need>,
}

/// What a need is known by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Key {
    Scalar(Expr),
    Table(Expr),
}

/// A task of the block with the needs it waits for.
struct Item {
    task: Task,
    fulfils: Option<(Key, Need)>,
    waits: BTreeSet<Key>,
}

/// An expression that could be a local array, but is computed where it is used.
struct Passed {
    key: Key,
    rest: Vec<Index>,
    /// Whether it is computed for all positions of the array.
    is_whole: bool,
}

/// The counter from which indices of local arrays are named, by depth of their block.
const TABLE_NAMES: u32 = 1 << 16;
/// So many additions and multiplications are worth a local array of fixed length.
const ARITHMETIC: u32 = 3;
/// A power counts at most so many multiplications.
const MOST: u64 = 64;
/// A local array has at most this many axes.
const TABLE_AXES: usize = 32;

impl Scheduler<'_> {
    /// Arranges tasks in levels: everything a level waits for is fulfilled by an earlier one.
    pub(super) fn plan(&mut self, tasks: Vec<Task>) -> Vec<Level> {
        let mut items: Vec<Item> =
            tasks.into_iter().map(|task| Item { task, fulfils: None, waits: BTreeSet::new() }).collect();
        // A new local array may serve tasks already seen, so look again until nothing new is needed.
        loop {
            let known: BTreeSet<Key> =
                items.iter().filter_map(|i| i.fulfils.as_ref()).map(|f| f.0.clone()).collect();
            let mut found: Vec<(Key, Vec<Index>)> = Vec::new();
            let mut inside: Vec<Vec<Passed>> = Vec::with_capacity(items.len());
            for item in &mut items {
                let mut passed = Vec::new();
                item.waits = self.waits(item, &known, &mut found, &mut passed);
                inside.push(passed);
            }
            if found.is_empty() {
                found.extend(repeated(&items, &inside));
            }
            if found.is_empty() {
                break;
            }
            for (key, rest) in found {
                let item = self.item(key, &rest);
                items.push(item);
            }
        }
        into_levels(items)
    }

    /// The needs of one item; those not yet `known` are also put into `found`. What could be a local array too, but
    /// is computed in place, is put into `inside`, users before their parts.
    fn waits(
        &mut self,
        item: &Item,
        known: &BTreeSet<Key>,
        found: &mut Vec<(Key, Vec<Index>)>,
        inside: &mut Vec<Passed>,
    ) -> BTreeSet<Key> {
        let scope: Vec<Index> = self.open.iter().filter_map(|block| block.index).collect();
        let mut context = scope.clone();
        context.extend(item.task.loops.iter().map(|pass| pass.index));
        let mut waits = BTreeSet::new();
        let mut seen: HashSet<(Expr, Vec<Index>)> = HashSet::new();
        let root = item.task.action.value();
        let mut pending = vec![(root, context)];
        // An array does not wait for itself.
        let own = match &item.fulfils {
            Some((Key::Table(pattern), _)) => Some(*pattern),
            _ => None,
        };
        while let Some((expr, context)) = pending.pop() {
            // Without loops in it or around it, nothing in it waits.
            if self.graph.binders(expr) == 0 && self.graph.free(expr).iter().all(|i| scope.contains(i)) {
                continue;
            }
            if self.known(expr).is_some() || !self.is_heavy(expr) || !seen.insert((expr, context.clone())) {
                continue;
            }
            let rest: Vec<Index> =
                self.graph.free(expr).iter().copied().filter(|i| !scope.contains(i)).collect();
            let node = self.graph.node(expr).clone();
            if let Node::Reduce(..) = node
                && rest.is_empty()
            {
                if self.find_table(expr).is_some() {
                    continue;
                }
                let key = Key::Scalar(expr);
                if !known.contains(&key) && !found.iter().any(|(k, _)| *k == key) {
                    found.push((key.clone(), Vec::new()));
                }
                waits.insert(key);
                continue;
            }
            if !rest.is_empty()
                && own != Some(expr)
                && self.is_worthy(expr)
                && self.find_table(expr).is_none()
            {
                let key = Key::Table(self.pattern(expr, self.open.len() - 1));
                let is_found = found.iter().any(|(k, _)| *k == key);
                let is_wanted = known.contains(&key)
                    || self.is_tabulable(&rest)
                        && (is_found || self.wants_table(expr, &rest, &scope, &context));
                if is_wanted {
                    if !known.contains(&key) && !is_found {
                        found.push((key.clone(), rest));
                    }
                    waits.insert(key);
                    continue;
                }
                let is_short = rest.iter().all(|&index| self.whole(index).is_some());
                if self.is_costly(expr) && is_short && rest.len() <= TABLE_AXES {
                    inside.push(Passed { key, is_whole: self.is_tabulable(&rest), rest });
                }
            } else if self.find_table(expr).is_some() {
                continue;
            }
            match node {
                Node::Reduce(_, index, body) => {
                    let free = self.graph.free(expr);
                    let depth = context.iter().rposition(|i| free.contains(i)).map_or(0, |at| at + 1);
                    let mut inner = context[..depth.max(scope.len())].to_vec();
                    inner.push(index);
                    pending.push((body, inner));
                }
                node => node.for_each_arg(|arg| pending.push((arg, context.clone()))),
            }
        }
        waits
    }

    /// Whether computing `expr` where its deepest index lives would repeat the work.
    fn wants_table(&mut self, expr: Expr, rest: &[Index], scope: &[Index], context: &[Index]) -> bool {
        let next = &context[scope.len().min(context.len())..];
        let is_prefix = next.len() >= rest.len() && next[..rest.len()].iter().all(|i| rest.contains(i));
        let belongs_deeper = next.first().is_some_and(|first| rest.contains(first));
        (!is_prefix && !belongs_deeper) || self.shares_body(expr, rest, scope)
    }

    /// Whether a sum has costly parts that do not depend on `rest`, so that its loop belongs outside.
    ///
    /// Over a short range such parts become a local array instead.
    fn shares_body(&mut self, expr: Expr, rest: &[Index], scope: &[Index]) -> bool {
        let Node::Reduce(ReduceKind::Sum, index, body) = *self.graph.node(expr) else { return false };
        if self.graph.range(index).length().as_constant().is_some() {
            return false;
        }
        self.graph.reachable(&[body], |_, _| true).into_iter().any(|part| {
            let is_costly = self.weight(part).1 && !matches!(self.graph.node(part), Node::Sum(_));
            let free = self.graph.free(part);
            free.contains(&index)
                && is_costly
                && free.iter().all(|i| !rest.contains(i) && (scope.contains(i) || *i == index))
        })
    }

    /// Whether the ranges of all indices are known before any loop opens.
    fn is_tabulable(&self, rest: &[Index]) -> bool {
        rest.len() <= TABLE_AXES
            && rest.iter().all(|&index| {
                let range = self.graph.range(index);
                range.lo.as_constant().is_some() && range.indices().next().is_none()
            })
    }

    /// The task that fulfils a need, and the slot or array it goes to.
    fn item(&mut self, key: Key, rest: &[Index]) -> Item {
        let depth = self.open.len() - 1;
        let (task, need) = match key {
            Key::Scalar(reduce) => {
                let Node::Reduce(kind, index, body) = *self.graph.node(reduce) else {
                    // Only reductions are ever made scalar needs.
                    let slot = self.slot(depth);
                    let action = Action::Accumulate(slot, ReduceKind::Sum, reduce);
                    let need = Need::Scalar { reduce, slot, kind: ReduceKind::Sum };
                    return Item {
                        task: Task { loops: Vec::new(), action },
                        fulfils: Some((key, need)),
                        waits: BTreeSet::new(),
                    };
                };
                let slot = self.slot(depth);
                let task =
                    Task { loops: vec![self.pass(index)], action: Action::Accumulate(slot, kind, body) };
                (task, Need::Scalar { reduce, slot, kind })
            }
            Key::Table(pattern) => {
                let scope: Vec<Index> = self.open.iter().filter_map(|block| block.index).collect();
                let shared = {
                    let rest: Vec<Index> =
                        self.graph.free(pattern).iter().copied().filter(|i| !scope.contains(i)).collect();
                    self.shares_body(pattern, &rest, &scope)
                };
                let names: Vec<Index> = self.names(rest, depth).into_iter().map(|(_, name)| name).collect();
                let shape = names.iter().map(|&name| self.graph.range(name).length()).collect();
                let at: Vec<Affine> = names.iter().map(|&name| self.offset(name, name)).collect();
                let table = self.table(shape);
                let mut loops: Vec<Pass> = names.iter().map(|&name| self.pass(name)).collect();
                let action = match *self.graph.node(pattern) {
                    Node::Reduce(ReduceKind::Sum, index, body) if shared => {
                        loops.insert(0, self.pass(index));
                        Action::Add(table, at, body)
                    }
                    _ => Action::Store(table, at, pattern),
                };
                (Task { loops, action }, Need::Table { pattern, table, accumulated: shared })
            }
        };
        Item { task, fulfils: Some((key, need)), waits: BTreeSet::new() }
    }

    fn pass(&self, index: Index) -> Pass {
        Pass { index, range: self.graph.range(index).clone() }
    }

    /// The local array that holds an expression, and where in it.
    pub(super) fn find_table(&mut self, expr: Expr) -> Option<(Table, Vec<Affine>)> {
        if self.graph.free(expr).is_empty() || !self.is_worthy(expr) {
            return None;
        }
        for depth in 0..self.open.len() {
            if self.open[depth].tables.is_empty() {
                continue;
            }
            let pattern = self.pattern(expr, depth);
            if let Some(&table) = self.open[depth].tables.get(&pattern) {
                let rest = self.rest(expr, depth);
                let at = self
                    .names(&rest, depth)
                    .into_iter()
                    .map(|(index, name)| self.offset(index, name))
                    .collect();
                return Some((table, at));
            }
        }
        None
    }

    /// The expression with the indices that are not open at `depth` renumbered.
    fn pattern(&mut self, expr: Expr, depth: usize) -> Expr {
        let rest = self.rest(expr, depth);
        let asked = (expr, self.names(&rest, depth));
        if let Some(&pattern) = self.patterns.get(&asked) {
            return pattern;
        }
        let pattern = self.graph.substitute(expr, &asked.1);
        self.patterns.insert(asked, pattern);
        pattern
    }

    fn rest(&self, expr: Expr, depth: usize) -> Vec<Index> {
        let scope: Vec<Index> = self.open[..=depth].iter().filter_map(|block| block.index).collect();
        self.graph.free(expr).iter().copied().filter(|i| !scope.contains(i)).collect()
    }

    /// Names for the axes of a local array in a block, in nesting order of the indices they stand for.
    fn names(&mut self, rest: &[Index], depth: usize) -> Vec<(Index, Index)> {
        let mut rest = rest.to_vec();
        self.graph.sort_by_nesting(&mut rest);
        let mut names = Vec::with_capacity(rest.len());
        for (axis, &index) in rest.iter().enumerate() {
            // Where k runs up to j, the array is that of all k: loops up to j, to j + 1 and to the end share it.
            let range = self.whole(index).unwrap_or_else(|| self.graph.range(index).clone());
            let counter = TABLE_NAMES + (depth * TABLE_AXES + axis) as u32;
            names.push((index, self.graph.intern_index(range, Name::Fixed(0, counter))));
        }
        names
    }

    /// The range of an index over all positions of outer indices, if its bounds are constants then.
    fn whole(&self, index: Index) -> Option<Range> {
        let range = self.graph.range(index);
        let mut hi = range.hi.clone();
        // Ranges mention outer indices only, so this ends.
        for outer in range.hi.indices() {
            let coefficient = hi.coefficient(outer);
            let last = self.whole(outer)?.hi.sub(&Affine::constant(1));
            if coefficient < 0 {
                return None;
            }
            hi = hi.add(&last.sub(&Affine::index(outer)).scale(coefficient));
        }
        (range.lo.as_constant().is_some() && hi.as_constant().is_some())
            .then(|| Range { lo: range.lo.clone(), hi })
    }

    fn offset(&self, index: Index, name: Index) -> Affine {
        Affine::index(index).sub(&self.graph.range(name).lo)
    }

    /// Whether an expression is worth a local array that spares computing it in a second loop.
    fn is_costly(&mut self, expr: Expr) -> bool {
        self.weight(expr).1
    }

    /// Whether an expression costs more than reading it from a local array.
    fn is_worthy(&mut self, expr: Expr) -> bool {
        use Function::{Abs, Ceil, Floor, Max, Min, Round, Sign, Trunc};
        match self.graph.node(expr) {
            Node::Reduce(..) => true,
            Node::Apply(Abs | Ceil | Floor | Max | Min | Round | Sign | Trunc, _) => false,
            Node::Apply(..) => true,
            Node::Product(factors)
                if factors.iter().any(|(_, p)| p.is_negative() || p.to_integer().is_none()) =>
            {
                true
            }
            Node::Sum(_) | Node::Product(_) => self.weight(expr).0 >= ARITHMETIC && self.is_short(expr),
            _ => false,
        }
    }

    /// Whether a local array of the expression would have a length known beforehand.
    fn is_short(&self, expr: Expr) -> bool {
        let scope: Vec<Index> = self.open.iter().filter_map(|block| block.index).collect();
        let rest = self.graph.free(expr).iter().filter(|i| !scope.contains(i));
        rest.into_iter().all(|&index| self.graph.range(index).length().as_constant().is_some())
    }

    fn is_heavy(&mut self, expr: Expr) -> bool {
        let (arithmetic, has_more) = self.weight(expr);
        has_more || arithmetic >= ARITHMETIC
    }

    /// The operations below an expression, up to a bound per power, and whether functions, divisions or reductions are among them.
    fn weight(&mut self, expr: Expr) -> (u32, bool) {
        for at in self.weights.len()..=expr.0 as usize {
            let node = self.graph.node(Expr(at as u32));
            let (own, has_more) = match node {
                Node::Sum(terms) => (terms.len() as u32 - 1, false),
                Node::Product(factors) => (
                    factors
                        .iter()
                        .map(|(_, p)| p.to_integer().map_or(2, |k| k.unsigned_abs().min(MOST) as u32))
                        .fold(0, u32::saturating_add)
                        .saturating_sub(1),
                    factors.iter().any(|(_, p)| p.is_negative() || p.to_integer().is_none()),
                ),
                Node::Apply(..) | Node::Reduce(..) => (1, true),
                _ => (0, false),
            };
            let (mut arithmetic, mut heavy) = (own, has_more);
            node.for_each_arg(|arg| {
                let (below, more) = self.weights[arg.0 as usize];
                arithmetic = arithmetic.saturating_add(below);
                heavy |= more;
            });
            self.weights.push((arithmetic, heavy));
        }
        self.weights[expr.0 as usize]
    }
}

/// What several loops would compute again, a user before its parts: loops at different levels, or over different ranges,
/// one of which is all of it.
fn repeated(items: &[Item], inside: &[Vec<Passed>]) -> Option<(Key, Vec<Index>)> {
    let levels = levels(items);
    let mut first: BTreeMap<&Key, (usize, Option<&Range>)> = BTreeMap::new();
    let mut again: BTreeSet<&Key> = BTreeSet::new();
    for (at, passed) in inside.iter().enumerate() {
        let range = items[at].task.loops.first().map(|pass| &pass.range);
        for Passed { key, .. } in passed {
            if *first.entry(key).or_insert((levels[at], range)) != (levels[at], range) {
                again.insert(key);
            }
        }
    }
    let found = inside.iter().flatten().find(|passed| passed.is_whole && again.contains(&passed.key));
    found.map(|passed| (passed.key.clone(), passed.rest.clone()))
}

fn into_levels(items: Vec<Item>) -> Vec<Level> {
    let placed = levels(&items);
    let count = placed.iter().max().map_or(0, |last| last + 1);
    let mut levels: Vec<Level> = (0..count).map(|_| Level { tasks: Vec::new(), needs: Vec::new() }).collect();
    for (item, level) in items.into_iter().zip(placed) {
        let level = &mut levels[level];
        level.tasks.push(item.task);
        level.needs.extend(item.fulfils.map(|(_, need)| need));
    }
    levels
}

/// The level of each item: above all it waits for; loops over one range of run-time length share a level where they
/// can, so that its rows are gone through once.
fn levels(items: &[Item]) -> Vec<usize> {
    let makers: BTreeMap<&Key, usize> = items
        .iter()
        .enumerate()
        .filter_map(|(at, item)| item.fulfils.as_ref().map(|fulfilled| (&fulfilled.0, at)))
        .collect();
    let before: Vec<Vec<usize>> = items
        .iter()
        .map(|item| item.waits.iter().filter_map(|key| makers.get(key).copied()).collect())
        .collect();
    let mut classes: Vec<Vec<usize>> = Vec::new();
    // Needs nest strictly, so the first levels exist.
    let mut levels = settle(&before, &classes).unwrap_or_else(|| vec![0; items.len()]);
    let mut ranges: Vec<&Range> = Vec::new();
    for range in items.iter().filter_map(|item| Some(&item.task.loops.first()?.range)) {
        if range.length().as_constant().is_none() && !ranges.contains(&range) {
            ranges.push(range);
        }
    }
    for range in ranges {
        let is_member = |at: usize| items[at].task.loops.first().is_some_and(|pass| pass.range == *range);
        let added = classes.len();
        for (at, passed) in crossings(&before, &levels, is_member).into_iter().enumerate() {
            if is_member(at) {
                classes.resize_with(classes.len().max(added + passed + 1), Vec::new);
                classes[added + passed].push(at);
            }
        }
        match settle(&before, &classes) {
            Some(settled) => levels = settled,
            None => classes.truncate(added),
        }
    }
    levels
}

/// How many members of a class every item has to wait for, one after another.
fn crossings(before: &[Vec<usize>], levels: &[usize], is_member: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..before.len()).collect();
    order.sort_by_key(|&at| levels[at]);
    let mut passed = vec![0; before.len()];
    for at in order {
        passed[at] = before[at].iter().map(|&b| passed[b] + usize::from(is_member(b))).max().unwrap_or(0);
    }
    passed
}

/// The lowest levels above all that items wait for, the same for all members of a class; none where classes wait
/// for each other.
fn settle(before: &[Vec<usize>], classes: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut levels = vec![0; before.len()];
    for _ in 0..=2 * before.len() {
        let old = levels.clone();
        for (at, waits) in before.iter().enumerate() {
            levels[at] = waits.iter().map(|&b| levels[b] + 1).max().unwrap_or(0).max(levels[at]);
        }
        for class in classes {
            let highest = class.iter().map(|&at| levels[at]).max().unwrap_or(0);
            class.iter().for_each(|&at| levels[at] = highest);
        }
        if levels == old {
            return Some(levels);
        }
    }
    None
}
