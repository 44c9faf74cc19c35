//! Which values of a surface get a contour.

use crate::axis::{number, round_step};

/// About so many contours are drawn.
const CONTOURS: f64 = 12.0;
/// If the highest value is so many times further from the lowest than that below which a quarter of all values lie, the
/// distances between contours grow with the distance from the lowest.
const STEEP: f64 = 12.0;
/// Parts of all values beyond which a contour has next to nothing on its other side.
const TAIL: f64 = 0.02;

/// The values at which contours are drawn, and what the numbers beside them say.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Levels {
    /// In ascending order, as [`Levels::height`] gives them.
    pub(crate) heights: Vec<f64>,
    pub(crate) labels: Vec<String>,
    /// What the labels are values of.
    pub(crate) title: String,
    base: Option<Base>,
}

/// Heights are logarithms of the distance from a value.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Base {
    value: f64,
    least: f64,
}

impl Levels {
    /// Levels of the finite ones among values; `lowest` is the least value known, on or off the grid.
    pub(crate) fn of(values: &[f64], lowest: f64, title: &str) -> Levels {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let (Some(&first), Some(&last)) = (sorted.first(), sorted.last()) else {
            return Levels { heights: Vec::new(), labels: Vec::new(), title: title.to_owned(), base: None };
        };
        let lowest = if lowest.is_finite() { lowest.min(first) } else { first };
        let quantile = |part: f64| sorted[((sorted.len() - 1) as f64 * part) as usize];
        if last - lowest > STEEP * (quantile(0.25) - lowest) {
            return Levels::steep(&sorted, lowest, title);
        }
        let (mut lo, mut hi) = (first, last);
        let (low, high) = (quantile(TAIL), quantile(1.0 - TAIL));
        // Few values far from all others would take all the contours.
        if low - lo > 3.0 * (hi - low) {
            lo = low;
        }
        if hi - high > 3.0 * (high - lo) {
            hi = high;
        }
        let step = round_step((hi - lo) / CONTOURS);
        if !(step > 0.0 && step.is_finite()) {
            return Levels { heights: Vec::new(), labels: Vec::new(), title: title.to_owned(), base: None };
        }
        let (from, to) = ((lo / step).floor() + 1.0, (hi / step).floor());
        // Where a difference drowns in rounding there is nothing to draw.
        let count = if from.abs().max(to.abs()) < 1e12 { (to - from).max(-1.0) as usize + 1 } else { 0 };
        let heights: Vec<f64> = (0..count.min(64)).map(|k| (from + k as f64) * step).collect();
        let labels = heights.iter().map(|&height| number(height)).collect();
        Levels { heights, labels, title: title.to_owned(), base: None }
    }

    fn steep(sorted: &[f64], lowest: f64, title: &str) -> Levels {
        let quantile = |part: f64| sorted[((sorted.len() - 1) as f64 * part) as usize];
        // Zero is the better base where nothing is far below its neighbors.
        let base = if lowest >= 0.0 && lowest <= 0.1 * quantile(TAIL) { 0.0 } else { lowest };
        let above: Vec<f64> = sorted
            .iter()
            .map(|value| value - base)
            .filter(|above| *above > 0.0 && above.is_finite())
            .collect();
        let place = |part: f64| above[((above.len() - 1) as f64 * part) as usize];
        let (lo, hi) = match above.len() {
            0 => (1.0, 1.0),
            _ => (place(TAIL / 2.0), place(1.0 - TAIL / 2.0)),
        };
        let lo = lo.max(hi * 1e-30).max(f64::MIN_POSITIVE);
        let decades = (hi / lo).log10();
        let digits: &[u8] = if decades <= 3.5 {
            &[1, 2, 5]
        } else if decades <= 6.0 {
            &[1, 3]
        } else {
            &[1]
        };
        let stride = ((decades / CONTOURS).ceil() as i32).max(1);
        let (mut distances, mut labels) = (Vec::new(), Vec::new());
        for exponent in lo.log10().floor() as i32..=hi.log10().ceil() as i32 {
            for digit in digits.iter().filter(|_| exponent.rem_euclid(stride) == 0) {
                let distance: f64 = format!("{digit}e{exponent}").parse().unwrap_or(f64::NAN);
                if distance >= lo && distance <= hi {
                    distances.push(distance);
                    labels.push(number(distance));
                }
            }
        }
        let title = match base {
            0.0 => title.to_owned(),
            base if base < 0.0 => format!("{title} + {}", number(-base)),
            base => format!("{title} − {}", number(base)),
        };
        let heights = distances.into_iter().map(f64::ln).collect();
        Levels { heights, labels, title, base: Some(Base { value: base, least: lo * 1e-3 }) }
    }

    /// The height of a value: it grows with the value; NaN where the value is not finite.
    pub(crate) fn height(&self, value: f64) -> f64 {
        match self.base {
            _ if !value.is_finite() => f64::NAN,
            Some(Base { value: base, least }) => (value - base).max(least).ln(),
            None => value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gentle_surfaces_have_even_levels_and_steep_ones_decades() {
        let even: Vec<f64> = (0..=1000).map(|k| f64::from(k) / 100.0).collect();
        let levels = Levels::of(&even, 0.0, "E");
        assert_eq!(levels.labels[..3], ["1", "2", "3"]);
        let steep: Vec<f64> = (1..=1000).map(|k| (f64::from(k) / 50.0).exp()).collect();
        let levels = Levels::of(&steep, 0.0, "E");
        assert_eq!((levels.labels[0].as_str(), levels.title.as_str()), ("10", "E"));
        assert!(levels.heights.windows(2).all(|pair| pair[0] < pair[1]));
        let deep: Vec<f64> = steep.iter().map(|value| value - 5.0).collect();
        assert_eq!(Levels::of(&deep, -5.0, "E").title, "E + 5");
    }

    #[test]
    fn no_values_no_levels() {
        for values in [&[][..], &[f64::NAN, f64::INFINITY], &[3.0, 3.0], &[1e300, -1e300, f64::MAX, f64::MIN]]
        {
            let levels = Levels::of(values, f64::NAN, "E");
            assert!(levels.heights.len() < 40 && levels.heights.iter().all(|height| height.is_finite()));
        }
    }
}
