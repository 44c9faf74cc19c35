//! Formulas over columns.

use hesse_input::Formula;
use hesse_parser::Model;
use hesse_parser::formula::{Columns, Size};
use hesse_symbolic::rules::Mode;

/// The dimension of the rows, unless the formula gives it another name.
pub const ROWS: &str = "n";

/// An array of data: one number for every row, or so many.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Array {
    /// Its name in the formula.
    pub name: String,
    /// The columns of a matrix; none for a vector.
    pub width: Option<usize>,
}

/// The error function of a formula over such arrays.
///
/// # Errors
/// What is wrong with the formula, with its place.
///
/// ```
/// use hesse_fits::{Array, model};
///
/// let columns = ["x", "y"].map(|name| Array { name: name.to_owned(), width: None });
/// assert!(model("sum(i, (y[i] - a*x[i])^2)", &columns).is_ok());
/// assert!(model("sum(i, (y[i] - a*x[i])^2", &columns).unwrap_err().starts_with("error"));
/// ```
pub fn model(formula: &str, arrays: &[Array]) -> Result<Model, String> {
    let columns = arrays.iter().fold(Columns::none(), |columns, array| {
        let mut shape = vec![Size::Named(ROWS.into())];
        shape.extend(array.width.map(Size::Fixed));
        columns.with(&array.name, &shape)
    });
    let formula =
        Formula { text: formula.to_owned(), origin: "formula".to_owned(), name: "formula".to_owned() };
    formula.parse(&columns, Mode::default()).map_err(|error| error.to_string())
}
