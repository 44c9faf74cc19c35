//! Names for sizes and positions: dimensions, arrays, indices, ranges and subscripts.

use super::Graph;

/// A named extent, known at run time only (`n`).
///
/// ```
/// use hesse_symbolic::graph::Graph;
///
/// let mut g = Graph::new();
/// let n = g.dimension("n");
/// assert_eq!(g.dimension("n"), n, "declared once");
/// assert_eq!(g.dimension_name(n), "n");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Dimension(pub(crate) u32);

/// A declared array or scalar: parameters, data, a direction.
///
/// ```
/// use hesse_symbolic::graph::{Extent, Graph, Role};
///
/// let mut g = Graph::new();
/// let w = g.array("w", Role::Parameter, &[Extent::Fixed(3)]);
/// assert_eq!(g.declaration(w).name, "w");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Array(pub(crate) u32);

/// An index: bound by a [`Node::Reduce`](super::Node::Reduce), or free and then one of a contribution's loops.
///
/// ```
/// use hesse_symbolic::graph::{Extent, Graph, Range};
///
/// let mut g = Graph::new();
/// let range = Range::all(Extent::Fixed(3));
/// let (i, j) = (g.index(range.clone()), g.index(range));
/// assert_ne!(i, j, "each is a name of its own until it is bound");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Index(pub(crate) u32);

/// The size of one axis.
///
/// ```
/// use hesse_symbolic::graph::{Affine, Extent};
///
/// assert_eq!(Affine::extent(Extent::Fixed(3)), Affine::constant(3));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Extent {
    /// Known when the graph is built.
    Fixed(usize),
    /// Known at run time.
    Named(Dimension),
}

/// What an array stands for.
///
/// ```
/// use hesse_symbolic::graph::{Graph, Role};
///
/// let mut g = Graph::new();
/// let leaves = [Role::Parameter, Role::Data].map(|role| {
///     let array = g.array("x", role, &[]);
///     g.leaf(array, &[])
/// });
/// assert_eq!(leaves.map(|leaf| g.depends_on_parameters(leaf)), [true, false]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Role {
    /// Differentiated with respect to.
    Parameter,
    /// Held constant.
    Data,
    /// Integer data used inside subscripts (`camera[k]`).
    Lookup,
    /// The vector of a Hessian-vector product, shaped like the parameter array it belongs to.
    Direction(Array),
}

/// The declaration of an array.
///
/// ```
/// use hesse_symbolic::graph::{Extent, Role};
///
/// let model = hesse_parser::formula::parse("param w[3]; E = sum(i, w[i]^2)", &Default::default()).unwrap();
/// let (_, w) = model.graph.arrays().next().unwrap();
/// assert_eq!((&*w.name, w.role, &*w.shape), ("w", Role::Parameter, &[Extent::Fixed(3)][..]));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Declaration {
    /// The name people gave it.
    pub name: String,
    /// What it stands for.
    pub role: Role,
    /// One extent per axis, row-major; empty for a scalar.
    pub shape: Vec<Extent>,
}

impl Declaration {
    /// The number of elements, where all extents are fixed.
    pub(crate) fn fixed_length(&self) -> Option<usize> {
        self.shape.iter().try_fold(1usize, |length, extent| match extent {
            Extent::Fixed(size) => length.checked_mul(*size),
            Extent::Named(_) => None,
        })
    }

    /// The number of parameters among declarations, where it is fixed.
    pub(crate) fn parameters(declarations: &[Declaration]) -> Option<usize> {
        declarations.iter().filter(|d| d.role == Role::Parameter).map(Declaration::fixed_length).sum()
    }
}

/// A symbol of an affine form.
///
/// ```
/// use hesse_symbolic::graph::{Affine, Graph, Symbol};
///
/// let n = Symbol::Dimension(Graph::new().dimension("n"));
/// assert_eq!(Affine::from(n).terms, [(n, 1)]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Symbol {
    /// A named extent.
    Dimension(Dimension),
    /// An index.
    Index(Index),
}

impl From<Symbol> for Affine {
    fn from(symbol: Symbol) -> Affine {
        Affine { constant: 0, terms: vec![(symbol, 1)] }
    }
}

/// An integer form `constant + Σ coefficient · symbol`.
///
/// ```
/// use hesse_symbolic::graph::{Affine, Extent, Graph, Range};
///
/// let mut g = Graph::new();
/// let i = g.index(Range::all(Extent::Fixed(3)));
/// // 2i + 1
/// let odd = Affine::index(i).scale(2).add(&Affine::constant(1));
/// assert_eq!((odd.coefficient(i), odd.as_index()), (2, None));
/// assert_eq!(odd.sub(&odd).as_constant(), Some(0));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Affine {
    /// The constant part.
    pub constant: i64,
    /// Symbols in ascending order with non-zero coefficients.
    pub terms: Vec<(Symbol, i64)>,
}

impl Affine {
    /// A plain integer.
    pub fn constant(constant: i64) -> Affine {
        Affine { constant, terms: Vec::new() }
    }

    /// The position of an index.
    pub fn index(index: Index) -> Affine {
        Symbol::Index(index).into()
    }

    /// The size of a dimension.
    pub fn dimension(dimension: Dimension) -> Affine {
        Symbol::Dimension(dimension).into()
    }

    /// The size of an extent.
    pub fn extent(extent: Extent) -> Affine {
        match extent {
            // No array of more than 2⁶³ elements can exist, so saturation is never seen.
            Extent::Fixed(size) => Affine::constant(i64::try_from(size).unwrap_or(i64::MAX)),
            Extent::Named(dimension) => Affine::dimension(dimension),
        }
    }

    /// Sum; saturates, as only hostile literals reach the limits of `i64`.
    pub fn add(&self, other: &Affine) -> Affine {
        let mut sum = self.clone();
        sum.constant = sum.constant.saturating_add(other.constant);
        for &(symbol, coefficient) in &other.terms {
            sum.add_term(symbol, coefficient);
        }
        sum
    }

    /// Difference.
    pub fn sub(&self, other: &Affine) -> Affine {
        self.add(&other.scale(-1))
    }

    /// Multiple.
    pub fn scale(&self, factor: i64) -> Affine {
        if factor == 0 {
            return Affine::constant(0);
        }
        Affine {
            constant: self.constant.saturating_mul(factor),
            terms: self.terms.iter().map(|&(s, c)| (s, c.saturating_mul(factor))).collect(),
        }
    }

    /// The value, where no symbol is left.
    pub fn as_constant(&self) -> Option<i64> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// The index, where the form is exactly one index.
    pub fn as_index(&self) -> Option<Index> {
        match (self.constant, self.terms.as_slice()) {
            (0, [(Symbol::Index(index), 1)]) => Some(*index),
            _ => None,
        }
    }

    /// By how much it rises when this index rises by one.
    pub fn coefficient(&self, index: Index) -> i64 {
        self.terms.iter().find(|(symbol, _)| *symbol == Symbol::Index(index)).map_or(0, |term| term.1)
    }

    /// The indices it mentions.
    pub fn indices(&self) -> impl Iterator<Item = Index> + '_ {
        self.terms.iter().filter_map(|(symbol, _)| match symbol {
            Symbol::Index(index) => Some(*index),
            Symbol::Dimension(_) => None,
        })
    }

    /// The form with every index replaced.
    pub fn map_indices(&self, mut map: impl FnMut(Index) -> Index) -> Affine {
        let mut mapped = Affine::constant(self.constant);
        for &(symbol, coefficient) in &self.terms {
            let symbol = match symbol {
                Symbol::Index(index) => Symbol::Index(map(index)),
                dimension => dimension,
            };
            mapped.add_term(symbol, coefficient);
        }
        mapped
    }

    fn add_term(&mut self, symbol: Symbol, coefficient: i64) {
        match self.terms.binary_search_by_key(&symbol, |term| term.0) {
            Ok(at) => {
                self.terms[at].1 = self.terms[at].1.saturating_add(coefficient);
                if self.terms[at].1 == 0 {
                    self.terms.remove(at);
                }
            }
            Err(at) => self.terms.insert(at, (symbol, coefficient)),
        }
    }
}

/// One position along one axis.
///
/// ```
/// use hesse_symbolic::graph::{Affine, Extent, Graph, Range, Role, Subscript};
///
/// let mut g = Graph::new();
/// let n = Extent::Fixed(100);
/// let camera = g.array("camera", Role::Lookup, &[n]);
/// let i = g.index(Range::all(n));
/// // camera[i], as a position in another array
/// let looked_up = Subscript::Lookup(camera, vec![Subscript::index(i)]);
/// assert_eq!(looked_up.as_affine(), None);
/// assert_eq!(Subscript::constant(3).as_affine(), Some(&Affine::constant(3)));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Subscript {
    /// Computed from indices.
    Affine(Affine),
    /// Looked up in an integer data array.
    Lookup(Array, Vec<Subscript>),
}

impl Subscript {
    /// A constant position.
    pub fn constant(position: i64) -> Subscript {
        Subscript::Affine(Affine::constant(position))
    }

    /// The position of an index.
    pub fn index(index: Index) -> Subscript {
        Subscript::Affine(Affine::index(index))
    }

    /// The affine form, where it is one.
    pub fn as_affine(&self) -> Option<&Affine> {
        match self {
            Subscript::Affine(affine) => Some(affine),
            Subscript::Lookup(..) => None,
        }
    }

    /// Calls `visit` with every affine form inside.
    pub fn visit_affine(&self, visit: &mut impl FnMut(&Affine)) {
        match self {
            Subscript::Affine(affine) => visit(affine),
            Subscript::Lookup(_, inner) => inner.iter().for_each(|s| s.visit_affine(visit)),
        }
    }

    /// The subscript with every index replaced.
    pub fn map_indices(&self, map: &mut impl FnMut(Index) -> Index) -> Subscript {
        match self {
            Subscript::Affine(affine) => Subscript::Affine(affine.map_indices(map)),
            Subscript::Lookup(array, inner) => {
                Subscript::Lookup(*array, inner.iter().map(|s| s.map_indices(map)).collect())
            }
        }
    }
}

/// The half-open range `lo..hi` an index runs over.
///
/// ```
/// use hesse_symbolic::graph::{Affine, Extent, Range};
///
/// let range = Range { lo: Affine::constant(1), hi: Affine::constant(4) };
/// assert_eq!(range.length().as_constant(), Some(3));
/// assert_eq!(Range::all(Extent::Fixed(3)).lo, Affine::constant(0));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Range {
    /// First position.
    pub lo: Affine,
    /// One past the last position; a range with `hi ≤ lo` is empty.
    pub hi: Affine,
}

impl Range {
    /// All positions of an axis: `0..extent`.
    pub fn all(extent: Extent) -> Range {
        Range { lo: Affine::constant(0), hi: Affine::extent(extent) }
    }

    /// The number of positions, where it is known and the range is not empty.
    pub fn length(&self) -> Affine {
        self.hi.sub(&self.lo)
    }

    /// The indices its bounds mention.
    pub fn indices(&self) -> impl Iterator<Item = Index> + '_ {
        self.lo.indices().chain(self.hi.indices())
    }
}

/// Where the name of an index comes from.
///
/// ```
/// use hesse_symbolic::graph::{Extent, Graph, Range, Slot};
///
/// let mut g = Graph::new();
/// let i = g.index(Range::all(Extent::Fixed(3)));
/// assert!(matches!(g.index_data(i).slot, Slot::Free(_)));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Slot {
    /// A canonical binder: the number of binders nested below it.
    Bound(u32),
    /// A loop of a contribution, renamed so that no binder inside captures it; the binder height it had,
    /// and a counter.
    Fixed(u32, u32),
    /// Made by a front end, not yet bound.
    Free(u32),
}

/// What an [`Index`] stands for.
///
/// ```
/// use hesse_symbolic::graph::{Node, Slot};
///
/// let model = hesse_parser::formula::parse("param w[3]; E = sum(i, w[i]^2)", &Default::default()).unwrap();
/// let Node::Reduce(_, index, _) = model.graph.node(model.error) else { unreachable!() };
/// // No binder is nested below.
/// assert_eq!(model.graph.index_data(*index).slot, Slot::Bound(0));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct IndexData {
    /// The positions it runs over.
    pub range: Range,
    /// Its canonical name.
    pub slot: Slot,
}

impl IndexData {
    /// Loops sort by this: outer binders (higher) first, fixed before bound.
    pub fn nesting(&self) -> (std::cmp::Reverse<u32>, u32) {
        match self.slot {
            Slot::Bound(height) => (std::cmp::Reverse(height), u32::MAX),
            Slot::Fixed(height, counter) => (std::cmp::Reverse(height), counter),
            Slot::Free(counter) => (std::cmp::Reverse(u32::MAX), counter),
        }
    }
}

impl Graph {
    /// The named extent `name`, declared on first use.
    pub fn dimension(&mut self, name: &str) -> Dimension {
        let at = self.dimensions.iter().position(|d| d == name).unwrap_or_else(|| {
            self.dimensions.push(name.to_owned());
            self.dimensions.len() - 1
        });
        Dimension(at as u32)
    }

    /// The names of all dimensions, in order of declaration.
    pub fn dimensions(&self) -> &[String] {
        &self.dimensions
    }

    /// The name of a dimension.
    pub fn dimension_name(&self, dimension: Dimension) -> &str {
        &self.dimensions[dimension.0 as usize]
    }

    /// Declares an array; scalars have an empty shape.
    pub fn array(&mut self, name: &str, role: Role, shape: &[Extent]) -> Array {
        self.arrays.push(Declaration { name: name.to_owned(), role, shape: shape.to_vec() });
        Array((self.arrays.len() - 1) as u32)
    }

    /// All arrays, in order of declaration.
    pub fn arrays(&self) -> impl Iterator<Item = (Array, &Declaration)> {
        self.arrays.iter().enumerate().map(|(at, declaration)| (Array(at as u32), declaration))
    }

    /// The declaration of one array.
    pub fn declaration(&self, array: Array) -> &Declaration {
        &self.arrays[array.0 as usize]
    }

    /// A fresh free index over `range`, to be bound by [`Graph::reduce`]. The range begins at zero or above; what counts from
    /// below is the index and its origin.
    pub fn index(&mut self, range: Range) -> Index {
        self.fresh += 1;
        self.intern_index(range, Slot::Free(self.fresh))
    }

    /// What an index stands for.
    pub fn index_data(&self, index: Index) -> &IndexData {
        &self.indices[index.0 as usize]
    }

    /// The range of an index.
    pub fn range(&self, index: Index) -> &Range {
        &self.index_data(index).range
    }

    /// Every index ever named.
    pub fn indices(&self) -> &[IndexData] {
        &self.indices
    }

    pub(crate) fn intern_index(&mut self, range: Range, slot: Slot) -> Index {
        let data = IndexData { range, slot };
        if let Some(&index) = self.index_ids.get(&data) {
            return index;
        }
        let index = Index(self.indices.len() as u32);
        self.indices.push(data.clone());
        self.index_ids.insert(data, index);
        index
    }
}
