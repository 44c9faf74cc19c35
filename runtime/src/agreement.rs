//! Gradient and Hessian held against differentiation by dual numbers, for generated tests.

use std::cell::Cell;
use std::vec::Vec;

use crate::dual::Dual;
use crate::{ErrorFunction, packed};

/// How many points there are.
pub const POINTS: u32 = 9;
/// At most so many entries of a Hessian are looked at.
const ENTRIES: usize = 2000;
/// Rounding of long sums and of both ways to differentiate, relative to the largest entry; a wrong term is far beyond.
const TOLERANCE: f64 = 1e-8;

/// Numbers for one point: multiples of 2⁻⁶, which `f32` holds as well, always the same.
///
/// Among the points are the origin, all parameters equal, large, small and very different ones.
///
/// ```
/// use hesse_runtime::agreement::Sample;
///
/// let mut sample = Sample::new(3);
/// let (x, at) = (sample.parameter(), sample.position(5));
/// assert!(x.is_finite() && at < 5);
/// // The same each time.
/// assert_eq!(Sample::new(3).parameter(), x);
/// ```
pub struct Sample {
    point: u32,
    state: u64,
}

impl Sample {
    /// The numbers of one of the [`POINTS`].
    #[must_use]
    pub fn new(point: u32) -> Sample {
        Sample { point, state: 0x9e37_79b9_7f4a_7c15 ^ u64::from(point) }
    }

    /// A whole number below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        // xorshift64*
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        (self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound
    }

    /// A parameter.
    pub fn parameter(&mut self) -> f64 {
        let number = self.below(256) as f64 / 64.0 - 2.0;
        match self.point {
            0 => 0.0,
            1 => 0.5,
            2 => number * 0.125,
            3 => number * 16.0,
            4 => number.abs() + 0.015_625,
            5 => number * [1.0 / 1024.0, 1.0, 64.0][self.below(3) as usize],
            6 => number * 0.25 + 1.0,
            _ => number,
        }
    }

    /// A number of the data.
    pub fn number(&mut self) -> f64 {
        let number = self.below(256) as f64 / 64.0 - 2.0;
        if self.point.is_multiple_of(2) { number.abs() + 0.015_625 } else { number }
    }

    /// An integer of the data.
    pub fn integer(&mut self) -> u64 {
        self.below(5)
    }

    /// A position in an axis of this size.
    pub fn position(&mut self, size: usize) -> u64 {
        self.below(size.max(1) as u64)
    }

    /// A condition of the data.
    pub fn truth(&mut self) -> bool {
        self.below(3) > 0
    }
}

/// What conditions met: numbers that vary and are equal stand on the edge between two branches.
///
/// ```
/// use hesse_runtime::agreement::Edges;
/// use hesse_runtime::dual::Dual;
///
/// let edges = Edges::default();
/// assert!(edges.compare(Dual::constant(1.0), Dual::constant(2.0), f64::lt));
/// ```
#[derive(Default)]
pub struct Edges {
    met: Cell<bool>,
}

impl Edges {
    /// Compares two numbers.
    pub fn compare(&self, x: Dual, y: Dual, compare: fn(&f64, &f64) -> bool) -> bool {
        let difference = x - y;
        let varies = difference.first != 0.0 || difference.second != 0.0 || difference.mixed != 0.0;
        if difference.value == 0.0 && varies {
            self.met.set(true);
        }
        compare(&x.value, &y.value)
    }
}

/// Holds value, gradient and Hessian of one point against dual numbers; whether the point has any.
///
/// Points where E is not finite, or that stand on a kink, have none.
///
/// # Panics
/// Where they differ.
///
/// ```
/// use hesse_runtime::agreement::holds;
/// use hesse_runtime::dual::Dual;
/// # mod surface {
/// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/bowl.rs"));
/// # }
/// # use surface::*;
///
/// let dual = |w: &[Dual], _: &_| w[0] * w[0] + Dual::constant(4.0) * w[1] * w[1];
/// assert!(holds(&Bowl, &[1.0, 2.0], 17.0, false, &dual));
/// ```
pub fn holds(
    error: &dyn ErrorFunction,
    parameters: &[f64],
    own: f64,
    single: bool,
    dual: &dyn Fn(&[Dual], &Edges) -> Dual,
) -> bool {
    let n = parameters.len();
    let (mut gradient, mut hessian) = (vec![0.0; n], vec![0.0; packed::length(n)]);
    let value = error.value_gradient_hessian(parameters, &mut gradient, &mut hessian);
    let seeded = |row: usize, column: usize| {
        let seed = |(at, &value): (usize, &f64)| Dual {
            value,
            first: f64::from(u8::from(at == row)),
            second: f64::from(u8::from(at == column)),
            mixed: 0.0,
        };
        let edges = Edges::default();
        let result = dual(&parameters.iter().enumerate().map(seed).collect::<Vec<_>>(), &edges);
        let Dual { value, first, second, mixed } = result;
        let is_smooth = [value, first, second, mixed].iter().all(|x| x.is_finite()) && !edges.met.get();
        is_smooth.then_some(result)
    };
    let step = packed::length(n).div_ceil(ENTRIES).max(1);
    let all = (0..n).flat_map(|row| (0..=row).map(move |column| (row, column)));
    let pairs: Vec<_> = all
        .filter(|(row, column)| row == column || packed::position(*row, *column).is_multiple_of(step))
        .collect();
    let truth: Option<Vec<Dual>> = pairs.iter().map(|&(row, column)| seeded(row, column)).collect();
    let Some(truth) = truth else { return false };
    let largest = |numbers: &mut dyn Iterator<Item = f64>| numbers.fold(1.0, |m: f64, x| m.max(x.abs()));
    let slopes = largest(&mut truth.iter().map(|t| t.first));
    let curvatures = largest(&mut truth.iter().map(|t| t.mixed));
    // NaN agrees with nothing.
    let agrees = |x: f64, y: f64, scale: f64, tolerance: f64| (x - y).abs() <= tolerance * scale;
    let named = |at: usize| {
        let mut name = String::new();
        let _ = error.parameter_name(at, &mut name);
        name
    };
    let scale = value.abs().max(1.0);
    // The function itself adds up in `f32`, whose rounding is 6e-8 a step, over a tile of rows and some cancellation.
    let coarse = if single { 1e-3 } else { TOLERANCE };
    // Where the function itself overflows, a generated stable form may not.
    if own.is_finite() {
        assert!(
            agrees(value, own, scale, coarse),
            "E({parameters:?}): generated {value:e}, the function itself {own:e}"
        );
    }
    for (&(row, column), truth) in pairs.iter().zip(&truth) {
        let (own, expected) = (gradient[row], truth.first);
        assert!(
            agrees(own, expected, slopes, TOLERANCE),
            "∂E/∂{} at {parameters:?}: generated {own:e}, by dual numbers {expected:e}",
            named(row)
        );
        let (own, expected) = (hessian[packed::position(row, column)], truth.mixed);
        assert!(
            agrees(own, expected, curvatures, TOLERANCE),
            "∂²E/∂{}∂{} at {parameters:?}: generated {own:e}, by dual numbers {expected:e}",
            named(row),
            named(column)
        );
    }
    true
}
