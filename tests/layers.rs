//! The table of ARCHITECTURE.md, held: who may know whom, how long a file may be, which words are not used.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const CRATES: [&str; 12] = [
    "runtime", "symbolic", "parser", "derive", "build", "data", "input", "explore", "pictures", "cli",
    "testkit", ".",
];

/// Folder, our crates it may use, other crates it may use.
const LAYERS: [(&str, &[&str], &[&str]); 12] = [
    (
        "runtime",
        &[],
        &[
            "argmin",
            "argmin-math",
            "basin",
            "crc32fast",
            "fearless_simd",
            "libm",
            "nalgebra",
            "nalgebra-sparse",
            "rayon",
            "thiserror",
        ],
    ),
    ("symbolic", &["hesse-runtime"], &["num-rational", "num-traits", "proc-macro2", "quote", "thiserror"]),
    ("parser", &["hesse-symbolic"], &["annotate-snippets", "nom", "proc-macro2", "quote", "syn"]),
    ("derive", &["hesse-parser", "hesse-symbolic"], &["proc-macro2", "quote", "syn"]),
    (
        "build",
        &["hesse-parser", "hesse-symbolic"],
        &["prettyplease", "proc-macro2", "quote", "syn", "thiserror"],
    ),
    (
        "data",
        &["hesse-symbolic"],
        &["bytes", "csv", "glob", "npyz", "parquet", "strsim", "tempfile", "thiserror", "zip"],
    ),
    (
        "input",
        &["hesse-data", "hesse-parser", "hesse-runtime", "hesse-symbolic"],
        &["serde", "serde_json", "thiserror"],
    ),
    (
        "explore",
        &["hesse-build", "hesse-parser", "hesse-runtime", "hesse-symbolic"],
        &["csv", "serde_json", "thiserror"],
    ),
    ("pictures", &[], &["dejavu", "thiserror", "tiny-skia", "ttf-parser"]),
    (
        "cli",
        &[
            "hesse-build",
            "hesse-data",
            "hesse-explore",
            "hesse-input",
            "hesse-parser",
            "hesse-pictures",
            "hesse-runtime",
            "hesse-symbolic",
        ],
        &[
            "anstream",
            "clap",
            "clap_complete",
            "clap_mangen",
            "crc32fast",
            "ctrlc",
            "httparse",
            "indicatif",
            "rustyline",
            "serde_json",
            "shlex",
            "thiserror",
        ],
    ),
    (".", &["hesse-derive", "hesse-runtime"], &["nalgebra"]),
    ("testkit", &["hesse-build", "hesse-parser", "hesse-runtime", "hesse-symbolic"], &["num-dual", "syn"]),
];

fn manifest(folder: &str) -> toml::Table {
    let text = fs::read_to_string(Path::new(ROOT).join(folder).join("Cargo.toml")).unwrap();
    text.parse().unwrap()
}

fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![Path::new(ROOT).join(folder).join("src")];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_crate_uses_only_what_its_layer_may() {
    for (folder, ours, others) in LAYERS {
        let manifest = manifest(folder);
        for (name, _) in manifest["dependencies"].as_table().unwrap() {
            assert!(
                ours.contains(&name.as_str()) || others.contains(&name.as_str()),
                "`{folder}` may not depend on `{name}`"
            );
        }
    }
}

#[test]
fn only_emission_knows_tokens_and_only_lowering_knows_the_graph() {
    for path in sources("symbolic") {
        let text = fs::read_to_string(&path).unwrap();
        let in_emit = path.components().any(|c| c.as_os_str() == "emit");
        assert!(in_emit || !(text.contains("proc_macro2") || text.contains("quote!")), "{}", path.display());
        for absent in ["std::fs", "std::time", "std::env", "SystemTime", "RandomState"] {
            assert!(!text.contains(absent), "{} mentions {absent}", path.display());
        }
    }
    let is_back_end =
        |p: &&PathBuf| p.components().any(|c| c.as_os_str() == "emit" || c.as_os_str() == "languages");
    for path in sources("symbolic").iter().filter(is_back_end) {
        let text = fs::read_to_string(path).unwrap();
        assert!(!text.contains("crate::differentiate"), "{}: back ends see only kernels", path.display());
    }
    for path in sources("parser") {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let makes_nodes =
            [".reduce(", ".leaf(", ".apply("].iter().any(|call| text.contains(&format!("graph{call}")));
        assert!(name == "lower.rs" || !makes_nodes, "{} touches the graph", path.display());
    }
}

#[test]
fn answers_of_the_page_know_no_threads_clocks_files_or_sockets() {
    for path in sources("explore") {
        let text = fs::read_to_string(&path).unwrap();
        for absent in ["std::thread", "std::time", "std::fs", "std::env", "std::net", "std::process"] {
            assert!(!text.contains(absent), "{} mentions {absent}", path.display());
        }
    }
}

#[test]
fn derivative_knowledge_lives_in_one_file() {
    let partials = fs::read_to_string(Path::new(ROOT).join("symbolic/src/functions/partials.rs")).unwrap();
    assert!(!partials.contains("_ =>"), "every function has its own row");
}

#[test]
fn files_are_short_and_free_of_forbidden_words() {
    for folder in CRATES {
        for path in sources(folder) {
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().count();
            assert!(lines <= 600, "{} has {lines} lines", path.display());
            // Split, so that this file does not mention them.
            for word in [["uns", "afe {"], ["to", "do!("], ["unimp", "lemented!("], ["db", "g!("]] {
                assert!(!text.contains(&word.concat()), "{} has `{}`", path.display(), word.concat());
            }
            // A trait of a library is called what it is called.
            let text = text.replace("rustyline::Helper", "");
            for word in ["Manager", "Helper", "Utils"] {
                assert!(!text.contains(word), "{} says {word}", path.display());
            }
        }
    }
}

#[test]
fn every_crate_is_in_the_architecture() {
    let architecture = fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md")).unwrap();
    let members = manifest(".")["workspace"]["members"].clone();
    for member in members.as_array().unwrap() {
        let member = member.as_str().unwrap();
        assert!(member == "." || architecture.contains(&format!("`{member}/`")), "{member} is missing");
    }
}
