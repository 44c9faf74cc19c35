//! Why data cannot be read.

use std::path::PathBuf;

use thiserror::Error;

use crate::wording::{advice, count, listed, suggestion};

/// Why data cannot be read; rows and lines count from 1, and the header is the first line.
///
/// ```
/// use hesse_data::{DataError, Origin, Part};
///
/// let text = Origin::hold("-", b"x,x\n1,2\n".as_slice())?;
/// let refused = Part::scan_from(text, None, &mut |_| ()).unwrap_err();
/// assert!(refused.to_string().contains("`x`"), "{refused}");
/// # Ok::<(), DataError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum DataError {
    /// No file has such a name.
    #[error("no file fits `{pattern}`")]
    NoFile {
        /// As it was given.
        pattern: String,
    },
    /// The name is no pattern.
    #[error("`{pattern}` is no pattern for names of files: {reason}")]
    Pattern {
        /// As it was given.
        pattern: String,
        /// What is wrong.
        reason: String,
    },
    /// A number is left out between the first and the last part.
    #[error("part {number} of `{pattern}` is missing: the parts are numbered {first} to {last}")]
    MissingPart {
        /// As it was given.
        pattern: String,
        /// The number that is left out.
        number: u64,
        /// The lowest number there is.
        first: u64,
        /// The highest.
        last: u64,
    },
    /// The file cannot be read.
    #[error("cannot read `{}`: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The text is in an encoding that is not read.
    #[error("`{}` is UTF-16 text: save it as UTF-8", path.display())]
    Utf16 {
        /// The file.
        path: PathBuf,
    },
    /// The text is compressed.
    #[error("`{0}` is compressed by gzip: unpack it on the way, `zcat {0} | hesse … --data -`", path.display())]
    Compressed {
        /// The file.
        path: PathBuf,
    },
    /// The header is no text.
    #[error("the header of `{}` is not UTF-8 text: save the file as UTF-8", path.display())]
    Utf8 {
        /// The file.
        path: PathBuf,
    },
    /// There is no header.
    #[error("`{}` is empty: expected a header line with column names, then rows of numbers", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// There is nothing below the header.
    #[error("`{}` has a header but no rows", path.display())]
    NoRows {
        /// The first file.
        path: PathBuf,
    },
    /// The first line has no names.
    #[error(
        "the first line of `{}` has numbers: put a line with the names of the columns before it",
        path.display()
    )]
    NoHeader {
        /// The file.
        path: PathBuf,
    },
    /// The header is one name that looks like several.
    #[error(
        "the header of `{}` is one column, `{name}`, with `{mark}` in its name: separate columns by commas, semicolons or tabs, and write names without spaces",
        path.display()
    )]
    OneColumn {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
        /// What may have been meant to separate.
        mark: char,
    },
    /// Two columns have one name.
    #[error("`{}` has two columns `{name}`; rename one of them", path.display())]
    TwoColumns {
        /// The file.
        path: PathBuf,
        /// Their name.
        name: String,
    },
    /// A row has more or fewer cells than the header.
    #[error("line {line} of `{}` has {}, but the header has {expected}", path.display(), count(*found))]
    Ragged {
        /// The file.
        path: PathBuf,
        /// The line.
        line: u64,
        /// Cells of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// Two parts have different columns.
    #[error(
        "`{}` has the columns {}, but `{}` has {}: all parts need the same columns in the same order",
        path.display(), listed(found.iter().map(String::as_str)),
        first.display(), listed(expected.iter().map(String::as_str))
    )]
    OtherColumns {
        /// The part that differs.
        path: PathBuf,
        /// Its columns.
        found: Vec<String>,
        /// The first part.
        first: PathBuf,
        /// Its columns.
        expected: Vec<String>,
    },
    /// No column has this name.
    #[error(
        "`{}` has no column `{name}`{}\nits columns are {}",
        path.display(),
        suggestion(name, columns.iter().map(String::as_str)),
        listed(columns.iter().map(String::as_str))
    )]
    NoColumn {
        /// The first file.
        path: PathBuf,
        /// As asked for.
        name: String,
        /// Those there are.
        columns: Vec<String>,
    },
    /// A cell is no finite number.
    #[error(
        "row {row}{} of column `{column}` in `{}` is {}, expected a {}{}",
        line.map(|line| format!(" (line {line})")).unwrap_or_default(),
        path.display(),
        if cell.is_empty() { "empty".to_owned() } else { format!("`{cell}`") },
        if cell.parse::<f64>().is_ok() { "finite number" } else { "number" },
        advice(cell)
    )]
    NoNumber {
        /// The file.
        path: PathBuf,
        /// The row of the file.
        row: usize,
        /// The line, in text.
        line: Option<u64>,
        /// The name of the column.
        column: String,
        /// What stands there.
        cell: String,
    },
    /// A column of a file with types has one that is no number.
    #[error("column `{column}` of `{}` has the type {found}, expected numbers", path.display())]
    Type {
        /// The file.
        path: PathBuf,
        /// The name of the column.
        column: String,
        /// The type, as the format calls it.
        found: String,
    },
    /// An array of a NumPy file is no column and no matrix.
    #[error(
        "`{name}` of `{}` has the shape {shape:?}, expected [rows] or [rows, columns]",
        path.display()
    )]
    Shape {
        /// The file.
        path: PathBuf,
        /// The array.
        name: String,
        /// Its shape.
        shape: Vec<u64>,
    },
    /// Two arrays of a file have different numbers of rows.
    #[error(
        "`{name}` of `{}` has {found} rows, but `{first}` has {expected}: all arrays need the same number",
        path.display()
    )]
    Rows {
        /// The file.
        path: PathBuf,
        /// The array.
        name: String,
        /// Its rows.
        found: u64,
        /// The first array.
        first: String,
        /// Its rows.
        expected: u64,
    },
    /// The format is not read by this build.
    #[error("`{}` is a Parquet file: build with the feature `parquet`, or save it as CSV", path.display())]
    NoParquet {
        /// The file.
        path: PathBuf,
    },
    /// The file changed after it was scanned.
    #[error("`{}` has changed while it was in use: it ended before row {row}", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// The row of the part that is not there, counted from 0.
        row: usize,
    },
}
