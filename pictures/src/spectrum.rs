//! The eigenvalues of a Hessian, in ascending order.

use crate::axis::{Axis, Scale, number};
use crate::canvas::Canvas;
use crate::color::{BLUE, Color, GRAY, VERMILION};
use crate::legend::{self, Entry, Sample};
use crate::panel::{Area, Panel};
use crate::scene::{Mark, Scene, Stroke, Symbol};

/// A spectrum: sizes on a logarithmic axis, signs by symbol and color.
///
/// ```
/// use hesse_pictures::{Canvas, Spectrum};
///
/// let spectrum = Spectrum { title: "A saddle".into(), eigenvalues: vec![-2.0, 0.0, 300.0] };
/// let svg = spectrum.draw(&Canvas::page(480.0, 320.0)).to_svg();
/// for shown in ["λ1 = −2", "λ3 = 300", "negative", "zero"] {
///     assert!(svg.contains(shown), "{shown}");
/// }
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Spectrum {
    /// What stands above.
    pub title: String,
    /// In ascending order.
    pub eigenvalues: Vec<f64>,
}

impl Spectrum {
    /// Draws the spectrum.
    #[must_use]
    pub fn draw(&self, canvas: &Canvas) -> Scene {
        let mut scene = Scene::new(canvas, self.title.clone());
        let top = scene.headline();
        let looks: Vec<Look> = self.eigenvalues.iter().map(|&value| Look::of(value)).collect();
        let present =
            [Look::Positive, Look::Negative, Look::Zero].into_iter().filter(|look| looks.contains(look));
        let entries: Vec<Entry> = present
            .map(|look| Entry::new(Sample::Symbol(look.symbol(), look.color()), look.name()))
            .collect();
        let top = top + legend::draw(&mut scene, &entries, top);
        let sizes = self.eigenvalues.iter().map(|value| value.abs());
        let y = Axis::around("|λ|", sizes, Scale::Logarithmic);
        let count = self.eigenvalues.len();
        let x = Axis {
            scale: Scale::Counting,
            ..Axis::between("rank, from the least eigenvalue", 0.4, count.max(1) as f64 + 0.6)
        };
        let outer = Area { left: 0.0, top, right: canvas.width, bottom: canvas.height };
        let panel = Panel::new(&scene, outer, x, y, 0.0);
        panel.draw_grid(&mut scene);
        let Area { left, right, bottom, .. } = panel.area;
        let radius = ((right - left) / count.max(1) as f64 * 0.4).clamp(1.5, scene.face.size() * 0.38);
        for (at, (&value, look)) in self.eigenvalues.iter().zip(&looks).enumerate() {
            let [x, y] = match look {
                Look::Zero => [panel.place(at as f64 + 1.0, 1.0)[0], bottom],
                _ => panel.place(at as f64 + 1.0, value.abs()),
            };
            if radius > 2.0 && !scene.face.is_cells() {
                scene.line("stem", vec![[x, bottom], [x, y]], Stroke::new(look.color(), 1.0));
            }
            let note = format!("λ{} = {}", at + 1, number(value));
            let (symbol, fill) = (look.symbol(), look.color());
            scene.marks.push(Mark::Symbol { class: look.name(), at: [x, y], symbol, radius, fill, note });
        }
        panel.draw_axes(&mut scene);
        scene
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Positive,
    Negative,
    Zero,
}

impl Look {
    fn of(value: f64) -> Look {
        if value > 0.0 {
            Look::Positive
        } else if value < 0.0 {
            Look::Negative
        } else {
            Look::Zero
        }
    }

    fn name(self) -> &'static str {
        match self {
            Look::Positive => "positive",
            Look::Negative => "negative",
            Look::Zero => "zero",
        }
    }

    fn symbol(self) -> Symbol {
        match self {
            Look::Positive => Symbol::Dot,
            Look::Negative => Symbol::Down,
            Look::Zero => Symbol::Square,
        }
    }

    fn color(self) -> Color {
        match self {
            Look::Positive => BLUE,
            Look::Negative => VERMILION,
            Look::Zero => GRAY,
        }
    }
}
