//! The arena: interning of nodes, and what is cached with each.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use super::{Declaration, Expr, Index, IndexData, Node, Number, Role, Slot, Subscript, Symbol};

/// How an expression depends on the parameters.
///
/// ```
/// use hesse_symbolic::graph::{Graph, Linearity, Number, Role};
///
/// let mut g = Graph::new();
/// let x = g.array("x", Role::Parameter, &[]);
/// let x = g.leaf(x, &[]);
/// let square = g.power(x, Number::integer(2));
/// assert_eq!((g.linearity(x), g.linearity(square)), (Linearity::Linear, Linearity::Nonlinear));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Linearity {
    /// Not at all.
    Constant,
    /// Affinely: all second derivatives vanish.
    Linear,
    /// In any other way.
    Nonlinear,
}

/// An expression graph with its declarations.
///
/// ```
/// use hesse_symbolic::graph::{Graph, Number, Role};
///
/// let mut g = Graph::new();
/// let [x, y] = ["x", "y"].map(|name| g.array(name, Role::Parameter, &[])).map(|array| g.leaf(array, &[]));
/// // Equal expressions are one node, in whatever order they are made.
/// assert_eq!(g.add(x, y), g.add(y, x));
/// let product = g.mul(x, x);
/// assert_eq!(product, g.power(x, Number::integer(2)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    info: Vec<Info>,
    ids: HashMap<Node, Expr, StableState>,
    sets: Vec<Box<[Index]>>,
    set_ids: HashMap<Box<[Index]>, u32, StableState>,
    pub(super) indices: Vec<IndexData>,
    pub(super) index_ids: HashMap<IndexData, Index, StableState>,
    pub(super) arrays: Vec<Declaration>,
    pub(super) dimensions: Vec<String>,
    pub(super) fresh: u32,
    /// Whether factors stay apart where their product would have a larger domain.
    pub(super) is_strict: bool,
    /// How often the domain was extended.
    pub(super) extensions: usize,
    /// How often squares of sine and cosine were added up.
    pub(super) squares: usize,
}

/// What is cached with each node.
#[derive(Clone, Copy, Debug)]
struct Info {
    /// Canonical order: kind of node, depth, structural hash.
    order: u64,
    /// Free indices, those of their ranges included.
    free: u32,
    /// Binders on the deepest path below and including this node.
    binders: u32,
    linearity: Linearity,
    /// Whether it is finite wherever its leaves are, as far as powers do not overflow.
    is_total: bool,
}

impl Graph {
    /// An empty graph.
    pub fn new() -> Graph {
        Graph::default()
    }

    /// An empty graph in which factors are not collected where that would extend the domain, nor terms by what holds over
    /// the reals alone.
    ///
    /// ```
    /// use hesse_symbolic::graph::{Graph, Role};
    ///
    /// let quotient = |mut g: Graph| {
    ///     let x = g.array("x", Role::Parameter, &[]);
    ///     let x = g.leaf(x, &[]);
    ///     let quotient = g.div(x, x);
    ///     (g.as_number(quotient).is_some(), g.extensions())
    /// };
    /// assert_eq!(quotient(Graph::new()), (true, 1));
    /// assert_eq!(quotient(Graph::strict()), (false, 0));
    /// ```
    pub fn strict() -> Graph {
        Graph { is_strict: true, ..Graph::default() }
    }

    /// How often collecting factors extended the domain so far: `x/x` is 1 at zero, too.
    pub fn extensions(&self) -> usize {
        self.extensions
    }

    /// How often sin² and cos² of one angle were added up to 1 so far.
    ///
    /// ```
    /// use hesse_symbolic::functions::Function::{Cos, Sin};
    /// use hesse_symbolic::graph::{Graph, Number, Role};
    ///
    /// let sum = |mut g: Graph| {
    ///     let x = g.array("x", Role::Parameter, &[]);
    ///     let x = g.leaf(x, &[]);
    ///     let squares = [Sin, Cos].map(|function| {
    ///         let value = g.apply(function, &[x]);
    ///         g.power(value, Number::integer(2))
    ///     });
    ///     let sum = g.add(squares[0], squares[1]);
    ///     (g.as_number(sum).is_some(), g.squares_merged())
    /// };
    /// assert_eq!(sum(Graph::new()), (true, 1));
    /// assert_eq!(sum(Graph::strict()), (false, 0));
    /// ```
    pub fn squares_merged(&self) -> usize {
        self.squares
    }

    /// The number of nodes ever made.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing was made yet.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node behind a handle.
    pub fn node(&self, expr: Expr) -> &Node {
        &self.nodes[expr.0 as usize]
    }

    /// The free indices of an expression, ascending; closed under the ranges of those indices.
    pub fn free(&self, expr: Expr) -> &[Index] {
        &self.sets[self.info[expr.0 as usize].free as usize]
    }

    /// Whether the expression depends on a parameter.
    pub fn depends_on_parameters(&self, expr: Expr) -> bool {
        self.linearity(expr) != Linearity::Constant
    }

    /// How the expression depends on the parameters.
    pub fn linearity(&self, expr: Expr) -> Linearity {
        self.info[expr.0 as usize].linearity
    }

    /// Whether the expression is finite wherever its leaves are, as far as no power overflows: it has no pole and no border
    /// of a domain, whichever branches are taken.
    pub(crate) fn is_total(&self, expr: Expr) -> bool {
        self.info[expr.0 as usize].is_total
    }

    /// The number of binders on the deepest path below and including this node.
    pub fn binders(&self, expr: Expr) -> u32 {
        self.info[expr.0 as usize].binders
    }

    /// The constant value of an expression, where it is one.
    pub fn as_number(&self, expr: Expr) -> Option<Number> {
        match self.node(expr) {
            Node::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Sorting by this is canonical: it depends on the structure and on the order of declarations alone.
    pub fn order(&self, expr: Expr) -> (u64, Expr) {
        (self.info[expr.0 as usize].order, expr)
    }

    pub(super) fn intern(&mut self, node: Node) -> Expr {
        if let Some(&expr) = self.ids.get(&node) {
            return expr;
        }
        let info = self.inspect(&node);
        let expr = Expr(self.nodes.len() as u32);
        self.nodes.push(node.clone());
        self.info.push(info);
        self.ids.insert(node, expr);
        expr
    }

    fn inspect(&mut self, node: &Node) -> Info {
        let mut free = Vec::new();
        let mut binders = 0;
        let mut depth = 0;
        let mut args = Vec::new();
        node.for_each_arg(|arg| args.push(arg));
        for &arg in &args {
            free.extend_from_slice(self.free(arg));
            binders = binders.max(self.binders(arg));
            depth = depth.max(1 + (self.info[arg.0 as usize].order >> DEPTH_SHIFT & DEPTH_MAX));
        }
        match node {
            Node::Leaf(_, subscripts) => subscripts.iter().for_each(|s| self.free_of_subscript(s, &mut free)),
            Node::IndexValue(Symbol::Index(index)) => self.free_of_index(*index, &mut free),
            Node::IndexValue(Symbol::Dimension(_)) => {}
            Node::Reduce(_, index, _) => {
                free.retain(|i| i != index);
                let range = self.range(*index).clone();
                range.indices().for_each(|i| self.free_of_index(i, &mut free));
                if let Slot::Bound(height) = self.index_data(*index).slot {
                    binders = binders.max(height);
                }
                binders += 1;
            }
            _ => {}
        }
        free.sort_unstable();
        free.dedup();
        let order = self.order_of(node, depth.min(DEPTH_MAX));
        let linearity = self.linearity_of(node);
        let is_total = self.is_total_node(node, &args);
        Info { order, free: self.intern_set(free), binders, linearity, is_total }
    }

    fn is_total_node(&self, node: &Node, args: &[Expr]) -> bool {
        let is_kept = match node {
            Node::Product(factors) => {
                factors.iter().all(|(_, exponent)| exponent.to_integer().is_some_and(|k| k >= 0))
            }
            Node::Apply(function, _) => function.is_total(),
            _ => true,
        };
        is_kept && args.iter().all(|&arg| self.is_total(arg))
    }

    fn free_of_subscript(&self, subscript: &Subscript, free: &mut Vec<Index>) {
        subscript.visit_affine(&mut |affine| affine.indices().for_each(|i| self.free_of_index(i, free)));
    }

    fn free_of_index(&self, index: Index, free: &mut Vec<Index>) {
        let mut pending = vec![index];
        while let Some(index) = pending.pop() {
            if !free.contains(&index) {
                free.push(index);
                pending.extend(self.range(index).indices());
            }
        }
    }

    fn intern_set(&mut self, set: Vec<Index>) -> u32 {
        let set = set.into_boxed_slice();
        if let Some(&id) = self.set_ids.get(&set) {
            return id;
        }
        self.sets.push(set.clone());
        self.set_ids.insert(set, (self.sets.len() - 1) as u32);
        (self.sets.len() - 1) as u32
    }

    fn linearity_of(&self, node: &Node) -> Linearity {
        let of = |expr: &Expr| self.linearity(*expr);
        let bent = |l: Linearity| if l == Linearity::Constant { l } else { Linearity::Nonlinear };
        match node {
            Node::Number(_) | Node::IndexValue(_) => Linearity::Constant,
            Node::Leaf(array, _) if self.declaration(*array).role == Role::Parameter => Linearity::Linear,
            Node::Leaf(..) => Linearity::Constant,
            Node::Sum(terms) => terms.iter().map(|t| of(&t.1)).max().unwrap_or(Linearity::Constant),
            Node::Product(factors) => {
                let mut varying = factors.iter().filter(|f| of(&f.0) != Linearity::Constant);
                match (varying.next(), varying.next()) {
                    (None, _) => Linearity::Constant,
                    (Some((factor, exponent)), None) if exponent.is_one() => of(factor),
                    _ => Linearity::Nonlinear,
                }
            }
            Node::Select(_, a, b) => of(a).max(of(b)),
            Node::Reduce(super::ReduceKind::Sum, _, body) => of(body),
            Node::Apply(_, args) => bent(args.iter().map(of).max().unwrap_or(Linearity::Constant)),
            Node::Reduce(_, _, body) => bent(of(body)),
            // Conditions are never differentiated.
            Node::Compare(..) | Node::And(..) | Node::Or(..) | Node::Not(_) => Linearity::Constant,
        }
    }

    fn order_of(&self, node: &Node, depth: u64) -> u64 {
        let mut hasher = StableHasher::default();
        std::mem::discriminant(node).hash(&mut hasher);
        let mut leading = None;
        match node {
            Node::Number(number) => {
                leading = Some(u64::from(u32::MAX));
                number.hash(&mut hasher);
            }
            Node::Leaf(array, subscripts) => {
                let at = match &**subscripts {
                    [Subscript::Affine(affine), ..] => affine.constant.clamp(0, 0xffff) as u64,
                    _ => 0,
                };
                leading = Some(u64::from(array.0.min(0xfffe)) << 16 | at);
                array.hash(&mut hasher);
                subscripts.iter().for_each(|s| self.hash_subscript(s, &mut hasher));
            }
            Node::IndexValue(symbol) => self.hash_affine(&(*symbol).into(), &mut hasher),
            Node::Sum(terms) => terms.iter().for_each(|t| (t.0, self.order(t.1).0).hash(&mut hasher)),
            Node::Product(factors) => factors.iter().for_each(|f| (self.order(f.0).0, f.1).hash(&mut hasher)),
            Node::Apply(function, args) => {
                function.hash(&mut hasher);
                args.iter().for_each(|&a| self.order(a).0.hash(&mut hasher));
            }
            Node::Reduce(kind, index, body) => {
                kind.hash(&mut hasher);
                self.hash_index(*index, &mut hasher);
                self.order(*body).0.hash(&mut hasher);
            }
            Node::Compare(comparison, ..) => comparison.hash(&mut hasher),
            Node::Select(..) | Node::And(..) | Node::Or(..) | Node::Not(_) => {}
        }
        if matches!(node, Node::Select(..) | Node::And(..) | Node::Or(..) | Node::Not(_) | Node::Compare(..))
        {
            node.for_each_arg(|arg| self.order(arg).0.hash(&mut hasher));
        }
        let digest = hasher.finish();
        // Leaves sort by declaration, compounds by depth; the digest decides what is left.
        let low = match leading {
            Some(leading) => leading << 20 | digest >> 44,
            None => digest >> (64 - DEPTH_SHIFT),
        };
        depth << DEPTH_SHIFT | low
    }

    fn hash_subscript(&self, subscript: &Subscript, hasher: &mut StableHasher) {
        match subscript {
            Subscript::Affine(affine) => self.hash_affine(affine, hasher),
            Subscript::Lookup(array, inner) => {
                array.hash(hasher);
                inner.iter().for_each(|s| self.hash_subscript(s, hasher));
            }
        }
    }

    fn hash_affine(&self, affine: &super::Affine, hasher: &mut StableHasher) {
        // Terms are added up, since their order is the order in which indices happened to be made.
        let terms = affine.terms.iter().fold(0u64, |sum, (symbol, coefficient)| {
            let mut hasher = StableHasher::default();
            match symbol {
                Symbol::Dimension(dimension) => dimension.hash(&mut hasher),
                Symbol::Index(index) => self.hash_index(*index, &mut hasher),
            }
            coefficient.hash(&mut hasher);
            sum.wrapping_add(hasher.finish())
        });
        (affine.constant, terms).hash(hasher);
    }

    fn hash_index(&self, index: Index, hasher: &mut StableHasher) {
        let data = self.index_data(index);
        match data.slot {
            // Free indices have no canonical name; their counter would betray the order of construction.
            Slot::Free(_) => 0u64.hash(hasher),
            slot => slot.hash(hasher),
        }
        self.hash_affine(&data.range.lo, hasher);
        self.hash_affine(&data.range.hi, hasher);
    }
}

const DEPTH_SHIFT: u32 = 52;
const DEPTH_MAX: u64 = 0xfff;

/// Hashing that is the same in every run and on every machine.
pub(super) type StableState = BuildHasherDefault<StableHasher>;

/// FNV-1a over 64-bit words with a final mix.
#[derive(Clone, Copy)]
pub(super) struct StableHasher(u64);

impl Default for StableHasher {
    fn default() -> Self {
        StableHasher(0xcbf2_9ce4_8422_2325)
    }
}

impl StableHasher {
    fn word(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for StableHasher {
    fn finish(&self) -> u64 {
        let mixed = (self.0 ^ self.0 >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
        mixed ^ mixed >> 32
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
            self.word(word);
        }
    }

    fn write_u8(&mut self, i: u8) {
        self.word(u64::from(i));
    }
    fn write_u16(&mut self, i: u16) {
        self.word(u64::from(i));
    }
    fn write_u32(&mut self, i: u32) {
        self.word(u64::from(i));
    }
    fn write_u64(&mut self, i: u64) {
        self.word(i);
    }
    fn write_i64(&mut self, i: i64) {
        self.word(i as u64);
    }
    fn write_i128(&mut self, i: i128) {
        self.word(i as u64);
        self.word((i >> 64) as u64);
    }
    fn write_usize(&mut self, i: usize) {
        self.word(i as u64);
    }
    fn write_isize(&mut self, i: isize) {
        self.word(i as u64);
    }
}
