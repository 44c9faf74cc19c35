//! A formula, and the rows of data that this rank holds.

use std::ops::Range;
use std::path::Path;

use hesse_data::{Part, Table, paths};
use hesse_fits::{Array, Matrix, matrix, text};
use hesse_mpi::World;
use hesse_parser::Model;
use hesse_runtime::ErrorFunction;
use hesse_runtime::blocks::{Blocks, Communicator as _, Shares};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_symbolic::graph::Role;
use serde_json::json;

use crate::args::Source;

/// A formula bound to the rows of this rank.
pub struct Problem {
    /// The text of the formula.
    pub formula: String,
    /// The error function.
    pub surface: Surface,
}

impl Problem {
    /// Reads the formula and this rank's rows; all ranks fail together.
    pub fn read(source: &Source, world: &World) -> Result<Problem, String> {
        let formula = world.broadcast_text(|| text(&source.formula))?;
        let table = scan(&source.data, world)?;
        let matrices = source.matrix.iter().map(|text| matrix(text)).collect::<Result<Vec<_>, _>>()?;
        let model = model(&formula, &table, &matrices)?;
        // Without rows, for the number of parameters: it says which rows are this rank's.
        let empty = bind(&model, &table, &matrices, 0..0)?;
        let shares = Shares::new(Blocks::new(table.rows(), empty.dimension()), world.ranks());
        let surface = world.agree(bind(&model, &table, &matrices, shares.rows_of(world.rank())))?;
        Ok(Problem { formula, surface })
    }
}

/// The table; each rank scans some of the parts and tells the others.
fn scan(pattern: &str, world: &World) -> Result<Table, String> {
    let complaint = |error: hesse_data::DataError| format!("error: {error}");
    let names = world.broadcast_text(|| {
        let names = paths(pattern).map_err(complaint)?;
        Ok(json!(names).to_string())
    })?;
    let names: Vec<String> = serde_json::from_str(&names).map_err(|error| format!("error: {error}"))?;
    let own = names.iter().skip(world.rank()).step_by(world.ranks());
    let parts = own.map(|name| Part::scan(Path::new(name)).map_err(complaint)).collect::<Result<Vec<_>, _>>();
    let parts = world.agree(parts)?;
    let told = json!(parts.iter().map(|part| (part.columns(), part.rows())).collect::<Vec<_>>()).to_string();
    let told = world.gather(&told);
    let mut all: Vec<_> = told
        .iter()
        .map(|told| serde_json::from_str::<Vec<(Vec<String>, usize)>>(told).map(Vec::into_iter))
        .collect::<Result<_, _>>()
        .map_err(|error| format!("error: {error}"))?;
    let ranks = all.len();
    let parts = names.iter().enumerate().filter_map(|(at, name)| {
        let (columns, rows) = all[at % ranks].next()?;
        Some(Part::known(name.into(), columns, rows))
    });
    Table::new(parts.collect()).map_err(complaint)
}

fn model(formula: &str, table: &Table, matrices: &[Matrix]) -> Result<Model, String> {
    let mut arrays: Vec<Array> =
        table.columns().iter().map(|name| Array { name: name.clone(), width: None }).collect();
    let of_matrix = |matrix: &Matrix| Array { name: matrix.name.clone(), width: Some(matrix.columns.len()) };
    arrays.extend(matrices.iter().map(of_matrix));
    hesse_fits::model(formula, &arrays)
}

/// The error function with some rows of its data.
fn bind(model: &Model, table: &Table, matrices: &[Matrix], rows: Range<usize>) -> Result<Surface, String> {
    let mut bindings = Bindings::new();
    for (_, declaration) in model.graph.arrays() {
        if !matches!(declaration.role, Role::Data | Role::Lookup) {
            continue;
        }
        let name = &declaration.name;
        let matrix = matrices.iter().find(|matrix| matrix.name == *name);
        let columns = matrix.map_or_else(
            || vec![name.as_str()],
            |matrix| matrix.columns.iter().map(String::as_str).collect(),
        );
        let values = table.read(rows.clone(), &columns).map_err(|error| format!("error: {error}"))?;
        let mut shape = vec![table.rows()];
        shape.extend(matrix.map(|matrix| matrix.columns.len()));
        bindings
            .insert_rows(name, &shape, rows.clone(), values)
            .map_err(|error| format!("error: {error}"))?;
    }
    let surface =
        Surface::new(&model.graph, model.error, &bindings).map_err(|error| format!("error: {error}"))?;
    match surface.by_rows() {
        Some(_) if surface.dimension() > 0 => Ok(surface),
        Some(_) => {
            Err("error: the formula has no parameters: every name in it is data or defined".to_owned())
        }
        None => {
            Err("error: the formula is no sum over rows of data, as in `sum(i, (y[i] - a*x[i])^2)`"
                .to_owned())
        }
    }
}
