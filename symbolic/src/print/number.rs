//! Constants as people write them.

use super::notation::{Binding, Constant, Piece, Script};
use crate::graph::Number;

/// Denominators that stay fractions although they have decimals.
const FRACTIONS: &[i128] = &[2, 4, 8];

/// How numbers are written in one notation.
#[derive(Clone, Copy)]
pub(super) struct Numbers {
    pub(super) script: &'static dyn Script,
    /// Whether the letter π is the number.
    pub(super) has_pi: bool,
}

impl Numbers {
    /// A constant with its sign.
    pub(super) fn whole(self, number: Number) -> Piece {
        if !number.is_negative() {
            return self.size(number);
        }
        let size = self.size(number.negate()).within(self.script, Binding::Product);
        Piece::new(self.script.sum(&[(true, size)]), Binding::Sum)
    }

    /// A positive coefficient: what stands above the line of a fraction and what below it.
    pub(super) fn split(self, coefficient: Number) -> [Vec<Piece>; 2] {
        let whole =
            |value: i128| (value != 1).then(|| self.script.constant(Constant::Decimal(&value.to_string())));
        if let Some((above, below)) = self.multiple_of_pi(coefficient) {
            let pi = self.script.constant(Constant::Pi);
            return [whole(above).into_iter().chain([pi]).collect(), whole(below).into_iter().collect()];
        }
        match coefficient {
            Number::Rational(ratio) if !ratio.is_integer() && decimal(coefficient).is_none() => {
                [*ratio.numer(), *ratio.denom()].map(|value| whole(value).into_iter().collect())
            }
            _ if coefficient.is_one() => [Vec::new(), Vec::new()],
            _ => [vec![self.size(coefficient)], Vec::new()],
        }
    }

    fn size(self, number: Number) -> Piece {
        let script = self.script;
        match number {
            Number::Rational(ratio) => match decimal(number) {
                Some(decimal) => plain(script, &decimal),
                None => {
                    let (above, below) = (ratio.numer().to_string(), ratio.denom().to_string());
                    script.constant(Constant::Fraction(&above, &below))
                }
            },
            Number::Float(value) if value.is_nan() => script.constant(Constant::NotANumber),
            Number::Float(value) if value.is_infinite() => script.constant(Constant::Infinity),
            Number::Float(_) if self.multiple_of_pi(number).is_some() => {
                let [above, below] = self.split(number);
                script.ratio(above, below)
            }
            Number::Float(value) => {
                let text = format!("{value:?}");
                // Read back, few digits would be a rational, which has the value but is another number.
                match Number::parse_decimal(&text) {
                    Some(Number::Rational(_)) if !script.is_formal() => {
                        plain(script, &format!("{value:.17e}"))
                    }
                    _ => plain(script, &text),
                }
            }
        }
    }

    /// Numerator and denominator, one of which is 1, where a number is that multiple of π.
    fn multiple_of_pi(self, number: Number) -> Option<(i128, i128)> {
        const LARGEST: i128 = 8;
        let Number::Float(_) = number else { return None };
        let pi = Number::float(std::f64::consts::PI);
        let multiples = (1..=LARGEST).map(|k| (k, 1)).chain((2..=LARGEST).map(|k| (1, k)));
        let mut equal =
            multiples.filter(|&(above, below)| Number::rational(above, below).times(pi) == number);
        equal.next().filter(|_| self.has_pi)
    }
}

/// A rational as a decimal that is exactly it, where that is how it would be written.
fn decimal(number: Number) -> Option<String> {
    let Number::Rational(ratio) = number else { return None };
    if FRACTIONS.contains(ratio.denom()) {
        return None;
    }
    let mut rest = *ratio.denom();
    for prime in [2, 5] {
        while rest % prime == 0 {
            rest /= prime;
        }
    }
    let text = format!("{:?}", number.to_f64());
    let text = text.strip_suffix(".0").unwrap_or(&text);
    // Read back it has to be the same number.
    (rest == 1 && Number::parse_decimal(text) == Some(number)).then(|| text.to_owned())
}

fn plain(script: &dyn Script, text: &str) -> Piece {
    match text.split_once('e') {
        Some((mantissa, exponent)) => script.constant(Constant::Scientific(mantissa, exponent)),
        None => script.constant(Constant::Decimal(text)),
    }
}
