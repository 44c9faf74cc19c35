//! Tables of true values: `tables/NAME.txt`, written by `tables/make.py` with thousands of bits.

use std::path::Path;
use std::{fs, io};

/// A point and the truth there.
#[derive(Clone, Debug)]
pub struct Point {
    /// The arguments.
    pub at: Vec<f64>,
    /// The value; the first derivatives, by x and by y; the second ones, by xx, xy, yy.
    pub truth: Vec<Truth>,
}

/// A number more precise than an `f64` holds.
#[derive(Clone, Copy, Debug)]
pub struct Truth {
    /// The nearest `f64`.
    pub nearest: f64,
    /// What is missing to the truth, in ulp.
    missing: f64,
    /// A bound of the condition number: how much relative errors of the arguments are magnified; at least 1.
    pub condition: f64,
}

impl Truth {
    /// How far `actual` is from the truth, in units in the last place of the truth; 0 where there is none (NaN).
    ///
    /// ```
    /// use hesse_testkit::tables::table;
    ///
    /// let sqrt = table("sqrt").unwrap();
    /// assert!(sqrt.iter().all(|point| point.truth[0].error(point.at[0].sqrt()) <= 0.51));
    /// ```
    pub fn error(self, actual: f64) -> f64 {
        let Truth { nearest, missing, .. } = self;
        if nearest.is_nan() || actual == nearest && nearest.is_infinite() {
            return 0.0;
        }
        if actual.is_nan() || nearest.is_infinite() {
            return f64::INFINITY;
        }
        let unit = ulp(nearest);
        // The difference is exact where the error is small; scaling one after the other avoids overflow.
        let off = if actual.is_infinite() { f64::INFINITY } else { actual / unit - nearest / unit };
        (off - missing).abs()
    }
}

/// The distance to the next larger magnitude.
fn ulp(x: f64) -> f64 {
    let x = x.abs();
    let bits = x.to_bits();
    if bits == f64::MAX.to_bits() { x - f64::from_bits(bits - 1) } else { f64::from_bits(bits + 1) - x }
}

/// The table of a function.
///
/// # Errors
/// Where there is none, or a line is not as `make.py` writes it.
pub fn table(name: &str) -> io::Result<Vec<Point>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tables").join(format!("{name}.txt"));
    let text = fs::read_to_string(path)?;
    text.lines()
        .map(|line| point(line).ok_or_else(|| io::Error::other(format!("{name}: `{line}`"))))
        .collect()
}

fn point(line: &str) -> Option<Point> {
    let words: Vec<&str> = line.split(' ').collect();
    // One argument has three results, two have six.
    let arguments = words.len() / 4;
    let (at, truth) = words.split_at(arguments);
    Some(Point {
        at: at.iter().map(|word| number(word)).collect::<Option<_>>()?,
        truth: truth.iter().map(|word| result(word)).collect::<Option<_>>()?,
    })
}

fn result(word: &str) -> Option<Truth> {
    let (word, condition) = match word.split_once('^') {
        Some((word, power)) => (word, power.parse::<f64>().ok()?.exp2()),
        None => (word, 1.0),
    };
    let end = word.find(['+', '-']).unwrap_or(word.len());
    let (bits, missing) = word.split_at(end);
    let missing = if missing.is_empty() { 0.0 } else { missing.parse::<f64>().ok()? / 256.0 };
    Some(Truth { nearest: number(bits)?, missing, condition })
}

fn number(word: &str) -> Option<f64> {
    u64::from_str_radix(&format!("{word:0<16}"), 16).ok().map(f64::from_bits)
}
