//! A scene as PNG, drawn in software, with the letters of the font that comes along.

use tiny_skia::{
    FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke as Pen, StrokeDash, Transform,
};
use ttf_parser::OutlineBuilder;

use crate::color::{BLACK, Color, WHITE};
use crate::face::{Face, font};
use crate::scene::{Anchor, Mark, Place, Scene, Stroke, Symbol};
use crate::svg::{edge, rim};

/// Why a picture cannot be drawn.
///
/// ```
/// use hesse_pictures::{Canvas, PictureError, Spectrum};
///
/// let spectrum = Spectrum { title: String::new(), eigenvalues: vec![1.0] };
/// let refused = spectrum.draw(&Canvas::page(8192.0, 8192.0)).to_png(1e6);
/// assert!(matches!(refused, Err(PictureError::Size { .. })));
/// ```
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// The picture is too large.
    #[error("a picture of {width} × {height} pixels does not fit into memory; choose a smaller one")]
    Size {
        /// The width in pixels.
        width: u32,
        /// The height in pixels.
        height: u32,
    },
    /// The picture cannot be written.
    #[error("the picture cannot be written: {0}")]
    Encoding(String),
}

impl Scene {
    /// The picture as PNG, `scale` pixels for each pixel of CSS.
    ///
    /// # Errors
    /// Where the picture has more than 2²⁸ pixels, or none.
    ///
    /// ```
    /// use hesse_pictures::{Canvas, PictureError, Spectrum};
    ///
    /// let scene = Spectrum { title: "One".into(), eigenvalues: vec![1.0] }.draw(&Canvas::page(200.0, 160.0));
    /// let png = scene.to_png(2.0)?;
    /// // The width stands behind signature and header.
    /// assert_eq!(png[16..20], 400_u32.to_be_bytes());
    /// assert!(scene.to_png(1e6).is_err());
    /// # Ok::<(), PictureError>(())
    /// ```
    pub fn to_png(&self, scale: f64) -> Result<Vec<u8>, PictureError> {
        const MOST: u64 = 1 << 28;
        let [width, height] = [self.width, self.height].map(|side| (side * scale).round() as u32);
        let size = PictureError::Size { width, height };
        if u64::from(width) * u64::from(height) > MOST {
            return Err(size);
        }
        let mut sheet = Sheet { pixels: Pixmap::new(width, height).ok_or(size)?, scale: scale as f32 };
        sheet.pixels.fill(tiny_skia::Color::WHITE);
        for mark in &self.marks {
            sheet.draw(mark, self.face);
        }
        sheet.pixels.encode_png().map_err(|error| PictureError::Encoding(error.to_string()))
    }
}

struct Sheet {
    pixels: Pixmap,
    scale: f32,
}

impl Sheet {
    fn draw(&mut self, mark: &Mark, face: Face) {
        match mark {
            Mark::Area { rings, fill, .. } => {
                let mut builder = PathBuilder::new();
                rings.iter().for_each(|ring| trace(&mut builder, ring, true));
                self.fill(builder.finish(), *fill);
            }
            Mark::Line { points, stroke, .. } => {
                let mut builder = PathBuilder::new();
                trace(&mut builder, points, false);
                self.stroke(builder.finish(), *stroke);
            }
            Mark::Symbol { at, symbol, radius, fill, .. } => self.symbol(*at, *symbol, *radius, *fill),
            Mark::Text { at, text, anchor, color, is_strong } => {
                self.text(*at, text, *anchor, *color, face, *is_strong);
            }
        }
    }

    fn whole(&self) -> Transform {
        Transform::from_scale(self.scale, self.scale)
    }

    fn fill(&mut self, path: Option<Path>, color: Color) {
        // A path without extent has nothing to fill.
        let Some(path) = path else { return };
        let transform = self.whole();
        self.pixels.fill_path(&path, &paint(color), FillRule::EvenOdd, transform, None);
    }

    fn stroke(&mut self, path: Option<Path>, stroke: Stroke) {
        let Some(path) = path else { return };
        let width = stroke.width as f32;
        let dash = stroke.is_dashed.then(|| StrokeDash::new(vec![width * 2.5, width * 2.5], 0.0)).flatten();
        let pen = Pen { width, line_cap: LineCap::Butt, line_join: LineJoin::Round, dash, ..Pen::default() };
        let transform = self.whole();
        if stroke.has_halo {
            let halo = Pen { width: width + 1.6, dash: None, ..pen.clone() };
            self.pixels.stroke_path(&path, &paint(WHITE), &halo, transform, None);
        }
        self.pixels.stroke_path(&path, &paint(stroke.color), &pen, transform, None);
    }

    fn symbol(&mut self, [x, y]: Place, symbol: Symbol, radius: f64, fill: Color) {
        let path = match symbol {
            Symbol::Dot | Symbol::Ring => PathBuilder::from_circle(x as f32, y as f32, radius as f32),
            _ => {
                let mut builder = PathBuilder::new();
                let corners = symbol.corners().iter().map(|[u, v]| [x + u * radius, y + v * radius]);
                trace(&mut builder, &corners.collect::<Vec<_>>(), true);
                builder.finish()
            }
        };
        self.fill(path.clone(), fill);
        let width = edge(symbol, radius);
        if width > 0.0 {
            let color = if symbol == Symbol::Ring { BLACK } else { rim(fill) };
            self.stroke(path, Stroke::new(color, width));
        }
    }

    fn text(&mut self, [x, y]: Place, text: &str, anchor: Anchor, color: Color, face: Face, is_strong: bool) {
        let Some(font) = font() else { return };
        let width = face.width(text);
        let start = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        let size = face.size();
        // What looks like the middle of letters is this far above their line.
        let line = y + 0.35 * size;
        let unit = size / f64::from(font.units_per_em());
        let mut pen = start;
        for letter in text.chars() {
            let glyph = font.glyph_index(letter).unwrap_or_default();
            let mut outline = Outline(PathBuilder::new());
            if font.outline_glyph(glyph, &mut outline).is_some() {
                let place = Transform::from_row(unit as f32, 0.0, 0.0, -unit as f32, pen as f32, line as f32);
                let transform = place.post_concat(self.whole());
                let path = outline.0.finish();
                if let Some(path) = &path {
                    self.pixels.fill_path(path, &paint(color), FillRule::Winding, transform, None);
                    if is_strong {
                        // The font has one weight; a thin line around its letters makes another.
                        let pen = Pen { width: 0.05 * (1.0 / unit * size) as f32, ..Pen::default() };
                        self.pixels.stroke_path(path, &paint(color), &pen, transform, None);
                    }
                }
            }
            pen += face.width(letter.encode_utf8(&mut [0; 4]));
        }
    }
}

fn paint(Color(r, g, b): Color) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(r, g, b, u8::MAX);
    paint
}

fn trace(builder: &mut PathBuilder, points: &[Place], is_closed: bool) {
    for (at, [x, y]) in points.iter().enumerate() {
        let (x, y) = (*x as f32, *y as f32);
        if at == 0 { builder.move_to(x, y) } else { builder.line_to(x, y) }
    }
    if is_closed {
        builder.close();
    }
}

/// The outline of a letter.
struct Outline(PathBuilder);

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}
