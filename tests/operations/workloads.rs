//! The error functions whose operations are counted.

use std::fmt::Write;

pub(crate) const ROSENBROCK: &str = "(1 - x)^2 + 100*(y - x^2)^2";

pub(crate) const LOGISTIC: &str = "param w[10], b\ndata x[n, 10], t[n]\na[i] = b + sum(j, w[j]*x[i, j])\n\
    E = sum(i, softplus(a[i]) - t[i]*a[i]) + 1e-3/2*sum(j, w[j]^2)";

pub(crate) const GAUSS3: &str = "param b[8]\ndata x[n], y[n]\n\
    E = 1/2*sum(i, (y[i] - b[0]*exp(-b[1]*x[i]) - b[2]*exp(-(x[i] - b[3])^2/b[4]^2) \
    - b[5]*exp(-(x[i] - b[6])^2/b[7]^2))^2)";

pub(crate) const MLP: &str = "param w1[8, 4], b1[8], w2[3, 8], b2[3]\ndata x[n, 4], t[n, 3]\n\
    h[i, j] = tanh(b1[j] + sum(k, w1[j, k]*x[i, k]))\n\
    z[i, c] = b2[c] + sum(j, w2[c, j]*h[i, j])\n\
    E = sum(i, logsumexp(c, z[i, c]) - sum(c, t[i, c]*z[i, c]))";

pub(crate) const MIXTURE: &str = "param alpha[5], mu[5, 2], q[5, 2], l[5]\ndata x[n, 2]\n\
    u[i, k] = exp(q[k, 0])*(x[i, 0] - mu[k, 0])\n\
    v[i, k] = l[k]*(x[i, 0] - mu[k, 0]) + exp(q[k, 1])*(x[i, 1] - mu[k, 1])\n\
    E = -sum(i, logsumexp(k, alpha[k] + sum(a, q[k, a]) - 1/2*(u[i, k]^2 + v[i, k]^2)))";

pub(crate) const CLUSTER: &str = "param x[13, 3]\n\
    r2[i, j] = sum(a, (x[i, a] - x[j, a])^2)\n\
    E = sum(i in 0..12, sum(j in 0..i-1, 4*(r2[i, j]^-6 - r2[i, j]^-3)))";

pub(crate) const CHAIN: &str = "param x[n]\nE = sum(i in 0..n-2, 100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2)";

pub(crate) const FACTORIZATION: &str = "param u[20, 5], v[30, 5]\ndata r[n], i[n], j[n]\n\
    E = 1/2*sum(k, (r[k] - sum(f, u[i[k], f]*v[j[k], f]))^2)";

/// Π xᵢ.
pub(crate) fn product(factors: usize) -> String {
    (0..factors).map(|i| format!("x{i}")).collect::<Vec<_>>().join("*")
}

/// y = x; several times yᵢ ← sin(yᵢ)·yᵢ₊₁ + yᵢ₊₂²; Σ yᵢ².
pub(crate) fn swell(times: usize) -> String {
    let mut text = "param x[10]\n".to_owned();
    let name = |time: usize, i: usize| if time == 0 { format!("x[{i}]") } else { format!("y{time}_{i}") };
    for time in 0..times {
        for i in 0..10 {
            let [a, b, c] = [0, 1, 2].map(|ahead| name(time, (i + ahead) % 10));
            writeln!(text, "{} = sin({a})*{b} + {c}^2", name(time + 1, i)).unwrap();
        }
    }
    let squares: Vec<_> = (0..10).map(|i| format!("{}^2", name(times, i))).collect();
    text + "E = " + &squares.join(" + ")
}

/// The squared distance of the tip of a serial arm of seven joints from a target, from the tip to the base:
/// p ← Rz(θ) (Rx(α) p + (a, 0, d)).
pub(crate) fn arm() -> String {
    // a, d, cos α, sin α
    let joints = [
        [0.11, 0.34, 0.28, 0.96],
        [0.23, 0.07, 0.6, -0.8],
        [0.05, 0.41, 0.8, 0.6],
        [0.31, 0.02, 0.96, -0.28],
        [0.09, 0.37, -0.6, 0.8],
        [0.17, 0.13, 0.28, -0.96],
        [0.04, 0.19, -0.8, 0.6],
    ];
    let mut text = "param q[7]\nx7 = 0\ny7 = 0\nz7 = 0\n".to_owned();
    for (i, [a, d, c, s]) in joints.iter().enumerate().rev() {
        let next = i + 1;
        writeln!(text, "u{i} = x{next} + {a}").unwrap();
        writeln!(text, "v{i} = {c}*y{next} - {s}*z{next}").unwrap();
        writeln!(text, "z{i} = {s}*y{next} + {c}*z{next} + {d}").unwrap();
        writeln!(text, "x{i} = cos(q[{i}])*u{i} - sin(q[{i}])*v{i}").unwrap();
        writeln!(text, "y{i} = sin(q[{i}])*u{i} + cos(q[{i}])*v{i}").unwrap();
    }
    text + "E = (x0 - 0.3)^2 + (y0 - 0.2)^2 + (z0 - 0.7)^2"
}
