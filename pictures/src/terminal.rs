//! A scene as text: lines in dots of Braille, areas as backgrounds, symbols and letters as they are.

use crate::color::{Color, WHITE};
use crate::face::Face;
use crate::scene::{Anchor, Mark, Place, Scene, Symbol};

/// Which colors a terminal has.
///
/// ```
/// use hesse_pictures::{Canvas, Ink, Spectrum};
///
/// let spectrum = Spectrum { title: String::new(), eigenvalues: vec![2.0] };
/// let scene = spectrum.draw(&Canvas::terminal(60, 12));
/// assert!(!scene.to_terminal(Ink::None).contains('\u{1b}'));
/// assert!(scene.to_terminal(Ink::True).contains('\u{1b}'));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ink {
    /// None: lines and letters alone.
    None,
    /// The 256 of xterm.
    Indexed,
    /// All.
    True,
}

/// One place for a character.
#[derive(Clone, Copy, Default)]
struct Cell {
    /// A character other than dots.
    letter: Option<char>,
    /// Dots of Braille, as their code says.
    dots: u8,
    front: Option<Color>,
    back: Option<Color>,
}

struct Screen {
    columns: usize,
    cells: Vec<Cell>,
    ink: Ink,
}

impl Scene {
    /// The picture as lines of text, each ending in `\n`, without spaces at their ends unless they are colored.
    ///
    /// Meant for a scene on [`Canvas::terminal`](crate::Canvas::terminal).
    ///
    /// ```
    /// use hesse_pictures::{Canvas, Grid, Ink, Surface};
    ///
    /// let bowl = Grid::of(40, 20, (-1.0, 1.0), (-1.0, 1.0), |x, y| x * x + y * y);
    /// let scene = Surface::new("A bowl", ["x", "y"], bowl).draw(&Canvas::terminal(60, 20));
    /// assert!(scene.to_terminal(Ink::None).starts_with(" A bowl\n"));
    /// assert!(scene.to_terminal(Ink::Indexed).contains("\u{1b}[48;5;"));
    /// ```
    #[must_use]
    pub fn to_terminal(&self, ink: Ink) -> String {
        let [width, height] = Face::CELL;
        let (columns, rows) =
            ((self.width / width).round() as usize, (self.height / height).round() as usize);
        let mut screen = Screen { columns, cells: vec![Cell::default(); columns * rows], ink };
        for mark in &self.marks {
            screen.draw(mark);
        }
        screen.text()
    }
}

impl Screen {
    fn draw(&mut self, mark: &Mark) {
        match mark {
            Mark::Area { rings, fill, .. } if self.ink != Ink::None => self.fill(rings, *fill),
            // Legend and key are for colors.
            Mark::Area { .. } => {}
            Mark::Line { points, stroke, class } => {
                // Where colors show the areas, lines between them would only hide these.
                if *class == "level" && self.ink != Ink::None {
                    return;
                }
                points.windows(2).for_each(|pair| self.dots(pair[0], pair[1], stroke.color));
            }
            Mark::Symbol { at, symbol, fill, radius, .. } => {
                let small = *symbol == Symbol::Dot && *radius < 4.0;
                self.put(*at, if small { '•' } else { symbol.character() }, Some(*fill));
            }
            Mark::Text { at: [x, y], text, anchor, .. } => {
                let [width, _] = Face::CELL;
                let length = text.chars().count() as f64 * width;
                let start = match anchor {
                    Anchor::Start => *x,
                    Anchor::Middle => x - length / 2.0,
                    Anchor::End => x - length,
                };
                let start = (start / width).round() * width + width / 2.0;
                for (at, letter) in text.chars().enumerate() {
                    self.put([start + at as f64 * width, *y], letter, None);
                }
            }
        }
    }

    fn cell(&mut self, [x, y]: Place) -> Option<&mut Cell> {
        let [width, height] = Face::CELL;
        let (column, row) = ((x / width).floor(), (y / height).floor());
        if !(column >= 0.0 && column < self.columns as f64 && row >= 0.0) {
            return None;
        }
        self.cells.get_mut(row as usize * self.columns + column as usize)
    }

    fn put(&mut self, at: Place, letter: char, front: Option<Color>) {
        // A control character would move the cursor.
        let letter = if letter.is_control() { ' ' } else { letter };
        if let Some(cell) = self.cell(at) {
            (cell.letter, cell.front) = (Some(letter), front);
        }
    }

    /// Dots along a line, two by four to a cell.
    fn dots(&mut self, [a, b]: Place, [c, d]: Place, color: Color) {
        let [width, height] = [Face::CELL[0] / 2.0, Face::CELL[1] / 4.0];
        let count = ((c - a).abs() / width).max((d - b).abs() / height).ceil().clamp(1.0, 4096.0) as usize;
        for step in 0..=count {
            let part = step as f64 / count as f64;
            let (x, y) = (a + part * (c - a), b + part * (d - b));
            let (column, row) = ((x / width).floor() as i64, (y / height).floor() as i64);
            let bit = match (column.rem_euclid(2), row.rem_euclid(4)) {
                (0, 3) => 0x40,
                (_, 3) => 0x80,
                (0, row) => 1 << row,
                (_, row) => 8 << row,
            };
            if let Some(cell) = self.cell([x, y])
                && cell.letter.is_none()
            {
                cell.dots |= bit;
                cell.front = Some(color);
            }
        }
    }

    /// The background of all cells whose middles are inside.
    fn fill(&mut self, rings: &[Vec<Place>], color: Color) {
        let [width, height] = Face::CELL;
        for row in 0..self.cells.len() / self.columns.max(1) {
            let y = (row as f64 + 0.5) * height;
            let mut crossings: Vec<f64> = Vec::new();
            for ring in rings {
                for ([a, b], [c, d]) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                    if (*b <= y) != (*d <= y) {
                        crossings.push(a + (y - b) / (d - b) * (c - a));
                    }
                }
            }
            crossings.sort_by(f64::total_cmp);
            for pair in crossings.chunks_exact(2) {
                let from = (pair[0] / width - 0.5).ceil().max(0.0) as usize;
                let to = (pair[1] / width - 0.5).floor().min(self.columns as f64 - 1.0);
                for column in from..(to + 1.0).max(0.0) as usize {
                    self.cells[row * self.columns + column].back = Some(color);
                }
            }
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for line in self.cells.chunks(self.columns.max(1)) {
            let mut written = String::new();
            let mut colors = (None, None);
            for cell in line {
                let wanted = if self.ink == Ink::None { (None, None) } else { (front(cell), cell.back) };
                if wanted != colors {
                    written.push_str("\u{1b}[0m");
                    written.extend(wanted.0.map(|color| code(38, color, self.ink)));
                    written.extend(wanted.1.map(|color| code(48, color, self.ink)));
                    colors = wanted;
                }
                let dots = char::from_u32(0x2800 + u32::from(cell.dots)).filter(|_| cell.dots != 0);
                written.push(cell.letter.or(dots).unwrap_or(' '));
            }
            if colors != (None, None) {
                written.push_str("\u{1b}[0m");
            }
            text.push_str(written.trim_end_matches(' '));
            text.push('\n');
        }
        text
    }
}

/// The color of a character: that of its mark, unless the background is nearly the same.
fn front(cell: &Cell) -> Option<Color> {
    const APART: f64 = 60.0;
    if cell.letter.is_none() && cell.dots == 0 {
        return None;
    }
    let Some(back) = cell.back else {
        // Black and white would vanish on terminals of that color.
        return cell.front.filter(|front| (60.0..200.0).contains(&front.lightness()));
    };
    let front = cell.front.unwrap_or(WHITE);
    if (front.lightness() - back.lightness()).abs() > APART {
        return Some(front);
    }
    Some(if back.lightness() < 128.0 { WHITE } else { Color(0, 0, 0) })
}

fn code(kind: u8, Color(r, g, b): Color, ink: Ink) -> String {
    if ink == Ink::True {
        return format!("\u{1b}[{kind};2;{r};{g};{b}m");
    }
    // The cube of xterm has these six shades of each part.
    let shade = |part: u8| match part {
        0..48 => 0,
        48..115 => 1,
        _ => (u16::from(part) - 35) / 40,
    };
    format!("\u{1b}[{kind};5;{}m", 16 + 36 * shade(r) + 6 * shade(g) + shade(b))
}
