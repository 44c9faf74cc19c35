//! What the data set offers to a formula: columns, matrices of columns, and values set by hand.

use hesse_parser::formula::{Columns, Size};
use hesse_symbolic::evaluate::{BindError, Bindings};
use hesse_symbolic::graph::{Extent, Graph, Role};

use super::assignments::Assignments;
use super::listed;
use super::table::Table;
use crate::args::Source;
use crate::failure::Failure;

/// The dimension of the rows, unless the formula gives it another name.
const ROWS: &str = "n";

/// Everything data can come from.
pub(super) struct Offer {
    table: Option<Table>,
    matrices: Vec<(String, Vec<String>)>,
    set: Assignments,
}

impl Offer {
    pub(super) fn read(source: &Source) -> Result<Offer, Failure> {
        let table = source.data.as_deref().map(|path| Table::read(path, source.delimiter)).transpose()?;
        let mut matrices = Vec::new();
        for text in &source.matrix {
            let parts = text.split_once('=').map(|(name, columns)| (name.trim(), columns));
            let Some((name, columns)) =
                parts.filter(|(name, columns)| !name.is_empty() && !columns.trim().is_empty())
            else {
                return Err(Failure::input(format!(
                    "`{text}` is no matrix: write `--matrix x=column1,column2`"
                )));
            };
            let columns: Vec<String> = columns.split(',').map(|column| column.trim().to_owned()).collect();
            let Some(table) = &table else {
                return Err(Failure::input(format!("the matrix `{name}` needs data: add `--data FILE.csv`")));
            };
            if let Some(missing) = columns.iter().find(|column| !table.names().any(|known| known == *column))
            {
                return Err(table.missing(missing));
            }
            matrices.push((name.to_owned(), columns));
        }
        let mut set = Assignments::default();
        for text in &source.set {
            for (name, values) in Assignments::read("--set", text)?.0 {
                if set.0.iter().any(|(known, _)| *known == name) {
                    return Err(Failure::input(format!("`{name}` is given twice in `--set`")));
                }
                set.0.push((name, values));
            }
        }
        Ok(Offer { table, matrices, set })
    }

    /// The names and shapes a formula may use without declaring them.
    pub(super) fn columns(&self) -> Columns {
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

    /// The sizes that data tells, by name; what does not fit is left to [`Offer::bindings`].
    pub(super) fn sizes(&self, graph: &Graph) -> Vec<(String, usize)> {
        let mut sizes = Vec::new();
        for (_, declaration) in graph.arrays() {
            let rows = self.table.as_ref().map(Table::len);
            let set = self.set.0.iter().find(|(name, _)| *name == declaration.name);
            let matrix = self.matrices.iter().find(|(name, _)| *name == declaration.name);
            let is_column = self.table.iter().flat_map(Table::names).any(|name| name == declaration.name);
            let shape = match (set, matrix) {
                _ if !matches!(declaration.role, Role::Data | Role::Lookup) => Vec::new(),
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

    /// The values of all data of a graph.
    pub(super) fn bindings(&self, graph: &Graph) -> Result<Bindings, Failure> {
        let mut bindings = Bindings::new();
        let is_data = |name: &str| {
            graph.arrays().any(|(_, d)| d.name == name && matches!(d.role, Role::Data | Role::Lookup))
        };
        let named = self.set.0.iter().map(|(name, _)| ("--set", name));
        let named = named.chain(self.matrices.iter().map(|(name, _)| ("--matrix", name)));
        if let Some((flag, name)) = named.into_iter().find(|(_, name)| !is_data(name)) {
            return Err(Failure::input(format!("`{name}` of `{flag}` is no data of the formula")));
        }
        for (_, declaration) in graph.arrays() {
            if !matches!(declaration.role, Role::Data | Role::Lookup) {
                continue;
            }
            let name = &declaration.name;
            if let Some((_, values)) = self.set.0.iter().find(|(known, _)| known == name) {
                bindings.insert(name, &values.shape, values.numbers.clone()).map_err(Failure::input)?;
                continue;
            }
            let Some(table) = &self.table else {
                return Err(Failure::input(format!(
                    "no data for `{name}`: add `--data FILE.csv` with a column `{name}`, or `--set {name}=…`"
                )));
            };
            let matrix = self.matrices.iter().find(|(known, _)| known == name);
            if matrix.is_none() && declaration.shape.len() == 2 && !table.names().any(|known| known == name) {
                return Err(Failure::input(format!(
                    "`{name}` is a matrix: say which columns it is made of with `--matrix {name}=column1,column2`\nthe columns are {}",
                    listed(table.names())
                )));
            }
            let bound = match matrix {
                Some((_, parts)) => {
                    let columns =
                        parts.iter().map(|part| table.column(part)).collect::<Result<Vec<_>, Failure>>()?;
                    let values =
                        (0..table.len()).flat_map(|row| columns.iter().map(move |column| column[row]));
                    bindings.insert(name, &[table.len(), parts.len()], values.collect())
                }
                None => bindings.insert(name, &[table.len()], table.column(name)?),
            };
            bound.map_err(|error: BindError| Failure::input(error))?;
        }
        Ok(bindings)
    }
}
