//! Parts that are one table.

use std::ops::Range;

use crate::{DataError, Part};

/// Files with the same columns, one below the other.
///
/// ```
/// use hesse_data::{Origin, Part, Table};
///
/// let part = |text: &'static str| Part::scan_from(Origin::hold("-", text.as_bytes())?, None, &mut |_| ());
/// let table = Table::new(vec![part("x,y\n1,2\n")?, part("x,y\n3,4\n")?])?;
/// assert_eq!((table.rows(), table.read(0..2, &["y"])?), (2, vec![2.0, 4.0]));
/// # Ok::<(), hesse_data::DataError>(())
/// ```
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
    /// Where the columns differ, or there are no rows.
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
        if let (Some(first), Some(0)) = (parts.first(), starts.last()) {
            return Err(DataError::NoRows { path: first.path().to_owned() });
        }
        Ok(Table { parts, starts })
    }

    /// The names of the columns; none where there are no parts.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        self.parts.first().map_or(&[], Part::columns)
    }

    /// The names of the columns that have one.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns().iter().map(String::as_str).filter(|name| !name.is_empty())
    }

    /// The matrices among the columns, with theirs: `x[0]`, `x[1]`, … are `x`, in this order, none left out.
    ///
    /// ```
    /// # use hesse_data::{Origin, Part, Table};
    /// # let part = Part::scan_from(Origin::hold("-", b"x[0],x[1],y\n1,2,3\n".as_slice())?, None, &mut |_| ())?;
    /// # let table = Table::new(vec![part])?;
    /// assert_eq!(table.matrices(), [("x".to_owned(), vec!["x[0]".to_owned(), "x[1]".to_owned()])]);
    /// # Ok::<(), hesse_data::DataError>(())
    /// ```
    #[must_use]
    pub fn matrices(&self) -> Vec<(String, Vec<String>)> {
        let mut matrices: Vec<(String, Vec<String>)> = Vec::new();
        for column in self.names() {
            let Some((name, at)) = column.strip_suffix(']').and_then(|column| column.split_once('[')) else {
                continue;
            };
            match matrices.last_mut() {
                Some((known, columns)) if known == name && at == columns.len().to_string() => {
                    columns.push(column.to_owned());
                }
                _ if at == "0" => matrices.push((name.to_owned(), vec![column.to_owned()])),
                _ => {}
            }
        }
        matrices
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
                path: self.parts.first().map(|part| part.path().to_owned()).unwrap_or_default(),
                name: (*name).to_owned(),
                columns: self.names().map(str::to_owned).collect(),
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
