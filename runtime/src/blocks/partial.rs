//! What some rows add to an error function.

use core::fmt;
use core::ops::Range;

#[cfg(feature = "std")]
use crate::RowErrorFunction;

/// What some rows add to E, ∇E and H: a part of the result, in slices of the caller.
///
/// Parts of neighboring rows [merge](Self::merge) to the part of both. Merging is associative but for rounding, so
/// whoever wants the same bits merges in the same tree.
///
/// ```
/// use hesse_runtime::blocks::Partial;
///
/// let (mut first, second) = ([1.0, 2.0], &mut [0.5, 0.25]);
/// let mut part = Partial { rows: 0..64, value: 3.0, gradient: &mut first, hessian: &mut [] };
/// part.merge(&Partial { rows: 64..100, value: 1.0, gradient: second, hessian: &mut [] })?;
/// assert_eq!((part.rows, part.value, first), (0..100, 4.0, [1.5, 2.25]));
/// # Ok::<(), hesse_runtime::blocks::MergeError>(())
/// ```
#[derive(PartialEq, Debug)]
pub struct Partial<'a> {
    /// The rows, counted from 0.
    pub rows: Range<usize>,
    /// What they add to E.
    pub value: f64,
    /// What they add to ∇E, or to a Hessian-vector product; empty where neither is wanted.
    pub gradient: &'a mut [f64],
    /// What they add to H, packed lower triangle by rows; empty where it is not wanted.
    pub hessian: &'a mut [f64],
}

/// Why two parts do not merge.
///
/// ```
/// use hesse_runtime::blocks::{MergeError, Partial};
///
/// let mut first = Partial { rows: 0..64, value: 3.0, gradient: &mut [], hessian: &mut [] };
/// let other = Partial { rows: 128..192, value: 1.0, gradient: &mut [], hessian: &mut [] };
/// assert!(matches!(first.merge(&other), Err(MergeError::Rows { .. })));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum MergeError {
    /// The rows of the second part do not follow those of the first.
    Rows {
        /// Of the first part.
        first: Range<usize>,
        /// Of the second.
        second: Range<usize>,
    },
    /// The gradients or the Hessians differ in length.
    Lengths,
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MergeError::Rows { first, second } => write!(
                f,
                "rows {first:?} and {second:?} do not follow each other: merge parts of neighboring rows, the lower \
                 rows first"
            ),
            MergeError::Lengths => f.write_str(
                "the parts differ in length: merge parts of one error function that have the same outputs",
            ),
        }
    }
}

impl core::error::Error for MergeError {}

impl Partial<'_> {
    /// Adds the part of the rows that follow.
    ///
    /// # Errors
    /// Where the rows of `next` do not begin where these end, or the lengths of the slices differ; nothing is changed
    /// then.
    pub fn merge(&mut self, next: &Partial<'_>) -> Result<(), MergeError> {
        if self.rows.end != next.rows.start {
            return Err(MergeError::Rows { first: self.rows.clone(), second: next.rows.clone() });
        }
        if self.gradient.len() != next.gradient.len() || self.hessian.len() != next.hessian.len() {
            return Err(MergeError::Lengths);
        }
        self.add(next);
        Ok(())
    }

    /// Evaluates the rows that follow, and adds what they give: E, and of gradient and Hessian what this part has.
    ///
    /// Blocks one after another have other last bits than [`Serial`](super::Serial), which merges them in a tree. Takes as
    /// much memory again as the slices.
    ///
    /// # Errors
    /// Where the block does not begin where these rows end; nothing is evaluated then.
    ///
    /// ```
    /// # use core::ops::Range;
    /// use hesse_runtime::{RowErrorFunction, blocks::Partial};
    ///
    /// /// E(w) = Σ (w − i)²
    /// struct Steps;
    /// # impl hesse_runtime::ErrorFunction for Steps {
    /// #     fn dimension(&self) -> usize { 1 }
    /// #     fn value(&self, w: &[f64]) -> f64 { self.value_of_rows(w, 0..10) }
    /// #     fn value_gradient(&self, w: &[f64], g: &mut [f64]) -> f64 { self.value_gradient_of_rows(w, 0..10, g) }
    /// #     fn value_gradient_hessian(&self, w: &[f64], g: &mut [f64], h: &mut [f64]) -> f64 {
    /// #         self.value_gradient_hessian_of_rows(w, 0..10, g, h)
    /// #     }
    /// #     fn hessian_vector(&self, _: &[f64], v: &[f64], p: &mut [f64]) { p[0] = 20.0 * v[0]; }
    /// # }
    /// # impl RowErrorFunction for Steps {
    /// #     fn rows(&self) -> usize { 10 }
    /// #     fn value_of_rows(&self, w: &[f64], rows: Range<usize>) -> f64 {
    /// #         rows.map(|i| (w[0] - i as f64).powi(2)).sum()
    /// #     }
    /// #     fn value_gradient_of_rows(&self, w: &[f64], rows: Range<usize>, g: &mut [f64]) -> f64 {
    /// #         g[0] = rows.clone().map(|i| 2.0 * (w[0] - i as f64)).sum();
    /// #         self.value_of_rows(w, rows)
    /// #     }
    /// #     fn value_gradient_hessian_of_rows(&self, w: &[f64], rows: Range<usize>, g: &mut [f64], h: &mut [f64]) -> f64 {
    /// #         h[0] = 2.0 * rows.len() as f64;
    /// #         self.value_gradient_of_rows(w, rows, g)
    /// #     }
    /// #     fn hessian_vector_of_rows(&self, _: &[f64], rows: Range<usize>, v: &[f64], p: &mut [f64]) {
    /// #         p[0] = 2.0 * rows.len() as f64 * v[0];
    /// #     }
    /// # }
    ///
    /// let (mut gradient, mut hessian) = ([0.0], [0.0]);
    /// let mut sum = Partial { rows: 0..0, value: 0.0, gradient: &mut gradient, hessian: &mut hessian };
    /// sum.update(&Steps, &[0.0], 0..4)?;
    /// sum.update(&Steps, &[0.0], 4..10)?;
    /// assert_eq!((sum.rows.clone(), sum.value), (0..10, 285.0));
    /// assert!(sum.update(&Steps, &[0.0], 4..10).is_err(), "these rows are there already");
    /// assert_eq!((gradient, hessian), ([-90.0], [20.0]));
    /// # Ok::<(), hesse_runtime::blocks::MergeError>(())
    /// ```
    #[cfg(feature = "std")]
    pub fn update<E: RowErrorFunction + ?Sized>(
        &mut self,
        error: &E,
        w: &[f64],
        block: Range<usize>,
    ) -> Result<(), MergeError> {
        if self.rows.end != block.start {
            return Err(MergeError::Rows { first: self.rows.clone(), second: block });
        }
        let (mut gradient, mut hessian) = (vec![0.0; self.gradient.len()], vec![0.0; self.hessian.len()]);
        let rows = block.clone();
        let value = match (gradient.is_empty(), hessian.is_empty()) {
            (true, true) => error.value_of_rows(w, rows),
            (false, true) => error.value_gradient_of_rows(w, rows, &mut gradient),
            (_, false) => error.value_gradient_hessian_of_rows(w, rows, &mut gradient, &mut hessian),
        };
        self.merge(&Partial { rows: block, value, gradient: &mut gradient, hessian: &mut hessian })
    }

    /// Adds a part of equal lengths whose rows follow.
    pub(super) fn add(&mut self, next: &Partial<'_>) {
        self.rows.end = next.rows.end;
        self.value += next.value;
        for (sum, part) in self.gradient.iter_mut().zip(next.gradient.iter()) {
            *sum += part;
        }
        for (sum, part) in self.hessian.iter_mut().zip(next.hessian.iter()) {
            *sum += part;
        }
    }
}
