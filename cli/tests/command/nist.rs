//! Six NIST StRD problems from both published starts, against the certified values.

use crate::run::{json, numbers};

const PROBLEMS: [&str; 6] = ["Misra1a", "Gauss1", "Thurber", "MGH09", "Eckerle4", "BoxBOD"];

struct Certificate {
    /// Starts, certified value and standard deviation of each parameter.
    parameters: Vec<(String, [f64; 4])>,
    residual_sum_of_squares: f64,
    rows: Vec<Vec<f64>>,
}

fn certificate(problem: &str) -> Certificate {
    let path = format!("{}/../testkit/nist/{problem}.dat", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let mut parameters = Vec::new();
    let mut residual_sum_of_squares = f64::NAN;
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [name, "=", a, b, c, d] = words[..] {
            parameters.push((name.to_owned(), [a, b, c, d].map(|word| word.parse().unwrap())));
        }
        if let Some(value) = line.strip_prefix("Residual Sum of Squares:") {
            residual_sum_of_squares = value.trim().parse().unwrap();
        }
    }
    let data = text.rsplit_once("Data:").unwrap().1;
    let rows = data.lines().skip(1).filter(|line| !line.trim().is_empty());
    let rows = rows.map(|line| line.split_whitespace().map(|cell| cell.parse().unwrap()).collect()).collect();
    Certificate { parameters, residual_sum_of_squares, rows }
}

/// Correct significant digits: −log₁₀ of the relative error.
fn digits(actual: f64, certified: f64) -> f64 {
    -((actual - certified).abs() / certified.abs()).max(1e-16).log10()
}

#[test]
fn every_problem_converges_from_both_starts() {
    for problem in PROBLEMS {
        let certificate = certificate(problem);
        let name = problem.to_lowercase();
        for start in 0..2 {
            let from: Vec<String> = certificate
                .parameters
                .iter()
                .map(|(name, values)| format!("{name}={}", values[start]))
                .collect();
            let fit = json(&[
                "fit",
                &format!("examples/nist/{name}.hes"),
                "--data",
                &format!("examples/data/nist/{name}.csv"),
                "--from",
                &from.join(","),
            ]);
            let (estimates, errors) = (numbers(&fit["estimates"]), numbers(&fit["standard_errors"]));
            for (at, (parameter, values)) in certificate.parameters.iter().enumerate() {
                let what = format!("{problem}, start {}, {parameter}", start + 1);
                assert_eq!(fit["parameters"][at], *parameter, "{what}");
                assert!(
                    digits(estimates[at], values[2]) >= 9.0,
                    "{what}: {} for {}",
                    estimates[at],
                    values[2]
                );
                assert!(digits(errors[at], values[3]) >= 7.0, "{what}: {} for {}", errors[at], values[3]);
            }
            let sum = fit["residual_sum_of_squares"].as_f64().unwrap();
            assert!(digits(sum, certificate.residual_sum_of_squares) >= 9.0, "{problem}: {sum}");
            assert_eq!(fit["degrees_of_freedom"], certificate.rows.len() - estimates.len());
            assert_eq!((&fit["converged"], &fit["kind"]), (&true.into(), &"minimum".into()), "{problem}");
        }
    }
}

#[test]
fn the_csv_files_hold_the_published_data() {
    for problem in PROBLEMS {
        let path =
            format!("{}/../examples/data/nist/{}.csv", env!("CARGO_MANIFEST_DIR"), problem.to_lowercase());
        let text = std::fs::read_to_string(path).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("y,x"));
        let rows: Vec<Vec<f64>> =
            lines.map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect()).collect();
        assert_eq!(rows, certificate(problem).rows, "{problem}");
    }
}

#[test]
fn halving_the_sum_of_squares_changes_no_standard_error() {
    let args = ["--data", "examples/data/nist/misra1a.csv", "--from", "b1=250,b2=0.0005"];
    let fits = ["", "0.5*", "3*"].map(|factor| {
        let formula = format!("{factor}sum(i, (y[i] - b1*(1 - exp(-b2*x[i])))^2)");
        json(&[&["fit", &formula], &args[..]].concat())
    });
    for fit in &fits[1..] {
        for key in ["estimates", "standard_errors"] {
            for (a, b) in numbers(&fit[key]).into_iter().zip(numbers(&fits[0][key])) {
                assert!(digits(a, b) > 9.0, "{key}: {a} and {b}");
            }
        }
        let sums = [fit, &fits[0]].map(|fit| fit["residual_sum_of_squares"].as_f64().unwrap());
        assert!(digits(sums[0], sums[1]) > 10.0, "{sums:?}");
    }
}
