//! Logistic regression: one inner variable per row, so the Hessian is a weighted sum of outer products.

use num_dual::DualNum;

use crate::by_hand::{ByHand, Written};
use crate::generated::logreg;
use crate::lanes::{Processor, exp, ln_1p};
use crate::numbers::Numbers;
use crate::rows::{Column, TILE, line, sum, tiles, triangle};
use crate::workload::{Array, Generic, Workload, fixed, oracle, static_dual};

const D: usize = 10;
/// The number of parameters.
pub const P: usize = D + 1;
const RIDGE: f64 = 1e-3;

struct Data {
    x: Vec<[f64; D]>,
    t: Vec<f64>,
}

/// The workload with so many rows.
pub fn with(rows: usize, visit: &mut dyn FnMut(&Workload<'_>)) {
    let mut numbers = Numbers::new(1);
    let (x, t) = data(&mut numbers, rows);
    let data = Data { x, t };
    let columns = data.x.iter().zip(&data.t).map(|(x, &t)| {
        let mut row = [t; P];
        row[..D].copy_from_slice(x);
        row
    });
    let hand = ByHand(Tiles { tiles: tiles(columns), rows });
    // Duals are given a share of the rows; the ridge is too little work to disturb the proportion.
    let share = rows.min(2_000);
    let part = Data { x: data.x[..share].to_vec(), t: data.t[..share].to_vec() };
    let hesse = logreg::error_function(&data.x, &data.t);
    let dual = |w: &[f64]| static_dual::<P>(&part, w);
    let exact = |w: &[f64], i, j| oracle(&data, w, i, j);
    let mut workload = Workload::dense(
        &format!("logreg, {rows} rows"),
        numbers.vector(P, 0.5),
        numbers.vector(P, 1.0),
        &hesse,
        &hand,
    );
    workload.rows = Some(rows);
    workload.dual = Some((&dual, rows as f64 / share as f64));
    workload.oracle = (rows <= 10_000).then_some(&exact);
    workload.data = vec![Array::Numbers("x", D, data.x.as_flattened()), Array::Numbers("t", 1, &data.t)];
    visit(&workload);
}

/// Features and targets of so many rows.
pub fn data(numbers: &mut Numbers, rows: usize) -> (Vec<[f64; D]>, Vec<f64>) {
    let x = (0..rows).map(|_| std::array::from_fn(|_| numbers.normal())).collect();
    (x, (0..rows).map(|_| f64::from(numbers.unit() > 0.5)).collect())
}

impl Generic for Data {
    fn error<N: DualNum<Primitive = f64> + Copy>(&self, w: &[N]) -> N {
        let mut error = N::from(0.0);
        for (x, t) in self.x.iter().zip(&self.t) {
            let a = w[..D].iter().zip(x).fold(w[D], |a, (w, x)| a + *w * *x);
            error += (a.exp() + 1.0).ln() - a * *t;
        }
        error + w[..D].iter().fold(N::from(0.0), |s, w| s + *w * *w) * (RIDGE / 2.0)
    }
}

/// Features and targets in tiles of columns.
struct Tiles {
    tiles: Vec<[Column; P]>,
    rows: usize,
}

/// The inner variables a = b + w·x of a tile.
#[inline(always)]
fn inner<F: Processor>(f: F, w: &[f64; P], x: &[Column; P], bias: f64) -> Column {
    let mut a = Column::splat(bias);
    for j in 0..D {
        for l in 0..TILE {
            a[l] = f.mul_add(w[j], x[j][l], a[l]);
        }
    }
    a
}

impl Written for Tiles {
    fn parameters(&self) -> usize {
        P
    }

    #[inline(always)]
    fn derivatives<F: Processor, const ORDER: usize>(
        &self,
        f: F,
        w: &[f64],
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64 {
        let w: &[f64; P] = fixed(w);
        let mut loss = 0.0;
        gradient.fill(0.0);
        hessian.fill(0.0);
        // The losses, and their slopes ∂E/∂a and bends ∂²E/∂a².
        let mut own = Column::splat(0.0);
        let (mut slope, mut bend) = (Column::splat(0.0), Column::splat(0.0));
        let mut bent = [Column::splat(0.0); D];
        for (at, tile) in self.tiles.iter().enumerate() {
            let present = Column::presence(at * TILE, self.rows);
            let a = inner(f, w, tile, w[D]);
            let (x, t) = (&tile[..D], &tile[D]);
            for l in 0..TILE {
                let e = exp(f, -a[l].abs());
                if ORDER > 0 {
                    let share = 1.0 / (1.0 + e);
                    let other = e * share;
                    slope[l] = ((if a[l] >= 0.0 { share } else { other }) - t[l]) * present[l];
                    bend[l] = share * other * present[l];
                }
                let positive = if a[l] > 0.0 { a[l] } else { 0.0 };
                own[l] = f.mul_add(-t[l], a[l], positive + ln_1p(f, e)) * present[l];
            }
            loss += sum(f, &own);
            if ORDER > 0 {
                line(f, &slope, x, gradient);
                gradient[D] += sum(f, &slope);
            }
            if ORDER > 1 {
                for j in 0..D {
                    for l in 0..TILE {
                        bent[j][l] = bend[l] * x[j][l];
                    }
                }
                triangle(f, &bent, x, hessian);
                let last = &mut hessian[D * (D + 1) / 2..];
                line(f, &bend, x, last);
                last[D] += sum(f, &bend);
            }
        }
        for j in 0..D {
            loss += RIDGE / 2.0 * w[j] * w[j];
            if ORDER > 0 {
                gradient[j] += RIDGE * w[j];
            }
            if ORDER > 1 {
                hessian[j * (j + 1) / 2 + j] += RIDGE;
            }
        }
        loss
    }

    #[inline(always)]
    fn product<F: Processor>(&self, f: F, w: &[f64], v: &[f64], product: &mut [f64]) {
        let (w, v): (&[f64; P], &[f64; P]) = (fixed(w), fixed(v));
        product.fill(0.0);
        for (at, tile) in self.tiles.iter().enumerate() {
            let present = Column::presence(at * TILE, self.rows);
            let mut along = inner(f, v, tile, v[D]);
            let a = inner(f, w, tile, w[D]);
            for l in 0..TILE {
                let e = exp(f, -a[l].abs());
                let share = 1.0 / (1.0 + e);
                along[l] *= e * share * share * present[l];
            }
            line(f, &along, &tile[..D], product);
            product[D] += sum(f, &along);
        }
        for j in 0..D {
            product[j] += RIDGE * v[j];
        }
    }
}
