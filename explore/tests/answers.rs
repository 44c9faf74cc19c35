//! Answers against published values and closed forms, refusals to the letter.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::fs;

use hesse_explore::{MAX_REQUEST, answer, asset};
use serde_json::{Value, json};

const ROSENBROCK: &str = "(1 - x)^2 + 100*(y - x^2)^2";
const HIMMELBLAU: &str = "(x^2 + y - 11)^2 + (x + y^2 - 7)^2";
const DECAY: &str = "sum(i, (y[i] - a*exp(-b*x[i]))^2)";

fn ask(request: &Value) -> Value {
    serde_json::from_str(&answer(&request.to_string(), &mut || true)).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn message(request: &Value) -> String {
    ask(request)["complaints"][0]["message"].as_str().unwrap().to_owned()
}

fn is_near(found: &[f64], expected: &[f64], tolerance: f64) -> bool {
    found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= tolerance)
}

#[test]
fn formulas_are_typeset_as_on_file() {
    let cases = [
        ("rosenbrock", json!({"ask": "derive", "formula": ROSENBROCK})),
        ("decay", json!({"ask": "derive", "formula": DECAY, "data": "x,y\n0,2\n1,1\n"})),
        ("chain", json!({"ask": "derive", "formula": "param w[4]\nsum(i in 0..3, (w[i+1] - w[i]^2)^2)"})),
    ];
    for (name, request) in cases {
        let found = format!("{:#}\n", ask(&request));
        let path = format!("{}/tests/answers/{name}.json", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("HESSE_BLESS").is_some() {
            fs::write(&path, &found).unwrap();
        }
        assert!(found == fs::read_to_string(&path).unwrap(), "{name}: look at it, then HESSE_BLESS=1");
    }
}

#[test]
fn mistakes_have_their_place_in_units_of_javascript() {
    // The face is one character, two units and four bytes.
    let found = ask(&json!({"ask": "derive", "formula": "# 😀\nE = sqr(x)"}));
    let complaint = &found["complaints"][0];
    assert_eq!(found["refused"], "formula");
    assert_eq!(complaint["message"], "unknown function `sqr`");
    assert_eq!((complaint["start"].as_u64(), complaint["end"].as_u64()), (Some(9), Some(12)));
    assert_eq!(complaint["fix"]["replacement"], "sqrt");
}

#[test]
fn the_model_of_rosenbrock_at_its_minimum() {
    let found = ask(&json!({"ask": "point", "formula": ROSENBROCK, "at": [1, 1], "axes": [0, 1]}));
    assert_eq!(found["kind"], "minimum");
    assert_eq!(found["value"], 0.0);
    assert_eq!(found["hessian"], json!([[802.0, -400.0], [-400.0, 200.0]]));
    // The eigenvalues are 501 ± √(301² + 400²).
    let root = (301.0_f64.powi(2) + 400.0_f64.powi(2)).sqrt();
    assert!(is_near(&numbers(&found["eigenvalues"]), &[501.0 - root, 501.0 + root], 1e-10));
    assert_eq!(found["plane"]["eigenvalues"], found["eigenvalues"]);
}

#[test]
fn the_plane_of_two_axes_has_a_model_of_its_own() {
    let formula = "x^2 + 2*y^2 - 5*z^2 + 3*x*z";
    let found = ask(&json!({"ask": "point", "formula": formula, "at": [0, 0, 0], "axes": [0, 1]}));
    assert_eq!(found["kind_in_words"], "saddle of index 1");
    assert_eq!(found["plane"]["eigenvalues"], json!([2.0, 4.0]));
    let found = ask(&json!({"ask": "point", "formula": "x^4 - x", "at": [1], "axes": [0, 0]}));
    assert_eq!(found["plane"]["eigenvalues"], json!([12.0]));
}

#[test]
fn a_grid_has_rows_upwards() {
    let request = json!({
        "ask": "contour", "formula": "x + 10*y + 100*z", "at": [7, 3, 7], "axes": [0, 2],
        "window": [[0, 2], [0, 1]], "size": [3, 2],
    });
    let expected: Vec<f64> = vec![30.0, 31.0, 32.0, 130.0, 131.0, 132.0];
    assert_eq!(numbers(&ask(&request)["values"]), expected);
    // What E is not defined for is null.
    let request = json!({
        "ask": "contour", "formula": "ln(x)", "at": [1], "axes": [0, 0], "window": [[-1, 1], [0, 1]], "size": [3, 9],
    });
    assert_eq!(ask(&request)["values"], json!([null, null, 0.0]));
}

#[test]
fn every_method_walks_from_the_start_to_a_minimum_of_himmelblau() {
    let methods = ask(&json!({"ask": "derive", "formula": HIMMELBLAU}))["methods"].clone();
    assert_eq!(methods.as_array().unwrap().len(), 13);
    for method in methods.as_array().unwrap() {
        let name = &method["name"];
        let found =
            ask(&json!({"ask": "descend", "formula": HIMMELBLAU, "from": [3.1, 2.2], "method": name}));
        let path = found["path"].as_array().unwrap();
        assert_eq!(path[0], json!([3.1, 2.2]), "{name}");
        assert_eq!(path.last(), Some(&found["minimizer"]), "{name}");
        assert_eq!(path.len(), found["values"].as_array().unwrap().len(), "{name}");
        // Adam stops at a relative gradient of 1e-6.
        assert!(is_near(&numbers(&found["minimizer"]), &[3.0, 2.0], 1e-4), "{name}: {found}");
        assert_eq!(found["converged"], true, "{name}");
        let counts = found["evaluations"].as_object().unwrap();
        assert!(counts.values().map(|count| count.as_u64().unwrap()).sum::<u64>() > 1, "{name}");
    }
}

#[test]
fn long_paths_are_thinned() {
    let request =
        json!({"ask": "descend", "formula": ROSENBROCK, "from": [-1.2, 1], "method": "gradient-descent"});
    let found = ask(&request);
    let path = found["path"].as_array().unwrap();
    assert!(path.len() <= 1001 && path.len() > 400, "{}", path.len());
    assert!(found["iterations"].as_u64().unwrap() > 1001);
}

#[test]
fn all_stationary_points_of_himmelblau() {
    let found = ask(&json!({"ask": "stationary", "formula": HIMMELBLAU, "box": [[-5, 5], [-5, 5]]}));
    let kinds: Vec<&str> =
        found["points"].as_array().unwrap().iter().map(|point| point["kind"].as_str().unwrap()).collect();
    let count = |kind: &str| kinds.iter().filter(|own| **own == kind).count();
    assert_eq!((count("minimum"), count("saddle"), count("maximum")), (4, 4, 1));
    assert_eq!((&found["undecided_count"], &found["cut"]), (&json!(0), &json!(false)));
}

#[test]
fn a_degenerate_point_stays_undecided_for_its_reason() {
    let found = ask(&json!({"ask": "stationary", "formula": "x^3 - 3*x*y^2", "box": [[-1, 1.5], [-1, 1.5]]}));
    assert_eq!(found["points"], json!([]));
    assert_eq!(found["undecided"][0]["reason"], "degenerate");
}

#[test]
fn what_takes_too_long_is_cut_and_says_so() {
    let requests = [
        json!({"ask": "stationary", "formula": "(x^2 + y^2 - 1)^2", "box": [[-2, 2], [-2, 2]]}),
        json!({"ask": "descend", "formula": ROSENBROCK, "from": [-1.2, 1], "method": "adam"}),
        json!({"ask": "contour", "formula": ROSENBROCK, "at": [0, 0], "axes": [0, 1], "window": [[0, 1], [0, 1]], "size": [20, 400]}),
    ];
    for request in requests {
        let mut left = 3;
        let mut go_on = || {
            left -= 1;
            left > 0
        };
        let found: Value = serde_json::from_str(&answer(&request.to_string(), &mut go_on)).unwrap();
        assert_eq!(found["cut"], true, "{request}");
    }
}

#[test]
fn generated_rust_is_that_of_the_command() {
    let found = ask(&json!({"ask": "generate", "formula": ROSENBROCK}));
    let rust = found["rust"].as_str().unwrap();
    assert!(rust.contains("pub mod error_function") && rust.contains("pub fn hessian("), "{rust}");
}

#[test]
fn tables_are_refused_where_they_are_wrong() {
    let told = |data: &str| message(&json!({"ask": "derive", "formula": DECAY, "data": data}));
    assert_eq!(told("1,2\n3,4"), "the first line has numbers: put the names of the columns before it");
    assert_eq!(told("x,y\n1,2\n3"), "row 2 has 1 cells, but there are 2 names");
    assert_eq!(told("x;y\n1;2\n3;NA"), "row 2 of column `y` is `NA`, expected a finite number");
    assert_eq!(told("x,x\n1,2"), "two columns are called `x`: rename one of them");
    assert_eq!(told("x,y"), "the table has names but no rows");
}

#[test]
fn what_is_too_large_is_refused_before_it_is_begun() {
    let told =
        |formula: &str| message(&json!({"ask": "point", "formula": formula, "at": [0], "axes": [0, 0]}));
    assert!(told("param w[100000]\nsum(i, w[i]^2)").starts_with("there are 100000 parameters"));
    assert!(told("sum(i in 0..1000000000, sin(i*x))").starts_with("E costs "));
    assert!(told(&"x+".repeat(3_000)).starts_with("the formula is longer than 4096 bytes"));
    let long = " ".repeat(MAX_REQUEST + 1);
    assert!(answer(&long, &mut || true).contains("the request is longer than"));
}

#[test]
fn hostile_requests_are_refused() {
    let point =
        |at: Value, axes: Value| json!({"ask": "point", "formula": ROSENBROCK, "at": at, "axes": axes});
    let requests = [
        json!([]),
        json!({}),
        json!({"ask": "derive"}),
        json!({"ask": 3, "formula": "x"}),
        json!({"ask": "everything", "formula": "x"}),
        json!({"ask": "derive", "formula": "1"}),
        json!({"ask": "derive", "formula": ["x"]}),
        point(json!([0]), json!([0, 1])),
        point(json!([0, "1"]), json!([0, 1])),
        point(json!([0, null]), json!([0, 1])),
        point(json!([0, 1]), json!([0, 2])),
        point(json!([0, 1]), json!([-1, 0])),
        json!({"ask": "descend", "formula": ROSENBROCK, "from": [0, 0], "method": "levitation"}),
        json!({"ask": "descend", "formula": "x", "from": [0], "method": "least-squares"}),
        json!({"ask": "stationary", "formula": ROSENBROCK, "box": [[0, 1]]}),
        json!({"ask": "stationary", "formula": ROSENBROCK, "box": [[0, 1], [1, 0]]}),
        json!({"ask": "stationary", "formula": ROSENBROCK, "box": [[0, 1], [-1e308, 1e308]]}),
        json!({"ask": "contour", "formula": ROSENBROCK, "at": [0, 0], "axes": [0, 1], "window": [[0, 1], [0, 1]], "size": [9999, 2]}),
        json!({"ask": "contour", "formula": ROSENBROCK, "at": [0, 0], "axes": [0, 1], "window": [[0, 1], [0, 1]], "size": [1, 0]}),
    ];
    for request in requests {
        assert!(ask(&request)["refused"].is_string(), "{request}");
    }
    let deep = format!("{{\"ask\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for text in ["", "{", "\u{0}", "{\"ask\": \"derive\", \"formula\": \"x\"", deep.as_str()] {
        assert!(
            answer(text, &mut || true).starts_with(r#"{"refused":"request""#),
            "{}",
            &text[..text.len().min(40)]
        );
    }
    let brackets = format!("{}x{}", "(".repeat(2000), ")".repeat(2000));
    assert_eq!(ask(&json!({"ask": "derive", "formula": brackets}))["refused"], "formula");
}

#[test]
fn the_page_names_nothing_outside() {
    let page = asset("/").unwrap().text;
    for name in ["main.js", "page.css", "mark.svg"] {
        assert!(page.contains(name) && asset(&format!("/{name}")).is_some(), "{name}");
    }
    for path in ["/", "/page.css", "/main.js", "/plot.js", "/results.js", "/editor.js", "/ask.js"] {
        let text = asset(path).unwrap().text;
        assert!(!text.contains("https://") && !text.contains("@import"), "{path}");
    }
}
