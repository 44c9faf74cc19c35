//! Signatures and options: what is said of them, to the letter.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod common;

use common::{said_as_written, words};
use hesse_parser::rust::{Use, check, parse, parse_with};

#[test]
fn complaints_are_as_written() {
    said_as_written("signature.txt", |attribute, source| {
        let item: syn::ItemFn = syn::parse_str(source).unwrap();
        parse(attribute.parse().unwrap(), &item).map(drop).map_err(words)
    });
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
