//! Symmetries of E that leave a curvature zero.

use crate::ErrorFunction;
use crate::flat::Flat;
use crate::random::Random;
use nalgebra::{DMatrix, DVector};

/// A way to change the parameters that leaves E as it is, and the direction in which it moves a stationary point.
///
/// If ∇E(w)ᵀX(w) = 0 for all w, then H X = 0 wherever ∇E = 0: the curvature along X is zero not by chance.
///
/// ```
/// use hesse_runtime::{Symmetry, SymmetryKind};
///
/// // E(x − y) does not change when both move together.
/// let symmetry = Symmetry { kind: SymmetryKind::Shift, direction: vec![0.5_f64.sqrt(); 2] };
/// assert_eq!(symmetry.kind, SymmetryKind::Shift);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Symmetry {
    /// What kind of change it is.
    pub kind: SymmetryKind,
    /// X at the point, in parameter order, of unit length.
    pub direction: Vec<f64>,
}

/// The kinds of symmetries that are looked for.
///
/// ```
/// use hesse_runtime::SymmetryKind;
///
/// // x grows as y shrinks, as for E(x·y).
/// let scale = SymmetryKind::Scale { exponents: vec![1.0, -1.0] };
/// assert_ne!(scale, SymmetryKind::Gauge);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SymmetryKind {
    /// E does not change along [`Symmetry::direction`] from wherever one starts, as with the scores of a softmax.
    Shift,
    /// E does not change when each parameter is multiplied by exp(aᵢt), as with the weights around a rectifier.
    Scale {
        /// The exponents aᵢ, the largest being 1.
        exponents: Vec<f64>,
    },
    /// E does not change under a group of affine maps, exp(tA)w + …: a rotation, or the gauge of a product of matrices.
    Gauge,
    /// E does not change when parameters change places that are equal here, nor when one of the twins gains what the
    /// other loses, as with two equal units of a network.
    Permutation {
        /// The indices of those that change places.
        pairs: Vec<(usize, usize)>,
    },
}

/// More parameters than this are searched for shifts and scales apart from each other, and for no other maps.
const MOST_AFFINE: usize = 100;
/// More parameters than this are not searched for maps that mix all of them.
const MOST_LINEAR: usize = 14;
/// More parameters than this are not searched at all: a decomposition of that order takes seconds.
const MOST: usize = 400;
/// Singular values below this part of the largest are zero; gradients are right to some 10⁻¹⁴.
const ZERO: f64 = 1e-10;
/// The part of a direction that must be new, and that may be left outside of the axes of zero curvature.
const NEW: f64 = 1e-6;
/// Components of a generator below this part of the largest are rounding.
const LITTLE: f64 = 1e-9;

/// The symmetries that explain zero curvatures of E at `w`, each of them in part at least by itself.
///
/// The maps w → w + t(Aw + c) that leave E as it is solve ∇E(wₛ)ᵀ(Awₛ + c) = 0 at all points wₛ: a linear system for A and
/// c, from more points around `w` than unknowns. Explained axes are added to `flat`.
pub(crate) fn explain(error: &dyn ErrorFunction, w: &[f64], flat: &mut Flat) -> Vec<Symmetry> {
    let n = w.len();
    let mut symmetries = Vec::new();
    if n > MOST {
        return symmetries;
    }
    let samples = Samples::around(error, w);
    let sizes = &samples.sizes;
    let add = |kind: SymmetryKind, direction: Vec<f64>, flat: &mut Flat, into: &mut Vec<Symmetry>| {
        if flat.unexplained() > 0 && flat.explain(&direction, NEW) {
            let size = DVector::from_column_slice(&direction).norm();
            into.push(Symmetry { kind, direction: direction.iter().map(|x| x / size).collect() });
        }
    };
    for shift in samples.invariants(n, |g, _, row| {
        row.extend((0..n).map(|i| g[i] * sizes[i]));
    }) {
        let direction = (0..n).map(|i| shift[i] * sizes[i]).collect();
        add(SymmetryKind::Shift, direction, flat, &mut symmetries);
    }
    for scale in samples.invariants(n, |g, w, row| row.extend((0..n).map(|i| g[i] * w[i]))) {
        let direction = (0..n).map(|i| scale[i] * w[i]).collect();
        add(SymmetryKind::Scale { exponents: scale }, direction, flat, &mut symmetries);
    }
    for (pairs, direction) in twins(&samples, w, flat) {
        add(SymmetryKind::Permutation { pairs }, direction, flat, &mut symmetries);
    }
    if n <= MOST_AFFINE && flat.unexplained() > 0 {
        for both in samples.invariants(2 * n, |g, w, row| {
            row.extend((0..n).map(|i| g[i] * sizes[i]));
            row.extend((0..n).map(|i| g[i] * w[i]));
        }) {
            let direction = (0..n).map(|i| both[i] * sizes[i] + both[n + i] * w[i]).collect();
            add(SymmetryKind::Gauge, direction, flat, &mut symmetries);
        }
    }
    if n <= MOST_LINEAR && flat.unexplained() > 0 {
        // In units of the parameters, so that no column is lost beside another.
        let unit = |i: usize, j: usize| sizes[i] / sizes[j];
        for map in samples.invariants(n * n + n, |g, w, row| {
            row.extend((0..n * n).map(|at| g[at / n] * unit(at / n, at % n) * w[at % n]));
            row.extend((0..n).map(|i| g[i] * sizes[i]));
        }) {
            let moved = |i: usize| (0..n).map(|j| map[i * n + j] * unit(i, j) * w[j]).sum::<f64>();
            let direction = (0..n).map(|i| moved(i) + map[n * n + i] * sizes[i]).collect();
            add(SymmetryKind::Gauge, direction, flat, &mut symmetries);
        }
    }
    symmetries
}

/// Gradients at random points around a point.
struct Samples<'a> {
    error: &'a dyn ErrorFunction,
    w: &'a [f64],
    /// The size of each parameter, 1 where it is zero.
    sizes: Vec<f64>,
}

impl<'a> Samples<'a> {
    fn around(error: &'a dyn ErrorFunction, w: &'a [f64]) -> Self {
        let sizes = w.iter().map(|w| if w.abs() > 1e-12 { w.abs() } else { 1.0 }).collect();
        Self { error, w, sizes }
    }

    /// Up to half of its size away from each parameter, so that none changes its sign.
    fn point(&self, random: &mut Random) -> Vec<f64> {
        self.w.iter().zip(&self.sizes).map(|(w, size)| w + size * (random.unit() - 0.5)).collect()
    }

    /// A basis, in echelon form, of the vectors orthogonal to the rows that `row` makes of gradients and points.
    fn invariants(&self, unknowns: usize, row: impl Fn(&[f64], &[f64], &mut Vec<f64>)) -> Vec<Vec<f64>> {
        let mut random = Random::new(2);
        let count = unknowns + 8;
        let mut rows = Vec::with_capacity(count * unknowns);
        let mut gradient = vec![0.0; self.w.len()];
        for _ in 0..4 * count {
            if rows.len() == count * unknowns {
                break;
            }
            let w = self.point(&mut random);
            self.error.value_gradient(&w, &mut gradient);
            let start = rows.len();
            row(&gradient, &w, &mut rows);
            let size = rows[start..].iter().map(|x| x * x).sum::<f64>().sqrt();
            if size > 0.0 && size.is_finite() {
                rows[start..].iter_mut().for_each(|x| *x /= size);
            } else {
                rows.truncate(start);
            }
        }
        if rows.len() < count * unknowns {
            return Vec::new();
        }
        let mut system = DMatrix::from_row_slice(count, unknowns, &rows);
        // Each column in a unit of its own, so that a weak dependence on a parameter is none that rounding could explain.
        let units: Vec<f64> = system.column_iter().map(|column| column.amax()).collect();
        let units: Vec<f64> = units.into_iter().map(|unit| if unit > 0.0 { unit } else { 1.0 }).collect();
        system.column_iter_mut().zip(&units).for_each(|(mut column, unit)| column /= *unit);
        let Some(decomposed) = system.try_svd(false, true, f64::EPSILON, 200 * unknowns) else {
            return Vec::new();
        };
        let largest = decomposed.singular_values.max();
        let Some(axes) = decomposed.v_t else { return Vec::new() };
        let zero = |&k: &usize| decomposed.singular_values[k] <= ZERO * largest;
        let basis = (0..unknowns).filter(zero).map(|k| axes.row(k).iter().copied().collect::<Vec<f64>>());
        let mut basis = echelon(basis.collect());
        for vector in &mut basis {
            vector.iter_mut().zip(&units).for_each(|(x, unit)| *x /= unit);
            normalize(vector);
        }
        basis
    }
}

/// Gauss and Jordan's elimination, so that each vector has as few components as it can.
fn echelon(mut basis: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    for at in 0..basis.len() {
        let largest = |v: &[f64]| {
            let by_size = |a: &usize, b: &usize| v[*a].abs().total_cmp(&v[*b].abs());
            (0..v.len()).max_by(by_size).unwrap_or(0)
        };
        let pivot = largest(&basis[at]);
        let scale = basis[at][pivot];
        // What those before it have left is rounding.
        if scale.abs() <= LITTLE {
            basis[at].fill(0.0);
            continue;
        }
        basis[at].iter_mut().for_each(|x| *x /= scale);
        let own = basis[at].clone();
        for (_, other) in basis.iter_mut().enumerate().filter(|(other, _)| *other != at) {
            let share = other[pivot];
            other.iter_mut().zip(&own).for_each(|(x, y)| *x -= share * y);
        }
    }
    for vector in &mut basis {
        normalize(vector);
        vector.iter_mut().filter(|x| x.abs() <= LITTLE).for_each(|x| *x = 0.0);
    }
    basis
}

/// Makes the component of the largest magnitude 1.
fn normalize(vector: &mut [f64]) {
    let largest = vector.iter().fold(0.0, |m: f64, x| if x.abs() > m.abs() { *x } else { m });
    vector.iter_mut().filter(|x| **x != 0.0).for_each(|x| *x /= largest);
}

/// Pairs of parameters, and a direction.
type Twins = (Vec<(usize, usize)>, Vec<f64>);

/// Parameters that are equal two by two and can change places, with directions in which one of each two gains what the
/// other loses and E stays constant.
fn twins(samples: &Samples<'_>, w: &[f64], flat: &Flat) -> Vec<Twins> {
    let mut order: Vec<usize> = (0..w.len()).collect();
    order.sort_by(|&a, &b| w[a].total_cmp(&w[b]).then(a.cmp(&b)));
    let groups = order.chunk_by(|&a, &b| w[a] == w[b]);
    let pairs: Vec<(usize, usize)> =
        groups.filter(|group| group.len() == 2).map(|group| (group[0], group[1])).collect();
    let mut random = Random::new(3);
    let swapped = |v: &[f64]| {
        let mut swapped = v.to_vec();
        pairs.iter().for_each(|&(a, b)| swapped.swap(a, b));
        swapped
    };
    let points: Vec<Vec<f64>> = (0..3).map(|_| samples.point(&mut random)).collect();
    let height = |w: &[f64]| samples.error.value(w);
    // What E is nearby says how large its rounding errors are, also where it vanishes here.
    let size = points.iter().map(|point| height(point).abs()).fold(0.0, f64::max);
    let equal = |a: f64, b: f64| (a - b).abs() <= ZERO * size;
    let symmetric = points.iter().all(|point| equal(height(point), height(&swapped(point))));
    if pairs.is_empty() || !symmetric {
        return Vec::new();
    }
    let odd = flat
        .directions()
        .into_iter()
        .map(|v| -> Vec<f64> { v.iter().zip(swapped(&v)).map(|(x, y)| 0.5 * (x - y)).collect() });
    let still = |v: &Vec<f64>| {
        let size = v.iter().zip(&samples.sizes).map(|(x, size)| (x / size).abs()).fold(0.0, f64::max);
        size > NEW
            && [-0.5, 0.25, 1.0].iter().all(|t| {
                let moved: Vec<f64> = w.iter().zip(v).map(|(w, x)| w + t * x / size).collect();
                equal(height(w), height(&moved))
            })
    };
    echelon(odd.collect()).into_iter().filter(still).map(|direction| (pairs.clone(), direction)).collect()
}
