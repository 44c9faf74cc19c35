//! What counts in a fit: rows of weight zero, what was known before, errors that are known, outliers.

use serde_json::Value;

use crate::run::{hesse, numbers};

const LINE: &str = "sum(i, u[i]*(y[i] - a - b*x[i])^2)";
const X: [f64; 8] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
const Y: [f64; 8] = [1.1, 2.9, 5.2, 6.8, 9.1, 11.3, 12.7, 15.2];

/// The answer to a fit of rows of x, y, u and z.
fn fit(formula: &str, rows: &[[f64; 4]], more: &[&str]) -> Value {
    let data = table(rows);
    let base = ["fit", formula, "--data", "-", "--format", "json", "--from", start(formula)];
    let run = hesse(&[&base[..], more].concat(), &data);
    assert_eq!(run.code, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

fn text(formula: &str, rows: &[[f64; 4]], more: &[&str]) -> String {
    let run =
        hesse(&[&["fit", formula, "--data", "-", "--from", start(formula)], more].concat(), &table(rows));
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

fn start(formula: &str) -> &'static str {
    if formula.contains("c*z[i]") { "a=1,b=1,c=1" } else { "a=1,b=1" }
}

fn table(rows: &[[f64; 4]]) -> String {
    let lines = rows.iter().map(|[x, y, u, z]| format!("{x},{y},{u},{z}\n"));
    "x,y,u,z\n".to_owned() + &lines.collect::<String>()
}

fn rows(weight: impl Fn(usize) -> f64) -> Vec<[f64; 4]> {
    (0..X.len()).map(|at| [X[at], Y[at], weight(at), 0.0]).collect()
}

fn near(found: &Value, expected: f64) {
    let found = found.as_f64().unwrap();
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1e-3), "{found} for {expected}");
}

fn all_near(found: &Value, expected: &Value) {
    let (found, expected) = (numbers(found), numbers(expected));
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.into_iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1e-3), "{found} for {expected}");
    }
}

/// A fit with rows of weight zero is that of the others.
#[test]
fn rows_of_weight_zero_do_not_count() {
    let weight = |at: usize| if at % 3 == 1 { 0.0 } else { 2.0 };
    let with = rows(weight);
    let without: Vec<[f64; 4]> = with.iter().copied().filter(|row| row[2] > 0.0).collect();
    let [left, right] = [&with, &without].map(|rows| fit(LINE, rows, &["--intervals", "profile"]));
    assert_eq!(left["degrees_of_freedom"], 3);
    for key in ["degrees_of_freedom", "sigma"] {
        assert_eq!(left[key], right[key], "{key}");
    }
    for key in ["aic", "bic", "r_squared", "residual_standard_deviation"] {
        near(&left[key], right[key].as_f64().unwrap());
    }
    all_near(&left["standard_errors"], &right["standard_errors"]);
    let [found, expected] = [&left["diagnostics"], &right["diagnostics"]];
    near(&found["durbin_watson"], expected["durbin_watson"].as_f64().unwrap());
    assert_eq!(found["runs"], expected["runs"]);
    let kinds: Vec<&str> = found["kinds"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for (at, kind) in kinds.into_iter().enumerate() {
        assert_eq!(kind, if weight(at) == 0.0 { "omitted" } else { "observation" });
    }
    let kept = |key: &str| -> Value {
        let all = numbers(&found[key]).into_iter().enumerate();
        all.filter(|(at, _)| weight(*at) > 0.0).map(|(_, value)| value).collect::<Vec<_>>().into()
    };
    for key in ["leverage", "standardized", "studentized"] {
        all_near(&kept(key), &expected[key]);
    }
    let text = text(LINE, &with, &[]);
    assert!(text.contains("Residuals of weight zero do not count: 3."), "{text}");
}

/// Rows that memory does not hold are counted as they are read.
#[test]
fn rows_of_weight_zero_do_not_count_where_rows_are_read() {
    let dir = std::env::temp_dir().join(format!("hesse-counted-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let path = dir.join("rows.csv");
    let lines = (0..6000).map(|at| {
        let x = f64::from(at % 100);
        format!("{x},{},{}\n", 1.0 + 2.0 * x + f64::from(at % 7), u8::from(at % 4 != 0))
    });
    std::fs::write(&path, "x,y,u\n".to_owned() + &lines.collect::<String>()).unwrap();
    let path = path.to_str().unwrap();
    for memory in ["1G", "64K"] {
        let run = hesse(
            &["fit", LINE, "--data", path, "--memory", memory, "--from", "a=1,b=1", "--format", "json"],
            "",
        );
        assert_eq!(run.code, 0, "{memory}: {}", run.stderr);
        let fit: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(fit["degrees_of_freedom"], 4498, "{memory}");
    }
    std::fs::remove_dir_all(dir).unwrap();
}

/// What was known before is a row of data more: y = 3 at x = 0 in a line without a slope there.
#[test]
fn what_was_known_before_counts_as_an_observation() {
    let plain = rows(|_| 1.0);
    let mut more = plain.clone();
    more.push([0.0, 3.0, 5.0, 0.0]);
    let formula = format!("{LINE} + 5*(a - 3)^2");
    let (prior, row) = (fit(&formula, &plain, &[]), fit(LINE, &more, &[]));
    assert_eq!(prior["degrees_of_freedom"], 7);
    all_near(&prior["estimates"], &row["estimates"]);
    all_near(&prior["standard_errors"], &row["standard_errors"]);
    near(&prior["residual_sum_of_squares"], row["residual_sum_of_squares"].as_f64().unwrap());
    assert!(prior["r_squared"].is_null() && row["r_squared"].is_number());
    let kinds = prior["diagnostics"]["kinds"].as_array().unwrap();
    assert_eq!(kinds.iter().filter(|kind| *kind == "prior").count(), 1);
    assert_eq!(kinds.iter().filter(|kind| *kind == "observation").count(), 8);
    let text = text(&formula, &plain, &[]);
    let told =
        "Beside 8 observations, one residual counts, of the parameters alone, as what was known before";
    assert!(text.contains(told), "{text}");

    // Halves and other factors in front of the data are the scale, and do not change what the prior weighs beside them.
    let halved = fit(&format!("1/2*{LINE} + 5/2*(a - 3)^2"), &plain, &[]);
    all_near(&halved["standard_errors"], &prior["standard_errors"]);
    near(&halved["residual_sum_of_squares"], prior["residual_sum_of_squares"].as_f64().unwrap());
    // Nothing is left of a loss for it.
    let loss = ["--loss", "huber", "--width", "1e6"];
    all_near(&fit(&formula, &plain, &loss)["estimates"], &prior["estimates"]);
}

/// A ridge, by (XᵀX + λI)⁻¹Xᵀy.
#[test]
fn a_ridge_is_a_fit() {
    let lambda = 2.5;
    let ridge = fit(&format!("sum(i, (y[i] - a - b*x[i])^2) + {lambda}*(a^2 + b^2)"), &rows(|_| 1.0), &[]);
    let sum = |value: &dyn Fn(usize) -> f64| (0..X.len()).map(value).sum::<f64>();
    let (p, q, r) = (sum(&|_| 1.0) + lambda, sum(&|at| X[at]), sum(&|at| X[at] * X[at]) + lambda);
    let (s, t) = (sum(&|at| Y[at]), sum(&|at| X[at] * Y[at]));
    let determinant = p * r - q * q;
    let (a, b) = ((r * s - q * t) / determinant, (p * t - q * s) / determinant);
    all_near(&ridge["estimates"], &vec![a, b].into());
    let rest = sum(&|at| (Y[at] - a - b * X[at]).powi(2)) + lambda * (a * a + b * b);
    near(&ridge["residual_sum_of_squares"], rest);
    assert_eq!(ridge["degrees_of_freedom"], 8);
    let error = |entry: f64| (rest / 8.0 * entry / determinant).sqrt();
    all_near(&ridge["standard_errors"], &vec![error(r), error(p)].into());
}

/// Two sets of data with factors of their own are one with weights.
#[test]
fn data_with_factors_of_their_own_are_one_fit() {
    let split = "sum(i, z[i]*(y[i] - a - b*x[i])^2)*3 + sum(i, u[i]*(y[i] - a - b*x[i])^2)*7";
    let rows: Vec<[f64; 4]> =
        (0..8).map(|at| [X[at], Y[at], f64::from(u8::from(at < 4)), f64::from(u8::from(at >= 4))]).collect();
    let joined: Vec<[f64; 4]> =
        (0..8).map(|at| [X[at], Y[at], if at < 4 { 7.0 } else { 3.0 }, 0.0]).collect();
    let (split, joined) = (fit(split, &rows, &[]), fit(LINE, &joined, &[]));
    for key in ["estimates", "standard_errors"] {
        all_near(&split[key], &joined[key]);
    }
    for key in ["residual_sum_of_squares", "aic", "bic"] {
        near(&split[key], joined[key].as_f64().unwrap());
    }
    assert_eq!(split["degrees_of_freedom"], joined["degrees_of_freedom"]);
}

/// Rosenbrock's valley, with a factor on one of its squares, and a constant beside them.
#[test]
fn squares_with_different_factors_are_least_squares() {
    let run = hesse(
        &[
            "minimize",
            "100*(y - x^2)^2 + (1 - x)^2 + 7",
            "--from",
            "x=-1.2,y=1",
            "--method",
            "levenberg-marquardt",
        ],
        "",
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("converged"), "{}", run.stdout);
}

/// With errors that are known, the covariance is (JᵀJ)⁻¹ whatever the residuals are.
#[test]
fn errors_that_are_known_are_not_estimated() {
    let deviation = 0.25_f64;
    let rows = rows(|_| deviation.powi(-2));
    let known = fit(LINE, &rows, &["--sigma", "known"]);
    let (mean, m) = (3.5, 8.0);
    let spread: f64 = X.iter().map(|x| (x - mean).powi(2)).sum();
    let errors = [deviation * (1.0 / m + mean * mean / spread).sqrt(), deviation / spread.sqrt()];
    all_near(&known["standard_errors"], &errors.to_vec().into());
    // The normal distribution instead of Student's
    let estimates = numbers(&known["estimates"]);
    let ends = |fit: &Value| numbers(&fit["intervals"]["ends"][1]);
    for (end, sign) in ends(&known).into_iter().zip([-1.0, 1.0]) {
        assert!((end - (estimates[1] + sign * 1.959_963_984_540_054 * errors[1])).abs() < 1e-9);
    }
    let profile = fit(LINE, &rows, &["--sigma", "known", "--intervals", "profile"]);
    for (wald, end) in ends(&known).into_iter().zip(ends(&profile)) {
        assert!((wald - end).abs() < 1e-6, "{wald} and {end}");
    }
    // χ² with six degrees of freedom: P = e^(−h)(1 + h + h²/2) for h = χ²/2.
    let sum = known["residual_sum_of_squares"].as_f64().unwrap();
    let half = sum / 2.0;
    near(&known["chi_squared_tail"], (-half).exp() * (1.0 + half + half * half / 2.0));
    near(&known["aic"], sum + 4.0);
    near(&known["bic"], sum + 2.0 * 8.0_f64.ln());
    assert_eq!(known["sigma"], "known");
    assert!(fit(LINE, &rows, &[])["chi_squared_tail"].is_null());
    let text = text(LINE, &rows, &["--sigma", "known"]);
    assert!(text.contains("probability of a χ² as large"), "{text}");
    let refused = hesse(
        &[
            "fit", LINE, "--data", "-", "--from", "a=1,b=1", "--sigma", "known", "--loss", "huber",
            "--width", "1",
        ],
        &table(&rows),
    );
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("leave `--sigma known` out"), "{}", refused.stderr);
}

/// A studentized residual is the estimate of a shift of its row alone, in units of its error.
#[test]
fn an_outlier_is_told_from_chance_by_the_fit_of_the_others() {
    let mut rows = rows(|_| 1.0);
    rows[2][1] += 4.0;
    let plain = fit(LINE, &rows, &[]);
    let studentized = numbers(&plain["diagnostics"]["studentized"]);
    for at in 0..rows.len() {
        let mut marked = rows.clone();
        marked[at][3] = 1.0;
        let shifted = fit("sum(i, (y[i] - a - b*x[i] - c*z[i])^2)", &marked, &[]);
        let names: Vec<&str> =
            shifted["parameters"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let place = names.iter().position(|name| *name == "c").unwrap();
        let t = numbers(&shifted["estimates"])[place] / numbers(&shifted["standard_errors"])[place];
        assert!((studentized[at].abs() - t.abs()).abs() < 1e-8 * t.abs().max(1.0), "{at}");
    }
    assert_eq!(plain["diagnostics"]["outliers"], serde_json::json!([2]));
    let text = text(LINE, &rows, &[]);
    assert!(text.contains("Outliers: residuals 2 (Student's t is"), "{text}");
}
