//! The iterate on disk.

use std::path::Path;

use hesse_data::write_whole;
use serde_json::{Map, Value, json};

/// Writes an iterate; the file is the old one or the new one, never half of it.
pub fn write(path: &Path, formula: &str, names: &[String], w: &[f64], value: f64) -> Result<(), String> {
    let point: Map<String, Value> = names.iter().cloned().zip(w.iter().map(|&x| json!(x))).collect();
    let document = json!({ "formula": formula, "value": value, "parameters": point });
    write_whole(path, format!("{document:#}\n").as_bytes())
        .map_err(|error| format!("error: cannot write the checkpoint `{}`: {error}", path.display()))
}

/// The iterate that a fit wrote, from the text of its checkpoint.
///
/// # Errors
/// Where the text is none, or is of another formula.
pub fn parse(text: &str, formula: &str, names: &[String]) -> Result<Vec<f64>, String> {
    let document: Value =
        serde_json::from_str(text).map_err(|error| format!("error: the checkpoint is no JSON: {error}"))?;
    if document["formula"] != formula {
        return Err("error: the checkpoint is of another formula: start anew with `--from`".to_owned());
    }
    let point = document["parameters"].as_object().filter(|point| point.len() == names.len());
    let number = |name: &String| point?.get(name)?.as_f64();
    names.iter().map(number).collect::<Option<Vec<f64>>>().ok_or_else(|| {
        format!("error: the checkpoint has other parameters than the formula, which has {}", names.join(", "))
    })
}
