//! Rosenbrock's chain: a tridiagonal Hessian, its entries by rows: (0, 0), (1, 0), (1, 1), (2, 1), …

use num_dual::DualNum;

use crate::by_hand::{ByHand, Written};
use crate::generated::chain;
use crate::lanes::Processor;
use crate::numbers::Numbers;
use crate::sparse::Sparse;
use crate::workload::{Generic, Pattern, Workload, oracle};

struct Chain {
    n: usize,
}

/// The workload with so many parameters.
pub fn with(n: usize, visit: &mut dyn FnMut(&Workload<'_>)) {
    let mut numbers = Numbers::new(3);
    let hesse = Sparse(chain::error_function(n));
    let hand = ByHand(Chain { n });
    let exact = |w: &[f64], i, j| oracle(&Chain { n }, w, i, j);
    let entries = (0..n as u32).flat_map(|i| [(i, i), (i + 1, i)]).take(2 * n - 1).collect();
    let mut workload = Workload::dense(
        &format!("chain, {n}"),
        (0..n).map(|_| 1.0 + numbers.within(0.5)).collect(),
        numbers.vector(n, 1.0),
        &hesse,
        &hand,
    );
    workload.hesse_pattern = hesse.pattern();
    workload.hand_pattern = Pattern::Sparse(entries);
    workload.oracle = (n <= 100).then_some(&exact);
    visit(&workload);
}

impl Generic for Chain {
    fn error<N: DualNum<Primitive = f64> + Copy>(&self, w: &[N]) -> N {
        w.windows(2).fold(N::from(0.0), |error, pair| {
            error + (pair[1] - pair[0] * pair[0]).powi(2) * 100.0 + (-pair[0] + 1.0).powi(2)
        })
    }
}

impl Written for Chain {
    fn parameters(&self) -> usize {
        self.n
    }

    #[inline(always)]
    fn derivatives<F: Processor, const ORDER: usize>(
        &self,
        f: F,
        w: &[f64],
        gradient: &mut [f64],
        hessian: &mut [f64],
    ) -> f64 {
        let Some(last) = w.len().checked_sub(1) else { return 0.0 };
        let mut lanes = [0.0; 32];
        let term = |x: f64, next: f64| {
            let (gap, rest) = (f.mul_add(-x, x, next), 1.0 - x);
            f.mul_add(100.0 * gap, gap, rest * rest)
        };
        let (here, after) = (&w[..last], &w[1..]);
        let (blocks, rest) = here.as_chunks::<32>();
        let (blocks_after, rest_after) = after.as_chunks::<32>();
        for (x, next) in blocks.iter().zip(blocks_after) {
            for l in 0..32 {
                lanes[l] += term(x[l], next[l]);
            }
        }
        let mut error: f64 = lanes.iter().sum();
        for (&x, &next) in rest.iter().zip(rest_after) {
            error += term(x, next);
        }
        // Every entry is written once, from its two neighbors, so nothing is read back.
        if ORDER > 0 {
            let slope =
                |x: f64, next: f64| f.mul_add(-400.0 * x, f.mul_add(-x, x, next), f.mul_add(2.0, x, -2.0));
            let gap = |before: f64, x: f64| 200.0 * f.mul_add(-before, before, x);
            gradient[0] = if last > 0 { slope(w[0], w[1]) } else { 0.0 };
            let inner = &mut gradient[1..];
            for (((out, &before), &x), &next) in
                inner.iter_mut().zip(w).zip(&w[1..]).zip(w.get(2..).unwrap_or(&[]))
            {
                *out = slope(x, next) + gap(before, x);
            }
            if last > 0 {
                gradient[last] = gap(w[last - 1], w[last]);
            }
        }
        if ORDER > 1 {
            let pairs = hessian.as_chunks_mut::<2>().0;
            for ((out, &x), &next) in pairs.iter_mut().zip(w).zip(&w[1..]) {
                *out = [f.mul_add(1200.0 * x, x, f.mul_add(-400.0, next, 202.0)), -400.0 * x];
            }
            hessian[0] -= 200.0;
            hessian[2 * last] = if last > 0 { 200.0 } else { 0.0 };
        }
        error
    }

    #[inline(always)]
    fn product<F: Processor>(&self, f: F, w: &[f64], v: &[f64], product: &mut [f64]) {
        let Some(last) = w.len().checked_sub(1).filter(|&last| last > 0) else { return product.fill(0.0) };
        let diagonal = |x: f64, next: f64| f.mul_add(1200.0 * x, x, f.mul_add(-400.0, next, 202.0));
        product[0] = f.mul_add(diagonal(w[0], w[1]) - 200.0, v[0], -400.0 * w[0] * v[1]);
        let inner = product[1..last].iter_mut();
        let (x, v3) = (w.windows(3), v.windows(3));
        for ((out, x), v) in inner.zip(x).zip(v3) {
            let beside = -400.0 * f.mul_add(x[0], v[0], x[1] * v[2]);
            *out = f.mul_add(diagonal(x[1], x[2]), v[1], beside);
        }
        product[last] = f.mul_add(200.0, v[last], -400.0 * w[last - 1] * v[last - 1]);
    }
}
