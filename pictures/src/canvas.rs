//! How large a picture is, and in which letters.

use crate::face::Face;

/// The size of a picture and of its letters.
///
/// ```
/// use hesse_pictures::Canvas;
///
/// // Nothing can be drawn on less than 160 pixels.
/// assert_eq!(Canvas::page(10.0, 540.0).size(), (160.0, 540.0));
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Canvas {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) face: Face,
}

/// No picture is smaller than this, so that its axes have room.
const SMALLEST: f64 = 160.0;
/// No picture is larger than this, so that its pixels fit into memory.
const LARGEST: f64 = 8192.0;

impl Canvas {
    /// A page of `width` × `height` pixels of CSS, 160 to 8192 each; sizes beyond these are brought there.
    ///
    /// ```
    /// use hesse_pictures::Canvas;
    ///
    /// let page = Canvas::page(720.0, 540.0);
    /// assert_eq!(page.size(), (720.0, 540.0));
    /// ```
    #[must_use]
    pub fn page(width: f64, height: f64) -> Canvas {
        let side = |side: f64| if side.is_nan() { SMALLEST } else { side.clamp(SMALLEST, LARGEST) };
        let (width, height) = (side(width), side(height));
        // Small pictures have smaller letters, down to what can still be read.
        let size = (width.min(height * 1.4) / 42.0).clamp(10.0, 13.0);
        Canvas { width, height, face: Face::Sans { size } }
    }

    /// A terminal of `columns` × `rows` characters, 40 × 12 to 400 × 200.
    ///
    /// ```
    /// use hesse_pictures::{Canvas, Ink, Spectrum};
    ///
    /// let canvas = Canvas::terminal(60, 16);
    /// let text = Spectrum { title: String::new(), eigenvalues: vec![1.0, 9.0] }.draw(&canvas).to_terminal(Ink::None);
    /// assert_eq!(text.lines().count(), 16);
    /// ```
    #[must_use]
    pub fn terminal(columns: usize, rows: usize) -> Canvas {
        let (columns, rows) = (columns.clamp(40, 400), rows.clamp(12, 200));
        let [width, height] = Face::CELL;
        Canvas { width: columns as f64 * width, height: rows as f64 * height, face: Face::Cells }
    }

    /// Width and height, in pixels of CSS.
    #[must_use]
    pub fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }
}
