//! What a picture is made of: areas, lines, symbols and text at places.

use crate::canvas::Canvas;
use crate::color::Color;
use crate::face::Face;

/// A place in a scene: to the right, and down.
pub(crate) type Place = [f64; 2];

/// A picture, ready to be written: see [`to_svg`](Scene::to_svg), [`to_png`](Scene::to_png) and
/// [`to_terminal`](Scene::to_terminal).
///
/// ```
/// use hesse_pictures::{Canvas, Ink, Spectrum};
///
/// let spectrum = Spectrum { title: "One axis".into(), eigenvalues: vec![2.0] };
/// let scene = spectrum.draw(&Canvas::terminal(60, 12));
/// assert!(scene.to_terminal(Ink::None).contains("One axis"));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Scene {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) face: Face,
    /// What readers for the blind say of it.
    pub(crate) title: String,
    pub(crate) marks: Vec<Mark>,
}

/// Something drawn.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Mark {
    /// The inside of rings, by the even-odd rule.
    Area { class: &'static str, rings: Vec<Vec<Place>>, fill: Color },
    /// A line through places.
    Line { class: &'static str, points: Vec<Place>, stroke: Stroke },
    /// A symbol at a place, with a note for whoever points at it.
    Symbol { class: &'static str, at: Place, symbol: Symbol, radius: f64, fill: Color, note: String },
    /// Text whose middle line goes through a place.
    Text { at: Place, text: String, anchor: Anchor, color: Color, is_strong: bool },
}

/// How a line looks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Stroke {
    pub(crate) color: Color,
    pub(crate) width: f64,
    pub(crate) is_dashed: bool,
    /// A white line beneath, that keeps it apart from what it crosses.
    pub(crate) has_halo: bool,
}

/// The symbols.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Symbol {
    /// ▼
    Down,
    /// ▲
    Up,
    /// ◆
    Diamond,
    /// ■
    Square,
    /// □
    Frame,
    /// ●
    Dot,
    /// ○
    Ring,
}

/// Which part of a text is at its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

impl Scene {
    pub(crate) fn new(canvas: &Canvas, title: String) -> Scene {
        let Canvas { width, height, face } = *canvas;
        Scene { width, height, face, title, marks: Vec::new() }
    }

    pub(crate) fn area(&mut self, class: &'static str, rings: Vec<Vec<Place>>, fill: Color) {
        if !rings.is_empty() {
            self.marks.push(Mark::Area { class, rings, fill });
        }
    }

    pub(crate) fn line(&mut self, class: &'static str, points: Vec<Place>, stroke: Stroke) {
        if points.len() > 1 {
            self.marks.push(Mark::Line { class, points, stroke });
        }
    }

    pub(crate) fn text(&mut self, at: Place, text: impl Into<String>, anchor: Anchor, color: Color) {
        self.marks.push(Mark::Text { at, text: text.into(), anchor, color, is_strong: false });
    }

    /// Writes the title, cut to the width of the scene; where the rest begins.
    pub(crate) fn headline(&mut self) -> f64 {
        if self.title.is_empty() {
            return self.top();
        }
        let margin = self.face.gap();
        let text = self.face.cut(&self.title, self.width - 2.0 * margin);
        let at = [margin, self.face.line() * 0.5 + self.top()];
        let mark =
            Mark::Text { at, text, anchor: Anchor::Start, color: crate::color::BLACK, is_strong: true };
        self.marks.push(mark);
        self.face.line() + self.top()
    }

    /// The space above everything.
    fn top(&self) -> f64 {
        if self.face.is_cells() { 0.0 } else { self.face.gap() }
    }
}

impl Stroke {
    pub(crate) fn new(color: Color, width: f64) -> Stroke {
        Stroke { color, width, is_dashed: false, has_halo: false }
    }

    pub(crate) fn dashed(self, is_dashed: bool) -> Stroke {
        Stroke { is_dashed, ..self }
    }

    pub(crate) fn with_halo(self) -> Stroke {
        Stroke { has_halo: true, ..self }
    }
}

impl Symbol {
    /// The corners of the symbol around the origin, at radius 1; none for round ones.
    pub(crate) fn corners(self) -> &'static [Place] {
        match self {
            Symbol::Down => &[[-1.0, -0.75], [1.0, -0.75], [0.0, 1.0]],
            Symbol::Up => &[[-1.0, 0.75], [1.0, 0.75], [0.0, -1.0]],
            Symbol::Diamond => &[[-1.0, 0.0], [0.0, -1.0], [1.0, 0.0], [0.0, 1.0]],
            Symbol::Square | Symbol::Frame => &[[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]],
            Symbol::Dot | Symbol::Ring => &[],
        }
    }

    /// The symbol as a character.
    pub(crate) fn character(self) -> char {
        match self {
            Symbol::Down => '▼',
            Symbol::Up => '▲',
            Symbol::Diamond => '◆',
            Symbol::Square => '■',
            Symbol::Frame => '□',
            Symbol::Dot => '●',
            Symbol::Ring => '○',
        }
    }
}
