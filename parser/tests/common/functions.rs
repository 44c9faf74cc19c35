//! Rust functions read as the attribute reads them, and held to formulas.

use hesse_parser::rust::{Function, parse};

use super::{dump, model, words};

/// What is read from a function, or its complaints with their places.
pub(crate) fn read(attribute: &str, source: &str) -> Result<Function, Vec<String>> {
    let item: syn::ItemFn = syn::parse_str(source).unwrap_or_else(|e| panic!("{source}: {e}"));
    parse(attribute.parse().unwrap(), &item).map_err(words)
}

/// Both grammars give one graph.
#[track_caller]
pub(crate) fn agree(attribute: &str, rust: &str, formula: &str) {
    let function = match read(attribute, rust) {
        Ok(function) => function,
        Err(complaints) => panic!("{rust}\n{}", complaints.join("\n")),
    };
    assert_eq!(dump(&function.model), dump(&model(formula)), "{rust}");
    assert_eq!(function.border.inputs.len(), function.model.graph.arrays().count());
}
