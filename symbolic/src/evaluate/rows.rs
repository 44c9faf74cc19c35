//! An error function known at run time as a sum over rows.

use std::ops::Range;

use hesse_runtime::{ErrorFunction, RowErrorFunction};

use super::Program;
use super::surface::{Derived, Formula, Surface};
use super::view::is_its_surface;
use crate::schedule::Request;

/// A surface that is a sum over rows of data.
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
}

impl Rows {
    pub(super) fn new() -> Rows {
        Rows {
            value: Derived::new(Request::VALUE.of_rows()),
            gradient: Derived::new(Request::VALUE_GRADIENT.of_rows()),
            hessian: Derived::new(Request::VALUE_GRADIENT_HESSIAN.of_rows()),
            product: Derived::new(Request::HESSIAN_VECTOR.of_rows()),
        }
    }
}

is_its_surface!(ByRows<'_>);

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
