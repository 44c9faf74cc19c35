//! Small functions in many forms: what is read means what the function itself returns.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod common;

use common::evaluate;
use common::functions::read;

type Form = fn(f64, f64, &[f64; 4], &[f64], &[f64], &[usize]) -> f64;

/// Functions of two numbers and an array of parameters, two slices of data and one of positions, with their names.
macro_rules! forms {
    ($a:ident $b:ident $w:ident $x:ident $y:ident $k:ident; $($name:ident $body:tt)*) => {
        #[test]
        fn mean_what_they_return() {
            $({
                #[allow(unused, clippy::all, reason = "forms are written in many ways")]
                fn $name($a: f64, $b: f64, $w: &[f64; 4], $x: &[f64], $y: &[f64], $k: &[usize]) -> f64 $body
                super::holds(stringify!($name), stringify!($body), $name);
            })*
        }
    };
}

mod integers {
    include!("../../tests/forms/integers.rs");
}
mod iterators {
    include!("../../tests/forms/iterators.rs");
}
mod lengths {
    include!("../../tests/forms/lengths.rs");
}
mod loops {
    include!("../../tests/forms/loops.rs");
}
mod writes {
    include!("../../tests/forms/writes.rs");
}

include!("../../tests/forms/points.rs");

fn holds(name: &str, body: &str, own: Form) {
    if let Err(complaints) = compared(name, body, own) {
        panic!("{name}: {body}\n{}", complaints.join("\n"));
    }
}

/// Compares what is read with what the function returns, unless it is refused.
fn compared(name: &str, body: &str, own: Form) -> Result<(), Vec<String>> {
    let function =
        format!("fn f(a: f64, b: f64, w: &[f64; 4], x: &[f64], y: &[f64], k: &[usize]) -> f64 {body}");
    let function = read("", &function)?;
    let positions = K.map(|k| k as f64);
    for [a, b, w @ ..] in POINTS {
        let arrays: [(&str, &[f64]); 6] =
            [("a", &[a]), ("b", &[b]), ("w", &w), ("x", &X), ("y", &Y), ("k", &positions)];
        let sizes = [("n", 5), ("m", 5), ("l", 5)];
        let found = evaluate(&function.model, &arrays, &sizes);
        let expected = own(a, b, &w, &X, &Y, &K);
        // Sums of some thousands of terms in another order.
        let tolerance = 1e-12 * expected.abs().max(1.0);
        assert!(
            (found - expected).abs() <= tolerance,
            "{name}: {found} where {expected} was expected\n{body}"
        );
    }
    Ok(())
}

/// One adapter after another, for all pairs of them; the last three arguments are names.
macro_rules! pairs {
    (@first $names:tt $first:tt [$($second:tt)*]) => { $(pairs! { @pair $names $first $second })* };
    (@pair ($a:ident $b:ident $w:ident) ($($first:tt)*) ($($second:tt)*)) => {{
        fn own($a: f64, $b: f64, $w: &[f64; 4], _: &[f64], _: &[f64], _: &[usize]) -> f64 {
            let _ = ($a, $b);
            $w.iter().copied() $($first)* $($second)* .fold($a, |p, v| p * $b + v)
        }
        let body = stringify!({ $w.iter().copied() $($first)* $($second)* .fold($a, |p, v| p * $b + v) });
        let pair = [stringify!($($first)*), stringify!($($second)*)];
        // A filter loses the positions that these count.
        let counts = ["skip", "take", "step_by", "enumerate", "zip"];
        let is_lost = pair[0].contains("filter") && counts.iter().any(|name| pair[1].contains(name));
        match compared(&pair.concat(), body, own) {
            Ok(()) => assert!(!is_lost, "{body} is read"),
            Err(complaints) => assert!(is_lost, "{body}\n{}", complaints.join("\n")),
        }
    }};
    ($names:tt $all:tt $($first:tt)*) => { $(pairs! { @first $names $first $all })* };
}

#[test]
fn one_adapter_after_another() {
    pairs! {
        (a b w)
        [
            (.skip(1)) (.skip(9)) (.take(2)) (.take(9)) (.rev()) (.step_by(2)) (.step_by(7)) (.map(|v| v * a))
            (.filter(|v| *v > 0.0)) (.zip(&w[1..]).map(|(p, q)| p - q * b))
            (.enumerate().map(|(i, v)| v * (i + 1) as f64))
        ]
        (.skip(1)) (.skip(9)) (.take(2)) (.take(9)) (.rev()) (.step_by(2)) (.step_by(7)) (.map(|v| v * a))
        (.filter(|v| *v > 0.0)) (.zip(&w[1..]).map(|(p, q)| p - q * b))
        (.enumerate().map(|(i, v)| v * (i + 1) as f64))
    }
}

/// What is no function of positions is refused, and so is what only the last iteration would decide.
#[test]
fn what_cannot_be_followed_is_refused() {
    fn refused(body: &str, code: &str) {
        let own: Form = |_, _, _, _, _, _| f64::NAN;
        let complaints = compared("refused", body, own).expect_err(body);
        assert!(complaints[0].starts_with(code), "{body}\n{}", complaints.join("\n"));
    }
    refused("{ w.iter().zip(w.iter().filter(|w| **w > 0.0)).map(|(p, q)| p * q).sum() }", "E0409");
    refused("{ let mut z = [0.0; 4]; for i in 0..x.len() { z[k[i]] += x[i] * a; } z[0] }", "E0424");
    refused("{ let mut z = [0.0; 8]; for i in 0..4 { z[2 * i] += w[i]; } z[0] }", "E0440");
    refused(
        "{ let mut z = vec![0.0; x.len()]; for i in 0..x.len() { for j in 0..2 { z[i + j] = w[j]; } } z[0] }",
        "E0403",
    );
    refused("{ let mut n = 7; for i in 0..x.len() { n /= 2; } a * n as f64 }", "E0403");
    refused("{ w[k[0] / 2] * a }", "E0304");
    refused("{ for i in 0..4 { if w[i] > 0.0 { w[i] += 1.0; } } w[0] }", "E0401");
}
