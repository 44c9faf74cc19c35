//! Diagnostics as annotated source text.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use super::{ByteRange, Diagnostic};

/// The diagnostic as `rustc` would show it, for `source` that came from `path`.
///
/// Escape sequences for color are used only where `color` is set.
///
/// ```
/// use hesse_parser::{diagnostic::render, formula};
///
/// let source = "E = sqr(x)";
/// let diagnostics = formula::parse(source, &formula::Columns::none()).unwrap_err();
/// let text = render(source, "fit.hes", &diagnostics[0], false);
/// assert!(text.starts_with("error[E0202]: unknown function `sqr`"));
/// ```
pub fn render(source: &str, path: &str, diagnostic: &Diagnostic, color: bool) -> String {
    let mut primary = clamp(source, &diagnostic.primary.span);
    if primary.is_empty() && source[primary.end..].starts_with('\n') {
        // A mark on a line break would reach into the next line: mark what precedes it.
        let line = &source[..primary.end];
        primary.start -= line.chars().next_back().filter(|&c| c != '\n').map_or(0, char::len_utf8);
    }
    let labels = diagnostic.secondary.iter().map(|label| clamp(source, &label.span));
    let fix = diagnostic.fix.iter().map(|fix| clamp(source, &fix.span));
    let window = Window::around(source, labels.chain(fix).chain([primary.clone()]));
    let mut snippet = window.snippet(path).annotation(
        AnnotationKind::Primary.span(window.place(&primary)).label(diagnostic.primary.text.as_str()),
    );
    for label in &diagnostic.secondary {
        let place = window.place(&clamp(source, &label.span));
        snippet = snippet.annotation(AnnotationKind::Context.span(place).label(label.text.as_str()));
    }
    let mut report =
        vec![Level::ERROR.primary_title(diagnostic.message.as_str()).id(diagnostic.code).element(snippet)];
    match (&diagnostic.help, &diagnostic.fix) {
        (Some(help), Some(fix)) => {
            let patch = Patch::new(window.place(&clamp(source, &fix.span)), fix.replacement.as_str());
            let patched = window.snippet(path).patch(patch);
            report.push(Level::HELP.secondary_title(help.as_str()).element(patched));
        }
        (Some(help), None) => report.push(Group::with_title(Level::HELP.secondary_title(help.as_str()))),
        (None, _) => {}
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).render(&report)
}

/// The lines that a diagnostic is about: rendering reads the whole of the source it is given, every time.
struct Window<'a> {
    text: &'a str,
    start: usize,
    first_line: usize,
}

impl<'a> Window<'a> {
    /// The lines with these ranges, which lie on boundaries of characters, and those between.
    fn around(source: &'a str, ranges: impl Iterator<Item = ByteRange>) -> Window<'a> {
        let (start, end) =
            ranges.fold((source.len(), 0), |(s, e), range| (s.min(range.start), e.max(range.end)));
        // The end of the text is shown on its last line.
        let (start, after) = (start.min(source.trim_end_matches('\n').len()), &source[end.max(start)..]);
        let start = source[..start].rfind('\n').map_or(0, |at| at + 1);
        let end = after.find('\n').map_or(source.len(), |at| source.len() - after.len() + at + 1);
        let first_line = source[..start].matches('\n').count() + 1;
        Window { text: &source[start..end], start, first_line }
    }

    fn snippet<T: Clone>(&self, path: &'a str) -> Snippet<'a, T> {
        Snippet::source(self.text).line_start(self.first_line).path(path)
    }

    fn place(&self, range: &ByteRange) -> ByteRange {
        range.start - self.start..range.end - self.start
    }
}

/// A range within the text, on boundaries of characters.
fn clamp(source: &str, range: &ByteRange) -> ByteRange {
    let boundary = |mut at: usize| {
        at = at.min(source.len());
        while !source.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(range.start);
    start..boundary(range.end).max(start)
}
