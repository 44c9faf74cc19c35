//! `hesse derive`: E, its gradient and its Hessian as formulas.

use hesse_symbolic::print::{Notation, derivatives, print};

use super::Answer;
use crate::args::{Derive, Format};
use crate::failure::Failure;
use crate::input::sketch;
use crate::render::formulas::{Formulas, json, latex, text};

pub(super) fn run(args: &Derive) -> Result<Answer, Failure> {
    let (_, model) = sketch(&args.source)?;
    let notation = match args.format {
        Format::Latex => Notation::Latex,
        Format::Text | Format::Json => Notation::Text,
    };
    let error = print(&model.graph, &[model.error], notation, &[]);
    let (gradient, hessian, shared) = derivatives(&model.graph, model.error, notation);
    let formulas = Formulas { model: &model, error, gradient, hessian, shared: shared.shared };
    Ok(match args.format {
        Format::Text => text(&formulas),
        Format::Json => json(&formulas),
        Format::Latex => latex(&formulas),
    }
    .into())
}
