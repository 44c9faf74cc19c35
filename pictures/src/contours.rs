//! The part of a grid that is at or above a level, as rings; marching squares, cell by cell.

use std::collections::BTreeMap;

use crate::scene::Place;

/// Heights on a lattice, row by row; NaN where there is none.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Heights {
    pub(crate) columns: usize,
    pub(crate) values: Vec<f64>,
}

/// A region and the part of its border along which the height is that of the level; in steps of the lattice.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Region {
    pub(crate) rings: Vec<Vec<Place>>,
    pub(crate) lines: Vec<Vec<Place>>,
}

/// A corner of the lattice, or a place on a line between two corners.
type Vertex = (usize, usize);

/// From one vertex to the next along the border, the region on the left.
#[derive(Clone, Copy, Debug)]
struct Step {
    to: Vertex,
    is_contour: bool,
}

/// The border so far: the steps from each vertex.
type Border = BTreeMap<Vertex, Vec<Step>>;

/// The corners of a cell, counterclockwise, that have a height.
type Corners = Vec<usize>;

impl Heights {
    /// The region at or above `level`; with −∞, the region where there is any height.
    pub(crate) fn region(&self, level: f64) -> Region {
        let mut border = Border::new();
        let rows = self.values.len().checked_div(self.columns).unwrap_or(0);
        for row in 0..rows.saturating_sub(1) {
            for column in 0..self.columns - 1 {
                if let Some(corners) = self.corners(column, row) {
                    self.march(&corners, column, row, level, &mut border);
                }
            }
        }
        self.link(border, level)
    }

    /// The corners of a cell, if it has at least three: without one, half of the cell is left.
    fn corners(&self, column: usize, row: usize) -> Option<Corners> {
        let first = row * self.columns + column;
        let all = [first, first + 1, first + self.columns + 1, first + self.columns];
        let corners: Corners = all.into_iter().filter(|&at| !self.values[at].is_nan()).collect();
        (corners.len() >= 3).then_some(corners)
    }

    /// Adds what a cell has of the border.
    fn march(&self, corners: &[usize], column: usize, row: usize, level: f64, border: &mut Border) {
        let is_in = |at: usize| self.values[at] >= level;
        let (mut leaves, mut enters) = (Vec::new(), Vec::new());
        for (at, &from) in corners.iter().enumerate() {
            let to = corners[(at + 1) % corners.len()];
            let crossing = (from.min(to), from.max(to));
            let side = match (is_in(from), is_in(to)) {
                (true, true) => Some(((from, from), (to, to))),
                (true, false) => {
                    leaves.push((at, crossing));
                    Some(((from, from), crossing))
                }
                (false, true) => {
                    enters.push((at, crossing));
                    Some((crossing, (to, to)))
                }
                (false, false) => None,
            };
            // Between two cells the same step is taken both ways, so it is none.
            if let Some((from_vertex, to_vertex)) = side
                && !self.has_neighbor(from, to, column, row)
            {
                border.entry(from_vertex).or_default().push(Step { to: to_vertex, is_contour: false });
            }
        }
        let mean = corners.iter().map(|&at| self.values[at] / corners.len() as f64).sum::<f64>();
        for &(at, from) in &leaves {
            // With two ways out, the middle tells whether the two high corners are joined.
            let after = enters.iter().find(|(enter, _)| *enter > at).or(enters.first());
            let before = enters.iter().rev().find(|(enter, _)| *enter < at).or(enters.last());
            let entered = if leaves.len() == 1 || mean >= level { after } else { before };
            if let Some(&(_, to)) = entered {
                border.entry(from).or_default().push(Step { to, is_contour: true });
            }
        }
    }

    /// Whether the cell on the other side of a side has a part of the region too.
    fn has_neighbor(&self, from: usize, to: usize, column: usize, row: usize) -> bool {
        let rows = self.values.len() / self.columns;
        let [(a, b), (c, d)] = [from, to].map(|at| (at % self.columns, at / self.columns));
        let neighbor = if b == d {
            // A lower or an upper side.
            if b == row { row.checked_sub(1).map(|row| (column, row)) } else { Some((column, row + 1)) }
        } else if a == c {
            if a == column {
                column.checked_sub(1).map(|column| (column, row))
            } else {
                Some((column + 1, row))
            }
        } else {
            None
        };
        neighbor.is_some_and(|(column, row)| {
            column + 1 < self.columns && row + 1 < rows && self.corners(column, row).is_some()
        })
    }

    /// Follows the border around.
    fn link(&self, mut border: Border, level: f64) -> Region {
        let mut region = Region { rings: Vec::new(), lines: Vec::new() };
        while let Some((&start, _)) = border.first_key_value() {
            let (mut ring, mut kinds) = (Vec::new(), Vec::new());
            let mut at = start;
            while let Some(steps) = border.get_mut(&at) {
                let step = steps.pop();
                if steps.is_empty() {
                    border.remove(&at);
                }
                let Some(Step { to, is_contour }) = step else { break };
                ring.push(self.place(at, level));
                kinds.push(is_contour);
                at = to;
                if at == start {
                    break;
                }
            }
            region.lines.extend(lines(&ring, &kinds));
            region.rings.push(ring);
        }
        region
    }

    fn place(&self, (a, b): Vertex, level: f64) -> Place {
        let corner = |at: usize| [(at % self.columns) as f64, (at / self.columns) as f64];
        if a == b {
            return corner(a);
        }
        let ([x, y], [u, v]) = (corner(a), corner(b));
        let part = ((level - self.values[a]) / (self.values[b] - self.values[a])).clamp(0.0, 1.0);
        [x + part * (u - x), y + part * (v - y)]
    }
}

/// The stretches of a ring along a contour.
fn lines(ring: &[Place], kinds: &[bool]) -> Vec<Vec<Place>> {
    let count = ring.len();
    let Some(gap) = kinds.iter().position(|is_contour| !is_contour) else {
        let mut closed = ring.to_vec();
        closed.extend(ring.first());
        return vec![closed];
    };
    let mut found: Vec<Vec<Place>> = Vec::new();
    let mut is_open = false;
    for step in 1..=count {
        let at = (gap + step) % count;
        if kinds[at] {
            if !is_open {
                found.push(vec![ring[at]]);
            }
            if let Some(line) = found.last_mut() {
                line.push(ring[(at + 1) % count]);
            }
        }
        is_open = kinds[at];
    }
    found
}

/// Leaves out points that lie within `tolerance` of the line between those that stay.
pub(crate) fn thinned(points: &[Place], tolerance: f64) -> Vec<Place> {
    const FARTHEST: usize = 40;
    let mut kept: Vec<usize> = Vec::new();
    for at in 0..points.len() {
        let is_end = at == 0 || at + 1 == points.len();
        let is_needed = kept.last().is_none_or(|&last| {
            let next = points[(at + 1) % points.len()];
            at - last > FARTHEST
                || (last + 1..=at).any(|k| off_line(points[k], points[last], next) > tolerance)
        });
        if is_end || is_needed {
            kept.push(at);
        }
    }
    kept.into_iter().map(|at| points[at]).collect()
}

/// The distance of a point from the line through two others, or from them where it does not lie between.
fn off_line([x, y]: Place, [a, b]: Place, [c, d]: Place) -> f64 {
    let (u, v) = (c - a, d - b);
    let square = u * u + v * v;
    let part = if square > 0.0 { (((x - a) * u + (y - b) * v) / square).clamp(0.0, 1.0) } else { 0.0 };
    (x - a - part * u).hypot(y - b - part * v)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(ring: &[Place]) -> f64 {
        let pairs = ring.iter().zip(ring.iter().cycle().skip(1));
        pairs.map(|([x, y], [u, v])| (x * v - u * y) / 2.0).sum()
    }

    fn heights(columns: usize, rows: usize, f: impl Fn(f64, f64) -> f64) -> Heights {
        let values = (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y)));
        Heights { columns, values: values.map(|(x, y)| f(x as f64, y as f64)).collect() }
    }

    #[test]
    fn a_disk_is_one_ring_of_its_area() {
        let hill = heights(41, 41, |x, y| -((x - 20.0).powi(2) + (y - 20.0).powi(2)));
        let region = hill.region(-100.0);
        assert_eq!((region.rings.len(), region.lines.len()), (1, 1));
        let circle = std::f64::consts::PI * 100.0;
        // A chord of half a cell is off by an eighth of its square over the radius.
        assert!((area(&region.rings[0]) - circle).abs() < 0.01 * circle);
        // What lies around has a hole.
        let around = Heights { values: hill.values.iter().map(|z| -z).collect(), ..hill }.region(100.0);
        let sum: f64 = around.rings.iter().map(|ring| area(ring)).sum();
        assert_eq!(around.rings.len(), 2);
        assert!((sum - (1600.0 - circle)).abs() < 0.01 * circle);
    }

    #[test]
    fn where_there_is_no_height_there_is_no_region() {
        let half = heights(11, 11, |x, y| if x + y < 9.5 { f64::NAN } else { 1.0 });
        let region = half.region(f64::NEG_INFINITY);
        // The corner below the diagonal from (10, 0) to (0, 10) is missing.
        assert_eq!(region.rings.iter().map(|ring| area(ring)).sum::<f64>(), 50.0);
        assert!(region.lines.is_empty());
        assert!(heights(3, 3, |_, _| f64::NAN).region(0.0).rings.is_empty());
    }

    #[test]
    fn the_middle_of_a_saddle_decides() {
        for (level, rings) in [(-0.1, 1), (0.1, 2)] {
            let saddle = heights(2, 2, |x, y| if x == y { 1.0 } else { -1.0 });
            assert_eq!(saddle.region(level).rings.len(), rings, "{level}");
        }
    }

    #[test]
    fn thinning_keeps_corners() {
        let points: Vec<Place> = (0..=10).map(|k| [f64::from(k), f64::from((k - 5).max(0))]).collect();
        assert_eq!(thinned(&points, 0.01), [[0.0, 0.0], [5.0, 0.0], [10.0, 5.0]]);
    }
}
