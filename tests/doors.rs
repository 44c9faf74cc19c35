//! The same error function through both doors: formula text and Rust give the same generated code, to the byte.

#![allow(clippy::panic, reason = "in a test a panic is the report")]

use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::emit::{Argument, Module, Output};
use hesse_symbolic::graph::{Expr, Graph};

fn code(graph: &Graph, error: Expr) -> String {
    let module = Module {
        name: quote::format_ident!("model"),
        head: quote::quote!(pub),
        graph,
        error,
        arguments: Argument::plain(graph),
        private: quote::quote!(::hesse::__private),
        title: "E".to_owned(),
        applied: &[],
        outputs: Output::usual(),
    };
    module.tokens().to_string()
}

#[track_caller]
fn same(text: &str, rust: syn::ItemFn) {
    let from_text = parse(text, &Columns::none()).unwrap_or_else(|d| panic!("{text}: {:?}", d[0]));
    let from_rust =
        hesse_parser::rust::parse(Default::default(), &rust).unwrap_or_else(|d| panic!("{}", d[0].message));
    let (text_code, rust_code) =
        (code(&from_text.graph, from_text.error), code(&from_rust.model.graph, from_rust.model.error));
    assert!(text_code.len() > 1000);
    assert_eq!(text_code, rust_code, "{text}");
}

macro_rules! pairs {
    ($($name:ident: $text:expr, { $($rust:tt)* })*) => {
        $(#[test] fn $name() { same($text, syn::parse_quote! { $($rust)* }); })*
    };
}

pairs! {
    rosenbrock: "param w[2]\nE = (1 - w[0])^2 + 100*(w[1] - w[0]^2)^2", {
        fn model(w: &[f64; 2]) -> f64 {
            let [x, y] = *w;
            (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
        }
    }
    himmelblau: "param x, y\nE = (x^2 + y - 11)^2 + (x + y^2 - 7)^2", {
        fn model(x: f64, y: f64) -> f64 {
            let first = x.powi(2) + y - 11.0;
            let second = x + y * y - 7.0;
            first * first + second * second
        }
    }
    exponential_fit: "param a, b\ndata x[n], y[n]\nE = sum(i, (y[i] - a*exp(-b*x[i]))^2)", {
        fn model(a: f64, b: f64, x: &[f64], y: &[f64]) -> f64 {
            x.iter().zip(y).map(|(x, y)| (y - a * (-b * x).exp()).powi(2)).sum()
        }
    }
    exponential_fit_as_a_loop: "param a, b\ndata x[n], y[n]\nE = sum(i, (y[i] - a*exp(-b*x[i]))^2)", {
        fn model(a: f64, b: f64, x: &[f64], y: &[f64]) -> f64 {
            let mut total = 0.0;
            for i in 0..x.len() {
                let r = y[i] - a * (-b * x[i]).exp();
                total += r * r;
            }
            total
        }
    }
    logistic_regression:
        "param w[3], b\ndata x[n, 3], t[n]\na[i] = b + sum(j, w[j]*x[i, j])\nE = sum(i, softplus(a[i]) - t[i]*a[i]) + 1e-3/2*sum(j, w[j]^2)", {
        fn model(w: &[f64; 3], b: f64, x: &[[f64; 3]], t: &[f64]) -> f64 {
            let mut loss = 0.0;
            for (x, t) in x.iter().zip(t) {
                let a = b + w.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
                loss += hesse::math::softplus(a) - t * a;
            }
            loss + 1e-3 / 2.0 * w.iter().map(|w| w * w).sum::<f64>()
        }
    }
    poisson_regression: "param w[4]\ndata x[n, 4], t[n]\na[i] = sum(j, w[j]*x[i, j])\nE = sum(i, exp(a[i]) - t[i]*a[i])", {
        fn model(w: &[f64; 4], x: &[[f64; 4]], t: &[f64]) -> f64 {
            let mut loss = 0.0;
            for i in 0..x.len() {
                let mut a = 0.0;
                for j in 0..4 {
                    a += w[j] * x[i][j];
                }
                loss += a.exp() - t[i] * a;
            }
            loss
        }
    }
    softmax_with_look_ups:
        "param v[3, 2], c[3]\ndata x[n, 2], class[n]\na[i, k] = c[k] + sum(j, v[k, j]*x[i, j])\nE = sum(i, ln(sum(k in 0..3, exp(a[i, k]))) - a[i, class[i]])", {
        fn model(v: &[[f64; 2]; 3], c: &[f64; 3], x: &[[f64; 2]], class: &[usize]) -> f64 {
            let mut loss = 0.0;
            for (x, &class) in x.iter().zip(class) {
                let a = |k: usize| c[k] + v[k].iter().zip(x).map(|(v, x)| v * x).sum::<f64>();
                let total = (0..3).map(|k| a(k).exp()).sum::<f64>();
                loss += total.ln() - a(class);
            }
            loss
        }
    }
    branches: "param a, d\ndata r[n]\nu[i] = r[i] - a\nE = sum(i, if(abs(u[i]) <= d, u[i]^2/2, d*(abs(u[i]) - d/2)))", {
        fn model(a: f64, d: f64, r: &[f64]) -> f64 {
            let mut total = 0.0;
            for r in r {
                let u = r - a;
                total += if u.abs() <= d { u * u / 2.0 } else { d * (u.abs() - d / 2.0) };
            }
            total
        }
    }
    pairs_of_atoms: "param x[5]\nE = sum(i in 0..5, sum(j in 0..i, (x[i] - x[j])^-12 - (x[i] - x[j])^-6))", {
        fn model(x: &[f64; 5]) -> f64 {
            let mut energy = 0.0;
            for i in 0..5 {
                for j in 0..i {
                    let r = x[i] - x[j];
                    energy += r.powi(-12) - r.powi(-6);
                }
            }
            energy
        }
    }
    chain: "param w[6]\nE = sum(i in 0..5, 100*(w[i+1] - w[i]^2)^2 + (1 - w[i])^2)", {
        fn model(w: &[f64; 6]) -> f64 {
            let mut total = 0.0;
            for i in 0..5 {
                total += 100.0 * (w[i + 1] - w[i] * w[i]).powi(2) + (1.0 - w[i]).powi(2);
            }
            total
        }
    }
    many_functions: "param x, y\nE = sin(x)*cos(y) + tanh(x*y) + hypot(x, y) + atan2(y, x) + sqrt(x^2 + 1) + cbrt(y)", {
        fn model(x: f64, y: f64) -> f64 {
            x.sin() * y.cos() + (x * y).tanh() + x.hypot(y) + y.atan2(x) + (x * x + 1.0).sqrt() + y.cbrt()
        }
    }
    products: "param w[4]\nE = prod(i, 1 + w[i]^2)", {
        fn model(w: &[f64; 4]) -> f64 {
            w.iter().map(|w| 1.0 + w * w).product()
        }
    }
}
