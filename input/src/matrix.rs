//! Matrices made of columns.

use crate::InputError;

/// A matrix of data, one row of it for every row of a table.
///
/// ```
/// let matrix = hesse_input::Matrix::read("x=height, width")?;
/// assert_eq!((matrix.name.as_str(), matrix.columns.len()), ("x", 2));
/// # Ok::<(), hesse_input::InputError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Matrix {
    /// Its name in the formula.
    pub name: String,
    /// The names of its columns.
    pub columns: Vec<String>,
}

impl Matrix {
    /// Reads `x=column1,column2`.
    ///
    /// # Errors
    /// Where the name or the columns are missing.
    pub fn read(text: &str) -> Result<Matrix, InputError> {
        let parts = text.split_once('=').map(|(name, columns)| (name.trim(), columns.trim()));
        match parts {
            Some((name, columns)) if !name.is_empty() && !columns.is_empty() => Ok(Matrix {
                name: name.to_owned(),
                columns: columns.split(',').map(|column| column.trim().to_owned()).collect(),
            }),
            _ => Err(InputError::argument(format!(
                "`{text}` is no matrix: write `--matrix x=column1,column2`"
            ))),
        }
    }
}
