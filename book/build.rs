//! Finds the chapters, and keeps of each its Rust, on the lines on which it stands.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    println!("cargo::rerun-if-changed=src");
    let mut modules = String::new();
    for path in chapters(Path::new("src"))? {
        let text = rust_alone(&fs::read_to_string(&path)?);
        // Where a doctest fails, its name says the chapter.
        let name: String =
            path.with_extension("").to_string_lossy().replace(|c: char| !c.is_alphanumeric(), "_");
        fs::write(out.join(format!("{name}.md")), text)?;
        let _ = writeln!(
            modules,
            "#[doc = include_str!(concat!(env!(\"OUT_DIR\"), \"/{name}.md\"))]\nmod {name} {{}}"
        );
    }
    fs::write(out.join("chapters.rs"), modules)
}

/// All chapters in a folder and in those inside, by name.
fn chapters(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(chapters(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Rustdoc would take indented equations for Rust, so all lines but those of blocks of Rust are left empty.
fn rust_alone(text: &str) -> String {
    let (mut kept, mut inside) = (String::new(), None);
    for line in text.lines() {
        let fence = line.strip_prefix("```");
        let is_rust = inside.unwrap_or_else(|| fence.is_some_and(|language| language.starts_with("rust")));
        inside = match (inside, fence) {
            (None, Some(_)) => Some(is_rust),
            (Some(_), Some("")) => None,
            (inside, _) => inside,
        };
        kept.push_str(if is_rust { line } else { "" });
        kept.push('\n');
    }
    kept
}
