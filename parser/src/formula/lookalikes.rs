//! Characters that look like others.
//!
//! Only letters that no reader can tell apart are listed: ν and v, or ρ and p, differ in print, and formulas use both.
//! After the confusables of Unicode Technical Standard 39.

use std::collections::HashMap;

use super::tokens::{Kind, Token, is_raised};
use crate::builtins::{builtin, reduction};
use crate::diagnostic::{ByteRange, Diagnostic, Problem};

/// Letters, and below each the one it looks like.
const LETTERS: [(&str, &str); 4] = [
    ("АВЕЅІЈКМНОРСТУХ", "ABESIJKMHOPCTYX"),
    ("аеѕіјорсухһԁԛԝ", "aesijopcyxhdqw"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲ", "ABEZHIKMNOPTYXoc"),
    ("\u{212a}\u{212b}\u{2126}ı", "KÅΩi"),
];
/// Marks of the language, and what word processors and other keyboards write for them.
const MARKS: [(char, &str); 10] = [
    ('-', "–—‐‑‒"),
    ('/', "∕⁄"),
    ('*', "•∙⋆✕✖"),
    ('^', "ˆ"),
    ('<', "‹⟨"),
    ('>', "›⟩"),
    (',', "،、‚"),
    (';', ";"),
    ('[', "【"),
    (']', "】"),
];

/// Complaints about names that read like another name of the text, or like a function, but are not.
pub(super) fn lookalikes(source: &str, tokens: &[Token]) -> Vec<Diagnostic> {
    let names: Vec<(&str, &ByteRange)> = tokens
        .iter()
        .filter(|t| t.kind == Kind::Name)
        .map(|t| (&source[t.range.clone()], &t.range))
        .collect();
    // Names in letters of the keyboard go first, so that it is the others that are complained about.
    let (foreign, usual): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|(name, _)| name.chars().any(|c| reading(c) != c));
    if foreign.is_empty() {
        return Vec::new();
    }
    let mut first: HashMap<String, (&str, &ByteRange)> = HashMap::new();
    for (name, range) in usual {
        first.entry(name.to_owned()).or_insert((name, range));
    }
    let mut diagnostics = Vec::new();
    for (name, range) in foreign {
        let meant: String = name.chars().map(reading).collect();
        let is_known = builtin(&meant).is_some() || reduction(&meant).is_some();
        let is_mixed = name.chars().any(|c| c.is_ascii_alphabetic());
        match first.get(&meant) {
            Some((other, _)) if *other == name => {}
            Some((other, place)) => {
                diagnostics.push(complaint(name, other, range).note((*place).clone(), "looks the same"));
            }
            None if is_known || is_mixed => diagnostics.push(complaint(name, &meant, range)),
            None => {
                first.insert(meant, (name, range));
            }
        }
    }
    diagnostics
}

/// The complaint about a run of one character that begins no token.
pub(super) fn stray(character: char, range: ByteRange) -> Diagnostic {
    let meant = reading(character);
    let problem = match invisible(character) {
        Some(what) => Problem::InvisibleCharacter { what: what.to_owned(), code: code(character) },
        None if meant.is_ascii() && meant != character => {
            let letter = described(character);
            return Diagnostic::new(Problem::LookalikeMark { letter, meant }, range.clone())
                .fix(range, meant.to_string());
        }
        None => Problem::StrayCharacter { text: character.to_string(), advice: advice(character).to_owned() },
    };
    Diagnostic::new(problem, range)
}

/// What to write for marks of other languages.
fn advice(character: char) -> &'static str {
    match character {
        '&' => "write `and`",
        '|' => "write `or`, or `abs(x)` for the size of x",
        '!' => "write `not`, or `gamma(n + 1)` for the factorial of n",
        '%' => "write `0.05` for 5%",
        '{' | '}' | '\\' => {
            "write plain text in place of LaTeX, with parentheses around groups: `x^(2n)`, `sqrt(x)`, `a/b`"
        }
        '"' | '\'' | '`' => "write formulas without quotes",
        ':' => "write ranges as `0..n`, declarations without types and definitions as `f(x) = …`",
        '?' => "write `if(condition, a, b)`",
        '@' => "write `sum(j, a[i, j] * x[j])` for the product of a matrix and a vector",
        '.' => "write names without points, as `a_b`",
        '~' => "write what is left of the data as squares: `E = sum(i, (y[i] - f(x[i]))^2)`",
        '√' => "write `sqrt(x)`",
        '∛' => "write `cbrt(x)`",
        '½' | '⅓' | '¼' | '¾' | '⅔' => "write it with a stroke: `1/2`",
        '∑' => "write `sum(i, …)`",
        '∏' => "write `prod(i, …)`",
        '∞' => "use a large number, or leave the term out",
        '\u{207a}' | '\u{207b}' | '\u{207d}' | '\u{207e}' => {
            "write powers of more than digits after `^`: `x^(2n)`"
        }
        raised if is_raised(raised) => "write powers of more than digits after `^`: `x^(2n)`",
        _ => "remove it; comments begin with `#`",
    }
}

fn complaint(name: &str, meant: &str, range: &ByteRange) -> Diagnostic {
    let differing = name.chars().zip(meant.chars()).find(|(a, b)| a != b);
    let (letter, other) = differing.unwrap_or_default();
    let (name, letter, other) = (name.to_owned(), described(letter), described(other));
    Diagnostic::new(Problem::LookalikeName { name, letter, other, meant: meant.to_owned() }, range.clone())
        .fix(range.clone(), meant)
}

/// A character with where it comes from.
fn described(character: char) -> String {
    let origin = match u32::from(character) {
        0..=0x7f if !character.is_alphabetic() => "ASCII",
        0..=0x24f => "Latin",
        0x370..=0x3ff => "Greek",
        0x400..=0x52f => "Cyrillic",
        0x1d400..=0x1d7ff => "mathematical",
        0xff01..=0xff5e => "full width",
        _ => "special",
    };
    format!("`{character}` ({origin}, {})", code(character))
}

fn code(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

/// The character that one looks like; itself for most.
fn reading(character: char) -> char {
    let code = u32::from(character);
    match code {
        0..=0x7f => return character,
        // The printing characters of ASCII in full width.
        0xff01..=0xff5e => return char::from_u32(code - 0xff01 + 0x21).unwrap_or(character),
        // Thirteen alphabets for formulas, each A to Z and a to z.
        0x1d400..=0x1d6a3 => {
            let place = (code - 0x1d400) % 52;
            let letter = if place < 26 { 0x41 + place } else { 0x61 + place - 26 };
            return char::from_u32(letter).unwrap_or(character);
        }
        _ => {}
    }
    let letter = LETTERS.iter().find_map(|(letters, alike)| {
        letters.chars().zip(alike.chars()).find(|(letter, _)| *letter == character).map(|pair| pair.1)
    });
    let mark = || MARKS.iter().find(|(_, alike)| alike.contains(character)).map(|mark| mark.0);
    letter.or_else(mark).unwrap_or(character)
}

/// What a character is that nobody sees.
fn invisible(character: char) -> Option<&'static str> {
    match u32::from(character) {
        0xad => Some("soft hyphen"),
        0x200b..=0x200d | 0x2060..=0x2064 => Some("space of no width"),
        0x200e | 0x200f | 0x61c | 0x202a..=0x202e | 0x2066..=0x2069 => {
            Some("mark for the direction of writing")
        }
        0xfe00..=0xfe0f => Some("mark for the shape of a letter"),
        0x300..=0x36f => Some("combining accent"),
        0xfeff => Some("byte order mark"),
        0..=0x1f | 0x7f..=0x9f => Some("control character"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::LETTERS;

    #[test]
    fn every_letter_has_one_below_it() {
        for (letters, alike) in LETTERS {
            assert_eq!(letters.chars().count(), alike.chars().count(), "{letters}");
            assert!(letters.chars().zip(alike.chars()).all(|(a, b)| a != b), "{letters}");
        }
    }
}
