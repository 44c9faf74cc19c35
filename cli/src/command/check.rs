//! `hesse check`: gradient and Hessian against differences, hyper-dual numbers and intervals.

use hesse_runtime::ErrorFunction;
use hesse_runtime::agreement::Sample;
use hesse_symbolic::evaluate::Checked;

use super::Answer;
use crate::args::{Check, Format};
use crate::failure::Failure;
use crate::input::problem;
use crate::render::{checked, json};

/// A point and the entries there.
pub(crate) struct CheckedPoint {
    pub(crate) at: Vec<f64>,
    pub(crate) entries: Vec<Checked>,
}

pub(super) fn run(args: &Check) -> Result<Answer, Failure> {
    let problem = problem(&args.source)?;
    let surface = problem.surface.whole()?;
    let points = match &args.at {
        Some(point) => vec![problem.point("--at", Some(point))?],
        None => (0..args.points).map(|point| sample(point, surface.dimension())).collect(),
    };
    let points: Vec<CheckedPoint> =
        points.into_iter().map(|at| CheckedPoint { entries: surface.check(&at), at }).collect();
    let names = surface.parameter_names();
    let text = match args.format {
        Format::Json => json::document(checked::json(names, &points)),
        Format::Text => checked::text(names, &points),
    };
    let wrong = points.iter().flat_map(|p| &p.entries).filter(|entry| !entry.doubts().is_empty()).count();
    let failure = (wrong > 0).then(|| Failure::computation(format!("{wrong} entries are in doubt")));
    Ok(Answer { text, failure })
}

/// A point such as generated tests take: the origin, all parameters equal, small, large and very different ones.
fn sample(point: u32, dimension: usize) -> Vec<f64> {
    let mut sample = Sample::new(point);
    (0..dimension).map(|_| sample.parameter()).collect()
}
