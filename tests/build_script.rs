//! The example crate with a build script, built and run as a user would.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use hesse_testkit::chapters::chapters;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A copy of the example beside the target folder, with the versions of this workspace.
fn copy(name: &str) -> PathBuf {
    let (from, to) = (Path::new(ROOT).join("examples/build-script"), Path::new(env!("CARGO_TARGET_TMPDIR")));
    let to = to.join(name);
    for folder in ["models", "src"] {
        fs::create_dir_all(to.join(folder)).unwrap();
    }
    for file in ["build.rs", "models/decay.hes", "models/penalties.rs", "src/main.rs"] {
        fs::copy(from.join(file), to.join(file)).unwrap();
    }
    fs::copy(Path::new(ROOT).join("Cargo.lock"), to.join("Cargo.lock")).unwrap();
    let manifest = fs::read_to_string(from.join("Cargo.toml")).unwrap();
    fs::write(
        to.join("Cargo.toml"),
        manifest.replace("../..", ROOT).replace("name = \"build-script\"", &format!("name = \"{name}\"")),
    )
    .unwrap();
    to
}

fn run(folder: &Path) -> Output {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["run", "--offline", "--quiet"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.with_file_name("build-scripts-target"));
    cargo.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS").output().unwrap()
}

/// A file with everything that error functions may use, and what holds it to the same by hand.
const SHAPES: &str = r#"
use hesse::{Parameters, derivatives, derive_hessian, differentiable};
use robust::huber as soft;

mod robust {
    #[hesse::differentiable]
    pub fn huber(r: f64) -> f64 {
        if r.abs() <= 1.0 { 0.5 * r * r } else { r.abs() - 0.5 }
    }
}

#[derivatives(f64::cos, minus_sine)]
fn sine(x: f64) -> f64 {
    x.sin()
}

fn minus_sine(x: f64) -> f64 {
    -x.sin()
}

#[differentiable(uses(sine))]
fn wave(x: f64) -> f64 {
    sine(2.0 * x)
}

#[derive(Parameters, Clone, PartialEq, Debug)]
pub struct Line {
    pub slope: f64,
    pub offset: f64,
}

#[derive_hessian(uses(soft))]
impl Line {
    pub fn error(&self, x: &[f64], y: &[f64]) -> f64 {
        x.iter().zip(y).map(|(x, y)| soft(y - self.at(*x))).sum()
    }

    fn at(&self, x: f64) -> f64 {
        self.slope * x + self.offset
    }
}

pub mod deeper {
    use super::{Line, wave};

    #[hesse::derive_hessian(uses(Line, wave))]
    pub fn ripple(line: &Line, #[data] x: f64) -> f64 {
        wave(line.slope * x) + line.offset * line.offset
    }
}

#[derive_hessian(only(value, gradient), uses(Line, self::deeper::ripple))]
pub fn twice(line: &Line, #[data] x: f64) -> f64 {
    2.0 * self::deeper::ripple(line, x)
}

pub fn check() {
    let line = Line { slope: 0.25, offset: 1.0 };
    let (x, y) = ([0.0, 2.0], [0.5, 9.0]);
    assert_eq!(line.error(&x, &y), 0.125 + 7.0);
    assert_eq!(error::gradient(&line, &x, &y), Line { slope: -2.0, offset: 0.5 - 1.0 });
    assert_eq!(deeper::ripple(&line, 0.0), 1.0);
    assert_eq!(deeper::ripple::hessian(&line, 0.0), [[0.0, 0.0], [0.0, 2.0]]);
    assert_eq!(twice(&line, 0.0), twice::value(&line, 0.0));
    let slope = 2.0 * 4.0 * 1.0f64.cos();
    assert!((twice::gradient(&line, 2.0).slope - slope).abs() < 1e-14);
}
"#;

#[test]
fn a_file_may_use_what_is_in_it() {
    let folder = copy("shapes");
    fs::write(folder.join("models/shapes.rs"), SHAPES).unwrap();
    let change = |file: &str, from: &str, to: &str| {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(folder.join(file), text.replacen(from, to, 1)).unwrap();
    };
    change("build.rs", ".compile()", ".rust(\"models/shapes.rs\").compile()");
    let include = "mod shapes {\n    include!(concat!(env!(\"OUT_DIR\"), \"/shapes.rs\"));\n}\n\nfn main()";
    change("src/main.rs", "fn main()", include);
    change("src/main.rs", "> {\n", "> {\n    shapes::check();\n");
    let output = run(&folder);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors, "", "no warnings");
}

#[test]
fn the_example_fits_and_shows_mistakes() {
    let folder = copy("build-script");
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
