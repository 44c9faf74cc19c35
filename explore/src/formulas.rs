//! E, its gradient and its Hessian as MathML, and what E offers.

use hesse_symbolic::print::{Derivative, Notation, Positions, derivatives, print};
use hesse_symbolic::rules::Applied;
use serde_json::{Value, json};

use crate::descent;
use crate::problem::Problem;

/// Entries beyond this number are counted, not shown.
const SHOWN: usize = 100;
const PARTIAL: &str = "<mo rspace=\"0\">∂</mo>";

pub(crate) fn answer(problem: &Problem) -> Value {
    let model = &problem.model;
    let error = print(&model.graph, &[model.error], Notation::MathMl, &[]);
    let (gradient, hessian, shared) = derivatives(&model.graph, model.error, Notation::MathMl);
    let named = |list: &[(String, String)]| -> Vec<String> {
        list.iter().map(|(name, formula)| row(name, false, formula, "")).collect()
    };
    let mut first = vec![row("<mi>E</mi>", false, &error.texts.concat(), "")];
    first.extend(named(&error.shared));
    let remarks: Vec<String> = model.applied.iter().filter_map(Applied::remark).collect();
    json!({
        "parameters": problem.surface.parameter_names(),
        "error": table(&first),
        "gradient": table(&entries(&gradient)),
        "hessian": table(&entries(&hessian)),
        "where": table(&named(&shared.shared)),
        "left_out": gradient.len().saturating_sub(SHOWN) + hessian.len().saturating_sub(SHOWN),
        "remarks": remarks,
        "work": problem.work,
        "methods": descent::methods(problem.surface.least_squares().is_some()),
    })
}

fn entries(list: &[Derivative]) -> Vec<String> {
    let shown = list.iter().take(SHOWN);
    shown.map(|entry| row(&derived(&entry.parameters), entry.adds, &entry.formula, &note(entry))).collect()
}

/// E derived by one parameter or two.
fn derived(parameters: &[String]) -> String {
    let by = |name: &String| format!("{PARTIAL}{name}");
    let second = || format!("<msup>{PARTIAL}<mn>2</mn></msup>");
    let (above, below) = match parameters {
        [only] => (PARTIAL.to_owned(), by(only)),
        [row, column] if row == column => (second(), format!("{PARTIAL}<msup>{row}<mn>2</mn></msup>")),
        all => (second(), all.iter().map(by).collect()),
    };
    format!("<mfrac><mrow>{above}<mi>E</mi></mrow><mrow>{below}</mrow></mfrac>")
}

/// Where the entry stands, if not at every position of its array.
fn note(entry: &Derivative) -> String {
    let mut note = String::new();
    for (at, Positions { index, lo, hi }) in entry.ranges.iter().enumerate() {
        note.push_str(if at == 0 { "<mspace width=\"2em\"/>" } else { "<mo>,</mo>" });
        note.push_str(&format!("{lo}<mo>≤</mo>{index}<mo>&lt;</mo>{hi}"));
    }
    if entry.mirrored {
        note.push_str("<mtext>&#xA0;and its mirror image</mtext>");
    }
    note
}

fn row(left: &str, adds: bool, right: &str, note: &str) -> String {
    let sign = if adds { "+=" } else { "=" };
    format!(
        "<mtr><mtd class=\"left\">{left}</mtd><mtd><mo>{sign}</mo></mtd><mtd class=\"right\">{right}{note}</mtd></mtr>"
    )
}

fn table(rows: &[String]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    format!("<math display=\"block\"><mtable displaystyle=\"true\">{}</mtable></math>", rows.concat())
}
