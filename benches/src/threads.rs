//! Sums over rows on several threads, beside the plain functions.

use hesse::blocks::Serial;
use hesse::{ErrorFunction, Parallel};

use crate::check::close;
use crate::generated::logreg;
use crate::measure::{self, Buffers, Contestant, Effort, TASKS};
use crate::numbers::Numbers;
use crate::table::duration;
use crate::workloads::logreg::{P, data};

/// Markdown: a logistic regression as plain functions, by blocks on one thread, and on those of rayon.
pub fn logistic(effort: Effort, rows: usize) -> String {
    let mut numbers = Numbers::new(1);
    let (x, t) = data(&mut numbers, rows);
    let (w, v) = (numbers.vector(P, 0.5), numbers.vector(P, 1.0));
    let plain = logreg::error_function(&x, &t);
    let (serial, parallel) = (Serial::new(plain), Parallel::new(plain));
    same(&plain, &serial, &parallel, &w);
    let contestants: [&dyn Contestant; 3] = [&plain, &serial, &parallel];
    let mut buffers = Buffers::new(P, P * (P + 1) / 2);
    let medians = measure::interleave(TASKS.len() * 3, effort, &mut |race, calls| {
        contestants[race % 3].time(TASKS[race / 3], calls, &w, &v, &mut buffers)
    });
    let mut text = format!("| logreg, {rows} rows | E | E+g | E+g+H | Hv |\n|---|--:|--:|--:|--:|");
    let names = ["plain", "by blocks, one thread", "by blocks, threads of rayon"];
    for (at, name) in names.into_iter().enumerate() {
        let times: Vec<_> = (0..TASKS.len()).map(|task| duration(medians[3 * task + at])).collect();
        text.push_str(&format!("\n| {name} | {} |", times.join(" | ")));
    }
    let ratio = |task: usize| format!("{:.2}", medians[3 * task] / medians[3 * task + 2]);
    let ratios: Vec<_> = (0..TASKS.len()).map(ratio).collect();
    text.push_str(&format!("\n| plain ÷ parallel | {} |", ratios.join(" | ")));
    text
}

/// Blocks give the same bits on any number of threads, and what the plain functions give.
fn same(plain: &impl ErrorFunction, serial: &impl ErrorFunction, parallel: &impl ErrorFunction, w: &[f64]) {
    let all = |error: &dyn ErrorFunction| {
        let (mut gradient, mut hessian) = (vec![0.0; P], vec![0.0; P * (P + 1) / 2]);
        let value = error.value_gradient_hessian(w, &mut gradient, &mut hessian);
        [&[value], &gradient[..], &hessian].concat()
    };
    let found = all(parallel);
    assert_eq!(found, all(serial), "bits depend on the number of threads");
    close("blocks", &found, &all(plain));
}
