//! Derivatives as formulas.

use hesse_parser::Model;
use hesse_symbolic::graph::Role;
use hesse_symbolic::print::{Derivative, Formula};
use serde_json::json;

/// What `hesse derive` prints.
pub(crate) struct Formulas<'a> {
    pub(crate) model: &'a Model,
    pub(crate) error: Formula,
    pub(crate) gradient: Vec<Derivative>,
    pub(crate) hessian: Vec<Derivative>,
    pub(crate) shared: Vec<(String, String)>,
}

pub(crate) fn text(formulas: &Formulas<'_>) -> String {
    let mut text = format!("E = {}\n", formulas.error.texts.join(""));
    text.push_str(&definitions(&formulas.error.shared));
    text.push('\n');
    for entry in &formulas.gradient {
        text.push_str(&format!("dE/d{} = {}\n", entry.parameters[0], entry.formula));
    }
    text.push('\n');
    for (entry, sign) in formulas.hessian.iter().zip(signs(&formulas.hessian)) {
        let place = match &entry.parameters[..] {
            [row, column] if row == column => format!("d2E/d{row}^2"),
            parameters => format!("d2E/d{} d{}", parameters[0], parameters[1]),
        };
        let note = if entry.diagonal { "   (diagonal)" } else { "" };
        text.push_str(&format!("{place} {sign} {}{note}\n", entry.formula));
    }
    text.push_str(&definitions(&formulas.shared));
    text
}

/// `+=` where an earlier formula already gives some of these entries.
fn signs(entries: &[Derivative]) -> Vec<&'static str> {
    let arrays = |entry: &Derivative| -> Vec<(String, bool)> {
        let split = |name: &String| match name.split_once(['[', '_']) {
            Some((array, _)) => (array.to_owned(), true),
            None => (name.clone(), false),
        };
        entry.parameters.iter().map(split).collect()
    };
    let overlaps = |a: &Derivative, b: &Derivative| {
        arrays(a) == arrays(b) && arrays(a).iter().any(|(_, indexed)| *indexed) && (a.diagonal != b.diagonal)
    };
    (0..entries.len())
        .map(
            |at| if entries[..at].iter().any(|earlier| overlaps(earlier, &entries[at])) { "+=" } else { "=" },
        )
        .collect()
}

fn definitions(shared: &[(String, String)]) -> String {
    let mut text = String::new();
    for (at, (name, formula)) in shared.iter().enumerate() {
        text.push_str(if at == 0 { "where\n" } else { "" });
        text.push_str(&format!("  {name} = {formula}\n"));
    }
    text
}

pub(crate) fn latex(formulas: &Formulas<'_>) -> String {
    let mut lines = vec![format!("E &= {}", formulas.error.texts.join(""))];
    lines.extend(formulas.error.shared.iter().map(|(name, formula)| format!("{name} &= {formula}")));
    for entry in &formulas.gradient {
        lines.push(format!(r"\frac{{\partial E}}{{\partial {}}} &= {}", entry.parameters[0], entry.formula));
    }
    for (entry, sign) in formulas.hessian.iter().zip(signs(&formulas.hessian)) {
        let below = match &entry.parameters[..] {
            [row, column] if row == column => format!(r"\partial {row}^{{2}}"),
            parameters => format!(r"\partial {} \, \partial {}", parameters[0], parameters[1]),
        };
        let sign = if sign == "=" { "&=" } else { r"&\mathrel{+}=" };
        lines.push(format!(r"\frac{{\partial^2 E}}{{{below}}} {sign} {}", entry.formula));
    }
    lines.extend(formulas.shared.iter().map(|(name, formula)| format!("{name} &= {formula}")));
    format!("\\begin{{aligned}}\n{}\n\\end{{aligned}}\n", lines.join(" \\\\\n"))
}

pub(crate) fn json(formulas: &Formulas<'_>) -> String {
    let parameters: Vec<&str> = formulas
        .model
        .graph
        .arrays()
        .filter(|(_, declaration)| declaration.role == Role::Parameter)
        .map(|(_, declaration)| declaration.name.as_str())
        .collect();
    let gradient: Vec<_> = formulas
        .gradient
        .iter()
        .map(|entry| json!({"parameter": entry.parameters[0], "formula": entry.formula}))
        .collect();
    let hessian: Vec<_> = formulas
        .hessian
        .iter()
        .map(|entry| {
            json!({
                "row": entry.parameters[0],
                "column": entry.parameters[1],
                "formula": entry.formula,
                "diagonal": entry.diagonal,
            })
        })
        .collect();
    let shared = |list: &[(String, String)]| -> Vec<_> {
        list.iter().map(|(name, formula)| json!({"name": name, "formula": formula})).collect()
    };
    let document = json!({
        "parameters": parameters,
        "error": formulas.error.texts.join(""),
        "error_where": shared(&formulas.error.shared),
        "gradient": gradient,
        "hessian": hessian,
        "where": shared(&formulas.shared),
    });
    format!("{document:#}\n")
}
