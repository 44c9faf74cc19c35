// Loops and branches that change names outside of them.

forms! {
    a b w x y k;
    nested_sums { let mut e = 0.0; for i in 0..4 { for j in 0..i { e += w[i] * w[j] * a; } } e }
    conditional_sum { let mut e = 0.0; for i in 0..4 { if w[i] > 0.0 { e += w[i]; } } e * a }
    conditional_product { let mut e = 1.0; for i in 0..4 { if w[i] > 0.0 { e *= w[i]; } else { e /= 2.0; } } e * a }
    carried_recurrence { let mut p = a; for i in 0..4 { p = p * b + w[i]; } p }
    carried_recurrence_backward { let mut p = a; for i in (0..4).rev() { p = p * b + w[i]; } p }
    carried_backward_by_item { let mut p = a; for w in w.iter().rev() { p = p * b + w; } p }
    carried_under_condition { let mut p = a; for i in 0..4 { if w[i] > 0.0 { p = p * b; } else { p += w[i]; } } p }
    two_carried { let (mut p, mut q) = (a, b); for i in 0..4 { (p, q) = (q, p + w[i] * q); } p * q }
    largest { let mut m = f64::NEG_INFINITY; for i in 0..4 { m = m.max(w[i] * a); } m }
    smallest { let mut m = f64::INFINITY; for v in w { m = v.min(m); } m * b }
    last_wins { let mut p = a; for i in 0..4 { p = w[i]; } p * b }
    shadowed { let e = a; let mut t = 0.0; for i in 0..4 { let e = w[i] * e; t += e; } t + e }
    shadowed_in_a_branch { let mut t = a; if b > 0.0 { let mut t = b; t += 1.0; let _ = t; } t += 1.0; t }
    assigned_in_branches { let t; if a > b { t = a; } else { t = b * w[0]; } t * t }
    total_and_count { let (mut s, mut n) = (0.0, 0); for v in x { if *v > 0.0 { s += v * a; n += 1; } } s / (n as f64 + 1.0) }
    counted { let mut n = 0; for i in 0..4 { if w[i] > 0.0 { n += 1; } } a * n as f64 }
    early_return { if a > 0.5 { return b; } let mut e = 0.0; for v in w { e += v; } e * a }
    skipped { let mut e = 0.0; for i in 0..4 { if i == 2 { continue; } if w[i] < 0.0 { continue; } e += w[i]; } e + a }
    block_values { let s = { let t = a * b; t + w[0] }; s * s }
    closures { let f = |u: f64| u * a + b; w.iter().map(|&w| f(f(w))).sum() }
    inclusive { let mut e = 0.0; for i in 1..=3 { e += w[i] * i as f64; } e }
    empty { let mut e = a; for i in 3..1 { e += w[i]; } e }
    strides { let mut e = 0.0; for i in (0..4).step_by(3) { e += w[i] * a; } e }
    strides_backward { let mut p = a; for i in (0..4).step_by(2).rev() { p = p * b + w[i]; } p }
    strides_of_backward { let mut p = a; for i in (0..4).rev().step_by(3) { p = p * b + w[i]; } p }
    subtracted { let mut e = a; for v in w { e -= v * v; } e -= b; e }
    scaled_in_two_loops { let mut z = [1.0; 4]; for i in 0..4 { for j in 0..3 { z[i] = z[i] * (w[j] + 3.0) / 2.0; } } z[0] * z[3] }
}
