//! What a sum of squares says about observations: Σ (y[i] − f(w, x[i]))² has the model f.

use std::ops::ControlFlow;

use super::{Bindings, Outputs, Program, Surface};
use crate::differentiate;
use crate::graph::{
    Affine, Array, Dimension, Expr, Extent, Graph, Index, Node, Number, Range, ReduceKind, Role, Subscript,
    Symbol,
};
use crate::schedule::{Kernel, Request, schedule};

/// The observations in a sum of squares over the rows of data, and the model that is compared with them.
///
/// ```
/// use hesse_symbolic::evaluate::{Bindings, Surface};
/// # use hesse_symbolic::graph::{Extent, Graph, Number, Range, ReduceKind, Role, Subscript};
/// # let mut g = Graph::new();
/// # let n = Extent::Named(g.dimension("n"));
/// # let [x, y] = ["x", "y"].map(|name| g.array(name, Role::Data, &[n]));
/// # let a = g.array("a", Role::Parameter, &[]);
/// # let i = g.index(Range::all(n));
/// # let [xi, yi] = [x, y].map(|array| g.leaf(array, &[Subscript::index(i)]));
/// # let a = g.leaf(a, &[]);
/// # let model = g.mul(a, xi);
/// # let residual = g.sub(yi, model);
/// # let square = g.power(residual, Number::integer(2));
/// # let error = g.reduce(ReduceKind::Sum, i, square);
/// # let mut data = Bindings::new();
///
/// // E = Σ (y[i] − a·x[i])²
/// data.insert("x", &[2], vec![1.0, 2.0])?;
/// data.insert("y", &[2], vec![2.5, 3.5])?;
/// let surface = Surface::new(&g, error, &data)?;
/// let response = surface.response().expect("y stands alone in the residual");
/// assert_eq!((response.observed_name(), response.predictor_name()), ("y", Some("x")));
/// assert_eq!(response.fitted(&[2.0]), [2.0, 4.0]);
/// assert_eq!(response.at(&[10.0], &[2.0]), [(20.0, vec![10.0])]);
/// # Ok::<(), hesse_symbolic::evaluate::BindError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Response {
    observed: (String, Vec<f64>),
    predictor: Option<(String, Vec<f64>)>,
    /// Of f at a single row.
    kernel: Kernel,
    bindings: Bindings,
    /// The dimension of the rows, and the arrays that have it.
    rows: (String, Vec<Column>),
    parameters: usize,
}

/// An array with a row of its own for every observation.
#[derive(Clone, Debug)]
struct Column {
    name: String,
    /// Of a single row.
    shape: Vec<usize>,
    /// Of all rows; none where the model does not look at them.
    values: Vec<f64>,
}

impl Column {
    /// The values of a row; zeros where nobody looks.
    fn row(&self, at: usize) -> Vec<f64> {
        let width = self.shape.iter().product::<usize>();
        self.values.get(at * width..(at + 1) * width).map_or_else(|| vec![0.0; width], <[f64]>::to_vec)
    }
}

impl Surface {
    /// The observations and the model, where E is a sum of squares over all rows of some data, one of whose columns is the
    /// only one to stand in the residuals by itself; weights may stand in front of them.
    pub fn response(&self) -> Option<Response> {
        let (graph, error, bindings) = self.formula();
        let mut g = graph.clone();
        let squares = differentiate::squares(&mut g, error)?;
        let found = squares.residuals.iter().filter_map(|residual| match residual.loops[..] {
            [index] => {
                split(&mut g.clone(), residual.value, index).map(|(array, model, h)| (array, model, h, index))
            }
            _ => None,
        });
        let found: Vec<_> = found.collect();
        let [(observed, model, own, index)] = &found[..] else { return None };
        let mut g = own.clone();
        let Extent::Named(rows) = g.declaration(*observed).shape.first().copied()? else { return None };
        let read = columns(&g, *model, *index, Extent::Named(rows))?;
        let mut arrays = Vec::new();
        for (array, declaration) in g.arrays() {
            let has_rows = declaration.shape.contains(&Extent::Named(rows));
            if !has_rows || !matches!(declaration.role, Role::Data | Role::Lookup) {
                continue;
            }
            let (shape, values) = bindings.whole(&declaration.name)?;
            let sizes = declaration.shape.iter().zip(shape);
            let shape = sizes.map(|(extent, &size)| if *extent == Extent::Named(rows) { 1 } else { size });
            let values = if read.contains(&array) { values.to_vec() } else { Vec::new() };
            arrays.push(Column { name: declaration.name.clone(), shape: shape.collect(), values });
        }
        let is_read = |column: &&Column| !column.values.is_empty();
        let predictor = match arrays.iter().filter(is_read).collect::<Vec<_>>()[..] {
            [only] if only.shape.len() == 1 => Some((only.name.clone(), only.values.clone())),
            _ => None,
        };
        let observed = g.declaration(*observed).name.clone();
        let (_, observations) = bindings.whole(&observed)?;
        let single = g.reduce(ReduceKind::Sum, *index, *model);
        let kernel = schedule(&mut g, single, Request::VALUE_GRADIENT);
        Some(Response {
            observed: (observed, observations.to_vec()),
            predictor,
            kernel,
            bindings: bindings.clone(),
            rows: (g.dimension_name(rows).to_owned(), arrays),
            parameters: self.parameter_names().len(),
        })
    }
}

impl Response {
    /// The name of the column of observations.
    pub fn observed_name(&self) -> &str {
        &self.observed.0
    }

    /// The observations.
    pub fn observed(&self) -> &[f64] {
        &self.observed.1
    }

    /// The name of the column that the model is a function of, where there is only one.
    pub fn predictor_name(&self) -> Option<&str> {
        self.predictor.as_ref().map(|(name, _)| name.as_str())
    }

    /// That column.
    pub fn predictor(&self) -> Option<&[f64]> {
        self.predictor.as_ref().map(|(_, values)| values.as_slice())
    }

    /// The value of the model at every observation; NaN where it has none.
    pub fn fitted(&self, w: &[f64]) -> Vec<f64> {
        (0..self.observed.1.len()).map(|at| self.model(w, |column| column.row(at)).0).collect()
    }

    /// The value and the gradient of the model at other values of the [predictor](Self::predictor); nothing where there is
    /// none.
    pub fn at(&self, x: &[f64], w: &[f64]) -> Vec<(f64, Vec<f64>)> {
        if self.predictor.is_none() {
            return Vec::new();
        }
        let at =
            |x: f64| self.model(w, |column| if column.values.is_empty() { column.row(0) } else { vec![x] });
        x.iter().map(|&x| at(x)).collect()
    }

    /// The model at one row of its columns.
    fn model(&self, w: &[f64], row: impl Fn(&Column) -> Vec<f64>) -> (f64, Vec<f64>) {
        let mut bindings = self.bindings.clone();
        let mut gradient = vec![f64::NAN; self.parameters];
        let mut value = f64::NAN;
        bindings.set_dimension(&self.rows.0, 1);
        let bound = self
            .rows
            .1
            .iter()
            .try_for_each(|column| bindings.insert(&column.name, &column.shape, row(column)));
        if let (Ok(()), Ok(program)) = (bound, Program::new(&self.kernel, &bindings))
            && w.len() == self.parameters
        {
            gradient.fill(0.0);
            program.run(
                w,
                &[],
                &mut Outputs { value: &mut value, gradient: &mut gradient, hessian: &mut [] },
            );
        }
        (value, gradient)
    }
}

/// The observations in a residual and the model: r = ±weight·(c·y[i] − c·f), where no other part is an element by itself.
fn split(g: &mut Graph, residual: Expr, index: Index) -> Option<(Array, Expr, Graph)> {
    let sum = match g.node(residual).clone() {
        Node::Product(factors) => {
            let varying = |(factor, _): &&(Expr, Number)| g.depends_on_parameters(*factor);
            match factors.iter().filter(varying).collect::<Vec<_>>()[..] {
                [(sum, exponent)] if exponent.is_one() => *sum,
                _ => return None,
            }
        }
        _ => residual,
    };
    let Node::Sum(terms) = g.node(sum).clone() else { return None };
    let alone: Vec<(usize, Array)> = terms
        .iter()
        .enumerate()
        .filter_map(|(at, (_, expr))| Some((at, element(g, *expr, index)?)))
        .collect();
    let [(at, array)] = alone[..] else { return None };
    let (scale, _) = terms[at];
    let rest: Vec<(Number, Expr)> =
        terms.iter().enumerate().filter(|(k, _)| *k != at).map(|(_, term)| *term).collect();
    let rest = g.sum(&rest);
    // A model that knows the observation is none.
    let is_known =
        g.reachable(&[rest], |_, _| true).into_iter().any(|expr| element(g, expr, index) == Some(array));
    let factor = scale.power(-1)?.negate();
    (!is_known).then(|| {
        let model = g.scale(factor, rest);
        (array, model, g.clone())
    })
}

/// The column of data whose element at the row a node is.
fn element(g: &Graph, expr: Expr, index: Index) -> Option<Array> {
    let Node::Leaf(array, subscripts) = g.node(expr) else { return None };
    let declaration = g.declaration(*array);
    let is_column = declaration.role == Role::Data && declaration.shape.len() == 1;
    (is_column && subscripts[..] == [Subscript::index(index)]).then_some(*array)
}

/// The arrays that a model reads at its own row; `None` if it looks at other rows or counts them.
fn columns(g: &Graph, model: Expr, index: Index, rows: Extent) -> Option<Vec<Array>> {
    let Extent::Named(dimension) = rows else { return None };
    let counts = |affine: &Affine| *affine != Affine::index(index) && mentions(affine, dimension);
    let is_all = |range: &Range| range.lo == Affine::constant(0) && range.hi == Affine::extent(rows);
    if !is_all(g.range(index)) || g.bound(model).iter().any(|&inner| counts(&g.range(inner).hi)) {
        return None;
    }
    let mut columns = Vec::new();
    for expr in g.reachable(&[model], |_, _| true) {
        match g.node(expr) {
            Node::IndexValue(Symbol::Index(row)) if *row == index => return None,
            Node::IndexValue(Symbol::Dimension(size)) if *size == dimension => return None,
            Node::Leaf(array, subscripts) => {
                let own = note(g, *array, subscripts, index, rows, &mut columns);
                if own.is_break() {
                    return None;
                }
            }
            _ => {}
        }
    }
    Some(columns)
}

/// Notes an array that is read at the row; breaks off where it is read at another.
fn note(
    g: &Graph,
    array: Array,
    subscripts: &[Subscript],
    index: Index,
    rows: Extent,
    columns: &mut Vec<Array>,
) -> ControlFlow<()> {
    for (axis, (subscript, extent)) in subscripts.iter().zip(&g.declaration(array).shape).enumerate() {
        let is_row = *subscript == Subscript::index(index);
        if *extent == rows {
            if axis > 0 || !is_row {
                return ControlFlow::Break(());
            }
            if !columns.contains(&array) {
                columns.push(array);
            }
            continue;
        }
        match subscript {
            Subscript::Affine(affine) if affine.coefficient(index) != 0 => return ControlFlow::Break(()),
            Subscript::Affine(_) => {}
            Subscript::Lookup(lookup, inner) => note(g, *lookup, inner, index, rows, columns)?,
        }
    }
    ControlFlow::Continue(())
}

fn mentions(affine: &Affine, dimension: Dimension) -> bool {
    affine.terms.iter().any(|(symbol, _)| *symbol == Symbol::Dimension(dimension))
}
