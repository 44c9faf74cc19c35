//! What the programs do, in whatever session they are given.

use clap::Subcommand;
use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::prelude::SessionContext;
use hesse_fits::{Answer, Fit, Options, number};
use hesse_input::{Formula, InputError, Matrix, point};
use hesse_runtime::ErrorFunction as _;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::formula::used;
use crate::{Columns, Numbers, OverTable, Table};

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Walk down to a minimum, and say what is there.
    Fit {
        /// The error function and its data.
        #[command(flatten)]
        source: Source,
        /// Where it begins and ends.
        #[command(flatten)]
        options: Options,
    },
    /// E, its gradient and its Hessian at a point, as JSON.
    Eval {
        /// The error function and its data.
        #[command(flatten)]
        source: Source,
        /// The point, as for `fit --from`.
        #[arg(long, value_name = "POINT")]
        at: String,
    },
    /// How the rows are read: which files, columns and conditions go where.
    Explain {
        /// The error function and its data.
        #[command(flatten)]
        source: Source,
    },
    /// The result of a query of SQL, in which files are tables and `hesse` is a function.
    Query {
        /// The query: `SELECT hesse('model.hes', 'a=1,b=0', x, y) FROM 'data.parquet'`.
        sql: String,
    },
}

/// The error function and its data.
#[derive(Debug, clap::Args)]
pub struct Source {
    /// A `.hes` file, or the text of a formula.
    pub formula: String,
    /// CSV files with a header or Parquet files: a name, a folder, or a pattern such as `part-*.csv` in quotes.
    #[arg(long, value_name = "PATTERN")]
    pub data: String,
    /// A matrix of columns: `x=column1,column2`.
    #[arg(long, value_name = "NAME=COLUMNS")]
    pub matrix: Vec<String>,
    /// Leaves out rows that do not fulfil a condition of SQL; not together with `--row`, whose numbers would have gaps then.
    #[arg(long = "where", value_name = "CONDITION")]
    pub condition: Option<String>,
    /// The column of row numbers, from 0 without gaps: the numbers are then those of one process that reads the rows
    /// in their order, to the last bit.
    #[arg(long, value_name = "COLUMN")]
    pub row: Option<String>,
}

/// Does it. `numbers` is where row numbers come from if no column has them.
///
/// # Errors
/// What is wrong, ready to print.
pub fn run(
    command: &Command,
    session: &SessionContext,
    runtime: &Runtime,
    numbers: &Numbers,
) -> Result<Answer, String> {
    match command {
        Command::Query { sql } => {
            let batches = runtime.block_on(async { session.sql(sql).await?.collect().await });
            let batches = batches.map_err(complaint)?;
            let table = pretty_format_batches(&batches).map_err(|error| complaint(error.into()))?;
            Ok(Answer { text: table.to_string(), failure: None })
        }
        Command::Explain { source } => {
            let (formula, columns, numbers) = source.read(numbers)?;
            let plan = Table::explain(session, &columns, &numbers, |arrays| used(&formula, arrays));
            let plan = runtime.block_on(plan).map_err(complaint)?;
            Ok(Answer { text: plan.trim_end().to_owned(), failure: None })
        }
        Command::Eval { source, at } => {
            let (_, error) = source.error_function(session, runtime, numbers)?;
            let w = point("--at", Some(at), error.parameter_names()).map_err(refusal)?;
            let answer = eval(&error, &w);
            error.failure().map_or(Ok(answer), |failure| Err(format!("error: {failure}")))
        }
        Command::Fit { source, options } => {
            let (formula, error) = source.error_function(session, runtime, numbers)?;
            let names = error.parameter_names();
            let start = options.start(&formula, names, |text| text())?;
            let fit = Fit {
                formula: &formula,
                names,
                start: &start,
                max_iterations: options.max_iterations,
                checkpoint: options.checkpoint.as_deref(),
            };
            let answer = fit.run(&error, |w| error.statistics(w), |written| written);
            error.failure().map_or(answer, |failure| Err(format!("error: {failure}")))
        }
    }
}

fn eval(error: &OverTable, w: &[f64]) -> Answer {
    let p = error.dimension();
    let (mut gradient, mut hessian) = (vec![0.0; p], vec![0.0; p * (p + 1) / 2]);
    let value = error.value_gradient_hessian(w, &mut gradient, &mut hessian);
    let list = |numbers: &[f64]| Value::Array(numbers.iter().map(|&x| number(x)).collect());
    let document = json!({ "value": number(value), "gradient": list(&gradient), "hessian": list(&hessian) });
    Answer { text: document.to_string(), failure: None }
}

impl Source {
    /// The text of the formula, the columns, and where the numbers of rows come from.
    fn read(&self, numbers: &Numbers) -> Result<(String, Columns, Numbers), String> {
        let columns = Columns {
            location: self.data.clone(),
            matrices: self
                .matrix
                .iter()
                .map(|text| Matrix::read(text))
                .collect::<Result<_, _>>()
                .map_err(refusal)?,
            condition: self.condition.clone(),
        };
        let numbers = self.row.clone().map_or_else(|| numbers.clone(), Numbers::Column);
        Ok((Formula::read(&self.formula).map_err(refusal)?.text, columns, numbers))
    }

    fn error_function(
        &self,
        session: &SessionContext,
        runtime: &Runtime,
        numbers: &Numbers,
    ) -> Result<(String, OverTable), String> {
        let (formula, columns, numbers) = self.read(numbers)?;
        let table = Table::open(session, &columns, &numbers, |arrays| used(&formula, arrays));
        let table = runtime.block_on(table).map_err(complaint)?;
        let error = OverTable::new(&formula, table, runtime.handle().clone()).map_err(complaint)?;
        Ok((formula, error))
    }
}

fn complaint(error: datafusion::error::DataFusionError) -> String {
    format!("error: {}", crate::reason(&error))
}

fn refusal(error: InputError) -> String {
    format!("error: {error}")
}
