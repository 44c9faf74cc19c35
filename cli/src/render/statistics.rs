//! Fits with their statistics, as text and as JSON.

use hesse_runtime::descent::Descent;
use hesse_runtime::{FitStatistics, ResidualDiagnostics, ResidualKind};
use serde_json::{Value, json};

use super::json::{self, Object};
use super::number::{number, table};
use super::text::{DIGITS, LARGEST_MATRIX, axis, curvature, matrix, summary};
use crate::command::{Fit, Report};

/// Axes this much softer than the stiffest one are sloppy.
const SLOPPY: f64 = 1e-3;
/// A residual is an outlier where the largest of all is as large in fewer than this part of all fits.
const EXPECTED: f64 = 0.05;
/// Lists show so many.
const SHOWN: usize = 3;
/// What stands for the standard error of a parameter that has none, and for an end of an interval.
const HELD: &str = "at its bound";
const OPEN: &str = "open";

pub(crate) fn text(report: &Report, descent: &Descent, fit: &Fit) -> String {
    let names = &report.evaluation.names;
    let statistics = &fit.statistics;
    let (kind, level) = fit.intervals;
    let interval = format!("{}% by {kind}", number_of_percent(level));
    let heads = ["", "estimate", "standard error", "from", "to"];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    for (at, name) in names.iter().enumerate() {
        let mut row = vec![name.clone(), number(descent.minimizer[at], DIGITS)];
        if statistics.free.contains(&at) {
            row.push(number(statistics.standard_errors[at], 5));
            row.extend(fit.ends[at].map(|end| if end.is_nan() { OPEN.to_owned() } else { number(end, 6) }));
        } else {
            row.push(HELD.to_owned());
        }
        rows.push(row);
    }
    let mut intervals = format!("The intervals are those of {interval}.\n");
    if statistics.sigma_is_known {
        intervals.push_str("Errors are those of the standard deviations that the formula divides by, not of the residuals.\n");
    }
    if statistics.free.len() < names.len() {
        intervals.push_str(
            "A parameter that a bound holds is no estimate: the others have the errors of a fit without it.\n",
        );
    }
    if statistics.free.iter().any(|&at| fit.ends[at].iter().any(|end| end.is_nan())) {
        intervals.push_str("An end is open where E has no value before it has risen enough.\n");
    }
    let mut text =
        format!("{}\n{}{intervals}\n{}", summary(report, descent), table(&rows), quality(statistics));
    if names.len() <= LARGEST_MATRIX && names.len() > 1 {
        let entry = |row: usize, column: usize| match statistics.correlation[(row, column)] {
            unknown if unknown.is_nan() => "–".to_owned(),
            known => format!("{known:.3}"),
        };
        text.push('\n');
        text.push_str(&matrix("Correlation", names, &entry));
    }
    let remarks = format!("{}{}", sloppy(names, statistics), diagnosed(fit.diagnostics.as_ref()));
    if !remarks.is_empty() {
        text.push_str(&format!("\n{remarks}"));
    }
    format!("{text}\n{}", curvature(report))
}

fn number_of_percent(level: f64) -> String {
    let percent = format!("{:.6}", 100.0 * level);
    percent.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn quality(statistics: &FitStatistics) -> String {
    let mut rows = vec![
        vec!["residual sum of squares".to_owned(), number(statistics.residual_sum_of_squares, DIGITS)],
        vec!["degrees of freedom".to_owned(), statistics.degrees_of_freedom.to_string()],
        vec![
            "residual standard deviation".to_owned(),
            number(statistics.residual_standard_deviation, DIGITS),
        ],
        vec!["Akaike's criterion".to_owned(), number(statistics.akaike(), 6)],
        vec!["Bayesian criterion".to_owned(), number(statistics.bayes(), 6)],
    ];
    if statistics.sigma_is_known {
        let tail = number(statistics.chi_squared_tail(), 4);
        rows.push(vec!["probability of a χ² as large".to_owned(), tail]);
    }
    rows.extend(statistics.r_squared.map(|r| vec!["R²".to_owned(), number(r, 6)]));
    table(&rows)
}

/// The axes along which parameters make up for each other, in units of their own.
fn sloppy(names: &[String], statistics: &FitStatistics) -> String {
    let spectrum = &statistics.stiffness;
    let stiffest = spectrum.norm();
    let soft = spectrum.eigenvalues().iter().zip(spectrum.eigenvectors().column_iter());
    let names: Vec<String> = statistics.free.iter().map(|&at| names[at].clone()).collect();
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
    let correlation: Vec<Vec<f64>> =
        statistics.correlation.row_iter().map(|row| row.iter().copied().collect()).collect();
    object.insert("estimates".into(), json!(descent.minimizer));
    // A parameter that a bound holds has none: null.
    object.insert("standard_errors".into(), json!(statistics.standard_errors));
    object.insert("residual_sum_of_squares".into(), json!(statistics.residual_sum_of_squares));
    object.insert("degrees_of_freedom".into(), json!(statistics.degrees_of_freedom));
    object.insert("residual_standard_deviation".into(), json!(statistics.residual_standard_deviation));
    object.insert("sigma".into(), json!(if statistics.sigma_is_known { "known" } else { "estimated" }));
    let tail = statistics.sigma_is_known.then(|| statistics.chi_squared_tail());
    object.insert("chi_squared_tail".into(), json!(tail));
    // A perfect fit has criteria of −∞, which JSON cannot say: null.
    object.insert("aic".into(), json!(statistics.akaike()));
    object.insert("bic".into(), json!(statistics.bayes()));
    object.insert("correlation".into(), json!(correlation));
    object.insert("r_squared".into(), json!(statistics.r_squared));
    let (kind, level) = fit.intervals;
    // An end without a limit is null, and so is an open one.
    object.insert("intervals".into(), json!({ "kind": kind, "level": level, "ends": fit.ends }));
    let axes: Vec<Vec<f64>> =
        statistics.stiffness.eigenvectors().column_iter().map(|u| u.iter().copied().collect()).collect();
    object.insert(
        "stiffness".into(),
        json!({ "eigenvalues": statistics.stiffness.eigenvalues().as_slice(), "eigenvectors": axes }),
    );
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
