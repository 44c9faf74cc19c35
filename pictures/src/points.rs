//! Stationary points and ways down, as symbols and lines in a panel.

use std::collections::BTreeSet;

use crate::axis::number;
use crate::color::{BLACK, Color, GRAY, SERIES, WHITE, YELLOW};
use crate::contours::thinned;
use crate::face::Face;
use crate::legend::{Entry, Sample};
use crate::panel::Panel;
use crate::scene::{Mark, Place, Scene, Stroke, Symbol};

/// A way down.
///
/// ```
/// use hesse_pictures::{Canvas, Grid, Path, Surface};
///
/// let way = Path { name: "newton".into(), points: vec![[1.0, 0.5], [0.0, 0.0]] };
/// let grid = Grid::of(40, 30, (-2.0, 2.0), (-1.0, 1.0), |x, y| x * x + 3.0 * y * y);
/// let surface = Surface { paths: vec![way], ..Surface::new("A bowl", ["x", "y"], grid) };
/// assert!(surface.draw(&Canvas::page(480.0, 360.0)).to_svg().contains("newton: start"));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Path {
    /// What took it.
    pub name: String,
    /// Its points, the start first: two coordinates of a surface, or a coordinate and E of a section.
    pub points: Vec<[f64; 2]>,
}

/// The kind of a stationary point.
///
/// ```
/// use hesse_pictures::Kind;
///
/// assert_eq!(Kind::Saddle.name(), "saddle");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// E rises in all directions.
    Minimum,
    /// E falls in all directions.
    Maximum,
    /// E rises in some and falls in others.
    Saddle,
    /// Second derivatives do not tell.
    Degenerate,
}

/// A stationary point.
///
/// ```
/// use hesse_pictures::{Canvas, Curve, Kind, Point, Section};
///
/// let x = vec![-1.0, 0.0, 1.0];
/// let curve = Curve { y: vec![0.0, 1.0, 0.0], x, band: None };
/// let top = Point { kind: Kind::Maximum, at: [0.0, 1.0], value: 1.0 };
/// let section = Section { points: vec![top], ..Section::new("A hill", "x", curve) };
/// assert!(section.draw(&Canvas::page(480.0, 360.0)).to_svg().contains("maximum at x = 0: E = 1"));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Point {
    /// Its kind.
    pub kind: Kind,
    /// Where it is: two coordinates of a surface, or a coordinate and E of a section.
    pub at: [f64; 2],
    /// E there.
    pub value: f64,
}

impl Kind {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Minimum => "minimum",
            Kind::Maximum => "maximum",
            Kind::Saddle => "saddle",
            Kind::Degenerate => "degenerate",
        }
    }

    fn look(self) -> (Symbol, Color) {
        match self {
            Kind::Minimum => (Symbol::Down, WHITE),
            Kind::Maximum => (Symbol::Up, BLACK),
            Kind::Saddle => (Symbol::Diamond, YELLOW),
            Kind::Degenerate => (Symbol::Square, GRAY),
        }
    }
}

/// What a legend says of them.
pub(crate) fn entries(face: Face, paths: &[Path], points: &[Point]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        let stroke = Stroke::new(SERIES[at % SERIES.len()], face.size() * 0.15);
        entries.push(Entry::new(Sample::Line(stroke), path.name.clone()));
    }
    for kind in [Kind::Minimum, Kind::Saddle, Kind::Maximum, Kind::Degenerate] {
        if points.iter().any(|point| point.kind == kind) {
            let (symbol, fill) = kind.look();
            entries.push(Entry::new(Sample::Symbol(symbol, fill), kind.name()));
        }
    }
    entries
}

pub(crate) fn draw_paths(scene: &mut Scene, panel: &Panel, paths: &[Path]) {
    let size = scene.face.size();
    for (at, path) in paths.iter().enumerate() {
        let color = SERIES[at % SERIES.len()];
        let places: Vec<Place> = path.points.iter().map(|[x, y]| panel.place(*x, *y)).collect();
        for piece in panel.clip(&places).iter().flat_map(|piece| seen(piece)) {
            scene.line("path", piece, Stroke::new(color, size * 0.15).with_halo());
        }
        // On a terminal many points would hide the line, and few tell it from contours.
        let is_crowded = scene.face.is_cells() && places.len() > 40;
        let shown = if is_crowded { vec![0] } else { apart(&places, size * 0.2) };
        for (step, place) in shown.into_iter().filter_map(|step| Some((step, *places.get(step)?))) {
            if !panel.contains(place) {
                continue;
            }
            let (symbol, radius) = if step == 0 { (Symbol::Ring, 0.4) } else { (Symbol::Dot, 0.2) };
            let note = if step == 0 { format!("{}: start", path.name) } else { format!("step {step}") };
            let fill = if step == 0 && !scene.face.is_cells() { WHITE } else { color };
            let radius = size * radius;
            scene.marks.push(Mark::Symbol { class: "step", at: place, symbol, radius, fill, note });
        }
    }
}

/// A line through all turns that can be seen, in pieces: what goes to and fro between the same two places is drawn once.
fn seen(points: &[Place]) -> Vec<Vec<Place>> {
    const TOLERANCE: f64 = 0.2;
    let mut drawn = BTreeSet::new();
    let mut pieces: Vec<Vec<Place>> = Vec::new();
    let mut is_open = false;
    for pair in thinned(points, TOLERANCE).windows(2) {
        let [from, to] = [pair[0], pair[1]].map(|place| pixel(place, 2.0));
        let is_new = drawn.insert((from.min(to), from.max(to)));
        match pieces.last_mut() {
            Some(piece) if is_new && is_open => piece.push(pair[1]),
            _ if is_new => pieces.push(pair.to_vec()),
            _ => {}
        }
        is_open = is_new;
    }
    pieces
}

/// The numbers of the places that stand apart from all before them, the first and the last among them.
fn apart(places: &[Place], distance: f64) -> Vec<usize> {
    let mut taken = BTreeSet::new();
    let last = places.len().saturating_sub(1);
    (0..places.len()).filter(|&at| taken.insert(pixel(places[at], distance)) || at == last).collect()
}

/// The square of a lattice in which a place is.
fn pixel(place: Place, side: f64) -> [i64; 2] {
    place.map(|coordinate| (coordinate / side).round() as i64)
}

/// Draws points, each with a note that begins with its kind and with `place` of where it is.
pub(crate) fn draw_points(
    scene: &mut Scene,
    panel: &Panel,
    points: &[Point],
    place: impl Fn([f64; 2]) -> String,
) {
    for Point { kind, at, value } in points {
        let middle = panel.place(at[0], at[1]);
        if !panel.contains(middle) {
            continue;
        }
        let note = format!("{} at {}: E = {}", kind.name(), place(*at), number(*value));
        let (symbol, fill) = kind.look();
        let radius = scene.face.size() * 0.5;
        scene.marks.push(Mark::Symbol { class: kind.name(), at: middle, symbol, radius, fill, note });
    }
}
