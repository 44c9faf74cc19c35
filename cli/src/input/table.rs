//! CSV files: a header, and cells that are read as numbers where a formula asks for them.

use std::collections::HashSet;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use super::file::read_text;
use super::{listed, shown, suggestion};
use crate::args::Delimiter;
use crate::failure::Failure;

/// The longest data file that is read, in bytes.
const MAX_SIZE: u64 = 1 << 30;

/// A table of text with named columns.
#[derive(Debug)]
pub(super) struct Table {
    path: String,
    header: Vec<String>,
    /// With the line each starts on.
    rows: Vec<(u64, StringRecord)>,
}

impl Table {
    pub(super) fn read(path: &Path, delimiter: Option<Delimiter>) -> Result<Table, Failure> {
        let text = read_text(path, MAX_SIZE)?;
        let path = path.display().to_string();
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let delimiter = delimiter.unwrap_or_else(|| detect(text));
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter.byte())
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut records = reader.records().map(|record| {
            let record = record.map_err(|error| Failure::input(format!("cannot read `{path}`: {error}")))?;
            Ok((record.position().map_or(0, csv::Position::line), record))
        });
        let header: Vec<String> = match records.next() {
            Some(record) => record?.1.iter().map(str::to_owned).collect(),
            None => {
                return Err(Failure::input(format!(
                    "`{path}` is empty: expected a header line with column names, then rows of numbers"
                )));
            }
        };
        check_header(&header, &path)?;
        let mut rows = Vec::new();
        for record in records {
            let (line, record) = record?;
            if record.len() != header.len() {
                return Err(Failure::input(format!(
                    "line {line} of `{path}` has {}, but the header has {}",
                    count(record.len()),
                    header.len()
                )));
            }
            rows.push((line, record));
        }
        let mut known = HashSet::new();
        for name in &header {
            if !name.is_empty() && !known.insert(name) {
                return Err(Failure::input(format!("`{path}` has two columns `{name}`; rename one of them")));
            }
        }
        if rows.is_empty() {
            return Err(Failure::input(format!("`{path}` has a header but no rows")));
        }
        Ok(Table { path, header, rows })
    }

    /// The column names, as they are.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.header.iter().map(String::as_str).filter(|name| !name.is_empty())
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The complaint about a column that is not there.
    pub(super) fn missing(&self, name: &str) -> Failure {
        let suggestion = suggestion(name, self.names());
        let names = listed(self.names());
        Failure::input(format!("`{}` has no column `{name}`{suggestion}\nits columns are {names}", self.path))
    }

    /// The numbers of a column.
    pub(super) fn column(&self, name: &str) -> Result<Vec<f64>, Failure> {
        let Some(at) = self.header.iter().position(|known| known == name) else {
            return Err(self.missing(name));
        };
        self.rows
            .iter()
            .enumerate()
            .map(|(row, (line, record))| {
                let text = record.get(at).unwrap_or_default();
                let place = || format!("row {} (line {line}) of column `{name}` in `{}`", row + 1, self.path);
                match text.parse::<f64>() {
                    Ok(value) if value.is_finite() => Ok(value),
                    Ok(_) => Err(Failure::input(format!(
                        "{} is `{}`, expected a finite number{}",
                        place(),
                        shown(text),
                        advice(text)
                    ))),
                    Err(_) if text.is_empty() => Err(Failure::input(format!(
                        "{} is empty, expected a number{}",
                        place(),
                        advice(text)
                    ))),
                    Err(_) => Err(Failure::input(format!(
                        "{} is `{}`, expected a number{}",
                        place(),
                        shown(text),
                        advice(text)
                    ))),
                }
            })
            .collect()
    }
}

fn count(cells: usize) -> String {
    if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") }
}

/// What to write in the place of a cell that is no number, where that can be told.
fn advice(text: &str) -> &'static str {
    let is_number = |text: &str| text.trim().parse::<f64>().is_ok();
    let is_number_with = |from: &str, to: &str| text.contains(from) && is_number(&text.replacen(from, to, 1));
    match text.to_lowercase().as_str() {
        "" | "na" | "n/a" | "null" | "none" | "nan" | "-" | "." | "?" => "; leave out rows without a value",
        _ if is_number_with(",", ".") => "; write decimals with a point",
        _ if !is_number(text) && is_number(&text.replace([',', '_', '\'', ' '], "")) => {
            "; write numbers without separators"
        }
        _ if is_number_with("%", "") => "; write percentages as parts of 1",
        _ => "",
    }
}

/// Refuses first lines that are no names.
fn check_header(header: &[String], path: &str) -> Result<(), Failure> {
    if header.iter().all(|name| name.parse::<f64>().is_ok()) {
        return Err(Failure::input(format!(
            "the first line of `{path}` has numbers: put a line with the names of the columns before it"
        )));
    }
    if let [only] = header
        && let Some(mark) = only.chars().find(|c| matches!(c, ' ' | '|' | ':'))
    {
        return Err(Failure::input(format!(
            "the header of `{path}` is one column, `{}`, with `{mark}` in its name: separate columns by commas, semicolons or tabs, and write names without spaces",
            shown(only)
        )));
    }
    Ok(())
}

/// The delimiter that occurs most often in the header, outside quotes.
fn detect(text: &str) -> Delimiter {
    let mut quoted = false;
    let mut counts = [0usize; Delimiter::ALL.len()];
    for byte in text.lines().next().unwrap_or_default().bytes() {
        quoted ^= byte == b'"';
        for (count, delimiter) in counts.iter_mut().zip(Delimiter::ALL) {
            *count += usize::from(!quoted && byte == delimiter.byte());
        }
    }
    let mut best = (0, Delimiter::Comma);
    for (count, delimiter) in counts.into_iter().zip(Delimiter::ALL) {
        if count > best.0 {
            best = (count, delimiter);
        }
    }
    best.1
}
