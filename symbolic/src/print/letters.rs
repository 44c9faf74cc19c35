//! Letters for indices: one for each range, as people do, and others only where two are seen at once.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::graph::{Expr, Graph, Index, Node, Range};

/// In this order ranges get their letter.
const LETTERS: [&str; 10] = ["i", "j", "k", "l", "m", "p", "q", "r", "s", "t"];

/// What is printed, and how it falls into parts.
pub(super) struct Parts<'a> {
    /// Every node, arguments first.
    pub(super) order: &'a [Expr],
    /// Expressions that are read together, such as an entry of the gradient and its formula.
    pub(super) groups: &'a [Vec<Expr>],
    /// Nodes that are defined in a line of their own.
    pub(super) named: &'a HashSet<Expr>,
}

/// Names for all indices.
///
/// Ranges get letters in the order in which the groups name them, outermost first. No index hides another.
pub(super) fn letters(
    g: &Graph,
    parts: &Parts<'_>,
    free: &[(Index, String)],
    taken: &BTreeSet<String>,
) -> HashMap<Index, String> {
    let meetings = meetings(g, parts);
    let mut names: HashMap<Index, String> = free.iter().cloned().collect();
    let indices = indices(g, parts.groups);
    let mut homes: Vec<&Range> = Vec::new();
    for &index in &indices {
        if !homes.contains(&g.range(index)) {
            homes.push(g.range(index));
        }
    }
    for &index in &indices {
        if names.contains_key(&index) {
            continue;
        }
        let home = homes.iter().position(|range| *range == g.range(index)).unwrap_or(0);
        let own = LETTERS.get(home).into_iter();
        let beyond = LETTERS.iter().skip(homes.len().max(home + 1));
        let plain = own.chain(beyond).chain(&LETTERS).map(|&letter| letter.to_owned());
        let numbered = (1..).map(|n| format!("i{n}"));
        let is_met = |name: &String| {
            meetings.get(&index).is_some_and(|met| met.iter().any(|other| names.get(other) == Some(name)))
        };
        // The names are endless, the indices are not.
        let name = plain.chain(numbered).find(|name| !taken.contains(name) && !is_met(name));
        names.insert(index, name.unwrap_or_default());
    }
    names
}

/// All indices, outer ones first, those of earlier groups before those of later ones.
fn indices(g: &Graph, groups: &[Vec<Expr>]) -> Vec<Index> {
    let mut all: Vec<Index> = Vec::new();
    let mut seen: BTreeSet<Index> = BTreeSet::new();
    let mut visited: BTreeSet<Expr> = BTreeSet::new();
    for group in groups {
        let mut own: Vec<Index> = Vec::new();
        for &root in group {
            own.extend(g.free(root));
        }
        g.sort_by_nesting(&mut own);
        let mut bound: Vec<Index> = Vec::new();
        for expr in g.reachable(group, |_, e| !visited.contains(&e)) {
            if let Node::Reduce(_, index, _) = g.node(expr) {
                bound.push(*index);
            }
            bound.extend(g.free(expr));
            visited.insert(expr);
        }
        g.sort_by_nesting(&mut bound);
        all.extend(own.into_iter().chain(bound).filter(|index| seen.insert(*index)));
    }
    all
}

/// For each index those that have a meaning where it has one, in one line.
fn meetings(g: &Graph, parts: &Parts<'_>) -> HashMap<Index, BTreeSet<Index>> {
    let mut scopes: HashMap<Expr, BTreeSet<Index>> = HashMap::new();
    for group in parts.groups {
        let all: BTreeSet<Index> = group.iter().flat_map(|&root| g.free(root)).copied().collect();
        for &root in group {
            scopes.entry(root).or_default().extend(&all);
        }
    }
    let mut sets: BTreeSet<BTreeSet<Index>> = scopes.values().cloned().collect();
    for &expr in parts.order.iter().rev() {
        let own: BTreeSet<Index> = g.free(expr).iter().copied().collect();
        let mut scope = match scopes.remove(&expr) {
            // A definition knows nothing of where it is used.
            Some(scope) if !parts.named.contains(&expr) => scope.union(&own).copied().collect(),
            _ => own,
        };
        if let Node::Reduce(_, index, _) = g.node(expr) {
            scope.insert(*index);
        }
        g.node(expr).for_each_arg(|arg| scopes.entry(arg).or_default().extend(&scope));
        sets.insert(scope);
    }
    let mut meetings: HashMap<Index, BTreeSet<Index>> = HashMap::new();
    for set in sets {
        for &index in &set {
            meetings.entry(index).or_default().extend(set.iter().copied().filter(|other| *other != index));
        }
    }
    meetings
}
