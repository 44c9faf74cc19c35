//! Results as Markdown.

use crate::measure::Times;

/// The rows of all tables, gathered while workloads run.
#[derive(Debug, Default)]
pub struct Table {
    lines: Vec<(String, Times)>,
}

/// What a table says of one task or of all.
const HEAD: &str = "\
| workload | E | E+g | E+g+H | Hv | H / E | ÷ hand: E | E+g | E+g+H | Hv | num-dual ÷ Hesse |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|";

impl Table {
    /// One workload more.
    pub fn add(&mut self, name: &str, times: Times) {
        self.lines.push((name.to_owned(), times));
    }

    /// Hesse's times, its ratios to the hand-written version, and num-dual's ratio to it.
    pub fn hesse(&self) -> String {
        let mut text = HEAD.to_owned();
        for (name, Times { hesse, hand, dual }) in &self.lines {
            let ratio = |a: Option<f64>, b: Option<f64>| a.zip(b).map(|(a, b)| a / b);
            let mut cells = vec![name.clone()];
            cells.extend(hesse.iter().map(|t| t.map_or("–".to_owned(), duration)));
            let beside = (0..4).map(|at| ratio(hesse[at], Some(hand[at])));
            let ratios = [ratio(hesse[2], hesse[0])].into_iter().chain(beside);
            cells.extend(ratios.map(|r| r.map_or("–".to_owned(), |r| format!("{r:.2}"))));
            cells.push(ratio(*dual, hesse[2]).map_or("–".to_owned(), |r| format!("{r:.0}")));
            text.push_str(&format!("\n| {} |", cells.join(" | ")));
        }
        text
    }

    /// Value, gradient and Hessian of all contestants: lines of workload, contestant and seconds with tabs between.
    pub fn times(&self) -> String {
        let mut text = String::new();
        for (name, Times { hesse, hand, dual }) in &self.lines {
            for (contestant, seconds) in
                [("Hesse", hesse[2]), ("by hand", Some(hand[2])), ("num-dual", *dual)]
            {
                text.extend(seconds.map(|seconds| format!("{name}\t{contestant}\t{seconds:e}\n")));
            }
        }
        text
    }

    /// The hand-written times.
    pub fn hand(&self) -> String {
        let mut text = "| by hand | E | E+g | E+g+H | Hv |\n|---|--:|--:|--:|--:|".to_owned();
        for (name, Times { hand, .. }) in &self.lines {
            text.push_str(&format!("\n| {name} | {} |", hand.map(duration).join(" | ")));
        }
        text
    }
}

/// Seconds in the unit that fits, to three digits.
pub fn duration(seconds: f64) -> String {
    let (scaled, unit) = match seconds {
        s if s < 1e-6 => (s * 1e9, "ns"),
        s if s < 1e-3 => (s * 1e6, "µs"),
        s if s < 1.0 => (s * 1e3, "ms"),
        s => (s, "s"),
    };
    let digits = if scaled < 10.0 {
        2
    } else if scaled < 100.0 {
        1
    } else {
        0
    };
    format!("{scaled:.digits$} {unit}")
}
