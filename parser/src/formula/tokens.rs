//! Formula text to tokens.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while_m_n};
use nom::character::complete::{char, one_of, satisfy};
use nom::combinator::{map, not, opt, recognize, value, verify};
use nom::{IResult, Parser};

use super::{MAX_DIAGNOSTICS, lookalikes};
use crate::diagnostic::{ByteRange, Diagnostic};

/// The longest power in superscript digits: an `i64` has fewer.
const MAX_DIGITS: usize = 20;

/// A piece of formula text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: ByteRange,
}

/// What a token is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Number,
    Name,
    /// A power in superscript digits, as ASCII.
    Superscript(String),
    /// An operator or bracket, in its ASCII spelling.
    Symbol(&'static str),
    /// A line break or `;` outside brackets.
    Break,
    /// Characters that begin no token; complained about already.
    Stray,
    End,
}

/// Splits `source` into tokens, ending with [`Kind::End`]; characters no token begins with are reported. Line breaks inside brackets and after operators are left out too.
pub(super) fn tokens(source: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut tokens: Vec<Token> = Vec::new();
    let mut diagnostics = Vec::new();
    // Some editors begin every file with a byte order mark.
    let mut rest = source.strip_prefix('\u{feff}').unwrap_or(source);
    loop {
        rest = skip_blank(rest);
        let start = source.len() - rest.len();
        let range = |rest: &str| start..source.len() - rest.len();
        if rest.is_empty() {
            tokens.push(Token { kind: Kind::End, range: start..start });
            return (continue_lines(source, tokens), diagnostics);
        }
        if let Ok((after, kind)) = token(rest) {
            tokens.push(Token { kind, range: range(after) });
            rest = after;
        } else {
            // One complaint for a run of the same character; more would say nothing new.
            let character = rest.chars().next().unwrap_or_default();
            let after = rest.trim_start_matches(character);
            if diagnostics.len() < MAX_DIAGNOSTICS {
                diagnostics.push(lookalikes::stray(character, range(after)));
            }
            tokens.push(Token { kind: Kind::Stray, range: range(after) });
            rest = after;
        }
    }
}

fn token(text: &str) -> IResult<&str, Kind> {
    alt((
        value(Kind::Number, number),
        value(Kind::Name, name),
        map(superscript, Kind::Superscript),
        value(Kind::Break, one_of("\n;")),
        map(symbol, Kind::Symbol),
    ))
    .parse(text)
}

/// Digits with at most one point and an exponent; `0..n` begins with the number 0.
fn number(text: &str) -> IResult<&str, &str> {
    let point = || (char('.'), not(char('.')));
    let exponent = (one_of("eE"), opt(one_of("+-")), digits);
    recognize((
        alt((recognize((digits, opt((point(), opt(digits))))), recognize((char('.'), digits)))),
        opt(exponent),
    ))
    .parse(text)
}

fn digits(text: &str) -> IResult<&str, &str> {
    recognize((satisfy(|c| c.is_ascii_digit()), take_while(|c: char| c.is_ascii_digit() || c == '_')))
        .parse(text)
}

fn name(text: &str) -> IResult<&str, &str> {
    let first = |c: char| (c.is_alphabetic() || c == '_') && !is_raised(c);
    let subscript = |c: char| ('₀'..='₉').contains(&c);
    recognize((satisfy(first), take_while(move |c: char| first(c) || c.is_ascii_digit() || subscript(c))))
        .parse(text)
}

/// Whether a character is a raised letter, which reads as a power.
pub(super) fn is_raised(character: char) -> bool {
    matches!(u32::from(character), 0x2b0..=0x2b8 | 0x2e0..=0x2e4 | 0x1d2c..=0x1d61 | 0x1d9b..=0x1dbf | 0x2071 | 0x207f | 0x2c7d)
}

fn superscript(text: &str) -> IResult<&str, String> {
    let ascii = |c| match c {
        '⁰' => Some('0'),
        '¹' => Some('1'),
        '²' => Some('2'),
        '³' => Some('3'),
        '⁴'..='⁹' => char::from_digit(u32::from(c) - u32::from('⁰'), 10),
        '⁻' => Some('-'),
        _ => None,
    };
    let spelled = map(take_while_m_n(1, MAX_DIGITS, move |c| ascii(c).is_some()), move |run: &str| {
        run.chars().filter_map(ascii).collect()
    });
    verify(spelled, |run: &String| run.parse::<i64>().is_ok()).parse(text)
}

fn symbol(text: &str) -> IResult<&str, &'static str> {
    let long = alt((
        value("^", tag("**")),
        value("<=", alt((tag("<="), tag("≤")))),
        value(">=", alt((tag(">="), tag("≥")))),
        value("!=", alt((tag("!="), tag("≠")))),
        value("==", tag("==")),
        value("..=", tag("..=")),
        value("..", tag("..")),
    ));
    let short = alt((
        value("+", char('+')),
        value("-", one_of("-−")),
        value("*", one_of("*·×⋅∗")),
        value("/", one_of("/÷")),
        value("^", char('^')),
        value("<", char('<')),
        value(">", char('>')),
        value("=", char('=')),
        value(",", char(',')),
        value("(", char('(')),
        value(")", char(')')),
        value("[", char('[')),
        value("]", char(']')),
    ));
    alt((long, short)).parse(text)
}

/// Skips spaces (line breaks are tokens) and comments.
fn skip_blank(text: &str) -> &str {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() && c != '\n');
        match rest.strip_prefix('#') {
            Some(comment) => rest = comment.find('\n').map_or("", |end| &comment[end..]),
            None => return rest,
        }
    }
}

/// Drops breaks that do not end a statement: inside brackets, and after an operator.
///
/// A line that can only begin a statement ends one even inside brackets, so that one missing bracket does not
/// swallow the rest of the text.
fn continue_lines(source: &str, tokens: Vec<Token>) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Symbol("(" | "[") => depth += 1,
            Kind::Symbol(")" | "]") => depth = depth.saturating_sub(1),
            Kind::Break if source[token.range.clone()] == *";" => depth = 0,
            Kind::Break => {
                let begins = begins_statement(source, &tokens[at + 1..]);
                let operator = kept.last().is_some_and(|last| match last.kind {
                    Kind::Symbol(symbol) => !matches!(symbol, ")" | "]"),
                    Kind::Name => matches!(&source[last.range.clone()], "and" | "or" | "not" | "in"),
                    _ => false,
                });
                if begins {
                    depth = 0;
                } else if depth > 0 || operator {
                    continue;
                }
            }
            _ => {}
        }
        kept.push(token.clone());
    }
    kept
}

/// Whether `tokens` begin with `name =`, `name[i] =`, `name(x) =` or a declaration.
pub(super) fn begins_statement(source: &str, tokens: &[Token]) -> bool {
    let kind = |at: usize| tokens.get(at).map(|t| &t.kind);
    let Some(Kind::Name) = kind(0) else { return false };
    match kind(1) {
        Some(Kind::Name) => matches!(&source[tokens[0].range.clone()], "param" | "data"),
        Some(Kind::Symbol("=")) => true,
        Some(Kind::Symbol("(" | "[")) => {
            let head =
                tokens.iter().take_while(|t| !matches!(t.kind, Kind::Break | Kind::End | Kind::Symbol("=")));
            let length = head.clone().count();
            let mut depth = 0i64;
            let closes_last = head.enumerate().skip(1).all(|(at, t)| {
                match t.kind {
                    Kind::Symbol("(" | "[") => depth += 1,
                    Kind::Symbol(")" | "]") => depth -= 1,
                    _ => {}
                }
                (depth == 0) == (at + 1 == length)
            });
            closes_last && kind(length) == Some(&Kind::Symbol("="))
        }
        _ => false,
    }
}
