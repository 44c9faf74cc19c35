//! The Rust that Hesse generates for an error function.

use hesse_build::{Output, Source, generate};
use serde_json::{Value, json};

use crate::problem::Problem;

pub(crate) fn answer(problem: &Problem) -> Value {
    let outputs = &Output::usual();
    let source = Source { name: "error_function", origin: "formula", text: &problem.text, outputs };
    json!({ "rust": generate(&problem.model, source) })
}
