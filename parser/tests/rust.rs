//! Rust functions: the same graph as the same formula, and complaints to the letter.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod common;

use common::functions::{agree, read};
use common::said_as_written;
use hesse_symbolic::graph::{Extent, Role};

#[test]
fn scalars_and_small_arrays() {
    agree(
        "",
        "fn rosenbrock(w: &[f64; 2]) -> f64 {
            let [x, y] = *w;
            (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
        }",
        "param w[2]; x = w[0]; y = w[1]; (1 - x)^2 + 100 * (y - x * x)^2",
    );
    agree(
        "",
        "fn himmelblau(x: f64, y: &f64) -> f64 {
            let a = x * x + y - 11.0;
            let b = x + y.powi(2) - 7.0;
            a * a + b * b
        }",
        "param x, y; a = x^2 + y - 11; b = x + y^2 - 7; a^2 + b^2",
    );
    agree(
        "",
        "fn chains(a: f64, b: f64, c: f64) -> f64 { a + b - c + 1.5 - (a - b) + a * b / c * 2.0 / (b * c) }",
        "param a, b, c; a + b - c + 1.5 - (a - b) + a*b/c*2/(b*c)",
    );
    agree(
        "",
        "fn shadowing(x: f64) -> f64 { let x = x + 1.0; let y = { let x = x * 2.0; x.sin() }; let x: f64 = x * y; -x }",
        "param x; u = x + 1; v = u * 2; -(u * sin(v))",
    );
    agree(
        "",
        "fn vector(w: &SVector<f64, 3>, m: &[[f64; 2]; 3]) -> f64 {
            let [[a, b], [c, d], [_, f]] = m;
            w.x * a + w[1] * b + w.z * (c + d) + m[2][0] * f
        }",
        "param w[3], m[3, 2]; w[0]*m[0,0] + w[1]*m[0,1] + w[2]*(m[1,0] + m[1,1]) + m[2,0]*m[2,1]",
    );
}

#[test]
fn methods_of_numbers() {
    agree(
        "",
        "fn all(x: f64, y: f64) -> f64 {
            let (s, c) = x.sin_cos();
            let pi = std::f64::consts::PI;
            s * c + x.exp() + f64::exp_m1(x) + x.ln() + (&x).ln_1p() + x.sqrt() + x.powf(y) + x.powf(2.5)
                + x.max(y) + f64::min(x, y) + x.abs() + x.hypot(y) + x.atan2(y) + x.recip() + x.mul_add(y, 3.0)
                + x.clamp(0.0, 1.0) + x.log(3.0) + x.tanh() + pi + f64::from(3) * x
        }",
        "param x, y; sin(x)*cos(x) + exp(x) + expm1(x) + ln(x) + log1p(x) + sqrt(x) + x^y + x^2.5
            + max(x, y) + min(x, y) + abs(x) + hypot(x, y) + atan2(x, y) + 1/x + (x*y + 3)
            + min(max(x, 0), 1) + log(x, 3) + tanh(x) + pi + 3*x"
            .replace("\n            +", " +")
            .as_str(),
    );
    agree(
        "",
        "fn library(x: f64) -> f64 { hesse::math::softplus(x) + hesse::math::sigmoid(x) + hesse::math::log_sigmoid(x) }",
        "param x; softplus(x) + sigmoid(x) + log_sigmoid(x)",
    );
}

#[test]
fn conditions() {
    agree(
        "",
        "fn huber(x: f64, d: f64) -> f64 {
            if x.abs() <= d && !(x == 3.0) || x > 100.0 { 0.5 * x * x } else if x < 0.0 { -x } else { d * (x - d) }
        }",
        "param x, d; if(abs(x) <= d and not (x == 3) or x > 100, 0.5*x*x, if(x < 0, -x, d*(x - d)))",
    );
    agree(
        "",
        "fn branches(x: f64, t: &[f64]) -> f64 {
            let (a, b) = if x > 0.0 { (x, 1.0) } else { (2.0 * x, x) };
            let mut e = a;
            for t in t { if *t > 0.5 { e += (t - b).powi(2); } else { e -= t * b; } }
            e
        }",
        "param x; data t[n]; a = if(x > 0, x, 2*x); b = if(x > 0, 1, x);
         a + sum(i, if(t[i] > 0.5, (t[i] - b)^2, -(t[i]*b)))"
            .replace(";\n", ";")
            .as_str(),
    );
}

const LOGISTIC: &str = "param w[2], b; data x[n, 2], t[n]
    a[i] = b + sum(j, w[j] * x[i, j])
    E = sum(i, softplus(a[i]) - t[i] * a[i]) + 0.5 * 1e-3 * sum(j, w[j]^2)";

#[test]
fn loops_are_sums() {
    agree(
        "",
        "fn logistic(w: &[f64; 2], b: f64, x: &[[f64; 2]], t: &[f64]) -> f64 {
            let mut e = 0.0;
            for i in 0..x.len() {
                let mut a = b;
                for j in 0..2 { a += w[j] * x[i][j]; }
                e += hesse::math::softplus(a) - t[i] * a;
            }
            let mut penalty = 0.0;
            for w in w { penalty += w * w; }
            e + 0.5 * 1e-3 * penalty
        }",
        LOGISTIC,
    );
    agree(
        "",
        "fn logistic(w: &[f64; 2], b: f64, x: &[[f64; 2]], t: &[f64]) -> f64 {
            let e: f64 = x.iter().zip(t).map(|(row, &t)| {
                let a = b + w.iter().zip(row).map(|(w, x)| w * x).sum::<f64>();
                hesse::math::softplus(a) - t * a
            }).sum();
            e + 0.5 * 1e-3 * w.iter().map(|w| w * w).sum::<f64>()
        }",
        LOGISTIC,
    );
    agree(
        "",
        "fn logistic(w: &SVector<f64, 2>, b: f64, x: &[SVector<f64, 2>], t: &[f64]) -> f64 {
            let mut e = 0.0;
            for (i, x) in x.iter().enumerate() {
                let a = b + w.dot(x);
                e += hesse::math::softplus(a);
                e -= t[i] * a;
            }
            e += 0.5 * 1e-3 * w.norm_squared();
            e
        }",
        LOGISTIC,
    );
    agree(
        "",
        "fn exponential(b: &[f64; 2], x: &[f64], y: &[f64]) -> f64 {
            assert_eq!(x.len(), y.len());
            let residual = |x: f64, y: f64| y - b[0] * (1.0 - (-b[1] * x).exp());
            x.iter().zip(y).map(|(x, y)| residual(*x, *y).powi(2)).sum()
        }",
        "param b[2]; data x[n], y[n]; r(x, y) = y - b[0]*(1 - exp(-b[1]*x)); sum(i, r(x[i], y[i])^2)",
    );
    agree(
        "wrt(x)",
        "fn chain(x: &[f64]) -> f64 {
            (0..x.len() - 1).map(|i| 100.0 * (x[i + 1] - x[i] * x[i]).powi(2) + (1.0 - x[i]).powi(2)).sum()
        }",
        "param x[d]; sum(i in 0..d-1, 100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2)",
    );
    agree(
        "wrt(x)",
        "fn chain(x: &[f64]) -> f64 {
            x.windows(2).map(|p| 100.0 * (p[1] - p[0] * p[0]).powi(2) + (1.0 - p[0]).powi(2)).sum::<f64>()
        }",
        "param x[d]; sum(i in 0..d-1, 100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2)",
    );
    agree(
        "wrt(p)",
        "fn pairs(p: &[[f64; 3]]) -> f64 {
            let mut e = 0.0;
            for i in 0..p.len() {
                for j in 0..i {
                    let mut r = 0.0;
                    for k in 0..3 { r += (p[i][k] - p[j][k]).powi(2); }
                    e += 4.0 * (r.powi(-6) - r.powi(-3));
                }
            }
            e
        }",
        "param p[d, 3]; r(i, j) = sum(k, (p[i,k] - p[j,k])^2); sum(i, j in 0..i, 4*(r(i,j)^-6 - r(i,j)^-3))",
    );
    agree(
        "",
        "fn indices(w: f64, x: &[f64]) -> f64 {
            let n = x.len() as f64;
            let mut e = 0.0;
            let mut q = 1.0;
            for i in 1..=3 { e += w * i as f64; q *= w; }
            for (i, x) in x.iter().enumerate() { e += (2 * i + 1) as f64 * x; }
            e / n + q
        }",
        "param w; data x[n]; (sum(i in 1..4, w*i) + sum(i, (2i + 1)*x[i]))/n + prod(i in 1..4, w)",
    );
    agree(
        "wrt(u, v)",
        "fn factorization(u: &[[f64; 5]], v: &[[f64; 5]], row: &[usize], column: &[usize], r: &[f64]) -> f64 {
            let mut e = 0.0;
            for k in 0..r.len() {
                let mut p = 0.0;
                for f in 0..5 { p += u[row[k]][f] * v[column[k]][f]; }
                e += (r[k] - p).powi(2);
            }
            e
        }",
        "param u[d, 5], v[k, 5]; data row[n], column[n], r[n]
         p[q] = sum(f, u[row[q], f] * v[column[q], f]); sum(q, (r[q] - p[q])^2)",
    );
    agree(
        "",
        "fn softmax(w: &[[f64; 3]; 4], x: &[[f64; 4]], t: &[[f64; 3]]) -> f64 {
            let mut e = 0.0;
            for (x, t) in x.iter().zip(t.iter()) {
                let a = |k: usize| (0..4).map(|j| w[j][k] * x[j]).sum::<f64>();
                e += (0..3).map(|k| a(k).exp()).sum::<f64>().ln();
                e -= (0..3).map(|k| t[k] * a(k)).sum::<f64>();
            }
            e
        }",
        "param w[4, 3]; data x[n, 4], t[n, 3]; a(i, k) = sum(j, w[j, k]*x[i, j])
         E = sum(i, ln(sum(k, exp(a(i, k)))) - sum(k, t[i, k]*a(i, k)))",
    );
    agree(
        "",
        "fn folds(w: &[f64; 4]) -> f64 {
            w.iter().fold(0.5, |s, x| s + x * x) + w.iter().copied().fold(f64::NEG_INFINITY, f64::max)
                + w.iter().map(|x| x + 1.0).product::<f64>() + w.iter().skip(1).zip(w).map(|(a, b)| a * b).sum::<f64>()
        }",
        "param w[4]; (0.5 + sum(i, w[i]^2)) + max(i, w[i]) + prod(i, w[i] + 1) + sum(i in 0..3, w[i+1]*w[i])",
    );
}

#[test]
fn arrays_filled_by_position_are_indexed_definitions() {
    let formula = "param u[3, 2], b[3], v[3]; data x[n, 2], t[n]
        z(i, j) = tanh(b[j] + sum(k, u[j, k] * x[i, k]))
        E = sum(i, (t[i] - sum(j, v[j] * z(i, j)))^2)";
    let network = |hidden: &str| {
        format!(
            "fn network(u: &[[f64; 2]; 3], b: &[f64; 3], v: &[f64; 3], x: &[[f64; 2]], t: &[f64]) -> f64 {{
                let mut e = 0.0;
                for i in 0..t.len() {{
                    {hidden}
                    let mut y = 0.0;
                    for j in 0..z.len() {{ y += v[j] * z[j]; }}
                    e += (t[i] - y).powi(2);
                }}
                e
            }}"
        )
    };
    let filled = "let mut z = [0.0; 3];
        for j in 0..3 {
            let mut a = b[j];
            for k in 0..2 { a += u[j][k] * x[i][k]; }
            z[j] = a.tanh();
        }";
    agree("", &network(filled), formula);
    let from_fn = "let z: [f64; 3] = std::array::from_fn(|j| {
            (b[j] + u[j].iter().zip(x[i]).map(|(u, x)| u * x).sum::<f64>()).tanh()
        });";
    agree("", &network(from_fn), formula);
    agree(
        "",
        "fn layers(w: &[f64; 4]) -> f64 {
            let y = *w;
            let mut z = [1.0; 4];
            for i in 0..4 { z[i] = y[i].sin() * z[i]; }
            z.iter().zip(&y).map(|(z, y)| z * y).sum()
        }",
        "param w[4]; sum(i, sin(w[i]) * 1 * w[i])",
    );
}

#[test]
fn lists_of_numbers_are_chosen_from() {
    agree(
        "",
        "fn weighted(w: &[f64; 3]) -> f64 {
            let c = [0.5, 1.5, 2.5];
            let mut e = 0.0;
            for k in 0..3 { e += c[k] * w[k]; }
            e + w.iter().zip(&c).map(|(w, c)| w * c).sum::<f64>()
        }",
        "param w[3]; c(k) = if(k == 0, 0.5, if(k == 1, 1.5, 2.5)); sum(k, c(k) * w[k]) + sum(k, w[k] * c(k))",
    );
}

#[test]
fn roles_and_dimensions() {
    let source = "fn f(w: &[f64; 2], s: f64, x: &[f64], y: &[f64], z: &[f64]) -> f64 {
        let mut e = s * w[0] * w[1];
        for (x, y) in x.iter().zip(y) { e += x * y; }
        for z in z { e += z * s; }
        e
    }";
    let roles_of = |attribute: &str, source: &str| -> Vec<bool> {
        let function = read(attribute, source).unwrap();
        function.model.graph.arrays().map(|(_, a)| a.role == Role::Parameter).collect()
    };
    let roles = |attribute: &str| roles_of(attribute, source);
    assert_eq!(roles(""), [true, true, false, false, false]);
    assert_eq!(roles("wrt(w)"), [true, false, false, false, false]);
    assert_eq!(roles("wrt(x, s)"), [false, true, true, false, false]);
    let marked = source.replace("s: f64", "#[data] s: f64").replace("x: &[f64]", "#[data] x: &[f64]");
    assert_eq!(roles_of("", &marked), [true, false, false, false, false]);
    assert_eq!(roles_of("wrt(w, y)", &marked), [true, false, false, true, false]);
    let function = read("", source).unwrap();
    let shapes: Vec<Vec<Extent>> = function.model.graph.arrays().map(|(_, a)| a.shape.clone()).collect();
    assert_eq!(shapes[2], shapes[3], "zipped slices have one length");
    assert_ne!(shapes[2], shapes[4], "others have their own");
    assert_eq!(function.model.graph.dimensions(), ["n", "m"]);
    assert_eq!(function.border.inputs[3].name, "y");
}

#[test]
fn complaints_are_as_written() {
    said_as_written("rust.txt", |attribute, source| read(attribute, source).map(drop));
}

#[test]
fn deep_functions_are_refused_calmly() {
    // The parser of syn needs the stack of a compiler.
    let thread = std::thread::Builder::new().stack_size(16 << 20).spawn(deep_functions).unwrap();
    thread.join().unwrap();
}

fn deep_functions() {
    let sum = |n: usize| format!("fn f(x: f64) -> f64 {{ {} }}", vec!["x"; n].join(" + "));
    assert!(read("", &sum(500)).is_ok());
    let nested = |n: usize| format!("fn f(x: f64) -> f64 {{ {}x{} }}", "(-".repeat(n), ")".repeat(n));
    assert!(read("", &nested(100)).is_ok());
    assert!(read("", &nested(200)).unwrap_err()[0].starts_with("E0120"));
}
