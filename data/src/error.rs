//! Why data cannot be read.

use std::path::PathBuf;

use thiserror::Error;

/// Why data cannot be read; lines count from 1, the header is the first.
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
    /// There is no header.
    #[error("`{}` is empty: expected a header line with column names, then rows of numbers", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
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
    #[error("line {line} of `{}` has {found} cells, but the header has {expected}", path.display())]
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
        "`{}` has the columns {found:?}, but `{}` has {expected:?}: all parts need the same columns in the same order",
        path.display(), first.display()
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
    #[error("there is no column `{name}`; the columns are {columns:?}")]
    NoColumn {
        /// As asked for.
        name: String,
        /// Those there are.
        columns: Vec<String>,
    },
    /// A cell is no finite number.
    #[error("line {line} of column `{column}` in `{}` is `{cell}`, expected a finite number", path.display())]
    NoNumber {
        /// The file.
        path: PathBuf,
        /// The line.
        line: u64,
        /// The name of the column.
        column: String,
        /// What stands there.
        cell: String,
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
