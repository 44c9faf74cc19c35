//! Special functions on intervals against values to fifty digits, which `special/points.py` writes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]

use hesse_runtime::interval::{Decoration, Interval};
use hesse_symbolic::functions::Function;

/// A function, its arguments, the nearest `f64` to its value, and on which side of that the value lies.
struct Truth {
    function: Function,
    at: Vec<f64>,
    value: f64,
    side: i32,
}

fn truths() -> Vec<Truth> {
    let line = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let function = *Function::ALL.iter().find(|function| function.name() == words[0]).unwrap();
        let numbers: Vec<f64> = words[1..].iter().map(|word| word.parse().unwrap()).collect();
        let (at, [value, side]) = numbers.split_at(function.arity()) else { panic!("{line}") };
        Truth { function, at: at.to_vec(), value: *value, side: *side as i32 }
    };
    include_str!("special/points.txt").lines().map(line).collect()
}

impl Truth {
    fn is_in(&self, enclosure: Interval) -> bool {
        let (lo, hi) = (enclosure.lo(), enclosure.hi());
        (lo < self.value || (lo == self.value && self.side >= 0))
            && (self.value < hi || (hi == self.value && self.side <= 0))
    }
}

#[test]
fn points_have_their_values() {
    let truths = truths();
    assert!(truths.len() > 2000);
    for truth in truths {
        let point: Vec<Interval> = truth.at.iter().map(|&x| Interval::point(x)).collect();
        let enclosure = truth.function.enclose(&point);
        let name = truth.function.name();
        assert!(truth.is_in(enclosure), "{name} at {:?}: {} is not in {enclosure:?}", truth.at, truth.value);
        assert_eq!(enclosure.decoration(), Decoration::Continuous, "{name} at {:?}", truth.at);
    }
}

#[test]
fn boxes_have_the_values_of_their_points() {
    let truths = truths();
    for (at, truth) in truths.iter().enumerate() {
        // An order stays a point.
        let first = usize::from(
            truth.function.arity() == 2
                && !matches!(truth.function.name(), "ln_beta" | "digamma_rise" | "trigamma_fall"),
        );
        let share = 0.01 + 0.6 * (at % 17) as f64 / 17.0;
        let mut sides: Vec<Interval> = truth.at.iter().map(|&x| Interval::point(x)).collect();
        for side in &mut sides[first..] {
            let x = side.lo();
            *side = Interval::new(x - share * x.abs(), x + 2.0 * share * x.abs());
        }
        let enclosure = truth.function.enclose(&sides);
        let name = truth.function.name();
        assert!(truth.is_in(enclosure), "{name} on {sides:?}: {} is not in {enclosure:?}", truth.value);
    }
}

#[test]
fn what_grows_is_enclosed_by_its_ends() {
    let between = |function: Function, args: &[Interval]| {
        let found = function.enclose(args);
        (found.lo(), found.hi())
    };
    // ln Γ on [1, 3] has its minimum inside, and is 0 and ln 2 at the ends.
    let (lo, hi) = between(Function::LnGamma, &[Interval::new(1.0, 3.0)]);
    assert!((lo + 0.121_486_290_535_849_6).abs() < 1e-15 && (hi - 2.0_f64.ln()).abs() < 1e-13);
    // J₀ from 2 to 2.5 falls through its zero.
    let (lo, hi) = between(Function::BesselJ, &[Interval::ZERO, Interval::new(2.0, 2.5)]);
    assert!(lo < -0.048 && lo > -0.1 && hi > 0.223 && hi < 0.27, "{lo} {hi}");
}
