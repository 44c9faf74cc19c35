//! How the two notations spell things.

use crate::functions::Function;
use crate::graph::{Comparison, Number, ReduceKind};

/// A way of writing formulas.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Notation {
    /// The formula language: parses back.
    Text,
    /// LaTeX mathematics, without delimiters.
    Latex,
}

/// How tightly the outermost operator of a piece binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Binding {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Power,
    Atom,
}

/// A piece of a formula.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) binding: Binding,
}

impl Piece {
    pub(super) fn atom(text: impl Into<String>) -> Piece {
        Piece { text: text.into(), binding: Binding::Atom }
    }

    /// The text, in parentheses where its operator binds less tightly than `least`.
    pub(super) fn within(&self, notation: Notation, least: Binding) -> String {
        if self.binding >= least {
            return self.text.clone();
        }
        match notation {
            Notation::Text => format!("({})", self.text),
            Notation::Latex => format!(r"\left({}\right)", self.text),
        }
    }
}

impl Notation {
    /// A name, with its subscripts.
    pub(super) fn element(self, name: &str, subscripts: &[String]) -> String {
        match (self, subscripts) {
            (Notation::Text, []) => name.to_owned(),
            (Notation::Text, _) => format!("{name}[{}]", subscripts.join(", ")),
            (Notation::Latex, []) => self.name(name, None),
            (Notation::Latex, _) => self.name(name, Some(&subscripts.join(","))),
        }
    }

    /// A LaTeX name: one letter stays italic, a number at the end becomes a subscript.
    fn name(self, name: &str, subscript: Option<&str>) -> String {
        let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = &name[stem.len()..];
        let plain = stem.replace('_', r"\_");
        let stem = match greek(stem) {
            Some(greek) => format!(r"\{greek}"),
            None if stem.chars().count() == 1 && stem != "_" => plain,
            None => format!(r"\mathrm{{{plain}}}"),
        };
        let below: Vec<&str> =
            [digits, subscript.unwrap_or("")].into_iter().filter(|s| !s.is_empty()).collect();
        if below.is_empty() { stem } else { format!("{stem}_{{{}}}", below.join(",")) }
    }

    pub(super) fn number(self, number: Number) -> Piece {
        let negative = number.is_negative();
        let size = if negative { number.negate() } else { number };
        let (text, binding) = match size {
            Number::Rational(ratio) if ratio.is_integer() => (ratio.numer().to_string(), Binding::Atom),
            Number::Rational(ratio) => match self {
                Notation::Text => (format!("{}/{}", ratio.numer(), ratio.denom()), Binding::Product),
                Notation::Latex => {
                    (format!(r"\frac{{{}}}{{{}}}", ratio.numer(), ratio.denom()), Binding::Atom)
                }
            },
            Number::Float(value) => (self.float(value), Binding::Atom),
        };
        if negative {
            Piece { text: format!("-{text}"), binding: Binding::Sum }
        } else {
            Piece { text, binding }
        }
    }

    fn float(self, value: f64) -> String {
        let text = format!("{value:?}");
        match (self, text.split_once('e')) {
            (Notation::Latex, Some((mantissa, exponent))) => format!(r"{mantissa} \cdot 10^{{{exponent}}}"),
            (Notation::Latex, None) if value.is_infinite() => r"\infty".to_owned(),
            (Notation::Text, _) if value.is_infinite() => "1e308*10".to_owned(),
            _ => text,
        }
    }

    pub(super) fn call(self, function: Function, args: &[Piece]) -> Piece {
        let texts: Vec<&str> = args.iter().map(|a| a.text.as_str()).collect();
        let joined = texts.join(", ");
        match (self, function) {
            (_, Function::OneMinusSquare) => {
                let x = args[0].within(self, Binding::Product);
                let times = if self == Notation::Text { "*" } else { " " };
                let [below, above] = ['-', '+'].map(|sign| {
                    let factor = Piece { text: format!("1 {sign} {x}"), binding: Binding::Sum };
                    factor.within(self, Binding::Product)
                });
                Piece { text: format!("{below}{times}{above}"), binding: Binding::Product }
            }
            (Notation::Text, Function::SigmoidSlope) => Piece {
                text: format!("sigmoid({joined})*sigmoid(-{})", args[0].within(self, Binding::Power)),
                binding: Binding::Product,
            },
            (_, Function::DigammaRise | Function::TrigammaFall) => {
                let sum = Piece { text: format!("{} + {}", texts[0], texts[1]), binding: Binding::Sum };
                let order = if function == Function::DigammaRise { "0" } else { "1" };
                let [near, far] = [&args[0], &sum]
                    .map(|x| self.call(Function::Polygamma, &[Piece::atom(order), x.clone()]));
                let (a, b) = if function == Function::DigammaRise { (far, near) } else { (near, far) };
                Piece { text: format!("{} - {}", a.text, b.text), binding: Binding::Sum }
            }
            (_, Function::LambertRatio) => {
                let w = self.call(Function::LambertW, args);
                let negative = Piece { text: format!("-{}", w.text), binding: Binding::Sum };
                self.call(Function::Exp, &[negative])
            }
            (_, Function::Direction) => {
                let radius = self.call(Function::Hypot, args);
                self.call(Function::Quotient, &[args[0].clone(), radius])
            }
            (Notation::Text, Function::Quotient) => {
                let [x, y] = [args[0].within(self, Binding::Product), args[1].within(self, Binding::Power)];
                Piece { text: format!("{x}/{y}"), binding: Binding::Product }
            }
            (Notation::Latex, Function::Quotient) => {
                Piece::atom(format!(r"\frac{{{}}}{{{}}}", texts[0], texts[1]))
            }
            (Notation::Text, _) => match usual(function, texts[0]) {
                Some(name) => Piece::atom(format!("{name}({})", texts[1])),
                None => Piece::atom(format!("{}({joined})", function.name())),
            },
            (Notation::Latex, Function::Polygamma) => {
                Piece::atom(format!(r"\psi^{{({})}}\left({}\right)", texts[0], texts[1]))
            }
            (Notation::Latex, Function::BesselJ | Function::SphericalBessel) => {
                Piece::atom(format!(r"{}_{{{}}}\left({}\right)", function.latex(), texts[0], texts[1]))
            }
            (Notation::Latex, Function::Abs) => Piece::atom(format!(r"\left|{joined}\right|")),
            (Notation::Latex, Function::Exp) => {
                Piece { text: format!("e^{{{joined}}}"), binding: Binding::Power }
            }
            (Notation::Latex, Function::Exp2) => {
                Piece { text: format!("2^{{{joined}}}"), binding: Binding::Power }
            }
            (Notation::Latex, Function::Pow) => Piece {
                text: format!("{{{}}}^{{{}}}", args[0].within(self, Binding::Atom), texts[1]),
                binding: Binding::Power,
            },
            (Notation::Latex, Function::Cbrt) => Piece::atom(format!(r"\sqrt[3]{{{joined}}}")),
            (Notation::Latex, Function::Floor) => {
                Piece::atom(format!(r"\left\lfloor {joined} \right\rfloor"))
            }
            (Notation::Latex, Function::Ceil) => Piece::atom(format!(r"\left\lceil {joined} \right\rceil")),
            (Notation::Latex, _) => Piece::atom(format!(r"{}\left({joined}\right)", function.latex())),
        }
    }

    pub(super) fn reduce(
        self,
        kind: ReduceKind,
        index: &str,
        range: Option<(&str, &str)>,
        body: &Piece,
    ) -> Piece {
        if self == Notation::Text {
            let name = match kind {
                ReduceKind::Sum => "sum",
                ReduceKind::Product => "prod",
                ReduceKind::Max => "max",
                ReduceKind::LogSumExp => "logsumexp",
            };
            let over = match range {
                Some((lo, hi)) => format!("{index} in {lo}..{hi}"),
                None => index.to_owned(),
            };
            return Piece::atom(format!("{name}({over}, {})", body.text));
        }
        let under = match range {
            Some((lo, hi)) => format!(r"{lo} \le {index} < {hi}"),
            None => index.to_owned(),
        };
        let inner = body.within(self, Binding::Product);
        let text = match kind {
            ReduceKind::Sum => format!(r"\sum_{{{under}}} {inner}"),
            ReduceKind::Product => format!(r"\prod_{{{under}}} {inner}"),
            ReduceKind::Max => format!(r"\max_{{{under}}} {inner}"),
            ReduceKind::LogSumExp => format!(r"\ln \sum_{{{under}}} e^{{{}}}", body.text),
        };
        Piece { text, binding: Binding::Sum }
    }

    pub(super) fn comparison(self, comparison: Comparison) -> &'static str {
        match (self, comparison) {
            (_, Comparison::Less) => "<",
            (_, Comparison::Greater) => ">",
            (Notation::Text, Comparison::LessEqual) => "<=",
            (Notation::Text, Comparison::GreaterEqual) => ">=",
            (Notation::Text, Comparison::Equal) => "==",
            (Notation::Text, Comparison::NotEqual) => "!=",
            (Notation::Latex, Comparison::LessEqual) => r"\le",
            (Notation::Latex, Comparison::GreaterEqual) => r"\ge",
            (Notation::Latex, Comparison::Equal) => "=",
            (Notation::Latex, Comparison::NotEqual) => r"\ne",
        }
    }

    pub(super) fn select(self, condition: &Piece, a: &Piece, b: &Piece) -> Piece {
        match self {
            Notation::Text => Piece::atom(format!("if({}, {}, {})", condition.text, a.text, b.text)),
            Notation::Latex => Piece::atom(format!(
                r"\begin{{cases}} {} & {} \\ {} & \text{{otherwise}} \end{{cases}}",
                a.text, condition.text, b.text
            )),
        }
    }
}

/// What a function of this order is usually called.
fn usual(function: Function, order: &str) -> Option<&'static str> {
    match (function, order) {
        (Function::SphericalBessel, "0") => Some("sinc"),
        (Function::Polygamma, "0") => Some("digamma"),
        (Function::Polygamma, "1") => Some("trigamma"),
        (Function::BesselJ, "0") => Some("bessel_j0"),
        (Function::BesselJ, "1") => Some("bessel_j1"),
        _ => None,
    }
}

fn greek(name: &str) -> Option<&'static str> {
    const LETTERS: &[(&str, &str, &str)] = &[
        ("α", "alpha", "alpha"),
        ("β", "beta", "beta"),
        ("γ", "gamma", "gamma"),
        ("δ", "delta", "delta"),
        ("ε", "epsilon", "varepsilon"),
        ("ζ", "zeta", "zeta"),
        ("η", "eta", "eta"),
        ("θ", "theta", "theta"),
        ("κ", "kappa", "kappa"),
        ("λ", "lambda", "lambda"),
        ("μ", "mu", "mu"),
        ("ν", "nu", "nu"),
        ("ξ", "xi", "xi"),
        ("π", "pi", "pi"),
        ("ρ", "rho", "rho"),
        ("σ", "sigma", "sigma"),
        ("τ", "tau", "tau"),
        ("φ", "phi", "varphi"),
        ("χ", "chi", "chi"),
        ("ψ", "psi", "psi"),
        ("ω", "omega", "omega"),
        ("Γ", "Gamma", "Gamma"),
        ("Δ", "Delta", "Delta"),
        ("Λ", "Lambda", "Lambda"),
        ("Σ", "Sigma", "Sigma"),
        ("Φ", "Phi", "Phi"),
        ("Ω", "Omega", "Omega"),
    ];
    LETTERS.iter().find(|(letter, word, _)| *letter == name || *word == name).map(|&(_, _, latex)| latex)
}
