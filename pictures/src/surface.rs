//! The surface of E over two coordinates, seen from above.

use crate::axis::{Axis, number};
use crate::canvas::Canvas;
use crate::color::{BLACK, Color, PALE, WHITE, ramp};
use crate::contours::{Heights, thinned};
use crate::legend::{self, Entry, Sample};
use crate::levels::Levels;
use crate::panel::{Area, Panel};
use crate::points::{self, Path, Point};
use crate::scene::{Anchor, Place, Scene, Stroke, Symbol};

/// A surface over two coordinates, with what is known of it.
///
/// ```
/// use hesse_pictures::{Canvas, Grid, Kind, Point, Surface};
///
/// let grid = Grid::of(40, 30, (-2.0, 2.0), (-1.0, 1.0), |x, y| x * x + 3.0 * y * y);
/// let bottom = Point { kind: Kind::Minimum, at: [0.0, 0.0], value: 0.0 };
/// let surface = Surface { points: vec![bottom], ..Surface::new("A bowl", ["x", "y"], grid) };
/// let svg = surface.draw(&Canvas::page(480.0, 360.0)).to_svg();
/// assert!(svg.contains("class=\"minimum\"") && svg.contains("minimum at x = 0, y = 0: E = 0"));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Surface {
    /// What stands above.
    pub title: String,
    /// The names of the coordinates.
    pub labels: [String; 2],
    /// The values.
    pub grid: Grid,
    /// Ways down.
    pub paths: Vec<Path>,
    /// Stationary points.
    pub points: Vec<Point>,
    /// Parts of the plane, from their lowest to their highest corner, in which it is not known whether there is one.
    pub undecided: Vec<[[f64; 2]; 2]>,
    /// Principal axes.
    pub arms: Vec<Arms>,
}

/// Values on a lattice of points that are evenly apart.
///
/// ```
/// use hesse_pictures::{Canvas, Grid, Surface};
///
/// let (columns, rows) = Surface::resolution(&Canvas::page(400.0, 300.0));
/// let grid = Grid::of(columns, rows, (-1.0, 1.0), (-1.0, 1.0), |x, y| x * y);
/// assert_eq!(grid, grid.clone());
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Grid {
    columns: usize,
    x: (f64, f64),
    y: (f64, f64),
    values: Vec<f64>,
}

/// The principal axes at a point: arms of lengths in the proportion of 1/√|λ|, dashed where λ is negative.
///
/// ```
/// use hesse_pictures::{Arms, Canvas, Grid, Surface};
///
/// // E = x² + 9y²: three times as far along x as along y
/// let arms = Arms { at: [0.0, 0.0], axes: vec![([1.0, 0.0], 2.0), ([0.0, 1.0], 18.0)] };
/// let grid = Grid::of(40, 40, (-1.0, 1.0), (-1.0, 1.0), |x, y| x * x + 9.0 * y * y);
/// let surface = Surface { arms: vec![arms], ..Surface::new("", ["x", "y"], grid) };
/// assert!(surface.draw(&Canvas::page(300.0, 300.0)).to_svg().contains("class=\"axes\""));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Arms {
    /// The point.
    pub at: [f64; 2],
    /// Unit vectors and the curvatures λ along them.
    pub axes: Vec<([f64; 2], f64)>,
}

/// The longest arm, as a part of the shorter side of the panel.
const LONGEST_ARM: f64 = 0.09;
/// More points than this have no arms: they would hide the surface.
const MOST_ARMS: usize = 16;

impl Surface {
    /// A bare surface.
    #[must_use]
    pub fn new(title: &str, labels: [&str; 2], grid: Grid) -> Surface {
        Surface {
            title: title.to_owned(),
            labels: labels.map(str::to_owned),
            grid,
            paths: Vec::new(),
            points: Vec::new(),
            undecided: Vec::new(),
            arms: Vec::new(),
        }
    }

    /// The number of columns and rows of a grid that is fine enough for a canvas.
    #[must_use]
    pub fn resolution(canvas: &Canvas) -> (usize, usize) {
        const STEP: f64 = 4.0;
        ((canvas.width / STEP) as usize + 1, (canvas.height / STEP) as usize + 1)
    }

    /// Draws the surface: filled contours with their values, ways, points and axes.
    #[must_use]
    pub fn draw(&self, canvas: &Canvas) -> Scene {
        let mut scene = Scene::new(canvas, self.title.clone());
        let (line, gap) = (scene.face.line(), scene.face.gap());
        let lowest = self.points.iter().map(|point| point.value).fold(f64::INFINITY, f64::min);
        let levels = Levels::of(&self.grid.values, lowest, "E");
        let top = scene.headline();
        let top = top + legend::draw(&mut scene, &self.entries(canvas, &levels), top);
        let numbers = levels.labels.iter().map(|label| scene.face.width(label)).fold(0.0, f64::max);
        let bar = (numbers + line + gap).max(scene.face.width(&levels.title));
        let outer = Area { left: 0.0, top, right: canvas.width - bar - 2.0 * gap, bottom: canvas.height };
        let [x, y] = [(0, self.grid.x), (1, self.grid.y)]
            .map(|(axis, (lo, hi))| Axis::between(self.labels[axis].clone(), lo, hi));
        let panel = Panel::new(&scene, outer, x, y, 0.0);
        self.draw_heights(&mut scene, &panel, &levels);
        self.draw_arms(&mut scene, &panel);
        points::draw_paths(&mut scene, &panel, &self.paths);
        self.draw_points(&mut scene, &panel);
        panel.draw_axes(&mut scene);
        draw_bar(&mut scene, &panel, &levels, canvas.width - bar - gap);
        scene
    }

    fn draw_heights(&self, scene: &mut Scene, panel: &Panel, levels: &Levels) {
        let Grid { columns, values, .. } = &self.grid;
        let heights =
            Heights { columns: *columns, values: values.iter().map(|&z| levels.height(z)).collect() };
        let rows = values.len() / columns;
        let Area { left, top, right, bottom } = panel.area;
        let place = |[i, j]: Place| {
            let across = i / (columns - 1) as f64;
            let up = j / (rows - 1) as f64;
            [left + across * (right - left), bottom - up * (bottom - top)]
        };
        let placed = |points: &[Place]| {
            const TOLERANCE: f64 = 0.1;
            thinned(&points.iter().map(|&point| place(point)).collect::<Vec<_>>(), TOLERANCE)
        };
        if heights.values.iter().any(|height| height.is_nan()) {
            scene.area("undefined", vec![panel.ring()], PALE);
        }
        let mut lines = Vec::new();
        let all = [f64::NEG_INFINITY].into_iter().chain(levels.heights.iter().copied());
        for (band, level) in all.enumerate() {
            let region = heights.region(level);
            let rings = region.rings.iter().map(|ring| placed(ring)).filter(|ring| ring.len() > 2).collect();
            scene.area("band", rings, shade(band, levels));
            lines.extend(region.lines.iter().map(|line| placed(line)));
        }
        for line in lines {
            scene.line("level", line, Stroke::new(Color(70, 90, 110), 0.5));
        }
    }

    fn draw_points(&self, scene: &mut Scene, panel: &Panel) {
        for [[a, b], [c, d]] in &self.undecided {
            let ([left, bottom], [right, top]) = (panel.place(*a, *b), panel.place(*c, *d));
            // Boxes too small to be seen are shown larger.
            let least = scene.face.size() * 0.4;
            let [h, v] = [((right - left) / 2.0).max(least), ((bottom - top) / 2.0).max(least)];
            let [m, n] = [(left + right) / 2.0, (top + bottom) / 2.0];
            let ring = [[m - h, n - v], [m + h, n - v], [m + h, n + v], [m - h, n + v], [m - h, n - v]];
            for piece in panel.clip(&ring) {
                scene.line("undecided", piece, Stroke::new(BLACK, 1.2).with_halo());
            }
        }
        let [x, y] = &self.labels;
        points::draw_points(scene, panel, &self.points, |[a, b]| {
            format!("{x} = {}, {y} = {}", number(a), number(b))
        });
    }

    fn draw_arms(&self, scene: &mut Scene, panel: &Panel) {
        let Area { left, top, right, bottom } = panel.area;
        let longest = LONGEST_ARM * (right - left).min(bottom - top);
        for Arms { at, axes } in self.arms.iter().filter(|_| self.arms.len() <= MOST_ARMS) {
            let center = panel.place(at[0], at[1]);
            if !panel.contains(center) {
                continue;
            }
            // Directions on paper, of the lengths that a unit has there.
            let unit = |direction: &[f64; 2]| {
                let Axis { lo, hi, .. } = panel.x;
                let x = direction[0] * (right - left) / (hi - lo);
                let Axis { lo, hi, .. } = panel.y;
                [x, -direction[1] * (bottom - top) / (hi - lo)]
            };
            let arms: Vec<(Place, f64)> = axes
                .iter()
                .map(|(direction, curvature)| {
                    let [x, y] = unit(direction);
                    // No curvature, an endless arm: as long as one may be.
                    let stretch = 1.0 / curvature.abs().max(1e-300).sqrt();
                    ([x * stretch, y * stretch], *curvature)
                })
                .collect();
            let length = |[x, y]: Place| x.hypot(y);
            let most = arms.iter().map(|(arm, _)| length(*arm)).fold(0.0, f64::max);
            for ([x, y], curvature) in arms {
                let part = longest / most;
                if !(part.is_finite() && x.is_finite() && y.is_finite()) {
                    continue;
                }
                let end = |sign: f64| [center[0] + sign * part * x, center[1] + sign * part * y];
                let stroke = Stroke::new(BLACK, 1.4).with_halo().dashed(curvature < 0.0);
                for piece in panel.clip(&[end(-1.0), end(1.0)]) {
                    scene.line("axes", piece, stroke);
                }
            }
        }
    }

    fn entries(&self, canvas: &Canvas, levels: &Levels) -> Vec<Entry> {
        let mut entries = points::entries(canvas.face, &self.paths, &self.points);
        let value = self.grid.values.iter().find(|value| value.is_finite());
        if let Some(value) = value.filter(|_| levels.heights.is_empty()) {
            // Without contours there is no bar that says what the color means.
            entries.push(Entry::new(Sample::Area(shade(0, levels)), format!("E = {}", number(*value))));
        }
        if !self.undecided.is_empty() {
            entries.push(Entry::new(Sample::Symbol(Symbol::Frame, WHITE), "undecided"));
        }
        if self.grid.values.iter().any(|value| !value.is_finite()) {
            entries.push(Entry::new(Sample::Area(PALE), "not finite"));
        }
        entries
    }
}

impl Grid {
    /// The values of `f(x, y)` on `columns` × `rows` points, at least two each way, borders included.
    ///
    /// ```
    /// # use hesse_pictures::Grid;
    /// let mut asked = Vec::new();
    /// Grid::of(2, 2, (0.0, 1.0), (5.0, 7.0), |x, y| {
    ///     asked.push((x, y));
    ///     x + y
    /// });
    /// assert_eq!(asked, [(0.0, 5.0), (1.0, 5.0), (0.0, 7.0), (1.0, 7.0)]);
    /// ```
    pub fn of(
        columns: usize,
        rows: usize,
        x: (f64, f64),
        y: (f64, f64),
        mut f: impl FnMut(f64, f64) -> f64,
    ) -> Grid {
        let (columns, rows) = (columns.max(2), rows.max(2));
        let at = |(lo, hi): (f64, f64), k: usize, count: usize| {
            let part = k as f64 / (count - 1) as f64;
            lo * (1.0 - part) + hi * part
        };
        let mut values = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            for column in 0..columns {
                values.push(f(at(x, column, columns), at(y, row, rows)));
            }
        }
        Grid { columns, x, y, values }
    }
}

fn shade(band: usize, levels: &Levels) -> Color {
    ramp(if levels.heights.is_empty() { 0.5 } else { band as f64 / levels.heights.len() as f64 })
}

/// The colors with the values at which they meet.
fn draw_bar(scene: &mut Scene, panel: &Panel, levels: &Levels, left: f64) {
    if levels.heights.is_empty() {
        return;
    }
    let (line, gap) = (scene.face.line(), scene.face.gap());
    let Area { top, bottom, .. } = panel.area;
    let width = line * 0.8;
    let bands = levels.heights.len() + 1;
    let edge = |band: usize| bottom - (bottom - top) * band as f64 / bands as f64;
    for band in 0..bands {
        let (low, high) = (edge(band), edge(band + 1));
        let ring = vec![[left, low], [left + width, low], [left + width, high], [left, high]];
        scene.area("key", vec![ring], shade(band, levels));
    }
    let stride = (line * bands as f64 / (bottom - top)).ceil().max(1.0) as usize;
    for (at, label) in levels.labels.iter().enumerate().step_by(stride) {
        scene.text([left + width + gap * 0.7, edge(at + 1)], &**label, Anchor::Start, BLACK);
    }
    scene.text([left, top - line * 0.5], &*levels.title, Anchor::Start, BLACK);
}
