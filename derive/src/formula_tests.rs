//! `formula!` generates what the build crate generates, whichever way the formula comes in.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hesse_build::{Output, Source};
use proc_macro2::{Span, TokenStream};

use super::*;

/// As the compiler would tell it.
fn locate(span: Span) -> Option<[(usize, usize); 2]> {
    let [start, end] = [span.start(), span.end()].map(|at| (at.line, at.column + 1));
    Some([start, end])
}

fn expanded(input: &str) -> String {
    expand(input.parse().unwrap(), &locate).to_string()
}

fn formulas() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["../examples", "../examples/nist", "../benches/workloads"] {
        let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
        let paths = entries.map(|entry| entry.unwrap().file_name());
        let formulas = paths.filter(|name| Path::new(name).extension().is_some_and(|e| e == "hes"));
        found.extend(formulas.map(|name| Path::new(folder).join(name)));
    }
    found.sort();
    assert!(found.len() > 20);
    found
}

/// The module that the build crate makes of a formula, without its banner.
fn built(name: &str, origin: &str, text: &str, outputs: &BTreeSet<Output>) -> String {
    let model = parse_in(text, &Columns::none(), Mode::default()).unwrap();
    let code = hesse_build::generate(&model, Source { name, origin, text, outputs });
    code.split_once("\n\n").unwrap().1.to_owned()
}

fn formatted(tokens: &str) -> String {
    hesse_build::format(tokens.parse().unwrap())
}

#[test]
fn tokens_texts_and_files_give_the_module_of_the_build_crate() {
    // Second derivatives take long for all of them, and come from the same graph.
    let outputs = [Output::Value, Output::Gradient].into();
    for path in formulas() {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&path)).unwrap();
        let without_comments: String =
            text.lines().map(|line| line.split('#').next().unwrap_or("").to_owned() + "\n").collect();
        let expected = built("model", "formula", &text, &outputs);
        let from_tokens =
            expanded(&format!("#[hesse(only(value, gradient))] pub mod model;\n{without_comments}"));
        assert_eq!(formatted(&from_tokens), expected, "{}", path.display());
        let from_text = expanded(&format!("#[hesse(only(value, gradient))] pub mod model; {text:?}"));
        assert_eq!(formatted(&from_text), expected, "{}", path.display());

        let origin = path.file_name().unwrap().to_string_lossy().into_owned();
        let from_file = formatted(&expanded(&format!(
            "#[hesse(only(value, gradient))] pub mod model; file = {:?}",
            path.to_str().unwrap()
        )));
        assert!(from_file.starts_with(&built("model", &origin, &text, &outputs)), "{}", path.display());
        let watched = format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"),\"/\",{path:?}))");
        let tail: String = from_file.split_whitespace().collect();
        assert!(tail.replace(",)", ")").contains(&watched), "{}", path.display());
    }
}

#[test]
fn options_choose_what_the_build_crate_is_asked_for() {
    let text = "param w[n]\nE = sum(i in 0..n-1, (w[i+1] - w[i])^2)";
    let outputs = Output::selection(None, true, false);
    let sparse = expanded(&format!("#[hesse(sparse)] pub mod chain; {text:?}"));
    assert_eq!(formatted(&sparse), built("chain", "formula", text, &outputs));
    let outputs = [Output::Value, Output::GaussNewton].into();
    let only = expanded(&format!("#[hesse(only(value, gauss_newton))] pub mod chain; {text:?}"));
    assert_eq!(formatted(&only), built("chain", "formula", text, &outputs));
}

#[test]
fn without_a_header_it_binds_variables() {
    let text = "param a[d]; data x[n, 2], k[n, m], s; E = sum(i, s*a[0]*x[i, 0]*sum(j, k[i, j]))";
    let tokens = expanded(text);
    assert!(tokens.starts_with("{ # [doc"), "{tokens}");
    assert!(tokens.ends_with("formula :: error_function (& x [..] , & k [..] , s , d , m) }"), "{tokens}");
}

#[test]
fn a_mistake_in_a_file_is_shown_as_an_excerpt() {
    let message = expanded("mod loss; file = \"tests/wrong.hes\"");
    let text = message.split_once("compile_error ! {").unwrap().1;
    let text: syn::LitStr = syn::parse_str(text.trim_end_matches('}')).unwrap();
    let expected = "\
this formula is wrong
error[E0202]: unknown function `sqr`
 --> tests/wrong.hes:3:12
  |
3 | E = sum(i, sqr(a - x[i]))
  |            ^^^ not defined
  |
help: write `sqrt`
  |
3 | E = sum(i, sqrt(a - x[i]))
  |               +";
    assert_eq!(text.value(), expected);
}

#[test]
fn statements_end_at_semicolons_where_no_lines_are_known() {
    let text = "param a, b; data x[n]; m = a + b; E = sum(i, (x[i] - m)^2)";
    let tokens: TokenStream = format!("pub mod model; {text}").parse().unwrap();
    let code = expand(tokens, &|_| None).to_string();
    assert_eq!(formatted(&code), built("model", "formula", text, &Output::usual()));
}
