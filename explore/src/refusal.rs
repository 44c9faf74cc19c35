//! Why there is no answer.

use hesse_parser::diagnostic::{Diagnostic, Fix};
use serde_json::{Value, json};

/// Why there is no answer, by the part at fault.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// The request is not one that the page makes.
    #[error("{0}")]
    Request(String),
    /// The formula is wrong, in these places of the text.
    #[error("the formula is wrong")]
    Formula(Vec<Diagnostic>, String),
    /// The table is wrong, or does not fit the formula.
    #[error("{0}")]
    Data(String),
    /// The input is well formed, but there is no result.
    #[error("{0}")]
    Computation(String),
}

impl Refusal {
    pub(crate) fn request(message: impl ToString) -> Refusal {
        Refusal::Request(message.to_string())
    }

    pub(crate) fn data(message: impl ToString) -> Refusal {
        Refusal::Data(message.to_string())
    }

    pub(crate) fn computation(message: impl ToString) -> Refusal {
        Refusal::Computation(message.to_string())
    }

    pub(crate) fn json(&self) -> Value {
        let part = match self {
            Refusal::Request(_) => "request",
            Refusal::Formula(..) => "formula",
            Refusal::Data(_) => "data",
            Refusal::Computation(_) => "computation",
        };
        let complaints: Vec<Value> = match self {
            Refusal::Formula(diagnostics, text) => {
                diagnostics.iter().map(|diagnostic| complaint(diagnostic, text)).collect()
            }
            other => vec![json!({ "message": other.to_string() })],
        };
        json!({ "refused": part, "complaints": complaints })
    }
}

fn complaint(diagnostic: &Diagnostic, text: &str) -> Value {
    let fix = diagnostic.fix.as_ref().map(|Fix { span, replacement }| {
        json!({
            "start": units(text, span.start),
            "end": units(text, span.end),
            "replacement": replacement,
        })
    });
    json!({
        "message": diagnostic.message,
        "label": diagnostic.primary.text,
        "start": units(text, diagnostic.primary.span.start),
        "end": units(text, diagnostic.primary.span.end),
        "help": diagnostic.help,
        "fix": fix,
    })
}

/// A byte position in the units of JavaScript's strings.
fn units(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    text[..at].encode_utf16().count()
}
