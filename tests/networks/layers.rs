//! Networks that are no chain of layers: shared, transposed, shifted and looked-up weights, attention, recurrence.

use hesse_testkit::oracle::{DualNum, HyperDual64 as Dual};
use hesse_testkit::random::Numbers;

use super::problem::{Problem, numbers, sum, zero};

/// Targets one per row, ½ Σ (output − target)².
fn regression(
    text: &str,
    rows: usize,
    features: usize,
    parameters: usize,
    seed: u64,
    output: impl Fn(&[Dual], &[f64]) -> Dual + Clone + 'static,
) -> Problem {
    let mut random = Numbers::new(seed);
    let x = numbers(&mut random, rows * features, 1.2);
    let y = numbers(&mut random, rows, 1.0);
    let point = numbers(&mut random, parameters, 0.8);
    Problem::new(text.to_owned(), point)
        .data("x", &[rows, features], x.clone())
        .data("y", &[rows], y.clone())
        .squares(0.5, move |w| x.chunks(features).zip(&y).map(|(x, y)| output(w, x) - *y).collect())
}

/// Bumps around centers.
pub(crate) fn radial(rows: usize, [d, h]: [usize; 2], seed: u64) -> Problem {
    let text = "param c[h, d], g[h], v[h]\ndata x[n, d], y[n]\n\
        r[i, j] = sum(k, (x[i, k] - c[j, k])^2)\n\
        E = 1/2*sum(i, (sum(j, v[j]*exp(-g[j]^2*r[i, j])) - y[i])^2)";
    regression(text, rows, d, h * (d + 2), seed, move |w, x| {
        let (c, w) = w.split_at(h * d);
        let (g, v) = w.split_at(h);
        let r = |j: usize| sum(d, |k| (c[j * d + k] - x[k]).powi(2));
        sum(h, |j| v[j] * (-(g[j] * g[j] * r(j))).exp())
    })
    .dimension("h", h)
}

/// Layers that add to what they get, all with the same weights.
pub(crate) fn residual(rows: usize, [d, _]: [usize; 2], seed: u64) -> Problem {
    let text = "param w[d, d], b[d], v[d]\ndata x[n, d], y[n]\n\
        p[i, j] = x[i, j] + tanh(b[j] + sum(k in 0..d, w[j, k]*x[i, k]))\n\
        q[i, j] = p[i, j] + tanh(b[j] + sum(k in 0..d, w[j, k]*p[i, k]))\n\
        r[i, j] = q[i, j] + tanh(b[j] + sum(k in 0..d, w[j, k]*q[i, k]))\n\
        E = 1/2*sum(i, (sum(j in 0..d, v[j]*r[i, j]) - y[i])^2)";
    regression(text, rows, d, d * (d + 2), seed, move |w, x| {
        let (w, rest) = w.split_at(d * d);
        let (b, v) = rest.split_at(d);
        let mut z: Vec<Dual> = x.iter().map(|&x| Dual::from(x)).collect();
        for _ in 0..3 {
            z = (0..d).map(|j| z[j] + (b[j] + sum(d, |k| w[j * d + k] * z[k])).tanh()).collect();
        }
        sum(d, |j| v[j] * z[j])
    })
}

/// Inputs of units brought to mean 0 and variance about 1 over all rows, then over the units of each row.
pub(crate) fn normalized(rows: usize, [d, h]: [usize; 2], seed: u64) -> Problem {
    let text = "param w[h, d], v[h]\ndata x[n, d], y[n]\n\
        s[i, j] = sum(k, w[j, k]*x[i, k])\n\
        m[j] = mean(i in 0..n, s[i, j])\n\
        p[i, j] = tanh((s[i, j] - m[j])/sqrt(0.1 + mean(l in 0..n, (s[l, j] - m[j])^2)))\n\
        q[i] = mean(j in 0..h, p[i, j])\n\
        r[i] = sqrt(0.1 + mean(j in 0..h, (p[i, j] - q[i])^2))\n\
        E = 1/2*sum(i, (sum(j, v[j]*(p[i, j] - q[i])/r[i]) - y[i])^2)";
    let mut random = Numbers::new(seed);
    let x = numbers(&mut random, rows * d, 1.2);
    let y = numbers(&mut random, rows, 1.0);
    let point = numbers(&mut random, h * (d + 1), 0.8);
    Problem::new(text.to_owned(), point)
        .data("x", &[rows, d], x.clone())
        .data("y", &[rows], y.clone())
        .dimension("h", h)
        .squares(0.5, move |w| {
            let (w, v) = w.split_at(h * d);
            let s = |i: usize, j: usize| sum(d, |k| w[j * d + k] * x[i * d + k]);
            let columns: Vec<Vec<Dual>> =
                (0..h).map(|j| normal((0..rows).map(|i| s(i, j)).collect())).collect();
            let row = |i: usize| normal(columns.iter().map(|column| column[i].tanh()).collect());
            (0..rows).map(|i| row(i).iter().zip(v).fold(zero(), |s, (z, v)| s + *v * *z) - y[i]).collect()
        })
}

/// Less their mean, over the root of their variance and 0.1.
fn normal(values: Vec<Dual>) -> Vec<Dual> {
    let mean = |of: &dyn Fn(Dual) -> Dual| sum(values.len(), |i| of(values[i])) / values.len() as f64;
    let center = mean(&|v| v);
    let width = (mean(&|v| (v - center).powi(2)) + 0.1).sqrt();
    values.iter().map(|v| (*v - center) / width).collect()
}

/// A matrix there, its transpose back.
pub(crate) fn autoencoder(rows: usize, [d, h]: [usize; 2], seed: u64) -> Problem {
    let text = "param w[h, d], b[h], c[d]\ndata x[n, d]\n\
        z[i, j] = sigmoid(b[j] + sum(k, w[j, k]*x[i, k]))\n\
        E = sum(i, sum(k, (c[k] + sum(j, w[j, k]*z[i, j]) - x[i, k])^2))";
    let mut random = Numbers::new(seed);
    let x = numbers(&mut random, rows * d, 1.0);
    let point = numbers(&mut random, h * (d + 1) + d, 0.8);
    Problem::new(text.to_owned(), point).data("x", &[rows, d], x.clone()).dimension("h", h).squares(
        1.0,
        move |w| {
            let (w, rest) = w.split_at(h * d);
            let (b, c) = rest.split_at(h);
            let back = |x: &[f64]| -> Vec<Dual> {
                let sums = (0..h).map(|j| b[j] + sum(d, |k| w[j * d + k] * x[k]));
                let z: Vec<Dual> = sums.map(|s| ((-s).exp() + 1.0).recip()).collect();
                (0..d).map(|k| c[k] + sum(h, |j| w[j * d + k] * z[j]) - x[k]).collect()
            };
            x.chunks(d).flat_map(back).collect()
        },
    )
}

/// A filter moved along a row.
pub(crate) fn convolution(rows: usize, [places, _]: [usize; 2], seed: u64) -> Problem {
    let length = places + 2;
    let text = "param f[3], b, v\ndata x[n, d], y[n]\n\
        z[i, j] = softplus(b + sum(t in 0..3, f[t]*x[i, j + t]))\n\
        E = 1/2*sum(i, (v*mean(j in 0..d-2, z[i, j]) - y[i])^2)";
    regression(text, rows, length, 5, seed, move |w, x| {
        let z = x.windows(3).map(|x| ((w[3] + w[0] * x[0] + w[1] * x[1] + w[2] * x[2]).exp() + 1.0).ln());
        w[4] * z.fold(zero(), |s, z| s + z) / (length - 2) as f64
    })
}

/// Words looked up in a table, averaged, with attention by another table.
pub(crate) fn attention(rows: usize, [words, d]: [usize; 2], seed: u64) -> Problem {
    const LENGTH: usize = 4;
    let text = "param key[v, d], value[v, d], query[d]\ndata word[n, 4], y[n]\n\
        s[i, t] = sum(a in 0..d, query[a]*key[word[i, t], a])\n\
        p[i, t] = exp(s[i, t] - logsumexp(u in 0..4, s[i, u]))\n\
        o[i, a] = sum(t in 0..4, p[i, t]*value[word[i, t], a])\n\
        E = sum(i, (sum(a in 0..d, o[i, a]^2) - y[i])^2)";
    let mut random = Numbers::new(seed);
    let word: Vec<usize> = (0..rows * LENGTH).map(|_| random.below(words)).collect();
    let y = numbers(&mut random, rows, 1.0);
    let point = numbers(&mut random, (2 * words + 1) * d, 1.0);
    let positions = word.iter().map(|&at| at as f64).collect();
    Problem::new(text.to_owned(), point)
        .data("word", &[rows, LENGTH], positions)
        .data("y", &[rows], y.clone())
        .dimension("v", words)
        .dimension("d", d)
        .squares(1.0, move |w| {
            let (key, rest) = w.split_at(words * d);
            let (value, query) = rest.split_at(words * d);
            let row = |(word, y): (&[usize], &f64)| {
                let s: Vec<Dual> = word.iter().map(|&v| sum(d, |a| query[a] * key[v * d + a])).collect();
                let total = sum(LENGTH, |t| s[t].exp());
                let o = |a: usize| sum(LENGTH, |t| s[t].exp() / total * value[word[t] * d + a]);
                sum(d, |a| o(a).powi(2)) - *y
            };
            word.chunks(LENGTH).zip(&y).map(row).collect()
        })
}

/// A recurrent network over sequences of three: the same weights at every time.
pub(crate) fn recurrent(rows: usize, [d, h]: [usize; 2], seed: u64) -> Problem {
    let mut text = "param u[h, d], w[h, h], b[h], v[h]\ndata x[n, 3, d], y[n]\n\
        z0[i, j] = tanh(b[j] + sum(k, u[j, k]*x[i, 0, k]))\n"
        .to_owned();
    for t in 1..3 {
        let before = t - 1;
        text += &format!(
            "z{t}[i, j] = tanh(b[j] + sum(k, u[j, k]*x[i, {t}, k]) + sum(l in 0..h, w[j, l]*z{before}[i, l]))\n"
        );
    }
    text += "E = 1/2*sum(i, (sum(j in 0..h, v[j]*z2[i, j]) - y[i])^2)";
    let mut problem = regression(&text, rows, 3 * d, h * (d + h + 2), seed, move |w, x| {
        let (u, w) = w.split_at(h * d);
        let (w, rest) = w.split_at(h * h);
        let (b, v) = rest.split_at(h);
        let mut z = vec![zero(); h];
        for x in x.chunks(d) {
            let input = |j: usize| b[j] + sum(d, |k| u[j * d + k] * x[k]);
            z = (0..h).map(|j| (input(j) + sum(h, |l| w[j * h + l] * z[l])).tanh()).collect();
        }
        sum(h, |j| v[j] * z[j])
    });
    problem.arrays[0].1 = vec![rows, 3, d];
    problem.dimension("h", h)
}
