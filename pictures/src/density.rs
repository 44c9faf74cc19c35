//! The curvatures of a Hessian beside an estimate of how they are distributed.

use std::f64::consts::TAU;

use crate::axis::{Axis, Scale, number};
use crate::canvas::Canvas;
use crate::color::{BLACK, BLUE, Color, VERMILION};
use crate::legend::{self, Entry, Sample};
use crate::panel::{Area, Panel};
use crate::scene::{Place, Scene, Stroke};

/// Spectra beside estimates of their densities, one Hessian per row: on the left all eigenvalues in bins, on the right what
/// the estimate makes of them. Heights are shares of the spectrum per decade of |λ|.
///
/// ```
/// use hesse_pictures::{Canvas, Densities, Density};
///
/// let row = Density {
///     name: "a bowl".into(),
///     eigenvalues: vec![1.0, 1.0, 1.0, 9.0],
///     nodes: vec![1.0, 9.0],
///     weights: vec![0.75, 0.25],
/// };
/// let svg = Densities { title: "Two".into(), rows: vec![row] }.draw(&Canvas::page(640.0, 320.0)).to_svg();
/// for shown in ["a bowl: 4 curvatures from 1 to 9", "estimated", "|λ|"] {
///     assert!(svg.contains(shown), "{shown}");
/// }
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Densities {
    /// What stands above.
    pub title: String,
    /// The Hessians.
    pub rows: Vec<Density>,
}

/// The spectrum of one Hessian, and an estimate of its density.
///
/// ```
/// use hesse_pictures::Density;
///
/// // Half of the curvatures of each size: two points of equal weight.
/// let (eigenvalues, nodes) = (vec![1.0, 1.0, 100.0, 100.0], vec![1.0, 100.0]);
/// let row = Density { name: "a valley".into(), eigenvalues, nodes, weights: vec![0.5, 0.5] };
/// assert_eq!(row.weights.iter().sum::<f64>(), 1.0);
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Density {
    /// Whose Hessian it is.
    pub name: String,
    /// All eigenvalues.
    pub eigenvalues: Vec<f64>,
    /// Where the estimate has its points.
    pub nodes: Vec<f64>,
    /// The share of the spectrum that each point stands for.
    pub weights: Vec<f64>,
}

/// The width of a bin, and twice the deviation to which a point of an estimate is widened, in decades.
const BIN: f64 = 0.2;
/// Sizes further below the largest than this count as zero and are not shown.
const DECADES: f64 = 16.0;

impl Densities {
    /// Draws the rows, one below the other.
    #[must_use]
    pub fn draw(&self, canvas: &Canvas) -> Scene {
        let mut scene = Scene::new(canvas, self.title.clone());
        let top = scene.headline();
        let shown: Vec<Shown> = self.rows.iter().map(Shown::of).collect();
        let has_negative = shown.iter().any(|shown| !shown.exact[1].is_empty());
        let mut entries = vec![Entry::new(Sample::Area(BLUE), "all curvatures")];
        if has_negative {
            entries.push(Entry::new(Sample::Area(VERMILION), "negative ones"));
        }
        entries.push(Entry::new(Sample::Line(Stroke::new(BLUE, 1.8)), "estimated"));
        entries.push(Entry::new(Sample::Line(exact_stroke()), "all curvatures, smoothed alike"));
        let top = top + legend::draw(&mut scene, &entries, top);
        let line = scene.face.line();
        let height = (canvas.height - top) / self.rows.len().max(1) as f64;
        for (at, (row, shown)) in self.rows.iter().zip(&shown).enumerate() {
            let start = top + at as f64 * height;
            let (start, end) = if scene.face.is_cells() {
                ((start / line).round() * line, ((start + height) / line).round() * line)
            } else {
                (start, start + height)
            };
            row.draw(&mut scene, shown, start, end);
        }
        scene
    }
}

/// What one row shows: logarithms of sizes, of positive and of negative curvatures, with their shares.
struct Shown {
    exact: [Vec<[f64; 2]>; 2],
    estimated: [Vec<[f64; 2]>; 2],
    /// The first and the last bin.
    ends: [f64; 2],
}

impl Shown {
    fn of(row: &Density) -> Shown {
        let finite = |value: &&f64| value.is_finite();
        let largest =
            row.eigenvalues.iter().filter(finite).fold(0.0, |most, value| f64::max(most, value.abs()));
        let seen = |value: f64| value.is_finite() && value.abs() > largest * 10f64.powf(-DECADES);
        let share = 1.0 / row.eigenvalues.len().max(1) as f64;
        let signed = |pairs: &mut dyn Iterator<Item = (f64, f64)>| {
            let (mut positive, mut negative) = (Vec::new(), Vec::new());
            for (value, share) in pairs.filter(|(value, share)| seen(*value) && share.is_finite()) {
                let side = if value > 0.0 { &mut positive } else { &mut negative };
                side.push([value.abs().log10(), share]);
            }
            [positive, negative]
        };
        let exact = signed(&mut row.eigenvalues.iter().map(|&value| (value, share)));
        let estimated = signed(&mut row.nodes.iter().copied().zip(row.weights.iter().copied()));
        let sizes = exact.iter().chain(&estimated).flatten().map(|[size, _]| *size);
        let [lo, hi] = sizes.fold([f64::INFINITY, f64::NEG_INFINITY], |[lo, hi], x| [lo.min(x), hi.max(x)]);
        let ends = if lo > hi { [-1.0, 1.0] } else { [bin(lo) - 2.0 * BIN, bin(hi) + 3.0 * BIN] };
        Shown { exact, estimated, ends }
    }

    /// Bins with their heights.
    fn bars(&self, side: usize) -> Vec<[f64; 2]> {
        let count = ((self.ends[1] - self.ends[0]) / BIN).round() as usize;
        let mut bars: Vec<[f64; 2]> = (0..count).map(|k| [self.ends[0] + k as f64 * BIN, 0.0]).collect();
        for [size, share] in &self.exact[side] {
            let at = ((size - self.ends[0]) / BIN).floor().max(0.0) as usize;
            if let Some(bar) = bars.get_mut(at) {
                bar[1] += share / BIN;
            }
        }
        bars
    }

    /// Points widened to Gaussians, at many sizes.
    fn smooth(&self, points: &[[f64; 2]]) -> Vec<[f64; 2]> {
        let width = BIN / 2.0;
        let height = |size: f64| -> f64 {
            let bell = |[at, share]: &[f64; 2]| share * (-0.5 * ((size - at) / width).powi(2)).exp();
            points.iter().map(bell).sum::<f64>() / (width * TAU.sqrt())
        };
        let step = (self.ends[1] - self.ends[0]) / 300.0;
        (0..=300).map(|k| self.ends[0] + f64::from(k) * step).map(|size| [size, height(size)]).collect()
    }
}

impl Density {
    fn draw(&self, scene: &mut Scene, shown: &Shown, top: f64, bottom: f64) {
        let bars = [shown.bars(0), shown.bars(1)];
        let smooth = |points: &[Vec<[f64; 2]>; 2]| [shown.smooth(&points[0]), shown.smooth(&points[1])];
        let (exact, estimated) = (smooth(&shown.exact), smooth(&shown.estimated));
        let highest =
            bars.iter().chain(&exact).chain(&estimated).flatten().fold(0.1, |most, [_, y]| y.max(most));
        let finite = self.eigenvalues.iter().copied().filter(|value| value.is_finite());
        let range = finite.fold(None, |range: Option<[f64; 2]>, value| match range {
            Some([lo, hi]) => Some([lo.min(value), hi.max(value)]),
            None => Some([value; 2]),
        });
        let range = range.map_or(String::new(), |[lo, hi]| format!(" from {} to {}", number(lo), number(hi)));
        let heading = format!("{}: {} curvatures{range}", self.name, self.eigenvalues.len());
        let labels = [heading, format!("estimated from {} points", self.nodes.len())];
        let middle = (scene.width / 2.0).round();
        for (at, label) in labels.into_iter().enumerate() {
            let (left, right) = if at == 0 { (0.0, middle) } else { (middle, scene.width) };
            let [from, to] = shown.ends.map(|end| 10f64.powf(end));
            let x = Axis { scale: Scale::Logarithmic, ..Axis::between("|λ|", from, to) };
            let y = Axis::between(label, 0.0, 1.08 * highest);
            let panel = Panel::new(scene, Area { left, top, right, bottom }, x, y, 0.0);
            panel.draw_grid(scene);
            let place = |[size, height]: [f64; 2]| panel.place(10f64.powf(size), height);
            for (side, color) in [BLUE, VERMILION].into_iter().enumerate() {
                if at == 0 {
                    draw_bars(scene, &bars[side], color, place);
                    continue;
                }
                if !shown.estimated[side].is_empty() {
                    let points: Vec<Place> = estimated[side].iter().copied().map(place).collect();
                    scene.line("density", crate::contours::thinned(&points, 0.05), Stroke::new(color, 1.8));
                }
                if !shown.exact[side].is_empty() {
                    let points: Vec<Place> = exact[side].iter().copied().map(place).collect();
                    scene.line("exact", crate::contours::thinned(&points, 0.05), exact_stroke());
                }
            }
            panel.draw_axes(scene);
        }
    }
}

/// Bars from the bottom of the panel, where there is any share.
fn draw_bars(scene: &mut Scene, bars: &[[f64; 2]], color: Color, place: impl Fn([f64; 2]) -> Place) {
    for [size, height] in bars.iter().filter(|[_, height]| *height > 0.0) {
        let ([left, top], [right, bottom]) = (place([*size, *height]), place([size + BIN, 0.0]));
        // A gap tells neighbors apart.
        let inset = if scene.face.is_cells() { 0.0 } else { 0.06 * (right - left) };
        let ring =
            vec![[left + inset, top], [right - inset, top], [right - inset, bottom], [left + inset, bottom]];
        scene.area("bar", vec![ring], color);
    }
}

fn exact_stroke() -> Stroke {
    Stroke::new(BLACK, 1.2).dashed(true)
}

/// The beginning of the bin of a size.
fn bin(size: f64) -> f64 {
    (size / BIN).floor() * BIN
}
