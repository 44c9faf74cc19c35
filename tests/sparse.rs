//! Sparse Hessians: entries, order and counts, evaluated and generated, against hyper-dual numbers and closed forms.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]
#![allow(clippy::needless_range_loop, reason = "error functions are written the way people write sums")]

use hesse::{SparseErrorFunction, derive_hessian, sparse::SparseHessian};
use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_testkit::close::assert_close;
use hesse_testkit::oracle::{DualNum, HyperDual64 as Dual, hyper_dual};

/// Numbers without pattern in (−1, 1), the same in every run.
fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let step = |_| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((state >> 11) as f64 / (1u64 << 52) as f64) - 1.0
    };
    (0..count).map(step).collect()
}

fn positions(count: usize, below: usize, seed: u64) -> Vec<usize> {
    numbers(count, seed).iter().map(|x| ((x + 1.0) / 2.0 * below as f64) as usize).collect()
}

fn surface(text: &str, bindings: &Bindings) -> Surface {
    let model = parse(text, &Columns::none()).unwrap_or_else(|d| panic!("{text}: {:?}", d[0]));
    Surface::new(&model.graph, model.error, bindings).unwrap()
}

fn pattern(error: &impl SparseErrorFunction) -> Vec<(usize, usize)> {
    let (mut rows, mut columns) = (vec![usize::MAX; error.entries()], vec![usize::MAX; error.entries()]);
    error.pattern(&mut rows, &mut columns);
    rows.into_iter().zip(columns).collect()
}

fn values(error: &impl SparseErrorFunction, w: &[f64]) -> (f64, Vec<f64>, Vec<f64>) {
    let (mut gradient, mut values) = (vec![f64::NAN; w.len()], vec![f64::NAN; error.entries()]);
    let value = error.value_gradient_sparse_hessian(w, &mut gradient, &mut values);
    (value, gradient, values)
}

/// Entries add up to the Hessian; row ≥ column; the two back ends agree to the bit.
#[track_caller]
fn check(
    evaluated: &impl SparseErrorFunction,
    generated: &impl SparseErrorFunction,
    w: &[f64],
    truth: impl Fn(&[Dual]) -> Dual,
) {
    let (value, gradient, hessian) = hyper_dual(truth, w);
    let pairs = pattern(evaluated);
    let (v, g, entries) = values(evaluated, w);
    assert_close("value", &[v], &[value], 1e-12);
    assert_close("gradient", &g, &gradient, 1e-12);
    let mut sum = vec![0.0; hessian.len()];
    for (&(row, column), value) in pairs.iter().zip(&entries) {
        assert!(column <= row && row < w.len());
        sum[row * (row + 1) / 2 + column] += value;
    }
    assert_close("Hessian", &sum, &hessian, 1e-12);
    assert_eq!(pattern(generated), pairs);
    assert_eq!(values(generated, w), (v, g, entries.clone()));

    let mut matrix = SparseHessian::of(generated).unwrap();
    matrix.fill(&entries);
    let direction = numbers(w.len(), 77);
    let (mut product, mut expected) = (vec![0.0; w.len()], vec![0.0; w.len()]);
    matrix.multiply(&direction, &mut product);
    hesse::packed::multiply(&hessian, &direction, &mut expected);
    assert_close("product", &product, &expected, 1e-12);
    generated.hessian_vector(w, &direction, &mut product);
    assert_close("product without the matrix", &product, &expected, 1e-12);
    assert_close(
        "diagonal",
        &matrix.diagonal().collect::<Vec<_>>(),
        &hesse::packed::diagonal(&hessian).collect::<Vec<_>>(),
        1e-12,
    );
    let full = matrix.to_csc();
    for (row, column, value) in full.triplet_iter() {
        assert_eq!(full.get_entry(column, row).unwrap().into_value(), *value);
    }
    let mut dense = vec![f64::NAN; hessian.len()];
    let mut g = vec![0.0; w.len()];
    generated.value_gradient_hessian(w, &mut g, &mut dense);
    assert_close("dense", &dense, &hessian, 1e-12);
}

fn distinct(pairs: &[(usize, usize)]) -> usize {
    pairs.iter().collect::<std::collections::BTreeSet<_>>().len()
}

const CHAIN: &str = "param w[n]\nE = sum(i in 0..n-1, 100*(w[i+1] - w[i]^2)^2 + (1 - w[i])^2)";

#[derive_hessian(wrt(w), sparse)]
fn chain(w: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..w.len() - 1 {
        total += 100.0 * (w[i + 1] - w[i] * w[i]).powi(2) + (1.0 - w[i]).powi(2);
    }
    total
}

fn chain_of(n: usize) -> Surface {
    let mut bindings = Bindings::new();
    bindings.set_dimension("n", n);
    surface(CHAIN, &bindings)
}

#[test]
fn a_chain_has_two_entries_per_parameter() {
    for n in [1, 2, 3, 7] {
        check(&chain_of(n), &chain::error_function(n), &numbers(n, 1), |w| {
            (0..w.len() - 1).fold(Dual::from(0.0), |e, i| {
                e + (w[i + 1] - w[i] * w[i]).powi(2) * 100.0 + (-w[i] + 1.0).powi(2)
            })
        });
        let pairs = pattern(&chain_of(n));
        assert_eq!((pairs.len(), distinct(&pairs)), (2 * n - 1, 2 * n - 1));
    }
}

#[test]
fn a_chain_of_a_million_parameters_never_meets_a_row() {
    let n = 1_000_000;
    let w = numbers(n, 2);
    let (evaluated, generated) = (chain_of(n), chain::error_function(n));
    assert_eq!((evaluated.entries(), generated.entries()), (2 * n - 1, 2 * n - 1));
    let pairs = pattern(&generated);
    assert_eq!(pattern(&evaluated), pairs);
    let (value, gradient, entries) = values(&generated, &w);
    assert_eq!(values(&evaluated, &w), (value, gradient, entries.clone()));
    for ((row, column), entry) in pairs.into_iter().zip(entries) {
        let expected = if row == column {
            // Inner parameters are the end of one link and the start of another.
            let end = if row > 0 { 200.0 } else { 0.0 };
            let start = if row + 1 < n { 1200.0 * w[row] * w[row] - 400.0 * w[row + 1] + 2.0 } else { 0.0 };
            end + start
        } else {
            assert_eq!(row, column + 1);
            -400.0 * w[column]
        };
        assert!((entry - expected).abs() <= 1e-10 * expected.abs().max(1.0), "{row}, {column}");
    }
}

const FACTORS: &str = "\
param u[m, 3], v[p, 3]
data r[n], a[n], b[n]
E = 1/2*sum(k, (r[k] - sum(f in 0..3, u[a[k], f]*v[b[k], f]))^2) +
    0.05*(sum(i in 0..m, sum(f in 0..3, u[i, f]^2)) + sum(j in 0..p, sum(f in 0..3, v[j, f]^2)))";

#[derive_hessian(wrt(u, v), sparse)]
fn factors(u: &[[f64; 3]], v: &[[f64; 3]], r: &[f64], a: &[usize], b: &[usize]) -> f64 {
    let mut total = 0.0;
    for k in 0..r.len() {
        let mut dot = 0.0;
        for f in 0..3 {
            dot += u[a[k]][f] * v[b[k]][f];
        }
        total += 0.5 * (r[k] - dot).powi(2);
    }
    for i in 0..u.len() {
        for f in 0..3 {
            total += 0.05 * u[i][f].powi(2);
        }
    }
    for j in 0..v.len() {
        for f in 0..3 {
            total += 0.05 * v[j][f].powi(2);
        }
    }
    total
}

#[test]
fn a_factorization_has_a_block_per_row_and_per_observation() {
    let (rows, columns, count, rank) = (6, 4, 9, 3);
    let (a, b, r) = (positions(count, rows, 3), positions(count, columns, 4), numbers(count, 5));
    let w = numbers((rows + columns) * rank, 6);
    let mut bindings = Bindings::new();
    bindings.insert("r", &[count], r.clone()).unwrap();
    bindings.insert("a", &[count], a.iter().map(|&i| i as f64).collect()).unwrap();
    bindings.insert("b", &[count], b.iter().map(|&i| i as f64).collect()).unwrap();
    bindings.set_dimension("m", rows);
    bindings.set_dimension("p", columns);
    let evaluated = surface(FACTORS, &bindings);
    let generated = factors::error_function(&r, &a, &b, rows, columns);
    check(&evaluated, &generated, &w, |w| {
        let (u, v) = w.split_at(rows * rank);
        let fit = (0..count).fold(Dual::from(0.0), |e, k| {
            let dot = (0..rank).fold(Dual::from(0.0), |s, f| s + u[a[k] * rank + f] * v[b[k] * rank + f]);
            e + (dot - r[k]).powi(2) * 0.5
        });
        w.iter().fold(fit, |e, w| e + *w * w * 0.05)
    });
    let expected = count * rank * rank + (rows + columns) * rank * (rank + 1) / 2;
    assert_eq!(evaluated.entries(), expected);
    // The same row and column observed twice makes the same pairs twice, and nothing else does.
    let mut seen: Vec<_> = a.iter().zip(&b).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(distinct(&pattern(&evaluated)), expected - (count - seen.len()) * rank * rank);
}

const POSES: &str = "\
param pose[c, 3], point[p, 2]
data camera[n], other[n], z[n]
E = sum(k, (pose[camera[k], 0]*point[other[k], 0] + sin(pose[camera[k], 1]*pose[other[k], 2])*point[camera[k], 1]
    + pose[camera[k], 0]*pose[other[k], 0]^2 - z[k])^2)";

#[derive_hessian(wrt(pose, point), sparse)]
fn poses(pose: &[[f64; 3]], point: &[[f64; 2]], camera: &[usize], other: &[usize], z: &[f64]) -> f64 {
    let mut total = 0.0;
    for k in 0..z.len() {
        let r = pose[camera[k]][0] * point[other[k]][0]
            + (pose[camera[k]][1] * pose[other[k]][2]).sin() * point[camera[k]][1]
            + pose[camera[k]][0] * pose[other[k]][0].powi(2)
            - z[k];
        total += r.powi(2);
    }
    total
}

/// Look-ups that coincide: an entry then lies on the diagonal and counts twice.
#[test]
fn poses_and_points_whose_look_ups_coincide() {
    let size = 4;
    let (camera, other) = (vec![0, 1, 2, 3, 3, 1, 0], vec![0, 1, 1, 3, 2, 2, 0]);
    let z = numbers(camera.len(), 8);
    let w = numbers(size * 5, 9);
    let mut bindings = Bindings::new();
    for (name, list) in [("camera", &camera), ("other", &other)] {
        bindings.insert(name, &[list.len()], list.iter().map(|&i| i as f64).collect()).unwrap();
    }
    bindings.insert("z", &[z.len()], z.clone()).unwrap();
    bindings.set_dimension("c", size);
    bindings.set_dimension("p", size);
    let evaluated = surface(POSES, &bindings);
    let generated = poses::error_function(&camera, &other, &z, size, size);
    check(&evaluated, &generated, &w, |w| {
        let (pose, point) = w.split_at(size * 3);
        (0..z.len()).fold(Dual::from(0.0), |e, k| {
            let (c, o) = (camera[k], other[k]);
            let r = pose[c * 3] * point[o * 2]
                + (pose[c * 3 + 1] * pose[o * 3 + 2]).sin() * point[c * 2 + 1]
                + pose[c * 3] * pose[o * 3].powi(2)
                - z[k];
            e + r * r
        })
    });
}

const PAIRS: &str = "param w[n]\nE = sum(i in 0..n, sum(j in 0..i, exp(w[i]*w[j])*(w[i] - w[j])^2))";

#[derive_hessian(wrt(w), sparse)]
fn pairs(w: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..w.len() {
        for j in 0..i {
            total += (w[i] * w[j]).exp() * (w[i] - w[j]).powi(2);
        }
    }
    total
}

#[test]
fn pairwise_energies_fill_one_triangle() {
    for n in [1, 2, 5] {
        let mut bindings = Bindings::new();
        bindings.set_dimension("n", n);
        let evaluated = surface(PAIRS, &bindings);
        check(&evaluated, &pairs::error_function(n), &numbers(n, 10), |w| {
            let mut total = Dual::from(0.0);
            for i in 0..n {
                for j in 0..i {
                    total += (w[i] * w[j]).exp() * (w[i] - w[j]).powi(2);
                }
            }
            total
        });
        let pairs = pattern(&evaluated);
        assert_eq!((pairs.len(), distinct(&pairs)), (n * (n + 1) / 2, n * (n + 1) / 2));
    }
}

#[derive_hessian(wrt(x), sparse)]
fn cluster(x: &[[f64; 3]; 4]) -> f64 {
    let mut total = 0.0;
    for i in 0..4 {
        for j in 0..i {
            let mut square = 0.0;
            for a in 0..3 {
                square += (x[i][a] - x[j][a]).powi(2);
            }
            total += 4.0 * (square.powi(-6) - square.powi(-3));
        }
    }
    total
}

#[test]
fn a_cluster_fills_one_triangle() {
    let text = "param x[4, 3]\ns[i, j] = sum(a in 0..3, (x[i, a] - x[j, a])^2)\n\
                E = sum(i in 0..4, sum(j in 0..i, 4*(s[i, j]^-6 - s[i, j]^-3)))";
    let evaluated = surface(text, &Bindings::new());
    let w: Vec<f64> = numbers(12, 11).iter().enumerate().map(|(at, x)| x + (at / 3) as f64).collect();
    check(&evaluated, &cluster::error_function(), &w, |x| {
        let mut total = Dual::from(0.0);
        for i in 0..4 {
            for j in 0..i {
                let square = (0..3).fold(Dual::from(0.0), |s, a| s + (x[3 * i + a] - x[3 * j + a]).powi(2));
                total += (square.powi(-6) - square.powi(-3)) * 4.0;
            }
        }
        total
    });
    assert_eq!((evaluated.entries(), cluster::hessian_entries()), (78, 78));
    assert_eq!(distinct(&pattern(&evaluated)), 78);
}

/// Entries of error functions, counted by hand: linear in what they couple, whatever the number of parameters.
#[test]
fn only_entries_that_can_differ_from_zero_have_slots() {
    let n = 50;
    let mut bindings = Bindings::new();
    bindings.set_dimension("n", n);
    bindings.insert("x", &[7, 3], numbers(21, 12)).unwrap();
    for (text, expected) in [
        ("param w[n]\nE = sum(i in 0..n, w[i]^2)", n),
        // A product of parameters has no diagonal; a linear term no entry at all.
        ("param w[n]\nE = sum(i in 0..n-1, w[i+1]*w[i]) + sum(i in 0..n, 3*w[i])", n - 1),
        // Bands: by the subscript, by the range, and by a window.
        ("param w[n]\nE = sum(i in 0..n-2, (w[i+2] - 2*w[i+1] + w[i])^2)", n + (n - 1) + (n - 2)),
        ("param w[n]\nE = sum(i in 0..n-3, sum(j in i+1..i+3, w[i]*w[j]))", 2 * (n - 3)),
        // Shifted copies of a link share their slots.
        ("param w[n]\nE = sum(i in 0..n-1, sin(w[i]*w[i+1])) + sum(i in 1..n-1, w[i+1]^3*w[i])", 2 * n - 1),
        // Every second link.
        ("param w[n]\nE = sum(i in 0..3, exp(w[2*i]*w[2*i+1]))", 3 * 3),
        // Three parameters of many, coupled.
        ("param w[n]\nE = sum(i in 0..3, w[i])^4", 6),
        ("param w[3], b\ndata x[k, 3]\nE = sum(i, softplus(b + sum(j, w[j]*x[i, j])))", 10),
        ("(1 - x)^2 + 100*(y - x^2)^2", 3),
        ("x*y + z", 1),
    ] {
        let surface = surface(text, &bindings);
        let pairs = pattern(&surface);
        assert_eq!((pairs.len(), distinct(&pairs)), (expected, expected), "{text}: {pairs:?}");
    }
}
