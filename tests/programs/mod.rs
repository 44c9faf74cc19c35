//! Generated code as programs: every module in one crate, built by cargo and run once, bits in and bits out.

mod outputs;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use hesse_parser::Model;
use hesse_symbolic::emit::{Argument, Module, Output};
use quote::{format_ident, quote};
use syn::{Expr, FnArg, Item, ItemMod, Lit, Pat, Type};

pub(crate) use outputs::Outputs;

/// Programs the modules are dealt to: cargo builds them side by side.
const PROGRAMS: usize = 2;

/// A model, and each set of data and points it is run on.
pub(crate) struct Case<'a> {
    pub(crate) model: &'a Model,
    pub(crate) records: Vec<Record>,
}

/// Names and numbers: the parameters as `point`, a `direction`, data arrays, and sizes that no array tells.
pub(crate) type Record = Vec<(String, Vec<f64>)>;

/// What the generated code of every case makes of every record, in order.
pub(crate) fn run(crate_name: &str, cases: &[Case<'_>]) -> Vec<Outputs> {
    let printed = build_and_run(&write_crate(crate_name, cases));
    let lines: Vec<&str> = printed.iter().flat_map(|printed| printed.lines()).collect();
    let records: Vec<&Record> = cases.iter().flat_map(|case| &case.records).collect();
    assert_eq!(lines.len(), records.len());
    let outputs = lines.iter().zip(records).map(|(line, record)| {
        let bits = line.split_whitespace().map(|bits| u64::from_str_radix(bits, 16).unwrap());
        let numbers: Vec<f64> = bits.map(f64::from_bits).collect();
        let point = record.iter().find(|(name, _)| name == "point").unwrap();
        Outputs::from_numbers(point.1.len(), &numbers)
    });
    outputs.collect()
}

/// Writes a crate of programs that have a module per case and print a line of bits for each record.
fn write_crate(name: &str, cases: &[Case<'_>]) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(folder.join("src/bin")).unwrap();
    for (program, cases) in cases.chunks(cases.len().div_ceil(PROGRAMS)).enumerate() {
        let (mut file, mut body, mut input) =
            (include_str!("harness.rs").to_owned(), String::new(), String::new());
        let _ = write!(file, "\n#[allow(dead_code)]\nmod outputs {{\n{}}}\n", include_str!("outputs.rs"));
        for (at, Case { model, records }) in cases.iter().enumerate() {
            let name = format!("formula_{at}");
            let others = [Output::SparseHessian, Output::GaussNewton].into();
            let tokens = Module {
                name: format_ident!("{name}"),
                head: quote!(),
                graph: &model.graph,
                error: model.error,
                arguments: Argument::plain(&model.graph),
                private: quote!(crate::private),
                title: format!("formula {at}"),
                applied: &[],
                outputs: [Output::usual(), others].into_iter().flatten().collect(),
            }
            .tokens();
            let arguments = data_arguments(&syn::parse2(tokens.clone()).unwrap());
            file.push_str(&hesse_build::format(tokens));
            let _ = writeln!(body, "    for r in records.by_ref().take({}) {{", records.len());
            let _ = writeln!(body, "        let surface = {name}::error_function({arguments});");
            let _ = writeln!(body, "        let outputs = r.outputs(&surface);");
            if hesse_build::is_sum_of_squares(model) {
                let squares = "outputs.with_squares(Some(surface), r.numbers(\"point\"))";
                let _ = writeln!(body, "        let outputs = {squares};");
            }
            body.push_str(
                "        outputs.bits().iter().for_each(|bits| write!(out, \"{bits:x} \").unwrap());\n",
            );
            body.push_str("        out.push('\\n');\n    }\n");
            records.iter().for_each(|record| input.push_str(&line(record)));
        }
        let _ = write!(
            file,
            "\nfn run(records: &mut impl Iterator<Item = Record>, out: &mut String) {{\n{body}}}\n"
        );
        write(&folder.join(format!("src/bin/program_{program}.rs")), &file);
        write(&folder.join(format!("program_{program}.txt")), &input);
    }
    write(&folder.join("Cargo.lock"), &fs::read_to_string(root.join("Cargo.lock")).unwrap());
    let runtime = format!("{:?}", root.join("runtime"));
    write(&folder.join("Cargo.toml"), &MANIFEST.replace("RUNTIME", &runtime).replace("NAME", name));
    folder
}

/// A workspace of its own; `std` because the evaluator takes its functions from there. Compiling takes longer than
/// running by far, and bits do not depend on it.
const MANIFEST: &str = r#"[package]
name = "NAME"
version = "0.0.0"
edition = "2024"
publish = false

[workspace]

[dependencies]
hesse = { package = "hesse-runtime", path = RUNTIME, default-features = false, features = ["lanes"] }

[profile.dev]
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
        Type::Path(path) if path.path.is_ident("usize") => format!("r.positions(\"{name}\")"),
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
fn line(record: &Record) -> String {
    let parts = record.iter().map(|(name, values)| {
        values.iter().fold(name.clone(), |text, value| format!("{text} {:x}", value.to_bits()))
    });
    parts.collect::<Vec<_>>().join(";") + "\n"
}

/// Builds the crate with the versions of this workspace, without a network, and gives back what its programs print.
fn build_and_run(folder: &Path) -> Vec<String> {
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
