//! A formula, and the rows of data that this rank holds.

use std::path::Path;

use hesse_data::{DataError, Part, Table, paths};
use hesse_input::{Formula, Offer};
use hesse_mpi::World;
use hesse_parser::Model;
use hesse_runtime::ErrorFunction;
use hesse_runtime::blocks::{Blocks, Communicator as _, Shares};
use hesse_symbolic::evaluate::{RowSource as _, Surface};
use hesse_symbolic::rules::Mode;
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
        let text = world.broadcast_text(|| Ok(Formula::read(&source.formula).map_err(complaint)?.text))?;
        let formula = Formula { text, origin: "formula".to_owned(), name: "formula".to_owned() };
        let offer = Offer::new(Some(scan(&source.data, world)?), &source.matrix, &[]).map_err(complaint)?;
        let model = formula.parse(&offer.columns(), Mode::default()).map_err(|error| error.to_string())?;
        let surface = bind(&model, &offer, world)?;
        Ok(Problem { formula: formula.text, surface })
    }
}

/// The table; each rank scans some of the parts and tells the others.
fn scan(pattern: &str, world: &World) -> Result<Table, String> {
    let names = world.broadcast_text(|| {
        let paths = paths(pattern).map_err(complaint)?;
        let names = paths.iter().map(|path| path.to_str().ok_or(path)).collect::<Result<Vec<_>, _>>();
        let names = names.map_err(|path| {
            format!("error: the name of `{}` is not UTF-8 text: give the file another name", path.display())
        })?;
        Ok(json!(names).to_string())
    })?;
    let names: Vec<String> = serde_json::from_str(&names).map_err(complaint)?;
    let own = names.iter().skip(world.rank()).step_by(world.ranks());
    let parts = own.map(|name| Part::scan(Path::new(name))).collect::<Result<Vec<_>, DataError>>();
    let parts = world.agree(parts.map_err(complaint))?;
    let told = json!(parts.iter().map(|part| (part.columns(), part.rows())).collect::<Vec<_>>()).to_string();
    let told = world.gather(&told);
    let mut all: Vec<_> = told
        .iter()
        .map(|told| serde_json::from_str::<Vec<(Vec<String>, usize)>>(told).map(Vec::into_iter))
        .collect::<Result<_, _>>()
        .map_err(complaint)?;
    let ranks = all.len();
    let parts = names.iter().enumerate().filter_map(|(at, name)| {
        let (columns, rows) = all[at % ranks].next()?;
        Some(Part::known(name.into(), columns, rows))
    });
    Table::new(parts.collect()).map_err(complaint)
}

/// The error function with this rank's rows of its data.
fn bind(model: &Model, offer: &Offer, world: &World) -> Result<Surface, String> {
    let sum = "error: the formula is no sum over rows of data, as in `sum(i, (y[i] - a*x[i])^2)`";
    let rows = offer.rows(&model.graph, 0).map_err(complaint)?.ok_or(sum)?;
    let surface = |own| {
        let bindings = rows.bindings(own).map_err(|error| format!("error: {error}"))?;
        Surface::new(&model.graph, model.error, &bindings).map_err(complaint)
    };
    // Without rows, for the number of parameters: it says which rows are this rank's.
    let empty = surface(0..0)?;
    if empty.by_rows().is_none() {
        return Err(sum.to_owned());
    }
    if empty.dimension() == 0 {
        return Err("error: the formula has no parameters: every name in it is data or defined".to_owned());
    }
    let shares = Shares::new(Blocks::new(rows.rows(), empty.dimension()), world.ranks());
    world.agree(surface(shares.rows_of(world.rank())))
}

/// What is wrong, as it is printed.
pub fn complaint(error: impl std::fmt::Display) -> String {
    format!("error: {error}")
}
