//! Corners of the language: ranges that begin below zero, quotients of integers, powers and weights at zero, and forms
//! that a rule could make worse. The truth is dual numbers, closed forms, and the function itself as Rust compiles it.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]
#![allow(clippy::needless_range_loop, reason = "error functions are written the way people write sums")]

use hesse::{ErrorFunction, derive_hessian, formula};
use hesse_parser::formula::{Columns, parse_in};
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_symbolic::print::{Notation, print};
use hesse_symbolic::rules::Mode;
use hesse_testkit::close::assert_close;
use hesse_testkit::oracle::{DualNum, HyperDual64 as Dual, hyper_dual};

/// Value, gradient and packed Hessian.
type Jet = (f64, Vec<f64>, Vec<f64>);

fn jet(error: &impl ErrorFunction, w: &[f64]) -> Jet {
    let (mut gradient, mut hessian) = (vec![f64::NAN; w.len()], vec![f64::NAN; w.len() * (w.len() + 1) / 2]);
    let value = error.value_gradient_hessian(w, &mut gradient, &mut hessian);
    (value, gradient, hessian)
}

fn surface(text: &str, mode: Mode) -> Surface {
    let model = parse_in(text, &Columns::none(), mode).unwrap();
    Surface::new(&model.graph, model.error, &Bindings::new()).unwrap()
}

#[track_caller]
fn assert_jet(what: &str, found: &Jet, expected: &Jet) {
    assert_close(&format!("{what}: value"), &[found.0], &[expected.0], 1e-14);
    assert_close(&format!("{what}: gradient"), &found.1, &expected.1, 1e-14);
    assert_close(&format!("{what}: Hessian"), &found.2, &expected.2, 1e-14);
}

fn text(formula: &str, mode: Mode) -> String {
    let model = parse_in(formula, &Columns::none(), mode).unwrap();
    print(&model.graph, &[model.error], Notation::Text, &[]).texts.remove(0)
}

#[derive_hessian]
fn below_zero(w: &[f64; 1]) -> f64 {
    let mut total = 0.0;
    for i in -2i64..3 {
        total += (i as f64 * w[0] - 1.0).powi(2);
    }
    total
}

#[test]
fn ranges_that_begin_below_zero_are_whole() {
    fn squares(w: &[Dual]) -> Dual {
        (-2..3).map(|i| (w[0] * f64::from(i) - 1.0).powi(2)).fold(Dual::from(0.0), |sum, term| sum + term)
    }
    fn ragged(w: &[Dual]) -> Dual {
        let pairs = (0..3).flat_map(|i| (i - 2..3).map(move |j| (i, j)));
        pairs.fold(Dual::from(0.0), |sum, (i, j)| sum + (w[0] * f64::from(j) + f64::from(i)).powi(3))
    }
    let at = [0.75];
    let truth = hyper_dual(squares, &at);
    assert_eq!(truth.0, below_zero(&at));
    assert_jet("Rust", &jet(&below_zero::error_function(), &at), &truth);
    assert_jet("formula", &jet(&formula!(sum(i in -2..3, (i * x - 1) ^ 2)), &at), &truth);
    assert_jet("evaluated", &jet(&surface("sum(i in -2..3, (i*x - 1)^2)", Mode::Robust), &at), &truth);
    let truth = hyper_dual(ragged, &at);
    assert_jet("ragged", &jet(&formula!(sum(i in 0..3, sum(j in i - 2..3, (j * x + i) ^ 3))), &at), &truth);
    // Elements are those of the positions written.
    let at = [0.5, -1.5, 2.5, 4.0];
    let truth = (-1..3).map(|i: i32| f64::from(i) * at[(i + 1) as usize]).sum::<f64>();
    let shifted = formula! { param w[4]; E = sum(i in -1..3, i * w[i + 1]) };
    assert_close("shifted", &[shifted.value(&at)], &[truth], 1e-15);
}

#[derive_hessian]
fn whole_quotients(w: &[f64; 1]) -> f64 {
    let mut total = 0.0;
    for i in 0..400 {
        for m in 1..50 {
            total += ((i / 49) as f64 + 3.0 * (i % 49) as f64 + (i / m) as f64 - (i % m) as f64) * w[0];
        }
    }
    total
}

#[test]
fn quotients_of_integers_are_those_of_rust() {
    let surface = whole_quotients::error_function();
    assert_eq!(surface.value(&[1.0]), whole_quotients(&[1.0]));
    for m in 1..130 {
        for rounding in ["trunc", "floor"] {
            let formula = format!("sum(i in 0..1000, {rounding}(i/{m})*w)");
            let expected: u32 = (0..1000).map(|i| i / m).sum();
            assert_eq!(self::surface(&formula, Mode::Strict).value(&[1.0]), f64::from(expected), "{formula}");
        }
    }
    // What is looked up, too; and it is printed as it was written.
    let of_data = "param w\ndata k, m\nfloor(k/m)*w + trunc(k/(2*m))";
    let model = parse_in(of_data, &Columns::none(), Mode::Robust).unwrap();
    let mut data = Bindings::new();
    data.insert("k", &[], vec![98.0]).unwrap();
    data.insert("m", &[], vec![49.0]).unwrap();
    let surface = Surface::new(&model.graph, model.error, &data).unwrap();
    assert_eq!(surface.value(&[1.0]), 3.0);
    for formula in
        ["floor(x/49)", "ceil(3*x/49)", "trunc(x/y)", "round(x/(2*y))", "floor(-x/7)", "floor(x/4)"]
    {
        let printed = text(formula, Mode::Robust);
        assert_eq!(text(&printed, Mode::Robust), printed);
        assert!(!printed.contains("quotient"), "{printed}");
    }
    assert_eq!(text("param x\nfloor(x/49)", Mode::Robust), "floor(x/49)");
}

#[derive_hessian]
fn polynomial(x: f64, c: &[f64]) -> f64 {
    let mut total = 0.0;
    for k in 0..c.len() {
        total += c[k] * x.powi(k as i32);
    }
    total
}

#[test]
fn powers_with_whole_exponents_are_right_at_zero() {
    let c = [2.0, -3.0, 5.0, 7.0];
    for x in [0.0, -0.0, 1.5, -2.0] {
        let truth = hyper_dual(
            |w: &[Dual]| (0..4).fold(Dual::from(0.0), |sum, k| sum + w[0].powi(k) * c[k as usize]),
            &[x],
        );
        assert_jet("Rust", &jet(&polynomial::error_function(&c), &[x]), &truth);
        let formula = surface(
            "sum(k in 0..4, (if(k == 0, 2, 0) + if(k == 1, -3, 0) + if(k == 2, 5, 0) + if(k == 3, 7, 0))*x^k)",
            Mode::Robust,
        );
        assert_jet("formula", &jet(&formula, &[x]), &truth);
    }
    // xᵖ by x: p x^(p−1) and p (p−1) x^(p−2), with 0⁰ = 1; by both where x is not 0: x^(p−1) (1 + p ln x).
    let power = surface("param x, p\nx^p", Mode::Robust);
    for (p, slope, curvature) in [(0.0, 0.0, 0.0), (1.0, 1.0, 0.0), (2.0, 0.0, 2.0), (3.0, 0.0, 0.0)] {
        let (value, gradient, hessian) = jet(&power, &[0.0, p]);
        assert_eq!((value, gradient[0], hessian[0]), (f64::from(p == 0.0), slope, curvature), "x^{p} at 0");
    }
    for (x, p) in [(2.0f64, 0.0f64), (0.5, 0.0), (2.0, 1.5), (3.0, -1.0)] {
        let (value, gradient, hessian) = jet(&power, &[x, p]);
        let ln = x.ln();
        assert_close("value", &[value], &[x.powf(p)], 1e-15);
        assert_close("gradient", &gradient, &[p * x.powf(p - 1.0), x.powf(p) * ln], 1e-15);
        let mixed = x.powf(p - 1.0) * (1.0 + p * ln);
        let curvatures = [p * (p - 1.0) * x.powf(p - 2.0), mixed, x.powf(p) * ln * ln];
        assert_close("Hessian", &hessian, &curvatures, 1e-14);
    }
}

#[test]
fn rules_are_right_wherever_the_written_form_is() {
    // The squares are those of a radius, whose slope has no value at the origin; that of its cube has.
    for formula in ["param x, y\n(x^2 + y^2)^(3/2)", "param x, y\n(x^2 + y^2)^2*sqrt(x^2 + y^2)"] {
        for mode in Mode::ALL {
            let (mut gradient, surface) = ([f64::NAN; 2], surface(formula, mode));
            assert_eq!(surface.value_gradient(&[0.0, 0.0], &mut gradient), 0.0);
            assert_eq!(gradient, [0.0, 0.0], "{formula}");
        }
    }
    let cube = jet(&surface("param x, y\n(x^2 + y^2)^(3/2)", Mode::Robust), &[3.0, 4.0]);
    assert_jet("cube", &cube, &(125.0, vec![45.0, 60.0], vec![20.4, 7.2, 24.6]));
    // Special points of the written forms and of what takes their place.
    let formulas = [
        "ln(2 + 2*exp(x))",
        "ln(3*exp(x) + 3*exp(2*x))",
        "exp(x)/(exp(x) + exp(2))",
        "exp(2*x)/(exp(x) + exp(2) + 1)",
        "exp(x)/(exp(x) + exp(2*x) + exp(1))",
        "2^x",
        "exp(sin(x))^x",
        "sqrt(x^2)",
        "1/sqrt(x^2 + 4)",
        "1 - cos(x)",
        "cosh(x) - 1",
        "1/(1 - x^2)",
        "(1 - x^2)^(3/2)",
        "1/(1 + exp(-x))^2",
        "ln(1 + x^2)",
        "1 - tanh(x)^2",
        "3*exp(x) - 3",
        "abs(x)^4",
    ];
    for formula in formulas {
        for at in [0.0, 0.25, -0.25, 0.875, -0.875] {
            let [written, robust, fast] = [Mode::Strict, Mode::Robust, Mode::Fast]
                .map(|mode| jet(&surface(&format!("param x\n{formula}"), mode), &[at]));
            for (mode, found) in [("robust", &robust), ("fast", &fast)] {
                for (found, wanted) in
                    [found.0, found.1[0], found.2[0]].into_iter().zip([written.0, written.1[0], written.2[0]])
                {
                    let near = (found - wanted).abs() <= 1e-13 * wanted.abs().max(1.0);
                    assert!(near || wanted.is_nan(), "{formula} at {at}, {mode}: {found}, {wanted}");
                }
            }
        }
    }
}

#[test]
fn far_out_the_written_forms_fail_and_the_new_ones_do_not() {
    let at = |formula: &str, mode, x: f64| jet(&surface(&format!("param x\n{formula}"), mode), &[x]);
    for mode in [Mode::Robust, Mode::Fast] {
        let (value, gradient, hessian) = at("ln(2 + 2*exp(x))", mode, 800.0);
        assert_eq!((value, gradient[0], hessian[0]), (800.0 + 2.0f64.ln(), 1.0, 0.0));
    }
    assert_eq!(
        text("param x\nln(2 + 2*exp(x))", Mode::Fast),
        text("param x\n0.6931471805599453 + softplus(x)", Mode::Fast)
    );
    // 1/(1 + e⁻¹⁰) and 1/(1 + e⁻¹⁰ + e⁻¹¹) to fifty digits, rounded.
    let share = at("exp(x)/(exp(x) + exp(790))", Mode::Robust, 800.0);
    assert_close("share", &[share.0], &[0.999_954_602_131_297_6], 1e-15);
    let three = at("exp(x)/(exp(x) + exp(790) + exp(789))", Mode::Robust, 800.0);
    assert_close("three", &[three.0], &[0.9999379022258204], 1e-12);
    assert_eq!(
        text("param x, y\nexp(x)/(exp(x) + exp(y))", Mode::Robust),
        text("param x, y\nsigmoid(x - y)", Mode::Robust)
    );
}

#[test]
fn e_is_eulers_number() {
    for mode in Mode::ALL {
        for (written, meant) in
            [("e^x", "exp(x)"), ("e^-x*e^2", "exp(-x)*exp(2)"), ("pow(e, x)", "exp(x)"), ("e²*x", "exp(2)*x")]
        {
            let [written, meant] = [written, meant].map(|formula| text(&format!("param x\n{formula}"), mode));
            assert_eq!(written, meant);
        }
    }
    for (written, meant) in [("exp(1)^x", "exp(x)"), ("ln(1 + e^x)", "softplus(x)"), ("2^x", "exp2(x)")] {
        let [written, meant] =
            [written, meant].map(|formula| text(&format!("param x\n{formula}"), Mode::Robust));
        assert_eq!(written, meant);
    }
    let model = parse_in("param x\ne^x", &Columns::none(), Mode::Robust).unwrap();
    assert_eq!(print(&model.graph, &[model.error], Notation::Latex, &[]).texts[0], "e^{x}");
    // e⁷⁰⁰ to fifty digits, rounded.
    let value = surface("param x\ne^x", Mode::Strict).value(&[700.0]);
    assert_close("e^700", &[value], &[1.014_232_054_735_004_5e304], 1e-15);
}

#[test]
fn strict_leaves_sine_and_cosine_as_they_are() {
    let formula = "param x\nsin(x)^2 + cos(x)^2";
    let applied = |mode| {
        let model = parse_in(formula, &Columns::none(), mode).unwrap();
        model.applied.iter().map(|applied| applied.rule.name).collect::<Vec<_>>()
    };
    assert_eq!(text(formula, Mode::Robust), "1");
    assert_eq!(applied(Mode::Robust), ["sine and cosine"]);
    assert!(text(formula, Mode::Strict).contains("sin(x)^2"));
    assert_eq!(applied(Mode::Strict), [""; 0]);
    // A term that took part takes no part again: sin²a sin²b + cos²a sin²b + sin²a cos²b + cos²a cos²b is 1.
    let square = "param a, b\nsin(a)^2*sin(b)^2 + cos(a)^2*sin(b)^2 + sin(a)^2*cos(b)^2 + cos(a)^2*cos(b)^2";
    let (value, gradient, _) = jet(&surface(square, Mode::Robust), &[0.3, 0.7]);
    assert_close("squares", &[value, 1.0 + gradient[0], 1.0 + gradient[1]], &[1.0; 3], 1e-15);
}

#[test]
fn powers_of_numbers_are_rounded_once() {
    // To fifty digits and rounded: 1.1⁶⁴, 0.3⁴⁰, 1.7⁻³³.
    for (formula, value) in [
        ("x + 1.1^64", 445.791_568_452_590_24),
        ("x + 0.3^40", 1.2157665459056928e-21),
        ("x + 1.7^-33", 2.4841944919702614e-08),
        ("x + 2^60 - 2^60", 0.0),
    ] {
        let found = surface(&format!("param x\n{formula}"), Mode::Robust).value(&[0.0]);
        assert!((found - value).abs() <= 1e-16 * value, "{formula}: {found:e}, {value:e}");
    }
}

#[test]
fn branches_that_are_not_taken_stay_out_of_second_derivatives() {
    // Each √ is no number where it is not taken; adjoints arrive there under several conditions, or from a sum over another index.
    let own = |b: Dual, w: Dual| if (b - w).re > 0.25 { (b - w).sqrt() } else { w };
    let other = |b: Dual, w: Dual, u: Dual| if (b - w).re > 0.25 { (b - w).sqrt() } else { u };
    let product = surface(
        "param b, w[3]; s[j] = if(b - w[j] > 0.25, sqrt(b - w[j]), w[j]); E = prod(j in 0..3, s[j]*sin(s[j]))",
        Mode::Robust,
    );
    let sum = surface(
        "param b, w[3]; E = sum(i in 0..3, prod(j in 0..3, 2 + sin(if(b - w[j] > 0.25, sqrt(b - w[j]), if(w[i] > 1, w[2-i], w[i])))))",
        Mode::Robust,
    );
    for at in
        [[0.406, 1.1, 1.04, -0.4], [0.406, 1.1, -1.04, -0.4], [2.0, 0.5, 0.25, -0.75], [0.0, 1.0, 2.0, 3.0]]
    {
        let truth = hyper_dual(|p| (1..4).map(|j| own(p[0], p[j])).map(|s| s * s.sin()).product(), &at);
        assert_jet("product", &jet(&product, &at), &truth);
        let below = |p: &[Dual], i: usize| if p[i].re > 1.0 { p[4 - i] } else { p[i] };
        let factor = |p: &[Dual], i: usize, j: usize| other(p[0], p[j], below(p, i)).sin() + 2.0;
        let truth =
            hyper_dual(|p| (1..4).map(|i| (1..4).map(|j| factor(p, i, j)).product::<Dual>()).sum(), &at);
        assert_jet("sum", &jet(&sum, &at), &truth);
    }
}

#[test]
fn slopes_that_no_row_takes_stay_out_of_sums() {
    // √b and 1/b belong to branches, and no branch needs them at some of these points.
    let terms = |p: &[Dual]| {
        let term = |w: Dual| if w.re > 0.0 { p[0].sqrt() + p[0].recip() } else { w };
        [term(p[1]), term(p[2])]
    };
    type Whole = fn([Dual; 2]) -> Dual;
    let wholes: [(&str, Whole); 6] = [
        ("sum(i in 0..2, t[i]*(2 + t[i]))", |t| t.map(|t| t * (t + 2.0)).into_iter().sum()),
        ("prod(i in 0..2, t[i])", |[a, b]| a * b),
        ("max(i in 0..2, t[i])", |[a, b]| if a.re > b.re { a } else { b }),
        ("logsumexp(i in 0..2, t[i])", |[a, b]| (a.exp() + b.exp()).ln()),
        ("exp(sum(i in 0..2, t[i]))", |[a, b]| (a + b).exp()),
        ("norm(i in 0..2, t[i])", |[a, b]| (a * a + b * b).sqrt()),
    ];
    for (whole, of) in wholes {
        let text = format!("param b, w[2]; t[i] = if(w[i] > 0, sqrt(b) + 1/b, w[i]); E = {whole}");
        for mode in [Mode::Robust, Mode::Strict] {
            let surface = surface(&text, mode);
            for at in [[-1.0, -1.0, -2.0], [0.0, -1.0, -2.0], [0.7, -1.0, 2.0], [0.3, 1.0, 0.5]] {
                let truth = hyper_dual(|p| of(terms(p)), &at);
                assert_jet(whole, &jet(&surface, &at), &truth);
            }
        }
    }
}
