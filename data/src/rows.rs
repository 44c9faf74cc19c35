//! The rows of a table for a formula.

use std::collections::BTreeMap;
use std::error::Error;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use hesse_symbolic::evaluate::{Bindings, RowSource};

use crate::{DataError, Table};

/// An array of data and the columns it is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Columns {
    /// The name of the array.
    pub name: String,
    /// One column, or those of a matrix.
    pub columns: Vec<String>,
    /// Whether it is a matrix, perhaps of one column.
    pub is_matrix: bool,
}

/// The rows of a table as arrays for a formula, read when they are wanted; as many of them as memory may hold are
/// kept, those that are read first.
#[derive(Debug)]
pub struct Rows {
    table: Table,
    arrays: Vec<Columns>,
    others: Bindings,
    /// Numbers that may be kept.
    budget: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    numbers: usize,
    blocks: BTreeMap<(usize, usize), Arc<[f64]>>,
}

impl Rows {
    /// The arrays of a table, beside data that has no rows; `memory` is in bytes.
    pub fn new(table: Table, arrays: Vec<Columns>, others: Bindings, memory: usize) -> Rows {
        Rows { table, arrays, others, budget: memory / size_of::<f64>(), kept: Mutex::default() }
    }

    /// The numbers of some rows, those of one row side by side.
    fn numbers(&self, rows: Range<usize>) -> Result<Arc<[f64]>, DataError> {
        let key = (rows.start, rows.end);
        let lock = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().blocks.get(&key) {
            return Ok(known.clone());
        }
        let columns: Vec<&str> =
            self.arrays.iter().flat_map(|array| &array.columns).map(String::as_str).collect();
        let numbers: Arc<[f64]> = self.table.read(rows, &columns)?.into();
        let mut kept = lock();
        if kept.numbers + numbers.len() <= self.budget && kept.blocks.insert(key, numbers.clone()).is_none() {
            kept.numbers += numbers.len();
        }
        Ok(numbers)
    }
}

impl RowSource for Rows {
    fn rows(&self) -> usize {
        self.table.rows()
    }

    fn bindings(&self, rows: Range<usize>) -> Result<Bindings, Box<dyn Error + Send + Sync>> {
        let numbers = self.numbers(rows.clone())?;
        let width = self.arrays.iter().map(|array| array.columns.len()).sum::<usize>().max(1);
        let mut bindings = self.others.clone();
        let mut first = 0;
        for array in &self.arrays {
            let own = first..first + array.columns.len();
            first = own.end;
            let values = numbers.chunks_exact(width).flat_map(|row| &row[own.clone()]).copied().collect();
            let mut shape = vec![self.table.rows()];
            shape.extend(array.is_matrix.then_some(array.columns.len()));
            bindings.insert_rows(&array.name, &shape, rows.clone(), values)?;
        }
        Ok(bindings)
    }
}
