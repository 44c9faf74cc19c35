//! Malformed formulas: the complaints, to the letter.
//!
//! Each file holds a formula, a line `----`, and the rendered diagnostics. `HESSE_BLESS=1` rewrites them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use std::fs;
use std::path::Path;

use hesse_parser::diagnostic::render;
use hesse_parser::formula::{Columns, MAX_DEPTH, MAX_SIZE, parse};

const RULE: &str = "\n----\n";

#[test]
fn complaints_are_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/err");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 40);
    let mut wrong = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let (input, expected) = text.split_once(RULE).expect("a rule between input and expectation");
        let found = match parse(input, &Columns::none()) {
            Ok(_) => "well formed\n".to_owned(),
            Err(diagnostics) => diagnostics
                .iter()
                .map(|d| render(input, "input.hes", d, false) + "\n")
                .collect::<Vec<_>>()
                .join("\n"),
        };
        if std::env::var_os("HESSE_BLESS").is_some() {
            fs::write(&file, format!("{input}{RULE}{found}")).unwrap();
        } else if found != expected {
            wrong.push(format!("{}\n{found}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[track_caller]
fn first_code(source: &str) -> String {
    parse(source, &Columns::none()).map(|_| ()).unwrap_err()[0].code.to_owned()
}

#[test]
fn hostile_texts_are_refused_calmly() {
    let deep = 100_000;
    for open in ["(", "-", "sin(", "x^", "not ", "w[", "if(", "sum(i, ", "2(", "+"] {
        assert_eq!(first_code(&open.repeat(deep)), "E0120", "{open}");
        assert_eq!(first_code(&format!("E = {}", open.repeat(deep))), "E0120", "{open}");
    }
    assert_eq!(first_code(&format!("{}x{}", "(".repeat(deep), ")".repeat(deep))), "E0120");
    assert_eq!(first_code(&")".repeat(deep)), "E0103");
    assert_eq!(first_code(&" ".repeat(MAX_SIZE + 1)), "E0121");
    assert_eq!(first_code(&"\0".repeat(deep)), "E0125");
    assert_eq!(first_code(&"²³".repeat(deep)), "E0101");
    assert_eq!(first_code("x²²²²²²²²²²²²²²²²²²²²²²²²²"), "E0101");
    assert_eq!(parse(&"a b\n".repeat(deep), &Columns::none()).unwrap_err().len(), 100, "a bounded list");
    let fits = MAX_DEPTH - 1;
    assert!(parse(&format!("{}x{}", "(".repeat(fits), ")".repeat(fits)), &Columns::none()).is_ok());
    assert!(parse(&format!("{}x{}", "sin(".repeat(fits), ")".repeat(fits)), &Columns::none()).is_ok());
}

#[test]
fn long_chains_are_read() {
    for source in [
        format!("1{}", " + 1".repeat(100_000)),
        format!("x{}", " * 1.5".repeat(10_000)),
        format!("if(x > 0{}, 1, 0)", " and x < 2".repeat(20_000)),
        format!("x{}", " - x".repeat(100_000)),
        (0..5_000).fold("a0 = x\n".to_owned(), |text, k| text + &format!("a{} = a{k} + sin(a{k})\n", k + 1))
            + "E = a5000",
    ] {
        assert!(parse(&source, &Columns::none()).is_ok(), "{}…", &source[..40]);
    }
}

#[test]
fn expanding_definitions_are_bounded() {
    let doubling = (0..60).fold("f0(x) = x\n".to_owned(), |text, k| {
        text + &format!("f{}(x) = f{k}(x + {k}) * f{k}(x - {k}.5)\n", k + 1)
    });
    assert_eq!(first_code(&(doubling + "E = f60(a)")), "E0122");
    let shared = (0..60)
        .fold("f0(x) = x\n".to_owned(), |text, k| text + &format!("f{}(x) = f{k}(x) * f{k}(x)\n", k + 1));
    assert!(parse(&(shared + "E = f9(a)"), &Columns::none()).is_ok());
    let deep = (0..3_000).fold("data x[n]\na0[i] = x[i]\n".to_owned(), |text, k| {
        text + &format!("a{}[i] = a{k}[i] + 1\n", k + 1)
    });
    assert_eq!(first_code(&(deep + "E = sum(i, a3000[i])")), "E0120");
}

#[test]
fn what_has_too_many_derivatives_is_refused() {
    let joined = |n: usize, sign: &str| (0..n).map(|k| format!("x{k}")).collect::<Vec<_>>().join(sign);
    for source in [
        format!("({})^2", joined(2_000, "+")),
        format!("logsumexp({})", joined(1_000, ",")),
        joined(1_000, "*"),
        (0..1_000).map(|k| format!("(x+{k})")).collect::<Vec<_>>().join("*"),
    ] {
        assert_eq!(first_code(&source), "E0128", "{}…", &source[..40]);
    }
    for source in [format!("({})^2", joined(200, "+")), joined(10_000, "^2+"), joined(50, "*")] {
        assert!(parse(&source, &Columns::none()).is_ok(), "{}…", &source[..40]);
    }
    assert_eq!(first_code("param w[2147483648]; E = sum(i, w[i]^2)"), "E0129");
    assert_eq!(first_code("data x[2147483648, 2]; E = sum(i, j, x[i, j] * a)"), "E0129");
}

#[test]
fn a_byte_order_mark_begins_a_file() {
    assert!(parse("\u{feff}x^2", &Columns::none()).is_ok());
    assert_eq!(first_code("x^2 + \u{feff}y"), "E0125");
}

#[test]
fn nests_of_reductions_are_bounded() {
    let nest = |n: usize| {
        let binders = (1..n).map(|k| format!(", i{k} in 0..i{}", k - 1)).collect::<String>();
        format!("data x[n]\nE = sum(i0 in 0..n{binders}, x[i0])")
    };
    assert!(parse(&nest(64), &Columns::none()).is_ok());
    assert_eq!(first_code(&nest(65)), "E0124");
    assert_eq!(first_code(&nest(20_000)), "E0124");
    let definitions = (0..100).fold("data x[n]\nf0(y) = y\n".to_owned(), |text, k| {
        text + &format!("f{}(y) = sum(i{k}, f{k}(x[i{k}] * y))\n", k + 1)
    });
    assert_eq!(first_code(&(definitions + "E = f100(a)")), "E0124");
}

#[test]
fn every_text_is_answered() {
    // Pieces of formulas in all orders: nothing may panic, and what is refused has a place in the text.
    let pieces = [
        "E", "=", "x", "[", "]", "(", ")", "i", ",", "sum", "2", "^", "-", "in", "..", "\n", "if", "<", "é",
        "²",
    ];
    let mut state = 0x2545_f491_4f6c_dd1du64;
    for _ in 0..20_000 {
        let mut source = String::new();
        for _ in 0..12 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            source.push_str(pieces[(state % pieces.len() as u64) as usize]);
            source.push_str(if state & 64 == 0 { " " } else { "" });
        }
        if let Err(diagnostics) = parse(&source, &Columns::none()) {
            assert!(!diagnostics.is_empty(), "{source}");
            for diagnostic in diagnostics {
                assert!(source.get(diagnostic.primary.span.clone()).is_some(), "{source}");
                render(&source, "input", &diagnostic, false);
            }
        }
    }
}
