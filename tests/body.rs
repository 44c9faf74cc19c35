//! Bodies as people write them: the value of the untouched function, derivatives by hyper-dual numbers.

use hesse::{ErrorFunction, derive_hessian};
use hesse_testkit::close::assert_close;
use hesse_testkit::oracle::{DualNum, HyperDual64 as Dual, hyper_dual};

/// Holds a bound error function to hyper-dual numbers, and both to what the function itself returns.
#[track_caller]
fn check(
    surface: &dyn ErrorFunction,
    own: impl Fn(&[f64]) -> f64,
    truth: impl Fn(&[Dual]) -> Dual,
    points: &[&[f64]],
) {
    for w in points {
        let (value, gradient, hessian) = hyper_dual(&truth, w);
        let (mut g, mut h) = (vec![0.0; w.len()], vec![0.0; hessian.len()]);
        let v = surface.value_gradient_hessian(w, &mut g, &mut h);
        // A dozen operations, each within an ulp or two.
        assert_close("the function itself", &[own(w)], &[value], 1e-13);
        assert_close("value", &[v], &[value], 1e-13);
        assert_close("gradient", &g, &gradient, 1e-12);
        assert_close("Hessian", &h, &hessian, 1e-12);
    }
}

fn number(x: f64) -> Dual {
    Dual::from(x)
}

/// Two layers, the hidden one filled by loops in either order.
#[derive_hessian]
fn network(u: &[[f64; 2]; 3], v: &[f64; 3], x: &[[f64; 2]], t: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        let mut z = [0.1; 3];
        for k in 0..2 {
            for j in 0..3 {
                z[j] += u[j][k] * x[i][k];
            }
        }
        let mut y = 0.0;
        for j in 0..3 {
            z[j] = z[j].tanh();
            y += v[j] * z[j];
        }
        total += (t[i] - y).powi(2);
    }
    total / x.len() as f64
}

#[test]
fn arrays_filled_in_loops() {
    let x = [[0.3, -1.2], [1.5, 0.4], [-0.7, 0.9]];
    let t = [0.2, -0.4, 0.9];
    let w = [0.1, -0.2, 0.3, 0.4, -0.5, 0.6, 0.7, -0.8, 0.9];
    let truth = |w: &[Dual]| {
        let mut total = number(0.0);
        for (x, t) in x.iter().zip(t) {
            let hidden = |j: usize| (w[2 * j] * x[0] + w[2 * j + 1] * x[1] + 0.1).tanh();
            total += (w[6] * hidden(0) + w[7] * hidden(1) + w[8] * hidden(2) - t).powi(2);
        }
        total / 3.0
    };
    let own = |w: &[f64]| {
        let u = [[w[0], w[1]], [w[2], w[3]], [w[4], w[5]]];
        network(&u, &[w[6], w[7], w[8]], &x, &t)
    };
    check(&network::error_function(&x, &t), own, truth, &[&w]);
}

/// An explicit Euler integration, step by step, with a table of states.
#[derive_hessian]
fn trajectory(y0: f64, rate: f64, seen: &[f64]) -> f64 {
    const STEP: f64 = 0.1;
    let mut y = [0.0; 6];
    y[0] = y0;
    for i in 0..5 {
        y[i + 1] = y[i] + STEP * rate * y[i] * (1.0 - y[i]);
    }
    let mut total = 0.0;
    for &s in seen {
        total += (y[5] - s).powi(2) + 0.5 * (y[2] - s).powi(2);
    }
    total
}

#[test]
fn recurrences() {
    let seen = [0.4, 0.7];
    let truth = |w: &[Dual]| {
        let mut y = vec![w[0]];
        for i in 0..5 {
            y.push(y[i] + w[1] * y[i] * (-y[i] + 1.0) * 0.1);
        }
        seen.iter().fold(number(0.0), |e, &s| e + (y[5] - s).powi(2) + (y[2] - s).powi(2) * 0.5)
    };
    let own = |w: &[f64]| trajectory(w[0], w[1], &seen);
    check(&trajectory::error_function(&seen), own, truth, &[&[0.2, 1.5], &[0.9, -0.5]]);
}

/// Guards, `continue`, `match` on data, a filter, a local function.
#[derive_hessian]
fn mixture(a: f64, b: f64, x: &[f64], kind: &[usize]) -> f64 {
    fn huber(r: f64) -> f64 {
        if r.abs() <= 1.0 {
            return 0.5 * r * r;
        }
        r.abs() - 0.5
    }
    if x.is_empty() {
        return a * a;
    }
    let mut total = 0.0;
    for (i, (&x, &kind)) in x.iter().zip(kind).enumerate() {
        if x < -5.0 {
            continue;
        }
        let r = match kind {
            0 => x - a,
            1 | 2 => x * a - b,
            k if k > 7 => (k as f64) * b - x,
            _ => continue,
        };
        if i % 2 == 0 {
            total += huber(r);
        } else {
            total += 0.5 * huber(r);
        }
    }
    total + b * x.iter().filter(|x| **x > 0.0).map(|x| x * a).sum::<f64>()
}

#[test]
fn conditions_on_data() {
    let x = [0.5, -9.0, 2.5, 1.5, -0.3, 0.8];
    let kind = [0, 0, 1, 9, 2, 4];
    let huber = |r: Dual| {
        if r.re.abs() <= 1.0 {
            r * r * 0.5
        } else if r.re < 0.0 {
            -r - 0.5
        } else {
            r - 0.5
        }
    };
    let truth = |w: &[Dual]| {
        let (a, b) = (w[0], w[1]);
        let mut total = number(0.0);
        for (i, (&x, &kind)) in x.iter().zip(&kind).enumerate() {
            let r = match kind {
                _ if x < -5.0 => continue,
                0 => -a + x,
                1 | 2 => a * x - b,
                9 => b * 9.0 - x,
                _ => continue,
            };
            total += huber(r) * if i % 2 == 0 { 1.0 } else { 0.5 };
        }
        total + a * b * (0.5 + 2.5 + 1.5 + 0.8)
    };
    let own = |w: &[f64]| mixture(w[0], w[1], &x, &kind);
    check(&mixture::error_function(&x, &kind), own, truth, &[&[0.4, 0.3], &[2.0, -1.0]]);
    let own = |w: &[f64]| mixture(w[0], w[1], &[], &[]);
    check(&mixture::error_function(&[], &[]), own, |w| w[0] * w[0], &[&[0.4, 0.3]]);
}

/// Moments of the rows, then a function of these; chains over windows, reversed and collected.
#[derive_hessian]
fn moments(w: &[f64; 4], x: &[[f64; 4]]) -> f64 {
    let n = x.len() as f64;
    let mut mean = [0.0; 4];
    for row in x {
        for (j, (x, w)) in row.iter().zip(w).enumerate() {
            mean[j] += x * w / n;
        }
    }
    let mut highest = f64::NEG_INFINITY;
    for m in mean {
        highest = highest.max(m * m);
    }
    let scaled: Vec<f64> = w.iter().rev().map(|w| w.exp()).collect();
    let horner = w.iter().fold(0.0, |p, w| p * 0.5 + w);
    highest + horner * horner + scaled.windows(2).map(|p| (p[1] - p[0]).powi(2)).sum::<f64>()
}

#[test]
fn elements_summed_over_rows() {
    let x = [[0.5, 1.0, -0.5, 0.2], [1.5, 0.5, 0.25, -0.1]];
    let truth = |w: &[Dual]| {
        let mean: Vec<Dual> = (0..4).map(|j| w[j] * ((x[0][j] + x[1][j]) / 2.0)).collect();
        let highest = mean.iter().map(|m| *m * m).max_by(|a, b| a.re.total_cmp(&b.re)).unwrap();
        let horner = ((w[0] * 0.5 + w[1]) * 0.5 + w[2]) * 0.5 + w[3];
        let s: Vec<Dual> = w.iter().rev().map(|w| w.exp()).collect();
        highest + horner * horner + (s[1] - s[0]).powi(2) + (s[2] - s[1]).powi(2) + (s[3] - s[2]).powi(2)
    };
    let own = |w: &[f64]| moments(&[w[0], w[1], w[2], w[3]], &x);
    check(&moments::error_function(&x), own, truth, &[&[0.4, -0.3, 0.9, 0.1], &[0.1, 2.0, -0.2, 0.5]]);
}

/// Every method of `f64` with a derivative of its own way of writing.
#[derive_hessian]
fn methods(x: f64, y: f64) -> f64 {
    use std::f64::consts::{FRAC_PI_4, PI};
    let (s, c) = x.sin_cos();
    let turned = (x - FRAC_PI_4).to_degrees().to_radians() + PI * y.fract();
    s * c
        + x.mul_add(y, 2.0).recip()
        + turned * turned
        + f64::hypot(x, y)
        + x.copysign(-1.0) * y
        + x.clamp(-3.0, 0.5).powi(3)
        + y.powf(2.5)
        + y.log(3.0)
        + (x.powi(2) + f64::EPSILON).sqrt()
        + if x.is_sign_negative() { 1.0 } else { x.signum() * y }
}

#[test]
fn methods_of_numbers() {
    let pi = std::f64::consts::PI;
    let truth = |w: &[Dual]| {
        let (x, y) = (w[0], w[1]);
        let turned = x - pi / 4.0 + (y - y.re.trunc()) * pi;
        let clamped = if x.re > 0.5 { number(0.5) } else { x };
        let size = if x.re < 0.0 { -x } else { x };
        let last = if x.re < 0.0 { number(1.0) } else { y };
        x.sin() * x.cos() + (x * y + 2.0).recip() + turned * turned + (x * x + y * y).sqrt() - size * y
            + clamped.powi(3)
            + y.powf(2.5)
            + y.ln() / 3f64.ln()
            + (x.powi(2) + f64::EPSILON).sqrt()
            + last
    };
    check(&methods::error_function(), |w| methods(w[0], w[1]), truth, &[&[0.7, 1.3], &[-0.4, 2.2]]);
}

mod outer {
    use std::f64::consts::PI;

    pub(super) const WIDTH: f64 = 1.5;
    const CLASSES: usize = 3;
    static SHIFT: f64 = 0.25;

    /// Constants from outside are read where they stand.
    #[hesse::derive_hessian]
    pub(super) fn spread(a: f64, x: &[f64]) -> f64 {
        let mut total = 0.0;
        for x in x {
            total += ((x - a + SHIFT) / WIDTH).powi(2) + PI * a / CLASSES as f64;
        }
        total
    }
}

#[test]
fn constants_from_outside() {
    let x = [0.5, 2.0];
    let truth = |w: &[Dual]| {
        let one = |x: f64| ((-w[0] + x + 0.25) / outer::WIDTH).powi(2) + w[0] * std::f64::consts::PI / 3.0;
        one(0.5) + one(2.0)
    };
    let own = |w: &[f64]| outer::spread(w[0], &x);
    check(&outer::spread::error_function(&x), own, truth, &[&[0.3]]);
}
