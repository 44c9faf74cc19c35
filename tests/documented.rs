//! Public items have examples that run.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs;
use std::path::Path;

/// The folders of the crates that people may depend on.
const CRATES: [&str; 10] =
    [".", "build", "data", "derive", "explore", "input", "parser", "pictures", "runtime", "symbolic"];

#[test]
fn public_items_have_examples() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut bare = Vec::new();
    for name in CRATES {
        collect(&root.join(name).join("src"), &mut bare);
    }
    bare.sort();
    assert!(bare.is_empty(), "public items without an example:\n{}", bare.join("\n"));
}

/// The functions, types and traits in a folder that have none.
fn collect(folder: &Path, bare: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, bare);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            bare.extend(without_example(&text).map(|item| format!("{}: {item}", path.display())));
        }
    }
}

/// Methods share the example of their type, so that only items at the left margin count; those that documentation leaves out
/// do not.
fn without_example(text: &str) -> impl Iterator<Item = &str> {
    let mut has_example = false;
    text.lines().filter(move |line| {
        if let Some(words) = line.strip_prefix("///") {
            has_example |= words.trim_start().starts_with("```");
            return false;
        }
        has_example |= *line == "#[doc(hidden)]";
        let goes_on = line.starts_with("#[") || line.starts_with([' ', ')']);
        let is_bare = is_item(line) && !has_example;
        has_example &= goes_on;
        is_bare
    })
}

fn is_item(line: &str) -> bool {
    let Some(item) = line.strip_prefix("pub ") else { return false };
    let item = item.strip_prefix("const ").unwrap_or(item);
    ["fn ", "struct ", "enum ", "trait "].iter().any(|kind| item.starts_with(kind))
}
