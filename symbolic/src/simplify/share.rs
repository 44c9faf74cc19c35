//! Parts that several sums or products have in common are computed once.
//!
//! The operands of a sum or product fall into groups by free indices: what one loop combines. Groups of all nodes
//! are searched together for the pair of operands that most of them have; it becomes an operand of its own,
//! until no pair occurs twice (Hosangadi, Fallah and Kastner 2006 call this two-term extraction).

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::instances::Instances;
use crate::graph::{Expr, Graph, Index, Node, Number};

/// Groups of more operands are not searched: they have quadratically many pairs.
const LARGEST: usize = 48;

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Kind {
    Sum,
    Product,
}

/// An operand by its place among the items, with its coefficient or exponent.
type Token = (usize, Number);

/// Two operands in order of their places.
type Pair = (Kind, Token, Token);

#[derive(Clone, Copy)]
enum Item {
    /// A base.
    Operand(Expr),
    Pair(Pair),
}

/// The operands of one node that have the same free indices.
struct Group {
    kind: Kind,
    tokens: Vec<Token>,
}

#[derive(Default)]
struct Sharing {
    items: Vec<Item>,
    places: HashMap<Expr, usize>,
    groups: Vec<Group>,
    known: HashMap<(Kind, Vec<Token>), usize>,
    /// What pairs became.
    built: HashMap<usize, Expr>,
}

/// The pairs of all groups, by how many groups have them.
#[derive(Default)]
struct Pairs {
    numbers: HashMap<Pair, usize>,
    list: Vec<(Pair, usize, Vec<usize>)>,
    heap: BinaryHeap<(usize, Reverse<usize>)>,
}

pub(super) fn share(g: &mut Graph, values: &[Expr]) -> Vec<Expr> {
    let mut instances = Instances::default();
    let mut sharing = Sharing::default();
    let order = instances.order(g, values);
    let mut parts_of: HashMap<Expr, Vec<Part>> = HashMap::new();
    for &base in &order {
        if let Some(parts) = sharing.divide(g, base) {
            parts_of.insert(base, parts);
        }
    }
    sharing.extract();
    for base in order {
        let new = match parts_of.remove(&base) {
            Some(parts) => sharing.assemble(g, &mut instances, base, &parts),
            None => instances.rebuild(g, base),
        };
        instances.rewrite(base, new);
    }
    values.iter().map(|&value| instances.new_of(g, value)).collect()
}

/// One operand of a node, or a group of them with the names of its indices.
enum Part {
    Single(Expr, Number),
    Group(usize, Vec<(Index, Index)>),
}

impl Sharing {
    /// The parts of a sum or product of several operands.
    fn divide(&mut self, g: &mut Graph, base: Expr) -> Option<Vec<Part>> {
        let (kind, operands): (Kind, Vec<(Expr, Number)>) = match g.node(base) {
            Node::Sum(terms) => (Kind::Sum, terms.iter().map(|&(c, e)| (e, c)).collect()),
            Node::Product(factors) => (Kind::Product, factors.to_vec()),
            _ => return None,
        };
        if operands.len() < 2 {
            return None;
        }
        let mut alike: Vec<Vec<(Expr, Number)>> = Vec::new();
        let mut at: HashMap<Vec<Index>, usize> = HashMap::new();
        for operand in operands {
            let free = g.free(operand.0).to_vec();
            let at = *at.entry(free).or_insert(alike.len());
            if at == alike.len() {
                alike.push(Vec::new());
            }
            alike[at].push(operand);
        }
        let mut parts = Vec::new();
        for operands in alike {
            let names = g.first_names(operands[0].0);
            if operands.len() < 2 || operands.len() > LARGEST || !g.are_plain(&names) {
                parts.extend(operands.into_iter().map(|(e, c)| Part::Single(e, c)));
                continue;
            }
            let mut tokens: Vec<Token> = Vec::with_capacity(operands.len());
            for (operand, weight) in operands {
                let operand = g.substitute(operand, &names);
                let place = *self.places.entry(operand).or_insert_with(|| {
                    self.items.push(Item::Operand(operand));
                    self.items.len() - 1
                });
                tokens.push((place, weight));
            }
            tokens.sort_unstable();
            let group = *self.known.entry((kind, tokens.clone())).or_insert_with(|| {
                self.groups.push(Group { kind, tokens });
                self.groups.len() - 1
            });
            parts.push(Part::Group(group, names));
        }
        Some(parts)
    }

    /// Makes items of the pairs that occur more than once, the most frequent first.
    fn extract(&mut self) {
        let mut pairs = Pairs::default();
        for (at, group) in self.groups.iter().enumerate() {
            for (i, &a) in group.tokens.iter().enumerate() {
                for &b in &group.tokens[i + 1..] {
                    pairs.add(normal(group.kind, a, b).0, at);
                }
            }
        }
        while let Some((pair, groups)) = pairs.next() {
            let item = self.items.len();
            self.items.push(Item::Pair(pair));
            for at in groups {
                let group = &mut self.groups[at];
                while let Some(([i, j], weight)) = find(group, pair) {
                    let (a, b) = (group.tokens[i], group.tokens[j]);
                    group.tokens.remove(i.max(j));
                    group.tokens.remove(i.min(j));
                    let new = (item, weight);
                    for &other in &group.tokens {
                        pairs.remove(normal(group.kind, a, other).0);
                        pairs.remove(normal(group.kind, b, other).0);
                        pairs.add(normal(group.kind, other, new).0, at);
                    }
                    group.tokens.push(new);
                }
            }
        }
    }

    fn assemble(&mut self, g: &mut Graph, instances: &mut Instances, base: Expr, parts: &[Part]) -> Expr {
        let kind = if matches!(g.node(base), Node::Sum(_)) { Kind::Sum } else { Kind::Product };
        let mut operands = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Part::Single(operand, weight) => operands.push((instances.new_of(g, *operand), *weight)),
                Part::Group(group, names) => {
                    let tokens = self.groups[*group].tokens.clone();
                    let tokens: Vec<_> =
                        tokens.into_iter().map(|(item, w)| (self.build(g, instances, item), w)).collect();
                    let back: Vec<(Index, Index)> = names.iter().map(|&(own, first)| (first, own)).collect();
                    if parts.len() == 1 {
                        operands = tokens.into_iter().map(|(e, w)| (g.substitute(e, &back), w)).collect();
                    } else {
                        let whole = combine(g, kind, &tokens);
                        operands.push((g.substitute(whole, &back), Number::ONE));
                    }
                }
            }
        }
        combine(g, kind, &operands)
    }

    /// The expression of an item, in first names; pairs nest no deeper than groups are long.
    fn build(&mut self, g: &mut Graph, instances: &mut Instances, item: usize) -> Expr {
        match self.items[item] {
            Item::Operand(base) => instances.new_of(g, base),
            Item::Pair((kind, a, b)) => {
                if let Some(&built) = self.built.get(&item) {
                    return built;
                }
                let operands = [a, b].map(|(item, weight)| (self.build(g, instances, item), weight));
                let built = combine(g, kind, &operands);
                self.built.insert(item, built);
                built
            }
        }
    }
}

fn combine(g: &mut Graph, kind: Kind, operands: &[(Expr, Number)]) -> Expr {
    match kind {
        Kind::Sum => {
            let terms: Vec<_> = operands.iter().map(|&(e, c)| (c, e)).collect();
            g.sum(&terms)
        }
        Kind::Product => g.group(operands),
    }
}

/// The pair two operands make, and the coefficient or exponent it has among theirs: x − y is −(y − x), 2x + 2y
/// is 2(x + y), x²y² is (xy)².
fn normal(kind: Kind, a: Token, b: Token) -> (Pair, Number) {
    let (a, b) = if a.0 <= b.0 { (a, b) } else { (b, a) };
    let same = a.1 == b.1;
    let (one, minus) = (Number::ONE, Number::MINUS_ONE);
    match kind {
        Kind::Sum if same => ((kind, (a.0, one), (b.0, one)), a.1),
        Kind::Sum if a.1 == b.1.negate() => ((kind, (a.0, one), (b.0, minus)), a.1),
        Kind::Sum if a.1.is_negative() => ((kind, (a.0, a.1.negate()), (b.0, b.1.negate())), minus),
        Kind::Product if same && a.1.to_integer().is_some_and(|k| k > 0) => {
            ((kind, (a.0, one), (b.0, one)), a.1)
        }
        _ => ((kind, a, b), one),
    }
}

/// The places of the operands of a group that make the pair, and the coefficient or exponent it has there.
///
/// Powers of one base stay apart where their product would have a larger domain, so that an item may occur twice.
fn find(group: &Group, pair: Pair) -> Option<([usize; 2], Number)> {
    if group.kind != pair.0 {
        return None;
    }
    let tokens = &group.tokens;
    let of = |item: usize| (0..tokens.len()).filter(move |&at| tokens[at].0 == item);
    of(pair.1.0).flat_map(|i| of(pair.2.0).map(move |j| [i, j])).filter(|[i, j]| i != j).find_map(|[i, j]| {
        let (found, weight) = normal(group.kind, tokens[i], tokens[j]);
        (found == pair).then_some(([i, j], weight))
    })
}

impl Pairs {
    fn add(&mut self, pair: Pair, group: usize) {
        let number = *self.numbers.entry(pair).or_insert_with(|| {
            self.list.push((pair, 0, Vec::new()));
            self.list.len() - 1
        });
        let (_, count, groups) = &mut self.list[number];
        *count += 1;
        groups.push(group);
        if *count > 1 {
            self.heap.push((*count, Reverse(number)));
        }
    }

    fn remove(&mut self, pair: Pair) {
        if let Some(&number) = self.numbers.get(&pair) {
            let count = &mut self.list[number].1;
            // The pair just taken counts none, though a group may have it several times.
            *count = count.saturating_sub(1);
            if *count > 1 {
                self.heap.push((*count, Reverse(number)));
            }
        }
    }

    /// The most frequent pair that occurs more than once, with the groups that may have it; the one met first
    /// among equals.
    fn next(&mut self) -> Option<(Pair, Vec<usize>)> {
        while let Some((count, Reverse(number))) = self.heap.pop() {
            let (pair, current, groups) = &mut self.list[number];
            if *current == count {
                *current = 0;
                return Some((*pair, std::mem::take(groups)));
            }
        }
        None
    }
}
