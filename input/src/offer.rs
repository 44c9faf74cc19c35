//! What the data set offers to a formula: columns, matrices of columns, and values set by hand.

use hesse_data::{RowArray, Rows, Table, listed};
use hesse_parser::formula::{Columns, Size};
use hesse_symbolic::evaluate::{BindError, Bindings};
use hesse_symbolic::graph::{Declaration, Extent, Graph, Role};

use crate::assignments::Assignments;
use crate::{InputError, Matrix};

/// The dimension of the rows, unless the formula gives it another name.
const ROWS: &str = "n";

/// Everything data can come from.
///
/// ```
/// use hesse_data::{Origin, Part, Table};
/// use hesse_input::{Formula, Offer};
/// use hesse_symbolic::rules::Mode;
///
/// let text = Origin::hold("-", b"x,y\n0,1\n1,3\n".as_slice())?;
/// let table = Table::new(vec![Part::scan_from(text, None, &mut |_| ())?])?;
/// let offer = Offer::new(Some(table), &[], &["scale=0.5".to_owned()])?;
/// let formula = Formula::read("sum(i, scale*(y[i] - a - b*x[i])^2)")?;
/// let model = formula.parse(&offer.columns(), Mode::default())?;
/// let error = offer.bind(&model, 1 << 20, |_| ())?;
/// assert_eq!(error.parameter_names(), ["a", "b"]);
/// # Ok::<(), hesse_input::InputError>(())
/// ```
#[derive(Debug)]
pub struct Offer {
    table: Option<Table>,
    matrices: Vec<(String, Vec<String>)>,
    /// As many of the matrices were asked for; the others come with the table.
    asked: usize,
    set: Assignments,
}

impl Offer {
    /// The columns of a table, matrices of them (`x=column1,column2` each), and values set by hand (`scale=0.5`).
    ///
    /// # Errors
    /// Where a matrix is made of columns that there are not, or something is given twice.
    pub fn new(table: Option<Table>, matrix: &[String], set: &[String]) -> Result<Offer, InputError> {
        let mut matrices: Vec<(String, Vec<String>)> = Vec::new();
        for text in matrix {
            let Matrix { name, columns } = Matrix::read(text)?;
            let Some(table) = &table else {
                return Err(InputError::argument(format!(
                    "the matrix `{name}` needs data: add `--data FILE.csv`"
                )));
            };
            for column in &columns {
                table.read(0..0, &[column])?;
            }
            matrices.push((name, columns));
        }
        let asked = matrices.len();
        for (name, columns) in table.iter().flat_map(Table::matrices) {
            if !matrices.iter().any(|(known, _)| *known == name) {
                matrices.push((name, columns));
            }
        }
        let mut all = Assignments::default();
        for text in set {
            for (name, values) in Assignments::read("--set", text)?.0 {
                if all.0.iter().any(|(known, _)| *known == name) {
                    return Err(InputError::argument(format!("`{name}` is given twice in `--set`")));
                }
                all.0.push((name, values));
            }
        }
        Ok(Offer { table, matrices, asked, set: all })
    }

    /// The names and shapes a formula may use without declaring them.
    pub fn columns(&self) -> Columns {
        let mut columns = Columns::none();
        for name in self.table.iter().flat_map(Table::names) {
            columns = columns.with(name, &[Size::Named(ROWS.into())]);
        }
        for (name, parts) in &self.matrices {
            columns = columns.with(name, &[Size::Named(ROWS.into()), Size::Fixed(parts.len())]);
        }
        for (name, values) in &self.set.0 {
            let shape: Vec<Size> = values.shape.iter().map(|&size| Size::Fixed(size)).collect();
            columns = columns.with(name, &shape);
        }
        columns
    }

    /// The number of rows of the table, 0 without one.
    pub fn rows_of_data(&self) -> u64 {
        self.table.as_ref().map_or(0, |table| table.rows() as u64)
    }

    /// The names of everything offered.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let columns = self.table.iter().flat_map(Table::names);
        let matrices = self.matrices.iter().map(|(name, _)| name.as_str());
        columns.chain(matrices).chain(self.set.0.iter().map(|(name, _)| name.as_str()))
    }

    /// The sizes that data tells, by name; what does not fit is left to binding.
    pub(crate) fn sizes(&self, graph: &Graph) -> Vec<(String, usize)> {
        let mut sizes = Vec::new();
        for declaration in data(graph) {
            let rows = self.table.as_ref().map(Table::rows);
            let set = self.set.0.iter().find(|(name, _)| *name == declaration.name);
            let matrix = self.matrices.iter().find(|(name, _)| *name == declaration.name);
            let is_column = self.table.iter().flat_map(Table::names).any(|name| name == declaration.name);
            let shape = match (set, matrix) {
                (Some((_, values)), _) => values.shape.clone(),
                (None, Some((_, columns))) => rows.into_iter().chain([columns.len()]).collect(),
                (None, None) if is_column => rows.into_iter().collect(),
                (None, None) => Vec::new(),
            };
            for (extent, size) in declaration.shape.iter().zip(shape) {
                if let Extent::Named(dimension) = extent {
                    sizes.push((graph.dimension_name(*dimension).to_owned(), size));
                }
            }
        }
        sizes
    }

    /// The values set by hand, as far as a graph asks for them.
    pub(crate) fn fixed(&self, graph: &Graph) -> Result<Bindings, InputError> {
        let is_data = |name: &str| data(graph).any(|declaration| declaration.name == name);
        let named = self.set.0.iter().map(|(name, _)| ("--set", name));
        let named = named.chain(self.matrices[..self.asked].iter().map(|(name, _)| ("--matrix", name)));
        if let Some((flag, name)) = named.into_iter().find(|(_, name)| !is_data(name)) {
            return Err(InputError::argument(format!("`{name}` of `{flag}` is no data of the formula")));
        }
        let mut bindings = Bindings::new();
        for (name, values) in &self.set.0 {
            bindings.insert(name, &values.shape, values.numbers.clone())?;
        }
        Ok(bindings)
    }

    /// The rows of all data of a graph that is not set by hand, to be read when they are wanted; `memory` bytes of them
    /// may be kept. `None` where there are no such data.
    ///
    /// # Errors
    /// Where there is no column for some data.
    pub fn rows(&self, graph: &Graph, memory: usize) -> Result<Option<Rows>, InputError> {
        let fixed = self.fixed(graph)?;
        let wanted: Vec<&Declaration> = data(graph)
            .filter(|declaration| !self.set.0.iter().any(|(name, _)| *name == declaration.name))
            .collect();
        let Some(first) = wanted.first() else { return Ok(None) };
        let Some(table) = &self.table else {
            let name = &first.name;
            return Err(InputError::argument(format!(
                "no data for `{name}`: add `--data FILE.csv` with a column `{name}`, or `--set {name}=…`"
            )));
        };
        let mut arrays = Vec::new();
        for declaration in wanted {
            let name = &declaration.name;
            let matrix = self.matrices.iter().find(|(known, _)| known == name);
            if matrix.is_none() && declaration.shape.len() == 2 && !table.names().any(|known| known == name) {
                return Err(InputError::argument(format!(
                    "`{name}` is a matrix: say which columns it is made of with `--matrix {name}=column1,column2`\nthe columns are {}",
                    listed(table.names())
                )));
            }
            let columns = matrix.map_or_else(|| vec![name.clone()], |(_, columns)| columns.clone());
            let shape = [table.rows(), columns.len()];
            let expected = declaration.shape.len();
            if expected != 1 + usize::from(matrix.is_some()) {
                let found = 1 + usize::from(matrix.is_some());
                return Err(BindError::Axes { name: name.clone(), expected, found }.into());
            }
            // Here, before any number is read: nobody wants to wait for a complaint about a shape.
            for (axis, (extent, found)) in declaration.shape.iter().zip(shape).enumerate() {
                if let Extent::Fixed(expected) = *extent
                    && expected != found
                {
                    let (name, reason) = (name.clone(), "as declared".to_owned());
                    return Err(BindError::Extent { name, axis, expected, found, reason }.into());
                }
            }
            arrays.push(RowArray { name: name.clone(), columns, is_matrix: matrix.is_some() });
        }
        for column in arrays.iter().flat_map(|array| &array.columns) {
            table.read(0..0, &[column])?;
        }
        Ok(Some(Rows::new(table.clone(), arrays, fixed, memory)))
    }
}

fn data(graph: &Graph) -> impl Iterator<Item = &Declaration> {
    graph.arrays().map(|(_, d)| d).filter(|d| matches!(d.role, Role::Data | Role::Lookup))
}
