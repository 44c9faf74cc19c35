//! How cost grows: with the rows of a logistic regression, and with the weights of a network.

use crate::generated::network;
use crate::measure::{self, Contestant, Effort, Task, Times};
use crate::numbers::Numbers;
use crate::workload::Workload;
use crate::workloads::logreg;

/// Bytes for each row of the largest logistic regression: features and target, for both versions, and headroom.
const PER_ROW: usize = 300;

/// Markdown: time per row from 10³ to 10⁷ rows, the last where memory allows.
pub fn rows(effort: Effort, most: usize) -> String {
    let mut text = "| rows | Hesse E+g+H per row | by hand |\n|--:|--:|--:|".to_owned();
    for rows in [1_000, 10_000, 100_000, 1_000_000, 10_000_000] {
        if rows > most || available().is_some_and(|bytes| bytes < rows * PER_ROW) {
            text.push_str(&format!("\n| {rows} | – | – |"));
            continue;
        }
        logreg::with(rows, &mut |workload: &Workload<'_>| {
            let Times { hesse, hand, .. } = measure::tasks(workload, effort, &[Task::Hessian]);
            let per_row = |seconds: f64| format!("{:.2} ns", seconds * 1e9 / rows as f64);
            let ours = hesse[2].map_or("–".to_owned(), per_row);
            text.push_str(&format!("\n| {rows} | {ours} | {} |", per_row(hand[2])));
        });
    }
    text
}

/// Markdown: time of a network's Hessian over rows and squared weights, for layers of growing size.
pub fn weights(effort: Effort) -> String {
    const ROWS: usize = 64;
    let mut text = "| inputs-hidden-classes | W | E+g+H | per row and W² |\n|---|--:|--:|--:|".to_owned();
    for [inputs, hidden, classes] in [[4, 8, 3], [8, 16, 5], [16, 32, 10], [24, 48, 15]] {
        let mut numbers = Numbers::new(13);
        let x = numbers.vector(ROWS * inputs, 1.7);
        let class: Vec<usize> = (0..ROWS).map(|_| numbers.below(classes)).collect();
        let surface = network::error_function(&x, &class, hidden, inputs, classes);
        let count = hidden * (inputs + 1) + classes * (hidden + 1);
        let w = numbers.vector(count, 0.5);
        let mut buffers = measure::Buffers::new(count, count * (count + 1) / 2);
        let medians = measure::interleave(1, effort, &mut |_, calls| {
            surface.time(Task::Hessian, calls, &w, &[], &mut buffers)
        });
        let per = medians[0] * 1e9 / (ROWS * count * count) as f64;
        let time = crate::table::duration(medians[0]);
        text.push_str(&format!("\n| {inputs}-{hidden}-{classes} | {count} | {time} | {per:.3} ns |"));
    }
    text
}

/// Free memory in bytes, where the system tells.
fn available() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("MemAvailable:"))?;
    line.split_whitespace().nth(1)?.parse::<usize>().ok().map(|kilobytes| kilobytes * 1024)
}
