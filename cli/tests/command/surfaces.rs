//! Classic surfaces and real data through the command.

use crate::run::{hesse, json, numbers};

/// Stationary points of Himmelblau's function, their kind, and the eigenvalues there: 30-digit root finding on
/// ∇E = 0 written out by hand (mpmath `findroot` and `eigsy`), to the digits shown.
#[expect(clippy::excessive_precision, reason = "as the reference printed them")]
const HIMMELBLAU: [(f64, f64, &str, u64, [f64; 2]); 9] = [
    (3.0, 2.0, "minimum", 0, [25.7157, 82.2843]),
    (-2.8051180869527449, 3.131312518250573, "minimum", 0, [64.8404, 80.5501]),
    (-3.7793102533777469, -3.2831859912861694, "minimum", 0, [70.7144, 133.786]),
    (3.5844283403304917, -1.8481265269644036, "minimum", 0, [28.6907, 105.419]),
    (-0.27084459066734761, -0.92303855647998146, "maximum", 2, [-45.6052, -16.066]),
    (0.086677504555396352, 2.8842547011747761, "saddle", 1, [-31.7066, 75.5076]),
    (-3.0730257507643896, -0.081353044287967512, "saddle", 1, [-39.6515, 72.4352]),
    (3.3851541836070209, 0.073851879837749288, "saddle", 1, [-14.1352, 97.5479]),
    (-0.12796134673068007, -1.9537149802445764, "saddle", 1, [-50.6102, 20.284]),
];

#[test]
fn himmelblau_has_nine_stationary_points() {
    for (x, y, kind, index, eigenvalues) in HIMMELBLAU {
        let point = json(&["analyze", "examples/himmelblau.hes", "--at", &format!("x={x},y={y}")]);
        assert_eq!((&point["kind"], &point["index"]), (&kind.into(), &index.into()), "at ({x}, {y})");
        for (actual, expected) in numbers(&point["eigenvalues"]).into_iter().zip(eigenvalues) {
            assert!(
                (actual - expected).abs() <= 5e-6 * expected.abs(),
                "at ({x}, {y}): {actual} for {expected}"
            );
        }
        // H u = λ u with orthonormal u
        let h: Vec<Vec<f64>> = point["hessian"].as_array().unwrap().iter().map(numbers).collect();
        let u: Vec<Vec<f64>> = point["eigenvectors"].as_array().unwrap().iter().map(numbers).collect();
        for (lambda, u) in numbers(&point["eigenvalues"]).into_iter().zip(&u) {
            for row in 0..2 {
                let product = h[row][0] * u[0] + h[row][1] * u[1];
                assert!((product - lambda * u[row]).abs() < 1e-12 * 200.0);
            }
            assert!((u[0].hypot(u[1]) - 1.0).abs() < 1e-14);
        }
    }
    let slope = json(&["analyze", "examples/himmelblau.hes", "--at", "x=0,y=0"]);
    assert_eq!(slope["kind"], "not_stationary");
}

#[test]
fn rosenbrock_is_minimized_by_both_methods() {
    for method in ["trust-region", "gradient-descent"] {
        let mut args =
            vec!["minimize", "examples/rosenbrock.hes", "--from", "x=-1.2,y=1", "--method", method];
        // Gradient descent stops on the relative gradient, which says little in a narrow valley.
        args.extend(["--max-iterations", "100000", "--tolerance", "1e-12"]);
        let found = json(&args);
        assert_eq!((&found["converged"], &found["kind"]), (&true.into(), &"minimum".into()));
        for w in numbers(&found["minimizer"]) {
            assert!((w - 1.0).abs() < if method == "trust-region" { 1e-12 } else { 1e-7 }, "{method}: {w}");
        }
    }
    let run =
        hesse(&["minimize", "examples/rosenbrock.hes", "--from", "x=-1.2,y=1", "--max-iterations", "2"], "");
    assert_eq!(run.code, 1);
    assert!(run.stderr.starts_with("error: not converged after 2 iterations"), "{}", run.stderr);
    assert!(run.stdout.contains("E = "), "the best point is printed all the same");
}

#[test]
fn every_method_finds_the_bottom_of_a_bowl_within_bounds() {
    let help = hesse(&["minimize", "--help"], "").stdout;
    for method in [
        "trust-region",
        "cubic-regularization",
        "steihaug",
        "newton",
        "saddle-free-newton",
        "limited-memory",
        "conjugate-gradients",
        "gradient-descent",
        "momentum",
        "nesterov",
        "adam",
    ] {
        assert!(help.contains(&format!("- {method}:")), "{method}");
        let formula = "(x - 1)^2 + 3*(y + x/2)^2";
        let args = ["minimize", formula, "--from", "x=-1,y=2", "--bounds", "x=..0.5", "--method", method];
        let found = json(&args);
        assert_eq!(found["converged"], true, "{method}");
        let w = numbers(&found["minimizer"]);
        assert!(w[0] == 0.5 && (w[1] + 0.25).abs() < 1e-5, "{method}: {w:?}");
    }
}

#[test]
fn many_starts_find_the_lower_well() {
    let formula = "(x^2 - 4)^2 + x";
    let one = json(&["minimize", formula, "--from", "x=2"]);
    assert!(numbers(&one["minimizer"])[0] > 1.9);
    let many = json(&["minimize", formula, "--from", "x=2", "--starts", "20", "--bounds", "-5..5"]);
    assert!(numbers(&many["minimizer"])[0] < -2.0);
    assert_eq!(many, json(&["minimize", formula, "--from", "x=2", "--starts", "20", "--bounds", "-5..5"]));
}

#[test]
fn softmax_regression_on_iris() {
    let found = json(&[
        "minimize",
        "examples/iris.hes",
        "--data",
        "examples/data/iris_columns.csv",
        "--matrix",
        "x=sepal_length,sepal_width,petal_length,petal_width",
        "--from",
        "examples/iris_start.json",
    ]);
    assert_eq!(found["kind"], "minimum");
    // scipy.optimize.minimize(method='BFGS', gtol=1e-10) on the same loss written with numpy.
    assert!((found["value"].as_f64().unwrap() - 8.740237251196781).abs() < 1e-11);
    let w = numbers(&found["minimizer"]);
    for (at, expected) in [
        (0, 2.35632068),
        (1, 4.12837614),
        (2, -6.10930699),
        (12, 1.19125166),
        (13, 7.83731365),
        (14, -9.02856531),
    ] {
        assert!((w[at] - expected).abs() < 5e-7, "{}: {} for {expected}", found["parameters"][at], w[at]);
    }
    let table =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/iris_columns.csv"));
    let original = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/iris.csv"));
    let rows = |text: String| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(rows(table.unwrap()), rows(original.unwrap()));
}

#[test]
fn evaluation_round_trips() {
    let found = json(&["eval", "x^2*y + exp(y)", "--at", "x=0.1,y=0.2"]);
    let (x, y) = (0.1f64, 0.2f64);
    assert_eq!(found["value"].as_f64().unwrap(), x * x * y + y.exp());
    assert_eq!(numbers(&found["gradient"]), [2.0 * x * y, x * x + y.exp()]);
    assert_eq!(numbers(&found["hessian"][1]), [2.0 * x, y.exp()]);
    let keys: Vec<&String> = found.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["parameters", "value", "gradient", "hessian"]);
    let array = json(&["eval", "param w[3]\nE = w[0]*w[1] + w[2]^2", "--at", "w=[1,2,3]"]);
    assert_eq!(array["parameters"], serde_json::json!(["w[0]", "w[1]", "w[2]"]));
    assert_eq!(numbers(&array["gradient"]), [2.0, 1.0, 6.0]);
}

#[test]
fn formulas_come_from_standard_input_too() {
    let run = hesse(&["derive", "-"], "E = sin(x)*y\n");
    assert_eq!(run.code, 0);
    assert_eq!(
        run.stdout,
        "E = y*sin(x)\n\ndE/dx = y*cos(x)\ndE/dy = sin(x)\n\nd2E/dx^2 = -y*sin(x)\nd2E/dy dx = cos(x)\n"
    );
}

#[test]
fn functions_are_generated_on_request() {
    let formula = "param w[n]\nE = sum(i in 0..n-1, (w[i+1] - w[i]^2)^2)";
    let printed = hesse(&["generate", formula, "--sparse"], "").stdout;
    for name in
        ["hessian_entries", "hessian_pattern", "value_gradient_sparse_hessian_into", "hessian_vector_into"]
    {
        assert!(printed.contains(&format!("pub fn {name}(")), "{name}");
    }
    assert!(!printed.contains("fn value_gradient_hessian_into"));
    let printed = hesse(&["generate", formula, "--only", "directional,hessian_diagonal"], "").stdout;
    assert!(printed.contains("pub fn directional(") && printed.contains("pub fn hessian_diagonal_into("));
    assert!(!printed.contains("gradient") && !printed.contains("Surface"));
    let refused = hesse(&["generate", "x^2 + x", "--only", "gauss_newton"], "");
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("E is no sum of squares"), "{}", refused.stderr);
    let formula = "param w[2]\ndata x[n, 2]\nE = sum(i, exp(sum(j, w[j]*x[i, j])))";
    let printed = hesse(&["generate", formula, "--parallel"], "").stdout;
    for name in ["value_of_rows", "value_gradient_hessian_of_rows_into", "hessian_vector_of_rows_into"] {
        assert!(printed.contains(&format!("pub fn {name}(")), "{name}");
    }
    let refused = hesse(&["generate", "x^2", "--only", "jacobian"], "");
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("there is no function `jacobian` to generate"), "{}", refused.stderr);
}

/// Methods that form no Hessian know no limit of parameters; what the point is remains open.
#[test]
fn many_parameters_are_minimized_without_a_hessian() {
    let formula = "param w[5000]\nE = sum(i, (w[i] - 1)^2)";
    for more in [&[][..], &["--method", "steihaug"], &["--method", "conjugate-gradients"]] {
        let point = json(&[&["minimize", formula, "--from", "w=0"], more].concat());
        assert_eq!(point["converged"], true, "{more:?}");
        let minimizer = numbers(&point["minimizer"]);
        assert_eq!(minimizer.len(), 5000);
        assert!(minimizer.iter().all(|w| (w - 1.0).abs() < 1e-9), "{more:?}");
    }
    let refused = hesse(&["minimize", formula, "--from", "w=0", "--method", "newton"], "");
    assert!(refused.stderr.contains("use `--method limited-memory`"), "{}", refused.stderr);
    let refused = hesse(&["analyze", formula, "--at", "w=0"], "");
    assert!(refused.stderr.contains("at most 4000 have a dense Hessian"), "{}", refused.stderr);
}

/// The least absolute deviations of ten points of a line with two outliers: the line through eight of them.
#[test]
fn a_kink_is_no_end_where_the_error_falls_on() {
    let data = "x,y\n0,1\n1,3\n2,5\n3,7\n4,9\n5,11\n6,30\n7,15\n8,17\n9,-20\n";
    let formula = "sum(i, abs(y[i] - a - b*x[i]))";
    for method in ["trust-region", "limited-memory"] {
        let run = hesse(
            &[
                "minimize",
                formula,
                "--data",
                "-",
                "--from",
                "a=0,b=0.5",
                "--method",
                method,
                "--format",
                "json",
            ],
            data,
        );
        let end: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let value = end["value"].as_f64().unwrap();
        // 30 − 13 and 19 + 20 are left.
        assert!(run.code == 1 || (value - 56.0).abs() < 0.56, "{method}: {value}, {}", run.stderr);
    }
    let least = hesse(&["minimize", "abs(x-1)", "--from", "x=3"], "");
    assert!(least.stdout.contains("a minimum") || least.code == 1, "{}", least.stdout);
}

#[test]
fn derivatives_that_all_vanish_are_said_to_be_zero() {
    let flat = hesse(&["derive", "sin(x)^2 + cos(x)^2"], "");
    assert_eq!(flat.stdout, "E = 1\n\nall first derivatives are 0\n\nall second derivatives are 0\n");
    let bent = hesse(&["derive", "abs(x)"], "");
    assert_eq!(bent.stdout, "E = abs(x)\n\ndE/dx = sign(x)\n\nall second derivatives are 0\n");
}
