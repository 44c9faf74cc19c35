//! `hesse derive`: E, its gradient and its Hessian as formulas, the steps to them, or what computing them costs.

use hesse_build::Output;
use hesse_symbolic::explain::explain;
use hesse_symbolic::print::{Notation, derivatives, print, steps};

use super::Answer;
use crate::args::{Derive, Written};
use crate::failure::Failure;
use crate::input::{sized, sketch};
use crate::render;
use crate::render::explanation::{self, Report};
use crate::render::formulas::{Formulas, json, latex, mathml, text};

pub(super) fn run(args: &Derive) -> Result<Answer, Failure> {
    if args.explain {
        return explained(args);
    }
    let (_, model) = sketch(&args.source)?;
    if args.steps {
        let steps = steps(&model.graph, model.error);
        return match args.format {
            Written::Text => Ok(render::steps::text(&model, &steps).into()),
            Written::Json => Ok(render::steps::json(&model, args.source.mode, &steps).into()),
            Written::Latex | Written::Mathml => {
                Err(Failure::input("`--steps` is told in words: use `--format text` or `json` with it"))
            }
        };
    }
    let notation = match args.format {
        Written::Latex => Notation::Latex,
        Written::Mathml => Notation::MathMl,
        Written::Text | Written::Json => Notation::Text,
    };
    let error = print(&model.graph, &[model.error], notation, &[]);
    let (gradient, hessian, shared) = derivatives(&model.graph, model.error, notation);
    let formulas = Formulas { model: &model, error, gradient, hessian, shared: shared.shared };
    Ok(match args.format {
        Written::Text => text(&formulas),
        Written::Json => json(&formulas),
        Written::Latex => latex(&formulas),
        Written::Mathml => mathml(&formulas),
    }
    .into())
}

fn explained(args: &Derive) -> Result<Answer, Failure> {
    let (model, sizes) = sized(&args.source, &args.size)?;
    let outputs = Output::selection(None, args.sparse, false);
    let explanation = explain(&model.graph, model.error, outputs);
    let report = Report { explanation, sizes, mode: model.mode, applied: model.applied };
    match args.format {
        Written::Text => Ok(explanation::text(&report).into()),
        Written::Json => Ok(explanation::json(&report).into()),
        Written::Latex | Written::Mathml => Err(Failure::input(
            "`--explain` tells of work, not of formulas: use `--format text` or `json` with it",
        )),
    }
}
