//! The tree in which parts are merged, and who computes its halves.

use core::fmt;
use core::marker::PhantomData;
use core::ops::Range;

use super::{Blocks, Partial};
use crate::{ErrorFunction, RowErrorFunction};

/// The methods of an error function that evaluates another one, its field `error`, by blocks.
macro_rules! by_blocks {
    () => {
        fn dimension(&self) -> usize {
            self.error.dimension()
        }

        fn value(&self, w: &[f64]) -> f64 {
            let error = &self.error;
            self.evaluate(&mut [], &mut [], |rows, _: &mut [f64], _: &mut [f64]| error.value_of_rows(w, rows))
        }

        fn value_gradient(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
            let error = &self.error;
            self.evaluate(gradient, &mut [], |rows, gradient: &mut [f64], _: &mut [f64]| {
                error.value_gradient_of_rows(w, rows, gradient)
            })
        }

        fn value_gradient_hessian(&self, w: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
            let error = &self.error;
            self.evaluate(gradient, hessian, |rows, gradient: &mut [f64], hessian: &mut [f64]| {
                error.value_gradient_hessian_of_rows(w, rows, gradient, hessian)
            })
        }

        fn hessian_vector(&self, w: &[f64], v: &[f64], product: &mut [f64]) {
            let error = &self.error;
            self.evaluate(product, &mut [], |rows, product: &mut [f64], _: &mut [f64]| {
                error.hessian_vector_of_rows(w, rows, v, product);
                0.0
            });
        }

        fn is_smooth(&self) -> bool {
            self.error.is_smooth()
        }

        fn parameter_name(&self, index: usize, f: &mut dyn fmt::Write) -> fmt::Result {
            self.error.parameter_name(index, f)
        }
    };
}
pub(super) use by_blocks;

/// An error function evaluated by blocks of rows on the calling thread: the same bits as `Parallel`.
///
/// ```
/// # use core::ops::Range;
/// use hesse_runtime::{ErrorFunction, RowErrorFunction, blocks::Serial};
///
/// fn loss(surface: impl RowErrorFunction + Sync, w: &[f64]) -> f64 {
///     Serial::new(surface).value(w)
/// }
/// ```
pub type Serial<F> = InBlocks<F, OneThread>;

/// An error function evaluated by blocks of rows on the threads of rayon: those of the pool in which it is called, or
/// of the global one. The bits do not depend on how many there are.
///
/// ```
/// use hesse_runtime::{ErrorFunction, Parallel, RowErrorFunction};
///
/// fn loss(surface: impl RowErrorFunction + Sync, w: &[f64]) -> f64 {
///     Parallel::new(surface).value(w)
/// }
/// ```
#[cfg(feature = "parallel")]
pub type Parallel<F> = InBlocks<F, Threads>;

/// An error function evaluated by [`Blocks`] of rows, whose parts are merged by recursive halving of their list.
///
/// Each evaluation allocates a gradient and, where it is wanted, a Hessian for every level of the tree that a thread is
/// in, so about log₂ of the number of blocks for each thread.
///
/// ```
/// use hesse_runtime::RowErrorFunction;
/// use hesse_runtime::blocks::{InBlocks, OneThread};
///
/// fn by_blocks<F: RowErrorFunction + Sync>(error: F) -> InBlocks<F, OneThread> {
///     InBlocks::new(error)
/// }
/// ```
pub struct InBlocks<F, J> {
    error: F,
    join: PhantomData<fn() -> J>,
}

/// Who computes the two halves of a tree.
///
/// ```
/// use hesse_runtime::blocks::{Join, OneThread};
///
/// assert_eq!(OneThread::join(|| 1, || 2), (1, 2));
/// ```
pub trait Join {
    /// The results of both, each called once.
    fn join<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B);
}

/// One half after the other.
///
/// ```
/// use hesse_runtime::blocks::{Blocks, OneThread};
///
/// let count = Blocks::new(1000, 1).evaluate::<OneThread>(&mut [], &mut [], |rows, _, _| rows.len() as f64);
/// assert_eq!(count, 1000.0);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct OneThread;

/// Both halves at once where a thread of rayon is idle.
///
/// ```
/// use hesse_runtime::blocks::{Join, Threads};
///
/// assert_eq!(Threads::join(|| 1, || 2), (1, 2));
/// ```
#[cfg(feature = "parallel")]
#[derive(Clone, Copy, Debug)]
pub struct Threads;

impl Join for OneThread {
    fn join<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
        (a(), b())
    }
}

#[cfg(feature = "parallel")]
impl Join for Threads {
    fn join<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
        rayon::join(a, b)
    }
}

impl<F: RowErrorFunction + Sync, J: Join> InBlocks<F, J> {
    /// Evaluates `error` by blocks of its rows.
    pub fn new(error: F) -> Self {
        InBlocks { error, join: PhantomData }
    }

    /// The error function as it was given.
    pub fn inner(&self) -> &F {
        &self.error
    }

    /// Fills the slices; `leaf` computes one block and gives its value.
    fn evaluate(&self, gradient: &mut [f64], hessian: &mut [f64], leaf: impl Leaf) -> f64 {
        Blocks::new(self.error.rows(), self.error.dimension()).evaluate::<J>(gradient, hessian, leaf)
    }
}

impl Blocks {
    /// Merges what all blocks add in the one tree: fills the slices and gives the value. `leaf` computes one block, from
    /// its rows into a gradient and a Hessian as long as those given, and gives its value.
    ///
    /// ```
    /// use hesse_runtime::blocks::{Blocks, OneThread};
    ///
    /// let mut sums = [0.0];
    /// let count = Blocks::new(20_000, 1).evaluate::<OneThread>(&mut sums, &mut [], |rows, sums, _| {
    ///     sums[0] = rows.clone().sum::<usize>() as f64;
    ///     rows.len() as f64
    /// });
    /// assert_eq!((count, sums[0]), (20_000.0, 199_990_000.0));
    /// ```
    pub fn evaluate<J: Join>(
        self,
        gradient: &mut [f64],
        hessian: &mut [f64],
        leaf: impl Fn(Range<usize>, &mut [f64], &mut [f64]) -> f64 + Sync,
    ) -> f64 {
        let mut whole = Partial { rows: 0..0, value: 0.0, gradient, hessian };
        fill::<J>(self, 0..self.count(), &leaf, &mut whole);
        whole.value
    }
}

/// What computes one block: its rows, its gradient and its Hessian; gives its value.
pub(super) trait Leaf: Fn(Range<usize>, &mut [f64], &mut [f64]) -> f64 + Sync {}

impl<L: Fn(Range<usize>, &mut [f64], &mut [f64]) -> f64 + Sync> Leaf for L {}

/// The halves of a list of at least two blocks.
pub(super) fn halves(list: &Range<usize>) -> (Range<usize>, Range<usize>) {
    let middle = list.start + list.len().div_ceil(2);
    (list.start..middle, middle..list.end)
}

/// Computes a part of the list of blocks.
pub(super) fn fill<J: Join>(blocks: Blocks, list: Range<usize>, leaf: &impl Leaf, part: &mut Partial<'_>) {
    if list.len() <= 1 {
        part.rows = blocks.rows_of(list.start);
        part.value = leaf(part.rows.clone(), part.gradient, part.hessian);
        return;
    }
    let (left, right) = halves(&list);
    let lengths = [part.gradient.len(), part.hessian.len()];
    let ((), (rows, value, [mut gradient, mut hessian])) = J::join(
        || fill::<J>(blocks, left, leaf, part),
        || {
            // Made by the thread that fills them.
            let [mut gradient, mut hessian] = lengths.map(|length| std::vec![0.0; length]);
            let mut next = Partial { rows: 0..0, value: 0.0, gradient: &mut gradient, hessian: &mut hessian };
            fill::<J>(blocks, right, leaf, &mut next);
            (next.rows.clone(), next.value, [gradient, hessian])
        },
    );
    part.add(&Partial { rows, value, gradient: &mut gradient, hessian: &mut hessian });
}

impl<F: RowErrorFunction + Sync, J: Join> ErrorFunction for InBlocks<F, J> {
    by_blocks!();
}

impl<F: Clone, J> Clone for InBlocks<F, J> {
    fn clone(&self) -> Self {
        InBlocks { error: self.error.clone(), join: PhantomData }
    }
}

impl<F: fmt::Debug, J> fmt::Debug for InBlocks<F, J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("InBlocks").field(&self.error).finish()
    }
}
