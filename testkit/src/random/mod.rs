//! Random formulas from seeds, with a meaning of their own in hyper-dual numbers.
//!
//! A [`Problem`] is a formula with its data and a point at which it is smooth. It is written as formula text and,
//! where it can be, as a Rust function; what it means is computed from its own tree, without the engine.

mod bounds;
mod draw;
mod meaning;
mod numbers;
mod rust;
mod term;
mod text;

use hesse_symbolic::functions::Function;

pub use self::bounds::drawn;
use self::draw::{Draw, Scope};
pub use self::numbers::Numbers;
pub use self::term::{
    Array, Comparison, Condition, Definition, Exponent, Extent, Index, Range, Reduction, Subscript, Term,
};
use crate::oracle::hyper_dual;

/// Parameters lie between this and its negative.
pub(crate) const PARAMETERS_WITHIN: f64 = 1.25;
/// How close to a kink no point may be: far more than rounding moves a value.
const CLEARANCE: f64 = 1e-5;

/// The sizes of the data set, and which of them the formula itself states.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The number of rows.
    pub rows: usize,
    /// The number of columns of the matrix.
    pub columns: usize,
    /// Whether the number of rows is written in the declarations instead of found in the data.
    pub fixed_rows: bool,
    /// Whether the number of columns is.
    pub fixed_columns: bool,
}

impl Layout {
    /// The number of positions along an axis.
    pub fn size(&self, extent: Extent) -> usize {
        match extent {
            Extent::Rows => self.rows,
            Extent::Columns => self.columns,
            Extent::Pair => 2,
        }
    }
}

/// A formula, its data, and a point.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The sizes.
    pub layout: Layout,
    /// The arrays it declares, in order, with the values of data; parameters have none here.
    pub arrays: Vec<(Array, Vec<f64>)>,
    /// Definitions, each of earlier ones.
    pub definitions: Vec<Definition>,
    /// The error function.
    pub error: Term,
    /// Where it is evaluated: all parameters in order of declaration.
    pub point: Vec<f64>,
    /// A direction for products with the Hessian.
    pub direction: Vec<f64>,
}

/// Value, gradient and packed lower Hessian.
#[derive(Clone, Debug)]
pub struct Truth {
    /// E
    pub value: f64,
    /// ∇E
    pub gradient: Vec<f64>,
    /// H, the lower triangle packed by rows.
    pub hessian: Vec<f64>,
}

impl Problem {
    /// The problem of a seed, and its derivatives at its point.
    ///
    /// Formulas without a smooth point, such as a comparison of a term with itself, and formulas that do not curve
    /// are drawn again.
    pub fn from_seed(seed: u64) -> (Problem, Truth) {
        let mut attempt = 0;
        loop {
            let mut numbers = Numbers::new(seed.wrapping_mul(1009).wrapping_add(attempt));
            let mut problem = Problem::draw(&mut numbers, seed);
            for _ in 0..4 {
                problem.point = numbers_within(&mut numbers, problem.point.len(), PARAMETERS_WITHIN);
                if let Some(truth) = problem.truth() {
                    return (problem, truth);
                }
            }
            attempt += 1;
        }
    }

    /// Its derivatives at its point, unless that is beside a kink, or E is straight or steep there.
    fn truth(&self) -> Option<Truth> {
        if self.clearance() < CLEARANCE {
            return None;
        }
        let (value, gradient, hessian) = hyper_dual(|w| self.value(w), &self.point);
        let fits = |x: &f64| x.abs() < 1e5;
        let is_straight = hessian.iter().all(|h| *h == 0.0);
        let is_good = !is_straight && fits(&value) && gradient.iter().chain(&hessian).all(fits);
        is_good.then_some(Truth { value, gradient, hessian })
    }

    /// Its point and others as good, `count` in all unless they are hard to find.
    pub fn points(&self, seed: u64, count: usize) -> Vec<Vec<f64>> {
        let mut numbers = Numbers::new(seed.wrapping_mul(2003).wrapping_add(7));
        let mut problem = self.clone();
        let mut points = vec![self.point.clone()];
        for _ in 0..16 * count {
            if points.len() == count {
                break;
            }
            problem.point = numbers_within(&mut numbers, self.point.len(), PARAMETERS_WITHIN);
            if problem.truth().is_some() {
                points.push(problem.point.clone());
            }
        }
        points
    }

    fn draw(numbers: &mut Numbers, seed: u64) -> Problem {
        let rows = numbers.pick(&[3, 5, 17, 64, 67]);
        let mut layout = Layout {
            rows,
            columns: 2 + numbers.below(3),
            fixed_rows: rows <= 5 && numbers.chance(20),
            fixed_columns: numbers.chance(60),
        };
        let arrays: Vec<Array> = Array::ALL
            .iter()
            .copied()
            .filter(|array| match array {
                // One parameter per row: the oracle takes a pass for each pair of parameters.
                Array::U => rows <= 5 && numbers.chance(50),
                Array::A | Array::W | Array::Y => true,
                _ => numbers.chance(50),
            })
            .collect();
        let scalar = numbers.chance(15);
        let arrays = if scalar { vec![Array::A, Array::B] } else { arrays };
        let functions = drawn();
        let function = functions[seed as usize % functions.len()];
        let mut draw = Draw {
            numbers,
            layout: &layout,
            arrays: &arrays,
            definitions: Vec::new(),
            functions: &functions,
            wanted: vec![function],
        };
        for _ in 0..draw.numbers.below(4) {
            let kind = if scalar { 2 * draw.numbers.below(2) } else { draw.numbers.below(3) };
            let (scope, kind): (Scope, fn(Term) -> Definition) = match kind {
                0 => (Scope::default(), Definition::Shared),
                1 => (Scope::of_indexed(&layout), Definition::Indexed),
                _ if draw.numbers.chance(50) => (Scope::of_function(1), |t| Definition::Function(1, t)),
                _ => (Scope::of_function(2), |t| Definition::Function(2, t)),
            };
            let (term, bounds) = draw.term(2, &scope);
            draw.definitions.push((kind(term), bounds));
        }
        let depth = 3 + draw.numbers.below(3);
        let first = draw.term(depth, &Scope::default()).0;
        let error = match draw.numbers.below(3) {
            0 => first,
            _ => {
                let second = draw.term(depth - 1, &Scope::default()).0;
                Term::Sum(vec![(false, first), (false, second)])
            }
        };
        let definitions: Vec<Definition> = draw.definitions.into_iter().map(|d| d.0).collect();
        let used = used(&definitions, &error);
        let declared = arrays.into_iter().filter(|array| array.is_parameter() || used.contains(array));
        let mut all = Vec::new();
        let mut count = 0;
        for array in declared {
            let length = array.shape().iter().map(|&e| layout.size(e)).product();
            let values = match array {
                Array::C => (0..length).map(|_| numbers.below(layout.columns) as f64).collect(),
                _ if array.is_parameter() => {
                    count += length;
                    Vec::new()
                }
                _ => numbers_within(numbers, length, 1.0),
            };
            all.push((array, values));
        }
        // A size that no array has can only be a number.
        let has = |extent| all.iter().any(|(array, _): &(Array, _)| array.shape().contains(&extent));
        layout.fixed_rows |= !has(Extent::Rows);
        layout.fixed_columns |= !has(Extent::Columns);
        let direction = numbers_within(numbers, count, 1.0);
        Problem { layout, arrays: all, definitions, error, point: vec![0.0; count], direction }
    }

    /// The definitions the error function is made of, by number.
    fn definitions(&self) -> impl Iterator<Item = (usize, &Definition)> {
        let reached = reached(&self.definitions, &self.error);
        self.definitions.iter().enumerate().filter(move |(at, _)| reached[*at])
    }

    /// The names and sizes of the extents that the formula leaves to the data.
    pub fn dimensions(&self) -> Vec<(&'static str, usize)> {
        let rows = (!self.layout.fixed_rows).then_some((self.rows_name(), self.layout.rows));
        let columns = (!self.layout.fixed_columns).then_some(("h", self.layout.columns));
        rows.into_iter().chain(columns).collect()
    }

    /// Every elementary function the formula applies.
    pub fn functions(&self) -> Vec<Function> {
        let mut functions = Vec::new();
        let mut note = |term: &Term| {
            if let Term::Apply(function, _) = term {
                functions.push(*function);
            }
        };
        self.error.walk(&mut note);
        functions
    }
}

/// Which definitions the error function is made of: they refer to earlier ones alone.
fn reached(definitions: &[Definition], error: &Term) -> Vec<bool> {
    let mut reached = vec![false; definitions.len()];
    let mark = |term: &Term, reached: &mut Vec<bool>| {
        term.walk(&mut |term| {
            if let Term::Shared(at) | Term::Indexed(at, _) | Term::Call(at, _) = term {
                reached[*at] = true;
            }
        });
    };
    mark(error, &mut reached);
    for (at, definition) in definitions.iter().enumerate().rev() {
        if reached[at] {
            mark(definition.body(), &mut reached);
        }
    }
    reached
}

/// The arrays a formula mentions, look-ups included.
fn used(definitions: &[Definition], error: &Term) -> Vec<Array> {
    let mut used = Vec::new();
    let mut note = |term: &Term| {
        let subscripts = match term {
            Term::Element(array, subscripts) => {
                used.push(*array);
                &subscripts[..]
            }
            Term::Indexed(_, subscript) => std::slice::from_ref(subscript),
            _ => &[],
        };
        if subscripts.iter().any(|s| matches!(s, Subscript::Lookup(_))) {
            used.push(Array::C);
        }
    };
    let reached = reached(definitions, error);
    definitions.iter().zip(reached).filter(|d| d.1).for_each(|d| d.0.body().walk(&mut note));
    error.walk(&mut note);
    used
}

fn numbers_within(numbers: &mut Numbers, count: usize, size: f64) -> Vec<f64> {
    (0..count).map(|_| numbers.within(-size, size)).collect()
}
