//! Stationary points in a box, with proof.

use std::ops::ControlFlow;

use hesse_runtime::certify::{Settings, stationary_points};
use hesse_runtime::interval::Interval;
use serde_json::{Value, json};

use crate::problem::Problem;
use crate::refusal::Refusal;
use crate::request::Request;

/// The most work at one point, in additions: between two questions to `go_on` there are hundreds of boxes.
const MAX_WORK: f64 = 1e5;
/// Finer than a picture shows, and coarse enough that a degenerate point does not use up the time.
const RESOLUTION: f64 = 1e-6;
/// Where there are more undecided boxes, only some in all parts of the window are listed.
const SHOWN: usize = 200;

pub(crate) fn answer(
    problem: &Problem,
    request: &Request,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Value, Refusal> {
    if problem.work > MAX_WORK {
        return Err(Refusal::computation(format!(
            "E costs {:.1e} additions at each point, a search here affords at most {MAX_WORK:.0e}: use `hesse stationary`",
            problem.work
        )));
    }
    let sides = request.pairs("box", problem.dimension())?;
    let domain: Vec<Interval> = sides.iter().map(|&[lo, hi]| Interval::new(lo, hi)).collect();
    let settings = Settings { resolution: RESOLUTION, ..Settings::default() };
    let (mut decided, mut is_cut) = (0.0, false);
    let found = stationary_points(&problem.surface, &domain, &settings, |progress| {
        if is_cut || !go_on() {
            // The share is that of the search for points, which comes first.
            decided = if is_cut { decided } else { progress.decided };
            is_cut = true;
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })
    .map_err(Refusal::request)?;
    let points: Vec<Value> = found
        .points
        .iter()
        .map(|point| {
            json!({
                "at": point.at,
                "enclosure": bounds(&point.enclosure),
                "kind": point.kind.as_str(),
                "kind_in_words": point.kind.to_string(),
                "value": point.value.midpoint(),
                "value_enclosure": [point.value.lo(), point.value.hi()],
                "eigenvalues": point.eigenvalues,
            })
        })
        .collect();
    let undecided: Vec<Value> = found
        .undecided
        .iter()
        .step_by(found.undecided.len().div_ceil(SHOWN).max(1))
        .map(|open| json!({ "box": bounds(&open.region), "reason": open.reason.as_str() }))
        .collect();
    Ok(json!({
        "box": sides,
        "points": points,
        "undecided": undecided,
        "undecided_count": found.undecided.len(),
        "global_minimum": {
            "at": found.global_minimum.at,
            "value": [found.global_minimum.value.lo(), found.global_minimum.value.hi()],
        },
        "boxes": found.boxes,
        "cut": is_cut,
        "decided": if is_cut { decided } else { 1.0 },
    }))
}

fn bounds(region: &[Interval]) -> Vec<[f64; 2]> {
    region.iter().map(|side| [side.lo(), side.hi()]).collect()
}
