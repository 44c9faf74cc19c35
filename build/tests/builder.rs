//! Build scripts: what is written, what is left alone, what is refused.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs;
use std::path::{Path, PathBuf};

use hesse_build::{Builder, Output};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

const DECAY: &str = "param a, b\ndata x[n]\nE = sum(i, a*exp(-b*x[i]))\n";
const BOWL: &str = "#[derive_hessian]\nfn bowl(x: f64) -> f64 { x * x }\n";

#[test]
fn what_has_not_changed_is_not_derived_again() {
    let folder = folder("unchanged");
    let (formula, rust) = (write(&folder, "decay.hes", DECAY), write(&folder, "bowls.rs.in", BOWL));
    let out = folder.join("out");
    fs::create_dir(&out).unwrap();
    let builder = Builder::new().formula(&formula).rust(&rust).out_dir(&out);
    builder.clone().compile().unwrap();
    for (source, target, changed) in [
        (&formula, out.join("decay.rs"), DECAY.replace("exp", "cos")),
        (&rust, out.join("bowls.rs.rs"), BOWL.replace("x * x", "x + x")),
    ] {
        let code = fs::read_to_string(&target).unwrap();
        // A mark under the banner stays as long as nothing is derived.
        fs::write(&target, format!("{code}// mark\n")).unwrap();
        builder.clone().compile().unwrap();
        assert!(fs::read_to_string(&target).unwrap().ends_with("// mark\n"));

        fs::write(source, changed).unwrap();
        builder.clone().compile().unwrap();
        let derived = fs::read_to_string(&target).unwrap();
        assert!(derived != code && !derived.contains("// mark"));
    }
    let code = fs::read_to_string(out.join("decay.rs")).unwrap();
    builder.only([Output::Value]).compile().unwrap();
    assert!(
        fs::read_to_string(out.join("decay.rs")).unwrap().len() < code.len(),
        "other functions are asked for"
    );
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let folder = folder("mistakes");
    let message = |builder: Builder| builder.out_dir(&folder).compile().unwrap_err().to_string();
    let formula = write(&folder, "loss.hes", "E = sqr(x)\n");
    let text = message(Builder::new().formula(&formula));
    assert!(text.contains("unknown function `sqr`"), "{text}");
    assert!(text.contains("loss.hes:1:5\n  |\n1 | E = sqr(x)\n  |     ^^^"), "{text}");
    let rust = write(&folder, "f.in", "/// é\n#[derive_hessian]\nfn f(x: f64) -> f64 { x.sqr() }\n");
    let text = message(Builder::new().rust(&rust));
    assert!(
        text.contains("f.in:3:25\n  |\n3 | fn f(x: f64) -> f64 { x.sqr() }\n  |                         ^^^"),
        "{text}"
    );
    let used = "#[derive_hessian(uses(g))]\nfn f(x: f64) -> f64 { g(x) }\n";
    let text = message(Builder::new().rust(write(&folder, "g.in", used)));
    assert!(text.contains("there is no definition of `g` in this file"), "{text}");
    assert!(text.contains("g.in:1:23\n"), "{text}");
    let method = "struct W(f64);\n#[derive_hessian]\nimpl W { fn f(&self) -> f64 { self.0 } }\n";
    let text = message(Builder::new().rust(write(&folder, "w.in", &format!("{BOWL}{method}"))));
    assert!(text.contains("there is no definition of `W` in this file"), "{text}");

    let inside = "fn outer() -> f64 {\n    #[derive_hessian]\n    fn f(x: f64) -> f64 { x }\n    f(1.0)\n}\n";
    let text = message(Builder::new().rust(write(&folder, "inside.in", &format!("{BOWL}{inside}"))));
    assert!(text.contains("an error function inside of another item cannot be written out"), "{text}");
    assert!(text.contains("inside.in:4:5\n"), "{text}");

    let formula = write(&folder, "exp.hes", "E = exp(x)\n");
    let text = message(Builder::new().formula(&formula).parallel());
    assert!(
        text.contains("exp.hes`: functions of rows cannot be generated: E is no sum over rows"),
        "{text}"
    );
    let text = message(Builder::new().formula(&formula).only([Output::GaussNewton]));
    assert!(text.contains("exp.hes`: `gauss_newton` cannot be generated: E is no sum of squares"), "{text}");
    let text = message(Builder::new().formula(&formula).rust(write(&folder, "exp.in", BOWL)));
    assert!(text.contains("exp.rs` is generated twice: give one of its sources another name"), "{text}");
    let text = message(Builder::new().formula(folder.join("none.hes")));
    assert!(text.starts_with("cannot read `"), "{text}");
}

/// Two functions of one name, one of which is compiled: each has its module under the same condition.
#[test]
fn modules_are_there_when_their_functions_are() {
    let text = "
#[derive_hessian]
#[cfg(feature = \"steep\")]
fn bowl(x: f64) -> f64 { 9.0 * x * x }
#[cfg(not(feature = \"steep\"))]
#[derive_hessian]
fn bowl(x: f64, #[data] a: f64) -> f64 { a * x * x }";
    let code = hesse_build::generate_functions(text, "bowls.rs").unwrap();
    assert_eq!(code.matches("#[cfg(feature = \"steep\")]\n").count(), 2, "{code}");
    assert_eq!(code.matches("#[cfg(not(feature = \"steep\"))]\n").count(), 2, "{code}");
    assert!(!code.contains("#[data]"), "the mark is for the attribute");
}
