//! What every notation has to spell, and how tightly the pieces of a formula hold together.

use super::latex::Latex;
use super::mathml::MathMl;
use super::text::Text;
use crate::functions::Function;
use crate::graph::{Comparison, ReduceKind};

/// A way of writing formulas.
///
/// ```
/// use hesse_symbolic::print::{Notation, print};
///
/// let model = hesse_parser::formula::parse("sqrt(x)", &Default::default()).unwrap();
/// let text = |notation| print(&model.graph, &[model.error], notation, &[]).texts.remove(0);
/// assert_eq!(text(Notation::Latex), r"\sqrt{x}");
/// assert_eq!(text(Notation::MathMl), "<msqrt><mi>x</mi></msqrt>");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Notation {
    /// The formula language: parses back.
    Text,
    /// LaTeX mathematics, without delimiters; needs amsmath, or KaTeX, or MathJax.
    Latex,
    /// Presentation MathML, without the `math` element around it.
    MathMl,
}

impl Notation {
    pub(super) fn script(self) -> &'static dyn Script {
        match self {
            Notation::Text => &Text,
            Notation::Latex => &Latex,
            Notation::MathMl => &MathMl,
        }
    }

    /// Whether it is for eyes alone, so that functions may be written as what they stand for.
    pub(super) fn is_formal(self) -> bool {
        self != Notation::Text
    }
}

/// How tightly the outermost operator of a piece binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Binding {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    /// A sign such as Σ, which takes what follows it.
    Open,
    Product,
    Power,
    Atom,
}

/// A piece of a formula.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) binding: Binding,
    /// How many bytes are the name of a function, behind which a power may stand: sin²(x).
    pub(super) head: usize,
}

impl Piece {
    pub(super) fn new(text: impl Into<String>, binding: Binding) -> Piece {
        Piece { text: text.into(), binding, head: 0 }
    }

    pub(super) fn atom(text: impl Into<String>) -> Piece {
        Piece::new(text, Binding::Atom)
    }

    /// The text, in brackets where its operator binds less tightly than `least`.
    pub(super) fn within(&self, script: &dyn Script, least: Binding) -> String {
        if self.binding >= least { self.text.clone() } else { script.brackets(&self.text) }
    }
}

/// A constant without sign.
pub(super) enum Constant<'a> {
    /// Digits, perhaps with a point.
    Decimal(&'a str),
    /// A decimal and the power of ten it is multiplied with.
    Scientific(&'a str, &'a str),
    /// Numerator and denominator.
    Fraction(&'a str, &'a str),
    Pi,
    Infinity,
    NotANumber,
}

/// A word of logic between two conditions.
#[derive(Clone, Copy)]
pub(super) enum Logic {
    And,
    Or,
}

/// What is summed over: the index, and its bounds where these have to be said.
pub(super) struct Over<'a> {
    pub(super) index: &'a str,
    pub(super) bounds: Option<(&'a str, &'a str)>,
}

/// A signed sum inside subscripts and ranges, with a sign of multiplication behind factors.
pub(super) fn affine(terms: &[(bool, u64, String)], constant: i64, times: &str) -> String {
    let mut text = String::new();
    for (negative, factor, name) in terms {
        text.push_str(if *negative {
            "-"
        } else if text.is_empty() {
            ""
        } else {
            "+"
        });
        if *factor != 1 {
            text.push_str(&format!("{factor}{times}"));
        }
        text.push_str(name);
    }
    match constant {
        _ if text.is_empty() => constant.to_string(),
        0 => text,
        _ => format!("{text}{constant:+}"),
    }
}

/// How one notation spells things.
pub(super) trait Script {
    fn constant(&self, constant: Constant<'_>) -> Piece;
    /// A name with its subscripts.
    fn element(&self, name: &str, subscripts: &[String]) -> Piece;
    /// A signed sum inside subscripts and ranges: sign, factor and name of each term, then the constant.
    fn affine(&self, terms: &[(bool, u64, String)], constant: i64) -> String;
    fn brackets(&self, text: &str) -> String;
    /// Terms with their signs, true for minus.
    fn sum(&self, terms: &[(bool, String)]) -> String;
    fn product(&self, factors: &[String]) -> String;
    fn quotient(&self, above: &Piece, below: &Piece) -> Piece;
    /// The product of some factors over that of others.
    fn ratio(&self, above: Vec<Piece>, below: Vec<Piece>) -> Piece;
    /// Whether it is for eyes alone.
    fn is_formal(&self) -> bool;
    fn power(&self, base: &Piece, exponent: &Piece) -> Piece;
    fn root(&self, degree: u32, of: &Piece) -> Piece;
    fn call(&self, function: Function, args: &[Piece]) -> Piece;
    fn reduce(&self, kind: ReduceKind, over: &Over<'_>, body: &Piece) -> Piece;
    fn compare(&self, comparison: Comparison, a: &str, b: &str) -> String;
    fn logic(&self, logic: Logic, a: &str, b: &str) -> String;
    fn not(&self, a: &str) -> String;
    fn cases(&self, condition: &Piece, a: &Piece, b: &Piece) -> Piece;
    /// One where the two are equal, zero elsewhere.
    fn delta(&self, a: &str, b: &str) -> Piece;
}

/// Factors side by side; Σ and the like take what follows them, so that they come last or in brackets.
pub(super) fn product(script: &dyn Script, mut factors: Vec<Piece>) -> Piece {
    match (factors.pop(), &factors[..]) {
        (None, _) => script.constant(Constant::Decimal("1")),
        (Some(only), []) => only,
        (Some(last), others) => {
            let mut texts: Vec<String> =
                others.iter().map(|factor| factor.within(script, Binding::Product)).collect();
            texts.push(last.within(script, Binding::Open));
            let binding = last.binding.clamp(Binding::Open, Binding::Product);
            Piece::new(script.product(&texts), binding)
        }
    }
}
