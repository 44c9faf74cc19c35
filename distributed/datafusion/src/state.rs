//! What accumulators tell each other, and what they return.

use std::sync::Arc;

use datafusion::arrow::array::{Array as _, ArrayRef, AsArray as _, Float64Array, ListArray, StructArray};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Field, Float64Type};
use datafusion::error::Result;
use datafusion::scalar::ScalarValue;
use hesse_runtime::blocks::Partial;

use crate::aggregate::result_fields;
use crate::formula::Sums;
use crate::refused;

/// What the parts of a state are: those of one state may be longer together than 32-bit offsets can tell.
pub(crate) const PARTS: DataType = DataType::LargeBinary;

/// A state: parts as bytes, and the numbers of single rows.
pub(crate) fn state(parts: Vec<Vec<u8>>, rows: &[f64]) -> Vec<ScalarValue> {
    let parts: Vec<ScalarValue> =
        parts.into_iter().map(|part| ScalarValue::LargeBinary(Some(part))).collect();
    vec![ScalarValue::List(ScalarValue::new_list_nullable(&parts, &PARTS)), list(rows)]
}

/// Calls `part` for every part of some states, and `rows` with the single rows of each.
pub(crate) fn read_states(
    states: &[ArrayRef],
    mut part: impl FnMut(&Partial<'_>) -> Result<()>,
    mut rows: impl FnMut(&[f64]) -> Result<()>,
) -> Result<()> {
    let no_state =
        || refused("the state of an aggregate is none of this version: let all processes run one program");
    let [parts, others] = states else { return Err(no_state()) };
    let (parts, others) =
        (parts.as_list_opt::<i32>().ok_or_else(no_state)?, others.as_list_opt::<i32>().ok_or_else(no_state)?);
    for own in parts.iter().flatten() {
        for bytes in own.as_binary_opt::<i64>().ok_or_else(no_state)?.iter().flatten() {
            let [mut gradient, mut hessian] =
                Partial::lengths(bytes).map_err(refused)?.map(|length| vec![0.0; length]);
            part(&Partial::from_bytes(bytes, &mut gradient, &mut hessian).map_err(refused)?)?;
        }
    }
    for own in others.iter().flatten() {
        rows(own.as_primitive_opt::<Float64Type>().ok_or_else(no_state)?.values())?;
    }
    Ok(())
}

/// The structure that a call returns.
pub(crate) fn answer(sums: &Sums) -> Result<ScalarValue> {
    let columns = [ScalarValue::Float64(Some(sums.value)), list(&sums.gradient), list(&sums.hessian)];
    let columns = columns.iter().map(ScalarValue::to_array).collect::<Result<Vec<ArrayRef>>>()?;
    Ok(ScalarValue::Struct(Arc::new(StructArray::try_new(result_fields(), columns, None)?)))
}

/// What [`answer`] made, from the only row of a column.
pub(crate) fn read_answer(column: &ArrayRef) -> Result<Sums> {
    let no_answer = || refused("the result is none of these functions");
    let fields = column.as_struct_opt().filter(|fields| fields.len() == 1).ok_or_else(no_answer)?;
    let numbers = |name: &str| -> Option<Vec<f64>> {
        let own = fields.column_by_name(name)?;
        let own = own.as_list_opt::<i32>().map_or_else(|| own.clone(), |list| list.value(0));
        own.as_primitive_opt::<Float64Type>().map(|numbers| numbers.values().to_vec())
    };
    let value = numbers("value").and_then(|value| value.first().copied()).ok_or_else(no_answer)?;
    let [gradient, hessian] =
        [numbers("gradient"), numbers("hessian")].map(|numbers| numbers.ok_or_else(no_answer));
    Ok(Sums { value, gradient: gradient?, hessian: hessian? })
}

fn list(numbers: &[f64]) -> ScalarValue {
    let element = Arc::new(Field::new_list_field(DataType::Float64, true));
    let values = Arc::new(Float64Array::from(numbers.to_vec()));
    let ends = OffsetBuffer::from_lengths([numbers.len()]);
    ScalarValue::List(Arc::new(ListArray::new(element, ends, values, None)))
}
