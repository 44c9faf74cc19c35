//! What is known of a data set before its formula is read.

/// The size of one axis of a column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Size {
    /// A number.
    Fixed(usize),
    /// A name, the same for all columns of that many rows.
    Named(String),
}

/// Names and shapes of the columns of a data set.
///
/// ```
/// use hesse_parser::formula::{Columns, Size, parse};
///
/// let n = || Size::Named("n".into());
/// let columns = Columns::none().with("x", &[n()]).with("y", &[n()]);
/// let model = parse("sum(i, (y[i] - a * exp(b * x[i]))^2)", &columns)?;
/// let names: Vec<_> = model.graph.arrays().map(|(_, a)| a.name.as_str()).collect();
/// assert_eq!(names, ["y", "a", "b", "x"]);
/// # Ok::<(), Vec<hesse_parser::diagnostic::Diagnostic>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Columns {
    columns: Vec<(String, Vec<Size>)>,
}

impl Columns {
    /// No data set: every undeclared name is a parameter.
    pub fn none() -> Columns {
        Columns::default()
    }

    /// Adds a column, or a matrix of several columns; a later one of the same name takes its place.
    #[must_use]
    pub fn with(mut self, name: &str, shape: &[Size]) -> Columns {
        self.columns.retain(|(known, _)| known != name);
        self.columns.push((name.to_owned(), shape.to_vec()));
        self
    }

    /// The names of the columns.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// The shape of a column.
    pub fn shape(&self, name: &str) -> Option<&[Size]> {
        self.columns.iter().find(|(known, _)| known == name).map(|(_, shape)| shape.as_slice())
    }
}
