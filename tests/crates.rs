//! Crates as people have them: everything generated passes their lints, with and without the standard library.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hesse_testkit::chapters::chapters;

#[test]
fn crates_build_without_warnings() {
    let folder = copied();
    // Alone, so that no other crate turns features on.
    cargo(&folder, "freestanding", &["build"]);
    names_core_alone(&folder.join("target/freestanding/debug/libfreestanding.rlib"));
    let page =
        chapters().into_iter().find(|chapter| chapter.name.ends_with("examples/calibration.md")).unwrap();
    page.hold(
        |_| {},
        |command| command.starts_with("cargo run").then(|| cargo(&folder, "calibration", &["run"])),
    );
    cargo(&folder, "everyday", &["test"]);
    let has_clippy =
        Command::new(env!("CARGO")).args(["clippy", "--version"]).output().is_ok_and(|o| o.status.success());
    if has_clippy {
        cargo(&folder, "freestanding", &["clippy"]);
        cargo(&folder, "everyday", &["clippy", "--all-targets"]);
    }
}

/// The symbols of a library, its own and those it asks others for, are none of the standard library and allocate nothing.
fn names_core_alone(library: &Path) {
    let bytes = fs::read(library).unwrap();
    let has = |symbol: &str| bytes.windows(symbol.len()).any(|window| window == symbol.as_bytes());
    assert!(has("11newton_step"), "the code is there");
    // As they are mangled.
    for symbol in ["_3std", "_ZN3std", "_5alloc", "_ZN5alloc", "__rust_alloc"] {
        assert!(!has(symbol), "{symbol}");
    }
}

/// The crates with the versions of this workspace, in a folder of their own.
fn copied() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("crates");
    for (parent, name) in
        [("tests/crates", "freestanding"), ("tests/crates", "everyday"), ("examples", "calibration")]
    {
        let (from, to) = (root.join(parent).join(name), folder.join(name));
        fs::create_dir_all(to.join("src")).unwrap();
        let manifest = fs::read_to_string(from.join("Cargo.toml")).unwrap();
        let here = format!("path = {:?}", root);
        let manifest = manifest.replace("path = \"../../..\"", &here).replace("path = \"../..\"", &here);
        fs::write(to.join("Cargo.toml"), manifest).unwrap();
        fs::copy(root.join("Cargo.lock"), to.join("Cargo.lock")).unwrap();
        for entry in fs::read_dir(from.join("src")).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), to.join("src").join(entry.file_name())).unwrap();
        }
    }
    folder
}

/// Runs cargo in a crate, and gives back what it prints. What has no need of the standard library is built together.
fn cargo(folder: &Path, name: &str, arguments: &[&str]) -> String {
    let target = if name == "everyday" { "everyday" } else { "freestanding" };
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--quiet"])
        .current_dir(folder.join(name))
        .env("CARGO_TARGET_DIR", folder.join("target").join(target))
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .unwrap();
    assert!(output.status.success(), "{name} {arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
