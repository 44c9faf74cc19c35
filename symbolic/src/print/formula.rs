//! Expressions as formulas; shared parts get names.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::letters::{Parts, letters};
use super::notation::{Binding, Logic, Notation, Over, Piece, Script};
use super::number::Numbers;
use super::order::order;
use super::spell::{Spelling, spell};
use crate::graph::{
    Affine, Array, Comparison, Expr, Graph, Index, Node, Number, Range, ReduceKind, Subscript, Symbol,
};

/// Printed expressions.
///
/// ```
/// use hesse_symbolic::print::{Notation, print};
///
/// let text = "param x, y; E = sin(x*y + x/y)^2 + exp(sin(x*y + x/y))";
/// let model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let formula = print(&model.graph, &[model.error], Notation::Text, &[]);
/// // sin(…) occurs twice, so it has a name.
/// assert_eq!((formula.texts.len(), formula.shared.len()), (1, 1));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Formula {
    /// One text per expression asked for.
    pub texts: Vec<String>,
    /// Definitions of the shared parts, `(name, formula)`, in an order in which each uses earlier ones only.
    pub shared: Vec<(String, String)>,
}

/// Parts of more symbols than this that occur more than once get a name.
const SHARED_WEIGHT: usize = 6;

/// Prints expressions in one notation; `free` names the free indices.
///
/// Text is read back as the same node. The other notations write functions as what they stand for.
///
/// Cost: linear in the number of nodes, since parts that occur more than once are named.
///
/// ```
/// use hesse_symbolic::graph::{Graph, Number, Role};
/// use hesse_symbolic::print::{Notation, print};
///
/// let mut g = Graph::new();
/// let [x, y] = ["x", "theta"].map(|name| g.array(name, Role::Parameter, &[]));
/// let (x, y) = (g.leaf(x, &[]), g.leaf(y, &[]));
/// let square = g.power(x, Number::integer(2));
/// let quotient = g.div(square, y);
/// let text = |notation| print(&g, &[quotient], notation, &[]).texts.remove(0);
/// assert_eq!(text(Notation::Text), "x^2/theta");
/// assert_eq!(text(Notation::Latex), r"\frac{x^{2}}{\theta}");
/// ```
pub fn print(graph: &Graph, roots: &[Expr], notation: Notation, free: &[(Index, String)]) -> Formula {
    if notation.is_formal() {
        let mut g = graph.clone();
        let roots = spell(&mut g, roots, Spelling::Formal, &HashSet::new());
        return printed(&g, &roots, std::slice::from_ref(&roots), notation, free, Naming::Shared).0;
    }
    printed(graph, roots, &[roots.to_vec()], notation, free, Naming::Shared).0
}

/// Which parts get names.
#[derive(Clone, Copy)]
pub(super) enum Naming<'a> {
    /// Those that are long and occur more than once.
    Shared,
    /// These.
    Given(&'a HashSet<Expr>),
}

impl Naming<'_> {
    /// The letter names begin with.
    fn letter(self) -> &'static str {
        match self {
            Naming::Shared => "s",
            Naming::Given(_) => "v",
        }
    }
}

/// Prints expressions that are spelled as they shall be; `groups` has what is read together. Also the names of all indices.
pub(super) fn printed(
    graph: &Graph,
    roots: &[Expr],
    groups: &[Vec<Expr>],
    notation: Notation,
    free: &[(Index, String)],
    naming: Naming<'_>,
) -> (Formula, HashMap<Index, String>) {
    let order = graph.reachable(roots, |_, _| true);
    let named = match naming {
        Naming::Shared => &shared(graph, roots, &order),
        Naming::Given(given) => given,
    };
    let mut taken: BTreeSet<String> = graph.arrays().map(|(_, d)| d.name.clone()).collect();
    taken.extend(graph.dimensions().iter().cloned());
    taken.extend(free.iter().map(|(_, name)| name.clone()));
    let has_pi = ["pi", "π"].iter().all(|name| !taken.contains(*name));
    taken.extend(["e", "pi", "π"].map(str::to_owned));
    let names = letters(graph, &Parts { order: &order, groups, named }, free, &taken);
    taken.extend(names.values().cloned());
    let mut printer = Printer {
        graph,
        script: notation.script(),
        numbers: Numbers { script: notation.script(), has_pi },
        names,
        taken,
        pieces: HashMap::new(),
        named: HashSet::new(),
        shared: Vec::new(),
    };
    for expr in order {
        let piece = printer.piece(expr);
        let name = named.contains(&expr).then(|| printer.fresh(naming.letter()));
        let piece = match name {
            Some(name) => printer.share(expr, &name, piece),
            None => piece,
        };
        printer.pieces.insert(expr, piece);
    }
    let texts = roots.iter().map(|root| printer.pieces[root].text.clone()).collect();
    (Formula { texts, shared: printer.shared }, printer.names)
}

/// Parts that are long and occur more than once; conditions are no numbers, which could have a name.
fn shared(g: &Graph, roots: &[Expr], order: &[Expr]) -> HashSet<Expr> {
    let mut uses: HashMap<Expr, usize> = HashMap::new();
    for &expr in order {
        g.node(expr).for_each_arg(|arg| *uses.entry(arg).or_insert(0) += 1);
    }
    for &root in roots {
        *uses.entry(root).or_insert(0) += 1;
    }
    let mut shared: HashSet<Expr> = HashSet::new();
    // How many symbols a part has.
    let mut weights: HashMap<Expr, usize> = HashMap::new();
    for &expr in order {
        let mut weight = 1;
        g.node(expr).for_each_arg(|arg| weight += weights.get(&arg).copied().unwrap_or(0));
        if let Node::Leaf(_, subscripts) = g.node(expr) {
            weight += subscripts.len();
        }
        let is_condition =
            matches!(g.node(expr), Node::Compare(..) | Node::And(..) | Node::Or(..) | Node::Not(_));
        if weight > SHARED_WEIGHT && !is_condition && uses.get(&expr).is_some_and(|&count| count > 1) {
            shared.insert(expr);
            weight = 1 + g.free(expr).len();
        }
        weights.insert(expr, weight);
    }
    shared
}

struct Printer<'g> {
    graph: &'g Graph,
    script: &'static dyn Script,
    numbers: Numbers,
    names: HashMap<Index, String>,
    taken: BTreeSet<String>,
    pieces: HashMap<Expr, Piece>,
    named: HashSet<Expr>,
    shared: Vec<(String, String)>,
}

impl Printer<'_> {
    fn fresh(&mut self, letter: &str) -> String {
        // The numbers are endless, the names are not.
        let mut names = (1..).map(|n| format!("{letter}{n}"));
        let name = names.find(|name| !self.taken.contains(name)).unwrap_or_default();
        self.taken.insert(name.clone());
        name
    }

    fn share(&mut self, expr: Expr, name: &str, piece: Piece) -> Piece {
        let mut free = self.graph.free(expr).to_vec();
        self.graph.sort_by_nesting(&mut free);
        let subscripts: Vec<String> = free.iter().map(|&index| self.index(index)).collect();
        let element = self.script.element(name, &subscripts);
        self.shared.push((element.text.clone(), piece.text));
        self.named.insert(expr);
        element
    }

    fn piece(&self, expr: Expr) -> Piece {
        let script = self.script;
        let of = |expr: Expr| &self.pieces[&expr];
        match self.graph.node(expr) {
            Node::Number(constant) => self.numbers.whole(*constant),
            Node::Leaf(array, subscripts) => {
                let subscripts: Vec<String> = subscripts.iter().map(|s| self.subscript(s)).collect();
                script.element(&self.graph.declaration(*array).name, &subscripts)
            }
            Node::IndexValue(symbol) => Piece::atom(self.affine(&(*symbol).into())),
            Node::Sum(terms) => self.sum(terms),
            Node::Product(factors) => self.product(factors, Number::ONE),
            Node::Apply(function, args) => {
                let args: Vec<Piece> = args.iter().map(|&arg| of(arg).clone()).collect();
                script.call(*function, &args)
            }
            Node::Select(..) if self.is_delta(expr) => self.product(&[(expr, Number::ONE)], Number::ONE),
            Node::Select(condition, a, b) => script.cases(of(condition.expr()), of(*a), of(*b)),
            Node::Reduce(kind, index, body) => self.reduce(*kind, *index, *body),
            Node::Compare(comparison, a, b) => {
                let [a, b] = [a, b].map(|&e| of(e).within(script, Binding::Sum));
                Piece::new(script.compare(*comparison, &a, &b), Binding::Comparison)
            }
            Node::And(a, b) => self.logic(Logic::And, [a.expr(), b.expr()], Binding::And),
            Node::Or(a, b) => self.logic(Logic::Or, [a.expr(), b.expr()], Binding::Or),
            Node::Not(a) => Piece::new(script.not(&of(a.expr()).within(script, Binding::Atom)), Binding::Not),
        }
    }

    fn logic(&self, logic: Logic, [a, b]: [Expr; 2], binding: Binding) -> Piece {
        // Two of a kind are one chain in the language, so the second is a group.
        let a = self.pieces[&a].within(self.script, binding);
        let b = &self.pieces[&b];
        let b =
            if b.binding == binding { self.script.brackets(&b.text) } else { b.within(self.script, binding) };
        Piece::new(self.script.logic(logic, &a, &b), binding)
    }

    /// δ, and what it is multiplied with, where an expression is zero unless two indices are equal.
    ///
    /// Multiples are left alone: read back, their factor would stand outside.
    fn delta(&self, expr: Expr) -> Option<(Piece, Expr)> {
        let Node::Select(condition, body, elsewhere) = self.graph.node(expr) else { return None };
        let Node::Compare(Comparison::Equal, a, b) = self.graph.node(condition.expr()) else { return None };
        let [a, b] = [a, b].map(|&side| match self.graph.node(side) {
            Node::IndexValue(symbol) => Some(self.affine(&(*symbol).into())),
            _ => None,
        });
        let is_zero = self.graph.as_number(*elsewhere).is_some_and(Number::is_zero);
        let is_multiple = match self.graph.node(*body) {
            Node::Number(number) => !number.is_one(),
            Node::Sum(terms) => terms.len() == 1,
            Node::Select(..) => !self.is_delta(*body),
            _ => false,
        };
        (is_zero && !is_multiple).then_some((self.script.delta(&a?, &b?), *body))
    }

    fn is_delta(&self, expr: Expr) -> bool {
        self.delta(expr).is_some()
    }

    fn sum(&self, terms: &[(Number, Expr)]) -> Piece {
        let ordered = order(self.graph, terms, |expr| self.is_delta(expr));
        let signed: Vec<(bool, String)> = ordered
            .into_iter()
            .map(|at| {
                let (coefficient, expr) = terms[at];
                let is_negative = coefficient.is_negative();
                let size = if is_negative { coefficient.negate() } else { coefficient };
                // Σ takes what follows it up to the next sign.
                let text = self.scaled(size, expr).within(self.script, Binding::Open);
                (is_negative, text)
            })
            .collect();
        let text = self.script.sum(&signed);
        match terms {
            [(coefficient, expr)] if !coefficient.is_negative() => {
                Piece::new(text, self.scaled(*coefficient, *expr).binding)
            }
            _ => Piece::new(text, Binding::Sum),
        }
    }

    /// A positive number times an expression.
    fn scaled(&self, coefficient: Number, expr: Expr) -> Piece {
        if self.graph.as_number(expr).is_some_and(Number::is_one) {
            return self.numbers.whole(coefficient);
        }
        if coefficient.is_one() {
            return self.pieces[&expr].clone();
        }
        match self.graph.node(expr) {
            // A part with a name of its own is no product any more.
            Node::Product(factors) if !self.is_named(expr) => self.product(factors, coefficient),
            _ => self.product(&[(expr, Number::ONE)], coefficient),
        }
    }

    /// A product with a positive number before it.
    fn product(&self, factors: &[(Expr, Number)], coefficient: Number) -> Piece {
        let script = self.script;
        let (mut above, mut below): (Vec<Piece>, Vec<Piece>) = (Vec::new(), Vec::new());
        // A fraction of numbers alone goes before what is too tall to stand above a line.
        let has_divisors = factors.iter().any(|factor| factor.1.is_negative());
        // In text a number beside a sum of integers below the line would be an integer form with it.
        let is_integer = factors.iter().any(|&(expr, power)| {
            let is_sum = matches!(self.graph.node(expr), Node::Sum(_));
            power == Number::MINUS_ONE && is_sum && self.graph.as_affine(expr).is_some()
        });
        let is_apart = if script.is_formal() { !has_divisors } else { is_integer };
        if is_apart && !coefficient.is_one() {
            above.push(self.numbers.whole(coefficient));
        } else {
            let [numerator, denominator] = self.numbers.split(coefficient);
            above.extend(numerator);
            below.extend(denominator);
        }
        let mut deltas: Vec<Piece> = Vec::new();
        for (expr, exponent) in self.ordered(&self.undelta(factors, &mut deltas)) {
            // In text only whole powers come back from below the line as they were.
            let is_below = exponent.is_negative() && (exponent.to_integer().is_some() || script.is_formal());
            if is_below {
                below.push(self.power(expr, exponent.negate()));
            } else {
                above.push(self.power(expr, exponent));
            }
        }
        above.append(&mut deltas);
        script.ratio(above, below)
    }

    /// Factors without δ, which are put aside.
    fn undelta(&self, factors: &[(Expr, Number)], deltas: &mut Vec<Piece>) -> Vec<(Expr, Number)> {
        let mut left: Vec<(Expr, Number)> = Vec::new();
        let mut pending: Vec<(Expr, Number)> = factors.iter().rev().copied().collect();
        while let Some((expr, exponent)) = pending.pop() {
            match self.delta(expr).filter(|_| exponent.is_one() && !self.is_named(expr)) {
                Some((delta, body)) => {
                    deltas.push(delta);
                    match self.graph.node(body) {
                        Node::Number(_) => {}
                        Node::Product(inner) if !self.is_named(body) => pending.extend(inner.iter().rev()),
                        _ => pending.push((body, Number::ONE)),
                    }
                }
                None => left.push((expr, exponent)),
            }
        }
        left
    }

    /// Whether a part has a name of its own.
    fn is_named(&self, expr: Expr) -> bool {
        self.named.contains(&expr)
    }

    /// Factors as people order them: scalars, elements, groups and functions, sums.
    fn ordered(&self, factors: &[(Expr, Number)]) -> Vec<(Expr, Number)> {
        let mut ordered = factors.to_vec();
        ordered.sort_by_cached_key(|&(expr, _)| match self.graph.node(expr) {
            Node::Number(_) => (0, None, ""),
            Node::Leaf(array, subscripts) => {
                let rank = if subscripts.is_empty() { 1 } else { 2 };
                (rank, Some(*array), self.pieces[&expr].text.as_str())
            }
            Node::IndexValue(_) => (1, None, ""),
            Node::Reduce(..) => (4, None, ""),
            _ => (3, None, ""),
        });
        ordered
    }

    fn power(&self, base: Expr, exponent: Number) -> Piece {
        let piece = &self.pieces[&base];
        if exponent.is_one() {
            return piece.clone();
        }
        if exponent == Number::HALF {
            return self.script.root(2, piece);
        }
        self.script.power(piece, &self.numbers.whole(exponent))
    }

    fn reduce(&self, kind: ReduceKind, index: Index, body: Expr) -> Piece {
        let range = self.graph.range(index);
        let bounds =
            (!self.is_inferred(index, body)).then(|| (self.affine(&range.lo), self.affine(&range.hi)));
        let bounds = bounds.as_ref().map(|(lo, hi)| (lo.as_str(), hi.as_str()));
        self.script.reduce(kind, &Over { index: &self.index(index), bounds }, &self.pieces[&body])
    }

    /// Whether a reader (and the parser) can tell the range from the arrays the index subscripts.
    fn is_inferred(&self, index: Index, body: Expr) -> bool {
        let mut found = false;
        for expr in self.graph.reachable(&[body], |g, e| g.free(e).contains(&index)) {
            if !self.graph.free(expr).contains(&index) {
                continue;
            }
            match self.graph.node(expr) {
                Node::Leaf(array, subscripts) => match self.told(index, *array, subscripts) {
                    Told::Range => found = true,
                    Told::Nothing => {}
                    Told::Otherwise => return false,
                },
                Node::IndexValue(_) => return false,
                Node::Reduce(_, inner, _) if self.graph.range(*inner).indices().any(|i| i == index) => {
                    return false;
                }
                _ => {}
            }
        }
        found
    }

    /// What the subscripts of an array tell about the range of an index.
    fn told(&self, index: Index, array: Array, subscripts: &[Subscript]) -> Told {
        let mut told = Told::Nothing;
        for (subscript, &extent) in subscripts.iter().zip(&self.graph.declaration(array).shape) {
            told = told.max(match subscript {
                Subscript::Lookup(array, inner) => self.told(index, *array, inner),
                Subscript::Affine(affine) if !affine.indices().any(|i| i == index) => Told::Nothing,
                _ if *subscript == Subscript::index(index)
                    && Range::all(extent) == *self.graph.range(index) =>
                {
                    Told::Range
                }
                Subscript::Affine(_) => Told::Otherwise,
            });
        }
        told
    }

    fn subscript(&self, subscript: &Subscript) -> String {
        match subscript {
            Subscript::Affine(affine) => self.affine(affine),
            Subscript::Lookup(array, inner) => {
                let inner: Vec<String> = inner.iter().map(|s| self.subscript(s)).collect();
                self.script.element(&self.graph.declaration(*array).name, &inner).text
            }
        }
    }

    fn index(&self, index: Index) -> String {
        self.script.element(self.names.get(&index).map_or("?", String::as_str), &[]).text
    }

    fn affine(&self, affine: &Affine) -> String {
        affine_text(self.graph, affine, self.script, &self.names)
    }
}

/// What is told about a range, the least first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    Nothing,
    Range,
    Otherwise,
}

/// An integer form as text.
pub(super) fn affine_text(
    g: &Graph,
    affine: &Affine,
    script: &dyn Script,
    names: &HashMap<Index, String>,
) -> String {
    let name = |symbol: Symbol| match symbol {
        Symbol::Dimension(dimension) => g.dimension_name(dimension),
        Symbol::Index(index) => names.get(&index).map_or("?", String::as_str),
    };
    let mut terms: Vec<(bool, u64, String)> = affine
        .terms
        .iter()
        .map(|&(symbol, c)| (c < 0, c.unsigned_abs(), script.element(name(symbol), &[]).text))
        .collect();
    // What is added comes before what is taken away.
    terms.sort_by_key(|term| term.0);
    script.affine(&terms, affine.constant)
}
