//! Values of E on a grid in the plane of two parameters.

use hesse_runtime::ErrorFunction;
use serde_json::{Value, json};

use crate::problem::Problem;
use crate::refusal::Refusal;
use crate::request::Request;

/// The most columns or rows of a grid.
const MAX_SIZE: usize = 400;

/// Rows from the lower bound of the second axis upwards, each from the lower bound of the first axis on; with one
/// parameter both axes are that one, and there is one row.
pub(crate) fn answer(
    problem: &Problem,
    request: &Request,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Value, Refusal> {
    let n = problem.dimension();
    let mut w = request.point("at", n)?;
    let [first, second] = request.two("axes", n.saturating_sub(1))?;
    let window = request.pairs("window", 2)?;
    let [columns, rows] = request.two("size", MAX_SIZE)?;
    if columns < 2 || rows < 1 {
        return Err(Refusal::request("`size` is less than two columns and one row"));
    }
    let rows = if first == second { 1 } else { rows.max(2) };
    let mut values = Vec::with_capacity(columns * rows);
    let mut is_cut = false;
    for row in 0..rows {
        is_cut = is_cut || !go_on();
        if is_cut {
            break;
        }
        w[second] = position(window[1], row, rows);
        for column in 0..columns {
            w[first] = position(window[0], column, columns);
            values.push(problem.surface.value(&w));
        }
    }
    Ok(json!({ "columns": columns, "rows": rows, "values": values, "cut": is_cut }))
}

/// The place of a grid line; both bounds are places.
fn position([lo, hi]: [f64; 2], at: usize, count: usize) -> f64 {
    let part = at as f64 / (count.max(2) - 1) as f64;
    lo + part * (hi - lo)
}
