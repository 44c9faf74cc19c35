//! The statistics of fits, against the closed forms of linear regression.

use crate::run::{hesse, json, numbers};

const LINE: &str = "sum(i, (y[i] - a - b*x[i])^2)";
const DATA: &str = "examples/data/nist/misra1a.csv";

fn fit(more: &[&str]) -> serde_json::Value {
    json(&[&["fit", LINE, "--data", DATA, "--from", "a=3,b=0.1"], more].concat())
}

/// The columns x and y.
fn columns() -> [Vec<f64>; 2] {
    let text = std::fs::read_to_string(format!("{}/../{DATA}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(str::trim).collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let rows: Vec<Vec<f64>> =
        lines.map(|line| line.iter().map(|cell| cell.parse().unwrap()).collect()).collect();
    ["x", "y"].map(|name| {
        let at = head.iter().position(|cell| *cell == name).unwrap();
        rows.iter().map(|row| row[at]).collect()
    })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1e-3), "{found} for {expected}");
}

#[test]
fn a_line_has_the_statistics_of_the_textbook() {
    let [x, y] = columns();
    let (m, mx, my) = (x.len() as f64, mean(&x), mean(&y));
    let spread: f64 = x.iter().map(|x| (x - mx).powi(2)).sum();
    let slope = x.iter().zip(&y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>() / spread;
    let residuals: Vec<f64> = x.iter().zip(&y).map(|(x, y)| y - my - slope * (x - mx)).collect();
    let sum: f64 = residuals.iter().map(|r| r * r).sum();
    let total: f64 = y.iter().map(|y| (y - my).powi(2)).sum();

    let fit = fit(&["--intervals", "profile", "--level", "0.9"]);
    near(numbers(&fit["estimates"])[1], slope);
    near(fit["r_squared"].as_f64().unwrap(), 1.0 - sum / total);
    let deviation = (sum / (m - 2.0)).sqrt();
    let diagnostics = &fit["diagnostics"];
    let [leverage, standardized, found] =
        ["leverage", "standardized", "residuals"].map(|key| numbers(&diagnostics[key]));
    for (at, place) in x.iter().enumerate() {
        let expected = 1.0 / m + (place - mx).powi(2) / spread;
        near(leverage[at], expected);
        near(found[at].abs(), residuals[at].abs());
        near(standardized[at].abs(), residuals[at].abs() / (deviation * (1.0 - expected).sqrt()));
    }
    let steps: f64 = residuals.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
    near(diagnostics["durbin_watson"].as_f64().unwrap(), steps / sum);

    // Profiles of a linear model are its Wald intervals; Student's t for 12 degrees of freedom at 90 %.
    assert_eq!(x.len(), 14);
    let error = deviation / spread.sqrt();
    let ends = numbers(&fit["intervals"]["ends"][1]);
    for (end, sign) in ends.into_iter().zip([-1.0, 1.0]) {
        assert!((end - (slope + sign * 1.782_287_555_649_159 * error)).abs() < 1e-5 * error, "{end}");
    }
}

/// An estimate of Huber's is where the sum of the clipped residuals vanishes, for intercept and slope.
/// Weights in front of the squares, as 1/y and as the squares of what residuals are divided by.
#[test]
fn a_weighted_line_has_the_statistics_of_the_textbook() {
    let [x, y] = columns();
    let weights: Vec<f64> = y.iter().map(|y| 1.0 / y).collect();
    let sum = |value: &dyn Fn(usize) -> f64| (0..x.len()).map(|at| weights[at] * value(at)).sum::<f64>();
    let whole = sum(&|_| 1.0);
    let (mx, my) = (sum(&|at| x[at]) / whole, sum(&|at| y[at]) / whole);
    let spread = sum(&|at| (x[at] - mx).powi(2));
    let slope = sum(&|at| (x[at] - mx) * (y[at] - my)) / spread;
    let residual = |at: usize| y[at] - my - slope * (x[at] - mx);
    let rest = sum(&|at| residual(at).powi(2));
    let variance = rest / (x.len() as f64 - 2.0);
    for formula in ["sum(i, 1/y[i]*(y[i] - a - b*x[i])^2)", "sum(i, ((y[i] - a - b*x[i])/sqrt(y[i]))^2)"] {
        let fit = json(&["fit", formula, "--data", DATA, "--from", "a=3,b=0.1"]);
        let [estimates, errors] = ["estimates", "standard_errors"].map(|key| numbers(&fit[key]));
        near(estimates[0], my - slope * mx);
        near(estimates[1], slope);
        near(errors[0], (variance * (1.0 / whole + mx * mx / spread)).sqrt());
        near(errors[1], (variance / spread).sqrt());
        near(fit["r_squared"].as_f64().unwrap(), 1.0 - rest / sum(&|at| (y[at] - my).powi(2)));
        let [leverage, found] = ["leverage", "residuals"].map(|key| numbers(&fit["diagnostics"][key]));
        for at in 0..x.len() {
            near(found[at].abs(), weights[at].sqrt() * residual(at).abs());
            near(leverage[at], weights[at] * (1.0 / whole + (x[at] - mx).powi(2) / spread));
        }
    }
}

#[test]
fn a_loss_clips_what_is_far_off() {
    let [x, y] = columns();
    for (loss, width) in [("huber", 0.5), ("soft-l1", 0.5), ("cauchy", 0.7), ("welsch", 5.0)] {
        let width_text = width.to_string();
        let fit = fit(&["--loss", loss, "--width", &width_text]);
        let [a, b] = numbers(&fit["estimates"])[..] else { unreachable!("two parameters") };
        let weight = |r: f64| match loss {
            "huber" => (width / r.abs()).min(1.0),
            "soft-l1" => (1.0 + (r / width).powi(2)).sqrt().recip(),
            "cauchy" => (1.0 + (r / width).powi(2)).recip(),
            _ => (-(r / width).powi(2)).exp(),
        };
        let influence = |x: f64, y: f64| weight(y - a - b * x) * (y - a - b * x);
        let sums: [f64; 2] = [
            x.iter().zip(&y).map(|(x, y)| influence(*x, *y)).sum(),
            x.iter().zip(&y).map(|(x, y)| x * influence(*x, *y)).sum(),
        ];
        assert!(sums[0].abs() < 1e-8 && sums[1].abs() < 1e-5, "{loss}: {sums:?}");
    }
    let run =
        hesse(&["fit", LINE, "--data", DATA, "--from", "a=0,b=1", "--loss", "huber", "--width", "-1"], "");
    assert_eq!((run.code, run.stderr.contains("`--width` is -1, expected a positive number")), (2, true));
}

/// Standard errors are those of Huber's sandwich, from ρ' and ρ'' as they are written in books, whatever stands in front of
/// the sum.
#[test]
fn a_loss_has_the_errors_of_the_sandwich() {
    type Slopes = fn(f64, f64) -> [f64; 2];
    let losses: [(&str, Slopes); 4] = [
        ("huber", |r, d| if r.abs() <= d { [2.0 * r, 2.0] } else { [2.0 * d * r.signum(), 0.0] }),
        ("soft-l1", |r, d| {
            let root = (1.0 + (r / d).powi(2)).sqrt();
            [2.0 * r / root, 2.0 / root.powi(3)]
        }),
        ("cauchy", |r, d| {
            let q = (r / d).powi(2);
            [2.0 * r / (1.0 + q), 2.0 * (1.0 - q) / (1.0 + q).powi(2)]
        }),
        ("welsch", |r, d| {
            let q = (r / d).powi(2);
            [2.0 * r * (-q).exp(), (2.0 - 4.0 * q) * (-q).exp()]
        }),
    ];
    let [x, y] = columns();
    let m = x.len() as f64;
    for (loss, slopes) in losses {
        for (factor, width) in [("", 3.0), ("1/2*", 4.0), ("1/14*", 1000.0)] {
            let formula = format!("{factor}{LINE}");
            let fit = json(&[
                "fit",
                &formula,
                "--data",
                DATA,
                "--from",
                "a=3,b=0.1",
                "--loss",
                loss,
                "--width",
                &width.to_string(),
            ]);
            let [a, b] = numbers(&fit["estimates"])[..] else { unreachable!("two parameters") };
            let (mut h, mut middle) = ([0.0; 3], [0.0; 3]);
            for (x, y) in x.iter().zip(&y) {
                let [slope, curvature] = slopes(y - a - b * x, width);
                for (at, power) in [1.0, *x, x * x].into_iter().enumerate() {
                    h[at] += curvature * power;
                    middle[at] += slope * slope * power;
                }
            }
            let determinant = h[0] * h[2] - h[1] * h[1];
            let inverse = [[h[2], -h[1]], [-h[1], h[0]]];
            for (at, row) in inverse.into_iter().enumerate() {
                let [p, q] = row.map(|entry| entry / determinant);
                let variance = p * p * middle[0] + 2.0 * p * q * middle[1] + q * q * middle[2];
                let found = numbers(&fit["standard_errors"])[at];
                let expected = (variance * m / (m - 2.0)).sqrt();
                assert!(
                    (found / expected - 1.0).abs() < 1e-6,
                    "{loss} {width} {factor}: {found} for {expected}"
                );
            }
        }
    }
}

#[test]
fn sloppy_axes_and_residuals_are_told() {
    let formula = "sum(i, (y[i] - a - b*x[i] - c*x[i]^2 - d*x[i]^3)^2)";
    let run = hesse(&["fit", formula, "--data", DATA, "--from", "a=0,b=0,c=0,d=0"], "");
    assert_eq!(run.code, 0, "{}", run.stderr);
    for part in ["Sloppy: along", "Durbin and Watson", "runs of one sign", "R²", "95% by wald"] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
}

/// A parameter that a bound holds is data: the fit of the others alone has their errors.
#[test]
fn a_bound_holds_a_parameter_without_an_error() {
    let [x, y] = columns();
    let m = x.len() as f64;
    for (bounds, a) in [("a=1..1", 1.0), ("a=1..", 1.0), ("a=..-1", -1.0)] {
        // y − a = bx by least squares, with m − 1 degrees of freedom.
        let square: f64 = x.iter().map(|x| x * x).sum();
        let slope = x.iter().zip(&y).map(|(x, y)| x * (y - a)).sum::<f64>() / square;
        let sum: f64 = x.iter().zip(&y).map(|(x, y)| (y - a - slope * x).powi(2)).sum();
        let error = (sum / (m - 1.0) / square).sqrt();
        // Whether the bound is active depends on the data.
        let free = fit(&[]);
        let lowest = numbers(&free["estimates"])[0];
        if !(bounds == "a=1..1" || lowest < 1.0 && a == 1.0 || lowest > -1.0 && a == -1.0) {
            continue;
        }
        for intervals in ["wald", "profile"] {
            let bound = fit(&["--bounds", bounds, "--intervals", intervals]);
            near(numbers(&bound["estimates"])[0], a);
            near(numbers(&bound["estimates"])[1], slope);
            assert_eq!(bound["degrees_of_freedom"], x.len() - 1);
            assert!(bound["standard_errors"][0].is_null() && bound["correlation"][0][1].is_null(), "{bound}");
            near(bound["standard_errors"][1].as_f64().unwrap(), error);
            assert!(bound["intervals"]["ends"][0][0].is_null());
            // Student's t for 13 degrees of freedom at 95 %.
            let ends = numbers(&bound["intervals"]["ends"][1]);
            let wald = slope + 2.160_368_656 * error;
            // Where the bound has one side, the profile takes the other.
            let moves = intervals == "profile" && bounds != "a=1..1";
            assert!(if moves { ends[1] >= wald } else { (ends[1] / wald - 1.0).abs() < 1e-6 }, "{ends:?}");
        }
        let text =
            hesse(&["fit", LINE, "--data", DATA, "--from", "a=3,b=0.1", "--bounds", bounds], "").stdout;
        assert!(text.contains("at its bound") && !text.contains("NaN"), "{text}");
        assert!(text.contains("This point is on a bound: E would fall on beyond that of `a`."), "{text}");
    }
    let fixed = fit(&["--bounds", "a=1..1,b=2..2"]);
    assert_eq!(fixed["degrees_of_freedom"], x.len());
}

/// Ends of profile intervals are bounds where they meet them, and open where E ends.
#[test]
fn profiles_stay_where_the_error_has_a_value() {
    let data = "x,y\n1,1\n2,3\n3,2\n4,5\n5,4\n";
    let formula = "sum(i, (y[i] - sqrt(a) - b*x[i])^2)";
    let run = |bounds: &str| {
        let arguments = [
            "fit",
            formula,
            "--data",
            "-",
            "--from",
            "a=1,b=1",
            "--intervals",
            "profile",
            "--format",
            "json",
        ];
        let run = hesse(&[&arguments[..], &["--bounds", bounds]].concat(), data);
        assert_eq!(run.code, 0, "{}", run.stderr);
        serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap()
    };
    // Below zero E has no value, at zero it has no slope, and it has not risen enough before.
    for bounds in ["a=..10", "a=0..10", "a=-3..10"] {
        let fit = run(bounds);
        let ends = fit["intervals"]["ends"].clone();
        assert!(ends[0][0].is_null(), "{bounds}: {ends}");
        assert!(ends[0][1].as_f64().unwrap() <= 10.0 && ends[1][0].as_f64().is_some(), "{bounds}: {ends}");
    }
}

/// Logistic regression by Newton's method in two lines of algebra: the inverse information, and ends where E has risen by z²/2.
#[test]
fn a_likelihood_has_the_errors_of_its_information() {
    let path = std::env::temp_dir().join(format!("hesse-likelihood-{}.csv", std::process::id()));
    let rows: Vec<(f64, f64)> =
        (0..60).map(|i| (f64::from(i) / 10.0 - 3.0, f64::from(u8::from(i * i % 7 + i / 10 > 4)))).collect();
    let lines: String = rows.iter().map(|(x, t)| format!("{x},{t}\n")).collect();
    std::fs::write(&path, format!("x,t\n{lines}")).unwrap();
    let (mut w, mut information) = ([0.0; 2], [0.0; 3]);
    for _ in 0..30 {
        let mut gradient = [0.0; 2];
        information = [0.0; 3];
        for (x, t) in &rows {
            let p = 1.0 / (1.0 + (-(w[0] + w[1] * x)).exp());
            gradient = [gradient[0] + p - t, gradient[1] + (p - t) * x];
            let q = p * (1.0 - p);
            information = [information[0] + q, information[1] + q * x, information[2] + q * x * x];
        }
        let [a, b, c] = information;
        let determinant = a * c - b * b;
        w[0] -= (c * gradient[0] - b * gradient[1]) / determinant;
        w[1] -= (a * gradient[1] - b * gradient[0]) / determinant;
    }
    let value = |a: f64, b: f64| -> f64 {
        rows.iter().map(|(x, t)| (a + b * x).exp().ln_1p() - t * (a + b * x)).sum()
    };
    let [a, b, c] = information;
    let determinant = a * c - b * b;
    let formula = "sum(i, softplus(a + b*x[i]) - t[i]*(a + b*x[i]))";
    let data = path.display().to_string();
    let args = ["fit", formula, "--data", &data, "--from", "a=0,b=0", "--errors", "likelihood"];
    let fit = json(&args);
    let errors = numbers(&fit["standard_errors"]);
    near(errors[0], (c / determinant).sqrt());
    near(errors[1], (a / determinant).sqrt());
    near(numbers(&fit["correlation"][0])[1], -b / (a * c).sqrt());
    near(fit["aic"].as_f64().unwrap(), 2.0 * value(w[0], w[1]) + 4.0);
    assert_eq!(fit["errors"], "likelihood");
    // The 97.5 % point of the normal distribution, from tables.
    let z = 1.959_963_984_540_054;
    near(numbers(&fit["intervals"]["ends"][1])[1], w[1] + z * (a / determinant).sqrt());

    let profile = json(&[&args[..], &["--intervals", "profile"]].concat());
    for end in numbers(&profile["intervals"]["ends"][1]) {
        // The other parameter is refitted by golden section.
        let (mut low, mut high) = (w[0] - 10.0, w[0] + 10.0);
        let part = 0.5 * (5.0_f64.sqrt() - 1.0);
        for _ in 0..100 {
            let [left, right] = [high - part * (high - low), low + part * (high - low)];
            if value(left, end) < value(right, end) { high = right } else { low = left }
        }
        let rise = value(0.5 * (low + high), end) - value(w[0], w[1]);
        assert!((rise - 0.5 * z * z).abs() < 1e-5, "{rise}");
    }
    std::fs::remove_file(path).unwrap();

    for (more, message) in [
        (&["--sigma", "known"][..], "a likelihood says itself how large residuals are"),
        (&["--loss", "huber", "--width", "1"], "`--loss` has errors of its own: leave `--errors` out"),
    ] {
        let run = hesse(&[&args[..], more].concat(), "");
        assert!(run.code == 2 && run.stderr.contains(message), "{}", run.stderr);
    }
}

/// H/2 = JᵀJ + Σ r∇²r, written out for a model with two parameters.
#[test]
fn errors_of_the_full_hessian_count_the_curvature_of_the_model() {
    let [x, y] = columns();
    let formula = "sum(i, (y[i] - a*(1 - exp(-b*x[i])))^2)";
    let args = ["fit", formula, "--data", DATA, "--from", "a=240,b=5e-4"];
    let full = json(&[&args[..], &["--errors", "full-hessian"]].concat());
    let w = numbers(&full["estimates"]);
    let (mut matrix, mut sum) = ([0.0; 3], 0.0);
    for (x, y) in x.iter().zip(&y) {
        let e = (-w[1] * x).exp();
        let r = y - w[0] * (1.0 - e);
        let [da, db] = [-(1.0 - e), -w[0] * x * e];
        let [dab, dbb] = [-x * e, w[0] * x * x * e];
        matrix = [matrix[0] + da * da, matrix[1] + da * db + r * dab, matrix[2] + db * db + r * dbb];
        sum += r * r;
    }
    let [p, q, s] = matrix;
    let variance = sum / (x.len() as f64 - 2.0);
    let errors = numbers(&full["standard_errors"]);
    assert!((errors[0] / (variance * s / (p * s - q * q)).sqrt() - 1.0).abs() < 1e-6);
    assert!((errors[1] / (variance * p / (p * s - q * q)).sqrt() - 1.0).abs() < 1e-6);
    assert_ne!(errors, numbers(&json(&args)["standard_errors"]));
}

#[test]
fn negative_weights_are_named() {
    let path = std::env::temp_dir().join(format!("hesse-negative-{}.csv", std::process::id()));
    std::fs::write(&path, "x,y,u\n1,2,1\n2,4.1,1\n3,5.9,-1\n4,8,1\n5,10.2,2\n").unwrap();
    let formula = "sum(i, u[i]*(y[i] - a*x[i] - b)^2)";
    let run = hesse(&["fit", formula, "--data", &path.display().to_string(), "--from", "a=1,b=0"], "");
    std::fs::remove_file(path).unwrap();
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("a weight is negative, so its residual is no number"), "{}", run.stderr);
}

/// Far from the data Welsch's loss is flat: the fit is found all the same.
#[test]
fn a_loss_that_is_flat_at_the_start_is_descended_from_the_plain_fit() {
    let formula = "sum(i, (y[i] - a*(1 - exp(-b*x[i])))^2)";
    let args = ["fit", formula, "--data", DATA, "--from", "a=500,b=1e-4"];
    let plain = numbers(&json(&args)["estimates"]);
    let robust = numbers(&json(&[&args[..], &["--loss", "welsch", "--width", "0.5"]].concat())["estimates"]);
    for (robust, plain) in robust.iter().zip(&plain) {
        assert!((robust / plain - 1.0).abs() < 0.01, "{robust} {plain}");
    }
}

/// `/0.4` is a factor of E as well as a standard deviation: only what is data says which is meant.
#[test]
fn numbers_in_front_are_no_standard_deviations() {
    let fit = |formula: &str, more: &[&str]| {
        hesse(
            &[&["fit", formula, "--data", DATA, "--from", "a=3,b=0.1", "--format", "json"], more].concat(),
            "",
        )
    };
    for more in [&["--sigma", "known"][..], &["--loss", "huber", "--width", "1"]] {
        let run = fit("sum(i, ((y[i] - a - b*x[i])/0.4)^2)", more);
        assert_eq!(run.code, 2, "{}", run.stdout);
        assert!(run.stderr.contains("the squares have the factor 6.25"), "{}", run.stderr);
        assert_eq!(fit("0.5*sum(i, (y[i] - a - b*x[i])^2)", more).code, 0);
        assert_eq!(fit("mean(i, (y[i] - a - b*x[i])^2)", more).code, 0);
        let given = [more, &["--set", "s=0.4"]].concat();
        assert_eq!(fit("sum(i, ((y[i] - a - b*x[i])/s)^2)", &given).code, 0);
    }
}

#[test]
fn fits_with_a_loss_say_so() {
    let args = ["fit", LINE, "--data", DATA, "--from", "a=3,b=0.1", "--loss", "huber", "--width", "0.5"];
    let text = hesse(&args, "").stdout;
    assert!(text.contains("Residuals beyond 0.5 count by the loss `huber`"), "{text}");
    assert!(text.contains("sum of the loss") && !text.contains("Akaike"), "{text}");
    let fit = json(&args);
    assert_eq!((fit["loss"]["name"].as_str(), fit["aic"].as_f64()), (Some("huber"), None));
}
