//! Expressions as formulas; shared parts get names.

use std::collections::{BTreeSet, HashMap};

use super::notation::{Binding, Notation, Piece};
use crate::graph::{Affine, Expr, Graph, Index, Node, Number, Range, ReduceKind, Subscript, Symbol};

/// Printed expressions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Formula {
    /// One text per expression asked for.
    pub texts: Vec<String>,
    /// Definitions of the shared parts, `(name, formula)`, in an order in which each uses earlier ones only.
    pub shared: Vec<(String, String)>,
}

/// Parts with a longer text than this that occur more than once get a name.
const SHARED_LENGTH: usize = 24;

/// Prints expressions in one notation; `free` names the free indices.
///
/// Cost: linear in the number of nodes, since parts that occur more than once are named.
pub fn print(graph: &Graph, roots: &[Expr], notation: Notation, free: &[(Index, String)]) -> Formula {
    let order = graph.reachable(roots, |_, _| true);
    let mut uses: HashMap<Expr, usize> = HashMap::new();
    for &expr in &order {
        graph.node(expr).for_each_arg(|arg| *uses.entry(arg).or_insert(0) += 1);
    }
    for &root in roots {
        *uses.entry(root).or_insert(0) += 1;
    }
    let mut printer = Printer::new(graph, notation, free, &order);
    for expr in order {
        let piece = printer.piece(expr);
        let is_shared = uses.get(&expr).is_some_and(|&count| count > 1);
        let piece =
            if is_shared && piece.text.len() > SHARED_LENGTH { printer.share(expr, piece) } else { piece };
        printer.pieces.insert(expr, piece);
    }
    Formula {
        texts: roots.iter().map(|root| printer.pieces[root].text.clone()).collect(),
        shared: printer.shared,
    }
}

struct Printer<'g> {
    graph: &'g Graph,
    notation: Notation,
    names: HashMap<Index, String>,
    taken: BTreeSet<String>,
    pieces: HashMap<Expr, Piece>,
    shared: Vec<(String, String)>,
}

impl<'g> Printer<'g> {
    fn new(graph: &'g Graph, notation: Notation, free: &[(Index, String)], order: &[Expr]) -> Printer<'g> {
        let mut taken: BTreeSet<String> = graph.arrays().map(|(_, d)| d.name.clone()).collect();
        taken.extend(graph.dimensions().iter().cloned());
        taken.extend(free.iter().map(|(_, name)| name.clone()));
        taken.insert("e".to_owned());
        let mut printer = Printer {
            graph,
            notation,
            names: free.iter().cloned().collect(),
            taken,
            pieces: HashMap::new(),
            shared: Vec::new(),
        };
        let mut bound: Vec<Index> = order
            .iter()
            .flat_map(|&expr| match graph.node(expr) {
                Node::Reduce(_, index, _) => vec![*index],
                _ => graph.free(expr).to_vec(),
            })
            .collect();
        bound.sort_unstable();
        bound.dedup();
        graph.sort_by_nesting(&mut bound);
        for index in bound {
            if !printer.names.contains_key(&index) {
                let name = printer.fresh(&["i", "j", "k", "l", "m", "p", "q", "r"]);
                printer.names.insert(index, name);
            }
        }
        printer
    }

    fn fresh(&mut self, letters: &[&str]) -> String {
        let numbered = (1..).flat_map(|n| letters.iter().map(move |letter| format!("{letter}{n}")));
        let mut names = letters.iter().map(|&letter| letter.to_owned()).chain(numbered);
        // The iterator is endless and the set finite.
        let name = names.find(|name| !self.taken.contains(name)).unwrap_or_default();
        self.taken.insert(name.clone());
        name
    }

    fn share(&mut self, expr: Expr, piece: Piece) -> Piece {
        let name = (1..).map(|n| format!("s{n}")).find(|name| !self.taken.contains(name)).unwrap_or_default();
        self.taken.insert(name.clone());
        let mut free = self.graph.free(expr).to_vec();
        self.graph.sort_by_nesting(&mut free);
        let subscripts: Vec<String> = free.iter().map(|index| self.names[index].clone()).collect();
        let element = self.notation.element(&name, &subscripts);
        self.shared.push((element.clone(), piece.text));
        Piece::atom(element)
    }

    fn piece(&self, expr: Expr) -> Piece {
        let notation = self.notation;
        let of = |expr: Expr| &self.pieces[&expr];
        match self.graph.node(expr) {
            Node::Number(number) => notation.number(*number),
            Node::Leaf(array, subscripts) => {
                let subscripts: Vec<String> = subscripts.iter().map(|s| self.subscript(s)).collect();
                Piece::atom(notation.element(&self.graph.declaration(*array).name, &subscripts))
            }
            Node::IndexValue(affine) => {
                let several = affine.terms.len() + usize::from(affine.constant != 0) > 1;
                let binding = if several { Binding::Sum } else { Binding::Product };
                Piece { text: self.affine(affine), binding }
            }
            Node::Sum(terms) => self.sum(terms),
            Node::Product(factors) => self.product(factors),
            Node::Apply(function, args) => {
                let args: Vec<Piece> = args.iter().map(|&arg| of(arg).clone()).collect();
                notation.call(*function, &args)
            }
            Node::Select(condition, a, b) => notation.select(of(condition.expr()), of(*a), of(*b)),
            Node::Reduce(kind, index, body) => self.reduce(*kind, *index, *body),
            Node::Compare(comparison, a, b) => {
                let [a, b] = [a, b].map(|&e| of(e).within(notation, Binding::Sum));
                let text = format!("{a} {} {b}", notation.comparison(*comparison));
                Piece { text, binding: Binding::Comparison }
            }
            Node::And(a, b) => self.logic(a.expr(), "and", r"\land", b.expr(), Binding::And),
            Node::Or(a, b) => self.logic(a.expr(), "or", r"\lor", b.expr(), Binding::Or),
            Node::Not(a) => {
                let a = of(a.expr()).within(notation, Binding::Atom);
                let text =
                    if notation == Notation::Text { format!("not {a}") } else { format!(r"\lnot {a}") };
                Piece { text, binding: Binding::Not }
            }
        }
    }

    fn logic(&self, a: Expr, word: &str, sign: &str, b: Expr, binding: Binding) -> Piece {
        let [a, b] = [a, b].map(|e| self.pieces[&e].within(self.notation, binding));
        let word = if self.notation == Notation::Text { word } else { sign };
        Piece { text: format!("{a} {word} {b}"), binding }
    }

    fn sum(&self, terms: &[(Number, Expr)]) -> Piece {
        let mut text = String::new();
        // A positive term leads where there is one.
        let lead = terms.iter().position(|t| !t.0.is_negative()).unwrap_or(0);
        let ordered = std::iter::once(&terms[lead])
            .chain(terms.iter().enumerate().filter(|(at, _)| *at != lead).map(|t| t.1));
        for &(coefficient, expr) in ordered {
            let size = if coefficient.is_negative() { coefficient.negate() } else { coefficient };
            let sign = match (text.is_empty(), coefficient.is_negative()) {
                (true, true) => "-",
                (true, false) => "",
                (false, true) => " - ",
                (false, false) => " + ",
            };
            text.push_str(sign);
            text.push_str(&self.scaled(size, expr));
        }
        Piece {
            text,
            binding: if terms.len() == 1 && !terms[0].0.is_negative() {
                Binding::Product
            } else {
                Binding::Sum
            },
        }
    }

    fn scaled(&self, coefficient: Number, expr: Expr) -> String {
        let piece = &self.pieces[&expr];
        if self.graph.as_number(expr).is_some_and(Number::is_one) {
            return self.notation.number(coefficient).within(self.notation, Binding::Product);
        }
        let inner = piece.within(self.notation, Binding::Product);
        if coefficient.is_one() {
            return inner;
        }
        let number = self.notation.number(coefficient).within(self.notation, Binding::Product);
        match self.notation {
            Notation::Text => format!("{number}*{inner}"),
            Notation::Latex => format!(r"{number} {inner}"),
        }
    }

    fn product(&self, factors: &[(Expr, Number)]) -> Piece {
        let (below, above): (Vec<_>, Vec<_>) =
            factors.iter().partition(|(_, exponent)| exponent.is_negative());
        let numerator: Vec<String> = above.iter().map(|&&(e, p)| self.power(e, p, Binding::Power)).collect();
        let several = below.len() > 1;
        let denominator: Vec<String> = below
            .iter()
            .map(|&&(e, p)| {
                // In text a lone factor after the slash must bind as tightly as the slash asks.
                let least =
                    if self.notation == Notation::Text || several { Binding::Power } else { Binding::Sum };
                self.power(e, p.negate(), least)
            })
            .collect();
        match self.notation {
            Notation::Text => {
                let mut text = if numerator.is_empty() { "1".to_owned() } else { numerator.join("*") };
                if several {
                    text.push_str(&format!("/({})", denominator.join("*")));
                } else if let [only] = &denominator[..] {
                    text.push_str(&format!("/{only}"));
                }
                let binding = match factors {
                    [(_, exponent)] if !exponent.is_negative() => Binding::Power,
                    _ => Binding::Product,
                };
                Piece { text, binding }
            }
            Notation::Latex if denominator.is_empty() => Piece {
                text: numerator.join(r" \, "),
                binding: if factors.len() == 1 { Binding::Power } else { Binding::Product },
            },
            Notation::Latex => {
                let above = if numerator.is_empty() { "1".to_owned() } else { numerator.join(r" \, ") };
                Piece::atom(format!(r"\frac{{{above}}}{{{}}}", denominator.join(r" \, ")))
            }
        }
    }

    fn power(&self, base: Expr, exponent: Number, least: Binding) -> String {
        let piece = &self.pieces[&base];
        if exponent.is_one() {
            return piece.within(self.notation, least);
        }
        if exponent == Number::HALF {
            return match self.notation {
                Notation::Text => format!("sqrt({})", piece.text),
                Notation::Latex => format!(r"\sqrt{{{}}}", piece.text),
            };
        }
        let number = self.notation.number(exponent);
        let base = piece.within(self.notation, Binding::Atom);
        match self.notation {
            Notation::Text => format!("{base}^{}", number.within(Notation::Text, Binding::Atom)),
            Notation::Latex => format!("{{{base}}}^{{{}}}", number.text),
        }
    }

    fn reduce(&self, kind: ReduceKind, index: Index, body: Expr) -> Piece {
        let range = self.graph.range(index);
        let bounds =
            (!self.is_inferred(index, body)).then(|| (self.affine(&range.lo), self.affine(&range.hi)));
        let bounds = bounds.as_ref().map(|(lo, hi)| (lo.as_str(), hi.as_str()));
        self.notation.reduce(kind, &self.names[&index], bounds, &self.pieces[&body])
    }

    /// Whether a reader (and the parser) can tell the range from the arrays the index subscripts.
    fn is_inferred(&self, index: Index, body: Expr) -> bool {
        let mut found = false;
        for expr in self.graph.reachable(&[body], |g, e| g.free(e).contains(&index)) {
            if !self.graph.free(expr).contains(&index) {
                continue;
            }
            match self.graph.node(expr) {
                Node::Leaf(array, subscripts) => {
                    for (subscript, &extent) in subscripts.iter().zip(&self.graph.declaration(*array).shape) {
                        let plain = *subscript == Subscript::index(index);
                        let mut mentions = false;
                        subscript
                            .visit_affine(&mut |affine| mentions |= affine.indices().any(|i| i == index));
                        if plain && Range::all(extent) == *self.graph.range(index) {
                            found = true;
                        } else if mentions {
                            return false;
                        }
                    }
                }
                Node::IndexValue(_) => return false,
                Node::Reduce(_, inner, _) if self.graph.range(*inner).indices().any(|i| i == index) => {
                    return false;
                }
                _ => {}
            }
        }
        found
    }

    fn subscript(&self, subscript: &Subscript) -> String {
        match subscript {
            Subscript::Affine(affine) => self.affine(affine),
            Subscript::Lookup(array, inner) => {
                let inner: Vec<String> = inner.iter().map(|s| self.subscript(s)).collect();
                self.notation.element(&self.graph.declaration(*array).name, &inner)
            }
        }
    }

    fn affine(&self, affine: &Affine) -> String {
        affine_text(self.graph, affine, &|index| self.names.get(&index).cloned())
    }
}

/// An integer form as text.
pub(super) fn affine_text(g: &Graph, affine: &Affine, name: &dyn Fn(Index) -> Option<String>) -> String {
    let mut text = String::new();
    for &(symbol, coefficient) in &affine.terms {
        let name = match symbol {
            Symbol::Dimension(dimension) => g.dimensions()[dimension.0 as usize].clone(),
            Symbol::Index(index) => name(index).unwrap_or_else(|| "?".to_owned()),
        };
        let sign = if coefficient < 0 {
            "-"
        } else if text.is_empty() {
            ""
        } else {
            "+"
        };
        text.push_str(sign);
        if coefficient.abs() != 1 {
            text.push_str(&format!("{}*", coefficient.abs()));
        }
        text.push_str(&name);
    }
    if affine.constant != 0 || text.is_empty() {
        let sign = if affine.constant >= 0 && !text.is_empty() { "+" } else { "" };
        text.push_str(&format!("{sign}{}", affine.constant));
    }
    text
}
