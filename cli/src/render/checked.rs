//! What witnesses say of gradient and Hessian.

use hesse_symbolic::evaluate::{Checked, Witness};
use serde_json::{Value, json};

use super::json::Object;
use super::number::{number, table};
use crate::command::CheckedPoint;

/// Entries in doubt beyond these are counted alone.
const SHOWN: usize = 20;
/// Significant digits of entries.
const DIGITS: usize = 15;

/// A witness, its name, and whether it knows something of an entry.
type Known = (Witness, &'static str, fn(&Checked) -> bool);

const WITNESSES: [Known; 3] = [
    (Witness::Differences, "differences", |entry| {
        entry.differences.error.is_finite() && !entry.dual.is_nan() && !entry.overrules_differences()
    }),
    (Witness::DualNumbers, "dual numbers", |entry| entry.dual.is_finite()),
    (Witness::Intervals, "intervals", |entry| entry.enclosure.is_bounded() && !entry.enclosure.is_empty()),
];

pub(crate) fn text(names: &[String], points: &[CheckedPoint]) -> String {
    let n = names.len();
    let mut text = format!(
        "Checked {} of E and {} at {}\n\n",
        counted(n, "slope"),
        counted(n * (n + 1) / 2, "curvature"),
        counted(points.len(), "point")
    );
    let entries = || points.iter().flat_map(|point| &point.entries);
    let mut rows = vec![["", "agree", "disagree", "say nothing"].map(str::to_owned).to_vec()];
    for (witness, name, knows) in WITNESSES {
        let disagree = entries().filter(|entry| entry.doubts().contains(&witness)).count();
        let silent = entries().filter(|entry| !knows(entry) && !entry.doubts().contains(&witness)).count();
        let agree = entries().count() - disagree - silent;
        rows.push(vec![name.to_owned(), agree.to_string(), disagree.to_string(), silent.to_string()]);
    }
    text.push_str(&table(&rows));
    let doubtful: Vec<(&CheckedPoint, &Checked)> = points
        .iter()
        .flat_map(|point| point.entries.iter().map(move |entry| (point, entry)))
        .filter(|(_, entry)| !entry.doubts().is_empty())
        .collect();
    for (point, entry) in doubtful.iter().take(SHOWN) {
        let at: Vec<String> = names.iter().zip(&point.at).map(|(name, w)| format!("{name}={w}")).collect();
        text.push_str(&format!(
            "\n{} is {} at {}\n{}",
            entry_name(names, entry),
            number(entry.found, DIGITS),
            at.join(","),
            table(&said(entry))
        ));
    }
    if doubtful.len() > SHOWN {
        text.push_str(&format!("\nand {} more\n", doubtful.len() - SHOWN));
    }
    text
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn entry_name(names: &[String], entry: &Checked) -> String {
    match entry.column {
        None => format!("dE/d{}", names[entry.row]),
        Some(column) if column == entry.row => format!("d2E/d{}^2", names[entry.row]),
        Some(column) => format!("d2E/d{} d{}", names[entry.row], names[column]),
    }
}

/// What each witness says, and by how much that is another number.
fn said(entry: &Checked) -> Vec<Vec<String>> {
    let doubts = entry.doubts();
    WITNESSES
        .iter()
        .filter(|(_, _, knows)| knows(entry))
        .map(|(witness, name, _)| {
            let (words, by) = match witness {
                Witness::Differences => {
                    let estimate = entry.differences;
                    let value = number(estimate.value, DIGITS);
                    (format!("{value} ± {}", number(estimate.error, 2)), entry.found - estimate.value)
                }
                Witness::DualNumbers => (number(entry.dual, DIGITS), entry.found - entry.dual),
                Witness::Intervals => {
                    let [lo, hi] = [entry.enclosure.lo(), entry.enclosure.hi()];
                    let by = entry.found - entry.found.clamp(lo, hi);
                    (format!("{} to {}", number(lo, DIGITS), number(hi, DIGITS)), by)
                }
            };
            let verdict = if doubts.contains(witness) {
                format!("off by {}", number(by, 2))
            } else {
                "agree".to_owned()
            };
            vec![(*name).to_owned(), words, verdict]
        })
        .collect()
}

/// Numbers that are not finite are null.
pub(crate) fn json(names: &[String], points: &[CheckedPoint]) -> Object {
    let entry = |entry: &Checked| {
        let doubts: Vec<&str> = WITNESSES
            .iter()
            .filter(|(witness, ..)| entry.doubts().contains(witness))
            .map(|(_, name, _)| *name)
            .collect();
        json!({
            "row": names[entry.row],
            "column": entry.column.map(|column| &names[column]),
            "found": entry.found,
            "differences": { "value": entry.differences.value, "error": entry.differences.error },
            "dual_numbers": entry.dual,
            "interval": [entry.enclosure.lo(), entry.enclosure.hi()],
            "doubts": doubts,
        })
    };
    let points: Vec<Value> = points
        .iter()
        .map(
            |point| json!({ "at": point.at, "entries": point.entries.iter().map(entry).collect::<Vec<_>>() }),
        )
        .collect();
    let mut object = Object::new();
    object.insert("parameters".into(), json!(names));
    object.insert("points".into(), json!(points));
    object
}
