//! Renaming of indices and rebuilding of expressions.

use std::collections::HashMap;

use super::{Affine, Condition, Expr, Graph, Index, Node, Range, Slot};

impl Graph {
    /// The expression with free indices renamed; indices whose ranges mention a renamed one follow.
    ///
    /// No new name may be bound inside `expr` above a use of the old one: the caller picks fresh names.
    pub fn substitute(&mut self, expr: Expr, map: &[(Index, Index)]) -> Expr {
        let map: HashMap<Index, Index> = map.iter().copied().filter(|(from, to)| from != to).collect();
        self.rename(expr, map)
    }

    /// A name for `index` that no binder uses: the `counter`-th of its nesting height. Its range is that of
    /// `index` with the indices in `map` renamed, so outer indices are to be renamed first.
    pub(crate) fn fixed_index(&mut self, index: Index, counter: u32, map: &[(Index, Index)]) -> Index {
        let height = match self.index_data(index).slot {
            Slot::Bound(height) | Slot::Fixed(height, _) => height,
            Slot::Free(_) => u32::MAX,
        };
        self.named_index(index, Slot::Fixed(height, counter), map)
    }

    /// The index called `slot` over the range of `index`, with the indices in `map` renamed.
    pub(crate) fn named_index(&mut self, index: Index, slot: Slot, map: &[(Index, Index)]) -> Index {
        let rename = |i: Index| map.iter().find(|(from, _)| *from == i).map_or(i, |(_, to)| *to);
        let range = self.range(index).clone();
        let range = Range { lo: range.lo.map_indices(rename), hi: range.hi.map_indices(rename) };
        self.intern_index(range, slot)
    }

    fn rename(&mut self, root: Expr, mut map: HashMap<Index, Index>) -> Expr {
        let touched =
            |g: &Graph, e: Expr, map: &HashMap<Index, Index>| g.free(e).iter().any(|i| map.contains_key(i));
        if map.is_empty() || !touched(self, root, &map) {
            return root;
        }
        let mut renamed: HashMap<Expr, Expr> = HashMap::new();
        for expr in self.reachable(&[root], |g, e| touched(g, e, &map) && !shadows(g, e, &map)) {
            if !touched(self, expr, &map) {
                renamed.insert(expr, expr);
                continue;
            }
            let new = match self.node(expr).clone() {
                Node::Reduce(kind, index, body) if map.contains_key(&index) => {
                    // The binder hides the outer index of the same name.
                    let mut inner = map.clone();
                    inner.remove(&index);
                    let range_index = self.map_index(index, &mut inner);
                    let body = self.rename(body, inner);
                    self.reduce(kind, range_index, body)
                }
                Node::Reduce(kind, index, body) => {
                    let index = self.map_index(index, &mut map);
                    let body = renamed.get(&body).copied().unwrap_or(body);
                    self.reduce(kind, index, body)
                }
                Node::Leaf(array, subscripts) => {
                    let subscripts: Vec<_> = subscripts
                        .iter()
                        .map(|s| s.map_indices(&mut |index| self.map_index(index, &mut map)))
                        .collect();
                    self.leaf(array, &subscripts)
                }
                Node::IndexValue(symbol) => {
                    let affine = Affine::from(symbol).map_indices(|index| self.map_index(index, &mut map));
                    self.index_value(&affine)
                }
                // Groups of factors stay groups.
                Node::Product(factors) => {
                    let factors: Vec<_> =
                        factors.iter().map(|(e, p)| (renamed.get(e).copied().unwrap_or(*e), *p)).collect();
                    self.group(&factors)
                }
                _ => self.rebuild(expr, |_, arg| renamed.get(&arg).copied().unwrap_or(arg)),
            };
            renamed.insert(expr, new);
        }
        renamed.get(&root).copied().unwrap_or(root)
    }

    /// The node made anew from mapped arguments; reductions keep their index.
    pub fn rebuild(&mut self, expr: Expr, mut map: impl FnMut(&mut Graph, Expr) -> Expr) -> Expr {
        match self.node(expr).clone() {
            Node::Number(_) | Node::Leaf(..) | Node::IndexValue(_) => expr,
            Node::Sum(terms) => {
                let terms: Vec<_> = terms.iter().map(|&(c, e)| (c, map(self, e))).collect();
                self.sum(&terms)
            }
            Node::Product(factors) => {
                let factors: Vec<_> = factors.iter().map(|&(e, p)| (map(self, e), p)).collect();
                self.product(&factors)
            }
            Node::Apply(function, args) => {
                let args: Vec<_> = args.iter().map(|&a| map(self, a)).collect();
                self.apply(function, &args)
            }
            Node::Select(c, a, b) => {
                let (c, a, b) = (map(self, c.0), map(self, a), map(self, b));
                self.select(Condition(c), a, b)
            }
            Node::Reduce(kind, index, body) => {
                let body = map(self, body);
                self.reduce(kind, index, body)
            }
            Node::Compare(comparison, a, b) => {
                let (a, b) = (map(self, a), map(self, b));
                self.compare(comparison, a, b).0
            }
            Node::And(a, b) => {
                let (a, b) = (Condition(map(self, a.0)), Condition(map(self, b.0)));
                self.and(a, b).0
            }
            Node::Or(a, b) => {
                let (a, b) = (Condition(map(self, a.0)), Condition(map(self, b.0)));
                self.or(a, b).0
            }
            Node::Not(a) => {
                let a = Condition(map(self, a.0));
                self.not(a).0
            }
        }
    }

    fn map_index(&mut self, index: Index, map: &mut HashMap<Index, Index>) -> Index {
        if let Some(&new) = map.get(&index) {
            return new;
        }
        let data = self.index_data(index).clone();
        if data.range.indices().next().is_none() {
            return index;
        }
        let mut range = data.range;
        range.lo = range.lo.map_indices(|i| self.map_index(i, map));
        range.hi = range.hi.map_indices(|i| self.map_index(i, map));
        let new = self.intern_index(range, data.slot);
        if new != index {
            map.insert(index, new);
        }
        new
    }
}

fn shadows(graph: &Graph, expr: Expr, map: &HashMap<Index, Index>) -> bool {
    matches!(graph.node(expr), Node::Reduce(_, index, _) if map.contains_key(index))
}
