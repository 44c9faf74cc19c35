//! Stationary points with proof, for people and for scripts.

use hesse_runtime::certify::StationaryPoints;
use hesse_runtime::interval::Interval;
use serde_json::{Value, json};

use super::json::{Object, document};
use super::number::{number, table};

/// Boxes beyond this number are counted, not printed.
const SHOWN: usize = 20;
const DIGITS: usize = 10;

pub(crate) fn json(names: &[String], found: &StationaryPoints) -> String {
    let points: Vec<Value> = found
        .points
        .iter()
        .map(|point| {
            json!({
                "at": point.at,
                "enclosure": sides(&point.enclosure),
                "kind": point.kind.as_str(),
                "index": point.index,
                "value": point.value.midpoint(),
                "value_enclosure": bounds(&point.value),
                "eigenvalues": point.eigenvalues,
                "certified": true,
            })
        })
        .collect();
    let undecided: Vec<Value> = found
        .undecided
        .iter()
        .map(|open| json!({ "box": sides(&open.region), "reason": open.reason.as_str() }))
        .collect();
    let minimum = &found.global_minimum;
    let mut object = Object::new();
    object.insert("parameters".into(), json!(names));
    object.insert("points".into(), Value::Array(points));
    object.insert("undecided".into(), Value::Array(undecided));
    let known = !minimum.value.is_empty();
    // Nothing where E has no value anywhere in the box.
    let minimum = known.then(|| json!({ "at": minimum.at, "value": bounds(&minimum.value) }));
    object.insert("global_minimum".into(), json!(minimum));
    object.insert("boxes".into(), json!(found.boxes));
    document(object)
}

/// Bounds as a list; infinite ones, which JSON cannot say, are null.
fn bounds(interval: &Interval) -> Value {
    json!([interval.lo(), interval.hi()])
}

fn sides(region: &[Interval]) -> Vec<Value> {
    region.iter().map(bounds).collect()
}

pub(crate) fn text(names: &[String], found: &StationaryPoints) -> String {
    let mut text = format!("{}\n", summary(found));
    for (title, kind) in [("Minima", "minimum"), ("Saddles", "saddle"), ("Maxima", "maximum")] {
        let points: Vec<_> = found.points.iter().filter(|point| point.kind.as_str() == kind).collect();
        if points.is_empty() {
            continue;
        }
        let is_saddle = kind == "saddle";
        let mut head: Vec<String> = vec![String::new(), "E".to_owned()];
        head.extend(names.iter().cloned());
        head.extend(is_saddle.then(|| "index".to_owned()));
        head.extend(["least curvature".to_owned(), "greatest".to_owned()]);
        let mut rows = vec![head];
        for (at, point) in points.iter().enumerate() {
            let mut row = vec![(at + 1).to_string(), number(point.value.midpoint(), DIGITS)];
            row.extend(point.at.iter().map(|&w| number(w, DIGITS)));
            row.extend(is_saddle.then(|| point.index.to_string()));
            let ends = [point.eigenvalues.first(), point.eigenvalues.last()];
            row.extend(ends.into_iter().flatten().map(|&curvature| number(curvature, 5)));
            rows.push(row);
        }
        text.push_str(&format!("\n{title}\n{}", table(&rows)));
    }
    if !found.undecided.is_empty() {
        text.push_str("\nUndecided\n");
        let shown = found.undecided.iter().take(SHOWN);
        let rows: Vec<Vec<String>> = shown
            .map(|open| {
                let sides = open.region.iter().zip(names);
                let mut row = vec![open.reason.as_str().to_owned()];
                row.extend(sides.map(|(side, name)| {
                    format!("{name}={}..{}", number(side.lo(), DIGITS), number(side.hi(), DIGITS))
                }));
                row
            })
            .collect();
        text.push_str(&table(&rows));
        if found.undecided.len() > SHOWN {
            text.push_str(&format!("  … {} in all; all with `--format json`\n", found.undecided.len()));
        }
    }
    let minimum = &found.global_minimum;
    if minimum.value.is_empty() {
        return format!("{text}\nE has no value anywhere in the box.\n");
    }
    let mut rows = vec![
        vec!["E at least".to_owned(), number(minimum.value.lo(), 16)],
        vec!["and at most".to_owned(), number(minimum.value.hi(), 16)],
    ];
    let place = names.iter().zip(&minimum.at).map(|(name, &w)| vec![name.clone(), number(w, DIGITS)]);
    rows.extend(place);
    text.push_str(&format!("\nGlobal minimum over the box, its border included\n{}", table(&rows)));
    text
}

fn summary(found: &StationaryPoints) -> String {
    let count = found.points.len();
    let points = if count == 1 { "stationary point" } else { "stationary points" };
    match found.undecided.len() {
        0 => format!("{count} {points} in the box, certified; there is no other."),
        1 => format!("{count} {points} certified; any other lies in the box that is undecided."),
        boxes => format!("{count} {points} certified; any other lies in one of {boxes} undecided boxes."),
    }
}
