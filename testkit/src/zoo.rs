//! Thirty error functions, each as a formula and as a function in Rust.

/// An error function, written twice.
#[derive(Clone, Copy, Debug)]
pub struct Animal {
    /// The name of the Rust function.
    pub name: &'static str,
    /// The formula.
    pub text: &'static str,
    /// The function, without an attribute.
    pub rust: &'static str,
}

macro_rules! zoo {
    ($($name:ident: $text:literal, $rust:literal;)*) => {
        /// All of them.
        pub const ZOO: [Animal; 30] = [$(Animal { name: stringify!($name), text: $text, rust: $rust }),*];
    };
}

zoo! {
    rosenbrock: "param w[2]\nE = (1 - w[0])^2 + 100*(w[1] - w[0]^2)^2", r#"
pub fn rosenbrock(w: &[f64; 2]) -> f64 {
    let [x, y] = *w;
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}"#;
    himmelblau: "param x, y\nE = (x^2 + y - 11)^2 + (x + y^2 - 7)^2", r#"
pub fn himmelblau(x: f64, y: f64) -> f64 {
    let first = x.powi(2) + y - 11.0;
    let second = x + y * y - 7.0;
    first * first + second * second
}"#;
    exponential_fit: "param a, b\ndata x[n], y[n]\nE = sum(i, (y[i] - a*exp(-b*x[i]))^2)", r#"
pub fn exponential_fit(a: f64, b: f64, x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| (y - a * (-b * x).exp()).powi(2)).sum()
}"#;
    exponential_fit_as_a_loop: "param a, b\ndata x[n], y[n]\nE = sum(i, (y[i] - a*exp(-b*x[i]))^2)", r#"
pub fn exponential_fit_as_a_loop(a: f64, b: f64, x: &[f64], y: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        let r = y[i] - a * (-b * x[i]).exp();
        total += r * r;
    }
    total
}"#;
    logistic_regression: "param w[3], b\ndata x[n, 3], t[n]\na[i] = b + sum(j, w[j]*x[i, j])\nE = sum(i, softplus(a[i]) - t[i]*a[i]) + 1e-3/2*sum(j, w[j]^2)", r#"
pub fn logistic_regression(w: &[f64; 3], b: f64, x: &[[f64; 3]], t: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (x, t) in x.iter().zip(t) {
        let a = b + w.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
        loss += hesse::math::softplus(a) - t * a;
    }
    loss + 1e-3 / 2.0 * w.iter().map(|w| w * w).sum::<f64>()
}"#;
    poisson_regression: "param w[4]\ndata x[n, 4], t[n]\na[i] = sum(j, w[j]*x[i, j])\nE = sum(i, exp(a[i]) - t[i]*a[i])", r#"
pub fn poisson_regression(w: &[f64; 4], x: &[[f64; 4]], t: &[f64]) -> f64 {
    let mut loss = 0.0;
    for i in 0..x.len() {
        let mut a = 0.0;
        for j in 0..4 {
            a += w[j] * x[i][j];
        }
        loss += a.exp() - t[i] * a;
    }
    loss
}"#;
    softmax_with_look_ups: "param v[3, 2], c[3]\ndata x[n, 2], class[n]\na[i, k] = c[k] + sum(j, v[k, j]*x[i, j])\nE = sum(i, ln(sum(k in 0..3, exp(a[i, k]))) - a[i, class[i]])", r#"
pub fn softmax_with_look_ups(v: &[[f64; 2]; 3], c: &[f64; 3], x: &[[f64; 2]], class: &[usize]) -> f64 {
    let mut loss = 0.0;
    for (x, &class) in x.iter().zip(class) {
        let a = |k: usize| c[k] + v[k].iter().zip(x).map(|(v, x)| v * x).sum::<f64>();
        let total = (0..3).map(|k| a(k).exp()).sum::<f64>();
        loss += total.ln() - a(class);
    }
    loss
}"#;
    branches: "param a, d\ndata r[n]\nu[i] = r[i] - a\nE = sum(i, if(abs(u[i]) <= d, u[i]^2/2, d*(abs(u[i]) - d/2)))", r#"
pub fn branches(a: f64, d: f64, r: &[f64]) -> f64 {
    let mut total = 0.0;
    for r in r {
        let u = r - a;
        total += if u.abs() <= d { u * u / 2.0 } else { d * (u.abs() - d / 2.0) };
    }
    total
}"#;
    pairs_of_atoms: "param x[5]\nE = sum(i in 0..5, sum(j in 0..i, (x[i] - x[j])^-12 - (x[i] - x[j])^-6))", r#"
pub fn pairs_of_atoms(x: &[f64; 5]) -> f64 {
    let mut energy = 0.0;
    for i in 0..5 {
        for j in 0..i {
            let r = x[i] - x[j];
            energy += r.powi(-12) - r.powi(-6);
        }
    }
    energy
}"#;
    chain: "param w[6]\nE = sum(i in 0..5, 100*(w[i+1] - w[i]^2)^2 + (1 - w[i])^2)", r#"
pub fn chain(w: &[f64; 6]) -> f64 {
    let mut total = 0.0;
    for i in 0..5 {
        total += 100.0 * (w[i + 1] - w[i] * w[i]).powi(2) + (1.0 - w[i]).powi(2);
    }
    total
}"#;
    many_functions: "param x, y\nE = sin(x)*cos(y) + tanh(x*y) + hypot(x, y) + atan2(y, x) + sqrt(x^2 + 1) + cbrt(y)", r#"
pub fn many_functions(x: f64, y: f64) -> f64 {
    x.sin() * y.cos() + (x * y).tanh() + x.hypot(y) + y.atan2(x) + (x * x + 1.0).sqrt() + y.cbrt()
}"#;
    products: "param w[4]\nE = prod(i, 1 + w[i]^2)", r#"
pub fn products(w: &[f64; 4]) -> f64 {
    w.iter().map(|w| 1.0 + w * w).product()
}"#;
    booth: "param x, y\nE = (x + 2*y - 7)^2 + (2*x + y - 5)^2", r#"
pub fn booth(x: f64, y: f64) -> f64 {
    let (p, q) = (x + 2.0 * y - 7.0, 2.0 * x + y - 5.0);
    p.powi(2) + q.powi(2)
}"#;
    beale: "param x, y\nE = (1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2", r#"
pub fn beale(x: f64, y: f64) -> f64 {
    (1.5 - x + x * y).powi(2) + (2.25 - x + x * y.powi(2)).powi(2) + (2.625 - x + x * y.powi(3)).powi(2)
}"#;
    wood: "param w[4]\nE = 100*(w[1] - w[0]^2)^2 + (1 - w[0])^2 + 90*(w[3] - w[2]^2)^2 + (1 - w[2])^2", r#"
pub fn wood(w: &[f64; 4]) -> f64 {
    let [a, b, c, d] = *w;
    100.0 * (b - a * a).powi(2) + (1.0 - a).powi(2) + 90.0 * (d - c * c).powi(2) + (1.0 - c).powi(2)
}"#;
    powell: "param w[4]\nE = (w[0] + 10*w[1])^2 + 5*(w[2] - w[3])^2 + (w[1] - 2*w[2])^4 + 10*(w[0] - w[3])^4", r#"
pub fn powell(w: &[f64; 4]) -> f64 {
    (w[0] + 10.0 * w[1]).powi(2)
        + 5.0 * (w[2] - w[3]).powi(2)
        + (w[1] - 2.0 * w[2]).powi(4)
        + 10.0 * (w[0] - w[3]).powi(4)
}"#;
    line: "param a, b\ndata x[n], y[n]\nE = sum(i, (y[i] - a - b*x[i])^2)", r#"
pub fn line(a: f64, b: f64, x: &[f64], y: &[f64]) -> f64 {
    let mut e = 0.0;
    for (x, y) in x.iter().zip(y) {
        let r = y - a - b * x;
        e += r * r;
    }
    e
}"#;
    peak: "param p[3]\ndata x[n], y[n]\nu[i] = (x[i] - p[1])/p[2]\nE = sum(i, (y[i] - p[0]*exp(-u[i]^2/2))^2)", r#"
pub fn peak(p: &[f64; 3], x: &[f64], y: &[f64]) -> f64 {
    let mut e = 0.0;
    for (x, y) in x.iter().zip(y) {
        let u = (x - p[1]) / p[2];
        e += (y - p[0] * (-u.powi(2) / 2.0).exp()).powi(2);
    }
    e
}"#;
    lorentzian: "param a, c, s\ndata x[n], y[n]\nE = sum(i, (y[i] - a/(1 + ((x[i] - c)/s)^2))^2)", r#"
pub fn lorentzian(a: f64, c: f64, s: f64, x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| (y - a / (1.0 + ((x - c) / s).powi(2))).powi(2)).sum()
}"#;
    oscillation: "param a, f, d\ndata t[n], y[n]\nE = sum(i, (y[i] - a*exp(-d*t[i])*cos(f*t[i]))^2)", r#"
pub fn oscillation(a: f64, f: f64, d: f64, t: &[f64], y: &[f64]) -> f64 {
    t.iter().zip(y).map(|(t, y)| (y - a * (-d * t).exp() * (f * t).cos()).powi(2)).sum()
}"#;
    cauchy: "param m, s\ndata x[n]\nE = sum(i, ln(s) + ln(1 + ((x[i] - m)/s)^2))", r#"
pub fn cauchy(m: f64, s: f64, x: &[f64]) -> f64 {
    let mut e = 0.0;
    for x in x {
        e += s.ln() + (1.0 + ((x - m) / s).powi(2)).ln();
    }
    e
}"#;
    gaussian: "param m, s\ndata x[n]\nE = sum(i, (x[i] - m)^2/(2*s^2) + ln(s))", r#"
pub fn gaussian(m: f64, s: f64, x: &[f64]) -> f64 {
    x.iter().map(|x| (x - m).powi(2) / (2.0 * s.powi(2)) + s.ln()).sum()
}"#;
    hinge: "param w[2]\ndata x[n, 2], t[n]\nE = sum(i, max(0, 1 - t[i]*sum(j, w[j]*x[i, j])))", r#"
pub fn hinge(w: &[f64; 2], x: &[[f64; 2]], t: &[f64]) -> f64 {
    let mut e = 0.0;
    for (x, t) in x.iter().zip(t) {
        let z: f64 = w.iter().zip(x).map(|(w, x)| w * x).sum();
        e += f64::max(0.0, 1.0 - t * z);
    }
    e
}"#;
    layer: "param u[3, 2], v[3]\ndata x[n, 2], t[n]\nE = sum(i, (t[i] - sum(j, v[j]*tanh(sum(k, u[j, k]*x[i, k]))))^2)", r#"
pub fn layer(u: &[[f64; 2]; 3], v: &[f64; 3], x: &[[f64; 2]], t: &[f64]) -> f64 {
    let mut e = 0.0;
    for (x, t) in x.iter().zip(t) {
        let mut y = 0.0;
        for j in 0..3 {
            let mut z = 0.0;
            for k in 0..2 {
                z += u[j][k] * x[k];
            }
            y += v[j] * z.tanh();
        }
        e += (t - y).powi(2);
    }
    e
}"#;
    circle: "param c[2], r\ndata x[n, 2]\nE = sum(i, (sqrt((x[i, 0] - c[0])^2 + (x[i, 1] - c[1])^2) - r)^2)", r#"
pub fn circle(c: &[f64; 2], r: f64, x: &[[f64; 2]]) -> f64 {
    x.iter().map(|x| (((x[0] - c[0]).powi(2) + (x[1] - c[1]).powi(2)).sqrt() - r).powi(2)).sum()
}"#;
    springs: "param x[5]\ndata l\nE = sum(i in 0..4, (x[i+1] - x[i] - l)^2/2)", r##"
pub fn springs(x: &[f64; 5], #[data] l: f64) -> f64 {
    let mut e = 0.0;
    for i in 0..4 {
        e += (x[i + 1] - x[i] - l).powi(2) / 2.0;
    }
    e
}"##;
    arm: "param a, b, c\ndata x, y\nE = (cos(a) + cos(a + b) + cos(a + b + c) - x)^2 + (sin(a) + sin(a + b) + sin(a + b + c) - y)^2", r##"
pub fn arm(a: f64, b: f64, c: f64, #[data] x: f64, #[data] y: f64) -> f64 {
    (a.cos() + (a + b).cos() + (a + b + c).cos() - x).powi(2)
        + (a.sin() + (a + b).sin() + (a + b + c).sin() - y).powi(2)
}"##;
    weighted: "param a\ndata x[n], w[n]\nE = sum(i, if(x[i] > 0, w[i]*(x[i] - a)^2, 0))", r#"
pub fn weighted(a: f64, x: &[f64], w: &[f64]) -> f64 {
    let mut e = 0.0;
    for (x, w) in x.iter().zip(w) {
        e += if *x > 0.0 { w * (x - a).powi(2) } else { 0.0 };
    }
    e
}"#;
    michaelis: "param v, k\ndata s[n], y[n]\nE = sum(i, (y[i] - v*s[i]/(k + s[i]))^2)", r#"
pub fn michaelis(v: f64, k: f64, s: &[f64], y: &[f64]) -> f64 {
    s.iter().zip(y).map(|(s, y)| (y - v * s / (k + s)).powi(2)).sum()
}"#;
    ratings: "param u[3, 2], v[4, 2]\ndata i[n], j[n], r[n]\nE = sum(k, (r[k] - sum(f, u[i[k], f]*v[j[k], f]))^2)", r#"
pub fn ratings(u: &[[f64; 2]; 3], v: &[[f64; 2]; 4], i: &[usize], j: &[usize], r: &[f64]) -> f64 {
    let mut e = 0.0;
    for k in 0..r.len() {
        let mut p = 0.0;
        for f in 0..2 {
            p += u[i[k]][f] * v[j[k]][f];
        }
        e += (r[k] - p).powi(2);
    }
    e
}"#;
}
