//! Parquet files: columns of numbers in groups of rows, of which the wanted columns alone are read.

use std::ops::Range;

use bytes::Bytes;
use parquet::basic::{ConvertedType, LogicalType, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use crate::{DataError, Origin};

/// The columns of a file; its groups of rows are found in its footer whenever it is opened.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    columns: Vec<String>,
    rows: usize,
}

impl Groups {
    pub(crate) fn of(origin: &Origin) -> Result<Groups, DataError> {
        let file = open(origin)?;
        let metadata = file.metadata().file_metadata();
        let columns = metadata.schema_descr().columns().iter().map(|column| column.path().string()).collect();
        Ok(Groups { columns, rows: usize::try_from(metadata.num_rows()).unwrap_or(0) })
    }

    pub(crate) fn columns(&self) -> (Vec<String>, usize) {
        (self.columns.clone(), self.rows)
    }

    /// Appends the numbers of some rows, those of one row side by side.
    pub(crate) fn read(
        &self,
        origin: &Origin,
        rows: Range<usize>,
        columns: &[usize],
        numbers: &mut Vec<f64>,
    ) -> Result<(), DataError> {
        let file = open(origin)?;
        let start = numbers.len();
        numbers.resize(start + rows.len() * columns.len(), 0.0);
        let (mut first, mut own) = (0, Vec::new());
        for group in 0..file.num_row_groups() {
            let reader = file.get_row_group(group).map_err(|error| broken(origin, &error))?;
            let length = usize::try_from(reader.metadata().num_rows()).unwrap_or(0);
            let (from, to) = (rows.start.max(first), rows.end.min(first + length));
            if from < to {
                for (place, &at) in columns.iter().enumerate() {
                    let described = reader.metadata().column(at).column_descr_ptr();
                    let is_signed = is_signed(&described, &self.columns[at], origin)?;
                    let column = reader.get_column_reader(at).map_err(|error| broken(origin, &error))?;
                    own.clear();
                    fetch(column, is_signed, from - first, to - from, &mut own)
                        .map_err(|error| broken(origin, &error))?;
                    if own.len() != to - from {
                        return Err(DataError::Changed {
                            path: origin.path().to_owned(),
                            row: from + own.len(),
                        });
                    }
                    for (row, &number) in (from..to).zip(&own) {
                        let number = number.filter(|number| number.is_finite()).ok_or_else(|| {
                            DataError::NoNumber {
                                path: origin.path().to_owned(),
                                row: row + 1,
                                line: None,
                                column: self.columns[at].clone(),
                                cell: number.map_or_else(String::new, |number| number.to_string()),
                            }
                        })?;
                        numbers[start + (row - rows.start) * columns.len() + place] = number;
                    }
                }
            }
            first += length;
        }
        Ok(())
    }
}

/// Whether integers of a column have a sign; columns whose values are no numbers, or lists of them, are refused.
fn is_signed(described: &ColumnDescriptor, name: &str, origin: &Origin) -> Result<bool, DataError> {
    let refused = |found: String| {
        Err(DataError::Type { path: origin.path().to_owned(), column: name.to_owned(), found })
    };
    if described.max_rep_level() > 0 {
        return refused("list".to_owned());
    }
    match described.logical_type_ref() {
        Some(LogicalType::Integer(kind)) => Ok(kind.is_signed),
        Some(other) => refused(format!("{other:?}")),
        // Older files have these alone.
        None => match described.converted_type() {
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64 => Ok(false),
            ConvertedType::NONE
            | ConvertedType::INT_8
            | ConvertedType::INT_16
            | ConvertedType::INT_32
            | ConvertedType::INT_64 => Ok(true),
            other => refused(format!("{other:?}")),
        },
    }
}

/// Appends some values of a column, `None` where there is none.
fn fetch(
    column: ColumnReader,
    is_signed: bool,
    skipped: usize,
    count: usize,
    own: &mut Vec<Option<f64>>,
) -> Result<(), ParquetError> {
    match column {
        ColumnReader::Int32ColumnReader(column) if !is_signed => {
            take(column, skipped, count, own, |i| f64::from(i.cast_unsigned()))
        }
        ColumnReader::Int64ColumnReader(column) if !is_signed => {
            take(column, skipped, count, own, |i| i.cast_unsigned() as f64)
        }
        ColumnReader::BoolColumnReader(column) => {
            take(column, skipped, count, own, |b| f64::from(u8::from(b)))
        }
        ColumnReader::Int32ColumnReader(column) => take(column, skipped, count, own, f64::from),
        ColumnReader::Int64ColumnReader(column) => take(column, skipped, count, own, |i| i as f64),
        ColumnReader::FloatColumnReader(column) => take(column, skipped, count, own, f64::from),
        ColumnReader::DoubleColumnReader(column) => take(column, skipped, count, own, |x| x),
        other => {
            Err(ParquetError::General(format!("a column has the type {}, expected numbers", kind(&other))))
        }
    }
}

fn kind(column: &ColumnReader) -> Type {
    match column {
        ColumnReader::Int96ColumnReader(_) => Type::INT96,
        ColumnReader::FixedLenByteArrayColumnReader(_) => Type::FIXED_LEN_BYTE_ARRAY,
        _ => Type::BYTE_ARRAY,
    }
}

fn take<T: DataType>(
    mut column: ColumnReaderImpl<T>,
    skipped: usize,
    count: usize,
    own: &mut Vec<Option<f64>>,
    number: impl Fn(T::T) -> f64,
) -> Result<(), ParquetError> {
    column.skip_records(skipped)?;
    let (mut values, mut levels, mut read) = (Vec::with_capacity(count), Vec::new(), 0);
    while read < count {
        let (records, ..) = column.read_records(count - read, Some(&mut levels), None, &mut values)?;
        if records == 0 {
            break;
        }
        read += records;
    }
    let mut values = values.into_iter().map(number);
    if levels.is_empty() {
        own.extend(values.map(Some));
        return Ok(());
    }
    // A level below the greatest is a missing value.
    let full = levels.iter().copied().max().unwrap_or(0).max(1);
    own.extend(levels.iter().map(|&level| if level == full { values.next() } else { None }));
    Ok(())
}

fn open(origin: &Origin) -> Result<Box<dyn FileReader>, DataError> {
    let reader: Result<Box<dyn FileReader>, _> = match origin.bytes()? {
        Ok(file) => SerializedFileReader::new(file).map(|reader| Box::new(reader) as _),
        Err(bytes) => SerializedFileReader::new(Bytes::from_owner(bytes)).map(|reader| Box::new(reader) as _),
    };
    reader.map_err(|error| broken(origin, &error))
}

fn broken(origin: &Origin, error: &ParquetError) -> DataError {
    DataError::File { path: origin.path().to_owned(), reason: error.to_string() }
}
