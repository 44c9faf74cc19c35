//! A fit beside its data.

use hesse_pictures::{Band, Canvas, Curve, Fit, Scene};
use hesse_runtime::ErrorFunction as _;
use hesse_symbolic::evaluate::Response;

use super::title;
use crate::args::Plot;
use crate::command::fitted::{Statistics, Target};
use crate::failure::Failure;
use crate::input::Problem;

/// Points of a curve.
const POINTS: usize = 241;
/// How many standard errors a band is wide, to either side: for normal errors, 95 of 100 such bands have the curve.
const ERRORS: f64 = 2.0;

pub(super) fn draw(args: &Plot, written: Problem, canvas: &Canvas) -> Result<Scene, Failure> {
    let target = Target::of(written, &args.noise)?;
    let problem = target.problem();
    let (point, gradient) = match &args.at {
        Some(at) => {
            let point = problem.point("--at", Some(at))?;
            let mut gradient = vec![0.0; point.len()];
            problem.surface.value_gradient(&point, &mut gradient);
            (point, gradient)
        }
        None => {
            let descent = target.descend(&args.from, &mut ())?;
            (descent.minimizer, descent.gradient)
        }
    };
    let bounds = problem.bounds("--bounds", args.from.bounds.as_deref())?;
    let statistics = target.statistics(&point, &bounds.free(&point, &gradient));
    let statistics = statistics.and_then(Result::ok);
    let what = args.noise.named_loss().map_or("Fit of".to_owned(), |(loss, _)| format!("Fit by {loss} of"));
    let title = title(args, &what);
    let picture = picture(target.written(), &point, statistics.as_ref(), &title)?.ok_or_else(|| {
        Failure::input(
            "the error function does not compare a column of data with a model: write it as `sum(i, (y[i] - …)^2)`, with `y` a column that nothing else uses",
        )
    })?;
    Ok(picture.draw(canvas))
}

/// The fit at some estimates; nothing where no column is compared with a model, and no band without standard errors.
pub(crate) fn picture(
    problem: &Problem,
    w: &[f64],
    statistics: Option<&Statistics>,
    title: &str,
) -> Result<Option<Fit>, Failure> {
    let Some(response) = problem.surface.whole()?.response() else { return Ok(None) };
    let fitted = response.fitted(w);
    let observed = response.observed().to_vec();
    let residuals = observed.iter().zip(&fitted).map(|(y, f)| y - f).collect();
    let name = response.observed_name();
    let (at, label, curve) = match (response.predictor(), response.predictor_name()) {
        (Some(x), Some(label)) => (x.to_vec(), label.to_owned(), Some(curve(&response, x, w, statistics))),
        _ => (fitted, format!("fitted {name}"), None),
    };
    let labels = [label, name.to_owned()];
    Ok(Some(Fit { title: title.to_owned(), labels, at, observed, residuals, curve }))
}

fn curve(response: &Response, x: &[f64], w: &[f64], statistics: Option<&Statistics>) -> Curve {
    let (lo, hi) = x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), &x| (lo.min(x), hi.max(x)));
    let at = |k: usize| lo + (hi - lo) * (k as f64 / (POINTS - 1) as f64);
    let x: Vec<f64> = (0..POINTS).map(at).collect();
    let (y, gradients): (Vec<f64>, Vec<Vec<f64>>) = response.at(&x, w).into_iter().unzip();
    let band = statistics.map(|statistics| Band {
        name: "fit ± 2 standard errors".to_owned(),
        half_widths: gradients.iter().map(|g| ERRORS * statistics.standard_error_of(g)).collect(),
    });
    Curve { x, y, band }
}
