//! A mixture of Gaussians. With s_k the logarithm of component k at a row and π its softmax, the Hessian of −logsumexp
//! is gᵢgⱼ − Σ_k π_k (∇²s_k + ∇s_k ∇s_kᵀ) with g = Σ_k π_k ∇s_k; each s_k has six parameters of its own.

use num_dual::DualNum;

use crate::by_hand::{ByHand, Written};
use crate::generated::gmm;
use crate::lanes::{Processor, exp, ln};
use crate::numbers::Numbers;
use crate::rows::{Column, TILE, block, line, sum, tiles};
use crate::workload::{Array, Generic, Workload, fixed, oracle, static_dual};

const K: usize = 5;
const P: usize = 6 * K;
/// Parameters of a component: α, μ₀, μ₁, q₀, q₁, l.
const OWN: usize = 6;

/// Where parameter `a` of component `k` stands among all.
#[inline(always)]
fn index(k: usize, a: usize) -> usize {
    match a {
        0 => k,
        1 | 2 => K + 2 * k + a - 1,
        3 | 4 => 3 * K + 2 * k + a - 3,
        _ => 5 * K + k,
    }
}

struct Data {
    x: Vec<[f64; 2]>,
}

/// The workload with so many rows.
pub fn with(rows: usize, visit: &mut dyn FnMut(&Workload<'_>)) {
    let mut numbers = Numbers::new(7);
    let centers = [[-2.0, -2.0], [2.0, -1.5], [0.0, 0.5], [-1.5, 2.5], [2.5, 2.0]];
    let x = (0..rows)
        .map(|_| {
            let center: [f64; 2] = centers[numbers.below(K)];
            center.map(|c| c + 0.7 * numbers.normal())
        })
        .collect();
    let data = Data { x };
    let hand = ByHand(Tiles { tiles: tiles(data.x.iter().copied()), rows });
    let mut point = vec![0.0; P];
    for k in 0..K {
        for (a, entry) in [0.0, centers[k][0], centers[k][1], 0.2, 0.3, 0.1].into_iter().enumerate() {
            point[index(k, a)] = entry + numbers.within(0.3);
        }
    }
    let share = Data { x: data.x[..rows.min(100)].to_vec() };
    let hesse = gmm::error_function(&data.x);
    let dual = |w: &[f64]| static_dual::<P>(&share, w);
    let exact = |w: &[f64], i, j| oracle(&data, w, i, j);
    let mut workload = Workload::dense("gmm", point, numbers.vector(P, 1.0), &hesse, &hand);
    workload.rows = Some(rows);
    workload.dual = Some((&dual, rows as f64 / share.x.len() as f64));
    workload.oracle = Some(&exact);
    workload.data = vec![Array::Numbers("x", 2, data.x.as_flattened())];
    visit(&workload);
}

impl Generic for Data {
    fn error<N: DualNum<Primitive = f64> + Copy>(&self, w: &[N]) -> N {
        let logsumexp = |s: [N; K]| {
            let shift = s.iter().map(|s| s.re()).fold(f64::NEG_INFINITY, f64::max);
            s.iter().fold(N::from(0.0), |total, s| total + (*s - shift).exp()).ln() + shift
        };
        let mut error = logsumexp(std::array::from_fn(|k| w[k])) * self.x.len() as f64;
        for x in &self.x {
            let s = std::array::from_fn(|k| {
                let [alpha, m0, m1, q0, q1, l] = std::array::from_fn(|a| w[index(k, a)]);
                let (d0, d1) = (-m0 + x[0], -m1 + x[1]);
                let (u0, u1) = (q0.exp() * d0, l * d0 + q1.exp() * d1);
                alpha + q0 + q1 - (u0 * u0 + u1 * u1) * 0.5
            });
            error -= logsumexp(s);
        }
        error
    }
}

struct Tiles {
    tiles: Vec<[Column; 2]>,
    rows: usize,
}

/// The parameters of a component, and the exponentials of q.
#[derive(Clone, Copy)]
struct Component {
    alpha: f64,
    mean: [f64; 2],
    /// e^q₀, e^q₁
    scale: [f64; 2],
    /// q₀ + q₁
    volume: f64,
    l: f64,
}

#[inline(always)]
fn components<F: Processor>(f: F, w: &[f64; P]) -> [Component; K] {
    std::array::from_fn(|k| {
        let [alpha, m0, m1, q0, q1, l] = std::array::from_fn(|a| w[index(k, a)]);
        Component { alpha, mean: [m0, m1], scale: [exp(f, q0), exp(f, q1)], volume: q0 + q1, l }
    })
}

/// The softmax of α; and its logsumexp.
#[inline(always)]
fn prior<F: Processor>(f: F, components: &[Component; K]) -> ([f64; K], f64) {
    let shift = components.iter().map(|c| c.alpha).fold(f64::NEG_INFINITY, f64::max);
    let mut shares = components.map(|c| exp(f, c.alpha - shift));
    let total: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= total);
    (shares, shift + total.ln())
}

/// The rows of one tile.
struct Forward {
    /// π; zero where there is no row.
    share: [Column; K],
    /// logsumexp s
    own: Column,
}

#[inline(always)]
fn forward<F: Processor>(f: F, components: &[Component; K], x: &[Column; 2], present: &Column) -> Forward {
    let (mut share, mut own) = ([Column::splat(0.0); K], Column::splat(0.0));
    for l in 0..TILE {
        let mut shift = f64::NEG_INFINITY;
        for (k, c) in components.iter().enumerate() {
            let (d0, d1) = (x[0][l] - c.mean[0], x[1][l] - c.mean[1]);
            let (u0, u1) = (c.scale[0] * d0, f.mul_add(c.l, d0, c.scale[1] * d1));
            let s = f.mul_add(-0.5, f.mul_add(u0, u0, u1 * u1), c.alpha + c.volume);
            share[k][l] = s;
            shift = if s > shift { s } else { shift };
        }
        let mut total = 0.0;
        for share in &mut share {
            share[l] = exp(f, share[l] - shift);
            total += share[l];
        }
        let scale = present[l] / total;
        for share in &mut share {
            share[l] *= scale;
        }
        own[l] = (shift + ln(f, total)) * present[l];
    }
    Forward { share, own }
}

/// ∇s_k without its first entry, which is 1.
#[inline(always)]
fn slopes<F: Processor>(f: F, c: &Component, x0: f64, x1: f64) -> ([f64; 5], [f64; 5]) {
    let (d0, d1) = (x0 - c.mean[0], x1 - c.mean[1]);
    let (u0, e1) = (c.scale[0] * d0, c.scale[1] * d1);
    let u1 = f.mul_add(c.l, d0, e1);
    let first = f.mul_add(u0, c.scale[0], u1 * c.l);
    let slopes = [first, u1 * c.scale[1], f.mul_add(-u0, u0, 1.0), f.mul_add(-u1, e1, 1.0), -u1 * d0];
    (slopes, [d0, d1, u0, e1, u1])
}

/// Σ π ∇²s_k, packed, from Σ π and the sums of π times d₀, u₀, e₁, u₁, u₀², e₁(e₁ + u₁), d₀e₁, d₀².
#[inline(always)]
fn curvature(c: &Component, count: f64, m: &[f64; 8]) -> [f64; 21] {
    let [d0, u0, e1, u1, u0u0, e1e1, d0e1, d0d0] = *m;
    let ([a, b], l) = (c.scale, c.l);
    let mut h = [0.0; 21];
    // Rows μ₀, μ₁, q₀, q₁, l; α is linear.
    h[2] = -(a * a + l * l) * count;
    (h[4], h[5]) = (-l * b * count, -b * b * count);
    (h[7], h[9]) = (2.0 * a * u0, -2.0 * u0u0);
    (h[11], h[12], h[14]) = (l * e1, b * (e1 + u1), -e1e1);
    (h[16], h[17], h[19], h[20]) = (l * d0 + u1, b * d0, -d0e1, -d0d0);
    h
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
        let components = components(f, fixed(w));
        let (shares, normalizer) = prior(f, &components);
        let mut error = self.rows as f64 * normalizer;
        // Σ π ∇s_k, by components.
        let mut first = [0.0; P];
        // Rows are of Σ g gᵀ − …, by components: 36 entries for each pair of them, and the last lower triangles.
        let mut pairs = [[[0.0; OWN * OWN]; K]; K];
        let mut moments = [[0.0; 8]; K];
        let mut g = [Column::splat(0.0); P];
        // g − ∇s
        let mut rest = [Column::splat(0.0); P];
        let mut powers = [Column::splat(0.0); 8];
        for (at, x) in self.tiles.iter().enumerate() {
            let present = Column::presence(at * TILE, self.rows);
            let Forward { share, own } = forward(f, &components, x, &present);
            error -= sum(f, &own);
            if ORDER == 0 {
                continue;
            }
            for (k, c) in components.iter().enumerate() {
                let g = &mut g[OWN * k..][..OWN];
                let rest = &mut rest[OWN * k..][..OWN];
                for l in 0..TILE {
                    let p = share[k][l];
                    let (s, [d0, _, u0, e1, u1]) = slopes(f, c, x[0][l], x[1][l]);
                    g[0][l] = p;
                    for a in 0..5 {
                        g[a + 1][l] = p * s[a];
                    }
                    if ORDER > 1 {
                        rest[0][l] = p - 1.0;
                        for a in 0..5 {
                            rest[a + 1][l] = f.mul_add(p, s[a], -s[a]);
                        }
                        powers[0][l] = d0;
                        powers[1][l] = u0;
                        powers[2][l] = e1;
                        powers[3][l] = u1;
                        powers[4][l] = u0 * u0;
                        powers[5][l] = e1 * (e1 + u1);
                        powers[6][l] = d0 * e1;
                        powers[7][l] = d0 * d0;
                    }
                }
                for a in 0..OWN {
                    first[OWN * k + a] += sum(f, &g[a]);
                }
                if ORDER > 1 {
                    line(f, &share[k], &powers, &mut moments[k]);
                }
            }
            if ORDER > 1 {
                for k in 0..K {
                    for half in [0, 3] {
                        let y: [&Column; 3] = std::array::from_fn(|a| &g[OWN * k + half + a]);
                        for m in 0..=k {
                            let other = if m == k { &rest } else { &g };
                            let x: [&Column; OWN] = std::array::from_fn(|b| &other[OWN * m + b]);
                            let begin = |a| (half + a) * OWN;
                            block::<F, TILE, 3, OWN, false>(f, y, x, begin, &mut pairs[k][m]);
                        }
                    }
                }
            }
        }
        let n = self.rows as f64;
        if ORDER > 0 {
            for k in 0..K {
                for a in 0..OWN {
                    gradient[index(k, a)] = -first[OWN * k + a];
                }
                gradient[k] += n * shares[k];
            }
        }
        if ORDER > 1 {
            let mut put = |i: usize, j: usize, entry: f64| {
                let (i, j) = if i >= j { (i, j) } else { (j, i) };
                hessian[i * (i + 1) / 2 + j] = entry;
            };
            for k in 0..K {
                for m in 0..k {
                    for a in 0..OWN {
                        for b in 0..OWN {
                            let prior = if a + b == 0 { n * shares[k] * shares[m] } else { 0.0 };
                            put(index(k, a), index(m, b), pairs[k][m][a * OWN + b] - prior);
                        }
                    }
                }
                let second = curvature(&components[k], first[OWN * k], &moments[k]);
                for a in 0..OWN {
                    for b in 0..=a {
                        let prior = if a == 0 { n * shares[k] * (1.0 - shares[k]) } else { 0.0 };
                        let entry = pairs[k][k][a * OWN + b] - second[a * (a + 1) / 2 + b] + prior;
                        put(index(k, a), index(k, b), entry);
                    }
                }
            }
        }
        error
    }

    #[inline(always)]
    fn product<F: Processor>(&self, f: F, w: &[f64], v: &[f64], product: &mut [f64]) {
        let components = components(f, fixed(w));
        let (shares, _) = prior(f, &components);
        let v: &[f64; P] = fixed(v);
        let along: [[f64; OWN]; K] = std::array::from_fn(|k| std::array::from_fn(|a| v[index(k, a)]));
        let mut sums = [0.0; P];
        let mut moments = [[0.0; 8]; K];
        let mut counts = [0.0; K];
        for (at, x) in self.tiles.iter().enumerate() {
            let present = Column::presence(at * TILE, self.rows);
            let Forward { share, .. } = forward(f, &components, x, &present);
            // ∇s_k·v, and its mean over the components.
            let mut change = [Column::splat(0.0); K];
            let mut mean = Column::splat(0.0);
            for (k, c) in components.iter().enumerate() {
                for l in 0..TILE {
                    let (s, _) = slopes(f, c, x[0][l], x[1][l]);
                    let mut sum = along[k][0];
                    for a in 0..5 {
                        sum = f.mul_add(s[a], along[k][a + 1], sum);
                    }
                    change[k][l] = sum;
                    mean[l] = f.mul_add(share[k][l], sum, mean[l]);
                }
            }
            for (k, c) in components.iter().enumerate() {
                let mut columns = [Column::splat(0.0); OWN];
                let mut powers = [Column::splat(0.0); 8];
                for l in 0..TILE {
                    let (s, [d0, _, u0, e1, u1]) = slopes(f, c, x[0][l], x[1][l]);
                    let weight = share[k][l] * (mean[l] - change[k][l]);
                    columns[0][l] = weight;
                    for a in 0..5 {
                        columns[a + 1][l] = weight * s[a];
                    }
                    powers[0][l] = d0;
                    powers[1][l] = u0;
                    powers[2][l] = e1;
                    powers[3][l] = u1;
                    powers[4][l] = u0 * u0;
                    powers[5][l] = e1 * (e1 + u1);
                    powers[6][l] = d0 * e1;
                    powers[7][l] = d0 * d0;
                }
                for a in 0..OWN {
                    sums[OWN * k + a] += sum(f, &columns[a]);
                }
                line(f, &share[k], &powers, &mut moments[k]);
                counts[k] += sum(f, &share[k]);
            }
        }
        let n = self.rows as f64;
        let mean: f64 = (0..K).map(|k| shares[k] * v[k]).sum();
        for k in 0..K {
            let mut own: [f64; OWN] = std::array::from_fn(|a| sums[OWN * k + a]);
            own[0] += n * shares[k] * (v[k] - mean);
            let second = curvature(&components[k], counts[k], &moments[k]);
            for a in 0..OWN {
                for b in 0..=a {
                    let entry = second[a * (a + 1) / 2 + b];
                    own[a] -= entry * along[k][b];
                    if a != b {
                        own[b] -= entry * along[k][a];
                    }
                }
            }
            for a in 0..OWN {
                product[index(k, a)] = own[a];
            }
        }
    }
}
