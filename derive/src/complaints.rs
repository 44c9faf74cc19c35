//! What is wrong with an input, as errors of the compiler.

use hesse_parser::diagnostic::Diagnostic;
use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream, TokenTree};
use quote::quote_spanned;

/// One error per complaint, at its token.
pub(crate) fn at_tokens(diagnostics: Vec<Diagnostic<Span>>) -> TokenStream {
    from_to(diagnostics.into_iter().map(|diagnostic| diagnostic.map_spans(|span| [span; 2])))
}

/// One error per complaint, each from the first to the last of its tokens.
pub(crate) fn from_to(diagnostics: impl IntoIterator<Item = Diagnostic<[Span; 2]>>) -> TokenStream {
    let errors = diagnostics.into_iter().map(|diagnostic| {
        let mut message = diagnostic.message;
        for (head, text) in [("note", Some(diagnostic.primary.text)), ("help", diagnostic.help)] {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                message.push_str(&format!("\n{head}: {text}"));
            }
        }
        if let Some(fix) = diagnostic.fix.filter(|fix| !fix.replacement.is_empty()) {
            message.push_str(&format!("\ntry: `{}`", fix.replacement));
        }
        error_at(diagnostic.primary.span, &message)
    });
    errors.collect()
}

/// An error that the compiler shows from the token `first` to the token `last`: it joins the places of the path and
/// of the brackets.
pub(crate) fn error_at([first, last]: [Span; 2], message: &str) -> TokenStream {
    let mut message = Literal::string(message);
    message.set_span(last);
    let mut brackets = Group::new(Delimiter::Brace, TokenTree::from(message).into());
    brackets.set_span(last);
    let mut error = quote_spanned!(first => ::core::compile_error!);
    error.extend([TokenTree::from(brackets)]);
    error
}
