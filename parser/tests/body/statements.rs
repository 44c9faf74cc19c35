//! Bindings, accumulators, items, blocks.

use super::body;

#[test]
fn bindings_shadow_and_come_apart() {
    body("let a = a * 2.0; let a = a + b; a", "a*2 + b");
    body("let (p, q) = (a, b); let ((r, _), s) = ((p * q, p), q); r + s", "a*b + b");
    body("let [p, q, r, s] = *w; p * q + r * s", "w[0]*w[1] + w[2]*w[3]");
    body("let &[p, _, _, s] = w; p * s", "w[0]*w[3]");
    body("let [p, q] = [a, b]; p - q", "a - b");
    body("let c; c = a * b; c", "a*b");
    body("let (mut p, mut q) = (a, b); (p, q) = (q, p + q); [p, q] = [q * p, p]; p / q", "(a + b)*b/b");
    body("let mut p = a; _ = p; p += b; p", "a + b");
    body("let t = (a, (b, 2.0)); t.0 * t.1.0 * t.1.1", "a*b*2");
}

#[test]
fn accumulators_are_chains() {
    body("let mut e = a; e += b; e -= a * b; e", "a + b - a*b");
    body("let mut e = a; e *= b; e /= 2.0; e", "a*b/2");
    body("let mut e = a; e = e + b - 1.0; e", "a + (b - 1)");
    body("let mut e = a; e = b + e; e = e * b * a; e", "(a + b)*(b*a)");
    body("let mut e = a; e = b * e / a; e = e / b; e", "a*(b/a)/b");
    body("let mut e = a; e = e.max(b); e = f64::min(e, 2.0); e = b.max(e); e", "max(min(max(a, b), 2), b)");
    body("let mut e = 0.0; for i in 0..4 { e += w[i] * w[i]; e -= w[i]; } e", "sum(i, w[i]*w[i] - w[i])");
    body("let mut e = 1.0; for i in 0..4 { e *= w[i]; e /= a; } e", "prod(i, w[i]/a)");
    body(
        "let mut e = 0.0; let mut q = 0.0; for i in 0..4 { e += w[i]; for j in 0..i { q += w[i] * w[j]; } } e * q",
        "sum(i, w[i]) * sum(i, sum(j in 0..i, w[i]*w[j]))",
    );
    body("let mut m = f64::NEG_INFINITY; for w in w { m = m.max(w * a); } m", "max(i, w[i]*a)");
    body("let mut m = f64::INFINITY; for w in w { m = m.min(*w); } m", "min(i, w[i])");
    body(
        "let mut e = 0.0; for (x, y) in x.iter().zip(y) { let r = y - a * x; e += r * r; } e",
        "r[i] = y[i] - a*x[i]; sum(i, r[i]^2)",
    );
}

#[test]
fn items_are_known_in_their_block() {
    body("const C: f64 = 2.0 * D; const D: f64 = 0.5; C * a", "2*0.5*a");
    body("const C: f64 = 2.5; static D: f64 = 0.5; C * a + D * b", "2.5*a + 0.5*b");
    body(
        "use std::f64::consts::PI; use std::f64::consts::{E, LN_2 as L}; PI * a + E * b + L",
        "pi*a + e*b + 0.6931471805599453",
    );
    body("use std::f64::consts; consts::PI * a", "pi*a");
    body(
        "use hesse::math::sigmoid; use hesse::math; sigmoid(a) + math::softplus(b)",
        "sigmoid(a) + softplus(b)",
    );
}

#[test]
fn functions_inside_are_closures() {
    body(
        "return outer(a, b); fn outer(x: f64, y: f64) -> f64 { inner(x) * y } fn inner(x: f64) -> f64 { x.sin() + 1.0 }",
        "(sin(a) + 1)*b",
    );
    body(
        "fn relu(x: f64) -> f64 { if x <= 0.0 { return 0.0; } x } w.iter().map(|&w| relu(w)).sum()",
        "sum(i, if(w[i] <= 0, 0, w[i]))",
    );
    body(
        "let g = |u: f64, v: f64| -> f64 { let s = u + v; s * s }; g(a, b) - g(b, 1.0)",
        "(a + b)^2 - (b + 1)^2",
    );
    body("let g = |(u, v): (f64, f64)| u * v; g((a, b))", "a*b");
    body(
        "fn norm(v: &[f64; 4]) -> f64 { v.iter().map(|v| v * v).sum::<f64>().sqrt() } norm(w)",
        "sqrt(sum(i, w[i]^2))",
    );
}

#[test]
fn blocks_have_values() {
    body("let c = { let a = a + 1.0; a * b }; { c + a }", "(a + 1)*b + a");
    body("let mut e = a; { let c = b * 2.0; e += c; } e", "a + b*2");
    body("return a * b;", "a*b");
    body("assert!(b > 0.0); debug_assert_eq!(x.len(), y.len()); a", "a");
}
