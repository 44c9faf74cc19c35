//! Two Gaussian peaks on an exponential decay. With u = (x − b4)/b5 and E = e^(−u²), every derivative of a peak is a
//! constant times E uᵏ, so the sums are taken over these and the constants multiplied once, at the end.

use num_dual::DualNum;

use crate::by_hand::{ByHand, Written};
use crate::generated::gauss3;
use crate::lanes::{Processor, exp};
use crate::numbers::Numbers;
use crate::rows::{Column, TILE, line, sum, tiles, triangle};
use crate::workload::{Array, Generic, Workload, fixed, oracle, static_dual};

const P: usize = 8;

struct Data {
    x: Vec<f64>,
    y: Vec<f64>,
}

/// The workload with so many rows.
pub fn with(rows: usize, visit: &mut dyn FnMut(&Workload<'_>)) {
    let mut numbers = Numbers::new(2);
    let point = vec![98.0, 0.0105, 100.0, 65.0, 20.0, 70.0, 140.0, 15.0];
    let truth = [94.0, 0.0099, 90.1, 63.0, 25.1, 71.8, 155.0, 17.0];
    let x: Vec<f64> = (1..=rows).map(|i| i as f64 * 250.0 / rows as f64).collect();
    let model = |x: f64| {
        let [b1, b2, b3, b4, b5, b6, b7, b8] = truth;
        b1 * (-b2 * x).exp() + b3 * (-((x - b4) / b5).powi(2)).exp() + b6 * (-((x - b7) / b8).powi(2)).exp()
    };
    let y = x.iter().map(|&x| model(x) + 2.5 * numbers.normal()).collect();
    let data = Data { x, y };
    let hand = ByHand(Tiles { tiles: tiles(data.x.iter().zip(&data.y).map(|(&x, &y)| [x, y])), rows });
    let hesse = gauss3::error_function(&data.x, &data.y);
    let dual = |w: &[f64]| static_dual::<P>(&data, w);
    let exact = |w: &[f64], i, j| oracle(&data, w, i, j);
    let mut workload = Workload::dense(
        "gauss3",
        point.clone(),
        point.iter().map(|b| b * numbers.within(1.0)).collect(),
        &hesse,
        &hand,
    );
    workload.rows = Some(rows);
    workload.dual = Some((&dual, 1.0));
    workload.oracle = Some(&exact);
    workload.data = vec![Array::Numbers("x", 1, &data.x), Array::Numbers("y", 1, &data.y)];
    visit(&workload);
}

impl Generic for Data {
    fn error<N: DualNum<Primitive = f64> + Copy>(&self, w: &[N]) -> N {
        let [b1, b2, b3, b4, b5, b6, b7, b8] = *w else { return N::from(f64::NAN) };
        let mut error = N::from(0.0);
        for (&x, &y) in self.x.iter().zip(&self.y) {
            let decay = b1 * (-b2 * x).exp();
            let first = b3 * (-((-b4 + x) / b5).powi(2)).exp();
            let second = b6 * (-((-b7 + x) / b8).powi(2)).exp();
            error += (-decay - first - second + y).powi(2) * 0.5;
        }
        error
    }
}

/// x and y in tiles of columns.
struct Tiles {
    tiles: Vec<[Column; 2]>,
    rows: usize,
}

/// For each row of a tile: e^(−b2 x) times 1, x, x², and E times 1, u, … u⁴ for both peaks.
struct Powers([Column; 13]);

/// Where the first derivatives, up to constants, stand among the powers.
const FIRST: [usize; P] = [0, 1, 3, 4, 5, 8, 9, 10];

impl Powers {
    /// Powers up to those that the second derivatives need (ORDER 2), and the residual model − y. All are zero where
    /// there is no row.
    #[inline(always)]
    fn fill<F: Processor, const ORDER: usize>(
        &mut self,
        f: F,
        w: &[f64; P],
        tile: &[Column; 2],
        present: &Column,
    ) -> Column {
        let [b1, b2, b3, b4, b5, b6, b7, b8] = *w;
        let (inverse5, inverse8) = (1.0 / b5, 1.0 / b8);
        let [x, y] = tile;
        let mut residual = Column::splat(0.0);
        let p = &mut self.0;
        for l in 0..TILE {
            let (u, v) = ((x[l] - b4) * inverse5, (x[l] - b7) * inverse8);
            let decay = exp(f, -b2 * x[l]) * present[l];
            let (first, second) = (exp(f, -u * u) * present[l], exp(f, -v * v) * present[l]);
            residual[l] = f.mul_add(b1, decay, f.mul_add(b3, first, f.mul_add(b6, second, -y[l])));
            if ORDER > 0 {
                p[0][l] = decay;
                p[1][l] = decay * x[l];
                p[3][l] = first;
                p[4][l] = first * u;
                p[5][l] = p[4][l] * u;
                p[8][l] = second;
                p[9][l] = second * v;
                p[10][l] = p[9][l] * v;
            }
            if ORDER > 1 {
                p[2][l] = p[1][l] * x[l];
                p[6][l] = p[5][l] * u;
                p[7][l] = p[6][l] * u;
                p[11][l] = p[10][l] * v;
                p[12][l] = p[11][l] * v;
            }
        }
        residual
    }

    #[inline(always)]
    fn first(&self) -> [Column; P] {
        FIRST.map(|k| self.0[k])
    }
}

/// ∂model/∂bₖ over the power it is proportional to.
#[inline(always)]
fn factors(w: &[f64; P]) -> [f64; P] {
    let [b1, _, b3, _, b5, b6, _, b8] = *w;
    [1.0, -b1, 1.0, 2.0 * b3 / b5, 2.0 * b3 / b5, 1.0, 2.0 * b6 / b8, 2.0 * b6 / b8]
}

/// Σ r ∇²model from Σ r · powers: (row, column, entry).
#[inline(always)]
fn curvature(w: &[f64; P], s: &[f64; 13]) -> [(usize, usize, f64); 12] {
    let peak = |height: f64, width: f64, s: [f64; 5]| {
        let (once, twice) = (2.0 / width, height / (width * width));
        [
            once * s[1],
            twice * (4.0 * s[2] - 2.0 * s[0]),
            once * s[2],
            twice * (4.0 * s[3] - 4.0 * s[1]),
            twice * (4.0 * s[4] - 6.0 * s[2]),
        ]
    };
    let a = peak(w[2], w[4], [s[3], s[4], s[5], s[6], s[7]]);
    let b = peak(w[5], w[7], [s[8], s[9], s[10], s[11], s[12]]);
    [
        (1, 0, -s[1]),
        (1, 1, w[0] * s[2]),
        (3, 2, a[0]),
        (3, 3, a[1]),
        (4, 2, a[2]),
        (4, 3, a[3]),
        (4, 4, a[4]),
        (6, 5, b[0]),
        (6, 6, b[1]),
        (7, 5, b[2]),
        (7, 6, b[3]),
        (7, 7, b[4]),
    ]
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
        let mut powers = Powers([Column::splat(0.0); 13]);
        let (mut error, mut moments) = (0.0, [0.0; 13]);
        gradient.fill(0.0);
        hessian.fill(0.0);
        for (at, tile) in self.tiles.iter().enumerate() {
            let present = Column::presence(at * TILE, self.rows);
            let residual = powers.fill::<F, ORDER>(f, w, tile, &present);
            let mut square = residual;
            for l in 0..TILE {
                square[l] *= 0.5 * residual[l];
            }
            error += sum(f, &square);
            let first = powers.first();
            match ORDER {
                0 => {}
                1 => line(f, &residual, &first, gradient),
                _ => {
                    line(f, &residual, &powers.0, &mut moments);
                    triangle(f, &first, &first, hessian);
                }
            }
        }
        let factors = factors(w);
        if ORDER > 1 {
            for k in 0..P {
                gradient[k] = moments[FIRST[k]];
                for j in 0..=k {
                    hessian[k * (k + 1) / 2 + j] *= factors[k] * factors[j];
                }
            }
            for (i, j, entry) in curvature(w, &moments) {
                hessian[i * (i + 1) / 2 + j] += entry;
            }
        }
        if ORDER > 0 {
            for k in 0..P {
                gradient[k] *= factors[k];
            }
        }
        error
    }

    #[inline(always)]
    fn product<F: Processor>(&self, f: F, w: &[f64], v: &[f64], product: &mut [f64]) {
        let (w, v): (&[f64; P], &[f64; P]) = (fixed(w), fixed(v));
        let factors = factors(w);
        let mut powers = Powers([Column::splat(0.0); 13]);
        let mut moments = [0.0; 13];
        product.fill(0.0);
        for (at, tile) in self.tiles.iter().enumerate() {
            let present = Column::presence(at * TILE, self.rows);
            let residual = powers.fill::<F, 2>(f, w, tile, &present);
            let first = powers.first();
            let mut along = Column::splat(0.0);
            for k in 0..P {
                let slope = factors[k] * v[k];
                for l in 0..TILE {
                    along[l] = f.mul_add(slope, first[k][l], along[l]);
                }
            }
            line(f, &along, &first, product);
            line(f, &residual, &powers.0, &mut moments);
        }
        for k in 0..P {
            product[k] *= factors[k];
        }
        for (i, j, entry) in curvature(w, &moments) {
            product[i] += entry * v[j];
            if i != j {
                product[j] += entry * v[i];
            }
        }
    }
}
