//! Pasted tables: a line with names, then rows of numbers.

use csv::{ReaderBuilder, Trim};

use crate::refusal::Refusal;

/// Columns of numbers, all of one length.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) columns: Vec<(String, Vec<f64>)>,
    pub(crate) rows: usize,
}

impl Table {
    /// Reads a table; nothing at all is a table without columns.
    pub(crate) fn read(text: &str) -> Result<Table, Refusal> {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Ok(Table::default());
        }
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter(text))
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(text.as_bytes());
        let mut records = reader.records().enumerate();
        let header = match records.next() {
            Some((_, record)) => record.map_err(Refusal::data)?,
            None => return Ok(Table::default()),
        };
        if header.iter().all(|name| name.parse::<f64>().is_ok()) {
            return Err(Refusal::data("the first line has numbers: put the names of the columns before it"));
        }
        let mut table =
            Table { columns: header.iter().map(|name| (name.to_owned(), Vec::new())).collect(), rows: 0 };
        for (at, (name, _)) in table.columns.iter().enumerate() {
            if table.columns[..at].iter().any(|(earlier, _)| earlier == name) {
                return Err(Refusal::data(format!("two columns are called `{name}`: rename one of them")));
            }
        }
        for (row, record) in records {
            let record = record.map_err(Refusal::data)?;
            if record.len() != table.columns.len() {
                let (found, expected) = (record.len(), table.columns.len());
                return Err(Refusal::data(format!(
                    "row {row} has {found} cells, but there are {expected} names"
                )));
            }
            for (cell, (name, column)) in record.iter().zip(&mut table.columns) {
                match cell.parse::<f64>() {
                    Ok(number) if number.is_finite() => column.push(number),
                    _ => {
                        let cell: String = cell.chars().take(40).collect();
                        return Err(Refusal::data(format!(
                            "row {row} of column `{name}` is `{cell}`, expected a finite number"
                        )));
                    }
                }
            }
            table.rows += 1;
        }
        if table.rows == 0 {
            return Err(Refusal::data("the table has names but no rows"));
        }
        Ok(table)
    }
}

/// What separates the names in the first line; tabs come with what is copied from a spreadsheet.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let is_there = |delimiter: &&u8| first.contains(char::from(**delimiter));
    b"\t;,".iter().find(is_there).copied().unwrap_or(b',')
}
