//! Every rewriting rule: it is applied, it is needed or keeps every bit, and modes leave it out.

use std::fmt::Write;

use hesse::ErrorFunction;
use hesse_parser::Model;
use hesse_parser::formula::{Columns, parse_in};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_symbolic::print::{Notation, print};
use hesse_symbolic::rules::{EXTENSION, Mode, RULES, SQUARES, Soundness};

/// The name of a rule, a form people write, what it becomes, a point, and what the form itself gives there.
type Case = (&'static str, &'static str, &'static str, f64, fn(f64) -> f64);

/// Forms that fail somewhere.
const CASES: &[Case] = &[
    ("softplus", "ln(1 + exp(x))", "softplus(x)", 800.0, |x| (1.0 + x.exp()).ln()),
    ("softplus", "ln(2 + 2*exp(x))", "ln(2) + softplus(x)", 800.0, |x| (2.0 + 2.0 * x.exp()).ln()),
    ("softplus", "ln_1p(exp(x))", "softplus(x)", 800.0, |x| x.exp().ln_1p()),
    ("softplus", "ln(exp(x) + 1)", "softplus(x)", -50.0, |x| (x.exp() + 1.0).ln()),
    ("log-add-exp", "ln(exp(x) + exp(2))", "logsumexp(x, 2)", 800.0, |x| (x.exp() + 2_f64.exp()).ln()),
    ("log-sigmoid", "ln(sigmoid(x))", "log_sigmoid(x)", -800.0, |x| (1.0 / (1.0 + (-x).exp())).ln()),
    ("one minus a distribution", "ln(1 - sigmoid(x))", "-softplus(x)", 40.0, |x| {
        (1.0 - 1.0 / (1.0 + (-x).exp())).ln()
    }),
    ("sigmoid", "ln(1/(1 + exp(-x)))", "log_sigmoid(x)", -800.0, |x| (1.0 / (1.0 + (-x).exp())).ln()),
    ("softmax", "exp(x)/(1 + exp(x))", "sigmoid(x)", 800.0, |x| x.exp() / (1.0 + x.exp())),
    ("softmax", "exp(x)/(exp(x) + exp(2))", "sigmoid(x - 2)", 800.0, |x| x.exp() / (x.exp() + 2_f64.exp())),
    ("power of an exponential", "pow(exp(x), 1/(1 + x^2))", "exp(x/(1 + x^2))", 800.0, |x| {
        x.exp().powf(1.0 / (1.0 + x * x))
    }),
    ("log1p", "ln(1 + x)", "ln_1p(x)", 1e-20, |x| (1.0 + x).ln()),
    ("log1p", "ln(1 + x^2)", "ln_1p(x^2)", 1e-10, |x| (1.0 + x * x).ln()),
    ("expm1", "exp(x) - 1", "exp_m1(x)", 1e-20, |x| x.exp() - 1.0),
    ("expm1", "3 - 3*exp(x)", "-3*exp_m1(x)", 1e-20, |x| 3.0 - 3.0 * x.exp()),
    ("one minus cosine", "1 - cos(x)", "2*sin(x/2)^2", 1e-10, |x| 1.0 - x.cos()),
    ("cosh minus one", "cosh(x) - 1", "2*sinh(x/2)^2", 1e-10, |x| x.cosh() - 1.0),
    ("one minus tanh squared", "1 - tanh(x)^2", "sech(x)^2", 30.0, |x| 1.0 - x.tanh().powi(2)),
    ("one minus erf", "1 - erf(x)", "erfc(x)", 10.0, |x| 1.0 - hesse::math::erf(x)),
    ("one minus a distribution", "1 - normal_cdf(x)", "normal_cdf(-x)", 10.0, |x| {
        1.0 - hesse::math::normal_cdf(x)
    }),
    ("log of the normal distribution", "ln(normal_cdf(x))", "ln_normal_cdf(x)", -40.0, |x| {
        hesse::math::normal_cdf(x).ln()
    }),
    ("log-gamma", "ln(gamma(x))", "ln_gamma(x)", 200.0, |x| hesse::math::gamma(x).ln()),
    ("log-cosh", "ln(cosh(x))", "ln_cosh(x)", 800.0, |x| x.cosh().ln()),
    ("log-cosh", "ln(3*cosh(x))", "ln(3) + ln_cosh(x)", 800.0, |x| (3.0 * x.cosh()).ln()),
    ("radius", "sqrt(x^2 + 3^2)", "hypot(x, 3)", 1e200, |x| (x * x + 9.0).sqrt()),
    ("radius", "1/sqrt(x^2 + 3^2)", "1/hypot(x, 3)", 1e200, |x| 1.0 / (x * x + 9.0).sqrt()),
    ("root of a square", "sqrt(x^2)", "abs(x)", 1e-200, |x| (x * x).sqrt()),
    ("radius minus one", "sqrt(1 + x^2) - 1", "pseudo_huber(x)", 1e-10, |x| (1.0 + x * x).sqrt() - 1.0),
    ("sinc", "sin(x)/x", "sinc(x)", 0.0, |x| x.sin() / x),
    ("sinc", "sin(3*x)/x", "3*sinc(3*x)", 0.0, |x| (3.0 * x).sin() / x),
    ("sinc", "(1 - cos(x))/x^2", "sinc(x/2)^2/2", 0.0, |x| (1.0 - x.cos()) / (x * x)),
    ("x ln x", "x*ln(x)", "xlogx(x)", 0.0, |x| x * x.ln()),
    ("one minus a square", "1/(1 - x^2)", "1/one_minus_square(x)", 1.0 - 2.13e-8, |x| 1.0 / (1.0 - x * x)),
    ("logarithm of an exponential", "ln(exp(x))", "x", 800.0, |x| x.exp().ln()),
    ("logarithm of an exponential", "ln(2*exp(x))", "ln(2) + x", 800.0, |x| (2.0 * x.exp()).ln()),
    ("exponential of a logarithm", "exp(ln(sech(x)))", "sech(x)", 700.3, |x| hesse::math::sech(x).ln().exp()),
    ("log of erfc", "ln(erfc(x))", "ln(2) + ln_normal_cdf(-1.4142135623730951*x)", 40.0, |x| {
        hesse::math::erfc(x).ln()
    }),
];

/// The name of a rule, a form people write, and one with the same bits.
const EXACT: &[(&str, &str, &str)] = &[
    ("size of a size", "abs(x^2)", "x^2"),
    ("size of a size", "relu(exp(x))", "exp(x)"),
    ("size of a size", "abs(abs(x))", "abs(x)"),
    ("even power of a size", "abs(x)^4", "x^4"),
    ("rounding of what is rounded", "floor(round(x))", "round(x)"),
    ("larger of the same", "max(x, x)", "x"),
];

/// The name of a rule of the mode `fast`, a form people write, what it becomes, and a point where both agree.
const CHEAPER: &[(&str, &str, &str, f64)] = &[
    ("power of an exponential", "2^x", "exp2(x)", 4.5),
    ("power of an exponential", "2.718281828459045^x", "exp(x)", 4.5),
    ("plain radius", "hypot(x, 3)", "sqrt(x^2 + 3^2)", 4.0),
    ("exponential of any logarithm", "exp(ln(x))", "x", 4.0),
    ("root of a square number", "x*sqrt(4/9)", "2/3*x", 3.0),
];

fn model(text: &str, mode: Mode) -> Model {
    parse_in(text, &Columns::none(), mode).unwrap()
}

/// The error function in canonical text.
fn canonical(text: &str) -> String {
    text_in(text, Mode::Robust)
}

fn text_in(text: &str, mode: Mode) -> String {
    let model = model(text, mode);
    print(&model.graph, &[model.error], Notation::Text, &[]).texts.remove(0)
}

/// Value, slope and curvature of a function of x.
fn jet(formula: &str, mode: Mode, at: f64) -> [f64; 3] {
    let model = model(&format!("param x\n{formula}"), mode);
    let surface = Surface::new(&model.graph, model.error, &Bindings::new()).unwrap();
    let (mut gradient, mut hessian) = ([0.0], [0.0]);
    let value = surface.value(&[at]);
    surface.value_gradient_hessian(&[at], &mut gradient, &mut hessian);
    [value, gradient[0], hessian[0]]
}

/// The rules that rewrite a function of x.
fn applied(formula: &str, mode: Mode) -> Vec<&'static str> {
    model(&format!("param x\n{formula}"), mode).applied.iter().map(|applied| applied.rule.name).collect()
}

#[test]
fn every_rule_finds_its_entry_and_is_needed() {
    for &(rule, written, entry, at, naive) in CASES {
        assert!(applied(written, Mode::Robust).contains(&rule), "{rule}: {written}");
        let [text, wanted] = [written, entry].map(|formula| canonical(&format!("param x\n{formula}")));
        // Logarithms of constants are numbers only after a rule.
        if !wanted.contains("ln(2)") && !wanted.contains("ln(3)") {
            assert_eq!(text, wanted, "{written}");
        }
        let ([right, slope, curvature], plain) = (jet(written, Mode::Robust, at), naive(at));
        assert!(right.is_finite(), "{written} at {at:e} is {right}");
        let off = |value: f64| (value - right).abs() / right.abs();
        let fails = |value: f64| off(value).is_nan() || off(value) > 1e-14;
        assert!(fails(plain), "{written} needs no rule at {at:e}: {plain:e}, {right:e}");
        let is_pole = written == "x*ln(x)";
        assert!(is_pole || slope.is_finite() && curvature.is_finite(), "{written} at {at:e}");
        // Where nothing is rewritten, the form is what it was.
        assert_eq!(applied(written, Mode::Strict), [""; 0], "{written}");
        let [strict, ..] = jet(written, Mode::Strict, at);
        assert!(fails(strict), "{written} at {at:e}, strict: {strict:e}");
    }
}

#[test]
fn exact_rules_keep_every_bit() {
    let points = [0.0, -0.0, 1.5, -2.5, 1e300, -1e-320, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    for &(rule, written, entry) in EXACT {
        for mode in Mode::ALL {
            assert!(applied(written, mode).contains(&rule), "{rule}: {written}");
            let [text, wanted] = [written, entry].map(|f| text_in(&format!("param x\n{f}"), mode));
            assert_eq!(text, wanted);
        }
        // The functions as the table of functions has them.
        let naive: fn(f64) -> f64 = match written {
            "abs(x^2)" => |x| (x * x).abs(),
            "relu(exp(x))" => |x| hesse::math::relu(hesse::math::exp(x)),
            "abs(abs(x))" => |x| x.abs().abs(),
            "abs(x)^4" => |x| (x.abs() * x.abs()) * (x.abs() * x.abs()),
            "floor(round(x))" => |x| hesse::math::floor(hesse::math::round(x)),
            _ => |x| hesse::math::max(x, x),
        };
        for at in points {
            let ([found, ..], expected) = (jet(written, Mode::Strict, at), naive(at));
            // E begins at +0, so that −0 is lost on the way.
            let same = found == expected || found.is_nan() && expected.is_nan();
            assert!(same, "{written} at {at:e}: {found:e}, {expected:e}");
        }
    }
}

#[test]
fn fast_forms_agree_where_nothing_fails() {
    for &(rule, written, entry, at) in CHEAPER {
        assert!(applied(written, Mode::Fast).contains(&rule), "{rule}: {written}");
        let [text, wanted] = [written, entry].map(|f| text_in(&format!("param x\n{f}"), Mode::Fast));
        assert_eq!(text, wanted);
        for (fast, strict) in jet(written, Mode::Fast, at).into_iter().zip(jet(written, Mode::Strict, at)) {
            assert!((fast - strict).abs() <= 1e-14 * strict.abs().max(1.0), "{written}: {fast:e} {strict:e}");
        }
    }
}

#[test]
fn the_table_is_whole() {
    let mut names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    let tested = |name: &&str| {
        CASES.iter().any(|case| case.0 == *name)
            || EXACT.iter().any(|case| case.0 == *name)
            || CHEAPER.iter().any(|case| case.0 == *name)
            // Of arrays, below.
            || *name == "log-sum-exp"
    };
    let untested: Vec<&str> = names.iter().copied().filter(|name| !tested(name)).collect();
    assert!(untested.is_empty(), "{untested:?}");
    for rule in RULES {
        let is_exact = rule.soundness == Soundness::Ieee;
        assert_eq!(rule.modes.contains(&Mode::Strict), is_exact, "{}", rule.name);
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), RULES.len());
}

#[test]
fn a_larger_domain_is_told_and_strict_keeps_the_written_one() {
    for (written, name, at) in [
        ("x^2/x", "cancellation", 0.0),
        ("sqrt(x)*sqrt(x)", "cancellation", -1.0),
        ("x*ln(x)", "x ln x", 0.0),
        ("sin(x)/x", "sinc", 0.0),
        ("ln(gamma(x))", "log-gamma", -0.5),
    ] {
        let model = model(&format!("param x\n{written}"), Mode::Robust);
        let told: Vec<&str> =
            model.applied.iter().filter(|a| a.remark().is_some()).map(|a| a.rule.name).collect();
        assert_eq!(told, [name], "{written}");
        assert!(jet(written, Mode::Robust, at)[0].is_finite(), "{written}");
        assert!(jet(written, Mode::Strict, at)[0].is_nan(), "{written}");
        assert_eq!(applied(written, Mode::Strict), [""; 0], "{written}");
        // Elsewhere both are the same function.
        for (robust, strict) in
            jet(written, Mode::Robust, 1.75).into_iter().zip(jet(written, Mode::Strict, 1.75))
        {
            assert!(
                (robust - strict).abs() <= 1e-13 * strict.abs().max(1.0),
                "{written}: {robust:e} {strict:e}"
            );
        }
    }
    // What cannot be zero leaves no gap.
    assert_eq!(applied("exp(x)/exp(x) + exp(x)^2/exp(x)", Mode::Robust), [""; 0]);
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

#[test]
fn the_book_has_the_rules() {
    let mut text = String::from("| written | becomes | where | class | modes |\n|---|---|---|---|---|\n");
    for rule in RULES.iter().chain([SQUARES, EXTENSION]) {
        let forms = |text: &str| format!("`{}`", text.replace(" or ", "` or `"));
        let modes: Vec<&str> = rule.modes.iter().map(|mode| mode.name()).collect();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            forms(rule.written),
            forms(rule.becomes),
            rule.guard,
            rule.soundness.name(),
            modes.join(", ")
        );
    }
    super::compare("rules", &text, true);
}
