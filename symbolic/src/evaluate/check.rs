//! Gradient and Hessian held against three witnesses: differences and dual numbers, which know nothing of the engine's
//! derivatives, and intervals, which tell what roundings do to these.

use hesse_runtime::dual::Dual;
use hesse_runtime::interval::Interval;
use hesse_runtime::{ErrorFunction, IntervalErrorFunction, packed};

use super::Surface;
use super::differences::{Estimate, slope};

/// An entry of gradient or Hessian, and what witnesses say of it.
///
/// ```
/// use hesse_symbolic::evaluate::{Bindings, Surface};
///
/// let model = hesse_parser::formula::parse("param x, y; E = x^2*y", &Default::default()).unwrap();
/// let surface = Surface::new(&model.graph, model.error, &Bindings::new())?;
/// let checked = surface.check(&[3.0, 1.0]);
/// // ∂E/∂x = 2xy comes first.
/// assert_eq!((checked[0].row, checked[0].column, checked[0].found), (0, None, 6.0));
/// assert!(checked[0].enclosure.contains(6.0) && checked[0].dual == 6.0);
/// # Ok::<(), hesse_symbolic::evaluate::BindError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Checked {
    /// The number of the parameter.
    pub row: usize,
    /// That of the other, for an entry of the Hessian; at most `row`.
    pub column: Option<usize>,
    /// The entry.
    pub found: f64,
    /// Slopes of E by differences, or for the Hessian of the gradient.
    pub differences: Estimate,
    /// By hyper-dual numbers; NaN where they say nothing, as at a kink.
    pub dual: f64,
    /// All that roundings of the formula can make of it; unbounded where nothing is known.
    pub enclosure: Interval,
}

/// Who says that an entry is wrong.
///
/// ```
/// use hesse_symbolic::evaluate::{Bindings, Surface, Witness};
///
/// let model = hesse_parser::formula::parse("param x; E = x^2", &Default::default()).unwrap();
/// let surface = Surface::new(&model.graph, model.error, &Bindings::new())?;
/// let mut wrong = surface.check(&[3.0])[0];
/// wrong.found = 7.0;
/// assert_eq!(wrong.doubts(), [Witness::Differences, Witness::DualNumbers, Witness::Intervals]);
/// # Ok::<(), hesse_symbolic::evaluate::BindError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Witness {
    /// Differences: the entry is beyond their error.
    Differences,
    /// Hyper-dual numbers: the entry is another number.
    DualNumbers,
    /// Intervals: the entry is outside.
    Intervals,
}

/// How many times their estimated error differences may be off, as this is an estimate itself.
const CAUTION: f64 = 20.0;
/// How many widths of an enclosure, and how many roundings, an entry may be away from it: another order of operations may
/// lose more than that of the formula.
const SLACK: f64 = 64.0;

impl Checked {
    /// The witnesses that say it is wrong; those that know nothing are silent.
    pub fn doubts(&self) -> Vec<Witness> {
        let mut doubts = Vec::new();
        if self.is_apart() && !self.is_settled() {
            doubts.push(Witness::Differences);
        }
        if (self.found - self.dual).abs() > self.reach() {
            doubts.push(Witness::DualNumbers);
        }
        if self.is_enclosed(self.reach()) == Some(false) {
            doubts.push(Witness::Intervals);
        }
        doubts
    }

    /// Whether differences contradict the entry and are overruled: they miss what waves or falls between their points, and an
    /// estimate is no match for the exact slope of dual numbers where roundings are known to be small.
    ///
    /// ```
    /// use hesse_symbolic::evaluate::{Bindings, Surface};
    ///
    /// let model = hesse_parser::formula::parse("param x; E = sin(1e8*x)", &Default::default()).unwrap();
    /// let surface = Surface::new(&model.graph, model.error, &Bindings::new())?;
    /// let slope = surface.check(&[0.0])[0];
    /// assert!(slope.overrules_differences() && slope.doubts().is_empty());
    /// # Ok::<(), hesse_symbolic::evaluate::BindError>(())
    /// ```
    pub fn overrules_differences(&self) -> bool {
        self.is_apart() && self.is_settled()
    }

    /// Whether differences give another number, which they do not at a kink: dual numbers have no slope there, and one of its
    /// sides is none for differences.
    fn is_apart(&self) -> bool {
        let apart = (self.found - self.differences.value).abs();
        !self.dual.is_nan() && apart > CAUTION * self.differences.error + self.reach()
    }

    /// Whether the entry is that of dual numbers, and enclosed.
    fn is_settled(&self) -> bool {
        self.is_enclosed(0.0) == Some(true) && (self.found - self.dual).abs() <= self.reach()
    }

    /// Whether the entry is in its enclosure or so near to it; `None` where nothing is known.
    fn is_enclosed(&self, reach: f64) -> Option<bool> {
        let is_known = self.enclosure.is_bounded() && !self.enclosure.is_empty();
        let distance = (self.enclosure.lo() - self.found).max(self.found - self.enclosure.hi());
        is_known.then_some(distance <= reach)
    }

    /// How far from the truth roundings may have brought the entry.
    fn reach(&self) -> f64 {
        let size = self.found.abs().max(self.dual.abs());
        let width = if self.enclosure.is_bounded() && !self.enclosure.is_empty() {
            self.enclosure.width()
        } else {
            // Without an enclosure, half of the digits.
            size.max(1.0) * f64::EPSILON.sqrt()
        };
        SLACK * (width + size * f64::EPSILON)
    }
}

impl Surface {
    /// Holds the gradient at `w` and one triangle of the Hessian against differences, hyper-dual numbers and intervals.
    ///
    /// The gradient comes first, then the Hessian row by row. Takes n(n+1)/2 evaluations of E on hyper-dual numbers and 10n(n+1) of
    /// the gradient.
    ///
    /// ```
    /// use hesse_symbolic::evaluate::{Bindings, Surface};
    /// use hesse_symbolic::graph::{Graph, Number, Role};
    ///
    /// let mut g = Graph::new();
    /// let array = g.array("x", Role::Parameter, &[]);
    /// let x = g.leaf(array, &[]);
    /// let cube = g.product(&[(x, Number::integer(3))]);
    /// let surface = Surface::new(&g, cube, &Bindings::new())?;
    /// let checked = surface.check(&[2.0]);
    /// assert_eq!([checked[0].found, checked[1].found], [12.0, 12.0]);      // 3x² and 6x
    /// assert!(checked.iter().all(|entry| entry.doubts().is_empty()));
    /// # Ok::<(), hesse_symbolic::evaluate::BindError>(())
    /// ```
    pub fn check(&self, w: &[f64]) -> Vec<Checked> {
        let n = w.len();
        let (mut gradient, mut triangle) = (vec![0.0; n], vec![0.0; packed::length(n)]);
        let value = self.value_gradient_hessian(w, &mut gradient, &mut triangle);
        let at: Vec<Interval> = w.iter().copied().map(Interval::point).collect();
        let mut slopes = vec![Interval::UNKNOWN; n];
        let mut curvatures = vec![Interval::UNKNOWN; triangle.len()];
        // Outside of the domain of E there is nothing to enclose.
        if value.is_finite() {
            self.enclose(&at, &mut slopes, &mut curvatures);
        }
        let mut checked: Vec<Checked> = (0..n)
            .map(|row| Checked {
                row,
                column: None,
                found: gradient[row],
                differences: slope(|x| self.value(&moved(w, row, x)), w[row]),
                dual: self.dual(&along(w, row, row)).first,
                enclosure: slopes[row],
            })
            .collect();
        let mut beside = vec![0.0; n];
        for row in 0..n {
            for column in 0..=row {
                let place = packed::position(row, column);
                let difference = slope(
                    |x| {
                        self.value_gradient(&moved(w, column, x), &mut beside);
                        beside[row]
                    },
                    w[column],
                );
                checked.push(Checked {
                    row,
                    column: Some(column),
                    found: triangle[place],
                    differences: difference,
                    dual: self.dual(&along(w, row, column)).mixed,
                    enclosure: curvatures[place],
                });
            }
        }
        checked
    }
}

/// The point with another value of one parameter.
fn moved(w: &[f64], parameter: usize, value: f64) -> Vec<f64> {
    let mut moved = w.to_vec();
    moved[parameter] = value;
    moved
}

/// The point with the directions of two parameters.
fn along(w: &[f64], first: usize, second: usize) -> Vec<Dual> {
    let part = |is: bool| f64::from(u8::from(is));
    let entry = |(at, &value): (usize, &f64)| Dual {
        value,
        first: part(at == first),
        second: part(at == second),
        mixed: 0.0,
    };
    w.iter().enumerate().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(found: f64) -> Checked {
        Checked {
            row: 0,
            column: None,
            found,
            differences: Estimate { value: 2.0, error: 1e-9 },
            dual: 2.0,
            enclosure: Interval::new(2.0 - 1e-15, 2.0 + 1e-15),
        }
    }

    #[test]
    fn what_is_wrong_is_doubted_by_all() {
        let all = [Witness::Differences, Witness::DualNumbers, Witness::Intervals];
        assert_eq!(entry(2.1).doubts(), all);
        assert_eq!(entry(2.0).doubts(), []);
        // Roundings are no mistakes, and differences do not see small ones.
        assert_eq!(entry(2.0 + 1e-15).doubts(), []);
        assert_eq!(entry(2.0 + 1e-11).doubts(), all[1..]);
    }

    #[test]
    fn an_estimate_is_no_match_for_dual_numbers_inside_an_enclosure() {
        let differences = Estimate { value: -7.0, error: 1e-9 };
        assert_eq!(Checked { differences, ..entry(2.0) }.doubts(), []);
        // Without an enclosure it counts.
        let enclosure = Interval::UNKNOWN;
        assert_eq!(Checked { differences, enclosure, ..entry(2.0) }.doubts(), [Witness::Differences]);
    }

    #[test]
    fn who_knows_nothing_is_silent() {
        let nothing = Estimate { value: f64::NAN, error: f64::INFINITY };
        let silent =
            Checked { differences: nothing, dual: f64::NAN, enclosure: Interval::UNKNOWN, ..entry(2.1) };
        assert_eq!(silent.doubts(), []);
        assert_eq!(Checked { found: f64::NAN, ..entry(2.0) }.doubts(), [Witness::Intervals]);
    }
}
