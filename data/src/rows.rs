//! The rows of a table for a formula.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use hesse_symbolic::evaluate::{Bindings, RowSource};

use crate::{DataError, Table};

/// An array of data and the columns it is made of.
///
/// ```
/// use hesse_data::RowArray;
///
/// let columns = ["width", "height"].map(str::to_owned).to_vec();
/// let matrix = RowArray { name: "x".into(), columns, is_matrix: true };
/// assert_eq!(matrix.columns.len(), 2);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowArray {
    /// The name of the array.
    pub name: String,
    /// One column, or those of a matrix.
    pub columns: Vec<String>,
    /// Whether it is a matrix, perhaps of one column.
    pub is_matrix: bool,
}

/// The rows of a table as arrays for a formula, read when they are wanted; as many of them as memory may hold are
/// kept, those that are read first.
///
/// ```
/// use hesse_data::{Origin, Part, RowArray, Rows, Table};
/// use hesse_symbolic::evaluate::{Bindings, RowSource};
///
/// let text = Origin::hold("-", b"x\n1\n2\n3\n".as_slice())?;
/// let table = Table::new(vec![Part::scan_from(text, None, &mut |_| ())?])?;
/// let array = RowArray { name: "x".into(), columns: vec!["x".into()], is_matrix: false };
/// let rows = Rows::new(table, vec![array], Bindings::new(), 1 << 20);
/// assert!(rows.rows() == 3 && rows.bindings(1..3).is_ok());
/// # Ok::<(), hesse_data::DataError>(())
/// ```
pub struct Rows {
    table: Table,
    arrays: Vec<RowArray>,
    others: Bindings,
    /// Numbers that may be kept.
    budget: usize,
    kept: Mutex<Kept>,
    watch: Option<Watch>,
}

/// Is told how many rows have been handed out.
type Watch = Box<dyn Fn(usize) + Send + Sync>;

#[derive(Debug, Default)]
struct Kept {
    numbers: usize,
    blocks: BTreeMap<(usize, usize), Arc<[f64]>>,
}

impl Rows {
    /// The arrays of a table, beside data that has no rows; `memory` is in bytes.
    pub fn new(table: Table, arrays: Vec<RowArray>, others: Bindings, memory: usize) -> Rows {
        Rows { table, arrays, others, budget: memory / size_of::<f64>(), kept: Mutex::default(), watch: None }
    }

    /// Tells `watch` how many rows are handed out, whenever some are, on the thread that asks for them.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    /// # use hesse_data::{Origin, Part, RowArray, Rows, Table};
    /// # use hesse_symbolic::evaluate::{Bindings, RowSource};
    /// # let part = Part::scan_from(Origin::hold("-", b"x\n1\n2\n3\n".as_slice())?, None, &mut |_| ())?;
    /// # let array = RowArray { name: "x".into(), columns: vec!["x".into()], is_matrix: false };
    /// # let rows = Rows::new(Table::new(vec![part])?, vec![array], Bindings::new(), 0);
    /// let seen = Arc::new(AtomicUsize::new(0));
    /// let count = seen.clone();
    /// let rows = rows.watched(move |more| {
    ///     count.fetch_add(more, Ordering::Relaxed);
    /// });
    /// rows.bindings(0..2)?;
    /// assert_eq!(seen.load(Ordering::Relaxed), 2);
    /// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
    /// ```
    #[must_use]
    pub fn watched(mut self, watch: impl Fn(usize) + Send + Sync + 'static) -> Rows {
        self.watch = Some(Box::new(watch));
        self
    }

    /// How many numbers all rows have.
    #[must_use]
    pub fn numbers(&self) -> usize {
        self.table.rows().saturating_mul(self.arrays.iter().map(|array| array.columns.len()).sum())
    }

    /// The numbers of some rows, those of one row side by side.
    fn fetch(&self, rows: Range<usize>) -> Result<Arc<[f64]>, DataError> {
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

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("table", &self.table)
            .field("arrays", &self.arrays)
            .finish_non_exhaustive()
    }
}

impl RowSource for Rows {
    fn rows(&self) -> usize {
        self.table.rows()
    }

    fn bindings(&self, rows: Range<usize>) -> Result<Bindings, Box<dyn Error + Send + Sync>> {
        let numbers = self.fetch(rows.clone())?;
        if let Some(watch) = &self.watch {
            watch(rows.len());
        }
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
