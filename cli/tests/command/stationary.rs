//! Stationary points with proof, through the command.

use crate::run::{hesse, json, numbers};

#[test]
fn himmelblau_is_complete() {
    let found = json(&["stationary", "examples/himmelblau.hes", "--box", "x=-5..5,y=-5..5"]);
    let keys: Vec<&String> = found.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["parameters", "points", "undecided", "global_minimum", "boxes"]);
    assert_eq!(found["undecided"], serde_json::json!([]));
    let points = found["points"].as_array().unwrap();
    let count = |kind: &str| points.iter().filter(|point| point["kind"] == kind).count();
    assert_eq!((count("minimum"), count("saddle"), count("maximum")), (4, 4, 1));
    let value = numbers(&found["global_minimum"]["value"]);
    assert!(value[0] <= 0.0 && value[1] >= 0.0 && value[1] - value[0] <= 1e-10);
    let text = hesse(&["stationary", "examples/himmelblau.hes", "--box=-5..5"], "").stdout;
    assert!(
        text.starts_with("9 stationary points in the box, certified; there is no other.\n\nMinima\n"),
        "{text}"
    );
}

#[test]
fn boxes_that_make_no_sense_are_refused() {
    let refused = |region: &[&str]| {
        let mut args = vec!["stationary", "x^2 + y^2"];
        args.extend(region);
        let run = hesse(&args, "");
        assert_eq!(run.code, 2, "{}", run.stderr);
        run.stderr
    };
    assert_eq!(refused(&[]), "error: the box is missing: add `--box x=-5..5,y=-5..5`\n");
    assert_eq!(refused(&["--box", "x=0..1"]), "error: `--box` gives no interval for `y`\n");
    assert_eq!(
        refused(&["--box", "x=1..0,y=0..1"]),
        "error: `x=1..0` in `--box` is no interval: write `x=-5..5`, the lower bound first\n"
    );
    assert_eq!(
        refused(&["--box=-1..1", "--budget", "soon"]),
        "error: `soon` in `--budget` is no time: write `10s`, `500ms` or `2min`\n"
    );
    assert_eq!(
        refused(&["--box=-1..1", "--resolution", "0"]),
        "error: `resolution` is 0, expected a number above 0 and below 1\n"
    );
}

#[test]
fn an_error_without_values_has_no_minimum() {
    let arguments = ["stationary", "ln(-1 - x^2)", "--box", "x=-1..1"];
    let text = hesse(&arguments, "").stdout;
    assert!(text.contains("E has no value anywhere in the box") && !text.contains("inf"), "{text}");
    assert!(json(&arguments)["global_minimum"].is_null());
}

/// A power whose integer exponent fits no machine integer still has values below zero.
#[test]
fn large_powers_are_no_false_certificates() {
    let args =
        ["stationary", "x^4000000000 + (x+1)^2", "--box=-1.2..-0.5", "--budget", "5s", "--format", "json"];
    let found: serde_json::Value = serde_json::from_str(&hesse(&args, "").stdout).unwrap();
    let points = found["points"].as_array().unwrap();
    let undecided = found["undecided"].as_array().unwrap();
    assert!(points.len() + undecided.len() > 0, "{found}");
}

/// Enclosures that interval steps leave wide are narrowed before their middles are printed.
#[test]
fn certified_points_have_the_digits_that_are_printed() {
    let found = json(&["stationary", "x*sqrt(1-x^2)", "--box=-2..2"]);
    for point in found["points"].as_array().unwrap() {
        let x = numbers(&point["at"])[0];
        assert!((x.abs() - 0.5_f64.sqrt()).abs() < 1e-10, "{point}");
        assert!((point["value"].as_f64().unwrap() - 0.5 * x.signum()).abs() < 1e-10, "{point}");
    }
    // 1/(3∛x²) + 2x = 0 at x = −6^(−3/5).
    let found = json(&["stationary", "cbrt(x) + x^2", "--box=-2..2"]);
    let points = found["points"].as_array().unwrap();
    assert_eq!(points.len(), 1, "{found}");
    assert!((numbers(&points[0]["at"])[0] + 6.0_f64.powf(-0.6)).abs() < 1e-10, "{found}");
}

#[test]
fn a_search_that_proves_nothing_fails() {
    let run = hesse(&["stationary", "x^3", "--box", "-1..1"], "");
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("nothing is proved"), "{}", run.stderr);
    // No point at all is an answer where nothing is open.
    assert_eq!(hesse(&["stationary", "exp(x)", "--box", "-1..1"], "").code, 0);
}
