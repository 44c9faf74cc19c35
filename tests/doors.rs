//! The same error function through every door: formula text and Rust, at once and from a build script, give the same
//! generated code to the byte and the same numbers to the bit. `cli/tests` holds the command to the build script.

#![allow(clippy::panic, clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs;
use std::path::Path;

use hesse_parser::Model;
use hesse_parser::formula::{Columns, parse};
use hesse_runtime::ErrorFunction;
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_symbolic::graph::{Extent, Role};
use hesse_testkit::zoo::{Animal, ZOO};

/// Rows of data, so that whole tiles and a rest are there.
const ROWS: usize = 83;

fn from_text(animal: &Animal) -> Model {
    parse(animal.text, &Columns::none()).unwrap_or_else(|d| panic!("{}: {}", animal.name, d[0].message))
}

fn from_rust(animal: &Animal) -> Model {
    let item: syn::ItemFn = syn::parse_str(animal.rust).unwrap();
    match hesse_parser::rust::parse(Default::default(), &item) {
        Ok(function) => function.model,
        Err(complaints) => panic!("{}: {}", animal.name, complaints[0].message),
    }
}

/// What a generated file has from the module on: the text before it tells where it comes from.
fn module<'a>(code: &'a str, name: &str) -> &'a str {
    let start = code.find(&format!("pub mod {name} {{")).unwrap_or_else(|| panic!("no module in {code}"));
    let end = code[start..].find("\n}\n").unwrap();
    &code[start..start + end]
}

#[test]
fn text_and_functions_are_the_same_code() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("zoo");
    let _ = fs::remove_dir_all(&folder);
    for part in ["text", "rust"] {
        fs::create_dir_all(folder.join(part)).unwrap();
    }
    for Animal { name, text, rust } in &ZOO {
        let (formula, function) = (folder.join(format!("{name}.hes")), folder.join(format!("{name}.in.rs")));
        fs::write(&formula, text).unwrap();
        fs::write(&function, format!("#[derive_hessian]{rust}\n")).unwrap();
        hesse_build::Builder::new().formula(&formula).out_dir(folder.join("text")).compile().unwrap();
        hesse_build::Builder::new().rust(&function).out_dir(folder.join("rust")).compile().unwrap();
        let from_text = fs::read_to_string(folder.join(format!("text/{name}.rs"))).unwrap();
        let from_rust = fs::read_to_string(folder.join(format!("rust/{name}.in.rs"))).unwrap();
        let (from_text, from_rust) = (module(&from_text, name), module(&from_rust, name));
        assert!(from_text.len() > 1000);
        assert_eq!(from_text, from_rust, "{name}");
    }
}

#[test]
fn text_and_functions_are_the_same_bits() {
    for animal in &ZOO {
        let (text, rust) = (numbers(&from_text(animal)), numbers(&from_rust(animal)));
        assert!(text.iter().any(|number| number.is_finite() && *number != 0.0));
        let bits = |numbers: &[f64]| -> Vec<u64> { numbers.iter().map(|x| x.to_bits()).collect() };
        assert_eq!(bits(&text), bits(&rust), "{}", animal.name);
    }
}

/// Value, gradient, Hessian and a product at one point, with data that is made up.
fn numbers(model: &Model) -> Vec<f64> {
    let mut bindings = Bindings::new();
    for (_, array) in model.graph.arrays().filter(|(_, array)| array.role != Role::Parameter) {
        let size = |extent: &Extent| if let Extent::Fixed(size) = extent { *size } else { ROWS };
        let shape: Vec<usize> = array.shape.iter().map(size).collect();
        let count: usize = shape.iter().product();
        let value = |k: usize| match array.role {
            Role::Lookup => (k * k % 3) as f64,
            _ => 0.2 + (k * 37 % 101) as f64 / 101.0,
        };
        bindings.insert(&array.name, &shape, (0..count).map(value).collect()).unwrap();
    }
    let surface = Surface::new(&model.graph, model.error, &bindings).unwrap();
    let n = surface.dimension();
    let w: Vec<f64> = (0..n).map(|k| 0.4 + 0.17 * k as f64).collect();
    let (mut gradient, mut hessian, mut product) = (vec![0.0; n], vec![0.0; n * (n + 1) / 2], vec![0.0; n]);
    let value = surface.value_gradient_hessian(&w, &mut gradient, &mut hessian);
    surface.hessian_vector(&w, &w, &mut product);
    [vec![value], gradient, hessian, product].concat()
}
