//! A formula with data, a point, and what it means in hyper-dual numbers.

use hesse_parser::Model;
use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_testkit::close::assert_close;
use hesse_testkit::oracle::{HyperDual64 as Dual, hyper_dual};
use hesse_testkit::random::Numbers;

use super::programs::Outputs;

type Error = Box<dyn Fn(&[Dual]) -> Dual>;
type Residuals = Box<dyn Fn(&[Dual]) -> Vec<Dual>>;

/// One case.
pub(crate) struct Problem {
    pub(crate) text: String,
    pub(crate) point: Vec<f64>,
    pub(crate) direction: Vec<f64>,
    /// Data and look-ups with their shapes.
    pub(crate) arrays: Vec<(String, Vec<usize>, Vec<f64>)>,
    pub(crate) dimensions: Vec<(String, usize)>,
    error: Error,
    /// The factor before the sum of squares, and the residuals.
    residuals: Option<(f64, Residuals)>,
}

impl Problem {
    pub(crate) fn new(text: String, point: Vec<f64>) -> Problem {
        let direction = numbers(&mut Numbers::new(point.len() as u64), point.len(), 1.0);
        let (arrays, dimensions) = (Vec::new(), Vec::new());
        Problem { text, point, direction, arrays, dimensions, error: Box::new(|_| zero()), residuals: None }
    }

    pub(crate) fn data(mut self, name: &str, shape: &[usize], values: Vec<f64>) -> Problem {
        self.arrays.push((name.to_owned(), shape.to_vec(), values));
        self
    }

    pub(crate) fn lookup(self, name: &str, positions: Vec<usize>) -> Problem {
        let shape = [positions.len()];
        self.data(name, &shape, positions.into_iter().map(|at| at as f64).collect())
    }

    pub(crate) fn dimension(mut self, name: &str, size: usize) -> Problem {
        self.dimensions.push((name.to_owned(), size));
        self
    }

    pub(crate) fn truth(mut self, error: impl Fn(&[Dual]) -> Dual + 'static) -> Problem {
        self.error = Box::new(error);
        self
    }

    /// E is `scale` times the sum of the squares of `residuals`.
    pub(crate) fn squares(
        mut self,
        scale: f64,
        residuals: impl Fn(&[Dual]) -> Vec<Dual> + Clone + 'static,
    ) -> Problem {
        let of = residuals.clone();
        self.error = Box::new(move |w| of(w).iter().fold(zero(), |e, r| e + *r * *r) * scale);
        self.residuals = Some((scale, Box::new(residuals)));
        self
    }

    pub(crate) fn model(&self) -> Model {
        parse(&self.text, &Columns::none()).unwrap_or_else(|d| panic!("{}: {:?}", self.text, d[0]))
    }

    pub(crate) fn surface(&self, model: &Model) -> Surface {
        let mut bindings = Bindings::new();
        for (name, shape, values) in &self.arrays {
            bindings.insert(name, shape, values.clone()).unwrap();
        }
        for (name, size) in &self.dimensions {
            bindings.set_dimension(name, *size);
        }
        Surface::new(&model.graph, model.error, &bindings).unwrap_or_else(|e| panic!("{}: {e}", self.text))
    }

    /// Everything the evaluator makes of it, against hyper-dual numbers.
    #[track_caller]
    pub(crate) fn check(&self) {
        let (surface, w) = (self.surface(&self.model()), &self.point);
        self.check_outputs(
            &Outputs::of(&surface, w, &self.direction).with_squares(surface.least_squares(), w),
        );
    }

    /// What an implementation makes of it, against hyper-dual numbers.
    #[track_caller]
    pub(crate) fn check_outputs(&self, outputs: &Outputs) {
        let w = &self.point;
        let (value, gradient, hessian) = hyper_dual(&self.error, w);
        let mut product = vec![0.0; w.len()];
        hesse::packed::multiply(&hessian, &self.direction, &mut product);
        let squares = self.residuals.as_ref().map_or(Vec::new(), |(scale, residuals)| {
            let (sum, count, matrix) = gauss_newton(residuals, w);
            [*scale, count as f64, sum].into_iter().chain(matrix).collect()
        });
        let values = [outputs.value, outputs.fused[0], outputs.fused[1]];
        let checks: [(&str, &[f64], &[f64]); 7] = [
            ("values", &values, &[value; 3]),
            ("gradient", &outputs.gradient, &gradient),
            ("gradient beside the Hessian", &outputs.again, &gradient),
            ("Hessian", &outputs.hessian, &hessian),
            ("sparse Hessian", &outputs.sparse, &hessian),
            ("Hessian-vector product", &outputs.product, &product),
            ("Gauss–Newton matrix", &outputs.squares, &squares),
        ];
        for (what, found, expected) in checks {
            // Entries are sums over all rows: what they lose is measured by the largest.
            let size = expected.iter().fold(1.0f64, |size, x| size.max(x.abs()));
            let [found, expected] = [found, expected].map(|x| x.iter().map(|x| x / size).collect::<Vec<_>>());
            assert_close(&format!("{}\n{:?}\n{what}", self.text, self.shapes()), &found, &expected, 1e-11);
        }
    }

    pub(crate) fn shapes(&self) -> Vec<(&str, &[usize])> {
        let arrays = self.arrays.iter().map(|(name, shape, _)| (&name[..], &shape[..]));
        arrays
            .chain(self.dimensions.iter().map(|(name, size)| (&name[..], std::slice::from_ref(size))))
            .collect()
    }
}

/// Σ rᵢ², the number of residuals, and JᵀJ.
fn gauss_newton(residuals: &Residuals, w: &[f64]) -> (f64, usize, Vec<f64>) {
    let column = |at: usize| {
        let seeded: Vec<Dual> =
            w.iter().enumerate().map(|(k, &w)| Dual::new(w, f64::from(k == at), 0.0, 0.0)).collect();
        residuals(&seeded)
    };
    let columns: Vec<Vec<Dual>> = (0..w.len()).map(column).collect();
    let dot = |a: &[Dual], b: &[Dual]| a.iter().zip(b).map(|(a, b)| a.eps1 * b.eps1).sum::<f64>();
    let matrix = (0..w.len()).flat_map(|i| (0..=i).map(move |j| (i, j)));
    let matrix = matrix.map(|(i, j)| dot(&columns[i], &columns[j])).collect();
    (columns[0].iter().map(|r| r.re * r.re).sum(), columns[0].len(), matrix)
}

/// `count` numbers within `size` of zero.
pub(crate) fn numbers(random: &mut Numbers, count: usize, size: f64) -> Vec<f64> {
    (0..count).map(|_| random.within(-size, size)).collect()
}

pub(crate) fn zero() -> Dual {
    Dual::from(0.0)
}

/// Σ over 0..count.
pub(crate) fn sum(count: usize, of: impl Fn(usize) -> Dual) -> Dual {
    (0..count).fold(zero(), |sum, at| sum + of(at))
}
