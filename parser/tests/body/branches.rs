//! `if`, `match`, early returns and `continue`.

use super::body;

#[test]
fn choices_are_values() {
    body("if a > b { a } else if a < 0.0 { b } else { a * b }", "if(a > b, a, if(a < 0, b, a*b))");
    body("let big = a > 1.0 && b > 1.0; if big { a } else { b }", "if(a > 1 and b > 1, a, b)");
    body("let c = if a > b { a } else { b }; c * c", "if(a > b, a, b)^2");
    body("let (p, q) = if a > b { (a, b) } else { (b, a) }; p - q", "if(a > b, a, b) - if(a > b, b, a)");
    body(
        "let t = if a > b { a > 1.0 } else { b > 1.0 }; if t { a } else { b }",
        "if((a > b and a > 1) or (not (a > b) and b > 1), a, b)",
    );
    body("let v = if a > b { [a, 1.0, 2.0, b] } else { *w }; v[3]", "if(a > b, b, w[3])");
    body("f64::from(a > b) + (b > 1.0) as u8 as f64", "if(a > b, 1, 0) + if(b > 1, 1, 0)");
    body("if matches!(k[0], 0 | 3..=5) { a } else { b }", "if(k[0] == 0 or k[0] >= 3 and k[0] <= 5, a, b)");
    body("if true { a } else { b }", "a");
}

#[test]
fn branches_change_names() {
    body("let mut e = a; if b > 0.0 { e += b; } e", "a + if(b > 0, b, 0)");
    body("let mut e = a; if b > 0.0 { e += b; } else { e -= 2.0 * b; } e", "a + if(b > 0, b, -(2*b))");
    body("let mut e = a; if b > 0.0 { e *= b; } e", "a * if(b > 0, b, 1)");
    body("let mut e = a; if b > 0.0 { e = b; } e", "if(b > 0, b, a)");
    body("let mut e = a; if b > 0.0 { e = b; } else { e = -b; } e", "if(b > 0, b, -b)");
    body("let e; if b > 0.0 { e = b; } else { e = a; } e", "if(b > 0, b, a)");
    body("let mut e = a; if b > 0.0 { let c = b * 2.0; e += c; e *= e; } e", "if(b > 0, (a + b*2)^2, a)");
    body("let mut e = a; if b > 0.0 { e += 1.0; } else { e *= 2.0; } e", "if(b > 0, a + 1, a*2)");
    body(
        "let mut e = a; let c = if b > 0.0 { e += 1.0; b } else { 2.0 }; e * c",
        "(a + if(b > 0, 1, 0)) * if(b > 0, b, 2)",
    );
    body("let mut m = a; if b > m { m = b; } m", "if(b > a, b, a)");
    body(
        "let mut e = 0.0; for i in 0..x.len() { if x[i] > 0.0 { e += a * x[i]; } else if y[i] > 0.0 { e -= b; } } e",
        "sum(i, if(x[i] > 0, a*x[i], if(y[i] > 0, -b, 0)))",
    );
}

#[test]
fn matches_are_choices() {
    body(
        "let mut e = 0.0;
         for (&k, x) in k.iter().zip(x) { e += match k { 0 => a * x, 1 | 2 => b, 3..=5 => a, _ => 0.0 }; }
         e",
        "sum(i, if(k[i] == 0, a*x[i], if(k[i] == 1 or k[i] == 2, b, if(k[i] >= 3 and k[i] <= 5, a, 0))))",
    );
    body(
        "match x.len() { 0 => a, n if n > 3 => b * n as f64, n => n as f64 }",
        "if(n == 0, a, if(n > 3, b*n, n))",
    );
    body("match a > b { true => a, false => b }", "if(a > b, a, b)");
    body(
        "match (a > 0.0, b > 0.0) { (true, true) => a, (true, _) => b, _ => 1.0 }",
        "if(a > 0 and b > 0, a, if(a > 0, b, 1))",
    );
    body(
        "let mut e = a; match k[0] { 0 => e += 1.0, 1 => { e -= b; } _ => {} } e",
        "a + if(k[0] == 0, 1, if(k[0] == 1, -b, 0))",
    );
    body("match k[0] { 0 => a, 1 => b, _ => unreachable!() }", "if(k[0] == 0, a, b)");
    body("const ONE: usize = 1; match k[0] { ONE => a, _ => b }", "if(k[0] == 1, a, b)");
    body(
        "match k[0] as i32 - 2 { -1 => a, ..=0 => b, _ => 1.0 }",
        "if(k[0] - 2 == -1, a, if(k[0] - 2 <= 0, b, 1))",
    );
}

#[test]
fn arrays_match_by_their_elements() {
    body("match *w { [first, 0.0, ..] => first, [.., last] => last * b }", "if(w[1] == 0, w[0], w[3]*b)");
    body("if let [first, ..] = w { a * first } else { b }", "a*w[0]");
    body("match (k[0], a > b) { (0, true) => a, _ => b }", "if(k[0] == 0 and a > b, a, b)");
    body("let [first, .., last] = *w; first * last", "w[0]*w[3]");
    body("match *w { [first, .., last] => first * last }", "w[0]*w[3]");
}

#[test]
fn functions_return_early() {
    body("if x.is_empty() { return 0.0; } a * b", "if(n == 0, 0, a*b)");
    body(
        "let mut e = a; if b > 2.0 { return e; } e += b; if b > 1.0 { e *= 2.0; return e; } e -= 1.0; e",
        "if(b > 2, a, if(b > 1, (a + b)*2, a + b - 1))",
    );
    body("if a > b { return a; } else if b > 3.0 { return 3.0; } b", "if(a > b, a, if(b > 3, 3, b))");
    body("let mut e = a; if a > b { e = 1.0; } else { return b; } e * a", "if(a > b, 1*a, b)");
    body("match k[0] { 0 => return a, 1 => {} _ => return 1.0 } b", "if(k[0] == 0, a, if(k[0] == 1, b, 1))");
    body("if a > 0.0 { if b > 0.0 { return a; } } b", "if(a > 0, if(b > 0, a, b), b)");
    body("if a > 0.0 { return b; } else { return a; }", "if(a > 0, b, a)");
    body(
        "if a > 0.0 { return g(b); } const C: f64 = 2.0; fn g(u: f64) -> f64 { u * C } g(a)",
        "if(a > 0, b*2, a*2)",
    );
    body("if x.len() < 2 { panic!(\"too few\"); } a", "a");
}

#[test]
fn bindings_jump() {
    body(
        "let c = match k[0] { 0 => a, 1 => return b, _ => { return 1.0; } }; c * 2.0",
        "if(k[0] == 0, a*2, if(k[0] == 1, b, 1))",
    );
    body("let c = if a > 0.0 { a } else { return b }; c * c", "if(a > 0, a*a, b)");
    body(
        "let mut e = 0.0;
         for (x, &k) in x.iter().zip(k) { let r = match k { 0 => *x, 1 => continue, _ => a }; e += r * b; }
         e",
        "sum(i, if(k[i] == 0, x[i]*b, if(k[i] == 1, 0, a*b)))",
    );
}

#[test]
fn what_branches_bind_ends_with_them() {
    body("if a > 0.0 { let b = 2.0; if b > a { return b; } } a * b", "if(a > 0, if(2 > a, 2, a*b), a*b)");
    body(
        "let mut e = 0.0;
         for v in x { if *v > 0.0 { let a = 2.0; if *v > 1.0 { continue; } e += a; } else { let b = 3.0; e += b; } e += a * b; }
         e",
        "sum(i, if(x[i] > 0, if(x[i] > 1, 0, 2 + a*b), 3 + a*b))",
    );
    body(
        "let mut e = a; match k[0] { a => { let b = 2.0; e += b * a as f64; } } e * a * b",
        "(a + 2*k[0])*a*b",
    );
    body("let c = match k[0] { 0 => return a, b => b as f64 }; c * b", "if(k[0] == 0, a, k[0]*b)");
    body("{ let a = 2.0; { let b = a; assert!(b > 1.0); } } a * b", "a*b");
    body("if x.is_empty() { panic!() } else { let a = 3.0; assert!(a > 2.0); } a", "a");
}

#[test]
fn loops_skip_rows() {
    body(
        "let mut e = 0.0; for i in 0..x.len() { if x[i] < 0.0 { continue; } let r = y[i] - a; e += r * r; } e",
        "r[i] = y[i] - a; sum(i, if(x[i] < 0, 0, r[i]^2))",
    );
    body(
        "let mut e = 0.0;
         for (x, &k) in x.iter().zip(k) {
             if k == 0 { e += a; continue; }
             match k { 1 => continue, 2 => e += b, _ => { if *x > 1.0 { continue; } } }
             e += x * a;
         }
         e",
        "sum(i, if(k[i] == 0, a, if(k[i] == 1, 0, if(k[i] == 2, b + x[i]*a, if(x[i] > 1, 0, x[i]*a)))))",
    );
}
