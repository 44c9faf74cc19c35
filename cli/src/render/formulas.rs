//! Derivatives as formulas.

use hesse_parser::Model;
use hesse_symbolic::graph::Role;
use hesse_symbolic::print::{Derivative, Formula, Positions};
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
    for (part, order) in [(&formulas.gradient, "first"), (&formulas.hessian, "second")] {
        text.push('\n');
        // What is not listed is zero; where that is all, it is said.
        if part.is_empty() {
            text.push_str(&format!("all {order} derivatives are 0\n"));
        }
        for entry in part {
            text.push_str(&format!("{} {} {}{}\n", place(entry), sign(entry), entry.formula, note(entry)));
        }
    }
    text.push_str(&definitions(&formulas.shared));
    text
}

/// What is derived by what.
fn place(entry: &Derivative) -> String {
    match &entry.parameters[..] {
        [only] => format!("dE/d{only}"),
        [row, column] if row == column => format!("d2E/d{row}^2"),
        parameters => format!("d2E/d{}", parameters.join(" d")),
    }
}

/// `+=` where the entry has other parts too.
fn sign(entry: &Derivative) -> &'static str {
    if entry.adds { "+=" } else { "=" }
}

/// ` for i in 0..n-1`, where an index does not run over its whole axis.
fn note(entry: &Derivative) -> String {
    let ranges: Vec<String> =
        entry.ranges.iter().map(|Positions { index, lo, hi }| format!("{index} in {lo}..{hi}")).collect();
    let mut note = String::new();
    if !ranges.is_empty() {
        note.push_str(&format!("   for {}", ranges.join(", ")));
    }
    if entry.mirrored && entry.may_meet {
        note.push_str(if note.is_empty() { "   and its mirror image" } else { ", and its mirror image" });
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

/// One line of a formula for eyes: left of the sign, the sign, right of it, a note.
struct Line {
    left: String,
    adds: bool,
    right: String,
    ranges: Vec<Positions>,
    mirrored: bool,
}

/// E, its gradient, its Hessian and what they share, by what `derived` makes of a parameter or two.
fn lines(formulas: &Formulas<'_>, error: &str, derived: fn(&[String]) -> String) -> Vec<Line> {
    let plain = |(left, right): (&str, &str)| Line {
        left: left.to_owned(),
        adds: false,
        right: right.to_owned(),
        ranges: Vec::new(),
        mirrored: false,
    };
    let shared = |list: &[(String, String)]| -> Vec<Line> {
        list.iter().map(|(name, formula)| plain((name, formula))).collect()
    };
    let mut lines = vec![plain((error, &formulas.error.texts.join("")))];
    lines.extend(shared(&formulas.error.shared));
    for entry in formulas.gradient.iter().chain(&formulas.hessian) {
        lines.push(Line {
            left: derived(&entry.parameters),
            adds: entry.adds,
            right: entry.formula.clone(),
            ranges: entry.ranges.clone(),
            mirrored: entry.mirrored && entry.may_meet,
        });
    }
    lines.extend(shared(&formulas.shared));
    lines
}

pub(crate) fn latex(formulas: &Formulas<'_>) -> String {
    let derived = |parameters: &[String]| match parameters {
        [only] => format!(r"\frac{{\partial E}}{{\partial {only}}}"),
        [row, column] if row == column => format!(r"\frac{{\partial^2 E}}{{\partial {{{row}}}^{{2}}}}"),
        parameters => format!(r"\frac{{\partial^2 E}}{{\partial {}}}", parameters.join(r" \, \partial ")),
    };
    let lines: Vec<String> = lines(formulas, "E", derived)
        .iter()
        .map(|line| {
            let sign = if line.adds { r"&\mathrel{+}=" } else { "&=" };
            let mut text = format!("{} {sign} {}", line.left, line.right);
            for (at, Positions { index, lo, hi }) in line.ranges.iter().enumerate() {
                text.push_str(if at == 0 { r" \qquad " } else { r", \; " });
                text.push_str(&format!(r"{lo} \le {index} < {hi}"));
            }
            if line.mirrored {
                text.push_str(r" \quad \text{and its mirror image}");
            }
            text
        })
        .collect();
    format!("\\begin{{aligned}}\n{}\n\\end{{aligned}}\n", lines.join(" \\\\\n"))
}

pub(crate) fn mathml(formulas: &Formulas<'_>) -> String {
    let derived = |parameters: &[String]| {
        let by = |name: &String| format!("<mo rspace=\"0\">∂</mo>{name}");
        let (above, below) = match parameters {
            [only] => ("<mo rspace=\"0\">∂</mo>".to_owned(), by(only)),
            [row, column] if row == column => {
                (SECOND.to_owned(), format!("<mo rspace=\"0\">∂</mo><msup>{row}<mn>2</mn></msup>"))
            }
            parameters => (SECOND.to_owned(), parameters.iter().map(by).collect()),
        };
        format!("<mfrac><mrow>{above}<mi>E</mi></mrow><mrow>{below}</mrow></mfrac>")
    };
    let rows: String = lines(formulas, "<mi>E</mi>", derived)
        .iter()
        .map(|line| {
            let cell =
                |side: &str, content: &str| format!("<mtd style=\"text-align: {side}\">{content}</mtd>");
            let sign = if line.adds { "<mo>+=</mo>" } else { "<mo>=</mo>" };
            let mut right = line.right.clone();
            for (at, Positions { index, lo, hi }) in line.ranges.iter().enumerate() {
                right.push_str(if at == 0 { "<mspace width=\"2em\"/>" } else { "<mo>,</mo>" });
                right.push_str(&format!("{lo}<mo>≤</mo>{index}<mo>&lt;</mo>{hi}"));
            }
            if line.mirrored {
                right.push_str("<mtext>&#xA0;and its mirror image</mtext>");
            }
            format!(
                "<mtr>{}{}{}</mtr>\n",
                cell("right", &line.left),
                cell("center", sign),
                cell("left", &right)
            )
        })
        .collect();
    format!(
        "<math xmlns=\"http://www.w3.org/1998/Math/MathML\" display=\"block\">\n<mtable displaystyle=\"true\">\n{rows}</mtable>\n</math>\n"
    )
}

const SECOND: &str = "<msup><mo rspace=\"0\">∂</mo><mn>2</mn></msup>";

pub(crate) fn json(formulas: &Formulas<'_>) -> String {
    let ranges = |entry: &Derivative| -> Vec<String> {
        entry.ranges.iter().map(|Positions { index, lo, hi }| format!("{index} in {lo}..{hi}")).collect()
    };
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
        .map(|entry| json!({"parameter": entry.parameters[0], "formula": entry.formula, "adds": entry.adds, "ranges": ranges(entry)}))
        .collect();
    let hessian: Vec<_> = formulas
        .hessian
        .iter()
        .map(|entry| {
            json!({
                "row": entry.parameters[0],
                "column": entry.parameters[1],
                "formula": entry.formula,
                "adds": entry.adds,
                "diagonal": entry.diagonal,
                "mirrored": entry.mirrored,
                "ranges": ranges(entry),
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
