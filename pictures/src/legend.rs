//! What the symbols and colors of a picture mean.

use crate::color::{BLACK, Color};
use crate::scene::{Anchor, Mark, Scene, Stroke, Symbol};

/// A sample and what it stands for.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Entry {
    pub(crate) sample: Sample,
    pub(crate) text: String,
}

/// What is shown of something.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Sample {
    Symbol(Symbol, Color),
    Line(Stroke),
    Area(Color),
}

impl Entry {
    pub(crate) fn new(sample: Sample, text: impl Into<String>) -> Entry {
        Entry { sample, text: text.into() }
    }
}

/// The part of a picture's height that a legend takes at most.
const MOST: f64 = 0.25;

/// Writes entries line by line from `top` down; the height they take.
pub(crate) fn draw(scene: &mut Scene, entries: &[Entry], top: f64) -> f64 {
    let face = scene.face;
    let (line, gap) = (face.line(), face.gap());
    let sample = if face.is_cells() { 2.0 * gap } else { line };
    let most = scene.width - 2.0 * gap;
    let (mut x, mut y) = (gap, top + line * 0.5);
    for Entry { sample: shown, text } in entries {
        let text = face.cut(text, most - sample - gap);
        let width = sample + gap * 0.5 + face.width(&text);
        if x > gap && x + width > most {
            if y + 1.5 * line > top + MOST * scene.height {
                scene.text([x, y], "…", Anchor::Start, BLACK);
                break;
            }
            x = gap;
            y += line;
        }
        let middle = [x + sample * 0.5 - if face.is_cells() { 0.5 * gap } else { 0.0 }, y];
        match *shown {
            Sample::Symbol(symbol, fill) => scene.marks.push(Mark::Symbol {
                class: "legend",
                at: middle,
                symbol,
                radius: face.size() * 0.42,
                fill,
                note: String::new(),
            }),
            // A dash is what a line is on a terminal.
            Sample::Line(stroke) if face.is_cells() => {
                let dash = if stroke.is_dashed { "╌" } else { "─" };
                scene.text([x, y], dash, Anchor::Start, stroke.color);
            }
            Sample::Line(stroke) => scene.line("legend", vec![[x, y], [x + sample, y]], stroke),
            Sample::Area(fill) => {
                let (h, w) = (line * 0.3, sample);
                scene.area(
                    "legend",
                    vec![vec![[x, y - h], [x + w, y - h], [x + w, y + h], [x, y + h]]],
                    fill,
                );
            }
        }
        scene.text([x + sample + gap * 0.5, y], text, Anchor::Start, BLACK);
        x += width + 2.0 * gap;
    }
    if entries.is_empty() { 0.0 } else { y + line * 0.5 - top }
}
