//! The iterate on disk.

use std::io;
use std::path::Path;

use hesse_data::{can_write, reason, write_whole};
use serde_json::{Map, Value, json};

use crate::number;

/// Says before a fit begins that its checkpoints cannot be written, where that is so.
///
/// # Errors
/// Where the file cannot be written.
pub fn probe(path: &Path) -> Result<(), String> {
    can_write(path).map_err(|error| unwritable(path, &error))
}

/// Writes an iterate; the file is the old one or the new one, never half of it.
pub fn write(path: &Path, formula: &str, names: &[String], w: &[f64], value: f64) -> Result<(), String> {
    let point: Map<String, Value> = names.iter().cloned().zip(w.iter().map(|&x| number(x))).collect();
    let document = json!({ "formula": formula, "value": number(value), "parameters": point });
    write_whole(path, format!("{document:#}\n").as_bytes()).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &io::Error) -> String {
    format!("error: cannot write the checkpoint `{}`: {}", path.display(), reason(error))
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
    let number = |name: &String| {
        match point.and_then(|point| point.get(name)) {
        Some(found) => found.as_f64().ok_or_else(|| {
            format!(
                "error: `{name}` is {found} in the checkpoint, expected a finite number: start anew with `--from`"
            )
        }),
        None => Err(format!(
            "error: the checkpoint has other parameters than the formula, which has {}",
            names.join(", ")
        )),
    }
    };
    names.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

    use super::{parse, write};

    #[test]
    fn what_is_no_number_is_said_to_be_none() {
        let path = std::env::temp_dir().join(format!("hesse-checkpoint-{}.json", std::process::id()));
        let names = ["a", "b"].map(String::from);
        let read = |w: [f64; 2]| {
            write(&path, "a + b", &names, &w, f64::INFINITY).unwrap();
            parse(&std::fs::read_to_string(&path).unwrap(), "a + b", &names)
        };
        assert_eq!(read([1.0, -0.1]), Ok(vec![1.0, -0.1]));
        let expected =
            "error: `b` is \"NaN\" in the checkpoint, expected a finite number: start anew with `--from`";
        assert_eq!(read([1.0, f64::NAN]), Err(expected.to_owned()));
        std::fs::remove_file(path).unwrap();
    }
}
