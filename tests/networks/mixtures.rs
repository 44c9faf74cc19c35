//! Likelihoods: log-sum-exp over components, over rows, and over what comes after a row.

use hesse_testkit::oracle::{DualNum, HyperDual64 as Dual};
use hesse_testkit::random::Numbers;

use super::problem::{Problem, numbers, sum, zero};

/// A mixture of Gaussians whose inverse covariances are QᵀQ with lower triangular Q; the diagonal of Q is e^q.
pub(crate) fn gaussians(rows: usize, [components, axes]: [usize; 2], seed: u64) -> Problem {
    let text = "param alpha[k], mu[k, d], q[k, d], l[k, d, d]\ndata x[n, d]\n\
        u[i, c, a] = exp(q[c, a])*(x[i, a] - mu[c, a]) + sum(b in 0..a, l[c, a, b]*(x[i, b] - mu[c, b]))\n\
        s[i, c] = alpha[c] + sum(a, q[c, a]) - 1/2*sum(a, u[i, c, a]^2)\n\
        E = n*logsumexp(c, alpha[c]) - sum(i, logsumexp(c, s[i, c]))";
    let factor = move |l: &[Dual], c: usize, a: usize, b: usize| l[(c * axes + a) * axes + b];
    gaussians_of(text, components * axes * axes, factor, rows, [components, axes], seed)
}

/// The same with the triangles packed, found by a table of two axes.
pub(crate) fn packed_gaussians(rows: usize, [components, axes]: [usize; 2], seed: u64) -> Problem {
    let text = "param alpha[k], mu[k, d], q[k, d], l[k, m]\ndata x[n, d], at[d, d]\n\
        u[i, c, a] = exp(q[c, a])*(x[i, a] - mu[c, a]) + sum(b in 0..a, l[c, at[a, b]]*(x[i, b] - mu[c, b]))\n\
        s[i, c] = alpha[c] + sum(a, q[c, a]) - 1/2*sum(a, u[i, c, a]^2)\n\
        E = n*logsumexp(c, alpha[c]) - sum(i, logsumexp(c, s[i, c]))";
    let triangle = (axes * (axes - 1) / 2).max(1);
    let place = |a: usize, b: usize| if b < a { a * (a - 1) / 2 + b } else { 0 };
    let table = (0..axes * axes).map(|at| place(at / axes, at % axes) as f64).collect();
    let factor = move |l: &[Dual], c: usize, a: usize, b: usize| l[c * triangle + place(a, b)];
    gaussians_of(text, components * triangle, factor, rows, [components, axes], seed)
        .data("at", &[axes, axes], table)
        .dimension("m", triangle)
}

fn gaussians_of(
    text: &str,
    factors: usize,
    factor: impl Fn(&[Dual], usize, usize, usize) -> Dual + 'static,
    rows: usize,
    [k, d]: [usize; 2],
    seed: u64,
) -> Problem {
    let mut random = Numbers::new(seed);
    let x = numbers(&mut random, rows * d, 2.0);
    let point = numbers(&mut random, k + 2 * k * d + factors, 0.7);
    Problem::new(text.to_owned(), point).data("x", &[rows, d], x.clone()).dimension("k", k).truth(move |w| {
        let (alpha, w) = w.split_at(k);
        let (mu, w) = w.split_at(k * d);
        let (q, l) = w.split_at(k * d);
        let term = |x: &[f64], c: usize| {
            let squares = sum(d, |a| {
                let off = |b: usize| -(mu[c * d + b] - x[b]);
                let u = q[c * d + a].exp() * off(a) + sum(a, |b| factor(l, c, a, b) * off(b));
                u * u
            });
            alpha[c] + sum(d, |a| q[c * d + a]) - squares * 0.5
        };
        let weights = sum(k, |c| alpha[c].exp()).ln() * rows as f64;
        x.chunks(d).fold(weights, |e, x| e - sum(k, |c| term(x, c).exp()).ln())
    })
}

/// Cox's partial likelihood: a row stands beside all that come after it.
pub(crate) fn risk_sets(rows: usize, [features, _]: [usize; 2], seed: u64) -> Problem {
    let text = "param b[d]\ndata x[n, d]\nr[i] = sum(j, b[j]*x[i, j])\n\
        E = sum(i in 0..n, logsumexp(k in i..n, r[k]) - r[i])";
    let mut random = Numbers::new(seed);
    let x = numbers(&mut random, rows * features, 1.0);
    let point = numbers(&mut random, features, 1.0);
    Problem::new(text.to_owned(), point).data("x", &[rows, features], x.clone()).truth(move |b| {
        let risks: Vec<Dual> = x.chunks(features).map(|x| sum(features, |j| b[j] * x[j])).collect();
        sum(rows, |i| sum(rows - i, |k| risks[i + k].exp()).ln() - risks[i])
    })
}

/// A contrastive loss: the embedding of a row is to be nearest to that of its partner among all rows.
pub(crate) fn contrast(rows: usize, [features, axes]: [usize; 2], seed: u64) -> Problem {
    let text = "param w[m, d]\ndata x[n, d], y[n, d]\n\
        p[i, a] = tanh(sum(j, w[a, j]*x[i, j]))\nq[i, a] = tanh(sum(j, w[a, j]*y[i, j]))\n\
        s[i, k] = sum(a in 0..m, p[i, a]*q[k, a])\n\
        E = sum(i in 0..n, logsumexp(k in 0..n, s[i, k]) - s[i, i])";
    let mut random = Numbers::new(seed);
    let [x, y] = [(); 2].map(|()| numbers(&mut random, rows * features, 1.0));
    let point = numbers(&mut random, axes * features, 1.0);
    Problem::new(text.to_owned(), point)
        .data("x", &[rows, features], x.clone())
        .data("y", &[rows, features], y.clone())
        .dimension("m", axes)
        .truth(move |w| {
            let embed = |x: &[f64]| -> Vec<Dual> {
                w.chunks(features).map(|w| sum(features, |j| w[j] * x[j]).tanh()).collect()
            };
            let [p, q] = [&x, &y].map(|x| x.chunks(features).map(embed).collect::<Vec<_>>());
            let s = |i: usize, k: usize| sum(axes, |a| p[i][a] * q[k][a]);
            (0..rows).fold(zero(), |e, i| e + sum(rows, |k| s(i, k).exp()).ln() - s(i, i))
        })
}
