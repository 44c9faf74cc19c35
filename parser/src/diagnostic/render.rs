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
    let mut snippet = Snippet::source(source)
        .path(path)
        .annotation(AnnotationKind::Primary.span(primary).label(diagnostic.primary.text.as_str()));
    for label in &diagnostic.secondary {
        snippet = snippet
            .annotation(AnnotationKind::Context.span(clamp(source, &label.span)).label(label.text.as_str()));
    }
    let mut report =
        vec![Level::ERROR.primary_title(diagnostic.message.as_str()).id(diagnostic.code).element(snippet)];
    match (&diagnostic.help, &diagnostic.fix) {
        (Some(help), Some(fix)) => {
            let patch = Patch::new(clamp(source, &fix.span), fix.replacement.as_str());
            report.push(
                Level::HELP
                    .secondary_title(help.as_str())
                    .element(Snippet::source(source).path(path).patch(patch)),
            );
        }
        (Some(help), None) => report.push(Group::with_title(Level::HELP.secondary_title(help.as_str()))),
        (None, _) => {}
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).render(&report)
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
