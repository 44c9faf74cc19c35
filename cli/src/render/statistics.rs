//! Fits with their statistics, as text and as JSON.

use hesse_runtime::descent::Descent;
use hesse_runtime::{ResidualDiagnostics, ResidualKind};
use serde_json::{Value, json};

use super::json::{self, Object};
use super::number::{number, table};
use super::text::{DIGITS, LARGEST_MATRIX, axis, curvature, matrix, summary};
use crate::command::{Fit, Report, Statistics};

/// Axes this much softer than the stiffest one are sloppy.
const SLOPPY: f64 = 1e-3;
/// A residual is an outlier where the largest of all is as large in fewer than this part of all fits.
const EXPECTED: f64 = 0.05;
/// Lists show so many.
const SHOWN: usize = 3;
/// What stands for the standard error of a parameter that has none, and for an end of an interval.
pub(super) const HELD: &str = "at its bound";
pub(super) const OPEN: &str = "open";

pub(crate) fn text(report: &Report, descent: &Descent, fit: &Fit) -> String {
    let names = &report.evaluation.names;
    let statistics = &fit.statistics;
    let heads = ["", "estimate", "standard error", "from", "to"];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    for (at, name) in names.iter().enumerate() {
        let mut row = vec![name.clone(), number(descent.minimizer[at], DIGITS)];
        if statistics.free().contains(&at) {
            row.push(number(statistics.standard_errors()[at], 5));
            row.extend(fit.ends[at].map(|end| if end.is_nan() { OPEN.to_owned() } else { number(end, 6) }));
        } else {
            row.push(HELD.to_owned());
        }
        rows.push(row);
    }
    let mut text =
        format!("{}\n{}{}\n{}", summary(report, descent), table(&rows), explained(fit), table(&quality(fit)));
    if names.len() <= LARGEST_MATRIX && names.len() > 1 {
        let entry = |row: usize, column: usize| match statistics.correlation(row, column) {
            unknown if unknown.is_nan() => "–".to_owned(),
            known => format!("{known:.3}"),
        };
        text.push('\n');
        text.push_str(&matrix("Correlation", names, &entry));
    }
    let remarks = remarks(names, fit);
    if !remarks.is_empty() {
        text.push_str(&format!("\n{remarks}"));
    }
    format!("{text}\n{}", curvature(report))
}

/// What the errors and the intervals are, a line each.
pub(super) fn explained(fit: &Fit) -> String {
    let (statistics, (kind, level)) = (&fit.statistics, fit.intervals);
    let mut text = format!("The intervals are those of {}% by {kind}.\n", percent(level));
    if let Statistics::Squares(statistics) = statistics
        && statistics.sigma_is_known
    {
        text.push_str("Errors are those of the standard deviations that the formula divides by, not of the residuals.\n");
    }
    if let Some((loss, width)) = &fit.loss {
        text.push_str(&format!(
            "Residuals beyond {width} count by the loss `{loss}`, not by their squares; errors are those of M-estimates.\n"
        ));
    }
    text.push_str(match fit.errors {
        "full-hessian" => "Errors are those of the full Hessian: the curvature of the model counts too.\n",
        "likelihood" => "E is taken for −ln L of a likelihood, a sum over observations and not their mean.\n",
        _ => "",
    });
    if statistics.free().len() < fit.ends.len() {
        text.push_str(
            "A parameter that a bound holds is no estimate: the others have the errors of a fit without it.\n",
        );
    }
    if statistics.free().iter().any(|&at| fit.ends[at].iter().any(|end| end.is_nan())) {
        text.push_str("An end is open where E has no value before it has risen enough.\n");
    }
    text
}

/// What is remarkable of the spectrum and of the residuals, a line each.
pub(super) fn remarks(names: &[String], fit: &Fit) -> String {
    format!("{}{}", sloppy(names, &fit.statistics), diagnosed(fit.diagnostics.as_ref()))
}

/// A level of confidence in percent.
pub(super) fn percent(level: f64) -> String {
    let percent = format!("{:.6}", 100.0 * level);
    percent.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// How good a fit is: names and numbers.
pub(super) fn quality(fit: &Fit) -> Vec<Vec<String>> {
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let statistics = match &fit.statistics {
        Statistics::Squares(statistics) => statistics,
        Statistics::Likelihood(statistics) => {
            return vec![
                row("−ln L", number(statistics.value, DIGITS)),
                row("Akaike's criterion", number(statistics.akaike(), 6)),
            ];
        }
    };
    let sum = if fit.loss.is_some() { "sum of the loss" } else { "residual sum of squares" };
    let mut rows = vec![
        row(sum, number(statistics.residual_sum_of_squares, DIGITS)),
        row("degrees of freedom", statistics.degrees_of_freedom.to_string()),
        row("residual standard deviation", number(statistics.residual_standard_deviation, DIGITS)),
    ];
    // The criteria are those of normal residuals.
    if fit.loss.is_none() {
        rows.push(row("Akaike's criterion", number(statistics.akaike(), 6)));
        rows.push(row("Bayesian criterion", number(statistics.bayes(), 6)));
    }
    if statistics.sigma_is_known {
        rows.push(row("probability of a χ² as large", number(statistics.chi_squared_tail(), 4)));
    }
    rows.extend(statistics.r_squared.map(|r| row("R²", number(r, 6))));
    rows
}

/// The axes along which parameters make up for each other, in units of their own.
fn sloppy(names: &[String], statistics: &Statistics) -> String {
    let spectrum = statistics.stiffness();
    let stiffest = spectrum.norm();
    let soft = spectrum.eigenvalues().iter().zip(spectrum.eigenvectors().column_iter());
    let names: Vec<String> = statistics.free().iter().map(|&at| names[at].clone()).collect();
    let soft = soft.take_while(|(value, _)| **value < SLOPPY * stiffest).take(SHOWN);
    let lines = soft.map(|(value, vector)| {
        let vector: Vec<f64> = vector.iter().copied().collect();
        format!(
            "Sloppy: along {}, each in its own scale, the fit is {} times less certain than along the stiffest axis.\n",
            axis(&names, &vector),
            number((stiffest / value.abs()).sqrt(), 3)
        )
    });
    lines.collect()
}

fn diagnosed(diagnostics: Option<&ResidualDiagnostics>) -> String {
    let Some(diagnostics) = diagnostics else { return String::new() };
    let runs = diagnostics.runs;
    let mut text = counted(diagnostics);
    // Residuals of which at most one is not zero have no runs to count.
    if runs.expected.is_finite() && runs.deviation.is_finite() && diagnostics.durbin_watson.is_finite() {
        text.push_str(&format!(
            "Residuals: {} runs of one sign, {} ± {} expected; Durbin and Watson's number is {}.\n",
            runs.count,
            number(runs.expected, 3),
            number(runs.deviation, 2),
            number(diagnostics.durbin_watson, 3)
        ));
    }
    let outliers = diagnostics.outliers(EXPECTED);
    if !outliers.is_empty() {
        let shown = outliers
            .iter()
            .take(SHOWN)
            .map(|outlier| format!("{} (Student's t is {})", outlier.at, number(outlier.studentized, 3)));
        let dots = if outliers.len() > SHOWN { ", …" } else { "" };
        let shown = shown.collect::<Vec<_>>().join(", ");
        text.push_str(&format!("Outliers: residuals {shown}{dots}; `--loss` makes them count less.\n"));
    }
    let leverage = diagnostics.leverage.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    if let Some((at, share)) = leverage {
        text.push_str(&format!("The residual with the most leverage is {at}, with {}.\n", number(*share, 3)));
    }
    text
}

/// What counts beside rows of data, and what does not count.
fn counted(diagnostics: &ResidualDiagnostics) -> String {
    let mut text = String::new();
    let count = |kind| diagnostics.kinds.iter().filter(|own| **own == kind).count();
    let (priors, omitted) = (count(ResidualKind::Prior), count(ResidualKind::Omitted));
    if priors > 0 {
        text.push_str(&format!(
            "Beside {} observations, {}, of the parameters alone, as what was known before: one degree of freedom each.\n",
            count(ResidualKind::Observation),
            if priors == 1 { "one residual counts".to_owned() } else { format!("{priors} residuals count") }
        ));
    }
    if omitted > 0 {
        text.push_str(&format!("Residuals of weight zero do not count: {omitted}.\n"));
    }
    text
}

pub(crate) fn json(report: &Report, descent: &Descent, fit: &Fit) -> Object {
    let mut object = json::minimum(report, descent);
    let statistics = &fit.statistics;
    let n = descent.minimizer.len();
    let row = |one: usize| (0..n).map(|other| statistics.correlation(one, other)).collect();
    let correlation: Vec<Vec<f64>> = (0..n).map(row).collect();
    object.insert("estimates".into(), json!(descent.minimizer));
    // A parameter that a bound holds has none: null.
    object.insert("standard_errors".into(), json!(statistics.standard_errors()));
    object.insert("errors".into(), json!(fit.errors));
    let loss = fit.loss.as_ref().map(|(name, width)| json!({ "name": name, "width": width }));
    object.insert("loss".into(), json!(loss));
    // A perfect fit has criteria of −∞, which JSON cannot say, and one with a loss has none: null.
    match statistics {
        Statistics::Squares(statistics) => {
            let sigma = if statistics.sigma_is_known { "known" } else { "estimated" };
            let tail = statistics.sigma_is_known.then(|| statistics.chi_squared_tail());
            for (name, value) in [
                ("residual_sum_of_squares", json!(statistics.residual_sum_of_squares)),
                ("degrees_of_freedom", json!(statistics.degrees_of_freedom)),
                ("residual_standard_deviation", json!(statistics.residual_standard_deviation)),
                ("sigma", json!(sigma)),
                ("chi_squared_tail", json!(tail)),
                ("aic", json!(fit.loss.is_none().then(|| statistics.akaike()))),
                ("bic", json!(fit.loss.is_none().then(|| statistics.bayes()))),
                ("r_squared", json!(statistics.r_squared)),
            ] {
                object.insert(name.into(), value);
            }
        }
        Statistics::Likelihood(statistics) => {
            object.insert("aic".into(), json!(statistics.akaike()));
        }
    }
    object.insert("correlation".into(), json!(correlation));
    let (kind, level) = fit.intervals;
    // An end without a limit is null, and so is an open one.
    object.insert("intervals".into(), json!({ "kind": kind, "level": level, "ends": fit.ends }));
    let stiffness = statistics.stiffness();
    let axes: Vec<Vec<f64>> =
        stiffness.eigenvectors().column_iter().map(|u| u.iter().copied().collect()).collect();
    let stiffness = json!({ "eigenvalues": stiffness.eigenvalues().as_slice(), "eigenvectors": axes });
    object.insert("stiffness".into(), stiffness);
    object.insert("diagnostics".into(), fit.diagnostics.as_ref().map_or(Value::Null, diagnostics));
    object
}

fn diagnostics(diagnostics: &ResidualDiagnostics) -> Value {
    let runs = diagnostics.runs;
    let kind = |kind: &ResidualKind| match kind {
        ResidualKind::Prior => "prior",
        ResidualKind::Omitted => "omitted",
        _ => "observation",
    };
    let outliers = diagnostics.outliers(EXPECTED);
    json!({
        "residuals": diagnostics.residuals,
        "kinds": diagnostics.kinds.iter().map(kind).collect::<Vec<_>>(),
        "leverage": diagnostics.leverage,
        "standardized": diagnostics.standardized,
        "studentized": diagnostics.studentized,
        "outliers": outliers.iter().map(|outlier| outlier.at).collect::<Vec<_>>(),
        "durbin_watson": diagnostics.durbin_watson,
        "runs": { "count": runs.count, "expected": runs.expected, "deviation": runs.deviation },
    })
}
