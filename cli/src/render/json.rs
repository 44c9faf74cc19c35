//! JSON: keys in a fixed order, every float as the shortest text that reads back to it.

use hesse_runtime::Analysis;
use hesse_runtime::descent::Descent;
use serde_json::{Map, Value, json};

use super::geometry;
use crate::command::{Evaluation, Report};

pub(crate) type Object = Map<String, Value>;

pub(crate) fn document(object: Object) -> String {
    format!("{:#}\n", Value::Object(object))
}

pub(crate) fn evaluation(evaluation: &Evaluation) -> Object {
    let mut object = Object::new();
    object.insert("parameters".into(), json!(evaluation.names));
    object.insert("value".into(), json!(evaluation.value));
    object.insert("gradient".into(), json!(evaluation.gradient));
    object.insert("hessian".into(), json!(evaluation.hessian));
    object
}

pub(crate) fn analysis(report: &Report) -> Object {
    let mut object = evaluation(&report.evaluation);
    let Analysis { model, .. } = &report.analysis;
    let vectors: Vec<Vec<f64>> =
        model.spectrum().eigenvectors().column_iter().map(|u| u.iter().copied().collect()).collect();
    object.insert("eigenvalues".into(), json!(model.spectrum().eigenvalues().as_slice()));
    object.insert("eigenvectors".into(), json!(vectors));
    object.insert("kind".into(), json!(report.analysis.kind().as_str()));
    object.insert("index".into(), json!(report.analysis.index()));
    // A singular Hessian has an infinite condition number, which JSON cannot say.
    let condition = report.analysis.condition_number();
    object.insert(
        "condition_number".into(),
        if condition.is_finite() { json!(condition) } else { Value::Null },
    );
    object.insert("gradient_norm".into(), json!(report.analysis.gradient_norm()));
    geometry::insert(&mut object, &report.analysis);
    object
}

pub(crate) fn minimum(report: &Report, descent: &Descent) -> Object {
    let mut object = analysis(report);
    object.insert("converged".into(), json!(descent.converged()));
    object.insert("status".into(), json!(descent.status.to_string()));
    object.insert("iterations".into(), json!(descent.iterations));
    object.insert("minimizer".into(), json!(descent.minimizer));
    object
}

/// The end point of a descent that cannot be analyzed; numbers that are not finite are null.
pub(crate) fn point(names: &[String], descent: &Descent) -> Object {
    let mut object = Object::new();
    object.insert("parameters".into(), json!(names));
    object.insert("value".into(), json!(descent.value));
    object.insert("converged".into(), json!(descent.converged()));
    object.insert("status".into(), json!(descent.status.to_string()));
    object.insert("iterations".into(), json!(descent.iterations));
    object.insert("minimizer".into(), json!(descent.minimizer));
    object
}
