//! JSON: the same, for scripts. Polynomials are texts in the notation of formulas.

use hesse_symbolic::explain::{Account, Hessian, Line, LocalArray, Method, Panels, Piece};
use hesse_symbolic::functions::DIVISION;
use hesse_symbolic::rules::Applied;
use hesse_symbolic::schedule::Run;
use serde_json::{Map, Value, json as object};

use super::Report;

pub(crate) fn json(report: &Report) -> String {
    let explanation = &report.explanation;
    let sizes: Map<String, Value> = explanation
        .sizes
        .iter()
        .map(|name| (name.clone(), report.sizes.get(name).map_or(Value::Null, |&size| object!(size))))
        .collect();
    let functions =
        report.functions().into_iter().map(|(function, cost)| (function.name().to_owned(), object!(cost)));
    let mut additions =
        Map::from_iter([("division".to_owned(), object!(DIVISION)), ("root".to_owned(), object!(DIVISION))]);
    additions.extend(functions);
    let document = object!({
        "parameters": explanation.parameters.to_string(),
        "nonlinear_edges": {
            "pushed": explanation.nonlinear_edges.pushed,
            "sent": explanation.nonlinear_edges.sent,
        },
        "sizes": sizes,
        "additions": additions,
        "mode": report.mode.name(),
        "rewritten": report.applied.iter().map(rule).collect::<Vec<_>>(),
        "functions": explanation.accounts.iter().map(|own| account(report, own)).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn rule(Applied { rule, count }: &Applied) -> Value {
    object!({
        "name": rule.name,
        "written": rule.written,
        "becomes": rule.becomes,
        "guard": rule.guard,
        "soundness": rule.soundness.name(),
        "count": count,
    })
}

fn account(report: &Report, account: &Account) -> Value {
    let rows = report.explanation.rows.iter().map(|rows| {
        let cost = report.per_row(&account.cost, rows);
        (rows.clone(), cost.map_or(Value::Null, |cost| object!(cost.to_string())))
    });
    object!({
        "name": account.output.function(),
        "dispatched": account.dispatched,
        "work": account.cost.to_string(),
        "work_at_sizes": account.cost.at(&report.sizes).as_constant(),
        "work_per_row": rows.collect::<Map<_, _>>(),
        "multiple_of_value": report.ratio(account),
        "loops": account.lines.iter().map(line).collect::<Vec<_>>(),
        "hessian": account.hessian.as_ref().map(|own| hessian(account, own)),
        "local_arrays": account.arrays.iter().map(array).collect::<Vec<_>>(),
        "panels": account.panels.iter().map(panels).collect::<Vec<_>>(),
        "workspace": account.workspace.to_string(),
    })
}

fn line(line: &Line) -> Value {
    let work = &line.work;
    let (run, rows, obstacle) = match work.levels.last().map(|level| level.run) {
        None => ("once", None, None),
        Some(Run::Lanes) => ("lanes", None, None),
        Some(Run::Tiles(rows)) => ("tiles", Some(rows), None),
        Some(Run::Plain(obstacle)) => ("plain", None, obstacle.map(|obstacle| obstacle.name())),
    };
    let functions: Map<String, Value> = work
        .functions
        .iter()
        .map(|(function, &calls)| (function.name().to_owned(), object!(calls)))
        .collect();
    object!({
        "depth": work.levels.len(),
        "counter": line.counter,
        "range": line.counter.is_some().then_some(&line.range),
        "positions": line.positions.to_string(),
        "run": run,
        "rows_per_tile": rows,
        "obstacle": obstacle,
        "arithmetic": work.arithmetic,
        "divisions": work.divisions,
        "roots": work.roots,
        "functions": functions,
        "loads": work.loads,
        "locals": work.locals,
        "gradient": work.gradient,
        "hessian": work.hessian,
    })
}

fn hessian(account: &Account, hessian: &Hessian) -> Value {
    object!({
        "entries": hessian.entries.to_string(),
        "additions": account.total(|work| work.hessian as u64).to_string(),
        "families": hessian.families,
        "pieces": hessian.pieces.iter().map(piece).collect::<Vec<_>>(),
    })
}

fn piece(piece: &Piece) -> Value {
    let [row, column] = match &piece.parameters {
        Some([row, column]) => [Some(row), Some(column)],
        None => [None, None],
    };
    let rank = match piece.method {
        Method::Update { rank } => Some(rank),
        _ => None,
    };
    object!({
        "row": row,
        "column": column,
        "method": piece.method.name(),
        "rank": rank,
        "over": piece.over,
        "statements": piece.statements,
        "additions": piece.additions.to_string(),
    })
}

fn array(array: &LocalArray) -> Value {
    object!({
        "name": array.name,
        "shape": array.shape.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "contents": array.contents.text(),
        "home": array.home.name(),
    })
}

fn panels(panels: &Panels) -> Value {
    object!({
        "count": panels.count,
        "numbers_per_row": panels.positions.to_string(),
        "rows_per_tile": panels.rows,
    })
}
