//! A whole crate: the generated module, and the files of the runtime that it names.

use std::path::Path;

use hesse_runtime::sources::FILES;

use super::File;
use crate::failure::Failure;

/// Functions that the crate `libm` has and the platform has too, as the runtime calls them.
const FROM_PLATFORM: [(&str, &str); 11] = [
    ("sin", "(x: f64) -> f64 { x.sin() }"),
    ("cos", "(x: f64) -> f64 { x.cos() }"),
    ("pow", "(x: f64, y: f64) -> f64 { x.powf(y) }"),
    ("atan2", "(y: f64, x: f64) -> f64 { y.atan2(x) }"),
    ("hypot", "(x: f64, y: f64) -> f64 { x.hypot(y) }"),
    ("fma", "(a: f64, b: f64, c: f64) -> f64 { a.mul_add(b, c) }"),
    ("asinh", "(x: f64) -> f64 { x.asinh() }"),
    ("acosh", "(x: f64) -> f64 { x.acosh() }"),
    ("atanh", "(x: f64) -> f64 { x.atanh() }"),
    // The platform has none in Rust: the polynomials for loops over rows are as good.
    ("erf", "(x: f64) -> f64 { super::lanes::erf::<super::lanes::Plain>(x) }"),
    ("erfc", "(x: f64) -> f64 { super::lanes::erfc::<super::lanes::Plain>(x) }"),
];

/// The path under which generated code finds the runtime, and where it is in this crate.
const PRIVATE: [&str; 2] = ["::hesse::__private", "crate::runtime"];

/// The files of the crate `name` in `folder`, with the generated `code`.
pub(super) fn files(folder: &Path, name: &str, code: &str) -> Result<Vec<File>, Failure> {
    let code = code.replace(PRIVATE[0], PRIVATE[1]);
    if code.contains("runtime::nalgebra") {
        return Err(Failure::input(
            "a crate without dependencies has no `SVector`: take `&[f64; N]` for the argument",
        ));
    }
    let name = crate_name(name);
    let runtime = runtime(&code)?;
    if let Some(function) = runtime.iter().find_map(|(_, text)| not_from_platform(text)) {
        return Err(Failure::input(format!(
            "a crate without dependencies has no `{function}`, which the formula or its derivatives need: take the \
             module that `-o` writes, with `hesse`"
        )));
    }
    let mut files = vec![
        ("Cargo.toml".to_owned(), MANIFEST.replace("NAME", &name)),
        ("src/lib.rs".to_owned(), library(&code)),
        ("src/runtime/libm.rs".to_owned(), platform()),
        ("src/runtime/mod.rs".to_owned(), root(&code)),
    ];
    for (path, text) in runtime {
        let text = text.replace("crate::", "crate::runtime::");
        let text = text.replace("hesse_runtime::", &format!("{name}::runtime::"));
        files.push((format!("src/runtime/{path}"), with_libm(&text)));
    }
    Ok(files.into_iter().map(|(path, text)| File { path: Some(folder.join(path)), text }).collect())
}

/// The generated file with its banner, and the runtime beside it.
fn library(code: &str) -> String {
    let (banner, code) = code.split_once("\n\n").unwrap_or(("", code));
    let allocates = if allocates(code) { "extern crate alloc;\n\n" } else { "" };
    format!(
        "{banner}\n\n#![cfg_attr(not(feature = \"std\"), no_std)]\n\n{allocates}pub mod runtime;\n\n{code}"
    )
}

/// Whether code makes vectors: bound error functions do that need a workspace or have a sparse Hessian.
fn allocates(code: &str) -> bool {
    code.contains("crate::runtime::vec!") || is_sparse(code)
}

fn is_sparse(code: &str) -> bool {
    code.contains("crate::runtime::sparse::")
}

/// The root of the runtime.
fn root(code: &str) -> String {
    let mut text = RUNTIME.replace("VERSION", env!("CARGO_PKG_VERSION"));
    if is_sparse(code) {
        text.push_str("pub mod sparse;\n");
    }
    if allocates(code) {
        text.push_str("pub use alloc::vec;\n");
    }
    text
}

/// The files of the runtime that `code` needs, and of its functions those that are called.
fn runtime(code: &str) -> Result<Vec<(&'static str, String)>, Failure> {
    let is_math = |path: &str| path == "math.rs" || path.starts_with("math/");
    let (math, others): (Vec<_>, Vec<_>) = FILES.iter().partition(|(path, _)| is_math(path));
    let users: Vec<&str> = others.iter().map(|(_, text)| *text).chain([code]).collect();
    let mut files = Vec::new();
    for (path, text) in others.iter().filter(|(path, _)| *path != "sparse.rs" || is_sparse(code)) {
        files.push((*path, text.replace("std::vec", "alloc::vec")));
    }
    let texts: Vec<&str> = math.iter().map(|(_, text)| *text).collect();
    let kept = hesse_build::kept_functions(&texts, &users).map_err(Failure::computation)?;
    for ((path, _), kept) in math.into_iter().zip(kept) {
        // The examples at the head call some of the others.
        let head: usize = documentation(&kept);
        let first = kept.find('\n').map_or(0, |end| end + 1).min(head);
        files.push((path, format!("{}{}", &kept[..first], &kept[head..])));
    }
    Ok(files)
}

/// The length of the documentation at the head of a file.
fn documentation(text: &str) -> usize {
    text.split_inclusive('\n').take_while(|line| line.starts_with("//!")).map(str::len).sum()
}

/// What the runtime takes from the crate `libm`, it takes from a module of that name here.
fn with_libm(text: &str) -> String {
    if !text.contains("libm::") {
        return text.to_owned();
    }
    let docs = documentation(text);
    format!("{}\nuse crate::runtime::libm;\n{}", &text[..docs], &text[docs..])
}

/// A function of the crate `libm` that the platform has not.
fn not_from_platform(text: &str) -> Option<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let called = code.flat_map(|line| line.split("libm::").skip(1)).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        &rest[..end]
    });
    let is_missing = |name: &&str| !name.is_empty() && !FROM_PLATFORM.iter().any(|(own, _)| own == name);
    let mut missing = called.filter(is_missing);
    missing.next().map(str::to_owned)
}

fn platform() -> String {
    let mut text = "//! What the runtime calls of the crate `libm`, from the platform.\n".to_owned();
    for (name, function) in FROM_PLATFORM {
        text.push_str(&format!("\npub(crate) fn {name}{function}\n"));
    }
    text
}

/// A name that cargo takes.
fn crate_name(name: &str) -> String {
    let mut name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert_str(0, "e_");
    }
    name
}

const MANIFEST: &str = r#"[package]
name = "NAME"
version = "0.1.0"
edition = "2024"
rust-version = "1.89"

[features]
default = ["std"]
# Elementary functions from the platform. Without it they come from the crate libm: run
# `cargo add libm --optional`, and build with `--no-default-features --features libm`.
std = []

[lints.rust]
# The runtime has features that this crate has not.
unexpected_cfgs = "allow"
"#;

const RUNTIME: &str = r#"//! What the generated code needs of the runtime of Hesse VERSION: traits, layout of Hessians, elementary functions.
//!
//! Loops over rows run on the vectors of the target that the crate is compiled for.
#![allow(dead_code, unused_imports)]

#[cfg(not(any(feature = "std", feature = "libm")))]
compile_error!(
    "without the feature `std`, elementary functions come from the crate libm: run `cargo add libm --optional`, and \
     build with `--no-default-features --features libm`"
);

mod error_function;
pub mod lanes;
pub mod math;
pub mod packed;
mod row_error_function;
mod sparse_error_function;

#[cfg(feature = "std")]
mod libm;
#[cfg(all(feature = "libm", not(feature = "std")))]
pub(crate) use ::libm;

pub use error_function::{ErrorFunction, SumOfSquares};
pub use row_error_function::RowErrorFunction;
pub use sparse_error_function::SparseErrorFunction;
"#;
