//! The example crate with a build script, built and run as a user would.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use hesse_testkit::chapters::chapters;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A copy of the example beside the target folder, with the versions of this workspace.
fn copy() -> PathBuf {
    let (from, to) = (Path::new(ROOT).join("examples/build-script"), Path::new(env!("CARGO_TARGET_TMPDIR")));
    let to = to.join("build-script");
    for folder in ["models", "src"] {
        fs::create_dir_all(to.join(folder)).unwrap();
    }
    for file in ["build.rs", "models/decay.hes", "models/penalties.rs", "src/main.rs"] {
        fs::copy(from.join(file), to.join(file)).unwrap();
    }
    fs::copy(Path::new(ROOT).join("Cargo.lock"), to.join("Cargo.lock")).unwrap();
    let manifest = fs::read_to_string(from.join("Cargo.toml")).unwrap();
    fs::write(to.join("Cargo.toml"), manifest.replace("../..", ROOT)).unwrap();
    to
}

fn run(folder: &Path) -> Output {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["run", "--offline", "--quiet"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"));
    cargo.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS").output().unwrap()
}

#[test]
fn the_example_fits_and_shows_mistakes() {
    let folder = copy();
    let output = run(&folder);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors, "", "no warnings");
    let printed = String::from_utf8(output.stdout).unwrap();
    let page =
        chapters().into_iter().find(|chapter| chapter.name.ends_with("examples/build-script.md")).unwrap();
    page.hold(|_| {}, |command| command.starts_with("cargo run").then(|| printed.clone()));

    let formula = folder.join("models/decay.hes");
    let text = fs::read_to_string(&formula).unwrap();
    fs::write(&formula, text.replace("exp", "epx")).unwrap();
    let output = run(&folder);
    assert!(!output.status.success());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        errors.contains("unknown function `epx`") && errors.contains("models/decay.hes:5:22"),
        "{errors}"
    );
}
