//! An error function known at run time as a sum over rows.

use std::ops::Range;

use hesse_runtime::{ErrorFunction, RowErrorFunction};

use super::bindings::Values;
use super::surface::{Derived, Formula, Surface};
use super::view::is_its_surface;
use super::{BindError, Bindings, Program};
use crate::graph::{Affine, Array, Expr, Graph, Node, Subscript};
use crate::schedule::{Request, rows};

/// A surface that is a sum over rows of data.
///
/// ```
/// use hesse_runtime::RowErrorFunction;
/// use hesse_symbolic::evaluate::{Bindings, Surface};
///
/// let text = "param a; data y[n]; E = sum(i, (y[i] - a)^2)";
/// let model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let mut data = Bindings::new();
/// data.insert("y", &[3], vec![1.0, 2.0, 4.0])?;
/// let surface = Surface::new(&model.graph, model.error, &data)?;
/// let rows = surface.by_rows().unwrap();
/// assert_eq!((rows.rows(), rows.value_of_rows(&[1.0], 1..3)), (3, 10.0));
/// # Ok::<(), hesse_symbolic::evaluate::BindError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ByRows<'a> {
    pub(super) surface: &'a Surface,
    pub(super) formula: &'a Formula,
    pub(super) rows: &'a Rows,
}

/// The kernels of rows.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    value: Derived,
    gradient: Derived,
    hessian: Derived,
    product: Derived,
    gauss_newton: Derived,
}

impl Rows {
    pub(super) fn new() -> Rows {
        Rows {
            value: Derived::new(Request::VALUE.of_rows()),
            gradient: Derived::new(Request::VALUE_GRADIENT.of_rows()),
            hessian: Derived::new(Request::VALUE_GRADIENT_HESSIAN.of_rows()),
            product: Derived::new(Request::HESSIAN_VECTOR.of_rows()),
            gauss_newton: Derived::new(Request::GAUSS_NEWTON.of_rows()),
        }
    }
}

is_its_surface!(ByRows<'_>);

impl ByRows<'_> {
    /// Writes what some rows add to JᵀJ to `matrix`, packed lower triangle by rows, and gives what they add to the
    /// residual sum of squares; nothing where the formula is no [sum of squares](Surface::least_squares).
    ///
    /// ```
    /// use hesse_symbolic::evaluate::{Bindings, Surface};
    /// use hesse_symbolic::graph::{Extent, Graph, Number, Range, ReduceKind, Role, Subscript};
    ///
    /// let mut g = Graph::default();
    /// let n = Extent::Named(g.dimension("n"));
    /// let (a, y) = (g.array("a", Role::Parameter, &[]), g.array("y", Role::Data, &[n]));
    /// let i = g.index(Range::all(n));
    /// let (a, y) = (g.leaf(a, &[]), g.leaf(y, &[Subscript::index(i)]));
    /// let residual = g.sub(y, a);
    /// let square = g.power(residual, Number::integer(2));
    /// let sum = g.reduce(ReduceKind::Sum, i, square);
    /// let mut data = Bindings::new();
    /// data.insert("y", &[3], vec![1.0, 2.0, 4.0])?;
    /// let surface = Surface::new(&g, sum, &data)?;
    /// let mut matrix = [0.0];
    /// let sum = surface.by_rows().and_then(|rows| rows.gauss_newton_of_rows(&[1.0], 1..3, &mut matrix));
    /// assert_eq!((sum, matrix), (Some(10.0), [2.0]));
    /// # Ok::<(), hesse_symbolic::evaluate::BindError>(())
    /// ```
    pub fn gauss_newton_of_rows(&self, w: &[f64], rows: Range<usize>, matrix: &mut [f64]) -> Option<f64> {
        self.surface.least_squares()?;
        Some(self.rows.gauss_newton.run_rows(self.formula, rows, [w, &[]], &mut [], matrix))
    }
}

impl RowErrorFunction for ByRows<'_> {
    fn rows(&self) -> usize {
        self.rows.value.of(self.formula).map_or(0, Program::rows)
    }

    fn value_of_rows(&self, w: &[f64], rows: Range<usize>) -> f64 {
        self.rows.value.run_rows(self.formula, rows, [w, &[]], &mut [], &mut [])
    }

    fn value_gradient_of_rows(&self, w: &[f64], rows: Range<usize>, gradient: &mut [f64]) -> f64 {
        self.rows.gradient.run_rows(self.formula, rows, [w, &[]], gradient, &mut [])
    }

    fn value_gradient_hessian_of_rows(
        &self,
        w: &[f64],
        rows: Range<usize>,
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64 {
        self.rows.hessian.run_rows(self.formula, rows, [w, &[]], gradient, hessian)
    }

    fn hessian_vector_of_rows(&self, w: &[f64], rows: Range<usize>, v: &[f64], product: &mut [f64]) {
        self.rows.product.run_rows(self.formula, rows, [w, v], product, &mut []);
    }
}

/// Arrays of which only some rows are held must be read at the row at hand alone.
pub(super) fn check_partial(graph: &Graph, error: Expr, bindings: &Bindings) -> Result<(), BindError> {
    let is_partial = |name: &str| bindings.values(name).is_some_and(Values::are_partial);
    let mut partial = graph.arrays().filter(|(_, d)| is_partial(&d.name)).peekable();
    let Some((_, first)) = partial.peek() else { return Ok(()) };
    let refused = |name: &str, reason: String| BindError::Partial { name: name.to_owned(), reason };
    let all = rows(graph, error).map_err(|reason| refused(&first.name, reason.to_string()))?;
    let partial: Vec<_> = partial.collect();
    let is_row = |subscript: Option<&Subscript>| match subscript {
        Some(Subscript::Affine(affine)) => affine.as_index().is_some_and(|index| *graph.range(index) == all),
        _ => false,
    };
    for expr in graph.reachable(&[error], |_, _| true) {
        let Node::Leaf(array, subscripts) = graph.node(expr) else { continue };
        let mut pending: Vec<(Array, &[Subscript])> = vec![(*array, subscripts)];
        while let Some((array, subscripts)) = pending.pop() {
            if let Some((_, d)) = partial.iter().find(|(own, _)| *own == array)
                && (!is_row(subscripts.first()) || all.lo != Affine::constant(0))
            {
                let reason = "it is read elsewhere than at the row at hand".to_owned();
                return Err(refused(&d.name, reason));
            }
            pending.extend(subscripts.iter().filter_map(|subscript| match subscript {
                Subscript::Lookup(array, inner) => Some((*array, inner.as_slice())),
                Subscript::Affine(_) => None,
            }));
        }
    }
    Ok(())
}
