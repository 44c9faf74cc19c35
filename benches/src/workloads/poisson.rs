//! Poisson regression: one inner variable per row, as in logistic regression, and nothing but an exponential of it.

use num_dual::DualNum;

use crate::by_hand::{ByHand, Written};
use crate::generated::poisson;
use crate::lanes::{Processor, exp};
use crate::numbers::Numbers;
use crate::rows::{Column, TILE, line, sum, tiles, triangle};
use crate::workload::{Array, Generic, Workload, fixed, oracle, static_dual};

const P: usize = 20;

struct Data {
    x: Vec<[f64; P]>,
    t: Vec<f64>,
}

/// The workload with so many rows.
pub fn with(rows: usize, visit: &mut dyn FnMut(&Workload<'_>)) {
    let mut numbers = Numbers::new(4);
    let x: Vec<[f64; P]> = (0..rows).map(|_| std::array::from_fn(|_| numbers.normal())).collect();
    let t = (0..rows).map(|_| numbers.below(5) as f64).collect();
    let data = Data { x, t };
    let columns = data.x.iter().zip(&data.t).map(|(x, &t)| {
        let mut row = [t; P + 1];
        row[..P].copy_from_slice(x);
        row
    });
    let hand = ByHand(Tiles { tiles: tiles(columns), rows });
    let share = rows.min(1_000);
    let part = Data { x: data.x[..share].to_vec(), t: data.t[..share].to_vec() };
    let hesse = poisson::error_function(&data.x, &data.t);
    let dual = |w: &[f64]| static_dual::<P>(&part, w);
    let exact = |w: &[f64], i, j| oracle(&data, w, i, j);
    let (point, direction) = (numbers.vector(P, 0.2), numbers.vector(P, 1.0));
    let mut workload = Workload::dense("poisson", point, direction, &hesse, &hand);
    workload.rows = Some(rows);
    workload.dual = Some((&dual, rows as f64 / share as f64));
    workload.oracle = (rows <= 1_000).then_some(&exact);
    workload.data = vec![Array::Numbers("x", P, data.x.as_flattened()), Array::Numbers("t", 1, &data.t)];
    visit(&workload);
}

impl Generic for Data {
    fn error<N: DualNum<Primitive = f64> + Copy>(&self, w: &[N]) -> N {
        self.x.iter().zip(&self.t).fold(N::from(0.0), |error, (x, t)| {
            let a = w.iter().zip(x).fold(N::from(0.0), |a, (w, x)| a + *w * *x);
            error + a.exp() - a * *t
        })
    }
}

/// Features and counts in tiles of columns.
struct Tiles {
    tiles: Vec<[Column; P + 1]>,
    rows: usize,
}

/// w·x for each row of a tile.
#[inline(always)]
fn inner<F: Processor>(f: F, w: &[f64; P], x: &[Column]) -> Column {
    let mut a = Column::splat(0.0);
    for j in 0..P {
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
        let mut error = 0.0;
        gradient.fill(0.0);
        hessian.fill(0.0);
        let (mut own, mut slope) = (Column::splat(0.0), Column::splat(0.0));
        let mut bent = [Column::splat(0.0); P];
        for (at, tile) in self.tiles.iter().enumerate() {
            let present = Column::presence(at * TILE, self.rows);
            let (x, t) = (&tile[..P], &tile[P]);
            let a = inner(f, w, x);
            // The features of a missing row are zero, so only its value needs to be kept out.
            for l in 0..TILE {
                let rate = exp(f, a[l]);
                own[l] = f.mul_add(-t[l], a[l], rate) * present[l];
                slope[l] = rate - t[l];
                if ORDER > 1 {
                    for j in 0..P {
                        bent[j][l] = rate * x[j][l];
                    }
                }
            }
            error += sum(f, &own);
            if ORDER > 0 {
                line(f, &slope, x, gradient);
            }
            if ORDER > 1 {
                triangle(f, &bent, x, hessian);
            }
        }
        error
    }

    #[inline(always)]
    fn product<F: Processor>(&self, f: F, w: &[f64], v: &[f64], product: &mut [f64]) {
        let (w, v): (&[f64; P], &[f64; P]) = (fixed(w), fixed(v));
        product.fill(0.0);
        for tile in &self.tiles {
            let (a, mut along) = (inner(f, w, &tile[..P]), inner(f, v, &tile[..P]));
            for l in 0..TILE {
                along[l] *= exp(f, a[l]);
            }
            line(f, &along, &tile[..P], product);
        }
    }
}
