//! Programs on hyper-dual numbers: E with two slopes and a curvature, without a derivative of the engine.

use hesse_runtime::dual::Dual;
use hesse_runtime::interval::Interval;

use super::scalar::Scalar;
use crate::functions::Function;
use crate::graph::{Comparison, Number};

impl Scalar for Dual {
    const ZERO: Dual = Dual::ZERO;
    const UNKNOWN: Dual = Dual::constant(f64::NAN);

    fn float(value: f64) -> Dual {
        Dual::constant(value)
    }

    fn number(number: Number) -> Dual {
        Dual::constant(number.to_f64())
    }

    fn constant(enclosure: Interval) -> Dual {
        Dual::constant(enclosure.midpoint())
    }

    fn sqrt(self) -> Dual {
        self.sqrt()
    }

    fn powi(self, exponent: i32) -> Dual {
        self.pow(Dual::constant(f64::from(exponent)))
    }

    fn max(self, other: Dual) -> Dual {
        self.max(other)
    }

    fn mul_add(a: Dual, b: Dual, c: Dual, _is_fused: bool) -> Dual {
        a * b + c
    }

    fn call(function: Function, args: &[Dual]) -> Dual {
        function.dual(args)
    }

    fn lane_value(function: Function, args: &[Dual], _is_fused: bool) -> Dual {
        function.dual(args)
    }

    fn total(lanes: &[Dual]) -> Dual {
        lanes.iter().fold(Dual::ZERO, |sum, &lane| sum + lane)
    }

    fn compare(comparison: Comparison, a: Dual, b: Dual) -> Dual {
        truth(comparison.holds(a.value, b.value))
    }

    fn and(self, other: Dual) -> Dual {
        truth(self.value != 0.0 && other.value != 0.0)
    }

    fn or(self, other: Dual) -> Dual {
        truth(self.value != 0.0 || other.value != 0.0)
    }

    fn not(self) -> Dual {
        truth(self.value == 0.0)
    }

    fn select(condition: Dual, first: Dual, second: Dual) -> Dual {
        if condition.value != 0.0 { first } else { second }
    }
}

fn truth(holds: bool) -> Dual {
    Dual::constant(f64::from(u8::from(holds)))
}
