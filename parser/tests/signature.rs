//! Signatures and options: what is said of them, to the letter.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use hesse_parser::rust::{Use, check, parse, parse_with};
use proc_macro2::Span;

type Complaints = Vec<hesse_parser::diagnostic::Diagnostic<Span>>;

fn words(complaints: Complaints) -> Vec<String> {
    let said = |d: hesse_parser::diagnostic::Diagnostic<Span>| {
        let place = d.primary.span.source_text().unwrap_or_default();
        let help = d.help.map(|h| format!("; {h}")).unwrap_or_default();
        format!("{} `{place}`: {}{help}", d.code, d.message)
    };
    complaints.into_iter().map(said).collect()
}

/// Functions, one a line after the options of their attribute, and what is said of them.
#[test]
fn complaints_are_as_written() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/signature.txt");
    let text = std::fs::read_to_string(&file).unwrap();
    let mut found = String::new();
    for line in text.lines().filter(|line| line.starts_with('(')) {
        let (attribute, source) = line.strip_prefix('(').unwrap().split_once(") ").unwrap();
        found.push_str(line);
        found.push('\n');
        let item: syn::ItemFn = syn::parse_str(source).unwrap();
        match parse(attribute.parse().unwrap(), &item) {
            Ok(_) => found.push_str("    well formed\n"),
            Err(complaints) => words(complaints).iter().for_each(|c| found.push_str(&format!("    {c}\n"))),
        }
        found.push('\n');
    }
    if std::env::var_os("HESSE_BLESS").is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(&file).unwrap());
}

fn using(uses: &str, source: &str) -> Result<Vec<String>, Vec<String>> {
    let item: syn::ItemFn = syn::parse_str(source).unwrap();
    let uses: Uses = syn::parse_str(uses).unwrap();
    let function = parse_with(Default::default(), &item, &uses.0).map_err(words)?;
    Ok(function.model.graph.arrays().map(|(_, d)| d.name.clone()).collect())
}

struct Uses(Vec<Use>);

impl syn::parse::Parse for Uses {
    fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Uses> {
        let mut uses = Vec::new();
        while !input.is_empty() {
            uses.push(input.parse()?);
        }
        Ok(Uses(uses))
    }
}

const MODEL: &str = "{Model} {structure {a: f64, w: [f64; 2], inner: {k: f64}}}";

#[test]
fn fields_are_parameters_in_order() {
    let names = using(MODEL, "fn f(p: &Model, x: f64) -> f64 { let q = &p.inner; p.a * p.w[1] * q.k * x }");
    assert_eq!(names.unwrap(), ["p.a", "p.w", "p.inner.k", "x"]);
}

#[test]
fn what_no_field_is_is_said() {
    let complaints = using(MODEL, "fn f(p: &Model) -> f64 { p.b + p.inner + p.w.k }").unwrap_err();
    assert_eq!(complaints.len(), 3, "{complaints:?}");
    assert!(complaints[0].starts_with("E0432 `b`: the structure has no field `b`"));
    assert!(complaints[1].starts_with("E0313 `p.inner`: expected a number, found several"));
    assert!(complaints[2].starts_with("E0409 `k`: a field of a structure"));
}

#[test]
fn functions_see_none_of_the_arguments_of_their_callers() {
    let other = "{other} {function {fn other(y: f64) -> f64 { y * x }} {}}";
    let complaints = using(other, "fn f(x: f64) -> f64 { other(x) }").unwrap_err();
    assert!(complaints[0].contains("`x` is not known here"), "{complaints:?}");
    let item: syn::ItemFn = syn::parse_str("fn other(y: f64) -> f64 { while y > 0.0 {} y }").unwrap();
    let complaints = words(check(&item, &[]).unwrap_err());
    assert!(complaints[0].starts_with("E0409 `while`"), "{complaints:?}");
}

#[test]
fn closures_hide_functions_of_the_same_name() {
    let other = "{other} {function {fn other(y: f64) -> f64 { y.exp() }} {}}";
    let item: syn::ItemFn =
        syn::parse_str("fn f(x: f64) -> f64 { let other = |y: f64| y * 3.0; other(x) }").unwrap();
    let uses: Uses = syn::parse_str(other).unwrap();
    let own = parse_with(Default::default(), &item, &uses.0).map_err(words).unwrap();
    let without = parse(Default::default(), &item).map_err(words).unwrap();
    assert_eq!(own.model.error, without.model.error);
    assert_eq!(own.model.graph.arrays().count(), 1);
}

#[test]
fn functions_take_arrays_of_any_size() {
    let mean = "{mean} {function {fn mean<const N: usize>(x: &[[f64; N]; 2]) -> f64 {
        let mut sum = 0.0;
        for j in 0..N { sum += x[1][j]; }
        sum / N as f64
    }} {}}";
    assert!(using(mean, "fn f(w: &[[f64; 3]; 2]) -> f64 { mean(w) }").is_ok());
    let complaints = using(mean, "fn f(w: &[[f64; 3]; 2]) -> f64 { mean(w, w) }").unwrap_err();
    assert!(complaints[0].contains("`mean` takes 1 argument, found 2 arguments"), "{complaints:?}");
}
