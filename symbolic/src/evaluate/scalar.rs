//! What a program runs on: numbers, or intervals that enclose them.

use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

use hesse_runtime::interval::{Interval, Truth};
use hesse_runtime::lanes::{self, Fused, Machine, Plain};

use crate::functions::Function;
use crate::graph::{Comparison, Number};

/// A kind of number with the functions of the table.
pub(super) trait Scalar:
    Copy
    + Debug
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    const ZERO: Self;
    /// What stands in the place of an element that does not exist.
    const UNKNOWN: Self;

    fn float(value: f64) -> Self;
    fn number(number: Number) -> Self;
    fn constant(enclosure: Interval) -> Self;
    fn sqrt(self) -> Self;
    fn powi(self, exponent: i32) -> Self;
    fn max(self, other: Self) -> Self;
    /// `a · b + c`, on a processor that fuses them or not.
    fn mul_add(a: Self, b: Self, c: Self, is_fused: bool) -> Self;
    fn call(function: Function, args: &[Self]) -> Self;
    /// A function as a loop over lanes has it.
    fn lane_value(function: Function, args: &[Self], is_fused: bool) -> Self;
    /// The sum of all lanes, of which there are two, four or eight, pairwise.
    fn total(lanes: &[Self]) -> Self;
    fn compare(comparison: Comparison, a: Self, b: Self) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn not(self) -> Self;
    fn select(condition: Self, first: Self, second: Self) -> Self;
}

impl Scalar for f64 {
    const ZERO: f64 = 0.0;
    const UNKNOWN: f64 = f64::NAN;

    fn float(value: f64) -> f64 {
        value
    }

    fn number(number: Number) -> f64 {
        number.to_f64()
    }

    fn constant(enclosure: Interval) -> f64 {
        enclosure.midpoint()
    }

    fn sqrt(self) -> f64 {
        hesse_runtime::math::sqrt(self)
    }

    fn powi(self, exponent: i32) -> f64 {
        hesse_runtime::math::powi(self, exponent)
    }

    fn max(self, other: f64) -> f64 {
        hesse_runtime::math::max(self, other)
    }

    fn mul_add(a: f64, b: f64, c: f64, is_fused: bool) -> f64 {
        if is_fused { Fused::mul_add(a, b, c) } else { Plain::mul_add(a, b, c) }
    }

    fn call(function: Function, args: &[f64]) -> f64 {
        function.value(args)
    }

    fn lane_value(function: Function, args: &[f64], is_fused: bool) -> f64 {
        if is_fused { function.lane_value::<Fused>(args) } else { function.lane_value::<Plain>(args) }
    }

    fn total(lanes: &[f64]) -> f64 {
        match *lanes {
            [a, b] => lanes::total(&[a, b]),
            [a, b, c, d] => lanes::total(&[a, b, c, d]),
            _ => lanes.first_chunk::<8>().map_or(0.0, lanes::total),
        }
    }

    fn compare(comparison: Comparison, a: f64, b: f64) -> f64 {
        truth(comparison.holds(a, b))
    }

    fn and(self, other: f64) -> f64 {
        truth(self != 0.0 && other != 0.0)
    }

    fn or(self, other: f64) -> f64 {
        truth(self != 0.0 || other != 0.0)
    }

    fn not(self) -> f64 {
        truth(self == 0.0)
    }

    fn select(condition: f64, first: f64, second: f64) -> f64 {
        if condition != 0.0 { first } else { second }
    }
}

fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

impl Scalar for Interval {
    const ZERO: Interval = Interval::ZERO;
    const UNKNOWN: Interval = Interval::UNKNOWN;

    fn float(value: f64) -> Interval {
        Interval::point(value)
    }

    /// Rationals are enclosed as they are. Other constants are roundings of what was meant, some of them after a few
    /// operations while a derivative was formed: all numbers within [`ROUNDINGS`] units in the last place.
    fn number(number: Number) -> Interval {
        match number {
            Number::Rational(r) => Interval::ratio(*r.numer() as f64, *r.denom() as f64),
            Number::Float(value) => Interval::around(value, ROUNDINGS),
        }
    }

    fn constant(enclosure: Interval) -> Interval {
        enclosure
    }

    fn sqrt(self) -> Interval {
        self.sqrt()
    }

    fn powi(self, exponent: i32) -> Interval {
        self.powi(exponent)
    }

    fn max(self, other: Interval) -> Interval {
        self.max(other)
    }

    fn mul_add(a: Interval, b: Interval, c: Interval, _is_fused: bool) -> Interval {
        a * b + c
    }

    fn call(function: Function, args: &[Interval]) -> Interval {
        function.enclose(args)
    }

    fn lane_value(function: Function, args: &[Interval], _is_fused: bool) -> Interval {
        function.enclose(args)
    }

    fn total(lanes: &[Interval]) -> Interval {
        lanes.iter().fold(Interval::ZERO, |sum, &lane| sum + lane)
    }

    fn compare(comparison: Comparison, a: Interval, b: Interval) -> Interval {
        let truth = match comparison {
            Comparison::Less => a.less(b),
            Comparison::LessEqual => a.less_equal(b),
            Comparison::Equal => a.equal(b),
            Comparison::NotEqual => return Interval::not(a.equal(b).to_interval()),
            Comparison::Greater => b.less(a),
            Comparison::GreaterEqual => b.less_equal(a),
        };
        truth.to_interval()
    }

    fn and(self, other: Interval) -> Interval {
        match (Truth::of(self), Truth::of(other)) {
            (Truth::Always, Truth::Always) => Truth::Always,
            (Truth::Never, _) | (_, Truth::Never) => Truth::Never,
            _ => Truth::Sometimes,
        }
        .to_interval()
    }

    fn or(self, other: Interval) -> Interval {
        Interval::not(Interval::and(Interval::not(self), Interval::not(other)))
    }

    fn not(self) -> Interval {
        match Truth::of(self) {
            Truth::Always => Truth::Never,
            Truth::Never => Truth::Always,
            Truth::Sometimes => Truth::Sometimes,
        }
        .to_interval()
    }

    fn select(condition: Interval, first: Interval, second: Interval) -> Interval {
        Interval::select(Truth::of(condition), first, second)
    }
}

/// How many roundings a constant that is no rational may have behind it.
const ROUNDINGS: u32 = 4;
