//! A scene as SVG: one self-contained picture.

use std::fmt::Write;

use crate::color::{BLACK, WHITE};
use crate::scene::{Anchor, Mark, Place, Scene, Stroke, Symbol};

impl Scene {
    /// The picture as a document of SVG 1.1, lines ending in `\n`; coordinates have one decimal.
    ///
    /// Marks have classes that say what they are (`path`, `minimum`, `residual`, …); symbols have notes that viewers show.
    ///
    /// ```
    /// use hesse_pictures::{Canvas, Spectrum};
    ///
    /// let scene = Spectrum { title: "a < b".into(), eigenvalues: vec![1.0] }.draw(&Canvas::page(400.0, 300.0));
    /// assert!(scene.to_svg().contains("<title>a &lt; b</title>"));
    /// ```
    #[must_use]
    pub fn to_svg(&self) -> String {
        let Scene { width, height, .. } = self;
        let size = tenths(self.face.size());
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" role=\"img\" \
             font-family=\"'DejaVu Sans', Verdana, 'Segoe UI', sans-serif\" font-size=\"{size}\">\n",
            w = tenths(*width),
            h = tenths(*height),
        );
        if !self.title.is_empty() {
            svg.push_str(&format!("<title>{}</title>\n", escaped(&self.title)));
        }
        svg.push_str(&format!("<rect width=\"100%\" height=\"100%\" fill=\"{}\"/>\n", WHITE.hex()));
        for mark in &self.marks {
            // Writing to a string cannot fail.
            let _ = write_mark(&mut svg, mark);
        }
        svg.push_str("</svg>\n");
        svg
    }
}

fn write_mark(svg: &mut String, mark: &Mark) -> std::fmt::Result {
    match mark {
        Mark::Area { class, rings, fill } => {
            let path: String = rings.iter().map(|ring| path(ring) + "z").collect();
            writeln!(
                svg,
                "<path class=\"{class}\" fill=\"{}\" fill-rule=\"evenodd\" d=\"{path}\"/>",
                fill.hex()
            )
        }
        Mark::Line { class, points, stroke } => {
            let path = path(points);
            let Stroke { color, width, is_dashed, has_halo } = *stroke;
            let rest = "fill=\"none\" stroke-linejoin=\"round\"";
            if has_halo {
                writeln!(
                    svg,
                    "<path {rest} stroke=\"{}\" stroke-width=\"{}\" d=\"{path}\"/>",
                    WHITE.hex(),
                    width + 1.6
                )?;
            }
            let dashes =
                if is_dashed { format!(" stroke-dasharray=\"{0} {0}\"", width * 2.5) } else { String::new() };
            writeln!(
                svg,
                "<path class=\"{class}\" {rest} stroke=\"{}\" stroke-width=\"{width}\"{dashes} d=\"{path}\"/>",
                color.hex()
            )
        }
        Mark::Symbol { class, at: [x, y], symbol, radius, fill, note } => {
            let note =
                if note.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(note)) };
            let rim = if *symbol == Symbol::Ring { BLACK } else { rim(*fill) };
            let outline = match edge(*symbol, *radius) {
                0.0 => String::new(),
                width => format!(" stroke=\"{}\" stroke-width=\"{}\"", rim.hex(), tenths(width)),
            };
            let head = format!("class=\"{class}\" fill=\"{}\"{outline}", fill.hex());
            let shape = match symbol {
                Symbol::Dot | Symbol::Ring => format!(
                    "circle {head} cx=\"{}\" cy=\"{}\" r=\"{}\"",
                    tenths(*x),
                    tenths(*y),
                    tenths(*radius)
                ),
                _ => {
                    let corners: Vec<Place> =
                        symbol.corners().iter().map(|[u, v]| [x + u * radius, y + v * radius]).collect();
                    format!("path {head} d=\"{}z\"", path(&corners))
                }
            };
            let name = shape.split(' ').next().unwrap_or("path");
            if note.is_empty() {
                writeln!(svg, "<{shape}/>")
            } else {
                writeln!(svg, "<{shape}>{note}</{name}>")
            }
        }
        Mark::Text { at: [x, y], text, anchor, color, is_strong } => {
            let anchor = match anchor {
                Anchor::Start => "",
                Anchor::Middle => " text-anchor=\"middle\"",
                Anchor::End => " text-anchor=\"end\"",
            };
            let weight = if *is_strong { " font-weight=\"600\"" } else { "" };
            // Half of the height of a small letter with a bit of a capital: what looks like the middle.
            writeln!(
                svg,
                "<text x=\"{}\" y=\"{}\" dy=\".35em\"{anchor}{weight} fill=\"{}\">{}</text>",
                tenths(*x),
                tenths(*y),
                color.hex(),
                escaped(text)
            )
        }
    }
}

/// The color of the rim of a symbol.
pub(crate) fn rim(fill: crate::color::Color) -> crate::color::Color {
    if fill.lightness() < 90.0 { WHITE } else { BLACK }
}

/// The width of the rim of a symbol.
pub(crate) fn edge(symbol: Symbol, radius: f64) -> f64 {
    match symbol {
        Symbol::Dot => 0.0,
        // On a small symbol there would be nothing but rim.
        _ if radius < 3.0 => 0.0,
        _ => (radius * 0.2).max(0.8),
    }
}

/// A path from point to point: the first absolute, the others relative, which is shorter.
fn path(points: &[Place]) -> String {
    let mut text = String::new();
    let mut before = [0, 0];
    for (at, point) in points.iter().enumerate() {
        let now = point.map(|coordinate| (coordinate * 10.0).round() as i64);
        let step = [now[0] - before[0], now[1] - before[1]];
        let (letter, step) = if at == 0 { ("M", now) } else { (if at == 1 { "l" } else { " " }, step) };
        if at > 0 && step == [0, 0] {
            continue;
        }
        let [x, y] = step.map(decimal);
        let comma = if y.starts_with('-') { "" } else { "," };
        text.push_str(&format!("{letter}{x}{comma}{y}"));
        before = now;
    }
    text
}

fn tenths(value: f64) -> String {
    decimal((value * 10.0).round() as i64)
}

/// Tenths as a decimal number.
fn decimal(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, rest) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    match (whole, rest) {
        (_, 0) => format!("{sign}{whole}"),
        (0, _) => format!("{sign}.{rest}"),
        _ => format!("{sign}{whole}.{rest}"),
    }
}

/// Text between tags; what XML does not allow is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_short() {
        assert_eq!(path(&[[1.0, 2.04], [1.5, 1.0], [1.46, 1.04], [-3.0, 1.0]]), "M1,2l.5-1 -4.5,0");
    }
}
