//! `hesse eval`: E, its gradient and its Hessian at a point.

use hesse_runtime::{ErrorFunction, packed};

use super::Answer;
use crate::args::{At, Format};
use crate::failure::Failure;
use crate::input::{Problem, problem};
use crate::render::{json, text};

/// E and its derivatives at a point, all finite.
pub(crate) struct Evaluation {
    pub(crate) names: Vec<String>,
    pub(crate) value: f64,
    pub(crate) gradient: Vec<f64>,
    /// Row by row, both triangles.
    pub(crate) hessian: Vec<Vec<f64>>,
}

pub(super) fn run(args: &At) -> Result<Answer, Failure> {
    let problem = problem(&args.source)?;
    let point = problem.point("--at", args.at.as_deref())?;
    let evaluation = Evaluation::at(&problem, &point)?;
    let text = match args.format {
        Format::Json => json::document(json::evaluation(&evaluation)),
        Format::Text => text::evaluation(&evaluation),
    };
    Ok(text.into())
}

impl Evaluation {
    /// Evaluates; what is not finite is named.
    pub(crate) fn at(problem: &Problem, point: &[f64]) -> Result<Evaluation, Failure> {
        let (surface, names) = (&problem.surface, problem.surface.parameter_names());
        let n = point.len();
        let (mut gradient, mut triangle) = (vec![0.0; n], vec![0.0; packed::length(n)]);
        let value = surface.value_gradient_hessian(point, &mut gradient, &mut triangle);
        let not_finite = |what: String, value: f64| {
            problem.explain(Failure::computation(format!("{what} is {value} at this point")))
        };
        if !value.is_finite() {
            return Err(not_finite("the error function".to_owned(), value));
        }
        if let Some(at) = gradient.iter().position(|g| !g.is_finite()) {
            return Err(not_finite(format!("the derivative by `{}`", names[at]), gradient[at]));
        }
        for row in 0..n {
            for column in 0..=row {
                let entry = triangle[packed::position(row, column)];
                if !entry.is_finite() {
                    let what = format!("the second derivative by `{}` and `{}`", names[row], names[column]);
                    return Err(not_finite(what, entry));
                }
            }
        }
        let entry = |row: usize, column: usize| triangle[packed::position(row.max(column), row.min(column))];
        let hessian = (0..n).map(|row| (0..n).map(|column| entry(row, column)).collect()).collect();
        Ok(Evaluation { names: names.to_vec(), value, gradient, hessian })
    }
}
