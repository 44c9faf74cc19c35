//! What is printed is read back as the same graph.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod common;

use common::{dump, model};
use hesse_symbolic::print::{Notation, print};

#[test]
fn printed_formulas_parse_back() {
    for (head, body) in [
        ("param x, y", "(1 - x)^2 + 100*(y - x^2)^2"),
        ("param x, y", "-x^2 - (-x)^3*y + x/y/2 - 2/(3*x*y) + 0.1*x - 1e-30"),
        ("param x, y", "x^y + x^-2 + x^0.5 + sqrt(y)^3 + 2^x + (x + y)^2.5 + x^(1/3)"),
        ("param x, y", "exp(x) + expm1(y) + log1p(x) + ln(x*y) + log2(x) + log10(y) + cbrt(x) + exp2(y)"),
        ("param x, y", "sin(x)*cos(y)*tan(x) + asin(x) + acos(y) + atan(x) + sinh(x) + cosh(y) + tanh(x)"),
        (
            "param x, y",
            "asinh(x) + acosh(y) + atanh(x) + abs(x) + sign(y) + floor(x) + ceil(y) + round(x) + trunc(y)",
        ),
        ("param x, y", "sigmoid(x) + softplus(y) + relu(x) + erf(y) + erfc(x) + atan2(x, y) + hypot(x, y)"),
        ("param x, y", "min(x, y) + max(x, y, 3) + log_sigmoid(x) + logsumexp(x, y)"),
        ("param x, y", "if(x < y and not y == 2 or x >= 3*y, x, if(x != 1, -y, 0))"),
        ("param x", "x * pi + e*x + 12345678.9*x"),
        ("param w[3]", "w[0] + 2*w[1] + sum(i, w[i]^2) + prod(i, w[i]) + sum(i in 0..2, w[i]*w[i+1])"),
        ("param w[d], b; data x[n, d], t[n]", "sum(i, (t[i] - b - sum(j, w[j]*x[i,j]))^2)/n + mean(j, w[j])"),
        ("param w[d]; data c[n], z[n]", "sum(k, (w[c[k]] - z[k])^2) + sum(k, k*z[k])"),
        ("param p[n, 3]", "sum(i, j in 0..i, exp(-sum(k, (p[i,k] - p[j,k])^2)))"),
        ("param w[d]; data x[n]", "sum(i, logsumexp(j, w[j]*x[i]) - max(j, w[j]*x[i]) + min(j, w[j]))"),
        ("param w[n]", "sum(i in 1..n-1, (w[i-1] - 2*w[i] + w[i+1])^2) + sum(i, w[n-1-i]*w[i])"),
        (
            "param a, b; data x[n]",
            "sum(i, exp(a + b*x[i])/(1 + exp(a + b*x[i]))) + (exp(a + 2*b) + 1)^2 + sin(exp(a + 2*b) + 1)",
        ),
    ] {
        let first = model(&format!("{head}; {body}"));
        let formula = print(&first.graph, &[first.error], Notation::Text, &[]);
        let mut printed = format!("{head}\n");
        for (name, part) in &formula.shared {
            printed.push_str(&format!("{name} = {part}\n"));
        }
        printed.push_str(&format!("E = {}\n", formula.texts[0]));
        assert_eq!(dump(&first), dump(&model(&printed)), "{printed}");
    }
}
