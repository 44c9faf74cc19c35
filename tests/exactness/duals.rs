//! Dual numbers, which generated tests trust, held against the same tables: their rules share nothing with the engine's.

use hesse_runtime::dual::Dual;
use hesse_symbolic::functions::Function;
use hesse_testkit::tables::{Point, table};

type One = fn(Dual) -> Dual;
type Two = fn(Dual, Dual) -> Dual;

/// Roundings of formulas that cancel a little, relative to the largest of 1 and the truth; a wrong rule is far beyond.
const TOLERANCE: f64 = 1e-9;

const OF_ONE: &[(&str, One)] = &[
    ("exp", Dual::exp),
    ("exp2", Dual::exp2),
    ("exp_m1", Dual::exp_m1),
    ("ln", Dual::ln),
    ("ln_1p", Dual::ln_1p),
    ("log2", Dual::log2),
    ("log10", Dual::log10),
    ("cbrt", Dual::cbrt),
    ("sqrt", Dual::sqrt),
    ("sin", Dual::sin),
    ("cos", Dual::cos),
    ("tan", Dual::tan),
    ("asin", Dual::asin),
    ("acos", Dual::acos),
    ("atan", Dual::atan),
    ("sinh", Dual::sinh),
    ("cosh", Dual::cosh),
    ("tanh", Dual::tanh),
    ("sech", Dual::sech),
    ("asinh", Dual::asinh),
    ("acosh", Dual::acosh),
    ("atanh", Dual::atanh),
    ("abs", Dual::abs),
    ("sigmoid", Dual::sigmoid),
    ("softplus", Dual::softplus),
    ("relu", Dual::relu),
    ("erf", Dual::erf),
    ("erfc", Dual::erfc),
    ("ln_cosh", Dual::ln_cosh),
    ("normal_pdf", Dual::normal_pdf),
    ("normal_cdf", Dual::normal_cdf),
    ("ln_normal_cdf", Dual::ln_normal_cdf),
    ("gamma", Dual::gamma),
    ("ln_gamma", Dual::ln_gamma),
    ("lambert_w", Dual::lambert_w),
    ("pseudo_huber", Dual::hypot_m1),
    ("digamma", |x| Dual::ZERO.polygamma(x)),
    ("trigamma", |x| Dual::constant(1.0).polygamma(x)),
    ("bessel_j0", |x| Dual::ZERO.bessel_j(x)),
    ("bessel_j1", |x| Dual::constant(1.0).bessel_j(x)),
    ("bessel_j1", |x| -Dual::constant(-1.0).bessel_j(x)),
    ("sinc", |x| Dual::ZERO.spherical_bessel(x)),
];

const OF_TWO: &[(&str, Two)] = &[
    ("pow", Dual::pow),
    ("atan2", Dual::atan2),
    ("hypot", Dual::hypot),
    ("min", Dual::min),
    ("max", Dual::max),
    ("xlogy", Dual::xlogy),
    ("log_add_exp", Dual::log_add_exp),
    ("ln_beta", Dual::ln_beta),
];

#[test]
fn duals_have_the_slopes_and_curvatures_of_the_tables() {
    for (name, function) in OF_ONE {
        let results = |point: &Point| {
            let result = function(seeded(point.at[0], 1.0, 1.0));
            vec![result.value, result.first, result.mixed]
        };
        compare(name, results);
    }
    for (name, function) in OF_TWO {
        let results = |point: &Point| {
            let along = |x: [f64; 2], y: [f64; 2]| {
                function(seeded(point.at[0], x[0], x[1]), seeded(point.at[1], y[0], y[1]))
            };
            let (xx, yy) = (along([1.0, 1.0], [0.0, 0.0]), along([0.0, 0.0], [1.0, 1.0]));
            let xy = along([1.0, 0.0], [0.0, 1.0]);
            vec![xx.value, xx.first, yy.first, xx.mixed, xy.mixed, yy.mixed]
        };
        compare(name, results);
    }
}

/// What has no table is made of what has one.
#[test]
fn inner_functions_agree_with_what_they_are_made_of() {
    let order = Dual::constant;
    for (at, other) in [(0.5, 1.25), (2.5, 0.75), (12.0, 3.5)] {
        let (x, y) = (seeded(at, 1.0, -2.0), seeded(other, 0.5, 1.0));
        close(x.quotient(y), x / y);
        close(x.direction(y), x / (x * x + y * y).sqrt());
        close(x.one_minus_square(), order(1.0) - x * x);
        close(x.sigmoid_slope(), x.sigmoid() * (-x).sigmoid());
        close(x.lambert_ratio(), x.lambert_w() / x);
        close(x.normal_hazard(), x.normal_pdf() / x.normal_cdf());
        close(x.normal_excess(), x + x.normal_pdf() / x.normal_cdf());
        close(x.digamma_rise(y), order(0.0).polygamma(x + y) - order(0.0).polygamma(x));
        close(x.trigamma_fall(y), order(1.0).polygamma(x) - order(1.0).polygamma(x + y));
        // DLMF 10.6.1 and 10.51.1
        let sum = order(2.0).bessel_j(x) + order(4.0).bessel_j(x);
        close(sum, order(6.0) / x * order(3.0).bessel_j(x));
        let sum = order(2.0).spherical_bessel(x) + order(4.0).spherical_bessel(x);
        close(sum, order(7.0) / x * order(3.0).spherical_bessel(x));
    }
    // In the left tail, too, λ is the slope of ln Φ.
    for x in [-3.9, -4.1, -30.0, -1000.0] {
        let (distribution, hazard) =
            (seeded(x, 1.0, 1.0).ln_normal_cdf(), seeded(x, 1.0, 1.0).normal_hazard());
        assert!((distribution.first - hazard.value).abs() < 1e-12 * hazard.value, "{x}");
        assert!((distribution.mixed - hazard.first).abs() < 1e-12, "{x}");
    }
}

#[test]
fn every_function_has_a_row_among_dual_numbers() {
    let missing: Vec<&str> = Function::ALL.iter().map(|f| f.name()).filter(|name| !Dual::has(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn seeded(value: f64, first: f64, second: f64) -> Dual {
    Dual { value, first, second, mixed: 0.0 }
}

/// Holds results against the table, where arguments and truth are ordinary numbers.
fn compare(name: &str, results: impl Fn(&Point) -> Vec<f64>) {
    let mut compared = 0;
    for point in table(name).unwrap() {
        let is_ordinary = point.at.iter().all(|x| (1e-3..=40.0).contains(&x.abs()));
        if !is_ordinary || point.truth.iter().any(|truth| !truth.nearest.is_finite()) {
            continue;
        }
        let found = results(&point);
        compared += 1;
        for (at, (truth, found)) in point.truth.iter().zip(&found).enumerate() {
            let scale = truth.nearest.abs().max(1.0) * truth.condition;
            let off = (found - truth.nearest).abs();
            assert!(
                off <= TOLERANCE * scale || found.is_nan() && is_kink(name, &point.at),
                "{name}, {at}: {found:e} at {:?} is not {:e}",
                point.at,
                truth.nearest
            );
        }
    }
    assert!(compared > 5, "{name} has {compared} points");
}

/// Where the engine picks a branch and dual numbers have no slope.
fn is_kink(name: &str, at: &[f64]) -> bool {
    matches!(name, "min" | "max") && at[0] == at[1]
}

#[track_caller]
fn close(found: Dual, expected: Dual) {
    let pairs = [
        (found.value, expected.value),
        (found.first, expected.first),
        (found.second, expected.second),
        (found.mixed, expected.mixed),
    ];
    for (found, expected) in pairs {
        assert!((found - expected).abs() <= TOLERANCE * expected.abs().max(1.0), "{found:e} {expected:e}");
    }
}

#[test]
fn powers_with_whole_exponents_have_slopes_at_zero() {
    for (exponent, expected) in [(0.0, [1.0, 0.0, 0.0]), (1.0, [0.0, 1.0, 0.0]), (2.0, [0.0, 0.0, 2.0])] {
        let power = Dual { value: 0.0, first: 1.0, second: 1.0, mixed: 0.0 }.pow(Dual::constant(exponent));
        assert_eq!([power.value, power.first, power.mixed], expected, "{exponent}");
    }
}
