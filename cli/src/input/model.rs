//! A formula with its data.

use hesse_parser::Model;
use hesse_runtime::ErrorFunction;
use hesse_runtime::descent::Bounds;
use hesse_runtime::interval::Interval;
use hesse_symbolic::evaluate::Surface;

use super::columns::Offer;
use super::formula::Formula;
use super::point;
use super::region;
use super::sizes::{self, Sizes};
use crate::args::Source;
use crate::failure::Failure;

/// More parameters than this have a dense Hessian that takes minutes to analyze.
const MAX_PARAMETERS: usize = 4_000;

/// A formula bound to its data.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) surface: Surface,
}

/// Reads formula and data.
pub(crate) fn problem(source: &Source) -> Result<Problem, Failure> {
    let offer = Offer::read(source)?;
    let model = Formula::read(&source.formula)?.parse(&offer.columns(), source.mode)?;
    let bindings = offer.bindings(&model.graph)?;
    let surface = Surface::new(&model.graph, model.error, &bindings).map_err(Failure::input)?;
    match surface.dimension() {
        0 => Err(Failure::input("the formula has no parameters: every name in it is data or defined")),
        count if count > MAX_PARAMETERS => Err(Failure::input(format!(
            "the formula has {count} parameters; at most {MAX_PARAMETERS} have a dense Hessian"
        ))),
        _ => Ok(Problem { surface }),
    }
}

/// Reads a formula; data only tells which names are columns.
pub(crate) fn sketch(source: &Source) -> Result<(Formula, Model), Failure> {
    let formula = Formula::read(&source.formula)?;
    let model = formula.parse(&Offer::read(source)?.columns(), source.mode)?;
    Ok((formula, model))
}

/// Reads a formula and the sizes that `--size` and data tell.
pub(crate) fn sized(source: &Source, sizes: &[String]) -> Result<(Model, Sizes), Failure> {
    let offer = Offer::read(source)?;
    let model = Formula::read(&source.formula)?.parse(&offer.columns(), source.mode)?;
    let sizes = sizes::read(sizes, &model.graph, offer.sizes(&model.graph))?;
    Ok((model, sizes))
}

impl Problem {
    /// The point that `flag` gives, in parameter order.
    pub(crate) fn point(&self, flag: &str, argument: Option<&str>) -> Result<Vec<f64>, Failure> {
        point::read(flag, argument, self.surface.parameter_names())
    }

    /// The bounds that `flag` gives, in parameter order.
    pub(crate) fn bounds(&self, flag: &str, argument: Option<&str>) -> Result<Bounds, Failure> {
        region::bounds(flag, argument, self.surface.parameter_names())
    }

    /// The box that `flag` gives, in parameter order.
    pub(crate) fn region(&self, flag: &str, argument: Option<&str>) -> Result<Vec<Interval>, Failure> {
        region::read(flag, argument, self.surface.parameter_names())
    }
}
