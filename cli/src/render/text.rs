//! Reports for people.

use hesse_runtime::descent::Descent;
use hesse_runtime::{Analysis, Kind};

use super::geometry;
use super::number::{aligned, number, table};
use crate::command::{Evaluation, Report};

/// Hessians of more parameters are not printed entry by entry.
pub(super) const LARGEST_MATRIX: usize = 8;
/// Spectra of more parameters show their two ends.
const LONGEST_SPECTRUM: usize = 12;
/// Significant digits of estimates and derivatives.
pub(super) const DIGITS: usize = 10;

pub(crate) fn evaluation(evaluation: &Evaluation) -> String {
    let mut text = format!("E = {}\n\n", number(evaluation.value, 15));
    let rows: Vec<Vec<String>> = evaluation
        .names
        .iter()
        .zip(&evaluation.gradient)
        .map(|(name, &slope)| vec![format!("dE/d{name}"), number(slope, DIGITS)])
        .collect();
    text.push_str("Gradient\n");
    text.push_str(&table(&rows));
    text.push('\n');
    text.push_str(&hessian(evaluation));
    text
}

fn hessian(evaluation: &Evaluation) -> String {
    let n = evaluation.names.len();
    if n > LARGEST_MATRIX {
        return format!("Hessian: {n} × {n}; all entries with `--format json`\n");
    }
    matrix("Hessian", &evaluation.names, &|row, column| number(evaluation.hessian[row][column], 6))
}

pub(super) fn matrix(title: &str, names: &[String], entry: &dyn Fn(usize, usize) -> String) -> String {
    let mut rows = vec![std::iter::once(String::new()).chain(names.iter().cloned()).collect::<Vec<_>>()];
    for (row, name) in names.iter().enumerate() {
        rows.push(
            std::iter::once(name.clone()).chain((0..names.len()).map(|column| entry(row, column))).collect(),
        );
    }
    format!("{title}\n{}", table(&rows))
}

pub(crate) fn analysis(report: &Report) -> String {
    format!("{}\n{}", evaluation(&report.evaluation), curvature(report))
}

/// Kind, curvatures with their axes, condition.
pub(super) fn curvature(report: &Report) -> String {
    let Report { evaluation, analysis, held } = report;
    let spectrum = analysis.spectrum();
    let n = evaluation.names.len();
    let mut text =
        format!("This point is {}.\n\nCurvatures along the principal axes\n", explain(analysis, held));
    let [semi_axis, rate] = geometry::heads(analysis);
    let heads = ["", "curvature", semi_axis, rate, "along"].map(str::to_owned).to_vec();
    let mut rows = vec![heads];
    for at in 0..n {
        if n > LONGEST_SPECTRUM && (LONGEST_SPECTRUM / 2..n - LONGEST_SPECTRUM / 2).contains(&at) {
            if at == LONGEST_SPECTRUM / 2 {
                rows.push(vec!["…".to_owned()]);
            }
            continue;
        }
        let axis = axis(&evaluation.names, spectrum.eigenvectors().column(at).as_slice());
        let [semi_axis, rate] = geometry::per_axis(analysis, at);
        let curvature = number(spectrum.eigenvalues()[at], 6);
        rows.push(vec![format!("λ{}", at + 1), curvature, semi_axis, rate, axis]);
    }
    text.push_str(&aligned(&rows, |column| column == 0 || column == 4));
    text.push_str(&geometry::legend(analysis));
    text.push('\n');
    let mut figures = vec![
        vec!["gradient norm".to_owned(), number(analysis.gradient_norm(), 4)],
        vec!["condition number".to_owned(), number(analysis.condition_number(), 4)],
        vec![
            "condition number with every parameter in its own scale".to_owned(),
            number(scaled(analysis), 4),
        ],
    ];
    figures.extend(geometry::figures(analysis));
    text.push_str(&table(&figures));
    let remarks = geometry::remarks(&evaluation.names, analysis);
    if !remarks.is_empty() {
        text.push_str(&format!("\n{remarks}"));
    }
    text
}

pub(super) fn explain(analysis: &Analysis, held: &[String]) -> String {
    match analysis.kind() {
        Kind::NotStationary if !held.is_empty() => {
            format!("on a bound: E would fall on beyond that of {}", names_of(held))
        }
        Kind::Minimum => "a minimum: E rises in every direction".to_owned(),
        Kind::Maximum => "a maximum: E falls in every direction".to_owned(),
        Kind::Saddle { index: 1 } => {
            "a saddle of index 1: E falls along one principal axis and rises along all others".to_owned()
        }
        Kind::Saddle { index } => {
            format!(
                "a saddle of index {index}: E falls along {index} principal axes and rises along all others"
            )
        }
        Kind::Degenerate { nullity, .. } => format!(
            "degenerate: the curvature along {} is zero within rounding, so second derivatives alone do not decide",
            if nullity == 1 { "one axis".to_owned() } else { format!("{nullity} axes") }
        ),
        Kind::Kink => "on a kink: E has no second derivatives here, so curvatures do not decide".to_owned(),
        Kind::NotStationary => "not stationary: E still slopes here".to_owned(),
        _ => "undetermined: rounding is too coarse to tell what kind of point it is".to_owned(),
    }
}

/// The first of some names.
fn names_of(names: &[String]) -> String {
    const SHOWN: usize = 4;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    format!("{}{}", shown.join(", "), if names.len() > SHOWN { ", …" } else { "" })
}

/// The ratio of the extreme curvatures of the Hessian scaled to unit diagonal.
fn scaled(analysis: &Analysis) -> f64 {
    let sizes = analysis.class.curvatures.iter().map(|c| c.abs());
    sizes.clone().fold(0.0, f64::max) / sizes.fold(f64::INFINITY, f64::min)
}

/// A direction by its largest components.
pub(crate) fn axis(names: &[String], vector: &[f64]) -> String {
    const SHOWN: usize = 3;
    let mut order: Vec<usize> = (0..vector.len()).collect();
    order.sort_by(|&a, &b| vector[b].abs().total_cmp(&vector[a].abs()));
    let largest = order.first().map_or(0.0, |&at| vector[at].abs());
    let mut text = String::new();
    for &at in order.iter().take(SHOWN).filter(|&&at| vector[at].abs() > 0.05 * largest) {
        let sign = match (text.is_empty(), vector[at] < 0.0) {
            (true, false) => "",
            (true, true) => "−",
            (false, false) => " + ",
            (false, true) => " − ",
        };
        let size = number(vector[at].abs(), 3);
        text.push_str(sign);
        text.push_str(&if size == "1.00" { names[at].clone() } else { format!("{size} {}", names[at]) });
    }
    text
}

pub(crate) fn minimum(report: &Report, descent: &Descent) -> String {
    let rows: Vec<Vec<String>> = report
        .evaluation
        .names
        .iter()
        .zip(&descent.minimizer)
        .map(|(name, &w)| vec![name.clone(), number(w, DIGITS)])
        .collect();
    format!("{}\n{}\n{}", summary(report, descent), table(&rows), curvature(report))
}

/// The end point of a descent that cannot be analyzed.
pub(crate) fn point(names: &[String], descent: &Descent) -> String {
    let coordinate = |(name, &w): (&String, &f64)| vec![name.clone(), number(w, DIGITS)];
    let rows: Vec<Vec<String>> = names.iter().zip(&descent.minimizer).map(coordinate).collect();
    format!(
        "E = {} after {} iterations: {}\n\n{}",
        number(descent.value, 12),
        descent.iterations,
        descent.status,
        table(&rows)
    )
}

pub(super) fn summary(report: &Report, descent: &Descent) -> String {
    let plural = if descent.iterations == 1 { "iteration" } else { "iterations" };
    format!(
        "E = {} after {} {plural}: {}\n",
        number(report.evaluation.value, 12),
        descent.iterations,
        descent.status
    )
}
