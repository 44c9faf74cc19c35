//! What a sum of squares has besides: its residuals one by one, the model of no parameters, robust forms.

use std::sync::OnceLock;

use hesse_runtime::{ErrorFunction, ResidualKind, SumOfSquares};

use super::bindings::Values;
use super::rows::ByRows;
use super::surface::{Derived, Formula, Surface};
use super::view::is_its_surface;
use super::{BindError, Bindings, Outputs, Program};
use crate::differentiate::{self, Residual};
use crate::functions::{Composite, Function};
use crate::graph::{
    Declaration, Expr, Extent, Graph, Index, Node, Number, Range, ReduceKind, Role, Subscript,
};
use crate::schedule::{self, Kernel, Request, schedule};

/// What grows slower than the square of a large residual, so that outliers count less.
///
/// ```
/// use hesse_runtime::ErrorFunction;
/// use hesse_symbolic::evaluate::{Bindings, Loss, Surface};
///
/// let text = "param a; data y[n]; E = sum(i, (y[i] - a)^2)";
/// let model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let mut data = Bindings::new();
/// data.insert("y", &[2], vec![0.1, 100.0])?;
/// let surface = Surface::new(&model.graph, model.error, &data)?;
/// let [robust, _] = surface.least_squares().unwrap().robust(Loss::Huber, 1.0)?;
/// // r² near zero, 2|r| − 1 far off
/// assert!((robust.value(&[0.0]) - (0.01 + 199.0)).abs() < 1e-9);
/// # Ok::<(), hesse_symbolic::evaluate::BindError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Loss {
    /// r² up to the width, straight lines beyond.
    Huber,
    /// 2d²(√(1 + (r/d)²) − 1), the smooth form of the same.
    SoftL1,
    /// d² ln(1 + (r/d)²), the likelihood of heavy tails.
    Cauchy,
    /// d² (1 − exp(−(r/d)²)), which ignores what is far off (Welsch).
    Welsch,
}

impl Loss {
    /// ρ(r) for a residual and a width d, about r² near zero.
    fn of(self, g: &mut Graph, r: Expr, width: Expr) -> Expr {
        let composite = |g: &mut Graph, function: Composite| {
            let half = function.of(g, &[r, width]);
            g.scale(Number::integer(2), half)
        };
        let ratio = g.div(r, width);
        let square = g.power(ratio, Number::integer(2));
        let unit = match self {
            Loss::Huber => return composite(g, Composite::Huber),
            Loss::SoftL1 => return composite(g, Composite::PseudoHuber),
            Loss::Cauchy => g.apply(Function::Ln1p, &[square]),
            Loss::Welsch => {
                let minus = g.neg(square);
                let fall = g.apply(Function::ExpM1, &[minus]);
                g.neg(fall)
            }
        };
        let scale = g.power(width, Number::integer(2));
        g.mul(scale, unit)
    }
}

/// What a surface that is a sum of squares knows of it.
#[derive(Clone, Debug)]
pub(super) struct Squares {
    gauss_newton: Derived,
    scale: f64,
    count: usize,
    /// Unknown where only some rows are bound.
    observations: Option<usize>,
    counted: OnceLock<Option<Box<Surface>>>,
    field: OnceLock<Option<Box<Surface>>>,
    kinds: OnceLock<Option<Vec<ResidualKind>>>,
    null: OnceLock<Option<f64>>,
}

/// A surface that is a sum of squares.
///
/// ```
/// use hesse_runtime::SumOfSquares;
/// use hesse_symbolic::evaluate::{Bindings, Surface};
///
/// let text = "param a; data y[n]; E = sum(i, (y[i] - a)^2)";
/// let model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let mut data = Bindings::new();
/// data.insert("y", &[3], vec![1.0, 2.0, 4.0])?;
/// let surface = Surface::new(&model.graph, model.error, &data)?;
/// assert_eq!(surface.least_squares().unwrap().residual_count(), 3);
/// # Ok::<(), hesse_symbolic::evaluate::BindError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LeastSquares<'a> {
    surface: &'a Surface,
    squares: &'a Squares,
}

impl Surface {
    /// The surface as a sum of squares, where its formula is one.
    pub fn least_squares(&self) -> Option<LeastSquares<'_>> {
        self.squares.as_ref().map(|squares| LeastSquares { surface: self, squares })
    }
}

impl<'a> LeastSquares<'a> {
    /// The number of residuals whose weight is not zero, as a sum over the rows of the surface that reads no parameters;
    /// `None` where no weight is data of these rows, so that whoever holds some of them can tell the number too.
    ///
    /// ```
    /// use hesse_runtime::RowErrorFunction;
    /// use hesse_symbolic::evaluate::{Bindings, Surface};
    ///
    /// let text = "param a; data y[n], v[n]; E = sum(i, v[i]*(y[i] - a)^2)";
    /// let model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
    /// let mut data = Bindings::new();
    /// // Two of three rows.
    /// data.insert_rows("y", &[3], 1..3, vec![2.0, 4.0])?;
    /// data.insert_rows("v", &[3], 1..3, vec![0.0, 1.0])?;
    /// let surface = Surface::new(&model.graph, model.error, &data)?;
    /// let counted = surface.least_squares().unwrap().observations_by_rows().unwrap();
    /// assert_eq!(counted.value_of_rows(&[0.0], 1..3), 1.0);
    /// # Ok::<(), hesse_symbolic::evaluate::BindError>(())
    /// ```
    pub fn observations_by_rows(&self) -> Option<ByRows<'a>> {
        let Formula { graph, error, bindings } = &self.surface.formula;
        let build = || {
            let mut g = graph.clone();
            let observations = schedule::observations(&mut g, *error)?;
            Surface::new(&g, observations, bindings).ok().map(Box::new)
        };
        self.squares.counted.get_or_init(build).as_ref()?.by_rows()
    }
}

impl LeastSquares<'_> {
    /// The same sum with ρ(r) of a loss in place of each r², and with ρ(r)², each a surface of its own. A prior stays a
    /// square.
    ///
    /// `width` is the size of residuals, weights included, from which on they count less. The first is what to minimize. The
    /// Gauss–Newton matrix of the second is Σ ρ'² ∇r ∇rᵀ, which standard errors of such a minimum need.
    ///
    /// # Errors
    /// Where the data does not fit, as it did for the surface itself.
    pub fn robust(&self, loss: Loss, width: f64) -> Result<[Surface; 2], BindError> {
        let formula = &self.surface.formula;
        let form = |is_squared: bool| {
            let mut g = formula.graph.clone();
            let width = g.number(Number::float(width));
            let replaced = differentiate::squares(&mut g, formula.error).map(|squares| {
                let terms = squares.residuals.iter().map(|residual| {
                    let rho = if residual.is_prior {
                        g.power(residual.value, Number::integer(2))
                    } else {
                        loss.of(&mut g, residual.value, width)
                    };
                    let term = if is_squared { g.power(rho, Number::integer(2)) } else { rho };
                    (Number::ONE, over(&mut g, &residual.loops, term))
                });
                let terms: Vec<_> = terms.collect();
                let sum = g.sum(&terms);
                if is_squared { sum } else { g.mul(squares.scale, sum) }
            });
            Surface::new(&g, replaced.unwrap_or(formula.error), &formula.bindings)
        };
        Ok([form(false)?, form(true)?])
    }

    /// Σ v·r with a parameter v per residual, behind the parameters of the surface: its gradient by v is r, and its mixed second
    /// derivatives are J.
    fn field(&self) -> Option<&Surface> {
        let build = || self.multiplied(|_, residual| residual.value).map(Box::new);
        self.squares.field.get_or_init(build).as_deref()
    }

    /// Which residuals are of data, of what was known before, and of no weight.
    fn kinds(&self) -> Option<&[ResidualKind]> {
        let build = || {
            let signed = self.multiplied(|g, residual| {
                let counts = residual.counts(g);
                if residual.is_prior { g.neg(counts) } else { counts }
            })?;
            let mut signs = vec![0.0; signed.dimension()];
            signed.value_gradient(&vec![0.0; signs.len()], &mut signs);
            let kind = |sign: &f64| match sign {
                sign if *sign > 0.0 => ResidualKind::Observation,
                sign if *sign < 0.0 => ResidualKind::Prior,
                _ => ResidualKind::Omitted,
            };
            Some(signs[self.surface.dimension()..].iter().map(kind).collect())
        };
        self.squares.kinds.get_or_init(build).as_deref()
    }

    /// The kernel that counts among some rows the residuals whose weight is not zero, where the rows that are bound do not tell
    /// it.
    pub(super) fn counted_by_rows(&self) -> Option<Kernel> {
        if self.squares.observations.is_some() {
            return None;
        }
        let mut g = self.surface.formula.graph.clone();
        let observations = schedule::observations(&mut g, self.surface.formula.error)?;
        Some(schedule(&mut g, observations, Request::VALUE.of_rows()))
    }

    /// Σ v·f with a parameter v per residual, behind the parameters of the surface.
    fn multiplied(&self, of: impl Fn(&mut Graph, &Residual) -> Expr) -> Option<Surface> {
        let Formula { graph, error, bindings } = &self.surface.formula;
        let mut g = graph.clone();
        let mut bindings = bindings.clone();
        let squares = differentiate::squares(&mut g, *error)?;
        let mut terms = Vec::new();
        for (at, residual) in squares.residuals.iter().enumerate() {
            let (multiplier, sizes) = multipliers(&mut g, &bindings, residual, at)?;
            sizes.iter().for_each(|(name, size)| bindings.set_dimension(name, *size));
            let factor = of(&mut g, residual);
            let product = g.mul(multiplier, factor);
            terms.push((Number::ONE, over(&mut g, &residual.loops, product)));
        }
        let sum = g.sum(&terms);
        let field = Surface::new(&g, sum, &bindings).ok()?;
        (field.dimension() == self.surface.dimension() + self.squares.count).then_some(field)
    }

    /// The least Σ r² with one constant in place of what the parameters do to each residual.
    fn null(&self) -> Option<f64> {
        let Formula { graph, error, bindings } = &self.surface.formula;
        let mut g = graph.clone();
        let squares = differentiate::squares(&mut g, *error)?;
        // What was known before has no mean to compare with.
        if squares.residuals.iter().any(|residual| residual.is_prior) {
            return None;
        }
        let constant = g.array("the constant", Role::Parameter, &[]);
        let constant = g.leaf(constant, &[]);
        let mut terms = Vec::new();
        for residual in &squares.residuals {
            let value = without_parameters(&mut g, residual.value, constant)?;
            let square = g.power(value, Number::integer(2));
            terms.push((Number::ONE, over(&mut g, &residual.loops, square)));
        }
        let sum = g.sum(&terms);
        let model = Surface::new(&g, sum, bindings).ok()?;
        // The parameters of the surface are declared still, and have no part in it.
        let mut w = vec![0.0; model.dimension()];
        let (mut b, mut direction, mut product) = (w.clone(), w.clone(), w.clone());
        *direction.last_mut()? = 1.0;
        model.value_gradient(&w, &mut b);
        model.hessian_vector(&w, &direction, &mut product);
        *w.last_mut()? = -b.last()? / product.last()?;
        Some(model.value(&w)).filter(|sum| sum.is_finite())
    }
}

/// A parameter per position of the loops of a residual, and the sizes of its axes; `None` where loops depend on each other.
fn multipliers(
    g: &mut Graph,
    bindings: &Bindings,
    residual: &Residual,
    at: usize,
) -> Option<(Expr, Vec<(String, usize)>)> {
    let (mut shape, mut subscripts, mut sizes) = (Vec::new(), Vec::new(), Vec::new());
    for (axis, &index) in residual.loops.iter().enumerate() {
        let range: Range = g.range(index).clone();
        if range.indices().next().is_some() {
            return None;
        }
        let one = g.one();
        let length = over(g, &[index], one);
        let kernel = schedule(&mut g.clone(), length, Request::VALUE);
        let name = format!("residuals {at} {axis}");
        // Counts are sums of ones: exact up to 2⁵³.
        sizes.push((name.clone(), constant(&kernel, bindings).ok()? as usize));
        shape.push(Extent::Named(g.dimension(&name)));
        subscripts.push(Subscript::Affine(crate::graph::Affine::index(index).sub(&range.lo)));
    }
    let array = g.array(&format!("multiplier {at}"), Role::Parameter, &shape);
    Some((g.leaf(array, &subscripts), sizes))
}

/// A residual with a constant in place of all terms that depend on parameters; `None` where it has no other term.
fn without_parameters(g: &mut Graph, residual: Expr, constant: Expr) -> Option<Expr> {
    match g.node(residual).clone() {
        // A number in front.
        Node::Sum(terms) if terms.len() == 1 => {
            let (number, inner) = terms[0];
            let inner = without_parameters(g, inner, constant)?;
            Some(g.scale(number, inner))
        }
        Node::Sum(terms) => {
            let data: Vec<_> = terms.iter().copied().filter(|(_, t)| !g.depends_on_parameters(*t)).collect();
            if data.is_empty() || data.iter().all(|(_, term)| g.as_number(*term).is_some()) {
                return None;
            }
            let data = g.sum(&data);
            Some(g.sub(data, constant))
        }
        // Weights in front.
        Node::Product(factors) => {
            type Factors = Vec<(Expr, Number)>;
            let (varying, weights): (Factors, Factors) =
                factors.iter().partition(|(factor, _)| g.depends_on_parameters(*factor));
            let [(inner, exponent)] = varying[..] else { return None };
            if !exponent.is_one() {
                return None;
            }
            let inner = without_parameters(g, inner, constant)?;
            let weight = g.product(&weights);
            Some(g.mul(weight, inner))
        }
        _ => None,
    }
}

fn over(g: &mut Graph, loops: &[Index], body: Expr) -> Expr {
    loops.iter().rev().fold(body, |body, &index| g.reduce(ReduceKind::Sum, index, body))
}

/// The value of a kernel that reads no parameters.
fn constant(kernel: &Kernel, bindings: &Bindings) -> Result<f64, BindError> {
    let program = Program::new(kernel, bindings)?;
    let mut value = 0.0;
    program.run(&[], &[], &mut Outputs { value: &mut value, gradient: &mut [], hessian: &mut [] });
    Ok(value)
}

pub(super) fn squares_of(
    graph: &Graph,
    error: Expr,
    bindings: &Bindings,
) -> Result<Option<Squares>, BindError> {
    let Some([scale, count, observations]) = schedule::squares(graph, error) else { return Ok(None) };
    // Counts are sums of ones: exact up to 2⁵³.
    let count_of = |kernel: &Kernel| constant(kernel, bindings).map(|count| count as usize);
    let is_whole = |array: &Declaration| !bindings.values(&array.name).is_some_and(Values::are_partial);
    Ok(Some(Squares {
        gauss_newton: Derived::new(Request::GAUSS_NEWTON),
        scale: constant(&scale, bindings)?,
        count: count_of(&count)?,
        observations: observations
            .arrays
            .iter()
            .all(is_whole)
            .then(|| count_of(&observations))
            .transpose()?,
        counted: OnceLock::new(),
        field: OnceLock::new(),
        kinds: OnceLock::new(),
        null: OnceLock::new(),
    }))
}

is_its_surface!(LeastSquares<'_>);

impl SumOfSquares for LeastSquares<'_> {
    fn scale(&self) -> f64 {
        self.squares.scale
    }

    fn residual_count(&self) -> usize {
        self.squares.count
    }

    fn observation_count(&self) -> usize {
        self.squares.observations.unwrap_or(self.squares.count)
    }

    fn kinds(&self, kinds: &mut [ResidualKind]) -> bool {
        let Some(known) = LeastSquares::kinds(self) else { return false };
        kinds.copy_from_slice(known);
        true
    }

    fn gauss_newton(&self, w: &[f64], matrix: &mut [f64]) -> f64 {
        self.squares.gauss_newton.run(&self.surface.formula, w, &[], &mut [], matrix)
    }

    fn residuals(&self, w: &[f64], residuals: &mut [f64]) -> bool {
        let Some(field) = self.field() else { return false };
        let mut at = w.to_vec();
        at.resize(field.dimension(), 0.0);
        let mut gradient = vec![0.0; at.len()];
        field.value_gradient(&at, &mut gradient);
        residuals.copy_from_slice(&gradient[w.len()..]);
        true
    }

    fn jacobian(&self, w: &[f64], jacobian: &mut [f64]) -> bool {
        let Some(field) = self.field() else { return false };
        let mut at = w.to_vec();
        at.resize(field.dimension(), 0.0);
        let (mut direction, mut product) = (vec![0.0; at.len()], vec![0.0; at.len()]);
        for (parameter, column) in jacobian.chunks_exact_mut(self.squares.count.max(1)).enumerate() {
            direction.fill(0.0);
            direction[parameter] = 1.0;
            field.hessian_vector(&at, &direction, &mut product);
            column.copy_from_slice(&product[w.len()..]);
        }
        true
    }

    fn null_sum_of_squares(&self) -> Option<f64> {
        *self.squares.null.get_or_init(|| self.null())
    }
}
