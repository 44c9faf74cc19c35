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
    for (entry, sign) in formulas.gradient.iter().zip(signs(&formulas.gradient)) {
        text.push_str(&format!("dE/d{} {sign} {}{}\n", entry.parameters[0], entry.formula, note(entry)));
    }
    text.push('\n');
    for (entry, sign) in formulas.hessian.iter().zip(signs(&formulas.hessian)) {
        let place = match &entry.parameters[..] {
            [row, column] if row == column => format!("d2E/d{row}^2"),
            parameters => format!("d2E/d{} d{}", parameters[0], parameters[1]),
        };
        text.push_str(&format!("{place} {sign} {}{}\n", entry.formula, note(entry)));
    }
    text.push_str(&definitions(&formulas.shared));
    text
}

/// `+=` where an earlier formula may already give some of these entries.
fn signs(entries: &[Derivative]) -> Vec<&'static str> {
    let overlap = |a: &Derivative, b: &Derivative| {
        a.parameters.iter().zip(&b.parameters).all(|(a, b)| {
            let (a, b) = (elements(a), elements(b));
            a.0 == b.0 && (a == b || a.1.is_none() || b.1.is_none())
        })
    };
    (0..entries.len())
        .map(|at| if entries[..at].iter().any(|earlier| overlap(earlier, &entries[at])) { "+=" } else { "=" })
        .collect()
}

/// The array of a parameter, and its position where that is constant.
fn elements(parameter: &str) -> (&str, Option<&str>) {
    match parameter.split_once(['[', '_']) {
        None => (parameter, Some("")),
        Some((array, subscripts)) => {
            let is_constant = !subscripts.chars().any(char::is_alphabetic);
            (array, is_constant.then_some(subscripts))
        }
    }
}

/// ` for i in 0..n-1`, where an index does not run over its whole axis; and a word on diagonals.
fn note(entry: &Derivative) -> String {
    let mut note = if entry.diagonal { "   (diagonal)".to_owned() } else { String::new() };
    if !entry.ranges.is_empty() {
        note.push_str(&format!("   for {}", entry.ranges.join(", ")));
    }
    note
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
    let equals = |sign: &str| if sign == "=" { "&=" } else { r"&\mathrel{+}=" };
    for (entry, sign) in formulas.gradient.iter().zip(signs(&formulas.gradient)) {
        let (name, sign) = (&entry.parameters[0], equals(sign));
        lines.push(format!(r"\frac{{\partial E}}{{\partial {name}}} {sign} {}", entry.formula));
    }
    for (entry, sign) in formulas.hessian.iter().zip(signs(&formulas.hessian)) {
        let below = match &entry.parameters[..] {
            [row, column] if row == column => format!(r"\partial {row}^{{2}}"),
            parameters => format!(r"\partial {} \, \partial {}", parameters[0], parameters[1]),
        };
        let sign = equals(sign);
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
        .map(|entry| json!({"parameter": entry.parameters[0], "formula": entry.formula, "ranges": entry.ranges}))
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
                "ranges": entry.ranges,
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
