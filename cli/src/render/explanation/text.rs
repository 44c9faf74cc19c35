//! Text: a table of work, then loops, Hessian and storage of each function.

use hesse_symbolic::explain::{Account, Home, Line, LocalArray, Method, Panels, Piece, Polynomial};
use hesse_symbolic::functions::DIVISION;
use hesse_symbolic::rules::Applied;
use hesse_symbolic::schedule::{LANES, Level, Obstacle, Run, Work};

use super::Report;
use crate::render::number::aligned;

pub(crate) fn text(report: &Report) -> String {
    let explanation = &report.explanation;
    let mut text = format!(
        "Parameters: {}. Nonlinear edges of the Hessian: {} pushed, {} sent to the leaves at once.\n\nWork\n{}",
        explanation.parameters,
        explanation.nonlinear_edges.pushed,
        explanation.nonlinear_edges.sent,
        summary(report)
    );
    text.push_str(&notes(report));
    text.push_str(&rules(report));
    for account in &explanation.accounts {
        let dispatched = if account.dispatched { ", compiled for each kind of processor" } else { "" };
        text.push_str(&format!("\n{}{dispatched}\n{}", account.output.function(), loops(account)));
        text.push_str(&hessian(account));
        text.push_str(&storage(account));
    }
    text
}

/// The rules that rewrote the formula.
fn rules(report: &Report) -> String {
    if report.applied.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = report
        .applied
        .iter()
        .map(|Applied { rule, count }| {
            let times = if *count == 1 { String::new() } else { format!("{count} times") };
            let rule = [rule.name, rule.written, rule.becomes, rule.soundness.name()].map(str::to_owned);
            rule.into_iter().chain([times]).collect()
        })
        .collect();
    format!("\nRewritten, in mode {}\n{}", report.mode.name(), aligned(&rows, |_| true))
}

/// The unit of work, what is not counted, and what multiples stand on.
fn notes(report: &Report) -> String {
    let calls = report.functions().into_iter().filter(|(_, cost)| *cost > 1);
    let weights: Vec<String> =
        calls.map(|(function, cost)| format!(", {} {cost}", function.name())).collect();
    let mut text = format!("  in additions; a division or root counts {DIVISION}{}\n", weights.concat());
    if report.explanation.accounts.iter().any(|account| !account.panels.is_empty()) {
        text.push_str("  what the rows of a tile share is not counted\n");
    }
    let unknown = report.unknown();
    let sizes: Vec<String> = unknown.iter().map(|name| format!("{name}=…")).collect();
    match &unknown[..] {
        [] => {}
        [name] => text.push_str(&format!("  multiples as {name} grows; for one size add --size {name}=…\n")),
        _ => text.push_str(&format!("  for multiples add --size {}\n", sizes.join(","))),
    }
    text
}

fn summary(report: &Report) -> String {
    let mut head = vec![String::new(), "in all".to_owned()];
    if !report.sizes.is_empty() {
        let sizes: Vec<String> = report.sizes.iter().map(|(name, size)| format!("{name} = {size}")).collect();
        head.push(format!("at {}", sizes.join(", ")));
    }
    head.extend(report.rows().iter().map(|rows| format!("per row of {rows}")));
    head.push("÷ value".to_owned());
    let mut rows = vec![head];
    for account in &report.explanation.accounts {
        let mut row = vec![account.output.function().to_owned(), account.cost.to_string()];
        if !report.sizes.is_empty() {
            row.push(account.cost.at(&report.sizes).to_string());
        }
        let nothing = || "-".to_owned();
        row.extend(
            report.rows().into_iter().map(|rows| {
                report.per_row(&account.cost, rows).map_or_else(nothing, |cost| cost.to_string())
            }),
        );
        row.push(report.ratio(account).map_or_else(nothing, |ratio| format!("{ratio:.2}")));
        rows.push(row);
    }
    aligned(&rows, |column| column == 0)
}

/// A column of counts.
type Count = (&'static str, fn(&Work) -> usize);

const COUNTS: [Count; 7] = [
    ("arithmetic", |work| work.arithmetic),
    ("divisions", |work| work.divisions),
    ("roots", |work| work.roots),
    ("loads", |work| work.loads),
    ("locals", |work| work.locals),
    ("gradient", |work| work.gradient),
    ("Hessian", |work| work.hessian),
];

/// One line per loop; columns of zeros are left out.
fn loops(account: &Account) -> String {
    let lines: Vec<&Line> = account.lines.iter().filter(|line| is_told(line)).collect();
    let shown: Vec<Count> =
        COUNTS.into_iter().filter(|(_, count)| lines.iter().any(|line| count(&line.work) > 0)).collect();
    let has_functions = lines.iter().any(|line| !line.work.functions.is_empty());
    let mut head = vec!["at each position of".to_owned()];
    head.extend(shown.iter().map(|(name, _)| (*name).to_owned()));
    head.extend(has_functions.then(|| "functions".to_owned()));
    head.push("run".to_owned());
    let mut rows = vec![head];
    for line in lines {
        let depth = line.work.levels.len().saturating_sub(1);
        let place = match &line.counter {
            Some(counter) => format!("{}{counter} in {}", "  ".repeat(depth), line.range),
            None => "once".to_owned(),
        };
        let mut row = vec![place];
        row.extend(shown.iter().map(|(_, count)| match count(&line.work) {
            0 => String::new(),
            count => count.to_string(),
        }));
        row.extend(has_functions.then(|| calls(&line.work)));
        row.push(line.work.levels.last().map_or_else(String::new, |level| run(level, line)));
        rows.push(row);
    }
    let counts = shown.len();
    aligned(&rows, |column| column == 0 || column > counts)
}

/// Loops that do nothing themselves are told for the sake of those in them.
fn is_told(line: &Line) -> bool {
    let own = |run: Run| !matches!(run, Run::Lanes);
    !line.work.is_idle() || line.work.levels.last().is_some_and(|level| own(level.run))
}

fn calls(work: &Work) -> String {
    let calls = work.functions.iter().map(|(function, count)| match count {
        1 => function.name().to_owned(),
        count => format!("{count} {}", function.name()),
    });
    calls.collect::<Vec<_>>().join(", ")
}

fn run(level: &Level, line: &Line) -> String {
    let counter = line.counter.as_deref().unwrap_or_default();
    match level.run {
        Run::Lanes => "in lanes".to_owned(),
        Run::Tiles(rows) => format!("tiles of {rows} rows, {LANES} lanes"),
        Run::Plain(None) => "plain".to_owned(),
        Run::Plain(Some(obstacle)) => format!("plain: {}", reason(obstacle, counter)),
    }
}

fn reason(obstacle: Obstacle, counter: &str) -> String {
    match obstacle {
        Obstacle::Short => "short range".to_owned(),
        Obstacle::Scatter => "scatters more than it computes".to_owned(),
        Obstacle::InnerRange => format!("an inner range depends on {counter}"),
        Obstacle::MixedSubscript => format!("a subscript mixes {counter} with inner counters"),
        Obstacle::Reduction => format!("a product or maximum over {counter}"),
        Obstacle::LocalArray => format!("a local array outlives {counter}"),
        Obstacle::Stack => "panels beyond the stack".to_owned(),
        _ => "a statement no tile has".to_owned(),
    }
}

fn hessian(account: &Account) -> String {
    let Some(hessian) = &account.hessian else { return String::new() };
    let additions = account.total(|work| work.hessian as u64);
    let kept = match hessian.families {
        None => "packed lower triangle".to_owned(),
        Some(1) => "sparse, in 1 family".to_owned(),
        Some(families) => format!("sparse, in {families} families"),
    };
    let one = Polynomial::constant(1);
    let [entries, added] = [("entry", "entries", &hessian.entries), ("addition", "additions", &additions)]
        .map(|(single, several, count)| format!("{count} {}", if *count == one { single } else { several }));
    let them = if hessian.entries == one { "it" } else { "them" };
    let mut text = format!("  Hessian: {entries} ({kept}), {added} to {them}\n");
    let rows: Vec<Vec<String>> = hessian
        .pieces
        .iter()
        .map(|piece| vec![format!("  {}", parameters(piece)), method(piece), piece.additions.to_string()])
        .collect();
    text.push_str(&aligned(&rows, |column| column < 2));
    text
}

fn parameters(piece: &Piece) -> String {
    match (&piece.parameters, piece.statements) {
        (Some([row, column]), 1) => format!("{row} × {column}"),
        (Some([row, column]), statements) => format!("{row} × {column}, {statements} times"),
        (None, 1) => "1 entry".to_owned(),
        (None, statements) => format!("{statements} entries"),
    }
}

fn method(piece: &Piece) -> String {
    let over = piece.over.join(", ");
    match piece.method {
        Method::Once => "once".to_owned(),
        Method::Scatter => "scatter, places of their own".to_owned(),
        Method::Update { rank } => format!("rank-{rank} update for each {over}"),
        _ => format!("added up over {over}"),
    }
}

fn storage(account: &Account) -> String {
    let mut text = String::new();
    let home = |home| match home {
        Home::Stack => "on the stack",
        Home::Workspace => "in the workspace",
        _ => "in a panel",
    };
    let row = |array: &LocalArray| {
        vec![format!("  {}", declaration(array)), array.contents.text(), home(array.home).to_owned()]
    };
    let rows: Vec<Vec<String>> = account.arrays.iter().map(row).collect();
    if !rows.is_empty() {
        text.push_str("  local arrays\n");
        text.push_str(&aligned(&rows, |_| true));
    }
    let is_tiled = |line: &&Line| matches!(line.work.levels.last(), Some(Level { run: Run::Tiles(_), .. }));
    for (line, panels) in account.lines.iter().filter(is_tiled).zip(&account.panels) {
        let Panels { count, positions, rows } = panels;
        let counter = line.counter.as_deref().unwrap_or_default();
        let panel = if *count == 1 { "panel" } else { "panels" };
        let number = if *positions == Polynomial::constant(1) { "number" } else { "numbers" };
        text.push_str(&format!(
            "  {count} {panel} of {counter} in {}: {positions} {number} for each of {rows} rows\n",
            line.range
        ));
    }
    if account.workspace != Polynomial::default() {
        text.push_str(&format!("  workspace: {} numbers\n", account.workspace));
    }
    text
}

fn declaration(array: &LocalArray) -> String {
    let lengths: Vec<String> =
        array.shape.iter().map(|length| format!("{length}").replace(' ', "")).collect();
    if lengths.is_empty() { array.name.clone() } else { format!("{}[{}]", array.name, lengths.join(", ")) }
}
