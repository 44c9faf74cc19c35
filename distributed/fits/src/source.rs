//! Formulas, and the columns they are about.

use std::fs;
use std::path::Path;

use hesse_parser::Model;
use hesse_parser::diagnostic::render;
use hesse_parser::formula::{Columns, Size, parse};

/// The dimension of the rows, unless the formula gives it another name.
pub const ROWS: &str = "n";

/// The text of a file, or the argument itself.
///
/// # Errors
/// Where there is no such file.
pub fn text(argument: &str) -> Result<String, String> {
    let path = Path::new(argument);
    if path.is_file() || argument.ends_with(".hes") {
        return fs::read_to_string(path).map_err(|error| format!("error: cannot read `{argument}`: {error}"));
    }
    Ok(argument.to_owned())
}

/// An array of data: one number for every row, or so many.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Array {
    /// Its name in the formula.
    pub name: String,
    /// The columns of a matrix; none for a vector.
    pub width: Option<usize>,
}

/// A matrix and its columns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Matrix {
    /// Its name in the formula.
    pub name: String,
    /// The names of its columns.
    pub columns: Vec<String>,
}

/// A matrix, from `x=column1,column2`.
///
/// # Errors
/// Where the text is none.
///
/// ```
/// let matrix = hesse_fits::matrix("x=x1,x2")?;
/// assert_eq!((matrix.name.as_str(), matrix.columns.len()), ("x", 2));
/// # Ok::<(), String>(())
/// ```
pub fn matrix(text: &str) -> Result<Matrix, String> {
    let parts = text.split_once('=').filter(|(name, columns)| !name.is_empty() && !columns.is_empty());
    parts
        .map(|(name, columns)| Matrix {
            name: name.trim().to_owned(),
            columns: columns.split(',').map(|column| column.trim().to_owned()).collect(),
        })
        .ok_or_else(|| format!("error: `{text}` is no matrix: write `--matrix x=column1,column2`"))
}

/// The error function of a formula over such arrays.
///
/// # Errors
/// What is wrong with the formula, with its place.
pub fn model(formula: &str, arrays: &[Array]) -> Result<Model, String> {
    let columns = arrays.iter().fold(Columns::none(), |columns, array| {
        let mut shape = vec![Size::Named(ROWS.into())];
        shape.extend(array.width.map(Size::Fixed));
        columns.with(&array.name, &shape)
    });
    parse(formula, &columns).map_err(|diagnostics| {
        let reports: Vec<String> =
            diagnostics.iter().map(|diagnostic| render(formula, "formula", diagnostic, false)).collect();
        reports.join("\n\n")
    })
}
