//! Networks of one to three hidden layers, all sizes known at run time alone.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};
use std::fmt::Write;

use hesse_testkit::oracle::{DualNum, HyperDual64 as Dual};
use hesse_testkit::random::Numbers;

use super::problem::{Problem, numbers, zero};

/// What hidden units do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Activation {
    Tanh,
    Relu,
    Softplus,
    /// x·Φ(x)
    Gelu,
}

/// How outputs are held to targets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Loss {
    CrossEntropy,
    Squares,
}

pub(crate) const ACTIVATIONS: [Activation; 4] =
    [Activation::Tanh, Activation::Relu, Activation::Softplus, Activation::Gelu];
pub(crate) const LOSSES: [Loss; 2] = [Loss::CrossEntropy, Loss::Squares];

/// Layers, activation and loss.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Network {
    pub(crate) hidden: usize,
    pub(crate) activation: Activation,
    pub(crate) loss: Loss,
}

impl Network {
    /// Matrices `w1[h1, h0]` and biases `b1[h1]` per layer, rows `x[n, h0]`.
    pub(crate) fn text(self) -> String {
        let last = self.hidden + 1;
        let parameters: Vec<String> =
            (1..=last).map(|l| format!("w{l}[h{l}, h{}], b{l}[h{l}]", l - 1)).collect();
        let mut text = format!("param {}\ndata x[n, h0], ", parameters.join(", "));
        text += match self.loss {
            Loss::CrossEntropy => "class[n]\n",
            Loss::Squares => "y[n, h_last]\n",
        };
        text = text.replace("h_last", &format!("h{last}"));
        text += match self.activation {
            Activation::Gelu => "act(s) = s/2*(1 + erf(s/sqrt(2)))\n",
            Activation::Tanh => "act(s) = tanh(s)\n",
            Activation::Relu => "act(s) = relu(s)\n",
            Activation::Softplus => "act(s) = softplus(s)\n",
        };
        for l in 1..=last {
            let from = if l == 1 { "x".to_owned() } else { format!("z{}", l - 1) };
            let _ = writeln!(text, "s{l}[i, j] = b{l}[j] + sum(k, w{l}[j, k]*{from}[i, k])");
            if l < last {
                let _ = writeln!(text, "z{l}[i, j] = act(s{l}[i, j])");
            }
        }
        text += &match self.loss {
            Loss::CrossEntropy => format!("E = sum(i, logsumexp(j, s{last}[i, j]) - s{last}[i, class[i]])"),
            Loss::Squares => format!("E = 1/2*sum(i, sum(j, (s{last}[i, j] - y[i, j])^2))"),
        };
        text
    }

    /// The network with layers of these sizes, the inputs first and the outputs last.
    pub(crate) fn problem(self, rows: usize, sizes: &[usize], seed: u64) -> Problem {
        let mut random = Numbers::new(seed);
        let (inputs, outputs) = (sizes[0], sizes[sizes.len() - 1]);
        let count = sizes.windows(2).map(|pair| pair[1] * (pair[0] + 1)).sum();
        let x = numbers(&mut random, rows * inputs, 1.5);
        let class: Vec<usize> = (0..rows).map(|_| random.below(outputs)).collect();
        let y = numbers(&mut random, rows * outputs, 1.0);
        let point = numbers(&mut random, count, 0.8);
        let mut problem = Problem::new(self.text(), point).data("x", &[rows, inputs], x.clone());
        problem = match self.loss {
            Loss::CrossEntropy => problem.lookup("class", class.clone()),
            Loss::Squares => problem.data("y", &[rows, outputs], y.clone()),
        };
        for (l, size) in sizes.iter().enumerate() {
            problem = problem.dimension(&format!("h{l}"), *size);
        }
        let sizes = sizes.to_vec();
        match self.loss {
            Loss::CrossEntropy => problem.truth(move |w| {
                x.chunks(inputs).zip(&class).fold(zero(), |e, (x, &class)| {
                    let s = self.outputs(w, &sizes, x);
                    e + s.iter().fold(zero(), |t, s| t + s.exp()).ln() - s[class]
                })
            }),
            Loss::Squares => problem.squares(0.5, move |w| {
                let rows = x.chunks(inputs).zip(y.chunks(outputs));
                rows.flat_map(|(x, y)| {
                    let s = self.outputs(w, &sizes, x);
                    s.into_iter().zip(y).map(|(s, y)| s - *y).collect::<Vec<_>>()
                })
                .collect()
            }),
        }
    }

    fn outputs(self, w: &[Dual], sizes: &[usize], x: &[f64]) -> Vec<Dual> {
        let mut z: Vec<Dual> = x.iter().map(|&x| Dual::from(x)).collect();
        let mut rest = w;
        for (layer, &size) in sizes.iter().enumerate().skip(1) {
            let (weights, others) = rest.split_at(size * z.len());
            let (biases, others) = others.split_at(size);
            rest = others;
            let sums = weights.chunks(z.len()).zip(biases);
            let sums = sums.map(|(w, b)| w.iter().zip(&z).fold(*b, |s, (w, z)| s + *w * *z));
            z = sums.map(|s| if layer + 1 == sizes.len() { s } else { self.activation.of(s) }).collect();
        }
        z
    }
}

impl Activation {
    fn of(self, s: Dual) -> Dual {
        match self {
            Activation::Tanh => s.tanh(),
            Activation::Relu if s.re < 0.0 => zero(),
            Activation::Relu => s,
            Activation::Softplus => (s.exp() + 1.0).ln(),
            Activation::Gelu => s * 0.5 * (erf(s * FRAC_1_SQRT_2) + 1.0),
        }
    }
}

/// Its slope is 2/√π exp(−x²), and the slope of that −2x times as much.
fn erf(x: Dual) -> Dual {
    let slope = FRAC_2_SQRT_PI * (-x.re * x.re).exp();
    let mixed = slope * (x.eps1eps2 - 2.0 * x.re * x.eps1 * x.eps2);
    Dual::new(hesse::math::erf(x.re), slope * x.eps1, slope * x.eps2, mixed)
}
