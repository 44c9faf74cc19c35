//! What the graph says of kinks, held against a search for them that knows numbers alone.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use hesse_parser::formula::parse;
use hesse_runtime::{Analyze, ErrorFunction};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_symbolic::functions::Function;
use hesse_testkit::counted::Counted;

fn surface(text: &str) -> Surface {
    let model = parse(text, &Default::default()).unwrap();
    Surface::new(&model.graph, model.error, &Bindings::new()).unwrap()
}

fn is_smooth(text: &str) -> bool {
    let model = parse(text, &Default::default()).unwrap();
    model.graph.is_smooth(model.error)
}

/// Whether the search meets a kink near one of the points.
fn has_kink(surface: &Surface, points: &[f64]) -> bool {
    let searched = Counted::silent(surface);
    points.iter().any(|&x| searched.analyze(&[x]).is_ok_and(|analysis| analysis.kink.is_some()))
}

#[test]
fn functions_said_to_be_smooth_have_no_kinks() {
    let points = [-2.5, -1.0, -0.5, 0.0, 0.25, 0.5, 1.0, 2.0, 3.5];
    let mut bent = Vec::new();
    for &function in Function::ALL {
        let name = function.name();
        let texts = match (function.arity(), function.has_order()) {
            (1, _) => vec![format!("param x; E = {name}(x)")],
            (_, true) => vec![format!("param x; E = {name}(1, x)")],
            _ => ["x, 0.5", "x, -0.5", "-1.5, x"].map(|args| format!("param x; E = {name}({args})")).to_vec(),
        };
        for text in texts {
            // What derivatives are made of has no name in formulas.
            let Ok(model) = parse(&text, &Default::default()) else { continue };
            let surface = Surface::new(&model.graph, model.error, &Bindings::new()).unwrap();
            let is_smooth = model.graph.is_smooth(model.error);
            assert_eq!(surface.is_smooth(), is_smooth);
            assert!(!(is_smooth && has_kink(&surface, &points)), "{text}");
            if has_kink(&surface, &points) {
                bent.push(name);
            }
        }
    }
    bent.dedup();
    assert_eq!(bent, ["abs", "sign", "floor", "ceil", "round", "trunc", "relu", "atan2", "min", "max"]);
}

#[test]
fn what_is_made_of_them_is_bent_where_parameters_decide() {
    for text in [
        "param x; E = if(x > 1, x, x^2)",
        "param x, y; E = hypot(x, y)",
        "param w[3]; E = max(i in 0..3, w[i])",
        "param x; E = sum(i in 0..3, abs(x - i))",
        "param x; E = x + floor(x)",
        "param w[3]; E = sqrt(sum(i, w[i]^2))",
        "param x, y; E = cbrt(x^4 + y^2) + (x^4 + y^2)^0.9",
        "param x; data k[n]; E = sum(i, pow(x^2, k[i]))",
        // Each of these comes back from a border or a pole of its parts.
        "param x; E = asin(sin(x))",
        "param x; E = acos(cos(x))",
        "param x; E = acosh(1 + x^2)",
        "param x; E = lambert_w(-exp(-1 - x^2))",
        "param x; E = exp(ln(x^2)/2) + x^2",
        "param x; E = x^2 + atan(1/x)",
        "param x; E = tanh(1/x) + x^2",
        "param x; E = atan(tan(x))",
        "param x; E = x*sin(if(cos(x) > 0 or x < -2, 1, 2))",
    ] {
        assert!(!is_smooth(text), "{text}");
    }
    for text in [
        "param w[3]; E = sum(i in 0..3, if(i > 1, w[i], w[i]^2))",
        "param w[3]; E = logsumexp(i in 0..3, w[i]) + softplus(w[0])",
        "param x; E = x^(5/2) + abs(3)*x",
        "param x; E = sqrt(1 + x^2) + cbrt(exp(x)) + (2 + x^4)^0.3",
        "param x; E = 1/(1 + x^2) + ln(1 + x^2)",
        "param a, b; data x[n]; E = sum(i, a*pow(x[i], b))",
    ] {
        assert!(is_smooth(text), "{text}");
    }
}

#[test]
fn smooth_surfaces_are_not_searched() {
    let surface = surface("param w[10]; E = sum(i in 0..10, (w[i] - i)^2*(2 + sin(w[i])))");
    let w: Vec<f64> = (0..10).map(|i| f64::from(i) + 0.125).collect();
    let gradients = |counted: Counted| {
        assert_eq!(counted.analyze(&w).unwrap().kink, None);
        counted.counts().gradients
    };
    let (known, unknown) = (gradients(Counted::new(&surface)), gradients(Counted::silent(&surface)));
    assert!(known <= 4, "{known}");
    // Some twenty for each of twelve directions.
    assert!((100..=30 * 12).contains(&unknown), "{unknown}");
}
