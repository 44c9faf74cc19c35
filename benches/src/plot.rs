//! Times as a plot: a line per workload, a mark per contestant, in multiples of the hand-written time.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Contestants in the order of the legend, with the shape and the class of their marks.
const CONTESTANTS: [(&str, Shape, &str); 4] = [
    ("Hesse", Shape::Circle, "hesse"),
    ("CasADi", Shape::Triangle, "casadi"),
    ("JAX", Shape::Square, "jax"),
    ("num-dual", Shape::Diamond, "dual"),
];

/// What the others are divided by.
const UNIT: &str = "by hand";

const WIDTH: f64 = 860.0;
/// Where the axis begins and ends.
const LEFT: f64 = 170.0;
const RIGHT: f64 = 780.0;
const TOP: f64 = 96.0;
const LINE: f64 = 24.0;

/// Colors hold a contrast of 4.5 to their background, in light and in dark.
const STYLE: &str = "\
text{font:13px system-ui,sans-serif;fill:#1f2328}\
.paper{fill:#fff}.title{font-size:16px;font-weight:600}.soft{fill:#59636e}.middle{text-anchor:middle}.end{text-anchor:end}\
.grid{stroke:#d1d9e0;stroke-width:1}.one{stroke:#1f2328;stroke-width:1.5}.goal{stroke:#1f2328;stroke-dasharray:3 3}\
.mark{stroke:#fff;stroke-width:1}.hesse{fill:#b3261e}.casadi{fill:#0b62c4}.jax{fill:#1a7f37}.dual{fill:#7d4cc2}\
@media (prefers-color-scheme:dark){\
text{fill:#e6edf3}.paper{fill:#161b22}.soft{fill:#9da7b1}.grid{stroke:#30363d}.one,.goal{stroke:#e6edf3}\
.mark{stroke:#161b22}.hesse{fill:#ff7b72}.casadi{fill:#79b8ff}.jax{fill:#56d364}.dual{fill:#d2a8ff}}";

#[derive(Clone, Copy)]
enum Shape {
    Circle,
    Triangle,
    Square,
    Diamond,
}

/// Multiples of the hand-written time: for each workload, by contestant.
type Multiples = Vec<(String, BTreeMap<String, f64>)>;

/// An SVG of the lines `workload, contestant, seconds` (tabs between) of several runs.
///
/// Times are divided within their run; what an earlier run has is not taken from a later one.
///
/// # Errors
/// With the first line that is no time.
pub fn svg(runs: &[String]) -> Result<String, String> {
    let workloads = multiples(runs)?;
    let all = || workloads.iter().flat_map(|(_, of)| of.values().copied());
    let axis = Axis {
        lo: power(all().fold(1.0, f64::min), f64::floor),
        hi: power(all().fold(10.0, f64::max), f64::ceil),
    };
    let bottom = TOP + LINE * workloads.len() as f64;
    let height = bottom + 60.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-label=\"Time of value, gradient and Hessian in multiples of hand-written code\">\n\
         <style>{STYLE}</style>\n<rect class=\"paper\" width=\"{WIDTH}\" height=\"{height}\" rx=\"6\"/>\n"
    );
    text(&mut svg, "title", 20.0, 30.0, "Value, gradient and Hessian against hand-written code");
    let mut x = 20.0;
    for (name, shape, class) in CONTESTANTS {
        if workloads.iter().any(|(_, of)| of.contains_key(name)) {
            mark(&mut svg, shape, class, x + 6.0, 52.0);
            text(&mut svg, "", x + 17.0, 56.5, name);
            x += 100.0;
        }
    }
    text(&mut svg, "soft end", WIDTH - 16.0, TOP - 12.0, "Hesse ÷ hand");
    for (value, labeled) in axis.ticks() {
        let x = axis.place(value);
        line(&mut svg, "grid", [x, TOP, x, bottom]);
        if labeled {
            text(&mut svg, "middle", x, bottom + 18.0, &value.to_string());
        }
    }
    let label = "time ÷ time of hand-written code (logarithmic; further left is faster)";
    text(&mut svg, "middle", (LEFT + RIGHT) / 2.0, bottom + 42.0, label);
    for (class, value, side, anchor) in [("one", 1.0, -4.0, "end"), ("goal", 1.1, 4.0, "")] {
        let x = axis.place(value);
        line(&mut svg, class, [x, TOP - 6.0, x, bottom]);
        text(&mut svg, anchor, x + side, TOP - 12.0, &value.to_string());
    }
    for (at, (name, of)) in workloads.iter().enumerate() {
        let y = TOP + LINE * (at as f64 + 0.5);
        text(&mut svg, "end", LEFT - 12.0, y + 4.5, name);
        // The first contestant lies on top.
        for (contestant, shape, class) in CONTESTANTS.iter().rev() {
            if let Some(&multiple) = of.get(*contestant) {
                mark(&mut svg, *shape, class, axis.place(multiple), y);
            }
        }
        if let Some(multiple) = of.get("Hesse") {
            text(&mut svg, "end", WIDTH - 16.0, y + 4.5, &format!("{multiple:.2}"));
        }
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

fn multiples(runs: &[String]) -> Result<Multiples, String> {
    let mut workloads = Multiples::new();
    for run in runs {
        let mut times = Vec::new();
        for line in run.lines() {
            let mut cells = line.split('\t');
            let time = (cells.next(), cells.next(), cells.next().and_then(|s| s.parse::<f64>().ok()));
            let (Some(workload), Some(contestant), Some(seconds)) = time else {
                return Err(format!("workload, contestant and seconds were expected, not `{line}`"));
            };
            times.push((workload, contestant, seconds));
        }
        for &(workload, contestant, seconds) in times.iter().filter(|time| time.1 != UNIT) {
            let unit = times.iter().find(|time| time.0 == workload && time.1 == UNIT);
            let Some((_, _, unit)) = unit else { return Err(format!("`{workload}` has no time by hand")) };
            let at = workloads.iter().position(|known| known.0 == workload).unwrap_or_else(|| {
                workloads.push((workload.to_owned(), BTreeMap::new()));
                workloads.len() - 1
            });
            workloads[at].1.entry(contestant.to_owned()).or_insert(seconds / unit);
        }
    }
    Ok(workloads)
}

/// The range of a logarithmic axis.
struct Axis {
    lo: f64,
    hi: f64,
}

impl Axis {
    fn place(&self, value: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * (value / self.lo).log10() / (self.hi / self.lo).log10()
    }

    /// 1, 2 and 5 times powers of ten, and whether they have a label.
    fn ticks(&self) -> Vec<(f64, bool)> {
        let powers = (self.lo.log10().floor() as i32)..=(self.hi.log10().ceil() as i32);
        let ticks = powers.flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10f64.powi(power)));
        ticks
            .filter(|tick| (self.lo..=self.hi).contains(tick))
            .map(|tick| (tick, tick.log10().fract() == 0.0 || tick == self.lo))
            .collect()
    }
}

/// The next of 1, 2, 5, 10, … below or above.
fn power(value: f64, round: fn(f64) -> f64) -> f64 {
    let steps = round(value.log10() * 3.0) as i32;
    [1.0, 2.0, 5.0][steps.rem_euclid(3) as usize] * 10f64.powi(steps.div_euclid(3))
}

fn text(svg: &mut String, class: &str, x: f64, y: f64, text: &str) {
    let _ = writeln!(svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>");
}

fn line(svg: &mut String, class: &str, [x1, y1, x2, y2]: [f64; 4]) {
    let _ = writeln!(
        svg,
        "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
    );
}

fn mark(svg: &mut String, shape: Shape, class: &str, x: f64, y: f64) {
    let points: &[[f64; 2]] = match shape {
        Shape::Circle => {
            let _ = writeln!(svg, "<circle class=\"mark {class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6\"/>");
            return;
        }
        Shape::Triangle => &[[0.0, -6.0], [6.0, 5.0], [-6.0, 5.0]],
        Shape::Square => &[[-5.0, -5.0], [5.0, -5.0], [5.0, 5.0], [-5.0, 5.0]],
        Shape::Diamond => &[[0.0, -6.5], [6.5, 0.0], [0.0, 6.5], [-6.5, 0.0]],
    };
    let points: Vec<_> = points.iter().map(|[dx, dy]| format!("{:.1},{:.1}", x + dx, y + dy)).collect();
    let _ = writeln!(svg, "<polygon class=\"mark {class}\" points=\"{}\"/>", points.join(" "));
}
