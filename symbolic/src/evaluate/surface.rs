//! An error function known at run time.

use std::sync::OnceLock;

use hesse_runtime::{ErrorFunction, SparseErrorFunction, SumOfSquares};

use super::{BindError, Bindings, Outputs, Program};
use crate::differentiate::squares;
use crate::graph::{Expr, Extent, Graph, Role};
use crate::schedule::{Request, schedule};

/// A formula bound to data, evaluated through its kernels; each is derived when it is first asked for.
#[derive(Clone, Debug)]
pub struct Surface {
    formula: Formula,
    value: Program,
    gradient: Derived,
    hessian: Derived,
    product: Derived,
    sparse: Derived,
    pattern: Derived,
    squares: Option<Squares>,
    shapes: Vec<(String, Vec<usize>)>,
    names: OnceLock<Vec<String>>,
}

/// What kernels are derived from.
#[derive(Clone, Debug)]
struct Formula {
    graph: Graph,
    error: Expr,
    bindings: Bindings,
}

impl Formula {
    fn program(&self, request: Request) -> Result<Program, BindError> {
        Program::new(&schedule(&mut self.graph.clone(), self.error, request), &self.bindings)
    }
}

/// A kernel, derived and bound on first use.
#[derive(Clone, Debug)]
struct Derived {
    request: Request,
    program: OnceLock<Option<Program>>,
}

impl Derived {
    fn new(request: Request) -> Derived {
        Derived { request, program: OnceLock::new() }
    }

    /// `None` where its local arrays are more than this machine can address: the data itself was found to fit.
    fn of(&self, formula: &Formula) -> Option<&Program> {
        self.program.get_or_init(|| formula.program(self.request).ok()).as_ref()
    }

    /// Runs it; gives the value, and NaN everywhere if it cannot run.
    fn run(&self, formula: &Formula, w: &[f64], v: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        let mut value = f64::NAN;
        match self.of(formula) {
            Some(program) => program.run(w, v, &mut Outputs { value: &mut value, gradient, hessian }),
            None => {
                gradient.fill(f64::NAN);
                hessian.fill(f64::NAN);
            }
        }
        value
    }
}

/// What a sum of squares has besides.
#[derive(Clone, Debug)]
struct Squares {
    gauss_newton: Derived,
    scale: f64,
    count: usize,
}

/// A surface that is a sum of squares.
#[derive(Clone, Copy, Debug)]
pub struct LeastSquares<'a> {
    surface: &'a Surface,
    squares: &'a Squares,
}

impl Surface {
    /// Binds `error` to data.
    ///
    /// # Errors
    /// Where the data does not fit the declarations.
    pub fn new(graph: &Graph, error: Expr, bindings: &Bindings) -> Result<Surface, BindError> {
        let kernel = schedule(&mut graph.clone(), error, Request::VALUE);
        let value = Program::new(&kernel, bindings)?;
        let sizes = bindings.dimensions(&kernel)?;
        let size = |extent: &Extent| match extent {
            Extent::Fixed(size) => *size,
            Extent::Named(dimension) => sizes[dimension.0 as usize],
        };
        let parameters = graph.arrays().filter(|(_, d)| d.role == Role::Parameter);
        let shapes = parameters.map(|(_, d)| (d.name.clone(), d.shape.iter().map(size).collect())).collect();
        Ok(Surface {
            formula: Formula { graph: graph.clone(), error, bindings: bindings.clone() },
            value,
            gradient: Derived::new(Request::VALUE_GRADIENT),
            hessian: Derived::new(Request::VALUE_GRADIENT_HESSIAN),
            product: Derived::new(Request::HESSIAN_VECTOR),
            sparse: Derived::new(Request::VALUE_GRADIENT_SPARSE),
            pattern: Derived::new(Request::PATTERN),
            squares: squares_of(graph, error, bindings)?,
            shapes,
            names: OnceLock::new(),
        })
    }

    /// The surface as a sum of squares, where its formula is one.
    pub fn least_squares(&self) -> Option<LeastSquares<'_>> {
        self.squares.as_ref().map(|squares| LeastSquares { surface: self, squares })
    }

    /// The names of all parameters in order: scalars by name, arrays row by row as `w[0]`, `w[1]`, ….
    pub fn parameter_names(&self) -> &[String] {
        self.names
            .get_or_init(|| self.shapes.iter().flat_map(|(name, shape)| element_names(name, shape)).collect())
    }
}

fn squares_of(graph: &Graph, error: Expr, bindings: &Bindings) -> Result<Option<Squares>, BindError> {
    let mut g = graph.clone();
    let Some(squares) = squares(&mut g, error) else { return Ok(None) };
    let count = squares.count(&mut g);
    let constant = |expr| {
        let program = Program::new(&schedule(&mut g.clone(), expr, Request::VALUE), bindings)?;
        let mut value = 0.0;
        program.run(&[], &[], &mut Outputs { value: &mut value, gradient: &mut [], hessian: &mut [] });
        Ok(value)
    };
    let (scale, count) = (constant(squares.scale)?, constant(count)?);
    // Counts are sums of ones: exact up to 2⁵³.
    Ok(Some(Squares { gauss_newton: Derived::new(Request::GAUSS_NEWTON), scale, count: count as usize }))
}

/// The names of the elements of an array, row by row.
pub(crate) fn element_names(name: &str, shape: &[usize]) -> Vec<String> {
    if shape.is_empty() {
        return vec![name.to_owned()];
    }
    let mut names = vec![String::new()];
    for &size in shape {
        names = names
            .iter()
            .flat_map(|prefix| {
                (0..size)
                    .map(move |at| if prefix.is_empty() { at.to_string() } else { format!("{prefix},{at}") })
            })
            .collect();
    }
    names.into_iter().map(|subscripts| format!("{name}[{subscripts}]")).collect()
}

impl ErrorFunction for Surface {
    fn dimension(&self) -> usize {
        self.value.dimension()
    }

    fn value(&self, w: &[f64]) -> f64 {
        let mut value = 0.0;
        self.value.run(w, &[], &mut Outputs { value: &mut value, gradient: &mut [], hessian: &mut [] });
        value
    }

    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        self.gradient.run(&self.formula, w, &[], gradient, &mut [])
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        self.hessian.run(&self.formula, w, &[], gradient, hessian)
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        self.product.run(&self.formula, w, v, product, &mut []);
    }

    fn parameter_name(&self, index: usize, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
        match self.parameter_names().get(index) {
            Some(name) => out.write_str(name),
            None => write!(out, "w[{index}]"),
        }
    }
}

impl SparseErrorFunction for Surface {
    fn entries(&self) -> usize {
        self.pattern.of(&self.formula).map_or(0, Program::entries)
    }

    fn pattern(&self, rows: &mut [usize], columns: &mut [usize]) {
        if let Some(program) = self.pattern.of(&self.formula) {
            program.pattern(rows, columns);
        }
    }

    fn value_gradient_sparse_hessian(&self, w: &[f64], gradient: &mut [f64], values: &mut [f64]) -> f64 {
        self.sparse.run(&self.formula, w, &[], gradient, values)
    }
}

impl ErrorFunction for LeastSquares<'_> {
    fn dimension(&self) -> usize {
        self.surface.dimension()
    }

    fn value(&self, w: &[f64]) -> f64 {
        self.surface.value(w)
    }

    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        self.surface.value_gradient(w, gradient)
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        self.surface.value_gradient_hessian(w, gradient, hessian)
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        self.surface.hessian_vector(w, v, product);
    }

    fn parameter_name(&self, index: usize, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
        self.surface.parameter_name(index, out)
    }
}

impl SumOfSquares for LeastSquares<'_> {
    fn scale(&self) -> f64 {
        self.squares.scale
    }

    fn residual_count(&self) -> usize {
        self.squares.count
    }

    fn gauss_newton(&self, w: &[f64], matrix: &mut [f64]) -> f64 {
        self.squares.gauss_newton.run(&self.surface.formula, w, &[], &mut [], matrix)
    }
}
