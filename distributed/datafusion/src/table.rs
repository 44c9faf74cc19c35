//! Tables: files of rows, wherever they are.

use std::fmt;
use std::sync::Arc;

use datafusion::datasource::TableProvider;
use datafusion::error::Result;
use datafusion::execution::SessionStateBuilder;
use datafusion::functions::core::{named_struct, r#struct};
use datafusion::logical_expr::{Expr, col, ident, lit};
use datafusion::physical_plan::displayable;
use datafusion::prelude::{DataFrame, SessionContext};
use hesse_fits::Array;
use hesse_input::Matrix;

use crate::files::Files;
use crate::numbers::{COLUMN, in_order, in_part_order, number};
use crate::refused;

/// What the names of files in a session begin with.
const FILES: &str = "hesse_files";
/// What the names of their rows in a session begin with, with the condition and the numbers.
const ROWS: &str = "hesse_rows";

/// Which rows of which files are meant.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Files of CSV with a header, or of Parquet, as their first bytes say: a name, a folder, a pattern such as
    /// `part-*.csv`, or the address in an object store that the session knows. Of a folder or a store, files that end in
    /// `.csv` or `.parquet` are meant.
    pub location: String,
    /// Matrices of several columns.
    pub matrices: Vec<Matrix>,
    /// A condition of SQL that rows have to fulfil. It would leave gaps in the numbers of a column, so it goes with none.
    pub condition: Option<String>,
}

/// Where the numbers of rows come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Numbers {
    /// The order of the files.
    Counted,
    /// A column that has them, from 0 without gaps.
    Column(String),
    /// Nowhere: rows are added up as they come.
    None,
}

/// Rows that are ready to be added up.
#[derive(Clone)]
pub struct Table {
    /// The session that knows the rows.
    pub(crate) session: SessionContext,
    pub(crate) name: String,
    /// Their number.
    pub(crate) rows: usize,
    /// The column of their numbers.
    pub(crate) numbers: Option<String>,
    /// The arrays of data they have.
    pub(crate) arrays: Vec<Array>,
    /// All arrays as one structure.
    pub(crate) data: Expr,
}

impl Table {
    /// Finds the rows; `is_used` says which columns and matrices are wanted.
    ///
    /// Where rows are counted, all are read once. Nothing else is read but for headers and footers.
    ///
    /// # Errors
    /// Where files, columns or conditions are none, files have different columns, a number is left out among those that a
    /// pattern stands for, or the plan may change the order of rows that are to be counted.
    pub async fn open(
        session: &SessionContext,
        columns: &Columns,
        numbers: &Numbers,
        is_used: impl Fn(&[Array]) -> std::result::Result<Vec<Array>, String>,
    ) -> Result<Table> {
        let session = session_for(session, numbers);
        let (rows, used) = view(&session, columns, numbers, is_used).await?;
        let name = free(&session, ROWS)?;
        let count = match numbers {
            Numbers::Counted => {
                let plan = rows.create_physical_plan().await?;
                let (table, count) = number(&session, plan).await?;
                session.register_table(name.as_str(), Arc::new(table))?;
                count
            }
            Numbers::Column(_) | Numbers::None => {
                let count = rows.clone().count().await?;
                let view: Arc<dyn TableProvider> = rows.into_view();
                session.register_table(name.as_str(), view)?;
                count
            }
        };
        Ok(Table {
            session,
            name,
            rows: count,
            numbers: match numbers {
                Numbers::Counted => Some(COLUMN.to_owned()),
                Numbers::Column(name) => Some(name.clone()),
                Numbers::None => None,
            },
            data: data(&used, &columns.matrices),
            arrays: used,
        })
    }

    /// The plan that reads the rows, as text: which files go to which partition, and what is decided there.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn explain(
        session: &SessionContext,
        columns: &Columns,
        numbers: &Numbers,
        is_used: impl Fn(&[Array]) -> std::result::Result<Vec<Array>, String>,
    ) -> Result<String> {
        let session = session_for(session, numbers);
        let (rows, _) = view(&session, columns, numbers, is_used).await?;
        let plan = rows.create_physical_plan().await?;
        let plan = if *numbers == Numbers::Counted { in_part_order(plan)? } else { plan };
        Ok(displayable(plan.as_ref()).indent(false).to_string())
    }

    /// The number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }
}

/// A session that reads rows in their order, where that is their numbers; other tables may be read in any order.
fn session_for(session: &SessionContext, numbers: &Numbers) -> SessionContext {
    if *numbers != Numbers::Counted {
        return session.clone();
    }
    let state = session.state();
    // The catalog is there; a new one would take the place of its tables.
    let config = in_order(state.config().clone()).with_create_default_catalog_and_schema(false);
    let state = SessionStateBuilder::new_from_existing(state).with_config(config).build();
    SessionContext::new_with_state(state)
}

/// A name that no table of the session has yet: several tables may be open in one.
fn free(session: &SessionContext, stem: &str) -> Result<String> {
    let mut name = stem.to_owned();
    let mut count = 1;
    while session.table_exist(name.as_str())? {
        count += 1;
        name = format!("{stem}_{count}");
    }
    Ok(name)
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = f.debug_struct("Table");
        table.field("rows", &self.rows).field("numbers", &self.numbers).field("arrays", &self.arrays);
        table.finish_non_exhaustive()
    }
}

/// The columns that are wanted, in the rows that fulfil the condition.
async fn view(
    session: &SessionContext,
    columns: &Columns,
    numbers: &Numbers,
    is_used: impl Fn(&[Array]) -> std::result::Result<Vec<Array>, String>,
) -> Result<(DataFrame, Vec<Array>)> {
    if let (Numbers::Column(name), Some(_)) = (numbers, &columns.condition) {
        return Err(refused(format!(
            "a condition leaves gaps in the row numbers of `{name}`: leave away the condition or the numbers, or write \
             the rows that fulfil it to a table and number those"
        )));
    }
    let found = Files::find(session, &columns.location).await?;
    let mut arrays: Vec<Array> = Vec::new();
    for name in found.columns() {
        arrays.push(Array { name: name.clone(), width: None });
    }
    for Matrix { name, columns } in &columns.matrices {
        arrays.retain(|own| own.name != *name);
        arrays.push(Array { name: name.clone(), width: Some(columns.len()) });
    }
    let used = is_used(&arrays).map_err(refused)?;
    let mut wanted: Vec<String> = Vec::new();
    for array in &used {
        let of_matrix = columns.matrices.iter().find(|matrix| matrix.name == array.name);
        let own = of_matrix.map_or_else(|| vec![array.name.clone()], |matrix| matrix.columns.clone());
        wanted.extend(own.into_iter().filter(|own| !wanted.contains(own)).collect::<Vec<_>>());
    }
    if let Numbers::Column(name) = numbers
        && !wanted.contains(name)
    {
        wanted.push(name.clone());
    }
    let name = free(session, FILES)?;
    found.register(session, &name, &wanted, columns.condition.is_some()).await?;
    let files = session.table(&name).await?;
    let files = match &columns.condition {
        Some(condition) => {
            let condition = files.parse_sql_expr(condition)?;
            files.filter(condition)?
        }
        None => files,
    };
    Ok((files.select(wanted.iter().map(ident))?, used))
}

/// All arrays as one structure.
fn data(arrays: &[Array], matrices: &[Matrix]) -> Expr {
    let mut parts = Vec::new();
    for array in arrays {
        parts.push(lit(array.name.clone()));
        let matrix = matrices.iter().find(|matrix| matrix.name == array.name);
        parts.push(match matrix {
            Some(matrix) => r#struct().call(matrix.columns.iter().map(ident).collect()),
            None => ident(&array.name),
        });
    }
    named_struct().call(parts)
}

/// The column of the numbers.
pub(crate) fn number_column(name: &str) -> Expr {
    if name == COLUMN { col(name) } else { ident(name) }
}
