//! A formula bound to its data, which memory holds or which are streamed.

use std::fmt;

use hesse_data::Rows;
use hesse_parser::Model;
use hesse_runtime::blocks::{Blocks, Threads};
use hesse_runtime::{ErrorFunction, Parallel, ResidualKind, SumOfSquares};
use hesse_symbolic::evaluate::{LeastSquares, RowSource as _, Streamed, StreamedSquares, Surface};
use hesse_symbolic::schedule;

use crate::{InputError, Offer};

/// What memory holds for every number of the data: it is read, put into arrays, and bound to each kernel.
const COPIES: u64 = 6;

/// An error function that is a formula with its data, evaluated block by block of rows on all threads where it is a
/// sum over them. Rows that memory may not hold are read at every evaluation anew; the numbers have the same bits.
///
/// ```
/// use hesse_input::{Formula, Offer};
/// use hesse_runtime::ErrorFunction;
/// use hesse_symbolic::rules::Mode;
///
/// let offer = Offer::new(None, &[], &["t=[1,2]".to_owned()])?;
/// let model = Formula::read("sum(i, (t[i] - a)^2)")?.parse(&offer.columns(), Mode::default())?;
/// let bound = offer.bind(&model, 1 << 30, |_| ())?;
/// assert_eq!((bound.value(&[1.5]), bound.is_streamed()), (0.5, false));
/// # Ok::<(), hesse_input::InputError>(())
/// ```
#[derive(Debug)]
pub struct BoundFormula(Form);

#[derive(Debug)]
enum Form {
    /// With the bytes that a Jacobian may take beside the data.
    Whole(Box<Surface>, u64),
    Streamed(Box<Streamed<Rows>>),
}

/// A bound formula that is a sum of squares.
///
/// ```
/// use hesse_input::{Formula, Offer};
/// use hesse_runtime::SumOfSquares;
/// use hesse_symbolic::rules::Mode;
///
/// let offer = Offer::new(None, &[], &["t=[1,2]".to_owned()])?;
/// let model = Formula::read("sum(i, (t[i] - a)^2)")?.parse(&offer.columns(), Mode::default())?;
/// let bound = offer.bind(&model, 1 << 30, |_| ())?;
/// assert_eq!(bound.least_squares().unwrap().residual_count(), 2);
/// # Ok::<(), hesse_input::InputError>(())
/// ```
#[derive(Debug)]
pub struct BoundSquares<'a> {
    error: &'a BoundFormula,
    form: SquaresForm<'a>,
}

#[derive(Debug)]
enum SquaresForm<'a> {
    /// With the bytes that a Jacobian may take.
    Whole(&'a Surface, LeastSquares<'a>, u64),
    Streamed(StreamedSquares<'a, Rows>),
}

impl Offer {
    /// Binds a formula to these data, holding about `memory` bytes of them; where they take more, `watch` is told how
    /// many rows are read, whenever some are.
    ///
    /// # Errors
    /// Where data are missing, do not fit or cannot be read, or are more than memory may hold and needed at once.
    pub fn bind(
        &self,
        model: &Model,
        memory: u64,
        watch: impl Fn(usize) + Send + Sync + 'static,
    ) -> Result<BoundFormula, InputError> {
        // Half for what is kept, half for what the threads work on.
        let kept = usize::try_from(memory / 2).unwrap_or(usize::MAX);
        let Some(rows) = self.rows(&model.graph, kept)? else {
            let surface = Surface::new(&model.graph, model.error, &self.fixed(&model.graph)?)?;
            return Ok(BoundFormula(Form::Whole(Box::new(surface), memory)));
        };
        let needed = (rows.numbers() as u64).saturating_mul(size_of::<f64>() as u64 * COPIES);
        if needed <= memory {
            let all = rows.bindings(0..rows.rows()).map_err(InputError::read)?;
            let surface = Surface::new(&model.graph, model.error, &all)?;
            return Ok(BoundFormula(Form::Whole(Box::new(surface), memory - needed)));
        }
        if let Err(reason) = schedule::rows(&model.graph, model.error) {
            return Err(InputError::Memory { needed, allowed: memory, reason: reason.to_string() });
        }
        let streamed = Streamed::new(&model.graph, model.error, rows.watched(watch))?;
        Ok(BoundFormula(Form::Streamed(Box::new(streamed))))
    }
}

impl From<Surface> for BoundFormula {
    /// With all its data in memory.
    fn from(surface: Surface) -> BoundFormula {
        BoundFormula(Form::Whole(Box::new(surface), u64::MAX))
    }
}

impl BoundFormula {
    /// The names of all parameters in order: scalars by name, arrays row by row as `w[0]`, `w[1]`, ….
    #[must_use]
    pub fn parameter_names(&self) -> &[String] {
        match &self.0 {
            Form::Whole(surface, _) => surface.parameter_names(),
            Form::Streamed(streamed) => streamed.parameter_names(),
        }
    }

    /// The error function as a sum of squares, where its formula is one.
    #[must_use]
    pub fn least_squares(&self) -> Option<BoundSquares<'_>> {
        let form = match &self.0 {
            Form::Whole(surface, memory) => SquaresForm::Whole(surface, surface.least_squares()?, *memory),
            Form::Streamed(streamed) => SquaresForm::Streamed(streamed.least_squares()?),
        };
        Some(BoundSquares { error: self, form })
    }

    /// The surface with all its data, for what needs more of it than sums over rows.
    ///
    /// # Errors
    /// Where memory does not hold the data.
    pub fn whole(&self) -> Result<&Surface, InputError> {
        match &self.0 {
            Form::Whole(surface, _) => Ok(surface),
            Form::Streamed(_) => Err(InputError::argument(
                "the data are more than memory may hold, and are needed all at once here: allow more with `--memory`",
            )),
        }
    }

    /// Whether rows are read at every evaluation.
    #[must_use]
    pub fn is_streamed(&self) -> bool {
        matches!(self.0, Form::Streamed(_))
    }

    /// Why rows could not be read, where that happened since the last call: numbers are NaN then.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        match &self.0 {
            Form::Whole(..) => None,
            Form::Streamed(streamed) => streamed.failure(),
        }
    }
}

/// Calls a method of the error function that evaluates a bound formula.
macro_rules! evaluated {
    ($form:expr, $error:ident => $call:expr) => {
        match $form {
            Form::Whole(surface, _) => match surface.by_rows() {
                Some(rows) => {
                    let $error = Parallel::new(rows);
                    $call
                }
                None => {
                    let $error = surface;
                    $call
                }
            },
            Form::Streamed(streamed) => {
                let $error = Parallel::new(&**streamed);
                $call
            }
        }
    };
}

impl ErrorFunction for BoundFormula {
    fn dimension(&self) -> usize {
        self.parameter_names().len()
    }

    fn value(&self, w: &[f64]) -> f64 {
        evaluated!(&self.0, error => error.value(w))
    }

    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        evaluated!(&self.0, error => error.value_gradient(w, gradient))
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        evaluated!(&self.0, error => error.value_gradient_hessian(w, gradient, hessian))
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        evaluated!(&self.0, error => error.hessian_vector(w, v, product));
    }

    fn is_smooth(&self) -> bool {
        evaluated!(&self.0, error => error.is_smooth())
    }

    fn parameter_name(&self, index: usize, out: &mut dyn fmt::Write) -> fmt::Result {
        match self.parameter_names().get(index) {
            Some(name) => out.write_str(name),
            None => write!(out, "w[{index}]"),
        }
    }
}

impl ErrorFunction for BoundSquares<'_> {
    fn dimension(&self) -> usize {
        self.error.dimension()
    }

    fn value(&self, w: &[f64]) -> f64 {
        self.error.value(w)
    }

    fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        self.error.value_gradient(w, gradient)
    }

    fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        self.error.value_gradient_hessian(w, gradient, hessian)
    }

    fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
        self.error.hessian_vector(w, v, product);
    }

    fn is_smooth(&self) -> bool {
        self.error.is_smooth()
    }

    fn parameter_name(&self, index: usize, out: &mut dyn fmt::Write) -> fmt::Result {
        self.error.parameter_name(index, out)
    }
}

impl SumOfSquares for BoundSquares<'_> {
    fn scale(&self) -> f64 {
        match &self.form {
            SquaresForm::Whole(_, squares, _) => squares.scale(),
            SquaresForm::Streamed(squares) => squares.scale(),
        }
    }

    fn residual_count(&self) -> usize {
        match &self.form {
            SquaresForm::Whole(_, squares, _) => squares.residual_count(),
            SquaresForm::Streamed(squares) => squares.residual_count(),
        }
    }

    fn observation_count(&self) -> usize {
        match &self.form {
            SquaresForm::Whole(_, squares, _) => squares.observation_count(),
            SquaresForm::Streamed(squares) => squares.observation_count(),
        }
    }

    fn kinds(&self, kinds: &mut [ResidualKind]) -> bool {
        match &self.form {
            SquaresForm::Whole(_, squares, _) => SumOfSquares::kinds(squares, kinds),
            SquaresForm::Streamed(squares) => squares.kinds(kinds),
        }
    }

    fn residuals(&self, w: &[f64], residuals: &mut [f64]) -> bool {
        match &self.form {
            SquaresForm::Whole(_, squares, _) => squares.residuals(w, residuals),
            SquaresForm::Streamed(squares) => squares.residuals(w, residuals),
        }
    }

    fn jacobian(&self, w: &[f64], jacobian: &mut [f64]) -> bool {
        match &self.form {
            // What memory may not hold is not written; the Gauss–Newton matrix does instead.
            SquaresForm::Whole(_, squares, memory) => {
                size_of_val(jacobian) as u64 <= *memory && squares.jacobian(w, jacobian)
            }
            SquaresForm::Streamed(squares) => squares.jacobian(w, jacobian),
        }
    }

    fn null_sum_of_squares(&self) -> Option<f64> {
        match &self.form {
            SquaresForm::Whole(_, squares, _) => squares.null_sum_of_squares(),
            SquaresForm::Streamed(squares) => squares.null_sum_of_squares(),
        }
    }

    fn gauss_newton(&self, w: &[f64], matrix: &mut [f64]) -> f64 {
        match &self.form {
            SquaresForm::Streamed(squares) => squares.gauss_newton(w, matrix),
            SquaresForm::Whole(surface, squares, _) => match surface.by_rows() {
                Some(rows) => {
                    let blocks = Blocks::new(hesse_runtime::RowErrorFunction::rows(&rows), w.len());
                    blocks.evaluate::<Threads>(&mut [], matrix, |own, _, matrix| {
                        rows.gauss_newton_of_rows(w, own, matrix).unwrap_or(f64::NAN)
                    })
                }
                None => squares.gauss_newton(w, matrix),
            },
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test a panic is the report")]
mod tests {
    use super::*;
    use crate::Formula;
    use hesse_symbolic::rules::Mode;

    #[test]
    fn a_jacobian_that_memory_does_not_hold_is_not_written() {
        let t: Vec<String> = (0..1000).map(|at| at.to_string()).collect();
        let offer = Offer::new(None, &[], &[format!("t=[{}]", t.join(","))]).unwrap();
        let formula = Formula::read("sum(i, (t[i] - a - b*t[i]^2)^2)").unwrap();
        let model = formula.parse(&offer.columns(), Mode::default()).unwrap();
        for (memory, is_written) in [(1 << 20, true), (10_000, false)] {
            let bound = offer.bind(&model, memory, |_| ()).unwrap();
            let squares = bound.least_squares().unwrap();
            let mut jacobian = vec![0.0; 2 * squares.residual_count()];
            assert_eq!(squares.jacobian(&[0.0, 0.0], &mut jacobian), is_written, "{memory}");
            assert_eq!(jacobian[0] == -1.0, is_written);
        }
    }
}
