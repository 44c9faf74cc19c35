//! What the arguments name: formulas, data and points, read as `hesse-input` reads them.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use hesse_data::reason;
use hesse_data::{Delimiter, Origin, Part, Table, paths};
pub(crate) use hesse_input::Sizes;
use hesse_input::{BoundFormula, Formula, InputError, Offer};
use hesse_parser::Model;
use hesse_parser::diagnostic::{Diagnostic, render};
use hesse_runtime::ErrorFunction;
use hesse_runtime::descent::Bounds;
use hesse_runtime::interval::Interval;
use hesse_symbolic::evaluate::Surface;
use hesse_symbolic::rules::{Applied, Mode};

use crate::args::{self, Source};
use crate::failure::Failure;
use crate::terminal::{self, Meter};

/// More parameters than this have a dense Hessian that takes minutes to analyze.
const MAX_PARAMETERS: usize = 4_000;

/// A formula bound to its data.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) surface: BoundFormula,
    /// As it was written and as it was understood.
    pub(crate) formula: Arc<(Formula, Model)>,
    /// Whether the formula or the data came from standard input, so that a point cannot.
    has_read_input: bool,
}

/// Reads formula and data of an error function whose Hessian is to be formed.
pub(crate) fn problem(source: &Source) -> Result<Problem, Failure> {
    let problem = problem_of_any_size(source)?;
    if problem.is_large() {
        return Err(Failure::input(format!(
            "the formula has {} parameters; at most {MAX_PARAMETERS} have a dense Hessian: `hesse minimize --method limited-memory` forms none, `hesse generate --sparse` one of few entries",
            problem.surface.dimension()
        )));
    }
    Ok(problem)
}

/// Reads formula and data.
pub(crate) fn problem_of_any_size(source: &Source) -> Result<Problem, Failure> {
    let (offer, memory) = (offer(source)?, memory(source)?);
    let formula = Formula::read(&source.formula)?;
    let model = parse(&formula, &offer, source.mode)?;
    let meter = Meter::rows(offer.rows_of_data());
    let surface = offer.bind(&model, memory, move |rows| meter.add(rows as u64))?;
    match surface.dimension() {
        0 => Err(Failure::input("the formula has no parameters: every name in it is data or defined")),
        _ => {
            let has_read_input = source.formula == "-" || is_input(source);
            Ok(Problem { surface, formula: Arc::new((formula, model)), has_read_input })
        }
    }
}

/// Reads a formula; data only tells which names are columns.
pub(crate) fn sketch(source: &Source) -> Result<(Formula, Model), Failure> {
    let (offer, formula) = (offer(source)?, Formula::read(&source.formula)?);
    let model = parse(&formula, &offer, source.mode)?;
    Ok((formula, model))
}

/// Reads a formula and the sizes that `--size` and data tell.
pub(crate) fn sized(source: &Source, sizes: &[String]) -> Result<(Model, Sizes), Failure> {
    let offer = offer(source)?;
    let model = parse(&Formula::read(&source.formula)?, &offer, source.mode)?;
    let sizes = hesse_input::sizes(sizes, &model.graph, &offer)?;
    Ok((model, sizes))
}

impl Problem {
    /// The same with another error function of the same parameters.
    pub(crate) fn with(&self, surface: Surface) -> Problem {
        Problem {
            surface: surface.into(),
            formula: self.formula.clone(),
            has_read_input: self.has_read_input,
        }
    }

    /// Whether E is a sum of squares, so that it is a fit.
    pub(crate) fn is_sum_of_squares(&self) -> bool {
        self.surface.least_squares().is_some()
    }

    /// Whether there are too many parameters for a dense Hessian.
    pub(crate) fn is_large(&self) -> bool {
        self.surface.dimension() > MAX_PARAMETERS
    }

    /// The point that `flag` gives, in parameter order.
    pub(crate) fn point(&self, flag: &str, argument: Option<&str>) -> Result<Vec<f64>, Failure> {
        if argument == Some("-") && self.has_read_input {
            return Err(Failure::input(format!(
                "standard input is read once, for the formula or the data: write the point after `{flag}`, or to a file"
            )));
        }
        Ok(hesse_input::point(flag, argument, self.surface.parameter_names())?)
    }

    /// The bounds that `flag` gives, in parameter order.
    pub(crate) fn bounds(&self, flag: &str, argument: Option<&str>) -> Result<Bounds, Failure> {
        Ok(hesse_input::bounds(flag, argument, self.surface.parameter_names())?)
    }

    /// The box that `flag` gives, in parameter order.
    pub(crate) fn region(&self, flag: &str, argument: Option<&str>) -> Result<Vec<Interval>, Failure> {
        Ok(hesse_input::region(flag, argument, self.surface.parameter_names())?)
    }

    /// Why a computation failed: rows that could not be read in its middle say more than the numbers that came of it.
    pub(crate) fn explain(&self, failure: Failure) -> Failure {
        self.surface.failure().map_or(failure, Failure::Input)
    }
}

/// A time such as `10s`.
pub(crate) fn duration(flag: &str, text: &str) -> Result<Duration, Failure> {
    Ok(hesse_input::duration(flag, text)?)
}

/// Reads a file as text, or standard input for `-`.
pub(crate) fn read_text(path: &Path, limit: u64) -> Result<String, Failure> {
    Ok(hesse_input::read_text(path, limit)?)
}

/// Complaints with their excerpts, in color where people read them.
pub(crate) fn rendered(text: &str, origin: &str, diagnostics: &[Diagnostic]) -> String {
    let color = terminal::is_colored();
    let reports: Vec<String> = diagnostics.iter().map(|d| render(text, origin, d, color)).collect();
    reports.join("\n\n")
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Failure {
        match error {
            InputError::Formula { .. } => Failure::Formula(error.rendered(terminal::is_colored())),
            other => Failure::Input(other.to_string()),
        }
    }
}

/// The model; says on the error stream where its domain is larger than written.
fn parse(formula: &Formula, offer: &Offer, mode: Mode) -> Result<Model, Failure> {
    let model = formula.parse(&offer.columns(), mode)?;
    for remark in model.applied.iter().filter_map(Applied::remark) {
        terminal::note(&remark);
    }
    Ok(model)
}

/// What the data of the arguments offer to a formula.
pub(crate) fn offer(source: &Source) -> Result<Offer, Failure> {
    if source.formula == "-" && is_input(source) {
        return Err(Failure::input(
            "standard input is read once, for the formula or for the data: name a file for one of them",
        ));
    }
    let table = source.data.as_deref().map(|path| table(source, path)).transpose()?;
    Ok(Offer::new(table, &source.matrix, &source.set)?)
}

fn table(source: &Source, path: &Path) -> Result<Table, Failure> {
    let delimiter = source.delimiter.map(|delimiter| match delimiter {
        args::Delimiter::Comma => Delimiter::Comma,
        args::Delimiter::Semicolon => Delimiter::Semicolon,
        args::Delimiter::Tab => Delimiter::Tab,
    });
    let scan = |origin, meter: &Meter| {
        let mut before = 0;
        Part::scan_from(origin, delimiter, &mut |bytes| {
            meter.add(bytes - before);
            before = bytes;
        })
    };
    let parts = if is_input(source) {
        let origin = Origin::hold("-", std::io::stdin().lock()).map_err(InputError::from)?;
        vec![scan(origin, &Meter::bytes(0))]
    } else {
        let paths = paths(&path.to_string_lossy()).map_err(InputError::from)?;
        let length = |path| fs::metadata(path).map_or(0, |metadata| metadata.len());
        let meter = Meter::bytes(paths.iter().map(length).sum());
        paths.into_iter().map(|path| scan(Origin::File(path), &meter)).collect()
    };
    let parts = parts.into_iter().collect::<Result<_, _>>().map_err(InputError::from)?;
    Ok(Table::new(parts).map_err(InputError::from)?)
}

fn is_input(source: &Source) -> bool {
    source.data.as_deref() == Some(Path::new("-"))
}

fn memory(source: &Source) -> Result<u64, Failure> {
    Ok(hesse_input::memory("--memory", &source.memory)?)
}
