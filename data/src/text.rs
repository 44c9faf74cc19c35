//! Text with delimiters: a header, then rows, a record each.

use std::io::BufReader;
use std::ops::Range;

use csv::{ByteRecord, Position, Reader, ReaderBuilder};

use crate::origin::Bytes;
use crate::wording::shown;
use crate::{DataError, Origin};

/// A place is remembered for every so many rows.
const STRIDE: usize = 4096;

/// What separates the cells of a row.
///
/// ```
/// use hesse_data::{Delimiter, Origin, Part};
///
/// let text = Origin::hold("-", b"a;b,c\n1;2\n".as_slice())?;
/// let part = Part::scan_from(text, Some(Delimiter::Semicolon), &mut |_| ())?;
/// assert_eq!(part.columns(), ["a", "b,c"]);
/// # Ok::<(), hesse_data::DataError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
}

impl Delimiter {
    /// All of them.
    pub const ALL: [Delimiter; 3] = [Delimiter::Comma, Delimiter::Semicolon, Delimiter::Tab];

    fn byte(self) -> u8 {
        match self {
            Delimiter::Comma => b',',
            Delimiter::Semicolon => b';',
            Delimiter::Tab => b'\t',
        }
    }

    /// The one that occurs most often in the first line, outside quotes.
    fn of(origin: &Origin) -> Result<Delimiter, DataError> {
        let mut line = Vec::new();
        let mut stream = BufReader::new(origin.open()?);
        std::io::BufRead::read_until(&mut stream, b'\n', &mut line)
            .map_err(|error| crate::origin::unreadable(origin.path(), &error))?;
        let mut quoted = false;
        let mut counts = [0usize; Delimiter::ALL.len()];
        for byte in line {
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
        Ok(best.1)
    }
}

/// The rows of a text, one after the other.
type Records = Reader<BufReader<Box<dyn Bytes>>>;

/// How a text is read, and where its rows are.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    delimiter: Delimiter,
    /// Byte, line and record of every row whose number is a multiple of the stride, as far as they are known.
    places: Vec<[u64; 3]>,
}

impl Text {
    /// A text whose rows are looked for from its beginning.
    pub(crate) fn of(origin: &Origin, delimiter: Option<Delimiter>) -> Result<Text, DataError> {
        let delimiter = match delimiter {
            Some(delimiter) => delimiter,
            None => Delimiter::of(origin)?,
        };
        Ok(Text { delimiter, places: Vec::new() })
    }

    /// The columns and the number of rows; every row is held to the header. `watch` is told how many bytes are read.
    pub(crate) fn scan(
        &mut self,
        origin: &Origin,
        watch: &mut dyn FnMut(u64),
    ) -> Result<(Vec<String>, usize), DataError> {
        let (mut reader, columns) = self.open(origin)?;
        let (mut record, mut rows) = (ByteRecord::new(), 0);
        loop {
            let place = reader.position().clone();
            if !next(&mut reader, &mut record, origin)? {
                watch(place.byte());
                return Ok((columns, rows));
            }
            if record.len() != columns.len() {
                return Err(DataError::Ragged {
                    path: origin.path().to_owned(),
                    line: record.position().map_or(0, Position::line),
                    expected: columns.len(),
                    found: record.len(),
                });
            }
            if rows % STRIDE == 0 {
                self.places.push([place.byte(), place.line(), place.record()]);
                watch(place.byte());
            }
            rows += 1;
        }
    }

    /// Appends the numbers of some rows, those of one row side by side; `columns` are positions in the header.
    pub(crate) fn read(
        &self,
        origin: &Origin,
        rows: Range<usize>,
        columns: &[usize],
        numbers: &mut Vec<f64>,
    ) -> Result<(), DataError> {
        let (mut reader, names) = self.open(origin)?;
        let mut row = 0;
        if let Some([byte, line, record]) = self.places.get(rows.start / STRIDE) {
            let mut place = Position::new();
            place.set_byte(*byte).set_line(*line).set_record(*record);
            reader.seek(place).map_err(|error| broken(origin, &error))?;
            row = rows.start / STRIDE * STRIDE;
        }
        let mut record = ByteRecord::new();
        while row < rows.end {
            if !next(&mut reader, &mut record, origin)? {
                return Err(DataError::Changed { path: origin.path().to_owned(), row });
            }
            if row >= rows.start {
                for &column in columns {
                    let cell = record.get(column).unwrap_or_default();
                    let number = std::str::from_utf8(cell).ok().and_then(|cell| cell.parse::<f64>().ok());
                    let wrong = || DataError::NoNumber {
                        path: origin.path().to_owned(),
                        row: row + 1,
                        line: Some(record.position().map_or(0, Position::line)),
                        column: names.get(column).cloned().unwrap_or_default(),
                        cell: shown(&String::from_utf8_lossy(cell)),
                    };
                    numbers.push(number.filter(|number| number.is_finite()).ok_or_else(wrong)?);
                }
            }
            row += 1;
        }
        Ok(())
    }

    /// A reader behind the header, and the names in it.
    fn open(&self, origin: &Origin) -> Result<(Records, Vec<String>), DataError> {
        let path = || origin.path().to_owned();
        let mut reader = ReaderBuilder::new()
            .delimiter(self.delimiter.byte())
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(BufReader::with_capacity(1 << 16, origin.open()?));
        let mut header = ByteRecord::new();
        if !next(&mut reader, &mut header, origin)? {
            return Err(DataError::Empty { path: path() });
        }
        if header
            .get(0)
            .is_some_and(|name| name.starts_with(&[0xff, 0xfe]) || name.starts_with(&[0xfe, 0xff]))
        {
            return Err(DataError::Utf16 { path: path() });
        }
        if header.get(0).is_some_and(|name| name.starts_with(&[0x1f, 0x8b])) {
            return Err(DataError::Compressed { path: path() });
        }
        let name = |name: &[u8]| {
            let name = std::str::from_utf8(name).map_err(|_| DataError::Utf8 { path: path() })?;
            // What some programs write at the beginning of a file belongs to no name.
            Ok(name.trim_start_matches('\u{feff}').to_owned())
        };
        let columns = header.iter().map(name).collect::<Result<Vec<String>, DataError>>()?;
        if columns.iter().all(|name| name.parse::<f64>().is_ok()) {
            return Err(DataError::NoHeader { path: path() });
        }
        if let [only] = &columns[..]
            && let Some(mark) = only.chars().find(|c| matches!(c, ' ' | '|' | ':'))
        {
            return Err(DataError::OneColumn { path: path(), name: shown(only), mark });
        }
        Ok((reader, columns))
    }
}

fn next(reader: &mut Records, record: &mut ByteRecord, origin: &Origin) -> Result<bool, DataError> {
    reader.read_byte_record(record).map_err(|error| broken(origin, &error))
}

fn broken(origin: &Origin, error: &csv::Error) -> DataError {
    let path = origin.path().to_owned();
    match error.kind() {
        csv::ErrorKind::Io(error) => crate::origin::unreadable(&path, error),
        _ => DataError::File { path, reason: error.to_string() },
    }
}
