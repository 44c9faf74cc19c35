//! One file of a table.

use std::fs::File;
use std::io::BufReader;
use std::ops::Range;
use std::path::{Path, PathBuf};

use csv::{ByteRecord, Position, Reader, ReaderBuilder};

use crate::DataError;

/// A place is remembered for every so many rows.
const STRIDE: usize = 4096;

/// One CSV file: its columns, its number of rows, and where they are.
#[derive(Clone, Debug)]
pub struct Part {
    path: PathBuf,
    columns: Vec<String>,
    rows: usize,
    /// Byte, line and record of every row whose number is a multiple of the stride, as far as they are known.
    places: Vec<[u64; 3]>,
}

impl Part {
    /// Reads a file once, in memory of one row, and holds every row to the header.
    ///
    /// # Errors
    /// Where the file cannot be read, has no header, a column twice, or a row of another length.
    pub fn scan(path: &Path) -> Result<Part, DataError> {
        let (mut reader, columns) = open(path)?;
        let (mut record, mut rows, mut places) = (ByteRecord::new(), 0, Vec::new());
        loop {
            let place = reader.position().clone();
            if !reader.read_byte_record(&mut record).map_err(|error| unreadable(path, &error))? {
                break;
            }
            if record.len() != columns.len() {
                let line = record.position().map_or(0, Position::line);
                let (expected, found) = (columns.len(), record.len());
                return Err(DataError::Ragged { path: path.to_owned(), line, expected, found });
            }
            if rows % STRIDE == 0 {
                places.push([place.byte(), place.line(), place.record()]);
            }
            rows += 1;
        }
        Ok(Part { path: path.to_owned(), columns, rows, places })
    }

    /// A part that somebody else has scanned; its rows are looked for from its beginning.
    #[must_use]
    pub fn known(path: PathBuf, columns: Vec<String>, rows: usize) -> Part {
        Part { path, columns, rows, places: Vec::new() }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names in its header.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Appends the numbers of some rows, those of one row side by side; `columns` are positions in the header.
    pub(crate) fn read(
        &self,
        rows: Range<usize>,
        columns: &[usize],
        numbers: &mut Vec<f64>,
    ) -> Result<(), DataError> {
        let (mut reader, _) = open(&self.path)?;
        let mut row = 0;
        if let Some([byte, line, record]) = self.places.get(rows.start / STRIDE) {
            let mut place = Position::new();
            place.set_byte(*byte).set_line(*line).set_record(*record);
            reader.seek(place).map_err(|error| unreadable(&self.path, &error))?;
            row = rows.start / STRIDE * STRIDE;
        }
        let mut record = ByteRecord::new();
        while row < rows.end {
            if !reader.read_byte_record(&mut record).map_err(|error| unreadable(&self.path, &error))? {
                return Err(DataError::Changed { path: self.path.clone(), row });
            }
            if row >= rows.start {
                for &column in columns {
                    numbers.push(self.number(&record, column)?);
                }
            }
            row += 1;
        }
        Ok(())
    }

    fn number(&self, record: &ByteRecord, column: usize) -> Result<f64, DataError> {
        let cell = record.get(column).unwrap_or_default();
        let number = std::str::from_utf8(cell).ok().and_then(|cell| cell.parse::<f64>().ok());
        number.filter(|number| number.is_finite()).ok_or_else(|| DataError::NoNumber {
            path: self.path.clone(),
            line: record.position().map_or(0, Position::line),
            column: self.columns.get(column).cloned().unwrap_or_default(),
            cell: shown(cell),
        })
    }
}

/// A reader behind the header, and the names in it.
fn open(path: &Path) -> Result<(Reader<BufReader<File>>, Vec<String>), DataError> {
    let file = File::open(path)
        .map_err(|error| DataError::File { path: path.to_owned(), reason: error.to_string() })?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(BufReader::with_capacity(1 << 16, file));
    let mut header = ByteRecord::new();
    if !reader.read_byte_record(&mut header).map_err(|error| unreadable(path, &error))? {
        return Err(DataError::Empty { path: path.to_owned() });
    }
    let columns: Vec<String> = header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    // What some programs write at the beginning of a file belongs to no name.
    let columns: Vec<String> =
        columns.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect();
    for (at, name) in columns.iter().enumerate() {
        if columns[..at].contains(name) {
            return Err(DataError::TwoColumns { path: path.to_owned(), name: name.clone() });
        }
    }
    Ok((reader, columns))
}

fn unreadable(path: &Path, error: &csv::Error) -> DataError {
    DataError::File { path: path.to_owned(), reason: error.to_string() }
}

/// A cell as messages show it.
fn shown(cell: &[u8]) -> String {
    const LENGTH: usize = 40;
    let text = String::from_utf8_lossy(cell);
    let escaped: String = text.chars().take(LENGTH).flat_map(char::escape_debug).collect();
    if text.chars().count() > LENGTH { format!("{escaped}…") } else { escaped }
}
