//! A report as one page: everything in one file, no script, nothing from the network.

use hesse_pictures::{Canvas, Scene};
use hesse_runtime::descent::Descent;

use super::number::number;
use super::statistics::{HELD, OPEN, explained, percent, quality, remarks};
use super::text::{axis, explain};
use crate::command::{Fit, Report, Statistics};

/// More parameters than this have no table of correlations: it would be wider than any screen.
const LARGEST_MATRIX: usize = 24;
/// More rows than this are cut from tables.
const LONGEST_TABLE: usize = 200;

/// What a report tells.
pub(crate) struct Page<'a> {
    pub(crate) title: String,
    /// The formula as it was written.
    pub(crate) formula: &'a str,
    /// E, its gradient and its Hessian as MathML.
    pub(crate) formulas: String,
    pub(crate) report: &'a Report,
    pub(crate) descent: &'a Descent,
    pub(crate) method: &'a str,
    pub(crate) fit: Option<&'a Fit>,
    /// Why there are no standard errors where E is a sum of squares.
    pub(crate) unknown: Option<String>,
    pub(crate) figures: Vec<Figure>,
    /// Generated Rust.
    pub(crate) code: String,
}

/// A picture with what it shows.
pub(crate) struct Figure {
    pub(crate) title: &'static str,
    pub(crate) caption: &'static str,
    /// For screens, and for phones.
    scenes: [Scene; 2],
}

impl Figure {
    pub(crate) fn new(title: &'static str, caption: &'static str, draw: impl Fn(&Canvas) -> Scene) -> Figure {
        // Letters keep their size on small screens; a picture made smaller would lose them.
        let scenes = [Canvas::page(720.0, 500.0), Canvas::page(340.0, 320.0)].map(|canvas| draw(&canvas));
        Figure { title, caption, scenes }
    }
}

pub(crate) fn page(page: &Page<'_>) -> String {
    let mut body = format!("<h1>{}</h1>\n", escaped(&page.title));
    body.push_str(&summary(page));
    body.push_str(&section("Estimates", &estimates(page)));
    for Figure { title, caption, scenes: [wide, narrow] } in &page.figures {
        let figure = format!(
            "<figure>\n<div class=\"wide\">\n{}</div>\n<div class=\"narrow\">\n{}</div>\n<figcaption>{caption}</figcaption>\n</figure>\n",
            wide.to_svg(),
            narrow.to_svg()
        );
        body.push_str(&section(title, &figure));
    }
    body.push_str(&section("Curvatures along the principal axes", &curvatures(page)));
    if let Some(fit) = page.fit {
        let names = &page.report.evaluation.names;
        if (2..=LARGEST_MATRIX).contains(&names.len()) {
            let correlation = correlation(names, &fit.statistics);
            body.push_str(&section("Correlation of the estimates", &correlation));
        }
        let remarks = paragraphs(&remarks(names, fit));
        if !remarks.is_empty() {
            body.push_str(&section("What the data decide", &remarks));
        }
    }
    let loss = page.fit.and_then(|fit| fit.loss.as_ref());
    let plain = loss.map_or(String::new(), |(loss, _)| {
        paragraphs(&format!(
            "These formulas, and the code below, are those of the squares, without the loss `{loss}`."
        ))
    });
    let formulas = format!(
        "{plain}<pre>{}</pre>\n<div class=\"scroll\">\n{}</div>\n",
        escaped(page.formula.trim_end()),
        page.formulas
    );
    body.push_str(&section("Formulas", &formulas));
    let code = format!(
        "<details>\n<summary>Rust, {} lines</summary>\n<pre>{}</pre>\n</details>\n",
        page.code.lines().count(),
        escaped(page.code.trim_end())
    );
    body.push_str(&section("Generated code", &code));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        escaped(&page.title)
    )
}

fn summary(page: &Page<'_>) -> String {
    let Page { report, descent, .. } = page;
    let steps = if descent.iterations == 1 { "step" } else { "steps" };
    let warning = if descent.converged() { "" } else { " class=\"warning\"" };
    format!(
        "<p{warning}>E = <strong>{}</strong> after {} {steps} of <code>{}</code>: {}. This point is {}.</p>\n",
        number(report.evaluation.value, 10),
        descent.iterations,
        page.method,
        escaped(&descent.status.to_string()),
        explain(&report.analysis, &report.held)
    )
}

fn estimates(page: &Page<'_>) -> String {
    let names = &page.report.evaluation.names;
    let from = page.fit.map(|fit| format!("{} % from", percent(fit.intervals.1)));
    let mut head = vec!["parameter", "estimate"];
    if let Some(from) = &from {
        head.extend(["standard error", "error in %", from, "to"]);
    }
    let row = |(at, name): (usize, &String)| {
        let estimate = page.descent.minimizer[at];
        let mut row = vec![escaped(name), number(estimate, 10)];
        let Some(Fit { statistics, ends, .. }) = page.fit else { return row };
        let error = statistics.standard_errors()[at];
        if error.is_nan() {
            row.push(HELD.to_owned());
            row.extend([const { String::new() }; 3]);
            return row;
        }
        row.push(number(error, 5));
        let part = 100.0 * (error / estimate).abs();
        row.push(if estimate == 0.0 { "–".to_owned() } else { number(part, 2) });
        row.extend(ends[at].map(|end| if end.is_nan() { OPEN.to_owned() } else { number(end, 7) }));
        row
    };
    let rows: Vec<Vec<String>> = names.iter().enumerate().take(LONGEST_TABLE).map(row).collect();
    let mut text = table(&head, &rows) + &rest(names.len());
    if let Some(fit) = page.fit {
        text.push_str(&paragraphs(&explained(fit)));
        text.push_str(&table(&[], &quality(fit)));
    }
    if let Some(reason) = &page.unknown {
        text.push_str(&paragraphs(&format!("There are no standard errors: {reason}.")));
    }
    text
}

fn curvatures(page: &Page<'_>) -> String {
    let spectrum = page.report.analysis.spectrum();
    let names = &page.report.evaluation.names;
    let row = |(at, value): (usize, &f64)| {
        let axis = axis(names, spectrum.eigenvectors().column(at).as_slice());
        vec![format!("λ<sub>{}</sub>", at + 1), number(*value, 6), escaped(&axis)]
    };
    let rows: Vec<Vec<String>> =
        spectrum.eigenvalues().iter().enumerate().take(LONGEST_TABLE).map(row).collect();
    let condition = number(page.report.analysis.condition_number(), 4);
    format!(
        "{}{}<p>Condition number: {condition}.</p>\n",
        table(&["", "curvature", "along"], &rows),
        rest(names.len())
    )
}

/// The matrix, each cell the bluer or the redder the further its entry is from zero.
fn correlation(names: &[String], statistics: &Statistics) -> String {
    let mut text = "<div class=\"scroll\">\n<table class=\"matrix\">\n<tr><td></td>".to_owned();
    names.iter().for_each(|name| text.push_str(&format!("<th>{}</th>", escaped(name))));
    text.push_str("</tr>\n");
    for (row, name) in names.iter().enumerate() {
        text.push_str(&format!("<tr><th>{}</th>", escaped(name)));
        for column in 0..names.len() {
            let entry = statistics.correlation(row, column);
            if entry.is_nan() {
                text.push_str("<td>–</td>");
                continue;
            }
            let color = if entry < 0.0 { "213, 94, 0" } else { "0, 114, 178" };
            let part = 0.6 * entry.abs().min(1.0);
            text.push_str(&format!(
                "<td style=\"background: rgba({color}, {part:.2})\">{}</td>",
                format!("{entry:.3}").replace('-', "−")
            ));
        }
        text.push_str("</tr>\n");
    }
    text + "</table>\n</div>\n"
}

fn rest(count: usize) -> String {
    if count > LONGEST_TABLE {
        format!("<p>The first {LONGEST_TABLE} of {count} are shown.</p>\n")
    } else {
        String::new()
    }
}

/// Lines of text, each a paragraph, and what stands between grave accents as code.
fn paragraphs(text: &str) -> String {
    let paragraph = |line: &str| {
        let parts = escaped(line);
        let parts = parts.split('`').enumerate();
        let parts = parts
            .map(|(at, part)| if at % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() });
        format!("<p>{}</p>\n", parts.collect::<String>())
    };
    text.lines().map(paragraph).collect()
}

fn section(title: &str, content: &str) -> String {
    format!("<section>\n<h2>{title}</h2>\n{content}</section>\n")
}

/// Cells are HTML already.
fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = "<div class=\"scroll\">\n<table>\n".to_owned();
    if !head.is_empty() {
        let cells: String = head.iter().map(|cell| format!("<th>{cell}</th>")).collect();
        text.push_str(&format!("<tr>{cells}</tr>\n"));
    }
    for row in rows {
        let cells: String = row.iter().map(|cell| format!("<td>{}</td>", cell.replace('-', "−"))).collect();
        text.push_str(&format!("<tr>{cells}</tr>\n"));
    }
    text + "</table>\n</div>\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const STYLE: &str = "\
:root { color-scheme: light dark; --ink: #1a1a1a; --soft: #5f6368; --line: #dadce0; --sheet: #ffffff; --shade: #f5f6f7; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --soft: #a8adb3; --line: #44474c; --sheet: #17191c; --shade: #212428; }
}
body { margin: 0; background: var(--sheet); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
.warning { border-left: 4px solid #d55e00; padding-left: .75rem; }
.scroll { overflow-x: auto; margin: .75rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .95rem; }
th { font-weight: 600; color: var(--soft); }
th, td { padding: .2rem 1.25rem .2rem 0; text-align: right; white-space: nowrap; }
th:first-child, td:first-child, td:nth-child(3):last-child { text-align: left; }
.matrix th, .matrix td, .matrix td:nth-child(3):last-child { padding: .25rem .6rem; text-align: right; }
figure { margin: 0; }
figure svg { display: block; max-width: 100%; height: auto; border-radius: 4px; }
figcaption { color: var(--soft); font-size: .9rem; margin-top: .4rem; }
.narrow { display: none; }
math { font-family: 'STIX Two Math', 'Cambria Math', 'Latin Modern Math', 'DejaVu Math TeX Gyre', math; font-size: 1.1rem; }
math[display=block] { margin: 0; text-align: left; width: max-content; }
mtd { padding: .35rem .2rem; }
pre { background: var(--shade); padding: .75rem; border-radius: 4px; overflow-x: auto; font-size: .8rem; line-height: 1.4; }
summary { cursor: pointer; }
@media (max-width: 560px) {
  table { font-size: .85rem; }
  th, td { padding-right: .75rem; }
  .wide { display: none; }
  .narrow { display: block; }
}
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --sheet: #fff; --shade: #f5f5f5; }
  main { max-width: none; padding: 0; }
  h2 { margin-top: 1.5rem; }
  figure svg { max-width: 72%; }
  section { break-inside: avoid; }
  section:has(pre) { break-inside: auto; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .scroll { overflow: visible; }
}
";
