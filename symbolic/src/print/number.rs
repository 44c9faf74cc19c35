//! Constants as people write them.

use super::notation::{Binding, Constant, Piece, Script};
use crate::graph::Number;

/// Denominators that stay fractions although they have decimals.
const FRACTIONS: &[i128] = &[2, 4, 8];

/// A constant with its sign.
pub(super) fn number(script: &dyn Script, number: Number) -> Piece {
    if !number.is_negative() {
        return size(script, number);
    }
    let size = size(script, number.negate()).within(script, Binding::Product);
    Piece::new(script.sum(&[(true, size)]), Binding::Sum)
}

/// A positive coefficient: what stands above the line of a fraction and what below it.
pub(super) fn split(script: &dyn Script, coefficient: Number) -> [Option<Piece>; 2] {
    match coefficient {
        Number::Rational(ratio) if !ratio.is_integer() && decimal(coefficient).is_none() => {
            let whole =
                |value: &i128| (*value != 1).then(|| script.constant(Constant::Decimal(&value.to_string())));
            [whole(ratio.numer()), whole(ratio.denom())]
        }
        _ if coefficient.is_one() => [None, None],
        _ => [Some(size(script, coefficient)), None],
    }
}

fn size(script: &dyn Script, number: Number) -> Piece {
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
        Number::Float(value) => plain(script, &format!("{value:?}")),
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
