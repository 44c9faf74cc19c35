//! CSV: the JSON document of an answer as one table.
//!
//! Where the document has lists of objects (stationary points, formulas, functions), each object is a row, and the first
//! column says which list it is of. Otherwise every parameter is a row, with its number of each list and its row of each
//! matrix, and the ends of its interval; what is one number for the whole answer stands in every row. What goes with
//! principal axes or residuals, not with parameters, is left to JSON.

use serde_json::Value;

/// Lists whose order is that of principal axes.
const BY_AXES: [&str; 6] =
    ["eigenvalues", "eigenvectors", "semi_axes", "rates", "scaled_curvatures", "curvature_tolerances"];
/// Lists that have one number for each parameter, wherever they stand.
const BY_PARAMETERS: [&str; 4] = ["at", "hessian", "correlation", "covariance"];

/// The table of a document that a command has made.
pub(crate) fn table(document: &str) -> Option<String> {
    let document: Value = serde_json::from_str(document).ok()?;
    let object = document.as_object()?;
    let names: Vec<&str> = object
        .get("parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let has_objects = |value: &Value| value.as_array().is_some_and(|list| list.iter().any(Value::is_object));
    let rows = if object.values().any(has_objects) {
        let mut rows = Vec::new();
        for (part, value) in object.iter().filter(|(part, _)| *part != "parameters") {
            match value {
                Value::Array(list) => rows.extend(list.iter().map(|item| {
                    let mut row = vec![("part".to_owned(), part.clone())];
                    row.extend(cells("value", item, &names));
                    row
                })),
                Value::Object(_) => {
                    let mut row = vec![("part".to_owned(), part.clone())];
                    row.extend(cells(part, value, &names));
                    rows.push(row);
                }
                _ => rows.extend(
                    text(value)
                        .map(|text| vec![("part".to_owned(), part.clone()), ("value".to_owned(), text)]),
                ),
            }
        }
        rows
    } else {
        let row = |at: usize| {
            let mut row = vec![("parameter".to_owned(), names[at].to_owned())];
            let is_told = |name: &str| {
                // The estimates of a fit are where its descent ended.
                let is_repeated = name == "minimizer" && object.contains_key("estimates");
                name != "parameters" && !is_repeated && !BY_AXES.contains(&name)
            };
            for (name, value) in object.iter().filter(|(name, _)| is_told(name)) {
                match value {
                    Value::Array(list) if list.len() == names.len() => {
                        row.extend(cells(name, &list[at], &names));
                    }
                    Value::Array(_) => {}
                    Value::Object(_) if name == "intervals" => row.extend(ends(value, at)),
                    _ => row.extend(text(value).map(|text| (name.clone(), text))),
                }
            }
            row
        };
        (0..names.len()).map(row).collect()
    };
    Some(aligned(&rows))
}

/// The ends of the interval of a parameter; empty where there is none.
fn ends(intervals: &Value, at: usize) -> [(String, String); 2] {
    let end = |side: usize| text(&intervals["ends"][at][side]).unwrap_or_default();
    [("lower".to_owned(), end(0)), ("upper".to_owned(), end(1))]
}

/// The cells of a value under a name.
fn cells(name: &str, value: &Value, names: &[&str]) -> Vec<(String, String)> {
    match value {
        Value::Object(object) => object.iter().flat_map(|(own, value)| cells(own, value, names)).collect(),
        Value::Array(list) if BY_PARAMETERS.contains(&name) => {
            let each = names.iter().zip(list);
            each.filter_map(|(own, value)| Some((format!("{name}.{own}"), text(value)?))).collect()
        }
        Value::Array(list) => {
            let each = list.iter().enumerate();
            each.filter_map(|(at, value)| Some((format!("{name}.{at}"), text(value)?))).collect()
        }
        _ => text(value).map(|text| (name.to_owned(), text)).into_iter().collect(),
    }
}

/// What is no list and no object.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Null => Some(String::new()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// Rows of named cells as lines with a header; a cell that a row does not have is empty.
fn aligned(rows: &[Vec<(String, String)>]) -> String {
    let mut header: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flatten() {
        if !header.contains(&name.as_str()) {
            header.push(name);
        }
    }
    let line = |cells: Vec<&str>| cells.into_iter().map(quoted).collect::<Vec<_>>().join(",") + "\n";
    let mut table = line(header.clone());
    for row in rows {
        let cell =
            |name: &&str| row.iter().find(|(own, _)| own == name).map_or("", |(_, text)| text.as_str());
        table.push_str(&line(header.iter().map(cell).collect()));
    }
    table
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
