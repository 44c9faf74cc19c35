//! What is wrong with an input, where, and what to write instead.
//!
//! Spans are generic: passes that serve both grammars speak of places in the syntax tree, formula text
//! reports byte ranges and the Rust front end reports token spans.

mod messages;
#[cfg(feature = "render")]
mod render;

use std::cmp::Reverse;

pub use messages::Problem;
#[cfg(feature = "render")]
pub use render::render;

/// A byte range of formula text.
pub type ByteRange = std::ops::Range<usize>;

/// One complaint.
///
/// ```
/// use hesse_parser::formula::{Columns, parse};
///
/// let diagnostics = parse("sin(x) + coss(x)", &Columns::none()).unwrap_err();
/// assert_eq!(diagnostics[0].primary.span, 9..13);
/// assert_eq!(diagnostics[0].fix.as_ref().map(|fix| &*fix.replacement), Some("cos"));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic<S = ByteRange> {
    /// Stable code, `E0101` and so on.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where, and what is meant by that place.
    pub primary: Label<S>,
    /// Other places that explain it.
    pub secondary: Vec<Label<S>>,
    /// What to do about it.
    pub help: Option<String>,
    /// An edit that carries out the help.
    pub fix: Option<Fix<S>>,
}

/// A place with a remark.
///
/// ```
/// use hesse_parser::diagnostic::Label;
///
/// let label = Label { span: 0..3, text: "here".to_owned() };
/// assert_eq!(&"abcd"[label.span], "abc");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label<S> {
    /// The place.
    pub span: S,
    /// The remark; may be empty.
    pub text: String,
}

/// A proposed edit.
///
/// ```
/// use hesse_parser::diagnostic::Fix;
///
/// let (mut text, fix) = ("coss(x)".to_owned(), Fix { span: 0..4, replacement: "cos".to_owned() });
/// text.replace_range(fix.span, &fix.replacement);
/// assert_eq!(text, "cos(x)");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix<S> {
    /// What to replace.
    pub span: S,
    /// What to put there.
    pub replacement: String,
}

impl<S> Diagnostic<S> {
    /// The diagnostic for `problem` at `span`, with the words of the table.
    pub fn new(problem: Problem, span: S) -> Diagnostic<S> {
        Diagnostic {
            code: problem.code(),
            message: problem.message(),
            primary: Label { span, text: problem.label() },
            secondary: Vec::new(),
            help: problem.help(),
            fix: None,
        }
    }

    /// Adds a second place.
    #[must_use]
    pub fn note(mut self, span: S, text: impl Into<String>) -> Diagnostic<S> {
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    /// Adds an edit.
    #[must_use]
    pub fn fix(mut self, span: S, replacement: impl Into<String>) -> Diagnostic<S> {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }

    /// The same diagnostic with other spans.
    pub fn map_spans<T>(self, map: impl Fn(S) -> T) -> Diagnostic<T> {
        let label = |l: Label<S>| Label { span: map(l.span), text: l.text };
        Diagnostic {
            code: self.code,
            message: self.message,
            primary: label(self.primary),
            secondary: self.secondary.into_iter().map(label).collect(),
            help: self.help,
            fix: self.fix.map(|f| Fix { span: map(f.span), replacement: f.replacement }),
        }
    }
}

/// The candidate closest to `name`, if it is close enough to be a slip of the pen.
pub(crate) fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Two slips in a short word make another word.
    let allowed = |candidate: &str| match name.chars().count().min(candidate.chars().count()) {
        0..=2 => 0,
        3..=4 => 1,
        _ => 2,
    };
    candidates
        .into_iter()
        .map(|candidate| (distance(name, candidate), Reverse(common_prefix(name, candidate)), candidate))
        .filter(|&(d, _, candidate)| d <= allowed(candidate))
        .min()
        .map(|(.., candidate)| candidate)
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count()
}

/// Insertions, deletions, replacements and swaps of neighbors between two words.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let differs = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + differs);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
