//! What DataFusion costs beside the kernel: processor time of evaluations over a Parquet table, and over the same rows
//! in memory.
//!
//! `overhead MODEL PATTERN MATRIX POINT [EVALUATIONS]`, on one thread, for a model with a matrix and a column `t`. A table in memory has been read and decoded
//! before the clock starts; the other is read anew for every evaluation.

use std::error::Error;

use datafusion::arrow::array::AsArray as _;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext, ident};
use hesse_datafusion::{Columns, Numbers, OverTable, Table, register};
use hesse_fits::{Array, model};
use hesse_input::{Formula, Matrix, point_from_text};
use hesse_runtime::ErrorFunction;
use hesse_runtime::blocks::Serial;
use hesse_symbolic::evaluate::{Bindings, Surface};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [formula, pattern, columns, point, rest @ ..] = &args[..] else {
        return Err("expected MODEL PATTERN MATRIX POINT [EVALUATIONS]".into());
    };
    let evaluations = rest.first().map_or(Ok(5), |count| count.parse())?;
    let (formula, matrix) = (Formula::read(formula)?.text, Matrix::read(columns)?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let session = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
    register(&session);

    let surface = runtime.block_on(in_memory(&session, &formula, pattern, &matrix))?;
    let w = point_from_text(point, surface.parameter_names())?;
    let rows = surface.by_rows().ok_or("the formula is no sum over rows")?;
    let (memory, kernel) = measure(&Serial::new(rows), &w, evaluations)?;

    let used = arrays(&matrix).to_vec();
    let columns = Columns { location: pattern.clone(), matrices: vec![matrix], condition: None };
    let table = Table::open(&session, &columns, &Numbers::Counted, |_| Ok(used.clone()));
    let table = runtime.block_on(table)?;
    let error = OverTable::new(&formula, table, runtime.handle().clone())?;
    let (queried, query) = measure(&error, &w, evaluations)?;
    if let Some(failure) = error.failure() {
        return Err(failure.into());
    }
    println!("same bits: {}", memory == queried);
    println!("kernel in memory: {:.3} s of processor time per evaluation", kernel);
    println!("query over Parquet: {:.3} s of processor time per evaluation", query);
    println!("ratio: {:.2}", query / kernel);
    Ok(())
}

/// The matrix and the column `t`.
fn arrays(matrix: &Matrix) -> [Array; 2] {
    let name = matrix.name.clone();
    [Array { name, width: Some(matrix.columns.len()) }, Array { name: "t".to_owned(), width: None }]
}

/// The error function of rows that are held.
async fn in_memory(
    session: &SessionContext,
    formula: &str,
    pattern: &str,
    matrix: &Matrix,
) -> Result<Surface, Box<dyn Error>> {
    let table = session.read_parquet(pattern, ParquetReadOptions::new()).await?;
    let names: Vec<&str> = matrix.columns.iter().map(String::as_str).chain(["t"]).collect();
    let batches = table.select(names.iter().map(|name| ident(*name)))?.collect().await?;
    let (width, mut x, mut t) = (matrix.columns.len(), Vec::new(), Vec::new());
    for batch in &batches {
        let columns = batch.columns().iter().map(|column| cast(column, &DataType::Float64));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let columns: Vec<&[f64]> =
            columns.iter().map(|column| &column.as_primitive::<Float64Type>().values()[..]).collect();
        for row in 0..batch.num_rows() {
            x.extend(columns[..width].iter().map(|column| column[row]));
            t.push(columns[width][row]);
        }
    }
    let model = model(formula, &arrays(matrix))?;
    let mut bindings = Bindings::new();
    bindings.insert(&matrix.name, &[t.len(), width], x)?;
    bindings.insert("t", &[t.len()], t)?;
    Ok(Surface::new(&model.graph, model.error, &bindings)?)
}

/// A value, and the processor time of one evaluation with gradient and Hessian, in seconds.
fn measure(error: &impl ErrorFunction, w: &[f64], evaluations: u32) -> Result<(u64, f64), Box<dyn Error>> {
    let p = w.len();
    let (mut gradient, mut hessian) = (vec![0.0; p], vec![0.0; p * (p + 1) / 2]);
    // Once before: kernels are derived then, and files come to the cache.
    error.value_gradient_hessian(w, &mut gradient, &mut hessian);
    let (start, mut value) = (processor_time()?, 0.0);
    for _ in 0..evaluations {
        value = error.value_gradient_hessian(w, &mut gradient, &mut hessian);
    }
    Ok((f64::to_bits(value), (processor_time()? - start) / f64::from(evaluations)))
}

/// The seconds that this process has had of the processor, as Linux counts them, in hundredths.
fn processor_time() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks = fields.skip(11).take(2).map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks / 100.0)
}
