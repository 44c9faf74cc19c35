//! Presentation MathML, of MathML Core alone, which browsers have.

use super::functions::{Form, Part, form};
use super::names::parts;
use super::notation::{Binding, Constant, Logic, Over, Piece, Script, product};
use crate::functions::Function;
use crate::graph::{Comparison, ReduceKind};

pub(super) struct MathMl;

/// Between a function and its argument: nothing to see, but a place where a line may be read out.
const APPLICATION: &str = "<mo>&#x2061;</mo>";
/// Between factors.
const TIMES: &str = "<mo>&#x2062;</mo>";

impl Script for MathMl {
    fn constant(&self, constant: Constant<'_>) -> Piece {
        match constant {
            Constant::Decimal(digits) => Piece::atom(number(digits)),
            Constant::Scientific("1", exponent) => {
                Piece::new(element("msup", &[number("10"), signed(exponent)]), Binding::Power)
            }
            Constant::Scientific(mantissa, exponent) => {
                let power = element("msup", &[number("10"), signed(exponent)]);
                Piece::new(format!("{}{}{power}", number(mantissa), operator("·")), Binding::Product)
            }
            Constant::Fraction(above, below) => {
                Piece::atom(element("mfrac", &[number(above), number(below)]))
            }
            Constant::Pi => Piece::atom(identifier("π")),
            Constant::Infinity => Piece::atom(number("∞")),
            Constant::NotANumber => Piece::atom(identifier("NaN")),
        }
    }

    fn element(&self, name: &str, subscripts: &[String]) -> Piece {
        let name = parts(name);
        let below: Vec<String> =
            name.below.iter().map(|part| symbol(part)).chain(subscripts.iter().cloned()).collect();
        let stem = symbol(&name.stem);
        let below = (!below.is_empty()).then(|| row(&below.join(&operator(","))));
        Piece::atom(below.map_or(stem.clone(), |below| element("msub", &[stem, below])))
    }

    fn affine(&self, terms: &[(bool, u64, String)], constant: i64) -> String {
        let mut text = String::new();
        for (negative, factor, name) in terms {
            if *negative || !text.is_empty() {
                text.push_str(&operator(if *negative { "−" } else { "+" }));
            }
            if *factor != 1 {
                text.push_str(&format!("{}{TIMES}", number(&factor.to_string())));
            }
            // Sizes come as names, indices as elements made already.
            text.push_str(name);
        }
        if constant < 0 {
            text.push_str(&operator("−"));
        } else if constant > 0 && !text.is_empty() {
            text.push_str(&operator("+"));
        }
        if constant != 0 || text.is_empty() {
            text.push_str(&number(&constant.unsigned_abs().to_string()));
        }
        text
    }

    fn brackets(&self, text: &str) -> String {
        row(&format!("{}{text}{}", operator("("), operator(")")))
    }

    fn sum(&self, terms: &[(bool, String)]) -> String {
        let mut text = String::new();
        for (negative, term) in terms {
            if *negative || !text.is_empty() {
                text.push_str(&operator(if *negative { "−" } else { "+" }));
            }
            text.push_str(term);
        }
        text
    }

    fn product(&self, factors: &[String]) -> String {
        let mut text = String::new();
        for factor in factors {
            if !text.is_empty() {
                // Two numbers side by side would be one.
                let is_number = factor.starts_with("<mn>") || factor.starts_with("<msup><mn>");
                text.push_str(if is_number { "<mo>·</mo>" } else { TIMES });
            }
            text.push_str(factor);
        }
        text
    }

    fn quotient(&self, above: &Piece, below: &Piece) -> Piece {
        Piece::atom(element("mfrac", &[row(&above.text), row(&below.text)]))
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
        let exponent_is_plain = exponent.text.strip_prefix("<mn>").is_some_and(|rest| {
            rest.strip_suffix("</mn>").is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
        });
        let text = if base.head > 0 && exponent_is_plain {
            let (name, rest) = base.text.split_at(base.head);
            format!("{}{rest}", element("msup", &[row(name), row(&exponent.text)]))
        } else {
            let is_call = base.head > 0;
            let base = if is_call { self.brackets(&base.text) } else { base.within(self, Binding::Atom) };
            element("msup", &[row(&base), row(&exponent.text)])
        };
        Piece::new(text, Binding::Power)
    }

    fn root(&self, degree: u32, of: &Piece) -> Piece {
        Piece::atom(match degree {
            2 => element("msqrt", std::slice::from_ref(&of.text)),
            _ => element("mroot", &[row(&of.text), number(&degree.to_string())]),
        })
    }

    fn call(&self, function: Function, args: &[Piece]) -> Piece {
        let named = |head: String, args: &[Piece]| {
            let list = args.iter().map(|arg| arg.text.as_str()).collect::<Vec<_>>().join(&operator(","));
            let text = format!("{head}{APPLICATION}{}", self.brackets(&list));
            Piece { head: head.len(), ..Piece::atom(text) }
        };
        match (form(function), args) {
            (Form::Exponential(base), [x]) => {
                let base = if base == "e" { identifier(base) } else { number(base) };
                Piece::new(element("msup", &[base, row(&x.text)]), Binding::Power)
            }
            (Form::Power, [x, y]) => self.power(x, y),
            (Form::Quotient, [x, y]) => self.quotient(x, y),
            (Form::Root(degree), [x]) => self.root(degree, x),
            (Form::Between(_, [open, close]), [x]) => {
                let fence = |sign: &str| format!("<mo fence=\"true\" stretchy=\"true\">{sign}</mo>");
                Piece::atom(row(&format!("{}{}{}", fence(open), x.text, fence(close))))
            }
            (Form::Below(letter), [order, rest @ ..]) => {
                named(element("msub", &[identifier(letter), row(&order.text)]), rest)
            }
            (Form::Above(letter), [order, rest @ ..]) => {
                let above = match order.text.as_str() {
                    "<mn>0</mn>" => return named(identifier(letter), rest),
                    "<mn>1</mn>" => operator("′"),
                    "<mn>2</mn>" => operator("″"),
                    order => self.brackets(order),
                };
                Piece { head: 0, ..named(element("msup", &[identifier(letter), above]), rest) }
            }
            (Form::Named(parts), args) if !parts.is_empty() => named(head(parts), args),
            _ => named(identifier(function.name()), args),
        }
    }

    fn reduce(&self, kind: ReduceKind, over: &Over<'_>, body: &Piece) -> Piece {
        let index = over.index;
        let under = row(&match over.bounds {
            Some((lo, hi)) => format!("{lo}{}{index}{}{hi}", operator("≤"), operator("&lt;")),
            None => index.to_owned(),
        });
        let signed = |sign: String| element("munder", &[sign, under.clone()]);
        let inner = body.within(self, Binding::Open);
        let text = match kind {
            ReduceKind::Sum => format!("{}{inner}", signed(operator("∑"))),
            ReduceKind::Product => format!("{}{inner}", signed(operator("∏"))),
            ReduceKind::Max => format!("{}{APPLICATION}{inner}", signed(operator("max"))),
            ReduceKind::LogSumExp => {
                let power = element("msup", &[identifier("e"), row(&body.text)]);
                format!("{}{APPLICATION}{}{power}", identifier("ln"), signed(operator("∑")))
            }
        };
        Piece::new(text, Binding::Open)
    }

    fn compare(&self, comparison: Comparison, a: &str, b: &str) -> String {
        let sign = match comparison {
            Comparison::Less => "&lt;",
            Comparison::Greater => "&gt;",
            Comparison::LessEqual => "≤",
            Comparison::GreaterEqual => "≥",
            Comparison::Equal => "=",
            Comparison::NotEqual => "≠",
        };
        format!("{a}{}{b}", operator(sign))
    }

    fn logic(&self, logic: Logic, a: &str, b: &str) -> String {
        let sign = match logic {
            Logic::And => "∧",
            Logic::Or => "∨",
        };
        format!("{a}{}{b}", operator(sign))
    }

    fn not(&self, a: &str) -> String {
        format!("{}{a}", operator("¬"))
    }

    fn cases(&self, condition: &Piece, a: &Piece, b: &Piece) -> Piece {
        let line = |value: &str, text: &str, when: &str| {
            let cell = |content: &str| format!("<mtd style=\"text-align: left\">{content}</mtd>");
            let words = format!("<mtext>{text}</mtext>{when}");
            element("mtr", &[cell(value), cell(&words)])
        };
        // Spaces at the ends of mtext are dropped unless they do not break.
        let lines = [line(&a.text, "if&#xA0;", &condition.text), line(&b.text, "otherwise", "")];
        Piece::atom(row(&format!("{}{}", operator("{"), element("mtable", &lines))))
    }

    fn delta(&self, a: &str, b: &str) -> Piece {
        Piece::atom(element("msub", &[identifier("δ"), row(&format!("{a}{}{b}", operator(",")))]))
    }
}

fn element(name: &str, children: &[String]) -> String {
    format!("<{name}>{}</{name}>", children.concat())
}

/// One element in the place of several.
fn row(content: &str) -> String {
    element("mrow", &[content.to_owned()])
}

fn identifier(name: &str) -> String {
    format!("<mi>{name}</mi>")
}

fn number(digits: &str) -> String {
    format!("<mn>{digits}</mn>")
}

fn operator(sign: &str) -> String {
    format!("<mo>{sign}</mo>")
}

/// A whole number with its sign.
fn signed(digits: &str) -> String {
    digits
        .strip_prefix('-')
        .map_or_else(|| number(digits), |size| row(&format!("{}{}", operator("−"), number(size))))
}

/// A part of a name: letters or digits.
fn symbol(part: &str) -> String {
    if part.bytes().all(|b| b.is_ascii_digit()) { number(part) } else { identifier(part) }
}

fn head(parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        text = match part {
            Part::Word(name) | Part::Letter(name) => text + &identifier(name),
            Part::Base(base) => element("msub", &[text, number(base)]),
        };
    }
    if parts.len() > 1 { row(&text) } else { text }
}
