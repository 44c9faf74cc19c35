//! Identifiers: from the names people gave, never in conflict with each other.

use proc_macro2::{Ident, Span};

/// Hands out identifiers.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    taken: Vec<String>,
}

impl Names {
    /// An identifier as close to `name` as Rust and the names already taken allow.
    pub(super) fn claim(&mut self, name: &str) -> Ident {
        let mut text: String = name
            .chars()
            .map(|c| match c {
                '₀'..='₉' => char::from(b'0' + (c as u32 - '₀' as u32) as u8),
                c if c == '_' || c.is_alphanumeric() && is_continue(c) => c,
                _ => '_',
            })
            .collect();
        if text.is_empty() || text == "_" || text.starts_with(|c: char| c.is_numeric() || !is_start(c)) {
            text.insert_str(0, "v_");
        }
        while is_keyword(&text) || is_generated(&text) || self.taken.contains(&text) {
            text.push('_');
        }
        self.taken.push(text.clone());
        Ident::new(&text, Span::call_site())
    }

    /// Keeps names from being handed out.
    pub(super) fn reserve(&mut self, names: &[&str]) {
        self.taken.extend(names.iter().map(|&name| name.to_owned()));
    }
}

/// Letters that may start an identifier: `char::is_alphabetic` also has some that may not.
fn is_start(c: char) -> bool {
    c == '_' || c.is_ascii_alphabetic() || (!c.is_ascii() && c.is_alphabetic() && is_continue(c))
}

fn is_continue(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || ('\u{370}'..'\u{3ff}').contains(&c)
        || ('\u{c0}'..'\u{24f}').contains(&c) && c.is_alphabetic()
}

/// Scalars are `t0`, `t1`, …, local arrays `z0`, …, panels `p0`, …, sums in lanes `s0`, … and `a0`, …, blocks of
/// output buffers `w0`, ….
fn is_generated(text: &str) -> bool {
    let digits = text.strip_prefix(['t', 'z', 'p', 's', 'a', 'w', 'r']).unwrap_or("");
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
}

/// Whether a word is one of Rust's own.
///
/// ```
/// use hesse_symbolic::emit::is_keyword;
///
/// assert!(is_keyword("fn") && !is_keyword("function"));
/// ```
pub fn is_keyword(text: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
        "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
        "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self",
        "Self", "static", "struct", "super", "trait", "true", "try", "type", "typeof", "union", "unsafe",
        "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.contains(&text)
}
