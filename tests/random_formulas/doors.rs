//! Both doors: what random formulas say as text and as Rust functions becomes the same code, to the byte.

use hesse_parser::{Model, rust};
use hesse_symbolic::emit::{Argument, Module, Output};
use hesse_testkit::random::Problem;
use quote::{format_ident, quote};

use super::{COUNT, model};

fn code(model: &Model) -> String {
    let module = Module {
        name: format_ident!("error"),
        head: quote!(),
        graph: &model.graph,
        error: model.error,
        arguments: Argument::plain(&model.graph),
        private: quote!(::hesse::__private),
        title: "E".to_owned(),
        applied: &[],
        outputs: Output::usual(),
    };
    module.tokens().to_string()
}

#[test]
fn text_and_rust_give_the_same_code() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for seed in 0..COUNT {
        let (problem, _) = Problem::from_seed(seed);
        let Some((attribute, function)) = problem.rust() else { continue };
        compared += 1;
        let item: syn::ItemFn = syn::parse_str(&function).unwrap();
        match rust::parse(attribute.parse().unwrap(), &item) {
            Ok(read) => {
                if code(&read.model) != code(&model(&problem)) {
                    wrong.push(format!("seed {seed}\n{}{attribute}\n{function}", problem.text()));
                }
            }
            Err(complaints) => {
                let list: Vec<_> = complaints
                    .iter()
                    .map(|d| format!("{}: {}", d.primary.span.source_text().unwrap_or_default(), d.message))
                    .collect();
                wrong.push(format!("seed {seed}\n{attribute}\n{function}{}\n", list.join("\n")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {compared}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared >= 100, "only {compared} formulas can be written as Rust functions");
}
