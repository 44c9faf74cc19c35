//! Letters: how much room they take.

use std::sync::OnceLock;

use ttf_parser::Face as Font;

/// The letters of a picture.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Face {
    /// DejaVu Sans at a size in pixels; viewers of SVG may take a relative of it.
    Sans {
        /// The size.
        size: f64,
    },
    /// Characters of a terminal, one to a cell.
    Cells,
}

impl Face {
    /// Width and height of a character of a terminal, in the units of a scene.
    pub(crate) const CELL: [f64; 2] = [8.0, 16.0];

    /// The font size.
    pub(crate) fn size(self) -> f64 {
        match self {
            Face::Sans { size } => size,
            Face::Cells => Face::CELL[1],
        }
    }

    /// The distance between lines.
    pub(crate) fn line(self) -> f64 {
        match self {
            Face::Sans { size } => (size * 1.4).round(),
            Face::Cells => Face::CELL[1],
        }
    }

    /// A small distance, such as between a tick and its label.
    pub(crate) fn gap(self) -> f64 {
        match self {
            Face::Sans { size } => (size * 0.5).round(),
            Face::Cells => Face::CELL[0],
        }
    }

    pub(crate) fn is_cells(self) -> bool {
        self == Face::Cells
    }

    /// The width of a text.
    pub(crate) fn width(self, text: &str) -> f64 {
        match self {
            Face::Cells => text.chars().count() as f64 * Face::CELL[0],
            Face::Sans { size } => text.chars().map(|c| advance(c) * size).sum(),
        }
    }

    /// The text, cut to a width, with an ellipsis where something is missing.
    pub(crate) fn cut(self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut room = width - self.width("…");
        let kept = text.chars().take_while(|c| {
            room -= self.width(c.encode_utf8(&mut [0; 4]));
            room >= 0.0
        });
        kept.collect::<String>().trim_end().to_owned() + "…"
    }
}

/// The font, unless its bytes are damaged.
pub(crate) fn font() -> Option<&'static Font<'static>> {
    static FONT: OnceLock<Option<Font<'static>>> = OnceLock::new();
    FONT.get_or_init(|| Font::parse(dejavu::sans::regular(), 0).ok()).as_ref()
}

/// The width of a letter in units of the font size.
fn advance(letter: char) -> f64 {
    const USUAL: f64 = 0.6;
    let width = font().and_then(|font| {
        let advance = font.glyph_hor_advance(font.glyph_index(letter)?)?;
        Some(f64::from(advance) / f64::from(font.units_per_em()))
    });
    width.unwrap_or(USUAL)
}
