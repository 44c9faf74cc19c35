//! Classic error functions of two to four parameters, with their stationary points as another system finds them.

/// An error function on a box.
#[derive(Clone, Debug)]
pub struct Surface {
    /// What people call it.
    pub name: &'static str,
    /// The formula.
    pub formula: &'static str,
    /// Name, lower and upper bound of each parameter.
    pub sides: Vec<(&'static str, f64, f64)>,
    /// All stationary points in the box.
    pub points: Vec<Point>,
}

/// A stationary point, to 20 digits.
#[derive(Clone, Debug)]
pub struct Point {
    /// The number of negative eigenvalues.
    pub index: usize,
    /// The value of the error function.
    pub value: f64,
    /// Where it is.
    pub at: Vec<f64>,
}

/// The surfaces of `testkit/surfaces/surfaces.txt` with the points of `points.csv`, which `points.py` writes.
///
/// # Panics
/// If a line of the files is not what it should be.
#[allow(clippy::unwrap_used, reason = "in a test a panic is the report")]
pub fn classic() -> Vec<Surface> {
    let points = include_str!("../surfaces/points.csv").lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        // Worked out to 40 digits: what is smaller is zero.
        let exact = |number: f64| if number.abs() < 1e-40 { 0.0 } else { number };
        let numbers: Vec<f64> = cells[2..].iter().map(|cell| exact(cell.parse().unwrap())).collect();
        let point = Point { index: cells[1].parse().unwrap(), value: numbers[0], at: numbers[1..].to_vec() };
        (cells[0], point)
    });
    let points: Vec<(&str, Point)> = points.collect();
    let lines = include_str!("../surfaces/surfaces.txt").lines().filter(|line| !line.starts_with('#'));
    let surfaces = lines.map(|line| {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let sides = parts[1].split(',').map(|side| {
            let (name, bounds) = side.split_once('=').unwrap();
            let (lo, hi) = bounds.split_once("..").unwrap();
            (name, lo.parse().unwrap(), hi.parse().unwrap())
        });
        let own = points.iter().filter(|(name, _)| *name == parts[0]);
        Surface {
            name: parts[0],
            formula: parts[2],
            sides: sides.collect(),
            points: own.map(|(_, point)| point.clone()).collect(),
        }
    });
    surfaces.collect()
}
