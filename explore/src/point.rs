//! The local quadratic model at a point.

use hesse_runtime::{Analyze, Spectrum, packed};
use serde_json::{Value, json};

use crate::problem::Problem;
use crate::refusal::Refusal;
use crate::request::Request;

/// The model in all parameters, and its principal axes within the plane of `axes` for the picture.
pub(crate) fn answer(problem: &Problem, request: &Request) -> Result<Value, Refusal> {
    let n = problem.dimension();
    let at = request.point("at", n)?;
    let [first, second] = request.two("axes", n.saturating_sub(1))?;
    let analysis = problem.surface.analyze(&at).map_err(Refusal::computation)?;
    let model = &analysis.model;
    let hessian = model.hessian();
    let rows: Vec<Vec<f64>> = hessian.row_iter().map(|row| row.iter().copied().collect()).collect();
    let mut plane = vec![0.0; packed::length(2)];
    plane[packed::position(0, 0)] = hessian[(first, first)];
    plane[packed::position(1, 0)] = hessian[(first, second)];
    plane[packed::position(1, 1)] = hessian[(second, second)];
    let plane = if first == second { plane[..1].to_vec() } else { plane };
    let within =
        Spectrum::of_packed(if first == second { 1 } else { 2 }, &plane).map_err(Refusal::computation)?;
    Ok(json!({
        "at": at,
        "value": model.value(),
        "gradient": model.gradient().as_slice(),
        "gradient_norm": analysis.gradient_norm(),
        "hessian": rows,
        "eigenvalues": model.spectrum().eigenvalues().as_slice(),
        "eigenvectors": vectors(model.spectrum()),
        "kind": analysis.kind().as_str(),
        "kind_in_words": analysis.kind().to_string(),
        "index": analysis.index(),
        "condition_number": analysis.condition_number(),
        "newton_step": model.newton_step().map(|step| step.as_slice()),
        "plane": { "eigenvalues": within.eigenvalues().as_slice(), "eigenvectors": vectors(&within) },
    }))
}

fn vectors(spectrum: &Spectrum) -> Vec<Vec<f64>> {
    spectrum.eigenvectors().column_iter().map(|u| u.iter().copied().collect()).collect()
}
