//! LaTeX mathematics, of amsmath and no other package.

use super::functions::{Form, Part, form};
use super::names::{command, parts};
use super::notation::{self, Binding, Constant, Logic, Over, Piece, Script, product};
use crate::functions::Function;
use crate::graph::{Comparison, ReduceKind};

pub(super) struct Latex;

impl Script for Latex {
    fn constant(&self, constant: Constant<'_>) -> Piece {
        match constant {
            Constant::Decimal(digits) => Piece::atom(digits),
            Constant::Scientific("1", exponent) => Piece::new(format!("10^{{{exponent}}}"), Binding::Power),
            Constant::Scientific(mantissa, exponent) => {
                Piece::new(format!(r"{mantissa} \cdot 10^{{{exponent}}}"), Binding::Product)
            }
            Constant::Fraction(above, below) => Piece::atom(format!(r"\frac{{{above}}}{{{below}}}")),
            Constant::Pi => Piece::atom(r"\pi"),
            Constant::Infinity => Piece::atom(r"\infty"),
            Constant::NotANumber => Piece::atom(r"\mathrm{NaN}"),
        }
    }

    fn element(&self, name: &str, subscripts: &[String]) -> Piece {
        let name = parts(name);
        let below: Vec<String> =
            name.below.iter().map(|part| letters(part)).chain(subscripts.iter().cloned()).collect();
        let stem = letters(&name.stem);
        Piece::atom(if below.is_empty() { stem } else { format!("{stem}_{{{}}}", below.join(", ")) })
    }

    fn affine(&self, terms: &[(bool, u64, String)], constant: i64) -> String {
        notation::affine(terms, constant, " ")
    }

    fn brackets(&self, text: &str) -> String {
        format!(r"\left({text}\right)")
    }

    fn sum(&self, terms: &[(bool, String)]) -> String {
        super::text::Text.sum(terms)
    }

    fn product(&self, factors: &[String]) -> String {
        let mut text = String::new();
        for factor in factors {
            if !text.is_empty() {
                // Two numbers side by side would be one.
                let is_number = factor.starts_with(|c: char| c.is_ascii_digit());
                text.push_str(if is_number { r" \cdot " } else { r" \, " });
            }
            text.push_str(factor);
        }
        text
    }

    fn quotient(&self, above: &Piece, below: &Piece) -> Piece {
        Piece::atom(format!(r"\frac{{{}}}{{{}}}", above.text, below.text))
    }

    fn ratio(&self, above: Vec<Piece>, below: Vec<Piece>) -> Piece {
        let product = |factors: Vec<Piece>| product(self, factors);
        if below.is_empty() {
            return product(above);
        }
        let above = if above.is_empty() { self.constant(Constant::Decimal("1")) } else { product(above) };
        self.quotient(&above, &product(below))
    }

    fn is_formal(&self) -> bool {
        true
    }

    fn power(&self, base: &Piece, exponent: &Piece) -> Piece {
        let exponent = &exponent.text;
        let text = if base.head > 0 && exponent.bytes().all(|b| b.is_ascii_digit()) {
            let (name, rest) = base.text.split_at(base.head);
            format!("{name}^{{{exponent}}}{rest}")
        } else if base.head > 0 {
            format!("{}^{{{exponent}}}", self.brackets(&base.text))
        } else {
            let base = base.within(self, Binding::Atom);
            // A second superscript would not be taken.
            let is_low = !base.contains('^');
            if is_low { format!("{base}^{{{exponent}}}") } else { format!("{{{base}}}^{{{exponent}}}") }
        };
        Piece::new(text, Binding::Power)
    }

    fn root(&self, degree: u32, of: &Piece) -> Piece {
        Piece::atom(match degree {
            2 => format!(r"\sqrt{{{}}}", of.text),
            _ => format!(r"\sqrt[{degree}]{{{}}}", of.text),
        })
    }

    fn call(&self, function: Function, args: &[Piece]) -> Piece {
        let named = |head: String, args: &[Piece]| {
            let list = args.iter().map(|arg| arg.text.as_str()).collect::<Vec<_>>().join(", ");
            Piece { head: head.len(), ..Piece::atom(format!("{head}{}", self.brackets(&list))) }
        };
        match (form(function), args) {
            (Form::Exponential(base), [x]) => Piece::new(format!("{base}^{{{}}}", x.text), Binding::Power),
            (Form::Power, [x, y]) => self.power(x, y),
            (Form::Quotient, [x, y]) => self.quotient(x, y),
            (Form::Root(degree), [x]) => self.root(degree, x),
            (Form::Between([open, close], _), [x]) => Piece::atom(format!("{open}{}{close}", x.text)),
            (Form::Below(letter), [order, rest @ ..]) => named(format!("{letter}_{{{}}}", order.text), rest),
            (Form::Above(letter), [order, rest @ ..]) => {
                let above = match order.text.as_str() {
                    "0" => String::new(),
                    "1" => "'".to_owned(),
                    "2" => "''".to_owned(),
                    order => format!("^{{({order})}}"),
                };
                let call = named(format!("{}{above}", letters(letter)), rest);
                // A second superscript would not be taken.
                Piece { head: if above.is_empty() { call.head } else { 0 }, ..call }
            }
            (Form::Named(parts), args) if !parts.is_empty() => {
                named(parts.iter().map(head).collect::<String>(), args)
            }
            _ => named(word(function.name()), args),
        }
    }

    fn reduce(&self, kind: ReduceKind, over: &Over<'_>, body: &Piece) -> Piece {
        let index = over.index;
        let under = match over.bounds {
            Some((lo, hi)) => format!(r"{lo} \le {index} < {hi}"),
            None => index.to_owned(),
        };
        let inner = body.within(self, Binding::Open);
        let text = match kind {
            ReduceKind::Sum => format!(r"\sum_{{{under}}} {inner}"),
            ReduceKind::Product => format!(r"\prod_{{{under}}} {inner}"),
            ReduceKind::Max => format!(r"\max_{{{under}}} {inner}"),
            ReduceKind::LogSumExp => format!(r"\ln \sum_{{{under}}} e^{{{}}}", body.text),
        };
        Piece::new(text, Binding::Open)
    }

    fn compare(&self, comparison: Comparison, a: &str, b: &str) -> String {
        let sign = match comparison {
            Comparison::Less => "<",
            Comparison::Greater => ">",
            Comparison::LessEqual => r"\le",
            Comparison::GreaterEqual => r"\ge",
            Comparison::Equal => "=",
            Comparison::NotEqual => r"\ne",
        };
        format!("{a} {sign} {b}")
    }

    fn logic(&self, logic: Logic, a: &str, b: &str) -> String {
        let sign = match logic {
            Logic::And => r"\land",
            Logic::Or => r"\lor",
        };
        format!("{a} {sign} {b}")
    }

    fn not(&self, a: &str) -> String {
        format!(r"\lnot {a}")
    }

    fn cases(&self, condition: &Piece, a: &Piece, b: &Piece) -> Piece {
        Piece::atom(format!(
            r"\begin{{cases}} {} & \text{{if }} {} \\ {} & \text{{otherwise}} \end{{cases}}",
            a.text, condition.text, b.text
        ))
    }

    fn delta(&self, a: &str, b: &str) -> Piece {
        Piece::atom(format!(r"\delta_{{{a}, {b}}}"))
    }
}

/// One letter is italic, a word upright.
fn letters(word: &str) -> String {
    if let Some(command) = command(word) {
        return command.to_owned();
    }
    let plain = word.replace('_', r"\_");
    match word.chars().count() {
        1 if word.is_ascii() && word != "_" => plain,
        _ if word.bytes().all(|b| b.is_ascii_digit()) => plain,
        _ if word.is_ascii() => format!(r"\mathrm{{{plain}}}"),
        // Fonts for mathematics have few letters beyond ASCII.
        _ => format!(r"\text{{{plain}}}"),
    }
}

/// Functions that have a command of their own.
const COMMANDS: &[&str] = &[
    "arccos", "arcsin", "arctan", "cos", "cosh", "exp", "ln", "log", "max", "min", "sin", "sinh", "tan",
    "tanh",
];

fn word(name: &str) -> String {
    if COMMANDS.contains(&name) {
        format!(r"\{name}")
    } else {
        format!(r"\operatorname{{{}}}", name.replace('_', r"\_"))
    }
}

fn head(part: &Part) -> String {
    match part {
        Part::Word(name) => word(name),
        Part::Letter(letter) => letters(letter),
        Part::Base(base) => format!("_{{{base}}}"),
    }
}
