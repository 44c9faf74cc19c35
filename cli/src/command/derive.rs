//! `hesse derive`: E, its gradient and its Hessian as formulas, or what computing them costs.

use hesse_build::Output;
use hesse_symbolic::explain::explain;
use hesse_symbolic::print::{Notation, derivatives, print};

use super::{Answer, refuse_latex};
use crate::args::{Derive, Format};
use crate::failure::Failure;
use crate::input::{sized, sketch};
use crate::render::explanation::{self, Report};
use crate::render::formulas::{Formulas, json, latex, text};

pub(super) fn run(args: &Derive) -> Result<Answer, Failure> {
    if args.explain {
        return explained(args);
    }
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

fn explained(args: &Derive) -> Result<Answer, Failure> {
    refuse_latex(args.format)?;
    let (model, sizes) = sized(&args.source, &args.size)?;
    let outputs = Output::selection(None, args.sparse, false);
    let explanation = explain(&model.graph, model.error, outputs);
    let report = Report { explanation, sizes, mode: model.mode, applied: model.applied };
    Ok(match args.format {
        Format::Json => explanation::json(&report),
        Format::Text | Format::Latex => explanation::text(&report),
    }
    .into())
}
