//! The error function of a request, bound to its data, within what can be answered at once.

use std::collections::BTreeMap;

use hesse_build::Output;
use hesse_parser::Model;
use hesse_parser::formula::{Columns, Size, parse};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_symbolic::explain::explain;
use hesse_symbolic::graph::Role;

use crate::refusal::Refusal;
use crate::request::Request;
use crate::table::Table;

/// The longest formula, in bytes: second derivatives of more terms than this take seconds to write down.
const MAX_FORMULA: usize = 1 << 12;
/// The most parameters: a picture shows two of them, and each other one has a slider.
const MAX_PARAMETERS: f64 = 64.0;
/// The most work at one point, in additions; a picture has ten thousand points.
const MAX_WORK: f64 = 1e6;

/// An error function with its data.
pub(crate) struct Problem {
    pub(crate) text: String,
    pub(crate) model: Model,
    pub(crate) surface: Surface,
    /// What E costs at one point, in additions.
    pub(crate) work: f64,
}

impl Problem {
    pub(crate) fn read(request: &Request) -> Result<Problem, Refusal> {
        let text = request.text("formula")?;
        if text.len() > MAX_FORMULA {
            return Err(Refusal::request(format!(
                "the formula is longer than {MAX_FORMULA} bytes: use the command `hesse` for it"
            )));
        }
        let table = Table::read(request.text_or_empty("data")?)?;
        let mut columns = Columns::none();
        for (name, _) in &table.columns {
            columns = columns.with(name, &[Size::Named("n".to_owned())]);
        }
        let model = parse(text, &columns).map_err(|list| Refusal::Formula(list, text.to_owned()))?;
        let bindings = bindings(&model, &table)?;
        let work = work(&model, &table)?;
        let surface = Surface::new(&model.graph, model.error, &bindings).map_err(Refusal::data)?;
        if surface.parameter_names().is_empty() {
            return Err(Refusal::data("there are no parameters: every name is data or defined"));
        }
        Ok(Problem { text: text.to_owned(), model, surface, work })
    }

    /// The number of parameters.
    pub(crate) fn dimension(&self) -> usize {
        self.surface.parameter_names().len()
    }
}

fn bindings(model: &Model, table: &Table) -> Result<Bindings, Refusal> {
    let mut bindings = Bindings::new();
    for (_, declaration) in model.graph.arrays() {
        if !matches!(declaration.role, Role::Data | Role::Lookup) {
            continue;
        }
        let name = &declaration.name;
        let Some((_, column)) = table.columns.iter().find(|(known, _)| known == name) else {
            return Err(Refusal::data(format!("no data for `{name}`: paste a table with a column `{name}`")));
        };
        bindings.insert(name, &[column.len()], column.clone()).map_err(Refusal::data)?;
    }
    Ok(bindings)
}

/// What E costs at one point; refuses what is too large before any storage is asked for.
fn work(model: &Model, table: &Table) -> Result<f64, Refusal> {
    let sizes: BTreeMap<String, u64> =
        model.graph.dimensions().iter().map(|name| (name.clone(), table.rows as u64)).collect();
    let explanation = explain(&model.graph, model.error, [Output::Value]);
    // A count that is not known is that of a size without data, which binding names.
    let parameters = explanation.parameters.at(&sizes).as_constant().unwrap_or(0.0);
    if parameters > MAX_PARAMETERS {
        return Err(Refusal::computation(format!(
            "there are {parameters} parameters, at most {MAX_PARAMETERS} can be explored here: use the command `hesse` for more"
        )));
    }
    let costs = explanation.accounts.iter().filter_map(|account| account.cost.at(&sizes).as_constant());
    let work: f64 = costs.sum();
    if work > MAX_WORK {
        return Err(Refusal::computation(format!(
            "E costs {work:.1e} additions at each point, at most {MAX_WORK:.0e} are done here: use the command `hesse` for it"
        )));
    }
    Ok(work)
}
