//! Matrices whose columns lie one after another: their arrays have columns before rows.

use super::Resolver;
use super::arrays::extent_form;
use super::term::ArrayId;
use super::value::Value;
use crate::diagnostic::Problem;
use crate::syntax::{NodeId, Side};

impl Resolver<'_> {
    /// Whether an array is such a matrix.
    pub(super) fn is_matrix(&self, array: ArrayId) -> bool {
        self.program.declarations.get(array.0 as usize).is_some_and(|d| d.by_columns)
    }

    /// The number of rows or columns; a vector is one column.
    pub(super) fn side(&mut self, node: NodeId, side: Side) -> Value {
        match self.value(node) {
            Value::View { array, prefix } if prefix.is_empty() => {
                let info = &self.arrays[array.0 as usize];
                let axis = match (info.shape.len(), side) {
                    (1, Side::Columns) => {
                        return Value::Integer { form: super::form::Form::constant(1), strict: true };
                    }
                    (1, Side::Rows) | (_, Side::Columns) => 0,
                    (_, Side::Rows) => 1,
                };
                match info.shape.get(axis) {
                    Some(Some(extent)) if axis == 0 && info.shape.len() == 1 || self.is_matrix(array) => {
                        Value::Integer { form: extent_form(extent), strict: true }
                    }
                    _ => self.complain(Problem::NoLength, self.span(node)),
                }
            }
            Value::Missing => Value::Missing,
            _ => self.complain(Problem::NoLength, self.span(node)),
        }
    }
}
