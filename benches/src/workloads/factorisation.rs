//! Matrix factorization: blocks of five by five for each observed entry, and one for each row and column.

use num_dual::DualNum;

use crate::by_hand::{ByHand, Written};
use crate::generated::factorisation;
use crate::lanes::Processor;
use crate::numbers::Numbers;
use crate::sparse::Sparse;
use crate::workload::{Array, Generic, Pattern, Workload, as_rows, oracle};

const RANK: usize = 5;
const TRIANGLE: usize = RANK * (RANK + 1) / 2;
const RIDGE: f64 = 0.05;

/// Observed entries of a matrix, sorted by rows.
struct Data {
    rows: usize,
    columns: usize,
    /// Where the observations of each row begin, and the end of the last.
    begin: Vec<usize>,
    row: Vec<usize>,
    column: Vec<usize>,
    r: Vec<f64>,
}

/// The workload with a matrix of this shape and so many observations, no two of the same entry.
pub fn with(rows: usize, columns: usize, observations: usize, visit: &mut dyn FnMut(&Workload<'_>)) {
    let mut numbers = Numbers::new(11);
    let mut places: Vec<usize> = (0..rows * columns).collect();
    for k in 0..observations {
        let other = k + numbers.below(places.len() - k);
        places.swap(k, other);
    }
    places.truncate(observations);
    places.sort_unstable();
    let row: Vec<usize> = places.iter().map(|place| place / columns).collect();
    let data = Data {
        rows,
        columns,
        begin: (0..=rows).map(|i| row.partition_point(|&row| row < i)).collect(),
        column: places.iter().map(|place| place % columns).collect(),
        r: (0..observations).map(|_| numbers.normal()).collect(),
        row,
    };
    let n = RANK * (rows + columns);
    let small = n <= 200;
    let hesse = Sparse(factorisation::error_function(&data.row, &data.column, &data.r, rows, columns));
    let exact = |w: &[f64], i, j| oracle(&data, w, i, j);
    let pattern = Pattern::Sparse(data.pattern());
    let hand = ByHand(&data);
    let mut workload =
        Workload::dense("factorisation", numbers.vector(n, 1.0), numbers.vector(n, 1.0), &hesse, &hand);
    workload.rows = Some(observations);
    workload.hand_pattern = pattern;
    workload.hesse_pattern = hesse.pattern();
    workload.oracle = small.then_some(&exact);
    workload.data = vec![
        Array::Positions("row", &data.row),
        Array::Positions("column", &data.column),
        Array::Numbers("r", 1, &data.r),
    ];
    visit(&workload);
}

impl Generic for Data {
    fn error<N: DualNum<Primitive = f64> + Copy>(&self, w: &[N]) -> N {
        let (u, v) = w.split_at(RANK * self.rows);
        let mut error = w.iter().fold(N::from(0.0), |s, w| s + *w * *w) * (RIDGE / 2.0);
        for ((&i, &j), &r) in self.row.iter().zip(&self.column).zip(&self.r) {
            let product = (0..RANK).fold(N::from(0.0), |s, f| s + u[i * RANK + f] * v[j * RANK + f]);
            error += (-product + r).powi(2) * 0.5;
        }
        error
    }
}

impl Data {
    /// Triangles of the rows, triangles of the columns, and for each observation the block of its column's and its
    /// row's parameters.
    fn pattern(&self) -> Vec<(u32, u32)> {
        let mut entries = Vec::new();
        for base in (0..self.rows + self.columns).map(|block| block * RANK) {
            entries
                .extend((0..RANK).flat_map(|a| (0..=a).map(move |b| ((base + a) as u32, (base + b) as u32))));
        }
        for (i, j) in self.row.iter().zip(&self.column) {
            let (below, left) = ((self.rows + j) * RANK, i * RANK);
            entries.extend(
                (0..RANK).flat_map(|g| (0..RANK).map(move |f| ((below + g) as u32, (left + f) as u32))),
            );
        }
        entries
    }
}

/// Adds x xᵀ, the lower triangle by rows.
#[inline(always)]
fn add_square<F: Processor>(f: F, x: &[f64; RANK], to: &mut [f64; TRIANGLE]) {
    for a in 0..RANK {
        for b in 0..=a {
            let at = a * (a + 1) / 2 + b;
            to[at] = f.mul_add(x[a], x[b], to[at]);
        }
    }
}

#[inline(always)]
fn dot<F: Processor>(f: F, a: &[f64; RANK], b: &[f64; RANK]) -> f64 {
    (1..RANK).fold(a[0] * b[0], |s, k| f.mul_add(a[k], b[k], s))
}

#[inline(always)]
fn add<F: Processor>(f: F, factor: f64, x: &[f64; RANK], to: &mut [f64; RANK]) {
    for k in 0..RANK {
        to[k] = f.mul_add(factor, x[k], to[k]);
    }
}

impl Written for &Data {
    fn parameters(&self) -> usize {
        RANK * (self.rows + self.columns)
    }

    #[inline(always)]
    fn derivatives<F: Processor, const ORDER: usize>(
        &self,
        f: F,
        w: &[f64],
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64 {
        let (u, v) = as_rows::<RANK>(w).split_at(self.rows);
        let (mut squares, mut weights) = (0.0, 0.0);
        for w in w.chunks(8) {
            let mut lanes = [0.0; 8];
            lanes[..w.len()].copy_from_slice(w);
            weights += lanes.iter().map(|w| w * w).sum::<f64>();
        }
        let mut none = [];
        let (gu, gv) = if ORDER > 0 {
            gradient.iter_mut().zip(w).for_each(|(g, w)| *g = RIDGE * w);
            gradient.as_chunks_mut::<RANK>().0.split_at_mut(self.rows)
        } else {
            none.split_at_mut(0)
        };
        let (mut no_squares, mut no_blocks) = ([], []);
        let (own, blocks) = if ORDER > 1 {
            let (own, blocks) = hessian.split_at_mut(TRIANGLE * (self.rows + self.columns));
            let mut ridge = [0.0; TRIANGLE];
            (0..RANK).for_each(|a| ridge[a * (a + 3) / 2] = RIDGE);
            let own = own.as_chunks_mut::<TRIANGLE>().0;
            own.fill(ridge);
            (own, blocks.as_chunks_mut::<{ RANK * RANK }>().0)
        } else {
            (&mut no_squares[..], &mut no_blocks[..])
        };
        for i in 0..self.rows {
            let u = &u[i];
            let mut g = [0.0; RANK];
            let mut triangle = [0.0; TRIANGLE];
            for k in self.begin[i]..self.begin[i + 1] {
                let j = self.column[k];
                let v = &v[j];
                let e = self.r[k] - dot(f, u, v);
                squares = f.mul_add(e, e, squares);
                if ORDER > 0 {
                    add(f, -e, v, &mut g);
                    add(f, -e, u, &mut gv[j]);
                }
                if ORDER > 1 {
                    add_square(f, v, &mut triangle);
                    add_square(f, u, &mut own[self.rows + j]);
                    let block = &mut blocks[k];
                    for a in 0..RANK {
                        for b in 0..RANK {
                            block[a * RANK + b] = u[a] * v[b];
                        }
                        block[a * (RANK + 1)] -= e;
                    }
                }
            }
            if ORDER > 0 {
                add(f, 1.0, &g, &mut gu[i]);
            }
            if ORDER > 1 {
                for (to, entry) in own[i].iter_mut().zip(&triangle) {
                    *to += entry;
                }
            }
        }
        0.5 * squares + RIDGE / 2.0 * weights
    }

    #[inline(always)]
    fn product<F: Processor>(&self, f: F, w: &[f64], v: &[f64], product: &mut [f64]) {
        let (u, right) = as_rows::<RANK>(w).split_at(self.rows);
        let (du, dright) = as_rows::<RANK>(v).split_at(self.rows);
        product.iter_mut().zip(v).for_each(|(p, v)| *p = RIDGE * v);
        let (gu, gright) = product.as_chunks_mut::<RANK>().0.split_at_mut(self.rows);
        for i in 0..self.rows {
            let (u, du) = (&u[i], &du[i]);
            let mut g = gu[i];
            for k in self.begin[i]..self.begin[i + 1] {
                let j = self.column[k];
                let (v, dv) = (&right[j], &dright[j]);
                let e = self.r[k] - dot(f, u, v);
                let along = dot(f, u, dv) + dot(f, du, v);
                add(f, along, v, &mut g);
                add(f, -e, dv, &mut g);
                add(f, along, u, &mut gright[j]);
                add(f, -e, du, &mut gright[j]);
            }
            gu[i] = g;
        }
    }
}
