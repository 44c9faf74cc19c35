//! What a benchmark is made of.

use num_dual::{DualNum, HyperDual64};

use crate::measure::Contestant;

/// The entries of a Hessian that an implementation writes, in its order.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// The lower triangle, packed by rows.
    Packed,
    /// These (row, column), column ≤ row; all others are zero.
    Sparse(Vec<(u32, u32)>),
}

/// A data array under the name it has in the formula, row by row.
#[derive(Clone, Copy, Debug)]
pub enum Array<'a> {
    /// Numbers, so many in a row.
    Numbers(&'static str, usize, &'a [f64]),
    /// Positions, one in a row.
    Positions(&'static str, &'a [usize]),
}

/// The same error function over generic numbers, as users of dual numbers write it.
pub trait Generic {
    /// E(w).
    fn error<D: DualNum<Primitive = f64> + Copy>(&self, w: &[D]) -> D;
}

/// E(w), gradient and packed Hessian by dual numbers.
pub type Dual<'a> = dyn Fn(&[f64]) -> (f64, Vec<f64>, Vec<f64>) + 'a;

/// E(w), ∂E/∂wᵢ and ∂²E/∂wᵢ∂wⱼ by hyper-dual numbers.
pub type Oracle<'a> = dyn Fn(&[f64], usize, usize) -> (f64, f64, f64) + 'a;

/// One error function with its data, the point at which it is evaluated, and who evaluates it.
pub struct Workload<'a> {
    /// Its line in the table.
    pub name: String,
    /// Rows of data, where cost per row is of interest.
    pub rows: Option<usize>,
    /// The data.
    pub data: Vec<Array<'a>>,
    /// The point w.
    pub point: Vec<f64>,
    /// The vector v of Hessian-vector products.
    pub direction: Vec<f64>,
    /// Generated code.
    pub hesse: &'a dyn Contestant,
    /// Which Hessian entries the generated code writes.
    pub hesse_pattern: Pattern,
    /// Written by hand.
    pub hand: &'a dyn Contestant,
    /// Which Hessian entries the hand-written code writes.
    pub hand_pattern: Pattern,
    /// num-dual's Hessian, with the factor by which the full workload is larger than the one it is given.
    pub dual: Option<(&'a Dual<'a>, f64)>,
    /// What both are checked against, where that takes no longer than the rest.
    pub oracle: Option<&'a Oracle<'a>>,
}

impl Pattern {
    /// The number of entries for n parameters.
    pub fn length(&self, n: usize) -> usize {
        match self {
            Pattern::Packed => n * (n + 1) / 2,
            Pattern::Sparse(entries) => entries.len(),
        }
    }

    /// The entries in order.
    pub fn entries(&self, n: usize) -> Vec<(u32, u32)> {
        match self {
            Pattern::Packed => (0..n as u32).flat_map(|i| (0..=i).map(move |j| (i, j))).collect(),
            Pattern::Sparse(entries) => entries.clone(),
        }
    }
}

impl<'a> Workload<'a> {
    /// A workload whose Hessians are all packed triangles.
    pub fn dense(
        name: &str,
        point: Vec<f64>,
        direction: Vec<f64>,
        hesse: &'a dyn Contestant,
        hand: &'a dyn Contestant,
    ) -> Workload<'a> {
        Workload {
            name: name.to_owned(),
            rows: None,
            data: Vec::new(),
            point,
            direction,
            hesse,
            hesse_pattern: Pattern::Packed,
            hand,
            hand_pattern: Pattern::Packed,
            dual: None,
            oracle: None,
        }
    }
}

/// num-dual's Hessian over static vectors of P numbers.
pub fn static_dual<const P: usize>(error: &impl Generic, w: &[f64]) -> (f64, Vec<f64>, Vec<f64>) {
    let at = nalgebra::SVector::<f64, P>::from_column_slice(w);
    let (value, gradient, hessian) = num_dual::hessian(|w| error.error(w.as_slice()), &at);
    let lower = (0..P).flat_map(|i| (0..=i).map(move |j| (i, j)));
    (value, gradient.as_slice().to_vec(), lower.map(|at| hessian[at]).collect())
}

/// One second derivative over hyper-dual numbers.
pub fn oracle(error: &impl Generic, w: &[f64], i: usize, j: usize) -> (f64, f64, f64) {
    let mut at: Vec<HyperDual64> = w.iter().map(|&w| HyperDual64::from_re(w)).collect();
    at[i].eps1 = 1.0;
    at[j].eps2 = 1.0;
    let found = error.error(&at);
    (found.re, found.eps1, found.eps1eps2)
}

/// A view of a slice as rows of fixed length.
///
/// # Panics
/// Where the length is no multiple of N.
pub fn as_rows<const N: usize>(flat: &[f64]) -> &[[f64; N]] {
    let (rows, rest) = flat.as_chunks::<N>();
    assert!(rest.is_empty(), "rows of {N}");
    rows
}

/// A slice as an array.
///
/// # Panics
/// Where the length differs.
#[inline(always)]
pub fn fixed<const N: usize>(slice: &[f64]) -> &[f64; N] {
    slice.try_into().expect("one entry per parameter")
}

/// A slice as an array to write to.
///
/// # Panics
/// Where the length differs.
#[inline(always)]
pub fn fixed_mut<const N: usize>(slice: &mut [f64]) -> &mut [f64; N] {
    slice.try_into().expect("one entry per output")
}
