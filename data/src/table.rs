//! Parts that are one table.

use std::ops::Range;

use crate::{DataError, Part};

/// Files with the same columns, one below the other.
#[derive(Clone, Debug)]
pub struct Table {
    parts: Vec<Part>,
    /// The first row of every part, and the number of rows.
    starts: Vec<usize>,
}

impl Table {
    /// Puts parts below each other, in their order.
    ///
    /// # Errors
    /// Where the columns differ.
    pub fn new(parts: Vec<Part>) -> Result<Table, DataError> {
        let mut starts = vec![0];
        for part in &parts {
            starts.push(starts[starts.len() - 1] + part.rows());
            if part.columns() != parts[0].columns() {
                return Err(DataError::OtherColumns {
                    path: part.path().to_owned(),
                    found: part.columns().to_vec(),
                    first: parts[0].path().to_owned(),
                    expected: parts[0].columns().to_vec(),
                });
            }
        }
        Ok(Table { parts, starts })
    }

    /// The names of the columns; none where there are no parts.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        self.parts.first().map_or(&[], Part::columns)
    }

    /// The number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.starts[self.parts.len()]
    }

    /// The numbers of some rows, those of one row side by side, in the order of `columns`. Rows beyond the last are
    /// left out.
    ///
    /// # Errors
    /// Where there is no such column, a cell is no finite number, or a file cannot be read any more.
    pub fn read(&self, rows: Range<usize>, columns: &[&str]) -> Result<Vec<f64>, DataError> {
        let place = |name: &&str| {
            self.columns().iter().position(|own| own == name).ok_or_else(|| DataError::NoColumn {
                name: (*name).to_owned(),
                columns: self.columns().to_vec(),
            })
        };
        let columns = columns.iter().map(place).collect::<Result<Vec<usize>, _>>()?;
        let mut numbers = Vec::with_capacity(rows.len().min(self.rows()) * columns.len());
        for (part, &start) in self.parts.iter().zip(&self.starts) {
            let own = start..start + part.rows();
            let (from, to) = (rows.start.max(own.start), rows.end.min(own.end));
            if from < to {
                part.read(from - start..to - start, &columns, &mut numbers)?;
            }
        }
        Ok(numbers)
    }
}
