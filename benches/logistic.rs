//! Logistic regression, 10 features and a bias, 10,000 rows: what derivatives cost against the value alone,
//! against a hand-written version and against num-dual. All contestants run in turn within each round;
//! medians and their ratios are printed.

use std::hint::black_box;
use std::time::Instant;

use hesse::derive_hessian;
use num_dual::DualNum;

const ROWS: usize = 10_000;
const ROUNDS: usize = 61;

#[derive_hessian]
fn logistic(w: &[f64; 10], b: f64, x: &[[f64; 10]], t: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (x, t) in x.iter().zip(t) {
        let a = b + w.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
        loss += hesse::math::softplus(a) - t * a;
    }
    loss + 0.5e-3 * w.iter().map(|w| w * w).sum::<f64>()
}

/// The same over dual numbers, as their users write it.
fn generic<D: DualNum<Primitive = f64> + Copy>(w: &[D], x: &[[f64; 10]], t: &[f64]) -> D {
    let mut loss = D::from(0.0);
    for (x, t) in x.iter().zip(t) {
        let a = w[..10].iter().zip(x).fold(w[10], |a, (w, x)| a + *w * *x);
        loss += (a.exp() + 1.0).ln() - a * *t;
    }
    loss + w[..10].iter().fold(D::from(0.0), |s, w| s + *w * *w) * 0.5e-3
}

/// Value, gradient and packed Hessian by hand: one pass, rank-one updates.
fn by_hand(w: &[f64; 11], x: &[[f64; 10]], t: &[f64], g: &mut [f64; 11], h: &mut [f64; 66]) -> f64 {
    g.fill(0.0);
    h.fill(0.0);
    let mut loss = 0.0;
    for (x, t) in x.iter().zip(t) {
        let mut row = [1.0; 11];
        row[..10].copy_from_slice(x);
        let a: f64 = w.iter().zip(&row).map(|(w, x)| w * x).sum();
        let e = (-a.abs()).exp();
        let (p, q) =
            if a >= 0.0 { (1.0 / (1.0 + e), e / (1.0 + e)) } else { (e / (1.0 + e), 1.0 / (1.0 + e)) };
        loss += a.max(0.0) + e.ln_1p() - t * a;
        let mut at = 0;
        for i in 0..11 {
            g[i] += (p - t) * row[i];
            let scaled = p * q * row[i];
            for x in &row[..=i] {
                h[at] += scaled * x;
                at += 1;
            }
        }
    }
    for i in 0..10 {
        loss += 0.5e-3 * w[i] * w[i];
        g[i] += 1e-3 * w[i];
        h[i * (i + 1) / 2 + i] += 1e-3;
    }
    loss
}

/// Numbers without pattern in (−1, 1), the same in every run.
fn numbers() -> impl FnMut() -> f64 {
    let mut state = 0x2545_f491_4f6c_dd1du64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

fn check(what: &str, actual: &[f64], expected: &[f64]) {
    let size = expected.iter().fold(1.0, |size: f64, e| size.max(e.abs()));
    for (a, e) in actual.iter().zip(expected) {
        assert!((a - e).abs() <= 1e-9 * size, "{what}: {a} for {e}");
    }
}

fn main() {
    let mut next = numbers();
    let x: Vec<[f64; 10]> = (0..ROWS).map(|_| std::array::from_fn(|_| next())).collect();
    let t: Vec<f64> = (0..ROWS).map(|_| f64::from(next() > 0.0)).collect();
    let w: [f64; 11] = std::array::from_fn(|_| next());
    let head: [f64; 10] = std::array::from_fn(|i| w[i]);
    let at = nalgebra::SVector::<f64, 11>::from(w);
    let dual = || num_dual::hessian(|w| generic(w.as_slice(), &x, &t), &at);

    let (mut g, mut h) = ([0.0; 11], [0.0; 66]);
    let value = logistic::value_gradient_hessian_into(&head, w[10], &x, &t, &mut g, &mut h);
    let (dual_value, dual_g, dual_h) = dual();
    let lower: Vec<f64> = (0..11).flat_map(|i| (0..=i).map(move |j| (i, j))).map(|at| dual_h[at]).collect();
    check("value", &[value, logistic(&head, w[10], &x, &t)], &[dual_value, dual_value]);
    check("gradient", &g, dual_g.as_slice());
    check("Hessian", &h, &lower);
    let (mut hand_g, mut hand_h) = ([0.0; 11], [0.0; 66]);
    let hand_value = by_hand(&w, &x, &t, &mut hand_g, &mut hand_h);
    check("by hand", &[hand_value], &[value]);
    check("gradient by hand", &hand_g, &g);
    check("Hessian by hand", &hand_h, &h);

    let names = [
        "value",
        "value + gradient",
        "value + gradient + Hessian",
        "the same by hand, row by row",
        "num-dual",
    ];
    let mut times = vec![Vec::new(); names.len()];
    for _ in 0..ROUNDS {
        let mut run = |at: usize, work: &mut dyn FnMut() -> f64| {
            let start = Instant::now();
            black_box(work());
            times[at].push(start.elapsed().as_secs_f64());
        };
        run(0, &mut || logistic::value(black_box(&head), w[10], &x, &t));
        run(1, &mut || logistic::value_gradient_into(black_box(&head), w[10], &x, &t, black_box(&mut g)));
        run(2, &mut || {
            let (g, h) = (black_box(&mut g), black_box(&mut h));
            logistic::value_gradient_hessian_into(black_box(&head), w[10], &x, &t, g, h)
        });
        run(3, &mut || by_hand(black_box(&w), &x, &t, black_box(&mut hand_g), black_box(&mut hand_h)));
        run(4, &mut || dual().0);
    }
    let medians: Vec<f64> = times
        .iter_mut()
        .map(|times| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        })
        .collect();
    println!("logistic regression, 10 features + bias, {ROWS} rows, medians of {ROUNDS} interleaved rounds");
    for (name, median) in names.iter().zip(&medians) {
        let per_row = median * 1e9 / ROWS as f64;
        println!(
            "{name:32} {per_row:9.1} ns/row {:8.2} × value {:8.2} × V+G+H",
            median / medians[0],
            median / medians[2]
        );
    }
}
