//! Loops over iterators, and chains that end in numbers and arrays.

use super::body;

#[test]
fn ranges() {
    body("let mut e = 0.0; for i in 1..4 { e += w[i]; } e", "sum(i in 1..4, w[i])");
    body("let mut e = 0.0; for i in 1..=3 { e += w[i]; } e", "sum(i in 1..4, w[i])");
    body("let mut e = 0.0; for i in (0..4).rev() { e += w[i]; } e", "sum(i in 0..4, w[i])");
    body("(0..4).map(|i| w[i] * i as f64).sum()", "sum(i in 0..4, w[i]*i)");
    body("(0..4).step_by(2).map(|i| w[i]).sum()", "sum(i in 0..2, w[2*i])");
    body("(1..4).step_by(2).map(|i| w[i]).sum()", "sum(i in 0..2, w[1 + 2*i])");
    body(
        "(0..4).map(|i| (0..i).map(|j| w[i] * w[j]).sum::<f64>()).sum()",
        "sum(i in 0..4, sum(j in 0..i, w[i]*w[j]))",
    );
    body(
        "let n = x.len(); (0..n - 1).map(|i| a * (x[i + 1] - x[i])).sum()",
        "sum(i in 0..n-1, a*(x[i+1] - x[i]))",
    );
}

#[test]
fn adapters() {
    body("w.iter().enumerate().map(|(i, w)| w * i as f64).sum()", "sum(i, w[i]*i)");
    body("w.iter().skip(1).map(|w| w * w).sum()", "sum(i in 0..3, w[i+1]^2)");
    body("w.iter().take(2).product()", "prod(i in 0..2, w[i])");
    body("w[1..].iter().zip(&w[..3]).map(|(p, q)| p * q).sum()", "sum(i in 0..3, w[i+1]*w[i])");
    body("w[1..=2].iter().sum()", "sum(i in 0..2, w[i+1])");
    body("w.iter().rev().zip(w).map(|(p, q)| p * q).sum()", "sum(i in 0..4, w[3-i]*w[i])");
    body("w.windows(2).map(|p| (p[1] - p[0]).powi(2)).sum()", "sum(i in 0..3, (w[i+1] - w[i])^2)");
    body("w.windows(3).map(|p| p[0] * p[2]).sum()", "sum(i in 0..2, w[i]*w[i+2])");
    body("w.chunks_exact(2).map(|p| p[0] * p[1]).sum()", "sum(i in 0..2, w[2*i]*w[2*i+1])");
    body("w.into_iter().copied().map(f64::sin).sum()", "sum(i, sin(w[i]))");
    body("w.iter().copied().map(hesse::math::sigmoid).sum()", "sum(i, sigmoid(w[i]))");
    body("let g = |u: f64| u * a; w.iter().cloned().map(g).sum()", "sum(i, w[i]*a)");
    body(
        "x.iter().zip(y).zip(k).map(|((x, y), &k)| (y - a * x) * w[k]).sum()",
        "sum(i, (y[i] - a*x[i])*w[k[i]])",
    );
}

#[test]
fn filters_are_choices() {
    body("x.iter().filter(|x| **x > 0.0).map(|x| a * x).sum()", "sum(i, if(x[i] > 0, a*x[i], 0))");
    body("w.iter().filter(|&&w| w > a).product()", "prod(i, if(w[i] > a, w[i], 1))");
    body(
        "let mut e = 0.0; for (x, y) in x.iter().zip(y).filter(|(x, _)| **x > 0.0) { e += a * x * y; } e",
        "sum(i, if(x[i] > 0, a*x[i]*y[i], 0))",
    );
    body("a * x.iter().filter(|&&x| x > 1.0).count() as f64", "a*sum(i, if(x[i] > 1, 1, 0))");
    body("a * x.iter().count() as f64", "a*n");
    body("if x.iter().any(|&x| x > 1.0) { a } else { b }", "if(sum(i, if(x[i] > 1, 1, 0)) > 0, a, b)");
    body("if x.iter().all(|&x| x > 1.0) { a } else { b }", "if(sum(i, if(not (x[i] > 1), 1, 0)) == 0, a, b)");
}

#[test]
fn rows_flatten() {
    super::agree(
        "",
        "fn f(m: &[[f64; 2]; 3]) -> f64 { m.iter().flatten().map(|m| m * m).sum() }",
        "param m[3, 2]; sum(i, j, m[i, j]^2)",
    );
    super::agree(
        "",
        "fn f(m: &[[f64; 2]; 3]) -> f64 { let mut e = 0.0; for m in m.iter().flatten() { e += m; } e }",
        "param m[3, 2]; sum(i, sum(j, m[i, j]))",
    );
    super::agree(
        "",
        "fn f(m: &[[f64; 2]; 3]) -> f64 { m.iter().map(|r| r.iter().sum::<f64>().powi(2)).sum() }",
        "param m[3, 2]; sum(i, sum(j, m[i, j])^2)",
    );
}

#[test]
fn folds_are_loops() {
    body("w.iter().fold(0.0, |s, w| s + w * w)", "sum(i, w[i]^2)");
    body("w.iter().fold(0.0, |w, s| w + s)", "sum(i, w[i])");
    body("w.iter().fold(0.0, |s, w| w + s - 1.0)", "sum(i, w[i] - 1)");
    body("w.iter().fold(1.0, |s, w| s * w)", "prod(i, w[i])");
    body("w.iter().copied().fold(f64::NEG_INFINITY, f64::max)", "max(i, w[i])");
    body("w.iter().fold(f64::INFINITY, |m, &w| m.min(w))", "min(i, w[i])");
    body("w.iter().fold(f64::NEG_INFINITY, |m, w| w.max(m))", "max(i, w[i])");
    body("w.iter().fold(a, |p, w| p * b + w)", "(((a*b + w[0])*b + w[1])*b + w[2])*b + w[3]");
    body("w.iter().rev().fold(0.0, |p, w| p * a + w)", "(((0*a + w[3])*a + w[2])*a + w[1])*a + w[0]");
}

#[test]
fn arrays_are_collected() {
    body(
        "let s: Vec<f64> = w.iter().map(|w| w.exp()).collect(); s.iter().sum::<f64>() * s[2]",
        "sum(i, exp(w[i]))*exp(w[2])",
    );
    body(
        "let s = x.iter().map(|x| a * x).collect::<Vec<f64>>(); s.iter().zip(x).map(|(s, x)| s * x).sum()",
        "sum(i, a*x[i]*x[i])",
    );
    body("let s = w.map(|w| w * a); s[0] + s[3]", "w[0]*a + w[3]*a");
    body("let s: [f64; 4] = std::array::from_fn(|i| w[i] * i as f64); s.iter().sum()", "sum(i, w[i]*i)");
    body("let s = std::array::from_fn::<f64, 4, _>(|i| w[i] * a); s.iter().sum()", "sum(i, w[i]*a)");
    body(
        "let s: Vec<f64> = (0..4).map(|i| w[i] * a).collect(); let t = &s[1..3]; t[0] + t[1]",
        "w[1]*a + w[2]*a",
    );
    body("let s = vec![a; 3]; let t = vec![a, b]; s[1] * t[1]", "a*b");
    body(
        "let (bias, slopes) = (w[0], &w[1..]); bias + slopes.iter().map(|s| s * a).sum::<f64>()",
        "w[0] + sum(i in 0..3, w[i+1]*a)",
    );
    body("let s: Vec<f64> = w.iter().rev().copied().collect(); s[0] - s[3]", "w[3] - w[0]");
}
