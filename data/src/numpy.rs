//! NumPy files: an array (`.npy`), or several under their names (`.npz`).
//!
//! Only the header is kept; numbers are read where they stand. Members of an archive that are compressed are unpacked once.

use std::io::{Read, SeekFrom};
use std::ops::Range;
use std::path::Path;

use npyz::{DType, Endianness, NpyHeader, Order, TypeChar, TypeStr};
use zip::{CompressionMethod, ZipArchive};

use crate::origin::{Bytes, unreadable};
use crate::{DataError, Origin};

/// Compressed members longer than this are refused, in bytes.
const LONGEST: u64 = 1 << 30;

/// The columns of a file.
#[derive(Clone, Debug)]
pub(crate) struct Arrays {
    columns: Vec<Column>,
    rows: usize,
}

/// One column: number i stands at `first` + i·`step`.
#[derive(Clone, Debug)]
struct Column {
    name: String,
    origin: Origin,
    first: u64,
    step: u64,
    kind: Kind,
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
                    (Origin::hold(&called, &mut member, LONGEST)?, 0)
                }
            };
            let (columns, rows) = columns(&name, &own, first)?;
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
        let mut bytes = Vec::new();
        for (place, &at) in columns.iter().enumerate() {
            let Some(column) = self.columns.get(at).filter(|_| !rows.is_empty()) else { continue };
            column.fetch(&rows, &mut bytes)?;
            for (i, row) in rows.clone().enumerate() {
                let from = i * column.step as usize;
                let number = column.kind.number(&bytes[from..from + column.kind.size]);
                if !number.is_finite() {
                    return Err(DataError::NoNumber {
                        path: column.origin.path().to_owned(),
                        row: row + 1,
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

impl Column {
    /// The bytes from the first to the last of some rows, of which there is one.
    fn fetch(&self, rows: &Range<usize>, bytes: &mut Vec<u8>) -> Result<(), DataError> {
        bytes.clear();
        bytes.resize((rows.len() - 1) * self.step as usize + self.kind.size, 0);
        let mut stream = self.origin.open()?;
        let place = SeekFrom::Start(self.first + rows.start as u64 * self.step);
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
    let column = |name: String, first: u64, step: u64, kind: Kind| Column {
        name,
        origin: origin.clone(),
        first: data + first,
        step,
        kind,
    };
    match (&dtype, width) {
        (DType::Plain(plain), None) => {
            let kind = Kind::of(plain, name, origin.path())?;
            Ok((vec![column(name.to_owned(), 0, kind.size as u64, kind)], rows))
        }
        (DType::Plain(plain), Some(width)) => {
            let kind = Kind::of(plain, name, origin.path())?;
            let size = kind.size as u64;
            let (next, step) = match header.order() {
                Order::C => (size, width * size),
                Order::Fortran => (rows * size, size),
            };
            let all = (0..width).map(|at| column(format!("{name}[{at}]"), at * next, step, kind));
            Ok((all.collect(), rows))
        }
        (DType::Record(fields), None) => {
            let (mut all, mut first) = (Vec::new(), 0);
            let step = dtype.num_bytes().unwrap_or(0) as u64;
            for field in fields {
                if let DType::Plain(plain) = &field.dtype
                    && let Ok(kind) = Kind::of(plain, &field.name, origin.path())
                {
                    all.push(column(field.name.clone(), first, step, kind));
                }
                first += field.dtype.num_bytes().unwrap_or(0) as u64;
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
