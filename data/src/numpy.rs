//! NumPy files: an array (`.npy`), or several under their names (`.npz`).
//!
//! Only the header is kept; numbers are read where they stand. Members of an archive that are compressed are unpacked once,
//! long ones into a temporary file.

use std::io::{Read, SeekFrom};
use std::ops::Range;
use std::path::Path;

use npyz::{DType, Endianness, NpyHeader, Order, TypeChar, TypeStr};
use zip::{CompressionMethod, ZipArchive};

use crate::origin::{Bytes, unreadable};
use crate::{DataError, Origin};

/// The columns of a file.
#[derive(Clone, Debug)]
pub(crate) struct Arrays {
    columns: Vec<Column>,
    rows: usize,
}

/// One column: number i stands at `first` + `within` of record i.
#[derive(Clone, Debug)]
struct Column {
    name: String,
    records: Records,
    within: usize,
    kind: Kind,
}

/// Records of `step` bytes, the first of them at `first`: rows of a matrix, fields side by side, or single numbers.
#[derive(Clone, Debug)]
struct Records {
    origin: Origin,
    first: u64,
    step: usize,
}

/// A type of numbers.
#[derive(Clone, Copy, Debug)]
struct Kind {
    letter: TypeChar,
    size: usize,
    is_big: bool,
}

impl Arrays {
    /// One array, which is called like its file.
    pub(crate) fn of_array(origin: &Origin) -> Result<Arrays, DataError> {
        let stem = origin.path().file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let name = stem.filter(|stem| stem != "-").unwrap_or_else(|| "data".to_owned());
        let (columns, rows) = columns(&name, origin, 0)?;
        Ok(Arrays { columns, rows: rows as usize })
    }

    /// The arrays of an archive, under their names.
    pub(crate) fn of_archive(origin: &Origin) -> Result<Arrays, DataError> {
        let broken = |error: zip::result::ZipError| DataError::File {
            path: origin.path().to_owned(),
            reason: error.to_string(),
        };
        let mut archive = ZipArchive::new(origin.open()?).map_err(broken)?;
        let mut all: Vec<Column> = Vec::new();
        let mut known: Option<(String, u64)> = None;
        for at in 0..archive.len() {
            let mut member = archive.by_index(at).map_err(broken)?;
            let name = member.name().map_err(broken)?.into_owned();
            let Some(name) = name.strip_suffix(".npy").map(str::to_owned) else { continue };
            // What is stored as it is can be read where it stands.
            let place = member.data_start().filter(|_| member.compression() == CompressionMethod::Stored);
            let (own, first) = match place {
                Some(first) => (origin.clone(), first),
                None => {
                    let called = format!("{}/{name}.npy", origin.path().display());
                    (Origin::hold(&called, &mut member)?, 0)
                }
            };
            let (columns, rows) = match columns(&name, &own, first) {
                // A number beside the columns is none.
                Err(DataError::Shape { shape, .. }) if shape.is_empty() => continue,
                own => own?,
            };
            match &known {
                Some((first, expected)) if *expected != rows => {
                    return Err(DataError::Rows {
                        path: origin.path().to_owned(),
                        name,
                        found: rows,
                        first: first.clone(),
                        expected: *expected,
                    });
                }
                Some(_) => {}
                None => known = Some((name, rows)),
            }
            all.extend(columns);
        }
        let Some((_, rows)) = known else {
            let reason = "it has no arrays (`NAME.npy`)".to_owned();
            return Err(DataError::File { path: origin.path().to_owned(), reason });
        };
        Ok(Arrays { columns: all, rows: rows as usize })
    }

    pub(crate) fn columns(&self) -> (Vec<String>, usize) {
        (self.columns.iter().map(|column| column.name.clone()).collect(), self.rows)
    }

    /// Appends the numbers of some rows, those of one row side by side.
    pub(crate) fn read(
        &self,
        rows: Range<usize>,
        columns: &[usize],
        numbers: &mut Vec<f64>,
    ) -> Result<(), DataError> {
        let start = numbers.len();
        numbers.resize(start + rows.len() * columns.len(), 0.0);
        let (mut bytes, mut fetched) = (Vec::new(), None);
        for (place, &at) in columns.iter().enumerate() {
            let Some(column) = self.columns.get(at).filter(|_| !rows.is_empty()) else { continue };
            // Columns side by side are read once.
            if fetched.is_none_or(|before| !column.records.is(before)) {
                column.records.fetch(&rows, &mut bytes)?;
                fetched = Some(&column.records);
            }
            for (i, record) in bytes.chunks_exact(column.records.step).enumerate() {
                let number = column.kind.number(&record[column.within..column.within + column.kind.size]);
                if !number.is_finite() {
                    return Err(DataError::NoNumber {
                        path: column.records.origin.path().to_owned(),
                        row: rows.start + i + 1,
                        line: None,
                        column: column.name.clone(),
                        cell: number.to_string(),
                    });
                }
                numbers[start + i * columns.len() + place] = number;
            }
        }
        Ok(())
    }
}

impl Records {
    /// Whether two columns are in the same records of the same file.
    fn is(&self, other: &Records) -> bool {
        (self.first, self.step, self.origin.path()) == (other.first, other.step, other.origin.path())
    }

    /// The bytes of some records.
    fn fetch(&self, rows: &Range<usize>, bytes: &mut Vec<u8>) -> Result<(), DataError> {
        bytes.clear();
        bytes.resize(rows.len() * self.step, 0);
        let mut stream = self.origin.open()?;
        let place = SeekFrom::Start(self.first + rows.start as u64 * self.step as u64);
        let read = stream.seek(place).and_then(|_| stream.read_exact(bytes));
        read.map_err(|error| unreadable(self.origin.path(), &error))
    }
}

/// The columns of the array that begins at a byte, and their length.
fn columns(name: &str, origin: &Origin, at: u64) -> Result<(Vec<Column>, u64), DataError> {
    let broken = |error: std::io::Error| unreadable(origin.path(), &error);
    let mut stream: Box<dyn Bytes> = origin.open()?;
    stream.seek(SeekFrom::Start(at)).map_err(broken)?;
    let header = NpyHeader::from_reader(&mut stream).map_err(broken)?;
    let data = stream.stream_position().map_err(broken)?;
    let (rows, width) = match *header.shape() {
        [rows] => (rows, None),
        [rows, width] if width > 0 && width <= 1 << 20 => (rows, Some(width)),
        _ => {
            let (path, shape) = (origin.path().to_owned(), header.shape().to_vec());
            return Err(DataError::Shape { path, name: name.to_owned(), shape });
        }
    };
    let dtype = header.dtype();
    let row = dtype.num_bytes().and_then(|size| (size as u64).checked_mul(width.unwrap_or(1)));
    let end = stream.seek(SeekFrom::End(0)).map_err(broken)?;
    let is_whole = row.and_then(|row| row.checked_mul(rows)).is_some_and(|length| length <= end - data);
    if !is_whole {
        let (path, reason) = (origin.path().to_owned(), format!("`{name}` ends before its {rows} rows"));
        return Err(DataError::File { path, reason });
    }
    let records = |first: u64, step: usize| Records { origin: origin.clone(), first: data + first, step };
    match (&dtype, width) {
        (DType::Plain(plain), None) => {
            let kind = Kind::of(plain, name, origin.path())?;
            let records = records(0, kind.size);
            Ok((vec![Column { name: name.to_owned(), records, within: 0, kind }], rows))
        }
        (DType::Plain(plain), Some(width)) => {
            let kind = Kind::of(plain, name, origin.path())?;
            let all = (0..width as usize).map(|at| {
                let (records, within) = match header.order() {
                    Order::C => (records(0, width as usize * kind.size), at * kind.size),
                    Order::Fortran => (records(at as u64 * rows * kind.size as u64, kind.size), 0),
                };
                Column { name: format!("{name}[{at}]"), records, within, kind }
            });
            Ok((all.collect(), rows))
        }
        (DType::Record(fields), None) => {
            let (mut all, mut within) = (Vec::new(), 0);
            let records = records(0, dtype.num_bytes().unwrap_or(0));
            for field in fields {
                if let DType::Plain(plain) = &field.dtype
                    && let Ok(kind) = Kind::of(plain, &field.name, origin.path())
                {
                    all.push(Column { name: field.name.clone(), records: records.clone(), within, kind });
                }
                within += field.dtype.num_bytes().unwrap_or(0);
            }
            Ok((all, rows))
        }
        _ => Err(DataError::Type {
            path: origin.path().to_owned(),
            column: name.to_owned(),
            found: dtype.descr(),
        }),
    }
}

impl Kind {
    fn of(plain: &TypeStr, name: &str, path: &Path) -> Result<Kind, DataError> {
        let size = plain.num_bytes().unwrap_or(0);
        let kind = Kind { letter: plain.type_char(), size, is_big: plain.endianness() == Endianness::Big };
        match (kind.letter, size) {
            (TypeChar::Bool, 1)
            | (TypeChar::Int | TypeChar::Uint, 1 | 2 | 4 | 8)
            | (TypeChar::Float, 4 | 8) => Ok(kind),
            _ => Err(DataError::Type {
                path: path.to_owned(),
                column: name.to_owned(),
                found: format!("`{plain}`"),
            }),
        }
    }

    /// The number that so many bytes are.
    fn number(self, bytes: &[u8]) -> f64 {
        let mut word = [0u8; 8];
        // Little-endian from here on.
        for (at, &byte) in bytes.iter().enumerate() {
            word[if self.is_big { bytes.len() - 1 - at } else { at }] = byte;
        }
        let whole = u64::from_le_bytes(word);
        match self.letter {
            TypeChar::Float if self.size == 4 => f64::from(f32::from_bits(whole as u32)),
            TypeChar::Float => f64::from_bits(whole),
            TypeChar::Int => {
                // The sign bit moves to the top and back.
                let free = 64 - 8 * self.size as u32;
                (((whole << free) as i64) >> free) as f64
            }
            _ => whole as f64,
        }
    }
}
