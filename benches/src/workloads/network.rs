//! A network of one hidden layer (tanh) and softmax cross-entropy. Its Hessian goes through two sets of inner
//! variables, the arguments s of the hidden units and the outputs a, so that everything is a product of few weights
//! per row with products of features: matrix products over the rows of a tile.

use std::cell::RefCell;

use hesse::ErrorFunction;
use num_dual::DualNum;

use crate::by_hand::{ByHand, Written};
use crate::lanes::{Processor, exp, ln, tanh};
use crate::measure::Contestant;
use crate::numbers::Numbers;
use crate::rows::{Cells, line, outer, sum};
use crate::workload::{Array, Dual, Generic, Workload, oracle, static_dual};

/// Rows of a tile: two of them hold the 150 rows with little waste.
const T: usize = 80;

type Column = Cells<T>;

/// Inputs, hidden units and classes, all in one.
#[derive(Clone)]
pub struct Network<const I: usize, const H: usize, const K: usize> {
    x: Vec<[f64; I]>,
    class: Vec<usize>,
}

/// Fisher's iris data, standardized: 4-8-3.
pub fn iris(rows: usize, visit: &mut dyn FnMut(&Workload<'_>)) {
    let text = include_str!("../../../examples/data/iris_columns.csv");
    let table: Vec<Vec<f64>> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(|cell| cell.trim().parse().expect("a number")).collect())
        .collect();
    let mut x: Vec<[f64; 4]> = table.iter().map(|row| std::array::from_fn(|j| row[j])).collect();
    for j in 0..4 {
        let mean = x.iter().map(|x| x[j]).sum::<f64>() / x.len() as f64;
        let variance = x.iter().map(|x| (x[j] - mean).powi(2)).sum::<f64>() / x.len() as f64;
        x.iter_mut().for_each(|x| x[j] = (x[j] - mean) / variance.sqrt());
    }
    // A part of the data takes rows from all over it, so that every class is there.
    let chosen = || (0..rows).map(|r| r * table.len() / rows);
    let network = Network::<4, 8, 3> {
        class: chosen().map(|r| table[r][4] as usize).collect(),
        x: chosen().map(|r| x[r]).collect(),
    };
    let hesse = crate::generated::mlp::error_function(&network.x, &network.class);
    let share = network.part(10.min(rows));
    let dual = |w: &[f64]| static_dual::<67>(&share, w);
    network.visit("mlp", &hesse, Some((&dual, rows as f64 / share.x.len() as f64)), visit);
}

/// Random inputs: 10-20-5.
pub fn big(rows: usize, visit: &mut dyn FnMut(&Workload<'_>)) {
    let network = Network::<10, 20, 5>::random(rows);
    let hesse = crate::generated::mlp_big::error_function(&network.x, &network.class);
    network.visit("mlp_big", &hesse, None, visit);
}

impl<const I: usize, const H: usize, const K: usize> Network<I, H, K> {
    fn random(rows: usize) -> Self {
        let mut numbers = Numbers::new(5);
        let x = (0..rows).map(|_| std::array::from_fn(|_| numbers.normal())).collect();
        Network { x, class: (0..rows).map(|_| numbers.below(K)).collect() }
    }

    fn part(&self, rows: usize) -> Self {
        let chosen = || (0..rows).map(|r| r * self.x.len() / rows);
        Network { x: chosen().map(|r| self.x[r]).collect(), class: chosen().map(|r| self.class[r]).collect() }
    }

    fn visit(
        &self,
        name: &str,
        hesse: &dyn Contestant,
        dual: Option<(&Dual<'_>, f64)>,
        visit: &mut dyn FnMut(&Workload<'_>),
    ) {
        let mut numbers = Numbers::new(6);
        let hand = ByHand(Tiles::new(self));
        let n = hand.dimension();
        let exact = |w: &[f64], i, j| oracle(self, w, i, j);
        let (point, direction) = (numbers.vector(n, 0.7), numbers.vector(n, 1.0));
        let mut workload = Workload::dense(name, point, direction, hesse, &hand);
        workload.rows = Some(self.x.len());
        workload.dual = dual;
        workload.oracle = (self.x.len() < 100).then_some(&exact);
        workload.data =
            vec![Array::Numbers("x", I, self.x.as_flattened()), Array::Positions("class", &self.class)];
        visit(&workload);
    }
}

impl<const I: usize, const H: usize, const K: usize> Generic for Network<I, H, K> {
    fn error<N: DualNum<Primitive = f64> + Copy>(&self, w: &[N]) -> N {
        let (u, w) = w.split_at(H * I);
        let (c, w) = w.split_at(H);
        let (v, d) = w.split_at(K * H);
        let mut error = N::from(0.0);
        for (x, &class) in self.x.iter().zip(&self.class) {
            let z: [N; H] = std::array::from_fn(|j| {
                u[j * I..][..I].iter().zip(x).fold(c[j], |s, (u, x)| s + *u * *x).tanh()
            });
            let a: [N; K] =
                std::array::from_fn(|k| v[k * H..][..H].iter().zip(&z).fold(d[k], |a, (v, z)| a + *v * *z));
            let shift = a.iter().map(|a| a.re()).fold(f64::NEG_INFINITY, f64::max);
            let total = a.iter().fold(N::from(0.0), |s, a| s + (*a - shift).exp());
            error += total.ln() + shift - a[class];
        }
        error
    }
}

/// Rows in tiles, and the room that Hessians need.
struct Tiles<const I: usize, const H: usize, const K: usize> {
    tiles: Vec<Tile<I, K>>,
    room: RefCell<Room>,
}

struct Tile<const I: usize, const K: usize> {
    /// Inputs, then ones where there is a row.
    x: Vec<Column>,
    /// Products of two of these, the lower triangle by rows.
    xx: Vec<Column>,
    /// 1 in the column of the class of a row.
    target: [Column; K],
}

/// What a tile needs for second derivatives; see `Tiles::second` for the names.
#[derive(Default)]
struct Room {
    zz: Vec<Column>,
    zx: Vec<Column>,
    hidden: Vec<Column>,
    mixed: Vec<Column>,
    direct: Vec<Column>,
    output: Vec<Column>,
    sums: Vec<f64>,
}

/// What the forward pass leaves for each row of a tile.
struct Forward<const H: usize, const K: usize> {
    /// tanh s
    z: [Column; H],
    /// tanh' s = 1 − z²
    slope: [Column; H],
    /// The softmax; zero where there is no row.
    p: [Column; K],
    /// ∂E/∂a = p − target
    residual: [Column; K],
    error: f64,
}

impl<const I: usize, const H: usize, const K: usize> Tiles<I, H, K> {
    const U: usize = 0;
    const C: usize = H * I;
    const V: usize = H * I + H;
    const D: usize = H * I + H + K * H;
    const P: usize = H * I + H + K * H + K;

    fn new(network: &Network<I, H, K>) -> Self {
        let mut tiles = Vec::new();
        for (rows, classes) in network.x.chunks(T).zip(network.class.chunks(T)) {
            let mut x = vec![Column::splat(0.0); I + 1];
            let mut target = [Column::splat(0.0); K];
            for (l, (row, &class)) in rows.iter().zip(classes).enumerate() {
                (0..I).for_each(|j| x[j][l] = row[j]);
                x[I][l] = 1.0;
                target[class][l] = 1.0;
            }
            let mut xx = Vec::new();
            for i in 0..=I {
                xx.extend((0..=i).map(|j| times(&x[i], &x[j])));
            }
            tiles.push(Tile { x, xx, target });
        }
        Tiles { tiles, room: RefCell::default() }
    }

    /// The index of the weight from input `l` to hidden unit `j`; its bias is input I.
    #[inline(always)]
    fn first(j: usize, l: usize) -> usize {
        if l < I { Self::U + j * I + l } else { Self::C + j }
    }

    /// The index of the weight from hidden unit `j` to class `k`; its bias is unit H.
    #[inline(always)]
    fn second(k: usize, j: usize) -> usize {
        if j < H { Self::V + k * H + j } else { Self::D + k }
    }

    #[inline(always)]
    fn forward<F: Processor>(f: F, w: &[f64], tile: &Tile<I, K>) -> Forward<H, K> {
        let (mut z, mut slope) = ([Column::splat(0.0); H], [Column::splat(0.0); H]);
        let (mut p, mut residual) = ([Column::splat(0.0); K], [Column::splat(0.0); K]);
        for j in 0..H {
            let mut s = Column::splat(w[Self::C + j]);
            for l in 0..I {
                add(f, &mut s, w[Self::U + j * I + l], &tile.x[l]);
            }
            for r in 0..T {
                z[j][r] = tanh(f, s[r]);
                slope[j][r] = f.mul_add(-z[j][r], z[j][r], 1.0);
            }
        }
        let mut a = [Column::splat(0.0); K];
        for k in 0..K {
            a[k] = Column::splat(w[Self::D + k]);
            for j in 0..H {
                add(f, &mut a[k], w[Self::V + k * H + j], &z[j]);
            }
        }
        let mut own = Column::splat(0.0);
        let present = &tile.x[I];
        for r in 0..T {
            let mut shift = a[0][r];
            for a in &a[1..] {
                shift = if a[r] > shift { a[r] } else { shift };
            }
            let mut total = 0.0;
            let mut chosen = 0.0;
            for k in 0..K {
                let e = exp(f, a[k][r] - shift);
                total += e;
                p[k][r] = e;
                chosen = f.mul_add(tile.target[k][r], a[k][r], chosen);
            }
            own[r] = (ln(f, total) + shift) * present[r] - chosen;
            let scale = present[r] / total;
            for k in 0..K {
                p[k][r] *= scale;
                residual[k][r] = p[k][r] - tile.target[k][r];
            }
        }
        Forward { z, slope, p, residual, error: sum(f, &own) }
    }

    /// ∂E/∂z for each hidden unit: Σₖ residualₖ Vₖⱼ.
    #[inline(always)]
    fn back<F: Processor>(f: F, w: &[f64], residual: &[Column; K]) -> [Column; H] {
        let mut back = [Column::splat(0.0); H];
        for j in 0..H {
            for k in 0..K {
                add(f, &mut back[j], w[Self::V + k * H + j], &residual[k]);
            }
        }
        back
    }

    /// Adds the gradient, given ∂E/∂a and ∂E/∂s.
    #[inline(always)]
    fn gradient<F: Processor>(
        f: F,
        tile: &Tile<I, K>,
        z: &[Column; H],
        residual: &[Column; K],
        s: &[Column; H],
        gradient: &mut [f64],
    ) {
        for j in 0..H {
            line(f, &s[j], &tile.x[..I], &mut gradient[Self::U + j * I..]);
            gradient[Self::C + j] += sum(f, &s[j]);
        }
        for k in 0..K {
            line(f, &residual[k], z, &mut gradient[Self::V + k * H..]);
            gradient[Self::D + k] += sum(f, &residual[k]);
        }
    }

    /// Adds the sums of which the Hessian's entries are made to `room.sums`: with A = ∂²E/∂a² = diag p − p pᵀ and
    /// x, z carrying a 1,
    /// * output: A (pairs of classes) times z zᵀ,
    /// * mixed: Mₖⱼ = Σ_l Aₖₗ Vₗⱼ tanh'ⱼ times z xᵀ, and direct: residualₖ tanh'ⱼ times x, where z is unit j,
    /// * hidden: ∂²E/∂s² (pairs of units) times x xᵀ.
    #[inline(always)]
    fn second_order<F: Processor>(
        f: F,
        w: &[f64],
        tile: &Tile<I, K>,
        forward: &Forward<H, K>,
        back: &[Column; H],
        room: &mut Room,
    ) {
        let Forward { z, slope, p, residual, .. } = forward;
        let one = &tile.x[I];
        let unit = |j: usize| if j < H { &z[j] } else { one };
        let mut at = 0;
        for i in 0..=H {
            for j in 0..=i {
                set(&mut room.zz[at], |r| unit(i)[r] * unit(j)[r]);
                at += 1;
            }
            for l in 0..=I {
                set(&mut room.zx[i * (I + 1) + l], |r| unit(i)[r] * tile.x[l][r]);
            }
        }
        let mut at = 0;
        for k in 0..K {
            for l in 0..=k {
                let own = f64::from(u8::from(k == l));
                set(&mut room.output[at], |r| p[k][r] * (own - p[l][r]));
                at += 1;
            }
        }
        for j in 0..H {
            // A V = p ∘ (V − pᵀV)
            let mut mean = Column::splat(0.0);
            for k in 0..K {
                add(f, &mut mean, w[Self::V + k * H + j], &p[k]);
            }
            for k in 0..K {
                let weight = w[Self::V + k * H + j];
                set(&mut room.mixed[j * K + k], |r| p[k][r] * (weight - mean[r]) * slope[j][r]);
                set(&mut room.direct[j * K + k], |r| residual[k][r] * slope[j][r]);
            }
        }
        let mut at = 0;
        for i in 0..H {
            for j in 0..=i {
                // tanh'ᵢ Vᵢᵀ (A V)ⱼ tanh'ⱼ
                let mut pair = Column::splat(0.0);
                for k in 0..K {
                    add(f, &mut pair, w[Self::V + k * H + i], &room.mixed[j * K + k]);
                }
                let bent = &mut room.hidden[at];
                if i == j {
                    set(bent, |r| slope[i][r] * f.mul_add(-2.0 * z[i][r], back[i][r], pair[r]));
                } else {
                    set(bent, |r| slope[i][r] * pair[r]);
                }
                at += 1;
            }
        }
        let (hidden, rest) = room.sums.split_at_mut(room.hidden.len() * tile.xx.len());
        outer(f, &room.hidden, &tile.xx, hidden);
        let (output, rest) = rest.split_at_mut(room.output.len() * room.zz.len());
        outer(f, &room.output, &room.zz, output);
        let (mixed, direct) = rest.split_at_mut(room.mixed.len() * room.zx.len());
        outer(f, &room.mixed, &room.zx, mixed);
        outer(f, &room.direct, &tile.x, direct);
    }

    /// Puts the sums where they belong.
    #[inline(always)]
    fn scatter(room: &Room, hessian: &mut [f64]) {
        let pair = |i: usize, j: usize| if i >= j { i * (i + 1) / 2 + j } else { j * (j + 1) / 2 + i };
        let (xx, zz, zx) = ((I + 1) * (I + 2) / 2, (H + 1) * (H + 2) / 2, (H + 1) * (I + 1));
        let (hidden, rest) = room.sums.split_at(room.hidden.len() * xx);
        let (output, rest) = rest.split_at(room.output.len() * zz);
        let (mixed, direct) = rest.split_at(room.mixed.len() * zx);
        for i in 0..H {
            for j in 0..=i {
                let sums = &hidden[pair(i, j) * xx..][..xx];
                for a in 0..=I {
                    for b in 0..if i == j { a + 1 } else { I + 1 } {
                        hessian[pair(Self::first(i, a), Self::first(j, b))] = sums[pair(a, b)];
                    }
                }
            }
        }
        for k in 0..K {
            for l in 0..=k {
                let sums = &output[pair(k, l) * zz..][..zz];
                for a in 0..=H {
                    for b in 0..if k == l { a + 1 } else { H + 1 } {
                        hessian[pair(Self::second(k, a), Self::second(l, b))] = sums[pair(a, b)];
                    }
                }
            }
        }
        for j in 0..H {
            for k in 0..K {
                let sums = &mixed[(j * K + k) * zx..][..zx];
                let direct = &direct[(j * K + k) * (I + 1)..][..=I];
                for i in 0..=H {
                    for l in 0..=I {
                        let own = if i == j { direct[l] } else { 0.0 };
                        hessian[pair(Self::second(k, i), Self::first(j, l))] = sums[i * (I + 1) + l] + own;
                    }
                }
            }
        }
    }
}

/// Adds factor·x.
#[inline(always)]
fn add<F: Processor>(f: F, to: &mut Column, factor: f64, x: &Column) {
    for r in 0..T {
        to[r] = f.mul_add(factor, x[r], to[r]);
    }
}

#[inline(always)]
fn set(to: &mut Column, value: impl Fn(usize) -> f64) {
    for r in 0..T {
        to[r] = value(r);
    }
}

fn times(a: &Column, b: &Column) -> Column {
    let mut product = *a;
    set(&mut product, |r| a[r] * b[r]);
    product
}

impl Room {
    fn reset(&mut self, i: usize, h: usize, k: usize) {
        let triangle = |n: usize| n * (n + 1) / 2;
        let zero = Column::splat(0.0);
        let (xx, zz, zx) = (triangle(i + 1), triangle(h + 1), (h + 1) * (i + 1));
        self.zz.resize(zz, zero);
        self.zx.resize(zx, zero);
        self.hidden.resize(triangle(h), zero);
        self.mixed.resize(h * k, zero);
        self.direct.resize(h * k, zero);
        self.output.resize(triangle(k), zero);
        self.sums.clear();
        self.sums.resize(triangle(h) * xx + triangle(k) * zz + h * k * (zx + i + 1), 0.0);
    }
}

impl<const I: usize, const H: usize, const K: usize> Written for Tiles<I, H, K> {
    fn parameters(&self) -> usize {
        Self::P
    }

    #[inline(always)]
    fn derivatives<F: Processor, const ORDER: usize>(
        &self,
        f: F,
        w: &[f64],
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64 {
        let mut error = 0.0;
        gradient.fill(0.0);
        let mut room = self.room.borrow_mut();
        if ORDER > 1 {
            room.reset(I, H, K);
        }
        for tile in &self.tiles {
            let forward = Self::forward(f, w, tile);
            error += forward.error;
            if ORDER > 0 {
                let back = Self::back(f, w, &forward.residual);
                let mut s = back;
                for j in 0..H {
                    set(&mut s[j], |r| back[j][r] * forward.slope[j][r]);
                }
                Self::gradient(f, tile, &forward.z, &forward.residual, &s, gradient);
                if ORDER > 1 {
                    Self::second_order(f, w, tile, &forward, &back, &mut room);
                }
            }
        }
        if ORDER > 1 {
            Self::scatter(&room, hessian);
        }
        error
    }

    /// The derivative of the gradient along v: every quantity of the two passes with its change beside it.
    #[inline(always)]
    fn product<F: Processor>(&self, f: F, w: &[f64], v: &[f64], product: &mut [f64]) {
        product.fill(0.0);
        for tile in &self.tiles {
            let forward = Self::forward(f, w, tile);
            let Forward { z, slope, p, residual, .. } = &forward;
            let back = Self::back(f, w, residual);
            let mut z_change = [Column::splat(0.0); H];
            for j in 0..H {
                let mut s = Column::splat(v[Self::C + j]);
                for l in 0..I {
                    add(f, &mut s, v[Self::U + j * I + l], &tile.x[l]);
                }
                set(&mut z_change[j], |r| slope[j][r] * s[r]);
            }
            let mut a_change = [Column::splat(0.0); K];
            let mut mean = Column::splat(0.0);
            for k in 0..K {
                a_change[k] = Column::splat(v[Self::D + k]);
                for j in 0..H {
                    add(f, &mut a_change[k], v[Self::V + k * H + j], &z[j]);
                    add(f, &mut a_change[k], w[Self::V + k * H + j], &z_change[j]);
                }
                for r in 0..T {
                    mean[r] = f.mul_add(p[k][r], a_change[k][r], mean[r]);
                }
            }
            let mut residual_change = a_change;
            for k in 0..K {
                set(&mut residual_change[k], |r| p[k][r] * (a_change[k][r] - mean[r]));
            }
            let mut s_change = Self::back(f, w, &residual_change);
            for j in 0..H {
                for k in 0..K {
                    add(f, &mut s_change[j], v[Self::V + k * H + j], &residual[k]);
                }
                for r in 0..T {
                    let bend = -2.0 * z[j][r] * z_change[j][r];
                    s_change[j][r] = f.mul_add(slope[j][r], s_change[j][r], bend * back[j][r]);
                }
            }
            Self::gradient(f, tile, z, &residual_change, &s_change, product);
            for k in 0..K {
                line(f, &residual[k], &z_change, &mut product[Self::V + k * H..]);
            }
        }
    }
}
