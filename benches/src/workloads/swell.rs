//! Twelve rounds of yᵢ ← sin(yᵢ)·yᵢ₊₁ + yᵢ₊₂². The Jacobian J of a round has three entries in a row, so the
//! Hessian is carried back through the rounds, H ← JᵀHJ + Σ λᵢ ∇²fᵢ, a few vector operations for each of its rows.

use num_dual::DualNum;

use crate::by_hand::{ByHand, Written};
use crate::generated::swell;
use crate::lanes::{Processor, sin_cos};
use crate::numbers::Numbers;
use crate::workload::{Generic, Workload, fixed, oracle, static_dual};

const N: usize = 10;
const ROUNDS: usize = 12;
/// Lanes: in whole vectors, with the first entries repeated behind the last.
const WIDTH: usize = 16;

type Lanes = [f64; WIDTH];

struct Swell;

/// The workload.
pub fn with(visit: &mut dyn FnMut(&Workload<'_>)) {
    let mut numbers = Numbers::new(9);
    let hesse = swell::error_function();
    let hand = ByHand(Swell);
    let dual = |w: &[f64]| static_dual::<N>(&Swell, w);
    let exact = |w: &[f64], i, j| oracle(&Swell, w, i, j);
    let (point, direction) = (numbers.vector(N, 0.8), numbers.vector(N, 1.0));
    let mut workload = Workload::dense("swell", point, direction, &hesse, &hand);
    workload.dual = Some((&dual, 1.0));
    workload.oracle = Some(&exact);
    visit(&workload);
}

impl Generic for Swell {
    fn error<D: DualNum<Primitive = f64> + Copy>(&self, w: &[D]) -> D {
        let mut y: [D; N] = std::array::from_fn(|i| w[i]);
        for _ in 0..ROUNDS {
            y = std::array::from_fn(|i| y[i].sin() * y[(i + 1) % N] + y[(i + 2) % N] * y[(i + 2) % N]);
        }
        y.iter().fold(D::from(0.0), |s, y| s + *y * *y)
    }
}

/// One round: the values it is given, and the entries (i, i), (i, i + 1) of its Jacobian; (i, i + 2) is 2yᵢ₊₂.
#[derive(Clone, Copy)]
struct Round {
    y: Lanes,
    own: Lanes,
    sin: Lanes,
    cos: Lanes,
}

/// Entry i of the result is entry i + by of the ring.
#[inline(always)]
fn ahead(y: &Lanes, by: usize) -> Lanes {
    let mut doubled = [0.0; 2 * WIDTH];
    doubled[..N].copy_from_slice(&y[..N]);
    doubled[N..2 * N].copy_from_slice(&y[..N]);
    let mut result = [0.0; WIDTH];
    result.copy_from_slice(&doubled[by..][..WIDTH]);
    result
}

#[inline(always)]
fn behind(y: &Lanes, by: usize) -> Lanes {
    ahead(y, N - by)
}

#[inline(always)]
fn forward<F: Processor>(f: F, w: &[f64]) -> ([Round; ROUNDS], Lanes, f64) {
    let zero = [0.0; WIDTH];
    let mut rounds = [Round { y: zero, own: zero, sin: zero, cos: zero }; ROUNDS];
    let mut y = zero;
    y[..N].copy_from_slice(fixed::<N>(w));
    for round in &mut rounds {
        round.y = y;
        let (one, two) = (ahead(&y, 1), ahead(&y, 2));
        for l in 0..WIDTH {
            let (sin, cos) = sin_cos(f, round.y[l]);
            (round.sin[l], round.cos[l]) = (sin, cos);
            round.own[l] = cos * one[l];
            y[l] = f.mul_add(sin, one[l], two[l] * two[l]);
        }
    }
    let mut squares = 0.0;
    for y in &y[..N] {
        squares = f.mul_add(*y, *y, squares);
    }
    (rounds, y, squares)
}

/// Jᵀλ
#[inline(always)]
fn back<F: Processor>(f: F, round: &Round, adjoint: &Lanes) -> Lanes {
    let mut through = [0.0; WIDTH];
    for l in 0..WIDTH {
        through[l] = round.sin[l] * adjoint[l];
    }
    let (one, two) = (behind(&through, 1), behind(adjoint, 2));
    let mut result = [0.0; WIDTH];
    for l in 0..WIDTH {
        result[l] = f.mul_add(round.own[l], adjoint[l], f.mul_add(2.0 * round.y[l], two[l], one[l]));
    }
    result
}

/// Σ λᵢ ∇²fᵢ: its entries (i, i) and (i, i + 1).
#[inline(always)]
fn bends<F: Processor>(f: F, round: &Round, adjoint: &Lanes) -> (Lanes, Lanes) {
    let (next, two) = (ahead(&round.y, 1), behind(adjoint, 2));
    let (mut own, mut beside) = ([0.0; WIDTH], [0.0; WIDTH]);
    for l in 0..WIDTH {
        own[l] = f.mul_add(-round.sin[l] * next[l], adjoint[l], 2.0 * two[l]);
        beside[l] = round.cos[l] * adjoint[l];
    }
    (own, beside)
}

/// JᵀHJ for a symmetric H, all of it, by rows, plus entries (i, i) and (i, i + 1) with their mirror images.
#[inline(always)]
fn congruence<F: Processor>(f: F, round: &Round, h: &[Lanes; N], own: &Lanes, beside: &Lanes) -> [Lanes; N] {
    // MJ for M = JᵀH: entry (i, j) is Mᵢⱼ own_j + Mᵢ,ⱼ₋₁ sin_{j−1} + Mᵢ,ⱼ₋₂ 2y_j. A row of M is stored twice, N apart,
    // so that its shifts are reads at other places.
    let before = behind(&round.sin, 1);
    let mut rows = [[0.0; N + WIDTH]; N];
    for i in 0..N {
        let (p, q) = ((i + N - 1) % N, (i + N - 2) % N);
        let (a, b, c) = (round.own[i], round.sin[p], 2.0 * round.y[i]);
        let mut row = [0.0; WIDTH];
        for l in 0..WIDTH {
            row[l] = f.mul_add(a, h[i][l], f.mul_add(b, h[p][l], c * h[q][l]));
        }
        rows[i][..WIDTH].copy_from_slice(&row);
        rows[i][N..].copy_from_slice(&row);
    }
    let mut result = [[0.0; WIDTH]; N];
    for i in 0..N {
        let (row, next, previous) = (&rows[i], (i + 1) % N, (i + N - 1) % N);
        for l in 0..WIDTH {
            // Added as a vector: an entry written alone would hold up the next round's reads of the row.
            let bend = if l == i {
                own[i]
            } else if l == next {
                beside[i]
            } else if l == previous {
                beside[previous]
            } else {
                0.0
            };
            let far = f.mul_add(2.0 * round.y[l], row[l + N - 2], bend);
            result[i][l] = f.mul_add(round.own[l], row[l + N], f.mul_add(before[l], row[l + N - 1], far));
        }
    }
    result
}

impl Written for Swell {
    fn parameters(&self) -> usize {
        N
    }

    #[inline(always)]
    fn derivatives<F: Processor, const ORDER: usize>(
        &self,
        f: F,
        w: &[f64],
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64 {
        let (rounds, y, error) = forward(f, w);
        if ORDER == 0 {
            return error;
        }
        let mut adjoint = [0.0; WIDTH];
        for l in 0..WIDTH {
            adjoint[l] = 2.0 * y[l];
        }
        let mut h = [[0.0; WIDTH]; N];
        for i in 0..N {
            h[i][i] = 2.0;
        }
        for round in rounds.iter().rev() {
            if ORDER > 1 {
                let (own, beside) = bends(f, round, &adjoint);
                h = congruence(f, round, &h, &own, &beside);
            }
            adjoint = back(f, round, &adjoint);
        }
        gradient.copy_from_slice(&adjoint[..N]);
        if ORDER > 1 {
            for i in 0..N {
                hessian[i * (i + 1) / 2..][..=i].copy_from_slice(&h[i][..=i]);
            }
        }
        error
    }

    #[inline(always)]
    fn product<F: Processor>(&self, f: F, w: &[f64], v: &[f64], product: &mut [f64]) {
        let (rounds, y, _) = forward(f, w);
        // The change of every y along v, then that of every adjoint.
        let mut changes = [[0.0; WIDTH]; ROUNDS];
        let mut change = [0.0; WIDTH];
        change[..N].copy_from_slice(fixed::<N>(v));
        for (round, kept) in rounds.iter().zip(&mut changes) {
            *kept = change;
            let (one, two, far) = (ahead(&change, 1), ahead(&change, 2), ahead(&round.y, 2));
            for l in 0..WIDTH {
                change[l] =
                    f.mul_add(round.own[l], kept[l], f.mul_add(round.sin[l], one[l], 2.0 * far[l] * two[l]));
            }
        }
        let (mut adjoint, mut adjoint_change) = ([0.0; WIDTH], [0.0; WIDTH]);
        for l in 0..WIDTH {
            (adjoint[l], adjoint_change[l]) = (2.0 * y[l], 2.0 * change[l]);
        }
        for (round, change) in rounds.iter().zip(&changes).rev() {
            let (own, beside) = bends(f, round, &adjoint);
            let mut through = [0.0; WIDTH];
            for l in 0..WIDTH {
                through[l] = beside[l] * change[l];
            }
            let (next, before) = (ahead(change, 1), behind(&through, 1));
            adjoint_change = back(f, round, &adjoint_change);
            for l in 0..WIDTH {
                adjoint_change[l] += f.mul_add(own[l], change[l], f.mul_add(beside[l], next[l], before[l]));
            }
            adjoint = back(f, round, &adjoint);
        }
        product.copy_from_slice(&adjoint_change[..N]);
    }
}
