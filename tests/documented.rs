//! Public items have examples that run. Those that have none yet are counted, and their number may only fall.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs;
use std::path::Path;

/// Functions, types and traits of each crate that are public and have no example. Lower a number when it has fallen.
const WITHOUT: [(&str, usize); 6] =
    [("runtime", 110), ("symbolic", 120), ("parser", 45), ("derive", 2), ("build", 10), ("data", 10)];

#[test]
fn examples_are_many_and_become_more() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let counted = WITHOUT.map(|(name, _)| {
        let mut bare = Vec::new();
        collect(&root.join(name).join("src"), &mut bare);
        bare.sort();
        (name, bare)
    });
    for ((name, bare), (_, most)) in counted.iter().zip(WITHOUT) {
        assert!(
            bare.len() <= most,
            "{name}: {} public items without an example, not {most}; write one for what is new:\n{}",
            bare.len(),
            bare.join("\n")
        );
    }
}

/// The items in a folder.
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

/// Methods share the example of their type, so that only items at the left margin count.
fn without_example(text: &str) -> impl Iterator<Item = &str> {
    let mut has_example = false;
    text.lines().filter(move |line| {
        if let Some(words) = line.strip_prefix("///") {
            has_example |= words.trim_start().starts_with("```");
            return false;
        }
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
