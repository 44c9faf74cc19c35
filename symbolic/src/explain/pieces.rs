//! How each piece of a Hessian is made, read off the statements that add to it.

use std::collections::{BTreeMap, BTreeSet};

use super::Polynomial;
use super::names::Names;
use super::nest::{Nest, positions};
use crate::graph::{Affine, Index, Subscript};
use crate::schedule::{Block, Kernel, Operand, Operation, Place, Slot, Statement, Table};

/// A value is taken apart in at most this many steps.
const LONGEST: usize = 256;

/// Entries of the Hessian that are made alike.
///
/// ```
/// use hesse_symbolic::emit::Output;
/// use hesse_symbolic::explain::explain;
///
/// let model = hesse_parser::formula::parse("param x, y; E = x^2*y", &Default::default()).unwrap();
/// let account = explain(&model.graph, model.error, [Output::Hessian]).accounts.remove(0);
/// assert!(account.hessian.unwrap().pieces.iter().all(|piece| piece.over.is_empty()), "no loops");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The two parameters; `None` where several pairs without counters are made alike.
    pub parameters: Option<[String; 2]>,
    /// How they are made.
    pub method: Method,
    /// The counters of the loops over which one entry is added up.
    pub over: Vec<String>,
    /// How many statements make it.
    pub statements: usize,
    /// How many numbers are added in all.
    pub additions: Polynomial,
}

/// A way of making entries of the Hessian.
///
/// ```
/// use hesse_symbolic::emit::Output;
/// use hesse_symbolic::explain::explain;
///
/// let model = hesse_parser::formula::parse("param w[n]; E = sum(i, w[i]^4)", &Default::default()).unwrap();
/// let account = explain(&model.graph, model.error, [Output::Hessian]).accounts.remove(0);
/// assert_eq!(account.hessian.unwrap().pieces[0].method.name(), "scatter");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[non_exhaustive]
pub enum Method {
    /// Outside loops, each entry by a value of its own.
    Once,
    /// Each position of the loops adds to places of its own; look-ups may lead several to one.
    Scatter,
    /// Values are added up over loops, entry by entry.
    Sum,
    /// A block of entries gains so many products of a value that goes with the row and one that goes with the
    /// column, for each position of the loops that are added over.
    Update {
        /// How many products.
        rank: usize,
    },
}

impl Method {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Method::Once => "once",
            Method::Scatter => "scatter",
            Method::Sum => "sum",
            Method::Update { .. } => "update",
        }
    }
}

/// The pieces of the Hessian of a kernel whose loops are plain, in order of appearance.
pub(super) fn pieces(kernel: &Kernel, names: &Names<'_>) -> Vec<Piece> {
    let mut survey = Survey {
        names,
        open: Vec::new(),
        slots: vec![Binding::default(); kernel.slots],
        tables: BTreeMap::new(),
        found: Vec::new(),
    };
    survey.block(&kernel.body);
    survey.found
}

/// What is known of a scalar.
#[derive(Clone, Default)]
struct Binding<'k> {
    /// The counters of open loops it depends on.
    moves: BTreeSet<Index>,
    operation: Option<&'k Operation>,
    /// How many loops were open where it was started.
    depth: usize,
}

struct Survey<'k, 'n> {
    names: &'n Names<'k>,
    open: Nest,
    slots: Vec<Binding<'k>>,
    /// What the elements of local arrays depend on besides their position, and the loops around the array.
    tables: BTreeMap<Table, (BTreeSet<Index>, usize)>,
    found: Vec<Piece>,
}

impl<'k> Survey<'k, '_> {
    fn block(&mut self, body: &'k Block) {
        for statement in body {
            match statement {
                Statement::Let(slot, operation) => {
                    let moves = self.moves_of(operation);
                    let depth = self.open.len();
                    self.slots[slot.0 as usize] = Binding { moves, operation: Some(operation), depth };
                }
                Statement::Start(slot, _) => {
                    let depth = self.open.len();
                    self.slots[slot.0 as usize] = Binding { depth, ..Binding::default() };
                }
                Statement::Combine(slot, _, value) => {
                    let depth = self.slots[slot.0 as usize].depth;
                    let mut moves = self.moves(*value);
                    // A ragged range makes even a constant sum depend on outer loops.
                    moves.extend(self.open[depth..].iter().flat_map(|(_, range)| range.indices()));
                    let outer = self.outer(depth);
                    moves.retain(|index| outer.contains(index));
                    self.slots[slot.0 as usize].moves.extend(moves);
                }
                Statement::Clear(table) => {
                    self.tables.insert(*table, (BTreeSet::new(), self.open.len()));
                }
                Statement::Store(table, at, value) | Statement::Add(table, at, value) => {
                    let mut moves = self.moves(*value);
                    let place: BTreeSet<Index> = at.iter().flat_map(Affine::indices).collect();
                    moves.retain(|index| !place.contains(index));
                    let depth = self.open.len();
                    let (own, around) = self.tables.entry(*table).or_insert((BTreeSet::new(), depth));
                    let outer: Vec<Index> = self.open[..*around].iter().map(|(index, _)| *index).collect();
                    moves.retain(|index| outer.contains(index));
                    own.extend(moves);
                }
                Statement::Loop(index, range, body) => {
                    self.open.push((*index, range.clone()));
                    self.block(body);
                    self.open.pop();
                }
                Statement::Hessian(row, column, _, value) => self.piece(row, column, *value),
                Statement::Entry(entry, value) => self.piece(&entry.row, &entry.column, *value),
                _ => {}
            }
        }
    }

    fn piece(&mut self, row: &Place, column: &Place, value: Operand) {
        let nest: Vec<Index> = self.open.iter().map(|(index, _)| *index).collect();
        let [by_row, by_column] = [row, column].map(|place| mentioned(&place.subscripts));
        let summed: Vec<usize> = (0..nest.len())
            .filter(|&depth| !by_row.contains(&nest[depth]) && !by_column.contains(&nest[depth]))
            .collect();
        let own = |own: &BTreeSet<Index>, other: &BTreeSet<Index>| own.difference(other).copied().collect();
        let sides: [BTreeSet<Index>; 2] = [own(&by_row, &by_column), own(&by_column, &by_row)];
        let is_block = sides.iter().all(|side| !side.is_empty());
        let method = match (nest.len(), summed.len()) {
            (0, _) => Method::Once,
            (_, 0) => Method::Scatter,
            _ => match is_block.then(|| self.rank(value, &sides)).flatten() {
                Some(rank) => Method::Update { rank },
                None => Method::Sum,
            },
        };
        let is_fixed = by_row.is_empty() && by_column.is_empty();
        let parameters = [row, column].map(|place| self.names.place(place, &nest));
        let piece = Piece {
            parameters: (!is_fixed).then_some(parameters),
            method,
            over: summed.into_iter().map(|depth| self.names.counter(depth)).collect(),
            statements: 1,
            additions: positions(&self.open, self.names),
        };
        let alike = self.found.iter_mut().find(|own| {
            own.parameters == piece.parameters && own.method == piece.method && own.over == piece.over
        });
        match alike {
            Some(own) => {
                own.statements += 1;
                own.additions = own.additions.plus(&piece.additions);
            }
            None => self.found.push(piece),
        }
    }

    /// The number of products a value is the sum of, each with factors that go with one side at most.
    fn rank(&self, value: Operand, sides: &[BTreeSet<Index>; 2]) -> Option<usize> {
        let mut pending = vec![value];
        let mut rank = 0;
        for _ in 0..LONGEST {
            let Some(value) = pending.pop() else { return Some(rank) };
            if self.splits(value, sides) {
                rank += 1;
                continue;
            }
            match self.operation(value)? {
                Operation::Add(a, b) | Operation::Sub(a, b) => pending.extend([*a, *b]),
                Operation::Neg(a) => pending.push(*a),
                _ => return None,
            }
        }
        None
    }

    fn splits(&self, value: Operand, sides: &[BTreeSet<Index>; 2]) -> bool {
        let mut pending = vec![value];
        for _ in 0..LONGEST {
            let Some(value) = pending.pop() else { return true };
            let moves = self.moves(value);
            if sides.iter().any(|side| side.is_disjoint(&moves)) {
                continue;
            }
            match self.operation(value) {
                Some(Operation::Mul(a, b) | Operation::Div(a, b)) => pending.extend([*a, *b]),
                Some(Operation::Neg(a)) => pending.push(*a),
                _ => return false,
            }
        }
        false
    }

    fn operation(&self, operand: Operand) -> Option<&'k Operation> {
        match operand {
            Operand::Slot(Slot(slot)) => self.slots[slot as usize].operation,
            Operand::Number(_) => None,
        }
    }

    fn moves(&self, operand: Operand) -> BTreeSet<Index> {
        match operand {
            Operand::Slot(Slot(slot)) => self.slots[slot as usize].moves.clone(),
            Operand::Number(_) => BTreeSet::new(),
        }
    }

    fn moves_of(&self, operation: &Operation) -> BTreeSet<Index> {
        let mut moves = match operation {
            Operation::Load(_, subscripts) => mentioned(subscripts),
            Operation::Read(table, at) => {
                let mut moves = self.tables.get(table).map_or_else(BTreeSet::new, |(moves, _)| moves.clone());
                moves.extend(at.iter().flat_map(Affine::indices));
                moves
            }
            Operation::IndexValue(affine) => affine.indices().collect(),
            _ => BTreeSet::new(),
        };
        operation.for_each_operand(|operand| moves.extend(self.moves(operand)));
        moves
    }

    fn outer(&self, depth: usize) -> Vec<Index> {
        self.open[..depth].iter().map(|(index, _)| *index).collect()
    }
}

fn mentioned(subscripts: &[Subscript]) -> BTreeSet<Index> {
    let mut indices = BTreeSet::new();
    for subscript in subscripts {
        subscript.visit_affine(&mut |affine| indices.extend(affine.indices()));
    }
    indices
}
