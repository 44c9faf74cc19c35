//! E along one coordinate, as a curve.

use crate::axis::{Axis, Scale, number};
use crate::canvas::Canvas;
use crate::color::{BLACK, BLUE, GRAY, PALE, WHITE};
use crate::contours::thinned;
use crate::fit::Curve;
use crate::legend::{self, Entry, Sample};
use crate::panel::{Area, Panel};
use crate::points::{self, Path, Point};
use crate::scene::{Mark, Place, Scene, Stroke, Symbol};

/// E over one coordinate, with what is known of it.
///
/// ```
/// use hesse_pictures::{Canvas, Curve, Kind, Point, Section};
///
/// let x: Vec<f64> = (-20..=20).map(|k| f64::from(k) / 10.0).collect();
/// let curve = Curve { y: x.iter().map(|x| x.powi(4) - x).collect(), x: x.clone(), band: None };
/// let bottom = Point { kind: Kind::Minimum, at: [0.63, -0.47], value: -0.47 };
/// // −x, the quadratic model at x = 0
/// let model = Curve { y: x.iter().map(|x| -x).collect(), x, band: None };
/// let section = Section { points: vec![bottom], model: Some(model), ..Section::new("A bowl", "x", curve) };
/// let svg = section.draw(&Canvas::page(480.0, 360.0)).to_svg();
/// assert!(svg.contains("class=\"section\"") && svg.contains("quadratic model"));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Section {
    /// What stands above.
    pub title: String,
    /// The name of the coordinate.
    pub label: String,
    /// E, from the lower to the upper end of the picture.
    pub curve: Curve,
    /// The quadratic model around a point.
    pub model: Option<Curve>,
    /// The point of the model and E there.
    pub center: Option<[f64; 2]>,
    /// Ways down, each point with E there.
    pub paths: Vec<Path>,
    /// Stationary points, each with E there.
    pub points: Vec<Point>,
    /// Intervals in which it is not known whether there is one.
    pub undecided: Vec<[f64; 2]>,
}

impl Section {
    /// A bare curve.
    #[must_use]
    pub fn new(title: &str, label: &str, curve: Curve) -> Section {
        Section {
            title: title.to_owned(),
            label: label.to_owned(),
            curve,
            model: None,
            center: None,
            paths: Vec::new(),
            points: Vec::new(),
            undecided: Vec::new(),
        }
    }

    /// The number of values of E that are enough for a canvas.
    #[must_use]
    pub fn resolution(canvas: &Canvas) -> usize {
        canvas.width as usize * if canvas.face.is_cells() { 4 } else { 1 } + 1
    }

    /// Draws the curve, the model, ways and points.
    #[must_use]
    pub fn draw(&self, canvas: &Canvas) -> Scene {
        let mut scene = Scene::new(canvas, self.title.clone());
        let top = scene.headline();
        let top = top + legend::draw(&mut scene, &self.entries(canvas), top);
        let ends = [self.curve.x.first(), self.curve.x.last()].map(|end| end.copied().unwrap_or(0.0));
        let x = Axis::between(self.label.clone(), ends[0], ends[1]);
        let y = Axis::around("E", self.heights(), Scale::Linear);
        let outer = Area { left: 0.0, top, right: canvas.width, bottom: canvas.height };
        let panel = Panel::new(&scene, outer, x, y, 0.0);
        self.draw_gaps(&mut scene, &panel);
        panel.draw_grid(&mut scene);
        if let Some(model) = &self.model {
            draw_curve(&mut scene, &panel, "model", model, MODEL);
        }
        draw_curve(&mut scene, &panel, "section", &self.curve, CURVE);
        points::draw_paths(&mut scene, &panel, &self.paths);
        self.draw_undecided(&mut scene, &panel);
        if let Some([x, y]) = self.center {
            self.draw_center(&mut scene, &panel, x, y);
        }
        points::draw_points(&mut scene, &panel, &self.points, |[x, _]| {
            format!("{} = {}", self.label, number(x))
        });
        panel.draw_axes(&mut scene);
        scene
    }

    /// What there must be room for: the curve, unless it rises or falls beyond all measure near its ends or at a pole, and all that
    /// is marked.
    fn heights(&self) -> Vec<f64> {
        let mut heights: Vec<f64> = self.curve.y.iter().copied().filter(|y| y.is_finite()).collect();
        heights.sort_by(f64::total_cmp);
        if heights.len() > 10 {
            let tenth = heights.len() / 10;
            let (low, high) = (heights[tenth], heights[heights.len() - 1 - tenth]);
            let room = 2.0 * (high - low);
            if room > 0.0 && room.is_finite() {
                heights.iter_mut().for_each(|y| *y = y.clamp(low - room, high + room));
            }
        }
        heights.extend(self.points.iter().map(|point| point.value));
        heights.extend(self.paths.iter().flat_map(|path| &path.points).map(|point| point[1]));
        heights.extend(self.center.map(|center| center[1]));
        heights
    }

    /// Where E has no value.
    fn draw_gaps(&self, scene: &mut Scene, panel: &Panel) {
        let Area { top, bottom, .. } = panel.area;
        let Curve { x, y, .. } = &self.curve;
        let mut at = 0;
        while at < y.len() {
            let end = (at..y.len()).find(|&k| y[k].is_finite()).unwrap_or(y.len());
            if end > at {
                let [left, right] =
                    [at.saturating_sub(1), end.min(y.len() - 1)].map(|k| panel.place(x[k], panel.y.lo)[0]);
                let ring = vec![[left, top], [right, top], [right, bottom], [left, bottom]];
                scene.area("undefined", vec![ring], PALE);
            }
            at = end + 1;
        }
    }

    fn draw_undecided(&self, scene: &mut Scene, panel: &Panel) {
        let least = scene.face.size() * 0.4;
        for [lo, hi] in &self.undecided {
            // On the curve, where it has a value there.
            let near = self.curve.x.partition_point(|x| x < lo).min(self.curve.y.len().saturating_sub(1));
            let height = self.curve.y.get(near).copied().filter(|y| y.is_finite()).unwrap_or(panel.y.lo);
            let ([left, middle], [right, _]) = (panel.place(*lo, height), panel.place(*hi, height));
            let (center, half) = ((left + right) / 2.0, ((right - left) / 2.0).max(least));
            let [a, b, c, d] = [center - half, center + half, middle - least, middle + least];
            for piece in panel.clip(&[[a, c], [b, c], [b, d], [a, d], [a, c]]) {
                scene.line("undecided", piece, Stroke::new(BLACK, 1.2).with_halo());
            }
        }
    }

    fn draw_center(&self, scene: &mut Scene, panel: &Panel, x: f64, y: f64) {
        let at = panel.place(x, y);
        if panel.contains(at) {
            let note = format!("quadratic model at {} = {}: E = {}", self.label, number(x), number(y));
            let radius = scene.face.size() * 0.3;
            let symbol = Symbol::Dot;
            scene.marks.push(Mark::Symbol { class: "center", at, symbol, radius, fill: BLACK, note });
        }
    }

    fn entries(&self, canvas: &Canvas) -> Vec<Entry> {
        let mut entries = vec![Entry::new(Sample::Line(CURVE), "E")];
        if self.model.is_some() {
            entries.push(Entry::new(Sample::Line(MODEL), "quadratic model"));
        }
        entries.extend(points::entries(canvas.face, &self.paths, &self.points));
        if !self.undecided.is_empty() {
            entries.push(Entry::new(Sample::Symbol(Symbol::Frame, WHITE), "undecided"));
        }
        if self.curve.y.iter().any(|value| !value.is_finite()) {
            entries.push(Entry::new(Sample::Area(PALE), "not finite"));
        }
        entries
    }
}

const CURVE: Stroke = Stroke { color: BLUE, width: 2.2, is_dashed: false, has_halo: false };
const MODEL: Stroke = Stroke { color: GRAY, width: 1.6, is_dashed: true, has_halo: false };

/// A curve, broken where it has no value or jumps over the whole panel.
fn draw_curve(scene: &mut Scene, panel: &Panel, class: &'static str, curve: &Curve, stroke: Stroke) {
    let Curve { x, y, .. } = curve;
    let mut pieces: Vec<Vec<Place>> = vec![Vec::new()];
    let mut before: Option<f64> = None;
    for (&x, &y) in x.iter().zip(y) {
        let (lo, hi) = (panel.y.lo, panel.y.hi);
        let jumps = before.is_none_or(|before| (before > hi && y < lo) || (before < lo && y > hi));
        if jumps || !y.is_finite() {
            pieces.push(Vec::new());
        }
        before = y.is_finite().then_some(y);
        if let Some(piece) = pieces.last_mut().filter(|_| y.is_finite()) {
            piece.push(panel.place(x, y));
        }
    }
    for piece in pieces.iter().flat_map(|piece| panel.clip(piece)) {
        scene.line(class, thinned(&piece, 0.05), stroke);
    }
}
