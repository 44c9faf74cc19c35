//! How E and its slope fall from step to step.

use crate::axis::{Axis, Scale, number};
use crate::canvas::Canvas;
use crate::color::{Color, SERIES};
use crate::legend::{self, Entry, Sample};
use crate::panel::{Area, Panel};
use crate::scene::{Mark, Place, Scene, Stroke, Symbol};

/// Descents side by side: above, how far E is from the least value that any of them reached; below, the length of the
/// gradient; both on logarithmic axes.
///
/// ```
/// use hesse_pictures::{Canvas, Convergence, Course};
///
/// let newton = Course { name: "newton".into(), values: vec![9.0, 1.0, 0.0], slopes: vec![6.0, 2.0, 0.0] };
/// let picture = Convergence { title: "A parabola".into(), courses: vec![newton] };
/// let svg = picture.draw(&Canvas::page(480.0, 360.0)).to_svg();
/// assert!(svg.contains("newton") && svg.contains("‖∇E‖") && svg.contains("E − 0"));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Convergence {
    /// What stands above.
    pub title: String,
    /// The descents.
    pub courses: Vec<Course>,
}

/// What a descent went through, its start first.
///
/// ```
/// use hesse_pictures::Course;
///
/// let course = Course { name: "newton".into(), values: vec![9.0, 0.0], slopes: vec![6.0, 0.0] };
/// assert_eq!(course.values.len(), course.slopes.len());
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Course {
    /// What descended.
    pub name: String,
    /// E at every iterate.
    pub values: Vec<f64>,
    /// The length of the gradient at every iterate.
    pub slopes: Vec<f64>,
}

impl Convergence {
    /// Draws the descents.
    #[must_use]
    pub fn draw(&self, canvas: &Canvas) -> Scene {
        let mut scene = Scene::new(canvas, self.title.clone());
        let top = scene.headline();
        let stroke = |at: usize, color: Color| Stroke::new(color, 1.8).dashed(at % 2 == 1);
        let entries: Vec<Entry> = (self.courses.iter().enumerate())
            .map(|(at, course)| {
                let color = SERIES[at % SERIES.len()];
                Entry::new(Sample::Line(stroke(at, color)), course.name.clone())
            })
            .collect();
        let top = top + legend::draw(&mut scene, &entries, top);
        let all = self.courses.iter().flat_map(|course| course.values.iter().copied());
        let least = all.filter(|value| value.is_finite()).fold(f64::INFINITY, f64::min);
        let least = if least.is_finite() { least } else { 0.0 };
        let base =
            if least < 0.0 { format!("+ {}", number(-least)) } else { format!("− {}", number(least)) };
        let heights = |course: &Course| course.values.iter().map(|value| value - least).collect::<Vec<f64>>();
        let courses: [Vec<Vec<f64>>; 2] = [
            self.courses.iter().map(heights).collect(),
            self.courses.iter().map(|course| course.slopes.clone()).collect(),
        ];
        let y = [format!("E {base}"), "‖∇E‖".to_owned()].into_iter().zip(&courses).map(|(label, courses)| {
            Axis::around(label, courses.iter().flatten().copied(), Scale::Logarithmic)
        });
        let y: Vec<Axis> = y.collect();
        let middle = top + (canvas.height - top - 2.0 * scene.face.line()) / 2.0;
        let middle = if scene.face.is_cells() {
            (middle / scene.face.line()).round() * scene.face.line()
        } else {
            middle
        };
        let left = y.iter().map(|y| Panel::room(&scene, y, middle - top)).fold(0.0, f64::max);
        let x = self.steps();
        let right = canvas.width;
        let upper = Area { left: 0.0, top, right, bottom: middle };
        let lower = Area { left: 0.0, top: middle, right, bottom: canvas.height };
        for ((at, y), courses) in y.into_iter().enumerate().zip(&courses) {
            let panel = if at == 0 {
                Panel::upper(&scene, upper, x.clone(), y, left)
            } else {
                Panel::new(&scene, lower, x.clone(), y, left)
            };
            panel.draw_grid(&mut scene);
            for (course, values) in courses.iter().enumerate() {
                let color = SERIES[course % SERIES.len()];
                draw_course(&mut scene, &panel, values, stroke(course, color), color);
            }
            panel.draw_axes(&mut scene);
        }
        scene
    }

    /// The axis of steps: logarithmic where the steps of a short descent would all be at its very left.
    fn steps(&self) -> Axis {
        /// How many times as many steps a long descent has as a short one.
        const MUCH_LONGER: usize = 20;
        /// No descent of fewer steps is called long.
        const FEW: usize = 100;
        let steps = || self.courses.iter().map(|course| course.values.len().saturating_sub(1));
        let (least, most) = (steps().min().unwrap_or(0), steps().max().unwrap_or(0));
        let (scale, label) = if most > FEW && most > MUCH_LONGER * least {
            (Scale::Growing, "accepted step, logarithmic")
        } else {
            (Scale::Counting, "accepted step")
        };
        Axis { scale, ..Axis::between(label, 0.0, most.max(1) as f64) }
    }
}

/// A curve through what a logarithm can show; zeros fall to the bottom of the panel.
fn draw_course(scene: &mut Scene, panel: &Panel, values: &[f64], stroke: Stroke, color: Color) {
    /// More points than this are no longer seen one by one.
    const MOST_POINTS: usize = 60;
    let bottom = panel.area.bottom;
    let place = |(step, &value): (usize, &f64)| -> Option<Place> {
        if !value.is_finite() {
            return None;
        }
        let x = panel.place(step as f64, 1.0)[0];
        Some(if value > 0.0 { panel.place(step as f64, value) } else { [x, bottom] })
    };
    let places: Vec<Option<Place>> = values.iter().enumerate().map(place).collect();
    for piece in places.split(Option::is_none) {
        let piece: Vec<Place> = piece.iter().copied().flatten().collect();
        scene.line("course", crate::contours::thinned(&piece, 0.05), stroke);
    }
    if values.len() <= MOST_POINTS && !scene.face.is_cells() {
        let radius = scene.face.size() * 0.2;
        for (step, at) in places.iter().enumerate() {
            let Some(at) = *at else { continue };
            let note = format!("step {step}: {}", number(values[step]));
            scene.marks.push(Mark::Symbol {
                class: "step",
                at,
                symbol: Symbol::Dot,
                radius,
                fill: color,
                note,
            });
        }
    }
}
