//! Stationary points with proof: forty classic surfaces against another system, and what cannot be decided.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]

use std::ops::ControlFlow;

use hesse_parser::formula::{Columns, parse};
use hesse_runtime::certify::{Reason, Settings, StationaryPoints, stationary_points};
use hesse_runtime::interval::Interval;
use hesse_symbolic::evaluate::{Bindings, Surface};
use hesse_testkit::surfaces::classic;

fn surface(formula: &str) -> Surface {
    let model = parse(formula, &Columns::none()).unwrap_or_else(|d| panic!("{formula}: {:?}", d[0]));
    Surface::new(&model.graph, model.error, &Bindings::new()).unwrap()
}

fn found(formula: &str, sides: &[(&str, f64, f64)], settings: &Settings) -> StationaryPoints {
    let surface = surface(formula);
    let side = |name: &String| sides.iter().find(|side| side.0 == name).unwrap();
    let domain: Vec<Interval> =
        surface.parameter_names().iter().map(side).map(|&(_, lo, hi)| Interval::new(lo, hi)).collect();
    stationary_points(&surface, &domain, settings, |_| ControlFlow::Continue(())).unwrap()
}

#[test]
fn forty_classic_surfaces_have_the_points_that_another_system_finds() {
    let classic = classic();
    assert_eq!(classic.len(), 40);
    for known in classic {
        let found = found(known.formula, &known.sides, &Settings::default());
        assert!(found.undecided.is_empty(), "{}: {:?}", known.name, found.undecided);
        assert_eq!(found.points.len(), known.points.len(), "{}", known.name);
        // Coordinates come in the order of the formula.
        let model = surface(known.formula);
        let order: Vec<usize> = model
            .parameter_names()
            .iter()
            .map(|name| known.sides.iter().position(|side| side.0 == name).unwrap())
            .collect();
        for point in &known.points {
            // Twenty digits become the nearest `f64`, which may lie beside an enclosure of a few units.
            let is_here = |enclosure: &[Interval]| {
                enclosure.iter().zip(&order).all(|(side, &at)| {
                    Interval::around(point.at[at], 1).intersection(*side).lo() < f64::INFINITY
                })
            };
            let own: Vec<_> = found.points.iter().filter(|p| is_here(&p.enclosure)).collect();
            assert_eq!(own.len(), 1, "{} at {:?}", known.name, point.at);
            assert_eq!(own[0].index, point.index, "{} at {:?}", known.name, point.at);
            // Near zero the reference leaves what its 50 digits leave.
            let slack = 1e-80 + 4.0 * f64::EPSILON * point.value.abs();
            let value = own[0].value;
            assert!(value.lo() - slack <= point.value && point.value <= value.hi() + slack, "{}", known.name);
        }
        let least = known.points.iter().map(|point| point.value).fold(f64::INFINITY, f64::min);
        let minimum = &found.global_minimum;
        assert!(minimum.value.width() <= 1e-10, "{}: {:?}", known.name, minimum.value);
        assert!(minimum.value.lo() <= least, "{}", known.name);
        if minimum.value.hi() < least - 1e-10 {
            let mut sides = minimum.at.iter().zip(&order).map(|(&w, &at)| (w, known.sides[at]));
            assert!(sides.any(|(w, (_, lo, hi))| w == lo || w == hi), "{}: lower inside", known.name);
        }
    }
}

#[test]
fn a_minimum_on_the_border_is_one_of_the_box() {
    let settings = Settings::default();
    let found = found("cos(x)*sin(y) - x/(y^2 + 1)", &[("x", -1.0, 2.0), ("y", -1.0, 1.0)], &settings);
    // Published for this function and box: −2.02181 at (2, 0.10578).
    assert!((found.global_minimum.value.midpoint() + 2.02181).abs() < 5e-6);
    assert_eq!(found.global_minimum.at[0], 2.0);
    assert!((found.global_minimum.at[1] - 0.10578).abs() < 5e-6);
}

/// Where zeros of derivatives of special functions are, in tables (DLMF 5.4.20, 10.21(xiv)).
#[test]
fn special_functions_have_their_stationary_points() {
    let wells = [("x", -1.0, 9.0), ("y", -1.0, 1.0)];
    for (formula, sides, points) in [
        ("gamma(x)", &[("x", 0.5, 3.0)][..], &[(1.461_632_144_968_362_3, 0)][..]),
        ("ln_gamma(x) - digamma(5)*x", &[("x", 0.5, 30.0)], &[(5.0, 0)]),
        ("(lambert_w(x) - 1)^2", &[("x", 1.0, 4.0)], &[(std::f64::consts::E, 0)]),
        ("bessel_j0(x) + y^2", &wells, &[(0.0, 1), (3.831_705_970_207_512_3, 0), (7.015_586_669_815_619, 1)]),
        ("sinc(x) + y^2", &wells, &[(0.0, 1), (4.493_409_457_909_064, 0), (7.725_251_836_937_707, 1)]),
    ] {
        let found = found(formula, sides, &Settings::default());
        assert!(found.undecided.is_empty(), "{formula}: {:?}", found.undecided);
        assert_eq!(found.points.len(), points.len(), "{formula}");
        for &(at, index) in points {
            let is_here = |side: Interval| Interval::around(at, 2).intersection(side).lo() < f64::INFINITY;
            let own: Vec<_> = found.points.iter().filter(|point| is_here(point.enclosure[0])).collect();
            assert_eq!(own.len(), 1, "{formula} at {at}");
            assert_eq!(own[0].index, index, "{formula} at {at}");
        }
    }
}

#[test]
fn what_is_undecided_is_listed_with_its_reason() {
    let sides = [("x", -2.0, 2.1), ("y", -2.0, 2.1)];
    let coarse = Settings { resolution: 1e-2, ..Settings::default() };
    let covers = |found: &StationaryPoints, w: [f64; 2]| {
        found.undecided.iter().any(|open| open.region.iter().zip(w).all(|(side, w)| side.contains(w)))
    };
    // A kink is no stationary point, and may be the minimum.
    let kink = found("abs(x) + y^2", &sides, &coarse);
    assert!(kink.points.is_empty() && covers(&kink, [0.0, 0.0]));
    assert!(kink.undecided.iter().all(|open| open.reason == Reason::Kink));
    assert!(kink.global_minimum.value.contains(0.0) && kink.global_minimum.value.width() < 1e-10);
    // A circle of minima around a maximum.
    let ring = found("(x^2 + y^2 - 1)^2", &sides, &coarse);
    assert_eq!(ring.points.iter().map(|point| point.index).collect::<Vec<_>>(), [2]);
    for turn in 0..360 {
        let (y, x) = f64::from(turn).to_radians().sin_cos();
        assert!(covers(&ring, [x, y]), "at {turn} degrees");
    }
    // A degenerate saddle.
    let monkey = found("x^3 - 3*x*y^2", &sides, &Settings::default());
    assert!(monkey.points.is_empty() && covers(&monkey, [0.0, 0.0]));
    let is_small = |side: &Interval| side.magnitude() < 1e-5;
    assert!(monkey.undecided.iter().all(|open| open.region.iter().all(is_small)), "{:?}", monkey.undecided);
    assert!(monkey.undecided.iter().all(|open| open.reason == Reason::Degenerate));
    // On the border, at a number that is no `f64`.
    let half = found("(x - 0.1)^2 + y^2", &[("x", 0.1, 1.0), ("y", -1.0, 1.0)], &Settings::default());
    assert!(half.points.is_empty() && covers(&half, [0.1, 0.0]));
    assert_eq!(half.undecided[0].reason, Reason::Border);
    // With no time left.
    let none = found("x^4*y^3 + sin(9*x*y)", &sides, &Settings { max_boxes: 1, ..Settings::default() });
    assert!(none.undecided.iter().all(|open| open.reason == Reason::Budget) && covers(&none, [0.5, 0.5]));
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let sides = [("x", -3.0, 3.0), ("y", -2.0, 2.0)];
        let formula = "(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (4*y^2 - 4)*y^2";
        pool.install(|| found(formula, &sides, &Settings::default()))
    };
    assert_eq!(run(1), run(3));
}
