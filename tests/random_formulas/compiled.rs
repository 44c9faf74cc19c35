//! Generated code: every module in one crate, built by cargo and run once.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use hesse_parser::Model;
use hesse_symbolic::emit::{Argument, Module, Output};
use hesse_testkit::random::Problem;
use quote::{format_ident, quote};
use syn::{Expr, FnArg, Item, ItemMod, Lit, Pat, Type};

use super::evaluated::disagreements;
use super::{COUNT, Outputs, model, surface};

/// Programs the modules are dealt to: cargo builds them side by side.
const PROGRAMS: usize = 2;

#[test]
fn generated_code_agrees_to_the_bit() {
    let drawn: Vec<_> = (0..COUNT)
        .map(|seed| {
            let (problem, truth) = Problem::from_seed(seed);
            let model = model(&problem);
            (problem, truth, model)
        })
        .collect();
    let problems: Vec<(&Problem, &Model)> = drawn.iter().map(|(p, _, m)| (p, m)).collect();
    let printed = run(&write_crate(&problems));
    let lines: Vec<&str> = printed.iter().flat_map(|printed| printed.lines()).collect();
    assert_eq!(lines.len(), drawn.len());
    let mut wrong = Vec::new();
    for (seed, ((problem, truth, model), line)) in drawn.iter().zip(lines).enumerate() {
        let bits = line.split_whitespace().map(|bits| u64::from_str_radix(bits, 16).unwrap());
        let numbers: Vec<f64> = bits.map(f64::from_bits).collect();
        let compiled = Outputs::from_numbers(problem.point.len(), &numbers);
        let evaluated = Outputs::of(&surface(problem, model), &problem.point, &problem.direction);
        let mut complaints = disagreements(problem, &compiled, truth, 1e-10);
        if compiled.bits() != evaluated.bits() {
            complaints.push(format!("compiled {compiled:?}\nevaluated {evaluated:?}"));
        }
        if !complaints.is_empty() {
            wrong.push(format!("seed {seed}\n{}{}\n", problem.text(), complaints.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{} of {COUNT}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Writes a crate of programs that have a module per problem and print a line of bits for each.
fn write_crate(problems: &[(&Problem, &Model)]) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("random-formulas");
    fs::create_dir_all(folder.join("src/bin")).unwrap();
    for (program, problems) in problems.chunks(problems.len().div_ceil(PROGRAMS)).enumerate() {
        let (mut file, mut body, mut input) =
            (include_str!("harness.rs").to_owned(), String::new(), String::new());
        for (at, (problem, model)) in problems.iter().enumerate() {
            let name = format!("formula_{at}");
            let tokens = Module {
                name: format_ident!("{name}"),
                head: quote!(),
                graph: &model.graph,
                error: model.error,
                arguments: Argument::plain(&model.graph),
                private: quote!(crate::private),
                title: format!("formula {at}"),
                outputs: [Output::usual(), [Output::SparseHessian].into()].into_iter().flatten().collect(),
            }
            .tokens();
            let arguments = data_arguments(&syn::parse2(tokens.clone()).unwrap());
            file.push_str(&hesse_build::format(tokens));
            body.push_str("    let r = records.next().unwrap();\n");
            let _ = writeln!(body, "    r.print(&{name}::error_function({arguments}), out);");
            input.push_str(&record(problem));
        }
        let _ = write!(
            file,
            "\nfn run(records: &mut impl Iterator<Item = Record>, out: &mut String) {{\n{body}}}\n"
        );
        write(&folder.join(format!("src/bin/program_{program}.rs")), &file);
        write(&folder.join(format!("program_{program}.txt")), &input);
    }
    write(&folder.join("Cargo.lock"), &fs::read_to_string(root.join("Cargo.lock")).unwrap());
    let manifest = MANIFEST.replace("RUNTIME", &format!("{:?}", root.join("runtime")));
    write(&folder.join("Cargo.toml"), &manifest);
    folder
}

/// A workspace of its own; `std` because the evaluator takes its functions from there.
const MANIFEST: &str = r#"[package]
name = "random-formulas"
version = "0.0.0"
edition = "2024"
publish = false

[workspace]

[dependencies]
hesse-runtime = { path = RUNTIME, default-features = false, features = ["lanes"] }

[profile.dev]
opt-level = 1
debug = false
"#;

/// Leaves files that say the same alone, so that nothing is built twice.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text).unwrap();
    }
}

/// The arguments of `error_function`, taken from a record of the input.
fn data_arguments(module: &ItemMod) -> String {
    let items = &module.content.as_ref().unwrap().1;
    let function = items.iter().find_map(|item| match item {
        Item::Fn(function) if function.sig.ident == "error_function" => Some(function),
        _ => None,
    });
    let arguments = function.unwrap().sig.inputs.iter().map(|argument| {
        let FnArg::Typed(argument) = argument else { panic!("no receiver") };
        let Pat::Ident(name) = &*argument.pat else { panic!("a plain name") };
        match &*argument.ty {
            Type::Reference(reference) => array(&name.ident.to_string(), &reference.elem),
            _ => format!("r.size(\"{}\")", name.ident),
        }
    });
    arguments.collect::<Vec<_>>().join(", ")
}

/// The array or slice of type `ty` read from the record.
fn array(name: &str, ty: &Type) -> String {
    let length = |array: &syn::TypeArray| match &array.len {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(length) => length.to_string(),
            _ => panic!("a number"),
        },
        _ => panic!("a literal"),
    };
    let flat = |element: &Type| match element {
        Type::Path(path) if path.path.is_ident("usize") => "r.positions()".to_owned(),
        _ => format!("r.numbers(\"{name}\")"),
    };
    let slice = |element: &Type| match element {
        Type::Array(row) => format!("{}.as_chunks::<{}>().0", flat(&row.elem), length(row)),
        element => flat(element),
    };
    match ty {
        Type::Slice(ty) => slice(&ty.elem),
        Type::Array(ty) => format!("{}.first_chunk::<{}>().unwrap()", slice(&ty.elem), length(ty)),
        _ => panic!("an array or a slice"),
    }
}

/// A line of the input: names, each with its numbers as bits.
fn record(problem: &Problem) -> String {
    let bits = |name: &str, values: &[f64]| {
        values.iter().fold(name.to_owned(), |text, value| format!("{text} {:x}", value.to_bits()))
    };
    let mut parts = vec![bits("point", &problem.point), bits("direction", &problem.direction)];
    parts.extend(problem.arrays.iter().map(|(array, values)| bits(array.name(), values)));
    parts.extend(problem.dimensions().iter().map(|&(name, size)| bits(name, &[size as f64])));
    parts.join(";") + "\n"
}

/// Builds the crate with the versions of this workspace, without a network, and gives back what its programs print.
fn run(folder: &Path) -> Vec<String> {
    let target = folder.join("target");
    let build = Command::new(env!("CARGO"))
        .args(["build", "--offline", "--quiet"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", &target)
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .unwrap();
    assert!(build.status.success(), "{}", String::from_utf8_lossy(&build.stderr));
    let run = |program: usize| {
        let name = format!("program_{program}");
        let file = target.join("debug").join(&name).with_extension(env::consts::EXE_EXTENSION);
        let output = Command::new(file).arg(folder.join(format!("{name}.txt"))).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    (0..PROGRAMS).map(run).collect()
}
