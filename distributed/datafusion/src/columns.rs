//! Columns of Arrow as arrays of a formula.

use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::{Array as _, ArrayRef, AsArray as _, Float64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, FieldRef, Float64Type};
use datafusion::error::Result;
use hesse_fits::Array;

use crate::refused;

/// The arrays that arguments bring: a column is one under its own name, a matrix where it is a list of fixed size; a
/// structure brings one for each of its fields, which is a matrix where it is a structure itself.
pub(crate) fn arrays(fields: &[FieldRef]) -> Result<Vec<Array>> {
    let mut arrays = Vec::new();
    for field in fields {
        match field.data_type() {
            DataType::Struct(own) => {
                for field in own {
                    arrays.push(array(field)?);
                }
            }
            _ => arrays.push(array(field)?),
        }
    }
    let twice = |at: &usize| arrays[..*at].iter().any(|own: &Array| own.name == arrays[*at].name);
    match (0..arrays.len()).find(twice) {
        Some(at) => Err(refused(format!("two arguments bring an array `{}`", arrays[at].name))),
        None => Ok(arrays),
    }
}

fn array(field: &FieldRef) -> Result<Array> {
    let is_number = |kind: &DataType| kind.is_numeric() || *kind == DataType::Boolean;
    let name = field.name().clone();
    match field.data_type() {
        kind if is_number(kind) => Ok(Array { name, width: None }),
        DataType::FixedSizeList(element, width) if is_number(element.data_type()) => {
            Ok(Array { name, width: Some(usize::try_from(*width).unwrap_or(0)) })
        }
        DataType::Struct(own) if own.iter().all(|field| is_number(field.data_type())) => {
            Ok(Array { name, width: Some(own.len()) })
        }
        other => Err(refused(format!(
            "`{name}` is {other}, expected numbers, a list of fixed size, or a structure of numbers, as in \
             `named_struct('x', struct(x1, x2), 'y', y)`"
        ))),
    }
}

/// The numbers of one array in some rows.
pub(crate) enum Numbers {
    /// One after the other for every row.
    ByColumns(Vec<Float64Array>),
    /// Those of a row side by side, so many, from this row on.
    ByRows(Float64Array, usize, usize),
}

/// The numbers of all arrays, in the order of [`arrays`].
pub(crate) fn numbers(values: &[ArrayRef]) -> Result<Vec<Numbers>> {
    let mut all = Vec::new();
    for value in values {
        match value.as_struct_opt() {
            Some(fields) => {
                for (column, name) in fields.columns().iter().zip(fields.column_names()) {
                    all.push(of(column, name)?);
                }
            }
            None => all.push(of(value, "the column")?),
        }
    }
    Ok(all)
}

fn of(value: &ArrayRef, name: &str) -> Result<Numbers> {
    if let Some(fields) = value.as_struct_opt() {
        let columns = fields.columns().iter().map(|column| floats(column, name)).collect::<Result<_>>()?;
        return Ok(Numbers::ByColumns(columns));
    }
    if let Some(list) = value.as_fixed_size_list_opt() {
        let width = usize::try_from(list.value_length()).unwrap_or(0);
        no_gaps(list.null_count(), name)?;
        return Ok(Numbers::ByRows(floats(list.values(), name)?, list.offset(), width));
    }
    Ok(Numbers::ByColumns(vec![floats(value, name)?]))
}

fn floats(value: &ArrayRef, name: &str) -> Result<Float64Array> {
    let value = if *value.data_type() == DataType::Float64 {
        Arc::clone(value)
    } else {
        cast(value, &DataType::Float64)?
    };
    no_gaps(value.null_count(), name)?;
    Ok(value.as_primitive::<Float64Type>().clone())
}

fn no_gaps(nulls: usize, name: &str) -> Result<()> {
    if nulls == 0 {
        return Ok(());
    }
    Err(refused(format!(
        "{nulls} rows have no number in {name}: leave them out, as in `WHERE x IS NOT NULL`"
    )))
}

impl Numbers {
    /// Writes the numbers of some rows, those of a row side by side.
    pub(crate) fn write(&self, rows: Range<usize>, to: &mut [f64]) {
        match self {
            Numbers::ByColumns(columns) => {
                let width = columns.len();
                for (at, column) in columns.iter().enumerate() {
                    let values = &column.values()[rows.clone()];
                    for (place, value) in to.iter_mut().skip(at).step_by(width).zip(values) {
                        *place = *value;
                    }
                }
            }
            Numbers::ByRows(values, first, width) => {
                let own = (first + rows.start) * width..(first + rows.end) * width;
                to.copy_from_slice(&values.values()[own]);
            }
        }
    }
}
