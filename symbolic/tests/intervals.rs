//! Every function on intervals: values of the numeric core at points of a box lie in the enclosure over the box.

use hesse_runtime::interval::{Decoration, Interval};
use hesse_symbolic::functions::Function;

/// A fixed sequence of numbers between −1 and 1.
struct Sequence(u64);

impl Sequence {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    fn side(&mut self) -> Interval {
        let scale = [1e-6, 0.1, 1.0, 4.0, 30.0][(self.next().abs() * 4.99) as usize];
        let (a, b) = (scale * self.next(), scale * self.next());
        Interval::new(a.min(b), a.max(b))
    }
}

#[test]
fn enclosures_have_the_values_of_every_function() {
    let mut sequence = Sequence(1);
    for &function in Function::ALL {
        for _ in 0..2_000 {
            let sides: Vec<Interval> = (0..function.arity()).map(|_| sequence.side()).collect();
            let enclosure = function.enclose(&sides);
            for _ in 0..8 {
                let at: Vec<f64> = sides
                    .iter()
                    .map(|side| {
                        let share = 0.5 + 0.5 * sequence.next();
                        (side.lo() + share * (side.hi() - side.lo())).clamp(side.lo(), side.hi())
                    })
                    .collect();
                let value = function.value(&at);
                if value.is_nan() {
                    assert_eq!(enclosure.decoration(), Decoration::Partial, "{} at {at:?}", function.name());
                } else {
                    // The platform's functions are within a few units of the exact value.
                    let near = Interval::around(value, 8);
                    let meets = near.lo() <= enclosure.hi() && enclosure.lo() <= near.hi();
                    assert!(meets, "{} at {at:?}: {value} is not in {enclosure:?}", function.name());
                }
            }
        }
    }
}

#[test]
fn enclosures_of_points_are_narrow() {
    let mut sequence = Sequence(7);
    for &function in Function::ALL {
        for _ in 0..500 {
            let at: Vec<f64> = (0..function.arity()).map(|_| 3.0 * sequence.next()).collect();
            let points: Vec<Interval> = at.iter().map(|&x| Interval::point(x)).collect();
            let (value, enclosure) = (function.value(&at), function.enclose(&points));
            if value.is_finite() && enclosure.is_bounded() {
                // These are sums whose parts may cancel; those of series and recurrences have larger parts.
                use Function::*;
                let size = match function {
                    LogAddExp | NormalExcess => value.abs().max(3.0),
                    LnGamma | LnBeta | BesselJ | DigammaRise | TrigammaFall => value.abs().max(20.0),
                    Gamma | Polygamma | SphericalBessel => 8.0 * value.abs(),
                    _ => value.abs(),
                };
                let width = 64.0 * f64::EPSILON * size + f64::MIN_POSITIVE;
                assert!(enclosure.width() <= width, "{} at {at:?}: {enclosure:?}", function.name());
            }
        }
    }
}

#[test]
fn jumps_and_kinks_are_told_apart() {
    let across = [Interval::new(-1.0, 1.0)];
    assert_eq!(Function::Abs.enclose(&across).decoration(), Decoration::Continuous);
    assert_eq!(Function::Sign.enclose(&across).decoration(), Decoration::Defined);
    assert_eq!(Function::Ln.enclose(&across).decoration(), Decoration::Partial);
    assert_eq!(Function::Floor.enclose(&[Interval::new(0.2, 0.8)]).decoration(), Decoration::Continuous);
}
