//! Explanations to the letter, kept in `data/explanations.txt`.
//!
//! Each case is a line `$ argument | argument | …` (with `\n` for a line break), then what it prints. `HESSE_BLESS=1`
//! writes the file anew.

use std::fs;

use crate::run::{hesse, json, numbers};

#[test]
fn explanations_are_kept_to_the_letter() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/explanations.txt");
    let expected = fs::read_to_string(path).unwrap();
    let mut actual = Vec::new();
    for case in expected.split("\n\n$ ").map(|case| case.trim_start_matches("$ ")) {
        let command = case.lines().next().unwrap();
        let args: Vec<String> = command.split(" | ").map(|arg| arg.replace("\\n", "\n")).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let run = hesse(&args, "");
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{command}");
        actual.push(format!("$ {command}\n{}", run.stdout));
    }
    let actual = actual.join("\n");
    if std::env::var_os("HESSE_BLESS").is_some() {
        fs::write(path, actual).unwrap();
    } else {
        assert_eq!(actual, expected, "set HESSE_BLESS=1 to accept");
    }
}

#[test]
fn sizes_come_from_data_and_by_hand() {
    let line = "param a\ndata x[n], y[n], z[m]\nE = sum(i, (y[i] - a*x[i])^2) + sum(i, a*z[i])";
    let args = ["derive", line, "--explain", "--set", "x=[1,2,3],y=[1,2,3]", "--size", "m=10"];
    let found = json(&args);
    assert_eq!(found["sizes"], serde_json::json!({"n": 3, "m": 10}));
    // a·x, −, ², + for each of 3; + for each of 10, since a leaves that sum; times a, both sums, to the value.
    let value = &found["functions"][0];
    assert_eq!(
        (&value["name"], &value["work_at_sizes"]),
        (&"value".into(), &(4.0 * 3.0 + 10.0 + 3.0).into())
    );
}

#[test]
fn modes_choose_rules_and_larger_domains_are_told() {
    let line = "sin(x)/x + abs(x^2)";
    let rules = |mode: &str| {
        let found = json(&["derive", line, "--explain", "--mode", mode]);
        assert_eq!(found["mode"], mode);
        let rules = found["rewritten"].as_array().unwrap().clone();
        rules.into_iter().map(|rule| rule["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(rules("strict"), ["size of a size"]);
    assert_eq!(rules("robust"), ["size of a size", "sinc"]);
    assert_eq!(rules("fast"), ["size of a size"]);
    let run = hesse(&["eval", line, "--at", "x=0"], "");
    assert_eq!(
        run.stderr,
        "note: `sin(c*x)/x` is taken as `c*sinc(c*x)`, which extends the domain; in mode `strict` it is not\n"
    );
    let strict = hesse(&["eval", line, "--at", "x=0", "--mode", "strict"], "");
    assert_eq!(strict.code, 1, "{}", strict.stdout);
    let gradient = json(&["eval", line, "--at", "x=2", "--mode", "strict"])["gradient"].clone();
    let slope = (2.0 * 2_f64.cos() - 2_f64.sin()) / 4.0 + 4.0;
    assert!((numbers(&gradient)[0] - slope).abs() < 1e-14);
}
