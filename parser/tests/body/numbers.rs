//! Methods and constants of numbers, integers, casts.

use super::body;

#[test]
fn methods() {
    body("a.powi(3) + a.powf(b) + a.powf(0.5) + f64::powi(b, -1)", "a^3 + a^b + sqrt(a) + b^-1");
    body("a.mul_add(b, 1.0) + f64::mul_add(a, a, b)", "(a*b + 1) + (a*a + b)");
    body("a.clamp(-1.0, 1.0) + a.signum() + a.recip()", "min(max(a, -1), 1) + if(a < 0, -1, 1) + 1/a");
    body("a.to_radians() + b.to_degrees()", "a*0.017453292519943295 + b*57.29577951308232");
    body("a.fract() + a.copysign(b)", "(a - trunc(a)) + abs(a)*if(b < 0, -1, 1)");
    body("if a.is_sign_negative() { b } else { 1.0 }", "if(a < 0, b, 1)");
    body(
        "a.max(b).min(2.0) + f64::abs(a) + f64::sqrt(b) + f64::hypot(a, b)",
        "min(max(a, b), 2) + abs(a) + sqrt(b) + hypot(a, b)",
    );
    body(
        "a.log(2.0) + a.log2() + a.log10() + a.exp2() + a.cbrt()",
        "log(a, 2) + log2(a) + log10(a) + exp2(a) + cbrt(a)",
    );
    body("(a.sin_cos().0 + b.sin_cos().1).atan2(b)", "atan2(sin(a) + cos(b), b)");
    body("f64::max(a, 0.0) + (-a).max(0.0)", "max(a, 0) + max(-a, 0)");
}

#[test]
fn constants() {
    body("std::f64::consts::PI * a + core::f64::consts::TAU * b", "pi*a + 6.283185307179586*b");
    body("a + f64::EPSILON + std::f64::EPSILON * b", "a + 2.220446049250313e-16 + 2.220446049250313e-16*b");
}

#[test]
fn integers() {
    body("(0..4).map(|i| w[i] * ((i + 1) as f64).powi(2)).sum()", "sum(i in 0..4, w[i]*(i + 1)^2)");
    body("(0..4).map(|i| w[i].powi(i as i32 + 1)).sum()", "sum(i in 0..4, w[i]^(i + 1))");
    body("(0..2).map(|i| w[2 * i + 1] * w[3 - i]).sum()", "sum(i in 0..2, w[2*i + 1]*w[3 - i])");
    body("let n = 4 / 2; (0..n).map(|i| w[i]).sum()", "sum(i in 0..2, w[i])");
    body("a * (x.len() / 2) as f64", "a*trunc(n/2)");
    body(
        "(0..4).map(|i| if i % 2 == 0 { w[i] } else { -w[i] }).sum()",
        "sum(i in 0..4, if(i - trunc(i/2)*2 == 0, w[i], -w[i]))",
    );
    body("w[5 % 3] + w[7usize as usize % 4]", "w[2] + w[3]");
    body("let n = x.len(); let m = n as f64 - 1.0; a / m", "a/(n - 1)");
    body("f64::from(3u8) * a + 2f64 * b + 1_000.0", "3*a + 2*b + 1000");
    body("let j = k[1]; w[j] + w[k[0] as usize] * k[2] as f64", "w[k[1]] + w[k[0]]*k[2]");
    body("(0..4).map(|i| w[i] * (i as i32 - 2).abs() as f64).sum()", "sum(i in 0..4, w[i]*abs(i - 2))");
}
