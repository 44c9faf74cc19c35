//! Slopes by differences, with an estimate of their error.

/// A number and how far it may be off.
///
/// ```
/// use hesse_symbolic::evaluate::{Bindings, Surface};
///
/// let model = hesse_parser::formula::parse("param x; E = exp(x)", &Default::default()).unwrap();
/// let surface = Surface::new(&model.graph, model.error, &Bindings::new())?;
/// let estimate = surface.check(&[0.0])[0].differences;
/// assert!((estimate.value - 1.0).abs() <= 10.0 * estimate.error.max(1e-15));
/// # Ok::<(), hesse_symbolic::evaluate::BindError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// About the largest error; NaN or infinite where nothing is known.
    pub error: f64,
}

/// The steps are halved so often.
const HALVINGS: usize = 10;

/// f′(x) by central differences extrapolated to a step of zero (Ridders 1982), the best of the triangle by its own measure:
/// how much neighbors differ, and the roundings of f over the step.
pub(super) fn slope(mut f: impl FnMut(f64) -> f64, x: f64) -> Estimate {
    let mut best = Estimate { value: f64::NAN, error: f64::INFINITY };
    let mut before: Vec<f64> = Vec::new();
    let mut step = 0.05 * x.abs().max(0.5);
    for _ in 0..HALVINGS {
        let (ahead, behind) = (x + step, x - step);
        let (high, low) = (f(ahead), f(behind));
        let width = ahead - behind;
        let rounding = 4.0 * f64::EPSILON * high.abs().max(low.abs()) / width;
        let mut row = vec![(high - low) / width];
        let mut factor = 1.0;
        for (column, &coarse) in before.iter().enumerate() {
            factor *= 4.0;
            let fine = row[column];
            let extrapolated = fine + (fine - coarse) / (factor - 1.0);
            let apart = (extrapolated - fine).abs().max((extrapolated - coarse).abs());
            if apart + rounding < best.error {
                best = Estimate { value: extrapolated, error: apart + rounding };
            }
            row.push(extrapolated);
        }
        before = row;
        step *= 0.5;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_as_estimated() {
        type Case = (fn(f64) -> f64, f64, f64);
        let cases: [Case; 4] = [
            (f64::sin, 0.7, 0.7f64.cos()),
            (f64::exp, 3.0, 3.0f64.exp()),
            (|x| x * x * x, -2.0, 12.0),
            (|x| 1e6 + x, 1.0, 1.0),
        ];
        for (f, x, slope_there) in cases {
            let found = slope(f, x);
            assert!((found.value - slope_there).abs() <= found.error, "{found:?} for {slope_there}");
            assert!(found.error < 1e-8 * slope_there.abs().max(1.0) || f(x) > 1e5, "{found:?}");
        }
        let nothing = slope(|_| f64::NAN, 1.0);
        assert!(nothing.value.is_nan() && nothing.error.is_infinite());
    }
}
