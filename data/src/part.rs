//! One file of a table.

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::numpy::Arrays;
#[cfg(feature = "parquet")]
use crate::parquet::Groups;
use crate::text::Text;
use crate::{DataError, Delimiter, Origin};

/// One file: its columns, its number of rows, and where they are.
///
/// ```
/// use hesse_data::{Origin, Part};
///
/// let text = Origin::hold("-", b"x\ty\n1\t2\n3\t4\n".as_slice())?;
/// let part = Part::scan_from(text, None, &mut |_| ())?;
/// assert_eq!((part.columns(), part.rows()), (&["x".to_owned(), "y".to_owned()][..], 2));
/// # Ok::<(), hesse_data::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Part {
    origin: Origin,
    columns: Vec<String>,
    rows: usize,
    /// Unknown where somebody else has scanned the file.
    format: Option<Format>,
}

/// How a file holds its rows; its first bytes tell.
#[derive(Clone, Debug)]
enum Format {
    Text(Text),
    Arrays(Arrays),
    #[cfg(feature = "parquet")]
    Groups(Groups),
}

impl Part {
    /// Reads a file once, in memory of one row, and holds every row to the header.
    ///
    /// # Errors
    /// Where the file cannot be read, has no header, a column twice, or a row of another length.
    pub fn scan(path: &Path) -> Result<Part, DataError> {
        Part::scan_from(Origin::File(path.to_owned()), None, &mut |_| ())
    }

    /// Scans whatever can be read, with a delimiter that is known; `watch` is told how many bytes have been gone through.
    ///
    /// # Errors
    /// As of [`Part::scan`].
    ///
    /// ```
    /// use hesse_data::{Delimiter, Origin, Part};
    ///
    /// let text = Origin::hold("-", b"width;x,y\n1;2\n".as_slice())?;
    /// let part = Part::scan_from(text, Some(Delimiter::Semicolon), &mut |_| ())?;
    /// assert_eq!(part.columns(), ["width", "x,y"]);
    /// # Ok::<(), hesse_data::DataError>(())
    /// ```
    pub fn scan_from(
        origin: Origin,
        delimiter: Option<Delimiter>,
        watch: &mut dyn FnMut(u64),
    ) -> Result<Part, DataError> {
        let mut format = Format::of(&origin, delimiter)?;
        let (columns, rows) = match &mut format {
            Format::Text(text) => text.scan(&origin, watch)?,
            Format::Arrays(arrays) => arrays.columns(),
            #[cfg(feature = "parquet")]
            Format::Groups(groups) => groups.columns(),
        };
        for (at, name) in columns.iter().enumerate() {
            // Columns without a name are those that nobody asks for.
            if !name.is_empty() && columns[..at].contains(name) {
                return Err(DataError::TwoColumns { path: origin.path().to_owned(), name: name.clone() });
            }
        }
        Ok(Part { origin, columns, rows, format: Some(format) })
    }

    /// A part that somebody else has scanned; its rows are looked for from its beginning.
    #[must_use]
    pub fn known(path: PathBuf, columns: Vec<String>, rows: usize) -> Part {
        Part { origin: Origin::File(path), columns, rows, format: None }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.origin.path()
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
        let found;
        let format = match &self.format {
            Some(format) => format,
            None => {
                found = Format::of(&self.origin, None)?;
                &found
            }
        };
        match format {
            Format::Text(text) => text.read(&self.origin, rows, columns, numbers),
            Format::Arrays(arrays) => arrays.read(rows, columns, numbers),
            #[cfg(feature = "parquet")]
            Format::Groups(groups) => groups.read(&self.origin, rows, columns, numbers),
        }
    }
}

impl Format {
    fn of(origin: &Origin, delimiter: Option<Delimiter>) -> Result<Format, DataError> {
        match origin.beginning()? {
            [0x93, b'N', b'U', b'M', b'P', b'Y'] => Arrays::of_array(origin).map(Format::Arrays),
            [b'P', b'K', 3, 4, ..] => Arrays::of_archive(origin).map(Format::Arrays),
            #[cfg(feature = "parquet")]
            [b'P', b'A', b'R', b'1', ..] => Groups::of(origin).map(Format::Groups),
            #[cfg(not(feature = "parquet"))]
            [b'P', b'A', b'R', b'1', ..] => Err(DataError::NoParquet { path: origin.path().to_owned() }),
            _ => Text::of(origin, delimiter).map(Format::Text),
        }
    }
}
