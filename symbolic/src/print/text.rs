//! The formula language.

use super::notation::{self, Binding, Constant, Logic, Over, Piece, Script};
use crate::functions::Function;
use crate::graph::{Comparison, ReduceKind};

pub(super) struct Text;

impl Script for Text {
    fn constant(&self, constant: Constant<'_>) -> Piece {
        match constant {
            Constant::Decimal(digits) => Piece::atom(digits),
            Constant::Scientific(mantissa, exponent) => Piece::atom(format!("{mantissa}e{exponent}")),
            Constant::Fraction(above, below) => Piece::new(format!("{above}/{below}"), Binding::Product),
            Constant::Pi => Piece::atom("pi"),
            Constant::Infinity => Piece::new("1e308*10", Binding::Product),
            Constant::NotANumber => Piece::new("0/0", Binding::Product),
        }
    }

    fn element(&self, name: &str, subscripts: &[String]) -> Piece {
        Piece::atom(match subscripts {
            [] => name.to_owned(),
            _ => format!("{name}[{}]", subscripts.join(", ")),
        })
    }

    fn affine(&self, terms: &[(bool, u64, String)], constant: i64) -> String {
        notation::affine(terms, constant, "*")
    }

    fn brackets(&self, text: &str) -> String {
        format!("({text})")
    }

    fn sum(&self, terms: &[(bool, String)]) -> String {
        let mut text = String::new();
        for (negative, term) in terms {
            text.push_str(match (text.is_empty(), negative) {
                (true, true) => "-",
                (true, false) => "",
                (false, true) => " - ",
                (false, false) => " + ",
            });
            text.push_str(term);
        }
        text
    }

    fn product(&self, factors: &[String]) -> String {
        factors.join("*")
    }

    fn quotient(&self, above: &Piece, below: &Piece) -> Piece {
        let (above, below) = (above.within(self, Binding::Product), below.within(self, Binding::Power));
        Piece::new(format!("{above}/{below}"), Binding::Product)
    }

    /// Divisors one by one: a product of them would be a group of its own.
    fn ratio(&self, above: Vec<Piece>, below: Vec<Piece>) -> Piece {
        let binding = match (&above[..], &below[..]) {
            ([only], []) => only.binding,
            _ => Binding::Product,
        };
        let least = if above.len() + below.len() > 1 { Binding::Power } else { binding };
        let mut text = above.iter().map(|piece| piece.within(self, least)).collect::<Vec<_>>().join("*");
        if text.is_empty() {
            text.push('1');
        }
        let divisors: Vec<String> = below.iter().map(|piece| piece.within(self, Binding::Power)).collect();
        // A number goes with the first of the others.
        let is_number = |text: &String| text.bytes().all(|b| b.is_ascii_digit());
        match &divisors[..] {
            [number, first, rest @ ..] if is_number(number) && !is_number(first) => {
                text.push_str(&format!("/({number}*{first})"));
                rest.iter().for_each(|divisor| text.push_str(&format!("/{divisor}")));
            }
            _ => divisors.iter().for_each(|divisor| text.push_str(&format!("/{divisor}"))),
        }
        Piece::new(text, binding)
    }

    fn is_formal(&self) -> bool {
        false
    }

    fn power(&self, base: &Piece, exponent: &Piece) -> Piece {
        let (base, exponent) = (base.within(self, Binding::Atom), exponent.within(self, Binding::Atom));
        Piece::new(format!("{base}^{exponent}"), Binding::Power)
    }

    fn root(&self, degree: u32, of: &Piece) -> Piece {
        Piece::atom(format!("{}({})", if degree == 3 { "cbrt" } else { "sqrt" }, of.text))
    }

    fn call(&self, function: Function, args: &[Piece]) -> Piece {
        // Only what is rounded has one.
        if let (Function::Quotient, [above, below]) = (function, args) {
            return self.quotient(above, below);
        }
        if let Some((order, rest)) = args.split_first()
            && let Some(name) = usual(function, &order.text)
        {
            return Piece::atom(format!("{name}({})", texts(rest)));
        }
        Piece::atom(format!("{}({})", function.name(), texts(args)))
    }

    fn reduce(&self, kind: ReduceKind, over: &Over<'_>, body: &Piece) -> Piece {
        let name = match kind {
            ReduceKind::Sum => "sum",
            ReduceKind::Product => "prod",
            ReduceKind::Max => "max",
            ReduceKind::LogSumExp => "logsumexp",
        };
        let index = over.index;
        Piece::atom(match over.bounds {
            Some((lo, hi)) => format!("{name}({index} in {lo}..{hi}, {})", body.text),
            None => format!("{name}({index}, {})", body.text),
        })
    }

    fn compare(&self, comparison: Comparison, a: &str, b: &str) -> String {
        let sign = match comparison {
            Comparison::Less => "<",
            Comparison::Greater => ">",
            Comparison::LessEqual => "<=",
            Comparison::GreaterEqual => ">=",
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
        };
        format!("{a} {sign} {b}")
    }

    fn logic(&self, logic: Logic, a: &str, b: &str) -> String {
        let word = match logic {
            Logic::And => "and",
            Logic::Or => "or",
        };
        format!("{a} {word} {b}")
    }

    fn not(&self, a: &str) -> String {
        format!("not {a}")
    }

    fn cases(&self, condition: &Piece, a: &Piece, b: &Piece) -> Piece {
        Piece::atom(format!("if({}, {}, {})", condition.text, a.text, b.text))
    }

    fn delta(&self, a: &str, b: &str) -> Piece {
        Piece::atom(format!("delta({a}, {b})"))
    }
}

fn texts(args: &[Piece]) -> String {
    args.iter().map(|arg| arg.text.as_str()).collect::<Vec<_>>().join(", ")
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
