//! Well-formed formulas: what they mean, as numbers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod common;

use common::{evaluate, model, model_with};
use hesse_parser::formula::{Columns, Size, parse};
use hesse_symbolic::graph::{Extent, Role};

const SIZES: &[(&str, i64)] = &[("n", 3), ("d", 2)];

#[track_caller]
fn check(source: &str, arrays: &[(&str, &[f64])], expected: f64) {
    let found = evaluate(&model(source), arrays, SIZES);
    assert!(
        (found - expected).abs() <= 1e-14 * expected.abs().max(1.0),
        "{source}\n{found} is not {expected}"
    );
}

#[track_caller]
fn constant(source: &str, expected: f64) {
    check(source, &[], expected);
}

#[test]
fn operators_bind_as_documented() {
    for (source, expected) in [
        ("1 + 2 * 3", 7.0),
        ("2 * 3 + 1", 7.0),
        ("7 - 2 - 1", 4.0),
        ("8 / 4 / 2", 1.0),
        ("8 / 4 * 2", 4.0),
        ("-3^2", -9.0),
        ("(-3)^2", 9.0),
        ("2^-2", 0.25),
        ("2^-1^2", 0.5),
        ("2^3^2", 512.0),
        ("2**3**2", 512.0),
        ("-2^2 * 3", -12.0),
        ("2 - -3", 5.0),
        ("--3", 3.0),
        ("+3 - +2", 1.0),
        ("2(3 + 1)", 8.0),
        ("(1 + 1)(2 + 1)", 6.0),
        ("2 (3)^2", 18.0),
        ("3² + 2³", 17.0),
        ("2⁻¹", 0.5),
        ("2^3²", 512.0),
        ("if(1 < 2 and not 3 <= 2, 1, 0)", 1.0),
        ("if(1 > 2 or 2 == 2 and 1 != 2, 1, 0)", 1.0),
        ("if(not 1 < 2 or 1 ≥ 2, 1, 0)", 0.0),
        ("if(1 + 1 == 2, 5, 6) * 2", 10.0),
        ("1e-3 * 1_000", 1.0),
        (".5 + 1.5", 2.0),
        ("2 · 3 × 4 − 1", 23.0),
        ("6 ÷ 4", 1.5),
    ] {
        constant(source, expected);
    }
}

#[test]
fn implicit_multiplication_is_a_factor() {
    let at: &[(&str, &[f64])] = &[("x", &[3.0]), ("y", &[5.0])];
    for (source, expected) in [
        ("2x + 0y", 6.0),
        ("2x^2 + 0y", 18.0),
        ("3(x + 1)y", 60.0),
        ("x²y", 45.0),
        ("1/2 * x * y", 7.5),
        ("x*2y", 30.0),
        ("(x)(y)", 15.0),
        ("y - 2x", -1.0),
    ] {
        check(source, at, expected);
    }
    check("2 pi", &[], 2.0 * std::f64::consts::PI);
    check("2e", &[], 2.0 * std::f64::consts::E);
    check("2e-1", &[], 0.2);
}

#[test]
fn every_function_has_its_value() {
    let x = 0.375f64;
    let table: &[(&str, f64)] = &[
        ("exp(x)", x.exp()),
        ("exp2(x)", x.exp2()),
        ("expm1(x)", x.exp_m1()),
        ("exp_m1(x)", x.exp_m1()),
        ("ln(x)", x.ln()),
        ("log(x)", x.ln()),
        ("log(x, 3)", x.ln() / 3f64.ln()),
        ("log1p(x)", x.ln_1p()),
        ("log2(x)", x.log2()),
        ("log10(x)", x.log10()),
        ("sqrt(x)", x.sqrt()),
        ("cbrt(x)", x.cbrt()),
        ("sin(x)", x.sin()),
        ("cos(x)", x.cos()),
        ("tan(x)", x.tan()),
        ("asin(x) + arcsin(x)", 2.0 * x.asin()),
        ("acos(x)", x.acos()),
        ("atan(x)", x.atan()),
        ("sinh(x)", x.sinh()),
        ("cosh(x)", x.cosh()),
        ("tanh(x)", x.tanh()),
        ("asinh(x) + arsinh(x)", 2.0 * x.asinh()),
        ("acosh(x + 1)", (x + 1.0).acosh()),
        ("atanh(x)", x.atanh()),
        ("abs(-x)", x),
        ("sign(-x) + sgn(x)", 0.0),
        ("floor(x) + ceil(x) + round(x) + trunc(x)", 1.0),
        ("pow(x, 2.5)", x.powf(2.5)),
        ("atan2(x, 2)", x.atan2(2.0)),
        ("hypot(x, 1)", x.hypot(1.0)),
        ("min(x, 1, 0.25)", 0.25),
        ("max(x, 1, 0.25)", 1.0),
        ("sigmoid(x) - logistic(x)", 0.0),
        ("softplus(x)", x.exp().ln_1p()),
        ("log_sigmoid(x)", -(-x).exp().ln_1p()),
        ("relu(x) + relu(-x)", x),
        // erf(3/8), DLMF 7.2.1, by its Maclaurin series.
        ("erf(x) + erfc(x)", 1.0),
        ("logsumexp(x, 1, -2)", (x.exp() + 1f64.exp() + (-2f64).exp()).ln()),
        ("x^x", x.powf(x)),
    ];
    for (source, expected) in table {
        check(source, &[("x", &[x])], *expected);
    }
}

#[test]
fn the_language_of_the_manual() {
    let source = "
        # Logistic regression
        param w[d], b
        data  x[n, d], t[n]

        a[i] = b + sum(j, w[j] * x[i, j])
        E = sum(i, softplus(a[i]) - t[i] * a[i]) + 1e-3/2 * sum(j, w[j]^2)
    ";
    let (w, b) = ([0.5, -1.0], 0.25);
    let x = [1.0, 2.0, -0.5, 0.25, 3.0, 1.5];
    let t = [1.0, 0.0, 1.0];
    let mut expected = 1e-3 / 2.0 * (0.25 + 1.0);
    for i in 0..3 {
        let a: f64 = b + w[0] * x[2 * i] + w[1] * x[2 * i + 1];
        expected += a.exp().ln_1p() - t[i] * a;
    }
    check(source, &[("w", &w), ("b", &[b]), ("x", &x), ("t", &t)], expected);
    let model = model(source);
    let names: Vec<_> = model.graph.arrays().map(|(_, a)| a.name.clone()).collect();
    assert_eq!(names, ["w", "b", "x", "t"], "order of declaration");
}

#[test]
fn reductions_infer_and_state_their_ranges() {
    let x: &[f64] = &[1.0, 4.0, 2.0];
    let at: &[(&str, &[f64])] = &[("x", x)];
    for (source, expected) in [
        ("data x[n]; sum(i, x[i])", 7.0),
        ("data x[n]; sum(i in 0..n, x[i])", 7.0),
        ("data x[n]; sum(i in 0..n-1, x[i] * x[i+1])", 12.0),
        ("data x[n]; sum(i, x[i] * x[i+1])", 12.0),
        ("data x[n]; sum(i, (x[i] - x[i-1])^2)", 13.0),
        ("data x[n]; sum(i, x[i+1] - x[i-1])", 1.0),
        ("data x[n]; sum(i, i * x[i])", 8.0),
        ("data x[n]; sum(i, j, x[i] * x[j])", 49.0),
        ("data x[n]; sum(i, j in 0..i, x[i] * x[j])", 14.0),
        ("data x[n]; sum(i, sum(j in i+1..n, x[i] * x[j]))", 14.0),
        ("data x[n]; sum(i, x[n-1-i] * (i + 1) * x[i])", 2.0 + 32.0 + 6.0),
        ("data x[n]; prod(i, x[i])", 8.0),
        ("data x[n]; max(i, x[i])", 4.0),
        ("data x[n]; min(i, x[i])", 1.0),
        ("data x[n]; max(i in 1..3, -x[i])", -2.0),
        ("data x[n]; mean(i, x[i])", 7.0 / 3.0),
        ("data x[n]; mean(i in 0..2, x[i])", 2.5),
        ("data x[n]; sum(i, x[i]) / n", 7.0 / 3.0),
        ("data x[n]; norm(x)", 21f64.sqrt()),
        ("data x[n]; norm(i, x[i])", 21f64.sqrt()),
        ("data x[n]; dot(x, x)", 21.0),
        ("data x[n]; dot(x, 2x + 1)", 49.0),
        ("data x[n]; sum((x - 1)^2)", 10.0),
        ("data x[n]; mean(x)", 7.0 / 3.0),
        ("data x[n]; max(x)", 4.0),
        ("data x[n]; y[i] = 2x[i]; dot(x, y) + norm(y)^2 + sum(y)", 42.0 + 84.0 + 14.0),
        ("data x[n]; logsumexp(i, x[i])", (1f64.exp() + 4f64.exp() + 2f64.exp()).ln()),
        ("data x[n]; y[i] = x[i] + x[i+1]; sum(i, y[i])", 11.0),
        ("data x[n]; f(k) = x[k]^2; sum(i, f(i)) + f(0)", 22.0),
        ("data x[n]; y = x[0]; z[k] = x[k] * y; sum(i, z[i])", 7.0),
        ("data x[n]; sum(i in 0..0, x[i]) + 3", 3.0),
        ("data x[3]; sum(i, if(i > 0, x[i], 0))", 6.0),
        ("data x[3]; max(x[0], x[1])", 4.0),
    ] {
        check(source, at, expected);
    }
}

#[test]
fn lookups_are_data_used_as_subscripts() {
    let source = "param p[d]; data c[n], z[n]; sum(k, (p[c[k]] - z[k])^2)";
    check(source, &[("p", &[1.0, 2.0]), ("c", &[1.0, 0.0, 1.0]), ("z", &[1.0, 1.0, 4.0])], 1.0 + 0.0 + 4.0);
    let roles: Vec<_> = model(source).graph.arrays().map(|(_, a)| a.role).collect();
    assert_eq!(roles, [Role::Parameter, Role::Lookup, Role::Data]);
}

#[test]
fn definitions_are_found_in_any_order() {
    let source = "E = f(a) + g(2)\nf(x) = x^2 + c\nc = a + 1\ng(x) = f(x) * x";
    check(source, &[("a", &[3.0])], (9.0 + 4.0) + (4.0 + 4.0) * 2.0);
}

#[test]
fn lines_go_on_after_operators_and_inside_brackets() {
    check("E = 1 +\n 2 *\n 3\n", &[], 7.0);
    check("E = max(\n 1,\n 2 # two\n)\n", &[], 2.0);
    check("E =\n 5", &[], 5.0);
}

#[test]
fn undeclared_names_are_parameters_in_order_of_appearance() {
    let arrays = |source: &str| -> Vec<(String, Role, Vec<Extent>)> {
        model(source).graph.arrays().map(|(_, a)| (a.name.clone(), a.role, a.shape.clone())).collect()
    };
    let names = |source: &str| arrays(source).into_iter().map(|a| a.0).collect::<Vec<_>>();
    assert_eq!(names("E = b * u + a\nu = c + a\nunused = q"), ["b", "a", "c"]);
    assert_eq!(names("u = c + a\nE = b * u + a"), ["c", "a", "b"]);
    assert_eq!(names("param z; y + z + λ*w₁"), ["z", "y", "λ", "w₁"]);
    let fixed = |sizes: &[usize]| sizes.iter().map(|&s| Extent::Fixed(s)).collect::<Vec<_>>();
    assert_eq!(arrays("w[0]^2 + w[2]"), [("w".to_owned(), Role::Parameter, fixed(&[3]))]);
    assert_eq!(arrays("u[0, 1] + u[2, 0]"), [("u".to_owned(), Role::Parameter, fixed(&[3, 2]))]);
    assert_eq!(arrays("sum(i in 0..4, u[i+1]^2)"), [("u".to_owned(), Role::Parameter, fixed(&[5]))]);
    let inferred = arrays("data x[n, 3]; sum(i, sum(j, w[j] * x[i, j])) + sum(k, w[k]^2)");
    assert_eq!(inferred[1], ("w".to_owned(), Role::Parameter, fixed(&[3])));
    let shared = model("data x[n]; sum(i, u[i] * x[i]) + sum(i, u[i]^2)");
    let shapes: Vec<_> = shared.graph.arrays().map(|(_, a)| a.shape.clone()).collect();
    assert_eq!(shapes[0], shapes[1]);
}

#[test]
fn columns_of_the_data_set_are_data() {
    let n = || Size::Named("rows".into());
    let columns = Columns::none().with("y", &[n()]).with("x", &[n()]).with("m", &[n(), Size::Fixed(2)]);
    let plain = model_with("sum(i, (y[i] - a * exp(-b * x[i]))^2)", &columns);
    let declared = model_with("data y[n]\nsum(i, (y[i] - a * exp(-b * x[i]))^2)", &columns);
    for model in [&plain, &declared] {
        let mut arrays: Vec<_> = model.graph.arrays().map(|(_, a)| (a.name.as_str(), a.role)).collect();
        arrays.sort_by_key(|a| a.0);
        assert_eq!(
            arrays,
            [("a", Role::Parameter), ("b", Role::Parameter), ("x", Role::Data), ("y", Role::Data)]
        );
    }
    assert_eq!(declared.graph.dimensions(), ["n"], "a declaration names the rows of the other columns too");
    let rows = model_with("param w[2]; sum((y - x)^2) + sum(i, dot(w, m[i]))", &columns);
    let shapes: Vec<_> = rows.graph.arrays().map(|(_, a)| (a.name.as_str(), a.shape.len())).collect();
    assert_eq!(shapes, [("w", 1), ("y", 1), ("x", 1), ("m", 2)]);
}

#[test]
fn pi_and_e_are_constants_unless_they_mean_something_else() {
    assert_eq!(model("e + pi").graph.arrays().count(), 0);
    assert_eq!(model("param e; e + pi").graph.arrays().count(), 1);
    check("pi = 3; pi", &[], 3.0);
}

#[test]
fn chains_are_single_nodes_and_groups_stay() {
    let a = model("a + b - c + d");
    let b = model("a + (b - c) + d");
    assert_eq!(common::dump(&a).lines().last(), Some("E = (+ 1 a, 1 b, -1 c, 1 d)"));
    assert_ne!(common::dump(&a), common::dump(&b));
    let named = model("s = b - c; a + s + d");
    let (group, named) = (common::dump(&b), common::dump(&named));
    assert_eq!(group.matches("(+").count(), named.matches("(+").count(), "{named}");
}

#[test]
fn columns_that_are_missing_are_named() {
    let columns = |names: &[&str]| {
        names.iter().fold(Columns::none(), |columns, name| columns.with(name, &[Size::Named("n".into())]))
    };
    let said = |source: &str, names: &[&str]| {
        let complaint = parse(source, &columns(names)).unwrap_err().remove(0);
        (complaint.code, complaint.message, complaint.help.unwrap())
    };
    let (code, message, help) = said("sum(i, (Y[i] - a*x[i])^2)", &["x", "y"]);
    assert_eq!((code, &*message), ("E0222", "the data has no column `Y`"));
    assert_eq!(help, "write `y`, or declare `param Y[n]`");
    let (code, ..) = said("sum(i, (heigth[i] - a*x[i])^2)", &["x", "height"]);
    assert_eq!(code, "E0222");
    let (code, message, _) = said("y = a*x + b", &["x", "y"]);
    assert_eq!((code, &*message), ("E0221", "`y` is a column of the data, and there is no error function"));
    // A parameter of every row that is like no column, and one of every column of a matrix, are what they are.
    let rows = columns(&["x", "y"]);
    assert!(parse("sum(i, (y[i] - shift[i] - x[i])^2)", &rows).is_ok());
    let matrix = columns(&["y"]).with("X", &[Size::Named("n".into()), Size::Fixed(3)]);
    assert!(parse("sum(i, (y[i] - sum(j, x[j]*X[i, j]))^2)", &matrix).is_ok());
}

#[test]
fn quotients_of_indices_are_rounded_as_they_are() {
    let model = common::model("sum(i in 0..200, trunc(i/49) + 2*floor(i/7)) + a");
    let expected: i64 = (0..200).map(|i| i / 49 + 2 * (i / 7)).sum();
    assert_eq!(common::evaluate(&model, &[("a", &[0.0])], &[]), expected as f64);
}
