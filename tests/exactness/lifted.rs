//! What is written becomes an entry of the table, and fails somewhere if it does not.

use hesse::ErrorFunction;
use hesse_parser::formula::{Columns, parse};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_symbolic::print::{Notation, print};

/// A form people write, the entry it becomes, a point, and what the form itself gives there.
type Rule = (&'static str, &'static str, f64, fn(f64) -> f64);

const RULES: &[Rule] = &[
    ("ln(1 + exp(x))", "softplus(x)", 800.0, |x| (1.0 + x.exp()).ln()),
    ("ln_1p(exp(x))", "softplus(x)", 800.0, |x| x.exp().ln_1p()),
    ("ln(exp(x) + 1)", "softplus(x)", -50.0, |x| (x.exp() + 1.0).ln()),
    ("ln(exp(x) + exp(2))", "logsumexp(x, 2)", 800.0, |x| (x.exp() + 2_f64.exp()).ln()),
    ("ln(sigmoid(x))", "log_sigmoid(x)", -800.0, |x| (1.0 / (1.0 + (-x).exp())).ln()),
    ("ln(1 - sigmoid(x))", "-softplus(x)", 40.0, |x| (1.0 - 1.0 / (1.0 + (-x).exp())).ln()),
    ("ln(1/(1 + exp(-x)))", "log_sigmoid(x)", -800.0, |x| (1.0 / (1.0 + (-x).exp())).ln()),
    ("exp(x)/(1 + exp(x))", "sigmoid(x)", 800.0, |x| x.exp() / (1.0 + x.exp())),
    ("ln(1 + x)", "ln_1p(x)", 1e-20, |x| (1.0 + x).ln()),
    ("ln(1 + x^2)", "ln_1p(x^2)", 1e-10, |x| (1.0 + x * x).ln()),
    ("exp(x) - 1", "exp_m1(x)", 1e-20, |x| x.exp() - 1.0),
    ("3 - 3*exp(x)", "-3*exp_m1(x)", 1e-20, |x| 3.0 - 3.0 * x.exp()),
    ("1 - cos(x)", "2*sin(x/2)^2", 1e-10, |x| 1.0 - x.cos()),
    ("cosh(x) - 1", "2*sinh(x/2)^2", 1e-10, |x| x.cosh() - 1.0),
    ("1 - tanh(x)^2", "sech(x)^2", 30.0, |x| 1.0 - x.tanh().powi(2)),
    ("1 - erf(x)", "erfc(x)", 10.0, |x| 1.0 - hesse::math::erf(x)),
    ("1 - normal_cdf(x)", "normal_cdf(-x)", 10.0, |x| 1.0 - hesse::math::normal_cdf(x)),
    ("ln(normal_cdf(x))", "ln_normal_cdf(x)", -40.0, |x| hesse::math::normal_cdf(x).ln()),
    ("ln(gamma(x))", "ln_gamma(x)", 200.0, |x| hesse::math::gamma(x).ln()),
    ("ln(cosh(x))", "ln_cosh(x)", 800.0, |x| x.cosh().ln()),
    ("ln(3*cosh(x))", "ln(3) + ln_cosh(x)", 800.0, |x| (3.0 * x.cosh()).ln()),
    ("sqrt(x^2 + 3^2)", "hypot(x, 3)", 1e200, |x| (x * x + 9.0).sqrt()),
    ("1/sqrt(x^2 + 3^2)", "1/hypot(x, 3)", 1e200, |x| 1.0 / (x * x + 9.0).sqrt()),
    ("sqrt(x^2)", "abs(x)", 1e-200, |x| (x * x).sqrt()),
    ("sqrt(1 + x^2) - 1", "pseudo_huber(x)", 1e-10, |x| (1.0 + x * x).sqrt() - 1.0),
    ("sin(x)/x", "sinc(x)", 0.0, |x| x.sin() / x),
    ("sin(3*x)/x", "3*sinc(3*x)", 0.0, |x| (3.0 * x).sin() / x),
    ("(1 - cos(x))/x^2", "sinc(x/2)^2/2", 0.0, |x| (1.0 - x.cos()) / (x * x)),
    ("x*ln(x)", "xlogx(x)", 0.0, |x| x * x.ln()),
    ("1/(1 - x^2)", "1/one_minus_square(x)", 1.0 - 2.13e-8, |x| 1.0 / (1.0 - x * x)),
];

/// The error function in canonical text.
fn canonical(text: &str) -> String {
    let model = parse(text, &Columns::none()).unwrap();
    print(&model.graph, &[model.error], Notation::Text, &[]).texts.remove(0)
}

#[test]
fn every_rule_finds_its_entry_and_is_needed() {
    for &(written, entry, at, naive) in RULES {
        let [text, wanted] = [written, entry].map(|formula| canonical(&format!("param x\n{formula}")));
        // Logarithms of constants are numbers only after lifting.
        if !wanted.contains("ln(3)") {
            assert_eq!(text, wanted, "{written}");
        }
        let model = parse(&format!("param x\n{written}"), &Columns::none()).unwrap();
        let surface = Surface::new(&model.graph, model.error, &Bindings::new()).unwrap();
        let (right, plain) = (surface.value(&[at]), naive(at));
        assert!(right.is_finite(), "{written} at {at:e} is {right}");
        let off = (plain - right).abs() / right.abs();
        assert!(off.is_nan() || off > 1e-10, "{written} needs no rule at {at:e}: {plain:e}, {right:e}");
        let (mut gradient, mut hessian) = ([0.0], [0.0]);
        surface.value_gradient_hessian(&[at], &mut gradient, &mut hessian);
        let is_pole = written == "x*ln(x)";
        assert!(is_pole || gradient[0].is_finite() && hessian[0].is_finite(), "{written} at {at:e}");
    }
}

#[test]
fn sums_over_arrays_are_lifted() {
    let of = |formula: &str| canonical(&format!("param a[n]\n{formula}"));
    assert_eq!(of("ln(sum(i, exp(2*a[i])))"), of("logsumexp(i, 2*a[i])"));
    assert_eq!(of("exp(a[0])/sum(i, exp(a[i]))"), of("exp(a[0] - logsumexp(i, a[i]))"));
    assert_eq!(
        of("sum(j, exp(a[j])/sum(i, exp(a[i])) * a[j])"),
        of("sum(j, exp(a[j] - logsumexp(i, a[i])) * a[j])")
    );
}

#[test]
fn what_has_no_such_form_stays() {
    for formula in [
        "ln(2 + x)",
        "exp(x) - 2",
        "2 - cos(x)",
        "sqrt(x + x^2)",
        "sqrt(x^3)",
        "x*ln(2*x)",
        "ln(1 - exp(x)*2)",
    ] {
        let text = canonical(&format!("param x\n{formula}"));
        for entry in ["softplus", "exp_m1", "hypot", "sinc", "xlogy", "abs"] {
            assert!(!text.contains(entry), "{formula} became {text}");
        }
    }
    // Rotations keep their sine and cosine, whose squares add up to 1.
    let text = canonical("param x, y, z\nsin(sqrt(x^2 + y^2 + z^2))/sqrt(x^2 + y^2 + z^2)");
    assert!(text.contains("sin("), "{text}");
}
