//! An error function known at run time.

use hesse_runtime::{ErrorFunction, SumOfSquares};

use super::{BindError, Bindings, Outputs, Program};
use crate::differentiate::squares;
use crate::graph::{Expr, Extent, Graph, Role};
use crate::schedule::{Request, schedule, vectorize};

/// A formula bound to data, evaluated through its kernels.
#[derive(Clone, Debug)]
pub struct Surface {
    value: Program,
    gradient: Program,
    hessian: Program,
    product: Program,
    squares: Option<Squares>,
    names: Vec<String>,
}

/// What a sum of squares has besides.
#[derive(Clone, Debug)]
struct Squares {
    gauss_newton: Program,
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
    /// Derives the kernels of `error` and binds them to data.
    ///
    /// # Errors
    /// Where the data does not fit the declarations.
    pub fn new(graph: &Graph, error: Expr, bindings: &Bindings) -> Result<Surface, BindError> {
        let program = |request| {
            let kernel = vectorize(&schedule(&mut graph.clone(), error, request));
            let program = Program::new(&kernel, bindings)?;
            Ok((program, kernel))
        };
        let (value, kernel) = program(Request::VALUE)?;
        let sizes = bindings.dimensions(&kernel)?;
        let mut names = Vec::with_capacity(value.dimension());
        for (_, declaration) in graph.arrays().filter(|(_, d)| d.role == Role::Parameter) {
            let shape: Vec<usize> = declaration
                .shape
                .iter()
                .map(|extent| match extent {
                    Extent::Fixed(size) => *size,
                    Extent::Named(dimension) => sizes[dimension.0 as usize],
                })
                .collect();
            names.extend(element_names(&declaration.name, &shape));
        }
        Ok(Surface {
            value,
            gradient: program(Request::VALUE_GRADIENT)?.0,
            hessian: program(Request::VALUE_GRADIENT_HESSIAN)?.0,
            product: program(Request::HESSIAN_VECTOR)?.0,
            squares: squares_of(graph, error, bindings)?,
            names,
        })
    }

    /// The surface as a sum of squares, where its formula is one.
    pub fn least_squares(&self) -> Option<LeastSquares<'_>> {
        self.squares.as_ref().map(|squares| LeastSquares { surface: self, squares })
    }

    /// The names of all parameters in order: scalars by name, arrays row by row as `w[0]`, `w[1]`, ….
    pub fn parameter_names(&self) -> &[String] {
        &self.names
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
    let kernel = vectorize(&schedule(&mut g, error, Request::GAUSS_NEWTON));
    // Counts are sums of ones: exact up to 2⁵³.
    Ok(Some(Squares { gauss_newton: Program::new(&kernel, bindings)?, scale, count: count as usize }))
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
        let mut value = 0.0;
        self.gradient.run(w, &[], &mut Outputs { value: &mut value, gradient, hessian: &mut [] });
        value
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        let mut value = 0.0;
        self.hessian.run(w, &[], &mut Outputs { value: &mut value, gradient, hessian });
        value
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        let mut value = 0.0;
        self.product.run(w, v, &mut Outputs { value: &mut value, gradient: product, hessian: &mut [] });
    }

    fn parameter_name(&self, index: usize, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
        match self.names.get(index) {
            Some(name) => out.write_str(name),
            None => write!(out, "w[{index}]"),
        }
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
        let mut value = 0.0;
        self.squares.gauss_newton.run(
            w,
            &[],
            &mut Outputs { value: &mut value, gradient: &mut [], hessian: matrix },
        );
        value
    }
}
