//! A rectangle with axes.

use crate::axis::{Axis, Tick};
use crate::color::{BLACK, GRAY, PALE};
use crate::scene::{Anchor, Place, Scene, Stroke};

/// A rectangle of a scene, from its upper left to its lower right corner.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

/// A rectangle in which numbers have places.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Panel {
    pub(crate) area: Area,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    ticks: [Vec<Tick>; 2],
    has_x: bool,
    /// Where the room for labels begins.
    edge: f64,
}

impl Panel {
    /// Lays out a panel in a rectangle that has room for ticks and labels too; `left` is the least room on the left.
    pub(crate) fn new(scene: &Scene, outer: Area, x: Axis, y: Axis, left: f64) -> Panel {
        Panel::laid_out(scene, outer, x, y, left, true)
    }

    /// A panel whose horizontal axis has no labels: those of the panel below are meant.
    pub(crate) fn upper(scene: &Scene, outer: Area, x: Axis, y: Axis, left: f64) -> Panel {
        Panel::laid_out(scene, outer, x, y, left, false)
    }

    fn laid_out(scene: &Scene, outer: Area, x: Axis, y: Axis, left: f64, has_x: bool) -> Panel {
        let face = scene.face;
        let (line, gap) = (face.line(), face.gap());
        // The uppermost tick may stand at the very corner, below the name of the axis.
        let name = if face.is_cells() { line } else { line * 1.4 };
        let top = outer.top + if y.label.is_empty() { gap } else { name };
        let bottom = outer.bottom - if has_x { 2.0 * line + gap } else { gap };
        let bottom = if face.is_cells() { (bottom / line).floor() * line } else { bottom };
        let rows = ((bottom - top) / (line * 2.2)).max(2.0) as usize;
        let across = y.ticks(rows);
        let left = outer.left + left.max(Panel::margin(scene, &across));
        let left = if face.is_cells() { left.ceil() } else { left.round() };
        let right = outer.right - gap * 2.0;
        // Labels of wide numbers stand further apart.
        let mut count = ((right - left) / (line * 3.0)).max(2.0) as usize;
        let mut along = x.ticks(count);
        while count > 2 && Panel::collide(scene, &along, &x, right - left) {
            count -= 1;
            along = x.ticks(count);
        }
        let (left, right) = Panel::between_overhangs(scene, &along, &x, outer, (left, right));
        let area = Area { left, top, right: right.max(left + 1.0), bottom: bottom.max(top + 1.0) };
        Panel { area, x, y, ticks: [along, across], has_x, edge: outer.left }
    }

    /// The room that labels on the left take.
    fn margin(scene: &Scene, ticks: &[Tick]) -> f64 {
        let widths = ticks.iter().map(|tick| scene.face.width(&tick.label));
        widths.fold(scene.face.line(), f64::max) + 2.0 * scene.face.gap()
    }

    /// The room on the left that a vertical axis will take in a panel of some height.
    pub(crate) fn room(scene: &Scene, y: &Axis, height: f64) -> f64 {
        Panel::margin(scene, &y.ticks((height / (scene.face.line() * 2.2)).max(2.0) as usize))
    }

    fn collide(scene: &Scene, ticks: &[Tick], x: &Axis, width: f64) -> bool {
        let half = |tick: &Tick| (scene.face.width(&tick.label) + scene.face.gap()) / 2.0;
        ticks.windows(2).any(|pair| {
            let apart = (x.part(pair[1].at) - x.part(pair[0].at)) * width;
            apart < half(&pair[0]) + half(&pair[1])
        })
    }

    /// The sides of a panel, moved inwards so far that the labels of the horizontal axis, whose middles are at the ticks, stay within
    /// `outer`.
    fn between_overhangs(
        scene: &Scene,
        ticks: &[Tick],
        x: &Axis,
        outer: Area,
        (mut left, mut right): (f64, f64),
    ) -> (f64, f64) {
        let face = scene.face;
        let margin = if face.is_cells() { 0.0 } else { 2.0 };
        for tick in ticks {
            let (half, part) = (face.width(&tick.label) / 2.0 + margin, x.part(tick.at));
            if left + part * (right - left) - half < outer.left && part < 1.0 {
                left = (outer.left + half - part * right) / (1.0 - part);
            }
            if left + part * (right - left) + half > outer.right && part > 0.0 {
                right = left + (outer.right - half - left) / part;
            }
        }
        if face.is_cells() { (left.ceil(), right.floor()) } else { (left.round(), right.floor()) }
    }

    /// Where a pair of numbers is; outside of the panel if it is.
    pub(crate) fn place(&self, x: f64, y: f64) -> Place {
        let Area { left, top, right, bottom } = self.area;
        [left + self.x.part(x) * (right - left), bottom - self.y.part(y) * (bottom - top)]
    }

    /// Whether a place is inside, or on the border.
    pub(crate) fn contains(&self, [x, y]: Place) -> bool {
        let Area { left, top, right, bottom } = self.area;
        x >= left - 0.01 && x <= right + 0.01 && y >= top - 0.01 && y <= bottom + 0.01
    }

    /// The rectangle as a ring.
    pub(crate) fn ring(&self) -> Vec<Place> {
        let Area { left, top, right, bottom } = self.area;
        vec![[left, top], [right, top], [right, bottom], [left, bottom]]
    }

    /// Pale lines at all ticks.
    pub(crate) fn draw_grid(&self, scene: &mut Scene) {
        // On a terminal they would be as strong as the curves.
        if scene.face.is_cells() {
            return;
        }
        let Area { left, top, right, bottom } = self.area;
        let stroke = Stroke::new(PALE, 1.0);
        for tick in &self.ticks[0] {
            let [x, _] = self.place(tick.at, self.y.lo);
            scene.line("grid", vec![[x, top], [x, bottom]], stroke);
        }
        for tick in &self.ticks[1] {
            let [_, y] = self.place(self.x.lo, tick.at);
            scene.line("grid", vec![[left, y], [right, y]], stroke);
        }
    }

    /// The border, the ticks and the labels.
    pub(crate) fn draw_axes(&self, scene: &mut Scene) {
        let face = scene.face;
        let Area { left, top, right, bottom } = self.area;
        let (line, gap) = (face.line(), face.gap());
        let is_cells = face.is_cells();
        let border = if is_cells {
            // In the last row of the panel: the next has the labels.
            vec![[left, top], [left, bottom - 1.0], [right, bottom - 1.0]]
        } else {
            self.ring().into_iter().chain([[left, top]]).collect()
        };
        scene.line("axis", border, Stroke::new(GRAY, 1.0));
        let tick_length = if is_cells { 0.0 } else { gap * 0.6 };
        for tick in self.ticks[0].iter().filter(|_| self.has_x) {
            let [x, _] = self.place(tick.at, self.y.lo);
            if tick_length > 0.0 {
                scene.line("axis", vec![[x, bottom], [x, bottom + tick_length]], Stroke::new(GRAY, 1.0));
            }
            let at = [x, bottom + if is_cells { line * 0.5 } else { tick_length + line * 0.55 }];
            scene.text(at, &*tick.label, Anchor::Middle, BLACK);
        }
        for tick in &self.ticks[1] {
            let [_, y] = self.place(self.x.lo, tick.at);
            scene.line("axis", vec![[left - tick_length, y], [left, y]], Stroke::new(GRAY, 1.0));
            // On a terminal the line below has the labels of x.
            let y = if is_cells { y.min(bottom - 0.5 * line) } else { y };
            scene.text([left - gap, y], &*tick.label, Anchor::End, BLACK);
        }
        if self.has_x {
            let label = face.cut(&self.x.label, right - left);
            let drop = if is_cells { line * 1.5 } else { tick_length + line * 1.55 };
            scene.text([(left + right) / 2.0, bottom + drop], label, Anchor::Middle, BLACK);
        }
        if !self.y.label.is_empty() {
            let first = self.edge + gap;
            let label = face.cut(&self.y.label, right - first);
            let start = (left - face.width(&label) - gap).max(first);
            let start = if is_cells { first } else { start };
            let above = if is_cells { line * 0.5 } else { line * 0.9 };
            scene.text([start, top - above], label, Anchor::Start, BLACK);
        }
    }

    /// The part of a line that is inside, as pieces.
    pub(crate) fn clip(&self, points: &[Place]) -> Vec<Vec<Place>> {
        let mut pieces: Vec<Vec<Place>> = Vec::new();
        for pair in points.windows(2) {
            let Some([from, to]) = self.clip_segment(pair[0], pair[1]) else { continue };
            match pieces.last_mut() {
                Some(piece) if piece.last() == Some(&from) => piece.push(to),
                _ => pieces.push(vec![from, to]),
            }
        }
        pieces
    }

    /// After Liang and Barsky (1984): the parameters at which a line enters and leaves.
    fn clip_segment(&self, from: Place, to: Place) -> Option<[Place; 2]> {
        let Area { left, top, right, bottom } = self.area;
        if !from.iter().chain(&to).all(|coordinate| coordinate.is_finite()) {
            return None;
        }
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (axis, lo, hi) in [(0, left, right), (1, top, bottom)] {
            let length = to[axis] - from[axis];
            if length == 0.0 {
                if from[axis] < lo || from[axis] > hi {
                    return None;
                }
                continue;
            }
            let (a, b) = ((lo - from[axis]) / length, (hi - from[axis]) / length);
            enter = enter.max(a.min(b));
            leave = leave.min(a.max(b));
        }
        let at = |part: f64| match part {
            0.0 => from,
            1.0 => to,
            _ => [from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])],
        };
        (enter <= leave).then(|| [at(enter), at(leave)])
    }
}
