//! An error function whose rows are read when they are needed.

use std::error::Error;
use std::fmt;
use std::ops::Range;
use std::sync::{Mutex, OnceLock, PoisonError};

use hesse_runtime::blocks::{Blocks, OneThread, Serial};
use hesse_runtime::{ErrorFunction, RowErrorFunction, SumOfSquares};

use super::squares::LeastSquares;
use super::surface::Surface;
use super::view::is_its_surface;
use super::{BindError, Bindings, Outputs, Program};
use crate::graph::{Expr, Graph};
use crate::schedule::{Kernel, Request, schedule, vectorize};

/// Where rows of data come from.
///
/// ```
/// use std::ops::Range;
///
/// use hesse_symbolic::evaluate::{Bindings, RowSource};
///
/// /// y[i] = i, made when it is asked for.
/// struct Counting;
///
/// impl RowSource for Counting {
///     fn rows(&self) -> usize {
///         1_000_000
///     }
///
///     fn bindings(&self, rows: Range<usize>) -> Result<Bindings, Box<dyn std::error::Error + Send + Sync>> {
///         let mut data = Bindings::new();
///         data.insert_rows("y", &[self.rows()], rows.clone(), rows.map(|row| row as f64).collect())?;
///         Ok(data)
///     }
/// }
///
/// assert!(Counting.bindings(5..7).is_ok());
/// ```
pub trait RowSource {
    /// The number of rows.
    fn rows(&self) -> usize;

    /// The data with these rows of every array that has rows, as of [`Bindings::insert_rows`], and all of the others.
    ///
    /// # Errors
    /// Where the rows cannot be read.
    fn bindings(&self, rows: Range<usize>) -> Result<Bindings, Box<dyn Error + Send + Sync>>;
}

/// A formula over rows that are read block by block, at every evaluation anew: memory holds one block for each thread.
///
/// The numbers are those of [`Surface::by_rows`] in [`Serial`], bit by bit. Where rows cannot be read in the middle of
/// an evaluation, the results are NaN and [`failure`](Self::failure) tells why.
///
/// ```
/// use std::ops::Range;
///
/// use hesse_runtime::ErrorFunction;
/// use hesse_symbolic::evaluate::{Bindings, RowSource, Streamed};
/// # struct Counting;
/// # impl RowSource for Counting {
/// #     fn rows(&self) -> usize { 1000 }
/// #     fn bindings(&self, rows: Range<usize>) -> Result<Bindings, Box<dyn std::error::Error + Send + Sync>> {
/// #         let mut data = Bindings::new();
/// #         data.insert_rows("y", &[1000], rows.clone(), rows.map(|row| row as f64).collect())?;
/// #         Ok(data)
/// #     }
/// # }
///
/// // `Counting` has y[i] = i for 1000 rows.
/// let text = "param a; data y[n]; E = sum(i, a*y[i])";
/// let model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let streamed = Streamed::new(&model.graph, model.error, Counting)?;
/// assert_eq!(streamed.value(&[2.0]), 2.0 * 499_500.0);
/// assert_eq!(streamed.failure(), None);
/// # Ok::<(), hesse_symbolic::evaluate::StreamError>(())
/// ```
#[derive(Debug)]
pub struct Streamed<S> {
    graph: Graph,
    error: Expr,
    source: S,
    /// Bound to no rows: it knows the parameters.
    surface: Surface,
    kernels: [(Request, OnceLock<Kernel>); 5],
    observations: OnceLock<usize>,
    failure: Mutex<Option<String>>,
}

/// A streamed error function that is a sum of squares.
///
/// ```
/// use std::ops::Range;
///
/// use hesse_runtime::SumOfSquares;
/// use hesse_symbolic::evaluate::{Bindings, RowSource, Streamed};
/// # struct Counting;
/// # impl RowSource for Counting {
/// #     fn rows(&self) -> usize { 1000 }
/// #     fn bindings(&self, rows: Range<usize>) -> Result<Bindings, Box<dyn std::error::Error + Send + Sync>> {
/// #         let mut data = Bindings::new();
/// #         data.insert_rows("y", &[1000], rows.clone(), rows.map(|row| row as f64).collect())?;
/// #         Ok(data)
/// #     }
/// # }
///
/// // `Counting` has y[i] = i for 1000 rows.
/// let text = "param a; data y[n]; E = sum(i, (y[i] - a)^2)";
/// let model = hesse_parser::formula::parse(text, &Default::default()).unwrap();
/// let streamed = Streamed::new(&model.graph, model.error, Counting)?;
/// assert_eq!(streamed.least_squares().unwrap().residual_count(), 1000);
/// # Ok::<(), hesse_symbolic::evaluate::StreamError>(())
/// ```
#[derive(Debug)]
pub struct StreamedSquares<'a, S> {
    surface: &'a Streamed<S>,
    squares: LeastSquares<'a>,
}

/// Why an error function cannot be streamed.
///
/// ```
/// use std::ops::Range;
///
/// use hesse_symbolic::evaluate::{Bindings, RowSource, StreamError, Streamed};
///
/// #[derive(Debug)]
/// struct Nothing;
///
/// impl RowSource for Nothing {
///     fn rows(&self) -> usize {
///         0
///     }
///
///     fn bindings(&self, _: Range<usize>) -> Result<Bindings, Box<dyn std::error::Error + Send + Sync>> {
///         Ok(Bindings::new())
///     }
/// }
///
/// let model = hesse_parser::formula::parse("param x; E = x^2", &Default::default()).unwrap();
/// assert!(matches!(Streamed::new(&model.graph, model.error, Nothing), Err(StreamError::NoRows(_))));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// The data do not fit the formula, or it is no sum over their rows.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The data cannot be read.
    #[error("{0}")]
    Read(Box<dyn Error + Send + Sync>),
    /// The error function is no sum over rows.
    #[error(transparent)]
    NoRows(#[from] crate::schedule::NoRows),
}

impl<S: RowSource> Streamed<S> {
    /// A formula with its data to come.
    ///
    /// # Errors
    /// Where the formula is no sum over rows of data, or the data do not fit its declarations.
    pub fn new(graph: &Graph, error: Expr, source: S) -> Result<Streamed<S>, StreamError> {
        crate::schedule::rows(graph, error)?;
        let bindings = source.bindings(0..0).map_err(StreamError::Read)?;
        let surface = Surface::new(graph, error, &bindings)?;
        let kernels = [
            Request::VALUE,
            Request::VALUE_GRADIENT,
            Request::VALUE_GRADIENT_HESSIAN,
            Request::HESSIAN_VECTOR,
            Request::GAUSS_NEWTON,
        ]
        .map(|request| (request.of_rows(), OnceLock::new()));
        Ok(Streamed {
            graph: graph.clone(),
            error,
            source,
            surface,
            kernels,
            observations: OnceLock::new(),
            failure: Mutex::new(None),
        })
    }

    /// The names of all parameters in order, as of [`Surface::parameter_names`].
    pub fn parameter_names(&self) -> &[String] {
        self.surface.parameter_names()
    }

    /// The error function as a sum of squares, where its formula is one.
    pub fn least_squares(&self) -> Option<StreamedSquares<'_, S>> {
        Some(StreamedSquares { surface: self, squares: self.surface.least_squares()? })
    }

    /// Why rows could not be read, where that happened since the last call.
    pub fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Runs a kernel on some rows.
    fn run(
        &self,
        request: Request,
        rows: Range<usize>,
        [w, v]: [&[f64]; 2],
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64 {
        self.run_program(self.program(request, rows.clone()), rows, [w, v], gradient, hessian)
    }

    /// Runs a program that is bound to some rows, or keeps why it could not be.
    fn run_program(
        &self,
        program: Result<Program, String>,
        rows: Range<usize>,
        [w, v]: [&[f64]; 2],
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64 {
        let mut value = f64::NAN;
        let mut outputs = Outputs { value: &mut value, gradient, hessian };
        match program {
            Ok(program) => program.run_rows(w, v, rows, &mut outputs),
            Err(failure) => {
                outputs.gradient.fill(f64::NAN);
                outputs.hessian.fill(f64::NAN);
                let mut first = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
                first.get_or_insert(failure);
            }
        }
        value
    }

    /// A kernel bound to some rows.
    fn program(&self, request: Request, rows: Range<usize>) -> Result<Program, String> {
        let request = request.of_rows();
        let known = self.kernels.iter().find(|(own, _)| *own == request);
        let derive = || vectorize(&schedule(&mut self.graph.clone(), self.error, request));
        let kernel = known.map(|(_, kernel)| kernel.get_or_init(derive)).ok_or("no such kernel")?;
        self.bound(kernel, rows)
    }

    fn bound(&self, kernel: &Kernel, rows: Range<usize>) -> Result<Program, String> {
        let bindings = self.source.bindings(rows).map_err(|error| error.to_string())?;
        Program::new(kernel, &bindings).map_err(|error| error.to_string())
    }
}

impl<S: RowSource> RowErrorFunction for Streamed<S>
where
    Streamed<S>: Sync,
{
    fn rows(&self) -> usize {
        self.source.rows()
    }

    fn value_of_rows(&self, w: &[f64], rows: Range<usize>) -> f64 {
        self.run(Request::VALUE, rows, [w, &[]], &mut [], &mut [])
    }

    fn value_gradient_of_rows(&self, w: &[f64], rows: Range<usize>, gradient: &mut [f64]) -> f64 {
        self.run(Request::VALUE_GRADIENT, rows, [w, &[]], gradient, &mut [])
    }

    fn value_gradient_hessian_of_rows(
        &self,
        w: &[f64],
        rows: Range<usize>,
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64 {
        self.run(Request::VALUE_GRADIENT_HESSIAN, rows, [w, &[]], gradient, hessian)
    }

    fn hessian_vector_of_rows(&self, w: &[f64], rows: Range<usize>, v: &[f64], product: &mut [f64]) {
        self.run(Request::HESSIAN_VECTOR, rows, [w, v], product, &mut []);
    }
}

/// Whole evaluations go block by block too.
impl<S: RowSource> ErrorFunction for Streamed<S>
where
    Streamed<S>: Sync,
{
    fn dimension(&self) -> usize {
        self.surface.dimension()
    }

    fn value(&self, w: &[f64]) -> f64 {
        Serial::new(self).value(w)
    }

    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        Serial::new(self).value_gradient(w, gradient)
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        Serial::new(self).value_gradient_hessian(w, gradient, hessian)
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        Serial::new(self).hessian_vector(w, v, product);
    }

    fn is_smooth(&self) -> bool {
        self.surface.is_smooth()
    }

    fn parameter_name(&self, index: usize, out: &mut dyn fmt::Write) -> fmt::Result {
        self.surface.parameter_name(index, out)
    }
}

is_its_surface!(StreamedSquares<'_, S>, <S: RowSource> where Streamed<S>: Sync,);

impl<S: RowSource> SumOfSquares for StreamedSquares<'_, S>
where
    Streamed<S>: Sync,
{
    fn scale(&self) -> f64 {
        self.squares.scale()
    }

    fn residual_count(&self) -> usize {
        self.squares.residual_count()
    }

    fn observation_count(&self) -> usize {
        *self.surface.observations.get_or_init(|| {
            let Some(kernel) = self.squares.counted_by_rows() else {
                return self.squares.observation_count();
            };
            let blocks = Blocks::new(self.surface.rows(), 0);
            let count = blocks.evaluate::<OneThread>(&mut [], &mut [], |rows, _, _| {
                let program = self.surface.bound(&kernel, rows.clone());
                self.surface.run_program(program, rows, [&[], &[]], &mut [], &mut [])
            });
            // A count of ones, exact up to 2⁵³; zero after a failure, which is told.
            count as usize
        })
    }

    fn gauss_newton(&self, w: &[f64], matrix: &mut [f64]) -> f64 {
        let blocks = Blocks::new(self.surface.rows(), w.len());
        blocks.evaluate::<OneThread>(&mut [], matrix, |rows, _, matrix| {
            self.surface.run(Request::GAUSS_NEWTON, rows, [w, &[]], &mut [], matrix)
        })
    }
}
