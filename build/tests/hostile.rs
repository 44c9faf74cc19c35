//! Rust files that nest deeper than any stack, or are longer than anybody writes: refused, never a crash.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use hesse_build::generate_functions;

#[track_caller]
fn code(body: &str) -> &'static str {
    let text = format!("#[derive_hessian]\nfn f(x: f64) -> f64 {{ {body} }}\n");
    generate_functions(&text, "f.rs").unwrap_err()[0].code
}

#[test]
fn deep_and_long_code_is_refused() {
    let deep = 20_000;
    let nested = |open: &str, close: &str| format!("{}x{}", open.repeat(deep), close.repeat(deep));
    assert_eq!(code(&nested("(", ")")), "E0120");
    assert_eq!(code(&nested("{", "}")), "E0120");
    assert_eq!(code(&nested("[", "]")), "E0120");
    assert_eq!(code(&nested("(", ",)")), "E0120");
    for long in [
        nested("-", ""),
        nested("&", ""),
        nested("", " + x"),
        nested("", ".sin()"),
        nested("if x > 0.0 { 1.0 } else ", "").replace("else x", "else { x }"),
        nested("", " * if x > 0.0 { x } else { 1.0 }"),
        nested("|a| ", ""),
    ] {
        assert_eq!(code(&long), "E0130", "{}…", &long[..40]);
    }
    assert_eq!(code(&"x;".repeat(1 << 20)), "E0121");
    let modules = format!("{}{}", "mod m {".repeat(deep), "}".repeat(deep));
    assert_eq!(generate_functions(&modules, "m.rs").unwrap_err()[0].code, "E0120");
}

#[test]
fn code_as_people_write_it_is_read() {
    let long = format!("let y = x{}; y * y", " + x".repeat(1_000));
    let text = format!("#[derive_hessian]\nfn f(x: f64) -> f64 {{ {long} }}\n");
    assert!(generate_functions(&text, "f.rs").is_ok());
}
