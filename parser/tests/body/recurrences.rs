//! Loops of constant length in which each iteration needs the one before.

use super::body;

#[test]
fn iterations_are_written_out() {
    body("let mut z = a; for _ in 0..3 { z = z * z + b; } z", "x1 = a*a + b; x2 = x1*x1 + b; x2*x2 + b");
    body("let mut z = a; for i in 0..2 { z = z.sin() * w[i]; } z", "sin(sin(a)*w[0])*w[1]");
    body(
        "let mut p = 0.0; for c in w.iter().rev() { p = p * a + c; } p",
        "((w[3]*a + w[2])*a + w[1])*a + w[0]",
    );
    body(
        "let mut p = w[3]; for i in (0..3).rev() { p = p * a + w[i]; } p",
        "((w[3]*a + w[2])*a + w[1])*a + w[0]",
    );
    body("let (mut p, mut q) = (a, b); for _ in 0..2 { (p, q) = (q, p + q); } q", "b + (a + b)");
    body(
        "let mut e = 0.0; let mut i = 1; for w in w { e += w * i as f64; i += 2; } e",
        "w[0]*1 + w[1]*3 + w[2]*5 + w[3]*7",
    );
    body("let mut e = a; for w in w { e += w; e *= b; } e", "((((a + w[0])*b + w[1])*b + w[2])*b + w[3])*b");
    body(
        "let mut m = w[0]; for &v in w { if v > m { m = v; } } m",
        "m1 = if(w[0] > w[0], w[0], w[0]); m2 = if(w[1] > m1, w[1], m1); m3 = if(w[2] > m2, w[2], m2); if(w[3] > m3, w[3], m3)",
    );
}

#[test]
fn elements_follow_each_other() {
    body(
        "let mut y = [0.0; 4]; y[0] = a; for i in 0..3 { y[i + 1] = y[i] + b * y[i].sin(); } y[3]",
        "y1 = a + b*sin(a); y2 = y1 + b*sin(y1); y2 + b*sin(y2)",
    );
    body(
        "let mut y = *w; for _ in 0..2 { for i in 1..4 { y[i] += y[i - 1]; } } y[2]",
        "w[2] + (w[1] + w[0]) + (w[1] + w[0] + w[0])",
    );
}

#[test]
fn sums_inside_stay_sums() {
    body(
        "let mut z = a; for _ in 0..2 { let s: f64 = x.iter().map(|x| z * x).sum(); z -= b * s; } z",
        "a - b*sum(i, a*x[i]) - b*sum(i, (a - b*sum(j, a*x[j]))*x[i])",
    );
}
