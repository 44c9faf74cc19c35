//! A fit beside its data, and what it leaves over.

use crate::axis::{Axis, Scale, number};
use crate::canvas::Canvas;
use crate::color::{BLACK, BLUE, Color, GRAY, VERMILION};
use crate::contours::thinned;
use crate::legend::{self, Entry, Sample};
use crate::panel::{Area, Panel};
use crate::scene::{Mark, Place, Scene, Stroke, Symbol};

/// A fit: above, data and fitted values; below, residuals.
///
/// ```
/// use hesse_pictures::{Band, Canvas, Curve, Fit};
///
/// let fit = Fit {
///     title: "A line".into(),
///     labels: ["x", "y"].map(str::to_owned),
///     at: vec![0.0, 1.0, 2.0],
///     observed: vec![0.1, 0.8, 2.1],
///     residuals: vec![0.1, -0.2, 0.1],
///     curve: Some(Curve {
///         x: vec![0.0, 2.0],
///         y: vec![0.0, 2.0],
///         band: Some(Band { name: "95 % confidence".into(), half_widths: vec![0.2, 0.2] }),
///     }),
/// };
/// let svg = fit.draw(&Canvas::page(480.0, 400.0)).to_svg();
/// for class in ["observation", "curve", "confidence", "residual"] {
///     assert!(svg.contains(&format!("class=\"{class}\"")), "{class}");
/// }
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Fit {
    /// What stands above.
    pub title: String,
    /// What runs along the horizontal axis, and what was observed.
    pub labels: [String; 2],
    /// Where each observation stands along the horizontal axis.
    pub at: Vec<f64>,
    /// The observations.
    pub observed: Vec<f64>,
    /// What the model leaves over of each.
    pub residuals: Vec<f64>,
    /// The model along the horizontal axis; without it, that axis has fitted values, and a line where both are equal.
    pub curve: Option<Curve>,
}

/// A function of the number along the horizontal axis.
///
/// ```
/// use hesse_pictures::{Canvas, Curve, Section};
///
/// let curve = Curve { x: vec![0.0, 1.0, 2.0], y: vec![1.0, 0.0, 1.0], band: None };
/// assert!(Section::new("", "x", curve).draw(&Canvas::page(300.0, 200.0)).to_svg().contains("class=\"section\""));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Curve {
    /// In ascending order.
    pub x: Vec<f64>,
    /// The value at each.
    pub y: Vec<f64>,
    /// How sure it is.
    pub band: Option<Band>,
}

/// A band around a curve.
///
/// ```
/// use hesse_pictures::Band;
///
/// let band = Band { name: "95 % confidence".into(), half_widths: vec![0.2, 0.1, 0.2] };
/// assert!(band.half_widths.iter().all(|&half| half >= 0.0));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Band {
    /// What it means.
    pub name: String,
    /// Half of its width at each point of the curve.
    pub half_widths: Vec<f64>,
}

/// More points than this are a crowd.
const CROWD: usize = 200;
const PALE_BLUE: Color = Color(179, 211, 236);

impl Fit {
    /// Draws the fit.
    #[must_use]
    pub fn draw(&self, canvas: &Canvas) -> Scene {
        let mut scene = Scene::new(canvas, self.title.clone());
        let top = scene.headline();
        let top = top + legend::draw(&mut scene, &self.entries(), top);
        let along = self.at.iter().chain(self.curve.iter().flat_map(|curve| &curve.x)).copied();
        let x = Axis::around(self.labels[0].clone(), along, Scale::Linear);
        let residual = Axis::around("residual", self.residuals.iter().copied().chain([0.0]), Scale::Linear);
        let y = Axis::around(self.labels[1].clone(), self.heights(), Scale::Linear);
        let whole = Area { left: 0.0, top, right: canvas.width, bottom: canvas.height };
        let middle = top + (canvas.height - top) * 0.6;
        let middle = if scene.face.is_cells() {
            (middle / scene.face.line()).round() * scene.face.line()
        } else {
            middle
        };
        let room = |y: &Axis, height: f64| Panel::room(&scene, y, height);
        let left = room(&y, middle - top).max(room(&residual, canvas.height - middle));
        let panel = Panel::upper(&scene, Area { bottom: middle, ..whole }, x.clone(), y, left);
        self.draw_band(&mut scene, &panel);
        panel.draw_grid(&mut scene);
        // Many dots would hide the curve.
        let is_crowded = self.at.len() > CROWD;
        if !is_crowded {
            self.draw_curve(&mut scene, &panel);
        }
        draw_dots(&mut scene, &panel, "observation", &self.at, &self.observed);
        if is_crowded {
            self.draw_curve(&mut scene, &panel);
        }
        panel.draw_axes(&mut scene);
        let panel = Panel::new(&scene, Area { top: middle, ..whole }, x, residual, left);
        self.draw_residuals(&mut scene, &panel);
        scene
    }

    /// What the upper panel must have room for: observations, the model, and its band unless that widens beyond all measure.
    fn heights(&self) -> Vec<f64> {
        let fitted = self.curve.as_ref().map_or(&self.at, |curve| &curve.y);
        let mut heights: Vec<f64> =
            self.observed.iter().chain(fitted).copied().filter(|y| y.is_finite()).collect();
        let bounds =
            heights.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), &y| (lo.min(y), hi.max(y)));
        let room = 0.5 * (bounds.1 - bounds.0);
        if let Some(Curve { y, band: Some(band), .. }) = &self.curve
            && room.is_finite()
        {
            let edges = y.iter().zip(&band.half_widths).flat_map(|(y, half)| [y - half, y + half]);
            heights.extend(edges.map(|edge| edge.clamp(bounds.0 - room, bounds.1 + room)));
        }
        heights
    }

    fn draw_residuals(&self, scene: &mut Scene, panel: &Panel) {
        panel.draw_grid(scene);
        let zero = [panel.place(panel.x.lo, 0.0), panel.place(panel.x.hi, 0.0)];
        scene.line("zero", zero.to_vec(), Stroke::new(GRAY, 1.0));
        // Stems show runs of one sign; among many points they would be a blot.
        if self.at.len() <= CROWD && !scene.face.is_cells() {
            for (&at, &residual) in self.at.iter().zip(&self.residuals).filter(|(_, r)| r.is_finite()) {
                let stem = vec![panel.place(at, 0.0), panel.place(at, residual)];
                scene.line("stem", stem, Stroke::new(GRAY, 0.8));
            }
        }
        draw_dots(scene, panel, "residual", &self.at, &self.residuals);
        panel.draw_axes(scene);
    }

    fn entries(&self) -> Vec<Entry> {
        let mut entries = vec![Entry::new(Sample::Symbol(Symbol::Dot, BLACK), "data")];
        match &self.curve {
            Some(curve) => {
                entries.push(Entry::new(Sample::Line(Stroke::new(VERMILION, 2.0)), "fit"));
                entries.extend(
                    curve.band.as_ref().map(|band| Entry::new(Sample::Area(PALE_BLUE), band.name.clone())),
                );
            }
            None => {
                let equal = Stroke::new(VERMILION, 2.0);
                entries.push(Entry::new(Sample::Line(equal), "observed = fitted"));
            }
        }
        entries
    }

    fn draw_band(&self, scene: &mut Scene, panel: &Panel) {
        let Some(curve) = &self.curve else { return };
        let Some(Band { half_widths, .. }) = &curve.band else { return };
        for (low, high) in edges(panel, curve, half_widths) {
            let ring: Vec<Place> = low.iter().copied().chain(high.iter().rev().copied()).collect();
            scene.area("confidence", vec![ring], PALE_BLUE);
            for edge in [low, high] {
                scene.line("confidence", edge, Stroke::new(BLUE, 0.7));
            }
        }
    }

    fn draw_curve(&self, scene: &mut Scene, panel: &Panel) {
        let stroke = Stroke::new(VERMILION, 2.0);
        let Some(curve) = &self.curve else {
            let (lo, hi) = (panel.x.lo.max(panel.y.lo), panel.x.hi.min(panel.y.hi));
            scene.line("curve", vec![panel.place(lo, lo), panel.place(hi, hi)], stroke);
            return;
        };
        let places: Vec<Place> = curve.x.iter().zip(&curve.y).map(|(&x, &y)| panel.place(x, y)).collect();
        for piece in panel.clip(&places) {
            scene.line("curve", thinned(&piece, 0.05), stroke);
        }
    }
}

/// The lower and upper edges of a band within the panel, broken where it is not finite.
fn edges(panel: &Panel, curve: &Curve, half_widths: &[f64]) -> Vec<(Vec<Place>, Vec<Place>)> {
    let mut pieces: Vec<(Vec<Place>, Vec<Place>)> = vec![Default::default()];
    for ((&x, &y), &half) in curve.x.iter().zip(&curve.y).zip(half_widths) {
        if !(y.is_finite() && half.is_finite()) {
            pieces.push(Default::default());
            continue;
        }
        let edge = |y: f64| panel.place(x, y.clamp(panel.y.lo, panel.y.hi));
        if let Some((low, high)) = pieces.last_mut() {
            low.push(edge(y - half));
            high.push(edge(y + half));
        }
    }
    pieces.retain(|(low, _)| low.len() > 1);
    pieces.into_iter().map(|(low, high)| (thinned(&low, 0.05), thinned(&high, 0.05))).collect()
}

fn draw_dots(scene: &mut Scene, panel: &Panel, class: &'static str, xs: &[f64], ys: &[f64]) {
    // The more there are, the smaller they get.
    let radius = (scene.face.size() * 0.28).min(40.0 / (xs.len() as f64).sqrt()).max(1.2);
    // Nobody points at one among thousands.
    let has_notes = xs.len() <= 500;
    for (&x, &y) in xs.iter().zip(ys).filter(|(x, y)| x.is_finite() && y.is_finite()) {
        let note = if has_notes { format!("{} at {}", number(y), number(x)) } else { String::new() };
        let at = panel.place(x, y);
        scene.marks.push(Mark::Symbol { class, at, symbol: Symbol::Dot, radius, fill: BLACK, note });
    }
}
