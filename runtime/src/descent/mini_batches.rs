//! Steps by part of the data at a time.

use super::first_order::{self, FirstOrder, Way};
use super::{Bounds, Descent, DescentError, Iterate, Method, Observer};
use crate::RowErrorFunction;
use crate::random::Random;

/// A method of first order that sees one block of rows per step, the blocks in a new random order in every epoch.
///
/// The gradient of a block is scaled up by the number of blocks, so that schedules mean what they mean with all rows. After each
/// epoch E and ∇E are evaluated as a whole: this is what observers see, what decides on convergence, and what
/// an iteration of the method inside is. The schedule counts epochs too.
///
/// **Requirements**: E is a sum over rows. **Cost**: per epoch two passes over the data.
///
/// ```
/// # use core::ops::Range;
/// # use hesse_runtime::{ErrorFunction, RowErrorFunction};
/// # struct Mean(Vec<f64>);
/// # impl RowErrorFunction for Mean {
/// #     fn rows(&self) -> usize { self.0.len() }
/// #     fn value_of_rows(&self, w: &[f64], rows: Range<usize>) -> f64 {
/// #         self.value_gradient_of_rows(w, rows, &mut [0.0])
/// #     }
/// #     fn value_gradient_of_rows(&self, w: &[f64], rows: Range<usize>, gradient: &mut [f64]) -> f64 {
/// #         gradient[0] = self.0[rows.clone()].iter().map(|x| w[0] - x).sum();
/// #         self.0[rows].iter().map(|x| 0.5 * (w[0] - x).powi(2)).sum()
/// #     }
/// #     fn value_gradient_hessian_of_rows(
/// #         &self, w: &[f64], rows: Range<usize>, gradient: &mut [f64], hessian: &mut [f64],
/// #     ) -> f64 {
/// #         hessian[0] = rows.len() as f64;
/// #         self.value_gradient_of_rows(w, rows, gradient)
/// #     }
/// #     fn hessian_vector_of_rows(&self, _: &[f64], rows: Range<usize>, v: &[f64], product: &mut [f64]) {
/// #         product[0] = rows.len() as f64 * v[0];
/// #     }
/// # }
/// # impl ErrorFunction for Mean {
/// #     fn dimension(&self) -> usize { 1 }
/// #     fn value(&self, w: &[f64]) -> f64 { self.value_of_rows(w, 0..self.rows()) }
/// #     fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
/// #         self.value_gradient_of_rows(w, 0..self.rows(), gradient)
/// #     }
/// #     fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
/// #         self.value_gradient_hessian_of_rows(w, 0..self.rows(), gradient, hessian)
/// #     }
/// #     fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
/// #         self.hessian_vector_of_rows(w, 0..self.rows(), v, product);
/// #     }
/// # }
/// use hesse_runtime::descent::{Course, GradientDescent, Method, MiniBatches, Schedule};
///
/// // E = ½ Σ (w − xᵢ)² for 100 numbers around 49.5
/// let mean = Mean((0..100).map(f64::from).collect());
/// let schedule = Schedule { rate: 0.002, warm_up: 0, course: Course::Decaying { half: 10.0 } };
/// let method = GradientDescent { schedule: Some(schedule), max_iterations: 300, ..Default::default() };
/// let found = MiniBatches { method, rows: 10, seed: 1 }.minimize(&mean, &[0.0])?;
/// assert!((found.minimizer[0] - 49.5).abs() < 0.5);
/// # Ok::<(), hesse_runtime::descent::DescentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MiniBatches<M> {
    /// The method that makes steps of gradients.
    pub method: M,
    /// The number of rows of a block; the last one may have fewer.
    pub rows: usize,
    /// The seed of the order of the blocks.
    pub seed: u64,
}

impl<M: FirstOrder, E: RowErrorFunction + ?Sized> Method<E> for MiniBatches<M> {
    fn descend(
        &self,
        error: &E,
        start: &[f64],
        bounds: &Bounds,
        observer: &mut dyn Observer,
    ) -> Result<Descent, DescentError> {
        if self.rows == 0 {
            return Err(DescentError::Setting { name: "rows", value: 0.0, expected: "at least 1" });
        }
        let first = Iterate::start(&error, start, bounds)?;
        let schedule = first_order::schedule(&self.method, &error, &first)?;
        let mut rule = self.method.rule(start.len())?;
        let mut course = Way::new(&self.method, first, bounds)?;
        let total = error.rows();
        let mut blocks: Vec<usize> = (0..total).step_by(self.rows).collect();
        let mut random = Random::new(self.seed);
        let mut gradient = vec![0.0; start.len()];
        let status = loop {
            if let Some(status) = course.verdict(observer, bounds) {
                break status;
            }
            random.shuffle(&mut blocks);
            let rate = schedule.at(course.iterations);
            let mut w = course.at.w.clone();
            for &from in &blocks {
                let to = (from + self.rows).min(total);
                error.value_gradient_of_rows(&w, from..to, &mut gradient);
                let share = blocks.len() as f64;
                gradient.iter_mut().for_each(|b| *b *= share);
                rule(&mut w, &gradient, rate);
                bounds.project(&mut w);
            }
            course.step(Iterate::at(&error, w));
        };
        Ok(course.end(status))
    }
}
