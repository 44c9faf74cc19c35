//! Some rows of a table, for an error function that knows no others.

use core::fmt;
use core::ops::Range;

use crate::{ErrorFunction, RowErrorFunction};

/// An error function over some rows of a longer table, whose rows are counted as the table counts them.
///
/// The data of `error` are the rows held, and before them, unless they begin the table, one row more: any finite
/// numbers, never read. For what no row carries, such as a penalty, belongs to the row 0 of an error function, which
/// only the holder of the table's first row may have. The error function must not use the number of rows, as a mean
/// does, or the position of a row: both are its own, not those of the table.
///
/// As an [`ErrorFunction`] it is the one of its own rows.
///
/// ```
/// use hesse_runtime::blocks::{Communicator, OverRanks, Shard};
/// use hesse_runtime::{ErrorFunction, RowErrorFunction};
///
/// /// `mine` has rows 500 to 999 of 1000, and row 499 before them.
/// fn loss(mine: impl RowErrorFunction + Sync, world: impl Communicator, w: &[f64]) -> f64 {
///     OverRanks::new(Shard::new(mine, 1000, 500..1000), world).value(w)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Shard<F> {
    error: F,
    rows: usize,
    held: Range<usize>,
}

impl<F: RowErrorFunction> Shard<F> {
    /// Holds the rows `held` of a table of so many rows.
    pub fn new(error: F, rows: usize, held: Range<usize>) -> Self {
        Shard { error, rows, held }
    }

    /// The rows of the error function that are these rows of the table.
    fn own(&self, rows: Range<usize>) -> Range<usize> {
        let lead = usize::from(self.held.start > 0);
        let own = |row: usize| (row + lead).saturating_sub(self.held.start);
        own(rows.start)..own(rows.end)
    }
}

impl<F: RowErrorFunction> RowErrorFunction for Shard<F> {
    fn rows(&self) -> usize {
        self.rows
    }

    fn value_of_rows(&self, w: &[f64], rows: Range<usize>) -> f64 {
        self.error.value_of_rows(w, self.own(rows))
    }

    fn value_gradient_of_rows(&self, w: &[f64], rows: Range<usize>, gradient: &mut [f64]) -> f64 {
        self.error.value_gradient_of_rows(w, self.own(rows), gradient)
    }

    fn value_gradient_hessian_of_rows(
        &self,
        w: &[f64],
        rows: Range<usize>,
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64 {
        self.error.value_gradient_hessian_of_rows(w, self.own(rows), gradient, hessian)
    }

    fn hessian_vector_of_rows(&self, w: &[f64], rows: Range<usize>, v: &[f64], product: &mut [f64]) {
        self.error.hessian_vector_of_rows(w, self.own(rows), v, product);
    }
}

impl<F: ErrorFunction> ErrorFunction for Shard<F> {
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

    fn parameter_name(&self, index: usize, f: &mut dyn fmt::Write) -> fmt::Result {
        self.error.parameter_name(index, f)
    }
}
